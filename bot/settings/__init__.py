"""Every setting of the program: one frozen `Settings`, read once and validated once.

Values come from the environment and from a `.env` file (the environment wins); each `BCRAO_NAME` may instead be given
as `BCRAO_NAME_FILE`, the path of a file that holds it, which is how container platforms hand over secrets. An empty
value counts as not given. `.env.example` and docs/settings.md are generated from this module (tools/make_docs.py).
"""

from __future__ import annotations

import base64
import difflib
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    SecretStr,
    ValidationError,
)
from pydantic.fields import FieldInfo

from bot.setting_values import (
    SECRET_KEY_CHARACTERS_MIN,
    Model,
    Token,
    WebUrl,
    base_of_requests,
    known_database,
    long_enough,
    parts_of,
    prices_of,
    secret_beginning,
    url_of,
    user_agent_form,
)
from bot.slack_app import INSTALLED_PATH
from core.errors import BadArgument, BadSettings, FilesUnavailable
from core.texts.pasted import setting_value, without_marks

PREFIX = "BCRAO_"
FILE_SUFFIX = "_FILE"
MAX_FILE_BYTES = 64 * 1024  # of .env and of a NAME_FILE: anything larger is a wrong path
REDIRECT_PATH = "/reddit/linked"
LOCAL_PORT = "8480"
# Read by tools/install and by the test suite, before and beside the program.
_NOT_OURS = re.compile(r"BCRAO_(VENV|TEST_[A-Z_]+)")


def _about(
    group: str, description: str, default: Any = None, *, example: str = "", says_default: str = "", **limits: Any
) -> Any:
    """A field with what the generated documentation says of it; `says_default` where the default is made at start."""
    extra: dict[str, JsonValue] = {"group": group, "example": example, "says_default": says_default}
    return Field(default=default, description=description, json_schema_extra=extra, **limits)


# ---------------------------------------------------------------- the settings


