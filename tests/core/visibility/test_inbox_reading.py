"""A moderators' message in a linked account's inbox answers why a post was removed, when its owner allowed that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from core.accounts import Accounts
from core.alerts import Severity, severity
from core.gateways.author import RedditAuthors
from core.model import AlertKind, Caller, RemovedBy, State, TrackedPost
from core.ports import Also, Received
from core.seal import LINKED_ACCOUNTS, Seal
from core.visibility.inbox_reading import EVERY, LEASE, TITLE_LEAST, WITHIN, Inboxes, message_about
from core.visibility.reasons import Reasons
from storage.store import Store
from tests.clock import FixedClock
from tests.core.visibility.watched import LINK, NAME, pass_time
from tests.core.visibility.world import START, World, removed, sighting, tracked
from tests.fakes.loopback import Fault
from tests.fakes.reddit import FakeReddit
from tests.watch import Watch

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ADA = "alice_writes"
POST = f"Your [post](https://www.reddit.com/r/harbor/comments/{NAME[3:]}/how_it_went/) was removed"
WHY = f"{POST}. Rule 2: no promotion of your own product."


@pytest.fixture
async def reddit() -> AsyncIterator[FakeReddit]:
    async with FakeReddit() as running:
        yield running


@pytest.fixture
async def accounts(reddit: FakeReddit, store: Store, clock: FixedClock) -> AsyncIterator[Accounts]:
    view = RedditAuthors(**reddit.web_credentials, clock=clock)
    yield Accounts(store, clock, view, Seal(lambda: "a secret of the tests", LINKED_ACCOUNTS))
    await view.close()


@pytest.fixture
def inboxes(store: Store, clock: FixedClock, accounts: Accounts) -> Inboxes:
    return Inboxes(store, clock, accounts, Reasons(store, clock))


@pytest.fixture
async def post(watch: Watch, world: World, store: Store, caller: Caller, clock: FixedClock) -> TrackedPost:
    """A post of Ada's that moderators removed."""
    registered = await watch.registering.register(caller, LINK)
    await pass_time(watch, clock, MINUTE * 4)
    world.posts[NAME] = removed(NAME)
    await pass_time(watch, clock, MINUTE * 20)
    gone = await store.tracked_post(caller.workspace_id, registered.id)
    assert gone.state is State.REMOVED
    return gone


@dataclass(frozen=True, slots=True)
class Removal:
    """A removed post, and what its author's inbox is read with."""

    inboxes: Inboxes
    accounts: Accounts
    reddit: FakeReddit
    store: Store
    caller: Caller
    clock: FixedClock
    post: TrackedPost

    async def link(self, *also: Also) -> None:
        """Ada links her account, and allows this besides."""
        page = await self.accounts.ask(self.caller, None, also)
        await self.accounts.confirm(self.caller, self.reddit.consent(page.url, ADA))

    def write(self) -> None:
        """The moderators write to Ada why."""
        self.reddit.write_to(ADA, "Harbor", "Your post", WHY, self.clock.now())

    @property
    def times_read(self) -> int:
        return len(self.reddit.seen("/message/inbox"))

    async def reason(self) -> str | None:
        return (await self.store.tracked_post(self.caller.workspace_id, self.post.id)).stated_reason


@pytest.fixture
def removal(
    inboxes: Inboxes,
    accounts: Accounts,
    reddit: FakeReddit,
    store: Store,
    caller: Caller,
    clock: FixedClock,
    post: TrackedPost,
) -> Removal:
    return Removal(inboxes, accounts, reddit, store, caller, clock, post)


async def test_the_message_answers_why_is_learned_from_and_told_and_can_be_undone(removal: Removal) -> None:
    await removal.link(Also.MESSAGES)
    removal.write()
    assert await removal.inboxes.tend() == 1
    now = await removal.store.tracked_post(removal.caller.workspace_id, removal.post.id)
    assert now.stated_reason is not None
    assert "Rule 2: no promotion of your own product" in now.stated_reason
    assert now.stated_by == f"the message to u/{ADA}"
    [pattern] = [p for p in await removal.store.patterns(removal.caller.workspace_id, "harbor") if p.is_stated]
    assert (pattern.category, pattern.tracked_post_id) == ("promotion", removal.post.id)
    [told] = await removal.store.alerts(removal.caller.workspace_id, kind=AlertKind.REASON_FOUND)
    assert (told.tracked_post_id, told.facts["is_learned"]) == (removal.post.id, True)
    assert "promotion of your own" not in str(told.facts), "the words are read from the post when it is shown"
    assert severity(told.kind, told.facts) is Severity.LOOK
    removal.clock.advance(EVERY)
    assert await removal.inboxes.tend() == 0
    assert removal.times_read == 1, "nothing is left to explain"
    await Reasons(removal.store, removal.clock).take_back(removal.caller, removal.post.id)
    assert await removal.reason() is None


