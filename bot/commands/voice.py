"""Letting models take the tone of one's own texts, and ending that. Each member decides for themselves."""

from __future__ import annotations

from bot.card import Button, Card
from bot.command import Context, Registry
from bot.commands.draft import DRAFT
from bot.words import counted
from core.drafting.voice import TEXTS_MOST

commands = Registry()

LEND = "Let models take my tone"
KEEP = "Stop lending my tone"


@commands.command("voice lend", "Let models take the tone of your own texts", DRAFT, button_only=True)
async def lend(ctx: Context, draft: int) -> Card:
    texts = await ctx.services.voices.lend(ctx.caller, True)
    seen = f"{counted(texts, 'text')} of yours now." if texts else "There is none yet."
    return Card(
        title="Models may take your tone now",
        text=f"For drafts that you post, the model is shown your newest texts, {TEXTS_MOST} at most: those that you "
        f"wrote or changed by hand and that were approved. {seen}\n"
        "Its provider gets them with the rest of what it is asked. It is to take none of what they say.",
        actions=(Button(KEEP, "voice keep", draft), Button("Open the draft", "draft show", draft)),
        values={"lent": True, "texts": texts},
        private=True,
    )


@commands.command("voice keep", "End that models take your tone", DRAFT, button_only=True)
async def keep(ctx: Context, draft: int) -> Card:
    await ctx.services.voices.lend(ctx.caller, False)
    return Card(
        title="Models do not take your tone",
        text="No model is shown texts of yours from now on.",
        actions=(Button(LEND, "voice lend", draft), Button("Open the draft", "draft show", draft)),
        values={"lent": False},
        private=True,
    )
