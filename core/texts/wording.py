"""The words by which a feature of a text is found (`core/texts/features.py`), as patterns that match in linear time.

Phrases are looked for in the folded text, so an apostrophe is always '. A phrase that is only a call when it begins a
sentence ("Sign up …", not "I signed up …") is among the `begun` ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGINS = r"(?:\A|[.!?:;,\n(>*–—-][ \t*_>]{0,4}|\b(?:please|pls|just|now|go|then|so|or|free to|can|should|also)\s{1,3})"


def _written(phrases: Sequence[str]) -> str:
    return "|".join(phrases).replace(" ?", r"\s{0,3}").replace(" ", r"\s{1,3}")


def said(*phrases: str) -> re.Pattern[str]:
    """Returns a pattern that finds the phrases anywhere, as whole words. A space in a phrase matches any white
    space.
    """
    return re.compile(rf"(?<!\w)(?:{_written(phrases)})(?!\w)", re.IGNORECASE)


def begun(*phrases: str) -> re.Pattern[str]:
    """Returns a pattern that finds the phrases where a sentence or a call begins."""
    return re.compile(rf"{_BEGINS}(?P<w>(?:{_written(phrases)}))(?!\w)", re.IGNORECASE)


_OWN = r"(?:my|our)"
_THING = (
    r"(?:app|site|website|web site|page|tool|product|platform|service|shop|store|channel|blog|newsletter|podcast|"
    r"course|book|ebook|e-book|plugin|extension|template|demo|beta|profile|portfolio|link|repo|github|discord|"
    r"community|startup|saas|project|video|article|post|landing page|software)"
)

PROMOTION: Sequence[re.Pattern[str]] = (
    said(
        r"(?:free|\d+[- ]?day) trials?",
        r"limited[- ]time",
        r"(?:special|launch|exclusive|introductory|limited) (?:offers?|pric(?:e|ing)|deals?)",
        r"(?:promo|discount|coupon|voucher|referral|invite) codes?",
        r"coupons?",
        r"\d{1,3} ?% (?:off|discount)",
        r"(?:with|at|get|got|for|offering|offer) (?:a|an|\d+ ?%) (?:\w+ )?discount",
        r"discounted (?:price|rate|plan)s?",
        r"discounts? (?:on|for) (?:my|our|the app|everyone|all|new|redditors|members|early)",
        r"(?:use|with) (?:my |our |the )?code (?=\S*[a-z0-9])[\w-]{3,20}",
        r"(?<!in\x20)early access",
        r"early[- ]bird",
        r"life ?time (?:deal|access|offer|licen[cs]e)",
        rf"join (?:the|{_OWN}) (?:wait ?list|beta|discord|newsletter|mailing list|telegram|community|waiting list)",
        rf"{_OWN} (?:wait ?list|waiting list|newsletter|mailing list|substack|youtube channel|patreon)",
        r"(?:i|we)(?:'ve| have)? (?:just|finally|officially|recently) (?:launched|released|shipped)",
        r"launching (?:today|soon|next week|on product hunt)",
        r"(?:is|we're|we are|it's) (?:now|finally|officially) live",
        r"(?:excited|thrilled|proud|pleased|delighted) to (?:announce|share|introduce|launch|release|present|reveal)",
        r"(?:i'm|i am|we're|we are) (?:so |very |super |really )?(?:excited|thrilled)",
        r"check (?:it|us|me|them) out",
        rf"check out (?:{_OWN}|it|us|what (?:i|we)|how (?:i|we)|(?:the|this) (?:new |free )?{_THING})",
        rf"(?:visit|see|try|download|install|buy|get) {_OWN} (?:\w+ )?{_THING}",
        r"links? (?:is |are )?in (?:my |the |our )?(?:bio|profile|first comment|comments below)",
        r"click (?:here|below|on the link|the link|this link)",
        r"(?:book|schedule) (?:a|your) (?:free )?(?:call|demo|consultation)",
        rf"hire me|{_OWN} (?:services|rates|packages) (?:are|start|include)",
        r"(?:available|live|out) (?:now )?(?:on|in) (?:the )?"
        r"(?:app store|play store|google play|product hunt|kickstarter)",
        r"no credit card(?: required| needed)?",
        r"money[- ]back guarantee",
        r"game[- ]?chang(?:er|ers|ing)",
        r"revolutioni[sz](?:e|es|ed|ing)",
        r"revolutionary(?! (?:war|army|guard|council|france))",
        r"(?:cutting|bleeding)[- ]edge",
        r"(?:best|first)[- ]in[- ]class",
        r"world[- ]class",
        r"state[- ]of[- ]the[- ]art",
        r"must[- ]have (?:app|tool|for)|a must[- ]have",
        r"one[- ]stop (?:shop|solution)",
        r"(?:unlock|unleash) (?:your|the|new|its|\d)\w*",
        r"supercharg(?:e|es|ed|ing)",
        r"skyrocket(?:s|ed|ing)? (?:your|my|our|sales|growth|revenue)?",
        r"seamless(?:ly)?",
        r"effortless(?:ly)?",
        r"10x (?:your|my|our|more|faster|the)|10x",
        r"never been easier",
        r"say goodbye to",
        r"look no further",
        r"don't miss (?:out|this|it)",
        r"take (?:your|it) \w{0,20} ?to the next level",
        r"like us on|follow (?:us|me) (?:on|for|at|here)",
    ),
    begun(
        r"sign(?:ing)?[- ]?up",
        r"subscribe(?! to (?:the|that|this) (?:idea|view|theory|notion))",
        r"introducing",
        r"(?:buy|order|shop|act|enroll|enrol|register|apply) (?:now|today|here)",
        r"get (?:started|yours|it) (?:now|today|for free|free|here)",
        r"try (?:it|us) (?:now|today|for free|free|here|out)",
        r"download (?:it )?(?:now|today|here|for free|free)",
        r"check out(?! (?:of|at|from|time|process))",
        r"follow (?:us|me)",
        r"discounts? (?:on|for)",
        r"grab (?:your|a copy|it|yours)",
    ),
    said(
        r"sign[- ]?up (?:here|now|today|for free|free|at|below|via|with (?:my|our|this)|on (?:my|our|the) \w+|"
        r"for (?:my|our|a free|free|early|the (?:beta|wait ?list|newsletter|free|launch)))",
        r"subscribe (?:here|now|today|below|to (?:my|our))",
    ),
)

_WORK = (
    rf"(?:{_THING[3:-1]}|company|business|game|music|album|song|band|etsy|series|comic|map|mod|server|script|library|"
    r"tumblr|facebook page|youtube|twitter|stream|artwork|designs?|kickstarter|campaign|film|novel|stor(?:y|ies))"
)
_BETWEEN = r"(?:[\w'-]{1,15} ){0,2}?"
OWN_WORK: Sequence[re.Pattern[str]] = (
    said(
        rf"{_OWN} {_BETWEEN}{_WORK}",
        r"(?:i|we)(?:'ve| have)?(?: \w{2,10})? (?:made|built|created|wrote|developed|launched|released|designed|"
        rf"published|recorded|coded|founded|started|run) (?:an?|my|our|this|these|some|the) {_BETWEEN}{_WORK}",
    ),
)

VOTES: Sequence[re.Pattern[str]] = (
    said(
        r"(?:please|pls|plz|kindly|help|can you|could you|would you|don't forget to|remember to|feel free to|"
        r"(?:hit|smash|press|click|use|with) (?:the|an?|that|your)|give (?:it|us|me|this) (?:an?|some|your))"
        r"(?:\W{1,3}\w{1,12}){0,2}?\W{1,3}(?:up|down)[- ]?vot(?:e|es|ing)",
        r"(?:an?|some|your|any|every|few|each) up[- ]?votes?[^.!?\n]{0,30}"
        r"(?:would|appreciated|help|helps|welcome|nice)",
        r"up[- ]?votes? (?:would be|are|is) (?:much |very |really )?(?:appreciated|welcome|nice|great|helpful)",
        r"up[- ]?votes? (?:really )?(?:help|mean|count for) (?:us|me|a lot)",
        r"up[- ]?vote (?:if|this|it|me|us|my|our)",
        r"(?:leave|drop|give|send|throw|spare|get|want|need)(?: (?:me|us|it|this|a|an|some|more|your|the|few)){0,3}"
        r" (?:up[- ]?votes?|karma)",
        r"(?:leave|drop|give)(?: (?:me|us|a|your|it|this)){1,2} votes?|cast (?:your|a) votes?",
        r"vote (?:for|on|up) (?:us|me|my|our|this|it)",
        r"karma (?:farming|pls|please)",
        r"(?:everyone|everybody|anyone|whoever|those|all|people|if you) (?:who )?up[- ]?votes?(?! (?:and )?down)|"
        r"(?:leave|keep) (?:the|your|an?) (?:up[- ]?)?vote on",
    ),
    begun(r"up[- ]?vote(?!s|d)"),
)

DIRECT_MESSAGES: Sequence[re.Pattern[str]] = (
    said(
        r"(?:my |our )?(?:dm|pm|inbox)'?s? (?:is|are) (?:always )?open",
        r"(?:send|drop|shoot|give) (?:me|us) (?:a|an|your) (?:dm|pm|message|email|e-mail|line|text|private message)",
        r"(?:write|reach out|talk|speak) to (?:me|us) (?:in private|privately|directly|in (?:dm|pm|chat)s?)",
        r"(?:contact|message|text|reach|write|add|ping) (?:me|us) (?:on|via|through|at|by) "
        r"(?:telegram|whatsapp|signal|discord|linkedin|instagram|twitter|email|e-mail|dm|pm)",
        r"slide into (?:my|our) dms?|hit (?:me|us) up",
        r"(?:happy|glad|willing) to (?:dm|pm|send you|chat in dms?)",
        r"i(?:'ll| will| can)(?: then)? (?:dm|pm) (?:you|it|the)|i(?:'ll| will) send you (?:a|the) (?:link|dm|pm)",
        r"(?:comment|reply|type) [\w\"']{1,20} and i(?:'ll| will)",
        r"(?:dm|pm|message|inbox) (?:me|us) (?:for|if|to|and|with|about|here|your|on|at|privately|directly|when)",
        r"(?:ping|hit|catch|ask|mail|text|contact|message|write|tell|find) me (?:privately|in private|"
        r"behind the scenes)",
        r"via (?:dm|pm)s?|in (?:my|the) dms?",
        # somebody is asked to write
        r"(?:can|could|would|will|may|should|might|please|anyone|anybody|somebody|someone|whoever|those|you)"
        r"(?: [\w'-]{1,15}){0,7}? (?:dm|pm|message|inbox|write|text) (?:me|us)(?! (?:a|an) (?:review|recipe|poem|song))"
        r"(?=\W|$| (?:and|so|if|with|for|about|directly|privately|the|your|please|here|over|at|on|or|when|first|"
        r"because))",
        r"(?:my|our) (?:dm|pm|inbox|chat|messages)(?:'?s)? (?:is|are|stays?|stands?) (?:\w+ )?open",
        r"(?:we|let's|let us|we'll|we'd|can|could|better|please|rather)(?: [\w']{1,12}){0,2} (?:sort|settle|discuss|"
        r"talk|"
        r"do|continue|take|arrange|work)(?: (?:it|this|that|things|everything|the rest))?"
        r"(?: \w+){0,2} (?:in|by|over|via|to|through) (?:a )?(?:private )?(?:chat|dms?|pms?|e-?mail|private|discord|"
        r"telegram|whatsapp|messages?|zoom)",
        r"(?:happy|glad) to (?:send|mail|share|pass|forward|hop|jump|talk|chat)(?: [\w'-]{1,12}){0,5} "
        r"(?:by|via|in|over|on|through) "
        r"(?:an? )?(?:dms?|pms?|message|chat|private|e-?mail|calls?|zoom|discord|telegram)",
        r"(?:join|find|meet|ping|add) (?:me|us) (?:on|over on|in|at) (?:our |my |the )?(?:discord|telegram|whatsapp|"
        r"slack|signal|zoom)",
    ),
    begun(r"(?:dm|pm|message|inbox) (?:me|us)", r"ask me in (?:dm|pm)s?"),
)

# What a rule about begging means, beside votes, which Reddit itself forbids to ask for.
PRAISE: Sequence[re.Pattern[str]] = (
    begun(r"follow (?:me|us|my|our|along)", r"(?:like|share) (?:and|if|this post|it if)"),
    said(
        r"(?:leave|give|drop|write|post|want|need|love|appreciate|spare)(?: (?:me|us|it|a|an|some|your|the|few|five|"
        r"5|good|"
        r"nice|quick|honest))* (?:stars?|ratings?|reviews?|follows?|likes?|awards?)(?! (?:of|about|for (?:a|the)))|"
        r"(?:a|an|your|every) (?:follow|star|like|rating|review)(?: \w+){0,2} (?:would|helps?|means|counts|makes)|"
        r"(?:star|rate|review) (?:us|me|it|the (?:app|repo|project|game)) (?:on|at|in|if)",
    ),
)

SURVEY: Sequence[re.Pattern[str]] = (
    said(
        r"(?:take|fill(?: in| out)?|complete|answer|do|join)(?: (?:in|out))? (?:my|our|this|the|a)(?: [\w-]{1,15}){0,3}"
        r" (?:survey|questionnaire|poll|form)",
        r"(?:take part|participate|vote) in (?:my|our|this|the)(?: [\w-]{1,15}){0,2} (?:survey|questionnaire|poll)",
        r"(?:survey|questionnaire|poll|form) (?:takes|link|here|below|only takes|is anonymous|in the comments)",
        r"(?:short|quick|brief|anonymous|\d+[- ](?:minute|min|question))(?: [\w-]{1,15})?"
        r" (?:survey|questionnaire|poll)",
        rf"{_OWN}(?: [\w-]{{1,15}})? (?:survey|questionnaire)",
        r"(?:looking for|need|seeking|recruiting)(?: [\w-]{1,15}){0,2}"
        r" (?:respondents|participants|interviewees|testers)",
        r"for (?:my|a) (?:thesis|dissertation|research (?:project|paper)|school project)",
        # a count of hands in the comments
        r"one (?:comment|vote|answer|letter|word) (?:per|each|a) (?:person|head|user|member)|(?:announce|reveal|"
        r"publish|"
        r"post|tell you) (?:which (?:one |of them )?(?:wins?|won|rules?|is ahead)|the (?:winner|tally|count))",
        r"(?:comment|reply|answer|type|write|vote|post|put|drop)(?: (?:with|just|simply|only|either|below|an?|the "
        r"letter)){0,3} [\"']?(?:a|1|yes|one)[\"']?(?=[ ,:;(]| -)[^.!?\n]{0,60}? (?:or|and|,) [\"']?(?:b|2|no|"
        r"two)[\"']?"
        r"(?=\W|$)",
        r"(?:let's|let us|we'll|i'll|i want to|i'd like to) (?:settle|decide|find out|do|take|run|have|hold|make|"
        r"start|count)[^.!?\n]{0,25} (?:by (?:numbers|vote|majority|show of hands)|a (?:quick |little )?(?:vote|poll|"
        r"show of hands|head ?count|tally)|the votes|the answers)|count (?:hands|heads)",
        r"i(?:'ll| will) (?:tally|add (?:it|them|everything|this|the numbers) up|"
        r"add up|"
        r"post the totals|count (?:the|them|on|up|votes|answers|hands)|post the (?:winner|result|"
        r"score)s?)|show of hands|(?:cast|"
        r"place) your vote|"
        r"(?:vote|hands up|raise your hand) (?:below|in the comments|if you)|(?:hands up|please vote|you can vote|"
        r"just vote|now vote) for|"
        r"(?:would|will) you (?:pay|buy|use) (?:for )?(?:this|it|one|such|something like)|how much would you pay",
        r"(?:answer|help me (?:with|by answering)|spare|give me)[^.!?\n]{0,40}(?:\d+|three|five|ten|a few|"
        r"some) (?:quick |"
        r"short )?questions|(?:three|five|ten|\d+) (?:quick|short) questions|(?:interview|call|chat) (?:with|of) "
        r"(?:\w+ ){0,2}(?:\d+|fifteen|twenty|thirty) minutes|(?:looking for|need|want|seeking) (?:\w+ ){0,3}(?:to "
        r"interview|for (?:an? )?interviews?|for (?:a|my|our) (?:study|research))",
    ),
)

HIRING: Sequence[re.Pattern[str]] = (
    said(
        r"(?:we're|we are|i'm|i am|now|currently|is|are) hiring(?! (?:is|was|freeze))",
        r"looking (?:for|to hire)(?: (?:a|an|some|our|my))?(?: [\w-]{1,15}){0,2} (?:developers?|devs?|designers?|"
        r"co-?founders?|interns?|freelancers?|engineers?|marketers?|writers?|editors?|partners?|assistants?|coders?)",
        r"(?:we|i)(?:'re| are|'m| am) looking for (?:[\w-]{1,15} )?volunteers|volunteers (?:wanted|needed)",
        r"(?:looking for|need|seeking|want|searching for)(?: [\w-]{1,15}){1,4} to (?:beta[- ]?test|test|try(?: out)?|"
        r"play-?test)",
        r"(?:beta|alpha|play)[- ]?testers? (?:wanted|needed)|(?:looking for|need|seeking|want)(?: [\w-]{1,15}){0,3} "
        r"(?:beta[- ]?|play[- ]?)?testers?",
        r"(?:job|open) (?:openings?|positions?|vacanc(?:y|ies))",
        r"send (?:me |us )?your (?:cv|resume|portfolio|application)s?",
        r"join (?:our|my) team",
        r"(?:available|open) for (?:hire|work|freelance|projects|commissions)|open to work",
        r"\d+ ?k (?:a|per) (?:month|year)|applications? (?:to|by) (?:the|our|my|us|me)|"
        r"(?:can|could|would|who)(?: you)? spare (?:an?|some|one|two) (?:[\w-]{1,12} ){1,5}?(?:to|for|with)",
        r"(?:equity|paid|unpaid|remote) (?:only|position|role|gig|internship)s?",
        r"(?:we|i)(?:'ve| have|'re| are)(?: got| now| still)?(?: filling)?(?: [\w-]{1,12}){0,3} (?:openings?|"
        r"vacanc(?:y|"
        r"ies)|positions?|(?:open )?roles?) (?:for|open|on|to fill|in|at)|openings? for (?:an?|one|two|senior|junior)",
        r"(?:apply|applications?) (?:through|via|at|by|on|to|with|here|before|until|from|are|welcome|close)(?! (?:the "
        r"(?:patch|fix|migration)|a (?:patch|coat)))(?=[^.!?\n]{0,60}\b(?:careers?|cv|resume|job|page|form|link|us|"
        r"portfolio|friday|monday|month|week|end|company|letter|e-?mail)\b)",
        r"(?:looking for|need|seeking|searching for|want|hoping to find)(?: [\w-]{1,12}){0,4}? (?:people|someone|"
        r"somebody|"
        r"anyone|anybody|folks?|hands|contributors?|artists?|illustrators?|musicians?|players?|members?|helpers?|"
        r"others|a partner|co-authors?|writers?|photographers?|drivers?|teachers?|mechanics?|colleagues?|students?)"
        r"(?: \w+)? (?:who(?:'d| would| want| wants| can| could| will)? ?(?:like to|love to|want to|wants to|enjoys? |"
        r"draw|write|help|fill|join|take over|teach|build|code|translate|cover|drive|contribute|run|work|play|lend|"
        r"give)|willing|interested|able|keen|free|to (?:talk|speak|practi[sc]e|join|help|fill|draw|write|teach|take|"
        r"work|run|contribute|cover|"
        r"drive|translate|build|do|share|lend|play|start|team))",
        r"(?:call for|send(?: in| us| me)? your|we (?:welcome|take|accept)|open for|accepting) (?:submissions?|pages?|"
        r"contributions?|drawings?|pieces?|entries|artwork|stories|pitches|volunteers?|papers?)",
        r"(?:we|i) (?:need|could use|want) (?:(?:a pair of|a few|another|some|two|three|more|extra) )+(?:volunteers?|"
        r"hands|helpers?|"
        r"people|"
        r"marshals|drivers)|(?:join|lend|give) (?:us )?(?:a hand|the team|the crew)|"
        r"(?:come(?: and)?|to|you|you'd|who) work (?:with|for) (?-i:us)|"
        r"(?:for|to) hire(?= (?:as|me|for)|[.!,])|(?:i'm|i am) (?:available|free) (?:as|for|to take)[^.!?\n]{0,30}"
        r"(?:work|jobs|projects|clients|commissions)|we(?:'re| are) growing(?= (?:the|our) team|[.!,])|"
        r"(?:salary|(?<!you\x20)(?<!we\x20)(?<!they\x20)pay) "
        r"(?:is|of|range|from|between|starts)|(?:the )?team is (?:growing|looking)|"
        r"refer(?:ral)? (?:you|to my (?:employer|company|team))",
    ),
    re.compile(r"\[(?:for hire|hiring)\]", re.IGNORECASE),
)

# What a rule about fundraising or referrals means, beside links.
FUNDRAISING: Sequence[re.Pattern[str]] = (
    said(
        r"go ?fund ?me|kickstarter|indiegogo|patreon|ko-fi|kofi(?=\.com| (?:page|link|account))|"
        r"buy ?me ?a ?coffee|crowd-?fund(?:ing|er)|"
        r"fund-?rais(?:er|ing)",
        r"(?:please )?consider (?:giving|donating|a donation|chipping in|supporting (?:us|them))|betterplace|leetchi|"
        r"open ?collective",
        r"just ?giving(?:\.com)?|paypal\.me|tip (?:jar|me|us)|donat(?:e|ions?)(?= (?:to|here|link|page|are|is|would|if|"
        r"for|towards)|[.!:]|$)|back (?:us|me|it|"
        r"our \w+) on|chip in|sponsor (?:me|us|my|our)|(?:my|our|the|a) (?:donation|sponsor(?:ship)?|giving) (?:page|"
        r"link|form)",
        r"(?:every|each|any|a few|even a) (?:little |small |single )?(?:bit|fivers?|tenners?|pounds?|euros?|dollars?|"
        r"cents?|penn(?:y|ies)|quid|bucks?|coins?|amount|donation|contribution)(?: or \w+)? (?:counts?|helps?|matters?|"
        r"goes|is welcome|gets|brings|buys|makes a difference|towards)",
        r"(?:give|spare|send|throw in) (?:what(?:ever)? you can|a few (?:euros|pounds|dollars|quid|bucks))|"
        r"(?:help|support) (?:us|me) (?:raise|reach|pay|cover)|(?:raising|raise|collecting|collect) (?:money|funds|"
        r"[$€£]?\d[\d,.]* ?(?:k|euros|pounds|dollars)?) (?:for|to|towards)",
    ),
)
# "Buy" in an advertiser's words: a call to get the thing now.
_GOODS = r"(?:set|copy|one|box|pair|pack|jar|kit|bag|sample|subscription|licen[cs]e|slot|place|seat|ticket|yours)"
CALLS_TO_BUY: Sequence[re.Pattern[str]] = (
    begun(
        rf"(?:order|buy|get|grab|pick up|pre-?order|reserve|claim|snap up|book) (?:{_GOODS[3:-1]}|(?:a|an|your|our|"
        rf"one|yourself|the|two|some)(?: [\w-]{{1,15}}){{0,2}} {_GOODS}|one of (?:these|ours|them)|us|ours)",
        r"(?:order|buy|book|pre-?order|shop|subscribe) (?:now|today|here|online|direct(?:ly)?|this week|on (?:the|our|"
        r"my) \w+|at (?:the|our|my) \w+|from (?:us|me|our|my)|via|through|before)",
        r"treat yourself|give (?:it|us|her|him|them) a (?:go|try|spin|shot) (?:with|on|for|next|this|at|when)",
        r"(?:search|look) (?:for )?(?:the name|us up|our name|for us) (?:in|on|and)",
    ),
    said(
        r"(?:you can )?(?:order|buy|book|get) (?:it|them|one|yours|us|a set|a copy) (?:here|now|today|online|on (?:the|"
        r"our|my) (?:site|website|page|shop|store)|at (?:our|my)|from (?:us|me|our|my)|through (?:our|my))",
        r"links? (?:is |are |'s )?(?:in|on) (?:my|the|our) (?:bio|profile)|(?:see|check|it's (?:in|on)|find (?:it|"
        r"them) "
        r"(?:in|on)) my profile|(?:click|tap) (?:through to )?my profile",
        r"now(?:'s| is) the (?:moment|time)(?: to (?:order|buy|get|book))?(?=[:,!.])",
        r"(?:while|as long as) (?:stocks?|supplies|they) lasts?|only (?:\d+|a few|two|three|one) (?:left|remaining)",
        r"(?:send|write|drop|message|call|ring) (?:us|me)(?: [\w-]{1,15}){0,3} (?:to (?:order|book|get (?:a|one|"
        r"yours))|for (?:a quote|an offer|prices))",
        r"you won't (?:regret|be disappointed)|(?:will|'ll) thank you",
        r"(?:i|we)(?:'d| would) (?:be|feel) (?:glad|happy|grateful|delighted) if (?:some|any|a few|one|more|"
        r"many) of you "
        r"(?:put|tried|bought|ordered|installed|downloaded|booked|used|gave|got)",
        r"(?:spread|pass) the word(?! (?:is|was))|tell your friends about (?:it|us)",
        r"(?:that's|it's|it is|which is) what we do for a living",
    ),
)

# A seller's own trade, told. “Our customers” alone is how everybody speaks who has some.
SALES: Sequence[re.Pattern[str]] = (
    said(
        r"(?:i|we)(?:'ve| have)?(?: (?:now|also|just|already|finally|still|only))? (?:sold|sell|shipped|"
        r"ship) (?:\d[\d,.]*|"
        r"about|over|some|our|my|these|them|thousands|hundreds|almost|nearly)",
        r"(?:orders|bookings|pre-?orders|sales) (?:are|is) (?:now |always |still )?open",
    ),
)

CLASSIFIEDS: Sequence[re.Pattern[str]] = (
    said(
        r"(?:for|up for) sale(?! (?:flair|sign|by the council))|wts|wtb|up for grabs|asking (?:price|[$€£]?\d+)|"
        r"(?:i'm|i am|we're|we are|am) (?:selling|giving away|swapping|trading) (?:my|our|a|an|the|two|some|off)",
        r"(?:open to|will take|make me an?|best) offers?|(?:collection|pick-?up) only|o\.?n\.?o\.?|or nearest offer|"
        r"(?:would|will|happy to|i'd) (?:swap|trade) (?:it |them |my )?for|anyone (?:want|interested) (?:to buy|"
        r"in buying|"
        r"it for)|(?:selling|sell) (?:it|them|this) (?:for|at|as)(?= |$)|first come,? first served",
    ),
)

_CODE = r"(?:promo(?:tion)?|discount|referr?al|coupon|voucher|invite|affiliate|creator)"
REFERRAL_CODES: Sequence[re.Pattern[str]] = (
    said(
        rf"(?:use|with|enter|using|apply|take|my|our) (?:my |our |the |this )?{_CODE}[ -]?(?:code|link)s?",
        r"(?:my|our) (?:referr?al|affiliate|coupon|voucher|invite)s?",
        r"(?:sign(?:ing)? up|order|join|regist\w+|buy|book|start) (?:with|through|via|using|over) (?:my|our|this) "
        r"(?:link|code)|(?:use|enter|type(?: in)?|mention|quote|give|add) (?:my|our|the) (?:link|code)|"
        r"my code(?= (?:gives|"
        r"gets|saves|takes|is|works|for|at|if))",
        r"both of us(?:'ll| will)? (?:get|save|receive|earn)|(?:my|our) name (?:in )?at (?:the )?check-?out",
        r"we(?:'ll)? both (?:get|save|receive|earn)|(?:you|we|they)(?:'ll)? (?:get|save|receive|earn)[^.!?\n]{1,60}"
        r"\band (?:so do i|i(?:'ll)? (?:get|earn|receive)|me too|i do too)|"
        r"i(?:'ll)? (?:get|earn|receive) (?:a |an |one |some )?(?:[\w-]{1,15} ){0,3}(?:for|from|per|on) (?:every|each|"
        r"your) (?:sign-?up|order|purchase|referral)",
    ),
    re.compile(
        r"\b(?:[Uu]se|[Ee]nter|[Tt]ype(?: in)?|[Aa]dd|[Aa]pply) [\"'“]?(?=[A-Z0-9]*[A-Z])[A-Z0-9]{4,20}\b"
        r"(?=[^.!?\n]{0,40}\b(?:check-?out|off|discount|percent)\b)"
    ),
    re.compile(r"\b(?:[Cc]ode|[Cc]oupon|[Vv]oucher):? [\"'“]?(?=[A-Z0-9]*[A-Z])[A-Z0-9]{4,20}\b"),
)

GIVEAWAY: Sequence[re.Pattern[str]] = (
    said(
        r"(?<!dead\x20)(?<!dead-)give-?aways?|"
        r"(?:we|we'll|i|i'll|will) give away (?:\d+|one|two|three|five|ten|a|some|free)",
        r"giving away (?:\d+|free|copies|keys|licen[cs]es|codes|(?:a|some) (?:free|few|copy|licen[cs]e|key|pair|set))",
        r"(?:enter|chance) to win|win (?:a free|an? [\w-]{1,15} (?:licen[cs]e|copy|subscription|card))",
        r"raffles?|sweepstakes?",
        r"free (?:keys|codes|copies|licen[cs]es|copy|licen[cs]e)"
        r" (?:for|to) (?:the first|everyone|anyone|all|redditors)",
        r"first \d+ (?:people|users|redditors|commenters|to comment)(?: [\w-]{1,15}){0,3} (?:free|get|receive)",
    ),
)

# What of these is often said in another sense: “the giveaway was the ink”, “please don't message us”.
IN_ANOTHER_SENSE = said(
    r"give-?aways?|raffles?|cast a votes?|vote on (?:this|it)|"
    r"(?:please (?:don't|do not) )?(?:dm|pm|message|inbox) (?:me|us)"
)

GREETING: Sequence[re.Pattern[str]] = (
    re.compile(
        r"\A\W{0,3}(?P<w>(?:hi|hello|hey|heya|howdy|greetings|good (?:morning|evening|day|afternoon)|dear)"
        r"(?:\s+(?:all|everyone|everybody|guys|folks|there|reddit|redditors|friends|community|team|"
        r"/?r/\w{2,21}|fellow\s\w{2,20}))(?!\w)|(?:hi|hello|hey|howdy)(?=\s?[,!.\n]))",
        re.IGNORECASE,
    ),
    said(
        r"thanks?(?: you)?(?: so much| a lot)? (?:in advance|for (?:reading|your (?:time|help|attention)))",
        r"hope (?:you're|you are|everyone is|everyone's|you all are) (?:all )?(?:doing )?(?:well|great|fine|good)",
        r"long[- ]time lurker",
        r"sorry if this (?:is|isn't|has|was)",
        r"tia",
    ),
)

AI_TELLS: Sequence[re.Pattern[str]] = (
    said(
        r"as an? (?:ai|large)(?: language)? model",
        r"delv(?:e|es|ed|ing) (?:into|deep|deeper)",
        r"(?:rich |intricate )?tapestry of",
        r"in today's (?:fast[- ]paced|digital|ever[- ]changing|competitive|modern|rapidly)[\w\x20-]{0,30}",
        r"(?:it's|it is) (?:important|worth|crucial|essential) (?:to note|noting|to remember|mentioning)",
        r"(?:ever|rapidly|constantly)[- ](?:evolving|changing) (?:landscape|world|field|market)",
        r"(?:navigat\w{1,4}|unlock\w{0,3}|harness\w{0,3}|leverag\w{1,3}) (?:the|its|their)"
        r" (?:(?:full|true) )?(?:complexit(?:y|ies)|potential|power|landscape|intricacies)",
        r"a testament to",
        r"treasure trove",
        r"(?:let's|let us) (?:dive|delve) (?:in|into|deep)",
        r"buckle up",
        r"here's the kicker",
        r"(?:it's|it is|this is|this isn't|it isn't) not (?:just|only|merely) (?:about )?[\w\x20]{2,40}[—–;,-]{1,2} ?"
        r"(?:it's|it is|this is)",
        r"in conclusion",
        r"embark(?:ed|ing)? on (?:a|this|the|my|our) journey",
        r"i hope this (?:helps|message finds you)|certainly! here",
        r"foster(?:s|ing)? (?:a sense|collaboration|innovation|community)",
    ),
)

CLICKBAIT: Sequence[re.Pattern[str]] = (
    said(
        r"you (?:won't|will not|wouldn't) believe",
        r"(?:this|these|one) (?:one |weird |simple |little |crazy )*(?:tricks?|hacks?|secrets?)",
        r"(?:blow|blew) (?:your|my) mind|mind[- ]?blow(?:n|ing)",
        r"what happened next|the results? (?:will |may )?(?:shock|surprise)\w*",
        r"(?:nobody|no one) (?:tells|talks|is talking|told|wants)(?: you)? (?:about|to)?",
        r"(?:the )?secrets? (?:to|of|that|behind|they)",
        r"shocking|jaw[- ]dropping|insane(?:ly)?",
        r"will change (?:your life|everything|how you)",
    ),
)

INSULTS: Sequence[re.Pattern[str]] = (
    said(
        r"idiots?|morons?|imbeciles?|dumbass(?:es)?|retard(?:s|ed)?|stupid (?:people|idiots?|question|mods?|sub)|"
        r"(?:you're|you are|you) (?:all |so |just )?(?:stupid|dumb|pathetic|clueless|a joke|liars?)|shut up|"
        r"scammers?|assholes?|fuck (?:you|off|this)|go to hell|clowns?|losers?",
    ),
)

# What is said to the members there, or of them, to put them down; ruder words are among the INSULTS.
_MEMBERS = (
    r"(?:(?:some|half|most|many|all|lots|plenty|a lot|any|three quarters|the rest|none) of (?:you|this sub\w*|"
    r"the (?:people|"
    r"users|members|folks|posters) (?:here|in here|on here)|those here)|you (?:people|lot|guys|all|folks|beginners|"
    r"newbies|experts|geniuses)|(?:people|everyone|everybody|nobody|folks|whoever|anyone|anybody|beginners|newbies|the "
    r"mods?|op)(?: (?:here|in (?:here|this sub\w*)|who\b[^.!?\n]{1,60}|that\b[^.!?\n]{1,60}|still\b[^.!?\n]{1,60}))?)"
)
BELITTLING: Sequence[re.Pattern[str]] = (
    said(
        rf"{_MEMBERS}(?: (?:really|just|clearly|obviously|simply|still|apparently|all|are|is|have|has|seems?))*"
        r" (?:can't (?:even|manage|read|be bothered|follow|do|get|grasp|spell|count|tell)|still (?:can't|cannot|don't|"
        r"haven't|fails?)|too (?:lazy|dumb|thick|stupid|slow|cheap|proud|dense|ignorant)|clueless|lazy|hopeless|"
        r"pathetic|embarrassing|an embarrassment|ridiculous|ignorant|useless|incompetent|deluded|delusional|sheep|"
        r"no (?:idea|clue|brain|business)|never (?:learn|read|listen|opened a book)|should (?:be ashamed|stay away|"
        r"give "
        r"up|know better|stick to|sell (?:your|their)|find another)|need (?:help|a brain|glasses)|"
        r"don't (?:have a clue|know what you're|know the first thing|deserve|bother to))",
        r"(?:bunch of|pack of|lot of|half of|you) (?:\w+ )?(?:idiots?|morons?|imbeciles?|fools?|"
        r"clowns?|losers?|cretins?|halfwits?|dimwits?|muppets?|numpt(?:y|ies)|dunces?|simpletons?|ignoramus(?:es)?|"
        r"crybab(?:y|ies)|snowflakes?)",
        r"(?:my|a|any) (?:\w+[- ]){0,2}(?:year-old|child|dog|cat|toddler|grandmother|gran|monkey) (?:does|did|could|"
        r"can|"
        r"would|manages|knows|understands)[^.!?\n]{0,40} (?:better|this|that|more)(?: \w+){0,2} than (?:\w+ ){0,3}"
        r"(?:you|people|members|this)",
        r"you (?:lot|people) (?:all )?(?:manage to|keep|always|insist|never|still)",
        r"then (?:come|go|run) (?:\w+ )?(?:crying|whining|moaning)|learn to (?:read|google|search|spell|cook|count|"
        r"think)|(?:are|were) you (?:blind|deaf|serious(?:ly)? this|"
        r"stupid|dense|dim|thick)|use your (?:brain|head|eyes) for once|grow a brain|get a (?:life|grip)|"
        r"grow up(?=[.!,])|"
        r"what part of [^.!?\n]{1,60} (?:don't|did) you|nobody (?:asked you(?! (?:for|to))|cares what you)|"
        r"how (?:stupid|dumb|thick|"
        r"dense|lazy) (?:can|do|must) (?:you|one|people|somebody|anyone)|too (?:lazy|stupid|thick|dumb) to (?:read|"
        r"search|"
        r"look|google|learn|think|understand)",
    ),
)

ACCOUNTS: Sequence[re.Pattern[str]] = (
    re.compile(
        r"(?<![\w/])/?u/[A-Za-z0-9_-]{3,20}\b|\b(?:alt|second|other|another|new|different|throwaway|burner)"
        r"[- ]accounts?\b|\b(?:a|my|this|the|another) throwaway\b"
        r"(?![- ](?!(?:and|as|because|for|so|since|to|with) )\w)",  # no “throwaway cup”
        re.IGNORECASE,
    ),
)

SUMMARY = re.compile(r"\btl\s?[;:,]?\s?dr\b|^\W{0,6}(?:summary|in short)\b[:*]", re.IGNORECASE | re.MULTILINE)
_ONE = r"i(?!\.e\b|/)|me|my|mine|myself"
SAYS_I = re.compile(rf"\b(?:{_ONE})\b", re.IGNORECASE)  # what one person lived
FIRST_PERSON = re.compile(rf"\b(?:{_ONE}|we|our|ours|ourselves|us)\b", re.IGNORECASE)
UNITS = (
    "percent|users|customers|clients|downloads|installs|visitors|visits|signups|subscribers|sales|orders|employees|"
    "dollars|euros|pounds|usd|eur|gbp|revenue|mrr|arr|profit|views|clicks|hours|days|weeks|months|years"
)
_NUMBER = r"\d[\d.,]{0,24}"
MEASURE = re.compile(
    rf"[$€£]\s?{_NUMBER}\s?(?:k|m|bn|b)?\b|(?<![\w.,])(?:{_NUMBER}(?:k|m|bn|b)?\+?\s?(?:[$€£%](?!\w)|(?:{UNITS})\b)"
    rf"|{_NUMBER}\s(?:k|m)\s(?:{UNITS})\b)",
    re.IGNORECASE,
)
