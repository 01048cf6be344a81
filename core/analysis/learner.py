"""The child process that learns models and scores texts (`python -m core.analysis.learner`, see core/worker.py).

scikit-learn is loaded for learning only; scoring a text takes milliseconds.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core.analysis.model import Model, prior_alone
from core.analysis.prior import shipped
from core.analysis.reasons import score_text
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


def score(argument: Any) -> Any:
    """`{"model": Model.dump() or None, "texts": [[title, body], …]}` → the fields of `TextScore` of each; without a
    model by the prior alone.
    """
    prior = shipped()
    model = Model.read(argument["model"]) if argument["model"] is not None else None
    if model is None:
        model = prior_alone(prior)
    return [asdict(score_text(model, prior, title, body)) for title, body in argument["texts"]]


if __name__ == "__main__":
    serve({"learn": learn, "score": score})
