"""Selects in forms that offer what is known while somebody types, over the wire."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.card import Form, Input
from bot.command import Kind
from bot.commands import all_commands
from bot.frontend import Actor
from bot.meant import is_suggested
from bot.slack_app.answer import Place
from bot.slack_app.forms import form_view, read_view
from tests.bot.chats import on_slack
from tests.fakes.slack import FakeSlack

ALICE = Actor("slack:T1", "slack", "Team", "U1", "Alice", may_manage=True)
Json = dict[str, Any]


def elements(view: Json) -> dict[str, Json]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


async def opened(slack: FakeSlack, line: str) -> Json:
    before = set(slack.open_views)
    await slack.command(line)
    view: Json = await slack.until(
        lambda: next(
            (slack.views[v] for v in slack.open_views if v not in before and slack.views[v]["callback_id"] == "form"),
            None,
        )
    )
    return view


async def test_a_form_offers_the_records_of_its_own_workspace_while_somebody_types(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        for name, community in (("Kiln notes", "pottery"), ("Harbor log", "harbor")):
            made = {"name": name, "product": "P", "keywords": "a,b,c,d,e", "communities": community}
            assert (await program.dispatcher.run(ALICE, "campaign create", made)).ok
        view = await opened(slack, "pattern add")
        assert elements(view)["community"]["type"] == "external_select"
        every = await slack.suggestions(view, "community", "r")
        assert [option["text"]["text"] for option in every][:2] == ["r/harbor", "r/pottery"]
        [found, typed] = await slack.suggestions(view, "community", "pott")
        assert (found["value"], typed["value"]) == ("pottery", "pott"), (
            "a community that nobody named before can be typed"
        )
        await slack.submit(view, {"body": "links", "community": "pottery"})
        await slack.said("Drafts for r/pottery avoid it from now on")


async def test_a_filter_is_chosen_and_emptied(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, program):
        made = {"name": "Kiln", "product": "P", "keywords": "a,b,c,d,e", "communities": "pottery"}
        assert (await program.dispatcher.run(ALICE, "campaign create", made)).ok
        added = {"body": "links", "community": "pottery"}
        assert (await program.dispatcher.run(ALICE, "pattern add", added)).ok
        await slack.command("pattern list community=pottery member=<@U1>")
        card = await slack.said("What is rejected in r/pottery by Alice")
        before = set(slack.open_views)
        await slack.click(card, "Filter")
        view: Json = await slack.until(
            lambda: next((slack.views[v] for v in slack.open_views if v not in before), None)
        )
        shown = elements(view)
        assert shown["community"]["initial_option"]["value"] == "pottery"
        assert shown["member"]["type"] in ("users_select", "plain_text_input")
        assert [o["value"] for o in await slack.suggestions(view, "community", "x")][-1] == "-"
        member = {"member": ""} if shown["member"]["type"] == "plain_text_input" else {}
        await slack.submit(view, {"community": "-", **member})
        await slack.said("What is rejected")


async def test_what_cannot_be_looked_up_offers_nothing_and_is_answered(tmp_path: Path) -> None:
    async with on_slack(tmp_path) as (slack, _):
        assert await slack.suggestions({"id": "V1", "type": "modal", "blocks": []}, "community", "x") == []
        view = {"id": "V1", "type": "modal", "blocks": [], "private_metadata": '{"command": "role grant"}'}
        assert await slack.suggestions(view, "role", "x") == []


def test_a_person_is_chosen_from_slacks_own_list_and_read_as_a_mention() -> None:
    registry = all_commands()
    form = Form("Grant", "role grant", (Input("member", "Member", "<@U0123456789|ada>"), Input("role", "Role")))
    view = form_view(form, registry, Place("C1", "U1"))
    assert elements(view)["member"] == {
        "type": "users_select",
        "action_id": "value",
        "placeholder": {"type": "plain_text", "text": "Choose a member", "emoji": False},
        "initial_user": "U0123456789",
    }
    values = {"member": {"value": {"type": "users_select", "selected_user": "U9999999999"}}}
    filled = read_view({**view, "state": {"values": values}}, registry)
    assert filled.raw == {"member": "<@U9999999999>"}


def test_every_lookup_of_a_form_is_a_select() -> None:
    registry = all_commands()
    for command in registry.commands.values():
        inputs = tuple(Input(param.name, param.name, options=param.choices) for param in command.params)
        if not inputs:
            continue
        shown = elements(form_view(Form("F", command.path, inputs), registry, Place("C1", "U1")))
        for param in command.params:
            if param.lookup == "member" or is_suggested(param.lookup or ""):
                assert shown[param.name]["type"] in ("external_select", "users_select"), (command.path, param.name)
            elif param.kind is Kind.LONG:
                assert shown[param.name]["type"] == "plain_text_input"
