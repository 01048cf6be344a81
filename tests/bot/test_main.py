"""The whole program, wired as it runs: real client libraries over loopback, a real database, real signals."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.card import Card
from bot.chats import chat_front_ends
from bot.frontend import Actor
from bot.main import Program, open_program, run
from bot.remotes import OpenModels, open_models
from bot.settings import load_settings
from core.clock import SystemClock
from tests.bot.bare import Board
from tests.clock import FixedClock
from tests.core.gateways.watch import no_leaks
from tests.fakes.apify import FakeApify
from tests.fakes.llm import KEY, FakeModel
from tests.fakes.loopback import Fault
from tests.fakes.reddit import FakeReddit
from tests.migrated import lay_data
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.process

ADA = Actor("terminal:local", "terminal", "Terminal", "ada", "ada", may_manage=True)


class Listener(Board):
    """A front end with somebody who only listens: it keeps every card, and ends when it is told to."""

    def __init__(self) -> None:
        super().__init__("terminal")
        self.cards: list[Card] = []
        self.running, self.ended = asyncio.Event(), asyncio.Event()
        self.stops = 0

    async def run(self) -> int:
        self.running.set()
        await self.ended.wait()
        return 0

    async def stop(self) -> None:
        self.stops += 1
        self.ended.set()

    async def revise(self, workspace_id: str, place: str, reference: str, card: Card) -> bool:
        return False

    async def deliver(self, workspace_id: str, place: str | None, card: Card, *, nonce: str, **_: object) -> str:
        self.cards.append(card)
        return nonce


class Desk:
    def __init__(self, program: Program, clock: SystemClock) -> None:
        self.program, self.clock, self.listener = program, clock, Listener()
        program.front_ends["terminal"] = self.listener

    async def done(self, line: str) -> Card:
        path, card = await self.program.dispatcher.run_line(ADA, line)
        assert card.ok, f"{path}: {card.text}"
        return card

    async def wait(self, span: timedelta, step: timedelta = timedelta(minutes=5)) -> list[str]:
        """Let time pass as the scheduler sees it; answers the titles of what was told meanwhile."""
        before = len(self.listener.cards)
        for _ in range(int(span / step)):
            self.clock.offset += step
            await self.program.services.jobs.run_due()
        return [card.title for card in self.listener.cards[before:]]


@asynccontextmanager
async def desk_with(data_dir: Path, **settings: str) -> AsyncIterator[Desk]:
    given = {"data_dir": str(lay_data(data_dir)), **settings}
    clock = SystemClock()
    environ = {f"BCRAO_{name.upper()}": value for name, value in given.items()}
    async with open_program(load_settings(environ, None), clock) as program:
        yield Desk(program, clock)
    await asyncio.get_running_loop().shutdown_default_executor()  # as asyncio.run does when the program ends


def of_reddit(reddit: FakeReddit) -> dict[str, str]:
    return {
        "reddit_client_id": reddit.client_id,
        "reddit_client_secret": reddit.client_secret,
        "reddit_user_agent": reddit.user_agent,
        "reddit_url": reddit.url,
        "reddit_oauth_url": reddit.url,
        "reddit_public_url": reddit.url,
    }


CAMPAIGN = 'campaign create name=Kiln product="A kiln log" keywords="kiln,clay,glaze,pots,firing" communities="pottery"'
FACT = 'fact add "We fired 40 pots with it in our own kiln" kind=experience'


@pytest.mark.usefixtures("cold_processes")
async def test_the_whole_loop_runs_over_the_real_clients(tmp_path: Path) -> None:
    answer = {"title": "What 40 pots taught us", "body": "We fired 40 pots. How do you log yours?"}
    async with no_leaks(), FakeReddit() as reddit, FakeApify() as apify, FakeModel(answer, cost_usd=0.002) as model:
        reddit.add_community("pottery", rules=[{"short_name": "Be kind", "description": "", "kind": "all"}])
        for n in range(40):
            reddit.add_post(
                "pottery", title=f"Why did my kiln number {n} crack?", selftext="It was hot. " * 20, score=n
            )
        apify.items = [apify.post("pottery", n, body="A pot of clay that I fired yesterday. " * 5) for n in range(30)]
        other = {
            "apify_token": apify.token,
            "apify_api_url": apify.url,
            "llm_draft_model": "openai/gpt-4o-mini",
            "llm_classify_model": "openai/gpt-4.1-nano",
            "llm_api_key": KEY,
            "llm_api_base": model.url,
        }
        async with desk_with(tmp_path, **of_reddit(reddit), **other) as desk:
            await desk.done(CAMPAIGN)
            await desk.done(FACT)
            assert (await desk.done("collect start source=reddit")).values["kept"] == 40
            collected = await desk.done("collect start source=apify")
            assert collected.values["found"] == 30
            assert "$0.01" in collected.footnote
            assert not collected.sample
            asked = [f.name for f in (await desk.done("community rules pottery")).fields]
            assert asked == ["1. Be kind", "What they ask of a post"]

            written = await desk.done("draft new pottery anyway=yes")
            assert written.values["origin"] == "model"
            usage = await desk.done("usage")  # asked here too, because hours later another month may have begun
            assert usage.values["used_usd_micros"] == 12_346 + 2000
            assert usage.values["by_task"] == {
                "collect · trudax/reddit-scraper-lite": {
                    "calls": 1,
                    "cost_usd_micros": 12_346,
                    "reserved_usd_micros": 0,
                },
                "draft · openai/gpt-4o-mini": {"calls": 1, "cost_usd_micros": 2000, "reserved_usd_micros": 0},
            }
            await desk.done(f"draft approve {written.values['draft']}")

            # A person posts it by hand, then registers the link.
            mine = reddit.add_post(
                "pottery",
                title=answer["title"],
                selftext=answer["body"],
                author="kiln_keeper",
                created_at=datetime.now(UTC),
            )
            link = f"https://redd.it/{mine.removeprefix('t3_')}"
            post = await desk.done(f"post register {link} draft={written.values['draft']}")
            assert await desk.wait(timedelta(minutes=20)) == ["Live · r/pottery"]

            reddit.remove(mine, "moderator")
            told = await desk.wait(timedelta(hours=2))
            assert told == ["Removed by its moderators · r/pottery"]
            assert (await desk.done(f"post show {post.values['post']}")).values["removed_by"] == "moderators"

            model.answer = {"category": "promotion"}
            given = await desk.done(f'post reason {post.values["post"]} message="We did not like it."')
            assert "Read by a model: promotion." in given.text
            read = {"calls": 1, "cost_usd_micros": 2000, "reserved_usd_micros": 0}
            assert (await desk.done("usage")).values["by_task"]["classify · openai/gpt-4.1-nano"] == read

            reddit.revoke_key()  # states freeze, and one message says so
            told = await desk.wait(timedelta(hours=60), step=timedelta(hours=1))
            assert len(told) == 1
            assert told[0].startswith("Reddit cannot be seen")
            assert (await desk.done(f"post show {post.values['post']}")).values["state"] == "removed"


@pytest.mark.parametrize(("named", "asked"), [({}, "openai/a"), ({"BCRAO_LLM_CLASSIFY_MODEL": "openai/b"}, "openai/b")])
async def test_the_draft_model_reads_messages_where_no_other_is_named(
    clock: FixedClock, named: dict[str, str], asked: str
) -> None:
    environ = {"BCRAO_LLM_DRAFT_MODEL": "openai/a", "BCRAO_LLM_API_KEY": KEY, **named}
    async with AsyncExitStack() as stack:
        models = open_models(load_settings(environ, None).models, clock, stack, [])
        assert models.classify is not None
        assert models.classify.name == asked
        assert open_models(None, clock, stack, []) == OpenModels()


async def test_every_model_is_asked_at_its_own_address_and_doctor_tries_each(tmp_path: Path) -> None:
    async with no_leaks(), FakeModel() as first, FakeModel() as second, FakeModel() as third:
        values = {
            "llm_draft_model": "openai/gpt-4o-mini",
            "llm_api_key": KEY,
            "llm_api_base": first.url,
            "llm_fallback_models": "openai/gpt-4o",
            "llm_fallback_api_base": second.url,
            "llm_fallback_api_key": KEY,
            "llm_fallback_3_models": "openai/gpt-4o,openai/gpt-4.1-nano",
            "llm_fallback_3_api_base": third.url,
            "llm_fallback_3_api_key": KEY,
            "llm_classify_model": "openai/gpt-4.1-nano",
        }
        async with desk_with(tmp_path, **values) as desk:
            models = [source for source in desk.program.services.remotes if source.name.startswith("Model")]
            assert [(source.name, source.used_for) for source in models] == [
                ("Model", "drafting"),
                ("Model openai/gpt-4o", "drafting when that fails"),
                ("Model openai/gpt-4o", "drafting when that fails"),
                ("Model openai/gpt-4.1-nano", "drafting when that fails"),
                ("Model openai/gpt-4.1-nano", "removal messages"),
            ]
            for source in models:
                assert source.probe is not None
                await source.probe()
        assert [body["model"] for body in first.requests] == ["gpt-4o-mini", "gpt-4.1-nano"]
        assert [body["model"] for body in second.requests] == ["gpt-4o"]
        assert [body["model"] for body in third.requests] == ["gpt-4o", "gpt-4.1-nano"]


async def test_without_any_setting_the_sample_stands_in_and_says_so(tmp_path: Path) -> None:
    async with no_leaks(), desk_with(tmp_path) as desk:
        services = desk.program.services
        assert [source.name for source in services.remotes] == ["Sample Reddit"]
        assert [line.split(":")[0] for line in services.embedded] == ["Front end", "Database", "Reddit", "Drafts"]
        await desk.done(CAMPAIGN.replace("pottery", "harborfounders"))
        assert (await desk.done("collect start limit=20")).sample
        assert not (await desk.done("campaign list")).sample


async def test_a_real_source_leaves_no_sample_behind(tmp_path: Path) -> None:
    async with FakeReddit() as reddit, desk_with(tmp_path, **of_reddit(reddit)) as desk:
        services = desk.program.services
        assert services.sample is None
        assert "Reddit" not in [line.split(":")[0] for line in services.embedded]
        card = (await desk.program.dispatcher.run_line(ADA, "sample forward 1h"))[1]
        assert card.code == "not_allowed_now"


async def test_at_the_end_of_input_what_is_due_is_done_and_told(tmp_path: Path) -> None:
    async with no_leaks(), desk_with(tmp_path) as desk:
        await desk.done("help")
        press = await desk.program.dispatcher.run_action(ADA, "v1|setup test alert|")
        assert press[1].ok
        desk.listener.ended.set()
        assert await run(desk.program, [desk.listener]) == 0
        assert len(desk.listener.cards) == 1
        assert desk.listener.stops == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_the_program_in_order(tmp_path: Path, number: signal.Signals) -> None:
    async with no_leaks(), desk_with(tmp_path) as desk:
        running = asyncio.create_task(run(desk.program, [desk.listener]))
        await desk.listener.running.wait()
        os.kill(os.getpid(), number)
        async with asyncio.timeout(PATIENCE_S):
            assert await running == 0
        assert desk.listener.stops == 1


async def test_a_sweep_that_a_signal_breaks_off_gives_back_its_posts(tmp_path: Path) -> None:
    async with no_leaks(), FakeReddit() as reddit, desk_with(tmp_path, **of_reddit(reddit)) as desk:
        mine = reddit.add_post("pottery", author="kiln_keeper", created_at=datetime.now(UTC))
        await desk.done(f"post register https://redd.it/{mine.removeprefix('t3_')}")
        desk.clock.offset += timedelta(hours=1)
        reddit.fail("/api/info", Fault(slow_s=4.0))
        running = asyncio.create_task(run(desk.program, [desk.listener]))
        await reddit.until_seen("/api/info", 2)
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            await running
        free = await desk.program.store.lease_due_posts(
            desk.clock.now() + timedelta(hours=1), worker="next", lease=timedelta(minutes=1), limit=10
        )
        assert len(free) == 1


@pytest.mark.parametrize(
    ("settings", "platforms"),
    [
        ({}, []),
        ({"discord_token": "MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y"}, ["discord"]),
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, ["slack"]),
        ({"discord_token": "a.b.c", "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}, ["discord", "slack"]),
    ],
)
async def test_the_front_ends_are_those_whose_tokens_are_set(
    tmp_path: Path, settings: dict[str, str], platforms: list[str]
) -> None:
    async with desk_with(tmp_path, **settings) as desk:
        assert [front_end.platform for front_end in chat_front_ends(desk.program)] == platforms
        front_end_is_told = any(line.startswith("Front end") for line in desk.program.services.embedded)
        assert front_end_is_told is (not platforms)
