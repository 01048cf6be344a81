"""Writes times, ages, counts, money and the commands that the core advises, for all cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from core.clock import moment as moment
from core.errors import Advice, Do
from core.model import RemovedBy, State, TrackedPost
from core.money import at_least as at_least
from core.money import at_most as at_most
from core.money import dollars as dollars
from core.texts.plain import shortened as shortened
from core.timetable import DigestPlan, DigestRhythm, QuietHours, zone
from core.visibility.verdict import is_hidden

# How a post stands, for a title, a list and an alert.
STATE_WORDS = {
    State.UNVERIFIED: "not verified yet",
    State.LIVE: "live",
    State.HELD: "held for review",
    State.REMOVED: "removed",
    State.DELETED: "deleted by its author",
    State.SHADOWBANNED: "account looks shadowbanned",
    State.SUSPENDED: "account suspended",
    State.GATED: "gone or gated",
    State.UNKNOWN: "not found lately",
}
_REMOVED_BY = {
    RemovedBy.MODERATORS: "by moderators (or AutoModerator)",
    RemovedBy.REDDIT_FILTERS: "by Reddit's own filters",
    RemovedBy.REDDIT_ADMINS: "by Reddit's admins",
    RemovedBy.UNKNOWN: "by whom is not known",
}


def state_words(post: TrackedPost) -> str:
    """How a post stands, in a few words: "removed, by moderators (or AutoModerator), locked"."""
    words = STATE_WORDS[post.state]
    if post.state is State.REMOVED and post.removed_by is not None:
        words += f", {_REMOVED_BY[post.removed_by]}"
    if post.state in (State.SHADOWBANNED, State.SUSPENDED) and is_hidden(post):
        words = f"hidden, {words}"  # posts of such an account can stay visible
    return f"{words}, locked" if post.locked else words


def age(span: timedelta) -> str:
    """A span in its largest fitting unit, rounded down: "50 seconds", "12 minutes", "3 days"."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return counted(seconds // size, unit)
    return counted(seconds, "second")


def ago(span: timedelta) -> str:
    """How long ago something was: "12 minutes ago"; below a minute "just now"."""
    return f"{age(span)} ago" if span >= timedelta(minutes=1) else "just now"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 post", "1,200 posts"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def rounded(value: float | None) -> str:
    """Returns a median or a quartile in a few digits, because the others mean nothing."""
    if value is None:
        return "unknown"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:,.2g}"


def percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.0%}"


def local(at: datetime, timezone: str) -> str:
    """A time as a workspace's own clock shows it, beside UTC: "24 Nov 2026, 06:00 UTC (07:00 in Europe/Vienna)"."""
    if timezone == "UTC":
        return moment(at)
    there = at.astimezone(zone(timezone))
    day = "" if there.date() == at.astimezone(UTC).date() else f"{there:%-d %b}, "
    return f"{moment(at)} ({day}{there:%H:%M} in {timezone})"


def hour(at: time) -> str:
    return f"{at:%H:%M}"


def quiet_hours(hours: QuietHours | None, timezone: str) -> str:
    """Quiet hours in words: "22:00 to 07:00 (Europe/Vienna)"."""
    return f"{hour(hours.begin)} to {hour(hours.until)} ({timezone})" if hours else "none"


def rhythm(plan: DigestPlan | None, timezone: str) -> str:
    """When digests come: "every Monday at 09:00 (Europe/Vienna)"."""
    if plan is None:
        return "off"
    every = plan.on.capitalize() if plan.every is DigestRhythm.WEEKLY else "day"
    return f"every {every} at {hour(plan.at)} ({timezone})"


def bulleted(lines: Sequence[str], most: int | None = None) -> str:
    """A list on a card, with at most so many of its lines and how many more there are."""
    shown = [f"• {line}" for line in lines[:most]]
    left_out = len(lines) - len(shown)
    return "\n".join([*shown, f"… and {left_out} more"] if left_out else shown)


def span(lasted: timedelta) -> str:
    """A span in its two largest units, rounded down: "12 min", "3 h 20 min", "2 d 4 h"."""
    minutes = max(0, int(lasted.total_seconds())) // 60
    days, hours, rest = minutes // 1_440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h")] if days else [(hours, "h"), (rest, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "less than a minute"


# `{}` stands for the record that the advice is about. It is left out where the advice names none.
COMMANDS: Mapping[Do, str] = {
    Do.BROWSE_POSTS: "community browse",
    Do.CANCEL_COLLECTING: "collect cancel",
    Do.CHECK_POST: "post check {}",
    Do.COLLECT: "collect start",
    Do.CREATE_CAMPAIGN: "campaign create",
    Do.EDIT_CAMPAIGN: "campaign edit {} communities=…",
    Do.EDIT_DRAFT: "draft edit {}",
    Do.GIVE_REASON: "post reason {}",
    Do.GRANT_ROLE: "role grant",
    Do.HELP: "help",
    Do.INTERVIEW: "draft interview",
    Do.LINK_ACCOUNT: "account link {}",
    Do.LIST_ALERTS: "alerts list",
    Do.LIST_CAMPAIGNS: "campaign list",
    Do.LIST_DRAFTS: "draft list",
    Do.LIST_FACTS: "fact list",
    Do.LIST_OFFERS: "post offers",
    Do.LIST_PATTERNS: "pattern list",
    Do.LIST_POSTS: "post list",
    Do.LIST_REMOVED_POSTS: "post list state=removed",
    Do.LIST_ROLES: "role list",
    Do.REGISTER_POST: "post register",
    Do.RESUME_CAMPAIGN: "campaign resume {}",
    Do.SET_PLAN: "plan set",
    Do.SHOW_ACCOUNTS: "account status",
    Do.SHOW_CAMPAIGN: "campaign show {}",
    Do.SHOW_COLLECTING: "collect status",
    Do.SHOW_COMMUNITY: "community show",
    Do.SHOW_DRAFT: "draft show {}",
    Do.SHOW_FACT: "fact show {}",
    Do.SHOW_POST: "post show {}",
    Do.SHOW_RULES: "community rules",
    Do.SHOW_USAGE: "usage",
    Do.SNOOZE_POST: "post snooze {} span=3d",
    Do.STOP_POST: "post stop {}",
}


def worded(do: str) -> str:
    """What to do now, with the command that does it: "See it: /rao post show 7". Other words stay as they are."""
    if not isinstance(do, Advice):
        return do
    about = "" if do.about is None else str(do.about)
    command = " ".join(COMMANDS[do.act].replace("{}", about).split())
    return f"{do.rstrip('.')}: /rao {command}"
