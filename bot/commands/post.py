"""`/rao post …`: what members published by hand, and whether others can see it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alert_cards import laid_out
from bot.alert_facts import OUTCOMES, change_line, evidence_line
from bot.card import Action, Button, Card, Choice, Field, Form, Input, Link, Style, Tone, values_of
from bot.command import Context, Kind, Param, Registry
from bot.digest_card import AUDITED
from bot.listing import ANY, CAMPAIGN, COMMUNITY, MEMBER, WITHIN, Asked, a_list, list_card
from bot.words import STATE_WORDS, age, ago, bulleted, counted, moment, shortened, state_words, worded
from core.errors import Advice, AlreadyDecided, Do, NotFound
from core.listing import Noun
from core.model import Basis, Confidence, Reading, Role, State, TrackedPost, View
from core.visibility.alert_facts import reading_facts
from core.visibility.changes import changes_of
from core.visibility.reasons import may_have_reason, rule_choices, rules_at_posting
from core.visibility.verdict import is_hidden

log = logging.getLogger(__name__)
commands = Registry()

POST = Param("post", "its number", Kind.INTEGER, required=True, lookup="post")
_NONE_YET = Card(
    title="No posts are watched yet",
    text="Publish an approved draft by hand, then register its link. You hear when others cannot see it.",
    actions=(Button("Register a post", "post register", style=Style.PRIMARY),),
)
READINGS_SHOWN = 8
READINGS_READ = 1_000  # rows of a post's history; without events it has a handful
CHANGES_SHOWN = 6
TITLE_MAX = 200
REASON_MAX = 500
STOPPED_SHOWN = 12
BESIDE_THE_LINK = 2  # buttons; "Open the post" is the third

# What a state means, in a sentence below the title.
_MEANING = {
    State.LIVE: "Others can see it.",
    State.HELD: "A filter of the community holds it until a moderator looks. Held posts are often released.",
    State.REMOVED: "Others cannot see it. To its author it looks as before.",
    State.DELETED: "Its author took it down.",
    State.SHADOWBANNED: "Others do not find the account. Its owner can check at reddit.com/appeals.",
    State.SUSPENDED: "Reddit suspended the account. Its owner can appeal at reddit.com/appeals.",
    State.GATED: "Reddit no longer answers about it: it is gone, or its community is private or quarantined.",
    State.UNKNOWN: "Reddit's last answers did not hold it. More looks will tell.",
}
_OF_ACCOUNTS = (State.SHADOWBANNED, State.SUSPENDED)  # whether the post itself is hidden, `is_hidden` says
_TONES = {
    State.LIVE: Tone.GOOD,
    State.HELD: Tone.ATTENTION,
    State.REMOVED: Tone.BAD,
    State.SHADOWBANNED: Tone.BAD,
    State.SUSPENDED: Tone.BAD,
    State.GATED: Tone.ATTENTION,
    State.UNKNOWN: Tone.ATTENTION,
}


@commands.command(
    "post register",
    "Watch a post or comment that you published",
    Param("link", "the post's address on Reddit", required=True, max_length=2000),
    Param("draft", "the draft's number", Kind.INTEGER, lookup="draft"),
    Param("campaign", "name or number", lookup="campaign"),
    Param("posted_ago", "how long ago, such as 45m or 2d", Kind.DURATION),
    role=Role.EDITOR,
    shown_by="draft show",
)
async def register(
    ctx: Context, link: str, draft: int | None, campaign: str | None, posted_ago: timedelta | None
) -> Card:
    sees, now = ctx.services.sweeping.sees, ctx.services.clock.now()
    post = await ctx.services.registering.register(
        ctx.caller,
        link,
        campaign=campaign,
        draft=draft,
        posted_at=now - posted_ago if posted_ago is not None else None,
    )
    readings = await ctx.services.store.readings(ctx.workspace_id, post.id)
    if post.registered_at < now:
        first = f"{post.registered_by} registered it on {moment(post.registered_at)}; it was stopped since."
        return _card(ctx, post, readings, f"Post {post.id} in r/{post.community} is watched again", first)
    if not sees(post.community) and any(r.view is View.AUTHOR for r in readings):
        first = "Its author's own view is read here: it can prove a removal. Whether others see it, look yourself."
    elif not sees(post.community):
        first = ""  # what the state means says it
    elif any(r.found for r in readings):
        first = "The first look is done. A second one, minutes later, confirms what it saw."
    elif _could_not_look(readings):
        first = "It is watched anyway; this says nothing about the post."
    else:
        first = "It does not show yet. That is normal right after posting; the next look is in a few minutes."
    card = _card(ctx, post, readings, f"Post {post.id} in r/{post.community} is watched now", first)
    told = await _told_when_posted(ctx, post)
    return replace(card, fields=(*told, *card.fields))


async def _told_when_posted(ctx: Context, post: TrackedPost) -> list[Field]:
    """What speaks against a post that was made all the same. It is registered in any case."""
    if post.draft_id is None:
        return []
    try:
        reasons = await ctx.services.drafting.told_when_posted(ctx.workspace_id, post.draft_id)
    except NotFound as gone:  # the draft went with its campaign meanwhile
        log.info("a posted draft is not judged", extra={"draft": post.draft_id, "problem": str(gone)})
        return []
    lines = [f"{reason.text} {worded(reason.do)}" for reason in reasons]
    return [Field("Better known before the next one", bulleted(lines))] if lines else []


@a_list(
    commands,
    "post list",
    "The watched posts with their states",
    Param("state", "only these", Kind.CHOICE, choices=(*State, ANY)),
    CAMPAIGN,
    COMMUNITY,
    MEMBER,
    WITHIN,
    noun=("post", "posts"),
    state={state.value: f"that are {words}" for state, words in STATE_WORDS.items()},
)
async def list_(ctx: Context, asked: Asked) -> Card:
    now = ctx.services.clock.now()
    backlog = await ctx.services.store.backlog(ctx.workspace_id, now)
    page = await ctx.services.store.listed(ctx.workspace_id, Noun.POST, asked.wanted)
    found = await ctx.services.store.tracked_posts_by_id(ctx.workspace_id, page.rows)
    posts = [found[number] for number in page.rows]
    counts = Counter(backlog.states)
    by_state = ", ".join(f"{counts[known]} {STATE_WORDS[known]}" for known in State if counts[known])
    seen_at = backlog.last_evidence_at
    return list_card(
        asked,
        page,
        [_list_field(post, now) for post in posts],
        title="Posts" if asked.is_filtered else "Registered posts",
        nothing=None if backlog.states else _NONE_YET,
        lines=() if asked.is_filtered else (f"{by_state}.",),
        actions=(Choice("Show a post", "post show", tuple((_label(post), post.id) for post in posts)),),
        footnote=f"last evidence {ago(now - seen_at)}" if seen_at else "no evidence yet",
        sample=any(post.basis is Basis.SAMPLE for post in posts),
        values={"posts": list(page.rows), "states": {known.value: n for known, n in counts.items()}},
    )


@commands.command("post show", "A post: its state, the evidence, the next look", POST)
async def show(ctx: Context, post: int) -> Card:
    found = await ctx.services.store.tracked_post(ctx.workspace_id, post)
    return await show_post(ctx, found, heading(found))


@commands.command("post check", "Look at a post now", POST, role=Role.EDITOR)
async def check(ctx: Context, post: int) -> Card:
    before = await ctx.services.store.tracked_post(ctx.workspace_id, post)
    after = await ctx.services.sweeping.check_now(ctx.caller, post)
    changed = after.state is not before.state
    note = f"It was {STATE_WORDS[before.state]} before." if changed else ""
    return await show_post(ctx, after, heading(after), note)


@commands.command(
    "post snooze",
    "Hold back a post's alerts for a while",
    POST,
    Param("span", "such as 6h or 3d; else a day", Kind.DURATION),
    role=Role.EDITOR,
)
async def snooze(ctx: Context, post: int, span: timedelta | None) -> Card:
    snoozed = await ctx.services.registering.snooze(ctx.caller, post, span)
    decided = f"{ctx.signed('Snoozed')}: alerts wait until {moment(snoozed.snoozed_until)}."
    return await show_post(ctx, snoozed, f"Post {post} is snoozed", decided=decided)


@commands.command("post stop", "Stop watching a post; register it again to resume", POST, role=Role.EDITOR)
async def stop(ctx: Context, post: int) -> Card:
    stopped = await ctx.services.registering.stop(ctx.caller, post)
    decided = f"{ctx.signed('Stopped')}."
    return await show_post(
        ctx, stopped, f"Post {post} is no longer watched", "What was seen of it stays.", decided=decided
    )


@commands.button(
    "post stop community",
    "Stop watching the posts that a closed community took with it",
    Param("alert", "the number of the news", Kind.INTEGER, required=True),
    role=Role.EDITOR,
)
async def stop_community(ctx: Context, alert: int) -> Card:
    told = await ctx.services.store.alert_record(ctx.workspace_id, alert)
    if not told.posts:
        raise NotFound("That alert names no posts.", Advice("Stop them one by one.", Do.LIST_POSTS))
    stopped = await ctx.services.registering.stop_all(ctx.caller, told.posts)
    return Card(
        title=f"{counted(len(stopped), 'post')} in r/{told.posts[0].community} no longer watched",
        text=f"{ctx.signed('Stopped')}. What was seen of them stays. To watch one again, register it again.",
        fields=(Field("", bulleted([_label(post) for post in stopped], STOPPED_SHOWN), quote=True),),
        sample=any(post.basis is Basis.SAMPLE for post in stopped),
        values={"posts": [post.id for post in stopped]},
    )


@commands.command(
    "post reason",
    "Say why moderators removed a post; drafts learn from it",
    POST,
    Param("rule", "its number or name at the time", max_length=200),
    Param("message", "what the moderators wrote, pasted", Kind.LONG, max_length=2000),
    role=Role.EDITOR,
    opens_form=True,
)
async def reason(ctx: Context, post: int, rule: str | None, message: str | None) -> Card:
    if rule is None and message is None:
        return await _reason_form(ctx, await ctx.services.store.tracked_post(ctx.workspace_id, post))
    given = await ctx.services.reasons.give(ctx.caller, post, rule, message)
    note = given.reason.advice
    if given.learned is not None:
        note = (
            f"Kept, and learned as pattern {given.learned.id}, {given.learned.confidence:.0%} sure. "
            "It replaces what was guessed from the text."
        )
    if given.reason.read_by_model:
        note = f"Read by a model: {given.reason.category}. {note}"
    decided = f"{ctx.signed('Reason given')}."
    return await show_post(ctx, given.post, f"Post {post}: the reason is kept", note, decided=decided)


@commands.button("post reason undo", "Take back the reason given for a removal", POST, role=Role.EDITOR)
async def reason_undo(ctx: Context, post: int) -> Card:
    back = await ctx.services.reasons.take_back(ctx.caller, post)
    found = await ctx.services.store.tracked_post(ctx.workspace_id, post)
    note = "Its pattern is gone."
    if back:
        note += f" {counted(len(back), 'guess', 'guesses')} from the text count again."
    decided = f"{ctx.signed('Reason taken back')}."
    return await show_post(ctx, found, f"Post {post}: the reason is taken back", note, decided=decided)


async def _reason_form(ctx: Context, post: TrackedPost) -> Card:
    if post.stated_at is not None:
        raise AlreadyDecided(
            f"{post.stated_by} gave the reason on {moment(post.stated_at)}.",
            f"To give another, undo it first: /rao post show {post.id}",
            decided_by=post.stated_by or "",
            decided_at=post.stated_at,
        )
    choices = rule_choices(await rules_at_posting(ctx.services.store, post))
    message = Input(
        "message", "Their words", help="pasted from the moderators' message", long=True, required=not choices
    )
    rule = Input("rule", "Their rule", help="as it was when you posted", required=False, options=choices)
    return Card(
        title=f"Why was post {post.id} removed?",
        text="Choose the rule the moderators named, or paste what they wrote; both is fine. "
        f"Without a form: /rao post reason {post.id} rule=… message=…",
        sample=post.basis is Basis.SAMPLE,
        fields=(Field(f"Rules of r/{post.community} at the time", "\n".join(choices), quote=True),) if choices else (),
        form=Form(
            title=f"Why was post {post.id} removed?",
            command="post reason",
            inputs=(rule, message) if choices else (message,),
            known={"post": str(post.id)},
            beside=Button("What was seen", "post show", post.id),
        ),
        values={"post": post.id, "rules": list(choices)},
    )


@commands.button(
    "post account banned", "The owner read at reddit.com/appeals that the account is banned", POST, role=Role.EDITOR
)
async def account_banned(ctx: Context, post: int) -> Card:
    post_now = await ctx.services.concluding.account_banned(ctx.caller, post)
    decided = f"{ctx.signed('Read at reddit.com/appeals that the account is banned,')}."
    return await show_post(ctx, post_now, heading(post_now), "The appeal form is there too.", decided=decided)


@commands.button("post false alarm", "The alarm about this post was wrong", POST, role=Role.EDITOR)
async def false_alarm(ctx: Context, post: int) -> Card:
    wrong = await ctx.services.concluding.wrong_alarm(ctx.caller, post)
    looked_at = await ctx.services.sweeping.look_at(wrong.post)
    notes = []
    if wrong.undone:
        undone = "; ".join(f"“{shortened(pattern.body, 100)}”" for pattern in wrong.undone)
        notes.append(f"{counted(len(wrong.undone), 'pattern')} from it taken back: {undone}")
    if looked_at.state is not State.LIVE:
        notes.append(
            "The state changes when two looks, minutes apart, find the post live. Check once more while logged out."
        )
    decided = f"{ctx.signed('Called a wrong alarm')}."
    return await show_post(ctx, looked_at, heading(looked_at), " ".join(notes), decided=decided)


async def show_post(ctx: Context, post: TrackedPost, title: str, note: str = "", *, decided: str = "") -> Card:
    """Returns the card of a post, with what was decided by the click, and what there is to say of it."""
    readings = await ctx.services.store.readings(ctx.workspace_id, post.id, READINGS_READ)
    card = _card(ctx, post, readings, title, " ".join(part for part in (decided, note) if part))
    if not any(reading.has_picture for reading in readings):
        return card
    kept = await ctx.services.store.pictures(ctx.workspace_id, post.id)
    shown = tuple((f"{moment(each.read_at)} · {OUTCOMES[each.outcome]}", each.id) for each in kept)
    choice = (Choice("Show a picture", "post picture", shown),) if shown else ()
    return replace(
        card, actions=(*card.actions, *choice), values={**card.values, "pictures": [each.id for each in kept]}
    )


def _card(ctx: Context, post: TrackedPost, readings: Sequence[Reading], title: str, note: str) -> Card:
    now = ctx.services.clock.now()
    meaning = _meaning(post, readings, ctx.services.sweeping.sees(post.community))
    return Card(
        title=title,
        sample=post.basis is Basis.SAMPLE,
        text="\n".join(part for part in (note, meaning) if part),
        fields=_fields(post, readings, now),
        actions=_actions(post, ctx.services.sweeping.sees(post.community)),
        links=(Link("Open the post", post.permalink),),
        footnote=_footnote(post, readings, now),
        tone=_TONES.get(post.state, Tone.NEUTRAL),
        values={
            "post": post.id,
            **values_of(post, "community permalink state state_since removed_by category confidence locked"),
            **values_of(post, "score num_comments next_check_at"),
            "draft": post.draft_id,
            "reason": post.stated_reason,
            "readings": _looks(readings),
            "changes": [values_of(change, "kind after before") for change in changes_of(readings)],
        },
    )


def heading(post: TrackedPost) -> str:
    """Returns the title of a post's card."""
    return f"Post {post.id} in r/{post.community}: {state_words(post)}"


