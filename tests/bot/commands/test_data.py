from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

from bot.commands import campaign, data, fact
from bot.commands.data import folder_name, new_folder, write_tables
from core.errors import FilesUnavailable
from core.model import Caller, Role
from storage.store import Store
from tests.bot.bare import ALICE, CHATTING, GUEST, Desk, bare_services
from tests.clock import FixedClock
from tests.storage.world import an_installation


@pytest.fixture
async def desk(store: Store, clock: FixedClock, tmp_path: Path) -> Desk:
    services = bare_services(store, clock, export_folder=tmp_path / "exports")
    desk = Desk(services, campaign.commands, fact.commands, data.commands)
    await desk.done('campaign create name=Acme product="A planner." keywords="a,b,c,d,e" communities=quietdesk')
    await desk.done('fact add "=1+1 is what we planned" kind=number')
    return desk


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_an_export_holds_every_table_twice(desk: Desk, tmp_path: Path) -> None:
    card = await desk.done("data export")
    folder = tmp_path / "exports" / "terminal-local-20261123T120000Z"
    assert card.values["folder"] == str(folder)
    rows = [json.loads(line) for line in (folder / "facts.jsonl").read_text("utf-8").splitlines()]
    assert [r["body"] for r in rows] == ["=1+1 is what we planned"]
    assert card.values["rows"]["facts"] == 1
    tables = set(card.values["rows"])
    assert {p.stem for p in folder.glob("*.jsonl")} == {p.stem for p in folder.glob("*.csv")} == tables
    assert {"campaigns", "tracked_posts", "readings", "journal"} <= tables


async def test_a_spreadsheet_takes_no_text_for_a_formula(desk: Desk, tmp_path: Path) -> None:
    card = await desk.done("data export")
    with (Path(card.values["folder"]) / "facts.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["body"] == "'=1+1 is what we planned"


async def test_an_export_is_for_its_owner_only_and_replaces_none(desk: Desk, tmp_path: Path) -> None:
    first = Path((await desk.done("data export")).values["folder"])
    second = Path((await desk.done("data export")).values["folder"])
    assert first != second
    assert mode_of(first) == 0o700
    assert sorted(p.name for p in (tmp_path / "exports").iterdir()) == sorted([first.name, second.name])


async def test_an_export_from_a_chat_names_no_path_of_the_machine(desk: Desk, tmp_path: Path) -> None:
    card = await desk.say("data export", CHATTING)
    assert card.ok
    assert str(tmp_path) not in json.dumps(card.to_json("data export"))
    assert "on the machine that runs the bot" in card.text
    [together] = card.documents
    with zipfile.ZipFile(io.BytesIO(together.content)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert len(names) == 2 * len(card.values["rows"])
    assert f"{together.file_name.removesuffix('.zip')}/facts.csv" in names
    assert not any("Acme" in p.read_text("utf-8") for p in (tmp_path / "exports").rglob("*.jsonl"))


async def test_without_a_folder_an_export_says_whom_to_ask(store: Store, clock: FixedClock) -> None:
    card = await Desk(bare_services(store, clock), data.commands).say("data export")
    assert card.code == "not_allowed_now"


def test_an_export_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(FilesUnavailable, match="could not be written"), new_folder(blocked / "export"):
        pass
    with pytest.raises(FilesUnavailable), new_folder(tmp_path / "export") as new:
        write_tables({"a": [], "no/such/folder": []}, new.half)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("workspace_id", "name"), [("terminal:local", "terminal-local"), ("slack:T1/../..", "slack-T1"), ("…", "workspace")]
)
def test_a_workspace_id_is_a_safe_folder_name(workspace_id: str, name: str) -> None:
    assert folder_name(workspace_id) == name


async def test_forgetting_asks_first_and_wants_the_name_typed(desk: Desk, store: Store) -> None:
    asked = await desk.done("data forget")
    assert asked.form is not None
    assert [i.name for i in asked.form.inputs] == ["confirm"]
    name = asked.values["workspace"]
    assert name in asked.text
    wrong = await desk.say("data forget confirm=yes")
    assert wrong.code == "bad_argument"
    assert "nothing was deleted" in wrong.text
    assert len(await store.campaigns(ALICE.workspace_id)) == 1


async def test_forgetting_leaves_nothing_of_this_workspace_and_all_of_another(desk: Desk, store: Store) -> None:
    await desk.say('campaign create name=B product="B." keywords="a,b,c,d,e" communities=quietdesk', CHATTING)
    name = (await desk.done("data forget")).values["workspace"]
    card = await desk.done(f'data forget confirm="{name}"')
    assert card.values["rows"]["campaigns"] == 1
    assert all(not rows for rows in (await store.export_rows(ALICE.workspace_id)).values())
    assert len(await store.campaigns(CHATTING.workspace_id)) == 1


async def test_forgetting_a_workspace_that_installed_the_app_says_how_to_go_on(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    await store.install(caller, "Terminal", an_installation(caller, clock.now()), clock.now())
    name = (await desk.done("data forget")).values["workspace"]
    card = await desk.done(f'data forget confirm="{name}"')
    assert "install the app again" in card.text
    assert await store.installation(caller.workspace_id) is None


async def test_only_an_admin_exports_or_forgets(desk: Desk, store: Store, clock: FixedClock, caller: Caller) -> None:
    await store.grant_role(caller, "guest", "Guest", Role.APPROVER, clock.now())
    assert (await desk.say("data export", GUEST)).code == "forbidden"
    assert (await desk.say("data forget", GUEST)).code == "forbidden"
