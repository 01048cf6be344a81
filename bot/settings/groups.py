"""What can be set: a frozen group of settings for each integration.

A field's alias is its variable without the prefix. A group is there when one of its own variables is given, and then
all that it requires must be given, so that no part of the program meets half an integration. A variable that several
groups take (the user agent, the address to listen on) turns none of them on.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, SecretStr
from pydantic_core import PydanticUndefined

from bot.settings.values import (
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

REDIRECT_PATH = "/reddit/linked"
LOCAL_PORT = "8480"

ModelBase: TypeAlias = Annotated[WebUrl, AfterValidator(base_of_requests)]


def _variable(
    name: str, default: Any = PydanticUndefined, *, example: str = "", says_default: str = "", **field: Any
) -> Any:
    """Returns a field with its variable (without the prefix); the words below it are what the generated documentation
    says. A field without a default is required in its group. `says_default`: the words for a default made at start.
    """
    extra: dict[str, JsonValue] = {"example": example, "says_default": says_default}
    return Field(default=default, alias=name, json_schema_extra=extra, **field)


@dataclass(frozen=True, slots=True)
class OnlyOne:
    """Marks a field that takes one of several groups. Settings for two of them are refused with `do`, what to do."""

    do: str


class Group(BaseModel):
    """Settings that are valid together. Secrets are `SecretStr`: shown as stars. Addresses have no final slash."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True, use_attribute_docstrings=True
    )

    # What the types do not require: (a variable, the variables of which one must then be given too).
    needs: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()


# What several groups take.
_USER_AGENT: Mapping[str, Any] = {
    "name": "reddit_user_agent",
    "description": "Who is asking, in Reddit's form: <platform>:<app id>:<version> (by /u/<name>). Never a browser's.",
    "example": "linux:com.example.bcrao:0.1.0 (by /u/your_name)",
}
_LISTEN: Mapping[str, Any] = {
    "name": "listen",
    "description": "host:port to listen on for browsers that return from Reddit or Slack, and for Slack's requests.",
    "example": "127.0.0.1:8480",
    "pattern": r"^[\w.-]+:\d{2,5}$",
}
_PUBLIC_URL: Mapping[str, Any] = {
    "name": "public_url",
    "description": "Where browsers and Slack reach what BCRAO_LISTEN serves, when an https proxy is in front of it.",
    "says_default": "http://localhost with the port of BCRAO_LISTEN, which reaches this machine only",
    "example": "https://bcrao.example.com",
}
UserAgent: TypeAlias = Annotated[str, AfterValidator(user_agent_form)]


class RedditAddresses(Group):
    """Where Reddit answers, for whoever asks it: with an app, as a linked account, or logged out."""

    url: WebUrl = _variable("reddit_url", "https://www.reddit.com")
    """Where access tokens are issued."""
    oauth_url: WebUrl = _variable("reddit_oauth_url", "https://oauth.reddit.com")
    """Where the Reddit API answers."""
    public_url: WebUrl = _variable("reddit_public_url", "https://www.reddit.com")
    """Where posts are looked at logged out, and share links are resolved."""


class RedditApp(Group):
    """The app that reads as a third party."""

    client_id: str = _variable("reddit_client_id", min_length=1)
    """The app's id under reddit.com/prefs/apps. Turns the Reddit API on, with the next two."""
    client_secret: Token = _variable("reddit_client_secret")
    """The app's secret."""
    user_agent: UserAgent = _variable(**_USER_AGENT)
    ends_on: date | None = _variable("reddit_ends_on", None, example="2027-06-30")
    """The last day on which this access is promised to work, when one was announced. `status` warns of it in time."""
    watch_percent: float = _variable("reddit_watch_percent", 5.0, ge=0.1, le=50, allow_inf_nan=False)
    """The share of the key's requests that watching posts may cost, in percent. With more, a large number of posts is
    looked at more often.
    """


