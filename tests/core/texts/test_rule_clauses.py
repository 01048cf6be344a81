"""What each clause of a rule says about each topic that it concerns: whole readings, in words."""

from __future__ import annotations

import pytest

from core.texts.rule_clauses import clauses_in, speaks_of, topics_in
from core.texts.rule_topics import Topic


def heard(name: str, description: str) -> list[str]:
    """By topic: the stance, what else is known of the clause, and its words."""
    lines = []
    for topic, its in clauses_in(name, description).items():
        for clause in its:
            assert clause.topic is topic
            known = {
                "permits": clause.permits,
                "of those before": not clause.names,
                "the name": clause.is_name,
                "some": clause.narrows,
            }
            said = ", ".join([clause.stance, *(word for word, is_so in known.items() if is_so)])
            lines.append(f"{topic}: {said}: {clause.words}")
    return lines


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
        ("Keep titles short", "", ["title: requires, the name: Keep titles short"]),
        ("What to post in a title", "", ["title: none, the name: What to post in a title"]),
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
            "Rule 7",
            "Our rules:\n* Be kind\n* Links go in the weekly thread",
            [
                "civility: requires: Be kind",
                "links: allows_when: Links go in the weekly thread",
                "weekly_thread: requires: Links go in the weekly thread",
            ],
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
            "AI",
            "If you mark it you may post AI text.",
            ["ai_text: none, the name: AI", "ai_text: allows_when, permits: If you mark it you may post AI text"],
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
        (
            "Links",
            "Links only in comments.",
            ["links: none, the name: Links", "links: allows_when: Links only in comments"],
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
        ("No ads in comments", "", ["promotion: none, the name: No ads in comments"]),
        ("Ads in comments must be marked", "", ["promotion: allows_when, the name: Ads in comments must be marked"]),
        ("Title your post properly", "", ["title: requires, the name: Title your post properly"]),
        ("Post in English only", "", ["language: requires, the name: Post in English only"]),
        ("Flair your post please", "", ["flair: requires, the name: Flair your post please"]),
        (
            "A title must tell what is wrong with your kiln",
            "",
            ["title: requires, the name: A title must tell what is wrong with your kiln"],
        ),
        (
            "Ads aren't banned",
            "Everyone can post ads.",
            [
                "promotion: none, permits, the name: Ads aren't banned",
                "promotion: none, permits: Everyone can post ads",
            ],
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
            "Titles",
            "Allowed: titles that are not shouted are removed.",
            [
                "title: none, the name: Titles",
                "title: none, permits, of those before: Allowed",
                "title: allows_when: titles that are not shouted are removed",
            ],
        ),
        (
            "Promotion",
            "Posts without a demo are removed.",
            ["promotion: none, the name: Promotion", "promotion: allows_when: Posts without a demo are removed"],
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
