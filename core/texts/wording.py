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
        r"(?:leave|drop|give|cast)(?: (?:me|us|a|your|it|this)){1,2} votes?",
        r"vote (?:for|on|up) (?:us|me|my|our|this|it)",
        r"karma (?:farming|pls|please)",
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
        r"via (?:dm|pm)s?|in (?:my|the) dms?",
    ),
    begun(r"(?:dm|pm|message|inbox) (?:me|us)", r"ask me in (?:dm|pm)s?"),
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
    ),
)

HIRING: Sequence[re.Pattern[str]] = (
    said(
        r"(?:we're|we are|i'm|i am|now|currently|is|are) hiring(?! (?:is|was|freeze))",
        r"looking (?:for|to hire)(?: (?:a|an|some|our|my))?(?: [\w-]{1,15}){0,2} (?:developers?|devs?|designers?|"
        r"co-?founders?|interns?|freelancers?|engineers?|marketers?|writers?|editors?|partners?|assistants?|coders?)",
        r"(?:we|i)(?:'re| are|'m| am) looking for (?:[\w-]{1,15} )?volunteers|volunteers (?:wanted|needed)",
        r"(?:looking for|need|seeking|want|searching for)(?: [\w-]{1,15}){0,4} to (?:beta[- ]?test|test|try(?: out)?|"
        r"play-?test)",
        r"(?:beta|alpha|play)[- ]?testers? (?:wanted|needed)|(?:looking for|need|seeking|want)(?: [\w-]{1,15}){0,3} "
        r"(?:beta[- ]?|play[- ]?)?testers?",
        r"(?:job|open) (?:openings?|positions?|vacanc(?:y|ies))",
        r"send (?:me |us )?your (?:cv|resume|portfolio|application)s?",
        r"join (?:our|my) team",
        r"(?:available|open) for (?:hire|work|freelance|projects|commissions)|open to work",
        r"(?:equity|paid|unpaid|remote) (?:only|position|role|gig|internship)s?",
    ),
    re.compile(r"\[(?:for hire|hiring)\]", re.IGNORECASE),
)

# What a rule about fundraising or referrals means, beside links.
FUNDRAISING: Sequence[re.Pattern[str]] = (
    said(
        r"go ?fund ?me|kickstarter|indiegogo|patreon|ko-?fi|buy ?me ?a ?coffee|crowd-?fund(?:ing|er)|"
        r"fund-?rais(?:er|ing)",
        r"tip (?:jar|me|us)|donat(?:e|ions?)(?= (?:to|here|link|are|is|would|if|for)|[.!:]|$)|back (?:us|me|it|"
        r"our \w+) on|chip in|sponsor (?:me|us|my|our)",
    ),
)
_CODE = r"(?:promo(?:tion)?|discount|referr?al|coupon|voucher|invite|affiliate|creator)"
REFERRAL_CODES: Sequence[re.Pattern[str]] = (
    said(
        rf"(?:use|with|enter|using|apply|take|my|our) (?:my |our |the |this )?{_CODE}[ -]?(?:code|link)s?",
        r"(?:my|our) (?:referr?al|affiliate|coupon|voucher|invite)s?",
        r"sign(?:ing)? up (?:with|through|via|using) (?:my|our) (?:link|code)",
    ),
    re.compile(r"\b(?:[Cc]ode|[Cc]oupon|[Vv]oucher):? [\"'“]?(?=[A-Z0-9]*[A-Z])[A-Z0-9]{4,20}\b"),
)

GIVEAWAY: Sequence[re.Pattern[str]] = (
    said(
        r"(?<!dead\x20)(?<!dead-)give ?-?aways?",
        r"giving away (?:\d+|free|copies|keys|licen[cs]es|codes|(?:a|some) (?:free|few|copy|licen[cs]e|key|pair|set))",
        r"(?:enter|chance) to win|win (?:a free|an? [\w-]{1,15} (?:licen[cs]e|copy|subscription|card))",
        r"raffles?|sweepstakes?",
        r"free (?:keys|codes|copies|licen[cs]es|copy|licen[cs]e)"
        r" (?:for|to) (?:the first|everyone|anyone|all|redditors)",
        r"first \d+ (?:people|users|redditors|commenters|to comment)(?: [\w-]{1,15}){0,3} (?:free|get|receive)",
    ),
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

ACCOUNTS: Sequence[re.Pattern[str]] = (
    re.compile(
        r"(?<![\w/])/?u/[A-Za-z0-9_-]{3,20}\b|\b(?:alt|second|other|another|new|different|throwaway|burner)"
        r"[- ]accounts?\b|\bthrowaway\b",
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
