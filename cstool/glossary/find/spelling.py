"""Names that are spelt nearly as what people type. Imported only once an exact answer has failed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, takewhile
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from cstool.glossary.find.asking import LIGHT
from cstool.glossary.find.lookalikes import LOOKALIKES

SHORTEST = 6  # letters of a name that may be misspelt; fewer are too few to tell it from another
LETTERS_TWICE = 11  # letters of a name that may have two mistakes
LETTERS_THRICE = 18
LETTERS_A_SLIP = 3  # a word may have one mistake for so many of its letters
SHORT_WORD = 3  # a word of so few letters is misspelt only in a name of more
SHORT_NAME = 7
LONG_NAME = 12
LONG_WORD = 4  # a word of more letters may be misspelt as another word of a name

# What a mistake costs, in wrong letters.
SPACES = 0.25
SOUND = 0.75
BEGINNING = 1.0

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
        self._texts = sorted(names)
        self._joined = "\n".join(self._texts).replace(" ", "").split("\n")
        self._letters = _ByLength(self._joined)
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
        most = 1 + (len(joined) >= LETTERS_TWICE) + (len(joined) >= LETTERS_THRICE)
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
        for wrong, at in self._letters.near(joined, most):
            name = self._texts[at]
            others = name.split()
            if not wrong or self._is_slip(words, others):
                doubtful = wrong > 0 and _changes_short_word(words, others)
                yield name, Slip(wrong + SPACES * (len(others) != len(words)), doubtful)

    def _heard(self, words: Sequence[str], joined: str, most: int) -> Iterator[tuple[str, Slip]]:
        sound = _sounding(joined)
        if len(sound) < SHORTEST - 1:
            return
        for wrong, at in self._sounds.near(sound, most):
            name = self._texts[at]
            alike = OSA.normalized_similarity(joined, self._joined[at])
            if alike >= (SOUNDED if wrong else HEARD) and self._is_slip(words, name.split(), heard=True):
                yield name, Slip(wrong + SOUND, False)

    def _begun(self, words: Sequence[str]) -> Iterator[tuple[str, Slip]]:
        """Names that begin with all of at least two words that say something."""
        if sum(word not in LIGHT for word in words) < 2 or words[-1] in LIGHT:
            return
        beginning = " ".join(words) + " "
        at = bisect_left(self._texts, beginning)
        yield from (
            (name, Slip(BEGINNING, False))
            for name in takewhile(lambda name: name.startswith(beginning), islice(self._texts, at, None))
        )

    def _is_slip(self, words: Sequence[str], others: Sequence[str], heard: bool = False) -> bool:
        """Whether the words that differ can be misspelt ones."""
        if len(words) != len(others):
            return any(word not in self._known and word not in LOOKALIKES for word in words)
        return all(self._is_slip_of(*pair, words, heard) for pair in zip(words, others, strict=True))

    def _is_slip_of(self, word: str, other: str, words: Sequence[str], heard: bool) -> bool:
        if word == other:
            return True
        if word in LOOKALIKES and (heard or len(words) == 1 or word[0] != other[0]):
            return False
        if word in self._known:
            long = len(word) > LONG_WORD and sum(map(len, words)) >= LONG_NAME
            return long and word[0] == other[0] and OSA.distance(word, other) == 1
        return heard or OSA.distance(word, other) <= max(1, min(len(word), len(other)) // LETTERS_A_SLIP)

    @cached_property
    def _sounds(self) -> _ByLength:
        return _ByLength(_sounding("\n".join(self._joined)).split("\n"))


class _ByLength:
    """Texts, the nearest of which are looked for among those of about the same length."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        self._texts = [texts[i] for i in self._order]
        self._lengths = list(map(len, self._texts))

    def near(self, wanted: str, most: int) -> list[tuple[int, int]]:
        """How many letters are wrong, at `most`, and in which text."""
        low = bisect_left(self._lengths, len(wanted) - most)
        high = bisect_right(self._lengths, len(wanted) + most)
        found = extract(wanted, self._texts[low:high], scorer=OSA.distance, score_cutoff=most, limit=None)
        return [(int(wrong), self._order[low + at]) for _, wrong, at in found]


def _changes_short_word(words: Sequence[str], others: Sequence[str]) -> bool:
    letters = sum(map(len, words))
    for word, other in zip(words, others, strict=False):
        shorter, longer = sorted((len(word), len(other)))
        least = LONG_NAME if shorter == longer <= SHORT_WORD else SHORT_NAME if shorter <= SHORT_WORD else 0
        if word != other and letters < least:
            return True
    return False


def _sounding(text: str) -> str:
    for letters, sound in _SOUNDS:
        text = text.replace(letters, sound)
    return _REPEATED.sub(r"\1", text.translate(_VOWELS))
