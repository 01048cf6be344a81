"""The theme of charts: their colours, and the sizes of their words.

A picture is one file for everybody who reads a message, whether their Discord or Slack is dark or light. So a chart has
a panel of its own with round corners, transparent outside of them. The panel is dark: on a light page it reads like a
block of code, while a light one dazzles on a dark page at night. Its edge separates it from dark pages.
"""

from __future__ import annotations

PAPER, EDGE = "#20262e", "#667380"
INK, MUTED, ALARM = "#eef2f6", "#b0bac5", "#ff9d9d"  # of words
RULE, EMPTY, EVEN = "#3c4652", "#2d353f", "#9aa5b1"  # scales, slots with too few posts, and what is as usual
# Okabe and Ito's palette in its bright shades, which people with any colour vision tell apart on a dark panel; the
# marks differ as well.
COLOURS = ("#56b4e9", "#e69f00", "#1fb58a", "#e08bc0", "#cdd5de")
MARKS = ("o", "s", "D", "^", "v")
MORE, LESS = COLOURS[0], COLOURS[1]
PARTS = (MORE, LESS, "#8b949e", *COLOURS[3:])  # of a counted bar: went well, did not, open

# Sizes of words in pixels of the picture, which a phone shows at less than a third.
TITLE, SUBTITLE, HEADING, LABEL, SMALL = 42, 26, 30, 28, 24


def pale(colour: str) -> str:
    """Returns a shade near the panel's, as the background of lines in the same colour."""
    parts = ((int(PAPER[at : at + 2], 16), int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(back + (part - back) * 0.42):02x}" for back, part in parts)
