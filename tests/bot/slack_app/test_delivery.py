from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.card import Button, Card, Field, Tone
from bot.frontend import DeliveryFailed, Refused
from bot.slack_app.client import SlackFrontEnd
from tests.bot.slack_app.conftest import WORKSPACE, Bot
from tests.fakes.slack import FakeSlack, Message, elements_of

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
REMOVED = Card(
    "The post was removed",
    text="Others cannot see it.",
    tone=Tone.BAD,
    fields=(Field("Post", "What <!channel> & pots", quote=True),),
    actions=(
        *(Button("Check now", "post check", 5), Button("Snooze", "post snooze", 5), Button("Why?", "post reason", 5)),
        *(Button(f"Look {n}", "post check", n) for n in range(6, 10)),
        *(Button("Be quiet", "post snooze", 6), Button("And why?", "post reason", 6)),
    ),
    values={"post": 5, "alert": 1},
)
LIVE = replace(REMOVED, title="The post is live", tone=Tone.GOOD)


async def test_an_alert_is_a_message_in_its_channel(slack: FakeSlack, front_end: SlackFrontEnd) -> None:
    reference = await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    message = await slack.said("The post was removed")
    assert reference == f"C1:{message.ts}"
    assert message.body["unfurl_links"] is False


async def test_a_first_send_is_one_call_and_reads_nothing(slack: FakeSlack, front_end: SlackFrontEnd) -> None:
    before = len(slack.calls)
    for number in range(5):
        await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce=f"alert-{number}", root_ref=f"C1:{number}.1")
    assert [call.method for call in slack.calls[before:]] == ["chat.postMessage"] * 5


async def test_the_same_alert_is_never_sent_twice(slack: FakeSlack, front_end: SlackFrontEnd, bot: Bot) -> None:
    first = await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    assert await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1", again=AT) == first
    async with bot.running() as restarted:
        assert await restarted.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1", again=AT) == first
        assert await restarted.deliver(WORKSPACE, "C1", LIVE, nonce="alert-2", again=AT) != first
    assert len(slack.called("chat.postMessage")) == 2
    assert {asked["limit"] for asked in slack.called("conversations.history")} == {"15"}


@pytest.mark.parametrize("card", [REMOVED, replace(REMOVED, values={})], ids=["about a post", "about none"])
async def test_an_alert_whose_answer_was_lost_is_found_again(
    slack: FakeSlack, front_end: SlackFrontEnd, card: Card
) -> None:
    slack.fail("chat.postMessage", "", status=502, raw="<html>Bad gateway</html>", after=True, times=1)
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(WORKSPACE, "C1", card, nonce="alert-1")
    assert (failed.value.about, failed.value.may_have_arrived) == (Refused.MOMENT, True)
    reference = await front_end.deliver(WORKSPACE, "C1", card, nonce="alert-1", again=AT)
    assert reference == f"C1:{slack.shown[0].ts}"
    assert len(slack.shown) == 1


async def test_a_lost_follow_up_is_found_again_in_its_thread(slack: FakeSlack, front_end: SlackFrontEnd) -> None:
    root = await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    slack.fail("chat.postMessage", "", status=502, raw="<html>", after=True, times=1)
    with pytest.raises(DeliveryFailed):
        await front_end.deliver(WORKSPACE, "C1", LIVE, nonce="alert-2", root_ref=root)
    await front_end.deliver(WORKSPACE, "C1", LIVE, nonce="alert-2", root_ref=root, again=AT)
    assert len(slack.shown) == 2


async def test_a_follow_up_stands_in_the_thread_and_bad_news_in_the_channel_too(
    slack: FakeSlack, front_end: SlackFrontEnd
) -> None:
    root_ref = await front_end.deliver(WORKSPACE, "C1", LIVE, nonce="alert-1")
    await front_end.deliver(WORKSPACE, "C2", REMOVED, nonce="alert-2", root_ref=root_ref)
    await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-3", root_ref=root_ref)
    await front_end.deliver(WORKSPACE, "C1", replace(LIVE, title="Visible again"), nonce="alert-4", root_ref=root_ref)
    elsewhere, removed, again = slack.shown[1:]
    root = root_ref.partition(":")[2]
    assert "thread_ts" not in elsewhere.body  # a thread of another channel
    assert (removed.body["thread_ts"], removed.body["reply_broadcast"]) == (root, True)
    assert (again.body["thread_ts"], again.body["reply_broadcast"]) == (root, False)


@pytest.mark.parametrize("error", ["restricted_action_thread_locked", "thread_not_found", "of_tomorrow"])
async def test_a_thread_that_takes_nothing_is_left_and_not_its_channel(
    slack: FakeSlack, front_end: SlackFrontEnd, error: str
) -> None:
    slack.fail("chat.postMessage", error, times=1)
    await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1", root_ref="C1:1700000000.000100")
    [message] = slack.shown
    assert message.channel == "C1"
    assert "thread_ts" not in message.body


@pytest.mark.parametrize("error", ["invalid_blocks", "metadata_too_large"])
async def test_a_card_that_slack_does_not_take_is_whole_as_plain_text(
    slack: FakeSlack, front_end: SlackFrontEnd, error: str
) -> None:
    slack.fail("chat.postMessage", error, times=1)
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    assert failed.value.about is Refused.FORM
    slack.fail("chat.postMessage", "metadata_too_large", times=1)
    await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1", plain=True)
    [message] = slack.shown
    assert message.body.get("blocks") is None
    assert "The post was removed" in message.body["text"]
    assert "What &lt;!channel&gt; &amp; pots" in message.body["text"]


