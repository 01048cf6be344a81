from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.alert_now import alert_card_now
from bot.card import Button, Card, Choice, Menu, Style, Tone
from bot.commands import looks, pattern, post
from bot.words import STATE_WORDS
from core.communities import Rule
from core.ledger import Ledger
from core.model import AlertKind, AuthorStatus, Caller, State
from core.visibility.causes import CauseReader
from core.visibility.reasons import Reasons
from storage.store import Store
from tests.bot.bare import GUEST, Desk, bare_services
from tests.clock import FixedClock
from tests.core.visibility.choosing import MODEL, ChoosingModel
from tests.core.visibility.world import World, removed, revoked, sighting
from tests.watch import Watch

LINK = "https://www.reddit.com/r/harbor/comments/1abc2d/how_it_went/"
NAME = "t3_1abc2d"


@pytest.fixture
def world(clock: FixedClock) -> World:
    return World(clock, {NAME: sighting(NAME, created_at=clock.now())})


@pytest.fixture
def watch(store: Store, clock: FixedClock, world: World) -> Watch:
    return Watch(store, clock, world)


@pytest.fixture
def desk(store: Store, clock: FixedClock, watch: Watch) -> Desk:
    return Desk(bare_services(store, clock, watch=watch), post.commands, looks.commands, pattern.commands)


@pytest.fixture
def blind_desk(store: Store, clock: FixedClock) -> Desk:
    """Of a workspace where no source can see Reddit."""
    return Desk(bare_services(store, clock, watch=Watch(store, clock, None)), post.commands, looks.commands)


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name.startswith(name))


def button(card: Card, label: str) -> str:
    return next(b.action_id for b in buttons(card) if b.label == label)


def buttons(card: Card) -> list[Button]:
    """All of them, also those in the menu."""
    menus = [button for action in card.actions if isinstance(action, Menu) for button in action.buttons]
    return [*(action for action in card.actions if isinstance(action, Button)), *menus]


async def later(desk: Desk, clock: FixedClock, minutes: float) -> None:
    for _ in range(int(minutes)):
        clock.advance(timedelta(minutes=1))
        await desk.services.sweeping.sweep("w")


async def test_registering_answers_with_the_first_look_and_the_next_one(desk: Desk) -> None:
    card = await desk.done(f"post register {LINK}")
    assert card.title == "Post 1 in r/harbor is watched now"
    assert "The first look is done" in card.text
    assert "In 3 minutes" in field(card, "Next look")
    assert card.footnote.startswith("1 look, just now · ")
    assert next(f.value for f in card.fields if f.quote) == "How our first month went"
    assert card.links[0].url == "https://www.reddit.com/r/harbor/comments/1abc2d/"
    assert card.values["state"] == "unverified"


async def test_a_post_that_does_not_show_yet_is_called_normal(desk: Desk, world: World) -> None:
    world.posts.clear()
    card = await desk.done(f"post register {LINK} posted_ago=2m")
    assert "That is normal right after posting" in card.text
    assert card.tone is Tone.NEUTRAL


async def test_a_post_is_not_called_hidden_while_reddit_cannot_be_asked(desk: Desk, world: World) -> None:
    world.trouble = revoked()
    card = await desk.done(f"post register {LINK}")
    assert "does not show" not in card.text
    assert "says nothing about the post" in card.text
    assert "No look could tell anything yet" in card.text
    world.trouble = None
    assert "No two looks agree yet" in (await desk.done("post check 1")).text


async def test_the_card_of_a_live_post_says_who_looked_and_when(desk: Desk, clock: FixedClock) -> None:
    await desk.done(f"post register {LINK}")
    await later(desk, clock, 4)
    card = await desk.done("post show 1")
    assert card.title == "Post 1 in r/harbor: live"
    assert card.tone is Tone.GOOD
    assert "12:00 UTC to 23 Nov 2026, 12:04 UTC, 2 looks · as others see it · visible" in field(card, "Evidence")
    assert "Confidence: high" in field(card, "Since")
    assert field(card, "Reactions") == "score 12, 3 comments"
    assert card.footnote.startswith("2 looks, the last ")
    assert "registered by Alice" in card.footnote


