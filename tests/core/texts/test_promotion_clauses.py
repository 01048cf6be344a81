"""What each clause of a rule about promotion says about each topic that it concerns: whole readings, in words."""

from __future__ import annotations

import pytest

from tests.core.texts.clauses import heard


@pytest.mark.parametrize(
    ("name", "description", "clauses"),
    [
        (
            "Feedback Friday",
            "Want eyes on your app? Friday's thread is the place.",
            [
                "weekly_thread: none, the name: Feedback Friday",
                "weekly_thread: none: Want eyes on your app",
                "weekly_thread: only_on: Friday's thread is the place",
                "promotion: none: Want eyes on your app",
                "promotion: only_on, of those before: Friday's thread is the place",
            ],
        ),
        (
            "Promotion",
            "Questions about self-promotion go to the mods.",
            [
                "promotion: none, the name: Promotion",
                "promotion: none, permits: Questions about self-promotion go to the mods",
            ],
        ),
        (
            "Promotion",
            "Please don't complain about self-promotion.",
            [
                "promotion: none, the name: Promotion",
                "promotion: none, permits: Please don't complain about self-promotion",
            ],
        ),
        (
            "Promotion",
            "Promotion is okay if you are active here.",
            [
                "promotion: none, the name: Promotion",
                "promotion: allows_when, permits: Promotion is okay if you are active here",
            ],
        ),
        (
            "Promotion",
            "No promotion unless a mod approved it.",
            ["promotion: none, the name: Promotion", "promotion: allows_when: No promotion unless a mod approved it"],
        ),
        (
            "Promotion",
            "Plugs are fine in moderation.",
            ["promotion: none, the name: Promotion", "promotion: allows_when, permits: Plugs are fine in moderation"],
        ),
        (
            "Promotion",
            "Blatant promotion is removed.",
            ["promotion: none, the name: Promotion", "promotion: allows_when, some: Blatant promotion is removed"],
        ),
        (
            "Promotion",
            "Promotion (your own app) is removed.",
            [
                "promotion: none, the name: Promotion",
                "promotion: none: Promotion",
                "promotion: none: your own app",
                "promotion: forbids, of those before: is removed",
            ],
        ),
        (
            "Promotion",
            "On Friday and Saturday promotion is fine.",
            ["promotion: none, the name: Promotion", "promotion: only_on: On Friday and Saturday promotion is fine"],
        ),
        (
            "Promotion",
            "Use the thread, e.g. for your blog. No ads.",
            [
                "promotion: none, the name: Promotion",
                "promotion: requires: Use the thread, e.g. for your blog",
                "promotion: forbids: No ads",
                "own_site: requires: Use the thread, e.g. for your blog",
            ],
        ),
        (
            "Promotion",
            "Promotion — only on Fri. only. No ads!",
            [
                "promotion: none, the name: Promotion",
                "promotion: none: Promotion",
                "promotion: only_on, of those before: only on Fri. only",
                "promotion: forbids: No ads",
            ],
        ),
        (
            "Low effort",
            "Low-effort posts, AI slop and ads are removed.",
            [
                "length: none, the name: Low effort",
                "length: forbids: Low-effort posts, AI slop and ads are removed",
                "ai_text: forbids: Low-effort posts, AI slop and ads are removed",
                "promotion: forbids: Low-effort posts, AI slop and ads are removed",
            ],
        ),
        (
            "Promotion",
            "Your post may not promote anything, unless it's free, and it is removed otherwise.",
            [
                "promotion: none, the name: Promotion",
                "promotion: allows_when: Your post may not promote anything, unless it's free",
                "promotion: forbids: and it is removed otherwise",
            ],
        ),
        (
            "No ads 🙂",
            "*No* “ads” here, they’re removed.",
            ["promotion: forbids, the name: No ads 🙂", "promotion: forbids: No ads here, they're removed"],
        ),
        (
            "Promotion",
            "We ask that you add a disclosure to promotion.",
            [
                "promotion: none, the name: Promotion",
                "promotion: requires: We ask that you add a disclosure to promotion",
                "disclosure: requires: We ask that you add a disclosure to promotion",
            ],
        ),
        (
            "Ads",
            "Ads may be posted. No spam though, that is removed.",
            [
                "promotion: none, the name: Ads",
                "promotion: none, permits: Ads may be posted",
                "promotion: forbids: No spam though",
                "promotion: forbids: that is removed",
            ],
        ),
        (
            "Ads",
            "One ad per week, not ads for others.",
            ["promotion: none, the name: Ads", "promotion: allows_when: One ad per week, not ads for others"],
        ),
        (
            "Promotion",
            "• No ads\n• No surveys\n - Use a flair\n\n-- That is all",
            [
                "promotion: none, the name: Promotion",
                "promotion: forbids: No ads",
                "promotion: none: That is all",
                "surveys: forbids: No surveys",
                "flair: requires: Use a flair",
            ],
        ),
        (
            "Ads",
            "Only with a flair.",
            [
                "promotion: none, the name: Ads",
                "promotion: allows_when: Only with a flair",
                "flair: requires: Only with a flair",
            ],
        ),
        (
            "Ads",
            "They need a flair.",
            [
                "promotion: none, the name: Ads",
                "promotion: allows_when: They need a flair",
                "flair: requires: They need a flair",
            ],
        ),
        (
            "Ads",
            "Post in the weekly thread.",
            [
                "promotion: none, the name: Ads",
                "promotion: allows_when: Post in the weekly thread",
                "weekly_thread: requires: Post in the weekly thread",
            ],
        ),
        (
            "Promotion",
            "Except Saturdays.",
            ["promotion: none, the name: Promotion", "promotion: only_on, of those before: Except Saturdays"],
        ),
        (
            "Promotion",
            "Weekend plugs.",
            [
                "promotion: none, the name: Promotion",
                "promotion: none: Weekend plugs",
                "promotion: none: Weekend plugs",
            ],
        ),
        (
            "Promotion",
            "Weekend plugs are fine.",
            ["promotion: none, the name: Promotion", "promotion: only_on: Weekend plugs are fine"],
        ),
        (
            "Promotion",
            "Wednesday.",
            ["promotion: none, the name: Promotion", "promotion: only_on, of those before: Wednesday"],
        ),
        ("No ads in comments", "", ["promotion: none, the name: No ads in comments"]),
        ("Ads in comments must be marked", "", ["promotion: allows_when, the name: Ads in comments must be marked"]),
        (
            "Ads aren't banned",
            "Everyone can post ads.",
            [
                "promotion: none, permits, the name: Ads aren't banned",
                "promotion: none, permits: Everyone can post ads",
            ],
        ),
        (
            "Promotion",
            "Plugs are fine, no spam.",
            ["promotion: none, the name: Promotion", "promotion: allows_when: Plugs are fine, no spam"],
        ),
        (
            "Promotion",
            "You can plug it but never twice.",
            [
                "promotion: none, the name: Promotion",
                "promotion: none, permits: You can plug it",
                "promotion: allows_when, of those before: never twice",
            ],
        ),
        (
            "Promotion",
            "Posts without a demo are removed.",
            ["promotion: none, the name: Promotion", "promotion: allows_when: Posts without a demo are removed"],
        ),
        (
            "Ads",
            "Say who you are.",
            [
                "promotion: none, the name: Ads",
                "promotion: requires: Say who you are",
                "disclosure: requires: Say who you are",
            ],
        ),
        (
            "Ads",
            "Wait a week between posts.",
            [
                "promotion: none, the name: Ads",
                "promotion: allows_when: Wait a week between posts",
                "timing: requires: Wait a week between posts",
            ],
        ),
        (
            "Ads",
            "At most 1 in 10 posts.",
            ["promotion: none, the name: Ads", "promotion: ratio: At most 1 in 10 posts"],
        ),
    ],
)
def test_each_clause_about_promotion_is_heard_for_its_topics(name: str, description: str, clauses: list[str]) -> None:
    assert heard(name, description) == clauses
