"""`/rao alerts webhook` and `/rao alerts feed`: where a workspace's other tools hear of alerts and decisions."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.card import Button, Card, Field, Form, Input, Style, Tone
from bot.command import Context, Param, Registry
from bot.hooks import body_of
from bot.words import moment
from core.errors import NotFound, RemoteError
from core.hooks import Webhook
from core.model import Role

commands = Registry()

URL = Param("url", "https://…", max_length=500)
CHECK = "Each event is signed as Standard Webhooks does it, so a library of yours can check it (docs/hooks.md)."


@commands.command("alerts webhook", "Signed alerts to a server", URL, role=Role.ADMIN)
async def webhook(ctx: Context, url: str | None) -> Card:
    if url is None:
        known = await ctx.services.store.webhook(ctx.workspace_id)
        return _none() if known is None else _webhook_card(known)
    hook, secret = await ctx.services.hooks.set_webhook(ctx.caller, url)
    return Card(
        title=f"Events go to {_host(hook)} from now on",
        text=f"The secret is shown this once; give it to that server now.\n{CHECK}",
        fields=(Field("Secret", secret, copy=True),),
        actions=_buttons(hook),
        private=True,
        values={"host": _host(hook), "secret": secret},
    )


@commands.button("alerts webhook new", "Name the webhook's server", URL, role=Role.ADMIN, opens_form=True)
async def webhook_new(ctx: Context, url: str | None) -> Card:
    if url is not None:
        return await webhook(ctx, url)
    return Card(
        title="A webhook",
        text="The address of a server that takes events; a new secret comes with it.",
        form=Form("A webhook", "alerts webhook", (Input("url", "Address", help="https://…"),)),
        private=True,
    )


@commands.button("alerts webhook test", "Send a test event", role=Role.ADMIN)
async def webhook_test(ctx: Context) -> Card:
    hook = await _known(ctx)
    now = ctx.services.clock.now()
    key = f"test-{int(now.timestamp())}"
    event = {"id": key, "at": now.isoformat(), "workspace": ctx.workspace_id, "type": "test", "severity": None}
    told = {"title": f"A test by {ctx.actor.name}", "text": "", "post": None}
    try:
        await ctx.services.hooks.send(hook, key, body_of({**event, **told}))
    except RemoteError as error:
        return Card("The test was not accepted", error.what, actions=_buttons(hook), tone=Tone.ATTENTION, private=True)
    return Card(f"{_host(hook)} accepted the test", actions=_buttons(hook), tone=Tone.GOOD, private=True)


@commands.button("alerts webhook wake", "Let a resting webhook try again", role=Role.ADMIN)
async def webhook_wake(ctx: Context) -> Card:
    return _webhook_card(await ctx.services.hooks.wake(ctx.caller), ctx.signed("Woken"))


@commands.button("alerts webhook end", "Send no events any more", role=Role.ADMIN)
async def webhook_end(ctx: Context) -> Card:
    await ctx.services.hooks.end_webhook(ctx.caller)
    return Card("The webhook is ended", f"{ctx.signed('Ended')}. Its secret is forgotten.", private=True)


@commands.command("alerts feed", "Alerts for a feed reader", role=Role.ADMIN)
async def feed(ctx: Context) -> Card:
    known = await ctx.services.store.feed(ctx.workspace_id)
    if known is None:
        return Card(
            title="No feed",
            text="An Atom feed of alerts and decisions, behind an address that nobody can guess.",
            actions=(Button("Open a feed", "alerts feed renew", style=Style.PRIMARY),),
            private=True,
            values={"feed": False},
        )
    return Card(
        title="The feed is open",
        text=f"By {known.made_by}, {moment(known.made_at)}. Whoever has its address reads it; it is not shown again.",
        actions=(Button("New address", "alerts feed renew"), Button("End it", "alerts feed end", style=Style.DANGER)),
        private=True,
        values={"feed": True},
    )


@commands.button("alerts feed renew", "A new address for the feed", role=Role.ADMIN)
async def feed_renew(ctx: Context) -> Card:
    address = await ctx.services.hooks.renew_feed(ctx.caller)
    return Card(
        title="The feed has a new address",
        text="It is shown this once. Whoever has it reads alerts and decisions; an older address opens nothing.",
        fields=(Field("Address", address, copy=True),),
        actions=(Button("End it", "alerts feed end", style=Style.DANGER),),
        private=True,
        values={"address": address},
    )


@commands.button("alerts feed end", "Close the feed", role=Role.ADMIN)
async def feed_end(ctx: Context) -> Card:
    await ctx.services.hooks.end_feed(ctx.caller)
    return Card("The feed is closed", f"{ctx.signed('Closed')}. Its address opens nothing any more.", private=True)


def _none() -> Card:
    return Card(
        title="No webhook",
        text="Alerts and decisions can go to a server of yours as signed JSON, beside the messages here.",
        actions=(Button("Add a webhook", "alerts webhook new", style=Style.PRIMARY),),
        private=True,
        values={"host": None},
    )


def _webhook_card(hook: Webhook, decided: str = "") -> Card:
    sent = f"Last accepted {moment(hook.last_sent_at)}." if hook.last_sent_at else "Nothing was accepted yet."
    problem = f"The last try failed: {hook.last_problem}" if hook.last_problem else ""
    resting = f"Given up {moment(hook.resting_since)}; what happens meanwhile waits." if hook.resting_since else ""
    lines = [f"{decided}." if decided else "", resting, problem, sent]
    return Card(
        title=f"Events for {_host(hook)} wait" if resting else f"Events go to {_host(hook)}",
        text="\n".join(line for line in lines if line),
        actions=_buttons(hook),
        footnote=f"By {hook.made_by}, {moment(hook.made_at)}",
        tone=Tone.ATTENTION if problem or resting else Tone.NEUTRAL,
        private=True,
        values={"host": _host(hook), "resting": hook.resting_since is not None, "problem": hook.last_problem},
    )


def _buttons(hook: Webhook) -> tuple[Button, ...]:
    wake = (Button("Try again", "alerts webhook wake", style=Style.PRIMARY),) if hook.resting_since else ()
    test, new = Button("Send a test", "alerts webhook test"), Button("New address or secret", "alerts webhook new")
    return (*wake, test, new, Button("End it", "alerts webhook end", style=Style.DANGER))


async def _known(ctx: Context) -> Webhook:
    hook = await ctx.services.store.webhook(ctx.workspace_id)
    if hook is None:
        raise NotFound("This workspace has no webhook.", "Add one: /rao alerts webhook")
    return hook


def _host(hook: Webhook) -> str:
    return urlsplit(hook.url).hostname or ""
