"""Links to Reddit posts and comments as people paste them (reddit-facts: links that people paste).

A pasted address is only ever taken apart here; it is never requested. What goes to Reddit is an id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import BadArgument

_HOSTS = frozenset({"reddit.com"} | {f"{sub}.reddit.com" for sub in ("www", "old", "new", "np", "sh", "m", "amp", "i")})
_SHORT_HOST = "redd.it"
_MEDIA_HOSTS = frozenset({"i.redd.it", "v.redd.it", "preview.redd.it", "external-preview.redd.it"})

_ID = r"(?P<id>[0-9A-Za-z]{4,8})"
_COMMENT = r"[0-9A-Za-z]{4,8}"
_COMMUNITY = r"(?P<community>u_[A-Za-z0-9_-]{3,20}|[A-Za-z0-9][A-Za-z0-9_]{1,20})"
_MEMBER = r"(?P<member>[A-Za-z0-9_-]{3,20})"
# After the id: nothing, a slug, a slug and a comment's id, or the word "comment" and a comment's id.
_REST = rf"(?:/comment/(?P<comment>{_COMMENT})|/[^/]*(?:/(?P<reply>{_COMMENT}))?)?"
_POST_PATHS = tuple(
    re.compile(pattern + "/*", re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"/r/{_COMMUNITY}/comments/{_ID}{_REST}",
        rf"/(?:user|u)/{_MEMBER}/comments/{_ID}{_REST}",
        rf"/comments/{_ID}{_REST}",
        rf"/r/{_COMMUNITY}/duplicates/{_ID}(?:/[^/]*)?",
        rf"/gallery/{_ID}",
    )
)
_SHORT_PATH = re.compile(rf"/{_ID}/*", re.ASCII)
# The token is case-sensitive, so the path is kept as it was pasted.
_SHARE_PATH = re.compile(rf"(/(?:r/{_COMMUNITY}|(?:user|u)/{_MEMBER})/s/[A-Za-z0-9]{{4,20}})/*", re.ASCII)
_COMMUNITY_PAGE = re.compile(r"/r/[^/]+(?:/(?!comments/|duplicates/|s/).*)?", re.IGNORECASE)
_MEMBER_PAGE = re.compile(r"/(?:user|u)/[^/]+(?:/(?!comments/[^/]|s/).*)?", re.IGNORECASE)
_MEDIA_PAGE = re.compile(r"/media/*", re.IGNORECASE)  # /media?url=https://i.redd.it/…
_BARE_PATH = re.compile(r"(?:r|u|user|comments|gallery)/", re.IGNORECASE)
# What people put around a link: quotes, brackets, and the marks of bold, code and spoilers.
_BEFORE, _AFTER = "'\"`*_|(“”", "'\"`*_|)“”.,;:!?"
_EXAMPLE = "Paste the post's link, such as https://www.reddit.com/r/name/comments/1abc2d/title/"


@dataclass(frozen=True, slots=True)
class PostLink:
    """What a pasted link points to.

    Either `fullname` (with `post_id`, the id of the post it is or belongs to) is known, or `share_path` is: the path
    of a share link, which must be resolved first. `community` is None where the link does not name it.
    """

    fullname: str | None
    post_id: str | None
    community: str | None
    share_path: str | None = None

    @property
    def permalink(self) -> str:
        """The canonical address. `ValueError` for a share link, which has none yet."""
        if self.fullname is None or self.post_id is None:
            raise ValueError("a share link has no permalink before it is resolved")
        return permalink_of(self.fullname, self.post_id, self.community)


def permalink_of(fullname: str, post_id: str, community: str | None) -> str:
    """Our own address of a post or comment, made from ids alone."""
    if community is None:
        start = "https://www.reddit.com"
    elif community.startswith("u_"):
        start = f"https://www.reddit.com/user/{community[2:]}"
    else:
        start = f"https://www.reddit.com/r/{community}"
    comment = f"comment/{fullname.removeprefix('t1_')}/" if fullname.startswith("t1_") else ""
    return f"{start}/comments/{post_id}/{comment}"


def parse_link(text: str) -> PostLink:
    """The post or comment behind a link as it was pasted into Discord, Slack or a terminal.

    Accepts every form in reddit-facts, with or without scheme, and a bare path (`/r/name/comments/…`, which is what a
    resolved share link gives). Query and fragment are ignored. Raises `BadArgument` for anything else, and says what
    it is instead.
    """
    host, path = _take_apart(_unwrap(text))
    if host == _SHORT_HOST:
        match = _SHORT_PATH.fullmatch(path)
        if match:
            return _post(match["id"], None, None)
    elif host in _HOSTS:
        for pattern in _POST_PATHS:
            match = pattern.fullmatch(path)
            if match:
                return _from_match(match)
        match = _SHARE_PATH.fullmatch(path)
        if match:
            return PostLink(None, None, _community(match), share_path=match[1])
    raise _refusal(host, path)


def _unwrap(text: str) -> str:
    link = text.strip().lstrip(_BEFORE).rstrip(_AFTER)
    if link.startswith("<") and link.endswith(
        ">"
    ):  # Discord's <url>, Slack's <url|text>; its &amp; is in the query only
        link = link[1:-1].split("|", 1)[0].strip()
    link = link.rstrip(_AFTER)
    if not link:
        raise BadArgument("There is no link.", _EXAMPLE, param="link")
    if re.search(r"\s", link) or not link.isprintable():
        raise BadArgument("That is more than one link, or no link.", _EXAMPLE, param="link")
    return link


def _take_apart(link: str) -> tuple[str, str]:
    if (link.startswith("/") and not link.startswith("//")) or _BARE_PATH.match(link):
        link = f"https://www.reddit.com/{link.lstrip('/')}"
    elif "://" not in link:
        link = f"https://{link.removeprefix('//')}"
    try:
        parts = urlsplit(link)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadArgument("That is not a web address.", _EXAMPLE, param="link") from None
    if parts.scheme.lower() not in ("http", "https") or "." not in host:
        raise BadArgument("That is not a web address.", _EXAMPLE, param="link")
    if parts.username is not None or parts.password is not None or port is not None:
        raise BadArgument(
            "That address carries a user name or a port, which Reddit's links never do.", _EXAMPLE, param="link"
        )
    return host, parts.path


def _from_match(match: re.Match[str]) -> PostLink:
    groups = match.groupdict()
    return _post(match["id"], groups.get("comment") or groups.get("reply"), _community(match))


def _post(post_id: str, comment_id: str | None, community: str | None) -> PostLink:
    fullname = f"t1_{comment_id.lower()}" if comment_id else f"t3_{post_id.lower()}"
    return PostLink(fullname, post_id.lower(), community)


def _community(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    if groups.get("member"):
        return f"u_{groups['member']}".lower()  # a profile is a community of that name
    return groups["community"].lower() if groups.get("community") else None


def _refusal(host: str, path: str) -> BadArgument:
    if host in _MEDIA_HOSTS or (host in _HOSTS and _MEDIA_PAGE.fullmatch(path)):
        what, do = "That is the picture or video itself, not the post.", f"Open the post it belongs to. {_EXAMPLE}"
    elif host not in _HOSTS and host != _SHORT_HOST:
        what, do = f"{host[:80]} is not Reddit.", _EXAMPLE
    elif "/s/" in path.lower():
        what = "That share link is not complete."
        do = "Open it in a browser and paste the long address it leads to."
    elif _MEMBER_PAGE.fullmatch(path):
        what, do = "That is an account's page, not a post.", f"Open the post. {_EXAMPLE}"
    elif _COMMUNITY_PAGE.fullmatch(path):
        what, do = "That is a community's page, not a post.", f"Open the post. {_EXAMPLE}"
    else:
        what, do = "That address on Reddit is not a post or a comment.", _EXAMPLE
    return BadArgument(what, do, param="link")
