"""The outcome table: what the program does about a draft in a situation, and what would change that.

Pure. It is asked whenever something is done with a draft: when one is wanted, written again, edited or approved, and
when it was posted. docs/outcomes.md prints the table. A ban on promotion limits a draft; it does not close a community.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.clock import moment
from core.drafting.conduct import account_of, is_promotional, ledgers
from core.drafting.drafts import Remark
from core.drafting.grounds import RECENT, Grounds
from core.drafting.rulings import Compliance, rulings
from core.drafting.text import ADVICE, PROBLEM, Text
from core.errors import Advice, Do
from core.model import Account, AccountState, State
from core.texts.blanks import blanks_in
from core.texts.rule_topics import Stance, Topic

PAUSE = timedelta(hours=48)  # after a removal, while moderators look again and people want to argue
_HIDDEN = (AccountState.SHADOWBANNED, AccountState.SUSPENDED)


class Outcome(StrEnum):
    """From the freest to the strictest."""

    WRITE = "write"
    UNDER_LIMITS = "write under limits"
    OWN_TEXT = "edit my own text only"
    INTERVIEW = "interview only"
    NOT_NOW = "better not now"


_ORDER = tuple(Outcome)


class Asked(StrEnum):
    NEW = "new"
    REGENERATE = "regenerate"
    APPROVE = "approve"
    POSTED = "I posted it"


class Limit(StrEnum):
    """What holds for a draft under limits."""

    PRODUCT = "no product name"
    LINKS = "no links"
    ARCHETYPE = "a question or a story of one's own"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the outcome depends on."""

    community: str
    product: str
    campaign_id: int
    now: datetime
    has_facts: bool = True
    hidden_accounts: tuple[str, ...] = ()  # the poster's, each with its state, as "u/ada is shadowbanned"
    hidden_in_team: tuple[str, ...] = ()  # all that the team has, where none is known to be the poster's
    removed_at: datetime | None = None  # the last removal of a post of the team there
    rule_on_promotion: str | None = None  # the name of a rule that forbids it
    rule_on_links: str | None = None
    rule_on_ai_text: str | None = None
    ratio_used_up: str | None = None  # in words, how much of it
    account_lacks: str | None = None  # what the community asks of an account, and the poster's has not
    known_posts: int | None = None  # None: nothing was collected
    norms_known: bool = True
    is_target: bool = True  # one of the campaign's communities

    @property
    def pause_ends(self) -> datetime | None:
        ends = self.removed_at + PAUSE if self.removed_at is not None else None
        return ends if ends is not None and ends > self.now else None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `asked`: where it counts. `passable`: a person may go on anyway."""

    code: str
    when: str
    holds: Callable[[Situation], bool]
    outcome: Outcome
    says: Callable[[Situation], str]
    change: Callable[[Situation], str]  # what would change it, or what to do first
    changes: str  # the same for the printed table
    asked: frozenset[Asked] = frozenset(Asked)
    limits: frozenset[Limit] = frozenset()
    passable: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an outcome is what it is, and what would change it."""

    code: str
    text: str
    do: str
    outcome: Outcome
    passable: bool = False
    limits: frozenset[Limit] = frozenset()
    changes: str = ""  # what would change it, in general

    @property
    def final(self) -> bool:
        """Whether nobody can pass over it."""
        return not self.passable


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, with the reasons for it and for lesser limits, the weightiest first."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    limits: frozenset[Limit] = frozenset()

    @property
    def against(self) -> tuple[Reason, ...]:
        """The reasons why nothing is written now."""
        return tuple(r for r in self.reasons if r.outcome in (Outcome.NOT_NOW, Outcome.INTERVIEW))


def decide(situation: Situation, asked: Asked) -> Decision:
    """Returns the strictest outcome of the rows that hold; `WRITE` when none does."""
    rows = [row for row in TABLE if asked in row.asked and row.holds(situation)]
    rows.sort(key=lambda row: -_ORDER.index(row.outcome))
    reasons = tuple(
        Reason(
            row.code,
            row.says(situation),
            row.change(situation),
            row.outcome,
            # Only whoever begins a draft may pass over a reason; before an approval it has to be gone.
            row.passable and asked is Asked.NEW,
            row.limits,
            row.changes,
        )
        for row in rows
    )
    return Decision(
        rows[0].outcome if rows else Outcome.WRITE, reasons, frozenset(limit for row in rows for limit in row.limits)
    )


