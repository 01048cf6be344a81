"""What each clause of a rule says about each topic that it concerns: whole readings, in words. Those about promotion
and links have modules of their own.
"""

from __future__ import annotations

import pytest

from core.texts.rule_clauses import clauses_in, speaks_of, topics_in
from core.texts.rule_topics import Topic
from tests.core.texts.clauses import heard


@pytest.mark.parametrize(
    ("name", "description", "clauses"),
    [
        (
            "Rule 4",
            "Surveys are removed. They annoy people.\n\nBe kind. That is all.",
            [
                "surveys: none, of those before, the name: Rule 4",
                "surveys: forbids: Surveys are removed",
                "surveys: none: They annoy people",
                "civility: requires: Be kind",
                "civility: none: That is all",
            ],
        ),
        (
            "Rule 4: no swearing",
            "",
            ["civility: none, of those before, the name: Rule 4", "civility: forbids, the name: no swearing"],
        ),
        ("House rules", "Never share your password. Links are fine.", ["links: none, permits: Links are fine"]),
        ("No hats", "Links are fine.", ["links: none, permits: Links are fine"]),
        (
            "Surveys",
            "Do you want to post a survey? Ask the mods first.",
            [
                "surveys: none, the name: Surveys",
                "surveys: none: Do you want to post a survey",
                "surveys: allows_when, of those before: Ask the mods first",
            ],
        ),
        (
            "Want to post a survey?",
            "Ask the mods first.",
            [
                "surveys: none, the name: Want to post a survey",
                "surveys: allows_when, of those before: Ask the mods first",
            ],
        ),
        (
            "If a bot wrote it",
            "If a bot wrote it, don't post it.",
            ["ai_text: none, the name: If a bot wrote it", "ai_text: forbids: If a bot wrote it, don't post it"],
        ),
        (
            "AI",
            "If you use AI you will be banned.",
            ["ai_text: none, the name: AI", "ai_text: forbids: If you use AI you will be banned"],
        ),
        (
            "AI",
            "If you mark it, AI text is allowed.",
            ["ai_text: none, the name: AI", "ai_text: allows_when, permits: If you mark it, AI text is allowed"],
        ),
        (
            "Trading",
            "Trade in private messages, not in the thread.",
            [
                "direct_messages: none, of those before, the name: Trading",
                "direct_messages: none: Trade in private messages, not in the thread",
            ],
        ),
        (
            "DMs",
            "Take it to private messages.",
            ["direct_messages: none, the name: DMs", "direct_messages: none, permits: Take it to private messages"],
        ),
        (
            "Titles",
            "[Year] [Make] - question",
            [
                "title: none, the name: Titles",
                "title: requires, of those before: [Year] [Make]",
                "title: none, of those before: question",
            ],
        ),
        (
            "Titles",
            "Titles that do not follow the scheme are removed.",
            ["title: none, the name: Titles", "title: allows_when: Titles that do not follow the scheme are removed"],
        ),
        (
            "Titles",
            "Posts with vague titles are removed.",
            ["title: none, the name: Titles", "title: forbids: Posts with vague titles are removed"],
        ),
        ("AI", "Humans only.", ["ai_text: none, the name: AI", "ai_text: forbids, of those before: Humans only"]),
        (
            "AI",
            "AI is fine. Humans only.",
            [
                "ai_text: none, the name: AI",
                "ai_text: none, permits: AI is fine",
                "ai_text: forbids, of those before: Humans only",
            ],
        ),
        ("Flair", "Posts must be flaired.", ["flair: none, the name: Flair", "flair: requires: Posts must be flaired"]),
        (
            "Flair",
            "Verified users may set a flair.",
            ["flair: none, the name: Flair", "flair: allows_when, permits: Verified users may set a flair"],
        ),
        (
            "Surveys",
            "Surveys are removed on weekends, while links are fine.",
            [
                "surveys: none, the name: Surveys",
                "surveys: only_on: Surveys are removed on weekends",
                "links: none, permits: links are fine",
            ],
        ),
        (
            "Direct messages",
            "Don't send DMs to advertise.",
            [
                "direct_messages: none, the name: Direct messages",
                "direct_messages: allows_when, some: Don't send DMs to advertise",
                "promotion: forbids: Don't send DMs to advertise",
            ],
        ),
        (
            "Recruiting",
            "No unpaid work.",
            ["recruiting: none, the name: Recruiting", "recruiting: allows_when, some: No unpaid work"],
        ),
        ("Keep titles short", "", ["title: requires, the name: Keep titles short"]),
        ("What to post in a title", "", ["title: none, the name: What to post in a title"]),
        (
            "Rule 7",
            "Our rules:\n* Be kind\n* Links go in the weekly thread",
            [
                "civility: requires: Be kind",
                "links: allows_when: Links go in the weekly thread",
                "weekly_thread: requires: Links go in the weekly thread",
            ],
        ),
        (
            "AI",
            "If you mark it you may post AI text.",
            ["ai_text: none, the name: AI", "ai_text: allows_when, permits: If you mark it you may post AI text"],
        ),
        (
            "Rule 4",
            "Surveys are odd.\n\nThey are removed.",
            [
                "surveys: none, of those before, the name: Rule 4",
                "surveys: none: Surveys are odd",
                "surveys: forbids: They are removed",
            ],
        ),
        (
            "Rule 4",
            "This is banned here: surveys.",
            [
                "surveys: none, of those before, the name: Rule 4",
                "surveys: forbids: This is banned here",
                "surveys: none: surveys",
            ],
        ),
        (
            "House rules",
            "Surveys are fine. Only with a flair.",
            [
                "surveys: none, of those before, the name: House rules",
                "surveys: none, permits: Surveys are fine",
                "surveys: allows_when: Only with a flair",
                "flair: requires: Only with a flair",
            ],
        ),
        (
            "Surveys",
            "Surveys in a comment are removed.",
            [
                "surveys: none, the name: Surveys",
                "surveys: none: Surveys in a comment are removed",
                "surveys: none: Surveys in a comment are removed",
            ],
        ),
        (
            "DMs",
            "No DMs in comments.",
            ["direct_messages: none, the name: DMs", "direct_messages: forbids: No DMs in comments"],
        ),
        ("Title your post properly", "", ["title: requires, the name: Title your post properly"]),
        ("Post in English only", "", ["language: requires, the name: Post in English only"]),
        ("Flair your post please", "", ["flair: requires, the name: Flair your post please"]),
        (
            "A title must tell what is wrong with your kiln",
            "",
            ["title: requires, the name: A title must tell what is wrong with your kiln"],
        ),
        (
            "AI",
            "Not banned, but mark it.",
            [
                "ai_text: none, the name: AI",
                "ai_text: none, permits, of those before: Not banned",
                "ai_text: requires: mark it",
            ],
        ),
        (
            "Surveys",
            "Polls, not surveys.",
            [
                "surveys: none, the name: Surveys",
                "surveys: none: Polls, not surveys",
                "surveys: none: Polls, not surveys",
            ],
        ),
        (
            "DMs",
            "No DMs. Move it to private messages.",
            [
                "direct_messages: none, the name: DMs",
                "direct_messages: forbids: No DMs",
                "direct_messages: none, permits: Move it to private messages",
            ],
        ),
        (
            "DMs",
            "DMs: never move it to private messages.",
            [
                "direct_messages: none, the name: DMs",
                "direct_messages: none: DMs",
                "direct_messages: forbids: never move it to private messages",
            ],
        ),
        (
            "Titles",
            "[Year] [Make] is okay",
            ["title: none, the name: Titles", "title: none, permits, of those before: [Year] [Make] is okay"],
        ),
        (
            "Titles",
            "Allowed: titles that are not shouted are removed.",
            [
                "title: none, the name: Titles",
                "title: none, permits, of those before: Allowed",
                "title: allows_when: titles that are not shouted are removed",
            ],
        ),
        (
            "Surveys",
            "Random surveys are removed.",
            ["surveys: none, the name: Surveys", "surveys: allows_when, some: Random surveys are removed"],
        ),
        (
            "Surveys",
            "Paid surveys are removed.",
            ["surveys: none, the name: Surveys", "surveys: allows_when, some: Paid surveys are removed"],
        ),
        (
            "Surveys",
            "Random surveys are removed unless approved.",
            ["surveys: none, the name: Surveys", "surveys: allows_when: Random surveys are removed unless approved"],
        ),
        (
            "Surveys",
            "Surveys must be approved.",
            ["surveys: none, the name: Surveys", "surveys: allows_when: Surveys must be approved"],
        ),
        (
            "Titles",
            "Titles must be approved first.",
            ["title: none, the name: Titles", "title: requires: Titles must be approved first"],
        ),
        (
            "Flair",
            "Relevant flair.",
            [
                "flair: none, the name: Flair",
                "flair: none: Relevant flair",
                "flair: none: Relevant flair",
                "topic: allows_when: Relevant flair",
            ],
        ),
    ],
)
def test_each_clause_is_heard_for_each_of_its_topics(name: str, description: str, clauses: list[str]) -> None:
    assert heard(name, description) == clauses


