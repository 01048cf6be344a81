"""A community in words: at a glance (what it welcomes, what it rejects, how sure that is), all its figures, how its
posts were chosen, and the score of a text there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.card import Field
from bot.community_chart import UTC_HOURS, Hours, nothing_found, when_words
from bot.words import counted, percent, rounded, shortened
from core.analysis.reasons import Reason, TextScore
from core.analysis.sensitivity import CONDITION, FORBID, RULES, Sensitivity
from core.analysis.service import Communities
from core.drafting.drafts import Draft, Revision
from core.texts.blanks import blanks_in
from core.texts.features import COUNTED
from core.texts.figures import Band, Direction, Figures, Listed, Power, Removals, Spread

SHOWN = 3  # of what is welcomed, and of what is rejected
_NOTHING_WELCOMED = "nothing that chance does not explain"


def glance_fields(figures: Figures, sensitivity: Sensitivity, hours: Hours = UTC_HOURS) -> tuple[Field, ...]:
    return (
        Field("Welcomes", " · ".join(welcomed(figures, hours))),
        Field("Rejects", " · ".join(rejected(figures, sensitivity))),
        Field("Sensitivity to promotion", sensitivity.told),
        Field("What a text's score tells", power_words(figures)),
    )


def welcomed(figures: Figures, hours: Hours = UTC_HOURS) -> list[str]:
    """What goes with a better reception, the strongest first; then the usual length, and the best times."""
    better = [one.text for one in figures.findings if one.direction is Direction.BETTER][:SHOWN]
    told = better or [_NOTHING_WELCOMED]
    if lengths := figures.body_words.quartiles:
        told.append(f"the usual text has {rounded(lengths[0])} to {rounded(lengths[2])} words")
    times = [name for name, _ in figures.when.standing_out(Direction.BETTER, hours.span)][:SHOWN]
    return [*told, *([f"best on {', '.join(times)}"] if times else [])]


def rejected(figures: Figures, sensitivity: Sensitivity) -> list[str]:
    """What the rules say of promotion, what was removed, and what goes with a worse reception."""
    told = [
        one.words for one in sensitivity.witnesses if one.name == RULES and sensitivity.stance in (FORBID, CONDITION)
    ]
    removals, promotion = figures.removals, figures.promotion.removed
    if removals.share is not None:
        known = f"{promotion.count:,} of the {promotion.of:,} whose text is known"
        beside = f", promotion in {known}" if promotion.count else ""
        told.append(f"{percent(removals.share)} removed{beside}")
    told += [f"received worse: {one.text}" for one in figures.findings if one.direction is Direction.WORSE][:SHOWN]
    return told or ["nothing is known to be rejected"]


def sensitivity_lines(sensitivity: Sensitivity) -> str:
    """What each witness says, also that it knows nothing."""
    return "\n".join(one.words for one in sensitivity.witnesses)


def power_words(figures: Figures) -> str:
    """Returns how well scores of texts tell a post's reception in a community, and what they were learned from."""
    power = figures.power
    if power is None:
        return "Not measured: too few text posts with a settled score. Scores come from other communities only."
    learned = "" if power.learned_from else " Learned from other communities only."
    return f"{power.sentence}.{learned}"


_HABITS = ("title_question", "title_number", "title_first_person", "first_person", "link", "list", "promotion")
_REMOVERS = {
    "moderator": "moderators or AutoModerator",
    "automod_filtered": "AutoModerator's filter",
    "reddit": "Reddit's filters",
    "content_takedown": "Reddit's administrators",
    "unknown": "not said by whom",
}


