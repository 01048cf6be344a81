"""What the process that always runs never loads: its children have it, or nothing has until it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.patience import PATIENCE_S

pytestmark = pytest.mark.process

PROGRAM = """
import sys
import bot.main, bot.cli, bot.discord_app.client, bot.slack_app.client, bot.terminal_app.client
import bot.commands.collect, bot.commands.community
import core.analysis.service, core.collecting.service, core.drafting.service, core.drafting.writers
import core.gateways.apify, core.gateways.llm, core.gateways.reddit, core.gateways.web
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """The modules after everything that `run` imports, with both chat platforms."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    return frozenset(told.stdout.split())


def test_what_it_runs_is_loaded(loaded: frozenset[str]) -> None:
    assert {"bot.main", "sqlalchemy", "core.gateways.llm", "core.texts.claims"} <= loaded


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"spacy", "numpy", "core.analysis.nlp"}, id="the reader of posts"),
        pytest.param({"sklearn", "scipy", "core.analysis.learning"}, id="the learner"),
        pytest.param({"matplotlib", "PIL", "core.charts.drawing"}, id="the drawer"),
        pytest.param({"litellm", "core.gateways.llm_worker"}, id="the model's client"),
        pytest.param({"onnxruntime", "tokenizers"}, id="the model that infers, until a draft is checked"),
        pytest.param({"praw", "prawcore", "apify_client", "impit", "requests"}, id="clients, until they are called"),
        pytest.param({"alembic"}, id="what migrates"),
    ],
)
def test_it_does_not_load(loaded: frozenset[str], names: set[str]) -> None:
    assert names & loaded == set()
