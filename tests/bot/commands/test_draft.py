from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.card import Button, Card, Choice, Menu, Tone
from bot.commands import draft as draft_commands
from bot.frontend import Actor
from core.analysis.service import Communities
from core.communities import Rule
from core.drafting.drafts import DraftStatus
from core.drafting.service import Drafting
from core.model import READ_BY_MODEL, Basis, Caller, NewPattern, Role
from core.visibility.reasons import STATED_AND_READ_BY_MODEL
from core.visibility.tracking import NewTrackedPost
from storage.store import Store
from tests.bot.bare import ALICE, Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.core.analysis.quick_reader import Inline
from tests.core.drafting.material import make_campaign
from tests.core.drafting.plain import PlainWriter
from tests.storage import world

CAROL = Actor("terminal:local", "terminal", "Local", "carol", "Carol")
TITLE = "How to make late payers answer"
BODY = "37 freelancers used it in the first 6 months. How do others here handle this?"
FILL = f'title="{TITLE}" body="{BODY}"'


@pytest.fixture
async def desk(store: Store, clock: FixedClock, caller: Caller) -> Desk:
    await make_campaign(store, caller, clock.now())
    await store.grant_role(caller, "alice", "Alice", Role.ADMIN, clock.now())
    clock.advance(timedelta(days=2))
    worker = Inline()
    services = replace(
        bare_services(store, clock),
        drafting=Drafting(store, clock, PlainWriter()),
        communities=Communities(store, clock, worker, worker),
    )
    return Desk(services, draft_commands.commands)


def labels(card: Card) -> list[str]:
    return [action.label for action in card.actions]


def field(card: Card, name: str) -> str:
    return next(f.value for f in card.fields if f.name == name)


async def test_a_new_draft_shows_its_text_its_checks_its_facts_and_the_age_of_the_norms(desk: Desk) -> None:
    card = await desk.done("draft new r/HarborFounders")
    assert card.title == "Draft 1 for r/harborfounders"
    assert card.text.startswith(
        "1 thing to fix before it can be approved.\nAlice will post it. Written by plain from your facts, for $0.00."
    )
    assert "[your own words" in field(card, "Text")
    assert all(f.quote for f in card.fields if f.name in ("Title", "Text"))
    assert "still to be filled in" in field(card, "To fix before approval")
    assert field(card, "Stands on") == "3 of 3 facts"
    assert "300 posts" in card.footnote
    assert "2 days ago" in card.footnote
    assert labels(card) == ["Edit", "Details", "More …"], "no button that would only be refused"
    assert card.values["facts"] == [1, 2, 3]


async def test_several_drafts_are_listed_to_choose_from(desk: Desk) -> None:
    card = await desk.done("draft new harborfounders count=3")
    assert card.values["drafts"] == [1, 2, 3]
    choice = card.actions[0]
    assert isinstance(choice, Choice)
    assert [record for _, record in choice.options] == [1, 2, 3]
    assert (await desk.press("v1|draft show|2")).values["draft"] == 2


async def test_the_edit_button_asks_with_the_current_text_filled_in(desk: Desk) -> None:
    card = await desk.done("draft new harborfounders")
    asked = await desk.press(pressable(card, "Edit"))
    assert asked.form is not None
    assert asked.form.command == "draft edit"
    assert {i.name: i.value for i in asked.form.inputs} == {"title": field(card, "Title"), "body": field(card, "Text")}
    assert dict(asked.form.known) == {"draft": "1", "revision": "1", "approval": "0"}
    assert asked.form.beside == Button("Its checks", "draft show", 1)


async def test_two_forms_filled_from_one_text_do_not_overwrite_each_other(desk: Desk) -> None:
    await desk.done("draft new harborfounders")
    await desk.done(f"draft edit 1 revision=1 {FILL}")
    late = await desk.say('draft edit 1 revision=1 title="Mine"')
    assert late.code == "already_decided"
    assert "Alice" in late.text


async def test_a_filled_draft_is_approved_with_a_button_and_shows_who_and_when(desk: Desk) -> None:
    await desk.done("draft new harborfounders")
    edited = await desk.done(f"draft edit 1 {FILL}")
    assert labels(edited) == ["Approve", "Edit", "Details", "More …"]
    looked = await desk.press(pressable(edited, "Details"))
    approved = await desk.press(pressable(edited, "Approve"))
    assert approved.text.startswith("Approved by Alice, 25 Nov 2026, 12:00 UTC.")
    assert labels(approved) == ["I posted it", "Edit", "More …"]
    assert pressable(approved, "I posted it") == "v1|post register|1"
    assert approved.tone is Tone.GOOD
    assert "Checked" in [f.name for f in looked.fields]
    assert "Checked" not in [f.name for f in (await desk.press(pressable(approved, "Details"))).fields]
    again = await desk.press(pressable(edited, "Approve"))
    assert again.code == "already_decided"
    assert "Alice" in again.text


