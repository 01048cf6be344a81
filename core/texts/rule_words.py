"""Words by which a rule's topics and stances are known (`core/texts/rules.py`). They take linear time."""

from __future__ import annotations

import re
from enum import StrEnum


class Topic(StrEnum):
    """What a rule can speak of. The values are those of `Feature.topics`."""

    PROMOTION = "promotion"
    LINKS = "links"
    OWN_SITE = "own_site"
    REFERRAL = "referral"
    AI_TEXT = "ai_text"
    FLAIR = "flair"
    TITLE = "title"
    LENGTH = "length"
    FORMAT = "format"
    LANGUAGE = "language"
    SURVEYS = "surveys"
    RECRUITING = "recruiting"
    DIRECT_MESSAGES = "direct_messages"
    REPOSTS = "reposts"
    WEEKLY_THREAD = "weekly_thread"
    TIMING = "timing"
    ACCOUNT = "account"
    DISCLOSURE = "disclosure"
    VOTES = "votes"
    CIVILITY = "civility"
    TOPIC = "topic"


# ---------------------------------------------------------------- topics


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_OWN_PLACES = (
    r"(?:blogs?|(?:web ?)?sites?|web ?pages?|channels?|youtube(?: channels?)?|newsletters?|substacks?|podcasts?|"
    r"videos?|"
    r"articles?|discords?|social(?:s| media)?|portfolios?|content|medium|twitch|streams?|github|repos?|domains?)"
)
_OWN_THINGS = (
    r"(?:products?|business(?:es)?|company|companies|start-?ups?|apps?|services?|projects?|tools?|courses?|"
    r"stores?|shops?|"
    r"agency|agencies|brands?|software|saas|books?|work|stuff|things?|game|games|etsy)"
)
TOPICS: dict[Topic, re.Pattern[str]] = {
    Topic.VOTES: _any(
        r"vot(?:e|es|ing)[- ](?:manipulat\w*|begg\w*|brigad\w*|cheat\w*|farm\w*|rings?)",
        r"(?:up|down)-?vot\w*",
        r"brigad\w*",
        r"karma[- ]?(?:farm\w*|whor\w*|begg\w*|bait\w*)",
        r"(?:ask\w*|beg\w*|solicit\w*|trad\w*|buy\w*|manipulat\w*)(?: \w+){0,2} (?:votes?|karma|scores?)",
    ),
    Topic.REFERRAL: _any(
        r"referr?als?(?: (?:links?|codes?))?",
        r"affiliate(?:s|d)?(?: (?:links?|codes?))?(?! with)",
        r"ref[- ](?:links?|codes?)",
        r"tracking (?:links?|param\w*|codes?)",
        r"(?:url|link)[- ]shorteners?|shortened (?:links?|urls?)|short links?|bit\.?ly",
        r"(?:invite|promo|coupon|discount)[- ](?:codes?|links?)",
        r"moneti[sz]ed links?",
    ),
    Topic.PROMOTION: _any(
        r"(?:self[- ]?)?promo(?:s|t(?:e|es|ed|er|ers|ing|ion|ions|ional))?(?! codes?)",
        r"advert(?:s|is\w*|iz\w*|orial\w*)?",
        r"ads?",
        r"shill\w*",
        r"plug(?:s|ging|ged)?(?! ?-?ins?)",
        r"solicit(?:s|ing|ation|ations|ed)?",
        r"marketing(?: posts?)?",
        r"(?:blog)?spam(?:s|my|mer|mers|ming)?(?! filters?)",
        r"sell(?:s|ing|ers?)?",
        r"sales(?: (?:pitch\w*|posts?))?",
        r"pitch(?:es|ing)?",
        rf"(?:your|their|one's|our)(?: own)? {_OWN_THINGS}",
        rf"own {_OWN_THINGS}",
        rf"{_OWN_THINGS}(?:,? (?:or|and)? ?{_OWN_THINGS}){{0,3}} of your own",
        r"something you(?:'ve| have)? (?:made|built|own|sell)",
        r"launch(?:es|ing)?(?: posts?| announcements?)?",
        r"commercial(?:s| posts?| content)?",
        r"giveaways?",
        r"lead[- ]gen\w*",
        r"fishing for (?:customers|clients|leads)",
    ),
    Topic.OWN_SITE: _any(
        rf"(?:your|their|one's)(?: own| personal)? {_OWN_PLACES}", rf"(?:own|personal) {_OWN_PLACES}", r"blog ?spam"
    ),
    Topic.LINKS: _any(
        r"(?<!referral )(?<!affiliate )(?<!tracking )(?<!shortened )(?<!short )(?<!invite )(?<!ref )(?<!referal )"
        r"(?:hyper)?links?(?![- ]shorten)",
        r"(?<!shortened )urls?(?![- ]shorten)",
        r"link[- ]?(?:posts?|drop\w*|dump\w*|farm\w*)",
        r"linking",
        r"blog ?spam",
    ),
    Topic.AI_TEXT: _any(
        r"a\.?i\.?[- ](?:generated|written|made|created|content|texts?|posts?|slop|art|assisted|answers?|output|"
        r"tools?)",
        r"(?:generated|written|made|created|produced|drafted|polished)(?: entirely| wholly| mostly)?"
        r" (?:by|with|using|through) (?:an? )?(?:a\.?i\.?|bots?|llms?|chat ?gpt|machines?|language models?)",
        r"chat ?gpt(?:'s)?",
        r"(?:llm|gpt)s?(?:[- ]\w+)?",
        r"(?:large )?language models?",
        r"machine[- ](?:written|generated)",
        r"(?:use of|using|use) (?:generative )?a\.?i\.?",
        r"(?:generative )?a\.?i\.?(?= (?:to|for) (?:write|generate|writing|posts?))",
    ),
    Topic.FLAIR: _any(
        r"(?:un)?flair(?:s|ed|ing)?", r"tag(?:s|ged|ging)?(?= (?:your|posts?|it|them|every|the|must|is))"
    ),
    Topic.TITLE: _any(
        r"titles?",
        r"titled",
        r"headlines?",
        r"click ?-?bait\w*",
        r"(?:all[- ])?caps",
        r"sensational\w*",
    ),
    Topic.LENGTH: _any(
        r"\d[\d,]*\+? (?:words?|characters?|chars?|sentences?|lines?)",
        r"too (?:short|long)",
        r"one[- ]liners?",
        r"(?:short|long) (?:posts?|texts?)",
        r"(?:minimum|maximum) length",
        r"walls? of text",
        r"title[- ]only|(?:empty|no) body",
        r"low[- ]?effort|low[- ]quality|effort",
        r"(?:few|two|three|several) (?:words|sentences|lines)",
    ),
    Topic.FORMAT: _any(
        r"screenshots?|images?|pictures?|photos?|memes?|gifs?|infographics?|selfies?",
        r"text posts?|self posts?",
        r"format\w*|paragraphs?|line breaks?|markdown|code blocks?",
        r"tl;? ?dr",
        r"emojis?|hashtags?",
        r"listicles?|lists",
    ),
    Topic.LANGUAGE: _any(r"english(?:[- ]only)?", r"(?:other|another|foreign) languages?", r"translat\w+"),
    Topic.SURVEYS: _any(
        r"surveys?",
        r"polls?",
        r"questionnaires?",
        r"(?:market|user|customer|academic) research",
        r"research (?:requests?|participants|posts?|studies)",
        r"(?:study|interview) (?:participants|requests?|recruit\w*)",
        r"feedback requests?",
    ),
    Topic.RECRUITING: _any(
        r"recruit(?:s|ing|ment|ers?)?",
        r"hiring|\[hiring\]",
        r"jobs?(?: (?:posts?|offers?|ads?|listings?|boards?|searches|postings?))?",
        r"vacanc(?:y|ies)",
        r"(?:seeking|looking for|find(?:ing)?)(?: a| an)? (?:co-?founders?|developers?|work|clients?|freelancers?|"
        r"employees)",
        r"co-?founder (?:search\w*|posts?|wanted|requests?)",
        r"for[- ]hire",
        r"resumes?|cvs?",
    ),
    Topic.DIRECT_MESSAGES: _any(
        r"direct[- ]messag\w*",
        r"(?<!\d )(?<!\d)(?:dm|pm)s?(?:'?ing|'?d)?(?! the mod)",
        r"private(?:ly)?[- ](?:messag\w*|chats?)",
        r"messag(?:e|es|ing) (?:people|users|members|each other|others|you|them|me) ?(?:privately)?",
        r"(?:write|talk|reach out|move)(?: \w+){0,3} (?:privately|in private|off[- ](?:platform|reddit))",
        r"chat requests?|inbox\w*",
    ),
    Topic.REPOSTS: _any(
        r"re-?post(?:s|ed|ing)?",
        r"duplicates?(?: posts?)?",
        r"cross-?post(?:s|ed|ing)?",
        r"(?:asked|posted|answered|covered) (?:before|already|recently|many times|a lot)",
        r"already (?:been )?(?:asked|posted|answered|covered)",
        r"(?:use the )?search(?: bar| function)?(?: first| before)",
        r"search before",
        r"same (?:post|question|link|thing|content|text)(?: \w+){0,3} (?:twice|again|over|several|times|many|across)",
        r"faq",
    ),
    Topic.WEEKLY_THREAD: _any(
        r"(?:weekly|monthly|daily|mega|stick(?:y|ied)|pinned|dedicated|sharing|share|promo(?:tion)?|"
        r"self-promo(?:tion)?|"
        r"feedback|showcase|hiring|jobs?|question|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|"
        r"designated|appropriate|official|simple questions?)(?:[- ](?:\w+[- ]){0,2})threads?",
        r"mega-?threads?",
        r"threads? (?:for (?:that|it|this|them)|pinned)",
        r"(?:the|our|a) threads? (?:at the top|that is)",
    ),
    Topic.TIMING: _any(
        r"(?:once|twice|one (?:post|thread|link|submission)|(?:\d+|two|three) (?:posts|threads|links|submissions)|"
        r"post)"
        r" (?:a|an|per|every|each) (?:\d+ )?(?:days?|weeks?|months?|hours?|24)",
        r"too (?:often|frequent\w*)",
        r"every (?:\d+|two|few) (?:days|weeks|hours|months)",
        r"flood\w*",
    ),
    Topic.ACCOUNT: _any(
        r"(?:comment |post |combined |enough |minimum |little |low |\d+ |some )?karma(?![- ]?(?:farm|whor|begg|"
        r"bait))",
        r"accounts?(?= (?:age|must|under|younger|older|newer|less|with|need|ha[sv]e?|at least|created|that (?:is|"
        r"are)))",
        r"(?:new|young|fresh|brand[- ]new|throwaway|alt(?:ernate)?|bot|aged?)[- ]accounts?",
        r"(?:day|week|month|year)s?[- ]old accounts?|accounts? (?:is|are) (?:too new|\d+)",
        r"your account",
        r"ban evasion|verified e-?mail|minimum account age|account age",
    ),
    Topic.DISCLOSURE: _any(
        r"(?:un)?disclos\w*",
        r"affiliation|affiliated with",
        r"transparen\w*",
        r"(?:say|state|tell|mention|declare|admit)(?: us| people| readers| clearly| plainly)?(?: that| if| when| who)"
        r"(?: it's| it is)? (?:you|you're|your|yours)",
        r"conflicts? of interest",
        r"(?:be )?up-?front",
        r"sock ?-?puppet\w*|astroturf\w*",
        r"(?:your|any) (?:relation(?:ship)?|connection|interest|stake|role)",
        r"pretend\w*",
    ),
    Topic.CIVILITY: _any(
        r"(?:un|in)?civil\w*",
        r"(?:un)?kind(?:ness|ly)?(?! of)",
        r"(?:dis)?respect(?:s|ful|fully|ed)?",
        r"rude\w*|insult\w*|harass\w*|hateful|hate(?: speech)?|racis\w*|sexis\w*|homophob\w*|bigot\w*|slurs?",
        r"(?:personal |ad hominem )attacks?|ad hominems?",
        r"troll(?:s|ing)?|toxic\w*|bully\w*|abus\w*|flam(?:e|es|ing)(?: wars?)?|gatekeep\w*",
        r"(?:be|play) nice|polite\w*|decent|decency|courte\w*|good faith|reddiquette|manners|jerks?|dicks?|assholes?",
        r"profan\w*|(?:foul|bad|abusive) language|swear\w*|name[- ]calling|doxx?\w*|witch ?hunt\w*|threat\w*",
    ),
    Topic.TOPIC: _any(
        r"(?:on|off)[- ]topic",
        r"(?:ir)?relevan\w*",
        r"(?:un)?related(?: to)?",
        r"(?:must|should|has to|have to) be about",
        r"nsfw|politic\w*|religio\w*",
        r"belongs? here",
        r"stick to",
    ),
}

