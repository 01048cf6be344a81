"""Moderators' words from Reddit's inbox to the message that tells them, over the wire on loopback."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.courier import Courier
from core.model import Caller, Role
from core.ports import Also
from storage.store import Store
from tests.bot.chats import AT, on_slack
from tests.bot.test_main import of_reddit
from tests.fakes.reddit import FakeReddit

MINUTE = timedelta(minutes=1)


async def test_why_a_post_was_removed_is_told_by_itself_and_undone_with_a_button(tmp_path: Path) -> None:
    async with FakeReddit() as reddit:
        web = {"reddit_web_client_id": reddit.web_id, "reddit_web_client_secret": reddit.web_secret}
        async with on_slack(tmp_path, **of_reddit(reddit), **web) as (slack, program):
            store, services = program.store, program.services
            assert isinstance(store, Store)
            alice = Caller("slack:T1", "U1", "Alice", "test")
            await store.ensure_workspace("slack:T1", "slack", "Team", AT)
            await store.grant_role(alice, "U1", "Alice", Role.ADMIN, AT)
            await store.set_alert_channel(alice, "C1", AT)
            page = await services.accounts.ask(alice, None, [Also.MESSAGES])
            await services.accounts.confirm(alice, reddit.consent(page.url, "ada_writes"))
            name = reddit.add_post("pottery", author="ada_writes", title="What 40 firings taught me", created_at=AT)
            await services.registering.register(alice, f"https://www.reddit.com/r/pottery/comments/{name[3:]}/")
            reddit.remove(name, "moderator")
            for _ in range(9):
                services.clock.stopped_at = services.clock.now() + MINUTE  # type: ignore[attr-defined]
                await services.sweeping.sweep("test")
            words = "“What 40 firings taught me” broke rule 2: *no links* to your own shop."
            reddit.write_to("ada_writes", "pottery", "Removed", words, services.clock.now())
            jobs = {job.name: job for job in services.jobs._other_jobs}
            await jobs["inboxes"].run()
            courier = Courier(store, services.clock, program.front_ends, "test")
            await courier.deliver_due()
            told = await slack.said("The moderators say why it was removed · r/pottery")
            assert "broke rule 2: " in told.words
            assert "They wrote to u/ada_writes; its owner allowed to read such messages." in told.words
            assert "Learned for the next draft" in told.words
            await slack.click(told, "Undo the reason")
            await slack.until(lambda: "The reason was taken back." in told.words)
            assert "broke rule 2" not in told.words
            assert (await store.tracked_post("slack:T1", 1)).stated_reason is None
