"""The words of a text: where they are, what they share with other words, and whether something denies them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from core.texts.claims import lexicon
from core.texts.claims.classes import Class, class_of

_TOKEN = re.compile(r"[^\W_](?:[^\W_]|['&](?=[^\W_])|(?<=[^\W\d_])\.(?=[^\W\d_]\.))*")
_VOWEL = re.compile(r"[aeiouy]")
_LONGEST = 40  # longer words are not stemmed
_PHRASE_MOST = 4  # words in the longest phrase of the tables


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text at `start:end`. Two words mean the same when their `keys` meet."""

    text: str
    start: int
    end: int
    stem: str
    keys: frozenset[str]
    is_stop: bool = False  # grammar
    is_light: bool = False  # colours a sentence, claims nothing alone
    is_person: bool = False
    is_denied: bool = False
    is_ruled_out: bool = False  # denied itself: “no timer”, “without an account”
    is_idiom: bool = False  # a phrase of grammar and colour only: “work on”
    of: Class = Class.THING

    @property
    def is_content(self) -> bool:
        return not self.is_stop and not self.is_light


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Returns what the members of a word family share: `reader`, `reading` and `reads` have one stem. Takes lower
    case.
    """
    base = _irregular().get(word.removesuffix("'s"), word.removesuffix("'s").removesuffix("'"))
    if len(base) <= 3 or len(base) > _LONGEST or not base.isalpha():
        return base
    return _trimmed(_without_derivation(_without_inflection(base)))


@lru_cache(maxsize=20_000)
def _inflected(low: str) -> str:
    """Returns what only the forms of one word share: “edits” and “edited”, but not “editor”."""
    base = _irregular().get(low.removesuffix("'s"), low.removesuffix("'s").removesuffix("'"))
    return base if len(base) <= 3 or not base.isalpha() else _trimmed(_without_inflection(base))


def _without_inflection(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ied", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and _VOWEL.search(rest) and not word.endswith(("eed", "thing")):
            if len(rest) == 3 and rest[1] in "aeiou" and rest[0] not in "aeiou" and rest[2] not in "aeiouwxy":
                return rest + "e"  # “hoping”; “hopping” has lost no e
            return rest + ("y" if ending == "ied" else "e" if rest.endswith(("at", "iz")) else "")
    return word


_ENDINGS = (
    ("ization", 3), ("isation", 3), ("ational", 4), ("ability", 3), ("ibility", 3), ("ation", 4), ("ition", 4),
    ("ment", 4), ("ness", 3), ("able", 4), ("ible", 4), ("ally", 4), ("ance", 4), ("ence", 4), ("ful", 4), ("ity", 4),
    ("ive", 4), ("ous", 4), ("ism", 4), ("ist", 4), ("ion", 4), ("ise", 4), ("ize", 4), ("ate", 4), ("ant", 4),
    ("ent", 4), ("or", 4), ("er", 3), ("al", 4), ("ic", 4), ("ly", 3),
)  # fmt: skip


def _without_derivation(word: str) -> str:
    for _ in range(2):
        for ending, least in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= least:
                word = word[: -len(ending)]
                break
        else:
            return word
    return word


def _trimmed(word: str) -> str:
    if word.endswith(("e", "y")) and len(word) > 4:
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word


@cache
def _irregular() -> dict[str, str]:
    return dict(pair.split(":") for pair in lexicon.IRREGULAR.split())


def _phrase_stems(listed: str) -> tuple[str, ...]:
    return tuple(stem(part) for part in listed.split("_"))


@cache
def _concepts() -> dict[tuple[str, ...], frozenset[str]]:
    """Returns for the stems of each word or phrase the groups of the table that it is in."""
    found: dict[tuple[str, ...], set[str]] = {}
    for number, line in enumerate(re.split(r"[|\n]", lexicon.CONCEPTS.strip())):
        for listed in line.split():
            found.setdefault(_phrase_stems(listed), set()).add(f"#{number}")
    return {stems: frozenset(lines) for stems, lines in found.items()}


@cache
def _listed() -> dict[str, frozenset[str]]:
    """Returns the same for each word itself, not its family: “subscribe” is in other groups than “subscriber”."""
    found: dict[str, set[str]] = {}
    for number, line in enumerate(re.split(r"[|\n]", lexicon.CONCEPTS.strip())):
        for listed in line.split():
            if "_" not in listed:
                found.setdefault(_inflected(listed), set()).add(f"#{number}")
    return {word: frozenset(lines) for word, lines in found.items()}


@cache
def _phrase_beginnings() -> frozenset[str]:
    return frozenset(stems[0] for stems in _concepts() if len(stems) > 1)


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Returns for the key of a word the stems of its opposites."""
    found: dict[str, set[str]] = {}
    for line in re.split(r"[|\n]", lexicon.OPPOSITES.strip()):
        one, other = (stem(word) for word in line.split())
        for said, against in ((one, other), (other, one)):
            for key in (said, *_concepts().get((said,), ())):
                found.setdefault(key, set()).add(against)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def _stop() -> frozenset[str]:
    return frozenset(lexicon.STOP.split())


