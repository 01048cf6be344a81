"""Judge the gates: how many planted violations they block for what they are, and how many clean drafts they block."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.judge.kinds import answers, codes_of
from bench.judge.lines import BadLines, read_lines
from core.campaigns import Campaign, CampaignStatus, Fact, FactKind
from core.communities import Rule, RulesSnapshot
from core.drafting.checks import check, problems
from core.drafting.drafts import Remark
from core.drafting.grounds import Grounds
from core.drafting.history import History, OwnText
from core.drafting.text import Text
from core.model import Basis, State
from core.requirements import Flair, Requirements, flairs_in

LABELS = ("violation", "clean")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
_ANY_DAY = 2  # for a line that names none
_WHERE = "judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """One draft of a corpus, and the remarks that block it."""

    id: str
    kind: str
    label: str
    title: str
    blocking: tuple[Remark, ...]

    @property
    def for_what_it_is(self) -> bool:
        """Whether a remark that blocks is about what was planted."""
        codes = codes_of(self.kind)
        return any(answers(remark.code, codes) for remark in self.blocking)

    @property
    def is_missed(self) -> bool:
        return bool(self.blocking) if self.label == "clean" else not self.for_what_it_is

    @property
    def told(self) -> str:
        by = " · ".join(f"{remark.code}: {remark.text}" for remark in self.blocking) or "not blocked"
        return f"{self.id} {self.label} ({self.kind}): {self.title} — {by}"


def judged(drafts: Path, communities: Path, facts: Path) -> Iterator[Judged]:
    """Returns every draft, judged in its community and with its facts. Raises `BadLines` for what cannot be read."""
    known = _communities(communities)
    sets = {row["set"]: row for row in read_lines(facts, {"set": None, "name": None, "facts": None})}
    rows = read_lines(drafts, {"label": LABELS, "community": None, "title": None, "body": None})
    strange = sorted({_plain_name(row["community"]) for row in rows} - known.keys())
    if strange:
        raise BadLines(f"{drafts}: no such community in {communities}: {', '.join(strange)}")
    for number, row in enumerate(rows, 1):
        name = row.get("facts") or (next(iter(sets)) if len(sets) == 1 else None)
        if name not in sets:
            raise BadLines(f"{drafts}: draft {row.get('id', number)} names no set of facts that is in {facts}")
        blocking = blocked_by(row, known[_plain_name(row["community"])], sets[name])
        yield Judged(str(row.get("id", number)), str(row.get("kind") or ""), row["label"], row["title"], blocking)


def blocked_by(row: Mapping[str, Any], community: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[Remark, ...]:
    """Returns the remarks that would keep a draft from being approved."""
    whole = f"{row['title']}\n{row['body']}"
    by_person = row.get("by_person", False) in (True, "true", "yes", 1)
    text = Text(row["title"], row["body"], () if by_person else (whole,), row.get("flair") or "")
    return problems(check(text, _grounds(row, community, facts)))


def _grounds(row: Mapping[str, Any], community: Mapping[str, Any], facts: Mapping[str, Any]) -> Grounds:
    now = _day(row.get("weekday"))
    name = _plain_name(row["community"])
    rules = tuple(_rule(rule) for rule in community.get("rules") or ())
    campaign = Campaign(
        1, _WHERE, facts["name"], str(facts.get("product") or ""), facts.get("url") or facts.get("site"),
        tuple(facts.get("keywords") or ()), (name,), CampaignStatus.ACTIVE, "judge", now,
    )  # fmt: skip
    return Grounds(
        campaign=campaign,
        community=name,
        facts=tuple(_fact(number, fact, now) for number, fact in enumerate(facts["facts"], 1)),
        rules=RulesSnapshot(1, _WHERE, name, Basis.PERSON, now, rules, *_posting(community)),
        history=History(texts=tuple(_own(own, name, now) for own in row.get("own") or ())),
        now=now,
    )


def _fact(number: int, fact: Any, now: datetime) -> Fact:
    kind, body = (fact.get("kind"), fact["body"]) if isinstance(fact, dict) else (None, str(fact))
    known = FactKind(kind) if kind in set(FactKind) else FactKind.PRODUCT
    return Fact(number, _WHERE, 1, known, body, "judge", now)


def _posting(community: Mapping[str, Any]) -> tuple[Requirements | None, tuple[Flair, ...] | None]:
    required = community.get("requirements", community.get("post_requirements"))
    return (
        Requirements.read(required) if isinstance(required, Mapping) else None,
        flairs_in(community.get("flairs")),
    )


def _rule(rule: Any) -> Rule:
    """Either [short name, description] or Reddit's own object."""
    if isinstance(rule, dict):
        return Rule(str(rule.get("short_name", "")), str(rule.get("description") or ""), str(rule.get("kind") or "all"))
    if isinstance(rule, str):
        return Rule(rule, "", "all")
    return Rule(str(rule[0]), str(rule[1]) if len(rule) > 1 else "", "all")


