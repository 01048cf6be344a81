"""Every refusal that Slack documents for chat.postMessage, and some that it does not, through the real client: no
alert is lost, none is doubled, and a person is told.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.courier import Courier
from bot.slack_app.client import SlackFrontEnd
from bot.slack_app.delivery import METADATA_TYPE
from core.model import AlertKind, Caller
from storage.store import Store
from tests.bot.refused import deliver, named, owe
from tests.bot.slack_app.conftest import WORKSPACE
from tests.clock import FixedClock
from tests.fakes.slack import FakeSlack, Message

# docs.slack.dev: chat.postMessage, errors; without those of the token, which are about the whole workspace.
_NAMES = """
access_denied accesslimited as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message
channel_not_found deprecated_endpoint duplicate_channel_not_found duplicate_message_not_found ekm_access_denied
enterprise_is_restricted fatal_error internal_error invalid_arg_name invalid_arguments invalid_array_arg
invalid_attachments invalid_blocks invalid_blocks_format invalid_charset invalid_form_data invalid_metadata_format
invalid_metadata_schema
invalid_post_type is_archived is_inactive markdown_text_conflict message_limit_exceeded messages_tab_disabled
metadata_must_be_sent_from_app metadata_too_large method_deprecated missing_file_data missing_post_type missing_scope
msg_blocks_too_long msg_too_long no_permission no_text not_allowed_token_type not_in_channel org_login_required
rate_limited ratelimited request_timeout restricted_action restricted_action_non_threadable_channel
restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
send_on_behalf_not_allowed service_unavailable slack_connect_canvas_sharing_blocked
slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked team_access_not_granted team_added_to_org
team_not_found too_many_attachments too_many_contact_cards two_factor_setup_required user_is_restricted
"""
DOCUMENTED = _NAMES.split()
INVENTED = [
    *("of_tomorrow", "channel_asleep", "restricted_action_on_mondays", "quota", "Üñknown", "x" * 300),
    "not connected",
]
ABOUT_FORM = [
    "invalid_blocks",
    "msg_blocks_too_long",
    "invalid_attachments",
    "invalid_blocks_format",
    "metadata_too_large",
]
CALLER = Caller(WORKSPACE, "system", "system", "test")


@pytest.fixture
async def courier(store: Store, clock: FixedClock, front_end: SlackFrontEnd, slack: FakeSlack) -> Courier:
    await store.ensure_workspace(WORKSPACE, "slack", "Team", clock.now())
    await store.set_alert_channel(CALLER, "C1", clock.now())
    slack.users = {"U8": {"is_primary_owner": True}}
    return Courier(store, clock, {"slack": front_end}, "courier")


def told(slack: FakeSlack, key: str) -> list[Message]:
    return [message for message in slack.shown if named(key) in message.words]


async def test_whatever_slack_calls_its_refusal_a_person_gets_the_alert_once(
    slack: FakeSlack, courier: Courier, store: Store, clock: FixedClock
) -> None:
    names = [*DOCUMENTED, *INVENTED]
    assert len(set(names)) >= 60
    fates = {}
    for number, name in enumerate(names):
        await store.set_alert_channel(CALLER, "C1", clock.now())  # each name meets a place that was not refused before
        slack.trouble = {"C1": name}
        await owe(store, CALLER, clock, f"k{number}")
        await deliver(courier, store, WORKSPACE, clock, within=timedelta(hours=3))
        fates[name] = [message.channel for message in told(slack, f"k{number}")]
    assert {name: fate for name, fate in fates.items() if fate != ["DU8"]} == {}
    assert (await store.backlog(WORKSPACE, clock.now())).alerts_failed == 0
    assert all("/rao alerts here" in message.words for message in slack.shown)


@pytest.mark.parametrize("name", ABOUT_FORM)
async def test_a_card_that_is_refused_comes_as_plain_text_to_the_same_channel(
    slack: FakeSlack, courier: Courier, store: Store, clock: FixedClock, name: str
) -> None:
    slack.fail("chat.postMessage", name, times=1)
    await owe(store, CALLER, clock, "k")
    assert await courier.deliver_due() == 1
    [message] = told(slack, "k")
    assert message.channel == "C1"
    assert message.body.get("blocks") is None
    assert message.body["metadata"]["event_type"] == METADATA_TYPE
    assert await store.refusals(WORKSPACE) == []


async def test_a_dead_channel_is_asked_once_and_a_mended_one_is_noticed(
    slack: FakeSlack, courier: Courier, store: Store, clock: FixedClock
) -> None:
    slack.trouble = {"C1": "is_archived"}
    for key in ("a", "b", "c"):
        await owe(store, CALLER, clock, key)
    await courier.deliver_due()
    asked = [call["channel"] for call in slack.called("chat.postMessage")]
    assert asked == ["C1", "DU8", "DU8", "DU8"]
    slack.trouble = {}
    clock.advance(timedelta(hours=1))
    await owe(store, CALLER, clock, "d")
    await courier.deliver_due()
    assert [message.channel for message in told(slack, "d")] == ["C1"]
    assert await store.refusals(WORKSPACE) == []


async def test_what_no_place_takes_for_a_day_is_told_when_one_does(
    slack: FakeSlack, courier: Courier, store: Store, clock: FixedClock
) -> None:
    slack.trouble = {"C1": "restricted_action_read_only_channel", "DU8": "messages_tab_disabled"}
    await owe(store, CALLER, clock, "lost")
    for _ in range(150):
        await courier.deliver_due()
        clock.advance(timedelta(hours=1))
    assert (await store.backlog(WORKSPACE, clock.now())).alerts_failed == 1
    [news] = await store.alerts(WORKSPACE, kind=AlertKind.UNDELIVERED)
    assert news.is_given_up
    calls = len(slack.calls)
    await courier.deliver_due()
    assert len(slack.calls) == calls, "it goes on for ever"
    slack.trouble = {}
    await owe(store, CALLER, clock, "next")
    await deliver(courier, store, WORKSPACE, clock, within=timedelta(hours=1))
    [message] = [message for message in slack.shown if "1 alert could not be delivered" in message.words]
    assert message.channel == "DU8"
    assert "a test alert" in message.words
    assert "only some people may post" in message.words.lower()
    assert len(told(slack, "next")) == 1


async def test_slack_is_not_asked_for_its_history_while_nothing_goes_wrong(
    slack: FakeSlack, courier: Courier, store: Store, clock: FixedClock
) -> None:
    for number in range(5):
        await owe(store, CALLER, clock, f"k{number}")
    before = len(slack.calls)
    assert await courier.deliver_due() == 5
    assert [call.method for call in slack.calls[before:]] == ["chat.postMessage"] * 5


async def test_an_alert_that_arrived_though_slack_failed_is_found_and_not_doubled(
    slack: FakeSlack, courier: Courier, store: Store, clock: FixedClock
) -> None:
    slack.fail("chat.postMessage", "internal_error", after=True, times=1)
    await owe(store, CALLER, clock, "k")
    await deliver(courier, store, WORKSPACE, clock, within=timedelta(hours=1))
    assert len(told(slack, "k")) == 1
    assert len(slack.called("conversations.history")) == 1
