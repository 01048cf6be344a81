"""Imports of real exports, where the folder with them is there; it is no part of the project."""

from __future__ import annotations

import csv
import statistics
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.analysis.service import Communities
from core.collecting.runs import RunStatus
from core.collecting.service import Collecting
from core.model import Caller
from core.texts.edits import without_edits
from core.texts.figures import Figures
from core.worker import Worker
from storage.store import Store
from tests.clock import FixedClock

SAMPLE = Path(__file__).resolve().parents[4] / "shared" / "reddit-sample"
FILES = [path for name in ("startups", "Entrepreneur") if (path := SAMPLE / f"{name}.csv").exists()]

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not FILES, reason="../shared/reddit-sample is not there: real exports are not shipped"),
]


async def no_report(text: str, done: int | None = None, total: int | None = None) -> None:
    pass


async def campaign(store: Store, caller: Caller, clock: FixedClock) -> None:
    names = [path.stem.lower() for path in FILES]
    await store.create_campaign(
        caller, name="Real", product="p", url=None, keywords=["a"], communities=names, now=clock.now()
    )


async def test_two_thousand_real_posts_are_stored_once_and_their_figures_agree_with_the_files(
    store: Store, caller: Caller, clock: FixedClock
) -> None:
    await campaign(store, caller, clock)
    worker, learner = Worker("core.analysis.nlp"), Worker("core.analysis.learner")
    communities = Communities(store, clock, worker, learner)
    collecting = Collecting(store, clock, {}, communities)
    run = await collecting.import_files(caller, "Real", FILES, report=no_report)
    assert run.status is RunStatus.SUCCEEDED
    assert run.funnel.kept > 1_900
    assert run.funnel.found == run.funnel.duplicate + sum(run.funnel.filtered.values()) + run.funnel.kept
    again = await collecting.import_files(caller, "Real", FILES, report=no_report)
    assert (again.funnel.kept, again.funnel.duplicate) == (0, run.funnel.kept)
    for path in FILES:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                line
                for line in csv.DictReader(file)
                if line["over_18"] == "False" and line["distinguished"] not in ("moderator", "admin")
            ]
        figures = Figures.read((await communities.profile(caller.workspace_id, path.stem.lower())).figures)
        texts = [line["selftext"] for line in rows if line["is_self"] == "True" and line["selftext"].strip()]
        hosts = [urlsplit(line["url"]).hostname or "" for line in rows if line["is_self"] == "False"]
        assert figures.posts == len(rows)
        assert figures.score.known + figures.score.unsettled == figures.comments.known + figures.comments.unsettled
        assert figures.score.known + figures.score.unsettled == len(rows)
        assert figures.self_posts.count == sum(line["is_self"] == "True" for line in rows)
        assert figures.shares["title_question"].count == sum("?" in line["title"] for line in rows)
        assert figures.body_words.median == statistics.median(len(without_edits(text).split()) for text in texts)
        assert figures.domains[0].count == hosts.count("youtube.com") + hosts.count("www.youtube.com")
        assert figures.removals.share is None, "these files do not show removals"
    await worker.close()
    await learner.close()
