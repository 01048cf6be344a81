"""The remotes and models that the settings turn on, each with its gateway and its check for `doctor`.

Nothing connects here, and a gateway's library is imported only where it is used.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from bot.services import Remote
from bot.settings import Settings, variable
from bot.settings.groups import Apify, Models, ModelTask, RedditAddresses, RedditApp, RedditSignIn
from core.asking import Route
from core.clock import Clock, Compared, SystemClock
from core.gateways.limits import Health
from core.gateways.sample import SampleReddit
from core.model import Basis
from core.ports import AuthorView, PostSource, PublicView, RedditView


@dataclass(slots=True)
class Remotes:
    """The remotes that the settings turn on. Without any source of Reddit's posts, the sample replaces them all."""

    post_sources: dict[Basis, PostSource] = field(default_factory=dict)
    view: RedditView | None = None
    public: PublicView | None = None
    authors: AuthorView | None = None
    resolve_share_link: Callable[[str], Awaitable[str | None]] | None = None
    sample: SampleReddit | None = None
    watched: list[Remote] = field(default_factory=list)
    compared: Callable[[], Compared] = Compared


def open_remotes(settings: Settings, clock: SystemClock, stack: AsyncExitStack) -> Remotes:
    remotes = Remotes()
    if settings.reddit is not None:
        _add_reddit(remotes, settings.reddit, settings.reddit_addresses, clock, stack)
    if settings.sign_in is not None:
        _add_authors(remotes, settings.sign_in, settings, clock, stack)
    if settings.apify is not None:
        _add_apify(remotes, settings.apify, clock, stack)
    if not remotes.post_sources:
        _add_sample(remotes, settings, clock)
    return remotes


def _add_reddit(
    remotes: Remotes, app: RedditApp, addresses: RedditAddresses, clock: Clock, stack: AsyncExitStack
) -> None:
    from core.gateways.reddit import RedditGateway
    from core.gateways.web import PublicPages

    reddit = RedditGateway(
        client_id=app.client_id,
        client_secret=app.client_secret.get_secret_value(),
        user_agent=app.user_agent,
        clock=clock,
        reddit_url=addresses.url,
        oauth_url=addresses.oauth_url,
    )
    stack.push_async_callback(reddit.close)
    pages = PublicPages(user_agent=app.user_agent, clock=clock, base_url=addresses.public_url)
    stack.push_async_callback(pages.close)
    remotes.view = remotes.post_sources[Basis.REDDIT_API] = reddit
    remotes.compared = lambda: _compared(reddit.health)
    remotes.public, remotes.resolve_share_link = pages, pages.resolve_share_link
    setting = variable("reddit_client_id")
    uses = "collecting, visibility"
    remotes.watched.append(_watched("Reddit", Basis.REDDIT_API, uses, setting, reddit, app.ends_on))
    remotes.watched.append(_watched("Public pages", Basis.WEB, "extra looks, share links", setting, pages))


def _compared(health: Health) -> Compared:
    skew = timedelta(seconds=health.clock_skew_s) if health.clock_skew_s is not None else None
    return Compared(health.clocks_compared, skew)


def _add_authors(remotes: Remotes, app: RedditSignIn, settings: Settings, clock: Clock, stack: AsyncExitStack) -> None:
    from core.gateways.author import RedditAuthors
    from core.gateways.reddit import RedditGateway

    one_key = settings.reddit is not None and app.client_id == settings.reddit.client_id
    authors = RedditAuthors(
        client_id=app.client_id,
        client_secret=app.client_secret.get_secret_value(),
        redirect_url=settings.redirect_url,
        user_agent=app.user_agent,
        clock=clock,
        reddit_url=settings.reddit_addresses.url,
        oauth_url=settings.reddit_addresses.oauth_url,
        budget=remotes.view.budget if one_key and isinstance(remotes.view, RedditGateway) else None,
    )
    stack.push_async_callback(authors.close)
    remotes.authors = authors
    setting = variable("reddit_web_client_id")
    remotes.watched.append(_watched("Linked accounts", Basis.REDDIT_API, "authors' own views", setting, authors))


