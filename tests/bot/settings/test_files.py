"""Values from files and from .env, and the file of the key."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import MAX_FILE_BYTES, load_settings, secret_key
from core.errors import FilesUnavailable
from tests.bot.settings.refused import SECRET, everything_said, refusal


def test_a_value_may_come_from_a_file_without_its_line_break(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"abc.def\r\n")
    settings = load_settings({"BCRAO_DISCORD_TOKEN_FILE": str(file)}, None)
    assert settings.discord is not None
    assert settings.discord.token.get_secret_value() == "abc.def"


def test_a_value_given_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("abc")
    error = refusal({"BCRAO_DISCORD_TOKEN_FILE": str(file), "BCRAO_DISCORD_TOKEN": SECRET})
    assert error.what == "BCRAO_DISCORD_TOKEN and BCRAO_DISCORD_TOKEN_FILE are both given."
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"BCRAO_DISCORD_TOKEN={SECRET}\n")
    assert SECRET not in everything_said(refusal({"BCRAO_DISCORD_TOKEN_FILE": str(file)}, dotenv))


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    too_large, empty, binary = tmp_path / "large", tmp_path / "empty", tmp_path / "binary"
    too_large.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    empty.write_text("\n")
    binary.write_bytes(b"\xff\xfe" + SECRET.encode())
    for path in (tmp_path / "missing", tmp_path, too_large, empty, binary):
        error = refusal({"BCRAO_DISCORD_TOKEN_FILE": str(path)})
        assert "BCRAO_DISCORD_TOKEN_FILE" in error.what
        assert error.do
        assert SECRET not in everything_said(error)


def test_the_environment_wins_over_dotenv(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text('# comment\nexport BCRAO_LOG_LEVEL="debug"\nBCRAO_LOG_FORMAT=json\nOTHER_PROGRAM=1\n')
    settings = load_settings({"BCRAO_LOG_LEVEL": "error"}, dotenv)
    assert (settings.log_level, settings.log_format) == ("error", "json")


def test_a_secret_with_a_dollar_sign_stays_as_it_is(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("BCRAO_DISCORD_TOKEN=a${HOME}b$c\n")
    discord = load_settings({"HOME": "/x"}, dotenv).discord
    assert discord is not None
    assert discord.token.get_secret_value() == "a${HOME}b$c"


@pytest.mark.parametrize("line", [f"BCRAO_DISCORD_TOKEN {SECRET}", f"BCRAO_DISCORD_TOKEN='{SECRET}", SECRET])
def test_a_broken_dotenv_line_is_named_by_its_number_only(tmp_path: Path, line: str) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"BCRAO_LOG_LEVEL=info\n{line}\n")
    error = refusal({}, dotenv)
    assert "Line 2" in error.what
    assert SECRET not in everything_said(error)


def test_a_misspelled_variable_in_dotenv_is_found_too(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("BCRAO_DISCORD_TOKN=x\n")
    assert "BCRAO_DISCORD_TOKEN" in refusal({}, dotenv).do


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path / "new")}, None)
    first = secret_key(settings)
    assert secret_key(settings) == first
    file = tmp_path / "new" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]


def test_a_given_key_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    key = "k" * 40
    settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path), "BCRAO_SECRET_KEY": key}, None)
    assert secret_key(settings) == SecretStr(key)
    assert not list(tmp_path.iterdir())
    assert "BCRAO_SECRET_KEY" in refusal({"BCRAO_SECRET_KEY": "short"}).what


def test_programs_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path)}, None)
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(secret_key(settings).get_secret_value())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_damaged_key_is_never_replaced(tmp_path: Path) -> None:
    settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path)}, None)
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(FilesUnavailable, match="damaged"):
        secret_key(settings)


def test_a_key_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = load_settings({"BCRAO_DATA_DIR": str(tmp_path / "file")}, None)
    with pytest.raises(FilesUnavailable, match="cannot be made"):
        secret_key(settings)
