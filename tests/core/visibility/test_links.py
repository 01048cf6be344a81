from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadArgument
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
        ("https://www.reddit.com/r/harbor/s/", "share link is not complete"),
        ("https://www.reddit.com/", "not a post or a comment"),
        ("https://www.reddit.com/r/harbor/comments/abc/", "not a post or a comment"),
        ("https://www.reddit.com/r/harbor/comments/123456789/", "not a post or a comment"),
        ("https://www.reddit.com/r/harbor/comments/１２３４５/", "not a post or a comment"),
        ("https://redd.it/1abc2d/more", "not a post or a comment"),
        ("see https://redd.it/1abc2d", "more than one link"),
        ("http://[bad", "not a web address"),
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
