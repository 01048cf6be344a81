"""Which facts carry which sentence."""

from __future__ import annotations

import pytest

from core.campaigns import FactKind
from core.drafting.carrying import Carried, carried
from core.drafting.drafts import Sentence
from core.drafting.text import Text
from tests.core.drafting.material import facts, grounds

TWICE = grounds(
    held=facts(
        (FactKind.NUMBER, "37 freelancers use Tallybird."),
        (FactKind.NUMBER, "Tallybird is used by 37 freelancers in Kiel."),
    )
)


@pytest.mark.parametrize(
    ("named", "carries"),
    [((), (1,)), ((1,), (1,)), ((2,), (2,)), ((9,), (1,))],
)
def test_a_sentence_is_carried_by_the_fact_that_its_writer_names_when_that_holds(
    named: tuple[int, ...], carries: tuple[int, ...]
) -> None:
    said = "37 freelancers use Tallybird."
    text = Text("Who uses it", said, sentences=(Sentence(said, named),) if named else ())
    assert carried(text, TWICE, ())[1] == Carried(said, carries)


def test_blanks_and_questions_are_told_as_such() -> None:
    told = carried(Text("Who uses it?", "[your own words: who] What do you use?"), TWICE, ())
    assert [(one.sentence, one.fact_ids, one.has_blank) for one in told] == [
        ("Who uses it?", (), False),
        ("[your own words: who] What do you use?", (), True),
    ]
