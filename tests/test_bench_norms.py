"""`python -m bench norms` judges anybody's file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from bench import norms
from tests.core.analysis.communities import by_kiln, examples


def _file(path: Path, count: int) -> Path:
    rows = [
        {
            "id": f"1a{number:04d}",
            "subreddit": "pottery",
            "title": one.title,
            "selftext": one.body,
            "score": one.score,
            "created_utc": one.at,
            "is_self": True,
        }
        for number, one in enumerate(examples(count, by_kiln))
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_every_text_post_of_a_file_gets_a_score_from_a_model_that_has_not_seen_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = tmp_path / "scores.csv"
    assert norms.main(["--scores", str(scores), str(_file(tmp_path / "posts.jsonl", 160))]) == 0
    with scores.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["community", "id", "score"]
    assert {row["id"] for row in rows} == {f"1a{number:04d}" for number in range(160)}
    assert {row["community"] for row in rows} == {"pottery"}
    assert all(0 < float(row["score"]) < 1 for row in rows)
    printed = capsys.readouterr().out
    assert "pottery            160  " in printed
    assert "calibration error: 0." in printed


def test_a_file_with_too_few_posts_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert norms.main([str(_file(tmp_path / "posts.jsonl", 12))]) == 2
    assert "12 text posts with a score, passed over" in capsys.readouterr().err
    assert norms.main([str(tmp_path / "nothing.csv")]) == 2


def test_the_calibration_error_is_the_distance_between_said_and_right() -> None:
    posts = examples(100, by_kiln)
    is_above = np.array([at % 4 != 0 for at in range(100)])  # 75 of 100 are above
    said = np.full(100, np.log(0.65 / 0.35))
    judged = norms.Judged("pottery", posts, is_above, said, said, said, None, 0)
    assert norms.calibration_error([judged]) == pytest.approx(0.1)