async def test_a_removal_says_by_whom(desk: Desk, world: World, clock: FixedClock) -> None:
    await desk.done(f"post register {LINK}")
    world.posts[NAME] = removed(NAME, "moderator")
    await later(desk, clock, 12)
    card = await desk.done("post show 1")
    assert card.title == "Post 1 in r/harbor: removed, by moderators (or AutoModerator)"
    assert card.tone is Tone.BAD
    assert card.values["category"] == "moderator"


async def test_a_posts_history_tells_edits_locks_and_approvals_between_which_looks(
    desk: Desk, world: World, clock: FixedClock
) -> None:
    await desk.done(f"post register {LINK}")
    await later(desk, clock, 4)
    for changed in (
        {"body": "We opened the shop. EDIT: thanks"},
        {"locked": True},
        {"category": "automod_filtered"},
        {},
    ):
        as_seen = {**changed, **({"indexable": False, "body": "[removed]"} if "category" in changed else {})}
        world.posts[NAME] = sighting(NAME, **as_seen)
        for _ in range(2):
            clock.advance(timedelta(minutes=4))
            await desk.done("post check 1")
    card = await desk.done("post show 1")
    told = field(card, "What changed, newest last")
    assert [line.partition(", between")[0] for line in told.split("\n")] == [
        "• Text edited",
        "• Text edited",
        "• Locked",
        "• Unlocked",
        "• Approved by moderators",
    ]
    first = card.values["changes"][0]
    assert first["kind"] == "edited"
    assert datetime.fromisoformat(first["before"]) - datetime.fromisoformat(first["after"]) == timedelta(minutes=4)


async def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    card = await desk.done("post list")
    assert card.title == "No posts are watched yet"
    assert [b.command for b in card.actions if isinstance(b, Button)] == ["post register"]


async def test_the_list_counts_by_state_and_can_be_narrowed(desk: Desk, world: World, clock: FixedClock) -> None:
    world.posts["t3_2abc2d"] = removed("t3_2abc2d", "moderator")
    await desk.done(f"post register {LINK}")
    await desk.done(f"post register {LINK.replace('1abc2d', '2abc2d')}")
    await later(desk, clock, 12)
    card = await desk.done("post list")
    assert card.text == "2 posts.\n1 live, 1 removed."
    assert card.values["states"] == {"live": 1, "removed": 1}
    narrowed = await desk.done("post list removed")
    assert (narrowed.title, narrowed.text) == ("Posts that are removed", "1 post.")
    assert narrowed.values["posts"] == [2]
    choice, *_ = narrowed.actions
    assert isinstance(choice, Choice)
    assert choice.options[0][1] == 2


async def test_check_now_says_what_changed(desk: Desk, world: World, clock: FixedClock) -> None:
    card = await desk.done(f"post register {LINK}")
    clock.advance(timedelta(minutes=4))
    checked = await desk.press(button(card, "Check now"))
    assert checked.title == "Post 1 in r/harbor: live"
    assert "It was not verified yet before." in checked.text


async def test_a_persons_look_is_kept_and_weighed(desk: Desk, clock: FixedClock) -> None:
    card = await desk.done(f"post register {LINK}")
    clock.advance(timedelta(minutes=1))
    unseen = await desk.press(button(card, "I can't see it"))
    assert unseen.text.startswith("Not seen by Alice, 23 Nov 2026, 12:01 UTC. One look does not decide")
    clock.advance(timedelta(minutes=1))
    seen = await desk.press(button(card, "I can see it"))
    assert "authors see their removed posts as normal" in seen.text
    assert seen.values["state"] == "unverified"
    assert seen.values["readings"] == 3


