"""The real reader, in its process: one process for all tests of this module."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from core.texts.features import counted_in
from tests.core.texts.feature_examples import EXAMPLES, text

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


def test_titles_and_texts_are_measured_as_a_person_would(reader: Process) -> None:
    found = features(
        reader, "How did I fire 40 bowls?", "I fired it. We waited for my friends! Did it crack? Nobody knows."
    )
    assert (found["title_chars"], found["title_words"]) == (24, 6)
    assert (found["words"], found["sentences"], found["words_per_sentence"]) == (13, 4, 3.25)


def test_what_an_author_added_later_does_not_count(reader: Process) -> None:
    [cut, first] = reader.read(
        [("Kiln", "It was hot.\n\nEDIT: thanks for 3 answers! http://example.com"), ("Kiln", "It was hot.")]
    )["features"]
    assert cut == first
    assert (first["words"], first["found"]) == (3, [])


def test_paragraphs_are_counted_and_code_and_quoted_lines_are_not_the_authors_prose(reader: Process) -> None:
    found = features(reader, body="They said:\n\n> I we my 7.\n\n```\nI = my + 8\n```\n\n    our 9 lines\n\nDone")
    assert (found["paragraphs"], found["sentences"]) == (5, 1)
    assert not {"first_person", "number"} & set(found["found"])


def test_the_reader_finds_in_every_example_what_drafts_are_checked_for(reader: Process) -> None:
    read = [text(example) for having, lacking in EXAMPLES.values() for example in (*having, *lacking)]
    told = reader.read([(one.title, one.body) for one in read])["features"]
    for one, of_reader in zip(read, told, strict=True):
        assert set(of_reader["found"]) == counted_in(one), one


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
