"""Demands as people read and write them: one line each, "2 promotion: only on Saturday — “Promo on Saturdays”".

`line_of` writes what `read_lines` reads, so that a form can hold all demands of a community and come back corrected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.texts.days import WEEKDAYS, days_in
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, figure_of, ratio_in, second_figure_of

_LINE = re.compile(r"^\s*(?:rule )?(\d{1,3})[.):]?\s+([a-z][a-z _-]*?)\s*:\s*(.+?)\s*$", re.IGNORECASE)
_QUOTE = re.compile(r"\s*[—-]*\s*“([^”]*)”\s*$")
_OF = re.compile(r"\b(\d{1,3}) of (\d{1,3}) posts")
WAYS = "never · free · only on Friday · at most 1 of 10 posts · under a condition · required"
NOTHING = "nothing"  # what people write when the rules restrict nothing
QUOTE_AT_MOST = 60


# Of these a rule forbids some, or the lack: "civility: never" would say the opposite.
_NEVER = {
    Topic.CIVILITY: "never broken",
    **dict.fromkeys((Topic.ACCOUNT, Topic.FLAIR, Topic.LANGUAGE, Topic.WEEKLY_THREAD), "never of some kinds"),
}


def stance_words(demand: Demand) -> str:
    """ "never", "only on Friday", "at most 1 of 10 posts", "allowed when …", "required …" or "free"."""
    if demand.stance is Stance.FORBIDS:
        return _NEVER.get(demand.topic, "never")
    if demand.stance is Stance.ONLY_ON:
        return (
            f"only on {' and '.join(WEEKDAYS[day] for day in demand.weekdays)}"
            if demand.weekdays
            else "only on some days"
        )
    if demand.stance is Stance.RATIO:
        return "at most {} of {} posts".format(*(demand.ratio or (1, 10)))
    if demand.stance is Stance.NONE:
        return "free"
    named = (
        f"between {demand.number:,} and {demand.also[0]:,} {demand.unit}"
        if demand.topic is Topic.LENGTH and demand.number is not None and demand.also is not None
        else " and ".join(f"{number:,} {unit}" for number, unit in demand.figures if unit)
    )
    amount = f" ({named})" if named else ""
    return ("required" if demand.stance is Stance.REQUIRES else "under a condition") + amount


def line_of(number: int, demand: Demand) -> str:
    """The line of a demand of the rule with this number."""
    quote = " ".join(demand.quote.replace("“", '"').replace("”", '"').split())
    shown = quote if len(quote) <= QUOTE_AT_MOST else f"{quote[: QUOTE_AT_MOST - 1]}…"
    return f"{number} {demand.topic.replace('_', ' ')}: {stance_words(demand)} — “{shown}”"


class Unread(ValueError):
    """A line is not a demand. The text says in words what is wrong."""


def read_lines(text: str, quotes: Sequence[str]) -> list[tuple[int, Demand]]:
    """The number of the rule (from 1) and the demand in each line. `quotes` has the text of each rule, for lines that
    do not quote it. Raises `Unread` for the first line that cannot be read.
    """
    found: list[tuple[int, Demand]] = []
    if text.strip().lower().rstrip(".") == NOTHING:
        return found
    for line in text.splitlines():
        if line.strip():
            found.append(_read_line(line, quotes))
    return found


def _read_line(line: str, quotes: Sequence[str]) -> tuple[int, Demand]:
    quoted = _QUOTE.search(line)
    match = _LINE.match(line[: quoted.start()] if quoted else line)
    if match is None:
        raise Unread(f"“{line.strip()[:80]}” is not written as “1 promotion: never”.")
    number = int(match[1])
    if not 1 <= number <= len(quotes):
        raise Unread(f"There is no rule {number}: the rules are numbered from 1 to {len(quotes)}.")
    plain = "_".join(match[2].lower().replace("-", " ").replace("_", " ").split())
    if plain not in set(Topic):
        raise Unread(
            f"“{match[2]}” is not a topic. There are: {', '.join(topic.replace('_', ' ') for topic in Topic)}."
        )
    quote = quoted[1].strip() if quoted and quoted[1].strip() else quotes[number - 1]
    return number, _demand(Topic(plain), match[3], quote)


def _demand(topic: Topic, said: str, quote: str) -> Demand:
    low = said.lower()
    demand = Demand(topic, Stance.ALLOWS_WHEN, quote)
    if days := days_in(said):
        return replace(demand, stance=Stance.ONLY_ON, weekdays=days)
    if re.match(r"never|forbidden|no\b|not allowed|banned|forbids?\b", low):
        return replace(demand, stance=Stance.FORBIDS)
    ratio = _OF.search(low)
    if ratio is not None or ratio_in(low) is not None:
        return replace(demand, stance=Stance.RATIO, ratio=(int(ratio[1]), int(ratio[2])) if ratio else ratio_in(low))
    if re.match(r"free|allowed(?! (?:when|if|with|under|only))|fine|ok\b|okay|nothing|yes\b|none", low):
        return replace(demand, stance=Stance.NONE)
    if re.match(r"only on some days", low):
        return replace(demand, stance=Stance.ONLY_ON)
    amount, unit = figure_of(topic, low)
    demand = replace(demand, also=second_figure_of(topic, low))
    if re.match(r"required?|requires|must|needs?", low):
        return replace(demand, stance=Stance.REQUIRES, number=amount, unit=unit)
    if re.match(r"under a condition|allowed|when|if|only|with|condition|limited|at most|up to", low):
        return replace(demand, number=amount, unit=unit, condition=quote)
    raise Unread(f"“{said[:60]}” says none of: {WAYS}.")