class Counted:
    """A store that notes which of its verbs were called."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.called: list[str] = []

    def __getattr__(self, verb: str) -> Any:
        self.called.append(verb)
        return getattr(self._store, verb)


async def test_a_click_on_approve_reads_each_of_its_grounds_once(desk: Desk, store: Store, clock: FixedClock) -> None:
    await desk.done("draft new harborfounders")
    edited = await desk.done(f"draft edit 1 {FILL}")
    counted = Counted(store)
    as_store = cast(Store, counted)
    services = replace(bare_services(as_store, clock), drafting=Drafting(as_store, clock, PlainWriter()))
    counted.called.clear()
    approved = await Desk(services, draft_commands.commands).press(pressable(edited, "Approve"))
    assert approved.values["status"] == "approved"
    assert {"draft", "campaign", "facts", "latest_profile", "latest_rules", "patterns"} <= set(counted.called)
    assert [verb for verb in set(counted.called) if counted.called.count(verb) > 1] == []


async def test_approving_a_draft_with_problems_is_refused_and_names_them(desk: Desk) -> None:
    await desk.done("draft new harborfounders")
    await desk.done('draft edit 1 title="A title" body="We had 999 users. Please upvote."')
    card = await desk.say("draft approve 1")
    assert card.code == "not_allowed_now"
    assert "votes" in card.text


async def test_an_editor_may_write_and_not_approve(desk: Desk, store: Store, caller: Caller, clock: FixedClock) -> None:
    await store.grant_role(caller, "carol", "Carol", Role.EDITOR, clock.now())
    await desk.done("draft new harborfounders", CAROL)
    await desk.done(f"draft edit 1 {FILL}", CAROL)
    card = await desk.press("v1|draft approve|1", CAROL)
    assert card.code == "forbidden"
    assert "Alice" in card.text


async def test_a_discarded_draft_has_no_buttons_left(desk: Desk) -> None:
    await desk.done("draft new harborfounders")
    card = await desk.done("draft discard 1")
    assert "Discarded by Alice" in card.text
    assert card.actions == ()


async def test_a_posted_draft_says_so(desk: Desk, store: Store, caller: Caller, clock: FixedClock) -> None:
    await desk.done("draft new harborfounders")
    await desk.done(f"draft edit 1 {FILL}")
    await desk.done("draft approve 1")
    at = clock.now()
    await store.register_post(
        caller,
        NewTrackedPost(
            "t3_abcdef",
            "harborfounders",
            "https://www.reddit.com/r/harborfounders/comments/abcdef/",
            None,
            at,
            Basis.SAMPLE,
            None,
            1,
            at,
            at,
        ),
        at,
    )
    card = await desk.done("draft show 1")
    assert card.text.startswith(
        "Posted: registered by alice, 25 Nov 2026, 12:00 UTC, as post 1: /rao post show 1\nApproved by"
    )
    assert card.values["status"] == DraftStatus.POSTED.value
    assert card.actions == ()


async def test_everybody_finds_the_drafts_that_wait_for_them(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.grant_role(caller, "carol", "Carol", Role.EDITOR, clock.now())
    assert (await desk.done("draft list waiting=me", CAROL)).title == "No draft waits for you"
    for _ in range(4):
        await desk.done("draft new harborfounders", CAROL)  # outlines, with blanks to fill in
    # Of two texts that say the same, the second is not approved any more once the first is.
    await desk.done(
        'draft edit 2 title="What do you write on Fridays?" body="I ask clients twice and then stop."', CAROL
    )
    await desk.done(f"draft edit 3 {FILL}", CAROL)
    await desk.done("draft approve 3")
    await desk.done("draft discard 4")
    mine = await desk.done("draft list waiting=me", CAROL)
    assert [f.name for f in mine.fields] == [
        "3 · r/harborfounders · to post by hand",
        "1 · r/harborfounders · to fix",
    ]
    alices = await desk.done("draft list waiting=me")
    assert [f.name for f in alices.fields] == ["2 · r/harborfounders · to decide"]


async def test_a_regenerated_draft_says_who_asked_for_it(desk: Desk) -> None:
    await desk.done("draft new harborfounders")
    again = await desk.done("draft regenerate 1")
    assert "Alice will post it. Text 2, asked for by Alice, 25 Nov 2026, 12:00 UTC. Written by plain" in again.text


async def test_a_regenerated_draft_keeps_its_number(desk: Desk) -> None:
    first = await desk.done("draft new harborfounders")
    again = await desk.press(pressable(first, "Regenerate"))
    assert (again.values["draft"], again.values["revision"]) == (1, 2)
    assert field(again, "Text") != field(first, "Text")


async def test_better_not_now_says_why_and_how_to_go_on(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    card = await desk.say('draft new elsewhere angle="the first month"')
    assert (card.title, card.code) == ("Better not now", "advised_against")
    assert any("Nothing is known about r/elsewhere" in f.name for f in card.fields)
    assert "anyway=yes" in card.footnote
    assert card.form is not None
    given = {**card.form.known, "anyway": "yes"}
    after = await desk.dispatcher.run(ALICE, card.form.command, given)
    assert after.ok
    assert "the first month" in field(after, "Text")


async def test_drafts_are_listed_by_status_and_an_empty_list_says_what_to_do(desk: Desk) -> None:
    assert labels(await desk.done("draft list")) == ["New draft"]
    await desk.done("draft new harborfounders count=2")
    await desk.done("draft discard 1")
    card = await desk.done("draft list status=discarded")
    assert card.values["drafts"] == [{"draft": 1, "community": "harborfounders", "status": "discarded"}]
    assert "No drafts that are approved" in (await desk.done("draft list status=approved")).title


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("draft show 99", "not_found"),
        ("draft show abc", "bad_argument"),
        ("draft new harborfounders count=9", "bad_argument"),
        ("draft new", "missing_argument"),
        ("draft new harborfounders campaign=nobody", "not_found"),
        ("draft new harborfounders writer=ghost", "bad_argument"),
    ],
)
async def test_bad_input_is_told_plainly(desk: Desk, line: str, code: str) -> None:
    card = await desk.say(line)
    assert card.code == code
    assert card.text


async def test_a_draft_says_of_a_stated_reason_that_a_model_read_it_and_is_not_blocked_by_it(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    body = "Promotion, as the moderators see it. They wrote: No"
    pattern = NewPattern(
        None, "harborfounders", "promotion", body, READ_BY_MODEL, STATED_AND_READ_BY_MODEL, feature="self_promotion"
    )
    await store.add_pattern(caller, pattern, clock.now())
    await desk.done("draft new r/HarborFounders anyway=yes")
    avoided = field(await desk.press("v1|draft details|1"), "Avoided, because r/harborfounders rejects it")
    assert avoided == f"1 · {body} (the reason moderators stated, read by a model, 60% sure)"
    await desk.done('draft edit 1 title="A plain title" body="Sign up for Tallybird today."')
    [remark] = [f for f in (await store.draft(caller.workspace_id, 1)).latest.remarks if f.check == "patterns"]
    assert (remark.level, "the moderators' stated reason, read by a model" in remark.text) == ("advice", True)


async def test_the_next_draft_shows_the_reason_that_moderators_stated(
    desk: Desk, store: Store, clock: FixedClock, caller: Caller
) -> None:
    body = "Promotion. Their rule: No adverts"
    pattern = NewPattern(None, "harborfounders", "promotion", body, "stated", 0.8, feature="self_promotion")
    await store.add_pattern(caller, pattern, clock.now())
    await desk.done("draft new r/HarborFounders anyway=yes")
    avoided = field(await desk.press("v1|draft details|1"), "Avoided, because r/harborfounders rejects it")
    assert avoided == "1 · Promotion. Their rule: No adverts (the reason moderators stated, 80% sure)"
    clock.advance(timedelta(days=180))
    faded = await desk.press("v1|draft details|1")
    assert "40% sure" in field(faded, "Avoided, because r/harborfounders rejects it")


async def test_a_draft_says_who_will_post_it_and_whose_its_facts_are(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    mine = await desk.done("draft new r/harborfounders")
    assert "Alice will post it." in mine.text
    assert "(alice)" in field(await desk.press(pressable(mine, "Details")), "Facts it stands on: 3 of 3")
    await store.link_account(replace(caller, member_id="carol", name="Carol"), "carol_w", clock.now())
    await store.grant_role(caller, "carol", "Carol", Role.EDITOR, clock.now())
    for said in ("poster=carol", "account=carol_w", "account=u/Carol_W", "poster=carol account=carol_w"):
        card = await desk.done(f"draft new r/harborfounders {said}")
        assert "Carol will post it as u/carol_w." in card.text
        assert card.values["poster"] == {"member": "Carol", "account": "carol_w"}
        assert not any("before I wrote any software" in f.value for f in card.fields if f.name == "Text")
    unlinked = await desk.say("draft new r/harborfounders account=nobody")
    assert (unlinked.code, unlinked.text.splitlines()[0]) == ("not_found", "u/nobody is not linked here.")
    anothers = await desk.say("draft new r/harborfounders account=carol_w poster=me")
    assert (anothers.code, anothers.values["param"]) == ("bad_argument", "account")
    assert anothers.text.splitlines()[0] == "u/carol_w is linked by Carol, not by Alice."


async def test_who_linked_several_accounts_says_which_one_posts_and_a_draft_is_given_from_its_card(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    for name in ("carol_w", "carol_z"):
        await store.link_account(replace(caller, member_id="carol", name="Carol"), name, clock.now())
    await store.grant_role(caller, "carol", "Carol", Role.EDITOR, clock.now())
    assert "Carol will post it." in (await desk.done("draft new r/harborfounders poster=carol")).text
    card = await desk.done("draft new r/harborfounders")
    asked = await desk.press(pressable(card, "Give to …"))
    assert asked.title == "Who posts draft 2?"
    assert asked.form is not None
    assert [(i.name, i.options) for i in asked.form.inputs] == [("account", ("u/carol_w", "u/carol_z")), ("poster", ())]
    given = await desk.fill(asked.form, {"account": "u/carol_z"})
    assert "Carol will post it as u/carol_z." in given.text
    assert "Alice will post it." in (await desk.fill(asked.form, {"poster": "alice"})).text


async def test_who_goes_on_all_the_same_keeps_the_poster(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    await store.grant_role(caller, "carol", "Carol", Role.EDITOR, clock.now())
    advised = await desk.say("draft new r/elsewhere poster=carol")
    assert advised.form is not None
    assert "Carol will post it." in (await desk.fill(advised.form, {"anyway": "yes"})).text


async def test_who_waits_for_drafts_turns_direct_messages_off_with_a_button(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    chatting = Actor("discord:1", "discord", "Harbor", "alice", "Alice")
    await store.ensure_workspace("discord:1", "discord", "Harbor", clock.now())
    await store.grant_role(replace(caller, workspace_id="discord:1"), "alice", "Alice", Role.ADMIN, clock.now())
    card = await desk.say("draft list waiting=me", chatting)
    assert pressable(card, "No direct messages about drafts") == "v1|alerts direct off|"
    await store.set_told_directly(replace(caller, workspace_id="discord:1"), False, clock.now())
    card = await desk.say("draft list waiting=me", chatting)
    assert pressable(card, "Direct messages about drafts") == "v1|alerts direct on|"
    assert labels(await desk.say("draft list waiting=me")) == ["New draft"], "a terminal has none"


async def test_a_draft_under_limits_says_which_why_and_what_would_change_that(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    free = await desk.done("draft new harborfounders")
    assert "Under limits" not in [f.name for f in free.fields]
    rules = [Rule("No ads", "No self-promotion.", "all"), Rule("Text only", "Links are not allowed.", "all")]
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, rules, clock.now())
    card = await desk.press("v1|draft show|1")
    assert field(card, "Under limits") == (
        "No product name, no links, a question or a story of one's own. r/harborfounders has a rule against promotion: "
        "“No ads”. What would change that: The rule changes, or a person reads it otherwise."
    )
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, rules[1:], clock.now())
    card = await desk.press("v1|draft show|1")
    assert field(card, "Under limits").startswith("No links. r/harborfounders has a rule against links: “Text only”.")


async def test_why_a_limit_holds_is_told_once_where_the_text_breaks_it(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    new = world.to_register("t3_gone1", clock.now(), community="harborfounders")
    post = await store.register_post(caller, new, clock.now())
    await world.record(store, [world.removal_check(post, clock.now())], clock.now())
    clock.advance(timedelta(days=3))
    await desk.done("draft new harborfounders")
    why = "A post of yours was removed from r/harborfounders on 25 Nov 2026, 12:00 UTC."
    changes = "What would change that: Time, or the post is live again."
    kept = await desk.done(f"draft edit 1 {FILL}")
    limits = "No product name, no links, a question or a story of one's own."
    assert field(kept, "Under limits") == f"{limits} {why} {changes}"
    broken = await desk.done(f'draft edit 1 title="{TITLE}" body="{BODY} I make Tallybird."')
    assert why in field(broken, "To fix before approval")
    assert field(broken, "Under limits") == f"{limits} {changes}"


async def test_what_would_only_be_refused_has_no_button(
    desk: Desk, store: Store, caller: Caller, clock: FixedClock
) -> None:
    assert "Regenerate" in behind_more(await desk.done("draft new harborfounders"))
    rule = Rule("No AI", "AI-generated posts are not allowed.", "all")
    await store.save_rules(caller, "harborfounders", Basis.SAMPLE, [rule], clock.now())
    assert behind_more(await desk.press("v1|draft show|1")) == ["Give to …", "Discard"]


def behind_more(card: Card) -> list[str]:
    [more] = [a for a in card.actions if isinstance(a, Menu)]
    return [button.label for button in more.buttons]
