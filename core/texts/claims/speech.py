"""What a clause does: claim, ask, thank, plan, suppose, advise, or speak about the world at large. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from core.texts.claims import lexicon
from core.texts.claims.classes import classes_of


class Speech(StrEnum):
    """What a clause does. Only the first two are compared with facts in full."""

    CLAIM = "claim"
    PROMISE = "promise"  # what will happen to whoever uses the product
    QUESTION = "question"
    MANNERS = "manners"  # thanks, greetings, words about the post itself
    OPINION = "opinion"
    PLAN = "plan"
    HYPOTHESIS = "hypothesis"
    ADVICE = "advice"
    GENERAL = "general"  # about the world at large, with a hedge


_ASKS = re.compile(
    r"(?:and |but |so |or )?(?:got|need|want|like|tired|fancy|ready|still|curious|wondering|looking|having|"
    r"using|tried|"
    r"how|what|why|who|whom|whose|which|when|where|do|does|did|is|are|was|"
    r"were|am|has|have|had|can|"
    r"could|would|should|will|may|might|shall|any(?:one|body)?|isn't|aren't|don't|doesn't|didn't|"
    r"won't|wouldn't|thoughts|"
    r"ideas|right|really|ever)\b",
    re.IGNORECASE,
)
_PRESUPPOSES = re.compile(
    r"\bdid you know\b|\bhave you heard\b|\bguess what\b|\bwhy (?:do|does|did|are|is) \d|"
    r"\b(?:isn't|aren't|don't|doesn't|wasn't|right|no|correct)\b[^?]{0,12}\?$",
    re.IGNORECASE,
)
_MANNERS = re.compile(
    r"^(?:(?:big|many|so|again|and|also|anyway|well|ok(?:ay)?|but|first of all|really|truly|very|just|honestly|"
    r"yes|yeah|no|oh|lastly|"
    r"finally|i|we|heads up|a big|a huge|huge|massive|kind|warm)[,:]? )*(?:"
    r"thanks?\b(?! to (?!all|every|you|the mods|mods|who|those|any|both|this (?:sub|community|place)|the (?:sub|"
    r"community)|reddit|r/|you|folks))|"
    r"thank you|thx|cheers\b|hi\b|hello\b|hey\b|"
    r"dear\b|greetings\b|good (?:morning|evening|afternoon|day)\b|morning\b|welcome\b|sorry (?:for|if|"
    r"about|in advance)\b|"
    r"apologies\b|my apologies\b|pardon\b|excuse\b|happy to (?:answer|help|share|talk|hear|chat)|"
    r"glad to (?:answer|help|share)|(?:much |lots of |all my )?love to (?:all|every|you|the mods|"
    r"this (?:sub|community|"
    r"place)|the (?:sub|community))|hats off\b|shout-?out to\b|kudos to\b|props to\b|"
    r"feel free\b|let me know\b|looking forward\b|edit\b|update:|tl;?dr\b|ps\b|p\.s\b|mods?\b|"
    r"please\b|long[- ]time (?:lurker|reader)|heads[- ]up\b|long live\b|wish (?:me|us) luck|fingers crossed|"
    r"here goes|bear with me|be (?:kind|gentle|nice)|go easy|no hard feelings|"
    r"correct me|ignore (?:me|this)|that(?:'s| is| was) (?:all|it|enough|the (?:short|long) (?:version|story)|"
    r"my (?:story|question|point))\b|"
    r"(?:re|cross-?)?posting (?:this|here|with|from|on|as|again)\b|"
    r"(?:you|everyone|everybody|people|folks|this (?:sub|community|place))(?: (?:people|all|guys|folks|"
    r"lot))?(?:'ve| have| has|'re| are|"
    r" were| was)(?: been)? (?:all |so |very |really |too |always )*(?:kind|helpful|great|lovely|patient|"
    r"awesome|amazing|generous|"
    r"the best|wonderful|nice)\b|"
    r"(?:hope|hoping) (?:this|that|it)\b|(?:not )?my (?:first|second|last) post\b|[^.?!]{0,60}\bmods?'? (?:said|"
    r"ok\w*|approv\w+|"
    r"permission|blessing|allowed)\b|[^.?!]{0,40}\basked (?:here )?before\b|"
    r"[^.?!]{0,60}\b(?:please|sorry|thanks|"
    r"thank you)[.!]*$|[^.?!]{0,40}\bin the comments?\b|"
    r"[\w ]{0,20}\bto (?:everyone|everybody|all|those|anyone) (?:who|that|of you)\b|"
    r"first (?:post|time)\b|new here\b|not sure if (?:this|it)|i hope (?:this|that|it)(?:'s|"
    r" is)? (?:ok|okay|allowed|fine|helps)|"
    r"congrat\w*|great (?:post|thread|question)|good (?:question|point|luck)|nice (?:work|post|one)|"
    r"muchas|merci|danke|sorry\b|"
    r"cross[- ]?post\w*|throwaway|delete if|remove if|i'm (?:new here|all ears|around)|"
    r"i'll (?:be around|answer|reply|read|try to answer)|"
    r"have a (?:nice|good|great)|take care|best (?:wishes|regards)|(?:that|this) (?:helped|helps|clears|makes sense)|"
    r"(?:this|the) (?:post|thread) (?:is|was)|appreciate\w*|much appreciated|much obliged|(?:i|"
    r"we) (?:won't|will not|am not going to|don't want to|'m not going to) (?:post|link|drop|share|"
    r"spam|advertise|sell|promote)|ask me anything|ama\b|any questions\b)",
    re.IGNORECASE,
)
_SEEKS = re.compile(
    r"(?<!no )(?<!the )\b(?:any|some|your|all|other|more)\b[^.?!]{0,40}\b(?:advice|tips?|ideas?|thoughts|feedback|"
    r"suggestions?|recommendations?|pointers?|"
    r"help|input|opinions?|experiences?|stories)\b|\b(?:i'm|i am|we're|we are|am)? ?(?:looking for|"
    r"curious|wondering|interested in|"
    r"keen to|eager to|hoping (?:to hear|for))\b|\b(?:i'd|we'd|i would|we would)(?: really|"
    r" also)? (?:love|like|appreciate|be (?:glad|happy|grateful|"
    r"curious|interested)|welcome|value)\b|\bi (?:can|could) (?:also |always )?(?:post|share|show|send|upload|"
    r"explain|dig out|answer)\b|"
    r"^(?:drop|send|shoot|give|message|ping|dm|write|email|mail|ask|show|hit|pm) (?:me|us)\b|"
    r"\b(?:roast|critique|rip into|tear apart) (?:my|our|it)\b|\b(?:my|our) first language\b|\bnon-native\b|"
    r"\b(?:right|wrong) (?:sub|flair|place|subreddit)\b|\bi wonder\b|\bwe wonder\b|(?:^|\bplease |\byou |\bto |"
    r"\band )tell me\b|\bpointers?\b|"
    r"\bis (?:welcome|appreciated)\b|"
    r"\b(?:are|would be|be) (?:welcome|appreciated|great|lovely|helpful)\b|\bcould (?:some|any)(?:one|"
    r"body)\b|\bopen to\b",
    re.IGNORECASE,
)
_OPINES = re.compile(
    r"\b(?:i|we)(?: [\w']+)? (?:think|believe|guess|suspect|feel|reckon|suppose|prefer|doubt|"
    r"(?<!we )find(?! (?:a |some|any|the )?\w+ (?:in|within|"
    r"for|on)\b)|"
    r"assume|imagine|agree|disagree|expect|fear|hope|wish|"
    r"am convinced|am not sure)\b|\bi'd (?:say|argue|guess|bet|rather|prefer)\b|\bi would (?:say|"
    r"argue|rather)\b|\bi'm (?:not )?(?:sure|convinced|afraid|torn|"
    r"fond|partial to|no expert)\b|\b(?:in|to) my (?:opinion|view|mind|book|eyes|humble|honest|"
    r"experience)\b|\bimo\b|\bimho\b|"
    r"\bif you ask me\b|^(?:personally|to me|for me|honestly|frankly|to be (?:fair|honest|frank)|"
    r"for my (?:taste|money|"
    r"part)|if i'm honest)\b|\b(?:is|are|seems?|feels?|looks?|sounds?|tastes?|means?|"
    r"matters?)\b[^.,;]{0,30} (?:to|for) me[.!]*$|\bi personally\b|\b(?:half|only|just) (?:joking|kidding)\b|"
    r"\bfight me\b|\bthat's just me\b|\bfor my (?:taste|liking)\b|\bone of those \w+ that (?:nobody|"
    r"everybody|we)\b|\bmy (?:take|guess|hunch|"
    r"feeling|view|opinion|two cents|2 cents)\b|\bseems? to me\b|"
    r"\b(?:how|way) i see it\b|\b(?:i|we) (?:honestly |really |still |just )?(?:can't|cannot|couldn't) (?:say|"
    r"tell|judge|promise)\b|\bhard to (?:say|tell)\b|"
    r"\bwho knows\b|\b(?:i|we) (?:don't|do not) know (?:if|whether|how|what|why)\b|\bno idea (?:if|whether|how|"
    r"what|why)\b|"
    r"\bfair warning\b|\bfor what it's worth\b|\bdon't take my word\b|\b(?:might|could|may) bore\b|"
    r"\bas (?:far as i can tell|i see it)\b|\bfeels? (?:like|as if) (?:a|it|the)\b|\b(?:is|"
    r"are) (?:over|under)rated\b|\bhot take\b|\bunpopular opinion\b|"
    r"\bi(?: \w+)? (?:like|love|hate|enjoy|dislike|admire) (?:how|that|them|those|it when|the idea|the way|when)\b",
    re.IGNORECASE,
)
_PLANS = re.compile(
    r"\b(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to|"
    r"(?: \w+)? (?:plan|intend|hope|want|aim|mean|wish|aspire|"
    r"would like|might|may|could) (?:to )?|'d like to| would like to|(?:'m| am|'re|"
    r" are)(?: \w+)? (?:planning|thinking (?:of|about)|considering|"
    r"tempted|hoping|trying to decide|toying|looking (?:at|into)))\b|\bmy (?:plan|goal|hope|aim) is\b|"
    r"\bour (?:plan|goal|hope|aim) is\b|"
    r"\bnext (?:up|step|i|we)\b|\bone day\b|\bi'll\b|\bwe'll\b",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(
    r"^(?:and |but |so |or )?(?:(?:had|were|should) (?:i|we|you|it|they|he|she)\b"
    r"(?=.*(?:, |\b(?:would|could|might)\b|'d\b))|if|suppose|imagine|say|maybe|perhaps|"
    r"assuming|what if|even if|unless|let's say|"
    r"picture)\b",
    re.I,
)
_MODAL = re.compile(
    r"\b(?:would|could|might|(?-i:may)|should|wouldn't|couldn't|shouldn't|mightn't|ought)\b|"
    r"\b\w+'d\b(?! (?:been|had|already|\w+ed))",
    re.I,
)
_PROMISES = re.compile(
    r"\b(?:you|it|this|that|your \w+|they|users?|customers?|people|everyone|nobody|\w+s)(?:'ll| will|"
    r" won't| will not|'re going to| are going to| is going to|"
    r" is guaranteed| are guaranteed)\b|\bguarantee[sd]?\b|\byou can (?:stop|forget|finally)\b",
    re.IGNORECASE,
)
_ADVISES = re.compile(
    r"^(?:how|when|where|what|why) (?:not )?to\b|"
    r"^(?:(?:so|and|but|then|also|first|just|please|always|never|instead|and then|my advice:?|tip:?|"
    r"pro tip:?),? )*(?:don't|do not|never|always|try|keep|ask|send|start|write|make|talk|"
    r"take|look|let|consider|remember|be|avoid|put|give|show|read|listen|wait|stop|use|think|forget|"
    r"expect|leave|cut|check|test|"
    r"measure|weigh|wipe|stick|record|describe|learn|pick|choose|go|buy|set|say|tell|turn|clean|store|"
    r"save|add|remove|begin|find|"
    r"accept|assume|beware|mind|trust|spend|invest|focus|skip|ignore|share|compare|count|draw|play|"
    r"practi[sc]e|walk|run|sleep|eat|cook|"
    r"mix|rest|treat|offer|explain|plan|prepare|pay|charge|track|note|label|rotate|water|feed|charge|"
    r"block|turn|hold|call|meet|help|"
    r"work|live|respect|watch|learn|build|ship|launch|fix|follow|repeat|allow|bring|copy|"
    r"double[- ]check|back up|sit|stay|get|switch|"
    r"order|visit|contact|join|download|install|grab|book|come|pre-order|sign|see|enjoy|open|select|"
    r"bend|drink|breathe|print|close|hold|press|click|replace|wash|dry|split|sort|pack|carry|relax|"
    r"experiment|question|research|save|sketch|talk|trust|wear|decide|define|limit|break|bake|mix|"
    r"serve|taste|sell|hire|lower|raise|reply|respond|pause)\b(?!\w*['-]s\b)",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"\b(?:our|us|we|app|website|web ?site|app store|play store|demo|link|trial|version|account|"
    r"online|here|product|order|download|"
    r"install|pre-order|shop(?! (?:sign|window|floor|owner)s?)|store|wishlist)\b|https?:|www\.|\w\.(?:com|"
    r"io|org|net|co|app|dev|shop)\b",
    re.IGNORECASE,
)
_TELLS_YOU = re.compile(
    r"^(?:\w+,? )?you(?:'d| should| need to| must| have to| ought| might| may| could| want to| better|"
    r" can(?:'t|not)? (?:always|never|only|just|learn|go wrong|expect|have))\b|"
    r"\bone (?:should|has to|must|can|needs)\b|\bit(?:'s| is) (?:worth|better|best|good|wise|ok|okay|"
    r"fine|safer|easier|important|hard|easy|tempting|"
    r"difficult|tricky|all about|a matter|up to you|not (?:easy|worth|about|always))\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\b(?:it|that|this|much|a lot|everything|all of it)(?: \w+)? depends?\b|\bdepending on\b|"
    r"\bdepends on (?-i:(?![A-Z]))|\bmileage\b|\btastes? (?:differs?|vary|varies)\b|"
    r"\b(?:every|each) (?:\w+ ){1,3}(?:is|has|behaves|needs|works|differs)\b[^.]{0,30}(?:\bdifferent|"
    r"\bown\b|\bquirks?|\bdiffers|\bunique|\bspecial|"
    r"\bproblems)|\b(?:every|each) \w+ (?:\w+ ){0,4}(?:differently|different|its own|their own)\b|"
    r"\b(?:different|differently)\b[^.]{0,40}\b(?:for|in|every|each|pace|everyone|"
    r"everybody|probably|people)\b|\bprobably different\b|"
    r"\bno two\b|\bno (?:single )?(?:right|wrong|one[- ]size|perfect|silver|magic)\b|\bone size\b|"
    r"\bsome (?:people|folks|of us|days|like|prefer|love|say|will)\b|"
    r"\bsome (?:do|don't|will|won't)\b|\bothers? (?:don't|do|prefer|like|may|will)\b|\b(?:(?-i:may)|might) "
    r"(?:not )?(?:\w+ )?(?:be|have|vary|differ|help|suit|work|depend|look|behave)\b|\b(?:can|"
    r"could) (?:not )?(?:vary|differ|depend(?! on))\b|"
    r"\b(?:will|'ll|would) (?:probably|likely|most likely|perhaps|surely) (?:\w+ ){0,2}(?:differ\w*|vary|other)\b|"
    r"\b(?:sometimes|often|usually|generally|tends? to|in general|as a rule|rarely|seldom|hardly ever|"
    r"typically|normally)\b|"
    r"\bi (?:may|might|could) (?:be|have|well)\b|\bnot (?:for|legal|medical|financial|an expert)\b|"
    r"\bthere(?:'s| is| are) (?:no (?:single|right|wrong|perfect|one|easy|magic|silver|shortcut|"
    r"substitute|need|rush|shame|point|such|way|harm|free)|always|more than one|plenty|"
    r"a difference|two sides|nothing wrong)\b|\b(?:people|folks|we all|everyone|everybody|nobody|"
    r"no one|most of us|life|things|habits|things) "
    r"(?:likes?|hates?|learns?|makes?|wants?|needs?|is|are|takes?|happens?|starts?|forgets?|struggles?|knows?)\b|"
    r"\b(?:is|are|can be|gets?) (?:\w+ ){0,2}(?:hard|difficult|tricky|annoying|boring|fun|normal|"
    r"important|art|easy|simple|great|lovely|awful|terrible|brutal|rough|rewarding|stressful|lonely|exhausting|"
    r"painful|messy|complicated|personal|"
    r"subjective|worth it|scary|tiring|weird|strange|a pain|underrated|overrated|allowed|ugly|"
    r"beautiful|human|tough|frustrating|confusing)\b|"
    r"\b(?:probably|perhaps|maybe|possibly) (?:\w+ ){0,2}(?:too|overkill|wrong|nonsense|silly|only|not|just)\b|"
    r"\b(?:takes?|needs?) (?:time|patience|practice|courage|effort|luck)\b|\bwhatever works\b|"
    r"\bto each\b|\btime will tell\b|\bof course$",
    re.IGNORECASE,
)
_DOING_IS = re.compile(
    r"^(?:not )?(?!.*\d)\w+ing\b(?:(?! (?:i|we|it|our|my|us|its)\b) [\w'-]+){0,8}? (?:is|isn't|are|aren't|"
    r"takes?|hurts?|"
    r"feels?|helps?|beats?|"
    r"means?|works?|needs?|costs?|requires?|can|can't|won't|never|rarely|makes?|pays?|wins?|teaches)\b",
    re.IGNORECASE,
)
_AT_LARGE = re.compile(
    r"\b(?:it|that|this|much|a lot|everything)(?: \w+)? depends?\b|\bmileage\b|\btastes? (?:differs?|"
    r"vary|varies)\b|\bno two\b|"
    r"\b(?:every|each) (?:\w+ ){1,3}(?:is|has|behaves|needs|works|differs)\b[^.]{0,30}(?:\bdifferent|"
    r"\bown\b|\bquirks?|\bunique|\bspecial|\bproblems)|"
    r"\bsome \w+ [^.]{0,40}\bothers\b|\bus all\b|\bwe all\b|\bnot every\w*(?: \w+)? (?:likes?|wants?|"
    r"needs?|is|has|works?|will|can)\b|\b(?:is|"
    r"are) (?:\w+ )?a matter of\b|\bvar(?:y|ies) (?:\w+ly|a lot|from)\b|"
    r"\bno (?:single )?(?:\w+ )?(?:right|wrong|one[- ]size|perfect|silver|magic)\b|\bsome (?:people|"
    r"folks|of us|days|like|prefer|do|don't)\b",
    re.IGNORECASE,
)
_EACH_ITS_OWN = re.compile(r"\b(?:every|each) \w+ (?:\w+ ){0,4}(?:its|his|her|their) own\b", re.I)
_ALL_OF_US = re.compile(
    r"\bwe(?:'re| are| have|'ve) all\b|\byour (\w+) (?:is not|isn't|is) my \1\b|\b(?:of )?us all\b|"
    r"\ball of us\b|\bwe all\b|\bmost of us\b|\bsome of us\b",
    re.I,
)
_ORDERS = re.compile(
    r"^(?!it|we|i|you|they|he|she|this|that|these|there|here|our|my|the|an?|no|all|in|on|at|for|with|"
    r"after|before|since|as|to)"
    r"[a-z]+(?<!s)(?<!ed)(?<!ing) (?:it|them|your|yourself)\b",
    re.IGNORECASE,
)
_SELF_OR_PRODUCT = re.compile(
    r"\b(?:i|i'm|i've|i'd|my|mine|we|we've|we're|we'd|our|ours|us|it|its|it's|customers?|clients?|"
    r"users?|students?|subscribers?|competitors?)\b",
    re.IGNORECASE,
)
_DEFINITELY = re.compile(
    r"\b(?:i|we)(?:'ve| have| had)\b|\b(?:i|we) (?:\w+ed|was|were|had|got|made|ran|built|lost|sold|"
    r"grew|won|spent|saw|cut)\b",
    re.I,
)
_US = re.compile(r"\bUS\b")


def speech_of(clause: str, sentence: str, names: re.Pattern[str] | None = None) -> Speech:
    """Returns what a clause of a sentence does. `names` finds the product's own name; a clause with it is about the
    product.
    """
    clause = clause.strip(" ,;:-–—()\"'*_")
    tail = sentence.rstrip("\"')*_ ")
    if tail.endswith("?") and not _PRESUPPOSES.search(tail):
        if _ASKS.match(clause) or sentence.rstrip("\"')*_ ?").endswith(clause.rstrip("?")):
            return Speech.QUESTION
        if _SUPPOSES.match(clause):
            return Speech.HYPOTHESIS
    if _MANNERS.match(clause) or (_MANNERS.match(sentence.strip("\"'*_ ")) and not _about_us(clause, names)):
        return Speech.MANNERS
    if _SEEKS.search(clause):
        return Speech.MANNERS
    if _OPINES.search(sentence) and not _DEFINITELY.search(clause.replace("I found", "").replace("we found", "")):
        return Speech.OPINION
    if _SUPPOSES.match(clause):
        return Speech.HYPOTHESIS
    if _PLANS.search(clause):
        return Speech.PLAN
    return _of_the_rest(clause, sentence, names)


def _of_the_rest(clause: str, sentence: str, names: re.Pattern[str] | None) -> Speech:
    about_us = _about_us(clause, names)
    if (_ADVISES.match(clause) or _ORDERS.match(clause) or _commands(clause)) and not _INVITES.search(clause):
        return Speech.ADVICE
    if _PROMISES.search(clause):
        return Speech.PROMISE
    if _MODAL.search(clause) and not _DEFINITELY.search(clause):
        return Speech.HYPOTHESIS
    if _TELLS_YOU.search(clause) and not (names is not None and names.search(clause)):
        return Speech.ADVICE
    if (not about_us and (_GENERAL.search(clause) or _DOING_IS.search(clause))) or (
        (_AT_LARGE.search(clause) or _ALL_OF_US.search(clause) or _EACH_ITS_OWN.search(clause))
        and not _DEFINITELY.search(clause)
    ):
        return Speech.GENERAL
    return Speech.CLAIM


def _commands(clause: str) -> bool:
    """Whether it is a command, with a bare verb at the beginning: “steal sentences from books you love”."""
    first, second = [*clause.lower().split(" ", 2), "", ""][:2]
    if first in _PAST_TOO or first.endswith(("s", "ed", "ing")) or not first.isalpha():
        return False
    can = classes_of(first)
    return (can == "v" and "v" not in classes_of(second)) or ("v" in can and second in _BEHIND_A_COMMAND)


_BEHIND_A_COMMAND = frozenset(lexicon.BEHIND_A_COMMAND.split())

_PAST_TOO = frozenset(lexicon.PAST_TOO.split()).union(
    word for word, base in (pair.split(":") for pair in lexicon.IRREGULAR.split()) if word != base
)


def _about_us(clause: str, names: re.Pattern[str] | None) -> bool:
    return bool(_SELF_OR_PRODUCT.search(_ALL_OF_US.sub(" ", _US.sub(" ", clause)))) or (
        names is not None and bool(names.search(clause))
    )
