"""Forms that a rule asks for in words that no topic has: a kind of post on its days, tags in titles, a flair of all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from core.texts.days import days_in, spelled_days
from core.texts.rule_clauses import topics_in

_DAYS = r"(?:weekends?|\w+days?)"
_OF_A_KIND = r"(?!(?:are|is|may|must|can|go|belong|be|only|allowed|posts?|threads?)\b)[a-z'-]+"
_KIND_AND_DAY = re.compile(
    rf"^(?P<kind>(?:{_OF_A_KIND} ){{0,2}}{_OF_A_KIND}?)s?(?: posts?| threads?)? "
    r"(?:are |is |may |must |can |go |belong )?(?:be )?"
    r"(?:only |allowed |posted |restricted |limited |reserved |to |for |on )+(?:the )?"
    rf"{_DAYS}\b(?:(?:, (?:and |or )?| and | or |/| & | to |-){_DAYS}\b)*",
)


def kind_and_days(short_name: str) -> tuple[str, tuple[int, ...]]:
    """Returns a kind of post that is no topic, in lower case and without its plural, with the weekdays that a rule's
    name gives to it: "Trip reports on weekends only" is ("trip report", (5, 6)). ("", ()) where there is none.
    """
    named = _KIND_AND_DAY.match(spelled_days(short_name).lower().strip())
    if named is None:
        return "", ()
    days = days_in(named.group())
    return (named["kind"], days) if days and not topics_in(named["kind"]) else ("", ())


def is_of_kind(kind: str, title: str, flair: str) -> bool:
    """Whether a title begins with a kind's name, or the flair is that."""
    begins = re.match(rf"\W*{re.escape(kind)}(?:s|es)?\b(?: ?[\]):–—-]|$| from| of| to)", title.lower())
    return begins is not None or flair.lower().rstrip("s") == kind


_EVERY_POST = re.compile(
    r"\b(?:all|every|each|posts?|submissions?) [^.]{0,30}\bflair|\bflair (?:your|all|every|each|posts?|up|is)\b|"
    r"\b(?:no|without(?: an?)?|un)-? ?flair|\b(?:use|choose|pick|select|add|set|assign) (?:an?|the|one)\b"
    r"[^.]{0,20}flair",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(r"\buser ?flair|\byour own flair|\bflair (?:for )?(?:yourself|users)", re.IGNORECASE)


def asks_flair_of_every_post(quote: str) -> bool:
    """Whether the words ask a flair of all posts, rather than of some, or of people."""
    return _EVERY_POST.search(quote) is not None and _OF_PEOPLE.search(quote) is None


def flairs_named(rule: str, flairs: Sequence[str]) -> tuple[str, ...]:
    """Returns which of a community's flairs a rule names as such: "with the Market flair", "flaired as Market"."""
    return tuple(flair for flair in flairs if flair.strip() and _as_flair(flair).search(rule))


def flairs_of_own(rule: str, flairs: Sequence[str]) -> tuple[str, ...]:
    """Returns the flairs that a rule sets aside for what people make themselves: "Tool is for apps, your own included",
    "If your post talks about an app, the flair is Tools and apps".
    """
    return tuple(
        flair
        for flair in flairs
        if flair.strip() and any(_OF_OWN.search(said["what"]) for use in _uses_of(flair) for said in use.finditer(rule))
    )


@lru_cache(maxsize=1_000)
def _uses_of(flair: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    name = rf"[\"'“‘\[]?{re.escape(flair.strip())}[\"'”’\]]?"
    said_after = rf"(?<!\w){name}(?: is for| are for| means|:| =) (?P<what>[^.;\n]+)"
    said_before = (
        rf"(?P<what>[^.;\n]+)\b(?:the flair is|goes? under|belongs? under|carr(?:y|ies) the flair) {name}(?!\w)"
    )
    return re.compile(said_after), re.compile(said_before)


_OF_OWN = re.compile(
    r"\b(?:your|their) own\b|\bown (?:work|tools?|apps?|projects?|products?|games?|things?|stuff|sites?)\b|"
    r"\b(?:you|they)(?:'ve| have)? (?:made|built|make|build|sell|wrote|write|run)\b|"
    r"\b(?:tools?|apps?|software|gadgets?)\b",
    re.IGNORECASE,
)


def asks_a_question(rule: str) -> bool:
    """Whether a rule asks that titles are questions."""
    return _TITLE_ASKS.search(rule) is not None


_TITLE_ASKS = re.compile(
    r"\btitles?\b[^.]{0,40}\b(?:is|are|be|as|in the form of)(?: always)? (?:a |an )?(?:\w+ )?questions?\b|"
    r"\btitles?\b[^.]{0,60}\bquestion marks?\b",
    re.IGNORECASE,
)


def is_on_feedback(rule: str) -> bool:
    """Whether a rule speaks of posts that ask readers for feedback: "Feedback on your product: with the Show flair".
    Whether a text asks for it, tells core/texts/archetypes.py.
    """
    return _FEEDBACK.search(rule) is not None


_FEEDBACK = re.compile(r"\b(?:feedback|critique|reviews?|roast)\b", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def _as_flair(flair: str) -> re.Pattern[str]:
    name = rf"[\"'“‘\[]?{re.escape(flair.strip())}[\"'”’\]]?"
    return re.compile(
        rf"(?<!\w){name} (?:post )?(?:flair|tag)\b|\b(?:flair|tag)(?:s|ged|ed)?(?: it| them| as| with| is|"
        rf":)* {name}(?!\w)",
        re.IGNORECASE,
    )


_TAG = re.compile(r"\[([^\[\]]{1,40})\]")
_ONE_OF_TAGS = re.compile(
    r"\[[^\[\]]{1,40}\](?:(?:[\s\"“”']*(?:,|/|\||\bor\b|\band\b))+"
    r"[\s\"“”']*\[[^\[\]]{1,40}\])+"
)
_EXAMPLES = re.compile(r"\b(?:e\.?g|for example|such as|like|example)\b", re.IGNORECASE)


def tags_lacking(rule: str, title: str) -> tuple[str, ...] | None:
    """Returns the tags of which the title has none and a rule asks for one: ("[Gear]", "[Log]"). Empty when it has one,
    None when the rule lists none. Any tag will do where the rule gives examples.
    """
    listed = _ONE_OF_TAGS.search(rule)
    if listed is None:
        return None
    tags, has = _TAG.findall(listed.group()), [tag.lower().strip() for tag in _TAG.findall(title)]
    if any(tag.lower().strip() in has for tag in tags) or (has and _EXAMPLES.search(rule)):
        return ()
    return tuple(f"[{tag}]" for tag in tags)
