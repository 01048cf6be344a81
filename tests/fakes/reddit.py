"""Reddit's OAuth API on loopback, strict where the real one is: token endpoint, bearer token, User-Agent.

async with FakeReddit() as reddit:
    post = reddit.add_post("gardening", title="Tomatoes")
    gateway = RedditGateway(**reddit.credentials, clock=clock)
    reddit.remove(post, "moderator")
    address = reddit.consent(url_of_the_consent_page, "plain_person")   # what a browser is sent back to

Posts, accounts and communities are plain dicts in Reddit's own field names; everything in them is invented.
"""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any, TypedDict
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from aiohttp import web

from tests.fakes.loopback import Fault, Loopback, Seen

__all__ = ["FakeReddit", "Fault"]

# Of the controls: well-established when the tests' clock starts (2026-11-23 12:00 UTC).
LONG_AGO = datetime(2026, 11, 10, tzinfo=UTC)


class Credentials(TypedDict):
    """Keyword arguments of `RedditGateway`."""

    client_id: str
    client_secret: str
    user_agent: str
    reddit_url: str
    oauth_url: str


class WebCredentials(Credentials):
    """Keyword arguments of `RedditAuthors`."""

    redirect_url: str


class FakeReddit(Loopback):
    """`reddit_url` and `oauth_url` are the same server."""

    def __init__(self, *, controls: int = 3) -> None:
        super().__init__()
        self.client_id, self.client_secret = "fake-client-id", "fake-client-secret"
        self.web_id, self.web_secret = "fake-web-id", "fake-web-secret"
        self.redirect_url = "http://localhost:8480/reddit/linked"  # as registered with the web app
        self.user_agent = "test:bcrao:0.1 (by /u/nobody_real)"
        self.posts: dict[str, dict[str, Any]] = {}  # fullname -> fields
        self.accounts: dict[str, dict[str, Any]] = {}  # name in lower case -> fields
        self.communities: dict[str, dict[str, Any]] = {}  # name in lower case -> {"rules": [...], "closed": reason}
        self.rate: tuple[str, str, str] | None = ("50", "950.0", "540")  # used, remaining, reset
        self.key_is_revoked = False
        self.tokens: set[str] = set()
        self.codes: dict[str, tuple[str, str]] = {}  # unused ones -> (account, scopes)
        self.consents: dict[str, tuple[str, str]] = {}  # refresh token -> (account, scopes)
        self.token_owners: dict[str, str] = {}  # access token of an account -> its refresh token
        self.shadowbanned: set[str] = set()
        self.inboxes: dict[str, list[dict[str, Any]]] = {}  # by account in lower case, the newest first
        self.texts: dict[str, str] = {}  # of removed posts, as their authors still see them
        self.controls = [
            self.add_post(f"bigplace{n}", author=f"elder_{n}", title="A post that stands", created_at=LONG_AGO)
            for n in range(controls)
        ]

    @property
    def credentials(self) -> Credentials:
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "user_agent": self.user_agent,
            "reddit_url": self.url,
            "oauth_url": self.url,
        }

    @property
    def web_credentials(self) -> WebCredentials:
        return {
            **self.credentials,
            "client_id": self.web_id,
            "client_secret": self.web_secret,
            "redirect_url": self.redirect_url,
        }

    def consent(self, page: str, account: str, *, agrees: bool = True) -> str:
        """The account's owner opens the consent page and presses a button; answers where Reddit sends the browser."""
        asked = dict(parse_qsl(urlsplit(page).query))
        assert page.startswith(f"{self.url}/api/v1/authorize?")
        assert (asked["client_id"], asked["redirect_uri"]) == (self.web_id, self.redirect_url)
        assert (asked["response_type"], asked["duration"]) == ("code", "permanent")
        if account.lower() not in self.accounts:
            self.add_account(account)
        answer = {"state": asked["state"], "error": "access_denied"}
        if agrees:
            code = f"fake-code-{len(self.codes)}-{len(self.consents)}"
            self.codes[code] = (account, asked["scope"])
            answer = {"state": asked["state"], "code": code}
        return f"{self.redirect_url}?{urlencode(answer)}#_"

    def take_consent_back(self, account: str) -> None:
        """The owner does so at reddit.com/prefs/apps."""
        for token in [t for t, (owner, _) in self.consents.items() if owner.lower() == account.lower()]:
            self._forget_consent(token)

    def shadowban(self, account: str) -> None:
        """Others see neither the account nor its posts; to its owner everything is as before."""
        self.shadowbanned.add(account.lower())
        for fullname, post in self.posts.items():
            if post["author"].lower() == account.lower():
                self.remove(fullname, "reddit")

    def add_community(
        self,
        name: str,
        *,
        rules: list[dict[str, Any]] | None = None,
        closed: str | None = None,
        requirements: dict[str, Any] | None = None,
        flairs: list[dict[str, Any]] | None = None,
    ) -> None:
        """`closed`: "private", "quarantined", "banned" … Without requirements and flairs the key may not read them."""
        self.communities[name.lower()] = {
            "rules": rules or [],
            "closed": closed,
            "requirements": requirements,
            "flairs": flairs,
        }

    def add_account(self, name: str, **fields: Any) -> None:
        self.accounts[name.lower()] = {"name": name, "id": f"u{len(self.accounts)}", "total_karma": 100, **fields}

    def add_post(
        self,
        community: str,
        *,
        author: str = "plain_person",
        title: str = "A title",
        created_at: datetime = LONG_AGO,
        fullname: str | None = None,
        **fields: Any,
    ) -> str:
        """Answers the fullname. Of posts of one time, the last one added is the newest."""
        self.communities.setdefault(community.lower(), {"rules": [], "closed": None})
        if author.lower() not in self.accounts:
            self.add_account(author)
        post_id = fullname.removeprefix("t3_") if fullname else f"fake{len(self.posts):03d}"
        self.posts[f"t3_{post_id}"] = {
            "id": post_id,
            "name": f"t3_{post_id}",
            "subreddit": community,
            "title": title,
            "selftext": "Some text of its own.",
            "author": author,
            "created_utc": created_at.timestamp(),
            "permalink": f"/r/{community}/comments/{post_id}/a_title/",
            "url": f"https://www.reddit.com/r/{community}/comments/{post_id}/a_title/",
            "is_self": True,
            "score": 12,
            "num_comments": 3,
            "upvote_ratio": 0.9,
            "removed_by_category": None,
            "is_robot_indexable": True,
            "locked": False,
            "over_18": False,
            "stickied": False,
            **fields,
        }
        return f"t3_{post_id}"

    def add_comment(self, community: str, *, author: str, fullname: str, created_at: datetime, **fields: Any) -> None:
        """A comment has neither title nor removal category nor `is_robot_indexable`."""
        if author.lower() not in self.accounts:
            self.add_account(author)
        self.posts[fullname] = {
            "id": fullname.removeprefix("t1_"),
            "name": fullname,
            "subreddit": community,
            "body": "An answer of its own.",
            "author": author,
            "created_utc": created_at.timestamp(),
            "score": 3,
            "locked": False,
            "collapsed": False,
            **fields,
        }

    def remove(self, fullname: str, category: str) -> None:
        """As a third party sees it afterwards (reddit-facts: how a state shows)."""
        by_author = category in ("deleted", "author")
        if not by_author:
            self.texts.setdefault(fullname, self.posts[fullname]["selftext"])
        self.posts[fullname].update(removed_by_category=category, is_robot_indexable=False)
        self.posts[fullname].update(selftext="[deleted]" if by_author else "[removed]")
        if by_author:
            self.posts[fullname].update(author="[deleted]")

    def restore(self, fullname: str) -> None:
        """As after a moderator's approval: everything is there again."""
        self.posts[fullname].update(removed_by_category=None, is_robot_indexable=True, selftext="Some text of its own.")

    def revoke_key(self) -> None:
        """As in mid-2026: from now on neither the key nor its tokens are accepted."""
        self.key_is_revoked = True
        self.expire_tokens()

    def expire_tokens(self) -> None:
        self.tokens.clear()
        self.token_owners.clear()

    async def answer(self, request: Seen) -> web.Response:
        agent = request.headers.get("user-agent", "")
        if self.user_agent not in agent:
            return _json({"message": "Too Many Requests", "error": 429}, 429)  # what odd agents get
        path = request.path.rstrip("/")
        if path == "/api/v1/access_token":
            return self._token(request)
        if path == "/api/v1/revoke_token":
            return self._revoke(request)
        token = request.headers.get("authorization", "").removeprefix("bearer ")
        if token not in self.tokens:
            return _json({"message": "Unauthorized", "error": 401}, 401)
        response = self._api(path, request, self._owner_of(token))
        if self.rate is not None:
            for name, value in zip(("Used", "Remaining", "Reset"), self.rate, strict=True):
                response.headers[f"X-Ratelimit-{name}"] = value
        return response

    def _token(self, request: Seen) -> web.Response:
        app = self._app_of(request)
        if app is None:
            return _json({"message": "Unauthorized", "error": 401}, 401)
        form = dict(parse_qsl(request.body.decode()))
        match form.get("grant_type") if request.method == "POST" else None:
            case "client_credentials":
                return self._issue("*")
            case "authorization_code" if app == self.web_id:
                # A code serves once, and only with the address it was sent to.
                granted = self.codes.pop(form.get("code", ""), None)
                if granted is None or form.get("redirect_uri") != self.redirect_url:
                    return _json({"error": "invalid_grant"})
                refresh_token = f"fake-refresh-{len(self.requests)}"
                self.consents[refresh_token] = granted
                return self._issue(granted[1], refresh_token)
            case "refresh_token" if app == self.web_id:
                granted = self.consents.get(form.get("refresh_token", ""))
                if granted is None:
                    return _json({"message": "Bad Request", "error": 400}, 400)
                return self._issue(granted[1], form["refresh_token"])
        return _json({"error": "unsupported_grant_type"}, 400)

    def _app_of(self, request: Seen) -> str | None:
        for name, secret in ((self.client_id, self.client_secret), (self.web_id, self.web_secret)):
            expected = base64.b64encode(f"{name}:{secret}".encode()).decode()
            if request.headers.get("authorization") == f"Basic {expected}" and not self.key_is_revoked:
                return name
        return None

    def _issue(self, scopes: str, refresh_token: str | None = None) -> web.Response:
        token = f"fake-token-{len(self.requests)}"
        self.tokens.add(token)
        answer = {"access_token": token, "token_type": "bearer", "expires_in": 86400, "scope": scopes}
        if refresh_token is not None:
            self.token_owners[token] = refresh_token
            answer["refresh_token"] = refresh_token
        return _json(answer)

    def _revoke(self, request: Seen) -> web.Response:
        if self._app_of(request) is None:
            return _json({"message": "Unauthorized", "error": 401}, 401)
        self._forget_consent(parse_qs(request.body.decode())["token"][0])
        return web.Response(status=204)  # whether it was known or not

    def _forget_consent(self, refresh_token: str) -> None:
        self.consents.pop(refresh_token, None)
        for token in [t for t, owner in self.token_owners.items() if owner == refresh_token]:
            self.tokens.discard(token)
            del self.token_owners[token]

    def _owner_of(self, token: str) -> str | None:
        """The account an access token is of; None for the app's own."""
        refresh_token = self.token_owners.get(token)
        return self.consents[refresh_token][0] if refresh_token is not None else None

    def _as_seen_by(self, viewer: str | None, fullname: str) -> dict[str, Any]:
        """Authors keep seeing their removed posts as normal; the category shows, but not that of the spam filter."""
        post = self.posts[fullname]
        if viewer is None or post["author"].lower() != viewer.lower() or fullname not in self.texts:
            return post
        own = {**post, "selftext": self.texts[fullname]}
        if post["removed_by_category"] == "reddit":
            own.update(removed_by_category=None, is_robot_indexable=True)
        return own

    def _api(self, path: str, request: Seen, viewer: str | None) -> web.Response:
        if path == "/api/v1/me" and viewer is not None:
            return _json(self.accounts[viewer.lower()])
        if path == "/message/inbox" and viewer is not None:
            if "privatemessages" not in self._scopes_of(request):
                return _json({"message": "Forbidden", "error": 403}, 403)
            return _json({"kind": "Listing", "data": {"after": None, "children": self.inboxes.get(viewer.lower(), [])}})
        if path == "/api/info":
            asked = request.query.get("id", "").split(",")
            if len(asked) > 100:
                return _json({"message": "Bad Request", "error": 400}, 400)
            return _listing([self._as_seen_by(viewer, name) for name in asked if name in self.posts])
        parts = path.strip("/").split("/")
        if parts[0] == "user" and len(parts) == 3 and parts[2] == "about":
            name = parts[1].lower()
            hidden = name in self.shadowbanned and (viewer or "").lower() != name
            account = None if hidden else self.accounts.get(name)
            return _json({"kind": "t2", "data": account}) if account else _missing()
        if parts[0] == "comments" and len(parts) == 2:
            return self._talk(f"t3_{parts[1]}")
        if parts[0] == "user" and parts[2:] == ["submitted"]:
            return self._submitted(parts[1].lower(), viewer, request)
        if parts[:2] == ["api", "v1"] and parts[3:] == ["post_requirements"]:
            required = self.communities.get(parts[2].lower(), {}).get("requirements")
            return _for_accounts() if required is None else _json(required)
        if parts[0] == "r" and len(parts) >= 3:
            return self._community(parts[1].lower(), parts[2:], request)
        return _missing()

    def write_to(
        self, account: str, community: str | None, subject: str, body: str, sent_at: datetime, **fields: Any
    ) -> None:
        """A message of a community's moderators (or, without a community, of another account) arrives."""
        received = self.inboxes.setdefault(account.lower(), [])
        data = {
            "name": f"t4_fake{len(received)}",
            "subject": subject,
            "body": body,
            "subreddit": community,
            "author": None if community else "another_one",
            "distinguished": "moderator" if community else None,
            "created_utc": sent_at.timestamp(),
            "context": "",
            "was_comment": False,
            "new": True,
            **fields,
        }
        received.insert(0, {"kind": data["name"][:2], "data": data})

    def _talk(self, fullname: str) -> web.Response:
        """A post with its comments: answers stand within what they answer, and "" where there are none."""
        if fullname not in self.posts:
            return _missing()

        def under(parent: str) -> list[dict[str, Any]]:
            own = [post for post in self.posts.values() if post.get("parent_id") == parent]
            return [{"kind": "t1", "data": {**post, "replies": listing(under(post["name"])) or ""}} for post in own]

        def listing(things: list[dict[str, Any]]) -> dict[str, Any] | None:
            return {"kind": "Listing", "data": {"after": None, "children": things}} if things else None

        more = {"kind": "more", "data": {"count": 3, "name": "t1__", "id": "_", "parent_id": fullname, "children": []}}
        comments = under(fullname)
        empty = {"kind": "Listing", "data": {"after": None, "children": []}}
        post = listing([{"kind": "t3", "data": self.posts[fullname]}])
        return _json([post, listing([*comments, more]) if comments else empty])

    def comment_on(self, parent: str, body: str, *, author: str, created_at: datetime, **fields: Any) -> str:
        """Somebody comments on a post, or answers a comment; answers the fullname. The post's count grows."""
        name = f"t1_fake{len(self.posts):03d}"
        above = self.posts[parent]
        post = above.get("link_id", parent)
        self.add_comment(
            above["subreddit"], author=author, fullname=name, created_at=created_at,
            body=body, parent_id=parent, link_id=post, stickied=False, **fields,
        )  # fmt: skip
        self.posts[post]["num_comments"] += 1
        return name

    def _submitted(self, name: str, viewer: str | None, request: Seen) -> web.Response:
        """An account's list of posts. An account's own token needs the scope for it."""
        if viewer is not None and "history" not in self._scopes_of(request):
            return _json({"message": "Forbidden", "error": 403}, 403)
        if name not in self.accounts or (name in self.shadowbanned and (viewer or "").lower() != name):
            return _missing()
        if self.accounts[name].get("is_suspended"):
            return _json({"message": "Forbidden", "error": 403}, 403)
        own = [post for post in self.posts.values() if post["author"].lower() == name and "title" in post]
        own.sort(key=lambda post: (post["created_utc"], post["id"]), reverse=True)
        return _listing(own[: int(request.query.get("limit", "25"))])

    def _scopes_of(self, request: Seen) -> list[str]:
        token = request.headers.get("authorization", "").removeprefix("bearer ")
        return self.consents[self.token_owners[token]][1].split()

    def _community(self, name: str, rest: list[str], request: Seen) -> web.Response:
        if name in ("popular", "all"):
            return _listing([self.posts[fullname] for fullname in self.controls])
        community = self.communities.get(name)
        if community is None:
            # Reddit sends whoever asks for a subreddit that is not there to its search.
            return web.Response(status=302, headers={"Location": f"{self.url}/subreddits/search.json?q={name}"})
        if community["closed"] == "banned":
            return _json({"reason": "banned", "message": "Not Found", "error": 404}, 404)
        if community["closed"]:
            return _json({"reason": community["closed"], "message": "Forbidden", "error": 403}, 403)
        if rest == ["api", "link_flair_v2"]:
            return _for_accounts() if community.get("flairs") is None else _json(community["flairs"])
        if rest == ["about", "rules"]:
            return _json({"rules": community["rules"], "site_rules": []})
        if len(rest) == 1 and rest[0] in ("new", "top"):
            order = "created_utc" if rest[0] == "new" else "score"
            return _page(self._listed(name, "t3_", order), request.query)
        if rest == ["comments"]:
            return _page(self._listed(name, "t1_", "created_utc"), request.query)
        return _missing()

    def _listed(self, community: str, kind: str, order: str) -> list[dict[str, Any]]:
        found = [
            thing
            for fullname, thing in self.posts.items()
            if fullname.startswith(kind) and thing["subreddit"].lower() == community
        ]
        return sorted(found, key=lambda thing: (thing[order], thing["id"]), reverse=True)


