from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.card import Button, Card
from bot.dispatcher import Dispatcher
from bot.frontend import Actor, DeliveryFailed, FrontEnd, Refused
from bot.terminal_app.client import WORKSPACE_ID, TerminalFrontEnd, local_actor
from storage.store import Store
from tests.bot.bare import bare_services
from tests.bot.terminal_app import shop
from tests.clock import FixedClock
from tests.patience import PATIENCE_S

ACTOR = Actor(WORKSPACE_ID, "terminal", "Terminal", "alice", "alice", may_manage=True)


@dataclass
class Pipe:
    """A terminal front end whose input is a real pipe."""

    dispatcher: Dispatcher
    reading: int = -1
    writing: int = -1
    out: io.StringIO = field(default_factory=io.StringIO)

    def open(self, **options: Any) -> TerminalFrontEnd:
        self.reading, self.writing = os.pipe()
        stdin = os.fdopen(self.reading, encoding="utf-8")
        options = {"stdout": self.out, **options}
        return TerminalFrontEnd(self.dispatcher, stdin=stdin, actor=ACTOR, **options)

    def send(self, text: str) -> None:
        os.write(self.writing, text.encode())

    def end(self) -> None:
        os.close(self.writing)
        self.writing = -1

    async def said(self, text: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while text not in self.out.getvalue():  # noqa: ASYNC110 - a text has no event
                await asyncio.sleep(0.005)

    async def script(self, text: str, **options: Any) -> int:
        front_end = self.open(**options)
        self.send(text)
        self.end()
        return await front_end.run()

    async def json_script(self, text: str) -> tuple[int, list[dict[str, Any]]]:
        status = await self.script(text, json_output=True)
        return status, [json.loads(line) for line in self.out.getvalue().splitlines()]


@pytest.fixture
async def pipe(store: Store, clock: FixedClock) -> AsyncIterator[Pipe]:
    opened = Pipe(Dispatcher(shop.commands, bare_services(store, clock)))
    yield opened
    if opened.writing >= 0:
        opened.end()


async def test_a_script_of_good_lines_exits_with_0(pipe: Pipe) -> None:
    assert await pipe.script("# a comment\n\n/rao tea list\n  rao tea show 2  \n") == 0
    said = pipe.out.getvalue()
    assert "> /rao tea list" in said
    assert "Teas" in said
    assert "for alice" in said
    assert "Tea 2" in said
    assert "comment" not in said


@pytest.mark.parametrize("word", ["quit", "exit", "/quit", "Quit"])
async def test_quit_ends_a_script_without_an_error_and_nothing_after_it_runs(pipe: Pipe, word: str) -> None:
    status, cards = await pipe.json_script(f"tea list\n{word}\ntea drink\n")
    assert (status, [card["command"] for card in cards]) == (0, ["tea list"])


@pytest.mark.parametrize(
    "line", ["tea drink", "tea show 9", "tea show tea=x", 'tea show "open', "tea spill", "7", "v1|tea"]
)
async def test_a_line_that_failed_makes_the_status_1_and_the_next_line_still_runs(pipe: Pipe, line: str) -> None:
    status, cards = await pipe.json_script(f"{line}\ntea list\n")
    assert status == 1
    assert [card["ok"] for card in cards] == [False, True]
    assert cards[0]["text"]


async def test_every_card_is_one_line_of_json_that_names_its_command(pipe: Pipe) -> None:
    status, cards = await pipe.json_script("/rao tea list\ntea show tea=3\n")
    assert status == 0
    assert [card["command"] for card in cards] == ["tea list", "tea show"]
    assert cards[0]["values"] == {"teas": [1, 2, 3]}
    assert cards[0]["actions"][0]["action_id"] == "v1|tea show|1"


async def test_json_lines_are_ascii_so_no_encoding_can_break_them(pipe: Pipe) -> None:
    await pipe.script('tea order tea=1 note="grün \x9b\x1b"\n', json_output=True)
    assert pipe.out.getvalue().isascii()
    assert "\x1b" not in pipe.out.getvalue()
    assert json.loads(pipe.out.getvalue())["values"]["note"] == "grün \x9b\x1b"


async def test_a_number_presses_the_button_of_the_last_card(pipe: Pipe) -> None:
    status, cards = await pipe.json_script("tea list\n3\n")
    assert status == 0
    assert (cards[1]["command"], cards[1]["title"]) == ("tea show", "Tea 3")


async def test_an_error_leaves_the_buttons_and_another_card_takes_them_away(pipe: Pipe) -> None:
    status, cards = await pipe.json_script("tea list\ntea nonsense\n1\n1\n")
    assert status == 1
    assert [card["title"] for card in cards][2] == "Tea 1"
    assert cards[3]["code"] == "bad_argument"
    assert "no button 1" in cards[3]["text"]


async def test_an_action_id_presses_its_button_too(pipe: Pipe) -> None:
    assert (await pipe.json_script("v1|tea show|2\n"))[1][0]["title"] == "Tea 2"


async def test_missing_arguments_are_an_error_in_a_pipe(pipe: Pipe) -> None:
    status, cards = await pipe.json_script("tea order tea=2\n")
    assert status == 1
    assert (cards[0]["code"], cards[0]["missing"]) == ("missing_argument", ["note"])


async def test_a_card_that_asks_by_a_form_says_in_a_pipe_what_to_write(pipe: Pipe) -> None:
    status, cards = await pipe.json_script("tea edit 2\n")
    assert status == 1
    assert cards[0]["code"] == "missing_argument"
    assert '/rao tea edit tea="2" note="…"' in cards[0]["text"]


async def test_a_line_that_cannot_be_read_fails_alone(pipe: Pipe) -> None:
    front_end = pipe.open(json_output=True)
    os.write(pipe.writing, b"\xff\xfe\ntea list\n")
    pipe.end()
    assert await front_end.run() == 1
    cards = [json.loads(line) for line in pipe.out.getvalue().splitlines()]
    assert [card["code"] for card in cards] == ["bad_argument", "ok"]


async def test_control_characters_in_a_line_do_not_reach_the_output(pipe: Pipe) -> None:
    await pipe.script('tea order tea=1 note="\x1b[2J\x9b"\n')
    assert "\x1b" not in pipe.out.getvalue()
    assert "␛[2J" in pipe.out.getvalue()


async def test_the_greeting_is_for_people_and_its_buttons_work(pipe: Pipe) -> None:
    greeting = Card("Welcome", actions=(Button("Look", "tea show", 1),))
    assert await pipe.script("1\n", greeting=greeting) == 0
    assert "Welcome" in pipe.out.getvalue()
    assert "Tea 1" in pipe.out.getvalue()


async def test_the_greeting_is_not_part_of_the_json(pipe: Pipe) -> None:
    await pipe.script("tea list\n", json_output=True, greeting=Card("Welcome"))
    assert "Welcome" not in pipe.out.getvalue()


async def test_stopping_ends_the_wait_for_a_line_at_once_and_leaves_nothing_behind(pipe: Pipe) -> None:
    threads, tasks = threading.active_count(), len(asyncio.all_tasks())
    front_end = pipe.open()
    running = asyncio.ensure_future(front_end.run())
    pipe.send("tea list\n")
    await pipe.said("Teas")
    async with asyncio.timeout(PATIENCE_S):
        await front_end.stop()
        assert await running == 0
    assert threading.active_count() == threads
    assert len(asyncio.all_tasks()) == tasks


async def test_a_running_command_may_end_by_itself_when_the_program_stops(pipe: Pipe) -> None:
    front_end = pipe.open()
    running = asyncio.ensure_future(front_end.run())
    pipe.send("tea stir\ntea list\n")
    await pipe.said("> tea stir")
    await front_end.stop()
    assert await running == 0
    assert "Stirred" in pipe.out.getvalue()
    assert "Teas" not in pipe.out.getvalue()


async def test_a_command_that_goes_on_for_ever_is_cancelled_when_the_program_stops(pipe: Pipe) -> None:
    front_end = pipe.open(stop_grace_s=0.02)
    running = asyncio.ensure_future(front_end.run())
    pipe.send("tea brew\n")
    await pipe.said("> tea brew")
    async with asyncio.timeout(PATIENCE_S):
        await front_end.stop()
        assert await running == 1
    assert "It was cancelled." in pipe.out.getvalue()


async def test_cancelling_the_front_end_cancels_its_command(pipe: Pipe) -> None:
    tasks = len(asyncio.all_tasks())
    running = asyncio.ensure_future(pipe.open().run())
    pipe.send("tea brew\n")
    await pipe.said("> tea brew")
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert len(asyncio.all_tasks()) == tasks


async def test_ctrl_c_in_a_script_cancels_the_command_and_runs_no_further_line(pipe: Pipe) -> None:
    before = signal.getsignal(signal.SIGINT)
    running = asyncio.ensure_future(pipe.open().run())
    pipe.send("tea brew\ntea list\n")
    await pipe.said("> tea brew")
    os.kill(os.getpid(), signal.SIGINT)
    async with asyncio.timeout(PATIENCE_S):
        assert await running == 1
    assert "It was cancelled." in pipe.out.getvalue()
    assert "Teas" not in pipe.out.getvalue()
    assert signal.getsignal(signal.SIGINT) is before


# ---------------------------------------------------------------- alerts


def front_end_of(pipe: Pipe) -> FrontEnd:
    return pipe.open(json_output=True)


async def test_an_alert_is_printed_once_for_one_nonce(pipe: Pipe) -> None:
    front_end = front_end_of(pipe)
    first = await front_end.deliver(WORKSPACE_ID, None, Card("Removed"), nonce="alert-1")
    again = await front_end.deliver(WORKSPACE_ID, None, Card("Removed"), nonce="alert-1")
    other = await front_end.deliver(WORKSPACE_ID, None, Card("Live"), nonce="alert-2")
    assert first == again != other
    cards = [json.loads(line) for line in pipe.out.getvalue().splitlines()]
    assert [(card["command"], card["title"]) for card in cards] == [("alert", "Removed"), ("alert", "Live")]


async def test_an_alert_of_another_platform_is_not_for_the_terminal(pipe: Pipe) -> None:
    with pytest.raises(DeliveryFailed) as caught:
        await front_end_of(pipe).deliver("discord:1", "c", Card("x"), nonce="alert-1")
    assert caught.value.about is Refused.WORKSPACE


async def test_an_alert_that_nobody_can_read_stays_owed(pipe: Pipe) -> None:
    front_end = front_end_of(pipe)
    pipe.out.close()
    with pytest.raises(DeliveryFailed) as caught:
        await front_end.deliver(WORKSPACE_ID, None, Card("x"), nonce="alert-1")
    assert caught.value.about is Refused.MOMENT


async def test_the_numbers_of_a_card_stay_valid_when_an_alert_comes_in_between(pipe: Pipe) -> None:
    front_end = pipe.open()
    running = asyncio.ensure_future(front_end.run())
    pipe.send("tea list\n")
    await pipe.said("[3] Oolong")
    alert = Card("Removed", actions=(Button("Check now", "tea show", 3),))
    await front_end.deliver(WORKSPACE_ID, None, alert, nonce="alert-1")
    assert "[4] Check now" in pipe.out.getvalue()
    pipe.send("1\n")
    await pipe.said("Tea 1")
    pipe.end()
    assert await running == 0


async def test_output_that_nobody_reads_any_more_ends_the_run_quietly(pipe: Pipe) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    out = io.TextIOWrapper(io.FileIO(writing, "w"), write_through=True)
    assert await pipe.script("tea list\ntea list\n", stdout=out) == 1
    out.close()


def test_the_operating_system_vouches_for_who_is_at_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "carol")
    actor = local_actor()
    assert (actor.workspace_id, actor.member_id, actor.may_manage) == (WORKSPACE_ID, "carol", True)
