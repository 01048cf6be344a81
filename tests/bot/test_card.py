from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import (
    MAX_ACTION_ID,
    Button,
    Card,
    Choice,
    Click,
    Field,
    Form,
    Image,
    Input,
    Link,
    Menu,
    Style,
    Tone,
    decode_action,
    encode_action,
    error_card,
)
from core.errors import BadArgument

PATHS = st.lists(st.from_regex(r"[a-z][a-z_]{0,15}", fullmatch=True), min_size=1, max_size=4).map(" ".join)


GIVEN = st.dictionaries(st.sampled_from(["campaign", "community", "state", "body"]), st.text(max_size=4), max_size=2)


@given(PATHS, st.none() | st.integers(0, 10**18 - 1), GIVEN)
def test_a_click_carries_back_what_the_button_said(path: str, record: int | None, given: dict[str, str]) -> None:
    button = Button("Go", path, record, given=given)
    if button.fits:
        assert decode_action(button.action_id) == Click(path, record, given)
        assert len(button.action_id) <= MAX_ACTION_ID
    else:
        with pytest.raises(ValueError, match="could not carry"):
            encode_action(path, record, given)


def test_the_filters_of_a_list_fit_into_a_click_of_every_platform() -> None:
    given = {"state": "shadowbanned", "campaign": "123", "community": "a" * 21, "member": "1" * 19, "within": "90d"}
    assert encode_action("post list", None, given | {"start": "9991"}) == (
        f"v1|post list||s=shadowbanned&c=123&r={'a' * 21}&m={'1' * 19}&w=90d&n=9991"
    )


@pytest.mark.parametrize(
    ("path", "record"),
    [("draft show", -1), ("draft show", 10**18), ("Draft", 1), ("", 1), ("a|b", 1), ("a" * 100, 1)],
)
def test_a_button_that_could_not_be_read_again_is_refused_when_it_is_made(path: str, record: int) -> None:
    with pytest.raises(ValueError, match="could not carry"):
        encode_action(path, record)


@given(st.text())
def test_a_click_with_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(BadArgument):
        click = decode_action(text)
        assert encode_action(click.command, click.record).split("|")[:2] == text.split("|")[:2]


@pytest.mark.parametrize(
    "old", ["v0|draft show|1", "v2|draft show|1", "draft show|1", "v1|draft show|-1", "v1|draft|१"]
)
def test_a_button_of_another_version_says_so(old: str) -> None:
    with pytest.raises(BadArgument, match="another version"):
        decode_action(old)


def test_a_card_becomes_one_json_object_with_all_it_says() -> None:
    card = Card(
        title="Draft 3",
        text="For r/quietdesk",
        fields=(Field("Body", "text", quote=True),),
        actions=(
            Button("Approve", "draft approve", 3, Style.PRIMARY),
            Choice("Which", "draft show", (("one", 1),)),
            Menu((Button("Discard", "draft discard", 3),)),
        ),
        links=(Link("Rules", "https://www.reddit.com/r/quietdesk"),),
        footnote="n = 120",
        tone=Tone.GOOD,
        sample=True,
        image=Image("a.png", b"\x89PNG", "a chart"),
        form=Form("More", "draft new", (Input("angle", "Angle"),)),
        values={"draft": 3},
    )
    said = json.loads(json.dumps(card.to_json("draft show")))
    assert said["command"] == "draft show"
    assert said["ok"] is True
    assert said["code"] == "ok"
    assert said["fields"] == [{"name": "Body", "value": "text", "quote": True}]
    assert said["actions"] == [
        {"label": "Approve", "action_id": "v1|draft approve|3", "style": "primary"},
        {"label": "Which", "options": [{"label": "one", "action_id": "v1|draft show|1"}]},
        {"label": "More …", "options": [{"label": "Discard", "action_id": "v1|draft discard|3"}]},
    ]
    assert said["links"] == [{"label": "Rules", "url": "https://www.reddit.com/r/quietdesk"}]
    assert said["image"] == {"file_name": "a.png", "alt": "a chart"}
    assert Card("No picture").to_json("x")["image"] is None
    assert (said["tone"], said["sample"], said["missing"], said["values"]) == ("good", True, ["angle"], {"draft": 3})


def test_an_error_card_says_what_happened_and_then_what_to_do() -> None:
    card = error_card("not_found", "There is no draft 9.", "See them: /rao draft list")
    assert card.text == "There is no draft 9.\nSee them: /rao draft list"
    assert not card.ok
    assert card.private
    assert error_card("x", "Only this.", "").text == "Only this."
