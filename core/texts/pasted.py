"""Reads what people paste, for every front end, form and setting: links, communities, accounts, settings' values.

For any input, a reader returns its result or raises `BadArgument`, which repeats the input and says what to write
instead. A pasted address is only taken apart, never requested: only an id goes to Reddit. The grammars are those of
reddit-facts: links that people paste. Time zones: `core/texts/zones.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from core.errors import BadArgument

SAID_MAX = 40  # characters of an input that an error repeats


def said(text: str) -> str:
    """Returns an input, quoted and short enough for a sentence."""
    return repr(text if len(text) <= SAID_MAX else text[: SAID_MAX - 1] + "…")


# ---------------------------------------------------------------- marks around a paste

# Invisible: soft hyphen, joiners, direction marks, byte order mark, fillers, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# ASCII as keyboards for Chinese, Japanese and Korean write it, and the full stop that browsers read as a dot.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3002: 0x2E, 0xFF61: 0x2E}
# Signs around a link or a name: quotes, brackets, and the marks of bold, code and spoilers.
_BEFORE, _AFTER = "'\"`*|~([“”„‘’‚«»‹›", "'\"`*|~)]“”‘’«»‹›.,;:!?…"
# Underscores belong to names, so they are marks of italics only around what shows where a name or an address begins.
_ITALICS = re.compile(r"_+(/?(?:r|u|user)/.+?|https?://.+?)_+", re.IGNORECASE | re.DOTALL)
_ITEM = re.compile(r"(?m)^[ \t]*(?:[-*•·‣▪–—]|\d{1,3}[.)])[ \t]+")  # what stands before an item of a list


def without_marks(text: str) -> str:
    """Returns `text` without invisible characters, and without space at its ends (also NBSP and line breaks)."""
    return _INVISIBLE.sub("", text).strip()


def _plain(text: str) -> str:
    """Returns `without_marks`, with full-width letters as ASCII. For names and addresses only."""
    return without_marks(text.translate(_NARROW))


# A member of the chat as Slack and Discord write it: <@U012|name>, <@!123>.
_MENTION = re.compile(r"<[@#!][^<>]*>")
_ANGLE = re.compile(r"<([^<>|\s]+)(?:\|[^<>]*)?>")  # Discord's <url>, Slack's <url|text>
_MARKDOWN = re.compile(r"\[[^\[\]]*\]\(\s*<?([^\s()<>]+)>?(?:\s[^()]*)?\)")


def _bare(text: str) -> str:
    """Returns `text` with the address in place of every wrapped link."""
    return _ANGLE.sub(r" \1 ", _MARKDOWN.sub(r" \1 ", text)).strip()


def _unwrapped(text: str) -> str:
    """Returns `text` without the signs around the whole of it."""
    before = None
    while before != text:
        before, text = text, text.lstrip(_BEFORE).rstrip(_AFTER).strip()
        if (italics := _ITALICS.fullmatch(text)) is not None:
            text = italics[1]
    return text


# ---------------------------------------------------------------- addresses

_SUBDOMAIN = (
    r"(?:www|old|new|np|sh|m|amp|i|[a-z]{2}(?:-(?:[a-z]{2}|[a-z]{4}|\d{3}))?)"  # the last: languages, countries
)
_HOST = re.compile(rf"(?:{_SUBDOMAIN}\.)?reddit\.com", re.ASCII)
_SHORT_HOST = "redd.it"
_MEDIA_HOSTS = frozenset({"i.redd.it", "v.redd.it", "preview.redd.it", "external-preview.redd.it"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_BARE_PATH = re.compile(r"(?:r|u|user|comments|gallery)/", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?://|(?<![\w@./\\:-])(?:[\w-]+\.)*(?:reddit\.com|redd\.it)(?=[/?#.:\s]|$))[^\s<>\"`“”„«»|\[\]]*",
    re.IGNORECASE | re.ASCII,
)
_SCHEME = re.compile(r"https?:?/*", re.IGNORECASE)  # alone it is no address: a space came behind it
_SUFFIX = re.compile(r"/?\.(?:json|rss|xml|compact|mobile)/*", re.IGNORECASE | re.ASCII)
_EXAMPLE = "Paste the post's link, such as https://www.reddit.com/r/name/comments/1abc2d/title/"


@dataclass(frozen=True, slots=True)
class _Address:
    scheme: str
    host: str
    path: str
    query: str

    @property
    def is_reddit(self) -> bool:
        return _HOST.fullmatch(self.host) is not None


def _take_apart(pasted: str) -> _Address:
    """Returns an address as a browser reads it. `BadArgument` for any other text, and for a host that only looks like
    Reddit.
    """
    link = unquote(pasted) if re.match(r"https?%3a", pasted, re.IGNORECASE) else pasted
    if (link.startswith("/") and not link.startswith("//")) or _BARE_PATH.match(link):
        link = f"https://www.reddit.com/{link.lstrip('/')}"
    elif "://" not in link:
        link = f"https://{link.removeprefix('//')}"
    try:
        parts = urlsplit(link)
        host, port = (parts.hostname or "").lower().removesuffix("."), parts.port
    except ValueError:
        raise _not_an_address(pasted) from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or "." not in host or any(c.isspace() or not c.isprintable() for c in link):
        raise _not_an_address(pasted)
    if parts.username is not None or parts.password is not None or port not in (None, _DEFAULT_PORTS[scheme]):
        raise BadArgument(
            "That address carries a user name or a port, which Reddit's links never do.", _EXAMPLE, param="link"
        )
    return _Address(scheme, host, _path_of(parts), parts.query)


def _path_of(parts: SplitResult) -> str:
    path = "/" + parts.path.lstrip("/") if parts.path.startswith("//") else parts.path
    end = _SUFFIX.search(path)
    return path[: end.start()] if end and end.end() == len(path) else path


def _not_an_address(link: str) -> BadArgument:
    return BadArgument(f"{said(link)} is not a web address.", _EXAMPLE, param="link")


# ---------------------------------------------------------------- links to posts and comments

_ID = r"(?P<id>[0-9A-Za-z]{4,8})"
_COMMENT = r"[0-9A-Za-z]{4,8}"
_NAME = r"[A-Za-z0-9_-]{3,20}"  # of an account; communities take no hyphen
_SUBREDDIT = rf"u_{_NAME}|[A-Za-z0-9][A-Za-z0-9_]{{1,20}}"
_COMMUNITY = rf"(?P<community>{_SUBREDDIT})"
_MEMBER = rf"(?P<member>{_NAME})"
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
_COMMUNITY_PAGE = re.compile(r"/r/(?P<name>[^/]+)(?:/(?!comments/|duplicates/|s/).*)?", re.IGNORECASE)
_MEMBER_PAGE = re.compile(r"/(?:user|u)/(?P<name>[^/]+)(?:/(?!comments/[^/]|s/).*)?", re.IGNORECASE)
_MEDIA_PAGE = re.compile(r"/media/*", re.IGNORECASE)  # /media?url=https://i.redd.it/…


@dataclass(frozen=True, slots=True)
class PostLink:
    """The target of a pasted link.

    Either `fullname` (with `post_id`, the id of the post it is or belongs to) is known, or `share_path` is: the path
    of a share link, which must be resolved first. `community` is None when the link does not name it.
    """

    fullname: str | None
    post_id: str | None
    community: str | None
    share_path: str | None = None

    @property
    def permalink(self) -> str:
        """Returns the canonical address. `ValueError` for a share link, which has none yet."""
        if self.fullname is None or self.post_id is None:
            raise ValueError("a share link has no permalink before it is resolved")
        return permalink_of(self.fullname, self.post_id, self.community)


def permalink_of(fullname: str, post_id: str, community: str | None) -> str:
    """Returns our own address of a post or comment, made from ids alone."""
    if community is None:
        start = "https://www.reddit.com"
    elif community.startswith("u_"):
        start = f"https://www.reddit.com/user/{community[2:]}"
    else:
        start = f"https://www.reddit.com/r/{community}"
    comment = f"comment/{fullname.removeprefix('t1_')}/" if fullname.startswith("t1_") else ""
    return f"{start}/comments/{post_id}/{comment}"


def parse_link(text: str) -> PostLink:
    """Returns the post or comment behind a link that was pasted into Discord, Slack, a form or a terminal.

    Accepts every form in reddit-facts on any host of Reddit that shows posts, with or without scheme, a bare path
    (`/r/name/comments/…`), wrapped as chats and Markdown wrap it, and a text that holds one such link. Query and
    fragment are ignored. Raises `BadArgument` for anything else, and says what it is instead.
    """
    whole = _bare(_plain(text))
    link = _unwrapped(whole)
    if not link or link == "<>":
        raise BadArgument("There is no link.", _EXAMPLE, param="link")
    if re.search(r"\s", link):
        link = _only_address(link)
    return _post_at(_take_apart(link))


def _post_at(address: _Address) -> PostLink:
    if address.host == _SHORT_HOST:
        match = _SHORT_PATH.fullmatch(address.path)
        if match:
            return _post(match["id"], None, None)
    elif address.is_reddit:
        for pattern in _POST_PATHS:
            match = pattern.fullmatch(address.path)
            if match:
                return _from_match(match)
        match = _SHARE_PATH.fullmatch(address.path)
        if match:
            return PostLink(None, None, _community(match), share_path=match[1])
    raise _refusal(address)


def addresses_in(text: str) -> list[str]:
    """Returns the web addresses in a text, wrapped or not, each once, in order. Without a scheme, only addresses of
    Reddit count.
    """
    return list(dict.fromkeys(_addresses(_bare(_plain(text)))))


def post_addresses_in(text: str) -> list[str]:
    """Returns the posts, comments and share links that a message links to, each once, as addresses that we made."""
    found: dict[str, None] = {}
    for written in addresses_in(text):
        meant = _meant(written)
        if isinstance(meant, PostLink):
            found[meant.permalink if meant.fullname else f"https://www.reddit.com{meant.share_path}"] = None
    return list(found)


def _addresses(text: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(text):
        found = match[0]
        if text[: match.start()].endswith("_"):
            found = found.rstrip("_")  # italics
        if "(" not in found:
            found = found.split(")", 1)[0]
        found = _unwrapped(found)
        if not _SCHEME.fullmatch(found):
            yield found + ")" * (match[0].startswith(f"{found})") and found.count("(") > found.count(")"))


def _only_address(text: str) -> str:
    """Returns the only address in a text of several words; the same post twice counts once (a link and its label)."""
    found = list(dict.fromkeys(_addresses(text)))
    if len(found) > 1:
        different = {_meant(address) for address in found}
        if len(different) > 1:
            listed = " and ".join(said(address) for address in found[:2])
            raise BadArgument(f"That is more than one link: {listed}.", f"Give one. {_EXAMPLE}", param="link")
    if not found:
        raise BadArgument(f"There is no link in {said(text)}.", _EXAMPLE, param="link")
    return found[0]


def _meant(address: str) -> PostLink | str:
    try:
        return _post_at(_take_apart(address))
    except BadArgument:
        return address


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


def _refusal(address: _Address) -> BadArgument:
    host, path = address.host, address.path
    if host in _MEDIA_HOSTS or (address.is_reddit and _MEDIA_PAGE.fullmatch(path)):
        what, do = "That is the picture or video itself, not the post.", f"Open the post it belongs to. {_EXAMPLE}"
    elif not address.is_reddit and host != _SHORT_HOST:
        what, do = f"{host[:80]} is not Reddit.", _EXAMPLE
        if (inner := _leads_to(address)) is not None:
            what = f"That is a link of {host[:80]} that leads on to Reddit, not the post's own."
            do = f"Paste the address that it leads to: {inner.permalink}" if inner.fullname else f"Open it. {_EXAMPLE}"
        elif host == "out.reddit.com" or host == "reddit.app.link":
            what, do = "That link only leads on to another page.", f"Open it and paste the page's address. {_EXAMPLE}"
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


def _leads_to(address: _Address) -> PostLink | None:
    """Returns the post in a redirecting address (google.com/url?q=…, google.com/amp/s/…, web.archive.org/web/…)."""
    inside = [value for _, value in parse_qsl(address.query)]
    start = re.search(r"(?:https?:/+)?(?:[a-z-]+\.)?redd(?:it\.com|\.it)/", address.path, re.IGNORECASE)
    if start:
        inside.append(re.sub(r"^https?:/+", "", address.path[start.start() :], flags=re.IGNORECASE))
    for value in inside:
        meant = _meant(value)
        if isinstance(meant, PostLink):
            return meant
    return None


def web_address(text: str) -> str:
    """Returns a web address of any site, as a person pasted it: unwrapped, with https:// when it has no scheme."""
    pasted = _unwrapped(_bare(_plain(text)))
    address = pasted if "://" in pasted else f"https://{pasted.removeprefix('//')}"
    try:
        parts = urlsplit(address)
        is_one = parts.port is None or parts.port > 0
    except ValueError:  # a bracket without its other half, a port that is not a number
        is_one = False
    if (
        not is_one
        or parts.scheme not in _DEFAULT_PORTS
        or not re.fullmatch(r"[^\s.]+(\.[^\s.]+)+", parts.hostname or "")
    ):
        raise BadArgument(f"{said(without_marks(text))} is not a web address.", "Write it like https://example.com")
    if re.search(r"\s", address):
        raise BadArgument(
            f"{said(without_marks(text))} is more than a web address.", "Write it like https://example.com"
        )
    return address


