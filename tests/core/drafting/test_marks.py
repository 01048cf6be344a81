"""Marks: found, followed through edits, and taken out so that the sentence still reads."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.campaigns import Fact, FactKind
from core.drafting.drafts import Mark, WayOut
from core.drafting.grounds import Grounds
from core.drafting.marks import (
    Found,
    _read,
    _with_times,
    blank_spans,
    blanked,
    find,
    follow,
    kind_of,
    standing,
    statement_for,
    taken_out,
    with_fact,
    without_blanks,
)
from tests.core.drafting.material import NOW, facts, grounds

TITLE = "How we got paid"


def steps_of(work: Callable[[], object]) -> int:
    """How many functions it calls, which is the same on every machine."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def test_a_sentence_with_four_times_as_many_numbers_takes_about_four_times_as_many_steps() -> None:
    few, many = (f"{TITLE}\n" + "4321-" * count for count in (60, 240))
    on = grounds()
    assert [len(find(text, [text], on)) for text in (few, many)] == [60, 240]
    _read.cache_clear()
    assert steps_of(lambda: find(many, [many], on)) < 5 * steps_of(lambda: find(few, [few], on))


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


# ---------------------------------------------------------------- taking out, blanking, stating


@pytest.mark.parametrize(
    ("body", "words", "left"),
    [
        ("We built it (for 9 agencies) in a year.", "9 agencies", "We built it in a year."),
        ("We built it (in May (for 9 agencies)) in a year.", "9 agencies", "We built it (in May) in a year."),
        ("We built it (in May) for 9 agencies (all of them). Next.", "9 agencies", "Next."),
        ("So (9 agencies) it. Next.", "9 agencies", "Next."),
        ("Does it work, and do agencies love it? Next.", "do agencies love it", "Does it work? Next."),
        ("It works well, and agencies love it", "agencies love it", "It works well"),
        ("1. Agencies love it.\n2. We like tea.", "Agencies love it", "2. We like tea."),
        ("> Agencies love it.\nWe like tea.", "Agencies love it", "We like tea."),
        ("Hello. Agencies love it. Bye all.", "Agencies love it", "Hello. Bye all."),
        ("Hello all.  Agencies love it.  Bye.", "Agencies love it", "Hello all.  Bye."),
        (
            "We like tea.\n\nAgencies love it.\n\n\n\nWe like it hot.",
            "Agencies love it",
            "We like tea.\n\nWe like it hot.",
        ),
        ("It fell a lot, by 40%, in all the shops.", "40%", "It fell a lot, in all the shops."),
        ("It fell in the shops by nearly 40%; we like it.", "40%", "It fell in the shops; we like it."),
        ("It fell in the shops by nearly 40%; we like that. Next.", "40%", "Next."),
        ("It fell by 40% in May. Next.", "40%", "Next."),
        ("When agencies love it, we like tea. Next.", "agencies love it", "Next."),
        ("We like tea, because agencies love it.", "agencies love it", "We like tea."),
        ("Agencies, who love it, pay us well. Next.", "who love it", "Next."),
        ("agencies love it, and the shops pay us well.", "agencies love it", "The shops pay us well."),
    ],
)
def test_what_is_left_of_a_sentence_begins_and_ends_as_one(body: str, words: str, left: str) -> None:
    assert taken_out(TITLE, body, mark_of(TITLE, body, words)) == (TITLE, left)


def test_words_of_a_title_are_taken_out_and_blanked_in_the_title() -> None:
    title, body = "We like tea, and agencies love it", "A text."
    mark = mark_of(title, body, "agencies love it")
    assert taken_out(title, body, mark) == ("We like tea", body)
    assert blanked(title, body, mark) == (
        "We like tea, and [your own words instead of “agencies love it”]",
        body,
    )
    across = replace(mark, end=mark.end + 5)
    assert blanked(title, body, across) == blanked(title, body, mark)
    at_the_end = replace(mark, start=len(title), end=len(title) + 3)
    assert blanked(title, body, at_the_end)[1] == body
    first = mark_of(title, body, "A text")
    assert blanked(title, body, first) == (title, "[your own words instead of “A text”].")
    assert taken_out("Agencies love it", body, mark_of("Agencies love it", body, "Agencies")) == (
        "[your own words: a title]",
        body,
    )


