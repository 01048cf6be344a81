from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.seal import INSTALLATIONS, LINKED_ACCOUNTS, Seal


def seal(key: str = "k" * 32) -> Seal:
    return Seal(lambda: key, LINKED_ACCOUNTS)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80))
def test_what_was_sealed_opens_with_the_same_secret_only(text: str) -> None:
    sealed = seal().close(text)
    assert seal().open(sealed) == text
    assert seal("z" * 32).open(sealed) is None
    assert len(text) < 4 or text not in sealed


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert seal().close("token") != seal().close("token")


def test_what_was_sealed_for_one_purpose_does_not_open_for_another() -> None:
    assert Seal(lambda: "k" * 32, INSTALLATIONS).open(seal().close("token")) is None


def test_a_changed_or_foreign_text_does_not_open() -> None:
    sealed = seal().close("token")
    for broken in (sealed[:-2] + "AA", sealed[:20], "", "not sealed at all", "é"):
        assert seal().open(broken) is None


def test_the_secret_is_asked_for_at_the_first_use_and_once() -> None:
    asked: list[int] = []

    def secret() -> str:
        asked.append(1)
        return "k" * 32

    lazy = Seal(secret, LINKED_ACCOUNTS)
    assert asked == []
    lazy.close("a")
    lazy.close("b")
    assert asked == [1]
