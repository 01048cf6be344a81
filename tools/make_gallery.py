"""Make docs/gallery.md and its pictures: `make gallery`. Needs Chromium; not part of `make test`.

The cards come from a run of the tour through the whole program, the payloads from the renderers of Discord and Slack;
tools/gallery_html.py draws them in the look of the two.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gallery_html import discord_page, slack_page
from tour_cards import ADA, play

from bot.card import Card
from bot.discord_app import render as discord_render
from bot.slack_app import render as slack_render

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = DOCS / "gallery"
WIDTH = 640  # as in gallery_html
PICTURE_BYTES_MAX = 250_000

# File name, heading, and what to see in the picture.
CARDS = (
    ("community", "What is normal in a community", "Figures of collected posts, with sample size, age and a picture."),
    ("not-now", "Better not now", "Some posts are better not written now; the reasons say what to do first."),
    ("draft", "A draft that waits for approval", "Claims stand on the facts that a member entered; a person decides."),
    ("removal", "A post was removed", "Delivered within minutes, with the evidence and the next steps."),
    ("shadowban", "An account is shadowbanned", "Its owner sees nothing of it; others cannot find the account."),
    ("audit", "Seven days later", "How the first week went, relative to the community."),
)
INTRODUCTION = """\
# Gallery

The same cards on Discord and on Slack. Cards and payloads are real: `make gallery` runs the
[tour](tour.md) through the program and draws what the two renderers would send. The drawing
imitates the platforms' look.
"""


async def take(folder: Path) -> dict[str, Card]:
    """The cards to be drawn, by name."""
    played = await play(folder, replace(ADA, shows_pictures=True))
    return {
        "community": played.answered("community show"),
        "not-now": played.answered("draft new", title="Better not now"),
        "draft": played.answered("draft edit"),
        "removal": played.alerts["post_removed"],
        "shadowban": played.alerts["account_shadowbanned"],
        "audit": played.alerts["audit"],
    }


def discord_html(card: Card) -> str:
    asked = card.form
    form = discord_render.FormOffer(asked.button or asked.title, "form|1", asked.wanted) if asked else None
    rendered = discord_render.render_card(card, form)
    files = {file.filename: file.fp.read() for file in rendered.files}
    return discord_page(rendered.view.to_components(), files)  # type: ignore[no-untyped-call]  # of discord.py


def slack_html(card: Card) -> str:
    rendered = slack_render.render_card(card)
    return slack_page(rendered.blocks, {file.name: file.content for file in rendered.files})


PLATFORMS: tuple[tuple[str, Callable[[Card], str]], ...] = (("discord", discord_html), ("slack", slack_html))


def main() -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium draws the pictures and is not here. On Debian: apt install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for card_name, card in asyncio.run(take(scratch)).items():
            for platform, page in PLATFORMS:
                draw(chromium, scratch, page(card), FOLDER / f"{card_name}-{platform}.png")
    (DOCS / "gallery.md").write_text(page_text(), "utf-8")
    return 0


def page_text() -> str:
    parts = [INTRODUCTION]
    for name, heading, about in CARDS:
        pictures = "\n".join(
            f"![{heading}, on {platform.capitalize()}](gallery/{name}-{platform}.png)\n" for platform, _ in PLATFORMS
        )
        parts.append(f"## {heading}\n\n{about}\n\n{pictures}")
    return "\n".join(parts)


def draw(chromium: str, scratch: Path, page: str, path: Path) -> None:
    """One PNG, as high as its page."""
    source = scratch / "page.html"
    source.write_text(page + "<script>document.title = document.documentElement.scrollHeight</script>", "utf-8")
    titled = run(chromium, scratch, f"--window-size={WIDTH},100", "--dump-dom", source.as_uri())
    height = re.search(r"<title>(\d+)</title>", titled)
    if height is None:
        raise RuntimeError(f"Chromium did not show the page: {titled[:300]}")
    size = f"--window-size={WIDTH},{height[1]}"
    run(chromium, scratch, size, f"--screenshot={path}", source.as_uri())
    if path.stat().st_size > PICTURE_BYTES_MAX:
        raise RuntimeError(f"{path.name} has {path.stat().st_size:,} bytes, more than {PICTURE_BYTES_MAX:,}")


def run(chromium: str, scratch: Path, *arguments: Any) -> str:
    # Without a sandbox because containers offer none; nothing but our own page is opened.
    fixed = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={scratch}/profile")
    done = subprocess.run([chromium, *fixed, *arguments], capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
