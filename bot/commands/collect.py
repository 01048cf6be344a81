"""`/rao collect …`: collect posts of a campaign's communities, see the progress, stop a run."""

from __future__ import annotations

from dataclasses import asdict

from bot.card import Button, Card, Field, Progress, Style, Tone, values_of
from bot.command import Context, Kind, Param, Registry, Report
from bot.words import age, ago, counted, dollars, moment
from core.collecting.runs import CollectionRun, Funnel, ImportedFile, RunStatus
from core.collecting.service import DEFAULT_LIMIT, MAX_LIMIT
from core.errors import BadArgument
from core.model import Basis, CollectMode, Role
from core.ports import Report as CoreReport

commands = Registry()

_LISTED = 10  # how many names of one kind a card shows
_LINES_SHOWN = 5
_FILES_SHOWN = 10

FILE = "file"
SOURCES = {"sample": Basis.SAMPLE, "reddit": Basis.REDDIT_API, "apify": Basis.APIFY, FILE: Basis.FILE}
BASIS_WORDS = {
    Basis.SAMPLE: "the sample Reddit",
    Basis.REDDIT_API: "Reddit's API",
    Basis.APIFY: "Apify",
    Basis.FILE: "files",
    Basis.PERSON: "people",
    Basis.WEB: "public pages",
}
_HEADLINES = {
    RunStatus.SUCCEEDED: "Collected {}",
    RunStatus.PARTIAL: "Collected {}, not all",
    RunStatus.CANCELLED: "Cancelled after {}",
    RunStatus.FAILED: "Failed after {}",
    RunStatus.RUNNING: "Collecting: {} so far",
}


def as_progress(report: Report) -> CoreReport:
    """Returns a front end's report in the form that the core calls."""

    async def told(text: str, done: int | None = None, total: int | None = None) -> None:
        await report(Progress(text, done, total))

    return told


@commands.command(
    "collect start",
    "Collect posts of a campaign's communities",
    Param("campaign", "name or number", lookup="campaign"),
    Param("source", "where from", Kind.CHOICE, choices=tuple(SOURCES)),
    Param(
        "mode",
        "fresh: newest; historical: last year's best; hybrid: both",
        Kind.CHOICE,
        choices=tuple(CollectMode),
    ),
    Param("limit", f"posts per community, 1 to {MAX_LIMIT:,}", Kind.INTEGER, default=DEFAULT_LIMIT),
    Param("file", "a file, in the terminal only", Kind.LONG, max_length=1000),
    Param("community", "for a file without one", Kind.COMMUNITY, lookup="community"),
    role=Role.EDITOR,
)
async def start(
    ctx: Context,
    campaign: str | None,
    source: str | None,
    mode: str | None,
    limit: int,
    file: str | None,
    community: str | None,
) -> Card:
    collecting, report = ctx.services.collecting, as_progress(ctx.report)
    if file is None and source != FILE:
        basis = SOURCES[source] if source else None
        run = await collecting.start(
            ctx.caller, campaign, source=basis, limit=limit, mode=CollectMode(mode) if mode else None, report=report
        )
        return run_card(run)
    if ctx.actor.platform != "terminal":
        # A path names a file on the bot's machine, which a chat's member may not read.
        raise BadArgument(
            "Files can be read in the terminal only.",
            "Ask who runs the bot: python -m bot import --campaign NAME FILE",
            param="file",
        )
    if file is None:
        raise BadArgument("Which file?", 'For example: source=file file="posts.csv"', param="file")
    if source not in (None, FILE):
        raise BadArgument("A file is a source of its own.", "Leave out `source`, or leave out `file`.", param="source")
    run = await collecting.import_files(ctx.caller, campaign, [file], community=community, report=report)
    return run_card(run)


@commands.command("collect status", "The running collection and the last ones", role=Role.EDITOR)
async def status(ctx: Context) -> Card:
    found = await ctx.services.collecting.status(ctx.workspace_id)
    now = ctx.services.clock.now()
    fields = []
    if found.running is not None:
        seen = " · ".join(f"r/{community} {count:,}" for community, count in found.seen.items())
        fields.append(
            Field(
                f"Running since {moment(found.running.started_at)}, started by {found.running.started_by}",
                f"{_headline(RunStatus.RUNNING, found.funnel)}. {seen}".strip(),
            )
        )
    for run in found.recent:
        ended = ago(now - (run.finished_at or run.started_at))
        told = f"{_headline_of(run)} from {BASIS_WORDS[run.basis]}, {ended}"
        fields.append(Field(f"Run {run.id}", f"{told}. {run.problem}" if run.problem else told))
    if not fields:
        return Card(
            title="Nothing was collected yet",
            text="Posts of a community show what is normal there.",
            actions=(Button("Collect posts", "collect start", style=Style.PRIMARY),),
            values={"running": None, "runs": []},
        )
    again = Button("Cancel it", "collect cancel") if found.running else Button("Collect again", "collect start")
    return Card(
        title="A collection is running" if found.running else "No collection is running",
        sample=any(run.basis is Basis.SAMPLE for run in found.recent),
        fields=tuple(fields),
        actions=(again,),
        footnote=f"As of {moment(now)}",
        values={
            "running": found.running.id if found.running else None,
            "runs": [{"run": run.id, "status": run.status.value, "kept": run.funnel.kept} for run in found.recent],
        },
    )