async def test_without_a_source_the_card_asks_for_a_persons_look(blind_desk: Desk, clock: FixedClock) -> None:
    card = await blind_desk.done(f"post register {LINK}")
    assert "No source can see Reddit here" in card.text
    clock.advance(timedelta(minutes=1))
    seen = await blind_desk.press(button(card, "I can see it"))
    assert "A second member's look, at least three minutes after the first, decides; so does one look with" in seen.text
    refused = await blind_desk.press(button(card, "Check now"))
    assert refused.code == "not_allowed_now"
    assert "I can see it" in refused.text


async def test_trouble_with_looking_stands_in_the_evidence(desk: Desk, world: World) -> None:
    world.trouble = revoked()
    card = await desk.done(f"post register {LINK}")
    assert "Reddit no longer accepts the key." in field(card, "Evidence")


async def test_a_snoozed_post_says_until_when(desk: Desk, store: Store, clock: FixedClock) -> None:
    card = await desk.done(f"post register {LINK}")
    snoozed = await desk.press(button(card, "Snooze a day"))
    assert snoozed.title == "Post 1 is snoozed"
    assert "24 Nov 2026, 12:00 UTC" in snoozed.text
    found = await store.tracked_post("terminal:local", 1)
    assert found.snoozed_until == clock.now() + timedelta(days=1)
    assert (await desk.done("post snooze 1 span=6h")).ok
    assert (await desk.say("post snooze 1 span=40d")).code == "bad_argument"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("post snooze", "Snoozed by Alice, 23 Nov 2026, 12:00 UTC: alerts wait until 24 Nov 2026, 12:00 UTC."),
        ("post stop", "Stopped by Alice, 23 Nov 2026, 12:00 UTC."),
        ("post seen", "Seen by Alice, 23 Nov 2026, 12:00 UTC."),
        ("post unseen", "Not seen by Alice, 23 Nov 2026, 12:00 UTC."),
        ("post false alarm", "Called a wrong alarm by Alice, 23 Nov 2026, 12:00 UTC."),
    ],
)
async def test_every_decision_about_a_post_says_by_whom_and_when(desk: Desk, action: str, said: str) -> None:
    await desk.done(f"post register {LINK}")
    card = await desk.press(f"v1|{action}|1")
    assert card.text.startswith(said)


async def test_the_second_who_snoozes_or_stops_is_told_who_did_and_when(
    desk: Desk, store: Store, clock: FixedClock
) -> None:
    await desk.done(f"post register {LINK}")
    await desk.press("v1|post snooze|1")
    clock.advance(timedelta(hours=1))
    late = await desk.press("v1|post snooze|1")
    assert late.code == "already_decided"
    assert late.text == (
        "Alice snoozed it on 23 Nov 2026, 12:00 UTC, until 24 Nov 2026, 12:00 UTC.\n"
        "Name another span: /rao post snooze 1 span=3d"
    )
    assert (await desk.done("post snooze 1 span=2h")).ok, "who says a span wants that span"
    clock.advance(timedelta(hours=3))
    assert (await desk.press("v1|post snooze|1")).ok, "the snooze is over"
    await desk.press("v1|post stop|1")
    again = await desk.press("v1|post stop|1")
    assert again.text.startswith("Alice stopped watching it on 23 Nov 2026, 16:00 UTC.")


async def test_a_post_s_card_has_its_next_step_in_front_and_the_rest_in_a_menu(desk: Desk) -> None:
    card = await desk.done(f"post register {LINK}")
    next_step, menu = card.actions
    assert isinstance(next_step, Button)
    assert isinstance(menu, Menu)
    assert (next_step.label, next_step.style) == ("Check now", Style.PRIMARY)
    assert [b.label for b in menu.buttons] == [
        *("I can see it", "I can't see it", "I have a picture"),
        *("Snooze a day", "Stop watching"),
    ]


async def test_a_stopped_post_offers_no_dead_buttons(desk: Desk) -> None:
    card = await desk.done(f"post register {LINK}")
    stopped = await desk.press(button(card, "Stop watching"))
    assert stopped.title == "Post 1 is no longer watched"
    labels = [b.label for b in buttons(stopped)]
    assert "Stop watching" not in labels
    assert "Snooze a day" not in labels
    assert field(stopped, "Next look").startswith("None: stopped on")


