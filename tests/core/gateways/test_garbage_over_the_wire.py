"""Any JSON at any field of a post, through the real praw: nothing raises, nothing is concluded from garbage, and the
posts beside it are read as ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.gateways.reddit import RedditGateway
from core.model import Basis, Outcome, View
from core.visibility.readings import read_sighting
from tests.clock import FixedClock
from tests.core.visibility.world import START
from tests.fakes.reddit import LONG_AGO, FakeReddit, raw

TEXTS = ("author", "title", "selftext")
FLAGS = ("is_robot_indexable",)
CATEGORY = ("removed_by_category",)
HARMLESS = ("subreddit", "score", "num_comments", "created_utc", "locked", "over_18", "permalink", "id", "gallery_data")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(
        [10**400, -(10**400), float("nan"), float("inf"), raw("9" * 5_000), raw("[" * 3_000 + "]" * 3_000)]
    )
    | st.floats()
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SPOILED = st.lists(
    st.dictionaries(st.sampled_from((*TEXTS, *FLAGS, *CATEGORY, *HARMLESS)), JSON, min_size=1, max_size=3),
    min_size=1,
    max_size=60,
)


def is_garbage(fields: dict[str, Any]) -> bool:
    """Something that a state follows from has no shape of Reddit's. What `raw` wrote is no text."""
    texts = [fields[name] for name in TEXTS if name in fields]
    odd_text = any(not isinstance(text, str) or text.startswith("raw<") for text in texts)
    flag, category = fields.get("is_robot_indexable"), fields.get("removed_by_category")
    odd_flag = not isinstance(flag, bool | None)
    odd_category = category not in (None, False) and (not isinstance(category, str) or category.startswith("raw<"))
    return odd_text or odd_flag or (odd_category and category is not False)


async def outcomes(spoiled: list[dict[str, Any]]) -> tuple[list[Outcome], list[Outcome]]:
    """Of the spoiled posts, and of those beside them."""
    async with FakeReddit() as reddit:
        gateway = RedditGateway(**reddit.credentials, clock=FixedClock())
        try:
            bad = [reddit.add_post("gardening", created_at=LONG_AGO) for _ in spoiled]
            good = [reddit.add_post("gardening", created_at=LONG_AGO) for _ in range(5)]
            for name, fields in zip(bad, spoiled, strict=True):
                reddit.posts[name].update(fields)
            found = await gateway.look_up([*bad, *good])
        finally:
            await gateway.close()
    assert set(found) == {*bad, *good}

    def outcome(name: str) -> Outcome:
        third = View.THIRD_PARTY
        reading = read_sighting(name, found[name], view=third, basis=Basis.REDDIT_API, read_at=START, control_live=True)
        return reading.outcome

    return [outcome(name) for name in bad], [outcome(name) for name in good]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(SPOILED)
@example([{"author": raw("9" * 5_000)}, {"removed_by_category": 10**400}])
@example([{"removed_by_category": raw("9" * 5_000)}])
def test_garbage_is_no_evidence_and_costs_nobody_else(spoiled: list[dict[str, Any]]) -> None:
    bad, good = asyncio.run(outcomes(spoiled))
    assert good == [Outcome.VISIBLE] * 5
    for fields, outcome in zip(spoiled, bad, strict=True):
        if is_garbage(fields):
            assert outcome is Outcome.CANNOT_TELL, fields
