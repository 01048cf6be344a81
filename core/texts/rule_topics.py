"""The topics of rules, the stances that a rule can take on them, and the words by which each topic is found."""

from __future__ import annotations

import re
from enum import StrEnum

from core.texts.days import A_WEEKDAY


class Topic(StrEnum):
    """What a rule can be about. The values are those of `Feature.topics`."""

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


class Stance(StrEnum):
    """What a rule says about a topic. `NONE`: it speaks of it and restricts nothing."""

    FORBIDS = "forbids"
    ALLOWS_WHEN = "allows_when"
    ONLY_ON = "only_on"
    RATIO = "ratio"
    REQUIRES = "requires"
    NONE = "none"


def said(*words: str) -> re.Pattern[str]:
    """Returns a pattern that matches lower case only, which is several times faster; a long rule has a thousand
    clauses.
    """
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


_OWN = r"(?:your|their|one's|our|my|his or her)(?: own| personal| very own)?"
_OWN_PLACES = (
    r"(?:blogs?|(?:web ?)?sites?|web ?pages?|home ?pages?|channels?|youtube(?: channels?)?|newsletters?|substacks?|"
    r"podcasts?|videos?|articles?|discords?|socials?(?: media)?|portfolios?|content|medium|twitch|streams?|github|"
    r"repos?|domains?|patreon|instagrams?|tik ?toks?|facebook(?: group| page)?s?|twitter|soundcloud|bandcamp|"
    r"mailing lists?)"
)
_OWN_THINGS = (
    r"(?:products?|business(?:es)?|company|companies|start-?ups?|apps?|services?|projects?|tools?|courses?|"
    r"stores?|shops?|agency|agencies|brands?|software|saas|books?|work|stuff|things?|games?|etsy|wares|merch\w*|"
    r"offers?|offerings?|creations?|music|art|practice|clinic|firm|employer)"
)
_CLIENTS = r"(?:customers?|clients?|leads?|business|buyers?|sign-?ups?|subscribers?|followers?|traffic|beta testers?)"
TOPICS: dict[Topic, re.Pattern[str]] = {
    Topic.VOTES: said(
        r"vot(?:e|es|ing)[- ](?:manipulat\w*|begg\w*|brigad\w*|cheat\w*|farm\w*|rings?)",
        r"(?:up|down)-?vot\w*",
        r"brigad\w*",
        r"karma[- ]?(?:farm\w*|whor\w*|begg\w*|bait\w*|fish\w*)",
        r"fish\w* for (?:\w+ )?(?:karma|votes?|likes|awards?)",
        r"(?:ask\w*|beg\w*|solicit\w*|trad\w*|buy\w*|manipulat\w*)(?: \w+){0,2} (?:votes?|karma|scores?)",
    ),
    Topic.REFERRAL: said(
        r"referr?als?(?: (?:links?|codes?))?",
        r"affiliate(?:s|d)?(?: (?:links?|codes?|marketing|programs?))?(?! with)",
        r"ref[- ](?:links?|codes?)",
        r"tracking (?:links?|param\w*|codes?)|tag=|ref=",
        r"utms?(?:_\w+)?|trackers?(?= |$)",
        r"(?:url|link)[- ]shorteners?|shortened (?:links?|urls?)|short-? ?links?|redirects?|bit\.?ly",
        r"(?:invite|invitation|promo|coupon|discount|sign-?up)[- ](?:codes?|links?)|coupons?",
        r"moneti[sz]ed (?:links?|urls?)|kickbacks?|commission links?",
        r"(?:links?|codes?) (?:that|which) (?:earn|pay|make|give)s?(?: you)?",
    ),
    Topic.PROMOTION: said(
        r"(?:self[- ]?)?promo(?:s|t(?:e|es|ed|er|ers|ing|ion|ions|ional|ionals))?(?! codes?)",
        r"advert(?:s|is\w*|iz\w*|orial\w*)?",
        r"(?<!job )(?<!jobs )(?<!help )(?<!hiring )(?<!want )(?<!wanted )ads?",
        r"shill\w*",
        r"plug(?:s|ging|ged)?(?! ?-?ins?)",
        r"solicit(?:s|ing|ation|ations|ed)?",
        r"(?:guerr?illa |stealth |viral )?marketing(?: posts?)?",
        r"(?<!crosspost )(?<!cross-post )(?<!crossposting )(?<!repost )(?<!comment )(?<!vote )(?:blog)?"
        r"spam(?:s|my|mer|mers|ming)?(?! filters?)",
        r"sell(?:s|ing|ers?)?(?! (?:out|by))",
        r"sales(?: (?:pitch\w*|posts?))?|for sale",
        r"pitch(?:es|ing)?",
        r"post(?:s|ing)? about (?:themselves|yourself|yourselves|itself)",
        rf"{_OWN} {_OWN_THINGS}",
        rf"own {_OWN_THINGS}",
        rf"{_OWN_THINGS} (?:that )?(?:you|they)(?:'ve| have|'re| are)? (?:ma[dk]e|built|build|own|sell|"
        rf"created?|wrote|write|run|developed|get paid|are paid|earn|profit|work (?:for|on)|are involved)",
        rf"{_OWN_THINGS}(?:,? (?:or|and)? ?{_OWN_THINGS}){{0,3}} of (?:your|their) own",
        r"(?:some|any)?(?:thing|things|what|stuff) (?:that )?(?:you|they)(?:'ve| have|'re| are)? (?:made|built|build|"
        r"own|sell|selling|created|"
        r"building|making|wrote|involved|working on)",
        r"(?:built|made|created|wrote|developed) (?:it|something|an? \w+) (?:yourself|yourselves)",
        r"launch(?:es|ing)?(?: posts?| announcements?)?",
        r"commercial(?:s|ly|i[sz]ed| posts?| content)?|for[- ]profit|profit[- ](?:seeking|making)",
        r"giveaways?",
        r"businesses|business accounts?|represent\w* (?:an? |any |your )?(?:business|company|brand|compan\w+)|"
        r"brands?(?= (?:acc|rep))|compan(?:y|ies)(?= (?:accounts?|are|may|must|should|can))",
        r"lead[- ]gen\w*",
        rf"(?:generat\w+|acquir\w+|find\w*|fish\w* for|look\w* for|gain\w*|get\w*|driv\w+|attract\w*|poach\w*|"
        rf"recruit\w*|gather\w*)(?: \w+){{0,2}} {_CLIENTS}",
        r"appeals? for (?:money|funds|donations)|(?:collect\w*|ask\w* for|rais\w+) (?:money|funds)|just ?giving|"
        r"crowd-?fund\w*|fund-?rais\w*|kickstarters?|go ?fund ?me|indiegogo|patreon|ko-?fi|donations?|"
        r"(?<!vote )(?<!votes )(?<!karma )(?<!like )begging(?! for (?:\w+ )?(?:karma|likes|votes?|"
        r"up-?votes?|awards?))",
        r"(?:paid|online|your|free) (?:courses?|coaching|consulting|trainings?|webinars?|bootcamps?)|"
        r"courses?(?= (?:aren't|are|"
        r"must|may|can|posts?))|(?:re)?sellers?|manufacturers?|retailers?|distributors?|drop-? ?shipp\w+|"
        r"mlms?|pyramid",
        r"(?:products?|services?|company|brand|business|app|shop|store|etsy|event|release|product) (?:posts?|"
        r"promotions?|"
        r"placements?|announcements?|accounts?|launches|plugs?|advertisements?)|new releases?|release announcements?",
        r"(?:bands?|labels?|artists?|authors?|developers?|devs|studios?|publishers?|founders?|agenc(?:y|ies)|"
        r"freelancers?|"
        r"consultants?|coaches|makers?|companies|organi[sz]ations?|businesses|start-?ups?|breeders|dealers|shops|"
        r"stores)"
        r"(?= (?:may|can|must|should|are|who|need|have|posting|cannot|can't)|$)",
        r"(?:promotion|promo|marketing|sales|exposure|publicity|flyers?|billboard|commerce|commission(?:s|ed)? work)",
        r"offer(?:s|ing|ed)? (?:your |their |a |any )?(?:services?|products?)|trad(?:e|es|ing) posts?|wts|wtb|"
        r"auctions?|"
        r"raffles?|contests?|free(?:bies| trials?)|discounts?|deals?|bargains?|investment (?:pitches|offers)|crypto|"
        r"nfts?",
        r"vendors?|merchants?|peddl\w*|hawk(?:ing|ed)?|storefronts?|merch|sponsor(?:s|ed|ing|ships?)?",
        r"(?:benefits?|profits?) (?:you|them)(?: financially| commercially)?|financial(?:ly)? (?:interest|"
        r"gain|benefit|"
        r"stake)|personal gain|make money (?:off|from)|shameless\w*",
        r"(?:with|about|for|of) (?:their|your) own(?= ?$)|makers of (?:a|the|an) \w+",
        r"show(?:ing)?[- ]off|showcas\w+|drops? (?:his|her|their|your|an?) (?:app|product|link|project|store)",
        r"(?:buying|selling|trading)(?:,| and| or|/)+ ?(?:buying|selling|trading|swapp\w+)?",
    ),
    Topic.OWN_SITE: said(
        rf"{_OWN} {_OWN_PLACES}",
        rf"(?:own|personal) {_OWN_PLACES}",
        r"blog ?spam",
        r"(?:blogs?|podcasts?|newsletters?|substacks?|channels?|vlogs?|you ?tubers?|streamers?|bloggers?)"
        r"(?! (?:of others|you read))",
        r"(?:discord|telegram|whatsapp|facebook|slack|signal) (?:invites?|invitations?|servers?|groups?|ads?)|"
        r"servers? (?:ads?|invites?|promo\w*)",
        r"content creators?|creators? (?:of|with|who|may|can|must)|original content",
        r"(?:links?|linking|linked) (?:back )?to your(?:self| own)?",
        r"links? to your own \w+|your own (?:links?|urls?)|self[- ]links?",
        r"(?:sites?|websites?|domains?|pages?|videos?|articles?|something) (?:that )?(?:you|they) (?:own|run|made|"
        r"wrote|host|manage|control|operate|are affiliated)",
    ),
    Topic.LINKS: said(
        r"(?<!referral )(?<!affiliate )(?<!tracking )(?<!shortened )(?<!short )(?<!invite )(?<!ref )(?<!referal )"
        r"(?<!discord )(?:hyper-?)?links?(?![- ]shorten| in (?:the |our )?(?:sidebar|wiki|side bar))",
        r"(?<!shortened )urls?(?![- ]shorten)",
        r"link[- ]?(?:posts?|drop\w*|dump\w*|farm\w*|bait\w*)",
        r"linking|hot-?link\w*|off-?site|external (?:sites?|content|pages?)",
        r"blog ?spam",
        r"(?:text|self)[- ](?:posts? )?only|only (?:text|self)[- ]posts?|(?:text|self) posts? only",
        r"paywall\w*",
    ),
    Topic.AI_TEXT: said(
        r"(?:(?<!\w)|generative |gen[- ]?|use of |using )a\.?i\.?(?:[- ](?:generated|written|made|created|assisted|"
        r"slop|authored))?(?![- ](?:generated |created |made )?(?:art|arts|artwork|images?|pictures?|photos?|music|"
        r"videos?|voices?|voiceovers?|companies|startups?|news|research|models?|products?|related|topics?|bubble))",
        r"chat ?gpt(?:'s)?|chat ?bots?|claude|gemini|copilot|deepseek|grok|llama",
        r"(?:llm|gpt)s?(?:[- ]\w+)?",
        r"(?:large )?language models?",
        r"(?:machine|computer|bot)[- ](?:written|generated|authored)|auto(?:matically|-)? ?generated",
        r"(?:machines?|robots?|bots?|computers?) (?:wrote|writes?|made|generated)|like a (?:person|human)",
        r"written by (?:a )?(?:robots?|machines?|bots?|computers?)|robots?|(?:self|human)[- ](?:written|"
        r"made|authored)",
        r"generated (?:content|texts?|posts?|answers?)",
    ),
    Topic.FLAIR: said(
        r"(?:un|user[- ]?|post[- ]?|link[- ]?)?flair(?:s|ed|ing)?",
        r"tag(?:s|ged|ging)?(?= (?:your|posts?|it|them|every|the|must|is))|(?<!hash)(?:post|appropriate|correct|"
        r"right|proper) tags?",
    ),
    Topic.TITLE: said(
        r"titles?",
        r"titled",
        r"headlines?",
        r"click ?-?bait\w*",
        r"(?:all[- ])?caps",
        r"sensational\w*|editoriali[sz]\w*",
        r"subject lines?|begin your post with|start your post with",
    ),
    Topic.LENGTH: said(
        r"\d[\d,]*\+? ?(?:words?|characters?|chars?|sentences?|lines?|paragraphs?)",
        r"too (?:short|long|brief)|(?:keep|make) (?:it|them|posts?|your post) (?:short|brief|concise|long)",
        r"one[- ]?(?:liners?|sentence|word|line)(?! titles?)",
        r"(?:very )?(?:short|long|brief|lengthy|concise) (?:posts?|texts?|submissions?|questions?)",
        r"(?:minimum|maximum|min|max|word|character|char) (?:length|counts?|limits?|words?|characters?)|length",
        r"walls? of text|novels?(?= |$)|essays?",
        r"title[- ]only|(?:empty|no|blank) (?:body|bodies)|body text|text body|in the body",
        r"low[- ]?effort|low[- ]quality|effort|short ?posts?",
        r"(?:(?:a )?few|a couple(?: of)?|one|two|three|four|five|six|seven|eight|nine|several|ten|(?:a )?dozen|fifteen|"
        r"twenty|thirty|forty|fifty|hundred)"
        r"(?: full| complete| whole| proper)? (?:words|sentences|lines|paragraphs?)",
        r"(?:enough|sufficient|more|adequate|full|basic|all(?: the)? (?:relevant|necessary)?) ?(?:details?|context|"
        r"information|info|background)|details?|(?:provide|add|give|some|without|include|more) context|the body|"
        r"longer than|shorter than",
    ),
    Topic.FORMAT: said(
        r"screenshots?|images?|pictures?|photos?|memes?|gifs?|infographics?|selfies?|macros",
        r"(?:text|self) posts?",
        r"format\w*|paragraphs?|line breaks?|markdown|code blocks?",
        r"tl;? ?dr",
        r"emojis?|hashtags?",
        r"listicles?|lists",
    ),
    Topic.LANGUAGE: said(
        r"english(?:[- ]only)?",
        r"(?:other|another|foreign|any|which|what|your native|different|native)[- ]languages?",
        r"translat\w+|(?:non|not)[- ](?:in )?english|foreign[- ]language",
        r"(?:in|into) (?:spanish|german|french|portuguese|dutch|italian|russian|chinese|japanese|korean|arabic|hindi|"
        r"turkish|polish|swedish|tagalog|finnish|danish|norwegian)|languages? (?:of|is|are|other|here|rule)|"
        r"(?:german|french|spanish|dutch|italian|portuguese|swedish) (?:only|posts?|comments?)|auf deutsch|bilingual|"
        r"(?:\w+ )?(?:dutch|german|french|spanish|italian|portuguese|swedish) or (?:english|\w+)|deutsch|"
        r"machine translations?",
    ),
    Topic.SURVEYS: said(
        r"surveys?(?:ing)?",
        r"polls?(?:ing)?",
        r"questionnaires?",
        r"(?:market|user|customer|academic|scientific|product|ux) (?:research|validation|interviews?)",
        r"research (?:requests?|participants|posts?|studies|surveys?|projects?)|researchers?|research recruit\w+|"
        r"student projects?|thesis|dissertations?",
        r"(?:study|interview|studies|studys) (?:participants|requests?|recruit\w*)|(?:academic |research )studies",
        r"feedback requests?|focus groups?|google forms?|typeform|data (?:collection|gathering)|take (?:my|"
        r"our) survey",
        r"(?:validat\w+|test\w*) (?:your|an|my|their) ideas?|idea validation|would you (?:pay|buy|use)|(?:you|"
        r"we)'d (?:pay|buy)|(?:test|research) subjects?",
    ),
    Topic.RECRUITING: said(
        r"recruit(?:s|ing|ment|ers?|ed)?",
        r"hiring|\[hiring\]|hire|hires|head-?hunt\w*",
        r"jobs?(?: (?:posts?|offers?|ads?|listings?|boards?|searches|postings?|openings?|seekers?|seeking|hunting))?",
        r"vacanc(?:y|ies)|internships?|gigs?|commissions? (?:open|posts?|requests?)|positions? (?:open|available)",
        r"(?:seeking|looking for|find(?:ing)?|need|wanted)(?: a| an)?(?: [a-z-]+)? (?:co-?founders?|developers?|work|"
        r"clients?|"
        r"freelancers?|employees|employment|collaborators?|partners?|volunteers?|talent|candidates|artists?|"
        r"programmers?|designers?|team ?mates?|job)",
        r"co-?founders?(?: (?:search\w*|posts?|wanted|requests?|matching))?",
        r"for[- ]hire|careers?(?= (?:posts?|ads?|thread))",
        r"resumes?|cvs?|staffing|volunteers?|team ?mates?|help wanted|collab(?:s|orat\w+)?|employees wanted|"
        r"(?:beta[- ]?|play[- ]?|alpha[- ]?)?testers?(?: wanted)?|"
        r"work (?:offers?|requests?|wanted)|employment|casting(?: calls?)?|bounty|bounties|talent|applicants?|"
        r"employers?(?= (?:may|must|can|who|posting))|unpaid work|spec work",
    ),
    Topic.DIRECT_MESSAGES: said(
        r"direct[- ]messag\w*",
        r"(?<!\d )(?<!\d)(?:dm|pm)s?(?:'?ing|'?d)?(?! (?:the |us|a )?(?:mods?|moderat)|\.? us(?!\w))",
        r"private(?:ly)?[- ](?:messag\w*|chats?|conversations?|contact)",
        r"messag(?:e|es|ing) (?:people|users|members|each other|others|you|them|me|posters?|ops?|anyone|someone|"
        r"somebody)(?: privately| directly)?|messages? to (?:members|users|people)",
        r"(?:write|talk|chat|speak|discuss|trade|reach out|move|contact|approach\w*|continue|carry on|"
        r"go on)(?: \w+){0,3} (?:privately|"
        r"in private|off[- ](?:platform|"
        r"reddit)|directly)",
        r"(?:messag\w+|talk\w*|deals?|chats?|conversations?|contact\w*|nothing|anything|everything) "
        r"(?:behind (?:the scenes|closed doors)|out of sight|under the table|in private|on the side)",
        r"back-?channels?|side[- ](?:channels?|conversations?|chats?|talks?)|(?:cold|personal|unsolicited|uninvited|"
        r"unwanted)[- ]messag\w*|messages? nobody asked for",
        r"chat requests?|inbox\w*|check your (?:dms|inbox|messages)|slid\w+ into",
    ),
    Topic.REPOSTS: said(
        r"re-?post(?:s|ed|ing|ers?)?|re-?submi\w+",
        r"duplicates?(?: posts?)?|dupes?|recycled|rehash\w*",
        r"cross-?post(?:s|ed|ing)?|x-?posts?",
        r"(?:asked|posted|answered|covered|discussed|submitted|shared|seen)(?: here)? (?:before|already|recently|"
        r"many times|a lot|to death|previously|in the (?:wiki|faq|last|past)|elsewhere|within)",
        r"(?:already|previously|recently|frequently|commonly)[- ](?:been )?(?:asked|posted|answered|"
        r"covered|discussed|"
        r"submitted|shared)(?: questions?)?",
        r"(?:use the |use our )?search(?: bar| function| feature)?(?: first| before)|use (?:the |our )?search",
        r"search before|check (?:if|whether|that) (?:it|your|the)|search (?:the|this|our) (?:sub\w*|faq|archives?)",
        r"same (?:post|question|link|thing|content|text|topic|image|story)(?: \w+){0,3} (?:twice|again|over|several|"
        r"times|many|across|more than once)",
        r"faqs?|(?:in|read|check|by) (?:the|our) (?:wiki|faq)|common questions|multiple (?:subs|subreddits|times)|"
        r"(?:post|show|share|submit)\w* (?:the |your )?same (?:\w+ ){1,2}(?:again|within|twice|for)|"
        r"(?:delete|deleting) and repost\w*|(?:several|other) subreddits at once",
    ),
    Topic.WEEKLY_THREAD: said(
        r"(?:weekly|monthly|daily|bi-?weekly|mega|stick(?:y|ied)|pinned|dedicated|sharing|share|promo(?:tion)?|"
        r"self-promo(?:tion)?|introductions?|newcomers?|beginners?|discussion|rant|advice|help|career|"
        rf"feedback|showcase|hiring|jobs?|questions?|{A_WEEKDAY}|weekend|creator|referral|survey|"
        r"designated|appropriate|official|simple questions?)(?:[- ](?:\w+[- ]){0,2})(?:threads?|"
        r"posts?(?= (?:is|are|at|"
        r"for|pinned)))",
        r"mega-?threads?|stick(?:y|ied|ies)",
        r"(?:the|our|a|this) (?!(?:same|new|other|existing|original|whole|comment|old|"
        r"first)\b)(?:[\w-]+ ){1,2}threads?",
        rf"(?!(?:on|every|each|or|and|to|until|till|except|by|is|are|only|from|through|this|next|last|no|"
        rf"for)\b)\w+ {A_WEEKDAY}",
        r"threads? (?:for (?:that|it|this|them|these|those|which)|pinned)",
        r"(?:the|our|a) threads? (?:at the top|that is)",
        rf"(?:self-?promo|feedback|pitch|showcase|sharing|share|meme|no stupid questions|small question|"
        rf"question|rant|"
        rf"selfie|show ?off|shameless|promo|introduce|career|hiring|portfolio|critique|mod|wip|help|freebie|market|"
        rf"free talk|free for all|screenshot|moronic|simple questions)[- ]{A_WEEKDAY}",
    ),
    Topic.TIMING: said(
        r"(?:once|twice|one (?:post|thread|link|submission)|(?:\d+|two|three) (?:posts|threads|links|submissions)|"
        r"post)"
        r"(?: per (?:user|person|member|account))? (?:a|an|per|every|each) (?:\d+ )?(?:days?|weeks?|"
        r"months?|hours?|24)",
        r"too (?:often|frequent\w*)|(?:posting |post )frequency",
        r"(?:\d+|one|two|three|a few) (?:minutes|hours|days|weeks) between|between (?:your |two )?(?:posts|"
        r"submissions)",
        r"every (?:\d+|two|few) (?:days|weeks|hours|months)",
        r"(?:max|maximum|at most|up to)\.? (?:\d+|one|two|three) (?:posts|threads|submissions) (?:in|within|per|every)",
        r"flood\w*",
    ),
    Topic.ACCOUNT: said(
        r"(?:comment |post |combined |enough |minimum |little |low |\d+ |some |negative )?karma(?![- ]?(?:farm|whor|"
        r"begg|bait))",
        r"accounts?(?= (?:age|must|under|younger|older|newer|less|with|need|ha[sv]e?|at least|created|that (?:is|"
        r"are)|requirements?|is|are|can|may|will|should|whose|made|registered|\d|per))",
        r"(?:new|young|fresh|brand[- ]new|throwaway|alt(?:ernate)?|alternative|bot|aged?|multiple|second|several|"
        r"burner|secondary|established)[- ]accounts?|throwaways?|alts|sock ?-?puppets?|burners",
        r"(?:day|week|month|year)s?[- ]old accounts?|accounts? (?:is|are) (?:too new|\d+)",
        r"your account",
        r"(?:need|must have|have|require[sd]?|at least|minimum of) (?:at least |made |posted )?(?:\d+|an?|two|three|"
        r"five|ten)"
        r" (?:\w+ )?(?:comments?|contributions?)|participation requirements?|(?:must|should|need to|"
        r"have to) have (?:commented|participated|contributed|posted)|posting requirements?|\d+ (?:\w+ )?comments?"
        r" (?:here|in|before)|member(?:s|ship)? (?:for|of) (?:at least )?(?:\d+|an?|one|two|three|six)",
        r"ban evasion|verified e-?mail|minimum account age|account age|new (?:users?|members?|redditors?|posters?)",
        r"brand[- ]new (?:users?|redditors?|members?)|lurk\w*",
    ),
    Topic.DISCLOSURE: said(
        r"(?:un)?disclos\w*|undeclared",
        r"affiliations?|affiliated with",
        r"transparen\w*",
        r"(?:say|state|tell|mention|declare|admit|reveal|note)(?: us| people| readers| clearly|"
        r" plainly)?(?: that| if|"
        r" when| who)(?: it's| it is)? (?:you|you're|your|yours)",
        r"conflicts? of interest|\bcoi\b",
        r"(?:be )?up-?front",
        r"sock ?-?puppet\w*|astroturf\w*",
        r"(?:your|any|a|their|an|financial) (?:relation(?:ship)?|connection|interests?|stakes?|role|ties?)(?= |$)|"
        r"own shares",
        r"pretend\w*|pos(?:e|es|ing) as|impersonat\w*|fake (?:reviews?|testimonials?|accounts?)|stealth|covert\w*|"
        r"hidden (?:advert\w*|promotion|marketing|agendas?)|native advertising",
        r"identify (?:yourself|themselves|as|your)|(?:be )?(?:honest|open|clear|forthcoming) (?:about|that|with)"
        r"(?: who| your| their| it| being| what| any| you)?|who you are|(?:who|whom) you work for|where you work|"
        r"work for (?:the|a) (?:company|brand)|your employer|paid (?:posts?|to|by)|sponsored|own up|tell us|say so|"
        r"for free|free (?:sample|product|unit|copy|copies)s?|(?:brand|company|official) (?:rep\w*|accounts?|"
        r"employees)|"
        r"employees?|staff|insiders?|paid for|(?:gifted|provided|sent) (?:by|to)|who pays",
    ),
    Topic.CIVILITY: said(
        r"(?:un|in)?civil\w*|be (?:excellent|nice|decent|good|polite|cool|friendly|"
        r"lovely)(?: to each other)?|play nice\w*",
        r"(?:un)?kind(?:ness|ly)?(?! of)",
        r"(?:dis)?respect(?:s|ful|fully|ed)?",
        r"rude\w*|insult\w*|harass\w*|hateful|hate(?: speech)?|racis\w*|sexis\w*|homophob\w*|bigot\w*|slurs?",
        r"(?:personal |ad hominem )attacks?|ad hominems?",
        r"troll(?:s|ing)?|toxic\w*|bully\w*|abus\w*|flam(?:e|es|ing)(?: wars?)?|gatekeep\w*",
        r"(?:be|play) nice|polite\w*|decent|decency|courte\w*|good faith|reddiquette|manners|jerks?|dicks?|assholes?",
        r"profan\w*|(?:foul|bad|abusive) language|swear\w*|name[- ]calling|doxx?\w*|witch ?hunt\w*|threat\w*",
    ),
    Topic.TOPIC: said(
        r"(?:on|off)[- ]topic",
        r"(?:ir)?relevan\w*",
        r"(?:un)?related(?: to)?",
        r"(?:must|should|has to|have to) be about",
        r"nsfw|politic\w*|religio\w*",
        r"belongs? here",
        r"stick to",
    ),
}
