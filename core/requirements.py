"""What Reddit itself asks of a post in a community: its "post requirements" and its flairs, as its API tells them.

Unlike a rule, a requirement needs no interpretation: Reddit refuses a post that breaks one. What a source does not tell
stays unknown; then nothing is asked and nothing is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from core.records import dump
from core.texts.markup import host_of

Policy = TypeVar("Policy", "BodyPolicy", "LinkPolicy")
_LISTED_AT_MOST = 500  # items of any list; Reddit's own limits are lower
_TEXT_AT_MOST = 500


class BodyPolicy(StrEnum):
    """Reddit's words for whether a post has a text."""

    REQUIRED = "required"
    FORBIDDEN = "notAllowed"
    FREE = "none"


class LinkPolicy(StrEnum):
    """Reddit's words for which domains may be linked."""

    ONLY_THESE = "whitelist"
    NOT_THESE = "blacklist"
    FREE = "none"


@dataclass(frozen=True, slots=True)
class Requirements:
    """What Reddit requires of a post. The fields have Reddit's names, as in its API, the sample and judges' files."""

    title_text_min_length: int | None = None
    title_text_max_length: int | None = None
    title_required_strings: tuple[str, ...] = ()  # one of them
    title_blacklisted_strings: tuple[str, ...] = ()
    title_regexes: tuple[str, ...] = ()  # one of them
    body_restriction_policy: BodyPolicy = BodyPolicy.FREE
    body_text_min_length: int | None = None
    body_text_max_length: int | None = None
    body_required_strings: tuple[str, ...] = ()  # one of them
    body_blacklisted_strings: tuple[str, ...] = ()
    body_regexes: tuple[str, ...] = ()  # one of them
    link_restriction_policy: LinkPolicy = LinkPolicy.FREE
    domain_whitelist: tuple[str, ...] = ()
    domain_blacklist: tuple[str, ...] = ()
    link_repost_age: int | None = None  # days in which a link may not come again
    is_flair_required: bool = False
    guidelines_text: str = ""

    def dump(self) -> dict[str, Any]:
        """The requirements as plain JSON, without fields that ask nothing. `read` reads it."""
        return {f.name: dump(value) for f in fields(self) if (value := getattr(self, f.name)) != f.default}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Requirements:
        """The requirements in Reddit's JSON. A field that is missing or malformed asks nothing; the others count."""
        domains = {
            name: tuple(filter(None, map(host_of, _texts(told.get(name)))))
            for name in ("domain_whitelist", "domain_blacklist")
        }
        policy = _one_of(LinkPolicy, told.get("link_restriction_policy"))
        if policy is None:  # then the lists tell it
            policy = LinkPolicy.ONLY_THESE if domains["domain_whitelist"] else LinkPolicy.NOT_THESE
        read: Mapping[str, Callable[[Any], Any]] = {"int | None": _count, "tuple[str, ...]": _texts}
        plain = {f.name: read[str(f.type)](told.get(f.name)) for f in fields(cls) if f.type in read}
        return cls(
            **plain | domains,
            body_restriction_policy=_one_of(BodyPolicy, told.get("body_restriction_policy")) or BodyPolicy.FREE,
            link_restriction_policy=policy if any(domains.values()) else LinkPolicy.FREE,
            is_flair_required=told.get("is_flair_required") is True,
            guidelines_text=text if isinstance(text := told.get("guidelines_text"), str) else "",
        )


@dataclass(frozen=True, slots=True)
class Flair:
    """A flair that a post can have. `mod_only`: only they can give it."""

    text: str
    id: str = ""
    mod_only: bool = False

    @classmethod
    def read(cls, told: Any) -> Flair | None:
        """Reddit's object, or its text alone; None for anything else."""
        if isinstance(told, str):
            return cls(told.strip()) if told.strip() else None
        text = told.get("text") if isinstance(told, Mapping) else None
        if not isinstance(text, str) or not text.strip():
            return None
        known = told.get("id")
        return cls(text.strip(), known if isinstance(known, str) else "", told.get("mod_only") is True)


@dataclass(frozen=True, slots=True)
class Posting:
    """What Reddit asks of a post, as one source told it. None: the source does not know."""

    requirements: Requirements | None = None
    flairs: tuple[Flair, ...] | None = None


def flairs_in(told: Any) -> tuple[Flair, ...] | None:
    """The flairs in a list; None when it is not a list, or when it has entries and none can be read."""
    if not isinstance(told, list):
        return None
    flairs = tuple(flair for flair in map(Flair.read, told[:_LISTED_AT_MOST]) if flair is not None)
    return None if told and not flairs else flairs


def _texts(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list):
        return ()
    return tuple(text for text in told[:_LISTED_AT_MOST] if isinstance(text, str) and 0 < len(text) <= _TEXT_AT_MOST)


def _count(told: Any) -> int | None:
    """A count above 0; None, which asks nothing, for anything else."""
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 < told < 10**6 else None


def _one_of(kind: type[Policy], told: Any) -> Policy | None:
    return next((policy for policy in kind if policy.value == told), None)