# ---------------------------------------------------------------- stances

FREES = _any(  # negated prohibitions and negated duties
    r"no need (?:to|for)",
    r"need(?:n't| not)",
    r"(?:don't|do not|doesn't|does not|needn't|need not)(?: \w+)? (?:need|have to|mind|require|forbid|ban|remove|"
    r"object)",
    r"(?:not|isn't|aren't|never|n't)(?: \w+)? (?:required|necessary|needed|mandatory|forbidden|banned|prohibited|"
    r"removed|"
    r"against|a problem|an issue|a crime|wrong)",
    r"no (?:\w+ )?(?:rules?|limits?|restrictions?|bans?|requirements?)(?= (?:on|against|for|about)|$)",
    r"nothing (?:wrong|against)",
    r"no problem",
    r"optional|your (?:choice|call)|up to you",
    r"(?:won't|will not) (?:be )?(?:remov\w*|bann?\w*|delet\w*)",
)
PERMITS = _any(
    r"welcomed?|allowed|permitted|fine|ok|okay|o\.k\.|acceptable|accepted|tolerated|encouraged|appreciated|"
    r"on[- ]topic",
    r"(?:you|they|members?|people|founders|makers|users|anyone|everyone|posts?|one) (?:may|can|"
    r"could)(?! not)(?! only)",
    r"(?:may|can) (?:be|share|post|link|name|mention|include|promote|show|write|use|ask|contain)",
    r"feel free|free to|go ahead|happy to|glad to",
    r"(?:we|i) (?:do )?(?:allow|welcome|love|like|enjoy|encourage|accept|permit)",
    r"(?:is|are) (?:good|great|useful|helpful|what we want)",
)
FORBIDS = _any(
    r"(?:not|isn't|aren't|never|no longer|n't|hardly)(?: be)?(?: generally| strictly| currently| really| normally|"
    r" usually)?"
    r" (?:allowed|permitted|welcome|accepted?|acceptable|tolerated?|ok|okay|fine|appropriate|encouraged|wanted|"
    r"allow|permit)",
    r"disallow\w*|unacceptable|unwelcome|inappropriate",
    r"(?:may|must|should|shall|do|does|will|could|can|are|is) not|cannot|can't|don't|doesn't|mustn't|shouldn't|"
    r"won't|never",
    r"not (?:a|the|an|for|here|your|our)(?= |$)",
    r"no(?! (?:need|matter|problem|one|doubt|rules?|limits?|restrictions?|longer than|fewer|less|more than|later))",
    r"none of|nor|zero[- ]tolerance|nobody|nothing but",
    r"forbidden|prohibit\w*|ban(?:s|ned|nable|ning)?|illegal|against (?:the |our |reddit's |site )?(?:rules?|tos|"
    r"policy)",
    r"(?:remov|delet|reject)(?:e|es|ed|al|ing)|taken down|filtered|(?:post|it|they) (?:goes|go) away",
    r"refrain|avoid(?:ed)?|stop|quit|keep (?:\w+ ){0,4}(?:out|off|away|elsewhere|to yourself)|"
    r"leave (?:\w+ ){0,4}(?:out|off|at home)",
    r"stay away|(?:go|goes|belongs?|post|take|try)(?: \w+){0,3} (?:elsewhere|somewhere else|r/\w+|"
    r"another (?:sub\w*|place|community))",
    r"(?:free of|instead of|rather than)",
    r"leads? to|results? in|report(?:ed)?",
)
CONDITION = _any(
    r"unless|except(?:ions?|ed)?(?: for)?|other than|apart from|aside from|but only",
    r"only (?:if|when|in|on|within|inside|during|after|for|as|with|once|where|at|those|by|the)",
    r"(?:as|so) long as|provided(?: that)?|on condition",
    r"if(?! you (?:see|have (?:a )?questions?|think|break|are unsure|notice|do not|don't|post it|do (?:it|this|so)))",
    r"(?:when|where|once)(?= (?:you|it|they|asked|relevant|the|someone|there))|when (?:relevant|asked|appropriate)",
    r"(?:with|without|get|has|need|needs|after|requires?|ask(?:ing)? for)(?: the| our| a| an| any| prior|"
    r" explicit| previous| written|"
    r" mod(?:erator)?s?'?| first)* (?:permission|approval|consent|asking|context|disclosure|disclosing|contributing|"
    r"participating|explanation|discussion|stor(?:y|ies)|summary|substance|flair|effort|value|adding|being|"
    r"further|saying)",
    r"(?:message|ask|contact|modmail|check with|clear it with|write to|approved by)(?: with)?(?: the| us|"
    r" our)? ?(?:mod\w*|first)?(?= |$)(?<=mods|rors|ator|irst)",
    r"(?:outside|limited|restricted|confined|reserved)(?: of| to| for)?",
    r"in moderation|sparingly|occasional(?:ly)?|now and then|within reason",
    r"at most|no more than|more than|less than|maximum|max|up to|at least|minimum",
    r"once (?:a|per|every|each)|one (?:link|post|mention)|per (?:day|week|month|post)|every \d+",
    r"after (?:you|\d+|a|the|being|at)|until|before (?:you|posting)|first(?= |$)",
    r"at the (?:end|bottom)|in (?:the )?(?:opening|titles?|first|body|comments?)|inside|within",
    r"in (?:our|the|a) [\w -]{0,30}threads?|mega-?threads?|thread only",
    r"excessive(?:ly)?|repeated(?:ly)?|primar(?:y|ily)|sole(?:ly)?|main(?:ly)? (?:purpose|about)|mostly|blatant|"
    r"obvious|purely|"
    r"(?:only|main|whole|just) (?:purpose|reason|to|here)|nothing (?:else|but)|hidden|undisclosed|constant(?:ly)?|"
    r"low[- ]effort|unrelated|irrelevant|drive[- ]by|mass|bare|naked|entirely|fully|wholly|pure",
    r"active (?:members?|participants?|users?|contributors?)|participat\w+|contribut\w+|regulars?|members? (?:who|"
    r"for)|"
    r"established|approved|verified|accounts? (?:younger|older|under|with|at least|that)|karma|new accounts?",
    r"must|have to|has to|need to|needs? to|should(?! not)|required?|requires?",
    r"only",
)
DUTY = _any(
    r"must(?! not)|have to|has to|need(?:s|ed)?(?: to)?|requir\w*|should(?! not)|mandatory|expected|always|"
    r"at least|minimum|"
    r"only|please|make sure|ensure|remember|keep|stay|be|use|add|include|mark|tag|choose|pick|select|set|write|"
    r"give|put|"
    r"disclose|declare|state|say|tell|search|respect|treat|stick|follow|post in|flair|assign|belongs?"
)
