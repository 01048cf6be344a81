"""Whether a text is English is asked by collecting, by the features and by the check of claims: all say the same."""

from __future__ import annotations

import pytest

from core.collecting.prefilter import NOT_ENGLISH, reason_against
from core.texts.claims import Known, Product, check_text
from core.texts.disclosure import disclosures_in
from core.texts.features import found
from core.texts.markup import Text
from tests.core.collecting.invented import collected

GERMAN = "Wir haben für die Kinder auch ein Café, und es ist nicht teuer, aber der Tee ist am Montag aus."
ENGLISH = "We have a café for the children, and it is not dear, but on Mondays there is no tea for them."
LONG = " ".join([GERMAN] * 5)
MUSEUM = Known(("Entry is 4 euros, children free", "Run by three retired mechanics"), Product("Mowerhaus", "a museum"))
DESK = "This comes from our own bench, so weigh it."  # only the model reads this as an owner's


@pytest.mark.parametrize(
    ("body", "is_english"),
    [
        (ENGLISH, True),
        (GERMAN, False),
        (f"{ENGLISH}\n\n> {LONG}\n\nWhat does she mean?", True),
        (f"{GERMAN}\n\n> {ENGLISH} {ENGLISH}\n\nWas meint sie?", False),
        (f"{ENGLISH}\n\n```\n{LONG}\n```", True),
        (f"{ENGLISH} https://mower.example/{LONG.replace(' ', '/')}", True),
    ],
)
def test_a_quote_code_and_addresses_are_not_the_authors_language_for_anybody(body: str, is_english: bool) -> None:
    text = f"{body}\n\nMowerhaus has 470 gates. {DESK}"
    assert (reason_against(collected(1, title="Mowers", body=text)) != NOT_ENGLISH) is is_english
    assert (found("non_english", Text("Mowers", text)) == ()) is is_english
    marks = check_text(f"Mowers\n{text}", MUSEUM, title=6).marks
    [gates] = [mark for mark in marks if text[mark.start - 7 : mark.end - 7] == "470"]
    assert gates.is_doubted is not is_english
    assert bool(disclosures_in(f"Mowers\n{text}", "Mowerhaus", "a museum")) is is_english
