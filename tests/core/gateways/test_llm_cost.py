"""What a completion cost, from whatever a provider reports. Prices here are $1 and $2 for a token."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gateways.llm_cost import Reported, cost_of, number, read_reported

MAPPED = (1.0, 2.0)
PAIRS = [
    ("prompt_tokens", "completion_tokens"),
    ("input_tokens", "output_tokens"),
    ("promptTokens", "completionTokens"),
    ("inputTokens", "outputTokens"),
    ("promptTokenCount", "candidatesTokenCount"),
    ("prompt_eval_count", "eval_count"),
    ("tokens_evaluated", "tokens_predicted"),
]
NAMES = [
    *sorted({name for pair in PAIRS for name in pair}),
    "total_tokens",
    "reasoning_tokens",
    "cached_tokens",
    "cost",
    "total_cost",
    "estimated_cost",
    "is_byok",
    "upstream_inference_cost",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=5),
    st.integers(-5, 500).map(str),
    st.floats(-1, 1).map(str),
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(NAMES), st.sampled_from(["usage", "cost_details", "usageMetadata", "meta"])),
            inner,
            max_size=6,
        ),
    ),
    max_leaves=12,
)


def booked(body: Any, **how: Any) -> float | None:
    return cost_of(read_reported(body), stated=how.get("stated"), mapped=how.get("mapped", MAPPED))[0]


@given(ANY_JSON, st.sampled_from([None, MAPPED]), st.one_of(st.none(), st.floats()))
def test_whatever_is_reported_a_completion_is_never_free(
    body: Any, mapped: tuple[float, float] | None, reckoned: float | None
) -> None:
    cost, basis = cost_of(read_reported({"usage": body}), stated=None, mapped=mapped, reckoned_usd=reckoned)
    assert cost is None or cost > 0
    assert (cost is None) is (basis == "unknown")


@given(ANY_JSON)
def test_a_price_of_nothing_in_the_settings_is_the_only_thing_that_makes_it_free(body: Any) -> None:
    assert cost_of(read_reported(body), stated=(0.0, 0.0), mapped=MAPPED) == (0.0, "settings")


@pytest.mark.parametrize("odd", [10_001.0, 1e30, 10**400, "1e300"])
def test_a_cost_that_no_call_can_have_is_unknown_and_not_booked(odd: object) -> None:
    tokens = {"prompt_tokens": 10, "completion_tokens": 5}
    assert booked({"usage": {"cost": odd, "cost_details": {"upstream_inference_cost": odd}}}) is None
    assert booked({"usage": {"cost": odd, **tokens}}) == 20.0
    assert booked({"usage": {**tokens, "completion_tokens": 10**9 + 1}}) is None
    assert cost_of(read_reported({}, {"x-litellm-response-cost": str(odd)}), stated=None, mapped=None)[0] is None
    assert booked({"usage": {"cost": 10_000}}) == 10_000


@given(
    st.sampled_from(PAIRS),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.booleans(),
    st.dictionaries(st.sampled_from(["prompt_tokens", "completion_tokens", "input_tokens"]), st.just(0)),
    st.sampled_from(["usage", "usageMetadata", None]),
)
def test_tokens_count_under_any_of_their_names_as_numbers_or_texts(
    names: tuple[str, str], prompt: int, answer: int, as_text: bool, zeros: dict[str, int], inside: str | None
) -> None:
    counts = {**zeros, names[0]: str(prompt) if as_text else prompt, names[1]: str(answer) if as_text else answer}
    assert booked({inside: counts} if inside else counts) == prompt * 1.0 + answer * 2.0


@given(st.floats(1e-9, 100), st.floats(0, 100), st.sampled_from([True, False, None]), st.integers(1, 500))
def test_no_plausible_reading_of_the_money_is_more_than_what_is_booked(
    upstream: float, fee: float, byok: bool | None, tokens: int
) -> None:
    usage: dict[str, Any] = {"cost": fee, "cost_details": {"upstream_inference_cost": upstream}}
    if byok is not None:
        usage["is_byok"] = byok
    cost = booked({"usage": {**usage, "prompt_tokens": tokens, "completion_tokens": tokens}})
    assert cost is not None
    assert cost >= max(upstream, fee)
    assert byok is False or cost == pytest.approx(upstream + fee)


@pytest.mark.parametrize(
    ("usage", "answer_tokens"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 5}, 5),
        ({"prompt_tokens": 10, "completion_tokens": 50, "total_tokens": 60, "reasoning_tokens": 40}, 50),
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 55, "reasoning_tokens": 40}, 45),
        ({"prompt_tokens": 10, "completion_tokens": 50, "completion_tokens_details": {"reasoning_tokens": 40}}, 90),
        ({"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 40, "totalTokenCount": 55}, 45),
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 3}, 5),
        ({"prompt_tokens": 10, "completion_tokens": 0, "total_tokens": 60}, None),
        ({"prompt_tokens": 10, "total_tokens": 60}, None),
    ],
)
def test_thinking_is_paid_for_where_it_is_counted_beside_the_answer(
    usage: dict[str, Any], answer_tokens: int | None
) -> None:
    assert read_reported({"usage": usage}).answer_tokens == answer_tokens


def test_what_a_cache_took_from_the_prompt_is_part_of_it() -> None:
    usage = {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 7}
    assert read_reported({"usage": usage}).prompt_tokens == 107
    usage = {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 90}}  # type: ignore[dict-item]
    told = read_reported({"usage": usage})
    assert (told.prompt_tokens, told.cached_tokens) == (100, 90)
    assert cost_of(told, stated=None, mapped=MAPPED, reckoned_usd=20.0)[0] == 20.0, "a discount that was told holds"
    assert cost_of(Reported(100, 5, 900), stated=None, mapped=MAPPED, reckoned_usd=20.0)[0] == 110.0, (
        "one that cannot be so not"
    )
    assert cost_of(Reported(100, 5), stated=None, mapped=MAPPED, reckoned_usd=20.0)[0] == 110.0
    assert cost_of(Reported(100, 5), stated=None, mapped=MAPPED, reckoned_usd=200.0)[0] == 200.0, "a surcharge holds"


@pytest.mark.parametrize(
    ("body", "cost"),
    [
        ({"usage": {"cost": "$1.50"}}, 1.5),
        ({"usage": {"cost": {"input_cost": 0.5, "output_cost": 0.25}}}, 0.75),
        ({"usage": {"cost": {"total": 2, "input": 0.5}}}, 2.0),
        ({"usage": {"estimated_cost": 0.5}}, 0.5),
        ({"cost": 0.5}, 0.5),
        (
            {
                "usage": {
                    "cost_details": {"upstream_inference_prompt_cost": 1, "upstream_inference_completions_cost": 2}
                }
            },
            3.0,
        ),
        ({"usage": {"cost": 1, "currency": "usd"}}, 1.0),
        ({"usage": {"cost": 1, "currency": "CNY"}}, None),
        ({"usage": {"cost": {"total": 1, "currency": "EUR"}}}, None),
        ({"usage": {"cost": "€1"}}, None),
        ({"usage": {"cost": True}}, None),
        ({"usage": {"cost": 10**400}}, None),
        ({"usage": {"cost": float("inf")}}, None),
        ({"usage": {"cost": 0.01, "is_byok": True}}, None),
    ],
)
def test_money_is_read_from_numbers_texts_and_objects_in_dollars_only(body: Any, cost: float | None) -> None:
    assert booked(body) == cost


def test_a_proxys_header_tells_a_cost_too() -> None:
    told = read_reported({"usage": {}}, {"x-litellm-response-cost": "0.25"})
    assert told.cost_usd == 0.25


def test_a_stated_price_is_not_undercut_by_a_report_nor_the_report_by_it() -> None:
    stated = (3.0, 3.0)
    assert cost_of(Reported(10, 10, cost_usd=1.0), stated=stated, mapped=MAPPED) == (60.0, "settings")
    assert cost_of(Reported(10, 10, cost_usd=90.0), stated=stated, mapped=MAPPED) == (90.0, "provider")
    assert cost_of(Reported(10, None), stated=stated, mapped=MAPPED) == (None, "unknown")
    assert cost_of(Reported(10, 10, cost_usd=0.5, fee_only=True), stated=None, mapped=MAPPED) == (30.5, "price_map")


@pytest.mark.parametrize(("value", "read"), [("1,200", 1200.0), (" 7 ", 7.0), ("-7", None), ("seven", None), (0, None)])
def test_a_number_is_more_than_nothing_or_none(value: Any, read: float | None) -> None:
    assert number(value) == read
