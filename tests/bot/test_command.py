from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Card, Progress, encode_action
from bot.command import Command, Context, Kind, Param, Registry, bind, coerce
from bot.dispatcher import Dispatcher
from bot.frontend import Actor
from core.errors import BadArgument, NotFound, UnknownCommand
from core.log import correlation_id
from core.model import Caller, Role
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, bare_services
from tests.clock import FixedClock

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def refusal(attempt: Callable[[], object]) -> BadArgument | None:
    """What `attempt` was refused with; None when it worked. Any other exception is a failure."""
    try:
        attempt()
    except BadArgument as refused:
        return refused
    return None


# ---------------------------------------------------------------- values by name


async def _nothing(ctx: Context, **arguments: Any) -> Card:
    return Card("done", values={name: str(value) for name, value in arguments.items()})


def command(*params: Param, path: str = "x y") -> Command:
    return Command(path, "Help", params, _nothing)


def test_the_first_free_text_may_stand_without_its_key() -> None:
    x = command(Param("draft", "", Kind.INTEGER), Param("body", "", Kind.LONG))
    assert bind(x, ["3"], {"body": "text"}) == {"draft": "3", "body": "text"}
    assert bind(x, ["one", "two"], {"draft": "3"}) == {"draft": "3", "body": "one two"}


def test_free_text_after_a_number_is_asked_about() -> None:
    x = command(Param("draft", "", Kind.INTEGER), Param("body", "", Kind.LONG))
    with pytest.raises(BadArgument, match="What is 'new'") as refused:
        bind(x, ["3", "new", "text"], {})
    assert "body" in refused.value.do


def test_an_unknown_key_is_told_with_the_known_ones() -> None:
    with pytest.raises(BadArgument, match="no argument `titel`") as refused:
        bind(command(Param("title", "")), [], {"titel": "x"})
    assert "title" in refused.value.do


def test_text_that_no_argument_takes_is_not_dropped() -> None:
    with pytest.raises(BadArgument, match="one value too many"):
        bind(command(), ["extra"], {})


@given(st.lists(st.text(), max_size=4), st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text()))
def test_binding_keeps_everything_or_refuses(free: list[str], named: dict[str, str]) -> None:
    x = command(Param("a", ""), Param("b", "", Kind.INTEGER))
    try:
        raw = bind(x, free, named)
    except BadArgument:
        return
    assert set(raw) <= {"a", "b"}
    assert named.items() <= raw.items()
    assert len(raw) == len(named) + bool(free)


# ---------------------------------------------------------------- values by kind


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, "  one \n two ", "one two"),
        (Kind.LONG, " one\ntwo ", "one\ntwo"),
        (Kind.INTEGER, "#12", 12),
        (Kind.MONEY, "$5.50", 5_500_000),
        (Kind.MONEY, "0.000001", 1),
        (Kind.LIST, "a, b;c\n a", ("a", "b", "c")),
        (Kind.COMMUNITY, "/r/SaaS/", "saas"),
        (Kind.COMMUNITIES, "r/SaaS, startups,saas", ("saas", "startups")),
        (Kind.DURATION, "45m", timedelta(minutes=45)),
        (Kind.DURATION, "2 W", timedelta(weeks=2)),
        (Kind.TIME, "7:05", time(7, 5)),
        (Kind.TIME, "19.30", time(19, 30)),
        (Kind.TIME, "9", time(9)),
        (Kind.TIME, "7 PM", time(19)),
        (Kind.TIME, "12am", time(0)),
        (Kind.TIME, "12:30pm", time(12, 30)),
        (Kind.TIME, "24:00", time(0)),
    ],
)
def test_values_become_what_the_handler_expects(kind: Kind, raw: str, value: object) -> None:
    assert coerce(Param("p", "", kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.TEXT, "x" * 301),
        (Kind.TEXT, "nul\x00"),
        (Kind.LONG, "half \ud800 a character"),
        (Kind.LIST, "half \udfff"),
        (Kind.INTEGER, "three"),
        (Kind.INTEGER, "١٢"),
        (Kind.INTEGER, "-1"),
        (Kind.MONEY, "5,50"),
        (Kind.MONEY, "1e9"),
        (Kind.COMMUNITY, "r/a b"),
        (Kind.COMMUNITY, "х"),
        (Kind.COMMUNITIES, "ok,not ok"),
        (Kind.CHOICE, "blue"),
        (Kind.DURATION, "0d"),
        (Kind.DURATION, "soon"),
        (Kind.TIME, "25:00"),
        (Kind.TIME, "7:60"),
        (Kind.TIME, "13pm"),
        (Kind.TIME, "noon"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(kind: Kind, raw: str) -> None:
    with pytest.raises(BadArgument) as refused:
        coerce(Param("amount", "", kind, choices=("red",)), raw)
    assert refused.value.param == "amount"
    assert refused.value.do


@given(st.sampled_from(list(Kind)), st.text())
def test_any_text_becomes_a_value_or_a_refusal_that_fits_on_a_card(kind: Kind, raw: str) -> None:
    values: list[object] = []
    refused = refusal(lambda: values.append(coerce(Param("p", "", kind, choices=("red", "blue")), raw)))
    if refused is not None:
        assert refused.param == "p"
        assert len(str(refused)) < 400
    elif isinstance(values[0], str):
        assert values[0].encode().decode() == values[0]


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.TEXT, Kind.LONG, Kind.LIST)])
def test_a_refusal_repeats_only_the_beginning_of_a_very_long_text(kind: Kind) -> None:
    with pytest.raises(BadArgument) as refused:
        coerce(Param("p", "", kind, choices=("red",)), "?" * 100_000)
    assert len(str(refused.value)) < 400


