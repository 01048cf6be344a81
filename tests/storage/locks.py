"""Which rows a verb locks before it changes them: PostgreSQL's writers wait for each other there alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Join, event

from storage.store import Store


@contextmanager
def locks_taken(store: Store) -> Iterator[list[str]]:
    """Collects, statement by statement, whose rows are locked: "workspaces, no key", "alerts, skip locked" …"""
    taken: list[str] = []

    def note(_connection: Any, statement: Any, *_: Any) -> None:
        lock = getattr(statement, "_for_update_arg", None)
        if lock is not None:
            whose = lock.of or statement.get_final_froms()
            tables = [table for one in whose for table in _tables_of(one)]
            names = " ".join(sorted(getattr(one, "name", None) or one.description for one in tables))
            how = {"no key": lock.key_share, "skip locked": lock.skip_locked, "to read": lock.read}
            taken.append(", ".join([names, *(word for word, is_so in how.items() if is_so)]))

    engine = store._database._engine.sync_engine
    event.listen(engine, "before_execute", note)
    try:
        yield taken
    finally:
        event.remove(engine, "before_execute", note)


def _tables_of(one: Any) -> list[Any]:
    return [*_tables_of(one.left), *_tables_of(one.right)] if isinstance(one, Join) else [one]


WORKSPACE = "workspaces, no key"  # its plan, its names and its places are counted before a row is added
WHOLE_POST = "tracked_posts watches"  # with its watching, which a sweep changes
# The verbs of a workspace (`CALLS` and `OWN`) by what they lock, in this order; all others lock nothing.
LOCKS: Mapping[tuple[str, ...], frozenset[str]] = {
    (WORKSPACE,): frozenset(
        {
            *("add_pattern", "add_posts", "ask_consent", "confirm_demands", "create_campaign", "grant_role", "install"),
            *("keep_demands", "lend_voice", "owe_alert", "refuse_place", "reserve", "save_rules", "set_alert_channel"),
            *("set_feed", "set_four_eyes", "set_plan", "set_route", "set_told_directly", "set_webhook"),
        }
    ),
    (WORKSPACE, WORKSPACE): frozenset({"end_route", "revoke_role"}),
    (WORKSPACE, "timetables"): frozenset(
        {"set_digest", "set_good_news", "set_quiet_hours", "set_timezone", "set_urgent_wakes"}
    ),
    (WORKSPACE, "timetables", "timetables"): frozenset({"owe_digest"}),
    (WORKSPACE, "accounts"): frozenset({"sign_in_account"}),
    (WORKSPACE, "accounts", "accounts"): frozenset({"link_account"}),
    (WORKSPACE, "campaigns"): frozenset({"set_campaign_status"}),
    (WORKSPACE, "drafts", "accounts"): frozenset({"register_post"}),
    ("accounts",): frozenset({"unlink_account"}),
    ("offers",): frozenset({"refuse_offer"}),
    ("campaigns",): frozenset({"update_campaign"}),
    ("collection_runs",): frozenset({"finish_run"}),
    ("drafts",): frozenset(
        {
            *("add_revision", "decide_draft", "drop_draft", "give_draft", "keep_marks", "leave_undisclosed"),
            *("put_off_reminder", "reopen_draft", "void_approval"),
        }
    ),
    ("drafts", "marks"): frozenset({"decide_mark"}),
    ("facts",): frozenset({"edit_fact", "remove_fact"}),
    ("posts, to read",): frozenset({"keep_extracts"}),
    ("reservations",): frozenset({"book", "release"}),
    ("timetables", "alerts, skip locked", "alerts, skip locked"): frozenset({"retry_alerts"}),
    ("tracked_posts",): frozenset({"state_reason"}),
    (WHOLE_POST,): frozenset({"due_now", "snooze_post", "stop_watching"}),
    (WHOLE_POST, WORKSPACE, WHOLE_POST): frozenset({"resume_watching"}),
    ("tracked_posts", "tracked_posts"): frozenset({"unstate_reason"}),
}


def locks_of(verb: str) -> list[str]:
    return next((list(locks) for locks, verbs in LOCKS.items() if verb in verbs), [])
