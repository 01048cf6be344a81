"""The table of `make bench` is printed whatever happens to one of its measurements."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import bench.__main__ as bench
from bench import judgement
from bench.figure import Figure
from bench.judge.kinds import answers, codes_of
from bench.needless import channel_of
from bench.scoring import Score

NOTHING = Score(
    rule="this program",
    rate=0.0,
    failed=0.0,
    alarms=0,
    false=0,
    disappearances=0,
    confirmed=0,
    missed=0,
    wrong_causes=0,
    told=0,
    median_min=0.0,
    p95_min=0.0,
    p95_lit_min=0.0,
    news_missed=0,
    repeated=0,
    a_event=1.0,
    examples=(),
    channels=(channel_of([], good_news=True), channel_of([], good_news=False)),
)


def _broken(folder: Path) -> Sequence[Figure]:
    raise RuntimeError("no room left on this machine")


def _figure(name: str, measured: float) -> bench.Measure:
    return lambda folder: [Figure(name, measured, 5, "s", "three runs")]


@pytest.mark.parametrize(("slow_s", "status"), [(4.0, 1), (6.0, 1)])
def test_one_measurement_that_fails_costs_no_other_its_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], slow_s: float, status: int
) -> None:
    measurements = {"quick": _figure("a quick thing", 1.0), "broken": _broken, "slow": _figure("a slow thing", slow_s)}
    monkeypatch.setattr(bench, "MEASUREMENTS", measurements)
    monkeypatch.setattr(sys, "argv", ["bench"])
    assert bench.main() == status
    printed = capsys.readouterr()
    assert "a quick thing  1 s" in printed.out
    assert f"a slow thing   {slow_s:g} s" in printed.out
    assert "not measured, because it failed: broken" in printed.out
    assert ("missed: a slow thing" in printed.out) is (slow_s > 5)
    assert "no room left on this machine" in printed.err


def test_the_exit_status_is_0_only_when_all_was_measured_and_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench"])
    statuses = []
    for measured_s in (5.0, 5.1):
        monkeypatch.setattr(bench, "MEASUREMENTS", {"one": _figure("a thing", measured_s)})
        statuses.append(bench.main())
    assert statuses == [0, 1]


@pytest.mark.parametrize(("argv", "posts"), [(["judgement"], "30"), (["judgement", "--full"], "1,000")])
def test_the_judgement_watches_few_posts_unless_all_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argv: list[str], posts: str
) -> None:
    def watched(place: Path, posts: int, rate: float) -> tuple[list[Score], str]:
        return [replace(NOTHING, rate=rate)], f"{posts:,} posts at {rate:.0%}"

    monkeypatch.setattr(judgement, "measure_rate", watched)
    monkeypatch.setattr(judgement, "ProcessPoolExecutor", lambda **_: ThreadPoolExecutor())
    monkeypatch.setattr(sys, "argv", ["bench", *argv])
    bench.main()
    printed = capsys.readouterr().out
    assert [f"{posts} posts at {rate}" in printed for rate in ("0%", "10%", "30%")] == [True] * 3
    assert f"{posts} simulated posts" in printed


FACTS = {
    "set": "kite",
    "name": "Kitewire",
    "product": "a phone line",
    "keywords": [],
    "more": 1,
    "facts": [{"kind": "number", "body": "212 farms call it every week"}],
}
CLAIMS = (
    {"id": "a", "facts": "kite", "kind": "number", "label": "invented", "sentence": "900 farms call it every week."},
    {
        "id": "b",
        "facts": "kite",
        "kind": "name",
        "label": "invented",
        "sentence": "Do you call it every week?",
    },
    {"id": "c", "facts": "kite", "kind": "number", "label": "true", "sentence": "212 farms call it every week."},
    {"facts": "kite", "kind": "question", "label": "neutral", "sentence": "How many call you?", "extra": True},
)


def _lines(path: Path, rows: Sequence[object]) -> str:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_a_strangers_claims_are_judged_with_one_line_a_miss_and_the_rates_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, claims = _lines(tmp_path / "facts.jsonl", [FACTS]), _lines(tmp_path / "claims.jsonl", [*CLAIMS, ""])
    monkeypatch.setattr(sys, "argv", ["bench", "judge", "claims", claims, "--facts", facts])
    assert bench.main() == 0
    *misses, last = capsys.readouterr().out.splitlines()
    assert misses == ["b invented (name): Do you call it every week? — not marked"]
    assert json.loads(last) == {
        "invented_marked": 0.5,
        "true_marked": 0.0,
        "neutral_marked": 0.0,
        "by_kind": {"name": 0.0, "number (invented)": 1.0, "number (true)": 0.0, "question": 0.0},
        "sentences": {"invented": 2, "true": 1, "neutral": 1},
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "no JSON"),
        ("[1]", "not an object"),
        ({"facts": "kite", "kind": "x", "label": "true"}, "no field “sentence”"),
        ({"facts": "kite", "kind": "x", "label": "odd", "sentence": "a"}, "not one of invented, true, neutral"),
        ({"facts": "kite", "kind": "x", "label": "true", "sentence": 5}, "“sentence” is neither text nor a list"),
        ({"facts": "ship", "kind": "x", "label": "true", "sentence": "a"}, "no such set of facts"),
    ],
)
def test_a_line_that_cannot_be_judged_is_named_and_no_rate_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], row: object, said: str
) -> None:
    facts, claims = _lines(tmp_path / "facts.jsonl", [FACTS]), _lines(tmp_path / "claims.jsonl", [*CLAIMS, row])
    monkeypatch.setattr(sys, "argv", ["bench", "judge", "claims", claims, "--facts", facts])
    assert bench.main() == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert ("claims.jsonl:5: " in printed.err) is ("ship" not in str(row))
    assert printed.out == ""


def test_a_strangers_rules_are_judged_by_what_they_mean_for_a_topic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"short_name": "No self-promotion", "description": "", "topic": "promotion", "means": "forbid"},
        {"short_name": "Be kind", "description": "", "topic": "Self-promotion", "means": "none"},
        {"short_name": "Be kind", "description": "", "topic": "promotion", "means": "forbid", "more": 1},
    ]
    monkeypatch.setattr(sys, "argv", ["bench", "judge", "rules", _lines(tmp_path / "rules.jsonl", rows)])
    assert bench.main() == 0
    *misses, last = capsys.readouterr().out.splitlines()
    assert misses == ["Be kind (promotion):  — means forbid, read as none"]
    assert json.loads(last) == {"right": 0.6667, "rules": 3}


COMMUNITIES = {
    "communities": {"KiteFarm": {"rules": [["No links", "Links are removed."]], "requirements": {}, "flairs": []}}
}
DRAFTS = (
    {"id": "a", "label": "violation", "kind": "a link", "title": "What we read", "body": "https://a.example/b helped."},
    {"id": "b", "label": "violation", "kind": "poem", "title": "What we read", "body": "https://a.example/b helped."},
    {"id": "c", "label": "violation", "kind": "link", "title": "What we read", "body": "Nothing at all."},
    {"id": "d", "label": "clean", "kind": "story", "title": "What we read", "body": "I read a book."},
    {"id": "e", "label": "clean", "title": "What we read", "body": "I read https://a.example/b.", "own": ["Earlier."]},
)


def _judge_drafts(tmp_path: Path, rows: Sequence[object], communities: object) -> list[str]:
    path = tmp_path / "communities.json"
    path.write_text(json.dumps(communities, indent=1), encoding="utf-8")
    drafts = _lines(tmp_path / "drafts.jsonl", rows)
    facts = _lines(tmp_path / "facts.jsonl", [FACTS])
    return ["bench", "judge", "drafts", drafts, "--communities", str(path), "--facts", facts]


def test_a_strangers_drafts_are_judged_by_what_blocks_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"community": "r/kitefarm", "flair": None, "by_person": True, "weekday": "Monday", **row} for row in DRAFTS]
    monkeypatch.setattr(sys, "argv", _judge_drafts(tmp_path, rows, COMMUNITIES))
    assert bench.main() == 0
    *misses, last = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in misses] == ["b violation (poem)", "c violation (link)", "e clean ()"]
    assert "rule:links: " in misses[0]
    assert misses[1].endswith("not blocked")
    assert json.loads(last) == {
        "violations_blocked": 2,
        "for_what_they_are": 1,
        "clean_blocked": 1,
        "drafts": {"violation": 3, "clean": 2},
        "by_kind": {
            "a link": {"drafts": 1, "blocked": 1, "for_what_they_are": 1},
            "link": {"drafts": 1, "blocked": 0, "for_what_they_are": 0},
            "poem": {"drafts": 1, "blocked": 1, "for_what_they_are": 0},
        },
        "clean_by_kind": {"": {"drafts": 1, "blocked": 1}, "story": {"drafts": 1, "blocked": 0}},
    }


@pytest.mark.parametrize(
    ("changes", "communities", "said"),
    [
        ({"community": "elsewhere"}, COMMUNITIES, "no such community"),
        ({"facts": "ship"}, COMMUNITIES, "names no set of facts"),
        ({}, [1], "not an object"),
        ({}, {"communities": {"kitefarm": 1}}, "no object of communities"),
    ],
)
def test_a_draft_that_cannot_be_judged_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    communities: object,
    said: str,
) -> None:
    monkeypatch.setattr(
        sys, "argv", _judge_drafts(tmp_path, [{"community": "kitefarm", **DRAFTS[0], **changes}], communities)
    )
    assert bench.main() == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kind", "code", "answered"),
    [
        ("no_flair", "requirement:flair_missing", True),
        ("Flair missing", "rule:flair", True),
        ("near-duplicate", "near_duplicate", True),
        ("repost", "near_duplicate", True),
        ("wrong_weekday", "weekday", True),
        ("DM request", "rule:direct_messages", True),
        ("ai_text", "text_empty", False),
        ("flair_missing", "claim", False),
        ("invented_claim", "rule:links", False),
        ("undisclosed", "disclosure", True),
        ("personal data", "personal:phone", True),
        ("wrong_unit", "claim", True),
        ("half true", "claim", True),
        ("customer_words", "claim", True),
        ("wrong_unit", "rule:flair", False),
        ("survey", "weekday:surveys", True),
        ("recruiting", "weekday:surveys", False),
        ("promo_wrong_day", "weekday:promotion", True),
        ("prices in post", "rule:promotion", True),
        ("asks_for_stars", "rule:votes", True),
        ("", "claim", False),
    ],
)
def test_a_kind_in_a_strangers_words_is_answered_by_the_remarks_about_it(kind: str, code: str, answered: bool) -> None:
    assert answers(code, codes_of(kind)) is answered


def test_what_can_be_judged_is_named_when_somebody_asks_for_something_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "judge", "poems"])
    assert bench.main() == 2
    assert "There is: claims, rules, drafts" in capsys.readouterr().err
