"""The gates of what Reddit itself asks of a post there: a problem where the text surely breaks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from core.drafting.drafts import Remark
from core.drafting.grounds import Grounds
from core.drafting.text import ADVICE, OK, PROBLEM, Text
from core.requirements import BodyPolicy, Flair, LinkPolicy, Requirements
from core.texts import markup
from core.texts.features import comparable

CHECK = "requirements"
_SHOWN = 4
_MOST_TRIED_CHARS = 4_000  # of a text, because somebody else's pattern may take long


def check_requirements(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Yields remarks; none when the requirements are not known."""
    required = grounds.requirements
    if required is not None:
        where = f"r/{grounds.community}"
        remarks = [
            *_title(text.title.strip(), required, where),
            *_body(text.body.strip(), required, where),
            *_links(text.read(grounds), grounds, required),
        ]
        yield from remarks or [Remark(CHECK, OK, f"It meets what Reddit requires of a post in {where}.", "requirement")]
    yield from _flair(text.flair, grounds)


def _title(title: str, required: Requirements, where: str) -> Iterator[Remark]:
    least, most = required.title_text_min_length, required.title_text_max_length
    yield from _length("title", "The title", len(title), least, most, where)
    yield from _words("title", "The title", title, required.title_required_strings, required.title_blacklisted_strings)
    yield from _pattern("title", "The title", title, required.title_regexes, where)


def _body(body: str, required: Requirements, where: str) -> Iterator[Remark]:
    if required.body_restriction_policy is BodyPolicy.FORBIDDEN:
        if body:
            yield _problem("body", f"{where} takes no text in a post: only a title with a link or a picture.")
        return
    if required.body_restriction_policy is BodyPolicy.REQUIRED and not body:
        yield _problem("body", f"{where} takes no post without a text.")
    least, most = required.body_text_min_length, required.body_text_max_length
    yield from _length("body", "The text", len(body), least, most, where)
    yield from _words("body", "The text", body, required.body_required_strings, required.body_blacklisted_strings)
    yield from _pattern("body", "The text", body, required.body_regexes, where)


def _length(part: str, what: str, size: int, least: int | None, most: int | None, where: str) -> Iterator[Remark]:
    if least is not None and 0 < size < least:
        yield _problem(f"{part}_length", f"{what} has {size:,} characters; {where} takes none below {least:,}.")
    if most is not None and size > most:
        yield _problem(f"{part}_length", f"{what} has {size:,} characters; {where} takes {most:,} at most.")


def _words(part: str, what: str, text: str, needed: Sequence[str], refused: Sequence[str]) -> Iterator[Remark]:
    plain = text.lower()
    if needed and not any(words.lower() in plain for words in needed):
        yield _problem(f"{part}_words", f"{what} must have {_any_of(needed)}.")
    held = [words for words in refused if words.lower() in plain]
    if held:
        yield _problem(f"{part}_words", f"{what} has {_any_of(held, 'and')}, which is refused there.")


def _pattern(part: str, what: str, text: str, patterns: Sequence[str], where: str) -> Iterator[Remark]:
    if not patterns or not text:
        return
    tried = [_fits(pattern, text) for pattern in patterns]
    if any(tried):
        return
    code = f"{part}_pattern"
    if None in tried:
        said = f"{what} must fit a pattern of {where} that cannot be tried here: {_shown(patterns[tried.index(None)])}"
        yield Remark(CHECK, ADVICE, said, f"requirement:{code}")
    else:
        yield _problem(
            code, f"{what} does not fit what {where} asks for: {' or '.join(map(_shown, patterns[:_SHOWN]))}"
        )


def _fits(pattern: str, text: str) -> bool | None:
    """Whether a pattern of the community's is found in the text; None when that cannot be told in a short time."""
    if not _is_quick(pattern) or (_REPEATS.search(_bare(pattern)) and len(text) > _MOST_TRIED_CHARS):
        return None
    try:
        return re.search(pattern, text) is not None
    except re.error:  # Reddit's patterns know things that Python's do not
        return None


_REPEATS = re.compile(r"[*+]|\{\d*,\d*\}")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{\d*,?\d*\})")


