"""The few pages that a browser shows: where a workspace installs the app, and where Slack and Reddit send people back.

One template. It loads nothing and has no script; its one stylesheet stands in it and is named by its hash in the
headers, so that no other can take effect. Every text is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.card import Tone

STYLE = """
:root { color-scheme: light dark; --back: #f4f5f7; --sheet: #ffffff; --ink: #1d2430; --soft: #566072;
  --line: #d9dde4; --act: #1f5fbf; --on-act: #ffffff; --good: #1c7a46; --bad: #b3362b; }
@media (prefers-color-scheme: dark) { :root { --back: #14171c; --sheet: #1e232b; --ink: #e8ebf0; --soft: #a6afbd;
  --line: #363d49; --act: #7fb0f5; --on-act: #10151d; --good: #63c78f; --bad: #f08a7f; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 24px 16px; background: var(--back); color: var(--ink);
  font: 17px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 520px; margin: 6vh auto 0; padding: 28px; background: var(--sheet);
  border: 1px solid var(--line); border-radius: 14px; }
header { display: flex; align-items: center; gap: 12px; color: var(--soft); font-weight: 600; }
h1 { margin: 20px 0 12px; font-size: 25px; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 24px 0 8px; font-size: 15px; color: var(--soft); font-weight: 600; }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
dl { margin: 0; font-size: 15px; }
dt { margin-top: 8px; font-weight: 600; }
dd { margin: 0; color: var(--soft); }
.go { display: block; margin-top: 24px; padding: 12px 20px; border-radius: 10px; background: var(--act);
  color: var(--on-act); text-align: center; text-decoration: none; font-weight: 600; }
.go:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.good h1 { color: var(--good); }
.bad h1 { color: var(--bad); }
svg { width: 40px; height: 40px; flex: none; }
"""

# A speech bubble with an eye in it: it talks, and it watches.
ICON = (
    '<svg viewBox="0 0 64 64" aria-hidden="true">'
    '<rect width="64" height="64" rx="15" fill="#1f5fbf"/>'
    '<path d="M12 14h40a5 5 0 0 1 5 5v22a5 5 0 0 1-5 5H31L19 56V46h-7a5 5 0 0 1-5-5V19a5 5 0 0 1 5-5z" fill="#fff"/>'
    '<path d="M14 30c5-8 11-11 18-11s13 3 18 11c-5 8-11 11-18 11s-13-3-18-11z" fill="#1f5fbf"/>'
    '<circle cx="32" cy="30" r="7" fill="#fff"/><circle cx="32" cy="30" r="3.5" fill="#1d2430"/></svg>'
)

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# For every page, because its address may hold a code.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_TONES = {Tone.GOOD: "good", Tone.BAD: "bad", Tone.ATTENTION: "bad"}


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says: what happened or is asked, why, and the one thing to do next.

    `asked` is what will be permitted, each with the reason; `button` is (label, address).
    """

    title: str
    words: Sequence[str] = ()
    tone: Tone = Tone.NEUTRAL
    asked: Mapping[str, str] = field(default_factory=dict)
    button: tuple[str, str] | None = None

    def html(self) -> str:
        title = html.escape(self.title)
        parts = [f"<header>{ICON}BC-RAO</header>", f"<h1>{title}</h1>"]
        parts += [f"<p>{html.escape(word)}</p>" for word in self.words if word.strip()]
        if self.button is not None:
            label, address = self.button
            parts.append(f'<a class="go" href="{html.escape(address)}">{html.escape(label)}</a>')
        if self.asked:
            named = [f"<dt>{html.escape(what)}</dt><dd>{html.escape(why)}</dd>" for what, why in self.asked.items()]
            parts.append(f"<h2>What it may do then, and why</h2><dl>{''.join(named)}</dl>")
        head = (
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title} · BC-RAO</title><style>{STYLE}</style>"
        )
        body = "\n".join(parts)
        tone = _TONES.get(self.tone, "plain")
        return (
            f'<!doctype html>\n<html lang="en"><head>{head}</head>'
            f'<body><main class="{tone}">\n{body}\n</main></body></html>\n'
        )