def _for_accounts() -> web.Response:
    """What Reddit answers to a key that acts for no account, where one is needed."""
    answer = {
        "explanation": "Please log in to do that.",
        "message": "Forbidden",
        "reason": "USER_REQUIRED",
        "error": 403,
    }
    return _json(answer, 403)


def raw(written: str) -> str:
    """A value that stands in the answer just as `written`: what Python's own JSON writer refuses to write."""
    return f"raw<{written}>"


def _json(body: object, status: int = 200) -> web.Response:
    written = re.sub(r'"raw<([^<>]*)>"', r"\1", json.dumps(body))
    return web.Response(
        status=status, body=written.encode(), headers={"Content-Type": "application/json; charset=UTF-8"}
    )


def _missing() -> web.Response:
    return _json({"message": "Not Found", "error": 404}, 404)


def _listing(posts: list[dict[str, Any]], after: str | None = None) -> web.Response:
    children = [{"kind": post["name"][:2], "data": post} for post in posts]
    return _json({"kind": "Listing", "data": {"after": after, "before": None, "children": children}})


def _page(posts: list[dict[str, Any]], query: dict[str, str]) -> web.Response:
    limit = min(int(query.get("limit", "25")), 100)
    names = [post["name"] for post in posts]
    start = names.index(query["after"]) + 1 if "after" in query else 0
    page = posts[start : start + limit]
    return _listing(page, page[-1]["name"] if start + limit < len(posts) else None)