class RedditSignIn(Group):
    """The web app through which owners of Reddit accounts sign in."""

    needs = (("public_url", ("listen",)),)

    client_id: str = _variable("reddit_web_client_id", min_length=1)
    """The id of a web app under reddit.com/prefs/apps, whose redirect address is as docs/accounts.md says. Turns
    signing in of linked accounts on. It may be the same app as above.
    """
    client_secret: Token = _variable("reddit_web_client_secret")
    """The web app's secret."""
    user_agent: UserAgent = _variable(**_USER_AGENT)
    listen: str | None = _variable(**_LISTEN, default=None)
    public_url: WebUrl | None = _variable(**_PUBLIC_URL, default=None)


class Apify(Group):
    token: Token = _variable("apify_token")
    """API token. Turns collecting through Apify on."""
    actor: str = _variable("apify_actor", "trudax/reddit-scraper-lite", pattern=r"^[\w.-]+[/~][\w.-]+$")
    """The actor that reads Reddit, as owner/name."""
    api_url: WebUrl = _variable("apify_api_url", "https://api.apify.com")
    """Where the Apify API answers."""
    max_charge_usd: float = _variable("apify_max_charge_usd", 2.0, gt=0, le=1000)
    """The most one collecting run may cost, in dollars."""


ModelTask = Literal["draft", "classify", "fallback", "fallback_2", "fallback_3", "verify"]

_Models: TypeAlias = Annotated[tuple[Model, ...], BeforeValidator(parts_of)]
_Prices: TypeAlias = Annotated[Mapping[Model, tuple[float, float]], BeforeValidator(prices_of)]


class DraftModel(Group):
    needs = (("llm_draft_model", ("llm_api_key", "llm_api_base")),)

    model: Model = _variable("llm_draft_model", example="openai/gpt-4.1-mini")
    """The model that writes drafts, as provider/model. Without it you are asked a few questions instead."""
    api_base: ModelBase | None = _variable(
        "llm_api_base", None, says_default="the provider's own", example="http://127.0.0.1:11434/v1"
    )
    """Base address of an OpenAI-compatible server; most end in /v1."""
    api_key: Token | None = _variable("llm_api_key", None)
    """API key of the model's provider."""

    @property
    def address_may_lack_v1(self) -> bool:
        """Whether the address is a bare host and the model speaks OpenAI's protocol, which most serve under /v1."""
        provider = self.model.partition("/")[0] if "/" in self.model else "openai"
        return self.api_base is not None and provider in _OPENAI_LIKE and not urlsplit(self.api_base).path


_OPENAI_LIKE = frozenset({"openai", "custom_openai", "openai_like", "hosted_vllm", "lm_studio", "litellm_proxy"})


def _own_base(name: str, own_key: str, example: str = "http://127.0.0.1:11434/v1", **field: Any) -> Any:
    says_default = f"as for the draft model, or the provider's own when {own_key}"
    return _variable(name, None, says_default=says_default, example=example, **field)


class ClassifyModel(Group):
    model: Model = _variable("llm_classify_model", says_default="the draft model", example="openai/gpt-4.1-nano")
    """A cheaper model that reads a moderator's pasted message when its words alone do not tell the cause."""
    api_base: ModelBase | None = _own_base("llm_classify_api_base", "the classifying model has a key of its own")
    """Base address for the classifying model alone. A model with an address or a key of its own takes neither from the
    draft model.
    """
    api_key: Token | None = _variable("llm_classify_api_key", None)
    """API key for the classifying model alone."""


def _fallback_base(name: str, example: str) -> Any:
    description = "Base address for these models, so that they can be another provider's."
    return _own_base(name, "these models have a key of their own", example, description=description)


def _fallback_prices(name: str) -> Any:
    return _variable(
        name,
        {},
        description="What these models cost at their provider, as in BCRAO_LLM_PRICES, for a name that costs something "
        "else there.",
        says_default="as BCRAO_LLM_PRICES says",
        example="openai/gpt-4.1-nano=0.12/0.48",
    )


