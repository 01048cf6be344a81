"""Interviews: a member answers three to five questions, and their words stand in the draft as they were written.

Only the structure is ours: which questions, in which order. No model is involved. An unanswered question stays as a
blank, which anybody can see and which blocks an approval. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.campaigns import Fact, FactKind
from core.drafting.form import Form, Opening, form_of
from core.drafting.grounds import Grounds
from core.facts import NewFact
from core.texts import claims
from core.texts.features import comparable
from core.texts.private import private_in

TITLE, STORY, NUMBER, LESSON, QUESTION = "title", "story", "number", "lesson", "question"
KEYS = (TITLE, STORY, NUMBER, LESSON, QUESTION)
QUESTIONS_LEAST = 3
_FACTS_OF_A_KIND = 2  # that are put into the text where a question was not needed

_ASKED = {
    TITLE: "what does a reader get from this, in one line?",
    STORY: "what happened, and what went wrong first?",
    NUMBER: "which result can you give, and over what time?",
    LESSON: "what did you learn that helps somebody else?",
    QUESTION: "which one question do you want answered?",
}
_ORDER = {
    Opening.STORY: (STORY, NUMBER, LESSON, QUESTION),
    Opening.NUMBER: (NUMBER, STORY, LESSON, QUESTION),
    Opening.QUESTION: (QUESTION, STORY, NUMBER, LESSON),
}
_CLAIMING = (STORY, NUMBER, LESSON)  # these make claims; a title and a question only refer to them


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is one of `KEYS`; `aim` says how long or of which form an answer is received well, "" when unknown."""

    key: str
    asked: str
    aim: str = ""


def questions_for(grounds: Grounds) -> tuple[Question, ...]:
    """Returns three to five questions, in the order of their answers: what the facts lack, and what is received well
    there.
    """
    form = form_of(grounds.norms)
    unwanted = {finding.feature for finding in form.unwanted}
    own = any(_is_own_experience(fact, grounds) for fact in grounds.facts)
    needed = {
        TITLE: True,
        STORY: not own or form.wants("first_person", "title_first_person"),
        NUMBER: not any(fact.kind is FactKind.NUMBER for fact in grounds.facts)
        and not unwanted & {"number", "measure"},
        LESSON: True,
        QUESTION: "question" not in unwanted,
    }
    for key in (QUESTION, STORY):
        if sum(needed.values()) < QUESTIONS_LEAST:
            needed[key] = True
    order = (TITLE, *_ORDER[form.opening])
    return tuple(Question(key, _ASKED[key], _aim(key, form, sum(needed.values()))) for key in order if needed[key])


def arrange(grounds: Grounds, answers: Mapping[str, str]) -> tuple[str, str]:
    """Returns title and body: the answers word by word, blanks for unanswered questions, and the member's own facts
    where nothing had to be asked.
    """
    form = form_of(grounds.norms)
    asked = {question.key for question in questions_for(grounds)} | {key for key, words in answers.items() if words}
    blocks = []
    for key in _ORDER[form.opening]:
        if key in asked:
            blocks.append(answers.get(key, "").strip() or _blank(key))
        elif facts := _standing_for(key, grounds):
            blocks.append(" ".join(_whole_sentence(fact.body) for fact in facts))
    return " ".join(answers.get(TITLE, "").split()) or _blank(TITLE), "\n\n".join(blocks)


def facts_in(answers: Mapping[str, str], grounds: Grounds) -> tuple[NewFact, ...]:
    """Returns the sentences of the answers that say what no fact says yet. Questions, advice and thinking aloud become
    no facts, nor do secrets and personal data.
    """
    campaign = grounds.campaign
    product = claims.Product(campaign.name, campaign.product, tuple(campaign.keywords), campaign.url)
    nothing = claims.Known((), product)
    told = {comparable(fact.body) for fact in grounds.facts}
    found: list[NewFact] = []
    for key in _CLAIMING:
        words = answers.get(key, "")
        for start, end in claims.sentences_in(words):
            sentence = " ".join(words[start:end].split())
            said = comparable(sentence)
            if said in told or private_in(sentence) or not claims.claims_something(sentence, nothing):
                continue
            told.add(said)
            found.append(NewFact(campaign.id, FactKind.NUMBER if key == NUMBER else FactKind.EXPERIENCE, sentence))
    return tuple(found)


def _blank(key: str) -> str:
    return f"[your own words: {_ASKED[key]}]"


def _aim(key: str, form: Form, questions: int) -> str:
    if key == TITLE:
        told = ["A question."] if form.wants("title_question") else []
        told += ["With a number."] if form.wants("title_number") else []
        length = form.title_chars
        return " ".join((*told, *([f"{length[0]} to {length[1]} characters."] if length else [])))
    if key == STORY and form.words:
        return f"Some {max(20, round(form.words[1] / (questions - 1) / 10) * 10)} words."
    if key == NUMBER and form.wants("list"):
        return "A list, when there are several."
    return ""


def _standing_for(key: str, grounds: Grounds) -> list[Fact]:
    if key == STORY:
        return [fact for fact in grounds.facts if _is_own_experience(fact, grounds)][:_FACTS_OF_A_KIND]
    if key == NUMBER:
        unwanted = {finding.feature for finding in form_of(grounds.norms).unwanted}
        told = (fact for fact in grounds.facts if fact.kind is FactKind.NUMBER)
        numbers = [fact for fact in told if not grounds.is_lived_by_another(fact)]
        return [] if unwanted & {"number", "measure"} else numbers[:_FACTS_OF_A_KIND]
    return []


def _is_own_experience(fact: Fact, grounds: Grounds) -> bool:
    return fact.kind is FactKind.EXPERIENCE and not grounds.is_lived_by_another(fact)


def _whole_sentence(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if tidy.endswith((".", "!", "?", "…")) else f"{tidy}."