def detail_fields(figures: Figures, sensitivity: Sensitivity, hours: Hours) -> list[Field]:
    fields = [
        Field("Why this sensitivity", sensitivity_lines(sensitivity)),
        Field("Score", _spread_line(figures.score)),
        Field("Comments", _spread_line(figures.comments)),
        Field("Kind", _kind_line(figures)),
        Field("Title", _band_words(figures.title_chars, "characters")),
    ]
    if figures.body_words.quartiles:
        fields.append(Field("Text", _text_line(figures)))
    if habits := _habit_lines(figures):
        fields.append(Field("Habits", habits))
    if figures.enough:
        fields.append(Field("What goes with the score here", _finding_lines(figures)))
        fields.append(Field("When", when_words(figures.when, hours)))
    if figures.flairs:
        fields.append(Field("Flairs", _listed(figures.flairs)))
    if figures.domains:
        fields.append(Field("Linked most", _listed(figures.domains)))
    return [*fields, Field("Removals", _removal_line(figures.removals))]


def sample_words(figures: Figures) -> str:
    """Returns how the posts were chosen, and how many of their scores have settled: "The newest 300 and the best 200 of
    the year; 180 scores have settled (read a day after the post, or later)."
    """
    ways = [_found_words(found.found_in, found.posts) for found in figures.found]
    chosen = f"{' and '.join(ways)}; " if len(ways) > 1 or any(" the " in f" {way}" for way in ways) else ""
    have = "score has" if figures.settled == 1 else "scores have"
    number = "all" if figures.settled == figures.posts > 1 else f"{figures.settled:,}"
    settled = f"{number} {have} settled (read a day after the post, or later)"
    said = f"{chosen}{settled}."
    said = f"{said[0].upper()}{said[1:]}"
    if figures.is_chosen_by_score:
        said += " All of these were liked: what was rejected is not seen."
    if figures.is_old and figures.scored_at and figures.first_post_at and figures.last_post_at:
        first, last = figures.first_post_at.year, figures.last_post_at.year
        written = f"{first}" if first == last else f"{first} to {last}"
        said += f" Read in {figures.scored_at.year}, written {written}: what is liked may have changed since."
    return said


def _found_words(way: str | None, posts: int) -> str:
    """ "the newest 300", "the best 200 of the year", "80 from files"."""
    kind, _, window = (way or "").partition(":")
    match kind:
        case "new":
            return f"the newest {posts:,}"
        case "top":
            return f"the best {posts:,}{f' of the {window}' if window not in ('', 'all') else ''}"
        case "mixed":
            return f"{posts:,} of the newest and the best"
        case "file":
            return f"{posts:,} from files"
        case "":
            return f"{posts:,} found in an unknown way"
        case _:
            return f"{posts:,} from {kind}"


def _spread_line(spread: Spread) -> str:
    left_out = [
        f"{count:,} {word}" for count, word in ((spread.unsettled, "not settled"), (spread.unknown, "unknown")) if count
    ]
    if spread.quartiles is None:
        of = counted(spread.unsettled + spread.unknown, "post")
        if not spread.unsettled:
            return f"unknown for all {of}"
        return f"none has settled yet, of {of}{f' ({spread.unknown:,} unknown)' if spread.unknown else ''}"
    q1, median, q3 = spread.quartiles
    if spread.elsewhere or spread.chosen:
        left_out.insert(0, f"of {_found_words(spread.found_in, spread.known)}")
    return (
        f"median {rounded(median)}, half between {rounded(q1)} and {rounded(q3)}, "
        f"highest {rounded(spread.highest)} ({', '.join([f'n={spread.known:,}', *left_out])})"
    )


def _band_words(band: Band, unit: str) -> str:
    if band.quartiles is None:
        return "unknown"
    q1, median, q3 = band.quartiles
    return f"median {rounded(median)} {unit}, half between {rounded(q1)} and {rounded(q3)}"


def _kind_line(figures: Figures) -> str:
    own, links, unknown = figures.self_posts, figures.link_posts, figures.posts - figures.self_posts.of
    if not own.of:
        return f"text or link: unknown for all {counted(figures.posts, 'post')}"
    if unknown > 0:
        return f"{own.count:,} text posts, {links.count:,} links, {unknown:,} of unknown kind"
    return f"{own.count:,} text posts ({percent(own.share)}), {links.count:,} links"