@commands.command("collect cancel", "End the running collection; what was kept stays", role=Role.EDITOR)
async def cancel(ctx: Context) -> Card:
    return run_card(await ctx.services.collecting.cancel(ctx.caller))


def run_card(run: CollectionRun) -> Card:
    """Returns a run's result, which counts every item found. A run that ended early has the code `partial`."""
    funnel = run.funnel
    fields = [] if _comments_alone(run) else [Field("Found", counted(funnel.found, "item")), Field("Kept", _kept(run))]
    if funnel.duplicate:
        fields.append(
            Field("Known already", f"{counted(funnel.duplicate, 'post')}: their counts are updated, none is kept twice")
        )
    if funnel.filtered and not _comments_alone(run):  # of comments, each file says what was passed over
        ranked = sorted(funnel.filtered.items(), key=lambda pair: (-pair[1], pair[0]))
        fields.append(Field("Left out", "\n".join(f"{count:,} {reason}" for reason, count in ranked)))
    if run.problem:
        fields.append(Field("Why not all", run.problem))
    fields.extend(Field(f"File {file.file}", _file_lines(file)) for file in run.files[:_FILES_SHOWN])
    whole = run.status is RunStatus.SUCCEEDED
    length = f", took {age(run.finished_at - run.started_at)}" if run.finished_at else ""
    cost = f", cost {dollars(run.cost_usd_micros)}" if run.cost_usd_micros else ""
    return Card(
        title=_headline_of(run),
        sample=run.basis is Basis.SAMPLE,
        text=f"Next: /rao community show {run.communities[0]}" if run.communities else "",
        fields=tuple(fields),
        actions=(Button("Communities", "community show", style=Style.PRIMARY),),
        footnote=f"Run {run.id} from {BASIS_WORDS[run.basis]}, {moment(run.started_at)}{length}{cost}",
        tone=Tone.GOOD if whole else Tone.ATTENTION,
        code="ok" if run.status in (RunStatus.SUCCEEDED, RunStatus.CANCELLED) else run.status.value,
        values={
            "run": run.id,
            **values_of(run, "status basis problem cost_usd_micros"),
            "communities": list(run.communities),
            **values_of(funnel, "found duplicate kept"),
            "filtered": dict(funnel.filtered),
            "kept_of": dict(funnel.kept_of),
            "files": [asdict(file) for file in run.files],
        },
    )


def _kept(run: CollectionRun) -> str:
    kept_of = {**dict.fromkeys(run.communities, 0), **run.funnel.kept_of}
    told = counted(run.funnel.kept, "new post")
    if len(kept_of) == 1:
        return f"{told} of r/{next(iter(kept_of))}"
    ranked = sorted(kept_of.items(), key=lambda pair: -pair[1])
    each = ", ".join(f"r/{name} {count:,}" for name, count in ranked[:_LISTED])
    more = f" and {counted(len(ranked) - _LISTED, 'other community', 'other communities')}"
    return f"{told}: {each}{more if len(ranked) > _LISTED else ''}" if ranked else told


def _file_lines(file: ImportedFile) -> str:
    """Returns how a file was read: its columns, what it leaves unknown, what is uncertain, what was not read."""
    read = " · ".join(
        fact if [fact] == list(names) else f"{fact} from {', else '.join(names)}" for fact, names in file.read.items()
    )
    lines = [f"{file.form}; read: {read}"]
    if file.unused:
        more = f" and {len(file.unused) - _LISTED:,} more" if len(file.unused) > _LISTED else ""
        lines.append(f"Columns not used: {', '.join(file.unused[:_LISTED])}{more}")
    if file.unknown:
        lines.append(f"Not in the file, so unknown: {', '.join(file.unknown)}")
    lines.extend(note[:1].upper() + note[1:] for note in file.notes)
    if file.passed_over_count:
        named = "; ".join(f"line {line:,}: {why}" for line, why in file.passed_over[:_LINES_SHOWN])
        rest = file.passed_over_count - min(len(file.passed_over), _LINES_SHOWN)
        lines.append(
            f"Passed over {counted(file.passed_over_count, 'entry', 'entries')}: {named}"
            + (f"; and {rest:,} more" if rest else "")
        )
    return "\n".join(lines)


def _headline_of(run: CollectionRun) -> str:
    comments = _comments_alone(run)
    return (
        _HEADLINES[run.status].format(counted(comments, "comment")) if comments else _headline(run.status, run.funnel)
    )


def _comments_alone(run: CollectionRun) -> int:
    """How many comments the run's files hold, when they hold no posts."""
    return 0 if any(file.posts for file in run.files) else sum(file.comments for file in run.files)


def _headline(status: RunStatus, funnel: Funnel) -> str:
    return _HEADLINES[status].format(counted(funnel.kept, "new post"))
