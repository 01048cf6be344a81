"""`/rao community …`: what is normal in a community, as its collected posts show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.card import Button, Card, Choice, Field, Image, Link, Menu, Style, Tone
from bot.command import Context, Kind, Param, Registry
from bot.commands.collect import BASIS_WORDS
from bot.commands.draft import new as new_draft
from bot.community_card import detail_fields, glance_fields, reason_lines, sample_words
from bot.community_chart import Hours, comparison_chart, norms_chart
from bot.community_comments import comments_card
from bot.listing import Asked, a_list, list_card
from bot.words import age, ago, counted, moment, percent, rounded, shortened
from core.analysis.candidates import Candidate
from core.analysis.reasons import TextScore
from core.analysis.sensitivity import Sensitivity
from core.analysis.service import KINDS, ORDERS, PostScore
from core.charts.chart import Chart
from core.clock import day
from core.communities import CommunityProfile, Post
from core.errors import Advice, BadArgument, Do, NotAllowedNow
from core.model import Basis, Role
from core.texts.figures import Direction, Figures
from core.texts.pasted import parse_link

commands = Registry()

COMMUNITY = Param("community", "r/name", Kind.COMMUNITY, lookup="community")
NAMED = Param("community", "r/name", Kind.COMMUNITY, lookup="community", required=True)
PROFILE = Param("profile", "its number", Kind.INTEGER, required=True)
PER_PAGE = 5
FOUND_SHOWN = 8
_ONLY_WORDS = {"text": "text posts only", "link": "links only", "removed": "removed ones only"}
_ORDER_WORDS = {
    "newest": "the newest first",
    "score": "the highest score first",
    "comments": "the most comments first",
}
EXCERPT = 280
NOT_DRAWN = "The picture could not be drawn now; the text says the same."


@commands.command("community show", "A community at a glance; without a name, all", COMMUNITY)
async def show(ctx: Context, community: str | None) -> Card:
    if community is None:
        return await _overview(ctx)
    profile = await ctx.services.communities.profile(ctx.workspace_id, community)
    figures = Figures.read(profile.figures)
    sensitivity = await ctx.services.communities.sensitivity(profile)
    hours = await _hours(ctx)
    too_few = (
        f"Too few posts to speak of norms: {counted(figures.posts, 'post')}, {figures.minimum} are needed. "
        "Collect more."
    )
    is_sample = ctx.services.is_sample(community)
    behind = Menu(
        (
            Button("All figures", "community details", profile.id),
            Button("Posts", "community browse", given={"community": community}),
            Button("Comments", "community comments", profile.id),
        )
    )
    next_step = Button("Draft for it", "community draft", profile.id, style=Style.PRIMARY)
    card = Card(
        title=f"r/{community}",
        sample=is_sample,
        text="" if figures.enough else too_few,
        fields=glance_fields(figures, sensitivity, hours),
        actions=(
            next_step if figures.enough else Button("Collect more", "collect start"),
            Button("Rules", "community rules of", profile.id),
            behind,
        ),
        footnote=_footnote(ctx, profile),
        tone=Tone.NEUTRAL if figures.enough else Tone.ATTENTION,
        values=_profile_values(profile, figures, sensitivity),
    )
    chart = norms_chart(profile, _bases(profile), is_sample, sensitivity, hours)
    return await _with_picture(ctx, card, f"norms-{community}.png", chart)


def _profile_values(profile: CommunityProfile, figures: Figures, sensitivity: Sensitivity) -> dict[str, object]:
    return {
        "community": profile.community,
        "profile": profile.id,
        "figures": figures.dump(),
        "sensitivity": sensitivity.dump(),
    }


async def _hours(ctx: Context) -> Hours:
    times = await ctx.services.store.timetable(ctx.workspace_id)
    return Hours.of(times.timezone, ctx.services.clock.now())


@commands.button("community details", "All figures of a community", PROFILE)
async def details(ctx: Context, profile: int) -> Card:
    known = await ctx.services.store.profile(ctx.workspace_id, profile)
    figures, sensitivity = Figures.read(known.figures), await ctx.services.communities.sensitivity(known)
    return Card(
        title=f"All figures of r/{known.community}",
        sample=ctx.services.is_sample(known.community),
        fields=tuple(detail_fields(figures, sensitivity, await _hours(ctx))),
        footnote=_footnote(ctx, known),
        values=_profile_values(known, figures, sensitivity),
    )


@commands.button("community comments", "How people comment in a community", PROFILE)
async def comments(ctx: Context, profile: int) -> Card:
    community = (await ctx.services.store.profile(ctx.workspace_id, profile)).community
    figures = await ctx.services.communities.comments(ctx.workspace_id, community)
    return comments_card(community, figures, sample=ctx.services.is_sample(community))


@commands.button("community draft", "Draft a post for a community", PROFILE, role=Role.EDITOR)
async def draft_for(ctx: Context, profile: int) -> Card:
    known = await ctx.services.store.profile(ctx.workspace_id, profile)
    return await new_draft(ctx, known.community, None, 1, None, "model", None, None)


async def _with_picture(ctx: Context, card: Card, file_name: str, chart: tuple[Chart, str] | None) -> Card:
    """Returns the card with its chart. When the chart could not be drawn, the card says so."""
    if chart is None:
        return card
    drawn, alt = chart
    png = await ctx.services.charts.draw(drawn) if ctx.actor.shows_pictures else b""
    if png is None:
        return replace(card, footnote=f"{card.footnote} {NOT_DRAWN}")
    return replace(card, image=Image(file_name, png, alt))


async def _overview(ctx: Context) -> Card:
    summaries = await ctx.services.communities.summaries(ctx.workspace_id)
    now = ctx.services.clock.now()
    if not summaries:
        return Card(
            title="No communities yet",
            text="A campaign names the communities to take part in.",
            actions=(Button("New campaign", "campaign create", style=Style.PRIMARY),),
            values={"communities": []},
        )
    fields = []
    for summary in summaries:
        told = "nothing collected yet"
        if summary.posts and summary.last_collected_at:
            bases = ", ".join(BASIS_WORDS[basis] for basis in summary.bases)
            told = f"{counted(summary.posts, 'post')} from {bases}, last {ago(now - summary.last_collected_at)}"
        fields.append(Field(f"r/{summary.community}", told))
    collected = [summary for summary in summaries if summary.posts]
    return Card(
        title="Communities",
        sample=ctx.services.is_sample(*(summary.community for summary in summaries)),
        text=f"Look at one: /rao community show {(collected or summaries)[0].community}",
        fields=tuple(fields),
        actions=(Button("Collect posts", "collect start", style=Style.PRIMARY),) if not collected else (),
        values={"communities": [{"community": s.community, "posts": s.posts} for s in summaries]},
    )


@commands.command(
    "community compare",
    "What sets communities apart",
    Param("communities", "two to five, with commas", Kind.COMMUNITIES, required=True),
)
async def compare(ctx: Context, communities: tuple[str, ...]) -> Card:
    if len(communities) > 5:
        raise BadArgument(
            f"{len(communities)} communities do not fit side by side.", "Name up to five.", param="communities"
        )
    comparison = await ctx.services.communities.compare(ctx.workspace_id, communities)
    figures = [Figures.read(profile.figures) for profile in comparison.profiles]
    lines = []
    for contrast in comparison.contrasts:
        told = map(percent if contrast.is_share else rounded, contrast.values)
        lines.append(f"{contrast.text}: {_side_by_side(communities, list(told))}")
    fields = [
        Field("Posts", _side_by_side(communities, [f"{f.posts:,}" for f in figures])),
        Field(
            "Sensitivity to promotion",
            "\n".join(_side_by_side(communities, [s.told for s in comparison.sensitivities]).split(" · ")),
        ),
        Field("What differs beyond chance", "\n".join(lines) or "Nothing: chance explains every difference."),
    ]
    few = [p.community for p, f in zip(comparison.profiles, figures, strict=True) if not f.enough]
    is_sample = ctx.services.is_sample(*communities)
    card = Card(
        title=" · ".join(f"r/{name}" for name in communities),
        sample=is_sample,
        text=f"Too few posts to speak of norms: {', '.join(f'r/{name}' for name in few)}." if few else "",
        fields=tuple(fields),
        footnote=" ".join(_footnote(ctx, profile) for profile in comparison.profiles),
        tone=Tone.ATTENTION if few else Tone.NEUTRAL,
        values={
            "communities": list(communities),
            "figures": {p.community: f.dump() for p, f in zip(comparison.profiles, figures, strict=True)},
            "sensitivity": {
                p.community: s.dump() for p, s in zip(comparison.profiles, comparison.sensitivities, strict=True)
            },
            "clear_differences": [contrast.text for contrast in comparison.contrasts],
        },
    )
    return await _with_picture(ctx, card, "comparison.png", comparison_chart(comparison.profiles, is_sample))


@commands.command(
    "community find",
    "Which of your communities suits a campaign",
    Param("campaign", "name or number", lookup="campaign"),
)
async def find(ctx: Context, campaign: str | None) -> Card:
    wanted = await ctx.services.campaigns.find(ctx.workspace_id, campaign)
    facts = await ctx.services.store.facts(ctx.workspace_id, wanted.id, ctx.services.clock.now())
    candidates = await ctx.services.communities.candidates(
        ctx.workspace_id, wanted.keywords, [fact.body for fact in facts]
    )
    if not candidates:
        raise NotAllowedNow("No community's posts were collected yet.", Advice("Collect first.", Do.COLLECT))
    shown = candidates[:FOUND_SHOWN]
    best = shown[0].profile
    return Card(
        title=f"Communities for {wanted.name}",
        sample=ctx.services.is_sample(*(one.profile.community for one in shown)),
        text=f"r/{best.community} suits it best: those that take promotion well come first, then those that speak most "
        "of the campaign's keywords.",
        fields=tuple(Field(f"r/{one.profile.community}", _candidate_words(one)) for one in shown),
        actions=(
            Button(f"Draft for r/{best.community}", "community draft", best.id, style=Style.PRIMARY),
            Choice(
                "Look at one",
                "community details",
                tuple((f"r/{one.profile.community}", one.profile.id) for one in shown),
            ),
        ),
        footnote=f"Of {counted(len(candidates), 'community', 'communities')} with collected posts.",
        values={
            "campaign": wanted.id,
            "communities": [
                {
                    "community": one.profile.community,
                    "speaking": one.speaking,
                    "of": one.of,
                    "fitting_facts": one.fitting.count,
                    "posts_a_day": one.posts_a_day,
                    "sensitivity": one.sensitivity.value,
                    "tells": one.power.share if one.power is not None else None,
                }
                for one in candidates
            ],
        },
    )


def _candidate_words(one: Candidate) -> str:
    told = [
        f"{one.speaking:,} of {counted(one.of, 'post')} speak of its keywords",
        f"sensitivity {one.sensitivity.told}",
    ]
    if one.fitting.of:
        told.append(f"{one.fitting.count:,} of {counted(one.fitting.of, 'fact')} bring what is received better there")
    if one.posts_a_day is not None:
        told.append(f"{rounded(one.posts_a_day)} posts a day")
    power = one.power
    if power is not None and power.is_better_than_chance:
        told.append(f"better posts told from worse in {100 * power.share:.0f} of 100 pairs")
    else:
        told.append("better posts cannot be told from worse there")
    return " · ".join(told)


@a_list(
    commands,
    "community browse",
    "Collected posts, the newest first",
    NAMED,
    Param("containing", 'only with these words; "…" is a phrase'),
    Param("only", "only these", Kind.CHOICE, choices=tuple(KINDS)),
    Param("within", "only the last, such as 30d", Kind.DURATION),
    Param("order", "what comes first", Kind.CHOICE, choices=tuple(ORDERS), default="newest"),
    noun=("post", "posts"),
)
async def browse(ctx: Context, asked: Asked) -> Card:
    community, containing = asked.wanted.community or "", asked.extra.get("containing")
    only, order = asked.extra.get("only"), asked.extra["order"]
    wanted = replace(asked.wanted, limit=PER_PAGE)
    page = await ctx.services.communities.browse(
        ctx.workspace_id, community, containing=containing, only=only, order=order, wanted=wanted
    )
    told = [f"containing {containing!r}"] if containing else []
    told += [_ONLY_WORDS[only]] if only else []
    told += asked.words
    if not page.rows:
        raise NotAllowedNow(
            f"r/{community} has no such post: {', '.join(told)}.", "Try other words, or leave them out."
        )
    posts, told_as = page.rows, ", ".join([*told, _ORDER_WORDS[order]])
    bases = ", ".join(sorted({BASIS_WORDS[post.basis] for post in posts}))
    options = tuple((shortened(f"{post.id} · {post.title}", 70), post.id) for post in posts)
    return list_card(
        replace(asked, wanted=wanted, words=()),
        page,
        [_browsed(post) for post in posts],
        title=f"r/{community}",
        lines=(f"{told_as[0].upper()}{told_as[1:]}.",),
        actions=(Choice("Why its score?", "community score", options),),
        footnote=f"From {bases}, collected until {moment(max(post.collected_at for post in posts))}",
        sample=any(post.basis is Basis.SAMPLE for post in posts),
        values={"posts": [{"post": post.id, "reddit_id": post.reddit_id, "score": post.score} for post in posts]},
    )


def _browsed(post: Post) -> Field:
    said = f"{post.title}\n{post.body or post.url or ''}".strip()
    removed = " · removed" if post.removed_by_category else ""
    comments = "comments unknown" if post.num_comments is None else counted(post.num_comments, "comment")
    heading = f"Post {post.id} · {_scored(post.score)} · {comments} · {moment(post.created_at)}{removed}"
    return Field(heading, shortened(said, EXCERPT), quote=True)


@commands.command(
    "community score",
    "How a post did, or a text would do",
    Param("post", "its number or link"),
    Param("draft", "its number", Kind.INTEGER),
    Param("community", "where a text would stand", Kind.COMMUNITY),
    Param("text", "the title, then text on new lines", Kind.LONG, max_length=4000),
)
async def score(ctx: Context, post: str | None, draft: int | None, community: str | None, text: str | None) -> Card:
    if post is not None:
        return await _post_score(ctx, post)
    if draft is not None:
        latest = await ctx.services.store.draft(ctx.workspace_id, draft)
        return await _text_score(ctx, latest.community, latest.latest.title, latest.latest.body, f"Draft {draft}")
    if community is not None and text is not None and text.strip():
        title, _, body = text.strip().partition("\n")
        return await _text_score(ctx, community, title.strip(), body.strip(), "This text")
    raise BadArgument("Score what?", "Name a post, a draft, or a community with a text.", param="post")


async def _text_score(ctx: Context, community: str, title: str, body: str, what: str) -> Card:
    [scored] = await ctx.services.communities.score_texts(ctx.workspace_id, community, [(title, body)])
    said = f"{scored.score} in 100" if scored.tells else "no score"
    return Card(
        title=f"{what} in r/{community}: {said}",
        sample=ctx.services.is_sample(community),
        text=_score_meaning(scored),
        fields=(
            Field("Text", shortened(f"{title}\n{body}".strip(), EXCERPT), quote=True),
            *([Field("What moves it from 50, the usual post", reason_lines(scored))] if scored.tells else []),
        ),
        footnote="Seen together among posts, not proven as cause.",
        values={"community": community, **_score_values(scored)},
    )


def _score_meaning(scored: TextScore) -> str:
    if not scored.tells:
        return "Nothing in this text goes with a better or worse reception, as far as the known posts show."
    told = f"Of 100 posts like this one, {scored.score} are above the middle of their community."
    if scored.posts:
        return f"{told} Learned from {counted(scored.posts, 'post')} of this community and from other communities."
    return f"{told} Learned from other communities only: too few posts of this one are known."


def _score_values(scored: TextScore) -> dict[str, object]:
    reasons = [
        {"part": reason.part, "points": reason.points, "words": list(reason.words), "advice": reason.advice}
        for reason in scored.reasons
    ]
    return {"score_in_100": scored.score, "reasons": reasons, "learned_from": scored.posts}


async def _post_score(ctx: Context, named: str) -> Card:
    standing = await ctx.services.communities.score_post(ctx.workspace_id, await _kept_post(ctx, named))
    profile, post = standing.profile, standing.post
    [scored] = await ctx.services.communities.score_texts(
        ctx.workspace_id, profile.community, [(post.title or "", post.body or "")]
    )
    fields = [
        Field("Post", shortened(f"{post.title}\n{post.body or ''}".strip(), EXCERPT), quote=True),
        Field("Standing", _standing_line(standing)),
    ]
    if Figures.read(profile.figures).enough:
        fields.append(Field("Findings of this community", _fitting_lines(standing)))
    if post.is_self and post.body and scored.tells:
        fields.append(Field(f"By its text alone: {scored.score} in 100", reason_lines(scored)))
    return Card(
        title=f"Post {post.id} of r/{profile.community}",
        sample=ctx.services.is_sample(profile.community),
        text="Nobody can see why people voted. This is what can be counted.",
        fields=tuple(fields),
        footnote=_footnote(ctx, profile),
        links=(Link("On Reddit", f"https://www.reddit.com/comments/{post.reddit_id}"),),
        values={
            "post": post.id,
            "score": post.score,
            "settled": standing.is_settled,
            "median_score": standing.median_score,
            "below": standing.below,
            "known": standing.known,
            "features": dict(standing.features),
            **_score_values(scored),
        },
    )


async def _kept_post(ctx: Context, named: str) -> int:
    """Returns the number of a kept post, given that number or the post's link."""
    if named.isdigit():
        return int(named)
    link = parse_link(named)
    if link.post_id is None or link.community is None:
        raise BadArgument("That is not a link to a post in its community.", "Paste the post's own link.", param="post")
    for kept in await ctx.services.store.posts(ctx.workspace_id, link.community.lower()):
        if kept.reddit_id == link.post_id:
            return kept.id
    raise NotAllowedNow(
        f"That post of r/{link.community} is not collected.",
        "Collect it first, or paste its words: /rao community score community= text=",
    )