class Settings(BaseModel):
    """All settings, valid together. Secrets are `SecretStr`: shown as stars. Addresses have no final slash."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    data_dir: Path = _about(
        "Program", "Folder for the database file, the key file, the terminal's history and exports.", Path("data")
    )
    database_url: Annotated[SecretStr, AfterValidator(known_database)] = _about(
        "Program",
        "The database: sqlite:///path for one program on one machine, postgresql://… to share it between several.",
        SecretStr("sqlite:///data/bcrao.sqlite3"),
        example="postgresql://bcrao:password@localhost/bcrao",
        says_default="bcrao.sqlite3 in the data folder",
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(lambda v: v.lower() if isinstance(v, str) else v)
    ] = _about("Program", "How much is logged to standard error: debug, info, warning or error.", "warning")
    log_format: Literal["text", "json"] = _about(
        "Program", "text for people, json (one object a line) for machines.", "text"
    )
    secret_key: Annotated[SecretStr, AfterValidator(long_enough)] | None = _about(
        "Program",
        f"Encrypts credentials kept in the database; at least {SECRET_KEY_CHARACTERS_MIN} characters.",
        says_default="made at first need, kept in secret.key in the data folder",
    )

    listen: str | None = _about(
        "Program",
        "host:port to hear on: browsers that come back from Reddit's or Slack's page, and Slack's requests.",
        example="127.0.0.1:8480",
        pattern=r"^[\w.-]+:\d{2,5}$",
    )
    public_url: WebUrl | None = _about(
        "Program",
        "Where browsers and Slack reach what BCRAO_LISTEN serves, when a proxy with https stands before it.",
        says_default="http://localhost with the port of BCRAO_LISTEN, which reaches this machine only",
        example="https://bcrao.example.com",
    )

    max_monthly_cap_usd: float | None = _about(
        "Program",
        "The most that any workspace may spend in a month, in dollars, on models and collecting together. It holds for "
        "caps that were set before, too; `plan set` cannot pass it.",
        says_default="no ceiling: an admin of a workspace sets its cap, which is $10 at first",
        example="25",
        ge=0,
        le=1_000_000,
        allow_inf_nan=False,
    )

    reddit_client_id: str | None = _about(
        "Reddit", "The app's id under reddit.com/prefs/apps. Turns the Reddit API on, with the next two.", min_length=1
    )
    reddit_client_secret: Token | None = _about("Reddit", "The app's secret.")
    reddit_user_agent: Annotated[str, AfterValidator(user_agent_form)] | None = _about(
        "Reddit",
        "Who is asking, in Reddit's form: <platform>:<app id>:<version> (by /u/<name>). Never a browser's.",
        example="linux:com.example.bcrao:0.1.0 (by /u/your_name)",
    )
    reddit_ends_on: date | None = _about(
        "Reddit",
        "The last day on which this access is promised to work, when one was announced. `status` speaks of it in time.",
        example="2027-06-30",
    )
    reddit_web_client_id: str | None = _about(
        "Reddit",
        "The id of a web app under reddit.com/prefs/apps, whose redirect address is as docs/accounts.md says. Turns "
        "signing in of linked accounts on. It may be the same app as above.",
        min_length=1,
    )
    reddit_web_client_secret: Token | None = _about("Reddit", "The web app's secret.")
    reddit_url: WebUrl = _about("Reddit", "Where access tokens are issued.", "https://www.reddit.com")
    reddit_oauth_url: WebUrl = _about("Reddit", "Where the Reddit API answers.", "https://oauth.reddit.com")
    reddit_public_url: WebUrl = _about(
        "Reddit", "Where posts are looked at logged out, and share links are resolved.", "https://www.reddit.com"
    )

    apify_token: Token | None = _about("Apify", "API token. Turns collecting through Apify on.")
    apify_actor: str = _about(
        "Apify",
        "The actor that reads Reddit, as owner/name.",
        "trudax/reddit-scraper-lite",
        pattern=r"^[\w.-]+[/~][\w.-]+$",
    )
    apify_api_url: WebUrl = _about("Apify", "Where the Apify API answers.", "https://api.apify.com")
    apify_max_charge_usd: float = _about(
        "Apify", "The most one collecting run may cost, in dollars.", 2.0, gt=0, le=1000
    )

    llm_draft_model: Model | None = _about(
        "Model",
        "The model that writes drafts, as provider/model. Without it drafts are outlines of your own facts.",
        example="openai/gpt-4.1-mini",
    )
    llm_classify_model: Model | None = _about(
        "Model",
        "A cheaper model that reads a moderator's pasted message whose cause the words alone do not tell.",
        says_default="the draft model",
        example="openai/gpt-4.1-nano",
    )
    llm_fallback_models: Annotated[tuple[Model, ...], BeforeValidator(parts_of)] = _about(
        "Model",
        "Models to try, in this order, when the draft model fails; with commas.",
        (),
        example="openai/gpt-4.1-nano",
    )
    llm_prices: Annotated[Mapping[Model, tuple[float, float]], BeforeValidator(prices_of)] = _about(
        "Model",
        "What models cost, as model=prompt/answer in dollars per million tokens, with commas. Only a price of 0 here "
        "makes a model free, such as one on a machine of your own; one whose price nobody knows is booked as dear.",
        {},
        says_default="the provider's own report, else litellm's price map",
        example="ollama_chat/llama3=0,openai/my-model=0.15/0.60",
    )
    llm_api_base: Annotated[WebUrl, AfterValidator(base_of_requests)] | None = _about(
        "Model",
        "Base address of an OpenAI-compatible server; of most it ends in /v1.",
        says_default="the provider's own",
        example="http://127.0.0.1:11434/v1",
    )
    llm_api_key: Token | None = _about("Model", "API key of the model's provider.")
    llm_classify_api_base: Annotated[WebUrl, AfterValidator(base_of_requests)] | None = _about(
        "Model",
        "Base address for the classifying model alone. A model with an address or a key of its own takes neither from "
        "the draft model.",
        says_default="as for the draft model, or the provider's own when the classifying model has a key of its own",
        example="http://127.0.0.1:11434/v1",
    )
    llm_classify_api_key: Token | None = _about("Model", "API key for the classifying model alone.")
    llm_fallback_api_base: Annotated[WebUrl, AfterValidator(base_of_requests)] | None = _about(
        "Model",
        "Base address for the fallback models, so that they can be another provider's.",
        says_default="as for the draft model, or the provider's own when the fallback models have a key of their own",
        example="https://openrouter.ai/api/v1",
    )
    llm_fallback_api_key: Token | None = _about("Model", "API key for the fallback models.")

    discord_token: Token | None = _about("Discord", "The bot's token. Turns the Discord front end on.")
    discord_application_id: str | None = _about(
        "Discord",
        "The application's id, for the invite link that `manifest discord` prints.",
        says_default="read from the token",
        pattern=r"^\d{15,22}$",
    )
    discord_api_url: WebUrl = _about("Discord", "Where the Discord API answers.", "https://discord.com/api/v10")
    discord_gateway_url: Annotated[str, url_of("ws", "wss")] = _about(
        "Discord", "Where the Discord gateway answers.", "wss://gateway.discord.gg"
    )

    slack_bot_token: Annotated[Token, secret_beginning("xoxb-")] | None = _about(
        "Slack", "Bot token (xoxb-…) of one workspace. Turns the Slack front end on, with one of the next two."
    )
    slack_app_token: Annotated[Token, secret_beginning("xapp-")] | None = _about(
        "Slack", "App-level token (xapp-…) with connections:write, for Socket Mode."
    )
    slack_signing_secret: Token | None = _about(
        "Slack",
        "Signing secret, for Slack's requests over HTTP (/slack/events at BCRAO_LISTEN) when there is no app token.",
    )
    slack_client_id: str | None = _about(
        "Slack",
        "The app's client id, in place of a bot token: any number of workspaces install the app at /slack/install.",
        pattern=r"^\d+\.\d+$",
    )
    slack_client_secret: Token | None = _about("Slack", "The app's client secret.")
    slack_api_url: WebUrl = _about("Slack", "Where the Slack API answers.", "https://slack.com/api")
    slack_authorize_url: WebUrl = _about(
        "Slack", "The page on which a workspace installs the app.", "https://slack.com/oauth/v2/authorize"
    )

    @property
    def max_monthly_cap_usd_micros(self) -> int | None:
        """The operator's ceiling, rounded down to whole micro-dollars."""
        if self.max_monthly_cap_usd is None:
            return None
        return int(Decimal(repr(self.max_monthly_cap_usd)) * 1_000_000)

    @property
    def wants_discord(self) -> bool:
        return self.discord_token is not None

    @property
    def wants_slack(self) -> bool:
        return self.slack_bot_token is not None or self.wants_slack_installs

    @property
    def wants_slack_installs(self) -> bool:
        """Several Slack workspaces, each by installing the app."""
        return self.slack_client_id is not None

    @property
    def wants_slack_http(self) -> bool:
        """Slack sends its requests to `listen`, because there is no app token to open a connection with."""
        return self.wants_slack and self.slack_app_token is None

    @property
    def wants_reddit(self) -> bool:
        return self.reddit_client_id is not None

    @property
    def wants_accounts(self) -> bool:
        """Owners of Reddit accounts can sign in."""
        return self.reddit_web_client_id is not None

    @property
    def redirect_url(self) -> str:
        """Where Reddit sends the browser after the consent page, exactly as the web app must have it registered."""
        return f"{self.public_address}{REDIRECT_PATH}"

    @property
    def slack_redirect_url(self) -> str:
        """Where Slack sends the browser after the page that installs the app, exactly as the app must have it."""
        return f"{self.public_address}{INSTALLED_PATH}"

    @property
    def public_address(self) -> str:
        """Where browsers reach what `listen` serves."""
        port = self.listen.rpartition(":")[2] if self.listen else LOCAL_PORT
        return self.public_url or f"http://localhost:{port}"

    @property
    def wants_apify(self) -> bool:
        return self.apify_token is not None

    @property
    def wants_model(self) -> bool:
        return self.llm_draft_model is not None

    def llm_access(self, task: Literal["draft", "classify", "fallback"]) -> tuple[str | None, SecretStr | None]:
        """Address and key for a task's models. A key goes to no address that it was not given for."""
        own = {
            "draft": (None, None),
            "classify": (self.llm_classify_api_base, self.llm_classify_api_key),
            "fallback": (self.llm_fallback_api_base, self.llm_fallback_api_key),
        }[task]
        return own if any(own) else (self.llm_api_base, self.llm_api_key)

    @property
    def llm_api_base_may_lack_v1(self) -> bool:
        """The model's address is a bare host, and the model one of OpenAI's protocol, which most serve under /v1."""
        if self.llm_api_base is None or self.llm_draft_model is None:
            return False
        provider = self.llm_draft_model.partition("/")[0] if "/" in self.llm_draft_model else "openai"
        return provider in _OPENAI_LIKE and not urlsplit(self.llm_api_base).path

    @property
    def discord_application(self) -> str | None:
        """The application's id: as given, else from the token, whose first part spells it. Not a secret."""
        if self.discord_application_id or self.discord_token is None:
            return self.discord_application_id
        first = self.discord_token.get_secret_value().split(".")[0]
        try:
            spelled = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
        except ValueError:
            return None
        return spelled if re.fullmatch(r"\d{15,22}", spelled) else None


