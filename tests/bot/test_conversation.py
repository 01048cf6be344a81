"""What holds for every chat, asked without one; over the wire: test_alert_clicks.py and the platforms' own rooms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Button, Card, Field, Form, Image, Input, Link, Progress
from bot.command import Command, Kind, Param, Registry
from bot.commands import all_commands
from bot.conversation import (
    Clicked,
    Fate,
    Pace,
    Seen,
    asked_form,
    fate,
    is_for_the_caller,
    is_renewed,
    may_ask,
    post_links,
    progress_parts,
    renews_after,
    whole_text,
    without_layout,
)

REGISTRY = all_commands()


def command(path: str) -> Command:
    return REGISTRY.get(path)


@pytest.mark.parametrize(
    ("path", "raw", "clicked", "expected"),
    [
        ("draft approve", {"draft": "3"}, None, Fate.STAYS),
        ("draft approve", {"draft": "3"}, Clicked(), Fate.BECOMES),
        ("draft approve", {"draft": "3"}, Clicked(is_private=True), Fate.STAYS),
        ("draft approve", {"draft": "3"}, Clicked(is_choice=True), Fate.STAYS),
        ("draft approve", {}, Clicked(), Fate.STAYS),
        ("draft show", {"draft": "3"}, Clicked(), Fate.STAYS),
        ("post register", {"draft": "3", "link": "x"}, Clicked(), Fate.RENEWED),
        ("post register", {"link": "x"}, Clicked(), Fate.STAYS),
        ("post snooze", {"post": "3"}, Clicked(), Fate.BECOMES),
        ("post snooze", {"post": "3"}, Clicked(alert=9), Fate.RENEWED),
        ("post show", {"post": "3"}, Clicked(alert=9), Fate.RENEWED),
        ("setup", {}, Clicked(), Fate.STAYS),
    ],
)
def test_a_click_does_the_same_to_its_message_on_every_chat(
    path: str, raw: dict[str, str], clicked: Clicked | None, expected: Fate
) -> None:
    assert fate(command(path), raw, clicked) is expected


@pytest.mark.parametrize("path", sorted(c.path for c in REGISTRY.commands.values() if c.opens_form))
def test_a_command_that_asks_by_a_form_does_so_until_it_is_told_more_than_which_record(path: str) -> None:
    asking = command(path)
    needed = {param.name: "1" for param in asking.params if param.required}
    assert may_ask(asking, needed)
    assert may_ask(asking, {})
    for param in asking.params:
        if not param.required:
            assert not may_ask(asking, {**needed, param.name: "said"}), param.name


def test_a_command_that_opens_no_form_may_ask_only_for_what_it_needs() -> None:
    assert may_ask(command("post register"), {"draft": "3"})
    assert may_ask(command("post register"), {"link": "  "})
    assert not may_ask(command("post register"), {"link": "x"})
    assert not may_ask(command("status"), {})


def test_one_word_commands_are_for_who_asks() -> None:
    assert {path for path in REGISTRY.commands if is_for_the_caller(command(path))} == {
        path for path in REGISTRY.commands if " " not in path
    }


def test_a_form_is_the_answer_only_of_a_card_that_asks() -> None:
    form = Form("F", "post register", (Input("link", "Link"),))
    assert asked_form(Card("ok", form=form)) is form
    assert asked_form(Card("asks", code="missing_argument", form=form)) is form
    assert asked_form(Card("refused", code="forbidden", form=form)) is None


def test_a_message_is_shown_anew_also_after_a_refusal_that_its_record_gave() -> None:
    assert renews_after(Card("done"))
    assert renews_after(Card("late", code="already_decided"))
    assert renews_after(Card("a fact is gone", code="not_allowed_now"))
    assert not renews_after(Card("no", code="forbidden"))
    assert not renews_after(Card("asks", form=Form("F", "x", ())))


@pytest.mark.parametrize("path", ["draft edit", "draft approve", "draft discard", "draft regenerate"])
def test_a_draft_becomes_the_answer_and_is_then_rendered_from_its_record(path: str) -> None:
    fated = fate(command(path), {"draft": "3"}, Clicked())
    assert (fated, is_renewed(command(path), fated)) == (Fate.BECOMES, True)


def test_a_post_becomes_the_answer_of_its_command_alone() -> None:
    snooze, seen = command("post snooze"), command("post register")
    assert not is_renewed(snooze, fate(snooze, {"post": "3"}, Clicked()))
    assert is_renewed(seen, fate(seen, {"draft": "3", "link": "x"}, Clicked()))


def test_only_posts_and_comments_among_the_links_of_a_message_count() -> None:
    words = (
        "https://www.reddit.com/r/tea/ https://redd.it/1abc https://www.reddit.com/user/ada/ "
        "https://i.redd.it/abcd.png (https://old.reddit.com/r/tea/comments/2bcd/slug/?utm=1). "
        "https://www.reddit.com/r/tea/s/AbCd12 https://notreddit.example/reddit.com/r/tea/comments/9zzz/"
    )
    assert post_links(words, "https://redd.it/1abc") == [
        "https://www.reddit.com/comments/1abc/",
        "https://www.reddit.com/r/tea/comments/2bcd/",
        "https://www.reddit.com/r/tea/s/AbCd12",
    ]


def test_no_more_links_are_offered_than_one_can_choose_from() -> None:
    many = " ".join(f"https://redd.it/1ab{number:02d}" for number in range(40))
    assert len(post_links(many)) == 25


@given(st.text(), st.text(), st.text())
def test_without_its_layout_a_card_still_says_all_of_its_words(title: str, text: str, value: str) -> None:
    card = Card(
        title,
        text=text,
        fields=(Field("Name", value, quote=True), Field("Place", "proved", channel="C1")),
        actions=(Button("Go", "draft show", 1),),
        links=(Link("Look", "https://example.com/"),),
        footnote="3 posts",
        image=Image("a.png", b"", "A cup"),
        sample=True,
    )
    bare = without_layout(card)
    said = whole_text(bare)
    for words in (title, text, value, "C1", "proved", "Look: https://example.com/", "3 posts", "(sample data)"):
        assert words.strip().encode("utf-8", "replace").decode() in said
    assert (bare.fields, bare.actions, bare.links, bare.image, bare.form) == ((), (), (), None, None)
    assert "Buttons could not be shown here; the commands do the same: /rao help" in said
    assert (bare.private, bare.code) == (card.private, card.code)


def test_progress_is_told_at_most_once_a_second() -> None:
    pace = Pace()
    assert [pace.is_due(at) for at in (5.0, 5.9, 6.0, 6.5, 7.0)] == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("progress", "parts"),
    [
        (Progress("Reading"), ("Reading", "", "")),
        (Progress("Reading", 1200), ("Reading", "", "1,200")),
        (Progress("Reading", 5, 10), ("Reading", "█" * 10 + "░" * 10, "5 of 10")),
        (Progress("Reading", 30, 10), ("Reading", "█" * 20, "30 of 10")),
        (Progress("R" * 400, 1, 0), ("R" * 300, "", "1")),
    ],
)
def test_progress_reads_the_same_on_every_chat(progress: Progress, parts: tuple[str, str, str]) -> None:
    assert progress_parts(progress) == parts


def test_what_comes_twice_is_seen_once() -> None:
    seen = Seen()
    assert [seen.again(mark) for mark in ("a", "b", "a", "b", "c")] == [False, False, True, True, False]


def test_a_decided_record_without_parameters_is_not_asked_for() -> None:
    registry = Registry()

    @registry.command("x close", "Close", Param("x", "its number", Kind.INTEGER, lookup="y"), shown_by="y show")
    async def close(ctx: object, x: int | None) -> Card:
        return Card("Closed")

    assert fate(registry.get("x close"), {}, Clicked()) is Fate.STAYS
    assert fate(registry.get("x close"), {"x": "1"}, Clicked()) is Fate.RENEWED
