"""Watching: registering posts that people published, sweeping over what is due, and a person's own look.

A sweep leases due posts, looks at them in batches, judges each by its own readings and stores readings, verdict,
alerts and the next due time in one transaction a post. Killed anywhere, the lease expires and the next sweep goes on;
nothing is told twice, because the keys of alerts come from what was seen and not from when it was judged.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.accounts import Accounts
from core.clock import Clock, ClockWatch, moment
from core.errors import AlreadyExists, BadArgument, NotAllowedNow, NotFound, RemoteError, StorageUnavailable, UserError
from core.model import (
    Account,
    Basis,
    Caller,
    CampaignStatus,
    DecisionKind,
    Draft,
    Outcome,
    Pattern,
    Reading,
    State,
    TrackedPost,
    View,
)
from core.patterns import standing_patterns
from core.ports import (
    Check,
    DuePost,
    NewPattern,
    NewTrackedPost,
    PublicView,
    RedditView,
    Sighting,
    Store,
    Verdict,
    WatchLoad,
)
from core.texts.gone import gone_by
from core.texts.pasted import PostLink, parse_link, permalink_of
from core.visibility import due as due_times
from core.visibility import learning, reasons
from core.visibility.audit import audit, audit_alert
from core.visibility.blindness import blind_cycles, tell_blindness
from core.visibility.looking import BATCH, Look, Looking
from core.visibility.own_view import OwnView
from core.visibility.readings import NO_VIEW, body_hash, person_asked_reddit, person_look
from core.visibility.verdict import ACCOUNT_ALERTS, awaited_in, is_hidden, judge, judge_account

log = logging.getLogger(__name__)

STRETCH_EVERY = timedelta(minutes=10)  # how often the load is counted, to see whether the budget is short
CLOCK_SEEN_EVERY = timedelta(hours=1)  # a look through all posts
LEFT_FOR_PEOPLE = 0.05  # of a minute's requests: a sweep leaves them, so that a command need not wait
LEASE = timedelta(minutes=5)  # a batch takes seconds; what a killed program held comes back after this
PUBLIC_ONLY_BATCH = 3  # without another view every post costs one of the few logged-out requests
OLD_ACCOUNT = timedelta(days=90)
OLD_ACCOUNT_KARMA = 100
_BEING_LOOKED_AT = ("This post is being looked at right now.", "Press again in a minute.")
_LEASE_TRIES, _LEASE_WAIT_S = 10, 0.3
_ASK_FOR_LONG_LINK = "Open it in a browser and paste the long address it leads to."


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep did: posts `looked` at, how many of them `blind` (no evidence), and how many `changed` state."""

    looked: int = 0
    blind: int = 0
    changed: int = 0

    def plus(self, other: SweepResult) -> SweepResult:
        return SweepResult(self.looked + other.looked, self.blind + other.blind, self.changed + other.changed)


@dataclass(frozen=True, slots=True)
class WrongAlarm:
    """What "wrong alarm" did: the post, and the patterns that were taken back with it."""

    post: TrackedPost
    undone: tuple[Pattern, ...]


