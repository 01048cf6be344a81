"""How people paste links to posts, what is no such link, and what a refusal says."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import BadArgument
from core.gateways.things import FULLNAME
from core.texts.pasted import (
    PostLink,
    account_name,
    addresses_in,
    community_name,
    parse_link,
    permalink_of,
    post_addresses_in,
    setting_value,
    web_address,
)
from tests.core.texts.anything_pasted import ANYTHING, MARKS, PIECES

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
        ("https://redd.it/1abc2d/more", "not a post or a comment"),
        ("https://redd.it/1abc2d https://redd.it/2abc3d", "more than one link"),
        ("see my post", "There is no link in 'see my post'"),
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
        f"https://www.reddit.com:80{PATH}",
        f"http://www.reddit.com:443{PATH}",
        f"https://www.reddit.com..{PATH}",
        f"https://www.reddit.com。evil.example{PATH}",
        f"https://www.reddit.com＠evil.example{PATH}",
        f"https://evil.example／@www.reddit.com{PATH}",
        f"https://evilreddit.com{PATH}",
        f"https://www.evil.reddit.com{PATH}",
        f"https://abc.reddit.com{PATH}",
        f"https://de.reddit.com.evil.example{PATH}",
        f"https://de.redd.it{PATH}",
        f"https://xn--rddit-esa.com{PATH}",
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


# What stands in front of the path of a post, with the hosts of Reddit and what looks like them among it.
HOST_PARTS = st.sampled_from(
    [*("www", "old", "de", "pt-br", "reddit", "redd", "com", "it", "evil", "example"), *".:@-_＠．。\u200b", "443", ""]
)
AUTHORITIES = st.one_of(
    st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="/?#<>|\\"), min_size=1, max_size=30),
    st.lists(HOST_PARTS, min_size=1, max_size=9).map("".join),
)


@given(AUTHORITIES, st.sampled_from(["https://", "http://", "HTTPS://"]))
@example("www.reddit.com:443", "https://")
@example("_", "https://")
def test_only_where_a_browser_would_reach_reddit_is_there_a_post(authority: str, scheme: str) -> None:
    try:
        assert parse_link(f"{scheme}{authority}{PATH}").fullname == "t3_1abc2d"
    except BadArgument:
        return
    # An independent reading: what is left of the host in ASCII, as IDNA maps it, is a host of Reddit that shows posts.
    host = unicodedata.normalize("NFKC", authority).replace("。", ".").replace("\u200b", "").lower()
    host = host.removesuffix(":443").removesuffix(":80").removesuffix(":").removesuffix(".")
    assert re.fullmatch(r"((www|old|new|np|sh|m|amp|i|[a-z]{2}|[a-z]{2}-[a-z]{2})\.)?reddit\.com", host, re.ASCII)


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


# ---------------------------------------------------------------- what else comes along with a link

PASTED = "https://www.reddit.com/r/HarborFounders/comments/1abc2d/how_it_went/"


@pytest.mark.parametrize(
    "pasted",
    [
        f"\u200b{PASTED}\u200b",
        f"\ufeff{PASTED}",
        f"\u202a{PASTED}\u202c",
        f"\u2066{PASTED}\u2069\r\n",
        f"\u00a0{PASTED}\u00a0",
        f"\u200e{PASTED}\ufe0f",
        f"\n\n{PASTED}\n",
        PASTED.replace("reddit", "red\u00addit"),
        PASTED.replace("comments", "com\u200bments"),
        f"<{PASTED}>",
        f"<{PASTED}|How it went (part 1)>",
        f"[How it went]({PASTED})",
        f'[How it went]({PASTED} "a title")',
        f"[{PASTED}]({PASTED})",
        f"[text](<{PASTED}>)",
        f"**[How it went]({PASTED})**",
        f"({PASTED}).",
        f"“{PASTED}”,",
        f"„{PASTED}“",
        f"«{PASTED}»",
        f"'{PASTED}'",
        f"`{PASTED}`!",
        f'"<{PASTED}>"',
        f"My post: {PASTED}",
        f"How it went {PASTED} via the app",
        f"Please watch {PASTED}, thank you.",
        f"Please watch ({PASTED})",
        f"{PASTED}\n{PASTED}?utm_source=share",
        "see reddit.com/r/HarborFounders/comments/1abc2d",
        "see (www.reddit.com/r/HarborFounders/comments/1abc2d/how_it_went/).",
        PASTED.replace("www.", "de."),
        PASTED.replace("www.", "pt-br."),
        PASTED.replace("www.", "fr."),
        PASTED.replace("www.reddit.com", "www.reddit.com."),
        PASTED.replace("www.reddit.com", "www.reddit.com:443"),
        PASTED.replace("https://www.reddit.com", "http://www.reddit.com:80"),
        PASTED.replace("https:", ""),
        PASTED.replace("https://", ""),
        PASTED.replace("https://www.reddit.com/", "/"),
        PASTED.replace("https://www.reddit.com/", ""),
        PASTED.replace("reddit.com/", "reddit.com//"),
        PASTED.upper(),
        PASTED.replace("://www.", "://ｗｗｗ．"),
        PASTED.replace("www.reddit.com", "www。reddit。com"),
        PASTED.replace("1abc2d", "１ａｂｃ２ｄ"),
        "".join(chr(ord(c) + 0xFEE0) for c in PASTED),
        f"{PASTED}.json",
        f"{PASTED}.rss?sort=new",
        PASTED.rstrip("/") + ".compact",
        f"{PASTED}?share_id=x&amp;utm_medium=ios_app#lightbox",
        "https%3A%2F%2Fwww.reddit.com%2Fr%2FHarborFounders%2Fcomments%2F1abc2d%2F",
    ],
)
def test_what_comes_along_with_a_pasted_link_does_not_hide_the_post(pasted: str) -> None:
    assert parse_link(pasted) == POST


@pytest.mark.parametrize(
    ("pasted", "says", "do"),
    [
        (f"https://www.google.com/url?q={PASTED}&sa=D", "www.google.com that leads on to Reddit", "comments/1abc2d/"),
        (
            "https://www.google.com/amp/s/amp.reddit.com/r/HarborFounders/comments/1abc2d/x/",
            "www.google.com that leads on to Reddit",
            "https://www.reddit.com/r/harborfounders/comments/1abc2d/",
        ),
        (f"https://web.archive.org/web/2026/{PASTED}", "web.archive.org that leads on", "comments/1abc2d/"),
        (f"https://out.reddit.com/t3_1abc2d?url={PASTED}", "out.reddit.com that leads on", "comments/1abc2d/"),
        (f"https://slack-redir.net/link?url={PASTED}", "slack-redir.net that leads on", "comments/1abc2d/"),
        ("https://out.reddit.com/t3_1abc2d?url=https%3A%2F%2Fexample.com", "only leads on", "Open it"),
        ("https://reddit.app.link/xYz", "only leads on", "Open it"),
        ("https://www.google.com/url?q=https://example.com/", "www.google.com is not Reddit", "Paste the post's link"),
        (f"{PASTED} and https://www.reddit.com/r/x/comments/2abc3d", "more than one link: 'https://", "Give one"),
        ("nonsense", "'nonsense' is not a web address", "Paste the post's link"),
        ("reddit://reddit/r/x/comments/1abc2d", "is not a web address", "Paste the post's link"),
    ],
)
def test_a_link_that_is_none_of_a_post_is_named_with_the_way_to_one(pasted: str, says: str, do: str) -> None:
    with pytest.raises(BadArgument) as refused:
        parse_link(pasted)
    assert says in refused.value.what
    assert do in refused.value.do


EXAMPLE = "Paste the post's link, such as https://www.reddit.com/r/name/comments/1abc2d/title/"
COMMUNITY_DO = "Write it as r/name: letters, digits and _."
ACCOUNT_DO = "Write it as u/name: 3 to 20 letters, digits, _ or -."


@pytest.mark.parametrize(
    ("read", "pasted", "what", "do"),
    [
        (parse_link, "", "There is no link.", EXAMPLE),
        (parse_link, "my first post", "There is no link in 'my first post'.", EXAMPLE),
        (parse_link, "x" * 41, f"'{'x' * 39}…' is not a web address.", EXAMPLE),
        (parse_link, "x" * 40, f"'{'x' * 40}' is not a web address.", EXAMPLE),
        (
            parse_link,
            "https://redd.it/1abc2d and https://redd.it/2abc2d and https://redd.it/3abc2d",
            "That is more than one link: 'https://redd.it/1abc2d' and 'https://redd.it/2abc2d'.",
            f"Give one. {EXAMPLE}",
        ),
        (
            parse_link,
            "https://me@reddit.com/r/harbor/comments/1abc2d/",
            "That address carries a user name or a port, which Reddit's links never do.",
            EXAMPLE,
        ),
        (
            parse_link,
            "https://i.redd.it/abc.png",
            "That is the picture or video itself, not the post.",
            f"Open the post it belongs to. {EXAMPLE}",
        ),
        (parse_link, "https://example.com/a", "example.com is not Reddit.", EXAMPLE),
        (
            parse_link,
            "https://www.google.com/url?q=https://redd.it/1abc2d",
            "That is a link of www.google.com that leads on to Reddit, not the post's own.",
            "Paste the address that it leads to: https://www.reddit.com/comments/1abc2d/",
        ),
        (
            parse_link,
            "https://www.google.com/url?q=https://www.reddit.com/r/harbor/s/AbCd1234",
            "That is a link of www.google.com that leads on to Reddit, not the post's own.",
            f"Open it. {EXAMPLE}",
        ),
        (
            parse_link,
            "https://reddit.app.link/AbC",
            "That link only leads on to another page.",
            f"Open it and paste the page's address. {EXAMPLE}",
        ),
        (
            parse_link,
            "https://www.reddit.com/r/harbor/s/",
            "That share link is not complete.",
            "Open it in a browser and paste the long address it leads to.",
        ),
        (
            parse_link,
            "https://www.reddit.com/user/Alice-Writes/",
            "That is an account's page, not a post.",
            f"Open the post. {EXAMPLE}",
        ),
        (
            parse_link,
            "https://www.reddit.com/r/harbor/top/",
            "That is a community's page, not a post.",
            f"Open the post. {EXAMPLE}",
        ),
        (
            parse_link,
            "https://www.reddit.com/prefs",
            "That address on Reddit is not a post or a comment.",
            EXAMPLE,
        ),
        (web_address, "no address", "'no address' is not a web address.", "Write it like https://example.com"),
        (
            web_address,
            "https://example.com/a b",
            "'https://example.com/a b' is more than a web address.",
            "Write it like https://example.com",
        ),
        (community_name, "u/alice_writes", "'u/alice_writes' is an account, not a community.", COMMUNITY_DO),
        (community_name, "small business", "'small business' is not a community's name.", COMMUNITY_DO),
        (community_name, "r/All", "r/all lists posts of many communities and is not a community.", COMMUNITY_DO),
        (community_name, "popular", "r/popular lists posts of many communities and is not a community.", COMMUNITY_DO),
        (account_name, "al", "'al' is not the name of a Reddit account.", ACCOUNT_DO),
        (account_name, "r/harbor", "'r/harbor' is not the name of a Reddit account.", ACCOUNT_DO),
        (account_name, "<@U012>", "That is a member of this chat, not the name of a Reddit account.", ACCOUNT_DO),
    ],
)
def test_a_refusal_says_what_was_read_and_what_to_do_now(
    read: Callable[[str], object], pasted: str, what: str, do: str
) -> None:
    with pytest.raises(BadArgument) as told:
        read(pasted)
    assert (told.value.what, told.value.do) == (what, do)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ('"abc', "begins with a quote that has no other half."),
        ("abc”", "ends with a quote that has no other half."),
        ("abc’", "ends with a quote that has no other half."),
    ],
)
def test_the_end_at_which_a_quote_stands_alone_is_named(value: str, what: str) -> None:
    with pytest.raises(BadArgument) as told:
        setting_value("BCRAO_X", value)
    assert (told.value.what, told.value.do) == (what, "Take it away, or copy the value again.")


def test_the_posts_that_a_message_links_to_are_named_by_our_own_addresses_each_once() -> None:
    message = (
        "Look (https://redd.it/1ABC2D), old.reddit.com/r/Harbor/comments/2abc2d/x/kx12ab/?context=3 and again "
        "https://www.reddit.com/comments/1abc2d/; shared: https://www.reddit.com/r/Harbor/s/AbCd1234/ – "
        "https://www.reddit.com/user/Alice-Writes/comments/3abc2d/x https://example.com https://www.reddit.com/r/harbor"
    )
    assert post_addresses_in(message) == [
        "https://www.reddit.com/comments/1abc2d/",
        "https://www.reddit.com/r/harbor/comments/2abc2d/comment/kx12ab/",
        "https://www.reddit.com/r/Harbor/s/AbCd1234",
        "https://www.reddit.com/user/alice-writes/comments/3abc2d/",
    ]


def test_a_bracket_after_an_address_ends_it_and_one_inside_does_not() -> None:
    assert addresses_in("(see https://example.com/a) or https://example.com/b_(c) or https://example.com/d)e f") == [
        "https://example.com/a",
        "https://example.com/b_(c)",
        "https://example.com/d",
    ]


def test_an_underscore_behind_an_address_is_a_mark_only_where_one_stands_before_it() -> None:
    assert addresses_in("_https://example.com/a_ and https://example.com/b_ or c_") == [
        "https://example.com/a",
        "https://example.com/b_",
    ]


def test_a_bracket_that_is_not_closed_stays_open() -> None:
    assert addresses_in("https://example.com/a_(b! c and https://example.com/d_(e) f") == [
        "https://example.com/a_(b",
        "https://example.com/d_(e)",
    ]


def test_all_addresses_in_a_message_are_found_each_once_and_without_their_wrapping() -> None:
    message = f"Look (<{PASTED}|here>), [here]({PASTED}) and https://example.com/a_(b)! Also reddit.com/r/x, not x.com."
    assert addresses_in(message) == [PASTED, "https://example.com/a_(b)", "reddit.com/r/x"]


# ---------------------------------------------------------------- whatever comes


@given(ANYTHING)
def test_whatever_is_read_as_a_post_has_an_address_that_is_read_so_again(text: str) -> None:
    try:
        link = parse_link(text)
    except BadArgument:
        return
    if link.fullname is not None:
        assert parse_link(link.permalink) == link
    else:
        assert parse_link(link.share_path or "") == link


@given(
    st.sampled_from([PASTED, "r/HarborFounders/comments/1abc2d"]),
    st.lists(MARKS, max_size=4),
    st.lists(MARKS, max_size=4),
)
def test_marks_around_a_link_never_matter(link: str, before: list[str], after: list[str]) -> None:
    assert parse_link("".join((*before, link, *after))) == POST