class FallbackModels(Group):
    """Models of one provider. The next providers are groups of the same form."""

    models: _Models = _variable("llm_fallback_models", example="openai/gpt-4.1-nano")
    """Models to try, in this order, when the draft model fails; with commas."""
    api_base: ModelBase | None = _fallback_base("llm_fallback_api_base", "https://openrouter.ai/api/v1")
    api_key: Token | None = _variable("llm_fallback_api_key", None)
    """API key for these models."""
    prices: _Prices = _fallback_prices("llm_fallback_prices")


class SecondFallback(FallbackModels):
    models: _Models = _variable("llm_fallback_2_models", example="openai/gpt-4.1-nano")
    """Models of one more provider, to try when all of BCRAO_LLM_FALLBACK_MODELS fail."""
    api_base: ModelBase | None = _fallback_base("llm_fallback_2_api_base", "https://api.together.xyz/v1")
    api_key: Token | None = _variable("llm_fallback_2_api_key", None)
    """API key for these models."""
    prices: _Prices = _fallback_prices("llm_fallback_2_prices")


class ThirdFallback(FallbackModels):
    models: _Models = _variable("llm_fallback_3_models", example="openai/llama3")
    """Models of one more provider, to try when those fail, too: for example on a machine of your own."""
    api_base: ModelBase | None = _fallback_base("llm_fallback_3_api_base", "http://127.0.0.1:11434/v1")
    api_key: Token | None = _variable("llm_fallback_3_api_key", None)
    """API key for these models."""
    prices: _Prices = _fallback_prices("llm_fallback_3_prices")


class VerifyModel(Group):
    model: Model = _variable("llm_verify_model", says_default="nobody is asked", example="openai/bespoke-minicheck")
    """A model that is asked of each claim of a draft whether the facts support it: a second opinion, which adds advice
    and clears nothing. A small local checker will do (docs/models.md).
    """
    api_base: ModelBase | None = _own_base("llm_verify_api_base", "the verifying model has a key of its own")
    """Base address for the verifying model alone."""
    api_key: Token | None = _variable("llm_verify_api_key", None)
    """API key for the verifying model alone."""


class Models(Group):
    draft: DraftModel
    classify: ClassifyModel | None = None
    fallback: FallbackModels | None = None
    fallback_2: SecondFallback | None = None
    fallback_3: ThirdFallback | None = None
    verify: VerifyModel | None = None
    prices: _Prices = _variable(
        "llm_prices",
        {},
        says_default="the provider's own report, else litellm's price map",
        example="ollama_chat/llama3=0,openai/my-model=0.15/0.60",
    )
    """What models cost, as model=prompt/answer in dollars per million tokens, with commas. Only a price of 0 here makes
    a model free, such as one on a machine of your own. An unknown price is booked as a high one.
    """

    def access(self, task: ModelTask) -> tuple[str | None, SecretStr | None]:
        """Returns address and key for a task's models. A key is only sent to the address that it was given for."""
        own = {"classify": self.classify, "verify": self.verify, **self.fallbacks}.get(task)
        if own is not None and (own.api_base or own.api_key):
            return own.api_base, own.api_key
        return self.draft.api_base, self.draft.api_key

    @property
    def fallbacks(self) -> Mapping[ModelTask, FallbackModels]:
        """The providers that are asked when the draft model fails, in their order."""
        groups: tuple[tuple[ModelTask, FallbackModels | None], ...] = (
            ("fallback", self.fallback),
            ("fallback_2", self.fallback_2),
            ("fallback_3", self.fallback_3),
        )
        return {task: group for task, group in groups if group is not None}

    def prices_for(self, task: ModelTask) -> Mapping[str, tuple[float, float]]:
        """What models cost where this task's are asked."""
        own = self.fallbacks.get(task)
        return {**self.prices, **own.prices} if own is not None else self.prices


