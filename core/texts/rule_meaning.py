"""What a rule means for a topic, by the shipped transformer: a second witness beside the trained reader.

The reader (`rule_reader.py`) counts signs and knows no meaning beyond its tables; the transformer knows that “we know
what you are selling” is about selling. It learned from the same labelled rules. Together they read more of strangers'
rules right than either (docs/judging.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from core.texts.plain import readable
from core.texts.rule_reader import Means
from core.texts.rule_topics import Topic
from core.texts.transformer import Part, Transformer, shipped

QUESTION = "means"
_RULE_MOST = 112  # pieces of words
_KEPT = 2_000  # rules, by topic
_ASKED: Mapping[Topic, str] = {
    Topic.PROMOTION: "promoting or advertising one's own product",
    Topic.LINKS: "posting links",
    Topic.OWN_SITE: "linking one's own site, blog or channel",
    Topic.REFERRAL: "referral or affiliate links and codes",
    Topic.AI_TEXT: "text written by AI",
    Topic.FLAIR: "flair of a post",
    Topic.TITLE: "the title of a post",
    Topic.LENGTH: "how long a post is",
    Topic.FORMAT: "format of a post",
    Topic.LANGUAGE: "the language of a post",
    Topic.SURVEYS: "surveys and research",
    Topic.RECRUITING: "recruiting and hiring people",
    Topic.DIRECT_MESSAGES: "private messages",
    Topic.REPOSTS: "reposts of the same thing",
    Topic.WEEKLY_THREAD: "the weekly thread",
    Topic.TIMING: "when and how often to post",
    Topic.ACCOUNT: "age and karma of an account",
    Topic.DISCLOSURE: "saying that one belongs to it",
    Topic.VOTES: "asking for votes",
    Topic.CIVILITY: "civility, insults",
    Topic.TOPIC: "what posts may be about",
}


def plain_lead() -> int:
    """Returns by how much the reader must find one meaning clearer than the others, so that nobody else is asked."""
    return int(shipped(Part.RULES).source["weigh"]["plain_lead"])


@lru_cache(maxsize=_KEPT)
def besides(rule: str, topic: Topic) -> tuple[int, ...]:
    """Returns what speaks for each of `Means` in a rule (its name and description), in the reader's own measure. Takes
    some ten milliseconds.
    """
    model = shipped(Part.RULES)
    return tuple(round(each * model.source["weigh"]["inferred"]) for each in meaning_by(model, rule, topic).values())


def meaning_by(model: Transformer, rule: str, topic: Topic) -> Mapping[Means, float]:
    """Returns the logarithm of how likely each meaning is, by any model."""
    told = model.answers(QUESTION, *asked(rule, topic))
    total = math.log(sum(map(math.exp, told.values())))
    return {means: told[means] - total for means in Means}


def asked(rule: str, topic: Topic) -> tuple[str, Sequence[tuple[str, int]]]:
    """Returns what is read, and beside what."""
    return _ASKED[topic], ((readable(rule), _RULE_MOST),)