_OPENAI_LIKE = frozenset({"openai", "custom_openai", "openai_like", "hosted_vllm", "lm_studio", "litellm_proxy"})

# What makes a gateway half-configured: when the first is given, one of each group that follows must be given too.
_NEEDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reddit_client_id", ("reddit_client_secret",)),
    ("reddit_client_id", ("reddit_user_agent",)),
    ("reddit_client_secret", ("reddit_client_id",)),
    ("reddit_user_agent", ("reddit_client_id", "reddit_web_client_id")),
    ("reddit_ends_on", ("reddit_client_id",)),
    ("reddit_web_client_id", ("reddit_web_client_secret",)),
    ("reddit_web_client_id", ("reddit_user_agent",)),
    ("reddit_web_client_secret", ("reddit_web_client_id",)),
    ("listen", ("reddit_web_client_id", "slack_client_id", "slack_signing_secret")),
    ("public_url", ("listen",)),
    ("apify_actor", ("apify_token",)),
    ("llm_draft_model", ("llm_api_key", "llm_api_base")),
    ("llm_api_key", ("llm_draft_model",)),
    ("llm_api_base", ("llm_draft_model",)),
    ("llm_fallback_models", ("llm_draft_model",)),
    ("llm_classify_model", ("llm_draft_model",)),
    ("llm_prices", ("llm_draft_model",)),
    ("llm_classify_api_base", ("llm_classify_model",)),
    ("llm_classify_api_key", ("llm_classify_model",)),
    ("llm_fallback_api_base", ("llm_fallback_models",)),
    ("llm_fallback_api_key", ("llm_fallback_models",)),
    ("slack_bot_token", ("slack_app_token", "slack_signing_secret")),
    ("slack_app_token", ("slack_bot_token", "slack_client_id")),
    ("slack_signing_secret", ("slack_bot_token", "slack_client_id")),
    ("slack_signing_secret", ("slack_app_token", "listen")),
    ("slack_signing_secret", ("slack_app_token", "public_url")),
    ("slack_client_id", ("slack_client_secret",)),
    ("slack_client_id", ("slack_app_token", "slack_signing_secret")),
    ("slack_client_id", ("listen",)),
    ("slack_client_id", ("public_url",)),
    ("slack_client_secret", ("slack_client_id",)),
)
# Settings that contradict each other.
_EITHER: tuple[tuple[str, str, str], ...] = (
    ("slack_bot_token", "slack_client_id", "Keep the first for one Slack workspace, or the second for several."),
)