class Feeds(Group):
    """Feeds of workspaces' alerts, for readers that reach us."""

    open: Literal["yes"] = _variable("feeds")
    """yes: admins may open a feed of alerts, served at BCRAO_LISTEN."""
    listen: str = _variable(**_LISTEN)
    public_url: WebUrl | None = _variable(**_PUBLIC_URL, default=None)


class Discord(Group):
    token: Token = _variable("discord_token")
    """The bot's token. Turns the Discord front end on."""
    api_url: WebUrl = _variable("discord_api_url", "https://discord.com/api/v10")
    """Where the Discord API answers."""
    gateway_url: Annotated[str, url_of("ws", "wss")] = _variable("discord_gateway_url", "wss://gateway.discord.gg")
    """Where the Discord gateway answers."""
    files_url: WebUrl = _variable("discord_files_url", "https://cdn.discordapp.com")
    """Where Discord keeps attached files; they are downloaded from nowhere else."""

    @property
    def application(self) -> str | None:
        """The application's id, which is the token's first part in base64; None when it is not. Not a secret."""
        first = self.token.get_secret_value().split(".")[0]
        try:
            spelled = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
        except ValueError:
            return None
        return spelled if re.fullmatch(r"\d{15,22}", spelled) else None


class SlackWorkspace(Group):
    """One Slack workspace, whose token is in the settings."""

    bot_token: Annotated[Token, secret_beginning("xoxb-")] = _variable("slack_bot_token")
    """Bot token (xoxb-…) of one workspace. Turns the Slack front end on, with one of the next two."""


class SlackInstalls(Group):
    """Several Slack workspaces, each by installing the app."""

    client_id: str = _variable("slack_client_id", pattern=r"^\d+\.\d+$")
    """The app's client id, in place of a bot token: any number of workspaces install the app at /slack/install."""
    client_secret: Token = _variable("slack_client_secret")
    """The app's client secret."""
    listen: str = _variable(**_LISTEN)
    public_url: WebUrl = _variable(**_PUBLIC_URL)


class SlackSocket(Group):
    """We open a connection to Slack."""

    app_token: Annotated[Token, secret_beginning("xapp-")] = _variable("slack_app_token")
    """App-level token (xapp-…) with connections:write, for Socket Mode."""


class SlackHttp(Group):
    """Slack sends its requests to us."""

    signing_secret: Token = _variable("slack_signing_secret")
    """Signing secret, for Slack's requests over HTTP (/slack/events at BCRAO_LISTEN) when there is no app token."""
    listen: str = _variable(**_LISTEN)
    public_url: WebUrl = _variable(**_PUBLIC_URL)


class Slack(Group):
    access: Annotated[
        SlackWorkspace | SlackInstalls,
        OnlyOne("Keep the first for one Slack workspace, or the second for several."),
    ]
    requests: SlackSocket | SlackHttp
    api_url: WebUrl = _variable("slack_api_url", "https://slack.com/api")
    """Where the Slack API answers."""
    files_url: WebUrl = _variable("slack_files_url", "https://files.slack.com")
    """Where Slack keeps attached files; they are downloaded from nowhere else."""
    authorize_url: WebUrl = _variable("slack_authorize_url", "https://slack.com/oauth/v2/authorize")
    """The page on which a workspace installs the app."""

    @property
    def installs(self) -> SlackInstalls | None:
        return self.access if isinstance(self.access, SlackInstalls) else None

    @property
    def workspace(self) -> SlackWorkspace | None:
        return self.access if isinstance(self.access, SlackWorkspace) else None

    @property
    def socket(self) -> SlackSocket | None:
        return self.requests if isinstance(self.requests, SlackSocket) else None

    @property
    def http(self) -> SlackHttp | None:
        return self.requests if isinstance(self.requests, SlackHttp) else None