@pytest.mark.parametrize(
    ("words", "after", "shown", "joined"),
    [
        ("on time", " each day.", "on time", " each day."),
        ("on time", "(all of them)", "on time", " (all of them)"),
        ("on time", "[1]", "on time", " [1]"),
        ("on time", ": so", "on time", " : so"),
        ("on [time]\nhere", ".", "on  time  here", "."),
        ("x" * 60, ".", "x" * 60, "."),
        ("x" * 61, ".", "x" * 59 + "…", "."),
        ("x" * 58 + " yyy", ".", "x" * 58 + "…", "."),
    ],
)
def test_a_blank_shows_the_words_that_it_replaces_and_stays_apart_from_what_follows(
    words: str, after: str, shown: str, joined: str
) -> None:
    body = f"We pay {words}{after}"
    mark = mark_of(TITLE, body, words)
    assert blanked(TITLE, body, mark) == (TITLE, f"We pay [your own words instead of “{shown}”]{joined}")


@pytest.mark.parametrize(
    ("body", "words", "clears", "statement"),
    [
        ("I like tea, and agencies love it.", "love it", True, "Agencies love it."),
        ("I like tea, and agencies love it.", "love it", False, "I like tea, and agencies love it."),
        ("I like tea, and shops pay.", "shops pay", True, "I like tea, and shops pay."),
        ("* because agencies love it.", "love it", True, "Agencies love it."),
        ("* because agencies love it.", "love it", False, "Because agencies love it."),
        ("> - Agencies   love it.", "love", True, "Agencies love it."),
        ("Hello. I like tea – agencies love it. Bye.", "love it", True, "Agencies love it."),
    ],
)
def test_a_statement_stands_alone_as_a_sentence(body: str, words: str, clears: bool, statement: str) -> None:
    mark = mark_of(TITLE, body, words)
    asked: list[str] = []

    def judged(said: str) -> bool:
        asked.append(said)
        return clears

    assert statement_for(f"{TITLE}\n{body}", mark, judged) == statement
    assert all(said[:1].isupper() for said in asked)


# ---------------------------------------------------------------- following

FOUND = Found(20, 27, "love it", "Agencies love it.", "unsupported", "no fact says so", True)
KEPT = Mark(3, "w", 5, 1, 20, 27, "Love it", "Agencies love it.", "number", "another reason", False, fact_id=8)


def follow_one(mark: Mark, *, found: Found = FOUND, revision: int = 2, after: timedelta = timedelta()) -> Mark:
    text = "x" * 60
    [followed] = follow([mark], text, [found], text, revision, NOW + after)
    return followed


def test_a_mark_that_stays_takes_over_what_was_found_and_keeps_who_it_is() -> None:
    [new] = follow([], "", [FOUND], "x" * 60, 2, NOW)
    assert new == Mark(0, "", 0, 2, 20, 27, "love it", "Agencies love it.", "unsupported", "no fact says so", True)
    now = replace(new, id=3, workspace_id="w", draft_id=5, fact_id=8)
    assert follow_one(KEPT) == now
    freed: dict[str, Any] = {"way": WayOut.FREE, "decided_by": "Bob", "decided_at": NOW}
    assert follow_one(replace(KEPT, **freed)) == replace(now, **freed)
    other = replace(FOUND, words="love them")
    assert follow_one(replace(KEPT, **freed), found=other) == replace(now, words="love them")


@pytest.mark.parametrize("way", [WayOut.TRUE, WayOut.OUT, WayOut.BLANK])
@pytest.mark.parametrize(("seconds", "revision", "stays"), [(0, 1, True), (59, 1, True), (60, 1, False), (0, 2, False)])
def test_what_was_decided_is_on_its_way_for_a_minute_in_the_same_text(
    way: WayOut, seconds: int, revision: int, stays: bool
) -> None:
    decided = replace(KEPT, way=way, decided_by="Bob", decided_at=NOW)
    followed = follow_one(decided, revision=revision, after=timedelta(seconds=seconds))
    assert (followed.way, followed.decided_by, followed.decided_at) == ((way, "Bob", NOW) if stays else (None,) * 3)
    assert (followed.revision, followed.words) == (revision, "love it")
    undated = follow_one(replace(decided, decided_at=None), revision=revision)
    assert undated.way is None


