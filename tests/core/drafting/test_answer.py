"""What a model answered, read as a text with the facts of its sentences."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.drafting.answer import ANSWER_SCHEMA, TAKEN_SCHEMA, Answer, read_answer
from core.drafting.drafts import Sentence
from core.gateways.llm_answers import read_written

KNOWN = {1, 2, 3}


def said(text: str, *facts: Any, new: Any = False) -> dict[str, Any]:
    return {"text": text, "facts": list(facts), "new_paragraph": new}


def body_of(*sentences: Any) -> str:
    return read_answer({"title": "T", "sentences": list(sentences)}, KNOWN).body


def taken(written: Any) -> Answer | None:
    content = read_written(json.dumps(written), TAKEN_SCHEMA).content
    return None if content is None else read_answer(content, KNOWN)


def test_sentences_become_a_text_and_keep_their_facts() -> None:
    written = {
        "title": "What 37 freelancers taught us",
        "title_facts": [2],
        "sentences": [said("We waited.", 1), said("Then we asked 37 freelancers.", 2, 3), said("And you?", new=True)],
    }
    assert taken(written) == Answer(
        "What 37 freelancers taught us",
        "We waited. Then we asked 37 freelancers.\n\nAnd you?",
        (
            Sentence("What 37 freelancers taught us", (2,)),
            Sentence("We waited.", (1,)),
            Sentence("Then we asked 37 freelancers.", (2, 3)),
            Sentence("And you?", ()),
        ),
    )


@pytest.mark.parametrize(
    ("sentences", "body"),
    [
        ([said("One."), said("Two."), said("Three.", new=True)], "One. Two.\n\nThree."),
        ([said("It has:"), said("* a"), said("* b"), said("So.")], "It has:\n\n* a\n* b So."),
        ([said("It has:"), said("* a", new=True), said("* b", new=True), said("So.", new=True)],
         "It has:\n\n* a\n* b\n\nSo."),
        ([said("1. a"), said("2. b"), said("  * inner"), said("3) c")], "1. a\n2. b\n  * inner\n3) c"),
        ([said("- a"), said("More of a."), said("- b")], "- a More of a.\n- b"),
        ([said("## What we did"), said("We waited."), said("# And then")],
         "## What we did\n\nWe waited.\n\n# And then"),
        ([said("> they wrote"), said("> twice"), said("So.", new=True)], "> they wrote\n> twice\n\nSo."),
        ([said("One.\n\n"), said("Two.\n"), said("Three.")], "One.\n\nTwo.\nThree."),
        ([said("One."), said("\n\nTwo.")], "One.\n\nTwo."),
        ([said("One.\r\n\r\nTwo."), said("Three.")], "One.\n\nTwo. Three."),
        ([said("A *stressed* word."), said("-5 degrees it was.")], "A *stressed* word. -5 degrees it was."),
        (["One.", "Two."], "One. Two."),
        ([said("One.", new="true"), said("Two.", new="True"), said("Three.", new="no")], "One.\n\nTwo. Three."),
    ],
)  # fmt: skip
def test_paragraphs_lists_headings_and_quotes_stay_what_they_are(sentences: list[Any], body: str) -> None:
    assert body_of(*sentences) == body


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ([1, 2], (1, 2)),
        (["1", "#2", "fact 3"], (1, 2, 3)),
        ("1, 3", (1, 3)),
        (2, (2,)),
        (2.0, (2,)),
        ([2.5, True, None, [3], {"id": "1"}, {"body": 2}], (3, 1)),
        ([2, 2, "2"], (2,)),
        ([1, 99, "7"], (1,)),
        ("none", ()),
        (None, ()),
        ([10**400, float("inf"), "1" * 500], ()),
    ],
)
def test_ids_are_read_in_any_writing_and_those_of_no_fact_are_dropped(named: Any, ids: tuple[int, ...]) -> None:
    sentences = [{"text": "A.", "facts": named}]
    assert read_answer({"title": "T", "title_facts": named, "sentences": sentences}, KNOWN).sentences == (
        Sentence("T", ids),
        Sentence("A.", ids),
    )


def test_ids_of_no_fact_are_told_to_who_runs_the_bot(caplog: pytest.LogCaptureFixture) -> None:
    read_answer({"title": "T", "sentences": [said("A.", 1, 99, "7")]}, KNOWN)
    [told] = caplog.records
    assert (told.message, told.__dict__["facts"]) == ("a model named facts that do not exist", [7, 99])


@pytest.mark.parametrize(
    "written",
    [
        {"title": "T", "body": "A.\n\nB."},
        {"title": "T", "body": "A.\n\nB.", "title_facts": [1], "sentences": []},
        {"Title": "T", "BODY": "A.\n\nB."},
        {"post": {"title": "T", "body": "A.\n\nB."}},
    ],
)
def test_a_text_in_one_piece_is_taken_without_ids(written: Any) -> None:
    assert taken(written) == Answer("T", "A.\n\nB.", ())


@pytest.mark.parametrize(
    "written",
    [
        {"title": "T", "sentences": [said("A."), said("B.", new=True)]},
        {"title": "T", "body": [said("A."), said("B.", new=True)]},
        {"Title": "T", "Sentences": [{"Text": "A."}, {"TEXT": "B.", "New_paragraph": True}]},
        {"title": "T", "sentences": "A.\n\nB."},
        [{"title": "T", "sentences": ["A.", "\n\nB."]}],
    ],
)
def test_sentences_are_taken_in_other_forms_too(written: Any) -> None:
    read = taken(written)
    assert read is not None
    assert read.body == "A.\n\nB."


@pytest.mark.parametrize(
    "written",
    [
        {"title": "T"},
        {"title": "T", "sentences": []},
        {"title": "T", "sentences": [{"facts": [1]}]},
        {"title": "T", "body": " \n "},
        {"title": " ", "body": "A."},
        {"sentences": [said("A.")]},
    ],
)
def test_an_answer_without_a_title_or_without_a_text_is_none(written: Any) -> None:
    assert taken(written) is None


def test_an_apology_in_sentences_is_a_refusal() -> None:
    sorry = {"title": "Sorry", "title_facts": [], "sentences": [said("I'm sorry."), said("I can't help with that.")]}
    assert read_written(json.dumps(sorry), TAKEN_SCHEMA).is_refusal


def test_what_is_asked_for_is_taken_and_all_of_it_is_required_as_strict_servers_want() -> None:
    import jsonschema

    asked = {"title": "T", "title_facts": [], "sentences": [said("A.", 1)]}
    for schema in (ANSWER_SCHEMA, TAKEN_SCHEMA):
        jsonschema.validate(asked, dict(schema))

    def objects(schema: Any) -> list[Any]:
        inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
        return [schema] * (schema["type"] == "object") + [found for each in inner for found in objects(each)]

    for each in objects(ANSWER_SCHEMA):
        assert set(each["required"]) == set(each["properties"])
        assert each["additionalProperties"] is False


def test_an_answer_is_cut_to_what_reddit_takes_at_the_end_of_a_sentence() -> None:
    answer = read_answer({"title": " A\n title " + "x" * 400, "body": "\x00 text "}, KNOWN)
    assert (len(answer.title), answer.title[:9], answer.body) == (300, "A title x", "text")
    long = read_answer({"title": "T", "sentences": [said("x" * 30_000 + "."), said("y" * 30_000 + ".")]}, KNOWN)
    assert long.body == "x" * 30_000 + "."
    assert len(long.sentences) == 2


PIECES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.fixed_dictionaries(
            {"text": st.text(max_size=40)},
            optional={"facts": st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=4),
                      "new_paragraph": st.booleans() | st.text(max_size=4)},
        ),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


@given(st.text(max_size=400), PIECES)
def test_every_sentence_stands_in_the_text_in_its_order_and_names_known_facts_only(title: str, pieces: Any) -> None:
    answer = read_answer({"title": title, "sentences": pieces}, KNOWN)
    at = 0
    for sentence in answer.sentences[1:]:
        at = answer.body.index(sentence.text, at)
        assert set(sentence.fact_ids) <= KNOWN
    assert "\x00" not in answer.title + answer.body
    assert len(answer.title) <= 300
