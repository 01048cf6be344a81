"""What each clause of a rule about links says about each topic that it concerns: whole readings, in words."""

from __future__ import annotations

import pytest

from tests.core.texts.clauses import heard


@pytest.mark.parametrize(
    ("name", "description", "clauses"),
    [
        (
            "No links",
            "They are removed. You can add one in a comment.",
            [
                "links: forbids, the name: No links",
                "links: forbids: They are removed",
                "links: allows_when, some: You can add one in a comment",
            ],
        ),
        (
            "Links",
            "No links in comments. Links in posts are fine.",
            [
                "links: none, the name: Links",
                "links: none: No links in comments",
                "links: none, permits: Links in posts are fine",
            ],
        ),
        (
            "Links",
            "No links in posts: put them in a comment.",
            [
                "links: none, the name: Links",
                "links: forbids: No links in posts",
                "links: allows_when, some: put them in a comment",
            ],
        ),
        ("Comments free of links", "", ["links: none, the name: Comments free of links"]),
        (
            "Referral links",
            "Allowed with disclosure.",
            [
                "referral: none, the name: Referral links",
                "referral: allows_when, permits: Allowed with disclosure",
                "disclosure: allows_when, permits: Allowed with disclosure",
            ],
        ),
        (
            "Referral links",
            "Links are only allowed in the weekly thread.",
            [
                "referral: none, the name: Referral links",
                "referral: allows_when, permits: Links are only allowed in the weekly thread",
                "links: allows_when, permits: Links are only allowed in the weekly thread",
                "weekly_thread: allows_when, permits: Links are only allowed in the weekly thread",
            ],
        ),
        (
            "Own blogs",
            "Links must be marked.",
            [
                "own_site: none, the name: Own blogs",
                "own_site: allows_when: Links must be marked",
                "links: allows_when: Links must be marked",
            ],
        ),
        (
            "YouTube channels",
            "Promotion only on Fridays.",
            [
                "own_site: none, the name: YouTube channels",
                "own_site: only_on: Promotion only on Fridays",
                "promotion: only_on: Promotion only on Fridays",
            ],
        ),
        (
            "Own blogs",
            "Promotion must be marked.",
            [
                "own_site: none, the name: Own blogs",
                "own_site: allows_when: Promotion must be marked",
                "promotion: allows_when: Promotion must be marked",
            ],
        ),
        (
            "Links and surveys",
            "The others are fine.",
            [
                "links: none, the name: Links and surveys",
                "links: none, permits, of those before: The others are fine",
                "surveys: none, the name: Links and surveys",
                "surveys: none, permits, of those before: The others are fine",
            ],
        ),
        (
            "Links",
            "No links, except on weekends.",
            ["links: none, the name: Links", "links: only_on: No links, except on weekends"],
        ),
        (
            "Links",
            "You may post links, but no links to your own shop.",
            [
                "links: none, the name: Links",
                "links: none, permits: You may post links",
                "links: allows_when, some: no links to your own shop",
                "own_site: forbids: no links to your own shop",
                "promotion: forbids: no links to your own shop",
            ],
        ),
        (
            "Links",
            "Links are not forbidden.",
            ["links: none, the name: Links", "links: none, permits: Links are not forbidden"],
        ),
        (
            "Links",
            "YouTube links are removed.",
            ["links: none, the name: Links", "links: allows_when, some: YouTube links are removed"],
        ),
        (
            "Links",
            "Links allowed only with a summary.",
            ["links: none, the name: Links", "links: allows_when, permits: Links allowed only with a summary"],
        ),
        (
            "Links",
            "Links in the comments are fine.",
            ["links: none, the name: Links", "links: allows_when, some: Links in the comments are fine"],
        ),
        (
            "Links",
            "Links in the comments must be marked.",
            ["links: none, the name: Links", "links: allows_when, some: Links in the comments must be marked"],
        ),
        (
            "Links; surveys",
            "Links are fine; surveys aren't.",
            [
                "links: none, the name: Links",
                "links: none, permits: Links are fine",
                "surveys: none, the name: surveys",
                "surveys: forbids: surveys aren't",
            ],
        ),
        (
            "Links",
            "We love links, please don't post surveys. Links, however, are fine.",
            [
                "links: none, the name: Links",
                "links: none, permits: We love links",
                "links: none: Links",
                "links: none, permits, of those before: are fine",
                "surveys: forbids: please don't post surveys",
            ],
        ),
        ("Referrals", "", ["referral: none, the name: Referrals"]),
        (
            "Referral links",
            "Surveys are fine. Allowed with disclosure.",
            [
                "referral: none, the name: Referral links",
                "referral: allows_when, permits: Allowed with disclosure",
                "surveys: none, permits: Surveys are fine",
                "disclosure: allows_when, permits: Allowed with disclosure",
            ],
        ),
        (
            "Links",
            "Links only in comments.",
            ["links: none, the name: Links", "links: allows_when: Links only in comments"],
        ),
        (
            "Links",
            "Post links as comments, not as posts.",
            ["links: none, the name: Links", "links: requires: Post links as comments, not as posts"],
        ),
        (
            "Links",
            "Post it as text, not as a link.",
            ["links: none, the name: Links", "links: requires: Post it as text, not as a link"],
        ),
        (
            "No referral links",
            "Links must be marked.",
            [
                "referral: forbids, the name: No referral links",
                "referral: allows_when: Links must be marked",
                "links: allows_when: Links must be marked",
            ],
        ),
        (
            "No links or referral links",
            "Links must be marked.",
            [
                "links: forbids, the name: No links or referral links",
                "links: allows_when: Links must be marked",
                "referral: forbids, the name: No links or referral links",
            ],
        ),
        (
            "No referral links",
            "Surveys must be marked.",
            ["referral: forbids, the name: No referral links", "surveys: allows_when: Surveys must be marked"],
        ),
    ],
)
def test_each_clause_about_links_is_heard_for_its_topics(name: str, description: str, clauses: list[str]) -> None:
    assert heard(name, description) == clauses
