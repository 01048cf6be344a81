"""Registering, sweeping and concluding over a store, wired as `bot/main.py` wires them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from core.accounts import Accounts
from core.clock import Clock, ClockWatch
from core.ports import PublicView, RedditView
from core.rules import CommunityRules
from core.schedule import Jobs
from core.visibility.concluding import Concluding
from core.visibility.first_comments import FirstComments
from core.visibility.leases import Leases
from core.visibility.looking import Looking
from core.visibility.offering import Offers
from core.visibility.own_view import OwnView
from core.visibility.registering import Registering
from core.visibility.standing import Standings
from core.visibility.sweeping import Sweeping
from storage.store import Store


@dataclass
class Watch:
    """`clock_watch` and `rules` are its own where none are given."""

    store: Store
    clock: Clock
    view: RedditView | None
    public: PublicView | None = None
    resolve_share_link: Callable[[str], Awaitable[str | None]] | None = None
    accounts: Accounts | None = None
    clock_watch: ClockWatch = field(init=False)
    rules: CommunityRules = field(init=False)
    concluding: Concluding = field(init=False)
    sweeping: Sweeping = field(init=False)
    registering: Registering = field(init=False)
    offers: Offers = field(init=False)
    comments: FirstComments = field(init=False)

    def __post_init__(self) -> None:
        store, clock = self.store, self.clock
        looking, leases = Looking(clock, self.view, self.public), Leases(store, clock)
        accounts = self.accounts or Accounts(store, clock)
        own_view = OwnView(accounts, clock)
        self.clock_watch = ClockWatch(clock)
        self.rules = CommunityRules(store, clock, self.view)
        self.concluding = Concluding(store, clock, leases, self.clock_watch, can_look=self.view is not None)
        self.sweeping = Sweeping(
            store, clock, looking, own_view, Standings(store, clock, looking), self.concluding, leases, self.clock_watch
        )
        self.registering = Registering(store, clock, looking, self.sweeping, self.rules, self.resolve_share_link)
        self.comments = FirstComments(store, clock, looking)
        self.offers = Offers(store, clock, looking, accounts, self.registering)

    def jobs(self, deliver: Callable[[], Awaitable[int]], worker: str, **options: Any) -> Jobs:
        """The scheduler's jobs over these."""
        return Jobs(self.clock, self.clock_watch, self.store, self.sweeping, self.rules, deliver, worker, **options)
