"""The text of a draft as the gates read it, and how much a remark weighs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from core.drafting.drafts import NewRevision, Revision, RevisionOrigin, SecondOpinion, Sentence
from core.drafting.grounds import Grounds
from core.texts import markup
from core.texts.acts import TOLD, Act, done_in
from core.texts.features import FEATURES, Params, found
from core.texts.markup import Span
from core.texts.plain import readable, shortened
from core.texts.sentences import sentence_at
from core.texts.shown import ACTS, said_in, shown

OK, ADVICE, PROBLEM = "ok", "advice", "problem"
_PASSAGES = 3  # that are told of what a text shows
_SHOWN_CHARS = 120  # of the words or the sentence by which a text shows something


@dataclass(frozen=True, slots=True)
class Sign:
    """By what a text shows something: in words for a card, and the sentences whose sense shows it; none where that is
    plain (a name) or no sentence (a title).
    """

    told: str
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """What is checked. `generated`: the texts of this draft that no person wrote.

    What their sentences claim must rest on a fact; what a person wrote is that person's word. `flair`: the flair that
    it is to be posted with; "" for none, None when nobody said yet. `undisclosed_because`: a member's reason for not
    saying how the poster belongs to the product. `freed`: marked words (in lower case) of which somebody said that they
    claim nothing, with who said so.
    """

    title: str
    body: str
    generated: tuple[str, ...] = ()
    flair: str | None = None
    undisclosed_because: str | None = None
    freed: Mapping[str, str] = field(default_factory=dict)
    sentences: tuple[Sentence, ...] = ()  # of a model, with the facts that it names
    second_opinion: SecondOpinion | None = None

    @classmethod
    def of(cls, newest: Revision | NewRevision, revisions: Iterable[Revision | NewRevision]) -> Text:
        """Returns the newest text of a draft. A model's sentences need facts, also after a person edited around
        them.
        """
        by_model = [revision for revision in revisions if revision.origin is RevisionOrigin.MODEL]
        return cls(
            newest.title,
            newest.body,
            tuple(f"{revision.title}\n{revision.body}" for revision in by_model),
            sentences=tuple(sentence for revision in by_model for sentence in revision.sentences),
            second_opinion=newest.second_opinion,
        )

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.body}"

    def has(self, key: str, grounds: Grounds, params: Params | None = None) -> tuple[Span, ...]:
        """Returns where the text has a feature (core/texts/features.py)."""
        return found(key, self.read(grounds), params)

    def shows(self, keys: Iterable[str], grounds: Grounds) -> Sign | None:
        """Returns by what the text shows one of the features (core/texts/shown.py); None for nothing."""
        one = shown(keys, self.read(grounds))
        if one is None:
            return None
        words = shortened(" ".join(one.spans[0].words.split()), _SHOWN_CHARS)
        if one.act is not None:
            return Sign(f"The text {TOLD[one.act]}: “{words}”.", self._around(one.spans))
        told = f"The text has {FEATURES[one.key].text}" + (f": “{words}”." if one.key in ACTS else ".")
        return Sign(told, self._around(one.spans))

    def does(self, acts: Collection[Act]) -> Sign | None:
        """Returns which sentence of the body does one of the acts; None for none."""
        done = done_in(self.body, acts)
        if done is None:
            return None
        return Sign(f"The text {TOLD[done.act]}: “{shortened(done.words, _SHOWN_CHARS)}”.", (done.words,))

    def says(self, patterns: Sequence[re.Pattern[str]]) -> Sign | None:
        """Returns which of the patterns of core/texts/wording.py the text has; None for none."""
        words = said_in(self.whole, patterns)
        return None if words is None else Sign(f"The text has “{words}”.")

    def _around(self, spans: Sequence[Span]) -> tuple[str, ...]:
        """Returns the sentences in which spans stand, each once, at most `_PASSAGES`; none where one is in the title,
        which is no sentence.
        """
        if any(span.part == markup.TITLE for span in spans):
            return ()
        body = readable(self.body)
        return tuple(islice(dict.fromkeys(sentence_at(body, span.start) for span in spans), _PASSAGES))

    def read(self, grounds: Grounds) -> markup.Text:
        """Returns the text as it is read on the day of its grounds, because some communities allow things on some
        days.
        """
        campaign = grounds.campaign
        return _read(self.title, self.body, campaign.name, campaign.url, grounds.now.weekday())


@lru_cache(maxsize=8)  # the gates of one check read the same text
def _read(title: str, body: str, product: str, site: str | None, weekday: int) -> markup.Text:
    return markup.Text(title, body, product, site, weekday)