def labels(message: Message) -> set[str]:
    """All that can be pressed on a message."""
    every = [element for _, element in elements_of(message.blocks)]
    return {part["text"]["text"] for element in every for part in element.get("options", [element])}


@pytest.mark.parametrize(
    ("channel", "why"), [("C9", "archived"), ("C8", "not in the channel"), ("C404", "does not exist"), (None, "chosen")]
)
async def test_a_channel_that_takes_nothing_says_why(front_end: SlackFrontEnd, channel: str | None, why: str) -> None:
    with pytest.raises(DeliveryFailed, match=why) as failed:
        await front_end.deliver(WORKSPACE, channel, REMOVED, nonce="alert-1")
    assert (failed.value.about, failed.value.may_have_arrived) == (Refused.PLACE, False)


async def test_direct_messages_are_a_place(slack: FakeSlack, front_end: SlackFrontEnd) -> None:
    reference = await front_end.deliver(WORKSPACE, "@U4", REMOVED, nonce="alert-1")
    assert reference == f"DU4:{slack.shown[0].ts}"
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(WORKSPACE, "@UGONE", REMOVED, nonce="alert-2")
    assert failed.value.about is Refused.PLACE


async def test_the_admins_are_responsible_and_then_the_owner(slack: FakeSlack, front_end: SlackFrontEnd) -> None:
    slack.users = {"U1": {}, "U8": {"is_primary_owner": True}}
    people = [(p.member_id, p.who) async for p in front_end.responsible(WORKSPACE, ["U4", "U5"])]
    assert people == [("U4", "an admin"), ("U5", "an admin"), ("U8", "the workspace's owner")]
    assert [p.member_id async for p in front_end.responsible(WORKSPACE, ["U8"])] == ["U8"]


@pytest.mark.parametrize(
    ("order", "about", "retry_after_s"),
    [
        ({"error": "ratelimited", "status": 429, "retry_after_s": 7}, Refused.MOMENT, 7.0),
        ({"error": "rate_limited"}, Refused.MOMENT, None),
        ({"error": "team_added_to_org"}, Refused.MOMENT, None),
        ({"error": "internal_error", "status": 500}, Refused.MOMENT, None),
        ({"error": "", "status": 503, "raw": "<html>"}, Refused.MOMENT, None),
        ({"error": "missing_scope"}, Refused.PLACE, None),
        ({"error": "of_tomorrow"}, Refused.PLACE, None),
        ({"error": "", "status": 404, "raw": "<html>"}, Refused.PLACE, None),
        ({"error": "msg_too_long"}, Refused.FORM, None),
    ],
)
async def test_a_failed_delivery_says_what_it_is_about(
    slack: FakeSlack, front_end: SlackFrontEnd, order: dict[str, Any], about: Refused, retry_after_s: float | None
) -> None:
    slack.fail("chat.postMessage", **order)
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    assert (failed.value.about, failed.value.retry_after_s) == (about, retry_after_s)
    assert len(slack.called("chat.postMessage")) == 1  # the courier tries again, later
    slack.heal()
    await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")


async def test_an_alert_is_not_sent_again_while_slack_cannot_say_whether_it_arrived(
    slack: FakeSlack, front_end: SlackFrontEnd
) -> None:
    slack.fail("conversations.history", "ratelimited", status=429, retry_after_s=30)
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1", again=AT)
    assert failed.value.retry_after_s == 30
    assert slack.shown == []


async def test_without_the_permission_to_look_alerts_are_sent_again_all_the_same(
    slack: FakeSlack, front_end: SlackFrontEnd
) -> None:
    slack.fail("conversations.history", "missing_scope")
    await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1", again=AT)
    assert len(slack.shown) == 1


async def test_an_unreachable_slack_is_a_reason_to_wait(bot: Bot, front_end: SlackFrontEnd, slack: FakeSlack) -> None:
    assert slack._runner is not None
    await slack._runner.cleanup()
    with pytest.raises(DeliveryFailed, match="cannot be reached") as failed:
        await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    assert failed.value.about in (Refused.MOMENT, Refused.WORKSPACE)


async def test_before_the_connection_and_after_it_alerts_wait(bot: Bot) -> None:
    unconnected = bot.front_end()
    with pytest.raises(DeliveryFailed) as failed:
        await unconnected.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    assert failed.value.about in (Refused.MOMENT, Refused.WORKSPACE)
    async with bot.running() as front_end:
        pass
    with pytest.raises(DeliveryFailed) as failed:
        await front_end.deliver(WORKSPACE, "C1", REMOVED, nonce="alert-1")
    assert failed.value.about in (Refused.MOMENT, Refused.WORKSPACE)


async def test_another_workspace_is_refused(front_end: SlackFrontEnd) -> None:
    with pytest.raises(DeliveryFailed, match="another Slack workspace"):
        await front_end.deliver("slack:T2", "C1", REMOVED, nonce="alert-1")


async def test_several_alerts_at_once_all_arrive(slack: FakeSlack, front_end: SlackFrontEnd) -> None:
    cards = [replace(REMOVED, title=f"Alert {number}", values={"post": number}) for number in range(5)]
    await asyncio.gather(
        *(front_end.deliver(WORKSPACE, "C1", card, nonce=f"alert-{n}") for n, card in enumerate(cards))
    )
    assert len(slack.shown) == 5
