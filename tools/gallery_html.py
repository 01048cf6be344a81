"""Discord's and Slack's payloads as HTML that looks like the two platforms, for the pictures of docs/gallery.md.

What is drawn is the payload itself, not the card: a wrong escape or an overlong label shows. Only what our renderers
use is known here; anything else raises, so that a picture never leaves something out silently.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.words import moment

Json = Mapping[str, Any]

_STYLE = """
* { box-sizing: border-box; margin: 0 }
body { width: 640px; max-width: 100vw; overflow-wrap: anywhere; padding: 16px }
body { font: 15px/1.45 "Helvetica Neue", "Liberation Sans", Arial, sans-serif }
.message { display: grid; grid-template-columns: 40px 1fr; column-gap: 14px }
.avatar { width: 40px; height: 40px; background: #c2562d; color: #fff; font-weight: 700; text-align: center;
  line-height: 40px }
.name { font-weight: 700 } .tag { font-size: 10px; font-weight: 700; padding: 1px 4px; border-radius: 3px;
  margin: 0 6px; vertical-align: 2px } .at { font-size: 12px }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px }
blockquote { white-space: pre-wrap }
img { display: block; width: 100%; max-width: 480px; margin-top: 8px; border-radius: 8px }
"""
_DISCORD_STYLE = """
body { background: #313338; color: #dbdee1 } .avatar { border-radius: 50% } .name { color: #f2f3f5 }
.tag { background: #5865f2; color: #fff } .at { color: #949ba4 }
.container { margin-top: 4px; padding: 14px 16px; border: 1px solid #3f4147; border-left-width: 4px;
  border-radius: 8px; background: #2b2d31 }
.text { white-space: pre-wrap } h3 { font-size: 17px; color: #f2f3f5; margin-bottom: 2px }
.small { font-size: 12.5px; color: #949ba4 }
blockquote { border-left: 4px solid #4e5058; border-radius: 4px; padding-left: 12px; margin: 2px 0 }
hr { border: 0; border-top: 1px solid #46484e; margin: 10px 0 } .gap { height: 8px }
.button { border-radius: 8px; padding: 6px 14px; font-size: 14px; font-weight: 500; color: #fff; background: #4e5058 }
.s1 { background: #5865f2 } .s3 { background: #248046 } .s4 { background: #da373c }
.select { flex: 1; background: #1e1f22; border-radius: 6px; padding: 9px 12px; color: #949ba4 }
.select::after, .out::after { float: right; content: "⌄" } .out::after { float: none; content: " ↗" }
pre { white-space: pre-wrap; background: #1e1f22; border: 1px solid #3f4147; border-radius: 4px; padding: 8px 10px;
  margin: 4px 0; font: 13.5px/1.4 "DejaVu Sans Mono", monospace }
.file { margin-top: 8px; border: 1px solid #46484e; border-radius: 8px; padding: 10px 12px; color: #00a8fc }
"""
_SLACK_STYLE = """
body { background: #fff; color: #1d1c1d } .avatar { border-radius: 6px } .tag { background: #e8e8e8; color: #616061 }
.at, .context { color: #616061 } .context { font-size: 12.5px }
.blocks > * { margin-top: 8px } h3 { font-size: 18px; line-height: 1.35 } .text { white-space: pre-wrap }
blockquote { border-left: 4px solid #ddd; padding-left: 12px; margin: 4px 0 }
a { color: #1264a3; text-decoration: none }
.button { border: 1px solid #bbb; border-radius: 4px; padding: 5px 12px; font-size: 13.5px; font-weight: 700 }
.primary { background: #007a5a; border-color: #007a5a; color: #fff }
.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
.select { border: 1px solid #bbb; border-radius: 4px; padding: 5px 12px; min-width: 220px }
.select::after { float: right; content: "⌄" }
pre { white-space: pre-wrap; background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px 10px;
  font: 12.5px/1.45 "DejaVu Sans Mono", monospace }
.thread { border-left: 2px solid #ddd; padding-left: 12px }
.mark { display: inline-block; width: 18px; height: 18px; border-radius: 4px; color: #fff; font-size: 13px;
  line-height: 18px; text-align: center; vertical-align: 2px; margin-right: 2px }
"""
# The themes that are not a platform's usual one.
_DISCORD_LIGHT = """
body { background: #fff; color: #2e3338 } .name, h3 { color: #060607 } .at, .small { color: #5c5e66 }
.container, .select, pre { background: #f2f3f5; border-color: #e3e5e8 } hr, .file { border-color: #d4d7dc }
.s2 { background: #6d6f78 } .select { color: #5c5e66 } blockquote { border-color: #c4c9ce } .file { color: #006ce7 }
"""
_SLACK_DARK = """
body { background: #1a1d21; color: #d1d2d3 } .name, h3 { color: #fff } .tag { background: #35373b; color: #d1d2d3 }
.at, .context { color: #ababad } a { color: #1d9bd1 } blockquote, .thread { border-color: #55575b }
.button, .select { border-color: #797a7e; color: #fff } pre { background: #222529; border-color: #3f4247 }
"""
DARK, LIGHT = "dark", "light"
# The machine that draws may have no emoji font.
CHANNEL_DRAWN = "alerts"  # the name of every channel that is mentioned
_MARKS = {
    "✅": '<span class="mark" style="background:#2eb67d">✓</span>',
    "⚠️": '<span class="mark" style="background:#ecb22e">!</span>',
    "⛔": '<span class="mark" style="background:#e01e5a;border-radius:50%">–</span>',
}


def discord_page(components: Sequence[Json], files: Mapping[str, bytes], theme: str = DARK) -> str:
    """A page with one message of Components V2; `files` are its attachments, of which pictures are drawn."""
    message = "".join(map(_component, components))
    for name, content in files.items():
        message = message.replace(f'src="attachment://{name}"', f'src="{_inside(content)}"')
    return _page(_DISCORD_STYLE + (_DISCORD_LIGHT if theme == LIGHT else ""), "APP", message)


def slack_page(blocks: Sequence[Json], pictures: Mapping[str, bytes], theme: str = LIGHT) -> str:
    """A page with one message of blocks; `pictures` are what its image blocks show, by Slack's ids."""
    message = "".join(map(_block, blocks))
    for file_id, content in pictures.items():
        message = message.replace(f'src="{file_id}"', f'src="{_inside(content)}"')
    return _page(_SLACK_STYLE + (_SLACK_DARK if theme == DARK else ""), "APP", f'<div class="blocks">{message}</div>')


def captioned(page: str, caption: str) -> str:
    """A page with a line in large type above its message."""
    style = "font: 700 22px sans-serif; color: #fff; background: #1f5fbf; margin: -16px -16px 16px; padding: 14px 18px"
    message = '<div class="message">'
    return page.replace(message, f'<div style="{style}">{html.escape(caption)}</div>{message}', 1)


def _inside(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def _page(style: str, tag: str, message: str) -> str:
    return (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<style>{_STYLE}{style}</style><div class="message">'
        f'<div class="avatar">B</div><div><span class="name">BC-RAO</span><span class="tag">{tag}</span>'
        f'<span class="at">Today at 12:51</span>{message}</div></div>'
    )


# ---------------------------------------------------------------- Discord


def _component(component: Json) -> str:
    match component["type"]:
        case 17:
            colour = component.get("accent_color")
            edge = "#46484e" if colour is None else f"#{colour:06x}"
            inside = "".join(map(_component, component["components"]))
            return f'<div class="container" style="border-left-color:{edge}">{inside}</div>'
        case 10:
            return f'<div class="text">{_markdown(component["content"])}</div>'
        case 14:
            return "<hr>" if component.get("divider") else '<div class="gap"></div>'
        case 1:
            return f'<div class="row">{"".join(map(_component, component["components"]))}</div>'
        case 2:
            is_link = " out" if component["style"] == 5 else ""
            return f'<span class="button s{component["style"]}{is_link}">{html.escape(component["label"])}</span>'
        case 3:
            return f'<div class="select">{html.escape(component["placeholder"])}</div>'
        case 12:
            [item] = component["items"]
            return f'<img src="{html.escape(item["media"]["url"])}" alt="{html.escape(item["description"])}">'
        case 13:
            return f'<div class="file">{html.escape(component["file"]["url"].removeprefix("attachment://"))}</div>'
        case other:
            raise ValueError(f"unknown Discord component {other}")


def _markdown(text: str) -> str:
    """The part of Discord's markdown that the renderer writes: headings, small print, quotes, bold, code, escapes."""
    before, *rest = text.split("```", 2)
    if len(rest) == 2:  # a text to be copied: nothing in it is markdown
        return f"{_markdown(before)}<pre>{html.escape(rest[0].strip(chr(10)))}</pre>{_markdown(rest[1])}"
    shown: list[str] = []
    quoted: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("> "):
            quoted.append(_inline(line[2:]))
            continue
        if quoted:
            shown.append(f"<blockquote>{chr(10).join(quoted)}</blockquote>")
            quoted = []
        if line.startswith("### "):
            shown.append(f"<h3>{_inline(line[4:])}</h3>")
        elif line.startswith("-# "):
            shown.append(f'<div class="small">{_inline(line[3:])}</div>')
        else:
            shown.append(f"<div>{_inline(line)}</div>" if line else "")
    return "".join(shown)


def _inline(line: str) -> str:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\0{len(kept) - 1}\0"

    line = html.escape(re.sub(r"\\([^A-Za-z0-9\s])", keep, line), quote=False)
    line = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", line)
    line = re.sub(r"`(.+?)`", r"<code>\1</code>", line)
    line = re.sub(r"&lt;t:(\d+):f&gt;", lambda at: _time_drawn(int(at[1])), line)
    line = re.sub(r"&lt;#\d+&gt;", f'<a href="#">#{CHANNEL_DRAWN}</a>', line)
    return re.sub("\0(\\d+)\0", lambda match: html.escape(kept[int(match[1])], quote=False), line)


def _time_drawn(seconds: int) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))


# ---------------------------------------------------------------- Slack


def _block(block: Json) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{_plain(block['text'])}</h3>"
        case "section":
            return f'<div class="text">{_plain(block["text"])}</div>'
        case "context":
            return f'<div class="context">{" ".join(map(_plain, block["elements"]))}</div>'
        case "rich_text":
            return f'<div class="text">{"".join(map(_rich, block["elements"]))}</div>'
        case "actions":
            return f'<div class="row">{"".join(map(_element, block["elements"]))}</div>'
        case "image":
            return f'<img src="{block["slack_file"]["id"]}" alt="{html.escape(block["alt_text"])}">'
        case other:
            raise ValueError(f"unknown Slack block {other}")


def _plain(text: Json) -> str:
    words = str(text["text"])  # escaped by the renderer, which is all that Slack asks for
    words = re.sub(r"<!date\^\d+\^[^|>]*\|([^>]*)>", r"\1", words)  # shown to each reader in their zone
    for mark, drawn in _MARKS.items():
        words = words.replace(mark, drawn)
    return words


def _rich(element: Json) -> str:
    words = "".join(map(_rich_inline, element["elements"])).removesuffix("\n")
    if element["type"] == "rich_text_preformatted":
        return f"<pre>{words}</pre>"
    return f"<blockquote>{words}</blockquote>" if element["type"] == "rich_text_quote" else f"<div>{words}</div>"


def _rich_inline(element: Json) -> str:
    if element["type"] == "channel":
        return f'<a href="#">#{CHANNEL_DRAWN}</a>'
    # A time that Slack shows in each reader's zone has words for those who cannot.
    if element["type"] == "user":
        return f"<b>@{html.escape(element['user_id'])}</b>"
    words = html.escape(element["fallback"] if element["type"] == "date" else element["text"], quote=False)
    if element["type"] == "link":
        return f'<a href="#">{words}</a>'
    return f"<b>{words}</b>" if element.get("style", {}).get("bold") else words


def _element(element: Json) -> str:
    match element["type"]:
        case "button":
            return f'<span class="button {element.get("style", "")}">{_plain(element["text"])}</span>'
        case "overflow":
            return '<span class="button">⋯</span>'
        case "static_select":
            return f'<div class="select">{_plain(element["placeholder"])}</div>'
        case other:
            raise ValueError(f"unknown Slack element {other}")