def _meaning(post: TrackedPost, readings: Sequence[Reading], seen_by_others: bool) -> str:
    if post.state in _OF_ACCOUNTS:
        itself = "Others cannot see this post." if is_hidden(post) else "This post itself was not found hidden."
        return f"{_MEANING[post.state]} {itself}"
    if post.state is not State.UNVERIFIED:
        return _MEANING[post.state]
    if not seen_by_others and any(r.view is View.AUTHOR for r in readings):
        return "Only its author's own view is read here, and authors see their posts as normal: it stays unverified."
    if not seen_by_others:
        return "No source can see Reddit here. Your own look is what is known: open the post and say what you see."
    if _could_not_look(readings):
        return "No look could tell anything yet; the evidence says why. Open the post and say what you see."
    return "No two looks agree yet. That is normal in the first minutes."


def _could_not_look(readings: Sequence[Reading]) -> bool:
    return bool(readings) and all(reading.problem is not None for reading in readings)


def _fields(post: TrackedPost, readings: Sequence[Reading], now: datetime) -> tuple[Field, ...]:
    fields = []
    if post.title and post.state is not State.DELETED:  # what its author deleted is not shown again
        fields.append(Field("", shortened(post.title, TITLE_MAX), quote=True))
    if post.state is not State.UNVERIFIED:
        sure = f" Confidence: {post.confidence.replace('_', ' to ')}." if post.confidence else ""
        fields.append(Field("Since", f"{moment(post.state_since)}, {ago(now - post.state_since)}.{sure}"))
    if post.stated_reason:
        given = f"Reason, given by {post.stated_by} on {moment(post.stated_at)}"
        fields.append(Field(given, shortened(post.stated_reason, REASON_MAX), quote=True))
    if changes := [change_line(change) for change in changes_of(readings)]:
        fields.append(Field("What changed, newest last", bulleted(changes[-CHANGES_SHOWN:])))
    if readings:
        newest = [evidence_line(reading_facts(reading)) for reading in readings[-READINGS_SHOWN:]]
        fields.append(Field("Evidence, newest last", "\n".join(newest)))
    if post.score is not None or post.num_comments is not None:
        parts = [f"score {post.score:,}"] if post.score is not None else []
        parts += [counted(post.num_comments, "comment")] if post.num_comments is not None else []
        fields.append(Field("Reactions", ", ".join(parts)))
    fields.append(Field("Next look", _next_look(post, now)))
    if post.audit_outcome is not None:
        fields.append(Field("After a week", AUDITED[post.audit_outcome.value]))
    return tuple(fields)


