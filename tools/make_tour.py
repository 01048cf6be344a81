"""Make docs/tour.md by running the tour: `python tools/make_tour.py [--check]`.

The whole loop on the sample Reddit, in a data folder of its own that begins at a fixed sample time, so that the
transcript is the same on each run. `--check` writes nothing and exits with 1 when the committed page is stale.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tour.md"
BEGINS_AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)  # the sample's posts are counted from a Monday noon

INTRODUCTION = """\
# A tour of the whole loop

Everything below was printed by the program itself: `tools/make_tour.py` runs these commands on the sample Reddit and
writes this page, and a check fails when it is stale. To follow it, type `make run` and give the commands one by one.
The numbers on your screen will differ a little: your sample Reddit begins today.
"""

STEPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Start",
        "With nothing configured the program says what it uses instead. `help` tells the next useful step.",
        ("/rao help",),
    ),
    (
        "A campaign and its facts",
        "A campaign says what you promote and where. Facts are what you stand behind; drafts are made of them only.",
        (
            '/rao campaign create name=Tidewater product="An invoice tracker for small workshops" '
            'keywords="invoices,late payment,workshops,cash flow,bookkeeping" '
            'communities="r/HarborFounders,r/QuietMarketing"',
            '/rao fact add "We built Tidewater after our own workshop waited 63 days for a payment" kind=experience',
            '/rao fact add "31 workshops use it, and the median wait for payment fell from 41 to 26 days" kind=number',
        ),
    ),
    (
        "Collect and understand",
        "The funnel says what became of every post that was found.",
        (
            "/rao collect start",
            "/rao community show r/HarborFounders",
            "/rao community rules r/QuietMarketing",
        ),
    ),
    (
        "Draft, edit, approve",
        "Without a model a few questions are asked, and the answers are the draft, word by word. What was not answered "
        "stays as a blank, and a draft with a blank left cannot be approved.",
        (
            "/rao draft new r/HarborFounders",
            '/rao draft interview r/HarborFounders title="We waited 63 days for a payment" lesson="Ask for a deposit '
            'before you begin."',
            "/rao draft approve 1",
            '/rao draft edit 1 title="We waited 63 days for a payment, so we built our own invoice tracker" body="Our '
            "own workshop waited 63 days for a payment. We built Tidewater after that.\\n\\nToday 31 workshops use it, "
            'and the median wait for payment fell from 41 to 26 days.\\n\\nHow do you deal with late payments?"',
            "/rao draft approve 1",
            "/rao draft approve 1",
        ),
    ),
    (
        "Post by hand, register, watch",
        "The program never posts. On the sample Reddit `sample publish` plays the person who does; here its author "
        "also falls into a shadowban, to see what happens.",
        (
            "/rao sample publish 1 fate=shadowbanned",
            "/rao post register https://www.reddit.com/r/HarborFounders/comments/sz0001/ draft=1",
            "/rao sample forward 2h",
            "/rao post show 1",
        ),
    ),
    (
        "Better not now, and a removal",
        "Some posts are better not written now, and the program says so with its reasons. Going on is possible; here "
        "the post ends as the checks foresaw, and its patterns go into the next draft.",
        (
            "/rao draft new r/QuietMarketing",
            '/rao draft interview r/HarborFounders title="What 31 workshops know" anyway=yes',
            '/rao draft edit 2 title="What 31 workshops know about late payments" '
            'body="I work on Tidewater. 31 workshops use it, '
            "and the median wait for payment fell from 41 to 26 days. Sign up at https://tidewater.example to compare."
            '\\n\\nHow do you measure this?"',
            "/rao draft approve 2",
            "/rao sample publish 2 fate=removed",
            "/rao post register https://www.reddit.com/r/HarborFounders/comments/sz0002/ draft=2",
            "/rao sample forward 3h",
            "/rao pattern list",
            '/rao draft interview r/HarborFounders title="What we would ask first" anyway=yes',
        ),
    ),
    (
        "Seven days later",
        "The audit looks back at each post's first week, relative to its community.",
        ("/rao sample forward 7d", "/rao post list", "/rao usage", "/rao status"),
    ),
)


def main() -> int:
    page = make_page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page, "utf-8")
        return 0
    committed = PAGE.read_text("utf-8") if PAGE.exists() else ""
    if committed == page:
        return 0
    lines = difflib.unified_diff(committed.splitlines(), page.splitlines(), "docs/tour.md", "a new run", lineterm="")
    print("\n".join(lines))
    print("docs/tour.md is stale: run `make docs`.", file=sys.stderr)
    return 1


def make_page() -> str:
    """The page, from one run of the program over all steps."""
    commands = [command for _, _, commands in STEPS for command in commands]
    shown = _run(commands)
    parts = [INTRODUCTION]
    for title, text, its_commands in STEPS:
        parts.append(f"## {title}\n\n{text}\n" if text else f"## {title}\n")
        parts += [f"```text\n{shown.pop(0)}\n```\n" for _ in its_commands]
    return "\n".join(parts)


def write_world(data_dir: Path) -> None:
    """A sample Reddit whose time is `BEGINS_AT`, and stands still there until it is moved."""
    at = BEGINS_AT.isoformat()
    world = {"began_at": at, "offset_s": 0.0, "stopped_at": at, "published": []}
    (data_dir / "sample-reddit.json").write_text(json.dumps(world), "utf-8")


def _run(commands: list[str]) -> list[str]:
    """What the program printed for each command, alerts included; it repeats each command of a pipe after a `>`."""
    with tempfile.TemporaryDirectory() as folder:
        write_world(Path(folder))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("BCRAO_")}
        environment |= {"BCRAO_DATA_DIR": folder, "NO_COLOR": "1", "USER": "ada", "LOGNAME": "ada"}
        done = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            input="\n".join(commands) + "\n",
            capture_output=True,
            text=True,
            env=environment,
            cwd=ROOT,
            timeout=1800,  # of a busy machine; nobody waits for a tour
        )
        output = done.stdout.replace(folder, "data")
    shown = [part.rstrip() for part in re.split(r"(?m)^(?=> /rao )", output)[1:]]
    if len(shown) != len(commands):
        raise RuntimeError(f"{len(commands)} commands, {len(shown)} answers:\n{done.stdout}\n{done.stderr}")
    return shown


if __name__ == "__main__":
    sys.exit(main())
