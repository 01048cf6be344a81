"""Which settings make sense together, what is refused in which words, and which values stay secret."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.settings import Settings, describe_all, load_settings
from bot.settings.groups import Group
from core.errors import BadSettings
from tests.bot.settings.refused import SECRET, everything_said, refusal

REDDIT = {
    "BCRAO_REDDIT_CLIENT_ID": "client",
    "BCRAO_REDDIT_CLIENT_SECRET": "reddit-secret",
    "BCRAO_REDDIT_USER_AGENT": "linux:com.example.bcrao:0.1.0 (by /u/somebody)",
}
INSTALLS = {
    "BCRAO_SLACK_CLIENT_ID": "12.34",
    "BCRAO_SLACK_CLIENT_SECRET": "x",
    "BCRAO_SLACK_APP_TOKEN": "xapp-1",
    "BCRAO_LISTEN": "127.0.0.1:8480",
    "BCRAO_PUBLIC_URL": "https://bot.example.com",
}
WHOLE = {
    **REDDIT,
    **INSTALLS,
    "BCRAO_REDDIT_WEB_CLIENT_ID": "web",
    "BCRAO_REDDIT_WEB_CLIENT_SECRET": "web-secret",
    "BCRAO_REDDIT_ENDS_ON": "2027-06-30",
    "BCRAO_APIFY_TOKEN": "t",
    "BCRAO_APIFY_ACTOR": "a/b",
    "BCRAO_LLM_DRAFT_MODEL": "openai/x",
    "BCRAO_LLM_API_KEY": "k",
    "BCRAO_LLM_CLASSIFY_MODEL": "openai/y",
    "BCRAO_LLM_CLASSIFY_API_KEY": "k2",
    "BCRAO_LLM_FALLBACK_MODELS": "openai/z",
    "BCRAO_LLM_FALLBACK_API_BASE": "http://127.0.0.1:8/v1",
    "BCRAO_DISCORD_TOKEN": "MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y",
    "BCRAO_SLACK_SIGNING_SECRET": "signing",
    "BCRAO_SLACK_BOT_TOKEN": "xoxb-1",
}


def test_nothing_configured_means_embedded_defaults() -> None:
    settings = load_settings({}, None)
    assert settings.database_url.get_secret_value() == "sqlite:///data/bcrao.sqlite3"
    assert settings.log_format == "text"
    groups = (settings.discord, settings.slack, settings.reddit, settings.sign_in, settings.apify, settings.models)
    assert groups == (None,) * 6
    assert settings.listen is None


def test_the_database_is_in_the_data_folder_unless_an_address_is_given(tmp_path: Path) -> None:
    settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path)}, None)
    assert settings.database_url.get_secret_value() == f"sqlite:///{tmp_path}/bcrao.sqlite3"
    settings = load_settings({"BCRAO_DATABASE_URL": "postgresql://u:p@db.example:5433/bcrao"}, None)
    assert settings.database_url.get_secret_value() == "postgresql://u:p@db.example:5433/bcrao"


def test_settings_cannot_be_changed() -> None:
    settings = load_settings({}, None)
    with pytest.raises(ValidationError):
        settings.log_level = "debug"


def test_a_misspelled_variable_is_named_with_the_nearest_known_one() -> None:
    error = refusal({"BCRAO_LOG_LEVL": "info"})
    assert error.what == "BCRAO_LOG_LEVL is not a setting."
    assert "BCRAO_LOG_LEVEL" in error.do


@pytest.mark.parametrize("key", ["bcrao_log_level", "BCRAO_", "BCRAO_DISCORD_TOKEN_FILES", "BCRAO_VENVS"])
def test_no_variable_with_the_prefix_is_ignored(key: str) -> None:
    assert key in refusal({key: "x"}).what


def test_variables_of_the_installer_and_the_tests_are_not_mistaken_for_settings() -> None:
    load_settings({"BCRAO_VENV": "/opt/venv", "BCRAO_TEST_PG_BIN": "/usr/bin", "PATH": "/bin"}, None)


def test_all_problems_are_told_at_once() -> None:
    error = refusal({"BCRAO_LOG_FORMAT": "xml", "BCRAO_REDDIT_URL": "reddit"})
    assert "BCRAO_LOG_FORMAT" in error.what
    assert "BCRAO_REDDIT_URL" in error.what


def test_an_empty_value_counts_as_not_given() -> None:
    settings = load_settings({"BCRAO_DISCORD_TOKEN": "", "BCRAO_REDDIT_CLIENT_ID": "  "}, None)
    assert (settings.discord, settings.reddit) == (None, None)


@pytest.mark.parametrize(
    ("given_variables", "missing"),
    [
        ({"BCRAO_REDDIT_CLIENT_ID": "x", "BCRAO_REDDIT_CLIENT_SECRET": "x"}, "BCRAO_REDDIT_USER_AGENT"),
        (
            {"BCRAO_REDDIT_CLIENT_ID": "x", "BCRAO_REDDIT_USER_AGENT": REDDIT["BCRAO_REDDIT_USER_AGENT"]},
            "BCRAO_REDDIT_CLIENT_SECRET",
        ),
        ({"BCRAO_REDDIT_CLIENT_SECRET": "x"}, "BCRAO_REDDIT_CLIENT_ID"),
        ({"BCRAO_SLACK_BOT_TOKEN": "xoxb-1"}, "BCRAO_SLACK_APP_TOKEN"),
        ({"BCRAO_SLACK_APP_TOKEN": "xapp-1"}, "BCRAO_SLACK_BOT_TOKEN"),
        ({"BCRAO_SLACK_BOT_TOKEN": "xoxb-1", "BCRAO_SLACK_SIGNING_SECRET": "x"}, "BCRAO_LISTEN"),
        (
            {"BCRAO_SLACK_BOT_TOKEN": "xoxb-1", "BCRAO_SLACK_SIGNING_SECRET": "x", "BCRAO_LISTEN": "127.0.0.1:8480"},
            "BCRAO_PUBLIC_URL",
        ),
        ({"BCRAO_SLACK_SIGNING_SECRET": "x"}, "BCRAO_SLACK_BOT_TOKEN"),
        ({"BCRAO_LISTEN": "127.0.0.1:8480"}, "BCRAO_SLACK_CLIENT_ID"),
        ({name: INSTALLS[name] for name in INSTALLS if name != "BCRAO_SLACK_CLIENT_ID"}, "BCRAO_SLACK_CLIENT_ID"),
        ({name: INSTALLS[name] for name in INSTALLS if name != "BCRAO_SLACK_CLIENT_SECRET"}, "_SLACK_CLIENT_SECRET"),
        ({name: INSTALLS[name] for name in INSTALLS if name != "BCRAO_SLACK_APP_TOKEN"}, "BCRAO_SLACK_SIGNING_SECRET"),
        ({name: INSTALLS[name] for name in INSTALLS if name != "BCRAO_LISTEN"}, "BCRAO_LISTEN"),
        ({name: INSTALLS[name] for name in INSTALLS if name != "BCRAO_PUBLIC_URL"}, "BCRAO_PUBLIC_URL"),
        ({"BCRAO_APIFY_ACTOR": "a/b"}, "BCRAO_APIFY_TOKEN"),
        ({"BCRAO_LLM_API_KEY": "x"}, "BCRAO_LLM_DRAFT_MODEL"),
        ({"BCRAO_LLM_FALLBACK_MODELS": "a/b"}, "BCRAO_LLM_DRAFT_MODEL"),
        ({"BCRAO_LLM_DRAFT_MODEL": "openai/x"}, "BCRAO_LLM_API_KEY"),
    ],
)
def test_a_half_configured_gateway_names_the_missing_variable(given_variables: dict[str, str], missing: str) -> None:
    error = refusal(given_variables)
    assert missing in error.what
    assert str(error).count(missing) > 1  # what is missing, and what to set


def test_one_slack_workspace_and_several_at_once_is_told_apart() -> None:
    error = refusal({**INSTALLS, "BCRAO_SLACK_BOT_TOKEN": "xoxb-1"})
    assert "BCRAO_SLACK_BOT_TOKEN and BCRAO_SLACK_CLIENT_ID are both set." in error.what


def test_several_slack_workspaces_need_an_address_and_a_way_for_requests() -> None:
    settings = load_settings(INSTALLS, None)
    slack = settings.slack
    assert slack is not None
    assert (slack.workspace, slack.http) == (None, None)
    assert slack.installs is not None
    assert slack.installs.client_secret.get_secret_value() == "x"
    assert slack.socket is not None
    assert slack.socket.app_token.get_secret_value() == "xapp-1"
    assert settings.slack_redirect_url == "https://bot.example.com/slack/oauth_redirect"
    over_http = {name: value for name, value in INSTALLS.items() if name != "BCRAO_SLACK_APP_TOKEN"}
    slack = load_settings({**over_http, "BCRAO_SLACK_SIGNING_SECRET": "y"}, None).slack
    assert slack is not None
    assert slack.http is not None
    assert slack.http.signing_secret.get_secret_value() == "y"
    assert slack.http.listen == "127.0.0.1:8480"
    assert "BCRAO_SLACK_CLIENT_ID" in refusal({**INSTALLS, "BCRAO_SLACK_CLIENT_ID": "my app"}).what


def test_whole_gateways_are_accepted() -> None:
    settings = load_settings(
        {
            **REDDIT,
            "BCRAO_SLACK_BOT_TOKEN": "xoxb-1",
            "BCRAO_SLACK_APP_TOKEN": "xapp-1",
            "BCRAO_APIFY_TOKEN": "t",
            "BCRAO_LLM_DRAFT_MODEL": "openai/local",
            "BCRAO_LLM_API_BASE": "http://127.0.0.1:9/v1/",
            "BCRAO_LLM_FALLBACK_MODELS": "openai/a, openai/b,openai/a",
            "BCRAO_LOG_LEVEL": "INFO",
        },
        None,
    )
    assert settings.reddit is not None
    assert settings.slack is not None
    assert settings.slack.workspace is not None
    assert settings.apify is not None
    assert settings.apify.actor == "trudax/reddit-scraper-lite"
    assert settings.models is not None
    assert settings.models.fallback is not None
    assert settings.models.fallback.models == ("openai/a", "openai/b")
    assert settings.models.draft.api_base == "http://127.0.0.1:9/v1"
    assert settings.log_level == "info"


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64)",
        "bcrao",
        "linux:app:1 (by u/x)",
        "linux:app:1.0 (by /u/<name>)",
        "a:b (by /u/abc)",
    ],
)
def test_a_user_agent_that_reddit_would_not_take_is_refused(agent: str) -> None:
    error = refusal({**REDDIT, "BCRAO_REDDIT_USER_AGENT": agent})
    assert "BCRAO_REDDIT_USER_AGENT" in error.what
    assert "(by /u/" in error.do


@pytest.mark.parametrize(
    "url",
    [
        "reddit.com",
        "ftp://reddit.com",
        "https://",
        "https://u:p@host",
        "https://host/?a=b",
        "https://host:99999",
        "https://[",
    ],
)
def test_a_wrong_address_names_its_variable(url: str) -> None:
    assert "BCRAO_REDDIT_OAUTH_URL" in refusal({"BCRAO_REDDIT_OAUTH_URL": url}).what


@pytest.mark.parametrize(
    "variable_name",
    [d.name for d in describe_all() if d.secret],
)
@pytest.mark.parametrize("value", [f"{SECRET} é", f"ftp://u:{SECRET}@[/x", f"{SECRET}\x07"])
def test_a_secret_is_in_no_error(variable_name: str, value: str) -> None:
    # a second, wrong variable makes every secret part of a refusal, also those that any text is good for
    error = refusal({variable_name: value, "BCRAO_LOG_FORMAT": "xml"})
    assert SECRET not in everything_said(error)


def test_a_secret_is_in_no_repr() -> None:
    settings = load_settings(
        {
            **REDDIT,
            "BCRAO_REDDIT_CLIENT_SECRET": SECRET,
            "BCRAO_SECRET_KEY": SECRET * 2,
            "BCRAO_DATABASE_URL": f"postgresql://u:{SECRET}@h/d",
        },
        None,
    )
    assert SECRET not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert settings.reddit is not None
    assert settings.reddit.client_secret.get_secret_value() == SECRET


def test_every_credential_is_kept_as_a_secret() -> None:
    known = {d.name for d in describe_all() if d.secret}
    named = {d.name for d in describe_all() if d.name.endswith(("_TOKEN", "_SECRET", "_KEY")) or "DATABASE" in d.name}
    assert named == known


@given(
    st.dictionaries(
        st.sampled_from([d.name for d in describe_all()]),
        st.text(alphabet=string.printable, max_size=40),
        max_size=6,
    )
)
def test_any_values_give_settings_or_one_clear_refusal(environ: dict[str, str]) -> None:
    answer: Settings | BadSettings
    try:
        answer = load_settings(environ, None)
    except BadSettings as error:
        answer = error
    assert isinstance(answer, Settings) or ("BCRAO_" in answer.what and answer.do)


def test_the_discord_application_is_read_from_the_token() -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y"
    assert load_settings({"BCRAO_DISCORD_TOKEN": token}, None).discord_application == "123456789012345678"
    assert load_settings({"BCRAO_DISCORD_TOKEN": "nonsense"}, None).discord_application is None
    given_id = {"BCRAO_DISCORD_TOKEN": token, "BCRAO_DISCORD_APPLICATION_ID": "987654321098765432"}
    assert load_settings(given_id, None).discord_application == "987654321098765432"


def test_reddit_sends_browsers_back_to_the_public_address_or_to_this_machine() -> None:
    app = {
        "BCRAO_REDDIT_WEB_CLIENT_ID": "x",
        "BCRAO_REDDIT_WEB_CLIENT_SECRET": "y",
        "BCRAO_REDDIT_USER_AGENT": "linux:com.example.bcrao:0.1.0 (by /u/your_name)",
    }
    assert load_settings(app, None).redirect_url == "http://localhost:8480/reddit/linked"
    here = {**app, "BCRAO_LISTEN": "127.0.0.1:9000"}
    assert load_settings(here, None).redirect_url == "http://localhost:9000/reddit/linked"
    public = {**app, "BCRAO_LISTEN": "127.0.0.1:9000", "BCRAO_PUBLIC_URL": "https://bot.example.com/"}
    assert load_settings(public, None).redirect_url == "https://bot.example.com/reddit/linked"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"BCRAO_REDDIT_WEB_CLIENT_ID": "x"}, "BCRAO_REDDIT_WEB_CLIENT_SECRET"),
        ({"BCRAO_LISTEN": "127.0.0.1:8480"}, "BCRAO_REDDIT_WEB_CLIENT_ID"),
        ({"BCRAO_PUBLIC_URL": "https://bot.example.com"}, "BCRAO_REDDIT_WEB_CLIENT_ID"),
        (
            {
                "BCRAO_REDDIT_WEB_CLIENT_ID": "x",
                "BCRAO_REDDIT_WEB_CLIENT_SECRET": "y",
                "BCRAO_REDDIT_USER_AGENT": "linux:com.example.bcrao:0.1.0 (by /u/your_name)",
                "BCRAO_PUBLIC_URL": "https://bot.example.com",
            },
            "BCRAO_LISTEN",
        ),
    ],
)
def test_half_a_web_app_is_refused_by_name(given: dict[str, str], missing: str) -> None:
    with pytest.raises(BadSettings, match=missing):
        load_settings(given, None)


def test_the_ceiling_of_a_months_money_is_read_in_dollars_and_never_rounded_up() -> None:
    assert load_settings({}, None).max_monthly_cap_usd_micros is None
    assert load_settings({"BCRAO_MAX_MONTHLY_CAP_USD": "0"}, None).max_monthly_cap_usd_micros == 0
    assert load_settings({"BCRAO_MAX_MONTHLY_CAP_USD": "2.5"}, None).max_monthly_cap_usd_micros == 2_500_000
    assert load_settings({"BCRAO_MAX_MONTHLY_CAP_USD": "0.0000019"}, None).max_monthly_cap_usd_micros == 1


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "much", "1e9"])
def test_a_ceiling_that_is_no_amount_is_refused(value: str) -> None:
    assert "BCRAO_MAX_MONTHLY_CAP_USD" in everything_said(refusal({"BCRAO_MAX_MONTHLY_CAP_USD": value}))


@pytest.mark.parametrize(
    "raw",
    [
        '"xoxb-1-abc"',
        "'xoxb-1-abc'",
        "“xoxb-1-abc”",
        "xoxb-1-abc\r\n",
        "\ufeffxoxb-1-abc",
        "BCRAO_SLACK_BOT_TOKEN=xoxb-1-abc",
        'export BCRAO_SLACK_BOT_TOKEN="xoxb-1-abc"',
    ],
)
@pytest.mark.parametrize("through", ["environment", "file", "dotenv"])
def test_a_token_with_what_a_paste_brought_along_is_the_token(tmp_path: Path, raw: str, through: str) -> None:
    name, file = "BCRAO_SLACK_BOT_TOKEN", tmp_path / "given"
    given = {"BCRAO_SLACK_APP_TOKEN": "xapp-1"}
    if through == "environment":
        settings = load_settings({**given, name: raw}, None)
    elif through == "file":
        file.write_text(raw, encoding="utf-8")
        settings = load_settings({**given, f"{name}_FILE": str(file)}, None)
    else:
        file.write_text(f"{name}={raw}\n", encoding="utf-8")
        settings = load_settings(given, file)
    assert settings.slack is not None
    assert settings.slack.workspace is not None
    assert settings.slack.workspace.bot_token.get_secret_value() == "xoxb-1-abc"


@pytest.mark.parametrize(
    "raw", [f'"{SECRET}', f"{SECRET}'", f"Bearer {SECRET}", f"{SECRET}\n{SECRET}", f"<{SECRET}>", f"{SECRET}\\n"]
)
def test_a_token_that_cannot_be_right_is_named_at_the_start_and_not_shown(raw: str) -> None:
    error = refusal({"BCRAO_DISCORD_TOKEN": raw})
    assert error.what.startswith("BCRAO_DISCORD_TOKEN ")
    assert error.do
    assert SECRET not in everything_said(error)


def test_a_quoted_word_and_a_quoted_address_are_read_too() -> None:
    settings = load_settings({"BCRAO_LOG_LEVEL": '"debug"', "BCRAO_REDDIT_URL": "'http://127.0.0.1:9/'"}, None)
    assert (settings.log_level, settings.reddit_addresses.url) == ("debug", "http://127.0.0.1:9")


def groups_within(group: Group) -> Iterator[Group]:
    yield group
    for _, value in group:
        if isinstance(value, Group):
            yield from groups_within(value)


@given(st.sets(st.sampled_from(sorted(WHOLE))))
@example({"BCRAO_SLACK_BOT_TOKEN", "BCRAO_SLACK_APP_TOKEN", "BCRAO_SLACK_SIGNING_SECRET", "BCRAO_PUBLIC_URL"})
@example({"BCRAO_SLACK_BOT_TOKEN", "BCRAO_SLACK_APP_TOKEN", "BCRAO_SLACK_SIGNING_SECRET", "BCRAO_LISTEN"})
def test_no_part_of_the_program_meets_half_an_integration(names: set[str]) -> None:
    """Whatever is left out of a whole set-up: either a refusal that names a variable, or groups that are whole."""
    outcome: Settings | BadSettings
    try:
        outcome = load_settings({name: WHOLE[name] for name in names}, None)
    except BadSettings as error:
        outcome = error
    if isinstance(outcome, BadSettings):
        missing = set(re.findall(r"BCRAO_[A-Z_]+(?<!_)", outcome.what)) - names
        assert missing or "are both set" in outcome.what
        return
    taken = {info.alias for group in groups_within(outcome) for info in type(group).model_fields.values()}
    if "BCRAO_SLACK_APP_TOKEN" in names:
        taken.add("slack_signing_secret")  # Slack shows both to everybody, and over Socket Mode nothing is signed
    assert {name.removeprefix("BCRAO_").lower() for name in names} <= taken  # nothing that is given goes unheard
    needed = {
        info.alias
        for group in groups_within(outcome)
        for info in type(group).model_fields.values()
        if info.alias is not None and info.is_required()
    }
    assert {f"BCRAO_{name.upper()}" for name in needed} <= names


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"BCRAO_REDDIT_USER_AGENT": REDDIT["BCRAO_REDDIT_USER_AGENT"]},
            "BCRAO_REDDIT_USER_AGENT is set, but BCRAO_REDDIT_CLIENT_ID or BCRAO_REDDIT_WEB_CLIENT_ID is missing.",
        ),
        (
            {"BCRAO_DISCORD_API_URL": "http://127.0.0.1:9"},
            "BCRAO_DISCORD_API_URL is set, but BCRAO_DISCORD_TOKEN is missing.",
        ),
        (
            {"BCRAO_SLACK_API_URL": "http://127.0.0.1:9"},
            "BCRAO_SLACK_API_URL is set, but BCRAO_SLACK_BOT_TOKEN or BCRAO_SLACK_CLIENT_ID is missing.",
        ),
    ],
)
def test_what_nothing_would_use_is_told_with_what_would(given: dict[str, str], told: str) -> None:
    assert told in everything_said(refusal(given))


def test_slack_opens_a_connection_when_both_ways_for_requests_are_given() -> None:
    settings = load_settings({**INSTALLS, "BCRAO_SLACK_SIGNING_SECRET": "y"}, None)
    assert settings.slack is not None
    assert settings.slack.http is None
    assert settings.slack.socket is not None
