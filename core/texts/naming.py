"""Which features people's words name, in a rule, a moderator's message or a member's own pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from core.texts.features import FEATURES
from core.texts.promotion_kinds import NAMED
from core.texts.rule_clauses import speaks_of, topics_in
from core.texts.rule_topics import Topic


def _words(*names: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


# Features that are narrower than their topic: the words must name the very thing.
_NAMES: Mapping[str, re.Pattern[str]] = {
    "title_link": _words(r"(?:links?|urls?) in (?:the |your )?(?:titles?|headlines?)"),
    "shortened": _words(r"short(?:ened)? (?:links?|urls?)|(?:url|link)[- ]shorteners?|bit\.?ly"),
    **NAMED,
    "direct_messages": _words(r"direct[- ]messag\w*", r"(?:dm|pm)s?(?:'?ing|'?d)?", r"privately", r"private messag\w*"),
    "capitals": _words(
        r"(?:all[- ])?caps(?: lock)?", r"capitals?(?: letters)?", r"shout\w*", r"yell\w*", r"upper-?case"
    ),
    "clickbait": _words(r"click ?-?bait\w*", r"sensational\w*", r"(?:misleading|exaggerated) titles?"),
    "exclamations": _words(r"exclamation(?: marks?| points?)?", r"excessive punctuation"),
    "emoji": _words(r"emojis?", r"emoticons?"),
    "hashtags": _words(r"hash-?tags?"),
    "greeting": _words(r"greetings?", r"pleasantries", r"thanks in advance", r"hello"),
    "image_only": _words(r"screenshots?", r"images?", r"pictures?", r"photos?", r"memes?"),
    "no_summary": _words(r"tl;? ?dr", r"(?:add|include|without|needs?|missing|no)(?: a| an)? summary"),
    "title_question": _words(
        r"(?:no|not|avoid|don't|do not|without)(?: \w+){0,3} questions?(?: \w+){0,2} titles?",
        r"titles?(?: \w+){0,2} (?:not|never)(?: \w+){0,2} (?:a )?questions?",
    ),
    "title_statement": _words(
        r"titles?(?: \w+){0,2} (?:must|should|needs? to|has to|have to)(?! not)(?: \w+){0,4} questions?",
        r"(?:ask|phrase)(?: \w+){0,4} questions? (?:in|as) (?:the|your) titles?",
    ),
    "title_number": _words(r"(?:numbers?|figures?|digits?) in (?:the |your )?titles?"),
    "title_first_person": _words(r"(?:first person|\"?i\"?) in (?:the |your )?titles?"),
    "list": _words(r"listicles?", r"(?:no|bullet(?:ed)?) lists?"),
    "formatting": _words(r"(?:bold|headings?|headers)(?: text| words)?"),
    "short_text": _words(
        r"too (?:short|brief|thin)",
        r"one[- ]liners?",
        r"low[- ]?effort",
        r"(?:minimum|at least)(?: \w+){0,3} (?:words?|characters?|sentences?|length)",
        r"minimum length",
        r"(?:more|longer|enough) (?:detail|context|text|posts?)",
        r"(?:a )?(?:line|sentence) or two",
    ),
    "long_text": _words(r"too long", r"walls? of text", r"(?:maximum|at most)(?: \w+){0,3} (?:words?|characters?)"),
    "short_title": _words(r"titles?(?: \w+){0,3} too short", r"too short(?: a)? titles?"),
    "long_title": _words(r"titles?(?: \w+){0,3} too long", r"too long(?: a)? titles?", r"shorter titles?"),
}
# The features of each topic, the most telling first. The other topics cannot be seen in a text.
OF_TOPIC: Mapping[Topic, tuple[str, ...]] = {
    Topic.VOTES: ("votes", "praise"),
    Topic.REFERRAL: ("referral", "shortened", "referral_code"),
    Topic.OWN_SITE: ("own_site",),
    Topic.LINKS: ("link",),
    Topic.PROMOTION: ("self_promotion",),
    Topic.AI_TEXT: ("ai_tell",),
    Topic.LANGUAGE: ("non_english",),
    Topic.SURVEYS: ("survey",),
    Topic.RECRUITING: ("hiring",),
    Topic.DIRECT_MESSAGES: ("direct_messages",),
    Topic.CIVILITY: ("insult", "belittling"),
}


def features_named(words: str) -> tuple[str, ...]:
    """The keys of the features that `words` name: first those named outright, then those of the topics named."""
    outright = [key for key, names in _NAMES.items() if names.search(words)]
    of_topics = [key for topic in topics_in(words) for key in OF_TOPIC.get(topic, ())]
    return tuple(dict.fromkeys((*outright, *of_topics)))


def speaks_of_any(text: str, words: Iterable[str]) -> bool:
    """True when a text has one of the words or phrases, in any case and also in the plural."""
    pattern = "|".join(re.escape(word) for word in words if word.strip())
    return bool(pattern) and re.search(rf"(?<!\w)(?:{pattern})(?:s|es)?(?!\w)", text, re.IGNORECASE) is not None


def names(key: str, words: str) -> bool:
    """True when `words` name a feature, or, when the feature covers its whole topic, that topic."""
    if key in _NAMES:
        return _NAMES[key].search(words) is not None
    return any(speaks_of(Topic(topic), words) for topic in FEATURES[key].topics)