OTHER = LINK.replace("1abc2d", "2abc2d")


async def told_closed(desk: Desk, world: World, clock: FixedClock, caller: Caller) -> int:
    """Two watched posts go with their community; returns the number of the news."""
    world.posts["t3_2abc2d"] = sighting("t3_2abc2d", title="The second story")
    await desk.done(f"post register {LINK}")
    await desk.done(f"post register {OTHER}")
    await later(desk, clock, 12)
    world.posts.clear()
    world.closed.add("harbor")
    await later(desk, clock, 12)
    [news] = await desk.services.store.alerts(caller.workspace_id, kind=AlertKind.POST_GATED)
    return news.id


async def test_one_press_stops_all_posts_that_went_with_a_closed_community(
    desk: Desk, store: Store, world: World, clock: FixedClock, caller: Caller
) -> None:
    number = await told_closed(desk, world, clock, caller)

    async def message() -> Card:
        return alert_card_now(await store.alert_record(caller.workspace_id, number), clock.now())

    press = button(await message(), "Stop watching")
    refused = await desk.press(press, GUEST)
    assert refused.code == "forbidden"
    await desk.done("post stop 1")
    assert field(await message(), "Now") == "1 of 2 no longer watched"
    said = await desk.press(press)
    assert said.title == "1 post in r/harbor no longer watched"
    assert said.text.startswith("Stopped by Alice, ")
    assert said.text.endswith("What was seen of them stays. To watch one again, register it again.")
    assert said.values["posts"] == [2]
    assert [post.is_watched for post in await store.tracked_posts(caller.workspace_id)] == [False, False]
    card = await message()
    assert field(card, "Now") == "2 of 2 no longer watched"
    assert "Stop watching" not in [b.label for b in buttons(card)]
    again = await desk.press(press)
    assert (again.code, again.text.startswith("Alice stopped watching it on ")) == ("already_decided", True)


async def test_news_of_one_post_stop_no_others(
    desk: Desk, store: Store, world: World, clock: FixedClock, caller: Caller
) -> None:
    await desk.done(f"post register {LINK}")
    await later(desk, clock, 12)
    [live] = await store.alerts(caller.workspace_id)
    refused = await desk.press(f"v1|post stop community|{live.id}")
    assert (refused.code, refused.text) == (
        "not_found",
        "That alert names no posts.\nStop them one by one: /rao post list",
    )
    assert (await store.tracked_post(caller.workspace_id, 1)).is_watched


async def test_a_wrong_alarm_is_kept_and_looked_into(desk: Desk, world: World, clock: FixedClock) -> None:
    await desk.done(f"post register {LINK}")
    world.posts[NAME] = removed(NAME, "moderator")
    await later(desk, clock, 12)
    world.posts[NAME] = sighting(NAME)
    clock.advance(timedelta(minutes=5))
    card = await desk.press("v1|post false alarm|1")
    assert card.text.startswith("Called a wrong alarm by Alice, 23 Nov 2026, 12:17 UTC.")
    assert "two looks, minutes apart" in card.text
    await later(desk, clock, 6)
    assert (await desk.done("post show 1")).values["state"] == "live"


async def test_a_ban_read_at_appeals_is_kept(desk: Desk) -> None:
    await desk.done(f"post register {LINK}")
    card = await desk.press("v1|post account banned|1")
    assert "reddit.com/appeals" in card.text
    assert card.values["state"] == "unverified", "one person's word makes no shadowban"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("post register", "missing_argument"),
        ("post register https://example.com/x", "bad_argument"),
        (f"post register {LINK} draft=99", "not_found"),
        (f"post register {LINK} campaign=nobody", "not_found"),
        (f"post register {LINK} posted_ago=yesterday", "bad_argument"),
        ("post show 99", "not_found"),
        ("post show first", "bad_argument"),
        ("post check 99", "not_found"),
        ("post snooze 99", "not_found"),
        ("post stop 99", "not_found"),
        ("post list nowhere", "bad_argument"),
        ("post seen 1", "unknown_command"),
    ],
)
async def test_what_cannot_be_done_says_so(desk: Desk, line: str, code: str) -> None:
    card = await desk.say(line)
    assert card.code == code
    assert card.text


