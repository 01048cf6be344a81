"""`/rao data …`: a workspace's journal, its export as files, and its deletion."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import secrets
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.card import Card, Document, Field, Form, Input, Tone, values_of
from bot.command import Context, Kind, Param, Registry
from bot.commands.account import APPS
from bot.journal_words import deed
from bot.listing import ANY, Asked, a_list, list_card
from bot.services import Services
from bot.words import counted, moment
from core.errors import FilesUnavailable, NotAllowedNow, NotFound
from core.journal import NOUNS, JournalEntry
from core.listing import Noun
from core.model import Role
from core.visibility.pictures import suffix_of

commands = Registry()

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
_PICTURE = "picture-"  # at the beginning of a file's name
_PICTURES_MAX_BYTES = 8 * 1024 * 1024  # all together, beside the tables in the 10 MB that Discord takes


@commands.command("data export", "Everything of this workspace as files, without secrets", role=Role.ADMIN)
async def export(ctx: Context) -> Card:
    folder = ctx.services.export_folder
    if folder is None:
        raise NotAllowedNow("This program has no folder for exports.", "Ask who runs it to set BCRAO_DATA_DIR.")
    written, counts = await export_to(folder, ctx.services, ctx.workspace_id)
    in_chat = ctx.actor.platform != "terminal"
    where = f"{folder.name}/{written.name}" if in_chat else str(written)
    documents = tuple[Document, ...]()
    total = sum(counts.values())
    text = (
        f"{counted(total, 'row')} from {counted(len(counts), 'table')}, each as .jsonl (exact) and .csv (for tables)."
    )
    if counts["pictures"]:
        text += f"\n{counted(counts['pictures'], 'picture')} of members' looks, each as a file."
    if in_chat:
        document, left_out = await asyncio.to_thread(_zipped, written)
        documents = (document,)
        text += "\nThey come together as one .zip, and stay on the machine that runs the bot."
        text += f"\nIt lacks {counted(left_out, 'picture')}, too large for a chat." if left_out else ""
    return Card(
        title="Everything is exported",
        text=text,
        fields=(Field("Folder", where), Field("Rows", _counts(counts))),
        private=True,
        documents=documents,
        values={"folder": where, "rows": counts},
    )


@commands.command(
    "data forget",
    "Delete everything of this workspace; asks first",
    Param("confirm", "the workspace's name, typed out"),
    role=Role.ADMIN,
    opens_form=True,
)
async def forget(ctx: Context, confirm: str | None) -> Card:
    workspace = await ctx.services.store.workspace(ctx.workspace_id)
    if confirm is None:
        return Card(
            title="Delete everything of this workspace?",
            text="Campaigns, facts, collected posts, drafts, tracked posts with their history, patterns, roles and the "
            "journal go for good; nothing is watched any more. This cannot be undone.\n"
            f'To go on, type its name: /rao data forget confirm="{workspace.name}"\n'
            "To keep a copy, export first: /rao data export",
            tone=Tone.ATTENTION,
            private=True,
            form=Form(
                title="Delete everything",
                command="data forget",
                inputs=(Input("confirm", "The workspace's name", help=f"Type: {workspace.name}"),),
            ),
            values={"workspace": workspace.name},
        )
    gone = await ctx.services.workspaces.forget(ctx.caller, confirm)
    notes = []
    if ctx.services.export_folder is not None:
        notes.append("Exports made earlier are files of their own, and stay where they are.")
    if gone.was_installed:
        notes.append("The bot's permission for this workspace is forgotten too: to go on, install the app again.")
    if gone.not_given_back:
        names = ", ".join(f"u/{name}" for name in gone.not_given_back)
        notes.append(f"Reddit could not be told for {names}: its owner takes the consent back at {APPS.label}.")
    return Card(
        title="Everything of this workspace is deleted",
        text="\n".join(notes),
        links=(APPS,) if gone.not_given_back else (),
        fields=(Field("Rows deleted", _counts(gone.rows)),),
        private=True,
        values={"rows": dict(gone.rows)},
    )


@a_list(
    commands,
    "data journal",
    "Who did what, and when",
    Param("member", "a mention, a name, me or bot", lookup="member", max_length=100),
    Param("kind", "only about this", Kind.CHOICE, choices=(*NOUNS, ANY)),
    Param("within", "such as 7d", Kind.DURATION),
    noun=("entry", "entries"),
    state={noun: f"about {noun}" for noun in NOUNS},
    role=Role.ADMIN,
)
async def journal(ctx: Context, asked: Asked) -> Card:
    page = await ctx.services.store.listed(ctx.workspace_id, Noun.JOURNAL, asked.wanted)
    entries = await ctx.services.store.journal(ctx.workspace_id, ids=page.rows)
    return list_card(
        asked,
        page,
        [Field(f"{entry.id} · {moment(entry.at)} · {entry.name}", deed(entry)) for entry in entries],
        title="Journal",
        nothing=None
        if asked.is_filtered
        else Card("Nothing is in the journal yet", "The first change that somebody makes begins it."),
        private=True,
        values={"journal": [_entry_values(entry) for entry in entries]},
    )


def _entry_values(entry: JournalEntry) -> dict[str, Any]:
    return {
        "entry": entry.id,
        **values_of(entry, "at kind subject name"),
        "member": entry.member_id,
        "facts": dict(entry.facts),
    }


async def export_to(folder: Path, services: Services, workspace_id: str) -> tuple[Path, dict[str, int]]:
    """Write everything of a workspace into a new folder there. Returns that folder, and how many rows of each table."""
    rows = await services.workspaces.export(workspace_id)
    name = f"{folder_name(workspace_id)}-{services.clock.now():%Y%m%dT%H%M%SZ}"
    with new_folder(folder / name) as new:
        await asyncio.to_thread(write_tables, rows, new.half)
        for kept in await services.store.pictures(workspace_id):  # one by one, because they are large
            await _write_picture(new.half, services, workspace_id, kept.id)
    return new.final, {table: len(few) for table, few in rows.items()}


async def _write_picture(folder: Path, services: Services, workspace_id: str, number: int) -> None:
    try:
        _, content = await services.store.picture(workspace_id, number)
    except NotFound:  # it was deleted meanwhile
        return
    await asyncio.to_thread((folder / f"{_PICTURE}{number}.{suffix_of(content)}").write_bytes, content)


def folder_name(workspace_id: str) -> str:
    """Returns a workspace's id in characters that every system allows in a file name."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", workspace_id).strip("-") or "workspace"


