"""A reader of texts for tests that are not about reading: the protocol of core/analysis/nlp.py without spaCy."""

from __future__ import annotations

import os
from typing import Any

from core.analysis.profile import TextFeatures
from core.worker import serve


def features(title: str, body: str) -> TextFeatures:
    return TextFeatures(
        title_chars=len(title),
        title_words=len(title.split()),
        title_question="?" in title,
        title_number=any(c.isdigit() for c in title),
        title_first_person=" I " in f" {title} ",
        words=len(body.split()),
        sentences=body.count("."),
        questions=body.count("?"),
        first_person=body.split().count("we"),
        numbers=sum(any(c.isdigit() for c in word) for word in body.split()),
        measures=0,
        links=body.count("https://"),
        list_items=body.count("\n- "),
        paragraphs=1,
        formatting="**" in body,
        summary="TL;DR" in body,
        code=False,
        promotion=body.count("sign up"),
        words_per_sentence=None,
        reading_ease=None,
    )


def read(argument: Any) -> Any:
    texts = argument["texts"]
    if any("kill the reader" in body for _, body in texts):
        os._exit(9)
    if any("break the reader" in body for _, body in texts):
        raise ValueError("broken")
    return {"pipeline": "quick", "features": [features(title, body) for title, body in texts]}


if __name__ == "__main__":
    serve({"read": read})