def _standing_line(standing: PostScore) -> str:
    if standing.post.removed_by_category:
        return "Removed, so it counts as refused, whatever its score."
    post = standing.post
    if post.score is None or standing.median_score is None:
        return "Its score, or that of all others, is unknown."
    if not standing.is_settled:
        when = (
            f"{age(post.score_at - post.created_at)} after it was published" if post.score_at else "at an unknown time"
        )
        return f"{_scored(post.score)}, read {when}: it may still change, so it is not compared with the others."
    return (
        f"{_scored(post.score)}; the median is {rounded(standing.median_score)}. Higher than {standing.below:,} of "
        f"{counted(standing.known, 'other post')} that were found in the same way and have a settled score."
    )


def _fitting_lines(standing: PostScore) -> str:
    lines = []
    for finding, has in standing.fitting:
        helps = has == (finding.direction is Direction.BETTER)
        side = "In its favour" if helps else "Against it"
        word = "has" if has else "does not have"
        lines.append(f"{side}: it {word} {finding.text}. {finding.counts}")
    return "\n".join(lines) or "None applies to this post."


def _bases(profile: CommunityProfile) -> str:
    return ", ".join(BASIS_WORDS[Basis(basis)] for basis in profile.bases)


def _footnote(ctx: Context, profile: CommunityProfile) -> str:
    computed = ago(ctx.services.clock.now() - profile.computed_at)
    return (
        f"r/{profile.community}: {counted(profile.sample_size, 'post')} from {_bases(profile)}, "
        f"{day(profile.first_post_at)} to {day(profile.last_post_at)}, computed {computed}. "
        f"{sample_words(Figures.read(profile.figures))}"
    )


def _scored(score: int | None) -> str:
    return "score unknown" if score is None else f"score {score:,}"


def _side_by_side(communities: Sequence[str], values: Sequence[str]) -> str:
    return " · ".join(f"r/{name} {value}" for name, value in zip(communities, values, strict=True))
