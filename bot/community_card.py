"""A community at a glance: what it welcomes, what it rejects, how sure that is. All figures stand behind a button."""

from __future__ import annotations

from bot.card import Field
from bot.community_chart import UTC_HOURS, Hours
from bot.words import percent, rounded
from core.analysis.sensitivity import CONDITION, FORBID, RULES, Sensitivity
from core.texts.figures import Direction, Figures

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
        told.append(f"usually {rounded(lengths[0])} to {rounded(lengths[2])} words")
    times = [name for name, _ in figures.when.standing_out(Direction.BETTER, hours.span)][:SHOWN]
    return [*told, *([f"best on {', '.join(times)}"] if times else [])]


def rejected(figures: Figures, sensitivity: Sensitivity) -> list[str]:
    """What the rules say of promotion, what was removed, and what goes with a worse reception."""
    told = [
        one.words for one in sensitivity.witnesses if one.name == RULES and sensitivity.stance in (FORBID, CONDITION)
    ]
    removals, promotion = figures.removals, figures.promotion.removed
    if removals.share is not None:
        beside = (
            f", promotion in {promotion.count:,} of {promotion.of:,} of them with a text" if promotion.count else ""
        )
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
