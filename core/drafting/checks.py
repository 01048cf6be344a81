"""The gates that every revision passes: pure functions of a text and its grounds. A draft is checked, never trusted.

Each check returns remarks of level "ok", "advice" or "problem"; a problem blocks approval. Limits are Reddit's own
(title 300 characters, text 40,000).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from core.drafting import marks
from core.drafting.conduct import check_disclosure, check_duplicates, check_private, check_ratio
from core.drafting.drafts import Remark, Support
from core.drafting.grounds import Grounds
from core.drafting.outcomes import check_outcome
from core.drafting.requirements import check_requirements
from core.drafting.rulings import check_rules
from core.drafting.text import ADVICE, OK, PROBLEM, Text
from core.model import READ_BY_MODEL
from core.texts import markup
from core.texts.blanks import blanks_in
from core.texts.features import PHRASE
from core.texts.figures import Band, Direction, Share
from core.texts.markup import Span
from core.texts.plain import shortened

TITLE_MAX_CHARS = 300
BODY_MAX_CHARS = 40_000
MOST_SHOWN_CHARS = 60
_SHOWN_CHARS = 120  # of a whole sentence or phrase
SURE_PATTERN = 0.7  # from this confidence on, a learned pattern blocks instead of advising


def check(text: Text, grounds: Grounds) -> tuple[Remark, ...]:
    """Returns all remarks: problems first, then advice, then what is fine. Deterministic; takes any Unicode."""
    remarks = [remark for gate in _GATES for remark in gate(text, grounds)]
    return tuple(sorted(remarks, key=lambda remark: (PROBLEM, ADVICE, OK).index(remark.level)))


def stands_on(text: Text, grounds: Grounds) -> tuple[int, ...]:
    """Returns the ids of the facts that the text's claims rest on, whatever its writer says it used."""
    rests_on = marks.read(text.whole, grounds, text.sentences).rests_on
    return tuple(grounds.facts[place].id for place in rests_on)


