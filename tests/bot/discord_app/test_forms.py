"""Forms: opened as the first answer, in steps, with nothing typed lost."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Form, Input
from bot.command import Registry
from bot.discord_app import interactions
from bot.discord_app.forms import Forms, Stage, is_last, merge
from tests.bot.discord_app.shop import Shop
from tests.fakes.discord import ALICE, CAROL, FakeDiscord
from tests.fakes.discord_rules import check_modal


async def test_a_command_that_needs_a_long_text_asks_by_a_form(
    front_end: object, discord: FakeDiscord, shop: Shop
) -> None:
    sent = await discord.slash("tea order", tea=2)
    modal = await sent.until_modal()
    assert sent.answered == 9
    assert [label["component"]["custom_id"] for label in modal["components"]] == ["note"]
    submitted = await discord.submit(sent, note="hot\nand sweet")
    card = await submitted.until_shown("Ordered tea 2")
    assert not card.is_private
    assert shop.orders == [{"tea": 2, "note": "hot\nand sweet", "size": None}]


async def test_a_command_with_all_it_needs_opens_no_form(front_end: object, discord: FakeDiscord, shop: Shop) -> None:
    await (await discord.slash("tea order", tea=2, note="hot", size="pot")).until_shown("Ordered tea 2")
    assert shop.orders == [{"tea": 2, "note": "hot", "size": "pot"}]


async def test_who_may_not_do_it_is_told_before_typing(front_end: object, discord: FakeDiscord) -> None:
    sent = await discord.slash("tea order", member=CAROL, tea=2)
    await sent.until_shown("needs the role editor")
    assert sent.modal is None


async def test_a_button_opens_the_form_for_what_it_lacks(front_end: object, discord: FakeDiscord, shop: Shop) -> None:
    card = await (await discord.slash("tea show", tea=3)).until_shown("Tea 3")
    clicked = await discord.click(card, "Order")
    await clicked.until_modal()
    await (await discord.submit(clicked, note="hot")).until_shown("Ordered tea 3")
    assert shop.orders == [{"tea": 3, "note": "hot", "size": None}]


async def test_a_pre_filled_form_changes_the_card_it_was_opened_from(
    front_end: object, discord: FakeDiscord, shop: Shop
) -> None:
    card = await (await discord.slash("tea show", tea=1)).until_shown("Tea 1")
    clicked = await discord.click(card, "Note")
    modal = await clicked.until_modal()
    assert modal["components"][0]["component"]["value"] == "no sugar"
    await (await discord.submit(clicked, note="honey")).until_shown("honey")
    assert "honey" in card.text


async def test_a_form_survives_a_restart(front_end: object, discord: FakeDiscord, shop: Shop) -> None:
    sent = await discord.slash("tea note", tea=1)
    modal = await sent.until_modal()
    assert modal["custom_id"] == "form|tea note|note|tea=1"


async def test_a_refused_form_comes_back_with_what_was_typed(
    front_end: object, discord: FakeDiscord, shop: Shop
) -> None:
    opened = await discord.slash("tea order", tea=9)
    await opened.until_modal()
    submitted = await discord.submit(opened, note="a long and careful text")
    refusal = await submitted.until_shown("There is no tea 9.")
    assert refusal.is_private
    assert "a long and careful text" in refusal.text
    again = await discord.click(refusal, "Correct it")
    modal = await again.until_modal()
    assert modal["components"][0]["component"]["value"] == "a long and careful text"


async def test_a_form_of_seven_inputs_goes_in_two_steps(front_end: object, discord: FakeDiscord) -> None:
    first = await discord.slash("tea invent")
    modal = await first.until_modal()
    assert len(modal["components"]) == 5
    assert modal["title"].startswith("1/2")
    half = await discord.submit(first, ALICE, **{f"part{n}": f"word{n}" for n in range(1, 6)})
    kept = await half.until_shown("Part 1 of 2 is kept")
    assert kept.is_private
    assert "word5" in kept.text
    second = await discord.click(kept, "Go on")
    assert len((await second.until_modal())["components"]) == 2
    done = await discord.submit(second, part6="word6", part7="word7")
    await done.until_shown("word1 word2 word3 word4 word5 word6 word7")


async def test_an_error_after_two_steps_brings_both_back(front_end: object, discord: FakeDiscord) -> None:
    first = await discord.slash("tea invent")
    await first.until_modal()
    half = await discord.submit(first, part1="mud", part2="b", part3="c", part4="d", part5="e")
    second = await discord.click(await half.until_shown("is kept"), "Go on")
    await second.until_modal()
    refusal = await (await discord.submit(second, part6="f", part7="grass")).until_shown("Mud is no part of a tea.")
    assert "grass" in refusal.text
    again = await discord.click(refusal, "Correct it")
    modal = await again.until_modal()
    assert [label["component"]["value"] for label in modal["components"]] == ["mud", "b", "c", "d", "e"]


async def test_a_text_too_long_for_one_input_is_edited_in_parts(
    front_end: object, discord: FakeDiscord, shop: Shop
) -> None:
    paragraphs = [f"{n} " + "word " * 300 for n in range(8)]
    shop.notes[1] = "\n\n".join(p.strip() for p in paragraphs)
    opened = await discord.slash("tea note", tea=1)
    modal = await opened.until_modal()
    assert len(modal["components"]) > 3
    before = shop.notes.pop(1)
    await (await discord.submit(opened)).until_shown("Tea 1")
    assert shop.notes[1] == before


async def test_a_form_that_nobody_remembers_gives_the_words_back(front_end: object, discord: FakeDiscord) -> None:
    opened = await discord.slash("tea order", tea=2)
    modal = await opened.until_modal()
    modal["custom_id"] = "form|#gone"
    card = await (await discord.submit(opened, note="precious")).until_shown("precious")
    assert card.is_private
    assert "restarted" in card.text


async def test_a_question_on_a_card_becomes_a_button_that_opens_it(
    front_end: object, discord: FakeDiscord, shop: Shop
) -> None:
    card = await (await discord.slash("tea doubt")).until_shown("Better not now")
    clicked = await discord.click(card, "Order all the same?")
    await clicked.until_modal()
    await (await discord.submit(clicked, note="yes")).until_shown("Ordered tea 2")


async def test_a_form_that_comes_too_late_is_offered_as_a_button(
    front_end: object, discord: FakeDiscord, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "FORM_BUDGET_S", 0.0)
    sent = await discord.slash("tea note", tea=1)
    card = await sent.until_shown("Change the note?")
    monkeypatch.undo()
    assert sent.answered == 5
    clicked = await discord.click(card, "Note of tea 1")
    modal = await clicked.until_modal()
    assert modal["components"][0]["component"]["value"] == "no sugar"


# ---------------------------------------------------------------- any form at all

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
inputs = st.builds(
    Input,
    name=st.sampled_from(["tea", "note", "size", "part", "why", "who", "when"]),
    label=texts,
    value=st.one_of(texts, st.integers(1, 5).map(lambda n: f"line {n}\n\n" * n * 400)),
    help=st.text(max_size=300),
    long=st.booleans(),
    required=st.booleans(),
    options=st.sampled_from([(), ("yes",), tuple(str(n) for n in range(40))]),
)


@given(
    st.lists(inputs, min_size=1, max_size=12, unique_by=lambda i: i.name),
    texts,
    st.dictionaries(st.sampled_from(["x", "y"]), st.text(max_size=200)),
)
def test_every_form_fits_into_modals_and_comes_back_whole(
    asked: list[Input], title: str, known: dict[str, str]
) -> None:
    async def walk() -> None:
        forms = Forms(Registry())
        stage = Stage(Form(title, "tea order", tuple(asked), known))
        while True:
            modal = forms.modal(stage).to_dict()
            check_modal(modal)
            shown = {
                label["component"]["custom_id"]: label["component"].get("value", "") for label in modal["components"]
            }
            answers = {**stage.answers, **shown}
            if is_last(stage):
                break
            stage = Stage(stage.form, answers, stage.step + 1)
        raw = merge(answers)
        assert {i.name for i in asked} == set(raw)
        assert all(raw[i.name] == i.value for i in asked if not i.options)

    asyncio.run(walk())
