"""Every wording that Reddit puts in a text's place is gone, however it is set; a text that quotes one is a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.gone import (
    GoneBy,
    category_by,
    category_told,
    contradicts,
    gone_by,
    post_gone_by,
    read_category,
    texts_gone_by,
)

WORDINGS = {
    "[removed]": GoneBy.UNKNOWN,
    "[deleted]": GoneBy.AUTHOR,
    "[removed by reddit]": GoneBy.REDDIT,
    "[ Removed by Reddit ]": GoneBy.REDDIT,
    "[removed by moderator]": GoneBy.MODERATORS,
    "[deleted by user]": GoneBy.AUTHOR,
    "[ Removed by Reddit on account of violating the [content policy](/help/contentpolicy). ]": GoneBy.REDDIT,
    "[ Removed by reddit in response to a copyright notice. ]": GoneBy.REDDIT,
    "[ Removed by Reddit in response to a [legal request](/help/contentpolicy). ]": GoneBy.REDDIT,
    "[ Removed by Reddit in response to a [legal request](https://example.com/a_(b)). ]": GoneBy.REDDIT,
    "[removed by the mod team]": GoneBy.MODERATORS,
    "[removed by AutoModerator]": GoneBy.MODERATORS,
    "[Comment removed by moderator]": GoneBy.MODERATORS,
    "[eliminado]": GoneBy.UNKNOWN,
    "[gelöscht]": GoneBy.AUTHOR,
    "[entfernt]": GoneBy.UNKNOWN,
    "[supprimé]": GoneBy.UNKNOWN,
    "[excluído]": GoneBy.AUTHOR,
    "[rimosso]": GoneBy.UNKNOWN,
    "[удалено]": GoneBy.UNKNOWN,
    "[kaldırıldı]": GoneBy.UNKNOWN,
    "[silinmiş]": GoneBy.AUTHOR,
    "[削除済み]": GoneBy.UNKNOWN,
    "[已删除]": GoneBy.UNKNOWN,
    "[삭제됨]": GoneBy.UNKNOWN,
    "[हटाया गया]": GoneBy.UNKNOWN,
    "[Von Moderatoren entfernt]": GoneBy.MODERATORS,
    "[eliminado por el usuario]": GoneBy.AUTHOR,
    "[supprimé par Reddit]": GoneBy.REDDIT,
}
SPACES = st.text(
    alphabet=" \t\n\r\x0b\u00a0\u1680\u2003\u2009\u2028\u202f\u205f\u3000\u200b\u200d\u2060\ufeff", max_size=4
)


def _cased(text: str, case: str) -> str:
    changed = {"upper": text.upper(), "title": text.title(), "lower": text.lower(), "as it is": text}[case]
    return changed.replace("](/HELP/CONTENTPOLICY)", "](/help/contentpolicy)")


@given(st.sampled_from(sorted(WORDINGS)), st.sampled_from(["upper", "title", "lower", "as it is"]), st.data())
def test_every_wording_is_gone_in_any_casing_and_spacing(wording: str, case: str, data: st.DataObject) -> None:
    words = _cased(wording, case).split(" ")
    spaced = words[0] + "".join(f" {data.draw(SPACES)}{word}" for word in words[1:])
    spaced = f"{data.draw(SPACES)}{spaced}{data.draw(SPACES)}"
    assert gone_by(spaced) is WORDINGS[wording]


@pytest.mark.parametrize("wording", WORDINGS)
@pytest.mark.parametrize(
    "dressed",
    [
        lambda text: text.replace("[", "\\[").replace("]", "\\]"),
        lambda text: text.replace("[", "&#91;").replace("]", "&#93;"),
        lambda text: text.replace("[", "&amp;#91;").replace("]", "&amp;#93;"),
        lambda text: f'<div class="md"><p>{text}</p></div>',
        lambda text: f"{' ' * 3_000}{text}\n\n",
        lambda text: f"[\u200b{text[1:]}",
    ],
    ids=["backslashes", "entities", "entities twice", "HTML", "padded", "zero width"],
)
def test_every_wording_is_gone_however_it_was_escaped(wording: str, dressed: Any) -> None:
    assert gone_by(dressed(wording)) is WORDINGS[wording]


@given(
    st.sampled_from(sorted(WORDINGS)),
    st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20),
    st.text(st.characters(categories=("L", "N")), max_size=20),
)
def test_every_sentence_that_quotes_one_is_a_text(wording: str, before: str, after: str) -> None:
    assert gone_by(f"{before} {wording} {after}".strip()) is None
    assert gone_by(f"{after} {wording} {before}".strip()) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "removed",
        "Removed by Reddit",
        "I was [removed] from the list",
        "> [removed]",
        '"[deleted]"',
        "[removed] [removed]",
        "[removed](https://example.com)",
        "[[removed]](https://example.com)",
        "[Removed by Reddit and I am furious]",
        "[removed by my landlord]",
        "[deleted scenes]",
        "[Question]",
        "[eliminado por mi casero]",
        "[removed",
        "[]",
        "[ ]",
        "[removed]" * 60,
        f"[removed {'by Reddit on account of ' * 30}]",
    ],
)
def test_a_text_that_is_more_or_less_than_a_placeholder_is_a_text(text: str) -> None:
    assert gone_by(text) is None


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert gone_by(text) in {None, *GoneBy}
    assert gone_by(f" {text}\u200b") is gone_by(text)


@dataclass
class Kept:
    title: str = "What we learned"
    body: str | None = "We tried it, and it was good."
    removed_by_category: str | None = None


@pytest.mark.parametrize(
    ("post", "by", "category"),
    [
        (Kept(), None, None),
        (Kept(body=""), None, None),
        (Kept(removed_by_category="moderator"), GoneBy.MODERATORS, "moderator"),
        (Kept(removed_by_category="automod_filtered"), GoneBy.MODERATORS, "automod_filtered"),
        (Kept(removed_by_category="reddit"), GoneBy.REDDIT, "reddit"),
        (Kept(removed_by_category="anti_evil_ops"), GoneBy.REDDIT, "anti_evil_ops"),
        (Kept(removed_by_category="brand_new"), GoneBy.UNKNOWN, "brand_new"),
        (Kept(removed_by_category="author"), GoneBy.AUTHOR, "author"),
        (Kept(body="[removed]"), GoneBy.UNKNOWN, "unknown"),
        (Kept(body="[removed by moderator]"), GoneBy.MODERATORS, "moderator"),
        (Kept(title="[ Removed by Reddit ]", body=""), GoneBy.REDDIT, "content_takedown"),
        (Kept(title="[deleted by user]", body="[removed]"), GoneBy.AUTHOR, "deleted"),
        (Kept(body="[removed]", removed_by_category="reddit"), GoneBy.REDDIT, "reddit"),
        (Kept(body="[deleted]", removed_by_category="moderator"), GoneBy.AUTHOR, "moderator"),
    ],
)
def test_a_post_is_gone_by_category_title_or_text(post: Kept, by: GoneBy | None, category: str | None) -> None:
    assert post_gone_by(post) is by
    assert category_told(post) == category


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u200f", "\ufe0f", "\u3164", "\x00"])
def test_marks_that_show_nothing_hide_nothing(mark: str) -> None:
    assert gone_by(f"{mark}[{mark}re{mark}moved]{mark}") is GoneBy.UNKNOWN
    assert gone_by(f"{mark}I was [removed]{mark}") is None


def test_a_category_is_a_word_or_none_and_nothing_else() -> None:
    assert read_category(" Moderator ") == "moderator"
    assert read_category("anti_evil_ops") == "anti_evil_ops"
    for none in (
        None,
        False,
        "",
        " ",
        "null",
        "None",
        "false",
        "nil",
        "NaN",
        "undefined",
        "n/a",
        "NA",
        "-",
        "0",
        "\\N",
    ):
        assert read_category(none) is None
    for garbage in (1, 0, True, "true", " True ", ["moderator"], "9", "mod/erator", "_mod", "a" * 61, "modérateur"):
        with pytest.raises(ValueError, match=r"^a removal category is a word$"):
            read_category(garbage)
    assert read_category("a" * 60) == "a" * 60


@pytest.mark.parametrize(
    ("category", "by"),
    [
        (None, None),
        ("moderator", GoneBy.MODERATORS),
        ("automod_filtered", GoneBy.MODERATORS),
        ("reddit", GoneBy.REDDIT),
        ("anti_evil_ops", GoneBy.REDDIT),
        ("community_ops", GoneBy.REDDIT),
        ("content_takedown", GoneBy.REDDIT),
        ("copyright_takedown", GoneBy.REDDIT),
        ("trademark_takedown", GoneBy.REDDIT),
        ("legal_operations", GoneBy.REDDIT),
        ("deleted", GoneBy.AUTHOR),
        ("author", GoneBy.AUTHOR),
        ("a_new_word", GoneBy.UNKNOWN),
    ],
)
def test_every_category_says_who_took_a_post_down(category: str | None, by: GoneBy | None) -> None:
    assert category_by(category) is by


@pytest.mark.parametrize(
    ("wording", "by"),
    [
        ("[supprimé par l’utilisateur]", GoneBy.AUTHOR),
        ("[KALDIRILDI]", GoneBy.UNKNOWN),
        ("[redditにより削除されました]", GoneBy.REDDIT),
        ("[تم الحذف]", GoneBy.AUTHOR),
        ("[ this post was removed by the community moderators ]", GoneBy.MODERATORS),
        ("[deleted by its original poster]", GoneBy.AUTHOR),
        ("[The content has been deleted by OP]", GoneBy.AUTHOR),
        ("[removed by Reddit’s spam filters]", GoneBy.REDDIT),
        ("［removed］", GoneBy.UNKNOWN),
        ("\\[removed\\]", GoneBy.UNKNOWN),
        ("[[removed](https://example.com)]", GoneBy.UNKNOWN),
        ("[removed [by](/a) moderator]", GoneBy.MODERATORS),
        ("<p>[deleted]</p><!-- end -->", GoneBy.AUTHOR),
        ("&lt;p&gt;[deleted]&lt;/p&gt;", GoneBy.AUTHOR),
        ("&amp;amp;#91;deleted&amp;amp;#93;", GoneBy.AUTHOR),
        ("[re&shy;moved]", GoneBy.UNKNOWN),
        ("<B>[removed]</B>", None),
        ("[removed] &amp; [removed]", None),
        ("[re moved]", GoneBy.UNKNOWN),
        ("[removed[]", None),
        ("[]removed]", None),
        ("[removed;", None),
        ("&[removed]", None),
    ],
)
def test_a_wording_is_told_from_what_is_like_it(wording: str, by: GoneBy | None) -> None:
    assert gone_by(wording) is by


@pytest.mark.parametrize(
    "mark", "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\ufe00\ufe08\ufe0f\x01\u2066\U000e0041"
)
def test_a_mark_without_a_sign_is_unseen_wherever_it_stands(mark: str) -> None:
    for text in (f"{mark}[removed]", f"[removed]{mark}", f"[re{mark}moved]", f"[{mark}deleted{mark}]"):
        assert gone_by(text) is (GoneBy.AUTHOR if "deleted" in text else GoneBy.UNKNOWN)


@pytest.mark.parametrize("sign", ["\ufdff", "\ufe10", "-", "\u3165", "\u2801"])
def test_a_sign_that_is_seen_makes_a_placeholder_a_text(sign: str) -> None:
    assert gone_by(f"[re{sign}moved]") is None
    assert gone_by(f"{sign}[removed]") is None
    assert gone_by(f"[removed]{sign}") is None


@pytest.mark.parametrize(
    ("title", "body", "by"),
    [
        ("[deleted]", "[removed by reddit]", GoneBy.AUTHOR),
        ("[removed by reddit]", "[deleted]", GoneBy.AUTHOR),
        ("[removed by moderator]", "[removed by reddit]", GoneBy.REDDIT),
        ("[removed]", "[removed by moderator]", GoneBy.MODERATORS),
        ("[removed]", None, GoneBy.UNKNOWN),
        (None, "[removed]", GoneBy.UNKNOWN),
        (None, None, None),
        ("A title", "A text", None),
    ],
)
def test_of_two_placeholders_the_authors_comes_first_then_reddits_then_the_moderators(
    title: str | None, body: str | None, by: GoneBy | None
) -> None:
    assert texts_gone_by(title, body) is by


@pytest.mark.parametrize(
    "text",
    [
        "[removed.]",
        "[removed!]",
        "[已删除。]",
        "<div>" + " " * 500 + "[removed]" + " " * 500 + "</div>",
        "[removed" + "\u200b" * 500 + "]",
        "<p>" + "<br>" * 120 + "[re" + "\u200b" * 3 + "moved]</p>",
    ],
)
def test_a_full_stop_and_padding_make_no_difference(text: str) -> None:
    assert gone_by(text) is not None


def test_what_is_longer_than_any_placeholder_is_a_text() -> None:
    padded = "[removed]" + " " * 3 + "\u200b" * 3_988
    assert len(padded) == 4_000
    assert gone_by(padded) is GoneBy.UNKNOWN
    assert gone_by(padded + "\u200b") is None


def test_a_placeholder_that_its_author_typed_is_a_contradiction() -> None:
    typed: dict[str, Any] = {"category": None, "indexable": True, "author": "alice_writes"}
    assert contradicts("A title", "[removed]", **typed)
    assert contradicts("[deleted by user]", "", **typed)
    assert not contradicts("A title", "A text", **typed)
    for changed in ({"category": "moderator"}, {"indexable": False}, {"indexable": None}, {"author": None}):
        assert not contradicts("A title", "[removed]", **{**typed, **changed})


def test_a_placeholder_may_have_four_hundred_characters_without_its_padding() -> None:
    longest = "[removed by  reddit due to " + "a " * 186 + "a]"
    assert len(longest) == 401
    assert gone_by(longest) is GoneBy.REDDIT
    assert gone_by(longest.replace("a]", "a a]")) is None
