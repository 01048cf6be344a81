from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import bot.doctor
from bot.chats import chat_remotes, installed_remotes
from bot.doctor import Examination, Verdict, examine, is_healthy
from bot.services import Remote, Services
from bot.settings import Settings, load_settings
from core.errors import RemoteError, StorageUnavailable
from core.gateways.remote_clock import read_remote_clock
from core.installations import Installations
from core.model import AlertKind, Caller, NewAlert
from core.seal import INSTALLATIONS, Seal
from storage.store import Store
from tests.bot.bare import bare_services
from tests.clock import FixedClock
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.fakes.slack_install import CLIENT_ID, CLIENT_SECRET

WORKING_MODULE = "tests.bot.talking"


async def answers() -> None:
    """A probe that works."""


async def no_remote() -> None:
    """There is no remote to compare the clock with, and no problem with the schema."""


def source(name: str, probe: Callable[[], Awaitable[None]], *, configured: bool = True) -> Remote:
    return Remote(name, "collecting", probe, f"BCRAO_{name.upper()}", configured=configured)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"BCRAO_DATA_DIR": str(tmp_path)}, None)


class Patient:
    """What the doctor looks at; a test makes parts of it ill."""

    def __init__(self, settings: Settings, store: Store, clock: FixedClock) -> None:
        self.settings = settings
        self.clock = clock
        self.store = store
        self.remotes: tuple[Remote, ...] = ()
        self.check_schema: Callable[[], Awaitable[None]] = no_remote
        self.remote_time: Callable[[], Awaitable[tuple[str, datetime] | None]] = no_remote
        self.opening: Exception | None = None
        self.installations: Installations | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Services]:
        if self.opening:
            raise self.opening
        yield bare_services(self.store, self.clock, remotes=self.remotes, installations=self.installations)

    async def examined(self, **options: Any) -> dict[str, Examination]:
        options = {"nlp_module": WORKING_MODULE, **options}
        found = await examine(self.settings, self.clock, self.open, self.check_schema, self.remote_time, **options)
        self.healthy = is_healthy(found)
        return {examination.subject: examination for examination in found}


@pytest.fixture
def patient(settings: Settings, store: Store, clock: FixedClock) -> Patient:
    return Patient(settings, store, clock)


async def test_a_healthy_program_gets_a_line_for_everything(patient: Patient) -> None:
    patient.remotes = (source("Reddit", answers),)
    found = await patient.examined()
    assert patient.healthy
    assert list(found) == [
        *("Python", "settings", "disk", "time zones", "database", "Reddit", "clock", "text analysis", "alerts"),
    ]
    assert found["clock"].verdict is Verdict.NOTE
    assert all("\n" not in examination.line() for examination in found.values())


async def test_a_quick_look_asks_no_remote_and_starts_no_process(patient: Patient) -> None:
    async def never() -> None:
        raise AssertionError("asked")

    patient.remotes = (source("Reddit", never),)
    found = await patient.examined(quick=True, nlp_module="no.such.module")
    assert list(found) == ["Python", "settings", "disk", "time zones", "database", "alerts"]
    assert patient.healthy


async def test_refused_credentials_are_a_problem_with_what_to_do(patient: Patient) -> None:
    async def refuse() -> None:
        raise RemoteError(
            "Reddit refuses the key.", "Renew BCRAO_REDDIT_CLIENT_SECRET.", remote="reddit", permanent=True
        )

    patient.remotes = (source("Reddit", refuse), source("Apify", answers))
    found = await patient.examined()
    assert not patient.healthy
    assert "Renew BCRAO_REDDIT_CLIENT_SECRET." in found["Reddit"].line()
    assert found["Apify"].verdict is Verdict.OK


async def test_a_remote_that_is_not_set_up_is_no_problem_and_is_not_asked(patient: Patient) -> None:
    async def never() -> None:
        raise AssertionError("asked")

    patient.remotes = (source("Apify", never, configured=False),)
    found = await patient.examined()
    assert patient.healthy
    assert found["Apify"].do == "Set BCRAO_APIFY."


