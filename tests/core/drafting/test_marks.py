"""Marks: found, followed through edits, and taken out so that the sentence still reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaigns import FactKind
from core.drafting.drafts import Mark, WayOut
from core.drafting.grounds import Grounds
from core.drafting.marks import (
    blank_spans,
    blanked,
    find,
    follow,
    kind_of,
    standing,
    statement_for,
    taken_out,
    with_fact,
)
from tests.core.drafting.material import NOW, grounds

TITLE = "How we got paid"


def mark_of(title: str, body: str, words: str) -> Mark:
    whole = f"{title}\n{body}"
    start = whole.index(words)
    return Mark(1, "w", 1, 1, start, start + len(words), words, whole, "unsupported", "no fact says so", True)


@pytest.mark.parametrize(
    ("body", "words", "left"),
    [
        ("We built it in a year, and agencies love it. Next.", "agencies love it", "We built it in a year. Next."),
        ("Late payments fell by 40%. Thanks.", "40%", "Late payments fell. Thanks."),
        ("Late payments fell by more than 40%, and that helps us.", "40%", None),
        ("Agencies love it, and we built it in a year.", "Agencies love it", "We built it in a year."),
        ("Agencies love it because it saves us time.", "Agencies love it", "It saves us time."),
        ("It saves us time because agencies love it.", "agencies love it", "It saves us time."),
        ("It sends letters (9 weeks early), which helps.", "9 weeks", "It sends letters, which helps."),
        ("We asked 31 shops, who waited nine weeks.", "nine weeks", "We asked 31 shops."),
        ("It works – loved by agencies – for us all.", "loved by agencies", "It works for us all."),
        ("* One point\n* Agencies love it\n* Third point", "Agencies love it", "* One point\n* Third point"),
        ("Hello. We have 300 users.\n\nSecond part.", "300", "Hello.\n\nSecond part."),
        ("It is the only tool. It works.", "only", "It works."),
        ("It grew, it held. The client answers within 9 weeks, and it helps.", "9 weeks", None),
    ],
)
def test_what_is_taken_out_leaves_sentences_that_read(body: str, words: str, left: str | None) -> None:
    title, new = taken_out(TITLE, body, mark_of(TITLE, body, words))
    assert title == TITLE
    assert words not in new
    if left is not None:
        assert new == left


def test_a_title_or_text_of_which_nothing_is_left_becomes_a_blank() -> None:
    title, body = taken_out("The only tool", "A text.", mark_of("The only tool", "A text.", "only"))
    assert (len(blank_spans(title)), body) == (1, "A text.")
    title, body = taken_out(TITLE, "Agencies love it.", mark_of(TITLE, "Agencies love it.", "Agencies love it"))
    assert (title, len(blank_spans(body))) == (TITLE, 1)


@pytest.mark.parametrize("words", ["agencies love it", "40%", "[9] weeks", "a (small) shop", "How"])
def test_a_blank_in_place_of_words_is_seen_as_a_blank(words: str) -> None:
    body = f"So {words} (that is all) here. How we go on."
    mark = mark_of("Title here", body, words)
    title, new = blanked("Title here", body, mark)
    assert title == "Title here"
    assert len(blank_spans(f"{title}\n{new}")) == 1
    assert new.endswith("(that is all) here. How we go on.") or words == "How"


@given(st.text("ab .,(\n[]–:and", min_size=1, max_size=80), st.data())
def test_no_way_out_breaks_on_any_text(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    offset = len(TITLE) + 1
    mark = replace(mark_of(TITLE, body, body), start=start + offset, end=end + offset)
    for title, new in (taken_out(TITLE, body, mark), blanked(TITLE, body, mark)):
        assert title == TITLE
        assert new


INVENTED = "Last spring I lost my biggest client over a typo, and agencies love it."


def marks_of(body: str, *generated: str) -> tuple[Mark, ...]:
    found = find(f"{TITLE}\n{body}", [f"{TITLE}\n{text}" for text in generated], grounds())
    return tuple(replace(m, id=n) for n, m in enumerate(follow((), "", found, f"{TITLE}\n{body}", 1, NOW), 1))


def test_an_edit_around_it_leaves_a_mark_its_id_and_its_weight() -> None:
    before = marks_of(INVENTED, INVENTED)
    assert before
    assert all(mark.generated for mark in before)
    edited = f"Hello there.\n\n{INVENTED.replace('typo', 'missing comma')} Thanks."
    whole = f"{TITLE}\n{edited}"
    found = find(whole, [f"{TITLE}\n{INVENTED}"], grounds())
    after = follow(before, f"{TITLE}\n{INVENTED}", found, whole, 2, NOW)
    ids = {mark.id for mark in after}
    assert ids & {mark.id for mark in before}
    assert all(mark.generated for mark in after)
    for mark in after:
        assert whole[mark.start : mark.end].split() == mark.words.split()
        assert mark.revision == 2


def test_what_claims_nothing_is_asked_about_anew_when_its_words_change() -> None:
    whole = f"{TITLE}\n{INVENTED}"
    free = [replace(mark, way=WayOut.FREE, decided_by="Bob") for mark in marks_of(INVENTED, INVENTED)]
    same = follow(free, whole, find(whole, [whole], grounds()), whole, 1, NOW)
    assert [mark.way for mark in same] == [WayOut.FREE] * len(free)
    assert list(standing(same)) == []
    other = whole.replace("love", "adore")
    changed = follow(free, whole, find(other, [whole], grounds()), other, 2, NOW)
    assert any(mark.way is None and mark.decided_by is None for mark in changed)


def test_words_that_were_taken_out_and_come_back_in_the_next_text_are_asked_about_at_once() -> None:
    whole = f"{TITLE}\n{INVENTED}"
    done = [replace(m, way=WayOut.OUT, decided_by="Bob", decided_at=NOW) for m in marks_of(INVENTED, INVENTED)]
    found = find(whole, [whole], grounds())
    assert [m.way for m in follow(done, whole, found, whole, 1, NOW)] == [WayOut.OUT] * len(done), "on its way"
    again = follow(done, whole, found, whole, 2, NOW)
    assert [(m.way, m.decided_by) for m in again] == [(None, None)] * len(done)


def test_the_fact_is_the_clause_that_carries_the_mark_and_else_the_sentence() -> None:
    body = "I chased unpaid invoices every Friday for two years, and agencies love it."
    whole = f"{TITLE}\n{body}"
    mark = mark_of(TITLE, body, "agencies love it")
    assert statement_for(whole, mark, lambda statement: True) == "Agencies love it."
    assert statement_for(whole, mark, lambda statement: False) == body
    more = with_fact(grounds(), "Agencies love it.", FactKind.PRODUCT, "bob", "Bob")
    assert find(whole, (), more) == ()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("Agencies love it.", FactKind.PRODUCT),
        ("212 agencies pay for it.", FactKind.NUMBER),
        ("I waited 63 days for my money.", FactKind.EXPERIENCE),
    ],
)
def test_a_statement_tells_what_kind_of_fact_it_is(statement: str, kind: FactKind) -> None:
    assert kind_of(statement) is kind


def test_a_posters_own_sentence_of_how_they_belong_to_the_product_needs_no_fact() -> None:
    own = "I founded Tallybird with my sister in 2021, so I am biased. She sews."
    theirs = replace(grounds(), disclosure=own)

    def marked(body: str, on: Grounds = theirs) -> list[str]:
        whole = f"{TITLE}\n{body}"
        return [found.words for found in find(whole, [whole], on)]

    first = own.removesuffix(" She sews.")
    assert marked(own) == []
    assert marked(f"What do you do?\n\n{first}") == []
    assert marked(first.replace("2021", "2019")) == ["founded", "sister", "2019"]
    assert marked(f"{first[:-1]}, and 300 shops pay.")[:3] == ["founded", "sister", "2021"]
    assert marked(first, grounds()) == ["founded", "sister", "2021"], "of another poster"
