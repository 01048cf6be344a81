"""`bcrao doctor` checks everything that the program needs to work, and prints one line per check, with what to do.

It only reads, and changes nothing that is stored; it can run beside the program.
"""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.characters import visible
from bot.services import Remote, Services
from bot.settings import Settings, variable
from core.clock import Clock
from core.errors import UserError
from core.texts.zones import zone_names
from core.worker import Worker, WorkerDied, WorkerFailed
from core.workspaces import Workspace

FREE_BYTES_MIN = 200 * 1024 * 1024
SKEW_S_MAX = 30.0  # alerts and audits count minutes; OAuth tokens and Slack's signatures allow less than five
PROBE_TIMEOUT_S = 20.0
WORKER_TIMEOUT_S = 60.0
PYTHON_MIN = (3, 11)
TERMINAL_WORKSPACE = "terminal:local"
ZONES_MIN = 100  # there are some 600; a machine without zone data knows only UTC
LISTED_MAX = 10  # workspaces without a problem that are listed; further ones are only counted
ASKED_AT_ONCE = 5  # workspaces of one platform, because the platform limits requests

OpenServices = Callable[[], AbstractAsyncContextManager[Services]]
ListRemotes = Callable[[Services], Awaitable[Sequence[Remote]]]
RemoteTime = Callable[[], Awaitable[tuple[str, datetime] | None]]


class Verdict(StrEnum):
    OK = "ok"
    NOTE = "note"  # nothing is wrong, but something is worth knowing
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Examination:
    subject: str
    verdict: Verdict
    found: str
    do: str = ""

    def line(self) -> str:
        return f"{self.verdict:<7}  {self.subject}: {self.found}" + (f" {self.do}" if self.do else "")


async def examine(
    settings: Settings,
    clock: Clock,
    open_services: OpenServices,
    check_schema: Callable[[], Awaitable[None]],
    remote_time: RemoteTime,
    *,
    chats: Sequence[Remote] = (),
    installed: ListRemotes | None = None,
    quick: bool = False,
    nlp_module: str = "core.analysis.nlp",
) -> list[Examination]:
    """Yield the result of every check, before or beside a running program.

    `open_services` opens the program's services without taking the database for itself; `check_schema` raises
    `StorageUnavailable` for a database that cannot be used as it is; `remote_time` returns the name and the time of a
    configured remote, or None when there is none (it may raise `RemoteError`); `chats` are the chat platforms that
    are set up, `installed` lists the workspaces that installed the app. `quick` leaves out checks that ask
    remotes or start a process, and those that only a team can mend: for health checks every minute.
    """
    read = Examination("settings", Verdict.OK, "read, and valid together.")
    found = [_python(), read, *_model_address(settings), _disk(settings.data_dir), _zones()]
    try:
        await check_schema()
        found.append(Examination("database", Verdict.OK, "reachable, and its tables are this version's."))
        is_usable = True
    except UserError as error:
        found.append(Examination("database", Verdict.PROBLEM, *error.for_operator))
        is_usable = False
    try:
        async with open_services() as services:
            if not quick:
                found += await asyncio.gather(*(_remote(remote) for remote in (*services.remotes, *chats)))
                found += [await _skew(clock, remote_time), await _language(nlp_module)]
            if is_usable and installed is not None and not quick:
                found += await _installed(await installed(services))
            if is_usable:
                ended = {one.workspace_id for one in await services.store.installations() if one.ended_at is not None}
                gone = ended if settings.slack and settings.slack.installs else set[str]()
                found += await _alerts(services, gone, only_terminal=quick)
    except UserError as error:
        if is_usable:  # otherwise this would repeat the problem above
            found.append(Examination("program", Verdict.PROBLEM, *error.for_operator))
    return found


def is_healthy(examinations: list[Examination]) -> bool:
    return all(examination.verdict is not Verdict.PROBLEM for examination in examinations)


def _python() -> Examination:
    version = platform.python_version()
    if sys.version_info < PYTHON_MIN:
        wanted = ".".join(str(part) for part in PYTHON_MIN)
        return Examination("Python", Verdict.PROBLEM, f"{version} is too old.", f"Install {wanted} or newer.")
    return Examination("Python", Verdict.OK, f"{version}.")


def _model_address(settings: Settings) -> list[Examination]:
    if settings.models is None or not settings.models.draft.address_may_lack_v1:
        return []
    base = settings.models.draft.api_base
    said = f"{base} has no path. A server that needs /v1 says without it that there is no such model."
    return [Examination("model's address", Verdict.NOTE, said, f"Try {variable('llm_api_base')}={base}/v1")]


def _disk(folder: Path) -> Examination:
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        return Examination("disk", Verdict.PROBLEM, f"{existing} is not a folder.", f"Correct {variable('data_dir')}.")
    free = shutil.disk_usage(existing).free
    said = f"{free / 1024**3:.1f} GiB free in {folder}."
    if free < FREE_BYTES_MIN:
        return Examination("disk", Verdict.PROBLEM, said, f"Make room, or move the folder: {variable('data_dir')}.")
    return Examination("disk", Verdict.OK, said)


