"""The webhook and the feed as an admin sets them up and as another tool hears them, over the wire."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import aiohttp
import pytest
from aiohttp import web

from bot.card import Card
from bot.courier import MAX_ATTEMPTS, wait_before_retry
from bot.frontend import Actor
from bot.hooks import HookCourier
from bot.main import Program, open_program
from bot.settings import load_settings
from core.clock import SystemClock
from core.hooks import EVENT_ID, SIGNATURE
from core.model import AlertKind, Caller, NewAlert
from storage.store import Store
from tests.bot.bare import pressable
from tests.bot.chats import AT
from tests.fakes.loopback import Fault, Loopback, Seen
from tests.migrated import lay_data
from tests.storage import world

ALICE = Actor("terminal:local", "terminal", "Local", "alice", "Alice", may_manage=True)
GUEST = Actor("terminal:local", "terminal", "Local", "guest", "Guest")
ATOM = "{http://www.w3.org/2005/Atom}"


class Receiver(Loopback):
    async def answer(self, request: Seen) -> web.Response:
        return web.Response(status=204)


class Office:
    def __init__(self, program: Program, clock: SystemClock) -> None:
        self.program, self.clock = program, clock
        assert isinstance(program.store, Store)
        self.store = program.store
        self.hooks = HookCourier(self.store, self.store, program.services.hooks, clock, "test")
        self.caller = Caller("terminal:local", "alice", "Alice", "c")

    async def say(self, line: str, actor: Actor = ALICE) -> Card:
        return (await self.program.dispatcher.run_line(actor, line))[1]

    async def press(self, card: Card, label: str, actor: Actor = ALICE) -> Card:
        return (await self.program.dispatcher.run_action(actor, pressable(card, label)))[1]

    def later(self, span: timedelta) -> None:
        assert self.clock.stopped_at is not None
        self.clock.stopped_at += span

    async def removal(self, name: str) -> int:
        post = await world.make_post(self.store, self.caller, self.clock.now(), f"t3_{name}")
        facts = {"community": "harbor", "state": "removed", "removed_by": "moderators", "title": f"About {name} <b>&"}
        new = NewAlert(AlertKind.POST_REMOVED, name, facts, post.id)
        await self.store.owe_alert(self.caller, new, self.clock.now())
        return post.id


@asynccontextmanager
async def office(folder: Path, **settings: str) -> AsyncIterator[Office]:
    given = {"data_dir": str(lay_data(folder)), "webhooks_inside": "yes", **settings}
    clock = SystemClock()
    environ = {f"BCRAO_{name.upper()}": value for name, value in given.items()}
    async with open_program(load_settings(environ, None), clock) as program:
        clock.stopped_at = AT
        yield Office(program, clock)


async def test_alerts_and_decisions_arrive_signed_in_their_order_and_once(tmp_path: Path) -> None:
    async with Receiver() as receiver, office(tmp_path) as desk:
        await desk.say("status")
        await desk.removal("old")
        desk.later(timedelta(minutes=1))
        card = await desk.say(f"alerts webhook url={receiver.url}/in")
        assert card.private
        secret = card.values["secret"]
        post = await desk.removal("new")
        desk.later(timedelta(minutes=1))
        await desk.store.snooze_post(desk.caller, post, desk.clock.now() + timedelta(days=1), desk.clock.now())
        assert await desk.hooks.deliver_due() == 2
        assert await desk.hooks.deliver_due() == 0
        first, second = receiver.requests
        told = json.loads(first.body)
        assert (told["type"], told["severity"], told["post"]["id"]) == ("alert.post_removed", "act_now", post)
        assert (told["workspace"], told["id"]) == ("terminal:local", first.headers[EVENT_ID.lower()])
        assert json.loads(second.body)["type"] == "decision.snoozed"
        for request in receiver.requests:
            parts = dict(part.split("=", 1) for part in request.headers[SIGNATURE.lower()].split(","))
            signed = parts["t"].encode() + b"." + request.body
            assert parts["v1"] == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
            assert int(parts["t"]) == int(desk.clock.now().timestamp())
        assert secret not in (await desk.say("alerts webhook")).text
        shown = json.dumps((await desk.say("alerts webhook")).to_json("x"))
        assert secret not in shown
        assert "/in" not in shown, "an address may hold a secret"


async def test_a_server_that_fails_is_tried_again_for_a_day_then_rests_which_is_told_and_wakes(tmp_path: Path) -> None:
    async with Receiver() as receiver, office(tmp_path) as desk:
        await desk.say(f"alerts webhook url={receiver.url}/in")
        one, two = await desk.removal("one"), await desk.removal("two")
        receiver.fail("/in", Fault(status=503))
        assert await desk.hooks.deliver_due() == 0
        assert len(receiver.requests) == 1, "the second waits for the first"
        assert await desk.hooks.deliver_due() == 0
        assert len(receiver.requests) == 1, "not before its time"
        begun = desk.clock.now()
        for tried in range(1, MAX_ATTEMPTS):
            desk.later(wait_before_retry(sum(b"terminal:local"), tried))
            await desk.hooks.deliver_due()
        assert len(receiver.requests) == MAX_ATTEMPTS
        assert timedelta(hours=20) < desk.clock.now() - begun < timedelta(hours=30)
        [alert] = await desk.store.alerts("terminal:local", kind=AlertKind.WEBHOOK_RESTS)
        assert alert.facts["problem"] == "127.0.0.1 answered with status 503."
        desk.later(timedelta(days=2))
        assert await desk.hooks.deliver_due() == 0
        assert len(receiver.requests) == MAX_ATTEMPTS
        receiver.heal()
        resting = await desk.say("alerts webhook")
        assert resting.title.endswith(" wait")
        assert resting.text.splitlines()[0].startswith("Given up 24 Nov 2026, ")
        await desk.press(resting, "Try again")
        assert await desk.hooks.deliver_due() == 2
        assert [json.loads(request.body)["post"]["id"] for request in receiver.requests[-2:]] == [one, two]
        assert (await desk.say("alerts webhook")).text.startswith("Last accepted")


async def test_a_failing_webhook_holds_up_no_other_workspaces(tmp_path: Path) -> None:
    async with Receiver() as receiver, office(tmp_path) as desk:
        await desk.say(f"alerts webhook url={receiver.url}/bad")
        other = Actor("terminal:other", "terminal", "Other", "bob", "Bob", may_manage=True)
        await desk.say(f"alerts webhook url={receiver.url}/good", other)
        receiver.fail("/bad", Fault(status=500))
        await desk.removal("mine")
        theirs = Caller("terminal:other", "bob", "Bob", "c")
        await desk.store.owe_alert(theirs, NewAlert(AlertKind.CONSENT_GONE, "x", {}), desk.clock.now())
        assert await desk.hooks.deliver_due() == 1
        assert [r.path for r in receiver.requests if r.path == "/good"] == ["/good"]
        assert "terminal:local" not in receiver.seen("/good")[0].body.decode()


async def test_a_test_event_says_whether_it_was_accepted_and_an_ended_webhook_gets_nothing(tmp_path: Path) -> None:
    async with Receiver() as receiver, office(tmp_path) as desk:
        card = await desk.say(f"alerts webhook url={receiver.url}/in")
        assert (await desk.press(card, "Send a test")).title == "127.0.0.1 accepted the test"
        receiver.fail("/in", Fault(status=401))
        refused = await desk.press(card, "Send a test")
        assert (refused.title, refused.text) == ("The test was not accepted", "127.0.0.1 answered with status 401.")
        await desk.press(card, "End it")
        await desk.removal("after")
        assert await desk.hooks.deliver_due() == 0
        assert (await desk.press(card, "Send a test")).code == "not_found"


async def test_only_admins_name_servers_and_none_inside_by_default(tmp_path: Path) -> None:
    async with office(tmp_path, webhooks_inside="no") as desk:
        await desk.say("role grant me role=admin")
        assert (await desk.say("alerts webhook url=https://example.com", GUEST)).code == "forbidden"
        assert (await desk.say("alerts feed", GUEST)).code == "forbidden"
        for url in ("https://127.0.0.1/x", "http://example.com/", "https://[::ffff:10.0.0.1]/"):
            assert (await desk.say(f"alerts webhook url={url}")).code == "bad_argument"
        assert (await desk.say("alerts webhook")).title == "No webhook"


async def test_the_feed_is_read_by_whoever_has_its_address_until_it_is_renewed(tmp_path: Path) -> None:
    async with office(tmp_path, feeds="yes", listen="127.0.0.1:8480", public_url="https://bcrao.example.com") as desk:
        assert desk.program.listener is not None
        desk.program.listener._address = "127.0.0.1:0"
        card = await desk.say("alerts feed")
        address = (await desk.press(card, "Open a feed")).values["address"]
        assert address.startswith("https://bcrao.example.com/feed?token=")
        token = address.partition("token=")[2]
        assert len(token) >= 43
        post = await desk.removal("new")
        desk.later(timedelta(minutes=1))
        await desk.store.snooze_post(desk.caller, post, desk.clock.now() + timedelta(days=1), desk.clock.now())
        async with desk.program.listener.serving(), aiohttp.ClientSession() as browser:
            here = f"http://127.0.0.1:{desk.program.listener.port}/feed"
            async with browser.get(here, params={"token": token}) as answer:
                assert answer.content_type == "application/atom+xml"
                feed = ElementTree.fromstring(await answer.read())  # noqa: S314 - our own
            titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
            assert titles[0] == f"Post {post} in r/harbor: Snoozed until 2026-11-24T12:01:00+00:00 by Alice"
            assert "Removed by its moderators" in str(titles[1])
            assert token not in ElementTree.tostring(feed, encoding="unicode")
            for wrong in ("", "x", token[:-1], "a" * 5_000):
                async with browser.get(here, params={"token": wrong}) as answer:
                    assert (answer.status, await answer.read()) == (404, b"")
            await desk.press(await desk.say("alerts feed"), "New address")
            async with browser.get(here, params={"token": token}) as answer:
                assert answer.status == 404


async def test_a_feed_that_no_reader_reaches_is_not_opened(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        refused = await desk.press(await desk.say("alerts feed"), "Open a feed")
        assert refused.code == "not_allowed_now"


@pytest.mark.parametrize("text", ["a\x00b\x1f", "\ud800", "]]>&<é🔥"])
def test_a_feed_is_well_formed_whatever_a_title_holds(text: str) -> None:
    from bot.hooks import atom

    event = {"id": "alert-1", "at": AT.isoformat(), "type": "alert.test", "title": text, "text": text, "post": None}
    root = ElementTree.fromstring(atom([event], workspace="w", name=text, address="https://x", now=AT))  # noqa: S314
    assert root.find(f"{ATOM}entry/{ATOM}title") is not None
