"""The cards of interviews: the questions for a new draft, and those of one that goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.card import Card, Field, Form, Input, error_card
from bot.command import Context
from bot.draft_cards import better_not_card
from bot.who import poster_named
from core.drafting.interview import KEYS, LESSON, NUMBER, QUESTION, STORY, TITLE
from core.drafting.interviewing import Interview
from core.drafting.service import AdvisedAgainst, InterviewInstead
from core.errors import UserError

_LABELS = {
    TITLE: "The title",
    STORY: "What happened",
    NUMBER: "A result in numbers",
    LESSON: "What you learned",
    QUESTION: "Your question",
}


async def asking_card(
    ctx: Context,
    campaign: str | None,
    community: str,
    given: Mapping[str, str | None],
    why: InterviewInstead | None = None,
) -> Card:
    """Returns the questions for a new draft. `given`: anyway, poster and account, as typed. `why`: the reason why no
    model writes it.
    """
    anyway, poster, account = given.get("anyway"), given.get("poster"), given.get("account")
    try:
        begun = await ctx.services.interviews.begin(
            ctx.caller, campaign, community, anyway=anyway == "yes", poster=await poster_named(ctx, poster, account)
        )
    except AdvisedAgainst as advised:
        return better_not_card(
            advised,
            {"poster": poster, "account": account},
            command="draft interview",
            sample=ctx.services.is_sample(community),
        )
    known = {"community": community, "campaign": str(begun.campaign.id), **{k: v for k, v in given.items() if v}}
    form = Form(
        title=f"Draft for r/{community}",
        command="draft interview",
        inputs=_inputs(begun),
        known=known,
        button="Answer the questions",
    )
    text = "Your words go into the draft as they are. What you leave out stays as a blank, and can wait."
    if why is not None:
        text = f"{why.what}\n{text}\nWhat would change that: {why.changes}"
    return Card(
        title=f"{len(begun.questions)} questions for r/{community}",
        text=text,
        form=form,
        sample=ctx.services.is_sample(community),
        values={"community": community, "campaign": begun.campaign.id, "questions": [q.key for q in begun.questions]},
    )


async def instead_of_model_card(
    ctx: Context,
    campaign: str | None,
    community: str,
    given: Mapping[str, str | None],
    failed: UserError,
    *,
    wanted: str | None,
) -> Card:
    """Returns what kept the model from writing, with the questions as the way on that needs no model. `given` as
    `asking_card` takes it; `wanted` is what the model was told to write, which chats would clear.
    """
    refused = error_card(failed.code, failed.what, failed.do)
    if wanted:
        refused = replace(refused, fields=(Field("You wrote", wanted, quote=True),))
    try:
        asking = await asking_card(ctx, campaign, community, given)
    except UserError:  # no way on (an account is no longer linked …); what happened is the model's failure
        return refused
    if not asking.ok:  # something speaks against a new draft
        return refused
    if isinstance(failed, InterviewInstead):  # its advice is the questions
        way_on = f"What would change that: {failed.changes}"
    else:
        way_on = "Or answer a few questions: your words need no model and cost nothing."
    return replace(
        refused, text=f"{refused.text}\n{way_on}", form=asking.form, sample=asking.sample, values=asking.values
    )


def resuming_card(interview: Interview) -> Card:
    draft = interview.draft
    if draft is None:
        raise ValueError("an interview without a draft cannot go on")
    return Card(
        title=f"Go on with draft {draft.id}",
        text="Change an answer, or give one that is missing.",
        form=Form(
            title=f"Draft {draft.id}: go on",
            command="draft resume",
            inputs=_inputs(interview),
            known={"draft": str(draft.id), "revision": str(draft.latest.number)},
        ),
        values={"draft": draft.id, "answered": [key for key in KEYS if interview.answers.get(key)]},
    )


def _inputs(interview: Interview) -> tuple[Input, ...]:
    return tuple(
        Input(
            name=question.key,
            label=_LABELS[question.key],
            value=interview.answers.get(question.key, ""),
            help=" ".join((f"{question.asked[:1].upper()}{question.asked[1:]}", question.aim)).strip(),
            long=question.key != TITLE,
            required=False,
        )
        for question in interview.questions
    )
