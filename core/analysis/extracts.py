"""What the reader takes from a post, kept beside it, so that a text is read once and not at every analysis.

An extract holds while the post's text and the code that reads are the same: both are in its key. When the text is
purged, its extract goes with it, because it holds the text's words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from core.analysis.model import Dumped
from core.analysis.profile import TextFeatures
from core.communities import Extract, Post

TRAINED = ("en_core_web_md", "en_core_web_sm")  # packages of trained pipelines, the best first
_CORE = Path(__file__).parents[1]
_READERS = ("analysis/nlp.py", "analysis/forms.py", "analysis/terms.py", "analysis/model.py")  # and all of texts/


def extract_of(post: Post, pipeline: str, features: TextFeatures, seen: Dumped) -> Extract:
    return Extract(post.id, key_of(post), _packed([pipeline, features]), _packed(seen))


def key_of(post: Post) -> str:
    text = f"{post.title or ''}\0{post.body or ''}".encode("utf-8", "replace")
    return f"{reader_version()}:{hashlib.blake2b(text, digest_size=12).hexdigest()}"


@cache
def reader_version() -> str:
    """Changes with the code that reads texts, and with the pipeline that is installed."""
    told = hashlib.blake2b(digest_size=8)
    for path in (*(_CORE / name for name in _READERS), *sorted((_CORE / "texts").glob("*.py"))):
        told.update(path.read_bytes())
    told.update(f"{installed_pipeline()}".encode())
    return told.hexdigest()


def installed_pipeline() -> str | None:
    """The trained pipeline that the reader loads; None when it works by rules."""
    for name in TRAINED:
        try:
            version(name)
        except PackageNotFoundError:
            continue
        return name
    return None


def fitting(posts: Iterable[Post], known: Mapping[int, tuple[str, str]]) -> dict[int, tuple[str, TextFeatures]]:
    """The pipeline and the features of the posts whose extract still holds, by the post's id."""
    held = ((post.id, known[post.id][1]) for post in posts if post.id in known and known[post.id][0] == key_of(post))
    return {number: tuple(json.loads(features)) for number, features in held}


def _packed(content: object) -> str:
    return json.dumps(content, separators=(",", ":"))
