from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadArgument
from core.gateways.things import FULLNAME
from core.visibility.links import PostLink, parse_link, permalink_of

POST = PostLink("t3_1abc2d", "1abc2d", "harborfounders")
REPLY = PostLink("t1_kx12ab", "1abc2d", "harborfounders")
NAMELESS = PostLink("t3_1abc2d", "1abc2d", None)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("https://www.reddit.com/r/HarborFounders/comments/1abc2d/", POST),
        ("https://www.reddit.com/r/HarborFounders/comments/1abc2d", POST),
        ("https://www.reddit.com/r/HarborFounders/comments/1ABC2D/how_it_went/", POST),
        ("http://old.reddit.com/r/harborfounders/comments/1abc2d/how_it_went/?utm_source=share&utm=1#top", POST),
        ("new.reddit.com/r/harborfounders/comments/1abc2d/x", POST),
        ("https://np.reddit.com/r/harborfounders/comments/1abc2d/x", POST),
        ("https://sh.reddit.com/r/harborfounders/comments/1abc2d/x", POST),
        ("https://m.reddit.com/r/harborfounders/comments/1abc2d/x", POST),
        ("https://amp.reddit.com/r/harborfounders/comments/1abc2d/x", POST),
        ("https://i.reddit.com/r/harborfounders/comments/1abc2d/x", POST),
        ("reddit.com/r/harborfounders/comments/1abc2d/wie_es_lief_ä_ö/", POST),
        ("/r/harborfounders/comments/1abc2d/x/", POST),
        ("https://www.reddit.com/r/HarborFounders/comments/1abc2d/how_it_went/kx12ab/", REPLY),
        ("https://www.reddit.com/r/HarborFounders/comments/1abc2d//kx12ab/", REPLY),
        ("https://www.reddit.com/r/HarborFounders/comments/1abc2d/comment/KX12AB/?context=3", REPLY),
        ("https://www.reddit.com/comments/1abc2d", NAMELESS),
        ("https://www.reddit.com/comments/1abc2d/title/kx12ab", PostLink("t1_kx12ab", "1abc2d", None)),
        ("https://www.reddit.com/gallery/1abc2d", NAMELESS),
        ("https://redd.it/1abc2d", NAMELESS),
        ("redd.it/1abc2d/", NAMELESS),
        ("https://www.reddit.com/r/HarborFounders/duplicates/1abc2d/how_it_went/", POST),
        (
            "https://www.reddit.com/user/Alice-Writes/comments/1abc2d/x/",
            PostLink("t3_1abc2d", "1abc2d", "u_alice-writes"),
        ),
        ("https://www.reddit.com/u/Alice-Writes/comments/1abc2d/x/", PostLink("t3_1abc2d", "1abc2d", "u_alice-writes")),
        (
            "https://www.reddit.com/r/u_Alice-Writes/comments/1abc2d/x/",
            PostLink("t3_1abc2d", "1abc2d", "u_alice-writes"),
        ),
        ("<https://www.reddit.com/r/HarborFounders/comments/1abc2d/>", POST),
        ("<https://www.reddit.com/r/HarborFounders/comments/1abc2d/?a=1&amp;b=2|the post I made>", POST),
        ("  https://www.reddit.com/r/HarborFounders/comments/1abc2d/. ", POST),
        ("r/HarborFounders/comments/1abc2d/how_it_went/", POST),
        ("comments/1abc2d", NAMELESS),
        ("“https://www.reddit.com/r/HarborFounders/comments/1abc2d”", POST),
        ("(https://www.reddit.com/r/HarborFounders/comments/1abc2d/)", POST),
        ("`https://www.reddit.com/r/HarborFounders/comments/1abc2d/`", POST),
        ("||https://www.reddit.com/r/HarborFounders/comments/1abc2d/||", POST),
        ("**<https://www.reddit.com/r/HarborFounders/comments/1abc2d/>**", POST),
        ("HTTPS://WWW.REDDIT.COM/R/HarborFounders/Comments/1ABC2D/", POST),
        ("//www.reddit.com/r/harborfounders/comments/1abc2d", POST),
        ("https://www.reddit.com/user/Alice/comments/1abc2d/x/kx12ab/", PostLink("t1_kx12ab", "1abc2d", "u_alice")),
        ("https://www.reddit.com/comments/1abc2d/comment/kx12ab", PostLink("t1_kx12ab", "1abc2d", None)),
        (
            "https://www.reddit.com/r/HarborFounders/s/AbCdEf1234",
            PostLink(None, None, "harborfounders", "/r/HarborFounders/s/AbCdEf1234"),
        ),
        ("https://reddit.com/u/Alice/s/AbCdEf1234?x=1", PostLink(None, None, "u_alice", "/u/Alice/s/AbCdEf1234")),
    ],
)
def test_every_form_that_people_paste_is_understood(pasted: str, expected: PostLink) -> None:
    assert parse_link(pasted) == expected


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("https://www.example.com/r/harbor/comments/1abc2d/", "www.example.com is not Reddit"),
        ("https://reddit.com.example.com/r/harbor/comments/1abc2d/", "is not Reddit"),
        ("https://notreddit.com/r/harbor/comments/1abc2d/", "is not Reddit"),
        ("https://www.reddit.com@example.com/r/harbor/comments/1abc2d/", "user name or a port"),
        ("https://www.reddit.com:8443/r/harbor/comments/1abc2d/", "user name or a port"),
        ("ftp://www.reddit.com/r/harbor/comments/1abc2d/", "not a web address"),
        ("javascript://www.reddit.com/r/harbor/comments/1abc2d/", "not a web address"),
        ("https://i.redd.it/abcdef123.png", "picture or video"),
        ("https://v.redd.it/abcdef123", "picture or video"),
        ("https://www.reddit.com/user/alice", "account's page"),
        ("https://www.reddit.com/u/alice/submitted/", "account's page"),
        ("https://www.reddit.com/r/harbor", "community's page"),
        ("https://www.reddit.com/r/harbor/top/?t=week", "community's page"),
        ("https://www.reddit.com/r/harbor/submit", "community's page"),
        ("https://www.reddit.com/r/harbor/search?q=x", "community's page"),
        ("https://www.reddit.com/user/alice/m/reading", "account's page"),
        ("https://www.reddit.com/user/alice/comments/", "account's page"),
        ("https://www.reddit.com/media?url=https%3A%2F%2Fi.redd.it%2Fabc.png", "picture or video"),
        ("https://preview.redd.it/abc.png?width=640", "picture or video"),
        ("https://www.reddit.com/r/harbor/s/", "share link is not complete"),
        ("https://www.reddit.com/", "not a post or a comment"),
        ("https://www.reddit.com/r/harbor/comments/abc/", "not a post or a comment"),
        ("https://www.reddit.com/r/harbor/comments/123456789/", "not a post or a comment"),
        ("https://www.reddit.com/r/harbor/comments/１２３４５/", "not a post or a comment"),
        ("https://redd.it/1abc2d/more", "not a post or a comment"),
        ("see https://redd.it/1abc2d", "more than one link"),
        ("http://[bad", "not a web address"),
        ("t3_1abc2d", "not a web address"),
        ("|", "There is no link"),
        ("", "There is no link"),
        ("<>", "There is no link"),
    ],
)
def test_anything_else_is_refused_with_what_it_is(pasted: str, says: str) -> None:
    with pytest.raises(BadArgument) as refused:
        parse_link(pasted)
    assert says in refused.value.what
    assert refused.value.param == "link"
    assert refused.value.do