class Watching:
    """Raises for people's requests only (`UserError`); a sweep survives whatever single posts and remotes do."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        view: RedditView | None,
        public: PublicView | None = None,
        resolve_share_link: Callable[[str], Awaitable[str | None]] | None = None,
        accounts: Accounts | None = None,
        clock_watch: ClockWatch | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._view = view
        self._looking = Looking(clock, view, public)
        self._own_view = OwnView(accounts or Accounts(store, clock), clock)
        self._resolve_share_link = resolve_share_link
        self.clock_watch = clock_watch or ClockWatch(clock)
        self._stretch = 0.0
        self._stretched_at: datetime | None = None
        self._swept_at: datetime | None = None
        self._clock_seen_at: datetime | None = None

    @property
    def can_look(self) -> bool:
        """A third party's view is configured. Without it states stay unverified, and people's own looks are kept."""
        return self._view is not None

    def sees(self, community: str) -> bool:
        """A third party's view is configured that can know of this community."""
        return self._looking.sees(community)

    # ------------------------------------------------ registering

    async def register(
        self,
        caller: Caller,
        link_text: str,
        *,
        campaign: str | None = None,
        draft: int | None = None,
        posted_at: datetime | None = None,
    ) -> TrackedPost:
        """Watch the post or comment behind a pasted link, and look at it at once.

        One that was stopped is taken up again; its `registered_at` stays. `posted_at` is the person's word; Reddit's
        own answer replaces it. That the post is not there yet is normal right after posting. Raises `BadArgument` for
        a link that is none, `AlreadyExists` when it is watched already, `NotFound`, `OverBudget`, and `NotAllowedNow`
        or `AlreadyDecided` for a draft that cannot be posted.
        """
        link = await self._resolved(parse_link(link_text))
        if link.fullname is None or link.post_id is None:
            raise BadArgument("That share link leads nowhere.", _ASK_FOR_LONG_LINK, param="link")
        linked = await self._store.draft(caller.workspace_id, draft) if draft is not None else None
        if (stopped := await self._refuse_known(caller, link.fullname)) is not None:
            return await self._resume(caller, stopped)
        answer = await self._looking.ask([link.fullname] if self._looking.sees(link.community) else [])
        now = self._clock.now()
        sighting = answer.sightings.get(link.fullname) if answer.problem is None else None
        community = (sighting.community.lower() if sighting else None) or link.community
        if community is None:
            raise BadArgument(
                "That link does not say which community the post is in, and Reddit did not say either.",
                "Paste the long address, such as https://www.reddit.com/r/name/comments/1abc2d/title/",
                param="link",
            )
        if linked is not None and linked.community != community:
            raise BadArgument(
                f"That post is in r/{community}; draft {linked.id} is for r/{linked.community}.",
                "Register it without the draft, or with the right one.",
                param="draft",
            )
        created_at = sighting.created_at if sighting else None
        posted = min(created_at or posted_at or now, now)
        await self.refresh_rules(caller, community)
        rules = await self._store.latest_rules(caller.workspace_id, community)
        profile = await self._store.latest_profile(caller.workspace_id, community)
        post = await self._store.register_post(
            caller,
            NewTrackedPost(
                fullname=link.fullname,
                community=community,
                permalink=permalink_of(link.fullname, link.post_id, community),
                author=sighting.author if sighting else None,
                posted_at=posted,
                basis=self._view.basis if self._view is not None and self._view.sees(community) else Basis.PERSON,
                campaign_id=await self._campaign_of(caller.workspace_id, campaign, linked),
                draft_id=draft,
                next_check_at=due_times.first_check_at(link.fullname, now),
                audit_due_at=due_times.audit_due_at(posted, now),
                title=_kept_title(sighting) or (linked.latest.title if linked else None),
                rules_snapshot_id=rules.id if rules else None,
                profile_id=profile.id if profile else None,
            ),
            now,
        )
        if not self._looking.sees(community):
            if await self._own_view.sees(post):
                async with self._holding("register") as holder:
                    await self._check(holder, await self._lease_one(holder, post.id))
            return await self._store.tracked_post(caller.workspace_id, post.id)
        reading = self._looking.read(link.fullname, answer, now, None)
        if reading is None:
            return post
        async with self._holding("register") as holder:
            for item in await self._lease_one(holder, post.id):
                look = Look((reading,), sighting, answer.retry_after_s, answer.is_garbled)
                accounts = await self._accounts(caller.workspace_id, [item], {item.post.id: look})
                await self._conclude(holder, item, look, now, accounts)
        return await self._store.tracked_post(caller.workspace_id, post.id)

    async def _resolved(self, link: PostLink) -> PostLink:
        if link.share_path is None:
            return link
        resolved: str | None = None
        if self._resolve_share_link is not None:
            try:
                resolved = await self._resolve_share_link(link.share_path)
            except RemoteError as error:
                log.info("share link not resolved", extra={"problem": error.what})
        if resolved is None:
            raise BadArgument("Reddit does not say where that share link leads.", _ASK_FOR_LONG_LINK, param="link")
        return parse_link(resolved)

    async def _refuse_known(self, caller: Caller, fullname: str) -> TrackedPost | None:
        """Before a request is spent on it; the store refuses it again in the transaction. A post that nobody watches
        any more because a member stopped it is answered instead.
        """
        post = (await self._store.tracked_posts_named(caller.workspace_id, [fullname])).get(fullname)
        if post is None or post.stopped_at is not None:
            return post
        raise AlreadyExists(
            f"{post.registered_by} registered this post on {moment(post.registered_at)}.",
            f"See it: /rao post show {post.id}",
        )

    async def _resume(self, caller: Caller, post: TrackedPost) -> TrackedPost:
        """Take up watching a stopped post again: otherwise stopping it would be for good."""
        now = self._clock.now()
        audit_at = due_times.audit_due_at(post.posted_at, now) if post.audit_outcome is None else None
        await self._store.resume_watching(caller, post.id, due_times.first_check_at(post.fullname, now), audit_at, now)
        if await self._can_check(post):
            async with self._holding("register") as holder:
                await self._check(holder, await self._lease_one(holder, post.id))
        return await self._store.tracked_post(caller.workspace_id, post.id)

    async def _campaign_of(self, workspace_id: str, reference: str | None, draft: Draft | None) -> int | None:
        """The campaign that was named, else the draft's, else the only one there is."""
        if reference:
            named = await self._store.campaign(workspace_id, int(reference) if reference.isdecimal() else reference)
            return named.id
        if draft is not None:
            return draft.campaign_id
        kept = [c for c in await self._store.campaigns(workspace_id) if c.status is not CampaignStatus.DELETED]
        return kept[0].id if len(kept) == 1 else None

    async def refresh_rules(self, caller: Caller, community: str) -> bool:
        """Keep a community's rules as they stand now. False when they cannot be read, which stops nothing."""
        if self._view is None or not self._view.sees(community):
            return False
        try:
            rules = await self._view.rules(community)
            await self._store.save_rules(caller, community, self._view.basis, rules, self._clock.now())
        except StorageUnavailable:
            raise
        except UserError as error:
            log.info("rules not read", extra={"community": community, "problem": error.what})
            return False
        except Exception:  # a defect of one source
            log.exception("reading rules failed", extra={"community": community})
            return False
        return True

    # ------------------------------------------------ the sweep

    async def sweep(self, worker: str) -> SweepResult:
        """Check everything that is due now, as far as the request budget goes; the rest stays due. One failing post
        does not stop the others.

        Raises `StorageUnavailable`. Cancelled or failed, it gives back what it holds; killed, its leases expire.
        """
        size = BATCH if self.can_look or not self._looking.is_possible else PUBLIC_ONLY_BATCH
        total = SweepResult()
        await self._see_whether_the_clock_was_wrong()
        await self._see_whether_the_budget_is_short()
        async with self._holding(worker) as holder:
            while True:
                if not self._has_budget():
                    return total
                now = self._clock.now()
                due = await self._store.lease_due_posts(now, worker=holder, lease=LEASE, limit=size)
                total = total.plus(await self._check(holder, due))
                if len(due) < size:
                    return total

    async def _see_whether_the_clock_was_wrong(self) -> None:
        """A clock that was ahead, once and maybe in an earlier program, planned checks too late and ended what is not
        over. Looked for at the first sweep or audit, at once when the clock was set back, and every hour.
        """
        self.clock_watch.doubt()  # notices a jump
        now, before, seen_at = self._clock.now(), self._swept_at, self._clock_seen_at
        self._swept_at = now
        is_due = seen_at is None or not seen_at <= now < seen_at + CLOCK_SEEN_EVERY
        if not is_due and (before is None or before <= now):
            return
        self._clock_seen_at = now
        due = await self._store.undo_odd_clock(
            now,
            longest_wait=due_times.LONGEST_WAIT,
            watch_for=due_times.WATCH_FOR,
            late_watch_for=due_times.LATE_WATCH_FOR,
        )
        if due:
            log.warning("the clock was ahead when these were planned: they are looked at now", extra={"posts": due})

    def _has_budget(self) -> bool:
        allowance = self._view.allowance if self._view is not None else None
        return allowance is None or allowance.at_once > math.floor(allowance.an_hour / 60 * LEFT_FOR_PEOPLE)

    async def _see_whether_the_budget_is_short(self) -> None:
        now, allowance = self._clock.now(), self._view.allowance if self._view is not None else None
        counted_at = self._stretched_at
        if allowance is None or (counted_at is not None and counted_at <= now < counted_at + STRETCH_EVERY):
            return
        load = await self._load(None, now)
        self._stretch = due_times.stretch_for(load, allowance.an_hour * due_times.SHARE_FOR_WATCHING * BATCH)
        self._stretched_at = now
        if self._stretch:
            log.warning("the request budget is short: checks are stretched", extra={"stretch": self._stretch})

    async def stretched(self, workspace_id: str) -> due_times.Stretched | None:
        """What a short request budget does to this workspace's posts now; None: nothing."""
        if not self._stretch:
            return None
        return due_times.stretched(await self._load(workspace_id, self._clock.now()), self._stretch)

    async def _load(self, workspace_id: str | None, now: datetime) -> WatchLoad:
        audited_before = now - due_times.AUDIT_AFTER
        return await self._store.watch_load(workspace_id, now, ages=due_times.AGES, audited_before=audited_before)

    async def check_now(self, caller: Caller, post_id: int) -> TrackedPost:
        """Look at one post because a person asks; answers it as it is afterwards.

        When a sweep holds it at this moment, that sweep's result is what comes. `NotAllowedNow` without a view.
        """
        post = await self._store.tracked_post(caller.workspace_id, post_id)
        if not await self._can_check(post):
            raise NotAllowedNow(NO_VIEW, "Open the post yourself, then say: I can see it, or I can't.")
        await self._store.due_now(caller, post_id, self._clock.now())
        async with self._holding("check") as holder:
            await self._check(holder, await self._lease_one(holder, post_id))
        return await self._store.tracked_post(caller.workspace_id, post_id)

    async def person_look(self, caller: Caller, post_id: int, visible: bool) -> TrackedPost:
        """Keep what a person saw on the post's page. It agrees with other readings and decides nothing alone."""
        said = DecisionKind.SEEN if visible else DecisionKind.UNSEEN
        return await self._person_says(caller, post_id, person_look(visible, self._clock.now()), said)

    async def person_asked_reddit(self, caller: Caller, post_id: int, banned: bool) -> TrackedPost:
        """Keep what reddit.com/appeals told the account's owner: it makes a likely shadowban certain."""
        reading = person_asked_reddit(banned, self._clock.now())
        return await self._person_says(caller, post_id, reading, DecisionKind.ACCOUNT_BANNED)

    async def wrong_alarm(self, caller: Caller, post_id: int) -> WrongAlarm:
        """A person says that the alarm was wrong: kept as a reading, the post is looked at again, and what was
        learned from the removal is taken back (which can be undone like any other removal of a pattern).
        `AlreadyDecided` when somebody said so of the newest alert about it.
        """
        look = person_look(True, self._clock.now())
        post = await self._person_says(caller, post_id, look, DecisionKind.WRONG_ALARM)
        undone = [
            await self._store.remove_pattern(caller, pattern.id, self._clock.now())
            for pattern in await self._store.patterns(caller.workspace_id, post.community)
            if pattern.tracked_post_id == post.id and (pattern.is_stated or pattern.source == learning.SOURCE)
        ]
        if await self._can_check(post):
            post = await self.check_now(caller, post_id)
        return WrongAlarm(post, tuple(undone))

    async def _can_check(self, post: TrackedPost) -> bool:
        return self.sees(post.community) or self._looking.public is not None or await self._own_view.sees(post)

    async def _person_says(self, caller: Caller, post_id: int, reading: Reading, said: DecisionKind) -> TrackedPost:
        await self._store.tracked_post(caller.workspace_id, post_id)  # of this workspace, or not found
        async with self._holding("person") as holder:
            held = await self._lease_one(holder, post_id)
            if not held:
                raise NotAllowedNow(*_BEING_LOOKED_AT)
            look, now = Look((reading,)), self._clock.now()
            accounts = await self._accounts(caller.workspace_id, held, {post_id: look})
            check = await self._concluded(held[0], look, now, accounts)
            if not await self._store.record_checks(holder, [replace(check, said=(said, caller))], now):
                raise NotAllowedNow(*_BEING_LOOKED_AT)  # the lease went to somebody else: nothing was kept
        return await self._store.tracked_post(caller.workspace_id, post_id)

    @contextlib.asynccontextmanager
    async def _holding(self, worker: str) -> AsyncIterator[str]:
        """A name to lease under, of its own for each piece of work, so that giving back never takes what another task
        of this program holds. Leases are given back when the work is broken off; a post whose own check failed keeps
        its lease until that expires, and so is not tried again at once.
        """
        holder = f"{worker} {secrets.token_hex(4)}"
        try:
            yield holder
        except BaseException:
            await asyncio.shield(self._store.release_posts(holder))
            raise

    async def _lease_one(self, holder: str, post_id: int) -> Sequence[DuePost]:
        """A look of somebody else's takes seconds: wait for it a little."""
        for attempt in range(_LEASE_TRIES):
            if attempt:
                await self._clock.sleep(_LEASE_WAIT_S)
            now = self._clock.now()
            held = await self._store.lease_due_posts(now, worker=holder, lease=LEASE, limit=1, only=post_id)
            if held:
                return held
        return ()

    async def _check(self, holder: str, due: Sequence[DuePost]) -> SweepResult:
        if not due:
            return SweepResult()
        looks = await self._own_view.add(due, await self._looking.look(due))
        now = self._clock.now()
        by_workspace: dict[str, list[DuePost]] = {}
        for item in due:
            by_workspace.setdefault(item.post.workspace_id, []).append(item)
        looked = blind = changed = 0
        for workspace_id, items in by_workspace.items():
            # Before the readings are stored: a program killed in between says it again, and the key makes it once.
            await tell_blindness(self._store, workspace_id, items, looks, now)
            accounts = await self._accounts(workspace_id, items, looks)
            checks: list[Check] = []
            for item in items:
                await asyncio.sleep(0)  # judging a batch takes some 20 ms: others have their turn in between
                try:
                    checks.append(await self._concluded(item, looks[item.post.id], now, accounts))
                except StorageUnavailable:
                    raise
                except Exception:  # one post's trouble must not end the watching of the others
                    log.exception("a check failed", extra={"post_id": item.post.id})
            checks = [await self._with_counts(check, checks) for check in _each_pattern_once(checks)]
            states = {item.post.id: item.post.state for item in items}
            for check in await self._record(holder, checks, now):
                looked += 1
                blind += all(r.outcome is Outcome.CANNOT_TELL for r in check.readings)
                changed += check.verdict.state is not states[check.tracked_post_id]
        log.info("checked", extra={"posts": looked, "blind": blind, "changed": changed})
        return SweepResult(looked, blind, changed)

    async def _record(self, holder: str, checks: Sequence[Check], now: datetime) -> Sequence[Check]:
        """Store a batch in one transaction; when one check makes that fail, each alone. Answers what was tried well."""
        try:
            await self._store.record_checks(holder, checks, now)
        except StorageUnavailable:
            raise
        except Exception:
            log.exception("a batch could not be stored together", extra={"posts": len(checks)})
        else:
            return checks
        stored: list[Check] = []
        for check in checks:
            try:
                await self._store.record_checks(holder, [check], now)
            except StorageUnavailable:
                raise
            except Exception:
                log.exception("a check failed", extra={"post_id": check.tracked_post_id})
            else:
                stored.append(check)
        return stored

    # ------------------------------------------------ one post

    async def _conclude(
        self, holder: str, item: DuePost, look: Look, now: datetime, accounts: Mapping[str, Account]
    ) -> None:
        """Judge one leased post by its new readings and store everything that follows."""
        check = await self._concluded(item, look, now, accounts)
        await self._store.record_checks(holder, [await self._with_counts(check, [check])], now)

    async def _concluded(self, item: DuePost, look: Look, now: datetime, accounts: Mapping[str, Account]) -> Check:
        """What follows from one post's new readings."""
        seen, post = look.sighting, item.post
        if seen is not None and (post.author is None or post.title is None):
            post = replace(post, author=post.author or seen.author, title=post.title or _kept_title(seen))
        account = accounts.get((post.author or "").casefold())
        verdict = judge(post, item.history, look.readings, now, account=account)
        if verdict.state is State.REMOVED and (post.state, post.removed_by) != (verdict.state, verdict.removed_by):
            verdict = replace(verdict, patterns=await self._patterns(post, verdict))
        if verdict.alerts:
            verdict = await self._with_surroundings(post, verdict)
        return Check(
            tracked_post_id=post.id,
            workspace_id=post.workspace_id,
            readings=look.readings,
            verdict=verdict,
            next_check_at=self._next_check_at(post, item, look, verdict, now, account),
            author=post.author,
            title=post.title,
            body_sha256=_first_hash(post, look),
            account_state=judge_account(post, item.history, look.readings),
        )

    def _next_check_at(
        self,
        post: TrackedPost,
        item: DuePost,
        look: Look,
        verdict: Verdict,
        now: datetime,
        account: Account | None,
    ) -> datetime | None:
        if not look.readings:
            wait = due_times.NO_VIEW_EVERY
            return due_times.next_check_when_blind(post, now, blind_cycles=1, retry_after_s=wait.total_seconds())
        by_person = [r for r in look.readings if r.view is View.PERSON]
        if by_person:
            # A person who sees something else than the confirmed state is a reason to look at once.
            expected = Outcome.VISIBLE if verdict.state is State.LIVE else Outcome.NOT_VISIBLE
            differs = any(r.outcome not in (expected, Outcome.CANNOT_TELL) for r in by_person)
            return now if differs and post.next_check_at is not None and self.can_look else post.next_check_at
        if all(r.outcome is Outcome.CANNOT_TELL for r in look.readings):
            cycles = blind_cycles(item.history) + 1
            return due_times.next_check_when_blind(
                post, now, blind_cycles=cycles, retry_after_s=look.retry_after_s, is_garbled=look.is_garbled
            )
        return due_times.next_check_at(
            post,
            now,
            state=verdict.state,
            state_since=verdict.state_since,
            awaited_in=awaited_in(post, [*item.history, *look.readings], verdict),
            is_established=_is_established(item, account, now),
            stretch=self._stretch,
        )

    async def _accounts(
        self, workspace_id: str, items: Sequence[DuePost], looks: Mapping[int, Look]
    ) -> Mapping[str, Account]:
        """The accounts of the posts' authors, by their folded names."""
        seen = [look.sighting for look in looks.values() if look.sighting is not None]
        authors = {item.post.author for item in items} | {sighting.author for sighting in seen}
        names = {author for author in authors if author is not None}
        return {account.name.casefold(): account for account in await self._store.accounts(workspace_id, names)}

    async def _with_surroundings(self, post: TrackedPost, verdict: Verdict) -> Verdict:
        """Alerts with what the reader needs beside them: the community's rules, and what was learned."""
        beside = {
            "rules": list(await self._rule_names(post)),
            "patterns": [pattern.body for pattern in verdict.patterns],
        }
        alerts = tuple(replace(alert, facts={**alert.facts, **beside}) for alert in verdict.alerts)
        return replace(verdict, alerts=alerts)

    async def _with_counts(self, check: Check, batch: Sequence[Check]) -> Check:
        """Alerts about an account with how many registered posts it has, and how many of them are hidden now: as
        stored, and as the other checks of the `batch` are about to say.
        """
        if check.author is None or not any(alert.kind in ACCOUNT_ALERTS for alert in check.verdict.alerts):
            return check
        posts = await self._store.posts_by(check.workspace_id, check.author)
        fresh = {other.tracked_post_id: other.verdict for other in batch}
        hidden = sum(is_hidden(fresh.get(post.id, post)) for post in posts)
        counts = {"posts": len(posts), "hidden": hidden}
        alerts = tuple(
            replace(alert, facts={**alert.facts, **counts}) if alert.kind in ACCOUNT_ALERTS else alert
            for alert in check.verdict.alerts
        )
        return replace(check, verdict=replace(check.verdict, alerts=alerts))

    async def _rule_names(self, post: TrackedPost) -> tuple[str, ...]:
        """As they stood when the post was registered."""
        if post.rules_snapshot_id is None:
            return ()
        snapshot = await self._store.rules_snapshot(post.workspace_id, post.rules_snapshot_id)
        return tuple(rule.short_name for rule in snapshot.rules)

    async def _patterns(self, post: TrackedPost, verdict: Verdict) -> tuple[NewPattern, ...]:
        """Only what is not known of the community yet."""
        title, body = post.title or "", None
        if post.draft_id is not None:
            latest = (await self._store.draft(post.workspace_id, post.draft_id)).latest
            title, body = latest.title, latest.body
        learned = learning.taught(
            post,
            verdict,
            title=title,
            body=body,
            product_names=await self._product_names(post),
            rules=await reasons.rules_at_posting(self._store, post),
            profile=await self._store.latest_profile(post.workspace_id, post.community),
        )
        known = {pattern.body for pattern in await self._store.patterns(post.workspace_id, post.community)}
        return tuple(pattern for pattern in learned if pattern.body not in known)

    async def _product_names(self, post: TrackedPost) -> tuple[str, ...]:
        if post.campaign_id is None:
            return ()
        try:
            campaign = await self._store.campaign(post.workspace_id, post.campaign_id)
        except NotFound:  # deleted since; its posts stay watched
            return ()
        return (campaign.name, campaign.url) if campaign.url else (campaign.name,)

    # ------------------------------------------------ audits

    async def run_audits(self, worker: str) -> int:
        """Audit every post whose seven days are over; answers how many were audited."""
        done = 0
        await self._see_whether_the_clock_was_wrong()
        async with self._holding(worker) as holder:
            while True:
                now = self._clock.now()
                leased = await self._store.lease_due_audits(now, worker=holder, lease=LEASE, limit=BATCH)
                for post in leased:
                    try:
                        done += await self._audit(post, now)
                    except StorageUnavailable:
                        raise
                    except Exception:  # the others are audited all the same
                        log.exception("an audit failed", extra={"post_id": post.id})
                if len(leased) < BATCH:
                    return done

    async def _audit(self, post: TrackedPost, now: datetime) -> bool:
        profile = await self._store.latest_profile(post.workspace_id, post.community)
        readings = await self._store.readings(post.workspace_id, post.id)
        patterns = await standing_patterns(self._store, post.workspace_id, now, post.community)
        alert = audit_alert(
            post,
            profile,
            readings,
            rules=await self._rule_names(post),
            patterns=[pattern.body for pattern in patterns if pattern.tracked_post_id == post.id],
        )
        outcome, _ = audit(post, profile)
        return await self._store.record_audit(post.workspace_id, post.id, outcome, alert, now)