def test_each_mark_follows_the_words_it_shares_most_and_none_follows_two() -> None:
    text = "x" * 60
    at = [replace(FOUND, start=start, end=end, words=f"{start}") for start, end in ((0, 10), (8, 20), (30, 40))]
    kept = [replace(KEPT, id=n, start=start, end=end) for n, (start, end) in enumerate(((0, 20), (9, 20), (20, 30)), 1)]
    assert [mark.id for mark in follow(kept, text, at, text, 2, NOW)] == [2, 1, 0]
    assert [mark.id for mark in follow(kept[1:], text, at, text, 2, NOW)] == [0, 2, 0]
    assert [mark.id for mark in follow([replace(kept[0], start=38, end=39)], text, at, text, 2, NOW)] == [0, 0, 1]
    twice = [replace(kept[0], id=7, start=0, end=5), replace(kept[0], id=8, start=5, end=12)]
    assert [mark.id for mark in follow(twice, text, at, text, 2, NOW)] == [7, 8, 0]
    assert follow(kept, text, [], text, 2, NOW) == []
    assert [mark.id for mark in follow([replace(kept[0], start=50, end=55)], text, at, text, 2, NOW)] == [0, 0, 0]


def test_standing_marks_come_a_models_first_and_then_in_their_order() -> None:
    marks = [
        replace(KEPT, id=1, start=9),
        replace(KEPT, id=2, start=5, generated=True),
        replace(KEPT, id=3, start=1),
        replace(KEPT, id=4, start=2, generated=True),
        replace(KEPT, id=5, way=WayOut.FREE),
    ]
    assert [mark.id for mark in standing(marks)] == [4, 2, 3, 1]


# ---------------------------------------------------------------- finding


def test_a_found_mark_tells_its_words_sentence_and_who_wrote_them() -> None:
    body = "How are you? We had 37 freelancers, and agencies   adore it. Thanks."
    whole = f"{TITLE}\n{body}"
    sentence = "We had 37 freelancers, and agencies   adore it."
    found = find(whole, [whole], grounds())
    assert found
    assert {one.sentence for one in found} == {sentence}
    assert all(one.words == " ".join(whole[one.start : one.end].split()) for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert {one.generated for one in found} == {True}
    assert {one.generated for one in find(whole, ["Something else\nentirely"], grounds())} == {False}
    assert find(f"{TITLE}\nHow are you?", (), grounds()) == ()


def test_a_title_is_no_sentence_so_only_its_figures_and_names_are_marked() -> None:
    assert find("It chased the moon\nHow are you?", (), grounds()) == ()
    assert find(f"{TITLE}\nIt chased the moon.", (), grounds())
    assert [one.words for one in find("94 agencies adore it\nHow are you?", (), grounds())] == ["94", "adore it"]


def test_the_times_that_are_kept_beside_a_fact_may_be_told() -> None:
    def marked(**times: Any) -> list[str]:
        held = tuple(replace(fact, **times) for fact in facts((FactKind.NUMBER, "37 freelancers used it.")))
        whole = f"{TITLE}\n37 freelancers used it in spring 2021."
        return [one.words for one in find(whole, (), grounds(held=held))]

    assert marked()
    assert marked(period="in spring 2021") == []
    [plain] = facts((FactKind.NUMBER, "37 freelancers used it."))
    assert _with_times(plain) == "37 freelancers used it."
    assert _with_times(replace(plain, period="in spring")) == "37 freelancers used it (in spring)."
    dated = replace(plain, as_of=NOW)
    assert _with_times(dated) == "37 freelancers used it (as of 23 November 2026)."
    assert _with_times(replace(dated, period="in spring")) == (
        "37 freelancers used it (in spring, as of 23 November 2026)."
    )


def test_blanks_are_read_as_room_and_lines_stay() -> None:
    whole = "How [many?]\nIt took [how many days?] of [us?]."
    assert without_blanks(whole) == "How        \nIt took                  of      ."
    assert without_blanks("No blank.") == "No blank."


def test_one_more_fact_stands_beside_the_others() -> None:
    more = with_fact(grounds(), "Agencies love it.", FactKind.PRODUCT, "bob", "Bob")
    assert more.facts == (
        *grounds().facts,
        Fact(0, "terminal:local", 1, FactKind.PRODUCT, "Agencies love it.", "Bob", NOW, "bob"),
    )
    assert replace(more, facts=grounds().facts) == grounds()
