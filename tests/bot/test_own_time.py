"""A team's own time on every platform: the zone and the quiet hours are chosen by form, alerts wait, a digest comes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.clock import SystemClock
from tests.bot.platforms import ALICE, CAROL
from tests.bot.test_scenario import team_on

VIENNA = ZoneInfo("Europe/Vienna")


def set_to(clock: SystemClock, local: time) -> None:
    """Move on to the next such time of day in Vienna."""
    now = clock.now().astimezone(VIENNA)
    to = datetime.combine(now.date(), local, VIENNA)
    to = to if to > now else datetime.combine(now.date() + timedelta(days=1), local, VIENNA)
    clock.offset += to.astimezone(UTC) - now.astimezone(UTC)


@pytest.mark.parametrize("platform", ["terminal", "discord", "slack"])
async def test_a_team_sleeps_through_the_night_and_hears_in_the_morning_what_happened(
    platform: str, tmp_path: Path
) -> None:
    async with team_on(platform, tmp_path) as team:
        chat, reddit, jobs = team.chat, team.reddit, team.program.services.jobs
        setup = await (await chat.say(ALICE, "setup")).shows("When alerts come")
        here = await (await setup.press(ALICE, "Send alerts here")).shows("Alerts come here")
        setup = await (await here.press(ALICE, "Set up")).shows("When alerts come")
        zone = await (await setup.press(ALICE, "Time zone")).fill(ALICE, zone="vienna")
        chosen = await zone.shows("The time zone is Europe/Vienna now")
        setup = await (await chosen.press(ALICE, "Set up")).shows("Time zone: Europe/Vienna")
        hours = await (await setup.press(ALICE, "Quiet hours")).fill(ALICE, hours="22:00-07:00")
        await hours.shows("Quiet hours: 22:00 to 07:00 (Europe/Vienna)")
        await team.want_good_news()
        await (await chat.say(CAROL, "alerts quiet hours=off")).shows("needs the role admin")

        # A post that goes and comes back while everybody sleeps.
        reddit.add_community("pottery", rules=[])
        set_to(team.clock, time(20))
        mine = reddit.add_post("pottery", title="Forty pots", author="kiln_keeper", created_at=team.clock.now())
        link = f"https://www.reddit.com/r/pottery/comments/{mine.removeprefix('t3_')}/forty_pots/"
        await (await chat.say(ALICE, f"post register link={link}")).shows("is watched now")
        assert len(await team.wait(timedelta(hours=1))) == 1, "live, by daylight"
        set_to(team.clock, time(22, 30))
        asked = await (await chat.say(ALICE, "alerts digest")).fill(ALICE, every="daily", at="8:00", on="friday")
        await asked.shows("every day at 08:00 (Europe/Vienna)")
        reddit.remove(mine, "moderator")
        assert await team.wait(timedelta(hours=3)) == []
        reddit.restore(mine)
        assert await team.wait(timedelta(hours=3)) == []
        await (await chat.say(ALICE, "status")).shows("what waits comes then")

        # A test alert is an answer, and comes at once.
        told = len(chat.alerts())
        setup = await (await chat.say(ALICE, "setup")).shows("Digest: every day at 08:00")
        await (await setup.press(ALICE, "Send a test alert")).shows("on its way")
        await jobs.run_due()
        assert [alert.words.count("This is a test alert") for alert in chat.alerts()[told:]] == [1]

        # One story in the morning, and then the digest.
        set_to(team.clock, time(7, 1))
        await jobs.run_due()
        [back] = chat.alerts()[told + 1 :]
        assert "Visible again after " in back.words
        assert "removed by its moderators" in back.words
        set_to(team.clock, time(8, 1))
        await jobs.run_due()
        assert "Daily digest" in chat.alerts()[-1].words
        assert "1 post came back" in chat.alerts()[-1].words