@cache
def _light() -> frozenset[str]:
    return frozenset(_inflected(word) for word in lexicon.LIGHT.split())


@cache
def _weighty() -> frozenset[str]:
    return frozenset(_inflected(word) for word in lexicon.WEIGHTY.split())


def is_weighty(word: Word) -> bool:
    """Whether it is something that people did with a product or for its maker: they bought, cancelled, recommended."""
    return _inflected(word.text.lower()) in _weighty()


@cache
def _people() -> frozenset[str]:
    return frozenset(lexicon.PEOPLE.split())  # as they are: `player` has the stem of “played”


@lru_cache(maxsize=20_000)
def _known(low: str) -> tuple[str, frozenset[str], bool, bool, bool]:
    root = stem(low)
    own = _listed().get(_inflected(low))
    keys = frozenset((root,)) | (_concepts().get((root,), frozenset()) if own is None else own)
    is_stop = (
        low in _stop()
        or low.removesuffix("'s") in _stop()
        or low.endswith(("n't", "'ll", "'ve", "'re", "'d"))
        or low in ("i'm", "it's", "that's")
    )
    is_person = low in _people() or low.removesuffix("s") in _people()
    return root, keys, is_stop, not is_stop and _inflected(low) in _light(), is_person


def is_known(low: str) -> bool:
    """Whether a word is in any table; then a capital at the beginning of a sentence does not make it a name."""
    _root, keys, is_stop, is_light, is_person = _known(low)
    return is_stop or is_light or is_person or len(keys) > 1


def words_in(text: str) -> tuple[Word, ...]:
    """Returns the words of a readable text in order: phrases of the tables as one word, and denied where a negation
    reaches.
    """
    single: list[Word] = []
    for match in _TOKEN.finditer(text):
        single.append(_word(match, single[-1].text.lower() if single else ""))
    return _denied(text, tuple(_with_phrases(single)))


def _word(match: re.Match[str], before: str) -> Word:
    low = match.group().lower()
    root, keys, is_stop, is_light, is_person = _known(low)
    is_light = is_light and (low not in _LIGHT_BEHIND or before == _LIGHT_BEHIND[low])
    kind = Class.THING if is_stop or _inflected(low) in _weighty() else class_of(low, before)
    return Word(match.group(), match.start(), match.end(), root, keys, is_stop, is_light, is_person, of=kind)


_LIGHT_BEHIND = {"course": "of"}


def _with_phrases(single: Sequence[Word]) -> Iterator[Word]:
    at = 0
    while at < len(single):
        word = single[at]
        taken = 1
        if word.stem in _phrase_beginnings():
            for length in range(min(_PHRASE_MOST, len(single) - at), 1, -1):
                parts = single[at : at + length]
                lines = _concepts().get(tuple(part.stem for part in parts))
                if lines is not None:
                    inner = frozenset(key for part in parts if part.is_content for key in part.keys)
                    root = "_".join(part.stem for part in parts)
                    word = Word(
                        " ".join(part.text for part in parts),
                        word.start,
                        parts[-1].end,
                        root,
                        lines | inner | {root},
                        is_person=any(part.is_person for part in parts),
                        is_idiom=not any(part.is_content for part in parts),
                        of=parts[0].of,
                    )
                    taken = length
                    break
        yield word
        at += taken


