"""The webhook and the feed as an admin sets them up and as another tool hears them, over the wire."""

from __future__ import annotations

import json
import re
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
from bot.hooks import HookCourier, atom
from bot.main import Program, open_program
from bot.settings import load_settings
from core.clock import SystemClock
from core.hooks import EVENT_ID, SENT_AT, SIGNATURE, signed
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
        assert (told["workspace"], told["id"]) == ("terminal:local", first.headers[EVENT_ID])
        assert json.loads(second.body)["type"] == "decision.snoozed"
        for request in receiver.requests:
            key, sent = request.headers[EVENT_ID], desk.clock.now()
            proof = {name: request.headers[name] for name in (EVENT_ID, SENT_AT, SIGNATURE)}
            assert proof == signed(secret, key, request.body, sent)
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


HOSTILE = {
    "plain": "Removed in r/harbor",
    "markup": "<script>alert(1)</script> & <b>bold</b> &amp; &lt;",
    "cdata": "]]><entry><id>x</id></entry><![CDATA[",
    "entities": "&#0; &xxe; %20 \\u0041",
    "controls": "a\x00b\x1f\x0bc",
    "surrogate": "half \ud800 of one",
    "not a character": "x\ufffe\uffffy",
    "other scripts": "قهوة 陶芸 🏺 e\u0301",
    "directions": "\u202eabc\u202c",
    "lines": "one\n\ttwo\rthree",
    "": "",
}


def feed_of_events(
    *texts: str, permalink: str = "https://www.reddit.com/r/harbor/comments/1abc/x/"
) -> ElementTree.Element:
    events = [
        {
            "id": f"alert-{number}",
            "at": (AT - timedelta(hours=number)).isoformat(),
            "type": "alert.post_removed",
            "title": text,
            "text": text,
            "post": {"id": 1, "permalink": permalink},
        }
        for number, text in enumerate(texts)
    ]
    name = texts[0] if texts else "Team"
    made = atom(events, workspace="slack:T1", name=name, address="https://x.example/feed", now=AT)
    return ElementTree.fromstring(made)  # noqa: S314 - our own


def broken_rules(feed: ElementTree.Element) -> list[str]:
    """What RFC 4287 forbids in this feed; the numbers are its sections."""
    found = []
    for thing in (feed, *feed.findall(f"{ATOM}entry")):
        for once in ("id", "title", "updated"):  # 4.1.1, 4.1.2
            if len(thing.findall(f"{ATOM}{once}")) != 1:
                found.append(f"{thing.tag}: {once}")
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-~]+", thing.findtext(f"{ATOM}id", "")):  # 4.2.6: an absolute IRI
            found.append("4.2.6")
        if not re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", thing.findtext(f"{ATOM}updated", "")
        ):
            found.append("3.3: a date-time of RFC 3339")
        links = [(link.get("rel"), link.get("href", "")) for link in thing.findall(f"{ATOM}link")]
        found += [f"4.2.7: {href}" for _, href in links if not re.fullmatch(r"https?://[!-~]+", href)]
        if [rel for rel, _ in links].count("alternate") > 1:
            found.append("4.1.1: two alternates of one kind")
    if not feed.findtext(f"{ATOM}author/{ATOM}name"):  # 4.1.1, 4.2.1, 3.2.1
        found.append("4.2.1: no author")
    entries = feed.findall(f"{ATOM}entry")
    if len({entry.findtext(f"{ATOM}id") for entry in entries}) < len(entries):
        found.append("4.1.1: two entries with one id and one time")
    for entry in entries:
        has_alternate = any(link.get("rel") == "alternate" for link in entry.findall(f"{ATOM}link"))
        if entry.find(f"{ATOM}content") is None and not has_alternate:
            found.append("4.1.2: neither content nor alternate")
        for text in (*entry.findall(f"{ATOM}title"), *entry.findall(f"{ATOM}content")):
            if len(text) or text.get("type", "text") != "text":  # 3.1.1.1, 4.1.3.3
                found.append("3.1.1: a text with elements")
        if not all(category.get("term") for category in entry.findall(f"{ATOM}category")):  # 4.2.2
            found.append("4.2.2: no term")
    if feed.find(f"{ATOM}link[@rel='self']") is None:
        found.append("4.1.1: no self")
    return found


def test_a_feed_keeps_the_rules_of_atom_whatever_its_texts_hold() -> None:
    feed = feed_of_events(*HOSTILE.values())
    assert broken_rules(feed) == []
    shown = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert shown == [
        "Removed in r/harbor",
        "<script>alert(1)</script> & <b>bold</b> &amp; &lt;",
        "]]><entry><id>x</id></entry><![CDATA[",
        "&#0; &xxe; %20 \\u0041",
        "a\ufffdb\ufffd\ufffdc",
        "half \ufffd of one",
        "x\ufffd\ufffdy",
        "قهوة 陶芸 🏺 e\u0301",
        "\u202eabc\u202c",
        "one\n\ttwo\nthree",
        "",
    ]
    assert broken_rules(feed_of_events()) == [], "an empty feed"


def test_the_rules_of_atom_are_seen_when_they_are_broken() -> None:
    feed = feed_of_events("a", "b")
    first, second = feed.findall(f"{ATOM}entry")
    second.find(f"{ATOM}id").text = first.findtext(f"{ATOM}id")  # type: ignore[union-attr]
    first.find(f"{ATOM}updated").text = "yesterday"  # type: ignore[union-attr]
    feed.remove(feed.find(f"{ATOM}author"))  # type: ignore[arg-type]
    assert sorted(rule.partition(":")[0] for rule in broken_rules(feed)) == ["3.3", "4.1.1", "4.2.1"]


@pytest.mark.parametrize(
    ("permalink", "link"),
    [
        (
            "https://www.reddit.com/r/harbor/comments/1abc/“x”/",
            "https://www.reddit.com/r/harbor/comments/1abc/%E2%80%9Cx%E2%80%9D/",
        ),
        ("javascript:alert(1)", None),
        ("https://reddit.com.evil.example/x", None),
        ("", None),
    ],
)
def test_an_entry_leads_to_reddit_or_nowhere(permalink: str, link: str | None) -> None:
    feed = feed_of_events("x", permalink=permalink)
    found = feed.find(f"{ATOM}entry/{ATOM}link")
    assert (None if found is None else found.get("href")) == link
    assert broken_rules(feed) == []
