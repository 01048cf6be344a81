"""Whole rules, read by the tables of words: each demand with its stance, its figures, its quote and its condition."""

from __future__ import annotations

import pytest

from core.communities import Rule
from core.texts.rules import read_by_tables as read_rule


def whole(name: str, description: str) -> list[str]:
    """By topic: the stance with its figures, the words that are quoted, and what they are only asked under."""
    lines = []
    for read in read_rule(Rule(name, description, "all")):
        figures = [f"days {read.weekdays}"] if read.weekdays else []
        if read.ratio is not None:
            figures.append(f"{read.ratio[0]} of {read.ratio[1]}")
        elif read.number is not None:
            figures.append(f"{read.number} {read.unit}".strip())
        under = {"": "", read.quote: " (its condition)"}.get(read.condition, f" (if: {read.condition})")
        lines.append(f"{read.topic}: {', '.join([read.stance, *figures])}: {read.quote}{under}")
    return lines


@pytest.mark.parametrize(
    ("name", "description", "demands"),
    [
        ("No self-promotion", "", ["promotion: forbids: No self-promotion"]),
        ("No external links", "Everything needs to be hosted on Reddit.", ["links: forbids: No external links"]),
        ("Self-promotion", "Only on Saturdays.", ["promotion: only_on, days (5,): Only on Saturdays (its condition)"]),
        (
            "No self-promotion",
            "Except in the weekly thread.",
            [
                "promotion: allows_when: Except in the weekly thread (its condition)",
                "weekly_thread: requires: Except in the weekly thread (its condition)",
            ],
        ),
        ("Self-promotion is welcome", "Show us what you made.", ["promotion: none: Self-promotion is welcome"]),
        (
            "Promotion",
            "At most 1 in 5 posts may be promotion.",
            ["promotion: ratio, 1 of 5: At most 1 in 5 posts may be promotion (its condition)"],
        ),
        (
            "Promotion",
            "Only a tenth of your posts may promote something.",
            ["promotion: ratio, 1 of 10: Only a tenth of your posts may promote something (its condition)"],
        ),
        (
            "Promotion",
            "Only a quarter of your posts may promote something.",
            ["promotion: ratio, 1 of 4: Only a quarter of your posts may promote something (its condition)"],
        ),
        (
            "Promotion",
            "For every promotional post you need nine others.",
            ["promotion: ratio, 1 of 10: For every promotional post you need nine others (its condition)"],
        ),
        (
            "Promotion",
            "Promotion may be at most two of ten posts.",
            ["promotion: ratio, 2 of 10: Promotion may be at most two of ten posts (its condition)"],
        ),
        (
            "Promotion",
            "90% of your posts must not be promotion.",
            ["promotion: ratio, 10 of 100: 90% of your posts must not be promotion (its condition)"],
        ),
        ("Promotion", "Follow the 10:1 rule.", ["promotion: ratio, 1 of 11: Follow the 10:1 rule (its condition)"]),
        (
            "Promotion",
            "Keep to 80/20 between taking part and promotion.",
            ["promotion: ratio, 20 of 100: Keep to 80/20 between taking part and promotion (its condition)"],
        ),
        (
            "Promotion",
            "1/10 of your posts may promote something.",
            ["promotion: ratio, 1 of 10: 1/10 of your posts may promote something (its condition)"],
        ),
        (
            "Promotion",
            "No more than 50% promotion.",
            ["promotion: ratio, 50 of 100: No more than 50% promotion (its condition)"],
        ),
        (
            "Links",
            "Links must be marked with a flair.",
            [
                "links: allows_when: Links must be marked with a flair (its condition)",
                "flair: requires: Links must be marked with a flair (its condition)",
            ],
        ),
        ("Links", "Links are fine. They must be marked.", ["links: allows_when: They must be marked (its condition)"]),
        (
            "Links",
            "No links. You may link to a source in a comment.",
            ["links: allows_when: You may link to a source in a comment (its condition)"],
        ),
        ("Links", "Amazon links are removed.", ["links: allows_when: Amazon links are removed (its condition)"]),
        ("No links", "Amazon and YouTube links are removed.", ["links: forbids: No links"]),
        (
            "Search before you post",
            "Use the search first; reposts are removed.",
            ["reposts: forbids: reposts are removed"],
        ),
        (
            "Surveys",
            "Search before you post a survey.",
            [
                "surveys: allows_when: Search before you post a survey (its condition)",
                "reposts: allows_when: Search before you post a survey (its condition)",
            ],
        ),
        (
            "Surveys",
            "All surveys need approval of the mods.",
            ["surveys: allows_when: All surveys need approval of the mods (its condition)"],
        ),
        ("Spam", "", ["promotion: forbids: Spam"]),
        ("Links", "Spam is annoying.", ["links: none: Links", "promotion: none: Spam is annoying"]),
        ("Titles", "", ["title: none: Titles"]),
        ("Account age", "My account is 3 months old.", ["account: none: Account age"]),
        ("Vote begging", "", ["votes: forbids: Vote begging"]),
        ("AI", "", ["ai_text: forbids: AI"]),
        ("Questions about AI", "", ["ai_text: none: Questions about AI"]),
        (
            "Titles",
            "Describe the problem in the title.",
            ["title: requires: Describe the problem in the title (its condition)"],
        ),
        (
            "Titles",
            "Titles must have at least 20 characters.",
            [
                "title: requires, 20 characters: Titles must have at least 20 characters (its condition)",
                "length: requires, 20 characters: Titles must have at least 20 characters (its condition)",
            ],
        ),
        ("Flair", "Optional.", ["flair: none: Optional"]),
        ("Flair", "Flair is optional, but you must not use a wrong flair.", ["flair: none: Flair is optional"]),
        (
            "Length",
            "No posts with less than 100 words.",
            ["length: requires, 100 words: No posts with less than 100 words (its condition)"],
        ),
        ("Length", "No walls of text.", ["length: forbids: No walls of text"]),
        (
            "Disclosure",
            "Undisclosed promotion is removed.",
            [
                "disclosure: requires: Undisclosed promotion is removed",
                "promotion: allows_when: Undisclosed promotion is removed (its condition)",
            ],
        ),
        ("Disclosure", "No fake reviews.", ["disclosure: forbids: No fake reviews"]),
        (
            "Account requirements",
            "A month old and 50 comment karma.",
            ["account: requires, 1 month: A month old and 50 comment karma (its condition)"],
        ),
        (
            "New accounts",
            "Accounts younger than 7 days must wait.",
            ["account: requires, 7 days: Accounts younger than 7 days must wait (its condition)"],
        ),
        (
            "Account age",
            "Your account should be 3 months old.",
            ["account: requires, 3 months: Your account should be 3 months old (its condition)"],
        ),
        ("New accounts are welcome", "", ["account: none: New accounts are welcome"]),
        ("Language", "No other language than English.", ["language: requires: No other language than English"]),
        (
            "Timing",
            "Wait 24 hours between posts.",
            ["timing: requires, 24 hours: Wait 24 hours between posts (its condition)"],
        ),
        (
            "Direct messages",
            "Never send a DM without asking.",
            ["direct_messages: allows_when: Never send a DM without asking (its condition)"],
        ),
        ("DMs", "Don't DM other members.", ["direct_messages: forbids: Don't DM other members"]),
        (
            "Recruiting",
            "Unpaid jobs are removed.",
            ["recruiting: allows_when: Unpaid jobs are removed (its condition)"],
        ),
        (
            "Recruiting",
            "Job posts must name the salary.",
            ["recruiting: allows_when: Job posts must name the salary (its condition)"],
        ),
        (
            "Reposts",
            "Reposts are allowed after 30 days.",
            ["reposts: allows_when, 30 days: Reposts are allowed after 30 days (its condition)"],
        ),
        (
            "Referral links",
            "Allowed with disclosure.",
            [
                "referral: allows_when: Allowed with disclosure (its condition)",
                "disclosure: requires: Allowed with disclosure (its condition)",
            ],
        ),
        ("Formatting", "No images.", ["format: forbids: No images"]),
        (
            "No ads?",
            "Do you want to promote something? Ask the mods first.",
            ["promotion: allows_when: Ask the mods first (its condition)"],
        ),
        ("Promotional posts", "One per quarter. No spam.", ["promotion: allows_when: One per quarter (its condition)"]),
        ("Flair", "Wrong flair means removal.", ["flair: requires: Wrong flair means removal"]),
        ("Flair", "Don't use the wrong flair.", ["flair: requires: Don't use the wrong flair"]),
        ("Titles", "Don't worry about titles. Just write.", ["title: requires: Just write (its condition)"]),
        (
            "Don't worry about titles",
            "Just describe what you see in the title.",
            ["title: requires: Just describe what you see in the title (its condition)"],
        ),
        (
            "Length",
            "Texts shorter than 90 characters are filtered. No novels.",
            ["length: requires, 90 characters: Texts shorter than 90 characters are filtered"],
        ),
        (
            "Length",
            "No novels. No texts shorter than 90 characters.",
            ["length: requires, 90 characters: No texts shorter than 90 characters"],
        ),
        (
            "Promotion",
            "No promotion. You may promote free tools.",
            ["promotion: allows_when: No promotion (if: You may promote free tools)"],
        ),
        (
            "Promotion",
            "No ads. Everything must be marked.",
            ["promotion: allows_when: Everything must be marked (its condition)"],
        ),
        (
            "Promotion",
            "Ads are fine. Each must be marked.",
            ["promotion: allows_when: Each must be marked (its condition)"],
        ),
        (
            "AI text",
            "AI text is welcome. They must be marked.",
            ["ai_text: allows_when: They must be marked (its condition)"],
        ),
        (
            "Weekly thread",
            "Feedback posts go in the Friday thread.",
            ["weekly_thread: only_on, days (4,): Feedback posts go in the Friday thread (its condition)"],
        ),
        (
            "Surveys",
            "Surveys only on Mon, Wed and Fri.",
            ["surveys: only_on, days (0, 2, 4): Surveys only on Mon, Wed and Fri (its condition)"],
        ),
        (
            "Surveys",
            "Surveys on weekends and Mondays only.",
            ["surveys: only_on, days (0, 5, 6): Surveys on weekends and Mondays only (its condition)"],
        ),
        (
            "Account",
            "No accounts younger than a month.",
            ["account: requires, 1 month: No accounts younger than a month (its condition)"],
        ),
        (
            "Account",
            "Accounts need 1,000 karma.",
            ["account: requires, 1000 karma: Accounts need 1,000 karma (its condition)"],
        ),
        (
            "Length",
            "At least 1,150 words, please.",
            ["length: requires, 1150 words: At least 1,150 words, please (its condition)"],
        ),
    ],
)
def test_a_rule_asks_this_and_nothing_else(name: str, description: str, demands: list[str]) -> None:
    assert whole(name, description) == demands