def _next_look(post: TrackedPost, now: datetime) -> str:
    if post.stopped_at is not None:
        return f"None: stopped on {moment(post.stopped_at)}."
    if post.next_check_at is None:
        return "None: its time of watching is over. Check now still works."
    wait = post.next_check_at - now
    when = f"In {age(wait)}, {moment(post.next_check_at)}." if wait > timedelta() else "Now."
    if post.snoozed_until is not None and post.snoozed_until > now:
        return f"{when} Alerts wait until {moment(post.snoozed_until)}."
    return when


def _actions(post: TrackedPost, seen_by_others: bool) -> tuple[Action, ...]:
    """Returns the next step and what else is near, and the rest in a menu."""
    check = Button("Check now", "post check", post.id)
    looks = [
        Button("I can see it", "post seen", post.id),
        Button("I can't see it", "post unseen", post.id),
        Button("I have a picture", "post look", post.id),
    ]
    first, behind = ([check], looks) if seen_by_others else (looks, [check])
    if post.state is State.SHADOWBANNED and post.confidence is not Confidence.HIGH:
        first = [Button("Reddit says it is banned", "post account banned", post.id), *first]
    if post.stated_at is not None:
        behind = [Button("Undo the reason", "post reason undo", post.id), *behind]
    elif may_have_reason(post):
        first = [Button("They told me why", "post reason", post.id), *first]
    if post.stopped_at is None:
        stop = Button("Stop watching", "post stop", post.id, Style.DANGER)
        behind = [*behind, Button("Snooze a day", "post snooze", post.id), stop]
    if first != looks:  # of two answers to one question, none is the right one
        first = [replace(first[0], style=Style.PRIMARY), *first[1:]]
    return laid_out(first[:BESIDE_THE_LINK], [*first[BESIDE_THE_LINK:], *behind])


def _footnote(post: TrackedPost, readings: Sequence[Reading], now: datetime) -> str:
    looked = "nobody looked yet"
    if readings:
        looks, last = _looks(readings), ago(now - readings[-1].ended_at)
        looked = f"{counted(looks, 'look')}, {'the last ' if looks > 1 else ''}{last}"
    by = f"registered by {post.registered_by}, {ago(now - post.registered_at)}"
    return f"{looked} · {by}"


def _looks(readings: Sequence[Reading]) -> int:
    return sum(reading.times for reading in readings)


def _list_field(post: TrackedPost, now: datetime) -> Field:
    seen_at = f"last look {ago(now - post.last_read_at)}" if post.last_read_at else "nobody looked yet"
    watched = ", not watched any more" if post.next_check_at is None else ""
    return Field(_label(post), f"{state_words(post)} · {seen_at}{watched}")


def _label(post: TrackedPost) -> str:
    title = post.title if post.title and post.state is not State.DELETED else ""
    return shortened(f"{post.id} · r/{post.community} · {title}".rstrip(" ·"), 90)