def situation_of(grounds: Grounds) -> Situation:
    def forbidding(topic: Topic) -> str | None:
        on = grounds.rule_on(topic)
        return on.rule.short_name if on is not None and on.forbids else None

    removed = [
        post.state_since
        for post in grounds.history.removed
        if post.community == grounds.community
        and post.state is State.REMOVED
        and grounds.now - post.state_since <= RECENT
    ]
    return Situation(
        community=grounds.community,
        product=grounds.campaign.name,
        campaign_id=grounds.campaign.id,
        now=grounds.now,
        has_facts=bool(grounds.facts),
        hidden_accounts=_hidden(_of_poster(grounds)),
        hidden_in_team=() if _of_poster(grounds) else _hidden_all(grounds.history.accounts),
        removed_at=max(removed, default=None),
        rule_on_promotion=forbidding(Topic.PROMOTION),
        rule_on_links=forbidding(Topic.LINKS),
        rule_on_ai_text=forbidding(Topic.AI_TEXT),
        ratio_used_up=_ratio_used_up(grounds),
        account_lacks=_account_lacks(grounds),
        known_posts=grounds.profile.sample_size if grounds.profile is not None else None,
        norms_known=grounds.norms is not None,
        is_target=grounds.community in grounds.campaign.communities,
    )


def _of_poster(grounds: Grounds) -> tuple[Account, ...]:
    """Returns the account that will post; where it is not known, the accounts that the poster linked."""
    own = account_of(grounds)
    if own is not None:
        return (own,)
    member_id = grounds.poster.member_id if grounds.poster is not None else None
    return tuple(a for a in grounds.history.accounts if member_id is not None and a.linked_by_id == member_id)


def _hidden(accounts: Sequence[Account]) -> tuple[str, ...]:
    return tuple(f"u/{account.name} is {account.state}" for account in accounts if account.state in _HIDDEN)


def _hidden_all(accounts: Sequence[Account]) -> tuple[str, ...]:
    hidden = _hidden(accounts)
    return hidden if len(hidden) == len(accounts) else ()


def _ratio_used_up(grounds: Grounds) -> str | None:
    """Returns in words how far a community's ratio is used up, when one more promotional post would pass it; else
    None.
    """
    for on in grounds.rules_on:
        if on.demand.stance is Stance.RATIO and on.demand.topic is Topic.PROMOTION:
            ratio = on.demand.ratio or (1, 10)
            for ledger in ledgers(grounds):
                if ledger.promotional and ledger.with_this_passes(ratio):
                    return f"{ledger.told} there name {grounds.campaign.name}; {ratio[0]} of {ratio[1]} may"
    return None


def _account_lacks(grounds: Grounds) -> str | None:
    broken = (
        r for r in rulings(Text("", ""), grounds) if r.topic is Topic.ACCOUNT and r.compliance is Compliance.BROKEN
    )
    return next((ruling.text for ruling in broken), None)


_WRITING = frozenset({Asked.NEW, Asked.REGENERATE})
_BEGINNING = frozenset({Asked.NEW})


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


