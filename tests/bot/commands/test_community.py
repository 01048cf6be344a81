from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.card import Button, Card, Choice, Menu, Tone, encode_action
from bot.commands import campaign, community
from core.analysis.service import Communities
from core.charts.service import Charts
from core.collecting.runs import Funnel
from core.communities import CountedComment, Rule
from core.model import Basis, Caller, CollectedPost
from core.worker import Worker
from storage.store import Store
from tests.bot.bare import ALICE, Desk, bare_services, pressable
from tests.clock import FixedClock
from tests.core.analysis.quick_reader import Inline
from tests.core.collecting.invented import collected
from tests.patience import PATIENCE_S

CREATE = 'campaign create name=Bowls product="By hand" keywords="a,b,c,d,e" communities="pottery,ceramics"'


@pytest.fixture
async def desk(store: Store, clock: FixedClock) -> AsyncIterator[Desk]:
    worker = Inline()
    services = replace(
        bare_services(store, clock),
        communities=Communities(store, clock, worker, worker),
    )
    desk = Desk(services, campaign.commands, community.commands)
    await desk.done(CREATE)
    yield desk
    await worker.close()


async def keep(store: Store, caller: Caller, clock: FixedClock, posts: Sequence[CollectedPost]) -> None:
    run = await store.start_run(caller, 1, Basis.FILE, ["pottery"], clock.now())
    read = [replace(post, score_at=post.score_at or clock.now(), found_in=post.found_in or "new#1") for post in posts]
    await store.add_posts(caller, run.id, read, Funnel(found=len(read)), clock.now())


def fields(card: Card) -> dict[str, str]:
    return {field.name: field.value for field in card.fields}


async def all_figures(desk: Desk, shown: Card) -> Card:
    """What stands behind "More …" on a community's card."""
    [menu] = [action for action in shown.actions if isinstance(action, Menu)]
    return await desk.press(menu.buttons[0].action_id)


ASKING = [collected(n, title=f"Why did {n} crack?", score=n % 5) for n in range(1, 80, 2)]
TELLING = [collected(n, score=50 + n % 9, flair="Story") for n in range(2, 81, 2)]