def _kept_title(sighting: Sighting | None) -> str | None:
    """Reddit puts a placeholder where a deleted post's title was."""
    if sighting is None or sighting.title is None or gone_by(sighting.title) is not None:
        return None
    return sighting.title


def _each_pattern_once(checks: Sequence[Check]) -> list[Check]:
    """Posts of one community that go together teach the same thing; it is learned from the first of them."""
    taught: set[tuple[str, str, str]] = set()
    kept: list[Check] = []
    for check in checks:
        new = [n for n in check.verdict.patterns if (check.workspace_id, n.community, n.body) not in taught]
        taught.update((check.workspace_id, pattern.community, pattern.body) for pattern in new)
        kept.append(
            replace(check, verdict=replace(check.verdict, patterns=tuple(new))) if check.verdict.patterns else check
        )
    return kept


def _first_hash(post: TrackedPost, look: Look) -> str | None:
    """Of the text as it was first seen whole; what is compared with it later shows an edit."""
    stands = any(r.body_state == "intact" for r in look.readings if r.view is View.THIRD_PARTY)
    if post.body_sha256 is not None or look.sighting is None or not look.sighting.body or not stands:
        return None
    return body_hash(look.sighting.body)


def _is_established(item: DuePost, account: Account | None, now: datetime) -> bool:
    """Not an account's first three posts here, or an account that is known to be old and used."""
    created_at = account.reddit_created_at if account is not None else None
    is_used = account is not None and (account.karma or 0) >= OLD_ACCOUNT_KARMA
    if is_used and created_at is not None and now - created_at >= OLD_ACCOUNT:
        return True
    return item.earlier_posts >= due_times.NEW_ACCOUNT_POSTS
