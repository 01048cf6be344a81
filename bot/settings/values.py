"""Validators for the values of settings. Their errors say what is wrong and how to write it, but never repeat the
value, which may be a secret.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, SecretStr

SECRET_KEY_CHARACTERS_MIN = 32
_USER_AGENT = re.compile(r"[\w.-]+:[\w.-]+:v?\d[\w.+-]* \(by /u/[A-Za-z0-9_-]{3,20}\)", re.ASCII)


def take_apart(value: str) -> SplitResult | None:
    """Returns the parts of an address, or None when it has no host. urllib's own errors quote the value, which may be
    a secret.
    """
    try:
        parts = urlsplit(value)
        valid = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if valid else None


def url_of(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        parts = take_apart(value)
        if parts is None or parts.scheme not in schemes:
            raise ValueError(
                f"is not an address. Write it like {schemes[-1]}://host or {schemes[-1]}://host:port/path."
            )
        if parts.username or parts.password:
            raise ValueError("holds a name or a password. Leave them out; credentials have their own settings.")
        if parts.query or parts.fragment:
            raise ValueError("has something after ? or #. Give the base address only.")
        return value.rstrip("/")

    return AfterValidator(check)


def user_agent_form(value: str) -> str:
    if not _USER_AGENT.fullmatch(value):
        raise ValueError(
            "is not in the form Reddit asks for. Write <platform>:<app id>:<version> (by /u/<name>), "
            "for example: linux:com.example.bcrao:0.1.0 (by /u/your_name)"
        )
    return value


def secret_beginning(*starts: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(starts):
            raise ValueError(f"does not begin with {' or '.join(starts)}. Copy it again; it may be another token.")
        return value

    return AfterValidator(check)


def printable_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text.isascii() or not text.isprintable() or re.search(r"[\s\"'`<>\\]", text):
        raise ValueError("holds a space, a line break, a quote or a character that no token has. Copy it again.")
    return value


def long_enough(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SECRET_KEY_CHARACTERS_MIN:
        raise ValueError(
            f"is shorter than {SECRET_KEY_CHARACTERS_MIN} characters. "
            "Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return value


def known_database(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if re.match(r"sqlite(\+aiosqlite)?:///[^?]", text):
        return value
    parts = take_apart(text)
    if parts and parts.scheme in ("postgresql", "postgresql+asyncpg") and parts.path.strip("/"):
        return value
    raise ValueError(
        "is not a database this program can use. "
        "Write sqlite:///path/to/file or postgresql://user:password@host/database."
    )


def model_name(value: str) -> str:
    if not re.fullmatch(r"[\w.:/@-]+", value, re.ASCII):
        raise ValueError("is not a model's name. Write provider/model, for example: openai/gpt-4.1-mini")
    return value


_PRICE = re.compile(r"([^=\s]+)\s*=\s*\$?(\d{1,6}(?:\.\d+)?)(?:\s*/\s*\$?(\d{1,6}(?:\.\d+)?))?", re.ASCII)


def prices_of(value: object) -> object:
    """Returns the prices in text such as `model=3/15,…`, in dollars per token of prompt and answer. The text is in
    dollars per million tokens; one number stands for both. Other values come back as they are, for pydantic to check.
    """
    if not isinstance(value, str):
        return value
    found: dict[str, tuple[float, float]] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        match = _PRICE.fullmatch(part)
        if match is None:
            raise ValueError("is not a list of prices. Write model=prompt/answer, for example: openai/x=0.15/0.60")
        found[match[1]] = (float(match[2]) / 1_000_000, float(match[3] or match[2]) / 1_000_000)
    return found


def parts_of(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def base_of_requests(value: str) -> str:
    if re.search(r"/(completions|models|embeddings|responses)$", value):
        raise ValueError("is the address of one kind of request. Give the base address: most end in /v1.")
    return value


Token = Annotated[SecretStr, AfterValidator(printable_secret)]
WebUrl = Annotated[str, url_of("http", "https")]
Model = Annotated[str, AfterValidator(model_name)]
