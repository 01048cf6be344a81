"""Cards of offers: posts of linked accounts that nobody registered, to be watched with one click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.alert_cards import laid_out
from bot.alert_facts import Facts
from bot.card import Action, Button, Card, Choice, Field, Link, Style, Tone
from bot.upkeep_words import offered
from bot.words import ago, counted, moment, shortened
from core.alerts import AlertRecord
from core.model import Offer

LISTED = 3  # lines on the message; all of them stand in `post offers`
NAMED_MAX = 60
ONE_BY_ONE_MAX = 10  # whose buttons stand in the menu, two each
ALL_MAX = 10
DECIDED_MAX = 4


def offers_now(card: Card, told: AlertRecord, now: datetime) -> Card:
    """Returns the card of an offer's message with the offers as they are now. Those that are not kept any more are left
    out.
    """
    offers, people = told.offers, [field for field in card.fields if field.name]
    waiting = [offer for offer in offers if offer.is_open]
    words = offered(Facts(told.alert.facts), len(waiting))
    decided = [f"{_named(offer)}: {fate}" for offer in offers if (fate := _fate(offer))]
    fields = [Field("", "\n".join(_lines(waiting, now)), quote=True)] if waiting else []
    if waiting:
        fields.append(Field("", f"Next: {words.do}"))
    if decided:
        more = [f"and {len(decided) - DECIDED_MAX} more"] if len(decided) > DECIDED_MAX else []
        fields.append(Field("Decided", "\n".join([*decided[:DECIDED_MAX], *more]), quote=True))
    return replace(
        card,
        title=_title(told, waiting),
        text="\n".join(filter(None, (words.seen, words.meaning))) if waiting else "",
        fields=(*fields, *(people if waiting else ())),
        actions=_actions(waiting, told.alert.id),
        links=_links(waiting),
        tone=Tone.ATTENTION if waiting else Tone.NEUTRAL,
    )


def offers_card(offers: Sequence[Offer], now: datetime) -> Card:
    """Returns the card of all offers that nobody decided about."""
    if not offers:
        return Card(
            title="No post waits to be watched",
            text="Posts of linked accounts that nobody registered are offered here for three days.",
            actions=(
                Button("Register a post", "post register", style=Style.PRIMARY),
                Button("Accounts", "account status"),
            ),
            values={"offers": []},
        )
    shown = offers[-ALL_MAX:]
    return Card(
        title=f"{counted(len(offers), 'post')} of your accounts {_are(offers)} not watched",
        text="Watch one, and you hear when others cannot see it; or say that it is not yours.",
        fields=tuple(
            Field(f"u/{author}", "\n".join(_lines([o for o in shown if o.author == author], now, ALL_MAX)), quote=True)
            for author in dict.fromkeys(offer.author for offer in shown)
        ),
        actions=_actions(shown, 0) if len(shown) == 1 else _choices(shown),
        links=_links(shown),
        footnote=f"the newest {ALL_MAX} of {len(offers)}" if len(offers) > ALL_MAX else "",
        private=True,
        values={"offers": [{"offer": offer.id, "permalink": offer.permalink} for offer in offers]},
    )


def _title(told: AlertRecord, waiting: Sequence[Offer]) -> str:
    offers = told.offers
    if waiting:
        whose = f"u/{waiting[0].author}"
        return f"{counted(len(waiting), 'post')} of {whose} {_are(waiting)} not watched{_place(waiting)}"
    watched = sum(offer.post_id is not None for offer in offers)
    what = "is watched" if len(offers) == 1 else f"{watched} of {len(offers)} are watched"
    if len(offers) == 1 and not watched:
        what = "is not watched"
    return f"Decided: {what}{_place(offers)}"


def _are(offers: Sequence[Offer]) -> str:
    return "is" if len(offers) == 1 else "are"


def _place(offers: Sequence[Offer]) -> str:
    names = {offer.community for offer in offers}
    return f" · r/{names.pop()}" if len(names) == 1 else ""


def _named(offer: Offer) -> str:
    return f"“{' '.join(shortened(offer.title, NAMED_MAX).split())}”" if offer.title else f"Post in r/{offer.community}"


def _lines(waiting: Sequence[Offer], now: datetime, most: int = LISTED) -> list[str]:
    places = {offer.community for offer in waiting}
    where = {offer.id: f" in r/{offer.community}" if len(places) > 1 else "" for offer in waiting}
    lines = [f"{_named(offer)}{where[offer.id]}, {ago(now - offer.posted_at)}" for offer in waiting]
    return [*lines[: most - 1], f"and {len(lines) - most + 1} more"] if len(lines) > most else lines


def _fate(offer: Offer) -> str:
    if offer.post_id is not None:
        return f"watched as post {offer.post_id}, by {offer.registered_by}"
    if offer.refused_at is not None:
        return f"not ours, by {offer.refused_by}, {moment(offer.refused_at)}"
    return "not in the account's list any more" if offer.withdrawn_at is not None else ""


def _links(waiting: Sequence[Offer]) -> tuple[Link, ...]:
    return (Link("Open the post", waiting[0].permalink),) if len(waiting) == 1 else ()


def _actions(waiting: Sequence[Offer], alert: int) -> tuple[Action, ...]:
    if not waiting:
        return ()
    if len(waiting) == 1:
        [offer] = waiting
        watch = Button("Watch it", "post watch", offer.id, Style.PRIMARY)
        return laid_out([watch, Button("Not ours", "post not ours", offer.id)], [])
    count = len(waiting)
    first = [
        Button(f"Watch all {count}", "post watch all", alert, Style.PRIMARY),
        Button(f"None of the {count} is ours", "post not ours all", alert),
    ]
    return laid_out(first, _pairs(waiting))


def _pairs(offers: Sequence[Offer]) -> list[Button]:
    return [
        button
        for offer in offers[:ONE_BY_ONE_MAX]
        for button in (
            Button(f"Watch {_named(offer)}", "post watch", offer.id),
            Button(f"Not ours: {_named(offer)}", "post not ours", offer.id),
        )
    ]


def _choices(offers: Sequence[Offer]) -> tuple[Action, ...]:
    options = tuple((_named(offer), offer.id) for offer in offers)
    return Choice("Watch a post", "post watch", options), Choice("Not ours", "post not ours", options)
