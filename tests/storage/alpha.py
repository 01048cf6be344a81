"""A workspace with one row of everything, made by the store's own verbs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.campaigns import CampaignStatus, FactKind
from core.collecting.runs import Funnel
from core.communities import Extract, Rule
from core.demands import KeptDemand, rule_key
from core.ledger import UsageEvent
from core.model import AlertKind, AuditOutcome, AuthorStatus, Basis, Caller, NewAlert, Role
from core.routes import About, NewRoute
from core.texts.rule_topics import Stance, Topic
from core.texts.rules import Demand
from core.visibility.comments import CommentsCheck, NewComment
from core.visibility.offers import ListCheck, NewOffer
from storage.store import Store
from tests.core.analysis.invented import keep_profile, kept
from tests.storage import world

MARK = "ALPHA"  # in every text of workspace A, and in nothing else


@dataclass(frozen=True)
class Alpha:
    """Ids of one row of everything in workspace A."""

    campaign: int
    fact: int
    run: int
    post: int
    draft: int
    mark: int
    approved: int
    posted: int
    tracked: int
    pattern: int
    removed_pattern: int
    reservation: int
    rules: int
    alert: int
    route: int
    profile: int
    deleted_campaign: int
    offer: int
    picture: int


async def fill(store: Store, a: Caller, now: datetime) -> Alpha:
    campaign = await world.make_campaign(store, a, now, name=f"{MARK} campaign")
    deleted = await world.make_campaign(store, a, now, name=f"{MARK} deleted")
    await store.set_campaign_status(a, deleted.id, CampaignStatus.DELETED, now)
    fact = await store.add_fact(a, campaign.id, FactKind.PRODUCT, f"{MARK} fact", now)
    run = await store.start_run(a, campaign.id, Basis.FILE, ["harbor"], now)
    post = world.collected("post1", now, title=f"{MARK} title", body=f"{MARK} body", author=MARK)
    await store.add_posts(a, run.id, [post], Funnel(found=1), now)
    rules = await store.save_rules(a, "harbor", Basis.FILE, [Rule(f"{MARK} rule", "", "all")], now)
    demand = Demand(Topic.PROMOTION, Stance.FORBIDS, f"{MARK} rule")
    read = KeptDemand(rule_key(rules.rules[0]), f"{MARK} rule", demand, "rules", now)
    await store.keep_demands(a, "harbor", [read], [read.rule_key])
    profile = await keep_profile(store, a, now, [kept(flair=MARK)], "harbor")
    draft = await store.create_draft(a, campaign.id, "harbor", world.revision(f"{MARK} text"), now)
    [marked] = await store.keep_marks(a.workspace_id, draft.id, [], [world.a_mark(MARK, sentence=MARK)]) or ()
    approved = await world.make_approved_draft(store, a, campaign.id, now)
    new = world.to_register("t3_alpha", now, title=f"{MARK} tracked", author=MARK)
    tracked = await store.register_post(a, new, now)
    look = world.reading(now, author_status=AuthorStatus.EXISTS, problem=MARK)
    await world.record(store, [world.removal_check(tracked, now, readings=(look,))], now)
    seen = world.a_picture(tracked, replace(a, name=MARK), now + timedelta(seconds=1), MARK.encode())
    await world.record(store, [seen], now)
    posted = await world.make_approved_draft(store, a, campaign.id, now)
    await keep_post_that_stayed(store, a, posted.id, now)
    pattern = await store.add_pattern(a, world.a_pattern(body=f"{MARK} pattern"), now)
    removed = await store.add_pattern(a, world.a_pattern(body=f"{MARK} removed"), now)
    await store.remove_pattern(a, removed.id, now)
    await store.snooze_post(replace(a, name=MARK), tracked.id, now + timedelta(hours=1), now)
    await store.owe_alert(a, NewAlert(AlertKind.TEST, f"{MARK} key", {"who": MARK}), now)
    await store.record_delivery((await store.alerts(a.workspace_id))[0].id, "nobody", now, delivered=False)
    await store.link_account(a, f"{MARK}_account", now)
    await store.sign_in_account(a, f"{MARK}_signed", f"{MARK} sealed", now)
    await store.ask_consent(a, f"{a.workspace_id} state", MARK, now, now + timedelta(minutes=15))
    await store.install(a, MARK, world.an_installation(a, now, sealed_token=f"{MARK} sealed"), now)
    await store.set_plan(a, now, monthly_cap_usd_micros=5_000_000)
    await store.lend_voice(a, True, now)
    await store.set_webhook(a, f"https://example.com/{MARK}", f"{MARK} sealed", now)
    await store.set_feed(a, f"{MARK} {a.workspace_id} token", now)
    spent = await store.reserve(a, MARK, 10, now, expires_at=now + timedelta(minutes=5))
    await store.book(a, spent, UsageEvent(MARK, MARK, 1, 1, 10, "provider"), now)
    reservation = await store.reserve(a, MARK, 10, now, expires_at=now + timedelta(minutes=5))
    await store.set_alert_channel(a, MARK, now)
    await store.refuse_place(a.workspace_id, MARK, MARK, now)
    await store.set_timezone(a, MARK, now)
    await store.grant_role(a, MARK, MARK, Role.ADMIN, now)
    posts = await store.posts(a.workspace_id, "harbor")
    await store.add_comments(a, run.id, [world.a_comment(f"{MARK}com", now, post_id=MARK)], now)
    await store.keep_extracts(a.workspace_id, [Extract(posts[0].id, MARK, MARK, MARK)])
    talk = [NewComment("t1_alpha", MARK, f"{MARK} comment", now, is_question=True, is_answered=False)]
    await store.record_comments(CommentsCheck(tracked, now + timedelta(hours=1), 1, tuple(talk)), now)
    return Alpha(
        campaign=campaign.id,
        fact=fact.id,
        run=run.id,
        post=posts[0].id,
        draft=draft.id,
        mark=marked.id,
        approved=approved.id,
        posted=posted.id,
        tracked=tracked.id,
        pattern=pattern.id,
        removed_pattern=removed.id,
        reservation=reservation,
        rules=rules.id,
        alert=(await store.alerts(a.workspace_id))[0].id,
        route=(await store.set_route(a, NewRoute(About.PERSON, MARK, MARK, MARK), now)).id,
        profile=profile.id,
        deleted_campaign=deleted.id,
        offer=await keep_offer(store, a, now),
        picture=(await store.pictures(a.workspace_id))[0].id,
    )


async def keep_offer(store: Store, a: Caller, now: datetime) -> int:
    """An offer that nobody decided about."""
    [account] = await store.accounts(a.workspace_id, [f"{MARK}_account"])
    link = "https://www.reddit.com/r/harbor/comments/offered/"
    new = NewOffer("t3_offered", "harbor", f"{MARK} offered", account.name, link, now)
    await store.record_list(ListCheck(account, now + timedelta(hours=1), (new,)), now)
    return (await store.open_offers(a.workspace_id))[0].id


async def keep_post_that_stayed(store: Store, a: Caller, draft_id: int, now: datetime) -> None:
    """A post on the sample Reddit that came of a draft and was still visible a week later."""
    new = world.to_register("t3_alpha2", now, title=f"{MARK} stayed", draft_id=draft_id, basis=Basis.SAMPLE)
    post = await store.register_post(a, new, now)
    audit = NewAlert(AlertKind.AUDIT, f"{MARK} audit", {}, post.id)
    assert await store.record_audit(a.workspace_id, post.id, AuditOutcome.SUCCESS, audit, now)
