"""What each verb of a workspace changes as Carol gives it with what is Alpha's (`CALLS` and `OWN` say how): every row
and column, beside the journal (tests/storage/rows.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from core.alerts import DecisionKind
from core.campaigns import CampaignStatus, FactKind
from core.collecting.runs import RunStatus
from core.drafting.approvals import Ending
from core.drafting.drafts import DraftStatus, RevisionOrigin, WayOut
from core.model import AccountState, AlertKind, AuditOutcome, Basis, Role, State
from core.plans import PlanName
from core.routes import About
from core.timetable import DigestRhythm, Weekday
from tests.storage import world
from tests.storage.rows import Changes

Expected = Callable[[SimpleNamespace, datetime], Changes]
HERE = "terminal:local"
HOUR = timedelta(hours=1)


def _digest_of(now: datetime) -> dict[str, Any]:
    return {
        HERE: {
            "digest_every": DigestRhythm.DAILY,
            "digest_at": time(9),
            "digest_on": Weekday.MONDAY,
            "digest_since": now,
            "digest_due_at": datetime(2026, 11, 24, 9, tzinfo=now.tzinfo),
            "digest_chosen": True,
        }
    }


def _alert(kind: AlertKind, key: str, now: datetime, **changed: Any) -> dict[str, Any]:
    return {
        "workspace_id": HERE,
        "kind": kind,
        "dedupe_key": key,
        "facts": {},
        "created_at": now,
        "attempts": 0,
        "correlation_id": "c-1",
        "next_attempt_at": now,
        "urgent": False,
        **changed,
    }


def _decision(a: SimpleNamespace, kind: DecisionKind, now: datetime, **more: Any) -> dict[str, Any]:
    by = {"by_id": "carol", "by": "Carol", "at": now}
    return {"workspace_id": HERE, "tracked_post_id": a.tracked, "kind": kind, **by, **more}


def _version(fact_id: int, number: int, kind: FactKind, body: str, owner: str, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": HERE,
        "fact_id": fact_id,
        "version": number,
        "kind": kind,
        "body": body,
        "owner": owner,
        "changed_by": "Carol",
        "changed_at": now,
    }


def _revision(draft_id: int, number: int, body: str, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": HERE,
        "draft_id": draft_id,
        "number": number,
        "origin": RevisionOrigin.INTERVIEW,
        "title": "What late invoices taught me",
        "body": body,
        "remarks": [{"check": "length", "level": "ok", "text": "Fits the community.", "code": "text_usual"}],
        "written_by": "alice",
        "created_at": now,
        "fact_ids": [1, 2],
        "by": "Carol",
        "by_id": "carol",
        "cost_usd_micros": 0,
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "prompt_sha256": "5f" * 32,
        "sentences": [{"text": "What late invoices taught me", "fact_ids": []}, {"text": body, "fact_ids": [1, 2]}],
        "answers": [{"question": "story", "words": body}],
        "second_opinion": {
            "by": "m",
            "claims": [{"sentence": body, "verdict": "cannot tell", "is_marked": True, "fact_ids": [1]}],
            "problem": "over budget",
        },
        "words": "what late invoices taught me",
    }


def _opened(a: SimpleNamespace, ending: Ending, now: datetime, **more: Any) -> Changes:
    """The approved draft is open again, and its approval has ended."""
    return {
        "drafts": {a.approved: {"status": DraftStatus.GENERATED, "decided_by": None, "decided_at": None, "version": 2}},
        "approvals": {a.approval: {"ending": ending, "ended_by": "Carol", "ended_at": now, **more}},
    }


CHANGES: Mapping[str, Expected] = {
    "set_timezone": lambda a, now: {"timetables": {HERE: {"timezone": "Europe/Vienna"}}},
    "set_quiet_hours": lambda a, now: {"timetables": {HERE: {"quiet_from": time(22), "quiet_until": time(7)}}},
    "set_digest": lambda a, now: {"timetables": _digest_of(now)},
    "set_route": lambda a, now: {
        "routes": {
            "new": [
                {
                    "workspace_id": HERE,
                    "about": About.COMMUNITY,
                    "which": "tea",
                    "name": "r/tea",
                    "place": "c-1",
                    "made_by": "Carol",
                    "made_at": now,
                }
            ]
        }
    },
    "end_route": lambda a, now: {},  # it is made and ended
    "set_urgent_wakes": lambda a, now: {"timetables": {HERE: {"urgent_wakes": True}}},
    "set_good_news": lambda a, now: {"timetables": {HERE: {"good_news": True}}},
    "owe_digest": lambda a, now: {
        "timetables": _digest_of(now),
        "alerts": {"new": [_alert(AlertKind.DIGEST, "digest", now)]},
    },
    "set_alert_channel": lambda a, now: {
        "workspaces": {HERE: {"alert_channel": "elsewhere", "alert_channel_proved_at": now}}
    },
    "set_webhook": lambda a, now: {
        "webhooks": {HERE: {"url": "https://b.example.com", "sealed_secret": "B", "made_by": "Carol", "made_at": now}}
    },
    "wake_webhook": lambda a, now: {},  # it is awake
    "end_webhook": lambda a, now: {"webhooks": {HERE: None}},
    "set_feed": lambda a, now: {"feeds": {HERE: {"token_sha256": "B token", "made_by": "Carol", "made_at": now}}},
    "end_feed": lambda a, now: {"feeds": {HERE: None}},
    "grant_role": lambda a, now: {
        "members": {
            "new": [
                {
                    "workspace_id": HERE,
                    "id": "bob",
                    "name": "bob",
                    "role": Role.ADMIN,
                    "granted_by": "Carol",
                    "granted_at": now,
                    "told_directly": True,
                }
            ]
        }
    },
    "revoke_role": lambda a, now: {},  # it is granted and revoked
    "install": lambda a, now: {
        "workspaces": {HERE: {"name": "B"}},
        "installations": {HERE: {"installed_by": "carol", "installed_at": now, "sealed_token": "sealed"}},
    },
    "end_installation": lambda a, now: {
        "installations": {HERE: {"sealed_token": None, "ended_at": now, "end_reason": "token_revoked"}}
    },
    "create_campaign": lambda a, now: {
        "campaigns": {
            "new": [
                {
                    "workspace_id": HERE,
                    "name": "B",
                    "name_folded": "b",
                    "product": "B sends invoices",
                    "url": "https://example.com",
                    "keywords": list(world.KEYWORDS),
                    "status": CampaignStatus.ACTIVE,
                    "created_by": "Carol",
                    "created_at": now,
                    "first_comments": False,
                }
            ]
        },
        "campaign_communities": {
            "new": [{"workspace_id": HERE, "campaign_id": a.new, "community": "elsewhere", "position": 0}]
        },
    },
    "update_campaign": lambda a, now: {
        "campaigns": {a.campaign: {"product": "B"}},
        "campaign_communities": {
            (a.campaign, "harbor"): None,
            "new": [{"workspace_id": HERE, "campaign_id": a.campaign, "community": "b", "position": 0}],
        },
    },
    "set_campaign_status": lambda a, now: {"campaigns": {a.deleted_campaign: {"deleted_at": None}}},
    "add_fact": lambda a, now: {
        "facts": {
            "new": [
                {
                    "workspace_id": HERE,
                    "campaign_id": a.campaign,
                    "kind": FactKind.NUMBER,
                    "body": "of B",
                    "owner": "Carol",
                    "created_at": now,
                    "owner_id": "carol",
                    "version": 1,
                }
            ]
        },
        "fact_versions": {"new": [_version(a.new, 1, FactKind.NUMBER, "of B", "Carol", now)]},
    },
    "remove_fact": lambda a, now: {"facts": {a.fact: {"removed_by": "Carol", "removed_at": now}}},
    "edit_fact": lambda a, now: {
        "facts": {a.fact: {"body": "It sends letters.", "owner": "B", "owner_id": None, "version": 2}},
        "fact_versions": {"new": [_version(a.fact, 2, FactKind.PRODUCT, "It sends letters.", "B", now)]},
    },
    "start_run": lambda a, now: {
        "collection_runs": {
            "new": [
                {
                    "workspace_id": HERE,
                    "campaign_id": a.campaign,
                    "basis": Basis.FILE,
                    "status": RunStatus.RUNNING,
                    "communities": ["harbor"],
                    "funnel": {"found": 0, "duplicate": 0, "filtered": {}, "kept": 0, "kept_of": {}},
                    "started_by": "Carol",
                    "started_at": now,
                    "cost_usd_micros": 0,
                    "files": [],
                    "alive_at": now,
                }
            ]
        }
    },
    "finish_run": lambda a, now: {"collection_runs": {a.run: {"status": RunStatus.CANCELLED, "finished_at": now}}},
    "add_posts": lambda a, now: {
        "posts": {a.post: {"score": 99}},
        "collection_runs": {
            a.run: {
                "funnel": {"found": 2, "duplicate": 1, "filtered": {}, "kept": 1, "kept_of": {"harbor": 1}},
                "alive_at": now,
            }
        },
    },
    "add_comments": lambda a, now: {
        "counted_comments": {
            "new": [
                {
                    "workspace_id": HERE,
                    "run_id": a.run,
                    "collected_at": now,
                    "reddit_id": "com1",
                    "community": "harbor",
                    "post_id": "post1",
                    "created_at": now,
                    "words": 12,
                    "found": ["link"],
                }
            ]
        }
    },
    "save_rules": lambda a, now: {
        "rules_snapshots": {
            "new": [{"workspace_id": HERE, "community": "harbor", "basis": Basis.FILE, "taken_at": now, "rules": []}]
        }
    },
    "keep_demands": lambda a, now: {"demands": {a.demand: None}},
    "confirm_demands": lambda a, now: {"demands": {a.demand: None}},
    "keep_extracts": lambda a, now: {"extracts": {a.post: {"key": "k", "features": "[]", "seen": "[]"}}},
    "create_draft": lambda a, now: {
        "drafts": {
            "new": [
                {
                    "workspace_id": HERE,
                    "campaign_id": a.campaign,
                    "community": "harbor",
                    "status": DraftStatus.GENERATED,
                    "created_by": "Carol",
                    "created_at": now,
                    "poster": "Carol",
                    "poster_id": "carol",
                    "version": 0,
                }
            ]
        },
        "draft_revisions": {"new": [_revision(a.new, 1, "How I learned to send invoices on time.", now)]},
    },
    "add_revision": lambda a, now: {
        "drafts": {a.draft: {"version": 1}},
        "draft_revisions": {"new": [_revision(a.draft, 2, "of B", now)]},
    },
    "keep_marks": lambda a, now: {},  # others are on record
    "decide_mark": lambda a, now: {"marks": {a.mark: {"way": WayOut.FREE, "decided_by": "Carol", "decided_at": now}}},
    "decide_draft": lambda a, now: {
        "drafts": {a.draft: {"status": DraftStatus.DISCARDED, "decided_by": "Carol", "decided_at": now, "version": 1}}
    },
    "drop_draft": lambda a, now: {
        "drafts": {
            a.approved: {"status": DraftStatus.DISCARDED, "decided_by": "Carol", "decided_at": now, "version": 2}
        },
        "approvals": {a.approval: {"ending": Ending.DISCARDED, "ended_by": "Carol", "ended_at": now}},
    },
    "reopen_draft": lambda a, now: _opened(a, Ending.TAKEN_BACK, now),
    "give_draft": lambda a, now: {"drafts": {a.approved: {"poster": "Bob", "poster_id": "bob", "version": 2}}},
    "set_told_directly": lambda a, now: {
        "members": {
            "new": [
                {
                    "workspace_id": HERE,
                    "id": "carol",
                    "name": "Carol",
                    "role": Role.EDITOR,
                    "granted_by": "Carol",
                    "granted_at": now,
                    "told_directly": False,
                }
            ]
        }
    },
    "leave_undisclosed": lambda a, now: {
        "drafts": {a.draft: {"version": 1, "undisclosed_because": "A reason for it.", "undisclosed_by": "Carol"}}
    },
    "put_off_reminder": lambda a, now: {
        "drafts": {a.approved: {"version": 2}},
        "approvals": {a.approval: {"remind_at": now + HOUR}},
    },
    "void_approval": lambda a, now: {
        **_opened(
            a,
            Ending.VOIDED,
            now,
            changes=[
                {"kind": "rule_gone", "name": "No links", "before": "No.", "after": ""},
                {"kind": "fact_changed", "name": "7", "before": "One.", "after": "Two."},
            ],
        ),
        "alerts": {"new": [_alert(AlertKind.DRAFT_VOIDED, "void", now)]},
    },
    "set_four_eyes": lambda a, now: {"workspaces": {HERE: {"four_eyes": True}}},
    "lend_voice": lambda a, now: {"voices": {"new": [{"workspace_id": HERE, "member_id": "carol", "lent_at": now}]}},
    "register_post": lambda a, now: {
        "drafts": {a.approved: {"status": DraftStatus.POSTED, "version": 2}},
        "approvals": {a.approval: {"ending": Ending.POSTED, "ended_by": "Carol", "ended_at": now}},
        "tracked_posts": {
            "new": [
                {
                    "workspace_id": HERE,
                    "fullname": "t3_new",
                    "community": "harbor",
                    "author": "invented_author",
                    "permalink": "/r/harbor/comments/new/",
                    "campaign_id": a.campaign,
                    "draft_id": a.approved,
                    "rules_snapshot_id": a.rules,
                    "profile_id": a.profile,
                    "registered_by": "Carol",
                    "registered_by_id": "carol",
                    "registered_at": now,
                    "posted_at": now,
                    "basis": Basis.REDDIT_API,
                    "state": State.UNVERIFIED,
                    "state_since": now,
                    "locked": False,
                    "title": "Invented title",
                    "audit_due_at": now + timedelta(days=7),
                    "correlation_id": "c-1",
                    "words": "invented title",
                }
            ]
        },
        "watches": {
            "new": [
                {
                    "workspace_id": HERE,
                    "next_check_at": now + timedelta(minutes=5),
                    "gives_way": False,
                    "state_since": now,
                }
            ]
        },
    },
    "snooze_post": lambda a, now: {
        "tracked_posts": {a.tracked: {"snoozed_until": now + HOUR}},
        "alerts": {a.removed_alert: {"next_attempt_at": now + HOUR}},
        "decisions": {"new": [_decision(a, DecisionKind.SNOOZED, now, until=now + HOUR)]},
    },
    "stop_watching": lambda a, now: {
        "tracked_posts": {a.tracked: {"audit_due_at": None}},
        "watches": {a.tracked: {"next_check_at": None, "stopped_at": now}},
        "decisions": {"new": [_decision(a, DecisionKind.STOPPED, now)]},
    },
    "resume_watching": lambda a, now: {  # it is stopped and resumed
        "tracked_posts": {a.tracked: {"audit_due_at": None, "resumed_at": now, "correlation_id": "c-1"}},
        "watches": {a.tracked: {"next_check_at": now}},
        "decisions": {"new": [_decision(a, DecisionKind.STOPPED, now)]},
    },
    "due_now": lambda a, now: {
        "tracked_posts": {a.tracked: {"correlation_id": "c-1"}},
        "watches": {a.tracked: {"next_check_at": now}},
    },
    "record_audit": lambda a, now: {
        "tracked_posts": {a.tracked: {"audit_outcome": AuditOutcome.REJECTION}},
        "alerts": {
            "new": [
                _alert(
                    AlertKind.AUDIT,
                    "audit of B",
                    now,
                    correlation_id="test-correlation",
                    next_attempt_at=a.snoozed_until,
                )
            ]
        },
    },
    "owe_alert": lambda a, now: {
        "alerts": {
            "new": [_alert(AlertKind.TEST, "of B", now, tracked_post_id=a.tracked, next_attempt_at=a.snoozed_until)]
        }
    },
    "retry_alerts": lambda a, now: {  # one is claimed, lost and sent again
        "alerts": {
            a.audit_alert: {"channel": "ALPHA", "next_attempt_at": now},
            "new": [
                {
                    "workspace_id": HERE,
                    "kind": AlertKind.UNDELIVERED,
                    "dedupe_key": f"undelivered:{a.audit_alert}:{now.isoformat()}",
                    "facts": {
                        "lost": [
                            {
                                "alert": a.audit_alert,
                                "kind": "audit",
                                "post": a.stayed,
                                "created_at": (now - timedelta(seconds=1)).isoformat(),
                            }
                        ],
                        "count": 1,
                        "problem": "",
                    },
                    "created_at": now,
                    "attempts": 0,
                    "correlation_id": "test-correlation",
                    "told_with": a.audit_alert,
                    "urgent": True,
                }
            ],
        }
    },
    "add_pattern": lambda a, now: {
        "patterns": {
            "new": [
                {
                    "workspace_id": HERE,
                    "community": "harbor",
                    "category": "link",
                    "feature": "link",
                    "params": {},
                    "body": "something new",
                    "source": "removal",
                    "confidence": 0.3,
                    "created_by": "Carol",
                    "created_at": now,
                }
            ]
        }
    },
    "remove_pattern": lambda a, now: {"patterns": {a.pattern: {"removed_at": now}}},
    "restore_pattern": lambda a, now: {"patterns": {a.removed_pattern: {"removed_at": None}}},
    "state_reason": lambda a, now: {
        "tracked_posts": {a.tracked: {"stated_reason": "of B", "stated_by": "Carol", "stated_at": now}},
        "decisions": {"new": [_decision(a, DecisionKind.REASON_GIVEN, now)]},
        "patterns": {a.guess: {"removed_at": now}},
    },
    "unstate_reason": lambda a, now: {  # it is given and undone
        "decisions": {
            "new": [_decision(a, kind, now) for kind in (DecisionKind.REASON_GIVEN, DecisionKind.REASON_UNDONE)]
        }
    },
    "link_account": lambda a, now: {
        "accounts": {
            "new": [
                {
                    "workspace_id": HERE,
                    "name": "b_account",
                    "name_folded": "b_account",
                    "state": AccountState.UNKNOWN,
                    "state_since": now,
                    "linked_by": "Carol",
                    "linked_by_id": "carol",
                }
            ]
        }
    },
    "unlink_account": lambda a, now: {"accounts": {a.new: {"linked_by": None, "linked_by_id": None}}},
    "refuse_offer": lambda a, now: {"offers": {a.offer: {"refused_by": "Carol", "refused_at": now, "title": None}}},
    "ask_consent": lambda a, now: {
        "consent_requests": {
            "new": [
                {
                    "workspace_id": HERE,
                    "member_id": "carol",
                    "member_name": "Carol",
                    "account_name": "Plain_Person",
                    "state_sha256": "state of B",
                    "asked_at": now,
                    "expires_at": now + HOUR,
                }
            ]
        }
    },
    "sign_in_account": lambda a, now: {
        "accounts": {
            a.signed_in: {
                "name": "alpha_signed",
                "linked_by": "Carol",
                "linked_by_id": "carol",
                "signed_in_at": now,
                "sealed_token": "sealed by B",
            }
        }
    },
    "end_consent": lambda a, now: {
        "accounts": {a.signed_in: {"signed_in_at": None, "consent_gone_at": now, "sealed_token": None}},
        "alerts": {"new": [_alert(AlertKind.CONSENT_GONE, "gone", now)]},
    },
    "set_plan": lambda a, now: {
        "plans": {
            HERE: {
                "monthly_cap_usd_micros": 50_000_000,
                "max_tracked_posts": 2_000,
                "max_campaigns": 3,
                "name": PlanName.GROWTH,
            }
        }
    },
    "reserve": lambda a, now: {
        "reservations": {
            "new": [
                {
                    "workspace_id": HERE,
                    "task": "draft",
                    "model": "unknown",
                    "amount_usd_micros": 10,
                    "reserved_by": "Carol",
                    "created_at": now,
                    "expires_at": now + HOUR,
                }
            ]
        }
    },
    "book": lambda a, now: {
        "reservations": {a.reservation: {"closed_at": now}},
        "usage_events": {
            "new": [
                {
                    "workspace_id": HERE,
                    "reservation_id": a.reservation,
                    "task": "t",
                    "model": "m",
                    "prompt_tokens": 1,
                    "completion_tokens": 1,
                    "cost_usd_micros": 1,
                    "cost_basis": "provider",
                    "at": now - timedelta(seconds=1),  # when it was reserved
                }
            ]
        },
    },
    "release": lambda a, now: {"reservations": {a.reservation: {"closed_at": now}}},
    "refuse_place": lambda a, now: {
        "refusals": {
            "new": [
                {
                    "workspace_id": HERE,
                    "place": "a place of B",
                    "problem": "B",
                    "since": now,
                    "times": 1,
                    "again_at": now + timedelta(minutes=10),
                }
            ]
        }
    },
}
