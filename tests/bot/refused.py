"""What tests of refusals share, whichever chat refuses: an alert is owed, and rounds pass until nothing waits."""

from __future__ import annotations

from datetime import timedelta

from bot.courier import Courier
from core.model import AlertKind, Caller, NewAlert
from storage.store import Store
from tests.clock import FixedClock

_ROUND = timedelta(minutes=5)


def named(key: str) -> str:
    """The words by which the alert with this key is known in a chat."""
    return f"No {key}."


async def owe(store: Store, caller: Caller, clock: FixedClock, key: str) -> None:
    """Owe a test's alert that is told with its name."""
    assert await store.owe_alert(caller, NewAlert(AlertKind.TEST, key, {"by": named(key)}), clock.now())


async def deliver(courier: Courier, store: Store, workspace: str, clock: FixedClock, *, within: timedelta) -> None:
    """Rounds, as time goes by, until nothing waits."""
    until = clock.now() + within
    while (await store.backlog(workspace, clock.now())).alerts_pending:
        assert clock.now() <= until, "it still waits"
        await courier.deliver_due()
        clock.advance(_ROUND)