# ---------------------------------------------------------------- finding commands


def small_registry() -> Registry:
    registry = Registry()
    registry.command("help", "Help")(_nothing)
    registry.command("draft show", "Show", Param("draft", "number", Kind.INTEGER, lookup="draft"))(_nothing)
    registry.command("draft show again", "Again", button_only=True)(_nothing)
    return registry


def test_words_find_the_longest_path() -> None:
    found, taken = small_registry().find(["Draft", "SHOW", "3"])
    assert (found.path, taken) == ("draft show", 2)
    assert small_registry().find(["help", "draft"])[1] == 1


def test_a_command_of_a_button_is_not_found_by_words() -> None:
    assert small_registry().find(["draft", "show", "again"])[0].path == "draft show"
    assert small_registry().get("draft show again").button_only


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "/rao help"),
        (["draft"], "show"),
        (["draft", "shwo"], "show"),
        (["daft"], "draft, help"),
        (["x" * 10_000], "draft, help"),
    ],
)
def test_an_unknown_command_is_told_what_there_is(words: list[str], told: str) -> None:
    with pytest.raises(UnknownCommand) as refused:
        small_registry().find(words)
    assert told in refused.value.do
    assert len(str(refused.value)) < 300
    assert "again" not in refused.value.do


def test_one_path_cannot_be_declared_twice() -> None:
    registry = small_registry()
    with pytest.raises(ValueError, match="twice"):
        registry.command("help", "Help again")(_nothing)


# ---------------------------------------------------------------- dispatch


@pytest.fixture
def make(store: Store, clock: FixedClock) -> Callable[..., Dispatcher]:
    def build(handler: Any = _nothing, *params: Param, role: Role = Role.VIEWER, **options: Any) -> Dispatcher:
        registry = small_registry()
        registry.command("x", "Do x", *params, role=role, **options)(handler)
        return Dispatcher(registry, bare_services(store, clock))

    return build


async def test_a_line_runs_its_command_with_its_values(make: Callable[..., Dispatcher]) -> None:
    path, card = await make(_nothing, Param("n", "", Kind.INTEGER), Param("why", "", default="so")).run_line(
        ALICE, "/rao x 3"
    )
    assert path == "x"
    assert card.values == {"n": "3", "why": "so"}


async def test_a_click_fills_the_parameter_that_names_a_record(make: Callable[..., Dispatcher]) -> None:
    dispatcher = make(_nothing, Param("body", ""), Param("draft", "", Kind.INTEGER, lookup="draft"))
    _, card = await dispatcher.run_action(ALICE, encode_action("x", 7))
    assert card.values == {"body": "None", "draft": "7"}


@pytest.mark.parametrize("action_id", ["v1|gone|3", "v0|x|3", "", "💥", "v1|help|5"])
async def test_an_old_or_foreign_button_gets_an_answer(make: Callable[..., Dispatcher], action_id: str) -> None:
    _, card = await make().run_action(ALICE, action_id)
    assert not card.ok
    assert card.code != "defect"


async def test_what_is_missing_is_asked_for_and_what_was_given_is_kept(make: Callable[..., Dispatcher]) -> None:
    dispatcher = make(
        _nothing, Param("name", "a name", required=True), Param("body", "a text", Kind.LONG, required=True)
    )
    _, card = await dispatcher.run_line(ALICE, "x Acme")
    assert card.code == "missing_argument"
    assert card.form is not None
    assert [(i.name, i.long) for i in card.form.inputs] == [("body", True)]
    assert card.form.known == {"name": "Acme"}
    assert "a text" in card.text


