"""Make docs/gallery.md and its pictures: `make gallery`. Needs Chromium; not part of `make test`. With `--look FOLDER`,
draw the same cards into a folder instead, dark and light, for a desk and for a phone.

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
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gallery_comments import lines
from gallery_html import DARK, LIGHT, captioned, discord_page, slack_page
from make_tour import BEGINS_AT
from PIL import Image, ImageDraw
from tour_cards import ADA, Played, Press, play

from bot.card import Card
from bot.discord_app import render as discord_render
from bot.slack_app import render as slack_render

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = DOCS / "gallery"
WIDTH = 640  # as in gallery_html
PHONE = 390
PICTURE_BYTES_MAX = 250_000
LOOP_BYTES_MAX = 700_000

# File name, heading, and what to see in the picture.
CARDS = (
    ("community", "What is normal in a community", "Figures of collected posts, with sample size, age and a picture."),
    ("not-now", "Better not now", "Some posts are better not written now; the reasons say what to do first."),
    ("draft", "A draft that waits for approval", "Claims stand on the facts that a member entered; a person decides."),
    ("removal", "A post was removed", "Delivered within minutes, with the evidence and the next steps."),
    ("shadowban", "An account is shadowbanned", "Its owner sees nothing of it; others cannot find the account."),
    ("audit", "Seven days later", "How the first week went, relative to the community."),
    ("post", "One of your posts", "Its state, the evidence and the next step; the rest is in the menu."),
    ("look", "A look of your own", "Say what you see, with a screenshot as evidence where you have one."),
    ("looked", "After a look with a picture", "What it counts for beside what other sources saw."),
    ("picture", "The picture of a look", "Shown to whoever asks, and to nobody else in the channel."),
    ("comments", "How people comment there", "Lengths, forms and the time of the first comment; no text is kept."),
    ("rules", "What changed in a community's rules", "Pasted rules are compared with those that were pasted before."),
    ("digest", "The digest", "What waits, what happened and what was learned in a day, and where the posts stand."),
)
RULES = (
    "1. Be kind\n2. No advertising\nNo product names and no links to shops.\n3. Pictures need a text",
    "1. Be kind\n2. No advertising\nNo product names. Links to shops on Fridays only.\n3. Say which kiln you use",
    "1. Be kind\n2. No advertising\nNo product names. Links to shops on Fridays only.\n3. Say which kiln you use\n"
    "4. One post a week",
)
# What a member attached to a look, drawn as a page that shows no post.
SCREENSHOT = "screenshot.png"
SCREENSHOT_PAGE = """\
<!doctype html><meta charset="utf-8"><style>body { margin: 0; font: 16px sans-serif; background: #dae0e6 }
div { margin: 24px; padding: 28px; border-radius: 12px; background: #fff; color: #333 } p { color: #777 }</style>
<div><b>How we brief an illustrator</b><p>Sorry, this post was removed.</p></div>"""
# Behind the tour: comments from a file, pasted rules, and for the digest posts in a second community, with the product
# and without it, and their week.
FURTHER: tuple[str | Press, ...] = (
    '/rao collect start source=file file="{folder}/comments.jsonl"',
    Press("community show", "community comments"),
    "/rao community rules KilnTalk",
    Press("community rules", "community rules paste", {"community": "KilnTalk", "rules": RULES[0]}),
    "/rao sample forward 2d",
    Press("community rules", "community rules paste", {"community": "KilnTalk", "rules": RULES[1]}),
    "/rao sample forward 1d",
    Press("community rules", "community rules paste", {"community": "KilnTalk", "rules": RULES[2]}),
    Press("community rules paste", "community rules changes"),
    "/rao alerts digest daily at=9:00",
    '/rao draft interview r/PixelWorkshop title="What a year of invoices taught us" anyway=yes',
    '/rao draft edit 4 title="What a year of invoices taught us" body="I work on Tidewater. Our own workshop waited 63 '
    'days for a payment once. What do you write into your terms?"',
    "/rao draft approve 4",
    "/rao sample publish 4 fate=live",
    "/rao post register https://www.reddit.com/r/PixelWorkshop/comments/sz0003/ draft=4",
    '/rao draft interview r/PixelWorkshop title="How we brief an illustrator" anyway=yes',
    '/rao draft edit 5 title="How we brief an illustrator" body="We send three words, one photo and a deadline. '
    'What do you want to know before you begin?"',
    "/rao draft approve 5",
    "/rao sample publish 5 fate=live",
    "/rao post register https://www.reddit.com/r/PixelWorkshop/comments/sz0004/ draft=5",
    "/rao sample forward 7d",
    "/rao sample forward 1d",
    "/rao post show 4",
    Press("post show", "post look"),
    f'/rao post look 4 sees=no picture="{{folder}}/{SCREENSHOT}"',
    Press("post look", "post picture"),
)
# The moving picture: what a caption says, and the card below it.
LOOP: tuple[tuple[str, Callable[[Played], Card]], ...] = (
    ("Say what you promote, and where", lambda played: played.answered("campaign create")),
    ("See what a community welcomes and rejects", lambda played: played.answered("community show")),
    ("A draft: every claim is checked against your facts", lambda played: played.answered("draft edit")),
    ("Approved by a person, and posted by hand", lambda played: played.answered("draft approve")),
    ("From then on the post is watched", lambda played: played.answered("post register")),
    ("It vanished: your channel hears of it, with the evidence", lambda played: played.alerts["post_removed"]),
    ("The next draft is checked against what was learned", lambda played: played.answered("pattern list")),
)
LOOP_HEIGHT = 600
FRAME_MS = 3200
COLORS = 64

INTRODUCTION = """\
# Gallery

The same cards on Discord and on Slack. Cards and payloads are real: `make gallery` runs the
[tour](tour.md) through the program and draws what the two renderers would send. The drawing
imitates the platforms' look.
"""


def cards_of(played: Played) -> dict[str, Card]:
    """The cards to be drawn, by name."""
    return {
        "community": played.answered("community show"),
        "not-now": played.answered("draft new", title="Better not now"),
        "draft": played.answered("draft edit"),
        "removal": played.alerts["post_removed"],
        "shadowban": played.alerts["account_shadowbanned"],
        "audit": played.alerts["audit"],
        "post": played.answered("post show", title="Post 4 in r/pixelworkshop: live"),
        "look": played.answered("post look", title="Your look at post 4"),
        "looked": played.answered("post look", title="Post 4 in r/pixelworkshop: live"),
        "picture": played.answered("post picture"),
        "comments": played.answered("community comments"),
        "rules": played.answered("community rules changes"),
        "digest": played.alerts["digest"],
    }


def discord_html(card: Card, theme: str = DARK) -> str:
    asked = card.form
    form = discord_render.FormOpener(asked.button or asked.title, "form|1", asked.wanted) if asked else None
    rendered = discord_render.render_card(card, form)
    files = {file.filename: file.fp.read() for file in rendered.files}
    return discord_page(rendered.view.to_components(), files, theme)  # type: ignore[no-untyped-call]  # of discord.py


def slack_html(card: Card, theme: str = LIGHT) -> str:
    rendered = slack_render.render_card(card, picture=KEPT)
    return slack_page(rendered.blocks, {KEPT: card.image.content} if card.image else {}, theme)


KEPT = "F00000001"  # Slack's id of a card's picture
PLATFORMS: tuple[tuple[str, Callable[..., str]], ...] = (("discord", discord_html), ("slack", slack_html))


def look(chromium: str, scratch: Path, cards: Sequence[Card], folder: Path) -> None:
    """Draw cards below each other, to be looked at: on both platforms, dark and light, twice as sharp, as wide as a
    desk's and a phone's window.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for platform, page in PLATFORMS:
        for theme in (DARK, LIGHT):
            pages = '<div style="height: 24px"></div>'.join(page(card, theme) for card in cards)
            for where, width in (("desk", WIDTH), ("phone", PHONE)):
                path = folder / f"{platform}-{theme}-{where}.png"
                draw(chromium, scratch, pages, path, most_bytes=None, width=width, scale=2)


def main() -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("Chromium draws the pictures and is not here. On Debian: apt install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        (scratch / "comments.jsonl").write_text("\n".join(lines(BEGINS_AT)), "utf-8")
        draw(chromium, scratch, SCREENSHOT_PAGE, scratch / SCREENSHOT, width=560)
        played = asyncio.run(play(scratch, replace(ADA, shows_pictures=True), FURTHER))
        if "--look" in sys.argv[1:]:
            look(chromium, scratch, list(cards_of(played).values()), Path(sys.argv[sys.argv.index("--look") + 1]))
            return 0
        draw_loop(chromium, scratch, [(caption, card(played)) for caption, card in LOOP], FOLDER / "loop.gif")
        for card_name, card in cards_of(played).items():
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


def draw(
    chromium: str,
    scratch: Path,
    page: str,
    path: Path,
    *,
    most_bytes: int | None = PICTURE_BYTES_MAX,
    width: int = WIDTH,
    scale: int = 1,
) -> None:
    """One PNG, as high as its page. `scale`: how many pixels a point has."""
    source = scratch / "page.html"
    fixed = f"<style>body {{ max-width: {width}px }}</style>"  # a window is never narrower than 500
    source.write_text(page + fixed + "<script>document.title = document.documentElement.scrollHeight</script>", "utf-8")
    titled = run(chromium, scratch, f"--window-size={width},100", "--dump-dom", source.as_uri())
    height = re.search(r"<title>(\d+)</title>", titled)
    if height is None:
        raise RuntimeError(f"Chromium did not show the page: {titled[:300]}")
    size = (f"--window-size={width},{height[1]}", f"--force-device-scale-factor={scale}")
    run(chromium, scratch, *size, f"--screenshot={path}", source.as_uri())
    if most_bytes is not None:
        _weigh(path, most_bytes)


def draw_loop(chromium: str, scratch: Path, frames: Sequence[tuple[str, Card]], path: Path) -> None:
    """One moving picture of captioned cards, each cut at the same height."""
    drawn = []
    for caption, card in frames:
        still = scratch / "frame.png"
        draw(chromium, scratch, captioned(discord_html(replace(card, image=None)), caption), still, most_bytes=None)
        with Image.open(still) as whole:
            frame = Image.new("RGB", (WIDTH, LOOP_HEIGHT), whole.convert("RGB").getpixel((1, whole.height - 1)))
            frame.paste(whole.convert("RGB").crop((0, 0, WIDTH, min(whole.height, LOOP_HEIGHT))), (0, 0))
            if whole.height > LOOP_HEIGHT:
                _fade(frame)
            drawn.append(frame.quantize(COLORS))
    drawn[0].save(path, save_all=True, append_images=drawn[1:], duration=FRAME_MS, loop=0, optimize=True)
    _weigh(path, LOOP_BYTES_MAX)


def _fade(frame: Image.Image) -> None:
    """The lower edge goes into the background: there is more than is shown."""
    height = 70
    back = Image.new("RGB", (WIDTH, height), frame.getpixel((1, LOOP_HEIGHT - 1)))
    veil = Image.new("L", (WIDTH, height))
    for row in range(height):
        ImageDraw.Draw(veil).line((0, row, WIDTH, row), fill=round(255 * row / (height - 1)))
    frame.paste(back, (0, LOOP_HEIGHT - height), veil)


def _weigh(path: Path, most_bytes: int) -> None:
    if path.stat().st_size > most_bytes:
        raise RuntimeError(f"{path.name} has {path.stat().st_size:,} bytes, more than {most_bytes:,}")


def run(chromium: str, scratch: Path, *arguments: Any) -> str:
    # Without a sandbox because containers offer none; nothing but our own page is opened.
    fixed = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={scratch}/profile")
    done = subprocess.run([chromium, *fixed, *arguments], capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