async def test_a_communitys_norms_come_with_sample_size_age_and_basis(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    removed = collected(300, removed_by_category="moderator")
    await keep(store, caller, clock, [*ASKING, *TELLING, removed])
    await desk.done("community show pottery")
    clock.advance(timedelta(days=3))
    card = await desk.done("community show r/Pottery")
    details = await all_figures(desk, card)
    told = fields(details)
    assert details.footnote == card.footnote
    assert told["Score"] == "median 27, half between 2 and 54, highest 58 (n=80)"
    assert told["Kind"] == "80 text posts (100%), 0 links"
    assert "50% with a question mark in the title (40 of 80)" in told["Habits"]
    assert told["Flairs"] == "Story 40"
    assert told["Removals"] == "1 of 81 posts (1%): moderators or AutoModerator 1"
    findings = told["What goes with the score here"].splitlines()
    assert (
        "Lower with a question mark in the title: 0% of 40 such posts score above the median of their "
        "time, 100% of the 40 others" in findings
    )
    assert "not proven as cause" in findings[-1]
    assert card.footnote == (
        "r/pottery: 80 posts from files, 2 Mar 2026 to 5 Mar 2026, computed 3 days ago. "
        "The newest 80; all scores have settled (read a day after the post, or later)."
    )
    assert told["When"] == "No time of day and no weekday stands out beyond chance."
    assert card.image is not None
    assert told["When"] in card.image.alt
    assert card.values["figures"]["posts"] == 80


async def test_too_few_posts_are_said_to_be_too_few(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, ASKING[:5])
    card = await desk.done("community show pottery")
    assert card.text == "Too few posts to speak of norms: 5 posts, 50 are needed. Collect more."
    assert card.tone is Tone.ATTENTION
    assert "What goes with the score here" not in fields(await all_figures(desk, card))
    assert card.actions[0].label == "Collect more"
    assert fields(card)["Sensitivity to promotion"] == "unknown: too few posts are known, and no rules"


async def test_missing_scores_are_called_unknown(store: Store, clock: FixedClock, caller: Caller, desk: Desk) -> None:
    await keep(store, caller, clock, [collected(n, score=None, num_comments=None) for n in range(1, 4)])
    told = fields(await all_figures(desk, await desk.done("community show pottery")))
    assert told["Score"] == told["Comments"] == "unknown for all 3 posts"
    assert "None among 3 posts; many sources do not show removed posts." in told["Removals"]


async def test_the_card_says_how_its_posts_were_chosen_and_how_many_scores_have_settled(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    young = [
        collected(n, score=1, num_comments=0, score_at=collected(n).created_at + timedelta(minutes=n))
        for n in range(1, 31)
    ]
    settled = [collected(n, score=7, num_comments=4) for n in range(31, 81)]
    best = [collected(n, score=900, num_comments=80, found_in=f"top:year#{n}") for n in range(81, 101)]
    await keep(store, caller, clock, [*young, *settled, *best])
    card = await desk.done("community show pottery")
    told = fields(await all_figures(desk, card))
    assert "The newest 80 and the best 20 of the year; 70 scores have settled" in card.footnote
    assert told["Score"] == "median 7, half between 7 and 7, highest 7 (n=50, of the newest 50, 30 not settled)"
    assert told["Comments"].startswith("median 4, ")
    assert told["What goes with the score here"] == (
        "Nothing to compare: no feature has 20 settled scores on both sides."
    )
    score = await desk.done(f"community score {(await store.posts('terminal:local', 'pottery'))[-1].id}")
    assert fields(score)["Standing"] == (
        "score 1, read 1 minute after it was published: it may still change, so it is not compared with the others."
    )


async def test_the_best_of_a_year_are_said_to_be_no_usual_posts(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, [collected(n, found_in=f"top:year#{n}") for n in range(1, 61)])
    card = await desk.done("community show pottery")
    assert "All of these were liked: what was rejected is not seen." in card.footnote
    assert fields(await all_figures(desk, card))["Score"].endswith("(n=60, of the best 60 of the year)")
    assert fields(card)["Sensitivity to promotion"] == "unknown: only posts that were liked are known, and no rules"


async def test_a_communitys_card_answers_first_and_says_nothing_twice(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    promoting = [
        collected(400 + n, body="Sign up for my app today.", removed_by_category="moderator") for n in range(30)
    ]
    await keep(store, caller, clock, [*ASKING, *TELLING, *promoting])
    rule = Rule("No adverts", "Promotion is not allowed here.", "all")
    await store.save_rules(caller, "pottery", Basis.FILE, [rule], clock.now())
    card = await desk.done("community show pottery")
    told = fields(card)
    assert list(told) == ["Welcomes", "Rejects", "Sensitivity to promotion", "What a text's score tells"]
    assert told["Welcomes"].split(" · ") == [
        "a journey of the writer's own",
        "more than 5 words in the title",
        "I, my or we in the title",
        "the usual text has 15 to 15 words",
    ]
    assert told["Rejects"].split(" · ") == [
        "“No adverts” forbids promotion",
        "27% removed, promotion in 30 of the 30 whose text is known",
        "received worse: a question to the community",
        "received worse: a question mark in the title",
    ]
    value = card.values["sensitivity"]["value"]
    assert value >= 8
    assert told["Sensitivity to promotion"].startswith(f"{value:.1f} of 10 (")
    assert card.image is not None
    assert f"Sensitivity to promotion: {told['Sensitivity to promotion']}." in card.image.alt
    assert [action.label for action in card.actions] == ["Draft for it", "Rules", "More …"]
    details = fields(await all_figures(desk, card))
    assert not set(details) & set(told)
    assert details["Why this sensitivity"].splitlines()[:2] == [
        "“No adverts” forbids promotion",
        "30 of 30 removed posts have promotion, 0 of 80 standing ones.",
    ]


async def test_best_times_are_told_in_the_workspaces_zone(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    at_noon = clock.now().replace(hour=13) - timedelta(days=200)
    noon = [replace(collected(n, score=99), created_at=at_noon + timedelta(days=n)) for n in range(1, 61)]
    night = [
        replace(collected(n, score=n % 9), created_at=at_noon + timedelta(days=n, hours=9)) for n in range(61, 161)
    ]
    await keep(store, caller, clock, [*noon, *night])
    by_utc = await desk.done("community show pottery")
    assert "12:00 to 15:00 UTC" in fields(by_utc)["Welcomes"]
    await store.set_timezone(caller, "Asia/Kolkata", clock.now())
    card = await desk.done("community show pottery")
    assert "17:30 to 20:30 in Asia/Kolkata" in fields(card)["Welcomes"]
    assert card.image is not None
    assert "17:30 to 20:30 in Asia/Kolkata" in card.image.alt
    assert "UTC" not in fields(await all_figures(desk, card))["When"]


async def test_without_posts_it_says_what_to_do(desk: Desk) -> None:
    for line in ("community show pottery", "community browse pottery", "community compare pottery,ceramics"):
        card = await desk.say(line)
        assert (card.code, "/rao collect start" in card.text) == ("not_allowed_now", True)
    assert (await desk.say("community show weaving")).code == "not_found"
    overview = await desk.done("community show")
    assert fields(overview) == {"r/ceramics": "nothing collected yet", "r/pottery": "nothing collected yet"}
    assert overview.actions[0].label == "Collect posts"


async def test_the_overview_tells_what_is_collected(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, ASKING)
    clock.advance(timedelta(hours=5))
    overview = await desk.done("community show")
    assert fields(overview)["r/pottery"] == "40 posts from files, last 5 hours ago"
    assert overview.text == "Look at one: /rao community show pottery"


async def test_two_communities_stand_side_by_side(store: Store, clock: FixedClock, caller: Caller, desk: Desk) -> None:
    await keep(store, caller, clock, ASKING + [replace(post, community="ceramics") for post in TELLING])
    card = await desk.done("community compare pottery,ceramics")
    told = fields(card)
    assert card.title == "r/pottery · r/ceramics"
    assert told["Posts"] == "r/pottery 40 · r/ceramics 40"
    differs = told["What differs beyond chance"].splitlines()
    assert "a question mark in the title: r/pottery 100% · r/ceramics 0%" in differs
    assert "score: r/pottery 2 · r/ceramics 54" in differs
    assert not any("a list in the text" in line for line in differs)
    assert set(card.values["clear_differences"]) == {line.partition(": ")[0] for line in differs}
    assert card.footnote.count("40 posts from files") == 2
    assert card.text == "Too few posts to speak of norms: r/pottery, r/ceramics."
    assert (await desk.say("community compare pottery")).code == "bad_argument"
    assert "five" in (await desk.say("community compare aa,bb,cc,dd,ee,ff")).text


async def test_communities_that_are_alike_differ_in_nothing(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await two_communities(store, caller, clock)
    card = await desk.done("community compare pottery,ceramics")
    assert fields(card)["What differs beyond chance"] == "Nothing: chance explains every difference."


async def test_the_community_that_suits_a_campaign_is_named_first(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    nothing = await desk.say("community find")
    assert (nothing.code, "/rao collect start" in nothing.text) == ("not_allowed_now", True)
    speaking = [replace(post, community="ceramics", title=f"{post.title} dddd") for post in TELLING]
    await desk.done('campaign edit Bowls keywords="dddd,eeee,ffff,gggg,hhhh"')
    await keep(store, caller, clock, [*ASKING, *speaking])
    for name in ("pottery", "ceramics"):
        await desk.done(f"community show {name}")
        await store.save_rules(caller, name, Basis.FILE, [], clock.now())
    card = await desk.done("community find")
    assert card.title == "Communities for Bowls"
    assert card.text.startswith("r/ceramics suits it best")
    told = fields(card)
    assert list(told) == ["r/ceramics", "r/pottery"]
    assert told["r/ceramics"].startswith("40 of 40 posts speak of its keywords · sensitivity ")
    assert told["r/pottery"].startswith("0 of 40 posts speak of its keywords · ")
    assert "12 posts a day" in told["r/pottery"]
    rule = Rule("No adverts", "Promotion is not allowed here.", "all")
    await store.save_rules(caller, "ceramics", Basis.FILE, [rule], clock.now())
    again = await desk.done("community find Bowls")
    assert list(fields(again)) == ["r/pottery", "r/ceramics"], "a rule against promotion weighs more than the topic"
    assert [one["community"] for one in again.values["communities"]] == ["pottery", "ceramics"]


# ---------------------------------------------------------------- pictures


class _Easel:
    """A desk in a front end that shows pictures, with a drawer that does as its module does."""

    def __init__(self, desk: Desk, drawer: str) -> None:
        self.worker = Worker(drawer)
        services = replace(desk.services, charts=Charts(self.worker, timeout_s=PATIENCE_S))
        self.desk = Desk(services, community.commands)

    async def done(self, line: str, *, shows_pictures: bool = True) -> Card:
        try:
            return await self.desk.done(line, replace(ALICE, shows_pictures=shows_pictures))
        finally:
            await self.worker.close()


async def two_communities(store: Store, caller: Caller, clock: FixedClock) -> None:
    posts = [*ASKING, *TELLING]
    others = [replace(post, community="ceramics", reddit_id=f"2{post.reddit_id}") for post in posts]
    await keep(store, caller, clock, [*posts, *others])


@pytest.mark.process
@pytest.mark.parametrize(
    ("line", "name", "told"),
    [
        ("community show pottery", "norms-pottery.png", "r/pottery, 80 posts."),
        ("community compare pottery,ceramics", "comparison.png", "2 communities side by side."),
    ],
)
async def test_norms_and_comparisons_come_with_a_picture(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk, line: str, name: str, told: str
) -> None:
    await two_communities(store, caller, clock)
    card = await _Easel(desk, "core.charts.drawing").done(line)
    assert card.image is not None
    assert (card.image.file_name, card.image.alt[: len(told)]) == (name, told)
    assert card.image.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert community.NOT_DRAWN not in card.footnote


@pytest.mark.process
@pytest.mark.parametrize("line", ["community show pottery", "community compare pottery,ceramics"])
async def test_a_picture_that_cannot_be_drawn_does_not_cost_the_card(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk, line: str
) -> None:
    await two_communities(store, caller, clock)
    card = await _Easel(desk, "tests.core.charts.no_such_drawer").done(line)
    assert card.image is None
    assert card.ok
    assert fields(card)
    assert card.footnote.endswith(f"or later). {community.NOT_DRAWN}")


@pytest.mark.parametrize("line", ["community show pottery", "community compare pottery,ceramics"])
async def test_where_no_pictures_are_seen_none_is_drawn_and_scripts_get_its_words(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk, line: str
) -> None:
    await two_communities(store, caller, clock)
    easel = _Easel(desk, "core.charts.drawing")
    card = await easel.done(line, shows_pictures=False)
    assert easel.worker.pid is None
    assert card.image is not None
    assert card.image.content == b""
    assert card.to_json(line)["image"] == {"file_name": card.image.file_name, "alt": card.image.alt}


async def test_too_few_posts_get_no_picture(store: Store, clock: FixedClock, caller: Caller, desk: Desk) -> None:
    await keep(store, caller, clock, ASKING[:5])
    card = await _Easel(desk, "core.charts.drawing").done("community show pottery")
    assert (card.image, community.NOT_DRAWN in card.footnote) == (None, False)


# ---------------------------------------------------------------- posts


async def test_posts_are_browsed_five_at_a_time_with_a_button(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, [collected(n) for n in range(1, 12)])
    card = await desk.done("community browse pottery")
    assert (card.title, len(card.fields)) == ("r/pottery", 5)
    assert card.text == "1–5 of 11 posts.\nThe newest first."
    assert all(field.quote for field in card.fields)
    seen = [post["reddit_id"] for post in card.values["posts"]]
    while card.values["next"]:
        card = await desk.press(pressable(card, "Next"))
        seen += [post["reddit_id"] for post in card.values["posts"]]
    assert seen == [collected(n).reddit_id for n in range(11, 0, -1)]
    assert (await desk.done("community browse pottery start=11")).values["posts"][0]["reddit_id"] == seen[10]


@pytest.mark.parametrize(
    ("asked", "found", "told"),
    [
        ("only=link", [8, 4], "2 posts.\nLinks only, the newest first."),
        ("only=text order=score", [5, 7, 6, 3, 2, 1], "1–5 of 6 posts.\nText posts only, the highest score first."),
        ("only=removed", [3], "1 post.\nRemoved ones only, the newest first."),
        ("order=comments", [2, 8, 7, 6, 5, 4, 3, 1], "1–5 of 8 posts.\nThe most comments first."),
        ("within=2d", [8, 7], "2 posts.\nOf the last 2 days, the newest first."),
        ("within=2d only=link", [8], "1 post.\nLinks only, of the last 2 days, the newest first."),
    ],
)
async def test_posts_are_browsed_by_what_somebody_is_after(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk, asked: str, found: list[int], told: str
) -> None:
    posts = [
        replace(
            collected(n, score={5: 90, 1: None}.get(n, 7), num_comments=30 if n == 2 else 3),
            created_at=clock.now() - timedelta(days=9 - n, hours=-1),
            is_self=n not in (4, 8),
            removed_by_category="moderator" if n == 3 else None,
        )
        for n in range(1, 9)
    ]
    await keep(store, caller, clock, posts)
    seen: list[str] = []
    card = await desk.done(f"community browse pottery {asked}")
    assert card.text.startswith(told)
    seen += [post["reddit_id"] for post in card.values["posts"]]
    while card.values["next"]:
        card = await desk.press(pressable(card, "Next"))
        seen += [post["reddit_id"] for post in card.values["posts"]]
    assert seen == [collected(n).reddit_id for n in found]


async def test_a_long_text_is_cut_where_everybody_sees_it(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, [collected(1, body="clay " * 400, score=None, num_comments=None)])
    [field] = (await desk.done("community browse pottery")).fields
    assert field.value.endswith("…")
    assert len(field.value) <= community.EXCERPT
    assert "score unknown · comments unknown" in field.name


async def test_browsing_can_search_and_tells_when_nothing_is_found(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, [collected(n) for n in range(1, 12)])
    card = await desk.done('community browse pottery containing="NUMBER 7"')
    assert card.text == "1 post.\nContaining 'NUMBER 7', the newest first."
    assert not any(isinstance(action, Button) for action in card.actions)
    assert "Try other words" in (await desk.say("community browse pottery containing=porcelain")).text
    assert (await desk.done("community browse pottery start=99")).text.startswith("11 of 11 posts.")
    assert "Lists begin at 1" in (await desk.say("community browse pottery start=0")).text


async def test_one_posts_score_is_explained_by_what_can_be_counted(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, [*ASKING, *TELLING])
    page = await desk.done("community browse pottery")
    [choice] = [action for action in page.actions if isinstance(action, Choice)]
    _, record = choice.options[0]
    card = await desk.press(encode_action(choice.command, record))
    told = fields(card)
    assert card.text == "Nobody can see why people voted. This is what can be counted."
    assert told["Standing"].startswith("score 58; the median is 4. Higher than ")
    assert (
        "In its favour: it does not have a question mark in the title. 0% of 40" in told["Findings of this community"]
    )
    assert card.links[0].url == f"https://www.reddit.com/comments/{page.values['posts'][0]['reddit_id']}"
    assert (await desk.say("community score 999")).code == "not_found"
    link = f"https://www.reddit.com/r/pottery/comments/{page.values['posts'][0]['reddit_id']}/kiln/"
    assert (await desk.done(f"community score {link}")).values == card.values
    other = await desk.say("community score https://www.reddit.com/r/pottery/comments/zzzzz9/kiln/")
    assert "is not collected" in other.text


async def test_a_pasted_text_has_a_score_whose_points_add_up_and_says_what_it_was_learned_from(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    line = 'community score community=pottery text="Why did it crack?\nThe glaze ran twice."'
    unknown = await desk.done(line)
    assert unknown.text.endswith("Learned from other communities only: too few posts of this one are known.")
    many = [replace(post, body=f"It was hot, {n}.") for n, post in enumerate([*ASKING, *TELLING])]
    more = [collected(n, title=f"Why did {n} crack?", score=0, body=f"Hot, {n}.") for n in range(101, 161)]
    await keep(store, caller, clock, [*many, *more])
    shown = await desk.done("community show pottery")
    assert fields(shown)["What a text's score tells"].startswith("Tells posts above the median from those below in ")
    asked = await desk.done(line)
    told = await desk.done('community score community=pottery text="Kiln 7\nThe glaze ran twice."')
    for card in (unknown, asked, told):
        score = card.values["score_in_100"]
        assert card.title == f"This text in r/pottery: {score} in 100"
        assert score == 50 + sum(reason["points"] for reason in card.values["reasons"])
    assert asked.values["learned_from"] == 140
    assert asked.values["score_in_100"] < told.values["score_in_100"]
    assert (await desk.say("community score")).code == "bad_argument"


async def test_a_text_has_no_score_where_all_posts_did_alike(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, [collected(n, title=f"Kiln {n}", score=n * 7 % 50) for n in range(1, 141)])
    await desk.done("community show pottery")
    card = await desk.done('community score community=pottery text="Kiln 7\nThe glaze ran twice."')
    assert card.title == "This text in r/pottery: no score"
    assert card.text.startswith("Nothing in this text goes with")
    assert [field.name for field in card.fields] == ["Text"]


async def test_an_old_sample_says_when_it_was_written(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    old = [replace(collected(n), created_at=clock.now() - timedelta(days=800 + n)) for n in range(1, 61)]
    await keep(store, caller, clock, old)
    card = await desk.done("community show pottery")
    assert "Read in 2026, written 2024: what is liked may have changed since." in card.footnote


async def comments_of(desk: Desk) -> Card:
    shown = await desk.done("community show pottery")
    [menu] = [action for action in shown.actions if isinstance(action, Menu)]
    [button] = [button for button in menu.buttons if button.label == "Comments"]
    return await desk.press(button.action_id)


async def test_a_community_of_which_no_comment_is_known_says_so_and_how_to_get_some(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    await keep(store, caller, clock, ASKING)
    card = await comments_of(desk)
    assert card.text.startswith("No comments here are known. Collecting over Reddit's API brings the newest ones")
    assert (card.fields, [button.label for button in card.actions if isinstance(button, Button)]) == ((), ["Collect"])


async def test_the_comments_of_a_community_stand_behind_its_card(
    store: Store, clock: FixedClock, caller: Caller, desk: Desk
) -> None:
    begun = clock.now() - timedelta(hours=10)
    posts = [collected(n, created_at=begun + timedelta(minutes=n)) for n in range(1, 41)]
    await keep(store, caller, clock, posts)
    run = await store.start_run(caller, 1, Basis.REDDIT_API, ["pottery"], clock.now())
    answered = [
        CountedComment(f"kx{n:04d}", "pottery", post.reddit_id, post.created_at + timedelta(minutes=3 * n), n, found)
        for n, post in enumerate(posts[:30])
        for found in [("link",) if n < 9 else ()]
    ]
    ends = [CountedComment(f"ky{n:04d}", "pottery", "old", begun + timedelta(hours=9.5 * n), 9, ()) for n in (0, 1)]
    await store.add_comments(caller, run.id, [*answered, *ends], clock.now())
    few = await comments_of(desk)
    assert few.text == "Too few to speak of norms: 32 comments, 50 are needed."
    more = [replace(one, reddit_id=f"kz{n:04d}") for n, one in enumerate(answered)]
    await store.add_comments(caller, run.id, more, clock.now())
    card = await comments_of(desk)
    assert card.text == "A comment on a post here usually has 7 to 22 words; half have 14 or fewer."
    told = fields(card)
    assert told["First comment"] == (
        "Half of the posts have one within 57 min, three quarters within 1 h 27 min. Of 40 posts that were followed, "
        "10 had none yet."
    )
    assert told["What they have"].splitlines() == [
        "29% with a link",
        "Hardly any with: a question; a number; a list; I, my or we in 4 of 100 words or more; a phrase that "
        "advertisements use, such as “sign up”",
    ]
    assert card.footnote == (
        "62 comments that answer 31 posts, 23 Nov 2026. Only counts are kept of them, no text and no name. Which ones "
        "are liked is not told: the earlier ones get more votes, whatever they say."
    )
    assert card.values["comments"] == 62