async def test_blank_counts_as_missing(make: Callable[..., Dispatcher]) -> None:
    _, card = await make(_nothing, Param("name", "", required=True)).run_line(ALICE, 'x name="  "')
    assert card.code == "missing_argument"


async def test_a_member_without_the_role_is_told_who_may(
    make: Callable[..., Dispatcher], store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.ensure_workspace("terminal:local", "terminal", "Local", clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    await store.grant_role(caller, "bob", "Bob", Role.EDITOR, clock.now())
    _, card = await make(role=Role.APPROVER).run_line(GUEST, "x")
    assert card.code == "forbidden"
    assert "Alice" in card.text
    assert "Bob" not in card.text


async def test_a_click_checks_the_role_again(
    make: Callable[..., Dispatcher], store: Store, clock: FixedClock, caller: Caller
) -> None:
    dispatcher = make(role=Role.EDITOR)
    await store.ensure_workspace("terminal:local", "terminal", "Local", clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    await store.grant_role(caller, "guest", "Guest", Role.EDITOR, clock.now())
    assert (await dispatcher.run_action(GUEST, encode_action("x", None)))[1].ok
    await store.revoke_role(caller, "guest", clock.now())
    assert (await dispatcher.run_action(GUEST, encode_action("x", None)))[1].code == "forbidden"


async def test_who_manages_a_workspace_is_admin_until_one_is_named(
    make: Callable[..., Dispatcher], store: Store, clock: FixedClock, caller: Caller
) -> None:
    dispatcher = make(role=Role.ADMIN)
    assert (await dispatcher.run_line(ALICE, "x"))[1].ok
    await store.grant_role(caller, "bob", "Bob", Role.ADMIN, clock.now())
    refused = (await dispatcher.run_line(ALICE, "x"))[1]
    assert refused.code == "forbidden"
    assert "Bob" in refused.text


async def test_a_terminal_command_does_not_run_elsewhere(make: Callable[..., Dispatcher]) -> None:
    dispatcher = make(terminal_only=True)
    assert (await dispatcher.run_line(ALICE, "x"))[1].ok
    assert (await dispatcher.run_line(CHATTING, "x"))[1].code == "unknown_command"


async def test_an_error_for_people_is_shown_as_written(make: Callable[..., Dispatcher]) -> None:
    async def fail(ctx: Context) -> Card:
        raise NotFound("There is no draft 9.", "See them: /rao draft list")

    _, card = await make(fail).run_line(ALICE, "x")
    assert (card.code, card.text) == ("not_found", "There is no draft 9.\nSee them: /rao draft list")


async def test_a_defect_shows_a_reference_that_is_also_in_the_log(
    make: Callable[..., Dispatcher], caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(ctx: Context) -> Card:
        raise RuntimeError("token=hush")

    _, card = await make(fail).run_line(ALICE, "x")
    reference = next(r.__dict__["reference"] for r in caplog.records if r.message == "defect")
    assert card.code == "defect"
    assert reference in card.text
    assert "hush" not in card.text
    assert "RuntimeError" not in card.text


async def test_a_cancelled_command_is_cancelled_and_not_answered(make: Callable[..., Dispatcher]) -> None:
    started = asyncio.Event()

    async def wait(ctx: Context) -> Card:
        started.set()
        await asyncio.Event().wait()
        return Card("never")

    task = asyncio.create_task(make(wait).run_line(ALICE, "x"))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_command_reports_progress_under_one_correlation_id(make: Callable[..., Dispatcher]) -> None:
    seen: list[tuple[str, str]] = []

    async def work(ctx: Context) -> Card:
        await ctx.report(Progress("half", 1, 2))
        return Card("done", values={"id": ctx.correlation_id, "caller": ctx.caller.correlation_id})

    async def report(progress: Progress) -> None:
        seen.append((progress.text, correlation_id()))

    _, card = await make(work).run_line(ALICE, "x", report)
    assert seen == [("half", card.values["id"])]
    assert card.values["id"] == card.values["caller"]
    assert correlation_id() == "-"


async def test_two_workspaces_have_their_own_roles(
    make: Callable[..., Dispatcher], store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.ensure_workspace("terminal:local", "terminal", "Local", clock.now())
    await store.grant_role(caller, "11", "Dora", Role.ADMIN, clock.now())
    stranger = Actor("discord:2", "discord", "Other", "11", "Dora")
    assert (await make(role=Role.EDITOR).run_line(stranger, "x"))[1].code == "forbidden"


def test_arguments_are_what_they_are_called() -> None:
    values: Mapping[str, str] = bind(command(Param("name", ""), Param("url", "")), [], {"url": "u", "name": "n"})
    assert values == {"name": "n", "url": "u"}
