"""Names that are spelt nearly as what people type. Imported only once an exact answer has failed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from cstool.glossary.asking import LIGHT
from cstool.glossary.lookalikes import LOOKALIKES

SHORTEST = 6  # letters of a name that may be misspelt; fewer are too few to tell it from another
LETTERS_TWICE = 11  # letters of a name that may have two mistakes
SHORT_WORD = 3  # a word of so few letters is misspelt only in a long name

# What a mistake costs, in wrong letters.
SPACES = 0.25
SOUND = 0.75
BEGINNING = 1.0
RIGHT = 0.6  # the share of letters that must be right in each word

# The share of letters that must be right in what sounds the same, and in what hardly sounds different.
HEARD = 0.6
SOUNDED = 0.8

# What sounds alike is written alike: first what several letters make one sound, then single letters.
_SOUNDS = (
    *(("tion", "$n"), ("sion", "$n"), ("shun", "$n"), ("zhun", "$n"), ("ck", "k"), ("ch", "k"), ("kh", "k")),
    *(("sh", "$"), ("ph", "f"), ("qu", "kw"), ("x", "ks"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k")),
    *(("z", "s"), ("q", "k")),
)
_VOWELS = str.maketrans("eiouy", "aaaaa")
_REPEATED = re.compile(r"([a-z$])\1+")


class Slip(NamedTuple):
    """How many letters are wrong, and whether too few are right to be sure."""

    wrong: float
    doubtful: bool


class Spelling:
    """Compares what is typed with `names`: names in the singular, with the ids of their terms."""

    def __init__(self, names: Mapping[str, Collection[str]]) -> None:
        self._names = names
        self._texts = list(names)
        self._joined = "\n".join(names).replace(" ", "").split("\n")
        self._known = {*" ".join(names).split(), *LIGHT}

    def knows(self, word: str) -> bool:
        """Whether a word in the singular stands in a name."""
        return word in self._known

    def nearest(self, words: Sequence[str]) -> dict[str, Slip]:
        """The terms with a name that the words misspell, and how.

        A mistake is a wrong, missing or extra letter or two that changed places, anywhere; spaces hardly count, and
        what sounds the same is not quite one. A word that names have, or that looks like one of theirs and is another,
        is no mistake.
        """
        joined = "".join(words)
        if len(joined) < SHORTEST:
            return {}
        most = 1 + (len(joined) >= LETTERS_TWICE)
        best: dict[str, Slip] = {}
        self._add(best, [*self._misspelt(words, joined, most), *self._begun(words)])
        if not best or min(best.values()).wrong > 1 + SPACES:
            self._add(best, self._heard(words, joined, most - 1))
        return best

    def _add(self, best: dict[str, Slip], found: Iterable[tuple[str, Slip]]) -> None:
        for name, slip in found:
            for id_ in self._names[name]:
                best[id_] = min(slip, best.get(id_, slip))

    def _misspelt(self, words: Sequence[str], joined: str, most: int) -> Iterator[tuple[str, Slip]]:
        for _, wrong, at in extract(joined, self._joined, scorer=OSA.distance, score_cutoff=most, limit=None):
            name = self._texts[at]
            others = name.split()
            if not wrong or self._is_slip(words, others):
                doubtful = wrong > 0 and len(joined) < 2 * SHORTEST and _changes_short_word(words, others)
                yield name, Slip(wrong + SPACES * (len(others) != len(words)), doubtful)

    def _heard(self, words: Sequence[str], joined: str, most: int) -> Iterator[tuple[str, Slip]]:
        sound = _sounding(joined)
        if len(sound) < SHORTEST - 1:
            return
        for _, wrong, at in extract(sound, self._sounds, scorer=OSA.distance, score_cutoff=most, limit=None):
            name = self._texts[at]
            alike = OSA.normalized_similarity(joined, self._joined[at])
            if alike >= (SOUNDED if wrong else HEARD) and self._is_slip(words, name.split()):
                yield name, Slip(wrong + SOUND, False)

    def _begun(self, words: Sequence[str]) -> Iterator[tuple[str, Slip]]:
        """Names that begin with all of at least two words that say something."""
        if sum(word not in LIGHT for word in words) < 2 or words[-1] in LIGHT:
            return
        beginning = " ".join(words) + " "
        yield from ((name, Slip(BEGINNING, False)) for name in self._texts if name.startswith(beginning))

    def _is_slip(self, words: Sequence[str], others: Sequence[str]) -> bool:
        """Whether the words that differ can be misspelt ones."""
        if len(words) != len(others):
            return any(word not in self._known and word not in LOOKALIKES for word in words)
        for word, other in zip(words, others, strict=True):
            if word == other:
                continue
            if word in self._known or OSA.normalized_similarity(word, other) < RIGHT:
                return False
            if word in LOOKALIKES and (len(words) == 1 or word[0] != other[0]):
                return False
        return True

    @cached_property
    def _sounds(self) -> list[str]:
        return _sounding("\n".join(self._joined)).split("\n")


def _changes_short_word(words: Sequence[str], others: Sequence[str]) -> bool:
    pairs = zip(words, others, strict=False)
    return any(word != other and min(len(word), len(other)) <= SHORT_WORD for word, other in pairs)


def _sounding(text: str) -> str:
    for letters, sound in _SOUNDS:
        text = text.replace(letters, sound)
    return _REPEATED.sub(r"\1", text.translate(_VOWELS))
