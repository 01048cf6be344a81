"""Lists, the same for every noun: filters, pages, and a card that says which rows of how many it shows.

A list's buttons carry the filters and the place in the list, so that they work after a restart. What they carry is read
and checked like a typed command, in the workspace of whoever presses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.card import Action, Button, Card, Field, Form, Tone
from bot.command import Context, Handler, Kind, Param, Registry
from bot.meant import meant_names, with_meant
from bot.who import who
from bot.words import age, counted
from core.errors import BadArgument
from core.listing import Page, Someone, Wanted
from core.model import Role

FORM_INPUTS_MAX = 5  # Discord opens no larger form at once
ANY = "any"  # a state that lets every row through
START = Param("start", "the number of the first row", Kind.INTEGER, in_form=True, position=True)
UPTO = Param("upto", "only rows up to this id", Kind.INTEGER, in_form=True, position=True)
ASK = Param("ask", "ask for the filters", Kind.CHOICE, choices=("filters",), in_form=True, asks=True)

CAMPAIGN = Param("campaign", "only of this one", lookup="campaign", in_form=True)
COMMUNITY = Param("community", "only in this one", Kind.COMMUNITY, lookup="community", in_form=True)
MEMBER = Param("member", "only of this one: a mention, a name or me", lookup="member", max_length=100, in_form=True)
WITHIN = Param("within", "only of the last, such as 7d", Kind.DURATION, in_form=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for: for the store (`wanted`), in words for people (`words`), and as a click carries it.

    `campaign` is the campaign's name. `extra` holds the values of the parameters that are no filters of all lists.
    """

    command: str
    noun: tuple[str, str]  # singular and plural
    wanted: Wanted
    words: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    campaign: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_filtered(self) -> bool:
        return bool(self.words)

    def upon(self, title: str) -> str:
        """Returns a title with the filters in it: "Drafts in r/harbor by Ada"."""
        return " ".join([title, *self.words])


Listing = Callable[[Context, Asked], Awaitable[Card]]


def a_list(
    commands: Registry,
    path: str,
    help: str,
    *params: Param,
    noun: tuple[str, str],
    state: Mapping[str, str] | None = None,
    role: Role = Role.VIEWER,
) -> Callable[[Listing], Handler]:
    """Declare a command that shows a list. `params` are filters (those above, or the noun's own) and other values.

    `state`: the noun's own filter and how its values read in "Posts that are …": `{"removed": "that are removed"}`. Its
    parameter is the one with choices.
    """

    def declare(listing: Listing) -> Handler:
        async def handler(ctx: Context, **asked: Any) -> Card:
            is_asking = asked.pop("ask") is not None
            asks = await _asked(ctx, path, noun, params, state or {}, asked)
            if is_asking:
                return _form(asks, params)
            card = await listing(ctx, asks)
            if card.values.get("total") != 0:
                return card
            return with_meant(card, await meant_names(ctx.services.store, ctx.workspace_id, path, params, asks.given))

        return commands.command(path, help, *params, START, UPTO, ASK, role=role)(handler)

    return declare


async def _asked(
    ctx: Context,
    path: str,
    noun: tuple[str, str],
    params: Sequence[Param],
    state_words: Mapping[str, str],
    values: Mapping[str, Any],
) -> Asked:
    start, upto = values["start"], values["upto"]
    if start is not None and start < 1:
        raise BadArgument("Lists begin at 1.", "For example: start=11", param="start")
    asked = Asked(path, noun, Wanted(start=start or 1, upto=upto))
    for param in params:
        value = values[param.name]
        if value is not None and value != ANY:
            asked = await _with(ctx, asked, param, value, state_words)
    return asked


async def _with(ctx: Context, asked: Asked, param: Param, value: Any, state_words: Mapping[str, str]) -> Asked:
    """Returns `asked` with one more filter, or with a value of the list's own. Raises `NotFound` and `BadArgument`."""
    match param.name:
        case "campaign":
            found = await ctx.services.campaigns.find(ctx.workspace_id, value)
            asked = _filtered(asked, f"of {found.name}", param, str(found.id), campaign_id=found.id)
            return replace(asked, campaign=found.name)
        case "community":
            return _filtered(asked, f"in r/{value}", param, value, community=value)
        case "member":
            someone, known_as = await _someone(ctx, value)
            return _filtered(asked, f"by {someone.name}", param, known_as, member=someone)
        case "within":
            since = ctx.services.clock.now() - value
            return _filtered(asked, f"of the last {age(value)}", param, _typed(value), since=since)
    if param.choices and value in state_words:
        return _filtered(asked, state_words[value], param, value, state=value)
    extra = {**asked.extra, param.name: value}
    return replace(asked, extra=extra, given={**asked.given, param.name: str(value)})


def _filtered(asked: Asked, words: str, param: Param, typed: str, **filters: Any) -> Asked:
    """What the command needs in any case is no filter for people."""
    given = {**asked.given, param.name: typed}
    told = asked.words if param.required else (*asked.words, words)
    return replace(asked, wanted=replace(asked.wanted, **filters), words=told, given=given)


