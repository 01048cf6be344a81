"""`python -m bench judge WHAT FILE …`: run the product's own checks over anybody's corpus. See docs/judging.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence

from bench.judge import claims, drafts, rules
from bench.judge.lines import BadLines

Judge = Callable[[Sequence[str]], Mapping[str, object]]
JUDGES: Mapping[str, Judge] = {"claims": claims.main, "rules": rules.main, "drafts": drafts.main}


def main(arguments: Sequence[str]) -> int:
    """Print one line for each miss and then one line of JSON. Returns 0, or 2 when a file or a line of it cannot be
    read.
    """
    if not arguments or arguments[0] not in JUDGES:
        print(f"judge what? There is: {', '.join(JUDGES)}", file=sys.stderr)
        return 2
    try:
        told = JUDGES[arguments[0]](arguments[1:])
    except (BadLines, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(json.dumps(told, ensure_ascii=False))
    return 0
