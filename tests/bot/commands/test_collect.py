from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.card import Button, Card, Progress, Tone
from bot.commands import campaign, collect
from core.analysis.service import Communities
from core.collecting.service import Collecting
from core.errors import RemoteError
from core.model import Basis, CollectedPost, CollectMode
from core.ports import PostSource, RunPrice, SourceBatch
from core.worker import Worker
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Desk, bare_services
from tests.clock import FixedClock
from tests.core.analysis.quick_reader import Inline
from tests.core.collecting.invented import collected, row, write_csv

CREATE = 'campaign create name=Bowls product="By hand" keywords="a,b,c,d,e" communities="pottery,ceramics"'


class Shelf:
    """A source that gives what a test put on it; an error on it is raised when reached."""

    basis = Basis.REDDIT_API
    price: RunPrice | None = None

    def __init__(self, *items: CollectedPost | Exception) -> None:
        self.items = items
        self.mode: CollectMode | None = None
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()

    async def collect(
        self, communities: Sequence[str], *, limit_per_community: int, mode: CollectMode | None = None
    ) -> AsyncIterator[SourceBatch]:
        self.mode = mode
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            if item.community in communities:
                yield SourceBatch(item.community, [item])
                if self.gate is not None:
                    self.reached.set()
                    await self.gate.wait()


@pytest.fixture
def worker() -> Worker:
    return Inline()


async def open_desk(store: Store, clock: FixedClock, worker: Worker, *shelves: Shelf) -> Desk:
    communities = Communities(store, clock, worker, worker)
    sources: Mapping[Basis, PostSource] = {shelf.basis: shelf for shelf in shelves}
    services = replace(
        bare_services(store, clock),
        communities=communities,
        collecting=Collecting(store, clock, sources, communities),
    )
    desk = Desk(services, campaign.commands, collect.commands)
    await desk.done(CREATE)
    return desk


def fields(card: Card) -> dict[str, str]:
    return {field.name: field.value for field in card.fields}


async def test_collecting_accounts_for_every_item_and_says_what_it_stands_on(
    store: Store, clock: FixedClock, worker: Worker
) -> None:
    posts = [*(collected(n) for n in range(1, 6)), collected(6, stickied=True), collected(1)]
    desk = await open_desk(store, clock, worker, Shelf(*posts))
    card = await desk.done("collect start limit=20")
    assert card.title == "Collected 5 new posts"
    assert fields(card) == {
        "Found": "7 items",
        "Kept": "5 new posts: r/pottery 5, r/ceramics 0",
        "Known already": "1 post: their counts are updated, none is kept twice",
        "Left out": "1 pinned or by moderators",
    }
    assert "from Reddit's API, 23 Nov 2026, 12:00 UTC" in card.footnote
    values = card.values
    assert values["found"] == values["duplicate"] + sum(values["filtered"].values()) + values["kept"]


@pytest.mark.parametrize(("words", "mode"), [("", None), (" mode=fresh", "fresh"), (" mode=historical", "historical")])
async def test_the_mode_reaches_the_source(
    store: Store, clock: FixedClock, worker: Worker, words: str, mode: str | None
) -> None:
    shelf = Shelf(collected(1))
    desk = await open_desk(store, clock, worker, shelf)
    await desk.done(f"collect start{words}")
    assert shelf.mode == mode


async def test_progress_reaches_the_front_end(store: Store, clock: FixedClock, worker: Worker) -> None:
    desk = await open_desk(store, clock, worker, Shelf(collected(1)))
    seen: list[Progress] = []

    async def report(progress: Progress) -> None:
        seen.append(progress)

    await desk.dispatcher.run_line(ALICE, "collect start limit=10", report)
    assert seen[0] == Progress("1 found, 1 new kept. r/pottery 1", 1, 20)


async def test_a_button_of_the_campaign_starts_its_collection(store: Store, clock: FixedClock, worker: Worker) -> None:
    desk = await open_desk(store, clock, worker, Shelf(collected(1)))
    await desk.done(CREATE.replace("Bowls", "Cups"))
    [button] = [a for a in (await desk.done("campaign show Cups")).actions if a.label == "Collect posts"]
    assert isinstance(button, Button)
    card = await desk.press(button.action_id)
    assert card.ok
    assert (await store.runs("terminal:local"))[0].campaign_id == button.record


async def test_a_partial_collection_says_why_and_is_not_ok_for_scripts(
    store: Store, clock: FixedClock, worker: Worker
) -> None:
    down = RemoteError("Reddit does not answer.", "Try again later.", remote="reddit")
    desk = await open_desk(store, clock, worker, Shelf(collected(1), down))
    card = await desk.say("collect start")
    assert (card.title, card.code, card.tone) == ("Collected 1 new post, not all", "partial", Tone.ATTENTION)
    assert fields(card)["Why not all"] == "Reddit does not answer. Try again later."


async def test_without_a_source_it_says_what_to_do(store: Store, clock: FixedClock, worker: Worker) -> None:
    desk = await open_desk(store, clock, worker)
    card = await desk.say("collect start")
    assert card.code == "not_allowed_now"
    assert "Import a file" in card.text
    assert "Set up: none." in (await desk.say("collect start source=apify")).text


async def test_a_file_is_collected_in_the_terminal(
    store: Store, clock: FixedClock, worker: Worker, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "two  spaces, one comma.csv", [row(n) for n in range(1, 4)])
    desk = await open_desk(store, clock, worker)
    card = await desk.done(f'collect start file="{path}"')
    assert (card.values["kept"], card.values["basis"]) == (3, "file")
    assert "collect start" not in card.text
    again = await desk.done(f'collect start source=file file="{path}"')
    assert (again.values["kept"], again.values["duplicate"]) == (0, 3)


