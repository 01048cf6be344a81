"""What changed, in words: a rule, fact or pattern before and after, cut to where they differ."""

from __future__ import annotations

from bot.words import shortened
from core.drafting.approvals import Change, ChangeKind

AROUND = 6  # words of what both have in common, shown before and after the difference
WORDS_MAX = 300  # characters of one side

_REQUIRED = {
    "title_text_min_length": "the least length of a title",
    "title_text_max_length": "the greatest length of a title",
    "title_required_strings": "what a title must hold",
    "title_blacklisted_strings": "what a title must not hold",
    "title_regexes": "the form of a title",
    "body_restriction_policy": "whether a post has a text",
    "body_text_min_length": "the least length of a text",
    "body_text_max_length": "the greatest length of a text",
    "body_required_strings": "what a text must hold",
    "body_blacklisted_strings": "what a text must not hold",
    "body_regexes": "the form of a text",
    "link_restriction_policy": "which sites may be linked",
    "domain_whitelist": "the only sites that may be linked",
    "domain_blacklist": "sites that must not be linked",
    "link_repost_age": "days until a link may come again",
    "is_flair_required": "whether a post needs a flair",
    "guidelines_text": "its guidelines for posts",
}
_NOUNS = {"rule": "Rule", "demand": "What is asked about", "fact": "Fact", "pattern": "Pattern"}


def change_line(change: Change) -> str:
    """Returns one change in one to three lines: "Fact 3 was changed. Before: “… 41 days …” Now: “… 26 days …”"."""
    if change.kind in (ChangeKind.REQUIREMENT_CHANGED, ChangeKind.FLAIRS_CHANGED):
        return _posting_line(change)
    noun = _NOUNS[change.kind.value.partition("_")[0]]
    which = f"{noun} “{change.name}”" if noun == "Rule" else f"{noun} {change.name}"
    match change.kind:
        case ChangeKind.RULE_NEW | ChangeKind.PATTERN_NEW:
            return f"{which} is new: “{shortened(change.after, WORDS_MAX)}”"
        case ChangeKind.RULE_GONE:
            return f"{which} is gone: “{shortened(change.before, WORDS_MAX)}”"
        case ChangeKind.FACT_GONE:
            return f"{which} no longer stands: “{shortened(change.before, WORDS_MAX)}”"
        case _:
            before, after = difference(change.before, change.after)
            return f"{which} was changed.\nBefore: “{before}”\nNow: “{after}”"


def _posting_line(change: Change) -> str:
    what = "its flairs" if change.kind is ChangeKind.FLAIRS_CHANGED else _REQUIRED.get(change.name, change.name)
    before, after = (shortened(words, WORDS_MAX) or "nothing" for words in (change.before, change.after))
    return f"Changed: {what}.\nBefore: “{before}”\nNow: “{after}”"


def difference(before: str, after: str) -> tuple[str, str]:
    """Returns both texts, without what they share at their beginning and end except a few words."""
    old, new = before.split(), after.split()
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return _cut(old, head, tail), _cut(new, head, tail)


def _cut(words: list[str], head: int, tail: int) -> str:
    begin, end = max(0, head - AROUND), min(len(words), len(words) - tail + AROUND)
    text = shortened(" ".join(words[begin:end]), WORDS_MAX)
    return f"{'… ' if begin else ''}{text}{' …' if end < len(words) else ''}" or "nothing"
