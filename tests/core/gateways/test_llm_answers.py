from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gateways.llm_answers import Written, read_written

SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "body": {"type": "string"}},
    "required": ["title", "body"],
    "additionalProperties": False,
}
SENTENCES = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "facts": {"type": "array", "items": {"type": "integer"}},
                    "sure": {"type": "boolean"},
                    "kind": {"enum": ["claim", "question"]},
                },
                "required": ["text", "facts"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
PLAIN = '{"title": "A title", "body": "It\'s a body."}'
ANSWER = json.loads(PLAIN)


@pytest.mark.parametrize(
    "written",
    [
        PLAIN,
        f"\ufeff{PLAIN}",
        f"Here is the post you asked for:\n\n{PLAIN}\n\nLet me know if [anything] should change {{soon}}.",
        f"```json\n{PLAIN}\n```",
        f"```JSON5\n{PLAIN}\n```\nDone.",
        f"~~~\n{PLAIN}\n~~~",
        f"<think>First {{'title': 'x'}} then</think>{PLAIN}",
        f"I should write {{...}}.</think>\n{PLAIN}",
        f"<Reasoning>a</Reasoning>\n{PLAIN}",
        '{"title": "A title", "body": "It\'s a body.",}',
        '{"title": "A title", "body": "It\'s a body.",\n\n}',
        """{'title': 'A title', 'body': "It's a body."}""",
        f"[{PLAIN}]",
        f'{{"answer": {PLAIN}}}',
        f'{{"answer": {json.dumps(PLAIN)}}}',
        f"[[{PLAIN}]]",
        '{"Title": "A title", "BODY ": "It\'s a body.", "notes": "I kept it short."}',
        f'{{"title": "first try", "body": "x"}}\nOn reflection:\n{PLAIN}',
    ],
)
def test_an_answer_is_read_whatever_form_stands_around_it(written: str) -> None:
    assert read_written(written, SCHEMA) == Written(ANSWER)


def test_line_breaks_and_commas_inside_a_text_stay_as_they_were_written() -> None:
    written = '{"title": "Lists, ] and }", "body": "one,\n] two ,}\n",}'
    assert read_written(written, SCHEMA).content == {"title": "Lists, ] and }", "body": "one,\n] two ,}\n"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"text": "A.", "facts": ["1", " 2 ", "#3", "[4]"]}, {"text": "A.", "facts": [1, 2, 3, 4]}),
        ({"text": "A.", "facts": "7"}, {"text": "A.", "facts": [7]}),
        ({"text": "A.", "facts": 7.0}, {"text": "A.", "facts": [7.0]}),
        ({"text": "A.", "facts": None}, {"text": "A.", "facts": []}),
        ({"text": 12, "facts": []}, {"text": "12", "facts": []}),
        ({"text": "A.", "facts": [], "sure": "True"}, {"text": "A.", "facts": [], "sure": True}),
        ({"text": "A.", "facts": [], "kind": " Claim"}, {"text": "A.", "facts": [], "kind": "claim"}),
    ],
)
def test_ids_numbers_flags_and_choices_written_as_texts_are_what_they_mean(written: Any, read: Any) -> None:
    assert read_written(json.dumps({"sentences": [written]}), SENTENCES).content == {"sentences": [read]}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Sure! Here is your post.",
        '{"title": "only a title"}',
        '{"title": 1, "body": []}',
        '{"title": "cut", "body": "in the midd',
        "{'title': 'It's unclear', 'body': 'where this ends'}",
        "[" * 5000,
        "{" * 5000,
        '{"title": null, "body": "x"}',
        f"[{PLAIN}, {PLAIN}",
        "[1, 2]",
        "I'm sorry this is late: the post follows in another message.",
        "I can't wait to see it live. Post below.",
    ],
)
def test_what_has_no_single_meaning_is_no_answer_and_no_refusal(written: str) -> None:
    read = read_written(written, SCHEMA)
    assert (read.content, read.is_refusal) == ((ANSWER, False) if written.startswith("[{") else (None, False))


@pytest.mark.parametrize(
    "written",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, but I can’t assist with this request.",
        "Unfortunately I cannot write this post, because it would be promotion.",
        "As an AI language model, I am not able to fulfill this.",
        "I must decline.",
        "I won't create content that hides an affiliation.",
        "I am unable to provide a draft for this community.",
        "Es tut mir leid, dabei kann ich nicht helfen.",
        "Lo siento, no puedo ayudar con eso.",
        "<think>is this fine? no</think>I cannot comply with this.",
        '{"error": "I cannot help with that request."}',
        '{"title": "Sorry", "body": "I\'m sorry, but I can\'t help with that."}',
        '```json\n{"refusal": "I won\'t write this."}\n```',
    ],
)
def test_an_apology_in_words_is_a_refusal(written: str) -> None:
    assert read_written(written, SCHEMA) == Written(is_refusal=True)


@pytest.mark.parametrize(
    "body",
    [
        "I can't help noticing how late clients pay. " + "We kept a list for a year and learned a few things. " * 20,
        "I'm sorry for the long post. What do you do about late clients?",
        "We shipped it. Nobody came. I could not write a better launch post then. " + "Here is what changed. " * 40,
        "I won't lie: the first month was bad.",
    ],
)
def test_a_text_that_only_speaks_of_what_somebody_cannot_do_is_an_answer(body: str) -> None:
    assert read_written(json.dumps({"title": "T", "body": body}), SCHEMA).content == {"title": "T", "body": body}


@given(
    st.text(max_size=200), st.text(max_size=200), st.text(alphabet="abc ,.:!?\n", max_size=40), st.sampled_from("`~ ")
)
def test_whatever_an_answer_says_it_is_read_as_it_was_written(title: str, body: str, around: str, fence: str) -> None:
    content = {"title": f"T {title}", "body": f"B {body}"}
    written = f"{around}\n{fence * 3}json\n{json.dumps(content)}\n{fence * 3}\n{around}"
    read = read_written(written, SCHEMA)
    assert read.is_refusal or read.content == content or "think" in written.lower()


@given(st.text(alphabet="{}[]\"':,\\ a1\n", max_size=300))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    content = read_written(text, SCHEMA).content
    assert content is None or set(content) == {"title", "body"}
