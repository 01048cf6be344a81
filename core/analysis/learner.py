"""The child process that learns models (`python -m core.analysis.learner`, see core/worker.py)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from core.analysis.model import Seen
from core.analysis.prior import shipped
from core.worker import serve

_waiting: dict[str, list[Any]] = {}


def add(argument: Any) -> Any:
    """`{"to": name, "posts": [[key, seen, score, at, way], …], "first": bool}`: keeps posts for `learn`, because all of
    a community would be too much for one call. `first` forgets earlier ones of that name. A text is seen as `Seen.dump`
    has it, in JSON.
    """
    if argument["first"]:
        _waiting[argument["to"]] = []
    kept = _waiting[argument["to"]]
    kept += argument["posts"]
    return len(kept)


def learn(argument: Any) -> Any:
    """`{"from": name}` → `{"model": …, "told": …, "prior_told": …}`; the fields of `core.analysis.learning.Learned`."""
    from core.analysis.learning import Scored, learn_from

    posts = _waiting.pop(argument["from"])
    learned = learn_from((Scored(key, Seen.read(json.loads(seen)), *known) for key, seen, *known in posts), shipped())
    return {
        "model": learned.model.dump(),
        "told": None if learned.told is None else asdict(learned.told),
        "prior_told": None if learned.prior_told is None else asdict(learned.prior_told),
    }


if __name__ == "__main__":
    serve({"add": add, "learn": learn})