# ---------------------------------------------------------------- reading them


@dataclass(frozen=True, slots=True)
class _Problem:
    what: str
    do: str


def variable(name: str) -> str:
    """The full name of a field's variable: `log_level` → `BCRAO_LOG_LEVEL`."""
    return PREFIX + name.upper()


def load_settings(environ: Mapping[str, str], dotenv_path: Path | None) -> Settings:
    """Read and validate everything. `dotenv_path` need not exist.

    Raises `BadSettings` that lists every problem with the variable's full name and what to do. The value of a secret
    is never part of it, nor of anything it is chained to.
    """
    given, problems = _gather(environ, dotenv_path)
    if not problems:
        if "data_dir" in given:
            given["data_dir"] = os.path.expanduser(given["data_dir"])
        if "database_url" not in given:
            path = Path(given.get("data_dir", "data")) / "bcrao.sqlite3"
            given["database_url"] = f"sqlite:///{path.as_posix()}"
        problems = _half_configured(given)
    if not problems:
        try:
            return Settings(**given)  # type: ignore[arg-type]  # texts: pydantic turns them into what the fields say
        except ValidationError as error:
            problems = [_say(item) for item in error.errors(include_url=False, include_input=False)]
    if len(problems) == 1:
        raise BadSettings(problems[0].what, problems[0].do)
    raise BadSettings("\n".join(f"{p.what} {p.do}" for p in problems), "docs/settings.md describes every setting.")