def problems(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    return tuple(remark for remark in remarks if remark.level == PROBLEM)


def _check_title(text: Text, grounds: Grounds) -> Iterator[Remark]:
    title, norms = text.title.strip(), grounds.norms
    if not title:
        yield Remark("title", PROBLEM, "The title is empty.", "title_empty")
        return
    if len(title) > TITLE_MAX_CHARS:
        said = f"The title has {len(title)} characters; Reddit takes {TITLE_MAX_CHARS}."
        yield Remark("title", PROBLEM, said, "title_too_long")
        return
    if any(span.part == markup.TITLE for span in text.has("capitals", grounds)):
        yield Remark("title", ADVICE, "The title is in capitals: it reads as shouting.", "title_capitals")
    if blanks_in(title):
        return  # its length says nothing yet
    band = norms.title_chars if norms else None
    yield _in_band("title", "The title", "characters", len(title), band, grounds.community)


def _check_length(text: Text, grounds: Grounds) -> Iterator[Remark]:
    body, norms = text.body.strip(), grounds.norms
    if not body:
        yield Remark("length", PROBLEM, "The text is empty.", "text_empty")
        return
    if len(body) > BODY_MAX_CHARS:
        said = f"The text has {len(body):,} characters; Reddit takes {BODY_MAX_CHARS:,}."
        yield Remark("length", PROBLEM, said, "text_too_long")
        return
    if blanks_in(body):
        return  # its length says nothing yet
    band = norms.body_words if norms else None
    yield _in_band("length", "The text", "words", len(body.split()), band, grounds.community)


def _in_band(name: str, what: str, unit: str, size: int, band: Band | None, community: str) -> Remark:
    if band is None or band.quartiles is None or band.usual is None:
        return Remark(
            name, OK, f"{what} has {size} {unit}; what is usual in r/{community} is not known.", f"{name}_unknown"
        )
    (low, _, high), (least, most) = band.quartiles, band.usual
    usual = f"half of the {band.n:,} known posts in r/{community} have {low:.0f} to {high:.0f}"
    if size < least:
        return Remark(name, ADVICE, f"{what} is short: {size} {unit}; {usual}.", f"{name}_short")
    if size > most:
        return Remark(name, ADVICE, f"{what} is long: {size} {unit}; {usual}.", f"{name}_long")
    return Remark(name, OK, f"{what} has {size} {unit}; {usual}.", f"{name}_usual")


def _check_blanks(text: Text, grounds: Grounds) -> Iterator[Remark]:
    blanks = blanks_in(text.whole)
    if blanks:
        places = f"“{shortened(blanks[0].words, 60)}” is" if len(blanks) == 1 else f"{len(blanks)} places are"
        yield Remark("blanks", PROBLEM, f"{places} still to be filled in with your own words.", "blank")


def _check_claims(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Yields one remark for each mark. It blocks in what a model wrote, also after an edit around it, and is advice in
    a person's own words, and where the check may well be wrong. When a person says that the words claim nothing, the
    remark says so and no longer blocks.
    """
    found = marks.find(text.whole, text.generated, grounds, text.sentences)
    if not found:
        rests = marks.read(text.whole, grounds, text.sentences).rests_on
        told = "Every claim rests on a fact." if rests else "It claims nothing that needs a fact."
        yield Remark("claims", OK, told, "claims_rest")
        return
    for mark in found:
        said = f"“{shortened(mark.words, MOST_SHOWN_CHARS)}”: {mark.reason}"
        level = PROBLEM if mark.blocks else ADVICE
        by = text.freed.get(mark.words.casefold())
        if by is not None:
            level, said = ADVICE, f"{said}; {by} says that it claims nothing"
        yield Remark("claims", level, f"{said}.", "claim", mark.start, mark.end)


def _check_second_opinion(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Yields what another model doubts and the comparison with facts did not. That can only be advice."""
    opinion = text.second_opinion
    if opinion is None:
        return
    for claim in opinion.claims:
        if claim.verdict is Support.NOT_SUPPORTED and not claim.is_marked and claim.sentence in text.whole:
            said = (
                f"“{shortened(claim.sentence, _SHOWN_CHARS)}”: {opinion.by} finds no fact that says so. Read it again."
            )
            yield Remark("second opinion", ADVICE, said, "opinion:not_supported")


def _check_links(text: Text, grounds: Grounds) -> Iterator[Remark]:
    links = text.has("link", grounds)
    if not links:
        yield Remark("links", OK, "No links.", "links_none")
        return
    if text.has("shortened", grounds):
        said = "A shortened link hides where it goes: Reddit's filters remove those."
        yield Remark("links", PROBLEM, said, "link_shortened")
    if text.has("referral", grounds):
        said = "A link carries tracking or referral parts: take off what follows the “?”."
        yield Remark("links", PROBLEM, said, "link_referral")
    of = grounds.norms.shares.get("link", Share()) if grounds.norms else Share()
    if of.share is not None and of.share < 0.1:
        said = f"Links are rare in r/{grounds.community}: {of.count:,} of {of.of:,} texts have one."
        yield Remark("links", ADVICE, said, "links_rare")
    if len(links) > 1:
        yield Remark("links", ADVICE, f"{len(links)} links in one post look like promotion.", "links_many")
    if text.has("title_link", grounds):
        yield Remark("links", PROBLEM, "The title holds a link.", "title_link")


def _check_promotion(text: Text, grounds: Grounds) -> Iterator[Remark]:
    words = tuple(dict.fromkeys(span.words.lower() for span in text.has("promotion", grounds)))
    if words:
        level = PROBLEM if len(words) >= 4 else ADVICE
        yield Remark("promotion", level, f"Sounds like an advertisement: {', '.join(words[:6])}.", "ad_words")
    named = text.has("product", grounds)
    mentions = len(named)
    if mentions > 2:
        yield Remark("promotion", ADVICE, f"The text names {grounds.campaign.name} {mentions} times.", "product_often")
    if any(span.part == markup.TITLE for span in named):
        yield Remark("promotion", ADVICE, f"The title names {grounds.campaign.name}.", "product_in_title")
    if not words and not mentions:
        yield Remark("promotion", OK, "Nothing sounds like an advertisement.", "no_ad_words")


def _check_manners(text: Text, grounds: Grounds) -> Iterator[Remark]:
    if text.shows(("votes",), grounds) is not None:
        yield Remark("votes", PROBLEM, "It asks for votes: that breaks Reddit's rules.", "votes")
    accounts = text.has("account_named", grounds)
    if accounts:
        said = f"It brings in another account ({accounts[0].words}): leave accounts out."
        yield Remark("accounts", PROBLEM, said, "account_named")


def _check_patterns(text: Text, grounds: Grounds) -> Iterator[Remark]:
    read = text.read(grounds)
    for pattern in grounds.patterns:
        caught = pattern.catches(read)
        if caught:
            level = PROBLEM if pattern.confidence >= SURE_PATTERN else ADVICE
            source = "the moderators' stated reason" if pattern.is_stated else pattern.source
            source += ", read by a model" if pattern.source == READ_BY_MODEL else ""
            said = f"r/{pattern.community} rejects this: {shortened(pattern.body, _SHOWN_CHARS)} ({source})"
            yield Remark("patterns", level, said + _here(caught), f"pattern:{pattern.feature or PHRASE}")


def _here(caught: Sequence[Span]) -> str:
    """Returns the words that a pattern caught, unless they are too long to show."""
    words = dict.fromkeys(" ".join(span.words.split()) for span in caught if len(span.words) <= MOST_SHOWN_CHARS)
    return f": {', '.join(f'“{word}”' for word in list(words)[:3] if word)}" if any(words) else ""


def _check_rules_known(text: Text, grounds: Grounds) -> Iterator[Remark]:
    if grounds.rules is None:
        said = f"The rules of r/{grounds.community} were never read: read them before you post."
        yield Remark("rules", ADVICE, said, "rules_unread")


def _check_reception(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Yields each form that the text has and with which posts are received worse there."""
    norms = grounds.norms
    if norms is None or blanks_in(text.whole):
        return  # what stands in the blanks is not known yet
    medians = {"long_title": norms.title_words.median, "long_text": norms.body_words.median}
    for finding in norms.findings:
        params = {"words": medians.get(finding.feature) or 0}
        if finding.direction is Direction.WORSE and text.has(finding.feature, grounds, params):
            yield Remark(
                "reception", ADVICE, f"In r/{grounds.community}: {finding.sentence}", f"reception:{finding.feature}"
            )


_GATES: tuple[Callable[[Text, Grounds], Iterator[Remark]], ...] = (
    _check_blanks,
    _check_title,
    _check_length,
    _check_claims,
    _check_second_opinion,
    _check_links,
    _check_promotion,
    _check_manners,
    _check_patterns,
    check_requirements,
    _check_rules_known,
    check_rules,
    check_duplicates,
    check_ratio,
    check_disclosure,
    check_private,
    check_outcome,
    _check_reception,
)
