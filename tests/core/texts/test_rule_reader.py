"""The trained reader has the last word on what a rule means, and says in which words it found that."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bench
from bench.judge.rules import meaning
from core.communities import Rule
from core.texts.rule_clauses import parts_in
from core.texts.rule_reader import ARTEFACT, MOST_PARTS, About, Means, Reader, dump, evidence_of, load, shipped
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand, meaning_of, means_for, read_by_tables, read_rule

CORPORA = Path(bench.__file__).parent / "corpora"


def demand(topic: Topic, name: str, description: str) -> Demand:
    [found] = [one for one in read_rule(Rule(name, description, "all")) if one.topic is topic]
    return found


def by_tables(topic: Topic, name: str, description: str) -> Demand:
    [found] = [one for one in read_by_tables(Rule(name, description, "all")) if one.topic is topic]
    return found


@pytest.mark.parametrize("name", ["rules-train.jsonl", "rules-tune.jsonl", "rules-wide.jsonl", "rules-kinds.jsonl"])
def test_the_reader_was_trained_on_the_rules_that_are_kept(name: str) -> None:
    assert shipped().source["data_sha256"][name] == hashlib.sha256((CORPORA / name).read_bytes()).hexdigest()


def test_it_says_how_many_rules_it_read_right_of_communities_that_it_was_not_trained_on() -> None:
    figures = shipped().source["figures"]
    assert figures["fresh"] >= 2_000
    assert figures["fresh_right"] >= 0.77
    assert figures["fresh_right"] - figures["fresh_right_by_tables"] >= 0.12
    assert figures["old_right"] >= 0.86
    assert figures["asked_topics_told"] > figures["asked_topics_named"]


def test_of_rules_that_it_was_not_trained_on_nine_in_ten_are_read_right() -> None:
    rows = [json.loads(line) for line in (CORPORA / "rules-report.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = [row for row in rows if meaning(row["short_name"], row["description"], Topic(row["topic"])) != row["means"]]
    assert len(wrong) <= 0.12 * len(rows)  # which they are is not told: they only measure


def test_its_weights_are_small() -> None:
    assert ARTEFACT.stat().st_size <= 300 * 1024


@pytest.mark.parametrize(
    ("topic", "name", "description", "tables", "stance", "quote"),
    [
        (Topic.REFERRAL, "Mark affiliate links", "", Stance.FORBIDS, Stance.ALLOWS_WHEN, "Mark affiliate links"),
        (Topic.SURVEYS, "Surveys", "We wouldn't mind them.", Stance.FORBIDS, Stance.NONE, "We wouldn't mind them"),
        (Topic.OWN_SITE, "Own blog", "Straight to the bin.", Stance.NONE, Stance.FORBIDS, "Straight to the bin"),
    ],
)
def test_a_rule_that_the_reader_finds_to_mean_something_else_is_quoted_where_it_says_so(
    topic: Topic, name: str, description: str, tables: Stance, stance: Stance, quote: str
) -> None:
    assert by_tables(topic, name, description).stance is tables
    found = demand(topic, name, description)
    assert (found.stance, found.quote) == (stance, quote)


@pytest.mark.parametrize(
    ("topic", "name", "description", "means"),
    [
        (Topic.DIRECT_MESSAGES, "DMs", "We can't moderate private messages.", Means.NONE),
        (Topic.DIRECT_MESSAGES, "DMs", "Take it to private messages.", Means.NONE),
        (Topic.FLAIR, "Flair", "Browse our flairs.", Means.NONE),
        (Topic.DIRECT_MESSAGES, "Scams", "Scammers will DM you. Never share your seed phrase.", Means.NONE),
        (Topic.DIRECT_MESSAGES, "DMs", "If you get harassing DMs, tell us right away.", Means.NONE),
        (Topic.LINKS, "House rules", "Never share your password. Links are fine.", Means.NONE),
        (Topic.TITLE, "Titles", "Titles that do not follow the scheme are removed.", Means.COND),
        (Topic.PROMOTION, "Promotion", "Posts without a demo are removed.", Means.COND),
    ],
)
def test_what_is_spoken_of_is_not_limited_and_what_lacks_something_is_removed(
    topic: Topic, name: str, description: str, means: Means
) -> None:
    assert meaning_of(demand(topic, name, description)) is means


@given(st.text(alphabet="no links allowed on Friday unless asked, 9:1. please!", max_size=80), st.sampled_from(Topic))
def test_a_rule_is_read_alike_twice_and_quoted_in_its_own_words(text: str, topic: Topic) -> None:
    rule = Rule("Links", text, "all")
    assert read_rule(rule) == read_rule(rule)
    assert all(one.quote in f"Links {' '.join(text.split())}" for one in read_rule(rule))
    assert means_for("Links", text, topic) in Means


def test_a_rule_about_nothing_restricts_nothing() -> None:
    assert means_for("", "", Topic.LINKS) is Means.NONE
    assert read_rule(Rule("", "", "all")) == ()


def test_a_text_as_long_as_a_wiki_page_is_read_by_the_tables_alone() -> None:
    page = "We care. " * MOST_PARTS + "No surveys. Links only on Fridays."
    assert read_rule(Rule("House rules", page, "all")) == read_by_tables(Rule("House rules", page, "all"))


def test_a_verdict_is_the_meaning_with_the_highest_sum_and_the_clause_that_adds_most_to_it() -> None:
    parts = parts_in("Links", "Sources matter. Links are removed.")
    weights = {"removed": (5.0, 1.0, 0.0), "sources": (0.0, 0.0, 3.0)}
    about = ({"links:link": 2.0, "any:*": 1.0}, 0.5, -0.5, 0.25)
    reader = load(dump(weights, (0.0, 0.5, 0.0), 1.0, about, {"by": "hand"}))
    verdict = reader.read(evidence_of(parts, Topic.LINKS, (), Means.NONE))
    assert (verdict.means, verdict.part, list(verdict.scores)) == (Means.FORBID, 2, [127, 38, 76])
    assert (verdict.overrules(Means.NONE), reader.source) == (True, {"by": "hand"})
    assert reader.about == About({"link": {"links": 127}, "*": {"any": 64}}, 32, -32, 16)


@pytest.mark.parametrize(("sums", "better_than"), [((0, 4, 1), Means.FORBID), ((7, 0, 1), Means.COND)])
def test_a_verdict_that_is_hardly_surer_than_the_tables_overrules_nothing(
    sums: tuple[int, int, int], better_than: Means
) -> None:
    reader = Reader({"links": sums}, (0, 0, 0), 3, About({}, 0, 0, 0), {})
    verdict = reader.read(evidence_of(parts_in("Links, links", ""), Topic.TITLE, (), Means.NONE))
    assert list(verdict.scores) == list(sums)
    assert not verdict.overrules(Means.NONE)
    assert verdict.overrules(better_than)


@pytest.mark.parametrize(
    ("topic", "means"), [(Topic.TIMING, Means.COND), (Topic.TOPIC, Means.COND), (Topic.ACCOUNT, Means.FORBID)]
)
def test_what_every_post_has_is_asked_to_be_some_way_rather_than_forbidden(topic: Topic, means: Means) -> None:
    reader = Reader({"gone": (9, 8, 1)}, (0, 0, 0), 0, About({}, 0, 0, 0), {})
    assert reader.read(evidence_of(parts_in("Gone", ""), topic, (), Means.NONE)).means is means


@pytest.mark.parametrize(
    ("name", "description", "means"),
    [
        ("Be civil", "Treat others with respect.", Means.FORBID),
        ("Don't be a jerk", "", Means.FORBID),
        ("Be kind", "Insults will be removed.", Means.FORBID),
        ("Kind of wood", "Tell us the kind of wood you used.", Means.NONE),
    ],
)
def test_a_demand_of_civility_forbids_what_is_not(name: str, description: str, means: Means) -> None:
    assert means_for(name, description, Topic.CIVILITY) is means


def test_an_answer_is_heard_with_its_question() -> None:
    evidence = evidence_of(parts_in("Can I post links?", "No. Sorry."), Topic.LINKS, (), Means.NONE)
    assert [sign for sign in evidence.whole if sign.startswith("QA")] == [
        "QA can no",
        "QA no",
        "QA can F",
    ]


def test_a_topic_that_no_table_names_is_found_by_its_words() -> None:
    rule = Rule("Dog walkers wanted", "Kennels may post openings when pay is stated.", "all")
    assert Topic.RECRUITING not in {one.topic for one in read_by_tables(rule)}
    found = demand(Topic.RECRUITING, rule.short_name, rule.description)
    assert (found.stance, found.quote) == (Stance.ALLOWS_WHEN, "Kennels may post openings when pay is stated")


def test_a_topic_that_is_mentioned_in_passing_is_not_restricted() -> None:
    assert by_tables(Topic.PROMOTION, "Votes", "Soliciting votes is against the rules.").restricts
    assert not demand(Topic.PROMOTION, "Votes", "Soliciting votes is against the rules.").restricts


def test_a_topics_score_is_the_sum_of_its_words_and_of_how_it_is_named() -> None:
    weights = {"link": {"links": 5, "named": 2, "surveys": 7}, "*": {"any": 10, "links": 1}, "N link": {"title": 3}}
    scores = About(weights, -4, 0, 0).scores(parts_in("Links", "A link."))
    assert (scores[Topic.LINKS], scores[Topic.SURVEYS], scores[Topic.TITLE]) == (-4 + 5 + 2 + 10 + 1, 3, -1)
    assert scores[Topic.FLAIR] == -4


def test_the_judge_of_rules_asks_the_reader_of_a_topic_that_no_word_of_the_rule_names() -> None:
    assert meaning("Keep it", "to yourself.", None) == "none"
    assert meaning("Rule 1", "We remove every one of them.", Topic.SURVEYS) == "forbid"


@pytest.mark.parametrize(
    ("description", "figures"),
    [
        ("Your account must be 30 days old and have 50 comment karma.", ((30, "days"), (50, "comment karma"))),
        ("You need 100 karma and a two week old account to post.", ((100, "karma"), (2, "weeks"))),
        ("Minimum karma: fifty", ((50, "karma"),)),
        ("Accounts less than 24 hours old can't post.", ((24, "hours"),)),
    ],
)
def test_an_age_and_a_karma_that_are_both_asked_are_both_demanded(
    description: str, figures: tuple[tuple[int, str], ...]
) -> None:
    found = demand(Topic.ACCOUNT, "Account requirements", description)
    assert (found.stance, found.figures) == (Stance.REQUIRES, figures)
    assert meaning_of(found) is Means.COND