async def _someone(ctx: Context, said: str) -> tuple[Someone, str]:
    """Returns whom a person means, and what a click carries to mean them again. Nobody has to be known here: rows tell
    of people who had a role once.
    """
    if said.strip().lower() in ("bot", "the bot", "system"):
        return Someone("system", "the bot"), "bot"
    members = await ctx.services.store.members(ctx.workspace_id)
    try:
        member_id, name = who(ctx, members, said)
    except BadArgument:
        if any(m.name.lower() == said.removeprefix("@").lower() for m in members):
            raise  # several members have this name
        name = said.removeprefix("@")
        return Someone(name, name), name
    return Someone(member_id, name), member_id if any(m.id == member_id for m in members) else name


def _typed(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    for unit, size in (("d", 1_440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _form(asked: Asked, params: Sequence[Param]) -> Card:
    inputs = tuple(
        param.asked(asked.given.get(param.name, ANY if ANY in param.choices else ""))
        for param in params[:FORM_INPUTS_MAX]
    )
    return Card(
        title=f"Filter the {asked.noun[1]}",
        text="What is left empty lets every one through.",
        form=Form(f"Filter the {asked.noun[1]}", asked.command, inputs, button="Filter"),
    )


def list_card(
    asked: Asked,
    page: Page[Any],
    fields: Sequence[Field],
    *,
    title: str,
    values: Mapping[str, Any],
    lines: Sequence[str] = (),
    actions: Sequence[Action] = (),
    footnote: str = "",
    sample: bool = False,
    private: bool = False,
    tone: Tone = Tone.NEUTRAL,
    nothing: Card | None = None,
) -> Card:
    """Returns the card of one page: which rows of how many, the rows, and the buttons to the others.

    `lines` come after the count. `values` are those of the rows; the place in the list is added. `nothing` stands for
    a page without rows; without it, a filtered one says that its filters let nothing through.
    """
    if not page.rows and nothing is not None:
        return replace(nothing, private=private, values=values)
    if not page.rows and asked.is_filtered:
        return replace(_none_card(asked), private=private, values={**values, **place_values(page)})
    return Card(
        title=asked.upon(title),
        text="\n".join([_count(asked, page), *lines]),
        fields=tuple(fields),
        actions=(*actions, *_buttons(asked, page)),
        footnote=" · ".join(part for part in (footnote, _next_in_words(asked, page)) if part),
        sample=sample,
        private=private,
        tone=tone,
        values={**values, **place_values(page)},
    )


def _none_card(asked: Asked) -> Card:
    return Card(
        title=asked.upon(f"No {asked.noun[1]}"),
        text="Others may be there: filter less, or show all.",
        actions=(Button("Show all", asked.command), *_filter(asked)),
    )


def place_values(page: Page[Any]) -> dict[str, int | None]:
    """Returns the place in the list for scripts. `next` is the `start` of the next page; None: this is the last."""
    has_more = page.last < page.total
    return {
        "total": page.total,
        "start": page.start,
        "next": page.last + 1 if has_more else None,
        "upto": page.upto,
    }


def _count(asked: Asked, page: Page[Any]) -> str:
    if page.total == len(page.rows):
        return f"{counted(page.total, *asked.noun)}."
    shown = f"{page.start:,}–{page.last:,}" if len(page.rows) > 1 else f"{page.start:,}"
    return f"{shown} of {counted(page.total, *asked.noun)}."


def _turn(asked: Asked, label: str, start: int, page: Page[Any]) -> Button:
    place = {**asked.given, "start": str(start)}
    settled = place if page.upto is None else {**place, "upto": str(page.upto)}
    button = Button(label, asked.command, given=settled)
    return button if button.fits else Button(label, asked.command, given=place)  # newer rows may then move the page


def _turns(asked: Asked, page: Page[Any]) -> list[Button]:
    turns = []
    if page.start > 1:
        turns.append(_turn(asked, "Back", max(1, page.start - asked.wanted.limit), page))
    if page.last < page.total:
        turns.append(_turn(asked, "Next", page.last + 1, page))
    return turns


def _filter(asked: Asked) -> list[Button]:
    button = Button("Filter", asked.command, given={"ask": "filters", **asked.given})
    return [button if button.fits else Button("Filter", asked.command, given={"ask": "filters"})]


def _buttons(asked: Asked, page: Page[Any]) -> list[Button]:
    has_filters = asked.is_filtered or page.total > len(page.rows)
    turns = [button for button in _turns(asked, page) if button.fits]
    return [*turns, *(_filter(asked) if has_filters else [])]


def _next_in_words(asked: Asked, page: Page[Any]) -> str:
    """Returns how to go on when the filters are too long for a click."""
    if all(button.fits for button in _turns(asked, page)) or page.last >= page.total:
        return ""
    return f"The next ones: the same command with start={page.last + 1}"