def _bare(pattern: str) -> str:
    """Returns a pattern with each escaped character and each set of characters as one plain character."""
    return re.sub(r"\[\^?\]?[^\]]*\]", "x", re.sub(r"\\.", "x", pattern))


def _is_quick(pattern: str) -> bool:
    """Whether it tries some thousand characters in milliseconds: two open repeats at most, and no repeated group."""
    bare = _bare(pattern)
    return len(pattern) <= 300 and len(_REPEATS.findall(bare)) <= 2 and _REPEATED_GROUP.search(bare) is None


def _links(read: markup.Text, grounds: Grounds, required: Requirements) -> Iterator[Remark]:
    where = f"r/{grounds.community}"
    hosts = dict.fromkeys(link.host for link in read.links if link.host and not _is_reddit(link.host))
    if required.link_restriction_policy is LinkPolicy.ONLY_THESE:
        others = [host for host in hosts if not markup.is_host_of(host, required.domain_whitelist)]
        if others:
            named = ", ".join(required.domain_whitelist[:_SHOWN])
            yield _problem("domain", f"{where} takes links to {named} only; it links to {', '.join(others[:_SHOWN])}.")
    refused = [host for host in hosts if markup.is_host_of(host, required.domain_blacklist)]
    if refused and required.link_restriction_policy is LinkPolicy.NOT_THESE:
        yield _problem("domain", f"{where} takes no links to {', '.join(refused[:_SHOWN])}.")
    yield from _repost(read, grounds, required)


def _repost(read: markup.Text, grounds: Grounds, required: Requirements) -> Iterator[Remark]:
    """Looks only at the team's own posts, because those of others are not known."""
    days = required.link_repost_age
    if days is None or not read.links:
        return
    mine = {_address(link.address) for link in read.links}
    for own in grounds.history.texts:
        age = (grounds.now - own.at).days
        if own.is_posted and own.community == grounds.community and 0 <= age < days:
            again = mine & {_address(link.address) for link in markup.Text(own.title, own.body).links}
            if again:
                ago = "today" if age == 0 else "yesterday" if age == 1 else f"{age} days ago"
                yield _problem(
                    "repost",
                    f"{sorted(again)[0]} was posted {ago}; r/{grounds.community} asks for {days} days between.",
                )
                return


def _flair(chosen: str | None, grounds: Grounds) -> Iterator[Remark]:
    required, flairs = grounds.requirements, grounds.flairs
    for_members = [flair for flair in flairs or () if not flair.mod_only]
    offered = f": {', '.join(flair.text for flair in for_members[:12])}" if for_members else ""
    needed = required is not None and required.is_flair_required
    if chosen is None:
        if needed:
            said = f"r/{grounds.community} takes no post without a flair{offered}."
            yield Remark(CHECK, ADVICE, said, "requirement:flair")
    elif not chosen.strip():
        if needed:
            yield _problem("flair", f"It has no flair, and r/{grounds.community} takes no post without one{offered}.")
    elif flairs is not None and _named(chosen, for_members) is None:
        why = "is given by moderators only" if _named(chosen, flairs) else "is not one of its flairs"
        yield _problem("flair", f"“{chosen.strip()[:60]}” {why}{offered}.")


def _named(chosen: str, flairs: Iterable[Flair]) -> Flair | None:
    wanted = comparable(chosen)
    return next((f for f in flairs if comparable(f.text) == wanted or (f.id and f.id == chosen.strip())), None)


def _problem(code: str, said: str) -> Remark:
    return Remark(CHECK, PROBLEM, said, f"requirement:{code}")


def _any_of(words: Sequence[str], joined: str = "or") -> str:
    shown = [_shown(one) for one in words[:_SHOWN]]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joined} {shown[-1]}"


def _shown(words: str) -> str:
    return f"“{words if len(words) <= 60 else f'{words[:59]}…'}”"


def _is_reddit(host: str) -> bool:
    return markup.is_host_of(host, ("reddit.com", "redd.it"))


def _address(written: str) -> str:
    plain = written.lower().partition("#")[0].rstrip("/")
    return re.sub(r"^https?://(?:www\.)?", "", plain)
