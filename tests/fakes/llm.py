"""A loopback server of OpenAI-compatible chat completions, strict where real ones are, with faults on demand."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

KEY = "sk-test-0123456789abcdef"
LEFT_OUT: Any = object()


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request.

    `status` answers that status with an error body of `code` (and `headers`); `text` answers with exactly this
    body (a page of HTML when it looks like one); `fields` replaces fields of the healthy body, `LEFT_OUT`
    leaves one out; `content` puts this text in place of the answer; `finish` is the finish reason; `delay_s`
    waits first; `crowd` waits until as many requests have come altogether; `cut` closes the connection in the middle of
    the body.
    """

    status: int = 200
    code: str = "fault"
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | None = None
    content: str | None = None
    finish: str = "stop"
    delay_s: float = 0.0
    crowd: int = 0
    cut: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)


class FakeModel:
    """`async with FakeModel() as model: model.url`. Each request takes the next of `faults`, if there is one.

    `answer` is what a healthy request gets as content, unless it holds an instruction of `obeys`, which says what is
    answered then; `cost_usd` is reported in the usage when it is not None.
    `requests` holds the bodies of all requests that carried the right key, `refused` the authorization of the others.
    """

    def __init__(self, answer: Mapping[str, Any] | None = None, *, cost_usd: float | None = None) -> None:
        self.answer: Mapping[str, Any] = answer or {"title": "A title", "body": "A body."}
        self.cost_usd = cost_usd
        self.prompt_tokens, self.completion_tokens = 100, 20
        self.faults: deque[Fault] = deque()
        self.by_model: dict[str, Fault] = {}  # a lasting fault of one model
        self.obeys: dict[str, Mapping[str, Any]] = {}  # by an instruction, wherever it stands in what was asked
        self.requests: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            self.refused.append(request.headers.get("Authorization", ""))
            return self._error(401, "invalid_api_key", {})
        body = await request.json()
        if not body.get("model") or not body.get("messages"):
            return self._error(400, "invalid_request_error", {})
        self.requests.append(body)
        self.arrived.set()
        fault = self.faults.popleft() if self.faults else self.by_model.get(body["model"], Fault())
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        while len(self.requests) < fault.crowd:  # noqa: ASYNC110 - a number
            await asyncio.sleep(0.01)
        if fault.text is not None:
            kind = "text/html" if fault.text.lstrip().startswith("<") else "application/json"
            return web.Response(status=fault.status, text=fault.text, content_type=kind, headers=fault.headers)
        if fault.status != 200:
            return self._error(fault.status, fault.code, fault.headers)
        whole = self._answer(body, fault)
        if not fault.cut:
            return web.json_response(whole)
        text = json.dumps(whole).encode()
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(text))})
        await response.prepare(request)
        await response.write(text[: len(text) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    def _answer(self, body: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
        usage: dict[str, Any] = {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        }
        if self.cost_usd is not None:
            usage["cost"] = self.cost_usd
        asked = "\n".join(message["content"] for message in body["messages"])
        obeyed = (said for order, said in self.obeys.items() if order in asked or json.dumps(order)[1:-1] in asked)
        content = json.dumps(dict(next(obeyed, self.answer))) if fault.content is None else fault.content
        whole = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content},
                    "finish_reason": fault.finish,
                }
            ],
            "usage": usage,
            **fault.fields,
        }
        return {name: value for name, value in whole.items() if value is not LEFT_OUT}

    @staticmethod
    def _error(status: int, code: str, headers: Mapping[str, str]) -> web.Response:
        # Providers quote the key, or part of it, in such texts.
        message = f"Something about {KEY} went wrong."
        return web.json_response({"error": {"message": message, "code": code}}, status=status, headers=headers)