TABLE: tuple[Row, ...] = (
    Row(
        "account",
        "The poster's account is shadowbanned or suspended.",
        lambda s: bool(s.hidden_accounts),
        Outcome.NOT_NOW,
        lambda s: f"{', '.join(s.hidden_accounts)}: what it posts is seen by nobody.",
        lambda s: "Appeal first: reddit.com/appeals",
        "Reddit lifts it after an appeal, or the draft gets another poster.",
        passable=True,
    ),
    Row(
        "team_account",
        "No account of the poster is known, and all that the team has are hidden.",
        lambda s: bool(s.hidden_in_team),
        Outcome.NOT_NOW,
        lambda s: f"{', '.join(s.hidden_in_team)}: what it posts is seen by nobody.",
        lambda s: "Appeal first: reddit.com/appeals",
        "The poster links an account, or Reddit lifts it.",
        _BEGINNING,
        passable=True,
    ),
    Row(
        "pause",
        f"A post of the team was removed there in the last {PAUSE // timedelta(hours=1)} hours.",
        lambda s: s.pause_ends is not None,
        Outcome.NOT_NOW,
        lambda s: f"A post of yours was removed from r/{s.community} on {moment(s.removed_at)}.",
        lambda s: Advice(f"Read why, and wait until {moment(s.pause_ends)}.", Do.LIST_REMOVED_POSTS),
        "Time: the pause ends by itself.",
        passable=True,
    ),
    Row(
        "account_lacks",
        "The community asks for more age or karma than the poster's account has.",
        lambda s: s.account_lacks is not None,
        Outcome.NOT_NOW,
        lambda s: f"r/{s.community} asks more of an account: {s.account_lacks}",
        lambda s: "Take part in comments until it has that.",
        "The account grows older, or takes part.",
        passable=True,
    ),
    Row(
        "no_profile",
        "Nothing was collected from the community.",
        lambda s: s.known_posts is None,
        Outcome.NOT_NOW,
        lambda s: f"Nothing is known about r/{s.community} yet.",
        lambda s: Advice("Collect posts from it.", Do.COLLECT),
        "Posts are collected.",
        _BEGINNING,
        passable=True,
    ),
    Row(
        "small_sample",
        "Too few posts of it are known to speak of norms.",
        lambda s: s.known_posts is not None and not s.norms_known,
        Outcome.NOT_NOW,
        lambda s: f"Only {s.known_posts} posts of r/{s.community} are known: too few to speak of norms.",
        lambda s: "Collect more.",
        "More posts are collected.",
        _BEGINNING,
        passable=True,
    ),
    Row(
        "other_community",
        "It is not one of the campaign's communities.",
        lambda s: not s.is_target,
        Outcome.NOT_NOW,
        lambda s: f"r/{s.community} is not one of this campaign's communities.",
        lambda s: Advice("Add it to them.", Do.EDIT_CAMPAIGN, s.campaign_id),
        "It is added to the campaign.",
        _BEGINNING,
        passable=True,
    ),
    Row(
        "no_facts",
        "The campaign has no facts.",
        lambda s: not s.has_facts,
        Outcome.INTERVIEW,
        lambda s: "The campaign has no facts, so anything written would be invented.",
        lambda s: Advice("Answer a few questions: what you tell becomes facts.", Do.INTERVIEW),
        "Facts are added, or told in an interview.",
        _WRITING,
    ),
    Row(
        "ai_text",
        "A rule forbids text that a model wrote.",
        lambda s: s.rule_on_ai_text is not None,
        Outcome.OWN_TEXT,
        lambda s: f"r/{s.community} takes no text that a model wrote: “{s.rule_on_ai_text}”.",
        lambda s: Advice("Answer a few questions: your words go in as they are.", Do.INTERVIEW),
        "The rule changes.",
    ),
    Row(
        "recent_removals",
        f"A post of the team was removed there in the last {RECENT.days} days.",
        lambda s: s.removed_at is not None and s.pause_ends is None,
        Outcome.UNDER_LIMITS,
        lambda s: f"A post of yours was removed from r/{s.community} on {moment(s.removed_at)}.",
        lambda s: Advice("Take part without the product for a while, and read why.", Do.LIST_REMOVED_POSTS),
        "Time, or the post is live again.",
        limits=frozenset(Limit),
    ),
    Row(
        "rules",
        "A rule forbids promotion.",
        lambda s: s.rule_on_promotion is not None,
        Outcome.UNDER_LIMITS,
        lambda s: f"r/{s.community} has a rule against promotion: “{s.rule_on_promotion}”.",
        lambda s: f"Write something that is useful without {s.product}.",
        "The rule changes, or a person reads it otherwise.",
        limits=frozenset(Limit),
    ),
    Row(
        "links",
        "A rule forbids links.",
        lambda s: s.rule_on_links is not None,
        Outcome.UNDER_LIMITS,
        lambda s: f"r/{s.community} has a rule against links: “{s.rule_on_links}”.",
        lambda s: "Put what matters into the text.",
        "The rule changes.",
        limits=frozenset({Limit.LINKS}),
    ),
    Row(
        "ratio",
        "The community's ratio of promotion is used up.",
        lambda s: s.ratio_used_up is not None,
        Outcome.UNDER_LIMITS,
        lambda s: _sentence(f"{s.ratio_used_up}."),
        lambda s: f"Post something useful without {s.product} first.",
        "Other posts of the team there, or 90 days.",
        limits=frozenset({Limit.PRODUCT, Limit.LINKS}),
    ),
)


