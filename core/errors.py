"""The two kinds of error (docs/decisions/0011): a `UserError` can be shown as written; anything else is a defect.

An error text says what happened and what to do now. It names no class, blames nobody, and holds no secret.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack


class Do(StrEnum):
    """What a person can do now, which a front end words as its own command."""

    BROWSE_POSTS = "browse_posts"
    CANCEL_COLLECTING = "cancel_collecting"
    CHECK_POST = "check_post"
    COLLECT = "collect"
    CREATE_CAMPAIGN = "create_campaign"
    EDIT_CAMPAIGN = "edit_campaign"
    EDIT_DRAFT = "edit_draft"
    GIVE_REASON = "give_reason"
    GRANT_ROLE = "grant_role"
    HELP = "help"
    INTERVIEW = "interview"
    LINK_ACCOUNT = "link_account"
    LIST_ALERTS = "list_alerts"
    LIST_CAMPAIGNS = "list_campaigns"
    LIST_DRAFTS = "list_drafts"
    LIST_FACTS = "list_facts"
    LIST_OFFERS = "list_offers"
    LIST_PATTERNS = "list_patterns"
    LIST_POSTS = "list_posts"
    LIST_REMOVED_POSTS = "list_removed_posts"
    LIST_ROLES = "list_roles"
    REGISTER_POST = "register_post"
    RESUME_CAMPAIGN = "resume_campaign"
    SET_PLAN = "set_plan"
    SHOW_ACCOUNTS = "show_accounts"
    SHOW_CAMPAIGN = "show_campaign"
    SHOW_COLLECTING = "show_collecting"
    SHOW_COMMUNITY = "show_community"
    SHOW_DRAFT = "show_draft"
    SHOW_FACT = "show_fact"
    SHOW_POST = "show_post"
    SHOW_RULES = "show_rules"
    SHOW_USAGE = "show_usage"
    SNOOZE_POST = "snooze_post"
    STOP_POST = "stop_post"


class Advice(str):
    """What to do now, in words that make sense alone. A front end adds its own command for `act`. `about` is the number
    or name of the record that the command is about.
    """

    act: Do
    about: int | str | None

    def __new__(cls, words: str, act: Do, about: int | str | None = None) -> Advice:
        advice = super().__new__(cls, words)
        advice.act, advice.about = act, about
        return advice

    def __getnewargs__(self) -> tuple[str, Do, int | str | None]:  # type: ignore[override]
        return str(self), self.act, self.about


class UserError(Exception):
    """Something a person can act on.

    `code` is stable, for scripts (`not_found`, `bad_argument` …). `what` says what happened; `do` says what to do now,
    and is an `Advice` when a command does it.
    """

    code = "error"

    def __init__(self, what: str, do: str = "", *, code: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.do = do
        if code is not None:
            self.code = code

    @property
    def shown(self) -> str:
        """The whole text, for the person who asked."""
        return f"{self.what} {self.do}".strip()

    @property
    def for_operator(self) -> tuple[str, str]:
        """What happened and what to do, in words for the operator."""
        return self.what, self.do

    def __str__(self) -> str:
        """For the log."""
        return self.shown


class OperatorError(UserError):
    """Something that only the operator can mend. It is made with words for the operator, which may name hosts and
    files.

    Its `what` and `do` are for members of a chat: they name no host or file, and hold a reference by which the
    operator's words are found in the log.
    """

    shown_what = "The bot cannot do that at the moment."

    def __init__(self, what: str, do: str = "") -> None:
        reference = secrets.token_hex(4)
        again = "Try again in a moment; if it stays, send the reference to who runs the bot."
        super().__init__(f"{self.shown_what} Reference: {reference}.", again)
        self.reference = reference
        self._for_operator = what, do

    @property
    def for_operator(self) -> tuple[str, str]:
        return self._for_operator

    def __str__(self) -> str:
        return f"{' '.join(self._for_operator).strip()} (reference {self.reference})"


class BadArgument(UserError):
    """An argument is missing, malformed or out of range. `param` names it, so that a form can mark the field."""

    code = "bad_argument"

    def __init__(self, what: str, do: str = "", *, param: str | None = None) -> None:
        super().__init__(what, do)
        self.param = param


class UnknownCommand(UserError):
    code = "unknown_command"


class NotFound(UserError):
    """The thing named does not exist in this workspace (a thing of another workspace is not found either)."""

    code = "not_found"


class Forbidden(UserError):
    """The member's role does not allow this. The text says who may."""

    code = "forbidden"