def _gather(environ: Mapping[str, str], dotenv_path: Path | None) -> tuple[dict[str, str], list[_Problem]]:
    """Raw texts by field name."""
    merged = {**_read_dotenv(dotenv_path), **environ} if dotenv_path else dict(environ)
    fields = {variable(name): name for name in Settings.model_fields}
    given: dict[str, str] = {}
    problems: list[_Problem] = []
    for key in sorted(merged):
        if not key.upper().startswith(PREFIX) or _NOT_OURS.fullmatch(key):
            continue
        value = without_marks(merged[key])
        plain = key.removesuffix(FILE_SUFFIX)
        if key not in fields and plain not in fields:
            nearest = difflib.get_close_matches(key.upper(), [*fields, *(f + FILE_SUFFIX for f in fields)], n=1)
            do = f"Did you mean {nearest[0]}?" if nearest else "Remove it, or look it up in docs/settings.md."
            problems.append(_Problem(f"{key} is not a setting.", do))
        elif value and key in fields:
            problems += _take(given, fields[key], value)
        elif value and merged.get(plain, "").strip():
            problems.append(_Problem(f"{plain} and {key} are both given.", "Keep one of them."))
        elif value:
            text = without_marks(_read_small_file(Path(value), key))
            if not text:
                problems.append(_Problem(f"The file that {key} names is empty.", f"Write the value of {plain} to it."))
            problems += _take(given, fields[plain], text)
    return given, problems


def _take(given: dict[str, str], name: str, raw: str) -> list[_Problem]:
    """Add the cleaned value of a field; an empty value counts as not given. Returns what is wrong with it."""
    try:
        value = setting_value(variable(name), raw)
    except BadArgument as error:
        return [_Problem(f"{variable(name)} {error.what}", error.do)]
    if value:
        given[name] = value
    return []


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    # Not dotenv_values(): it replaces ${…}, which a secret may well contain, and only warns about broken lines.
    for binding in parse_stream(StringIO(_read_small_file(path, ".env"))):
        if binding.error or (binding.key is not None and binding.value is None):
            raise BadSettings(
                f"Line {binding.original.line} of {path} cannot be read.", "Write NAME=value, one on each line."
            )
        if binding.key is not None and binding.value is not None:
            found[binding.key] = binding.value
    return found


