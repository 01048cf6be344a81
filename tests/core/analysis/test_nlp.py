"""The real reader, in its process: one process for all tests of this module."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.process


class Process:
    """The reader as the parent's side of core/worker.py speaks to it: a line a call."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.analysis.nlp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def read(self, texts: Sequence[tuple[str, str]]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"id": 1, "function": "read", "argument": {"texts": texts}}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer["result"]

    def close(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture(scope="module")
def reader() -> Iterator[Process]:
    process = Process()
    yield process
    process.close()


def features(reader: Process, title: str = "A kiln", body: str = "") -> dict[str, Any]:
    [found] = reader.read([(title, body)])["features"]
    assert isinstance(found, dict)
    return found


def test_titles_are_counted_as_a_person_would(reader: Process) -> None:
    found = features(reader, "How did I fire 40 bowls?")
    assert (found["title_chars"], found["title_words"]) == (24, 6)
    assert (found["title_question"], found["title_number"], found["title_first_person"]) == (True, True, True)
    assert not features(reader, "Pottery in the US")["title_first_person"], "that is a country"
    assert features(reader, "Tell us")["title_first_person"]


def test_sentences_questions_and_first_person_words_are_counted(reader: Process) -> None:
    found = features(reader, body="I fired it. We waited for my friends! Did it crack? Nobody knows.")
    assert (found["words"], found["sentences"], found["questions"], found["first_person"]) == (13, 4, 1, 3)
    assert found["words_per_sentence"] == 3.25


@pytest.mark.parametrize(
    ("body", "count"),
    [("we made $5k", 1), ("5,000 € a year", 1), ("20% and 300 users in 3 months", 3), ("5k users", 1), ("bowl 7", 0)],
)
def test_amounts_are_found(reader: Process, body: str, count: int) -> None:
    assert features(reader, body=body)["measures"] == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("see [my kiln](https://example.com/a) and https://example.com/b", 2),
        ("[here](/r/pottery)", 1),
        ("[https://example.com](https://example.com)", 1),
        ("www.example.com", 1),
        ("no link [at all]", 0),
    ],
)
def test_links_are_counted_once_each(reader: Process, body: str, count: int) -> None:
    assert features(reader, body=body)["links"] == count


def test_layout_is_seen(reader: Process) -> None:
    found = features(reader, body="# Kilns\n\n* one\n* two\n1. three\n\n**TL;DR** hot")
    assert (found["list_items"], found["paragraphs"], found["formatting"], found["summary"]) == (3, 3, True, True)
    assert not features(reader, body="plain words only")["formatting"]


def test_code_and_quoted_lines_are_not_the_authors_prose(reader: Process) -> None:
    found = features(reader, body="They said:\n\n> I we my 7\n\n```\nI = my + 8\n```\n\n    our 9 lines\n\nDone")
    assert (found["first_person"], found["numbers"], found["code"]) == (0, 0, True)


def test_phrases_of_advertising_are_found_whatever_their_case(reader: Process) -> None:
    assert features(reader, "Introducing Bowls", "SIGN UP for a free trial, 20% off")["promotion"] == 4
    assert features(reader, "Bowls", "I was on trial and signed it")["promotion"] == 0


def test_plain_english_reads_more_easily_than_officialese(reader: Process) -> None:
    plain = features(
        reader, body="The kiln was hot. We ran out to get some ice. It did not help us much at all. We sat down."
    )
    heavy = features(
        reader,
        body="Notwithstanding considerable organisational heterogeneity, institutional stakeholders unanimously "
        "communicated dissatisfaction regarding insufficiently documented administrative responsibilities, "
        "necessitating comprehensive interdepartmental reconsideration immediately thereafter.",
    )
    assert plain["reading_ease"] > 90
    assert heavy["reading_ease"] < 0
    assert features(reader, body="Too short.")["reading_ease"] is None


def test_odd_texts_are_read(reader: Process) -> None:
    texts = [("", ""), ("🏺", "​\u200b\n\n"), ("x" * 300, "[" * 5_000), (" ", "**" * 3_000), ("a", "\n " * 9_000)]
    found = reader.read(texts)
    assert len(found["features"]) == len(texts)
    assert found["features"][0]["sentences"] == 0


@pytest.mark.parametrize(
    "hostile", ["[", "(", "[(", "a(", "```", "[](http://", "> ", "1.", "__a", "\n\t\n\t", "x", "'s"]
)
def test_a_hostile_text_is_read_beside_the_others(reader: Process, hostile: str) -> None:
    texts = [("A title", "A plain text."), ("A title", (hostile * 40_000)[:40_000]), ("A title", "A plain text.")]
    first, _, last = reader.read(texts)["features"]  # `make bench only=hostile` says how long it takes
    assert first == last == reader.read(texts[:1])["features"][0]


def test_it_says_which_pipeline_it_used(reader: Process) -> None:
    assert reader.read([])["pipeline"] in ("blank:en", "en_core_web_sm", "en_core_web_md")


def test_an_installed_english_model_is_used(tmp_path: Path) -> None:
    """A stand-in with the name of a trained model, as the package index does not offer the real ones."""
    package = tmp_path / "en_core_web_sm"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import spacy\ndef load(**overrides):\n    return spacy.blank('en')\n",
        encoding="utf-8",
    )
    record = tmp_path / "en_core_web_sm-3.8.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: en_core_web_sm\nVersion: 3.8.0\n", encoding="utf-8")
    root = Path(__file__).resolve().parents[3]
    process = Process({"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{tmp_path}:{root}"})
    answer = process.read([("A kiln", "It was hot. It broke.")])
    process.close()
    assert answer["pipeline"] == "en_core_web_sm"
    assert answer["features"][0]["sentences"] == 2


def test_spacy_is_never_imported_by_the_resident_process() -> None:
    code = (
        "import sys, core.analysis.service, core.collecting.service, bot.commands.collect, bot.commands.community;"
        "print([name for name in ('spacy', 'numpy', 'core.analysis.nlp') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
