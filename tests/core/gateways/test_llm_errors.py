"""What an error says, from its words and codes; the statuses over the wire are in test_llm."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gateways.llm_errors import error_inside, kind_of, status_of

KINDS = {"key", "no_credit", "rate", "no_model", "wrong_address", "refused", "request", "trouble"}
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["error", "code", "message", "detail", "type", "errors", "choices"]), inner),
    ),
    max_leaves=10,
)


@given(JSON, st.one_of(st.none(), st.integers(300, 599)))
def test_any_answer_is_read_without_falling_over(body: Any, status: int | None) -> None:
    error = error_inside(body)
    assert kind_of(status, error, model="openai/x", own_address=True) in KINDS
    found = status_of(error)
    assert found is None or 300 <= found <= 599


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [{"message": {"content": "x"}}]},
        {"choices": [{"message": {"content": "x"}}], "error": None},
        {"choices": [{"message": {"content": "x"}}], "error": {}},
        {"choices": [{"message": {"content": "x"}}], "error": {"code": None, "message": ""}},
        {"message": {"role": "assistant", "content": "x"}},
        {"content": [{"text": "x"}], "type": "message"},
        [],
        "text",
        None,
    ],
)
def test_an_answer_is_no_error(body: Any) -> None:
    assert error_inside(body) is None


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        (None, "You exceeded the rate limit", "rate"),
        (None, {"type": "rate_limit_error"}, "rate"),
        (None, {"message": {"error": {"type": "insufficient_quota"}}}, "no_credit"),
        (403, "Key limit exceeded (monthly limit)", "no_credit"),
        (400, "Budget has been exceeded! Current cost: 3", "no_credit"),
        (500, "add credits", "trouble"),
        (None, "Incorrect API key provided", "key"),
        (None, "permission_denied", "key"),
        (400, "This model's maximum context length is 8192 tokens", "request"),
        (400, "response_format is not supported by this model", "request"),
        (422, "try another model", "request"),
        (404, "openai/x", "no_model"),
        (404, "404: Not Found", "wrong_address"),
        (307, "", "wrong_address"),
        (None, [{"code": "model_not_found"}], "no_model"),
        (None, "The server is overloaded", "trouble"),
        (None, "invalid_request_error", "request"),
        (451, "", "request"),
    ],
)
def test_a_kind_is_told_by_status_and_words(status: int | None, told: Any, kind: str) -> None:
    assert kind_of(status, told, model="openai/x", own_address=True) == kind


def test_a_providers_own_address_is_not_blamed_for_a_missing_model() -> None:
    assert kind_of(404, '{"message": "Not Found"}', model="openai/x", own_address=False) == "no_model"
    assert kind_of(404, "<html>", model="openai/x", own_address=False) == "wrong_address"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"code": "429"}, 429),
        ({"code": 429.0}, 429),
        ({"error": {"status": 503}}, 503),
        ([{"code": 401}], 401),
        ({"code": "rate_limited"}, None),
        ({"code": 7}, None),
        ({"code": True}, None),
        ("429", None),
    ],
)
def test_a_status_is_read_from_codes(error: Any, status: int | None) -> None:
    assert status_of(error) == status