def _read_small_file(path: Path, named_by: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise BadSettings(
            f"{named_by}: the file {path} cannot be read ({reason}).", "Correct the path or its permissions."
        ) from None
    if len(content) > MAX_FILE_BYTES:
        raise BadSettings(f"{named_by}: the file {path} is too large for a setting.", "Correct the path.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass  # raised below, because this error carries the file's content, and would be the context of ours
    raise BadSettings(f"{named_by}: the file {path} is not UTF-8 text.", "Save it as UTF-8.")


def _half_configured(given: Mapping[str, str]) -> list[_Problem]:
    problems = []
    for name, needed in _NEEDS:
        if name in given and not any(other in given for other in needed):
            wanted = " or ".join(variable(other) for other in needed)
            problems.append(_Problem(f"{variable(name)} is set, but {wanted} is missing.", f"Set {wanted} too."))
    for one, other, do in _EITHER:
        if one in given and other in given:
            problems.append(_Problem(f"{variable(one)} and {variable(other)} are both set.", do))
    return problems


_KINDS: Mapping[str, str] = {
    "string_pattern_mismatch": "is not in the form that is expected.",
    "string_too_short": "is empty.",
    "float_parsing": "is not a number.",
    "greater_than": "is too small.",
    "greater_than_equal": "is too small.",
    "finite_number": "is not a number.",
    "less_than_equal": "is too large.",
}


def _say(error: Mapping[str, Any]) -> _Problem:
    """Returns one validation error in our words, made only of this module's literals and the field's documentation."""
    name = str(error["loc"][0])
    about = describe(name)
    if error["type"] == "value_error":
        what, _, do = str(error["ctx"]["error"]).partition(". ")
        return _Problem(f"{variable(name)} {what.rstrip('.')}.", do or about.description)
    if error["type"] == "literal_error":
        return _Problem(f"{variable(name)} is not one of the words it can be.", about.description)
    return _Problem(f"{variable(name)} {_KINDS.get(error['type'], 'is not valid.')}", about.description)


# ---------------------------------------------------------------- for the documentation


@dataclass(frozen=True, slots=True)
class SettingDescription:
    name: str  # of the variable, with prefix
    group: str
    description: str
    default: str  # "" when there is none
    example: str
    secret: bool


def describe(name: str) -> SettingDescription:
    info = Settings.model_fields[name]
    extra = info.json_schema_extra
    assert isinstance(extra, dict)  # noqa: S101 - every field is made by _about
    return SettingDescription(
        name=variable(name),
        group=str(extra["group"]),
        description=info.description or "",
        default=str(extra["says_default"]) or _show_default(info),
        example=str(extra["example"]),
        secret="SecretStr" in str(info.annotation),
    )


def describe_all() -> Sequence[SettingDescription]:
    """Every setting, in the order of declaration."""
    return tuple(describe(name) for name in Settings.model_fields)


def _show_default(info: FieldInfo) -> str:
    return "" if info.default in (None, ()) else str(info.default)


# ---------------------------------------------------------------- the key


def secret_key(settings: Settings) -> SecretStr:
    """The key that credentials are encrypted with: as set, else from `secret.key` in the data folder.

    That file is made at the first call (mode 0600); two programs that start at once end up with the same key. Raises
    `FilesUnavailable` when it cannot be made or read, or is damaged: a new key would make what is stored unreadable.
    """
    if settings.secret_key is not None:
        return settings.secret_key
    path = settings.data_dir / "secret.key"
    if not path.exists():
        _make_key_file(path)
    try:
        text = _read_small_file(path, "the key file").strip()
    except BadSettings as error:
        raise FilesUnavailable(error.what, error.do) from None
    if len(text) < SECRET_KEY_CHARACTERS_MIN:
        raise FilesUnavailable(
            f"The key file {path} is damaged.",
            "Restore it from a backup, or delete it, then link accounts and install in Slack workspaces again.",
        )
    return SecretStr(text)


def _make_key_file(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            # A link, not a rename: the file appears whole, and never replaces the key of a program that was quicker.
            os.link(draft, path)
        except FileExistsError:
            return
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise FilesUnavailable(
            f"The key file {path} cannot be made ({reason}).",
            f"Make the folder writable, or set {variable('secret_key')}.",
        ) from None