PATH = "/r/harbor/comments/1abc2d/"


@pytest.mark.parametrize(
    "foreign",
    [
        f"https://reddit.com.evil.example{PATH}",
        f"https://evil@reddit.com{PATH}",
        f"https://www.reddit.com@evil.example{PATH}",
        f"https://www.reddit.com:@evil.example{PATH}",
        f"https://www.reddit.com:443{PATH}",
        f"https://www.reddit.com.{PATH}",
        f"https://xn--rddit-esa.com{PATH}",
        f"https://www。reddit。com{PATH}",
        f"https://www．reddit．com{PATH}",
        f"https://ｗｗｗ.reddit.com{PATH}",
        f"https://reddıt.com{PATH}",
        f"https://www%2ereddit.com{PATH}",
        f"https://www.reddit.com%2eevil.example{PATH}",
        f"https://www.reddit.com%00.evil.example{PATH}",
        f"https://evil.example\\@www.reddit.com{PATH}",
        f"https://www.reddit.com\\@evil.example{PATH}",
        f"https://www.reddit.com\\.evil.example{PATH}",
        f"https:\\\\www.reddit.com{PATH}",
        f"\\\\evil.example{PATH}",
        f"///evil.example{PATH}",
        f"//evil.example{PATH}",
        f"https://evil.example#@www.reddit.com{PATH}",
        f"https://evil.example?@www.reddit.com{PATH}",
        f"https://out.reddit.com{PATH}",
        f"https://oauth.reddit.com{PATH}",
        f"https://[::1]{PATH}",
        "https://www.reddit.com/r/harbor/../comments/x",
        "https://www.reddit.com/r/harbor/%2e%2e/comments/1abc2d",
        "https://www.reddit.com/r/harbor/comments/%31abc2d",
        "https://www.redd.it/1abc2d",
        "https://www.reddit.com/r/harbor/comments/1ab\u212a2d/",
        "https://www.reddit.com/r/harbor/comment\u017f/1abc2d/",
    ],
)
def test_what_only_looks_like_reddit_is_never_taken_for_it(foreign: str) -> None:
    with pytest.raises(BadArgument):
        parse_link(foreign)


