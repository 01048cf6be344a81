"""`/rao post offers`: posts of linked accounts that nobody registered, and what is decided about each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import Button, Card, Field, Tone
from bot.command import Context, Kind, Param, Registry
from bot.offer_cards import offers_card
from bot.words import bulleted, counted, shortened, state_words
from core.model import Basis, Role, TrackedPost

commands = Registry()

_OFFER = Param("offer", "the number of the offered post", Kind.INTEGER, required=True)
_ALERT = Param("alert", "the number of the message", Kind.INTEGER, required=True)
TITLE_MAX = 90


@commands.command("post offers", "Posts of linked accounts that nobody watches yet")
async def offers(ctx: Context) -> Card:
    open_now = await ctx.services.offers.open_to(ctx.caller)
    return offers_card(open_now, ctx.services.clock.now())


@commands.button("post watch", "Watch a post that was offered", _OFFER, role=Role.EDITOR)
async def watch(ctx: Context, offer: int) -> Card:
    post = await ctx.services.offers.watch(ctx.caller, offer)
    return _watched(ctx, [post])


@commands.button("post watch all", "Watch all posts of an offer", _ALERT, role=Role.EDITOR)
async def watch_all(ctx: Context, alert: int) -> Card:
    return _watched(ctx, await ctx.services.offers.watch_all(ctx.caller, alert))


@commands.button("post not ours", "An offered post is not to be watched", _OFFER, role=Role.EDITOR)
async def not_ours(ctx: Context, offer: int) -> Card:
    refused = await ctx.services.offers.refuse(ctx.caller, offer)
    return Card(
        title=f"Not watched: the post in r/{refused.community}",
        text=f"{ctx.signed('Not ours, said')}. It is not offered again. To watch it all the same, register its link.",
        values={"offer": offer},
    )


@commands.button("post not ours all", "No post of an offer is to be watched", _ALERT, role=Role.EDITOR)
async def none_ours(ctx: Context, alert: int) -> Card:
    refused = await ctx.services.offers.refuse_all(ctx.caller, alert)
    return Card(
        title=f"Not watched: {counted(len(refused), 'post')}",
        text=f"{ctx.signed('Not ours, said')}. They are not offered again.",
        values={"offers": [offer.id for offer in refused]},
    )


def _watched(ctx: Context, posts: Sequence[TrackedPost]) -> Card:
    lines = [f"Post {post.id} in r/{post.community}: {state_words(post)}" for post in posts]
    titles = [shortened(post.title, TITLE_MAX) for post in posts if post.title]
    return Card(
        title=f"{counted(len(posts), 'post')} {'is' if len(posts) == 1 else 'are'} watched now",
        text=f"{ctx.signed('Registered')}. You hear when others cannot see {'it' if len(posts) == 1 else 'them'}.",
        fields=(Field("", bulleted(lines)), *([Field("", bulleted(titles), quote=True)] if titles else [])),
        actions=(Button("Show it", "post show", posts[0].id),) if len(posts) == 1 else (),
        tone=Tone.GOOD,
        sample=any(post.basis is Basis.SAMPLE for post in posts),
        values={"posts": [post.id for post in posts]},
    )