def _zones() -> Examination:
    known = len(zone_names())
    if known < ZONES_MIN:
        said = "this machine has no time zone data, so quiet hours and digests count in UTC."
        return Examination("time zones", Verdict.NOTE, said, "Install the system's package tzdata.")
    return Examination("time zones", Verdict.OK, f"{known} known.")


async def _remote(remote: Remote) -> Examination:
    if not remote.configured:
        return Examination(remote.name, Verdict.NOTE, f"not set up (for {remote.used_for}).", f"Set {remote.setting}.")
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            await remote.probe()
    except UserError as error:
        return Examination(remote.name, Verdict.PROBLEM, *error.for_operator)
    except TimeoutError:
        return Examination(
            remote.name,
            Verdict.PROBLEM,
            f"no answer within {PROBE_TIMEOUT_S:.0f} seconds.",
            "Check the network and the address in the settings.",
        )
    return Examination(remote.name, Verdict.OK, f"works (for {remote.used_for}).")


async def _installed(remotes: Sequence[Remote]) -> list[Examination]:
    """Check workspaces that installed the app. A removed app is not a fault of this program."""
    asking = asyncio.Semaphore(ASKED_AT_ONCE)

    async def examine(remote: Remote) -> Examination:
        if not remote.configured:
            return Examination(remote.name, Verdict.NOTE, remote.problem() or "")
        async with asking:
            return await _remote(remote)

    found = await asyncio.gather(*(examine(remote) for remote in remotes))
    return _counted_when_many(found, "Slack", "workspaces that installed the app work.")


def _counted_when_many(found: Sequence[Examination], subject: str, words: str) -> list[Examination]:
    """Return the results; when many are fine, only count the fine ones."""
    fine = [examination for examination in found if examination.verdict is Verdict.OK]
    if len(fine) <= LISTED_MAX:
        return list(found)
    told = [examination for examination in found if examination.verdict is not Verdict.OK]
    return [*told, Examination(subject, Verdict.OK, f"{len(fine)} {words}")]


async def _skew(clock: Clock, remote_time: RemoteTime) -> Examination:
    try:
        answer = await remote_time()
    except UserError as error:
        return Examination("clock", Verdict.NOTE, f"not compared: {error.for_operator[0]}")
    if answer is None:
        return Examination("clock", Verdict.NOTE, "not compared: no remote is set up to compare it with.")
    address, theirs = answer
    skew_s = (clock.now() - theirs).total_seconds()
    if abs(skew_s) > SKEW_S_MAX:
        direction = "ahead of" if skew_s > 0 else "behind"
        return Examination(
            "clock",
            Verdict.PROBLEM,
            f"{abs(skew_s):,.0f} seconds {direction} {address}.",
            "Turn on time synchronisation (NTP) on this machine.",
        )
    return Examination("clock", Verdict.OK, f"agrees with {address}.")


async def _language(module: str) -> Examination:
    worker = Worker(module)
    try:
        await worker.call("read", {"texts": []}, timeout_s=WORKER_TIMEOUT_S)
    except (WorkerDied, WorkerFailed, TimeoutError, OSError) as error:
        said = str(error) or f"no answer within {WORKER_TIMEOUT_S:.0f} seconds"
        return Examination(
            "text analysis", Verdict.PROBLEM, f"does not start: {said}.", "Install the dependencies again: make run"
        )
    finally:
        await worker.close()
    return Examination("text analysis", Verdict.OK, "starts.")


async def _alerts(services: Services, gone: Set[str], *, only_terminal: bool) -> list[Examination]:
    """Check where each workspace's alerts go, and whether they arrive. The workspaces in `gone` removed the app, which
    another line reports.
    """
    workspaces = await services.store.all_workspaces()
    chats = [] if only_terminal else [w for w in workspaces if w.platform != "terminal" and w.id not in gone]
    terminals = [w for w in workspaces if w.id == TERMINAL_WORKSPACE]
    found = [await _alerts_of(services, workspace) for workspace in (*terminals, *chats)]
    if not found:
        return [Examination("alerts", Verdict.NOTE, "nobody has used the bot yet.")]
    return _counted_when_many(found, "alerts", "workspaces get theirs.")


async def _alerts_of(services: Services, workspace: Workspace) -> Examination:
    is_terminal = workspace.platform == "terminal"
    name = visible(" ".join(workspace.name.split()))
    subject = "alerts" if is_terminal else f"alerts of {name} ({workspace.id})"
    backlog = await services.store.backlog(workspace.id, services.clock.now())
    where = workspace.alert_channel or ("this terminal, while the program runs" if is_terminal else "a person")
    if backlog.alerts_failed:
        failed = f"{backlog.alerts_failed} could not be delivered to {where}."
        return Examination(subject, Verdict.PROBLEM, failed, "See there: /rao alerts list")
    if backlog.detour is not None and workspace.alert_channel is not None:
        found = f"the last one did not reach its channel. {backlog.detour}"
        return Examination(subject, Verdict.PROBLEM, found, "Give in the right channel: /rao alerts here")
    if workspace.alert_channel is None and not is_terminal:
        return Examination(subject, Verdict.NOTE, "no channel is chosen.", "Give in the right one: /rao alerts here")
    return Examination(subject, Verdict.OK, f"go to {where}; {backlog.alerts_pending} waiting.")
