"""What kind of post a text is: a journey, a problem and its solution, a request for feedback, a question, an
announcement, or none of these.

Cues in the title and the text are counted, each with a weight, and the kind with the most is taken. The weights are set
by hand on one half of a corpus of invented texts; docs/norms.md says how often the other half, and posts that somebody
labelled without seeing the answer, agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core.texts import wording
from core.texts.markup import Text, in_lower_case

JOURNEY, SOLUTION, FEEDBACK = "journey", "solution", "feedback"
QUESTION, ANNOUNCEMENT = "question", "announcement"
KINDS = (FEEDBACK, ANNOUNCEMENT, JOURNEY, SOLUTION, QUESTION)  # with equal weights, the first is taken
LEAST = 2.0  # weight; with less, a text is of no kind
_BODY_CHARS = 4_000  # what is read of a text's beginning; its last part is read too, because requests stand there
_END_CHARS = 400

_OWN = r"(?:my|our|this|the)"
_MADE = (
    r"(?:made|built|created|launched|released|shipped|published|developed|designed|wrote|finished|coded|recorded|"
    r"opened|put together|started)"
)
_THING = (
    r"(?:app|site|website|web ?site|page|landing page|tool|product|game|service|shop|store|channel|blog|newsletter|"
    r"podcast|course|book|plugin|extension|template|demo|beta|portfolio|project|startup|start-up|design|logo|idea|"
    r"pitch|resume|cv|draft|song|track|trailer|prototype|mvp|library|pricing|copy|concept|level|art)"
)


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: str
    in_title: float
    in_body: float
    pattern: re.Pattern[str]


_CUES: Sequence[_Cue] = (
    # A request for feedback on something of one's own.
    _Cue(FEEDBACK, 3.0, 1.6, wording.said(r"feedback", r"critiques?", r"critici[sz]e", r"roast (?:my|our|this)")),
    _Cue(
        FEEDBACK,
        4.5,
        2.2,
        wording.said(
            rf"(?:review|rate|rip apart|tear apart|judge) {_OWN}(?: \w+){{0,3}} {_THING}",
            rf"what do you (?:guys |all |people )?think (?:of|about) (?:{_OWN}|it)",
            r"(?:would|i'd|we'd) love (?:to hear )?(?:your|some|any) (?:honest )?(?:thoughts|opinions?|input)",
            r"(?:your|honest|any) (?:honest )?(?:thoughts|opinions?) (?:on|about) (?:my|our|this|it)",
            r"how does (?:it|this|my \w+) (?:look|sound|feel|read)",
            r"(?:need|looking for|want) (?:\w+ )?(?:beta )?testers",
            r"(?:tell|let) (?:me|us) (?:know )?what (?:you|i|we) (?:think|did wrong|like|dislike|could|can improve)",
            r"let (?:me|us) know what you (?:guys )?think",
            r"be (?:brutally )?honest|brutal(?:ly)? honest\w*",
            rf"(?:is|are|does) (?:my|our) (?:\w+ ){{0,2}}{_THING} (?:any )?"
            r"(?:good|clear|bad|too|make|enough|convincing)",
            r"(?:would you|anyone) (?:use|pay for|buy|play) (?:it|this|something like this)",
        ),
    ),
    _Cue(FEEDBACK, 0.0, 2.0, re.compile(r"what do you (?:guys |all )?think\?\W{0,5}\Z", re.IGNORECASE)),
    # Something new that one shows or offers.
    _Cue(
        ANNOUNCEMENT,
        3.0,
        1.4,
        wording.said(
            rf"(?:i|we)(?:'ve| have)? (?:just |finally |recently |today |now ){{0,2}}{_MADE}",
            r"(?:just|finally|officially) (?:launched|released|shipped|published|opened)",
            r"(?:is|are|we're|it's) (?:now |finally |officially ){1,2}(?:live|open|available|out|free|in beta)",
            r"(?:i'm|i am|we're|we are) (?:making|building|launching|releasing|working on|hosting|giving)",
            r"launching (?:today|tonight|soon|my|our|next)|released? today|now available|out now|coming soon",
            r"(?:version|v) ?\d+(?:\.\d+)* (?:is|released|out|now)|new (?:release|version|feature|subreddit|update)",
            r"join us|meet ?-?up|sign ups? (?:are|is) open|free (?:music|assets|sounds|icons|download|for everyone)",
        ),
    ),
    _Cue(
        ANNOUNCEMENT,
        3.0,
        1.6,
        wording.begun(r"introducing", r"announcing", r"meet(?= \w)", r"say hello to", r"presenting", r"proud to"),
    ),
    # What somebody lived through, over some time.
    _Cue(
        JOURNEY,
        3.0,
        1.3,
        wording.said(
            r"how (?:i|we) (?:\w+ ){0,2}(?:made|got|built|grew|went|quit|lost|started|sold|failed|reached|turned|did|"
            r"survived|left|became|learned|earned|raised|closed)",
            r"(?:my|our) (?:\w+ )?(?:journey|story|experience|first (?:year|month|sale|customer|client))",
            r"(?:lessons?|things?|what) (?:i|we)(?:'ve| have)? (?:learn(?:ed|t)|wish)",
            r"lessons? learn(?:ed|t)|post[- ]?mortem|retrospective|looking back|year in review|one year later",
            r"(?:\d+|two|three|four|five|six|ten|a few|several) (?:days|weeks|months|years) (?:later|in|ago|of)",
            r"(?:after|in|for) (?:\d+|two|three|four|five|six|ten|a few|several) (?:days|weeks|months|years)",
            r"from (?:zero|0|nothing|idea|an idea|scratch|\$?\d\S*) to (?:\w+|\$?\d\S*)",
            r"(?:i|we) (?:finally )?(?:quit|left|lost) (?:my|our) (?:\w+ )?(?:job|career|company|savings)",
            r"(?:day|week|month|year|part) \d+(?=\W|$)",
        ),
    ),
    _Cue(
        JOURNEY,
        0.0,
        0.5,
        wording.said(r"(?:at first|in the beginning|back then|eventually|one day|ended up|in the end|that night)"),
    ),
    # A problem and how it was solved; what works.
    _Cue(
        SOLUTION,
        2.6,
        1.5,
        wording.said(
            r"(?:the|a|my|our) (?:\w+ )?(?:fix|solution|workaround|trick|cure)(?: \w+)? (?:is|was|for|to|that)",
            r"(?:i|we)(?:'ve| have)? (?:finally )?(?:fixed|solved|figured out|worked out|got rid of|cracked)",
            r"(?:fixed|solved|figured out) (?:it|this|that|my|our|the)",
            r"(?:the )?(?:problem|cause|culprit|issue) (?:was|turned out)|turn(?:s|ed) out (?:to be|that|it|the)",
            r"what (?:worked|fixed it|helped|solved)(?: for (?:me|us))?",
            r"here(?:'s| is) (?:how|what (?:worked|fixed|helped|i did|we did))",
            r"psa|ysk|lpt|til|pro ?-?tip|protip",
            r"how-to|tutorial|cheat ?sheet|checklist|step[- ]by[- ]step|walkthrough",
            r"beginner'?s? guide|guide (?:to|for)",
            r"(?:\d+|some|few|helpful|useful|quick) (?:\w+ ){0,2}(?:tips|tricks|ways|steps|mistakes)",
            r"for anyone (?:who|with|having|struggling|else)|hope (?:this|it) helps|in case (?:it|this) helps",
            r"(?:i|we) (?:noticed|discovered|found out|realised|realized) that",
        ),
    ),
    _Cue(SOLUTION, 2.6, 0.0, re.compile(r"\A\W{0,3}(?:how to (?!.*\?)|(?:fixed|solved)\b)", re.IGNORECASE)),
    # A question to the community.
    _Cue(QUESTION, 2.2, 0.6, re.compile(r"\?")),
    _Cue(
        QUESTION,
        2.0,
        0.0,
        re.compile(
            r"\A\W{0,3}(?:how|what|why|who|where|when|which|is|are|do|does|did|can|could|should|would|will|has|have|"
            r"any(?:one|body)?|need|help|looking for|considering|best)\b(?! (?:i|we) (?:made|got|built|grew|went|quit|"
            r"lost|sold|did|learned|turned))",
            re.IGNORECASE,
        ),
    ),
    _Cue(
        QUESTION,
        2.0,
        1.2,
        wording.said(
            r"(?:any|some|need|your|for|please) (?:\w+ )?(?:advice|help|suggestions?|recommendations?|ideas|tips\?)",
            r"(?:does|do|has|have|is|can|could|would) (?:any|some)(?:one|body)",
            r"any(?:one|body) (?:know|have|has|else|here|out there|tried|using|used)",
            r"(?:what|which|how|where) (?:would|should|can|could|do|does|is|are) (?:you|i|we|it|the)",
            r"(?:i'm|i am|we're|we are|was|just) (?:wondering|curious|confused|stuck|unsure|not sure)",
            r"(?:help|advise) me|point me|thanks in advance|appreciate any",
        ),
    ),
)


_LOWER_CUES: Sequence[_Cue] = tuple(replace(cue, pattern=in_lower_case(cue.pattern) or cue.pattern) for cue in _CUES)


@lru_cache(maxsize=8)  # each kind's feature asks for the same text
def archetype(text: Text) -> str | None:
    """One of `KINDS`; None when no kind has enough cues."""
    weights = _weights(text)
    best = max(KINDS, key=lambda kind: weights[kind])
    return best if weights[best] >= LEAST else None


def asks_feedback(text: Text) -> bool:
    """Whether a text asks its readers for feedback, also where it is more of another kind. Feedback that somebody gave
    is none that is asked.
    """
    return _weights(text)[FEEDBACK] >= LEAST or any(_ASKED.search(part.prose) for part in text.parts)


# Requests in words that weigh too little to make a text one of that kind.
_ASKED = wording.said(
    r"(?:like|love|need|want|appreciate|welcome|any|looking for|ask(?:ing)? (?:you )?for|give (?:me|us|it)) "
    r"(?:\w+ ){0,2}(?:feedback|critiques?|critici[sz]e|criticism)",
    r"(?:feedback|critiques?|criticism) (?:is |are |would be |very |most |much ){0,3}"
    r"(?:welcome|appreciated|wanted|please)",
    r"roast (?:my|our|this|it)",
)


def _weights(text: Text) -> Mapping[str, float]:
    title, body = (part.prose for part in text.parts)
    if title.isascii() and body.isascii():  # then lower case is matched three times as fast
        title, body, cues = title.lower(), body.lower(), _LOWER_CUES
    else:
        cues = _CUES
    begun, ended = body[:_BODY_CHARS], body.rstrip()[-_END_CHARS:]
    weights: dict[str, float] = dict.fromkeys(KINDS, 0.0)
    for cue in cues:
        if cue.in_title and cue.pattern.search(title):
            weights[cue.kind] += cue.in_title
        if cue.in_body and (cue.pattern.search(begun) or (len(body) > _BODY_CHARS and cue.pattern.search(ended))):
            weights[cue.kind] += cue.in_body
    return weights
