"""Make the table of word classes of the claims check from the files of WordNet 3.1.

    python tools/make_word_classes.py DICT            # tells how many words differ, writes nothing
    python tools/make_word_classes.py DICT --write    # writes core/texts/claims/word_classes.txt

DICT is WordNet's folder `dict`, as its distribution and its packages ship it; only `index.sense` is read. A word
stands in the table when WordNet's tagged texts have it, or when it has three to nine letters. A class counts when
at least a fifth of the word's tagged uses have it; each sense adds a tenth of a use, so that untagged words have
classes, too. A word that is only a noun is left out: the check takes what it does not find for a noun. The licence
at the beginning of the table is kept.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "core" / "texts" / "claims" / "word_classes.txt"
_CLASS_OF_SENSE = {"1": "n", "2": "v", "3": "a", "4": "a", "5": "a"}  # the first letter of a sense key's ending
_GROUPS = ("v", "nv", "va", "nva", "na", "a")
_LEAST_SHARE = 0.2
_OF_A_SENSE = 0.1
_UNTAGGED = range(3, 10)  # letters
_WORD = re.compile(r"[a-z]{2,}")


def table(dictionary: Path) -> Mapping[str, str]:
    """By word the letters of its classes, without the words that are nouns alone."""
    tagged: dict[str, Counter[str]] = defaultdict(Counter)
    senses: dict[str, Counter[str]] = defaultdict(Counter)
    for line in (dictionary / "index.sense").read_text(encoding="ascii").splitlines():
        key, _, _, uses = line.split()
        word, _, ending = key.partition("%")
        if _WORD.fullmatch(word):
            tagged[word][_CLASS_OF_SENSE[ending[0]]] += int(uses)
            senses[word][_CLASS_OF_SENSE[ending[0]]] += 1
    found = {
        word: _classes(tagged[word], senses[word])
        for word in senses
        if sum(tagged[word].values()) or len(word) in _UNTAGGED
    }
    return {word: letters for word, letters in found.items() if letters != "n"}


def _classes(tagged: Counter[str], senses: Counter[str]) -> str:
    uses = {letter: tagged[letter] + _OF_A_SENSE * senses[letter] for letter in senses}
    least = _LEAST_SHARE * sum(uses.values())
    return "".join(letter for letter in "nva" if uses.get(letter, 0) >= least and letter in uses)


def written() -> Mapping[str, str]:
    """The table as it stands."""
    lines = TABLE.read_text(encoding="ascii").splitlines()
    return {word: line.split(" ", 1)[0] for line in lines if line[0] != "#" for word in line.split(" ")[1:]}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dictionary", type=Path, metavar="DICT")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    made, old = table(options.dictionary), written()
    differing = sum(made.get(word) != old.get(word) for word in made.keys() | old.keys())
    print(f"{len(made):,} words; {differing:,} differ from the table")
    if options.write:
        head = [line for line in TABLE.read_text(encoding="ascii").splitlines() if line[0] == "#"]
        groups = [
            " ".join((group, *sorted(word for word, letters in made.items() if letters == group))) for group in _GROUPS
        ]
        TABLE.write_text("\n".join((*head, *groups)) + "\n", encoding="ascii")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
