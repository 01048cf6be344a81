"""The details of a draft: each rule with its words, each sentence with its facts, and everything that was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.card import Action, Button, Card, Choice, Field
from bot.words import bulleted, counted, percent, rounded, shortened
from core.analysis.profile import TextFeatures
from core.campaigns import Fact
from core.drafting.carrying import Carried
from core.drafting.checks import stands_on
from core.drafting.deciding import Details, Reviewed
from core.drafting.drafts import Draft, Opinion, Remark, SecondOpinion
from core.drafting.grounds import Grounds
from core.drafting.marks import standing
from core.drafting.rulings import Compliance, Ruling
from core.drafting.text import ADVICE, OK, PROBLEM, Text
from core.model import READ_BY_MODEL, Pattern
from core.texts.figures import Band, Figures

QUOTE_SHOWN = 200
SENTENCE_SHOWN = 110
SENTENCES_SHOWN = 30
FACT_SHOWN = 160
PATTERNS_SHOWN = 5
OPTIONS_MAX = 25

_STANDINGS = (
    (Compliance.BROKEN, "Rules that it breaks", "broken"),
    (Compliance.CANNOT_TELL, "Rules that nobody can tell from the text", "cannot be told"),
    (Compliance.KEPT, "Rules that it keeps", "kept"),
)
_LEVELS = ((PROBLEM, "To fix before approval"), (ADVICE, "Worth a thought"), (OK, "Checked"))


def details_card(
    details: Details,
    *,
    sample: bool = False,
    lends_voice: bool | None = None,
    rhythm: TextFeatures | str | None = None,
) -> Card:
    """Returns what each rule says of a draft, which facts carry which sentence, and everything that was checked.

    `lends_voice`: whether models may take its poster's tone; None when somebody else reads it. `rhythm`: what is
    counted in its newest text (`has_rhythm`), or why that cannot be told.
    """
    reviewed = details.reviewed
    draft, grounds = reviewed.draft, reviewed.grounds
    return Card(
        title=f"Details of draft {draft.id} for r/{draft.community}",
        sample=sample,
        text="\n".join((_about_rules(details, grounds), _about_sentences(details.sentences))),
        fields=(
            *_rule_fields(details.rulings),
            *_sentence_fields(details.sentences),
            *_opinion_fields(draft.latest.second_opinion),
            *_fact_fields(draft, grounds),
            *_remark_fields(reviewed),
            *_rhythm_fields(reviewed, rhythm),
            *_pattern_fields(draft, grounds),
        ),
        actions=(*_actions(reviewed), *([] if lends_voice is None else [voice_button(draft.id, lent=lends_voice)])),
        values={
            "draft": draft.id,
            "revision": draft.latest.number,
            "rules": [
                {"rule": r.rule, "topic": r.topic, "standing": r.compliance.value, "why": r.text, "quote": r.quote}
                for r in details.rulings
            ],
            "sentences": [
                {"sentence": s.sentence, "facts": list(s.fact_ids), "marked": list(s.marked)} for s in details.sentences
            ],
        },
    )


def ruling_counts(rulings: Sequence[Ruling]) -> str:
    """Returns in words: "5 kept, 1 cannot be told (Post flair)"; "" for no rules."""
    of = Counter(ruling.compliance for ruling in rulings)
    told = []
    for at, _, words in reversed(_STANDINGS):
        if of[at]:
            names = [ruling.rule for ruling in rulings if ruling.compliance is at]
            is_told = len(names) == 1 and at is not Compliance.KEPT
            told.append(f"{of[at]} {words}{f' ({shortened(names[0], 40)})' if is_told else ''}")
    return ", ".join(told)


def used_facts(draft: Draft, grounds: Grounds) -> list[Fact]:
    """Returns the facts that the newest text rests on: today's; for a decided draft those of then that still exist."""
    text = Text.of(draft.latest, draft.revisions)
    ids = stands_on(text, grounds) if draft.status.is_open else draft.latest.fact_ids
    return [fact for fact in grounds.facts if fact.id in ids]


