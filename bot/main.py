"""The composition root: the only module that brings storage, gateways and front ends together.

`open_program` builds everything from the settings and takes it down again in reverse order; `run` serves people until
a front end ends or a signal asks to stop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.command import Registry
from bot.commands import all_commands
from bot.courier import Courier
from bot.dispatcher import Dispatcher
from bot.frontend import FrontEnd
from bot.garbage import collecting_when_idle
from bot.hooks import FEED_PATH, HookCourier, serve_feeds
from bot.ladder import Places
from bot.pulse import Pulse
from bot.remotes import open_models, open_remotes
from bot.services import Services
from bot.settings import Settings, seal, variable
from bot.slack_app import INSTALL_PATH
from core.accounts import Accounts
from core.alerts import Alerts
from core.analysis.service import Communities
from core.asking import Asker
from core.campaigns import Campaigns
from core.charts.service import Charts
from core.clock import ClockWatch, SystemClock
from core.collecting.service import Collecting
from core.demand_reader import DemandReader
from core.drafting.approving import Approvals
from core.drafting.interviewing import Interviews
from core.drafting.service import Drafting
from core.drafting.verifying import Verifier
from core.drafting.voice import Voices
from core.drafting.writers import ModelWriter
from core.errors import StorageUnavailable
from core.facts import Facts
from core.hooks import Hooks
from core.installations import Installations
from core.ledger import Ledger
from core.members import Members
from core.patterns import Patterns
from core.plans import Plans
from core.routes import Routes
from core.rules import CommunityRules
from core.schedule import Jobs
from core.seal import INSTALLATIONS, LINKED_ACCOUNTS, WEBHOOKS
from core.timetable import Timetables
from core.visibility.causes import CauseReader
from core.visibility.concluding import Concluding
from core.visibility.due import SHARE
from core.visibility.first_comments import FirstComments
from core.visibility.inbox_reading import Inboxes
from core.visibility.leases import Leases
from core.visibility.looking import Looking
from core.visibility.offering import Offers
from core.visibility.own_view import OwnView
from core.visibility.reasons import Reasons
from core.visibility.registering import Registering
from core.visibility.standing import Standings
from core.visibility.sweeping import Sweeping
from core.worker import Worker
from core.workspaces import Workspaces
from storage.database import REVISIONS, Database, open_database
from storage.store import Store

if TYPE_CHECKING:
    from bot.listener import Listener

log = logging.getLogger(__name__)

STOP_WITHIN_S = 10.0
# How long a thread that computes (files, praw) may keep the interpreter while the event loop wants it. With Python's
# default of 5 ms, every wait of the loop can take that long, several times in one acknowledgement.
SWITCH_INTERVAL_S = 0.0005


@dataclass(frozen=True, slots=True)
class Program:
    settings: Settings
    store: Store  # for services, and for front ends that store something of their own; commands do not use it
    services: Services
    registry: Registry
    dispatcher: Dispatcher
    front_ends: dict[str, FrontEnd]  # by platform; `run` fills it, the courier reads it
    listener: Listener | None  # other modules add their paths; `run` lets it listen


@asynccontextmanager
async def open_program(settings: Settings, clock: SystemClock | None = None) -> AsyncIterator[Program]:
    """The whole program except its front ends, ready for use, with the database locked and migrated.

    `clock` is for tests that move time. Raises `BadSettings` and `StorageUnavailable`. Everything is closed in
    reverse order at the end.
    """
    async with AsyncExitStack() as stack:
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        database = await _open_database(settings, stack, exclusive=True)
        await database.migrate()
        front_ends: dict[str, FrontEnd] = {}
        store = Store(database, max_monthly_cap_usd_micros=settings.max_monthly_cap_usd_micros)
        services = _build(settings, database, store, stack, front_ends, clock or SystemClock())
        if database.is_exclusive:  # otherwise some runs may be another program's; `tend_runs` ends dead ones later
            await services.collecting.begin_alone()
        registry = all_commands()
        listener = _listener(settings, services)
        yield Program(settings, store, services, registry, Dispatcher(registry, services), front_ends, listener)


@asynccontextmanager
async def open_services(settings: Settings, *, exclusive: bool) -> AsyncIterator[Services]:
    """The services alone, for a look beside the running program. Nothing is migrated and no job is started."""
    async with AsyncExitStack() as stack:
        database = await _open_database(settings, stack, exclusive=exclusive)
        store = Store(database, max_monthly_cap_usd_micros=settings.max_monthly_cap_usd_micros)
        yield _build(settings, database, store, stack, {}, SystemClock())


async def migrate(settings: Settings) -> str:
    """Bring the schema to this version; returns in words what was done."""
    async with AsyncExitStack() as stack:
        database = await _open_database(settings, stack, exclusive=True)
        changed = await database.migrate()
        revision = await database.revision()
    return f"The schema is {'now' if changed else 'already'} at {revision}."


async def check_schema(settings: Settings) -> None:
    """Raise `StorageUnavailable` unless the database is reachable and has this version's tables."""
    async with AsyncExitStack() as stack:
        database = await _open_database(settings, stack, exclusive=False)
        if await database.revision() != REVISIONS[-1]:
            raise StorageUnavailable(
                f"The database {database.where} does not have this version's tables yet.",
                "Start the program once, or: python -m bot migrate",
            )


