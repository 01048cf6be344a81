"""The chat platforms that the settings turn on: their front ends, and their checks for `doctor`.

Nothing connects here, and a platform's library is imported only where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.characters import visible
from bot.frontend import FrontEnd
from bot.services import Remote, Services
from bot.settings import Settings, seal, variable
from bot.settings.groups import Slack, SlackInstalls
from core.installations import Installation
from core.seal import INSTALL_STATES

if TYPE_CHECKING:
    from pydantic import SecretStr

    from bot.main import Program
    from bot.slack_app.install import InstallableApp


def chat_front_ends(program: Program) -> list[FrontEnd]:
    """Returns the front ends whose tokens are set; with none, people use the terminal. Nothing connects yet."""
    settings, front_ends = program.settings, list[FrontEnd]()
    if settings.discord is not None:
        from bot.discord_app.client import DiscordFrontEnd

        front_ends.append(
            DiscordFrontEnd(
                program.dispatcher,
                program.registry,
                token=settings.discord.token.get_secret_value(),
                api_url=settings.discord.api_url,
                gateway_url=settings.discord.gateway_url,
                files_url=settings.discord.files_url,
                clock=program.services.clock,
            )
        )
    slack = settings.slack
    if slack is not None:
        from bot.slack_app.client import SlackFrontEnd

        front_ends.append(
            SlackFrontEnd(
                program.dispatcher,
                clock=program.services.clock,
                bot_token=_plain(slack.workspace.bot_token if slack.workspace else None),
                app=_slack_app(settings, slack, slack.installs, program.services) if slack.installs else None,
                app_token=_plain(slack.socket.app_token if slack.socket else None),
                signing_secret=_plain(slack.http.signing_secret if slack.http else None),
                listener=program.listener,
                api_url=slack.api_url,
                files_url=slack.files_url,
            )
        )
    return front_ends


def _slack_app(settings: Settings, slack: Slack, installs: SlackInstalls, services: Services) -> InstallableApp:
    from bot.slack_app.install import InstallableApp

    return InstallableApp(
        client_id=installs.client_id,
        client_secret=installs.client_secret.get_secret_value(),
        public_address=settings.public_address,
        authorize_url=slack.authorize_url,
        states=seal(settings, INSTALL_STATES),
        installations=services.installations,
    )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


_USED_FOR = "commands, alerts"


def chat_remotes(settings: Settings) -> list[Remote]:
    """Returns the chat platforms that are set up, each with `doctor`'s check that it accepts the settings."""
    remotes = list[Remote]()
    if settings.discord is not None:
        from bot.discord_app import probe as discord_probe

        token = settings.discord.token.get_secret_value()
        ask_discord = partial(discord_probe.probe, settings.discord.api_url, token)
        remotes.append(Remote("Discord", _USED_FOR, ask_discord, variable("discord_token")))
    slack = settings.slack
    if slack is not None:
        from bot.slack_app import probe as slack_probe

        # Without an app token, Slack sends requests to us.
        app_token = slack.socket.app_token.get_secret_value() if slack.socket else None
        if isinstance(slack.access, SlackInstalls):
            setting = "slack_client_id"
            client = (slack.access.client_id, slack.access.client_secret.get_secret_value())
            redirect_url = settings.slack_redirect_url
            ask_slack = partial(slack_probe.probe_app, slack.api_url, *client, redirect_url, app_token)
        else:
            setting = "slack_bot_token"
            bot_token = slack.access.bot_token.get_secret_value()
            ask_slack = partial(slack_probe.probe, slack.api_url, bot_token, app_token)
        remotes.append(Remote("Slack", _USED_FOR, ask_slack, variable(setting)))
    return remotes


async def installed_remotes(settings: Settings, services: Services) -> Sequence[Remote]:
    """Returns each Slack workspace that installed the app, with `doctor`'s check that Slack accepts its token."""
    slack = settings.slack
    if slack is None or slack.installs is None:
        return []
    from bot.slack_app import probe as slack_probe

    installations = services.installations
    names = {workspace.id: workspace.name for workspace in await services.store.all_workspaces()}

    async def ask(installation: Installation) -> None:
        token = await installations.open(installation)
        await slack_probe.probe_installation(slack.api_url, token, installations.install_url)

    remotes = []
    for installation in await installations.every():
        name = visible(" ".join(names.get(installation.workspace_id, "").split()))
        remotes.append(
            Remote(
                f"Slack in {name} ({installation.workspace_id})",
                _USED_FOR,
                partial(ask, installation),
                configured=installation.sealed_token is not None,
                problem=partial(installations.standing, installation),
            )
        )
    return remotes
