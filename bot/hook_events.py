"""What webhooks and feeds tell of an alert or a decision: plain JSON, and an entry of an Atom feed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as Xml

from bot.alert_now import alert_card_now, decision_words
from bot.reads import Reads
from core.alerts import severity
from core.errors import NotFound
from core.hooks import Happening

ATOM = "http://www.w3.org/2005/Atom"
# Characters that XML 1.0 cannot hold in any form.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def event_of(store: Reads, workspace_id: str, happening: Happening, now: datetime) -> dict[str, Any] | None:
    """Returns an event as plain JSON: `id`, `at`, `workspace`, `type` ("alert.post_removed", "decision.snoozed"),
    `severity`, `title`, `text` and `post`. None when what it was about is gone.
    """
    try:
        told = await (_alert if happening.decision is None else _decision)(store, workspace_id, happening, now)
    except NotFound:
        return None
    return {"id": happening.key, "at": happening.at.isoformat(), "workspace": workspace_id, **told}


async def _alert(store: Reads, workspace_id: str, happening: Happening, now: datetime) -> Mapping[str, Any]:
    record = await store.alert_record(workspace_id, happening.number)
    card = alert_card_now(record, now)
    post = None if record.post is None else _post(record.post)
    return {
        "type": f"alert.{record.alert.kind.value}",
        "severity": severity(record.alert.kind, record.alert.facts).value,
        "title": card.title,
        "text": card.text,
        "post": post,
    }


async def _decision(store: Reads, workspace_id: str, happening: Happening, now: datetime) -> Mapping[str, Any]:
    decision = happening.decision
    assert decision is not None and happening.post is not None  # noqa: S101, PT018 - `event_of` asked
    post = await store.tracked_post(workspace_id, happening.post)
    until = f" until {decision.until.isoformat()}" if decision.until else ""
    did = decision_words(decision.kind)
    return {
        "type": f"decision.{decision.kind.value}",
        "severity": None,
        "title": f"Post {post.id} in r/{post.community}: {did}{until} by {decision.by}",
        "text": "",
        "post": _post(post),
    }


def _post(post: Any) -> dict[str, Any]:
    return {"id": post.id, "community": post.community, "permalink": post.permalink, "state": post.state.value}


def body_of(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def atom(events: Sequence[Mapping[str, Any]], *, workspace: str, name: str, address: str, now: datetime) -> bytes:
    """Returns a feed with these events, the newest first (RFC 4287). `address` is without its token."""
    Xml.register_namespace("", ATOM)
    root = Xml.Element(f"{{{ATOM}}}feed")
    _add(root, "id", f"tag:bcrao,2026:{workspace}")
    _add(root, "title", f"BC-RAO: {name}")
    _add(root, "updated", events[0]["at"] if events else now.isoformat())
    _add(_child(root, "author"), "name", "BC-RAO")
    _child(root, "link", rel="self", href=address)
    for event in events:
        entry = _child(root, "entry")
        _add(entry, "id", f"tag:bcrao,2026:{workspace}:{event['id']}")
        _add(entry, "title", event["title"])
        _add(entry, "updated", event["at"])
        _child(entry, "category", term=event["type"])
        _add(entry, "content", event["text"] or event["title"])
        if event["post"] is not None:
            _child(entry, "link", rel="alternate", href=event["post"]["permalink"])
    text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _child(parent: Xml.Element, name: str, **attributes: str) -> Xml.Element:
    clean = {key: _NOT_IN_XML.sub("\ufffd", value) for key, value in attributes.items()}
    return Xml.SubElement(parent, f"{{{ATOM}}}{name}", clean)


def _add(parent: Xml.Element, name: str, text: str) -> None:
    _child(parent, name).text = _NOT_IN_XML.sub("\ufffd", text)