class AlreadyExists(UserError):
    code = "already_exists"


class AlreadyDecided(UserError):
    """Somebody else was first, a normal outcome of compare-and-set. The text says who, what and when."""

    code = "already_decided"

    def __init__(self, what: str, do: str = "", *, decided_by: str, decided_at: datetime) -> None:
        super().__init__(what, do)
        self.decided_by = decided_by
        self.decided_at = decided_at


class NotAllowedNow(UserError):
    """The request is clear, but something must change first (paused campaign, nothing collected …)."""

    code = "not_allowed_now"


class OverBudget(UserError):
    """A cap of the workspace's plan would be passed. Nothing was spent."""

    code = "over_budget"


class ConsentGone(UserError):
    """Reddit no longer accepts the consent of a linked account: taken back by its owner, expired, or never valid."""

    code = "consent_gone"


class NotInstalled(UserError):
    """The bot has no permission (any more) to act in a chat workspace. The text says since when, and where to install
    it.
    """

    code = "not_installed"


class BadFile(UserError):
    """A file cannot be taken: it does not arrive, or cannot be read. The text says what is wrong with it, and where in
    a file of posts.
    """

    code = "bad_file"


class StorageUnavailable(OperatorError):
    """The database cannot take this now: locked, read-only, full, unreachable, or newer than the program."""

    code = "storage_unavailable"
    shown_what = "The bot's database cannot be reached at the moment."


class FilesUnavailable(OperatorError):
    """A folder or file of the program cannot be read or written."""

    code = "files_unavailable"
    shown_what = "The bot cannot use one of its own files at the moment."


class BadSettings(UserError):
    """A setting is missing or malformed. The text names the variable, and never shows the value of a secret."""

    code = "bad_settings"


class RemoteError(UserError):
    """A remote did not give a usable answer. Never evidence about a post.

    `remote` is its name here (`reddit`, `apify`, `llm`, `web`). `permanent`: trying again without a change is useless
    (a revoked key). `retry_after_s` is the wait that the remote asked for, in seconds, if it did. `status` is the HTTP
    status, if there was one. `is_hiccup`: such a failure often passes within seconds (an answer that cannot be read, a
    broken connection), so that trying again at once may help.
    """

    code = "remote_unavailable"

    def __init__(
        self,
        what: str,
        do: str = "",
        *,
        remote: str,
        permanent: bool = False,
        retry_after_s: float | None = None,
        status: int | None = None,
        is_hiccup: bool = False,
    ) -> None:
        super().__init__(what, do)
        self.remote = remote
        self.is_hiccup = is_hiccup
        self.permanent = permanent
        self.retry_after_s = retry_after_s
        self.status = status


class Failure(TypedDict, total=False):
    """What else may be known of a `RemoteError`."""

    permanent: bool
    retry_after_s: float | None
    status: int | None


class PaidCallFailed(RemoteError):
    """A call of a model or a run of an actor failed.

    `spent_usd_micros` is what it cost anyway: 0 when the request was refused or never sent, None when nobody knows
    (then the worst case counts).
    """

    def __init__(
        self, what: str, do: str = "", *, remote: str, spent_usd_micros: int | None = None, **known: Unpack[Failure]
    ) -> None:
        super().__init__(what, do, remote=remote, **known)
        self.spent_usd_micros = spent_usd_micros


class ModelFailed(PaidCallFailed):
    """A language model gave no usable answer.

    `reason` is what happened, in one word, for the code that decides what to try next ("" when nothing was sent):
    `rate`, `trouble`, `cut`, `truncated`, `thinking`, `malformed`, `refused` … as `core.gateways.llm_worker` names
    them. `answered` is the text of a `malformed` answer, which is never shown.
    """

    def __init__(
        self,
        what: str,
        do: str = "",
        *,
        spent_usd_micros: int | None = None,
        prompt_tokens: int = 0,
        completion_tokens: int = 0,
        reason: str = "",
        answered: str | None = None,
        **known: Unpack[Failure],
    ) -> None:
        super().__init__(what, do, remote="llm", spent_usd_micros=spent_usd_micros, **known)
        self.prompt_tokens = prompt_tokens
        self.completion_tokens = completion_tokens
        self.reason = reason
        self.answered = answered