# ---------------------------------------------------------------- communities and accounts

_COMMUNITY_NAME = re.compile(_SUBREDDIT, re.ASCII)
_ACCOUNT_NAME = re.compile(_NAME, re.ASCII)
_LISTINGS = frozenset({"all", "popular"})  # pages that look like communities
_COMMUNITY_DO = "Write it as r/name: letters, digits and _."
_ACCOUNT_DO = "Write it as u/name: 3 to 20 letters, digits, _ or -."


def is_community(name: str) -> bool:
    """Returns whether `name` can be a community's name, or a profile's (`u_name`)."""
    return _COMMUNITY_NAME.fullmatch(name) is not None


def is_account(name: str) -> bool:
    """Returns whether `name` can be an account's name."""
    return _ACCOUNT_NAME.fullmatch(name) is not None


def community_name(text: str) -> str:
    """Returns a community's stored name, in lower case, from a person's input: `r/SaaS`, `/r/saas/`, `SaaS`, the
    address of its page or of a post in it, wrapped or not.
    """
    name, kind = _named(text)
    if kind == "u" and not name.startswith("u_"):
        raise BadArgument(f"{said(without_marks(text))} is an account, not a community.", _COMMUNITY_DO)
    if not is_community(name):
        raise BadArgument(f"{said(without_marks(text))} is not a community's name.", _COMMUNITY_DO)
    if name.lower() in _LISTINGS:
        raise BadArgument(f"r/{name.lower()} lists posts of many communities and is not a community.", _COMMUNITY_DO)
    return name.lower()


