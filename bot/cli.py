"""The command line: `python -m bot run`, `doctor`, `health`, `migrate`, `import`, `export`, `manifest`.

Exit statuses: 0 done; 1 a command or a line failed; 2 the settings or the arguments are wrong; 130 interrupted.
Each command imports its own heavy modules, so `--help` and `--version` are quick.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.card import Card, Progress
    from bot.services import Services
    from bot.settings import Settings

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status. Errors that a person can act on go to standard error."""
    _make_output_robust()
    options = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = options.start
    from core.errors import BadSettings, UserError

    try:
        status = command(options)
        sys.stdout.flush()
    except UserError as error:
        _note("\n".join(error.for_operator).strip())
        return BAD_INPUT if isinstance(error, BadSettings) else FAILED
    except KeyboardInterrupt:
        _note("Interrupted. What was stored until then is kept.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bcrao",
        description="A bot that helps a team take part in Reddit communities honestly and stay visible there.",
        epilog="Settings come from the environment and from .env; see .env.example. "
        "Exit status: 0 done, 1 something failed, 2 wrong settings or arguments.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"bcrao {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="start the program: a prompt in a terminal, or commands from a pipe")
    run.add_argument("--json", action="store_true", help="print cards as JSON Lines (docs/scripting.md)")
    run.add_argument("--no-color", action="store_true", help="plain text; NO_COLOR in the environment does the same")
    run.set_defaults(start=_run)

    doctor = commands.add_parser("doctor", help="check that everything the program needs is there and works")
    doctor.add_argument("--quick", action="store_true", help="ask no remote and start no process")
    doctor.set_defaults(start=_doctor)

    health = commands.add_parser("health", help="whether the program lives: for the health check of its container")
    health.set_defaults(start=_health)

    migrate = commands.add_parser("migrate", help="bring the database's schema to this version of the program")
    migrate.set_defaults(start=_migrate)

    importing = commands.add_parser("import", help="collect posts from CSV, JSON or JSON Lines files")
    importing.add_argument("files", nargs="+", metavar="FILE", type=Path)
    importing.add_argument("--campaign", required=True, metavar="NAME", help="the campaign's name or number")
    importing.add_argument("--community", metavar="NAME", help="for files that do not say it")
    importing.set_defaults(start=_import)

    export = commands.add_parser("export", help="write everything of a workspace as JSON Lines and CSV files")
    for printing in (importing, export):
        printing.add_argument("--workspace", default="terminal:local", metavar="ID", help="default: %(default)s")
        printing.add_argument("--json", action="store_true", help="print the card as JSON")
        printing.add_argument("--no-color", action="store_true", help="plain text")
    export.set_defaults(start=_export)

    manifest = commands.add_parser("manifest", help="what Slack or Discord must be told to install the bot")
    manifest.add_argument("platform", choices=("slack", "discord"))
    manifest.add_argument(
        "--public-url",
        metavar="URL",
        help="Slack, before the settings are there: an app for several workspaces, installed at this address",
    )
    manifest.add_argument(
        "--http", action="store_true", help="with --public-url: Slack sends its requests there, without Socket Mode"
    )
    manifest.set_defaults(start=_manifest)
    return parser


def _version() -> str:
    try:
        return importlib.metadata.version("bcrao")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def _make_output_robust() -> None:
    """Use UTF-8 for pipes in every locale, keep a terminal's encoding, and let no character end the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _settings() -> Settings:
    from bot.settings import load_settings

    return load_settings(os.environ, Path(".env"))


def _started() -> Settings:
    """Returns the settings, which logs follow from now on."""
    from core import log

    settings = _settings()
    log.configure(settings.log_level, settings.log_format)
    return settings


def _wants_color(options: argparse.Namespace) -> bool:
    """Returns whether to use colours. https://no-color.org: present and not empty means no."""
    dumb = os.environ.get("TERM") in ("dumb", "unknown")
    return sys.stdout.isatty() and not (options.no_color or os.environ.get("NO_COLOR") or dumb)


def _run(options: argparse.Namespace) -> int:
    settings = _started()
    from bot.chats import chat_front_ends
    from bot.main import open_program, run
    from bot.terminal_app.client import TerminalFrontEnd

    async def serve() -> int:
        async with open_program(settings) as program:
            if chats := chat_front_ends(program):
                return await run(program, chats)
            terminal = TerminalFrontEnd(
                program.dispatcher,
                json_output=options.json,
                color=_wants_color(options),
                history_file=settings.data_dir / "history",
                greeting=_greeting(program.services),
            )
            return await run(program, [terminal])

    return asyncio.run(serve())


def _greeting(services: Services) -> Card:
    from bot.card import Button, Card, Field, Style

    tour = (Button("Try the whole loop in two minutes", "sample tour", 1),) if services.sample is not None else ()
    fields = (Field("Built-in defaults in use", "\n".join(services.embedded)),) if services.embedded else ()
    return Card(
        title="BC-RAO is ready",
        text="Commands look like `campaign create`; Tab completes them, and a number presses a button.",
        fields=fields,
        actions=(Button("What to do next", "help", style=Style.PRIMARY), *tour),
        sample=services.sample is not None,
    )


def _doctor(options: argparse.Namespace) -> int:
    settings = _started()
    from bot.chats import chat_remotes, installed_remotes
    from bot.doctor import examine, is_healthy
    from bot.main import check_schema, open_services, remote_time
    from core.clock import SystemClock

    found = asyncio.run(
        examine(
            settings,
            SystemClock(),
            lambda: open_services(settings, exclusive=False),
            lambda: check_schema(settings),
            lambda: remote_time(settings),
            chats=chat_remotes(settings),
            installed=lambda services: installed_remotes(settings, services),
            quick=options.quick,
        )
    )
    for examination in found:
        _print(examination.line())
    return OK if is_healthy(found) else FAILED


def _health(options: argparse.Namespace) -> int:
    from bot.pulse import read_health

    health = read_health(_settings().data_dir)
    _print(health.found)
    return OK if health.lives else FAILED


def _migrate(options: argparse.Namespace) -> int:
    settings = _started()
    from bot.main import migrate

    _print(asyncio.run(migrate(settings)))
    return OK


def _import(options: argparse.Namespace) -> int:
    settings = _started()
    from bot.commands.collect import as_progress, run_card
    from bot.main import open_program
    from core.log import correlate
    from core.model import Caller

    async def collect() -> Card:
        async with open_program(settings) as program:
            with correlate() as correlation_id:
                caller = Caller(options.workspace, *_operator(), correlation_id)
                finished = await program.services.collecting.import_files(
                    caller, options.campaign, options.files, community=options.community, report=as_progress(_report)
                )
                return run_card(finished)

    return _show("import", asyncio.run(collect()), options)


def _export(options: argparse.Namespace) -> int:
    settings = _started()
    from bot.card import Card, Field
    from bot.commands.data import export_to
    from bot.main import check_schema, open_services

    async def export() -> Card:
        await check_schema(settings)
        async with open_services(settings, exclusive=False) as services:
            workspace = await services.store.workspace(options.workspace)
            folder, counts = await export_to(settings.data_dir / "exports", services, workspace.id)
        return Card(
            title=f"{options.workspace} is exported",
            fields=(Field("Folder", str(folder)), Field("Rows", f"{sum(counts.values()):,}")),
            values={"folder": str(folder), "rows": counts},
        )

    return _show("export", asyncio.run(export()), options)


def _manifest(options: argparse.Namespace) -> int:
    from bot.manifest import discord_invite, slack_manifest

    if options.platform == "discord":
        _print(discord_invite(_settings().discord_application))
        return OK
    from bot.commands import all_commands
    from core.errors import BadSettings

    if options.public_url is not None:
        address = options.public_url.rstrip("/")
        if not address.startswith("https://"):
            raise BadSettings("Slack takes https addresses only.", "Write it like https://bot.example.com")
        installs_at, requests_at = address, address if options.http else None
    elif options.http:
        raise BadSettings("Without an address Slack has nowhere to send requests.", "Give --public-url too.")
    else:
        settings = _settings()
        installs_at = settings.public_address if settings.slack and settings.slack.installs else None
        requests_at = settings.public_address if settings.slack and settings.slack.http else None
    manifest = slack_manifest(all_commands(), installs_at=installs_at, requests_at=requests_at)
    _print(json.dumps(manifest, indent=2))
    return OK


def _operator() -> tuple[str, str]:
    from bot.terminal_app.client import local_actor

    actor = local_actor()
    return actor.member_id, actor.name


async def _report(progress: Progress) -> None:
    """Show progress on standard error, where a person sees it and a script does not read it."""
    if sys.stderr.isatty():
        from bot.terminal_app.render import render_progress

        sys.stderr.write(f"\r\x1b[K{render_progress(progress, width=80)}")
        sys.stderr.flush()


def _show(command: str, card: Card, options: argparse.Namespace) -> int:
    from bot.terminal_app.render import READABLE_WIDTH, render_card

    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if options.json:
        _print(json.dumps(card.to_json(command)))
    else:
        _print(render_card(card, width=READABLE_WIDTH, color=_wants_color(options)).rstrip())
    return OK if card.ok else FAILED


def _note(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
