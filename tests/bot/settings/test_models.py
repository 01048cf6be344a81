"""The settings of language models: addresses, keys, prices, and which provider gets which."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.settings import load_settings
from bot.settings.groups import Models
from tests.bot.settings.refused import everything_said, refusal


def models_of(environ: dict[str, str]) -> Models:
    models = load_settings(environ, None).models
    assert models is not None
    return models


def test_the_address_of_one_request_is_refused_as_the_models_address() -> None:
    given = {"BCRAO_LLM_DRAFT_MODEL": "openai/local", "BCRAO_LLM_API_BASE": "http://127.0.0.1:9/v1/chat/completions"}
    assert "BCRAO_LLM_API_BASE is the address of one kind of request" in refusal(given).what


@pytest.mark.parametrize(
    ("model", "base", "may_lack"),
    [
        ("openai/local", "http://127.0.0.1:9", True),
        ("local", "http://127.0.0.1:9/", True),
        ("hosted_vllm/local", "http://127.0.0.1:9", True),
        ("openai/local", "http://127.0.0.1:9/v1", False),
        ("openai/local", "https://api.example.com/openai/v1", False),
        ("ollama/local", "http://127.0.0.1:11434", False),
        ("perplexity/sonar", "https://api.perplexity.ai", False),
    ],
)
def test_a_models_address_that_may_lack_v1_is_known(model: str, base: str, may_lack: bool) -> None:
    models = load_settings({"BCRAO_LLM_DRAFT_MODEL": model, "BCRAO_LLM_API_BASE": base}, None).models
    assert models is not None
    assert models.draft.address_may_lack_v1 is may_lack


def test_prices_of_models_are_read_in_dollars_per_million_tokens() -> None:
    model = {"BCRAO_LLM_DRAFT_MODEL": "openai/x", "BCRAO_LLM_API_KEY": "k"}
    given = models_of({**model, "BCRAO_LLM_PRICES": "ollama_chat/llama3:8b=0, openai/x = $0.15/0.60"})
    assert given.prices == {"ollama_chat/llama3:8b": (0.0, 0.0), "openai/x": (1.5e-7, 6e-7)}
    assert models_of(model).prices == {}
    for wrong in ("openai/x", "openai/x=free", "openai/x=-1", "=3", "openai/x=1/2/3", "a b=1"):
        assert "BCRAO_LLM_PRICES" in everything_said(refusal({**model, "BCRAO_LLM_PRICES": wrong}))


def test_a_key_of_one_provider_never_goes_to_the_address_of_another() -> None:
    given = {
        "BCRAO_LLM_DRAFT_MODEL": "openai/x",
        "BCRAO_LLM_API_BASE": "http://127.0.0.1:9/v1",
        "BCRAO_LLM_API_KEY": "shared",
        "BCRAO_LLM_CLASSIFY_MODEL": "anthropic/y",
        "BCRAO_LLM_CLASSIFY_API_KEY": "own",
        "BCRAO_LLM_FALLBACK_MODELS": "openai/z",
        "BCRAO_LLM_FALLBACK_API_BASE": "http://127.0.0.1:8/v1",
    }
    models = models_of(given)
    assert models.access("draft") == ("http://127.0.0.1:9/v1", SecretStr("shared"))
    assert models.access("classify") == (None, SecretStr("own"))
    assert models.access("fallback") == ("http://127.0.0.1:8/v1", None)
    del given["BCRAO_LLM_FALLBACK_API_BASE"]
    assert models_of(given).access("fallback") == models.access("draft")
    for task, needed in (("CLASSIFY", "BCRAO_LLM_CLASSIFY_MODEL"), ("FALLBACK", "BCRAO_LLM_FALLBACK_MODELS")):
        for half in ("API_BASE", "API_KEY"):
            alone = {"BCRAO_LLM_DRAFT_MODEL": "openai/x", "BCRAO_LLM_API_KEY": "k"}
            said = everything_said(refusal({**alone, f"BCRAO_LLM_{task}_{half}": "http://127.0.0.1:7/v1"}))
            assert f"BCRAO_LLM_{task}_{half} is set, but {needed} is missing" in said


def test_each_further_provider_has_its_own_models_address_key_and_prices() -> None:
    given = {
        "BCRAO_LLM_DRAFT_MODEL": "openai/x",
        "BCRAO_LLM_API_KEY": "shared",
        "BCRAO_LLM_PRICES": "openai/x=3,openai/y=1",
        "BCRAO_LLM_FALLBACK_MODELS": "openai/y",
        "BCRAO_LLM_FALLBACK_API_KEY": "second",
        "BCRAO_LLM_FALLBACK_2_MODELS": "openai/x, openai/y",
        "BCRAO_LLM_FALLBACK_2_API_BASE": "http://127.0.0.1:8/v1",
        "BCRAO_LLM_FALLBACK_2_PRICES": "openai/x=0",
    }
    models = models_of(given)
    assert [(task, group.models) for task, group in models.fallbacks.items()] == [
        ("fallback", ("openai/y",)),
        ("fallback_2", ("openai/x", "openai/y")),
    ]
    assert models.access("fallback") == (None, SecretStr("second"))
    assert models.access("fallback_2") == ("http://127.0.0.1:8/v1", None)
    assert models.prices_for("draft")["openai/x"] == models.prices_for("fallback")["openai/x"] == (3e-6, 3e-6)
    assert models.prices_for("fallback_2") == {"openai/x": (0.0, 0.0), "openai/y": (1e-6, 1e-6)}
    alone = {"BCRAO_LLM_DRAFT_MODEL": "openai/x", "BCRAO_LLM_API_KEY": "k", "BCRAO_LLM_FALLBACK_3_API_KEY": "k"}
    said = everything_said(refusal(alone))
    assert "BCRAO_LLM_FALLBACK_3_API_KEY is set, but BCRAO_LLM_FALLBACK_3_MODELS is missing" in said
