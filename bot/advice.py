"""The command for each advice of the core. Only this module knows both."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import Advice, Do

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