async def test_registering_the_same_post_twice_says_who_did(desk: Desk) -> None:
    await desk.done(f"post register {LINK}")
    card = await desk.say("post register https://redd.it/1abc2d")
    assert card.code == "already_exists"
    assert "Alice registered this post" in card.text
    assert "/rao post show 1" in card.text


async def test_the_button_i_posted_it_asks_for_the_link_and_keeps_the_draft(desk: Desk) -> None:
    card = await desk.press("v1|post register|5")
    assert card.form is not None
    assert [i.name for i in card.form.inputs] == ["link"]
    assert card.form.known == {"draft": "5"}


async def test_a_guest_may_look_and_not_change(desk: Desk) -> None:
    card = await desk.done(f"post register {LINK}")
    assert (await desk.say("post list", GUEST)).ok
    assert (await desk.say("post show 1", GUEST)).ok
    for line in (f"post register {LINK}", "post check 1", "post snooze 1", "post stop 1"):
        assert (await desk.say(line, GUEST)).code == "forbidden"
    for label in ("I can see it", "I can't see it"):
        assert (await desk.press(button(card, label), GUEST)).code == "forbidden"


def test_every_state_has_its_words() -> None:
    for state in State:
        assert STATE_WORDS[state]
        assert state is State.UNVERIFIED or post._MEANING[state]


# ---------------------------------------------------------------- the stated reason


async def removed_post(desk: Desk, world: World, clock: FixedClock, category: str = "moderator") -> Card:
    await desk.done(f"post register {LINK}")
    world.posts[NAME] = removed(NAME, category)
    await later(desk, clock, 12)
    return await desk.done("post show 1")


async def test_why_asks_for_the_rules_that_held_when_it_was_posted(
    desk: Desk, world: World, clock: FixedClock, store: Store, caller: Caller
) -> None:
    card = await removed_post(desk, world, clock)
    await store.save_rules(caller, "harbor", world.basis, [Rule("Changed since", "", "all")], clock.now())
    asked = await desk.press(button(card, "They told me why"))
    assert asked.form is not None
    rule, message = asked.form.inputs
    assert rule.options == ("1. No self-promotion",)
    assert (rule.required, message.long, message.required) == (False, True, False)
    assert asked.form.known == {"post": "1"}
    assert asked.form.beside == Button("What was seen", "post show", 1)


async def test_a_reason_is_kept_shown_learned_from_and_can_be_undone(
    desk: Desk, world: World, clock: FixedClock
) -> None:
    await removed_post(desk, world, clock)
    card = await desk.done('post reason 1 rule="1. No self-promotion" message="Reads like an advert."')
    assert "learned as pattern 1, 80% sure" in card.text
    shown = await desk.done("post show 1")
    reason = next(f for f in shown.fields if f.name.startswith("Reason, given by Alice"))
    assert (reason.value, reason.quote) == (
        "Their rule: No self-promotion. They wrote: Reads like an advert",
        True,
    )
    patterns = await desk.done("pattern list harbor")
    assert "80% sure · the reason moderators stated for post 1" in patterns.fields[0].name
    assert "worth half after 180 days" in patterns.footnote
    assert (await desk.say("post reason 1 rule=1")).code == "already_decided"
    assert (await desk.press("v1|post reason|1")).code == "already_decided"
    undone = await desk.press(button(shown, "Undo the reason"))
    assert "taken back" in undone.title
    assert (await desk.done("pattern list harbor")).values["patterns"] == []
    assert (await desk.press("v1|post reason undo|1")).code == "not_found"