_BETWEEN = re.compile(r"[,;、+|\r\n]+|\s+(?:(?:and|&)\s+)?(?=/?r/|https?://|\S+\.com/)", re.IGNORECASE)


def community_names(text: str) -> tuple[str, ...]:
    """Returns several communities' names, each once, in order. The input is a list with or without its marks, separated
    by commas, bars, line breaks or `+`, or by a space or "and" before `r/` or an address.

    A space alone does not separate names: "small business" is one misspelled name. Raises like `community_name`.
    """
    parts = _BETWEEN.split(_ITEM.sub("", _bare(_plain(text))))
    return tuple(dict.fromkeys(community_name(part) for part in parts if _unwrapped(part)))


def account_name(text: str) -> str:
    """Returns an account's name from a person's input: `u/Name`, `/user/Name`, `@Name`, `Name`, or an address of its
    profile. It keeps the owner's upper and lower case.
    """
    wrong = BadArgument(f"{said(without_marks(text))} is not the name of a Reddit account.", _ACCOUNT_DO, param="name")
    if _MENTION.search(text):
        raise BadArgument("That is a member of this chat, not the name of a Reddit account.", _ACCOUNT_DO, param="name")
    name, kind = _named(text)
    if kind == "r":
        if not name[:2].lower() == "u_":
            raise wrong
        name = name[2:]  # a profile is a community of that name
    name = name.removeprefix("@")
    if not is_account(name):
        raise wrong
    return name


