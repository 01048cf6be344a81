"""Words that claim something by themselves: superlatives, social proof, causes, studies and the like. Pure.

A signal in a sentence must be in the facts that the sentence rests on; `SAYS` tells in plain words what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.texts.claims.classes import is_degree


@dataclass(frozen=True, slots=True)
class Signal:
    kind: str
    start: int
    end: int


_WHO = (
    r"(?:customers?|clients?|users?|buyers?|guests?|subscribers?|players?|students?|readers?|"
    r"listeners?|viewers?|members?|patients?|regulars?|neighbou?rs?|"
    r"colleagues?|friends?|partners?|owners?|managers?|parents?|mentors?|investors?|volunteers?|"
    r"testers?|teachers?|lawyers?|doctors?|attendees|beta users|"
    r"team|someone|somebody|people|folks|guy|man|woman|lady|kid|mother|father|reviewer|journalist|"
    r"streamer|stranger|dba|developer|engineer|designer|"
    r"treasurer|agency|agencies|freelancer|founder|shop|backer|supporter|commenter|locals?|barista|"
    r"chef|farmer|nurse|they|he|she|one|many|everyone|everybody)"
)
_SAY = (
    r"(?:said|says?|told|tells?|wrote|writes|(?:write|call|report|comment|describe|text)(?= (?:that|me|us|to|in|"
    r"how|it as)\b)|e?-?mailed|messaged|called|put it (?:best|well|nicely|like|this|so)|"
    r"(?:emails|calls|reports?) (?:that|us|me|it|this)|"
    r"mentioned|admitted|thanked|raved|confessed|reported|swore|texted|commented|describes|"
    r"described)"
)
_THING = (
    r"(?:tools?|apps?|products?|sensors?|planners?|courses?|games?|services?|software|suites?|"
    r"solutions?|shops?|stores?|bakeries|libraries|brands?|companies|platforms?|providers?|options?|"
    r"kits?|devices?|programs?|systems?|trackers?|probes?|models?|guides?|books?|plugins?|packages?|"
    r"agencies|makers?|vendors?|sellers?|tutorials?|schools?|classes|bikes?|breweries|caf[ée]s?|"
    r"roasters?|gyms?|studios?|ones|newsletters?|editors?|clients|diff tools?|managers|spreadsheets?|"
    r"sites?|marketplaces?)"
)

_COMPARED = (
    r"(?:fast|slow|cheap|quick|strong|weak|small|bigg|larg|long|short|high|low|eas|hard|simpl|clean|"
    r"clear|light|heav|saf|smart|warm|cool|hott|"
    r"cold|dark|bright|quiet|loud|soft|rich|poor|young|old|new|near|clos|deep|wid|thin|thick|tough|"
    r"smooth|nic|happ|health|friendl|fresh|great|"
    r"fin|kind|calm|bus|tast|juic|crisp|crunch|funn|prett|ugl|clever|wis|sharp|bold|tight|loos|rough|"
    r"fair|lean|neat|sweet|gentl|fanc|tid|"
    r"stead|sturd|tin|trick|dens|grand|rar|shin|slimm|fitt|proud|dirt|messi|sleek|stiff)i?er"
)

_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "study",
        r"\b(?:stud(?:y|ies) (?:show|find|found|prove|suggest|say|confirm|have|by|from|in|on|of)\w*|"
        r"research(?:ers?)?\b(?! (?:tool|group|paper))|scientists?|"
        r"\w+(?:logists|nomists|trists|ticians|tionists) (?:say|agree|recommend|confirm|warn|advise)|"
        r"doctors (?:say|recommend)|"
        r"scientific(?:ally)?|science (?:says|shows|is clear)|experts? (?:say|agree|recommend|confirm|"
        r"believe|warn|think)|surveys? (?:show|find|found|prove|say|suggest)\w*|"
        r"(?:a|the|one|recent|another) (?:\w+ ){0,2}(?:survey|study|poll)|statistic(?:s|ally)?|"
        r"according to|data (?:shows?|suggests?|proves?)|evidence|"
        r"(?:it(?:'s| is| has been)|is|are|been) (?:well[- ]|widely |clinically |"
        r"scientifically )?(?:proven|documented|established)|"
        r"clinical(?:ly)?|proves? that|proven to|(?:studies|research|tests?|benchmarks?|numbers|figures|"
        r"reports?|analysts?) (?:show|prove|say|confirm|suggest|agree)\w*|"
        r"(?:everyone|everybody) knows|it is (?:well )?known|(?:in|by) (?:a|an|one) (?:\w+ )?(?:study|"
        r"survey|experiment)|industry (?:average|data|report|figures)|\w+ university)\b",
    ),
    (
        "award",
        r"\b(?:awards?|award-winning|prizes?|(?:silver|gold|bronze) medal|winners?|winning (?:entry|"
        r"product)|nominat\w+|shortlisted|finalists?|featured (?:in|on|by|at)|as seen (?:in|on)|"
        r"(?:were|was|got|been|are|is) (?:\w+ )?(?:featured|voted|named|selected|picked|chosen|ranked|"
        r"rated|listed|recommended|endorsed|certified|accredited|covered (?:by|in|on) (?:the )?(?:press|news|"
        r"papers?|tv|radio|magazines?|media)|praised|reviewed|audited|"
        r"approved)\b|"
        r"voted|hono(?:u)?rable mention|selected (?:for|by|as)|certified|certification|accredited|"
        r"endorse[sd]?|endorsement|recommended by|approved by|backed by|"
        r"(?:admins?|moderators?|mods|mod team|jury|experts?)(?: of \w+)? (?:have |has |had )?"
        r"(?:approved|okayed|recommend\w*|praised)|"
        r"the (?:local )?(?:press|paper|papers|newspaper|magazine|radio|tv)|trending|top post|"
        r"product of the (?:day|week|month|year)|\w+ of the year|patented|patents? (?:pending|on|for)|iso \d+|"
        r"front page|"
        r"(?:in|by|from) the (?:guardian|times|press|news)|five[- ]stars?|5[- ]stars?|[45]\.\d stars?|"
        r"wrote about us|press coverage|y combinator|editor'?s? (?:choice|pick))\b",
    ),
    (
        "testimonial",
        rf"\b{_WHO}\b(?: (?!(?:the|a|no|any|same|equal) say|the same|rarely|seldom|hardly|sometimes|"
        rf"often)\w+){{0,5}}? {_SAY}\b(?! (?:up|on|by|into|off|out|for)\b)|"
        rf"\b(?:as|like) (?:one|a|an|our|"
        rf"my)(?: \w+){{1,3}} {_SAY}|\b{_SAY} (?:a|one|one of|our|my) (?:\w+ ){{0,3}}?{_WHO}\b|"
        rf"\b{_SAY} (?:me|us|to me|to us)\b|\bquote from (?:a|one|our)\b|\bin the words of\b|"
        rf"\btestimonials?\b|\bin (?:his|her|their) (?:own )?words\b",
    ),
    (
        "social proof",
        r"\b(?:loves?|loved|adores?|adored|rav(?:e|es|ed|ing)|swears? by|swore by|thrilled|delighted|"
        r"obsessed|hooked|addicted|enthusiastic|impressed|fell in love|falls? in love) ?(?:it|us|this|"
        r"with|about|how|the|by|that|our|to)?\b|"
        r"\bcan(?:'t|not) (?:get enough|live without|imagine|stop)|\b(?:never|not|"
        r"n't) (?:want to )?go back\b|"
        r"(?<!you're )(?<!you are )\bhappy (?:with|customers|users|clients)|\bhappier\b|\bsatisf(?:ied|action)\b|"
        r"\bpopular\b|\btrust(?:ed|s)? (?:by|us|it)\b|\bfavou?rites?\b|\bbeloved\b|\b(?:went|gone|going|"
        r"goes) viral\b|\bword of mouth\b|\bword (?:has|is|got|gets) \w+|\bgo-to\b|"
        r"\b(?:everyone|everybody|everyone else|half of|most of) (?:i know|we know|in|is|are|has|have|"
        r"uses?|keeps?|seems?|loves?|talks?|at|around|i respect|of)\b(?= ?(?:\w+ ){0,6}?(?:us(?:e|es|ing)|"
        r"lov\w+|tell\w*|ask\w*|switch\w*|it|us|talk\w*|mov\w+)\b)|"
        r"\bpeople (?:keep|i know|love|rave|tell|can't|swear|ask me)\b|\b(?:rel(?:y|ies|ied)|"
        r"depends?) (?:on) (?:it|us|this|our)\b|\bswitched (?:to|over|from)\b|\b(?:swear|stand)s? by\b|"
        r"\bflock(?:s|ed|ing)? to\b|\b(?:crazy|mad|wild|nuts) about (?:it|them|us|this)\b|\b(?:moved|"
        r"switched|migrated|come|came)"
        r"(?: over)? to (?:it|us)\b|\bqueue (?:up|around|for)|\bhidden gem\b|\bbuzz\b|\bhype\b|\bfans?\b|\bcult\b|"
        r"\bhousehold name\b|\bwidely (?:used|adopted|known)\b|\bin (?:high )?demand\b|\bsold out\b|"
        r"\bsells? out\b|\bcome over from\b|\brecommend(?:s|ed)? (?:it|us|this)\b|"
        r"\b(?:great|good|positive|amazing|glowing|rave|wonderful|overwhelming\w*) (?:feedback|reviews?|"
        r"reception|responses?|ratings?)\b(?! (?:is|are|means|needs|takes)\b)|\b(?:feedback|reviews?|"
        r"response) (?:\w+ ){0,3}(?:positive|"
        r"great|amazing|good|overwhelming)|"
        r"\b(?:have|has) adopted\b|\bmust[- ]have\b|"
        r"\b(?:has|have|had|'s|really|just) taken off\b(?! the)|\bbrings? (?:it|their \w+) to us\b|"
        r"\bi know (?:uses|use|has|have|loves?)\b|\b(?:no|not|never|nobody|few|zero|"
        r"without)(?: \w+){0,3} compla\w+|\bimpress\w*|"
        r"\bspread(?:s|ing)? (?:the word|like)",
    ),
    (
        "superlative",
        r"\b(?:the|our|my|its|your|of|world's|town's|single|very) (?:\w+ )?(?:best|worst|"
        r"\w{3,}est)\b(?! (?:part|parts|lesson|surprise|mistake|thing|question|way|bit|version|release|"
        r"news|update|of (?:luck|us|it)|guess|regards|wishes|step|feedback|to do|post))|"
        r"^(?:\w+iest|best|fastest|cheapest|easiest|simplest|strongest|lightest|smallest|greatest|finest|"
        r"smartest|kindest|cleverest|quickest|safest|largest|biggest|highest|lowest|smoothest|toughest|"
        r"oldest|longest|the (?:\w+)est) \w+|"
        r"\b(?:the|our|its|your|my) (?:single )?(?:most|least) (?!of\b|part\b|recent|people|"
        r"important (?:thing|lesson|part)|interesting part|common (?:question|mistake))\w+|"
        r"\bleading\b|\bunbeatable\b|\bunmatched\b|\bunrival(?:l)?ed\b|\bunparalleled\b|\bultimate\b|"
        r"\bnumber one\b|#1\b|\bno\. ?1\b|\btop[- ](?:rated|notch|tier|of the line)\b|\bsecond to none\b|"
        r"\b(?:the|a) top (?!of|left|right|post)\w+|"
        r"\bworld[- ]class\b|\bstate[- ]of[- ]the[- ]art\b|\bcutting[- ]edge\b|\b(?:nobody|no one|"
        r"no other|nothing)\b(?: (?:\w|')+){0,5}? (?:\w+er|better|close|closer|beats?|like (?:it|us|this)|"
        r"compares?|matches)\b|"
        r"\bno other \w+|"
        r"\bperfect(?:ly)?\b|\bflawless(?:ly)?\b|\bgold standard\b|\bone of a kind\b|\bunique(?:ly)?\b|"
        r"\brevolutionary\b|\bgame[- ]?chang\w+|\bbest[- ]\w+ing\b|\b(?:best|most|"
        r"worst) (?:\w+ ){0,3}(?:on the market|in (?:the|town|class|europe|its)|on the planet|"
        r"in the world|available|you can (?:buy|get)|there is|around|ever)\b|"
        r"\bever (?:made|built|seen|written|published|tasted)\b|\bunlike any(?:thing)?\b|\bhands down\b|"
        r"\bbar none\b|\bnumber 1\b|\bpioneer\w*|\bground[- ]?breaking\b|\bunprecedented\b|"
        r"\bincredibl[ey]\b|\bamazing(?:ly)?\b",
    ),
    (
        "comparison",
        rf"\b(?:more|less|fewer|better|worse|further|{_COMPARED})(?: [\w'-]+){{0,4}}? than\b(?! (?:\d|"
        rf"one\b|halved|doubled|tripled|a (?:third|half|quarter|dozen|day|week|month|year|hundred|decade)|"
        rf"half|two|three|four|"
        rf"five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
        rf"ninety|an? (?:hour|ton|kilo|litre|mile|metre)|i (?:thought|hoped|expected|planned)|[£$€]|"
        rf"a minute|a hundred))|"
        r"\bcompared (?:to|with)\b|\bunlike\b|\boutperform\w*|\boutlast\w*|\boutsell\w*|\bsurpass\w*|"
        r"\bsuperior\b|\b(?:twice|half|three times|ten times|\d+(?:x| times)) (?:as|more|less|\w+er)\b|"
        r"\b\d+x\b|"
        r"\bbeats (?!around|me\b)\w+|\bversus\b|\bvs\.?\b|\bas (?:good|fast|accurate|reliable|cheap|easy|"
        r"precise|strong|safe|secure) as\b(?! (?:cash|gold|new|done|gone|dead|any|it gets)\b)|"
        r"\bthan (?:any|most|all|other|the competition|what you|its|"
        r"those|your usual|everyone|everybody)\b|\bmore (?:and more|than ever)\b|\b(?:faster|cheaper|"
        r"easier|better|quicker|smarter|safer|stronger|lighter|simpler)(?: and \w+er)?[.!]?$|"
        r"\bnoticeably\b|\ban edge over\b|\bahead of\b",
    ),
    (
        "only",
        r"\bthe only(?! (?:thing|reason|way|time|question|problem|catch|downside|person who|one who|part|"
        r"difference))(?: \w+)?\b|\bthe first(?= (?:\w+ )?(?:tool|app|product|sensor|planner|course|game|"
        r"service|software|shop|store|bakery|library|brand|company|platform|of its kind|to|one to|ever|"
        r"device|program|system|in the|thing of)\b)|(?<=\bwas )the first\b(?! (?:time|thing|step|version|day|"
        r"week|month|year|one))|"
        r"(?<=\bwere )the first\b|(?<=\bis )the first\b(?! (?:time|thing|step|version|day|week|month|year))|"
        r"^the first (?:\w+ ){1,5}?(?:in (?:the|this|our) (?:country|world|city|town|region|industry|county|"
        r"area)|of its kind)|"
        r"\bfirst[- ]ever\b|\bsole(?:ly)?\b|"
        r"\bexclusive(?:ly)?\b|\bonly (?:we|our|this tool)\b|"
        r"\b(?:no one|nobody) else\b(?! (?:is|was|wants?|wanted|can) )|"
        r"\bnothing else\b|\bnowhere else\b|\bnot found anywhere else\b|\bone and only\b",
    ),
    (
        "cause",
        r"\bthanks to\b|^since (?!\d|then\b|last\b|this\b|the (?:beginning|start|launch|"
        r"release))[^.]{3,80}\b(?:more|less|"
        r"fewer|better|worse|lower|higher|rose|risen|fell|grew|dropped|doubled|halved|(?:went|is|are) (?:up|down))\b|"
        r"\bbecause of\b|\bdue to\b|\bled to\b|\bresult(?:s|ed|ing)? in\b|"
        r"\bas a (?:direct )?(?:result|consequence)\b|\bcaus(?:e|es|ed|ing)\b|"
        r"\b(?:is|was|are|that's|it's) why\b|\bowing to\b|\bcredit(?:s|ed)?\b(?! card)|\bmade (?:\w+ )?possible\b|"
        r"\bthe reason\b|\breason (?:is|why|for)\b|"
        r"\b(?:ever )?since (?:using|switching|we (?:use|run|switched|started using)|they (?:use|"
        r"switched)|installing|adopting|moving to)\b|\b(?:cured|healed|rescued)\b|\btriggered\b|"
        r"\bdrove\b(?= (?:\w+ )?(?:sales|growth|up|down))|\bbrought (?:us|about|in)\b|\bboost(?:s|ed)?\b|"
        r"\bhelped (?:us|them|him|her|people|\w+s) (?!me\b)\w+|\bpaid off\b|\bconsequently\b|\bhence\b",
    ),
    (
        "competitor",
        rf"\b(?:other|most(?: other)?|typical|usual|existing|traditional|conventional|rival|competing|paid|"
        rf"expensive|mainstream|popular|similar|comparable|big(?: \w+)?|bigger|cheap|generic|standard|"
        rf"ordinary|regular|fancy|all other|many|legacy|so-called|every other|"
        rf"any other)(?: [\w-]+){{0,2}}? {_THING}\b|"
        r"\bcompetitors?\b|\bcompetition\b|\brivals?\b|\balternatives?\b|\bincumbents?\b|"
        r"\bthe big (?:ones|players|guys|names|boys|brands|suites)\b|\b(?:chain|big[- ]box|"
        r"department) (?:stores?|shops?|bakeries|gyms?)\b|\bsupermarkets?\b(?:'s)?|\beveryone else\b|"
        r"\bso-called\b|(?<!look )\belsewhere\b|\bknock-?offs?\b|\bcopycats?\b|\banything (?:else|"
        r"from a factory)\b|\bthe usual \w+",
    ),
    (
        "promise",
        r"\bnever (?:\w+ ){1,5}again\b|\bguarantee(?:d|s)?\b|\bmoney[- ]back\b|\byou'?ll (?:never|love|"
        r"taste|feel|notice|thank|wonder|be amazed|save|see (?:the|a) difference)\b|"
        r"\byou won'?t (?:regret|believe|put|look back)\b|\b(?:will|'ll) change (?:your|the)\b|"
        r"\bno more (?!than)\w+|\bonce and for all\b|\bin no time\b|\brisk[- ]free\b|\bpays? for itself\b|"
        r"\bworth every\b|\bfor life\b|\bforever\b|\bfor ever\b|\blife-?(?:time|long) (?:of|access|warranty|guarantee|"
        r"support|updates?|licen[cs]e|deal)\b",
    ),
    (
        "quantifier",
        r"\b(?:everyone|everybody|everything|everywhere|always|anywhere|worldwide|countless|the (?:whole|entire) "
        r"(?:world|town|city|country|industry|community|internet|market|village|street|county|region|harbou?r|field)|"
        r"most of (?:our|the|my|them|us)|most (?!of\b)(?=\w+s\b)|"
        r"the majority|(?:almost|nearly|virtually|practically) (?:all|every\w*|always|everyone|nobody|"
        r"no one|none|no)|"
        r"hardly (?:any\w*|ever)|barely any\w*|next to no(?:ne|body)?|every time|most of the time|"
        r"(?<!after )(?<!at )(?<!in )(?<!above )(?<!by )(?<!that's )(?<!first of )(?<!you )(?<!half of )all (?!it |"
        r"you |we |they |i )(?:of "
        r")?(?:our |the (?!same|best|more|time|while|power|way)|my |its |their |these |"
        r"those )?(?:\w+ )?(?=\w+s\b)|"
        r"every (?!(?:\d+|two|three|four|five|six|eight|ten|twelve|few|couple of|other|second|third) "
        r"(?:days|weeks|months|years|hours|minutes|seconds|nights)\b|day|week|month|year|night|morning|evening|hour|"
        r"weekday|monday|tuesday|wednesday|"
        r"thursday|friday|saturday|sunday|time|now|quarter|second|other|third|minute|single (?:day|week|"
        r"night)|bit\b)(?:single )?\w+|around the world|all over|across (?:the|all)|no exceptions?|100 ?%|"
        r"without exception|in all cases|each and every|half (?:of )?the (?:world|town|community|"
        r"country))\b",
    ),
    ("none", r"\b(?:never|nobody|no one|none|nothing|no \w+ (?:has|have) ever)\b"),
)
_SIGNALS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_IDLE = re.compile(
    r"\b(?:all (?:in all|the best|the same|i know|of a sudden|ears|set|good|right)|(?:for nothing|nothing but)|"
    r"nothing (?:fancy|"
    r"special|to (?:do|lose|hide|sell))|never mind|none of (?:this|that)|no one size|nothing (?:wrong|"
    r"against)|each other|one another|"
    r"according to (?:plan|taste)|"
    r"(?:before|more than|less than|above) anything else|most likely|at most|"
    r"for the most part|most of (?:the time|all)|everything else)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"(?=[^\"]*[a-z])(?:[^\"\s]+\s+){2,}[^\"]*\"")

SAYS = {
    "study": "no fact names a study, a survey or an authority for this",
    "award": "no fact tells of an award, a recommendation or press",
    "testimonial": "no fact holds these words of a customer or user",
    "social proof": "no fact says what people think of it",
    "superlative": "no fact says that it is above all others",
    "comparison": "no fact makes this comparison",
    "only": "no fact says that it is the only or the first one",
    "cause": "no fact says that one caused the other",
    "competitor": "no fact says this of others",
    "promise": "no fact can promise what will happen",
    "quantifier": "no fact says this of all or of most",
    "none": "no fact says that it never or nowhere happens",
}


def signals_in(text: str) -> Iterator[Signal]:
    """Yields the signals of a readable text, by kind and then by place."""
    idle = [match.span() for match in _IDLE.finditer(text)]
    for kind, pattern in _SIGNALS:
        for match in pattern.finditer(text):
            if match.end() == match.start() or any(start <= match.start() < end for start, end in idle):
                continue
            if kind != "superlative" or _compares(match.group()):
                yield Signal(kind, match.start(), match.start() + len(match.group().rstrip(" .!")))


def _compares(words: str) -> bool:
    """Whether the words compare: “the fastest one”, “nobody is faster”, but not “the interest”, “nobody can order”."""
    shaped = [word for word in re.findall(r"\w+(?:er|est)\b", words.lower()) if word not in _GRAMMAR]
    return not shaped or any(is_degree(word) for word in shaped) or _SUPERIOR.search(words) is not None


_GRAMMAR = ("other", "never", "ever")
_SUPERIOR = re.compile(r"\b(?:most|least|leading|top|number one|no other|like|beats?|matches|compares?)\b", re.I)


def quotes_in(text: str) -> Iterator[Signal]:
    """Yields the words in quotation marks that are somebody's words: three at least, which somebody is said to have
    said, or who says “I”, or praises, or which are all of the sentence. Others are a name, a label or a way of
    speaking (“pay what you want”).
    """
    for match in _QUOTED.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if (
            _SAID_BEFORE.search(before[-_BESIDE_A_QUOTE:])
            or _SAID_AFTER.search(after[:_BESIDE_A_QUOTE])
            or _SAYS_I.search(match.group())
            or len(f"{before} {after}".split()) <= _FEW_WORDS
            or any(pattern.search(match.group()) for kind, pattern in _SIGNALS if kind in _PRAISING)
        ):
            yield Signal("testimonial", *match.span())


_SAID_BEFORE = re.compile(
    rf"\b{_SAY}\b|\b{_WHO}(?:'s)?\W*$|\b(?:e?mails?|messages?|reviews?|comments?|feedback|quotes?|words|notes?|letters?|"
    r"answers?|reply|replies|reactions?|verdict)\b",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(rf"^\W*(?:- ?\w|– ?\w|— ?\w)|\b{_SAY}\b", re.IGNORECASE)
_SAYS_I = re.compile(r"\b(?:I|I'm|I've|I'd|my|me|we|we're|we've|our)\b")
_PRAISING = ("superlative", "social proof", "comparison", "only")
_BESIDE_A_QUOTE = 50  # characters
_FEW_WORDS = 3
