"""A worker that answers like the text analysis and needs no library, for tests of the doctor."""

from __future__ import annotations

from core.worker import serve

if __name__ == "__main__":
    serve({"read": lambda argument: {"pipeline": "none", "features": argument["texts"]}})
