"""The words for an entry of the journal. They do not repeat the texts of members, which stay in the entry's facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words import STATE_WORDS, counted
from core.journal import JournalEntry, JournalKind
from core.model import State

DEEDS: Mapping[JournalKind, str] = {
    JournalKind.ACCOUNT_ASK: "asked for a link to sign an account in",
    JournalKind.ACCOUNT_CONSENT_GONE: "found that Reddit no longer accepts the consent",
    JournalKind.ACCOUNT_LINK: "linked it",
    JournalKind.ACCOUNT_SIGN_IN: "signed it in",
    JournalKind.ACCOUNT_UNLINK: "unlinked it",
    JournalKind.ALERTS_DIGEST: "set when the digest comes",
    JournalKind.ALERTS_DIRECT: "chose whether drafts are told by direct message",
    JournalKind.ALERTS_FEED: "opened a feed at a new address",
    JournalKind.ALERTS_FEED_END: "closed the feed",
    JournalKind.ALERTS_WEBHOOK: "named or woke the webhook",
    JournalKind.ALERTS_WEBHOOK_END: "ended the webhook",
    JournalKind.ALERTS_HERE: "chose where alerts go",
    JournalKind.ALERTS_OWE: "queued an alert",
    JournalKind.ALERTS_QUIET: "set the quiet hours",
    JournalKind.ALERTS_ROUTE: "said where some alerts go",
    JournalKind.ALERTS_ROUTE_END: "ended a route of alerts",
    JournalKind.ALERTS_RETRY: "had lost alerts sent again",
    JournalKind.CAMPAIGN_CREATE: "created it",
    JournalKind.CAMPAIGN_EDIT: "edited it",
    JournalKind.CAMPAIGN_STATUS: "changed its status",
    JournalKind.COLLECT_FINISH: "ended it",
    JournalKind.COLLECT_START: "started it",
    JournalKind.COMMUNITY_PROFILE: "computed its profile",
    JournalKind.COMMUNITY_DEMANDS: "said what its rules ask",
    JournalKind.COMMUNITY_RULES: "kept its rules, which had changed",
    JournalKind.DATA_PURGE: "deleted data that was kept long enough",
    JournalKind.DRAFT_APPROVE: "approved it",
    JournalKind.DRAFT_DISCARD: "discarded it",
    JournalKind.DRAFT_EDIT: "edited it",
    JournalKind.DRAFT_GIVE: "gave it to another poster",
    JournalKind.DRAFT_UNDISCLOSED: "left out how its poster belongs to the product",
    JournalKind.DRAFT_LATER: "put its reminder off",
    JournalKind.DRAFT_NEW: "wrote it",
    JournalKind.DRAFT_REGENERATE: "had it written again",
    JournalKind.DRAFT_RESTORE: "brought an earlier text back",
    JournalKind.DRAFT_TAKE_BACK: "took its approval back",
    JournalKind.DRAFT_VOID: "changed what its approval stood on",
    JournalKind.DRAFT_MARK: "decided about a mark on it",
    JournalKind.FACT_ADD: "added it",
    JournalKind.FACT_EDIT: "edited it",
    JournalKind.FACT_REMOVE: "removed it",
    JournalKind.INSTALLATION_END: "ended the bot's permission",
    JournalKind.INSTALLATION_INSTALL: "installed the bot",
    JournalKind.PATTERN_ADD: "added it",
    JournalKind.PATTERN_REMOVE: "removed it",
    JournalKind.PATTERN_UNDO: "brought it back",
    JournalKind.PLAN_SET: "changed it",
    JournalKind.POST_ACCOUNT_BANNED: "said that the account is banned there",
    JournalKind.POST_AUDIT: "judged it after seven days",
    JournalKind.POST_CHECK: "asked for a look",
    JournalKind.POST_NOT_OURS: "said that it is not theirs",
    JournalKind.POST_REASON: "gave the moderators' reason",
    JournalKind.POST_REASON_UNDO: "took the reason back",
    JournalKind.POST_REGISTER: "registered it",
    JournalKind.POST_RESUME: "had it watched again",
    JournalKind.POST_SEEN: "said that they see it",
    JournalKind.POST_SNOOZE: "snoozed its alerts",
    JournalKind.POST_STATE: "found a new state",
    JournalKind.POST_STOP: "stopped watching it",
    JournalKind.POST_UNSEEN: "said that they do not see it",
    JournalKind.POST_WRONG_ALARM: "called it a wrong alarm",
    JournalKind.ROLE_GRANT: "gave a role",
    JournalKind.ROLE_REVOKE: "took a role away",
    JournalKind.DRAFT_VOICE: "chose whether models may take their tone",
    JournalKind.SETUP_FOUR_EYES: "chose whether texts need four eyes",
    JournalKind.SETUP_ZONE: "chose the time zone",
}


def deed(entry: JournalEntry) -> str:
    more = _more(entry)
    return f"{_subject(entry)}: {DEEDS[entry.kind]}{f' ({more})' if more else ''}"


def _subject(entry: JournalEntry) -> str:
    """What it was done to: a member by the name they had then, an account by its name, everything else by its
    number.
    """
    if entry.kind in (JournalKind.ROLE_GRANT, JournalKind.ROLE_REVOKE):
        return str(entry.facts.get("member") or "a member")
    account = entry.facts.get("account")
    return f"u/{account}" if account else entry.subject


def _more(entry: JournalEntry) -> str:
    facts = entry.facts
    match entry.kind:
        case JournalKind.ROLE_GRANT | JournalKind.ROLE_REVOKE:
            return str(facts.get("role") or "")
        case JournalKind.POST_STATE:
            return _state(facts)
        case JournalKind.POST_AUDIT:
            return str(facts.get("outcome") or "")
        case JournalKind.CAMPAIGN_STATUS | JournalKind.COLLECT_FINISH:
            return str(facts.get("status") or "")
        case JournalKind.ALERTS_OWE:
            return str(facts.get("alert") or "").replace("_", " ")
        case JournalKind.DATA_PURGE:
            return ", ".join(counted(int(facts[noun]), noun[:-1]) for noun in ("posts", "campaigns") if noun in facts)
        case JournalKind.SETUP_ZONE:
            return str(facts.get("timezone") or "")
        case _:
            return next((f"{name} {facts[name]}" for name in ("revision", "version") if name in facts), "")


def _state(facts: Mapping[str, Any]) -> str:
    try:
        return STATE_WORDS[State(str(facts.get("state")))]
    except (ValueError, KeyError):  # a state of another version
        return str(facts.get("state") or "")
