"""Every setting of the program: one frozen `Settings`, read once and validated once.

`groups` says what can be set, `declared` which variables that makes and what the generated documentation says of them,
`reading` reads them. Code elsewhere imports from here.
"""

from bot.settings.declared import SettingDescription, describe_all, variable
from bot.settings.groups import REDIRECT_PATH, Settings
from bot.settings.reading import FILE_SUFFIX, MAX_FILE_BYTES, load_settings, seal, secret_key

__all__ = [
    "FILE_SUFFIX",
    "MAX_FILE_BYTES",
    "REDIRECT_PATH",
    "SettingDescription",
    "Settings",
    "describe_all",
    "load_settings",
    "seal",
    "secret_key",
    "variable",
]