_READ_WITH_THE_RULES = frozenset({"rules", "links", "ratio"})  # `rulings` tells which words break them


def limits_of(grounds: Grounds) -> frozenset[Limit]:
    """Returns the limits under which a draft is written now."""
    return decide(situation_of(grounds), Asked.APPROVE).limits


def why_under_limits(grounds: Grounds) -> tuple[Reason, ...]:
    """Returns why a draft is under limits now, the weightiest reason first; none where it is not."""
    reasons = decide(situation_of(grounds), Asked.APPROVE).reasons
    return tuple(reason for reason in reasons if reason.outcome is Outcome.UNDER_LIMITS)


def may_be_written_again(grounds: Grounds) -> bool:
    """Whether a model may write the draft again."""
    return decide(situation_of(grounds), Asked.REGENERATE).outcome in (Outcome.WRITE, Outcome.UNDER_LIMITS)


def check_outcome(text: Text, grounds: Grounds) -> Iterator[Remark]:
    """Yields what keeps a draft from being approved now, whatever its text says, and the limits that its text
    breaks.
    """
    situation = situation_of(grounds)
    decision, removed_at = decide(situation, Asked.APPROVE), situation.removed_at
    for reason in decision.against:
        yield Remark("outcome", PROBLEM, f"{reason.text} {reason.do}", reason.code)
    for reason in decision.reasons:
        has = _past_limits(reason.limits, text, grounds)
        if has and reason.code not in _READ_WITH_THE_RULES and removed_at is not None:
            without = f"A post there does without the product and without links until {moment(removed_at + RECENT)}."
            yield Remark("limits", PROBLEM, f"{reason.text} {without} {has}", f"limit:{reason.code}")
    if Limit.ARCHETYPE in decision.limits and not blanks_in(text.whole) and not _asks_or_tells(text, grounds):
        said = f"It neither asks nor tells what you lived: under limits, r/{grounds.community} takes those best."
        yield Remark("limits", ADVICE, said, "limit:archetype")


def told_when_posted(text: Text, grounds: Grounds) -> tuple[Reason, ...]:
    """Returns what the table says about a posted text: why it should have waited, and the limits that it breaks."""
    wrote = any(r.topic is Topic.AI_TEXT and r.compliance is Compliance.BROKEN for r in rulings(text, grounds))
    return tuple(
        reason
        for reason in decide(situation_of(grounds), Asked.POSTED).reasons
        if reason.outcome is Outcome.NOT_NOW
        or (reason.outcome is Outcome.OWN_TEXT and wrote)
        or _past_limits(reason.limits, text, grounds)
    )


def _past_limits(limits: frozenset[Limit], text: Text, grounds: Grounds) -> str:
    """Returns in words what the text has against these limits; "" for nothing."""
    if Limit.PRODUCT in limits and is_promotional(text.title, text.body, grounds):
        return f"The text names {grounds.campaign.name}, or links its site."
    if Limit.LINKS in limits and text.has("link", grounds):
        return "The text has a link."
    return ""


def _asks_or_tells(text: Text, grounds: Grounds) -> bool:
    return "?" in text.whole or any(text.has(key, grounds) for key in ("first_person", "title_first_person"))