NOT_OURS = st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="/?#<>|"), min_size=1, max_size=30)


@given(NOT_OURS, st.sampled_from(["https://", "http://", "//", ""]))
def test_only_the_known_hosts_give_a_post(host: str, scheme: str) -> None:
    known = {"reddit.com", *(f"{sub}.reddit.com" for sub in ("www", "old", "new", "np", "sh", "m", "amp", "i"))}
    plain = host.lstrip("'\"`*_(“”").removesuffix(":").lower()
    if plain in known:
        return
    with pytest.raises(BadArgument):
        parse_link(f"{scheme}{host}{PATH}")


PIECES = st.sampled_from(
    [
        "https://",
        "www.",
        "reddit.com",
        "redd.it",
        "/r/",
        "harbor",
        "/comments/",
        "1abc2d",
        "/s/",
        "<",
        ">",
        "|",
        "&amp;",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=10).map("".join)))
def test_no_text_makes_it_fail_in_any_other_way(text: str) -> None:
    try:
        link = parse_link(text)
    except BadArgument:
        return
    assert (link.fullname is None) == (link.share_path is not None)
    # Whatever was pasted, what goes to Reddit is an id or a share link's own path.
    if link.fullname is not None:
        assert FULLNAME.fullmatch(link.fullname)
    else:
        assert re.fullmatch(r"/(r|u|user)/[A-Za-z0-9_-]{2,24}/s/[A-Za-z0-9]{4,20}", link.share_path or "")


IDS = st.text(string.ascii_lowercase + string.digits, min_size=4, max_size=8)
NAMES = st.one_of(
    st.none(),
    st.from_regex(r"[a-z0-9][a-z0-9_]{1,20}", fullmatch=True).filter(lambda name: not name.startswith("u_")),
    st.from_regex(r"u_[a-z0-9_-]{3,20}", fullmatch=True),
)


@given(IDS, st.one_of(st.none(), IDS), NAMES)
def test_a_permalink_of_ours_leads_back_to_the_same_post(post_id: str, comment: str | None, name: str | None) -> None:
    fullname = f"t1_{comment}" if comment else f"t3_{post_id}"
    link = parse_link(permalink_of(fullname, post_id, name))
    assert link == PostLink(fullname, post_id, name)
    assert parse_link(link.permalink) == link


def test_a_share_link_has_no_permalink_before_it_is_resolved() -> None:
    with pytest.raises(ValueError, match="resolved"):
        _ = parse_link("https://www.reddit.com/r/harbor/s/AbCdEf1234").permalink