def _own(own: Any, community: str, now: datetime) -> OwnText:
    """An earlier post: its text alone, [title, text], or an object with what is known of it."""
    if isinstance(own, list | tuple):
        own = dict(zip(("title", "body"), own, strict=False))
    if not isinstance(own, dict):
        title, _, body = str(own).partition("\n")
        own = {"title": title, "body": body} if body else {"title": "", "body": title}
    age = next((own[key] for key in ("days_ago", "age_days", "days") if isinstance(own.get(key), int | float)), 3)
    return OwnText(
        community=_plain_name(str(own.get("community") or community)),
        title=str(own.get("title") or ""),
        body=str(own.get("body") or own.get("text") or ""),
        at=now - timedelta(days=float(age)),
        by=str(own.get("by") or "judge"),
        account=own.get("account"),
        state=State.LIVE,
    )


def _day(named: Any) -> datetime:
    """Noon of a weekday, named in words or counted from Monday."""
    if isinstance(named, int) and not isinstance(named, bool):
        return _MONDAY + timedelta(days=named % 7)
    begins = str(named or "").strip().lower()[:3]
    return _MONDAY + timedelta(days=DAYS.index(begins) if begins in DAYS else _ANY_DAY)


def _plain_name(community: str) -> str:
    return community.strip().removeprefix("/").removeprefix("r/").lower()


def _communities(path: Path) -> dict[str, Mapping[str, Any]]:
    """One object with all of them, or one object a line."""
    written = path.read_text(encoding="utf-8-sig")
    try:
        objects = [json.loads(written)]
    except ValueError:
        objects = read_lines(path, {})
    found: dict[str, Mapping[str, Any]] = {}
    for each in objects:
        if not isinstance(each, dict):
            raise BadLines(f"{path}: not an object")
        named = each.get("communities", {each["name"]: each} if isinstance(each.get("name"), str) else each)
        if not isinstance(named, dict) or not all(isinstance(value, dict) for value in named.values()):
            raise BadLines(f"{path}: “communities” is no object of communities by their name")
        found |= {_plain_name(name): value for name, value in named.items()}
    return found


def counts(results: Iterable[Judged]) -> dict[str, object]:
    """Returns how many drafts there are, how many were blocked, and how many violations were blocked for what they
    are; the same for each kind.
    """
    results = tuple(results)
    violations = [result for result in results if result.label == "violation"]
    clean = [result for result in results if result.label == "clean"]
    return {
        "violations_blocked": sum(bool(result.blocking) for result in violations),
        "for_what_they_are": sum(result.for_what_it_is for result in violations),
        "clean_blocked": sum(bool(result.blocking) for result in clean),
        "drafts": {"violation": len(violations), "clean": len(clean)},
        "by_kind": {
            kind: {
                "drafts": len(of := [r for r in violations if r.kind == kind]),
                "blocked": sum(bool(r.blocking) for r in of),
                "for_what_they_are": sum(r.for_what_it_is for r in of),
            }
            for kind in sorted({r.kind for r in violations})
        },
        "clean_by_kind": {
            kind: {
                "drafts": len(of := [r for r in clean if r.kind == kind]),
                "blocked": sum(bool(r.blocking) for r in of),
            }
            for kind in sorted({r.kind for r in clean})
        },
    }


def main(arguments: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="python -m bench judge drafts")
    parser.add_argument("file", type=Path, metavar="FILE", help="drafts, one JSON object a line")
    parser.add_argument("--communities", type=Path, required=True, metavar="FILE", help="their rules and requirements")
    parser.add_argument("--facts", type=Path, required=True, metavar="FILE", help="sets of facts, one a line")
    parser.add_argument("--all", action="store_true", help="print every draft, with what answered it")
    options = parser.parse_args(arguments)
    results = tuple(judged(options.file, options.communities, options.facts))
    for result in results:
        if options.all or result.is_missed:
            print(result.told)
    return counts(results)