async def test_a_reason_that_is_not_about_the_text_teaches_no_draft_and_says_what_helps(
    desk: Desk, world: World, clock: FixedClock
) -> None:
    await removed_post(desk, world, clock)
    card = await desk.done('post reason 1 message="Your account is too new."')
    assert "no pattern for drafts" in card.text
    assert (await desk.done("pattern list harbor")).values["patterns"] == []
    assert card.values["reason"] == "They wrote: Your account is too new"


@pytest.mark.parametrize(
    ("category", "told"), [("promotion", "learned as pattern 1, 60% sure"), ("account", "no pattern for drafts")]
)
async def test_a_cause_that_a_model_read_is_called_so_on_the_card(
    desk: Desk, world: World, clock: FixedClock, store: Store, category: str, told: str
) -> None:
    reader = CauseReader(ChoosingModel({"category": category}), Ledger(store, clock), classify_model=MODEL)
    reading = replace(desk.services, reasons=Reasons(store, clock, reader))
    desk = Desk(reading, post.commands, pattern.commands)
    await removed_post(desk, world, clock)
    card = await desk.done('post reason 1 message="We did not like it."')
    assert f"Read by a model: {category}." in card.text
    assert told in card.text
    origins = [f.name for f in (await desk.done("pattern list harbor")).fields]
    assert all("the reason moderators stated for post 1, read by a model," in origin for origin in origins)
    assert len(origins) == (category == "promotion")
    wrong = await desk.press("v1|post false alarm|1")
    assert ("1 pattern from it taken back" in wrong.text) == (category == "promotion")


async def test_without_a_model_a_message_that_tells_nothing_teaches_as_it_stands(
    desk: Desk, world: World, clock: FixedClock
) -> None:
    await removed_post(desk, world, clock)
    card = await desk.done('post reason 1 message="We did not like it."')
    assert "learned as pattern 1, 75% sure" in card.text
    assert "model" not in card.text


async def test_nobody_is_asked_why_where_nobody_can_have_said_it(desk: Desk, world: World, clock: FixedClock) -> None:
    card = await removed_post(desk, world, clock, "reddit")
    assert "They told me why" not in [b.label for b in buttons(card)]


async def test_a_post_that_is_not_removed_has_no_reason(desk: Desk) -> None:
    await desk.done(f"post register {LINK}")
    assert (await desk.say("post reason 1 rule=1")).code == "not_allowed_now"
    assert (await desk.say("post reason 99 rule=1")).code == "not_found"
    assert (await desk.say("post reason 1 rule=1", GUEST)).code == "forbidden"


async def test_a_wrong_alarm_takes_a_stated_reasons_pattern_back_too(
    desk: Desk, world: World, clock: FixedClock
) -> None:
    await removed_post(desk, world, clock)
    await desk.done("post reason 1 rule=1")
    card = await desk.press("v1|post false alarm|1")
    assert "1 pattern from it taken back" in card.text


@pytest.mark.parametrize(
    ("is_hidden", "heading", "said"),
    [
        (True, "hidden, account suspended", "Others cannot see this post."),
        (False, "account suspended", "This post itself was not found hidden."),
    ],
)
async def test_a_post_that_still_shows_is_not_called_hidden_because_its_account_is(
    desk: Desk, clock: FixedClock, world: World, is_hidden: bool, heading: str, said: str
) -> None:
    await desk.done(f"post register {LINK}")
    await later(desk, clock, 10)
    shows, world.posts[NAME] = world.posts[NAME], removed(NAME, "reddit")
    world.accounts["alice_writes"] = AuthorStatus.SUSPENDED
    await later(desk, clock, 120)
    if not is_hidden:
        world.posts[NAME] = shows
        for _ in range(12):
            clock.advance(timedelta(hours=3))
            await desk.services.sweeping.sweep("w")
    card = await desk.done("post show 1")
    assert card.values["state"] == "suspended"
    assert card.title == f"Post 1 in r/harbor: {heading}"
    assert card.text.endswith(said)