@dataclass(slots=True)
class NewFolder:
    """A folder in the making: files are written into `half`, which becomes `final`."""

    half: Path
    final: Path


@contextmanager
def new_folder(folder: Path) -> Iterator[NewFolder]:
    """Make a folder that its owner alone can read, and give it to be filled. It appears when the block has ended, or
    not at all; when one of its name exists, the new one gets a number. Raises `FilesUnavailable` when the disk does not
    take it.
    """
    new = NewFolder(folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.half"), folder)
    try:
        new.half.mkdir(parents=True, mode=0o700)
        yield new
        number = 1
        while new.final.exists():
            number += 1
            new.final = folder.with_name(f"{folder.name}-{number}")
        new.half.rename(new.final)
    except OSError as error:
        raise FilesUnavailable(
            f"The export could not be written: {error.strerror or error}.", f"Check the disk and rights of {folder}."
        ) from error
    finally:
        shutil.rmtree(new.half, ignore_errors=True)


def write_tables(rows: Rows, folder: Path) -> None:
    """Write each table as `<table>.jsonl` and `<table>.csv` into `folder`."""
    for table, few in rows.items():
        _write_json_lines(folder / f"{table}.jsonl", few)
        _write_csv(folder / f"{table}.csv", few)


def _zipped(folder: Path) -> tuple[Document, int]:
    """Returns an export as one file, and how many pictures are left out, because no chat would take them."""
    pictures = set(folder.glob(f"{_PICTURE}*"))
    left_out = pictures if sum(path.stat().st_size for path in pictures) > _PICTURES_MAX_BYTES else set()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(set(folder.iterdir()) - left_out):
            archive.write(path, f"{folder.name}/{path.name}")
    about = "Everything of this workspace, as JSON Lines and CSV"
    return Document(f"{folder.name}.zip", content.getvalue(), about), len(left_out)


def _write_json_lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)


def _cell(value: Any) -> Any:
    """Returns a CSV cell. Text that a spreadsheet would read as a formula gets an apostrophe, because a stranger may
    have written it.

    So does text that begins with apostrophes and goes on like a formula, because an import removes one apostrophe.
    """
    if isinstance(value, str):
        return f"'{value}" if value.lstrip("'").startswith(("=", "+", "-", "@", "\t", "\r")) else value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _counts(rows: Mapping[str, int]) -> str:
    return "\n".join(f"{table.replace('_', ' ')}: {count:,}" for table, count in rows.items() if count) or "none"
