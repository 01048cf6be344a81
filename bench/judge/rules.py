"""Judge the reading of rules: how many are read as forbidding, allowing under a condition, or restricting nothing."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.judge.lines import BadLines, read_lines
from core.texts.rule_topics import Topic
from core.texts.rules import means_for

MEANS = ("forbid", "cond", "none")
# What people call a topic, where that is not its name.
_ALSO = {
    "self_promotion": Topic.PROMOTION,
    "link": Topic.LINKS,
    "referrals": Topic.REFERRAL,
    "ai": Topic.AI_TEXT,
    "ai_written_text": Topic.AI_TEXT,
    "title_form": Topic.TITLE,
    "survey": Topic.SURVEYS,
    "dms": Topic.DIRECT_MESSAGES,
    "repost": Topic.REPOSTS,
    "weekly_threads": Topic.WEEKLY_THREAD,
    "karma": Topic.ACCOUNT,
    "account_age": Topic.ACCOUNT,
    "account_age_and_karma": Topic.ACCOUNT,
}


def meaning(short_name: str, description: str, topic: Topic | None) -> str:
    """Returns what the product reads in a rule about a topic: `forbid`, `cond` or `none`."""
    return "none" if topic is None else means_for(short_name, description, topic).value


def _topic(written: str) -> Topic | None:
    plain = "_".join(written.lower().replace("-", " ").replace("_", " ").split())
    return Topic(plain) if plain in set(Topic) else _ALSO.get(plain)


def main(arguments: Sequence[str]) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="python -m bench judge rules")
    parser.add_argument("file", type=Path, metavar="FILE", help="rules, one JSON object a line")
    options = parser.parse_args(arguments)
    rows = read_lines(options.file, {"short_name": None, "description": None, "topic": None, "means": MEANS})
    strange = sorted({row["topic"] for row in rows if _topic(row["topic"]) is None})
    if strange:
        raise BadLines(f"{options.file}: no such topic: {', '.join(strange)}. There are: {', '.join(Topic)}")
    right = 0
    for row in rows:
        read = meaning(row["short_name"], row["description"], _topic(row["topic"]))
        right += read == row["means"]
        if read != row["means"]:
            print(f"{row['short_name']} ({row['topic']}): {row['description']} — means {row['means']}, read as {read}")
    return {"right": round(right / len(rows), 4) if rows else None, "rules": len(rows)}