class Settings(Group):
    """All settings: those of the program itself, and each integration's group, or None where it is not turned on."""

    data_dir: Path = _variable("data_dir", Path("data"))
    """Folder for the database file, the key file, the terminal's history and exports."""
    database_url: Annotated[SecretStr, AfterValidator(known_database)] = _variable(
        "database_url",
        SecretStr("sqlite:///data/bcrao.sqlite3"),
        example="postgresql://bcrao:password@localhost/bcrao",
        says_default="bcrao.sqlite3 in the data folder",
    )
    """The database: sqlite:///path for one program on one machine, postgresql://… to share it between several."""
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(lambda v: v.lower() if isinstance(v, str) else v)
    ] = _variable("log_level", "warning")
    """How much is logged to standard error: debug, info, warning or error."""
    log_format: Literal["text", "json"] = _variable("log_format", "text")
    """text for people, json (one object a line) for machines."""
    secret_key: Annotated[SecretStr, AfterValidator(long_enough)] | None = _variable(
        "secret_key",
        None,
        description=f"Encrypts credentials kept in the database; at least {SECRET_KEY_CHARACTERS_MIN} characters.",
        says_default="made at first need, kept in secret.key in the data folder",
    )
    max_monthly_cap_usd: float | None = _variable(
        "max_monthly_cap_usd",
        None,
        says_default="no ceiling: an admin of a workspace sets its cap, which is $10 at first",
        example="25",
        ge=0,
        le=1_000_000,
        allow_inf_nan=False,
    )
    """The most that any workspace may spend in a month, in dollars, on models and collecting together. It holds for
    caps that were set before, too; `plan set` cannot pass it.
    """
    reddit: RedditApp | None = None
    sign_in: RedditSignIn | None = None
    reddit_addresses: RedditAddresses = RedditAddresses()
    apify: Apify | None = None
    models: Models | None = None
    discord: Discord | None = None
    discord_application_id: str | None = _variable(
        "discord_application_id", None, says_default="read from the token", pattern=r"^\d{15,22}$"
    )
    """The application's id, for the invite link that `manifest discord` prints."""
    slack: Slack | None = None
    feeds: Feeds | None = None
    webhooks_inside: Literal["no", "yes"] = _variable("webhooks_inside", "no")
    """yes: webhooks may lead into this machine's private networks, and to plain http. Only where all admins of all
    workspaces are trusted.
    """

    @property
    def max_monthly_cap_usd_micros(self) -> int | None:
        """The operator's ceiling, rounded down to whole micro-dollars."""
        if self.max_monthly_cap_usd is None:
            return None
        return int(Decimal(repr(self.max_monthly_cap_usd)) * 1_000_000)

    @property
    def _heard(self) -> tuple[RedditSignIn | SlackInstalls | SlackHttp | Feeds, ...]:
        """The groups that are on and for which the program listens; all take the same two variables."""
        slack = self.slack
        groups = (self.sign_in, slack.installs if slack else None, slack.http if slack else None, self.feeds)
        return tuple(group for group in groups if group is not None)

    @property
    def listen(self) -> str | None:
        """host:port to listen on; None when nothing needs it."""
        return next((group.listen for group in self._heard if group.listen), None)

    @property
    def public_address(self) -> str:
        port = self.listen.rpartition(":")[2] if self.listen else LOCAL_PORT
        return next((group.public_url for group in self._heard if group.public_url), f"http://localhost:{port}")

    @property
    def redirect_url(self) -> str:
        """Where Reddit sends the browser after the consent page, exactly as the web app must have it registered."""
        return f"{self.public_address}{REDIRECT_PATH}"

    @property
    def slack_redirect_url(self) -> str:
        """Where Slack sends the browser after the page that installs the app, exactly as the app must have it."""
        return f"{self.public_address}{INSTALLED_PATH}"

    @property
    def discord_application(self) -> str | None:
        """The application's id, as given or from the token."""
        return self.discord_application_id or (self.discord.application if self.discord else None)