def _add_apify(remotes: Remotes, wanted: Apify, clock: Clock, stack: AsyncExitStack) -> None:
    from core.gateways.apify import ApifySource

    apify = ApifySource(
        token=wanted.token.get_secret_value(),
        actor=wanted.actor,
        api_url=wanted.api_url,
        clock=clock,
        max_charge_usd=wanted.max_charge_usd,
    )
    stack.push_async_callback(apify.close)
    remotes.post_sources[Basis.APIFY] = apify
    remotes.watched.append(_watched("Apify", Basis.APIFY, "collecting", variable("apify_token"), apify))


def _add_sample(remotes: Remotes, settings: Settings, clock: SystemClock) -> None:
    sample = SampleReddit(settings.data_dir / "sample-reddit.json", clock)
    remotes.view = remotes.post_sources[Basis.SAMPLE] = remotes.sample = sample
    setting, uses = variable("reddit_client_id"), "collecting, visibility"
    remotes.watched.append(
        Remote("Sample Reddit", uses, sample.probe, setting, Basis.SAMPLE, last_success_at=clock.now)
    )


class _Gateway(Protocol):
    @property
    def health(self) -> Health: ...
    async def probe(self) -> None: ...


def _watched(
    name: str, basis: Basis | None, used_for: str, setting: str, gateway: _Gateway, ends_on: date | None = None
) -> Remote:
    return Remote(
        name,
        used_for,
        gateway.probe,
        setting,
        basis,
        last_success_at=lambda: gateway.health.last_success_at,
        problem=lambda: gateway.health.problem,
        ends_on=ends_on,
    )


@dataclass(frozen=True, slots=True)
class OpenModels:
    """The models of the settings, each with its own address and key; None where no model is set."""

    classify: Route | None = None  # the draft model when no other is set
    writing: tuple[Route, ...] = ()  # the draft model and its fallbacks
    verify: Route | None = None


def open_models(models: Models | None, clock: Clock, stack: AsyncExitStack, watched: list[Remote]) -> OpenModels:
    """Open all models, with one child process for all of them. Adds each to `watched`, so that `doctor` tries it."""
    if models is None:
        return OpenModels()
    from core.gateways.llm import LitellmModel, SettingNames, model_worker

    worker = model_worker()
    stack.push_async_callback(worker.close)

    def opened(task: ModelTask, name: str, used_for: str, setting: str) -> LitellmModel:
        base, key = models.access(task)
        own = f"llm_{task}" if (base, key) != models.access("draft") else "llm"
        model = LitellmModel(
            api_base=base,
            api_key=key.get_secret_value() if key else None,
            clock=clock,
            probe_model=name,
            prices=models.prices_for(task),
            worker=worker,
            set_by=SettingNames(variable(f"{own}_api_base"), variable(f"{own}_api_key"), variable(setting)),
        )
        shown = "Model" if task == "draft" else f"Model {name}"
        watched.append(_watched(shown, None, used_for, variable(setting), model))
        return model

    name = models.draft.model
    reads_apart = models.classify is not None
    draft = opened("draft", name, "drafting" if reads_apart else "drafting, removal messages", "llm_draft_model")
    writing = [Route(draft, name)]
    classify = writing[0]
    asked = {(name, *models.access("draft"))}
    for task, group in models.fallbacks.items():
        for other in group.models:
            if (other, *models.access(task)) not in asked:
                asked.add((other, *models.access(task)))
                model = opened(task, other, "drafting when that fails", f"llm_{task}_models")
                writing.append(Route(model, other))
    if models.classify is not None:
        reader = models.classify.model
        classify = Route(opened("classify", reader, "removal messages", "llm_classify_model"), reader)
    verify = None
    if models.verify is not None:
        checker = models.verify.model
        verify = Route(opened("verify", checker, "second opinions", "llm_verify_model"), checker)
    return OpenModels(classify, tuple(writing), verify)