async def test_an_import_says_what_it_read_what_it_left_and_what_it_does_not_know(
    store: Store, clock: FixedClock, worker: Worker, tmp_path: Path
) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(
        "id;subreddit;title;text;ups;created_utc;mood\n"
        "100001;pottery;What did the kiln do to us;We fired it twice and the glaze ran;5;1773000001;good\n"
        '100002;pottery;"Two "quotes" in a title;broken;6;1773000002;good\n'
        "100003;ceramics;What did the other kiln do;It cracked in the night, and we saw why;7;1773000003;bad\n"
        "100004;pottery;A third kiln that we built;It stands behind the shed now;8;1773000004;bad\n",
        encoding="utf-8",
    )
    desk = await open_desk(store, clock, worker)
    card = await desk.done(f'collect start file="{path}"')
    assert card.title == "Collected 3 new posts"
    told = fields(card)
    assert told["Kept"] == "3 new posts: r/pottery 2, r/ceramics 1"
    assert told["File posts.csv"].splitlines() == [
        "a table, separated by semicolons; read: id · community from subreddit · title · text · score from ups · "
        "time from created_utc",
        "Columns not used: mood",
        "Not in the file, so unknown: author, comments, flair, who removed it, when the score was read",
        "Passed over 1 entry: line 3: the quoting is broken",
    ]
    assert card.values["kept_of"] == {"pottery": 2, "ceramics": 1}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("collect start source=file", "Which file?"),
        ("collect start source=reddit file=x.csv", "A file is a source of its own."),
        ("collect start file=absent.csv", "There is no file absent.csv"),
        ("collect start limit=5000", "from 1 to 1,000"),
        ("collect start source=twitter", "Choose one of: sample, reddit, apify, file."),
        ("collect start campaign=Nope", "Nope"),
    ],
)
async def test_wrong_arguments_are_told(store: Store, clock: FixedClock, worker: Worker, line: str, said: str) -> None:
    desk = await open_desk(store, clock, worker, Shelf())
    card = await desk.say(line)
    assert not card.ok
    assert said in card.text


async def test_a_chat_cannot_read_files_of_the_machine(store: Store, clock: FixedClock, worker: Worker) -> None:
    desk = await open_desk(store, clock, worker)
    card = await desk.say("collect start file=/etc/passwd", CHATTING)
    assert (card.code, "in the terminal only" in card.text) == ("bad_argument", True)


async def test_a_viewer_cannot_collect(store: Store, clock: FixedClock, worker: Worker) -> None:
    desk = await open_desk(store, clock, worker, Shelf())
    for line in ("collect start", "collect cancel"):
        assert (await desk.say(line, GUEST)).code == "forbidden"


async def test_status_shows_the_running_collection_with_a_way_to_end_it(
    store: Store, clock: FixedClock, worker: Worker
) -> None:
    shelf = Shelf(collected(1), collected(2))
    shelf.gate = asyncio.Event()
    desk = await open_desk(store, clock, worker, shelf)
    empty = await desk.done("collect status")
    assert (empty.title, empty.actions[0].label) == ("Nothing was collected yet", "Collect posts")
    waiting = asyncio.create_task(desk.say("collect start"))
    await shelf.reached.wait()
    card = await desk.done("collect status")
    assert card.title == "A collection is running"
    assert card.fields[0].name == "Running since 23 Nov 2026, 12:00 UTC, started by Alice"
    assert card.fields[0].value == "Collecting: 1 new post so far. r/pottery 1"
    assert "started by Alice" in (await desk.say("collect start")).text
    [cancel] = card.actions
    assert isinstance(cancel, Button)
    ended = await desk.press(cancel.action_id)
    assert (ended.title, ended.values["status"]) == ("Cancelled after 1 new post", "cancelled")
    assert (await waiting).values["status"] == "cancelled"
    assert (await desk.say("collect cancel")).code == "not_allowed_now"
    after: Any = (await desk.done("collect status")).fields[0]
    assert after.value == "Cancelled after 1 new post from Reddit's API, just now. Cancelled by Alice."


async def test_a_file_of_comments_alone_says_so_and_how_it_was_read(
    store: Store, clock: FixedClock, worker: Worker, tmp_path: Path
) -> None:
    desk = await open_desk(store, clock, worker)
    path = tmp_path / "comments.csv"
    path.write_text(
        "id,body,author,created_utc,parent_id,link_id,subreddit\n"
        'kx1abcd,"Fire it twice, I would say.",clay_person,1773000000,t3_1abc2d,t3_1abc2d,pottery\n'
        "kx1abce,Same here.,clay_person,1773000060,,t3_1abc2d,pottery\n"
    )
    card = await desk.done(f'collect start source=file file="{path}"')
    assert (card.title, card.text) == ("Collected 1 comment", "Next: /rao community show pottery")
    assert fields(card) == {
        "File comments.csv": "a table, separated by commas; read: id · post from link_id · parent from parent_id · "
        "community from subreddit · text from body · author · time from created_utc\n"
        "Not in the file, so unknown: whether its post's author wrote it\n"
        "Comments, in which lengths and forms are counted: 1\n"
        "Passed over 1 entry: line 3: a comment that does not say what it answers (parent_id)"
    }
    assert [one.reddit_id for one in await store.comments(ALICE.workspace_id, "pottery", 9)] == ["kx1abcd"]
