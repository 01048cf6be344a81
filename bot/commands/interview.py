"""`/rao draft interview`, and going on with one: a few questions, whose answers are the draft, word by word."""

from __future__ import annotations

from bot.card import Card
from bot.command import Context, Kind, Param, Registry
from bot.commands.draft import DRAFT, card_of
from bot.draft_cards import better_not_card
from bot.interview_cards import asking_card, resuming_card
from bot.who import poster_named
from core.drafting.interview import LESSON, NUMBER, QUESTION, STORY, TITLE
from core.drafting.service import AdvisedAgainst
from core.model import Role

commands = Registry()

ANSWERS = (
    Param(TITLE, "the title, in your words", max_length=300, in_form=True),
    Param(STORY, "what happened, and what went wrong first", Kind.LONG, max_length=10_000, in_form=True),
    Param(NUMBER, "a result, and over what time", Kind.LONG, max_length=4_000, in_form=True),
    Param(LESSON, "what you learned", Kind.LONG, max_length=10_000, in_form=True),
    Param(QUESTION, "the one question you want answered", Kind.LONG, max_length=1_000, in_form=True),
)


@commands.command(
    "draft interview",
    "Answer a few questions; your own words make the draft",
    Param("community", "where it is to be posted", Kind.COMMUNITY, required=True, lookup="community"),
    Param("campaign", "name or number", lookup="campaign"),
    *ANSWERS,
    Param("poster", "a member", lookup="member", max_length=100, in_form=True),
    Param("account", "a linked account", lookup="linked", max_length=100, in_form=True),
    Param("anyway", "yes, to go on anyway", Kind.CHOICE, choices=("yes",), in_form=True),
    role=Role.EDITOR,
    opens_form=True,
)
async def interview(
    ctx: Context,
    community: str,
    campaign: str | None,
    poster: str | None,
    account: str | None,
    anyway: str | None,
    **answers: str | None,
) -> Card:
    if not any(answers.values()):
        return await asking_card(ctx, campaign, community, {"anyway": anyway, "poster": poster, "account": account})
    for_whom = await poster_named(ctx, poster, account)
    try:
        made = await ctx.services.interviews.answer(
            ctx.caller, campaign, community, answers, anyway=anyway == "yes", poster=for_whom
        )
    except AdvisedAgainst as advised:
        given = {**answers, "poster": poster, "account": account}
        sample = ctx.services.is_sample(community)
        return better_not_card(advised, given, command="draft interview", sample=sample)
    return await card_of(ctx, await ctx.services.drafting.as_written(made.draft, made.grounds))


@commands.command(
    "draft resume",
    "Go on with the questions of a draft",
    DRAFT,
    *ANSWERS,
    Param("revision", "the number of the text you answered", Kind.INTEGER),
    role=Role.EDITOR,
    button_only=True,
    opens_form=True,
    shown_by="draft show",
)
async def resume(ctx: Context, draft: int, revision: int | None, **answers: str | None) -> Card:
    if not any(answers.values()):
        return resuming_card(await ctx.services.interviews.resume(ctx.workspace_id, draft))
    await ctx.services.interviews.go_on(ctx.caller, draft, answers, after=revision)
    return await card_of(ctx, await ctx.services.drafting.review(ctx.workspace_id, draft))