_DENIES_ALL = re.compile(
    r"\b(?:not|cannot|never|nobody|no one|none|nothing|neither|nowhere|out of luck|look elsewhere|impossible|"
    r"unavailable|off the table|out of the question|out of scope|up to you|(?:is|are) (?:still )?missing|"
    r"nowhere else|\w+n't)\b",
    re.IGNORECASE,
)
_DENIES_NEXT = re.compile(
    r"\b(?:no|without|nor|zero|lacks?|lacking|free of|instead of|rather than|forgot to|forget to|refuse[sd]? to|"
    r"fail(?:s|ed)? to|(?:ran|runs?|running) out of|closed on|closed|no longer|stopped|apart from|except|"
    r"done with|sick of|"
    r"tired of|fed up with)\b(?!-)",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\b(?:not only|not just|no doubt|no wonder|no problem|no matter|why not|not to mention|no idea|(?:no|not|"
    r"never) more than|"
    r"can't wait|for nothing|nothing but|couldn't be|no less than|can't believe)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"[;:.!?()\n]|,|\b(?:but|and|so|because|while|although|though|which|outside|beyond|except|unless|until|"
    r"other than|"
    r"of what|on how|on what|what (?=they|we|you|he|she)|or (?=nobody|no one|nothing|none))\b| - | – | — ",
    re.IGNORECASE,
)
_HARD_BREAK = re.compile(
    r"[;:.!?()\n]|\b(?:but|because|while|although|though|which|outside|beyond|except|unless|until|other than|of what|"
    r"on how|on what)\b| - | – | — ",
    re.IGNORECASE,
)


def _denied(text: str, words: tuple[Word, ...]) -> tuple[Word, ...]:
    cues = list(_DENIES_ALL.finditer(text)) + list(_DENIES_NEXT.finditer(text))
    if not cues:
        return words
    spared = [match.span() for match in _NO_DENIAL.finditer(text)]
    reach: list[tuple[int, int]] = []
    ruled: list[tuple[int, int]] = []
    for cue in cues:
        if any(start <= cue.start() < end for start, end in spared):
            continue
        start, end = _reach(text, cue)
        if cue.re is _DENIES_NEXT and (verb := _GOES_ON_WITH_A_VERB.search(text, cue.end(), end)):
            end = verb.start()  # “people without a smartphone can hand in a sheet”
        if cue.group().lower() == "stopped":
            about = _ABOUT.search(text, cue.end(), end)  # “stopped talking over a pumpkin”
            end = about.start() if about else end
        reach.append((start, end))
        if cue.group().lower() in ("nothing", "none"):
            if text[cue.end() : cue.end() + 6] == " that ":
                ruled.append((cue.end(), end))
        elif cue.re is _DENIES_NEXT or not _is_verbal(text, cue):
            lead = _PREPOSITION.match(text, cue.end(), end)  # “not on Android”
            inner = _PREPOSITION.search(text, lead.end() if lead else cue.end(), end)
            ruled.append((cue.end(), inner.start() if inner else end))
    idioms = [cue.span() for cue in cues if " " in cue.group()]
    words = tuple(
        replace(word, is_stop=True) if any(start <= word.start < end for start, end in idioms) else word
        for word in words
    )
    return tuple(
        replace(word, is_denied=True, is_ruled_out=any(start <= word.start < end for start, end in ruled))
        if any(start <= word.start < end for start, end in reach) and not word.is_stop
        else word
        for word in words
    )


_PREPOSITION = re.compile(
    r"(?<=\w) (?:for|in|on|with|to|from|by|at|that|of|before|after|during|when|is|are|was|were|has|have|will|can)\b",
    re.I,
)
_GOES_ON_WITH_A_VERB = re.compile(
    r"(?<=\w) (?:can|could|will|would|may|must|should|is|are|was|were|has|have|do|does)\b", re.I
)
_ABOUT = re.compile(r" (?:over|about|because|when|after|in|on|at|for)\b", re.I)
_WINDOW = 160  # characters that a negation can reach at most, so that a text without an end stays cheap


def _reach(text: str, cue: re.Match[str]) -> tuple[int, int]:
    """Returns from where to where a negation denies: around a verb its clause, before a noun what follows.

    Commas end it unless a list goes on (“no app, Wi-Fi or account”).
    """
    is_verb = cue.re is _DENIES_ALL and _is_verbal(text, cue)
    start = cue.end()
    if is_verb:
        lead = text[max(0, cue.start() - _WINDOW) : cue.start()]
        breaks = list(_BREAK.finditer(lead))
        start = cue.start() - len(lead) + (breaks[-1].end() if breaks else 0)
    tail = text[cue.end() : cue.end() + _WINDOW]
    for stop in _BREAK.finditer(tail):
        rest = tail[stop.end() :]
        if _HARD_BREAK.match(stop.group()) or not _goes_on(stop.group(), rest, cue):
            return start, cue.end() + stop.start()
    return start, cue.end() + len(tail)


def _is_verbal(text: str, cue: re.Match[str]) -> bool:
    """Whether a negation denies its whole clause, as `isn't`, `do not`, `never` do; “not on Mac” after a comma does
    not.
    """
    if cue.group().lower() != "not":
        return True
    before = text[max(0, cue.start() - 12) : cue.start()].lower().split()
    return bool(before) and before[-1] in _AUXILIARIES


_AUXILIARIES = frozenset(
    re.findall(
        r"\S+",
        "is are was were am be been do does did has have had will would can could should may might must i'm we're it's",
    )
)
_LIST_GOES_ON = re.compile(
    r"\s*(?:[\w-]+\s+){0,3}[\w-]+\s*(?:,|\bor\b|\bnor\b|\band\b)|\s*(?:or|nor|and)\b", re.IGNORECASE
)


def _goes_on(stop: str, rest: str, cue: re.Match[str]) -> bool:
    """Whether the list of denied things goes on after a comma or an “and”."""
    if stop == ",":
        return bool(_LIST_GOES_ON.match(rest[:60]))
    if stop.lower() == "and":
        return len(rest.split()) <= 3 and cue.group().lower() in ("no", "without", "nor")
    return False
