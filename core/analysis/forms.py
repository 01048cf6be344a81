"""The form of a text as numbers: how long it is, what it asks, whom it speaks of, how it is laid out.

A model of a community (core/analysis/model.py) and the shipped prior (core/analysis/prior.py) read these forms besides
the words. Each form belongs to a part of the text that a person can change (`Form.part`); cards tell effects by part.
Values are plain numbers of a small range, so that no single text can outweigh all others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

from core.texts.features import found
from core.texts.markup import Text

_TITLE_CHARS, _BODY_CHARS = 400, 3_000  # read at most; enough to tell a form, and a longer text costs no more
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ASKING = _set(
    "how what why who where when which is are am do does did can could should would will has have any anyone anybody "
    "need looking help"
)
_FIRST = _set("i me my mine myself i'm i've i'd i'll")
_WE = _set("we our us ours ourselves we're we've we'd we'll")
_YOU = _set("you your yours you're you've you'll you'd yourself y'all guys")
_OTHERS = _set("he she him her his hers they them their he's she's they're")
_PAST = _set("was were had did went got made said told came took found")
_NOT = _set("not no never nothing nobody cannot don't doesn't didn't can't won't isn't wasn't aren't couldn't wouldn't")
_HELP = _set(
    "help advice suggestion suggestions recommend recommendation recommendations question tip tips opinion "
    "opinions thoughts"
)
_THANKS = _set("thank thanks thx cheers appreciate appreciated")
_SUPERLATIVE = _set("best worst most least ever only first last biggest greatest favorite favourite")
_RUDE = _set("fuck fucking fucked shit shitty damn ass bitch crap bullshit")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PICTURES = re.compile(r"imgur|i\.redd|flickr|\.(?:png|jpe?g|gif)\b|youtu\.?be|vimeo", re.IGNORECASE)
_REDDIT = re.compile(r"reddit\.com|redd\.it|(?<!\w)/?r/\w", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^ {0,3}>", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_LAYOUT = ("list", "formatting", "summary", "measure")  # features of core/texts/features.py that are forms too


@dataclass(frozen=True, slots=True)
class Form:
    """One number that is read from a text. `part` names what a person can change: one of
    `core.analysis.model.PARTS`.
    """

    key: str
    part: str


_KEYS = {
    "title_length": "title_words_log title_chars_log title_up_to_4 title_up_to_8 title_from_14 title_word_length",
    "title_question": "title_asks title_question_mark title_help",
    "title_number": "title_number title_year",
    "title_person": "title_first_person title_we title_you title_others",
    "title_style": "title_exclaims title_capitals title_lower_case title_tag title_quotes title_colon title_dots "
    "title_full_stop title_superlative title_not title_reddit",
    "length": "no_text words_log words_log_squared up_to_40 up_to_100 from_300 from_500",
    "question": "question_mark question_rate ends_asking help",
    "number": "number_rate measure",
    "person": "first_person_rate we_rate you_rate others_rate",
    "link": "link links_log picture_link reddit_link",
    "layout": "paragraphs_log paragraph_length list formatting code quoted summary",
    "tone": "exclaims_rate capitals_rate thanks not_rate past_rate rude word_length sentence_length title_words_again",
}
FORMS: tuple[Form, ...] = tuple(Form(key, part) for part, keys in _KEYS.items() for key in keys.split())


def form_of(text: Text, has: Container[str] | None = None) -> list[float]:
    """The values of `FORMS`, in their order. The caller must cut later edits from the text first. `has` are the keys of
    the counted features that the text has; None: they are looked for here.
    """
    title, body = text.title[:_TITLE_CHARS], text.body[:_BODY_CHARS]
    title_words, words = _WORD.findall(title), _WORD.findall(body)
    known = _of_title(title, title_words)
    if words:
        layout = {key: bool(found(key, text)) if has is None else key in has for key in _LAYOUT}
        known |= _of_body(text, body, words) | layout
    else:
        known["no_text"] = 1.0
    telling = {word.lower() for word in title_words if len(word) > 3}
    again = telling.intersection(map(str.lower, words))
    known["title_words_again"] = len(again) / len(telling) if telling else 0.0
    return [round(float(known.get(form.key, 0.0)), 4) for form in FORMS]


def _counts(words: Sequence[str]) -> Counter[str]:
    return Counter(" ".join(words).lower().replace("’", "'").split())


def _of_title(title: str, words: Sequence[str]) -> dict[str, float]:
    letters = [c for c in title if c.isalpha()]
    capitals = sum(map(str.isupper, letters))
    count = len(words)
    has = _counts(words)
    return {
        "title_words_log": math.log1p(count),
        "title_chars_log": math.log1p(len(title)),
        "title_up_to_4": count <= 4,
        "title_up_to_8": count <= 8,
        "title_from_14": count >= 14,
        "title_word_length": min(12.0, sum(map(len, words)) / count) if count else 0.0,
        "title_asks": bool(words) and words[0].lower() in _ASKING,
        "title_question_mark": "?" in title,
        "title_help": not _HELP.isdisjoint(has),
        "title_number": any(c.isdigit() for c in title),
        "title_year": any(_YEAR.fullmatch(word) for word in words),
        "title_first_person": not _FIRST.isdisjoint(has),
        "title_we": not _WE.isdisjoint(has),
        "title_you": not _YOU.isdisjoint(has),
        "title_others": not _OTHERS.isdisjoint(has),
        "title_exclaims": "!" in title,
        "title_capitals": capitals / len(letters) if letters else 0.0,
        "title_lower_case": not capitals,
        "title_tag": title.startswith(("[", "(", "{")),
        "title_quotes": any(sign in title for sign in '"“”'),
        "title_colon": ":" in title,
        "title_dots": "..." in title or "…" in title,
        "title_full_stop": title.rstrip().endswith("."),
        "title_superlative": not _SUPERLATIVE.isdisjoint(has),
        "title_not": not _NOT.isdisjoint(has),
        "title_reddit": "reddit" in title.lower() or _REDDIT.search(title) is not None,
    }


def _of_body(text: Text, body: str, words: Sequence[str]) -> dict[str, float]:
    count = len(words)
    has = _counts(words)
    paragraphs = max(1, sum(bool(part.strip()) for part in _PARAGRAPH.split(body)))
    sentences = max(1, len(_SENTENCE_END.findall(body)))
    links = text.parts[1].links
    past = sum(has[word] for word in _PAST) + sum(n for word, n in has.items() if word.endswith("ed"))

    def rate(listed: frozenset[str]) -> float:
        return min(1.0, 10 * sum(has[word] for word in listed) / count)

    return {
        "words_log": math.log1p(count),
        "words_log_squared": math.log1p(count) ** 2 / 5,
        "up_to_40": count <= 40,
        "up_to_100": count <= 100,
        "from_300": count >= 300,
        "from_500": count >= 500,
        "question_mark": "?" in body,
        "question_rate": min(1.0, body.count("?") / sentences),
        "ends_asking": body.rstrip().endswith("?"),
        "help": not _HELP.isdisjoint(has),
        "number_rate": min(1.0, 10 * sum(n for word, n in has.items() if word[0].isdigit()) / count),
        "first_person_rate": rate(_FIRST),
        "we_rate": rate(_WE),
        "you_rate": rate(_YOU),
        "others_rate": rate(_OTHERS),
        "link": bool(links),
        "links_log": math.log1p(len(links)),
        "picture_link": any(_PICTURES.search(link.address) for link in links[:50]),
        "reddit_link": ("/" in body or "edd" in body.lower()) and _REDDIT.search(body) is not None,
        "paragraphs_log": math.log1p(paragraphs),
        "paragraph_length": math.log1p(count / paragraphs),
        "code": any(sign in body for sign in ("`", "\n    ")),
        "quoted": _QUOTED_LINE.search(body) is not None,
        "exclaims_rate": min(1.0, body.count("!") / sentences),
        "capitals_rate": min(1.0, 10 * sum(len(word) > 2 and word.isupper() for word in words) / count),
        "thanks": not _THANKS.isdisjoint(has),
        "not_rate": rate(_NOT),
        "past_rate": min(1.0, 5 * past / count),
        "rude": not _RUDE.isdisjoint(has),
        "word_length": min(12.0, sum(map(len, words)) / count),
        "sentence_length": math.log1p(min(200.0, count / sentences)),
    }
