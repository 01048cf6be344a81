from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from bot.slack_app import SCOPES
from bot.slack_app.client import SlackFrontEnd
from core.errors import BadSettings
from tests.bot.slack_app.conftest import Bot
from tests.bot.slack_app.stall import Stall
from tests.fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.patience import PATIENCE_S


async def test_stopping_leaves_nothing_behind(bot: Bot, slack: FakeSlack, stall: Stall) -> None:
    ours = {"run", "command", "click"}

    def left() -> set[str]:
        names = {task.get_coro().__qualname__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]
        return {name for name in names if not name.startswith(("test_", "RequestHandler", "FakeSlack"))} - ours

    before, threads = left(), threading.active_count()
    async with bot.running():
        await slack.command("tea show 2")
        await slack.said("Tea 2")
    await asyncio.sleep(0)
    assert left() == before
    assert threading.active_count() == threads


async def test_a_running_command_may_end_before_the_stop(bot: Bot, slack: FakeSlack, stall: Stall) -> None:
    async with bot.running(stop_grace_s=PATIENCE_S) as front_end:
        await slack.command("tea brew")
        await slack.until(lambda: stall.ran)
        stopping = asyncio.create_task(front_end.stop())
        await asyncio.sleep(0.01)
        stall.gate.set()
        await stopping
    await slack.said("Brewed")


async def test_a_command_that_takes_too_long_is_cancelled_and_says_so(bot: Bot, slack: FakeSlack, stall: Stall) -> None:
    async with bot.running(stop_grace_s=0.05):
        await slack.command("tea brew")
        await slack.until(lambda: stall.ran)
    await slack.said("The bot is being stopped, so this was cancelled.")
    assert not any("Brewing" in message.words for message in slack.shown)


async def test_stopping_before_running_and_twice_is_harmless(bot: Bot) -> None:
    front_end = bot.front_end()
    await front_end.stop()
    assert await front_end.run() == 0
    await front_end.stop()


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_bot_token_that_slack_refuses_ends_the_program_with_what_to_do(
    bot: Bot, slack: FakeSlack, error: str
) -> None:
    slack.fail("auth.test", error)
    with pytest.raises(BadSettings, match="BCRAO_SLACK_BOT_TOKEN") as ended:
        await bot.front_end().run()
    assert error in str(ended.value)
    assert BOT_TOKEN not in str(ended.value)


async def test_an_app_token_that_slack_refuses_ends_the_program_with_what_to_do(bot: Bot, slack: FakeSlack) -> None:
    slack.app_tokens = set()
    with pytest.raises(BadSettings, match="BCRAO_SLACK_APP_TOKEN") as ended:
        await bot.front_end().run()
    assert APP_TOKEN not in str(ended.value)


async def test_a_token_revoked_while_running_ends_the_program(bot: Bot, slack: FakeSlack) -> None:
    front_end = bot.front_end()
    serving = asyncio.create_task(front_end.run())
    await slack.connected()
    slack.bot_tokens = set()
    await slack.command("tea list")
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(BadSettings, match="invalid_auth"):
            await serving
    await front_end.stop()


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}]
)
async def test_an_uninstallation_ends_the_program(bot: Bot, slack: FakeSlack, event: dict[str, object]) -> None:
    serving = asyncio.create_task(bot.front_end().run())
    await slack.connected()
    await slack.event(event)
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(BadSettings):
            await serving


async def test_somebody_elses_revoked_token_changes_nothing(bot: Bot, slack: FakeSlack) -> None:
    async with bot.running():
        await slack.acked(await slack.event({"type": "tokens_revoked", "tokens": {"oauth": ["U3"]}}))
        await slack.command("tea list")
        await slack.said("Teas")


async def test_an_outage_at_the_start_is_waited_out(bot: Bot, slack: FakeSlack) -> None:
    slack.fail("auth.test", "", status=503, raw="<html>", times=3)
    async with bot.running():
        await slack.command("tea list")
        await slack.said("Teas")


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "link_disabled"])
async def test_a_disconnect_message_makes_a_new_connection(bot: Bot, slack: FakeSlack, reason: str) -> None:
    async with bot.running():
        await slack.disconnect(reason)
        await slack.connected(2)
        await slack.command("tea list")
        await slack.said("Teas")


async def test_a_lost_connection_is_made_again(bot: Bot, slack: FakeSlack) -> None:
    async with bot.running():
        await slack.drop()
        await slack.connected(2)
        await slack.command("tea list")
        await slack.said("Teas")


async def test_a_rate_limit_is_waited_for_and_the_answer_still_comes(bot: Bot, slack: FakeSlack) -> None:
    async with bot.running():
        slack.fail("chat.postMessage", "ratelimited", status=429, retry_after_s=3, times=2)
        before = bot.clock.monotonic()
        await slack.command("tea list")
        await slack.said("Teas")
        assert bot.clock.monotonic() - before >= 6


async def test_an_answer_that_slack_never_takes_is_logged_and_stops_nothing(
    bot: Bot, slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot.running():
        for method in ("chat.postMessage", "chat.postEphemeral", "response_url"):
            slack.fail(method, "internal_error", status=500)
        with caplog.at_level(logging.WARNING):
            await slack.command("tea list")
            await slack.until(lambda: "nor could that be said" in caplog.text)
        slack.heal()
        await slack.command("tea show 2")
        await slack.said("Tea 2")


async def test_only_methods_within_the_scopes_asked_for_are_called(bot: Bot, slack: FakeSlack, stall: Stall) -> None:
    needs = {
        "chat": "chat:write",
        "users": "users:read",
        "files": "files:write",
        "views": "commands",
        "response_url": "commands",
    }
    free = {"auth.test", "apps.connections.open"}
    async with bot.running():
        for line in ("tea chart", "tea order", "tea list", "tea drink"):
            await slack.command(line)
        await slack.until(lambda: slack.open_views and len(slack.shown) >= 3)
    called = {call.method for call in slack.calls} - free
    assert {needs[method.partition(".")[0]] for method in called} <= set(SCOPES)


def test_the_front_end_keeps_the_contract(bot: Bot) -> None:
    from bot.frontend import FrontEnd

    front_end: FrontEnd = bot.front_end()
    assert isinstance(front_end, SlackFrontEnd)
    assert front_end.platform == "slack"