def _text_line(figures: Figures) -> str:
    ease = figures.reading_ease
    easy = f"; reading ease {rounded(ease.median)} (60 is plain English)" if ease.quartiles else ""
    return f"{_band_words(figures.body_words, 'words')} (n={figures.body_words.n:,}){easy}"


def _habit_lines(figures: Figures) -> str:
    shares = [(COUNTED[name], figures.shares[name]) for name in _HABITS if name in figures.shares]
    return "\n".join(
        f"{percent(share.share)} with {feature.text} ({share.count:,} of {share.of:,})"
        for feature, share in shares
        if share.of
    )


def _finding_lines(figures: Figures) -> str:
    if not figures.findings:
        return nothing_found(figures)
    lines = [f"{f.higher_or_lower.capitalize()} with {f.text}: {f.counts}" for f in figures.findings]
    return "\n".join([*lines, f"({counted(figures.tested, 'feature')} tested; seen together, not proven as cause)"])


def _listed(entries: Sequence[Listed]) -> str:
    return ", ".join(f"{shortened(entry.name, 40)} {entry.count:,}" for entry in entries[:5])


def _removal_line(removals: Removals) -> str:
    if not removals.removed:
        return f"None among {counted(removals.of, 'post')}; many sources do not show removed posts."
    by = ", ".join(
        f"{_REMOVERS.get(category, category.replace('_', ' '))} {count:,}"
        for category, count in removals.by_category.items()
    )
    return f"{removals.removed:,} of {counted(removals.of, 'post')} ({percent(removals.share)}): {by}"


def reason_line(reason: Reason) -> str:
    """ "-5 words of the title: “free” → try other words for these"."""
    words = f": {', '.join(f'“{word}”' for word in reason.words)}" if reason.words else ""
    advice = f" → {reason.advice}" if reason.advice else ""
    return f"{reason.points:+d} {reason.name}{words}{advice}"


def reason_lines(scored: TextScore) -> str:
    """The reasons, one line each; their points add up to the score minus 50."""
    return "\n".join(map(reason_line, scored.reasons))


async def draft_score_line(communities: Communities, draft: Draft) -> str:
    """Returns `score_line` for a draft; empty while it has blanks, because those are not a text yet."""
    texts = await asyncio.to_thread(_whole_texts, draft.revisions[-2:])
    if (draft.latest.title, draft.latest.body) not in texts[-1:]:
        return ""
    scores = await communities.score_texts(draft.workspace_id, draft.community, texts)
    power = await communities.power(draft.workspace_id, draft.community)
    return score_line(scores[-1], scores[-2] if len(scores) > 1 else None, power)


def score_line(scored: TextScore, before: TextScore | None, power: Power | None = None) -> str:
    """The score, how the last change moved it, what weakens it, and what speaks most against the text; empty when
    scores tell nothing. `power`: how well scores tell posts apart there, where that was measured.
    """
    if not scored.tells:
        return ""
    changed = ""
    if before is not None:
        by = scored.score - before.score
        changed = (
            f", {abs(by)} {'up' if by > 0 else 'down'} since the last text" if by else ", the same as the last text"
        )
    weak = [] if scored.posts else ["learned from other communities only"]
    weak += ["not better than chance here"] if power is not None and not power.is_better_than_chance else []
    beside = f" ({', '.join(weak)})" if weak else ""
    against = min(scored.reasons, key=lambda reason: reason.points, default=None)
    worst = f" Most against it: {reason_line(against)}." if against is not None and against.points < 0 else ""
    return f"{scored.score} in 100{changed}{beside}.{worst}"


def _whole_texts(revisions: Sequence[Revision]) -> list[tuple[str, str]]:
    """Returns title and text of those without blanks."""
    return [(r.title, r.body) for r in revisions if not blanks_in(f"{r.title}\n{r.body}")]
