"""`/rao post look`: what members see of a post themselves, with the pictures that they attach as evidence."""

from __future__ import annotations

from bot.alert_words import LOOKS_DECIDE
from bot.attached import Attached
from bot.card import Card, Document, Form, Image, Input, Link
from bot.command import Context, Kind, Param, Registry
from bot.commands.post import POST, heading, show_post
from bot.words import moment
from core.errors import BadArgument, BadFile
from core.model import Basis, Outcome, Role, State, TrackedPost
from core.visibility.pictures import MAX_BYTES, suffix_of

commands = Registry()

YES, NO = "yes", "no"
# What a look with a picture counts for.
DECIDES = "No other source looks here, so this look decides."
COUNTS = "A look decides alone only while no other source can see Reddit."


@commands.command(
    "post look",
    "Say what you see",
    POST,
    Param("sees", "yes or no", Kind.CHOICE, choices=(YES, NO)),
    Param("picture", "a screenshot, taken logged out", Kind.FILE),
    role=Role.EDITOR,
    opens_form=True,
)
async def look(ctx: Context, post: int, sees: str | None, picture: Attached | None) -> Card:
    if sees is None and picture is not None:
        raise BadArgument("A picture alone does not say what you see.", "Attach it again, with sees=yes or sees=no.")
    if sees is None:
        return _form(await ctx.services.store.tracked_post(ctx.workspace_id, post))
    return await _looked(ctx, post, sees == YES, picture)


@commands.button("post seen", "You opened the post and can see it", POST, role=Role.EDITOR)
async def seen(ctx: Context, post: int) -> Card:
    return await _looked(ctx, post, True)


@commands.button("post unseen", "You opened the post and cannot see it", POST, role=Role.EDITOR)
async def unseen(ctx: Context, post: int) -> Card:
    return await _looked(ctx, post, False)


@commands.button(
    "post picture", "A picture of what a member saw", Param("picture", "its number", Kind.INTEGER, required=True)
)
async def show_picture(ctx: Context, picture: int) -> Card:
    kept, content = await ctx.services.store.picture(ctx.workspace_id, picture)
    suffix = suffix_of(content)
    name, by_eye = f"post-{kept.tracked_post_id}-look-{kept.id}.{suffix}", ctx.actor.shows_pictures
    said = f"{'Seen' if kept.outcome is Outcome.VISIBLE else 'Not seen'} logged out, {moment(kept.read_at)}"
    is_inside = suffix != "webp"  # Slack shows PNG and JPEG inside a message
    return Card(
        title=f"Post {kept.tracked_post_id}, as {kept.kept_by} saw it",
        text=f"{said}." if by_eye else f"{said}. To have it as a file: /rao data export",
        image=Image(name, content, said) if by_eye and is_inside else None,
        documents=(Document(name, content, said),) if by_eye and not is_inside else (),
        private=True,
        values={"picture": kept.id, "post": kept.tracked_post_id},
    )


def _form(post: TrackedPost) -> Card:
    title = f"Your look at post {post.id}"
    sees = Input("sees", "Do you see it?", help="in a private window, logged out", options=(YES, NO))
    taken = f"with it, one look counts like two; PNG, JPEG or WebP, up to {MAX_BYTES // 2**20} MB"
    picture = Input("picture", "A screenshot of it", help=taken, required=False, is_file=True)
    return Card(
        title=title,
        text="Open the post in a private window, logged out, and say what you see.\n"
        f"Without a form: /rao post look {post.id} sees=… picture=…",
        sample=post.basis is Basis.SAMPLE,
        form=Form(title, "post look", (sees, picture), {"post": str(post.id)}, button="Say what you see"),
        links=(Link("Open the post", post.permalink),),
        values={"post": post.id},
    )


async def _looked(ctx: Context, post: int, visible: bool, picture: Attached | None = None) -> Card:
    """Keep a member's look. A picture that cannot be kept loses nothing of what the member saw."""
    content, problem = None, ""
    if picture is not None:
        try:
            content = await _content_of(picture)
        except BadFile as error:
            problem = f"Your look is kept, its picture is not. {error.shown}"
    looked = await ctx.services.concluding.person_look(ctx.caller, post, visible, content)
    decided = f"{ctx.signed('Seen' if visible else 'Not seen')}."
    note = problem or _weight(ctx, looked, visible, has_picture=content is not None)
    return await show_post(ctx, looked, heading(looked), note, decided=decided)


async def _content_of(picture: Attached) -> bytes:
    content = await picture(MAX_BYTES)
    suffix_of(content)  # refuses what is no picture
    return content


def _weight(ctx: Context, looked: TrackedPost, visible: bool, *, has_picture: bool) -> str:
    """What the look counts for."""
    if has_picture and looked.state is State.DELETED:
        return "Its picture is not kept, because the author deleted the post."
    if has_picture:
        is_alone = not ctx.services.sweeping.sees(looked.community)
        return f"Its picture is kept as evidence. {DECIDES if is_alone else COUNTS}"
    if looked.state is State.UNVERIFIED and not ctx.services.sweeping.sees(looked.community):
        return f"No other source looks here. {LOOKS_DECIDE}"
    if visible:
        return "Looking while logged in as its author says little: authors see their removed posts as normal."
    return "One look does not decide; it counts together with the next ones."
