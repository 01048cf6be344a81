"""An approved draft on the way to Reddit: what can be copied, what the submit page holds, what is ticked off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import Card, Field
from bot.discord_app import render as discord
from bot.draft_cards import ADDRESS_MAX, checklist, draft_card, submit_page
from bot.slack_app import render as slack
from bot.terminal_app.render import render_card as in_terminal
from core.drafting.deciding import Reviewed
from core.drafting.drafts import Draft, DraftStatus, Poster, Remark, Revision, RevisionOrigin
from core.requirements import Flair, Requirements
from tests.core.drafting import material

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
BODY = "We waited *63* days.\n\n> and `then`\n- 1. <@42> @everyone [x](https://y.example)"


def approved(title: str = "Late & early", body: str = BODY, remarks: tuple[Remark, ...] = ()) -> Reviewed:
    text = Revision(1, RevisionOrigin.PERSON, title, body, remarks, "Ada", AT)
    draft = Draft(3, "w", 1, "tea", DraftStatus.APPROVED, (text,), "Ada", AT, Poster("ada", "Ada", "ada_w"), "Bob", AT)
    return Reviewed(draft, material.grounds(), remarks)


def carried(reviewed: Reviewed) -> dict[str, list[str]]:
    return parse_qs(urlsplit(submit_page(reviewed.draft)[0].url).query)


def test_the_submit_page_holds_title_and_text_when_they_fit() -> None:
    reviewed = approved()
    page, said = submit_page(reviewed.draft)
    assert page.url.startswith("https://www.reddit.com/r/tea/submit?type=TEXT&title=Late+%26+early&text=")
    assert carried(reviewed) == {"type": ["TEXT"], "title": ["Late & early"], "text": [BODY]}
    assert said == "The submit page has title and text filled in."


@pytest.mark.parametrize(
    ("title", "body", "names", "said"),
    [
        ("Short", "word " * 200, ["type", "title"], "copy the text into it"),
        ("ü" * 290, "word " * 200, ["type"], "Copy title and text"),
    ],
)
def test_what_the_address_cannot_carry_is_left_out_and_said(title: str, body: str, names: list[str], said: str) -> None:
    reviewed = approved(title, body)
    assert list(carried(reviewed)) == names
    assert said in submit_page(reviewed.draft)[1]


@given(st.text(max_size=300), st.text(max_size=2_000))
def test_every_address_is_one_that_every_chat_can_carry(title: str, body: str) -> None:
    clean = "".join(c for c in title if not "\ud800" <= c <= "\udfff")
    text = "".join(c for c in body if not "\ud800" <= c <= "\udfff")
    url = submit_page(approved(clean, text).draft)[0].url
    assert len(url) <= ADDRESS_MAX
    assert url.isascii()


def test_the_card_of_an_approved_draft_is_the_text_alone_with_the_next_step() -> None:
    card = draft_card(approved(), AT)
    assert [(field.name, field.value, field.copy) for field in card.fields[:2]] == [
        ("Title", "Late & early", True),
        ("Text", BODY, True),
    ]
    assert card.text.startswith("Approved by Bob, 23 Nov 2026, 12:00 UTC.\nAda posts it by hand as u/ada_w. The")
    assert [link.label for link in card.links] == ["Open the submit page"]
    [file] = card.documents
    assert (file.file_name, file.content.decode()) == ("draft-3.md", BODY + "\n")


COPIED = Card("Draft 3", fields=(Field("Text", BODY, copy=True),))


def test_discord_shows_the_text_in_a_block_that_copies_as_it_is() -> None:
    shown = "\n".join(part for part in discord._texts(COPIED)[0])
    assert f"```\n{BODY}\n```" in shown


def test_on_discord_a_text_that_would_end_the_block_is_quoted_and_stays_harmless() -> None:
    card = Card("Draft 3", fields=(Field("Text", "a\n```\n@everyone", copy=True),))
    shown = "\n".join(discord._texts(card)[0])
    assert "@everyone" not in shown
    assert "\\`\\`\\`" in shown


def test_slack_shows_the_text_preformatted() -> None:
    rich = [block for block in slack.render_card(COPIED).blocks if block["type"] == "rich_text"]
    [block] = [e for r in rich for e in r["elements"] if e["type"] == "rich_text_preformatted"]
    assert block["elements"] == [{"type": "text", "text": BODY}]


def test_the_terminal_puts_no_mark_before_the_lines() -> None:
    lines = [line.strip() for line in in_terminal(COPIED, width=100, color=False).splitlines()]
    assert [line for line in BODY.split("\n") if line not in lines] == []


def test_what_reddit_asks_is_ticked_when_the_text_meets_it() -> None:
    met = Remark("requirements", "ok", "It meets what Reddit requires.", "requirement")
    flair = Remark("requirements", "advice", "r/tea takes no post without a flair: Story.", "requirement:flair")
    other = Remark("length", "ok", "Fits.", "text_usual")
    reviewed = approved(remarks=(met, flair, other))
    assert checklist(reviewed) == (
        f"☑ {met.text}",
        f"☐ {flair.text}",
        "☐ Whether it needs a flair is not known: look at the submit page.",
    )
    read = Remark("promotion", "advice", "r/tea has a rule: “Ads”. Read whether the rule allows it.", "rule:promotion")
    words = Remark("promotion", "advice", "The text names Tallybird 3 times.", "product_often")
    assert checklist(approved(remarks=(read, words)))[0] == f"☐ {read.text}"
    assert len(checklist(approved(remarks=(read, words)))) == 2
    ruled = replace(material.rules(), requirements=Requirements())
    offers = replace(ruled, flairs=(Flair("Story"), Flair("Mods", mod_only=True), Flair("Question")))
    on = material.grounds(ruled=offers)
    assert checklist(replace(approved(remarks=(met,)), grounds=on)) == (
        f"☑ {met.text}",
        "☐ Choose a flair if one fits: Story, Question.",
    )
    assert checklist(replace(reviewed, grounds=on)) == (f"☑ {met.text}", f"☐ {flair.text}"), "said once"
    assert checklist(replace(reviewed, grounds=material.grounds(ruled=ruled))) == (f"☑ {met.text}", f"☐ {flair.text}")
