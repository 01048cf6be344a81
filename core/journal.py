"""The journal: who did what, and when. An entry is written in the transaction of its change, and never changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class JournalKind(StrEnum):
    """What was done: the noun that it was done to (`noun`), a dot, and the verb."""

    ACCOUNT_ASK = "account.ask"  # a consent page was asked for
    ACCOUNT_CONSENT_GONE = "account.consent_gone"
    ACCOUNT_LINK = "account.link"
    ACCOUNT_SIGN_IN = "account.sign_in"
    ACCOUNT_UNLINK = "account.unlink"
    ALERTS_DIGEST = "alerts.digest"
    ALERTS_DIRECT = "alerts.direct"
    ALERTS_FEED = "alerts.feed"
    ALERTS_FEED_END = "alerts.feed end"
    ALERTS_HERE = "alerts.here"
    ALERTS_OWE = "alerts.owe"
    ALERTS_QUIET = "alerts.quiet"
    ALERTS_ROUTE = "alerts.route"
    ALERTS_ROUTE_END = "alerts.route end"
    ALERTS_RETRY = "alerts.retry"
    ALERTS_WEBHOOK = "alerts.webhook"
    ALERTS_WEBHOOK_END = "alerts.webhook end"
    CAMPAIGN_CREATE = "campaign.create"
    CAMPAIGN_EDIT = "campaign.edit"
    CAMPAIGN_STATUS = "campaign.status"
    COLLECT_FINISH = "collect.finish"
    COLLECT_START = "collect.start"
    COMMUNITY_DEMANDS = "community.demands"  # a person said what its rules ask
    COMMUNITY_PROFILE = "community.profile"
    COMMUNITY_RULES = "community.rules"  # the rules changed
    DATA_PURGE = "data.purge"
    DRAFT_APPROVE = "draft.approve"
    DRAFT_DISCARD = "draft.discard"
    DRAFT_EDIT = "draft.edit"
    DRAFT_GIVE = "draft.give"  # to another poster
    DRAFT_UNDISCLOSED = "draft.undisclosed"  # how the poster belongs to the product is left out, with the reason
    DRAFT_LATER = "draft.later"  # the reminder was put off
    DRAFT_NEW = "draft.new"
    DRAFT_REGENERATE = "draft.regenerate"
    DRAFT_RESTORE = "draft.restore"  # an earlier text came back
    DRAFT_TAKE_BACK = "draft.take_back"  # its approval
    DRAFT_VOID = "draft.void"  # its approval ended, because something that it stood on changed
    DRAFT_MARK = "draft.mark"  # a person decided about a mark on it
    DRAFT_VOICE = "draft.voice"  # a member lends models their tone, or ends that
    FACT_ADD = "fact.add"
    FACT_EDIT = "fact.edit"
    FACT_REMOVE = "fact.remove"
    INSTALLATION_END = "installation.end"
    INSTALLATION_INSTALL = "installation.install"
    PATTERN_ADD = "pattern.add"
    PATTERN_REMOVE = "pattern.remove"
    PATTERN_UNDO = "pattern.undo"
    PLAN_SET = "plan.set"
    POST_ACCOUNT_BANNED = "post.account_banned"
    POST_AUDIT = "post.audit"
    POST_CHECK = "post.check"
    POST_NOT_OURS = "post.not_ours"  # an offered post is not to be watched
    POST_REASON = "post.reason"
    POST_REASON_UNDO = "post.reason_undo"
    POST_REGISTER = "post.register"
    POST_RESUME = "post.resume"
    POST_SEEN = "post.seen"
    POST_SNOOZE = "post.snooze"
    POST_STATE = "post.state"  # its confirmed visibility changed
    POST_STOP = "post.stop"
    POST_UNSEEN = "post.unseen"
    POST_WRONG_ALARM = "post.wrong_alarm"
    ROLE_GRANT = "role.grant"
    ROLE_REVOKE = "role.revoke"
    SETUP_FOUR_EYES = "setup.four_eyes"
    SETUP_ZONE = "setup.zone"

    @property
    def noun(self) -> str:
        return self.value.partition(".")[0]


NOUNS = tuple(dict.fromkeys(kind.noun for kind in JournalKind))


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """`subject` is what it was done to: "draft 3", "workspace". `facts` may hold texts of members, and never a
    secret.
    """

    id: int
    at: datetime
    kind: JournalKind
    subject: str
    member_id: str  # "system" for the program itself
    name: str  # as the member was shown then
    facts: Mapping[str, Any]
    correlation_id: str


class JournalReads(Protocol):
    async def journal(
        self,
        workspace_id: str,
        *,
        ids: Collection[int] | None = None,
        limit: int = 100,
    ) -> Sequence[JournalEntry]:
        """The newest first; with `ids`, only these."""
        ...
