"""How people paste the values of settings and the addresses of pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadArgument
from core.texts.pasted import setting_value, web_address
from tests.core.texts.anything_pasted import ANYTHING

# ---------------------------------------------------------------- values of settings

NAME, TOKEN = "BCRAO_SLACK_BOT_TOKEN", "xoxb-1234-abcdEFGH"


@pytest.mark.parametrize(
    "raw",
    [
        *(TOKEN, f" {TOKEN} ", f"{TOKEN}\n", f"{TOKEN}\r\n", f"\ufeff{TOKEN}", f"\u00a0{TOKEN}\u00a0"),
        *(f'"{TOKEN}"', f"'{TOKEN}'", f"“{TOKEN}”", f"„{TOKEN}“", f"`{TOKEN}`", f"\"'{TOKEN}'\"", f'“{TOKEN}"'),
        *(f"{NAME}={TOKEN}", f"export {NAME}={TOKEN}", f'export {NAME}="{TOKEN}"\r\n', f"{NAME} = '{TOKEN}'"),
        *(f"set {NAME}={TOKEN}", f'"{NAME}={TOKEN}"', f"\u200b{TOKEN[:5]}\u200b{TOKEN[5:]}", f"\n\n{TOKEN}\n\n"),
    ],
)
def test_what_can_only_be_wrong_about_a_value_is_taken_away(raw: str) -> None:
    assert setting_value(NAME, raw) == TOKEN


@pytest.mark.parametrize("raw", [f'"{TOKEN}', f"{TOKEN}'", f"“{TOKEN}", f'{NAME}="{TOKEN}'])
def test_half_a_pair_of_quotes_is_named_and_the_value_is_not(raw: str) -> None:
    with pytest.raises(BadArgument, match="no other half") as refused:
        setting_value(NAME, raw)
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("raw", ["a=b=c", "QUOTED=x", "it's", 'say "hi" now', "", "a${HOME}b$c", "x=="])
def test_what_may_be_meant_stays(raw: str) -> None:
    assert setting_value(NAME, raw) == raw


@given(st.text(max_size=40))
def test_a_value_is_read_once_and_stays(raw: str) -> None:
    try:
        value = setting_value(NAME, raw)
    except BadArgument:
        return
    assert setting_value(NAME, value) == value


# ---------------------------------------------------------------- any site


@pytest.mark.parametrize(
    "pasted",
    [
        *("https://example.com/a", "<https://example.com/a>", "<https://example.com/a|example.com>", "example.com/a"),
        *("\u200bhttps://example.com/a\u2069", "[Acme](https://example.com/a)", "“https://example.com/a”."),
        *("//example.com/a", "https://example.com/a\r\n", "ｈｔｔｐｓ：／／example．com／a"),
    ],
)
def test_a_products_page_is_known_however_it_is_pasted(pasted: str) -> None:
    assert web_address(pasted) == "https://example.com/a"


@pytest.mark.parametrize(
    "pasted", ["", "acme", "ftp://x.example", "http://[half", "https://a..b", "two words.com", "x.y:0"]
)
def test_what_is_no_address_of_a_page_is_named(pasted: str) -> None:
    with pytest.raises(BadArgument, match="web address"):
        web_address(pasted)


@given(ANYTHING)
def test_an_address_of_a_page_is_read_so_again(text: str) -> None:
    try:
        address = web_address(text)
    except BadArgument:
        return
    assert web_address(address) == address