async def remote_time(settings: Settings) -> tuple[str, datetime] | None:
    """The name of a configured remote, and the time that it tells; None when no remote is configured."""
    from core.gateways.remote_clock import read_remote_clock

    remotes = {
        "Reddit": settings.reddit_addresses.url if settings.reddit else None,
        "Apify": settings.apify.api_url if settings.apify else None,
        "Discord": settings.discord.api_url if settings.discord else None,
        "Slack": settings.slack.api_url if settings.slack else None,
    }
    for name, address in remotes.items():
        if address is not None:
            return name, await read_remote_clock(address)
    return None


async def run(program: Program, front_ends: Sequence[FrontEnd]) -> int:
    """Serve people on all front ends until one ends by itself or a signal comes; then deliver what is owed.

    At the end of input everything that is due is done once more, alerts included. After SIGTERM or SIGHUP, work in
    hand is finished or given back within `STOP_WITHIN_S`. Returns the exit status.
    """
    jobs = program.services.jobs
    listening = program.listener.serving() if program.listener else contextlib.nullcontext()
    async with listening, collecting_when_idle(lambda: program.dispatcher.is_idle):
        return await _serve(program, front_ends, jobs)


def _listener(settings: Settings, services: Services) -> Listener | None:
    """The listener that others reach from outside, with Reddit's page; None when it is not set up."""
    if settings.listen is None:
        return None
    from bot.listener import Listener, hear_reddit

    listener = Listener(settings.listen)
    if services.accounts.can_sign_in:
        hear_reddit(listener, services.accounts)
    if settings.feeds is not None:
        serve_feeds(listener, services.store, services.hooks, services.clock)
    return listener


async def _serve(program: Program, front_ends: Sequence[FrontEnd], jobs: Jobs) -> int:
    program.front_ends.update({front_end.platform: front_end for front_end in front_ends})
    serving = [asyncio.create_task(front_end.run(), name=front_end.platform) for front_end in front_ends]
    with _signals_setting(asyncio.Event()) as stopping:
        jobs.start()
        waiting = asyncio.create_task(stopping.wait(), name="signal")
        try:
            await asyncio.wait([*serving, waiting], return_when=asyncio.FIRST_COMPLETED)
            if not stopping.is_set():
                at_last = asyncio.create_task(jobs.run_due(), name="what is due at the end")
                await asyncio.wait([at_last, waiting], return_when=asyncio.FIRST_COMPLETED)
                await _end(at_last)
        finally:
            await _end(waiting)
            async with asyncio.timeout(STOP_WITHIN_S):
                await jobs.stop(STOP_WITHIN_S / 2)
                for front_end in front_ends:
                    await front_end.stop()
                statuses = await asyncio.gather(*serving)
    return max(statuses, default=0)


async def _end(task: asyncio.Task[object]) -> None:
    """Wait for a task that is done or no longer needed. Its failure is only logged, so it cannot hide how the program
    ended.
    """
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    except Exception:
        log.exception("%s failed", task.get_name())


@contextlib.contextmanager
def _signals_setting(event: asyncio.Event) -> Iterator[asyncio.Event]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, event.set)
    try:
        yield event
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _open_database(settings: Settings, stack: AsyncExitStack, *, exclusive: bool) -> Database:
    database = await open_database(settings.database_url.get_secret_value(), exclusive=exclusive)
    stack.push_async_callback(database.close)
    return database