def test_a_name_says_what_the_whole_rule_is_about_in_its_first_five_hundred_characters() -> None:
    filler = "The weather is mild. " * 22
    assert len(filler) == 462
    beginning = heard("Referrals", f"{filler}Surveys are removed.")
    assert beginning[-2:] == ["referral: forbids: Surveys are removed", "surveys: forbids: Surveys are removed"]
    later = heard("Referrals", f"{filler}{filler}Surveys are removed.")
    assert later[-2:] == ["referral: none: The weather is mild", "surveys: forbids: Surveys are removed"]


@pytest.mark.parametrize(
    ("name", "stance"),
    [
        ("We expect a title that tells", "none"),
        ("We expect a title that tells all", "requires"),
    ],
)
def test_a_name_of_seven_words_is_a_sentence_that_asks(name: str, stance: str) -> None:
    assert heard(name, "") == [f"title: {stance}, the name: {name}"]


def test_a_clause_of_six_hundred_characters_is_cut_between_words() -> None:
    words = "links " * 99 + "linked"
    assert len(words) == 600
    assert [clause.words for clause in clauses_in("No links", words)[Topic.LINKS]] == ["No links", words]
    longer = [clause.words for clause in clauses_in("No links", f"{words} x")[Topic.LINKS]]
    assert longer == ["No links", words, "x"]


def test_a_text_speaks_of_a_topic_in_any_case_and_with_typographic_signs() -> None:
    assert speaks_of(Topic.LINKS, "No *LINKS*, please")
    assert not speaks_of(Topic.SURVEYS, "No *LINKS*, please")
    assert speaks_of(Topic.AI_TEXT, "“AI” text isn’t welcome")
    assert topics_in("Links, surveys and links") == (Topic.LINKS, Topic.SURVEYS)