_PREFIXED = re.compile(r"/?(r|u|user)/+([^/]*)/*", re.IGNORECASE)
_ON_REDDIT = re.compile(r"/(r|u|user)/([^/]+)(?:/.*)?", re.IGNORECASE | re.DOTALL)


def _named(text: str) -> tuple[str, str | None]:
    """Returns the name in a pasted community or account, and its kind ("r", "u"), None when the input does not show it.

    When nothing can be read, returns the text itself: the caller checks its grammar.
    """
    whole = _unwrapped(_bare(_plain(text)))
    match = _PREFIXED.fullmatch(whole)
    if match is None:
        try:
            address = _take_apart(whole)
        except BadArgument:
            return whole, None
        match = _ON_REDDIT.fullmatch(address.path) if address.is_reddit else None
    if match is None:
        return whole, None
    return match[2], "r" if match[1].lower() == "r" else "u"


# ---------------------------------------------------------------- values of settings

_PAIRS = {'"': '"', "'": "'", "`": "`", "“": '”“"', "„": "“”", "”": "”", "‘": "’", "‚": "‘’", "«": "»", "»": "«"}
_MARKS = "".join(_PAIRS) + "’"


def setting_value(name: str, raw: str) -> str:
    """Returns a setting's value without things that cannot belong to it: invisible characters, spaces and line breaks
    at its ends, quotes around it (docker's env files keep them) and `NAME=` or `export NAME=` before it.

    Raises `BadArgument` for a quote without its other half. The error never holds the value, which may be a secret.
    """
    value = without_marks(raw)
    while True:
        before = value
        value = re.sub(rf"^(?:(?:export|set)\s+)?{re.escape(name)}\s*=\s*", "", value, flags=re.IGNORECASE)
        if len(value) > 1 and value[0] in _PAIRS and value[-1] in _PAIRS[value[0]]:
            value = value[1:-1].strip()
        if value == before:
            break
    if value and (value[0] in _MARKS) != (value[-1] in _MARKS):
        where = "begins" if value[0] in _MARKS else "ends"
        raise BadArgument(f"{where} with a quote that has no other half.", "Take it away, or copy the value again.")
    return value
