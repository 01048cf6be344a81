"""Every command of the program: one module per noun, each with its own `commands` registry."""

from __future__ import annotations

import importlib

from bot.command import Registry

NOUNS = (
    "help",
    "setup",
    "status",
    "campaign",
    "fact",
    "collect",
    "community",
    "rules",
    "draft",
    "post",
    "looks",
    "offers",
    "pattern",
    "account",
    "alerts",
    "routes",
    "hooks",
    "usage",
    "role",
    "data",
    "sample",
)


def all_commands() -> Registry:
    """One registry of all commands, in the order in which help shows them."""
    registry = Registry()
    for noun in NOUNS:
        module = importlib.import_module(f"bot.commands.{noun}")
        for path, command in module.commands.commands.items():
            if path in registry.commands:
                raise ValueError(f"command {path!r} is declared twice")
            registry.commands[path] = command
    return registry
