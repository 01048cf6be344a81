"""Apify's API on loopback: start runs, poll them, abort them, page through their datasets.

async with FakeApify() as apify:
    apify.items = [apify.post("gardening", n) for n in range(3)]
    apify.statuses = ["READY", "RUNNING", "SUCCEEDED"]     # one a poll, the last one stays
    source = ApifySource(token=apify.token, api_url=apify.url, clock=clock)
"""

from __future__ import annotations

import gzip
import json
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.fakes.loopback import Fault, Loopback, Seen

__all__ = ["FakeApify", "Fault"]

_AT = datetime(2026, 11, 23, 12, tzinfo=UTC).isoformat().replace("+00:00", "Z")
_ENDED = ("SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED")


@dataclass
class _Run:
    id: str
    dataset_id: str
    usage_usd: float | None
    polls: int = 0
    aborted: bool = False


class FakeApify(Loopback):
    def __init__(self) -> None:
        super().__init__()
        self.token = "apify_api_fake_token"
        self.actor = "trudax/reddit-scraper-lite"
        self.items: list[Any] = []
        self.statuses = ["SUCCEEDED"]
        self.usage_usd: float | None = 0.0123456
        self.usage_is_late = False  # told only when asked again after the end, as by the real one
        self.usages_usd: deque[float | None] = deque()  # of the next runs, in the order of their starts
        self.run_fields: dict[str, Any] = {}  # replace fields of every run answered
        self.run_input: dict[str, Any] | None = None  # of the newest run
        self.run_options: dict[str, str] = {}
        self.runs: dict[str, _Run] = {}

    @staticmethod
    def post(community: str, n: int, **fields: Any) -> dict[str, Any]:
        """An item as the lite actor exports it, without engagement fields."""
        post_id = f"apif{n:03d}"
        return {
            "id": f"t3_{post_id}",
            "parsedId": post_id,
            "dataType": "post",
            "url": f"https://www.reddit.com/r/{community}/comments/{post_id}/a_title/",
            "title": f"Title {n}",
            "body": "Some text of its own.",
            "username": "plain_person",
            "communityName": f"r/{community}",
            "parsedCommunityName": community,
            "createdAt": "2026-11-10T12:00:00.000Z",
            "scrapedAt": _AT,
            **fields,
        }

    @property
    def aborted(self) -> bool:
        return any(run.aborted for run in self.runs.values())

    @property
    def starts(self) -> int:
        return len([request for request in self.seen("/v2/actors/") if request.method == "POST"])

    async def answer(self, request: Seen) -> web.Response:
        if "ApifyClient" not in request.headers.get("user-agent", ""):
            return _error(400, "no-user-agent")
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _error(401, "user-or-token-not-found")
        parts = request.path.strip("/").split("/")[1:]
        if parts == ["users", "me"]:
            return _json({"data": {"id": "u1", "username": "fake-user"}})
        if parts[0] == "actors" and parts[2:] == ["runs"] and request.method == "POST":
            if parts[1] != self.actor.replace("/", "~"):
                return _error(404, "record-not-found")
            body = request.body
            if request.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            self.run_input, self.run_options = json.loads(body), request.query
            usage_usd = self.usages_usd.popleft() if self.usages_usd else self.usage_usd
            run = _Run(f"run{len(self.runs) + 1}", f"dataset{len(self.runs) + 1}", usage_usd)
            self.runs[run.id] = run
            return _json({"data": self._run(run, "READY", usage_told=False)}, 201)
        if parts[0] == "actor-runs" and parts[1] in self.runs:
            run = self.runs[parts[1]]
            if parts[2:] == ["abort"] and request.method == "POST":
                run.aborted = True
                return _json({"data": self._run(run, "ABORTED")})
            if not parts[2:] and request.method == "GET":
                status = self.statuses[min(run.polls, len(self.statuses) - 1)]
                run.polls += 1
                late = self.usage_is_late and run.polls <= len(self.statuses)
                return _json({"data": self._run(run, "ABORTED" if run.aborted else status, usage_told=not late)})
        datasets = [run.dataset_id for run in self.runs.values()]
        if parts[0] == "datasets" and parts[1] in datasets and parts[2:] == ["items"] and request.method == "GET":
            return self._page(request.query)
        return _error(404, "page-not-found")

    def _run(self, run: _Run, status: str, *, usage_told: bool = True) -> dict[str, Any]:
        return {
            "id": run.id,
            "actId": "actor1",
            "userId": "u1",
            "startedAt": _AT,
            "finishedAt": _AT if status in _ENDED else None,
            "status": status,
            "meta": {"origin": "API"},
            "stats": {},
            "options": {"build": "latest", "timeoutSecs": 300, "memoryMbytes": 1024, "diskMbytes": 2048},
            "buildId": "build1",
            "defaultKeyValueStoreId": "store1",
            "defaultDatasetId": run.dataset_id,
            "defaultRequestQueueId": "queue1",
            "usageTotalUsd": run.usage_usd if usage_told else None,
            **self.run_fields,
        }

    def _page(self, query: dict[str, str]) -> web.Response:
        offset, limit = int(query.get("offset", "0")), int(query.get("limit", "999999"))
        page = self.items[offset : offset + limit]
        response = _json(page)
        paging = {"total": len(self.items), "offset": offset, "count": len(page), "limit": limit, "desc": "false"}
        for name, value in paging.items():
            response.headers[f"X-Apify-Pagination-{name.title()}"] = str(value)
        return response


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def _error(status: int, kind: str) -> web.Response:
    return _json({"error": {"type": kind, "message": "Some words of the remote's own."}}, status)