def _build(
    settings: Settings,
    database: Database,
    store: Store,
    stack: AsyncExitStack,
    front_ends: dict[str, FrontEnd],
    clock: SystemClock,
) -> Services:
    """Returns all services over an open database; `stack` closes their resources. Nothing connects yet."""
    remotes = open_remotes(settings, clock, stack)
    worker = Worker("core.analysis.nlp")
    stack.push_async_callback(worker.close)
    learner = Worker("core.analysis.learner", environment={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    stack.push_async_callback(learner.close)
    communities = Communities(store, clock, worker, learner)
    # matplotlib keeps a list of the machine's fonts; the data folder is writable where a home may not be.
    drawer = Worker(
        "core.charts.drawing", environment={"MPLCONFIGDIR": str(settings.data_dir.resolve() / "matplotlib")}
    )
    stack.push_async_callback(drawer.close)
    accounts = Accounts(store, clock, remotes.authors, seal(settings, LINKED_ACCOUNTS))
    clock_watch = ClockWatch(clock, compared=remotes.compared, is_moved=lambda: clock.is_moved)
    looking, leases = Looking(clock, remotes.view, remotes.public), Leases(store, clock)
    concluding = Concluding(store, clock, leases, clock_watch, can_look=remotes.view is not None)
    share = settings.reddit.watch_percent / 100 if settings.reddit is not None else SHARE
    own_view = OwnView(accounts, clock)
    sweeping = Sweeping(
        store, clock, looking, own_view, Standings(store, clock, looking), concluding, leases, clock_watch, share=share
    )
    models = open_models(settings.models, clock, stack, remotes.watched)
    ledger, reader = Ledger(store, clock), models.classify
    rules = CommunityRules(
        store,
        clock,
        remotes.view,
        Approvals(store, clock).rules_changed,
        # What a model is asked about rules; without one, only the program reads them.
        DemandReader(reader.model, ledger, classify_model=reader.name) if reader else None,
    )
    causes = CauseReader(reader.model, ledger, classify_model=reader.name) if reader else None
    reasons = Reasons(store, clock, causes)
    pulse = Pulse(settings.data_dir)
    stack.callback(pulse.end)
    worker_name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    charts = Charts(drawer)
    courier = Courier(store, clock, front_ends, worker_name, drawer=charts)
    hooks = _hooks(settings, store, clock)
    registering = Registering(store, clock, looking, sweeping, rules, remotes.resolve_share_link)
    offers = Offers(store, clock, looking, accounts, registering)
    collecting = Collecting(store, clock, remotes.post_sources, communities, rules.refresh, clock_watch)
    return Services(
        clock=clock,
        clock_watch=clock_watch,
        store=store,
        workspaces=Workspaces(store, accounts, clock),
        members=Members(store, clock),
        plans=Plans(store, clock),
        timetables=Timetables(store, clock),
        alerts=Alerts(store, clock),
        routes=Routes(store, clock),
        patterns=Patterns(store, clock),
        accounts=accounts,
        installations=Installations(
            store, clock, seal(settings, INSTALLATIONS), f"{settings.public_address}{INSTALL_PATH}"
        ),
        hooks=hooks,
        campaigns=Campaigns(store, clock),
        facts=Facts(store, clock),
        collecting=collecting,
        communities=communities,
        charts=charts,
        drafting=Drafting(
            store,
            clock,
            # Without a model, members are interviewed.
            ModelWriter(Asker(models.writing, ledger, clock)) if models.writing else None,
            Verifier(models.verify, ledger) if models.verify is not None else None,
        ),
        interviews=Interviews(store, clock),
        voices=Voices(store, clock),
        rules=rules,
        registering=registering,
        offers=offers,
        sweeping=sweeping,
        concluding=concluding,
        reasons=reasons,
        jobs=Jobs(
            clock,
            clock_watch,
            store,
            sweeping,
            rules,
            courier.deliver_due,
            worker_name,
            tend_runs=collecting.tend_runs,
            tend_approvals=Approvals(store, clock).tend,
            tend_offers=offers.tend,
            tend_inboxes=Inboxes(store, clock, accounts, reasons).tend,
            tend_comments=FirstComments(store, clock, looking).tend,
            tell_hooks=HookCourier(store, store, hooks, clock, worker_name).deliver_due,
            alert_owed=database.alert_owed,
            beat=pulse.beat,
        ),
        places=Places(front_ends),
        remotes=tuple(remotes.watched),
        sample=remotes.sample,
        embedded=_embedded(settings),
        export_folder=settings.data_dir / "exports",
    )


def _hooks(settings: Settings, store: Store, clock: SystemClock) -> Hooks:
    from core.gateways.hook import HookPoster

    poster = HookPoster(user_agent="bcrao", inside=settings.webhooks_inside == "yes")
    feed_url = f"{settings.public_address}{FEED_PATH}" if settings.feeds is not None else None
    return Hooks(store, clock, seal(settings, WEBHOOKS), poster, feed_url)


def _embedded(settings: Settings) -> tuple[str, ...]:
    lines = []
    if settings.discord is None and settings.slack is None:
        lines.append("Front end: this terminal. README says how to connect Discord and Slack.")
    if settings.database_url.get_secret_value().startswith("sqlite"):
        lines.append(f"Database: SQLite in the data folder. {variable('database_url')} names another.")
    if settings.reddit is None and settings.apify is None:
        lines.append(
            "Reddit: a sample with three invented communities and simulated visibility. "
            f"{variable('reddit_client_id')} or {variable('apify_token')} turns a real source on."
        )
    if settings.models is None:
        lines.append(
            f"Drafts: of your own answers to a few questions, without a model. {variable('llm_draft_model')} names one."
        )
    return tuple(lines)
