"""Which column, or key of an object, tells which fact about a post: the names that exporters give, and their order.

Names are compared without regard to case, spaces and marks: `Created UTC`, `created_utc` and `createdUtc` are one name.
A prefix that only says whose value it is (`post_title`, `data.title`) makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Fact -> the names it may have, the best first; a value that is missing under one name is taken from the next.
# The facts have the names that cards show. Sources: Reddit's API, Pushshift, Arctic Shift, scripts on PRAW, Apify's
# actors, the data sets of Kaggle, and this program's own export.
ALIASES: Mapping[str, Sequence[str]] = {
    "id": ["redditid", "name", "id", "parsedid", "fullname", "postid", "submissionid", "thingid", "fullid"],
    "own page": ["permalink", "fulllink", "permalinkurl", "permalinkfull", "commentsurl", "shortlink", "redditurl"],
    "address": [
        "url",
        "urloverriddenbydest",
        "link",
        "externalurl",
        "outboundurl",
        "targeturl",
        "linkurl",
        "contenturl",
    ],
    "community": [
        "subreddit",
        "parsedcommunityname",
        "communityname",
        "community",
        "subredditname",
        "subredditnameprefixed",
        "subredditdisplayname",
        "sub",
        "forum",
    ],
    "title": ["title", "titletext", "posttitle", "headline", "subject"],
    "text": ["selftext", "body", "selftextmd", "text", "content", "bodytext"],
    "author": [
        "author",
        "username",
        "user",
        "authorname",
        "authorusername",
        "creator",
        "poster",
        "redditor",
        "submitter",
        "postedby",
        "op",
    ],
    "time": [
        "createdutc",
        "createdat",
        "createdatutc",
        "createddatetime",
        "createdtime",
        "created",
        "timestamputc",
        "createdtimestamp",
        "timestamp",
        "datetime",
        "datetimeutc",
        "createddate",
        "creationdate",
        "datecreated",
        "postedat",
        "publishedat",
        "postdate",
        "dateposted",
        "posted",
        "published",
        "publishdate",
        "date",
        "dateutc",
        "time",
        "submittedat",
        "submitted",
        "utc",
        "createdon",
        "createdunix",
        "createdepoch",
        "createutc",
        "unixtime",
        "unixtimestamp",
        "epoch",
        "datetimecreated",
    ],
    "score": ["score", "ups", "upvotes", "upvotecount", "numupvotes", "points", "netscore", "votes", "upvotesnum"],
    "upvote ratio": ["upvoteratio", "ratio", "upvotepercentage", "upvoteratiopercent"],
    "comments": [
        "numcomments",
        "numberofcomments",
        "commentcount",
        "commentscount",
        "commsnum",
        "numcomment",
        "ncomments",
        "nrcomments",
        "totalcomments",
        "commentsnum",
        "commentnumber",
        "comments",
        "replies",
        "numreplies",
        "numofcomments",
        "noofcomments",
    ],
    "flair": ["linkflairtext", "flair", "flairtext", "linkflair", "flairname", "flairtitle"],
    "text post or link": ["isself", "isselfpost", "isselftext", "istext", "istextpost"],
    "kind": ["posthint", "posttype", "type", "contenttype", "mediatype", "submissiontype"],
    "domain": ["domain"],
    "over 18": ["over18", "nsfw", "isnsfw", "isover18", "adult"],
    "removal": ["removedbycategory", "removalcategory", "removedcategory"],
    "removed": ["isremoved", "removed", "wasremoved"],
    "distinguished": ["distinguished"],
    "pinned": ["stickied", "pinned", "issticky", "isstickied", "ispinned"],
    "locked": ["locked", "islocked"],
    "score hidden": ["hidescore", "scorehidden", "isscorehidden"],
    "score read": [
        "scoreat",
        "retrievedon",
        "retrievedutc",
        "retrievedat",
        "scrapedat",
        "fetchedat",
        "crawledat",
        "collectedat",
        "downloadedat",
        "retrieved",
        "scrapedon",
        "fetchedon",
        "crawledon",
        "scrapetime",
        "scrapedate",
        "lastupdated",
    ],
    "second look": ["meta"],
    "removal type": ["metaremovaltype", "removaltype"],
    "restored": ["metawasinitiallydeleted", "wasinitiallydeleted"],
    "removed later": ["metawasdeletedlater", "wasdeletedlater"],
    "second look at": ["metaretrieved2ndon", "retrieved2ndon"],
    "found in": ["foundin"],
    "time exact": ["timeisexact"],
}
REQUIRED = ("id", "title", "time")  # the post's page can give the id; the person who imports can name the community
# Facts whose absence a card names, in this order.
WANTED = ("text", "author", "score", "comments", "flair", "text post or link", "removal", "score read")
_WORDS = {
    "removal": "who removed it",
    "score read": "when the score was read",
    "text post or link": "text post or link",
}

_OWNER = re.compile(r"^(?:post|submission|data|thread|node|item|reddit)(?=.)")
_OWN_EXPORT = frozenset({"reddit_id", "workspace_id", "basis", "collected_at", "community"})
_BY_NAME = {name: (fact, rank) for fact, names in ALIASES.items() for rank, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Columns:
    """`keys[fact]` are the columns that tell a fact, the best first. `is_own`: it is an export of this program, so its
    values are taken exactly as they stand.
    """

    keys: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]
    is_own: bool

    def of(self, fact: str) -> tuple[str, ...]:
        return self.keys.get(fact, ())

    @property
    def missing(self) -> tuple[str, ...]:
        """The required facts that no column can tell."""
        return tuple(
            fact
            for fact in REQUIRED
            if not self.of(fact) and not (fact == "id" and (self.of("own page") or self.of("address")))
        )


@lru_cache(maxsize=512)
def columns_of(names: tuple[str, ...]) -> Columns:
    """Which fact each of these columns, or keys of an object, tells."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    unused: list[str] = []
    for place, name in enumerate(names):
        known = _known(name)
        if known is None:
            unused.append(name)
        else:
            found.setdefault(known[0], []).append((known[1], place, name))
    is_own = _OWN_EXPORT.issubset(names)
    if is_own:  # its column "id" holds row numbers, not Reddit's ids
        found["id"] = [entry for entry in found["id"] if entry[2] == "reddit_id"]
        found["score read"] = [entry for entry in found.get("score read", []) if entry[2] == "score_at"]
    return Columns(
        {fact: tuple(dict.fromkeys(name for _, _, name in sorted(entries))) for fact, entries in found.items()},
        tuple(unused),
        is_own,
    )


def folded(name: str) -> str:
    """The name without case, spaces and marks."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _known(name: str) -> tuple[str, int] | None:
    whole = folded(name)
    return _BY_NAME.get(whole) or _BY_NAME.get(_OWNER.sub("", whole))


def names_of(fact: str) -> str:
    """Some names that a required fact may have, for a message."""
    return {"id": "id or permalink", "title": "title", "time": "created_utc or created_at"}[fact]


def in_words(facts: Iterable[str]) -> tuple[str, ...]:
    return tuple(_WORDS.get(fact, fact) for fact in facts)


def unknown_facts(seen: Collection[str]) -> tuple[str, ...]:
    """The wanted facts that a file lacks, in the words of cards. `seen` are the facts that it gave at least once."""
    told = set(seen)
    if told & {"kind", "domain"}:
        told.add("text post or link")
    if told & {"removal type", "removed", "second look"}:
        told.add("removal")
    return in_words(fact for fact in WANTED if fact not in told)