@pytest.mark.parametrize("also", [(), (Also.POSTS,)])
async def test_without_that_consent_no_inbox_is_read(removal: Removal, also: tuple[Also, ...]) -> None:
    await removal.link(*also)
    removal.write()
    assert await removal.inboxes.tend() == 0
    assert removal.times_read == 0
    assert await removal.reason() is None


async def test_an_inbox_is_read_only_while_a_removal_of_the_last_days_has_no_known_reason(
    removal: Removal, watch: Watch, world: World
) -> None:
    await removal.link(Also.MESSAGES)
    for after in (timedelta(), EVERY, EVERY - MINUTE):
        removal.clock.advance(after)
        await removal.inboxes.tend()
    assert removal.times_read == 2, "every quarter of an hour"
    removal.clock.advance(WITHIN)
    await removal.inboxes.tend()
    assert removal.times_read == 2
    removal.clock.advance(-WITHIN)
    world.posts[NAME] = sighting(NAME)
    await pass_time(watch, removal.clock, HOUR)
    await removal.inboxes.tend()
    assert removal.times_read == 2, "it is visible again"


async def test_a_reason_that_a_member_gave_stands(removal: Removal) -> None:
    await removal.link(Also.MESSAGES)
    [due] = await removal.store.lease_due_inboxes(removal.clock.now(), lease=LEASE, within=WITHIN, limit=5)
    assert [one.id for one in due.posts] == [removal.post.id]
    assert await removal.inboxes.tend() == 0, "another program reads it"
    await Reasons(removal.store, removal.clock).give(removal.caller, removal.post.id, None, "They said: too long.")
    removal.clock.advance(LEASE)
    removal.write()
    assert await removal.inboxes.tend() == 0
    assert "too long" in (await removal.reason() or "")


async def test_a_consent_taken_back_ends_the_reading_and_trouble_is_tried_again(removal: Removal) -> None:
    await removal.link(Also.MESSAGES)
    removal.write()
    removal.reddit.fail("/message/inbox", Fault(status=503))
    assert await removal.inboxes.tend() == 0
    removal.reddit.heal()
    removal.reddit.take_consent_back(ADA)
    removal.clock.advance(EVERY)
    assert await removal.inboxes.tend() == 0
    assert [alert.kind for alert in await removal.store.alerts(removal.caller.workspace_id, 1)] == [
        AlertKind.CONSENT_GONE
    ]
    removal.clock.advance(EVERY)
    assert await removal.store.lease_due_inboxes(removal.clock.now(), lease=LEASE, within=WITHIN, limit=5) == []


# ------------------------------------------------ which message is about which post


def message(body: str = WHY, **changes: Any) -> Received:
    return replace(Received("t4_a", "harbor", "About your post", body, START), **changes)


GONE = tracked(
    state=State.REMOVED, removed_by=RemovedBy.MODERATORS, posted_at=START - HOUR, title="How our first month went"
)
OTHER = "https://www.reddit.com/r/harbor/comments/9zzz9z/weekly/"


@pytest.mark.parametrize(
    ("received", "is_about"),
    [
        (message(), True),
        (message(f"{POST}. Use the [thread]({OTHER})."), True),
        (message("Your submission “How our FIRST month\nwent” was removed."), True),
        (message("See the subject.", subject="Removed: How our first month went"), True),
        (message("Removed: rule 2.", about=NAME), True),
        (message("Removed: rule 2.", about="t3_9zzz9z"), False),
        (message(f"About [this]({OTHER})."), False),
        (message("Welcome to r/harbor. Read the rules."), False),
        (message(community="pottery"), False),
        (message(sent_at=START - HOUR), True),
        (message(sent_at=START - HOUR - MINUTE), False),
        (message(" \n", about=NAME), False),
    ],
)
def test_only_a_message_that_is_surely_about_the_post_counts(received: Received, is_about: bool) -> None:
    assert (message_about(GONE, [received]) is not None) is is_about


def test_a_short_title_names_no_post() -> None:
    short, long = "x" * (TITLE_LEAST - 1), "x" * TITLE_LEAST
    assert message_about(replace(GONE, title=short), [message(f"“{short}” was removed")]) is None
    assert message_about(replace(GONE, title=long), [message(f"“{long}” was removed")]) is not None
    assert message_about(replace(GONE, title=None), [message("was removed")]) is None


def test_of_several_messages_the_newest_counts() -> None:
    first, last = message("Rule 1.", about=NAME), message("Rule 2.", about=NAME, sent_at=START + HOUR)
    assert message_about(GONE, [first, last]) == message_about(GONE, [last, first]) == last
