"""Reddit accounts as a member writes them. Their standing is learned by looking (`core/visibility`)."""

from __future__ import annotations

import re

from core.errors import BadArgument

# reddit-facts: links. Profile names take a hyphen, community names do not.
_NAME = re.compile(r"[A-Za-z0-9_-]{3,20}", re.ASCII)


def account_name(text: str) -> str:
    """An account's name from what a person wrote: `u/Name`, `/user/Name`, `Name`, or the address of its page.

    The case is kept, as its owner writes it. `BadArgument` for anything else.
    """
    path = re.sub(r"^(https?://)?([a-z]+\.)?reddit\.com/", "", text.strip(), flags=re.IGNORECASE)
    name = re.sub(r"^/?(u|user)/", "", path, flags=re.IGNORECASE).strip("/")
    if not _NAME.fullmatch(name):
        raise BadArgument(
            "That is not the name of a Reddit account.",
            "Write it as u/name: 3 to 20 letters, digits, _ or -.",
            param="name",
        )
    return name