def _about_rules(details: Details, grounds: Grounds) -> str:
    if grounds.rules is None:
        return f"The rules of r/{grounds.community} were never read."
    return f"Rules: {ruling_counts(details.rulings) or 'none that a post could break'}."


def _about_sentences(sentences: Sequence[Carried]) -> str:
    carried = sum(bool(one.fact_ids) and not one.marked for one in sentences)
    marked = sum(bool(one.marked) for one in sentences)
    told = f"{counted(len(sentences), 'sentence')}: {carried} carried by facts"
    return f"{told}, {marked} with words that no fact carries." if marked else f"{told}, none with a claim left open."


def _rule_fields(rulings: Sequence[Ruling]) -> Iterator[Field]:
    for at, name, _ in _STANDINGS:
        lines = [_rule_line(ruling) for ruling in rulings if ruling.compliance is at]
        if lines:
            yield Field(f"{name}: {len(lines)}", "\n".join(lines), quote=True)


def _rule_line(ruling: Ruling) -> str:
    words = " ".join(ruling.quote.split())
    said = f" It says: “{shortened(words, QUOTE_SHOWN)}”" if words and words != ruling.rule else ""
    return f"“{ruling.rule}”: {ruling.text}{said}"


def _sentence_fields(sentences: Sequence[Carried]) -> Iterator[Field]:
    lines = [f"“{shortened(one.sentence, SENTENCE_SHOWN)}” · {_carried_by(one)}" for one in sentences[:SENTENCES_SHOWN]]
    if len(sentences) > SENTENCES_SHOWN:
        lines.append(f"{len(sentences) - SENTENCES_SHOWN} sentences more")
    if lines:
        yield Field("Sentence by sentence", "\n".join(lines), quote=True)


def _carried_by(one: Carried) -> str:
    facts = f"{'fact' if len(one.fact_ids) == 1 else 'facts'} {', '.join(map(str, one.fact_ids))}"
    if one.marked:
        words = ", ".join(f"“{shortened(words, 60)}”" for words in one.marked)
        return f"no fact for {words}" + (f"; the rest: {facts}" if one.fact_ids else "")
    if one.has_blank:
        return "a blank to fill in"
    return facts if one.fact_ids else "claims nothing"


def _opinion_fields(opinion: SecondOpinion | None) -> Iterator[Field]:
    if opinion is None:
        return
    lines = [
        f"“{shortened(claim.sentence, SENTENCE_SHOWN)}” · here: {_ours(claim)} · {opinion.by}: {claim.verdict}"
        for claim in opinion.claims
    ]
    if opinion.problem is not None:
        lines.append(f"Not asked about {'the rest' if lines else 'it'}: {opinion.problem}")
    yield Field("Second opinion", "\n".join(lines) or "It claims nothing that needs a fact.", quote=True)


def _ours(claim: Opinion) -> str:
    if claim.is_marked:
        return "marked"
    return f"fact {', '.join(map(str, claim.fact_ids))}" if claim.fact_ids else "nothing to mark"


def _fact_fields(draft: Draft, grounds: Grounds) -> Iterator[Field]:
    used = used_facts(draft, grounds)
    if used:
        told = "\n".join(f"{f.id} · {shortened(f.body, FACT_SHOWN)} ({f.owner})" for f in used)
        yield Field(f"Facts it stands on: {len(used)} of {len(grounds.facts)}", told, quote=True)


def _remark_fields(reviewed: Reviewed) -> Iterator[Field]:
    shown = _shown(reviewed)
    for level, name in _LEVELS:
        if told := [remark.text for remark in shown if remark.level == level]:
            yield Field(name, bulleted(told))


def _shown(reviewed: Reviewed) -> Sequence[Remark]:
    """Once decided, remarks that were fine are of no use."""
    return [remark for remark in reviewed.remarks if reviewed.draft.status.is_open or remark.level != OK]