async def test_a_remote_that_never_answers_does_not_hold_up_the_rest(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(bot.doctor, "PROBE_TIMEOUT_S", 0.05)
    patient.remotes = (source("Reddit", hang), source("Apify", answers))
    found = await patient.examined()
    assert found["Reddit"].verdict is Verdict.PROBLEM
    assert found["Apify"].verdict is Verdict.OK


@pytest.mark.parametrize(
    ("ahead_s", "verdict"), [(0, Verdict.OK), (29, Verdict.OK), (95, Verdict.PROBLEM), (-95, Verdict.PROBLEM)]
)
async def test_a_clock_that_is_off_is_told(patient: Patient, ahead_s: int, verdict: Verdict) -> None:
    async def say() -> tuple[str, datetime]:
        return "Reddit", patient.clock.now() - timedelta(seconds=ahead_s)

    patient.remote_time = say
    clock = (await patient.examined())["clock"]
    assert clock.verdict is verdict
    if verdict is Verdict.PROBLEM:
        assert ("95 seconds ahead of Reddit" if ahead_s > 0 else "95 seconds behind Reddit") in clock.found


async def test_a_remote_without_a_time_is_only_a_note(patient: Patient) -> None:
    async def silent() -> tuple[str, datetime]:
        raise RemoteError("It does not answer.", remote="web")

    patient.remote_time = silent
    assert (await patient.examined())["clock"].verdict is Verdict.NOTE


async def test_an_unusable_database_is_told_and_the_remotes_are_still_asked(patient: Patient) -> None:
    async def not_migrated() -> None:
        raise StorageUnavailable("The tables are missing.", "Run: python -m bot migrate")

    patient.check_schema = not_migrated
    patient.remotes = (source("Reddit", answers),)
    found = await patient.examined()
    assert not patient.healthy
    assert "python -m bot migrate" in found["database"].line()
    assert found["Reddit"].verdict is Verdict.OK
    assert "alerts" not in found


async def test_a_program_that_cannot_be_opened_is_told_once(patient: Patient) -> None:
    patient.opening = StorageUnavailable("The file is locked.", "Stop the other program.")
    found = await patient.examined()
    assert not patient.healthy
    assert found["program"].do == "Stop the other program."


async def test_text_analysis_that_does_not_start_is_a_problem(patient: Patient) -> None:
    found = await patient.examined(nlp_module="no.such.module")
    assert not patient.healthy
    assert found["text analysis"].verdict is Verdict.PROBLEM


@pytest.mark.usefixtures("no_zone_data")
async def test_a_machine_without_time_zones_is_told_to_get_them_and_works_on(patient: Patient) -> None:
    found = await patient.examined(quick=True)
    assert patient.healthy
    assert found["time zones"].verdict is Verdict.NOTE
    assert "tzdata" in found["time zones"].do


async def test_little_space_is_a_problem(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.doctor, "FREE_BYTES_MIN", 1 << 62)
    found = await patient.examined(quick=True)
    assert not patient.healthy
    assert "BCRAO_DATA_DIR" in found["disk"].do


async def test_a_data_folder_that_is_a_file_is_a_problem(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    patient.settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path / "file" / "data")}, None)
    assert (await patient.examined(quick=True))["disk"].verdict is Verdict.PROBLEM


