"""Reddit's public pages on loopback: post pages as JSON, share-link redirects, and no patience with credentials.

async with FakeWeb() as web:
    web.show("/r/gardening/comments/1abc2d/", title="Tomatoes")
    web.redirect("/r/gardening/s/AbCdEf", "https://www.reddit.com/r/gardening/comments/1abc2d/tomatoes/?share_id=x")

A page that nobody showed answers 403 with HTML, as to everybody since May 2026.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.fakes.loopback import Fault, Loopback, Seen

__all__ = ["FakeWeb", "Fault"]

USER_AGENT = "test:bcrao:0.1 (by /u/nobody_real)"


class FakeWeb(Loopback):
    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, Any] = {}
        self.redirects: dict[str, str] = {}

    def show(self, path: str, **fields: Any) -> None:
        """`path` is the canonical one, `/r/NAME/comments/ID/` or `…/comment/CID/`; `fields` replace the defaults."""
        parts = path.strip("/").split("/")
        post_id = parts[3]
        post = {
            "name": f"t3_{post_id}",
            "subreddit": parts[1],
            "title": "A title",
            "selftext": "Some text of its own.",
            "author": "plain_person",
            "created_utc": 1_763_000_000.0,
            "score": 5,
            "num_comments": 1,
            "removed_by_category": None,
            "is_robot_indexable": True,
            "locked": False,
        }
        comments: list[dict[str, Any]] = []
        if len(parts) > 4:
            comment = {"name": f"t1_{parts[5]}", "subreddit": parts[1], "body": "An answer.", "author": "plain_person"}
            comments.append({"kind": "t1", "data": {**comment, **fields}})
        else:
            post.update(fields)
        self.pages[path] = [_listing([{"kind": "t3", "data": post}]), _listing(comments)]

    def redirect(self, path: str, location: str) -> None:
        self.redirects[path] = location

    async def answer(self, request: Seen) -> web.Response:
        if request.headers.get("user-agent") != USER_AGENT:
            return web.Response(status=429, text="Too Many Requests")
        if "authorization" in request.headers or "cookie" in request.headers:
            raise AssertionError("credentials were sent to a public page")
        if request.path in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[request.path], "Set-Cookie": "loid=1"})
        page = self.pages.get(request.path.removesuffix(".json"))
        if page is None:
            return web.Response(status=403, text="<html>Blocked</html>", content_type="text/html")
        body = json.dumps(page).encode()
        return web.Response(body=body, headers={"Content-Type": "application/json", "Set-Cookie": "loid=1"})


def _listing(children: list[dict[str, Any]]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": None, "children": children}}
