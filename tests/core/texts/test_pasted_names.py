"""How people paste the names of communities and accounts, and what is no name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from core.errors import BadArgument
from core.texts.pasted import account_name, community_name, community_names
from tests.core.texts.anything_pasted import ANYTHING

# ---------------------------------------------------------------- communities


@pytest.mark.parametrize(
    "pasted",
    [
        *("SaaS", "saas", "r/SaaS", "/r/SaaS", "/r/SaaS/", "R/saas", "r//SaaS", " r/SaaS ", "r/SaaS."),
        *("“r/SaaS”", '"SaaS"', "'SaaS'", "`r/SaaS`", "**r/SaaS**", "(r/SaaS)", "<r/SaaS>", "\u200br/SaaS\ufeff"),
        *("r/SaaS\u00a0", "\u2068r/SaaS\u2069", "Ｓａａｓ", "ｒ／ＳａａＳ", "r/SaaS,", "r/SaaS\r\n"),
        *("https://www.reddit.com/r/SaaS/", "<https://www.reddit.com/r/SaaS/>", "https://reddit.com/r/SaaS"),
        *("<https://www.reddit.com/r/SaaS/|r/SaaS>", "[r/SaaS](https://www.reddit.com/r/SaaS/)", "reddit.com/r/SaaS"),
        *("old.reddit.com/r/SaaS/top?t=week", "https://de.reddit.com/r/SaaS", "//www.reddit.com/r/SaaS/new/"),
        *("HTTPS://WWW.REDDIT.COM/R/SAAS", "https://www.reddit.com./r/SaaS", "https://www.reddit.com/r/SaaS.json"),
        *("https://www.reddit.com/r/SaaS/comments/1abc2d/x/", "r/SaaS/comments/1abc2d", "www.reddit.com/r/SaaS/wiki/a"),
        *("https://www.reddit.com/r/SaaS/?feed=home", "https://www.reddit.com/r/SaaS#top"),
        *("_r/SaaS_", "~~r/SaaS~~", "__/r/SaaS__", "https://zh-hans.reddit.com/r/SaaS", "es-419.reddit.com/r/SaaS"),
    ],
)
def test_a_community_is_known_however_it_is_pasted(pasted: str) -> None:
    assert community_name(pasted) == "saas"


@pytest.mark.parametrize(
    ("pasted", "name"),
    [
        ("r/u_Alice-Writes", "u_alice-writes"),
        ("https://www.reddit.com/r/u_Alice-Writes/", "u_alice-writes"),
        ("name_", "name_"),
        ("r/name_", "name_"),
        ("r/3Dprinting", "3dprinting"),
    ],
)
def test_unusual_names_of_communities_stay_whole(pasted: str, name: str) -> None:
    assert community_name(pasted) == name


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        *((text, "is not a community's name") for text in ("", "r/", "a", "a" * 22, "r/a b", "_x", "r/na.me", "@name")),
        *((text, "is not a community's name") for text in ("r/a+b", "r/größe", "х" * 5, "<@U012AB3CD>", "/", "...")),
        ("https://evil.example/r/SaaS", "is not a community's name"),
        ("reddit.com.evil.example/r/SaaS", "is not a community's name"),
        ("https://reddit.com@evil.example/r/SaaS", "is not a community's name"),
        ("https://www.reddit.com/", "is not a community's name"),
        ("https://www.reddit.com/r/saas/top and more", "is not a community's name"),
        ("u/name", "'u/name' is an account"),
        ("https://www.reddit.com/user/name/", "is an account"),
        ("r/all", "r/all lists posts"),
        ("https://www.reddit.com/r/popular/", "r/popular lists posts"),
    ],
)
def test_what_is_no_community_is_named(pasted: str, says: str) -> None:
    with pytest.raises(BadArgument) as refused:
        community_name(pasted)
    assert says in refused.value.what
    assert refused.value.do == "Write it as r/name: letters, digits and _."


@pytest.mark.parametrize(
    "pasted",
    [
        *("startups,SaaS", "r/startups, r/SaaS", "r/startups r/SaaS", "/r/startups/\n/r/SaaS/", "startups;saas,"),
        *("r/startups+SaaS", "https://www.reddit.com/r/startups/ https://www.reddit.com/r/SaaS/", "startups，saas"),
        *("<https://www.reddit.com/r/startups/|r/startups>, r/SaaS, r/saas", "startups、SaaS", "r/startups\u200b,SaaS"),
        "[a](https://www.reddit.com/r/startups/) [b c](https://www.reddit.com/r/SaaS/)",
        *("- r/startups\n- r/SaaS", "1. startups\n2) r/SaaS", "• r/startups\n• SaaS", "r/startups and r/SaaS"),
        *("r/startups & r/SaaS", "startups | SaaS", "_r/startups_, ~~r/SaaS~~"),
    ],
)
def test_several_communities_are_parted_however_they_are_pasted(pasted: str) -> None:
    assert community_names(pasted) == ("startups", "saas")


def test_a_community_written_in_two_words_is_not_taken_for_two() -> None:
    with pytest.raises(BadArgument, match="'small business' is not"):
        community_names("saas, small business")


# ---------------------------------------------------------------- accounts


@pytest.mark.parametrize(
    "pasted",
    [
        *("Quiet_Desk-9", "u/Quiet_Desk-9", "/u/Quiet_Desk-9/", "user/Quiet_Desk-9", "/user/Quiet_Desk-9"),
        *("@Quiet_Desk-9", "u/Quiet_Desk-9.", "“u/Quiet_Desk-9”", "<u/Quiet_Desk-9>", "\u200bQuiet_Desk-9\u2069"),
        *("https://www.reddit.com/user/Quiet_Desk-9/", "<https://www.reddit.com/user/Quiet_Desk-9/|me>"),
        *("reddit.com/u/Quiet_Desk-9/submitted/?sort=new", "https://old.reddit.com/user/Quiet_Desk-9/comments/"),
        *("[me](https://www.reddit.com/u/Quiet_Desk-9)", "https://fr.reddit.com/user/Quiet_Desk-9", "r/u_Quiet_Desk-9"),
        *("https://www.reddit.com/user/Quiet_Desk-9/comments/1abc2d/x/", "Ｑuiet_Desk-9", "u/Quiet_Desk-9\r\n"),
    ],
)
def test_an_account_is_known_however_it_is_pasted(pasted: str) -> None:
    assert account_name(pasted) == "Quiet_Desk-9"


@pytest.mark.parametrize(
    "pasted",
    ["r/SaaS", "https://www.reddit.com/r/SaaS/", "https://evil.example/u/name", "<@U012AB3CD>", "<@1234567|Al>"],
)
def test_what_is_no_account_is_named(pasted: str) -> None:
    with pytest.raises(BadArgument, match=r"not the name of a Reddit account|not the name of") as refused:
        account_name(pasted)
    assert refused.value.param == "name"


@given(ANYTHING)
def test_whatever_is_read_as_a_name_is_read_so_again(text: str) -> None:
    for read in (community_name, account_name):
        try:
            name = read(text)
        except BadArgument as refused:
            assert refused.what  # noqa: PT017 - either outcome is right
            assert refused.do  # noqa: PT017
            continue
        assert read(name) == name
        assert re.fullmatch(r"[A-Za-z0-9_-]{2,22}", name)