async def test_alerts_that_could_not_be_delivered_are_a_problem(
    patient: Patient, store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.owe_alert(caller, NewAlert(AlertKind.TEST, "test", {}), clock.now())
    claimed = await store.lease_alerts(
        clock.now(), worker="w", lease=timedelta(minutes=1), limit=9, platforms=["terminal"]
    )
    assert (await patient.examined(quick=True))["alerts"].verdict is Verdict.OK
    await store.record_delivery(claimed[0].id, "w", clock.now(), delivered=False, problem="gone")
    assert (await patient.examined(quick=True))["alerts"].verdict is Verdict.PROBLEM
    assert not patient.healthy


async def test_every_chat_s_alerts_are_looked_at_but_not_every_minute(patient: Patient, store: Store) -> None:
    now = patient.clock.now()
    for workspace_id, name in (("discord:1", "Tea"), ("slack:T1", "Pots\n\x1b[31m"), ("slack:T2", "Clay")):
        await store.ensure_workspace(workspace_id, workspace_id.split(":")[0], name, now)
        if workspace_id != "discord:1":
            caller = Caller(workspace_id, "u", "U", "c")
            await store.set_alert_channel(caller, "C1", now)
            await store.owe_alert(caller, NewAlert(AlertKind.TEST, "k", {}), now)
    for alert in await store.lease_alerts(now, worker="w", lease=timedelta(minutes=1), limit=9, platforms=["slack"]):
        detour = "The channel is archived." if alert.workspace_id == "slack:T1" else None
        await store.record_delivery(alert.id, "w", now, delivered=True, problem=detour)
    found = await patient.examined()
    assert found["alerts of Tea (discord:1)"].verdict is Verdict.NOTE
    archived = next(examination for subject, examination in found.items() if "slack:T1" in subject)
    assert archived.verdict is Verdict.PROBLEM
    assert "The channel is archived." in archived.line()
    assert archived.line().isprintable()
    assert found["alerts of Clay (slack:T2)"].verdict is Verdict.OK
    assert not patient.healthy
    await patient.examined(quick=True)
    assert patient.healthy  # what only a team can mend does not restart the program


async def test_many_healthy_workspaces_are_counted(patient: Patient, store: Store) -> None:
    # Twelve servers, and the terminal of the fixture.
    for n in range(12):
        await store.ensure_workspace(f"discord:{n}", "discord", f"Server {n}", patient.clock.now())
        await store.set_alert_channel(Caller(f"discord:{n}", "u", "U", "c"), "1", patient.clock.now())
    assert "13 workspaces" in (await patient.examined())["alerts"].found


# ---------------------------------------------------------------- chat platforms, over the wire


async def test_chat_platforms_that_accept_the_tokens_are_fine(patient: Patient) -> None:
    async with FakeDiscord() as discord, FakeSlack() as slack:
        found = await patient.examined(chats=chat_remotes(connected(discord, slack)))
    assert (found["Discord"].verdict, found["Slack"].verdict) == (Verdict.OK, Verdict.OK)
    assert [call.method for call in slack.calls] == ["auth.test", "apps.connections.open"]
    assert slack.connections_opened == discord.connections == 0


async def test_tokens_that_are_refused_are_told_with_their_settings(patient: Patient) -> None:
    async with FakeDiscord() as discord, FakeSlack() as slack:
        settings = connected(discord, slack)
        discord.token = "another"
        slack.app_tokens.clear()
        found = await patient.examined(chats=chat_remotes(settings))
        assert "BCRAO_DISCORD_TOKEN" in found["Discord"].do
        assert "BCRAO_SLACK_APP_TOKEN" in found["Slack"].do
        assert "invalid_auth" in found["Slack"].found
        slack.bot_tokens.clear()
        assert "BCRAO_SLACK_BOT_TOKEN" in (await patient.examined(chats=chat_remotes(settings)))["Slack"].do


async def test_a_permission_that_the_slack_app_lacks_is_named(patient: Patient) -> None:
    async with FakeDiscord() as discord, FakeSlack() as slack:
        slack.scopes.discard("files:write")
        found = await patient.examined(chats=chat_remotes(connected(discord, slack)))
    assert "files:write" in found["Slack"].found
    assert "charts" in found["Slack"].do


async def test_a_chat_platform_that_is_down_or_not_there_is_a_problem(patient: Patient) -> None:
    async with FakeDiscord() as discord, FakeSlack() as slack:
        settings = connected(discord, slack)
        discord.fail("GET /applications", 503)
        slack.fail("auth.test", "", status=502, raw="<html>")
        found = await patient.examined(chats=chat_remotes(settings))
        assert "status 503" in found["Discord"].found
        assert "status 502" in found["Slack"].found
    found = await patient.examined(chats=chat_remotes(settings))
    assert "does not answer" in found["Discord"].found
    assert "does not answer" in found["Slack"].found


async def test_each_workspace_that_installed_the_app_is_asked_for(patient: Patient, store: Store) -> None:
    async with FakeSlack() as slack:
        settings = installable(slack)
        install_url = f"{settings.public_address}/slack/install"
        sealing = Installations(store, patient.clock, Seal(lambda: "k" * 32, INSTALLATIONS), install_url)
        patient.installations = sealing
        for team, token in (("T1", "xoxb-1"), ("T2", "xoxb-2"), ("T3", "xoxb-3")):
            facts = {"installed_by": "U1", "bot_user_id": "UBOT", "token": token}
            await sealing.keep(f"slack:{team}", f"Team {team}", **facts)
        other = Installations(store, patient.clock, Seal(lambda: "z" * 32, INSTALLATIONS), "")
        await other.keep("slack:T4", "Team T4", installed_by="U1", bot_user_id="UBOT", token="xoxb-4")
        await sealing.end("slack:T3", "app_uninstalled", patient.clock.now())
        slack.bot_tokens = {"xoxb-1"}
        patient.settings = settings
        found = await patient.examined(
            chats=chat_remotes(settings), installed=lambda services: installed_remotes(settings, services)
        )
        assert slack.connections_opened == 0
    assert found["Slack"].verdict is Verdict.OK
    assert found["Slack in Team T1 (slack:T1)"].verdict is Verdict.OK
    dead = found["Slack in Team T2 (slack:T2)"]
    assert dead.verdict is Verdict.PROBLEM
    assert "invalid_auth" in dead.found
    assert "https://bot.example.com/slack/install" in dead.do
    gone = found["Slack in Team T3 (slack:T3)"]
    assert gone.verdict is Verdict.NOTE  # no fault of this program's
    assert "not installed in this workspace any more, since 23 Nov 2026, 12:00 UTC (app_uninstalled)" in gone.found
    assert "alerts of Team T3 (slack:T3)" not in found
    assert "BCRAO_SECRET_KEY" in found["Slack in Team T4 (slack:T4)"].do
    assert not [line for line in found.values() if "xoxb" in line.line()]


async def test_an_app_that_slack_does_not_know_is_told_with_its_setting(patient: Patient) -> None:
    async with FakeSlack() as slack:
        settings = installable(slack)
        slack.client_secret = "another"
        assert "BCRAO_SLACK_CLIENT_SECRET" in (await patient.examined(chats=chat_remotes(settings)))["Slack"].do
        slack.client_id = "56.78"
        assert "BCRAO_SLACK_CLIENT_ID" in (await patient.examined(chats=chat_remotes(settings)))["Slack"].do
        slack.client_id, slack.client_secret = CLIENT_ID, CLIENT_SECRET
        settings = installable(slack, BCRAO_PUBLIC_URL="http://bot.example.com")
        assert "https" in (await patient.examined(chats=chat_remotes(settings)))["Slack"].found


def installable(slack: FakeSlack, **changed: str) -> Settings:
    environ = {
        "BCRAO_SECRET_KEY": "k" * 32,
        "BCRAO_SLACK_CLIENT_ID": CLIENT_ID,
        "BCRAO_SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "BCRAO_SLACK_APP_TOKEN": APP_TOKEN,
        "BCRAO_SLACK_API_URL": slack.url,
        "BCRAO_LISTEN": "127.0.0.1:8480",
        "BCRAO_PUBLIC_URL": "https://bot.example.com",
    }
    return load_settings(environ | changed, None)


def connected(discord: FakeDiscord, slack: FakeSlack) -> Settings:
    discord.token = "a.b.c"
    return load_settings(
        {
            "BCRAO_DISCORD_TOKEN": "a.b.c",
            "BCRAO_DISCORD_API_URL": discord.api_url,
            "BCRAO_SLACK_BOT_TOKEN": BOT_TOKEN,
            "BCRAO_SLACK_APP_TOKEN": APP_TOKEN,
            "BCRAO_SLACK_API_URL": slack.url,
        },
        None,
    )


# ---------------------------------------------------------------- the remote's clock, over the wire


@asynccontextmanager
async def served(date: str | None) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=403)

    async def stamp(request: web.Request, response: web.StreamResponse) -> None:
        if date is not None:
            response.headers["Date"] = date

    app = web.Application()
    app.on_response_prepare.append(stamp)
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_remote_tells_its_time_whatever_else_it_answers() -> None:
    at = datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC)
    async with served(format_datetime(at, usegmt=True)) as url:
        assert await read_remote_clock(url) == at


async def test_a_remote_that_tells_nonsense_or_is_not_there_is_a_remote_error() -> None:
    async with served("yesterday") as url:
        with pytest.raises(RemoteError, match="what time"):
            await read_remote_clock(url)
    with pytest.raises(RemoteError, match="does not answer"):
        await read_remote_clock(url)


async def test_a_models_address_without_v1_is_noted_before_a_draft_fails(patient: Patient, tmp_path: Path) -> None:
    given = {"BCRAO_LLM_DRAFT_MODEL": "openai/local", "BCRAO_LLM_API_BASE": "http://127.0.0.1:9"}
    patient.settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path), **given}, None)
    note = (await patient.examined(quick=True))["model's address"]
    assert note.verdict is Verdict.NOTE
    assert note.do == "Try BCRAO_LLM_API_BASE=http://127.0.0.1:9/v1"
    patient.settings = load_settings(
        {"BCRAO_DATA_DIR": str(tmp_path), **given, "BCRAO_LLM_API_BASE": "http://127.0.0.1:9/v1"}, None
    )
    assert "model's address" not in await patient.examined(quick=True)
