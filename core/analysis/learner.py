"""The child process that learns models (`python -m core.analysis.learner`, see core/worker.py)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core.analysis.prior import shipped
from core.worker import serve


def learn(argument: Any) -> Any:
    """`{"posts": [[key, title, body, score, at, way], …]}` → `{"model": …, "told": …, "prior_told": …}`; the fields of
    `core.analysis.learning.Learned`.
    """
    from core.analysis.learning import Example, learn

    learned = learn([Example(*post) for post in argument["posts"]], shipped())
    return {
        "model": learned.model.dump(),
        "told": None if learned.told is None else asdict(learned.told),
        "prior_told": None if learned.prior_told is None else asdict(learned.prior_told),
    }


if __name__ == "__main__":
    serve({"learn": learn})
