"""The ancestor's rule, on the answers that the product gets (bench.judgement says how it decided)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bench.statements import Said, Statements
from bench.world import STALEST, Cause, Standing, World
from core.errors import RemoteError
from core.ports import Sighting

_ANCESTORS_REMOVED: frozenset[str] = frozenset(Cause) - {Cause.NONE, Cause.AUTHOR, Cause.SHADOWBAN}


class Ancestor:
    """The ancestor's rule (see the module). `anonymous`: on the pages it read, which answer 403 to everybody."""

    def __init__(self, world: World, *, anonymous: bool) -> None:
        self._world, self._anonymous = world, anonymous
        self.statements = Statements()
        self._words: dict[str, str] = {}

    def heard(self, names: Sequence[str], now: datetime, answer: Mapping[str, Sighting] | RemoteError) -> None:
        for name in names:
            post = self._world.by_name.get(name)
            if post is None:
                continue
            word = self._word(name, answer)
            if word == self._words.get(name, "active"):
                continue
            self._words[name] = word
            causes = post.causes_between(max(now - STALEST, post.posted_at), now)
            right_for: frozenset[str] | None = None
            if word != "active":
                self.statements.alarms += 1
                banned = Standing.SHADOWBANNED in post.person.standings_between(now - STALEST, now)
                if causes == {Cause.NONE} and not (word == "shadowbanned" and banned):
                    self.statements.false.append(f"{word} {name}")
                right_for = _ANCESTORS_REMOVED if word == "removed" else frozenset({Cause.SHADOWBAN})
            self.statements.said.setdefault(post.number, []).append(Said(now, right_for))

    def _word(self, name: str, answer: Mapping[str, Sighting] | RemoteError) -> str:
        if self._anonymous:
            return "shadowbanned"
        if isinstance(answer, RemoteError):
            return "shadowbanned" if answer.status == 403 else "removed"
        seen = answer.get(name)
        gone = seen is None or seen.category is not None or seen.indexable is False or (seen.body or "")[:1] == "["
        return "removed" if gone else "active"
