"""How right a rule was, and how soon: its statements beside the truth (bench.judgement says what is counted)."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.needless import Channel
from bench.running import Run
from bench.statements import Said, Statements
from bench.world import STALEST, Cause, Standing, World, WorldPost

ENOUGH, GATED_ENOUGH = timedelta(hours=1), timedelta(hours=3)
LONG = timedelta(hours=12)
LONG_FOR_NEWS = timedelta(hours=27)


@dataclass(frozen=True, slots=True)
class Score:
    rule: str
    rate: float
    failed: float  # share of requests
    alarms: int
    false: int
    disappearances: int
    confirmed: int
    missed: int
    wrong_causes: int
    told: int
    median_min: float
    p95_min: float
    p95_lit_min: float  # outside outages
    news_missed: int
    repeated: int
    a_event: float  # messages
    examples: tuple[str, ...]
    channels: tuple[Channel, ...] = ()  # what channels got: all good news as messages, and as it is now


def score(rule: str, rate: float, run: Run, world: World, statements: Statements) -> Score:
    confirmed = missed = wrong = told = disappearances = news_missed = 0
    minutes: list[float] = []
    lit: list[float] = []
    examples = [f"false: {line}" for line in statements.false]
    for post in world.posts:
        for spans in _disappearances(post, run.until):
            disappearances += 1
            first, last = spans[0][0], spans[-1][1]
            owed = _is_confirmed(spans, run)
            before = statements.word_at(post.number, first)
            within = [s for s in statements.said.get(post.number, ()) if first < s.at <= last + STALEST]
            alarms = [said for said in within if said.right_for is not None]
            known = bool(alarms) or (before is not None and before.right_for is not None)
            confirmed += owed
            if owed and not known:
                missed += 1
                examples.append(f"missed: {post.fullname} {spans}")
            if alarms:
                told += 1
                minutes.append((alarms[0].at - first).total_seconds() / 60)
                lit.append(minutes[-1] - run.faults.dark(first, alarms[0].at).total_seconds() / 60)
                if not _is_right_cause(post, alarms[-1], spans, run):
                    wrong += 1
                    examples.append(f"cause: {post.fullname} {alarms[-1]} {spans}")
        for first, last in _returns(post, run.until):
            before = statements.word_at(post.number, first)
            lasted = last - first - run.faults.dark(first, last)
            if before is None or before.right_for is None or lasted < LONG_FOR_NEWS:
                continue
            is_back = any(s.right_for is None for s in statements.said[post.number] if first < s.at <= last)
            banned = post.person.standings_between(first, last) & {Standing.SHADOWBANNED, Standing.SUSPENDED}
            if not is_back and not banned:
                news_missed += 1
                examples.append(f"news: {post.fullname} {post.causes}")
    minutes.sort()
    lit.sort()
    return Score(
        rule=rule,
        rate=rate,
        failed=run.view.failed / max(1, run.view.requests),
        alarms=statements.alarms,
        false=len(statements.false),
        disappearances=disappearances,
        confirmed=confirmed,
        missed=missed + statements.untold,
        wrong_causes=wrong,
        told=told,
        median_min=statistics.median(minutes) if minutes else float("nan"),
        p95_min=minutes[int(len(minutes) * 0.95)] if minutes else float("nan"),
        p95_lit_min=lit[int(len(lit) * 0.95)] if lit else float("nan"),
        news_missed=news_missed,
        repeated=statements.repeated,
        a_event=sum(statements.messages.values()) / max(1, len(statements.messages)),
        examples=tuple(examples[:20]),
    )


Span = tuple[datetime, datetime, Cause]


def _spans(post: WorldPost, until: datetime) -> Iterator[Span]:
    ends = [at for at, _ in post.causes[1:]] + [until]
    for (first, cause), last in zip(post.causes, ends, strict=True):
        first, last = max(first, post.registered_at), min(last, until)
        if first < last:
            yield first, last, cause


def _disappearances(post: WorldPost, until: datetime) -> Iterator[list[Span]]:
    found: list[Span] = []
    for span in _spans(post, until):
        if span[2] is not Cause.NONE:
            found.append(span)
        elif found:
            yield found
            found = []
    if found:
        yield found


def _returns(post: WorldPost, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    return ((first, last) for first, last, cause in _spans(post, until) if cause is Cause.NONE)


def _is_confirmed(spans: Sequence[Span], run: Run) -> bool:
    return any(
        last - first - run.faults.dark(first, last) >= (GATED_ENOUGH if cause is Cause.GATED else ENOUGH)
        for first, last, cause in spans
    )


def _is_right_cause(post: WorldPost, said: Said, spans: Sequence[Span], run: Run) -> bool:
    right_for = said.right_for or frozenset()
    first = max(said.at - STALEST, post.posted_at)
    then: set[str] = {*post.causes_between(first, said.at), *post.person.standings_between(first, said.at)}
    if not right_for & then:
        return False
    began, ended, cause = spans[-1]
    if ended - began - run.faults.dark(began, ended) < LONG:
        return True
    if cause is Cause.SHADOWBAN:
        return Standing.SHADOWBANNED in right_for
    return not right_for.isdisjoint({cause, post.person.standing_at(ended)})