def has_rhythm(reviewed: Reviewed) -> bool:
    """Whether its newest text can be compared with the usual ones: those are known, and it is whole."""
    is_whole = all(remark.check != "blanks" for remark in reviewed.remarks)
    return reviewed.grounds.norms is not None and is_whole


def _rhythm_fields(reviewed: Reviewed, rhythm: TextFeatures | str | None) -> Iterator[Field]:
    norms = reviewed.grounds.norms
    if isinstance(rhythm, str):
        yield Field("Its rhythm", rhythm)
    elif rhythm is not None and norms is not None:
        tells_words = any(remark.code.startswith("length_") for remark in _shown(reviewed))
        if lines := list(_rhythm_lines(rhythm, norms, tells_words)):
            yield Field("Its rhythm", bulleted(lines))


def _rhythm_lines(rhythm: TextFeatures, norms: Figures, tells_words: bool) -> Iterator[str]:
    """Yields one line for each measure whose usual figures are known. `tells_words`: a remark tells the words
    already.
    """
    measures: tuple[tuple[str, Band], ...] = (
        ("" if tells_words else counted(rhythm["words"], "word"), norms.body_words),
        (counted(rhythm["paragraphs"], "paragraph"), norms.paragraphs),
        (_a_sentence(rhythm["words_per_sentence"]), norms.words_per_sentence),
    )
    for has, band in measures:
        if has and band.quartiles is not None:
            low, _, high = map(rounded, band.quartiles)
            yield f"{has}; half of the known posts have {low if low == high else f'{low} to {high}'}"
    asking = norms.shares.get("question")
    if asking is not None and asking.share is not None:
        has = "a question" if "question" in rhythm["found"] else "no question"
        yield f"{has} in the text; {percent(asking.share)} of the known posts ask one"


def _a_sentence(words: float | None) -> str:
    if words is None:
        return ""
    return f"{rounded(words)} {'word' if rounded(words) == '1' else 'words'} a sentence"


def _pattern_fields(draft: Draft, grounds: Grounds) -> Iterator[Field]:
    if grounds.patterns:
        told = []
        for pattern in grounds.patterns[:PATTERNS_SHOWN]:
            number, sure = f"{pattern.id} · " if pattern.is_kept else "", f"{pattern.confidence:.0%} sure"
            told.append(f"{number}{shortened(pattern.body, FACT_SHOWN)} ({_origin(pattern)}, {sure})")
        yield Field(f"Avoided, because r/{draft.community} rejects it", "\n".join(told), quote=True)


def _origin(pattern: Pattern) -> str:
    if not pattern.is_kept:
        return f"from {pattern.source}"
    if pattern.is_stated:
        post = f" for post {pattern.tracked_post_id}" if pattern.tracked_post_id else ""
        read = ", read by a model" if pattern.source == READ_BY_MODEL else ""
        return f"the reason moderators stated{post}{read}"
    return f"from a {pattern.source}"


def voice_button(draft: int, *, lent: bool) -> Button:
    """Returns the button that ends that models take a member's tone, or lets them; both answer with `draft` at hand."""
    if lent:
        return Button("Stop lending my tone", "voice keep", draft)
    return Button("Let models take my tone", "voice lend", draft)


def _actions(reviewed: Reviewed) -> tuple[Action, ...]:
    """Returns buttons for a person's own words, which may become facts. What blocks is decided on the draft's card."""
    draft = reviewed.draft
    own = [mark for mark in standing(reviewed.marks) if not mark.generated][:OPTIONS_MAX]
    options = tuple((shortened(f"“{mark.words}”", 80), mark.id) for mark in own)
    choice = (Choice("It is true: keep it as a fact", "mark true", options),) if options else ()
    return (Button("Open the draft", "draft show", draft.id), Button("Its texts", "draft history", draft.id), *choice)
