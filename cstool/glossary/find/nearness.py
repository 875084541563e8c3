"""How near what people type is to the names of terms. Imported only once an exact answer has failed."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from cstool.glossary.find.asking import LIGHT
from cstool.glossary.find.lookalikes import LOOKALIKES

SUGGEST = 70.0  # at least this near to be worth a suggestion
CEILING = 99.0  # near is never quite exact

# How alike two words are, 0 to 1. With a word less than SURE, a name is at most an IDEA.
TYPO = 0.6  # what a word would lose with every letter wrong; a wrong letter costs its share of that
ABBREVIATED = 0.87  # `rev` and `revenue`, `mgr` and `manager`
SURE = 0.84
INFLECTED = 0.8  # `renewing` and `renewal`
IDEA = 90.0

RIGHT = 0.66  # the share of letters that must be right in a misspelling
STEM = 0.55  # the share of the longer word that two forms of a word have in common
SHORTEST = 3  # letters of a word that may be misspelled or abbreviated
LETTERS_AN_EDIT = 8  # where spaces are ignored, a wrong letter needs so many letters around it
MOST_EDITS = 2
LIGHT_WEIGHT = 0.3  # of a word that names nothing
_CONTRACTION = re.compile("[a-z][^aeiou]{2,4}")


@dataclass(frozen=True, slots=True, eq=False)
class _Name:
    """A name: the terms it belongs to, how often it has which words, and what they weigh together."""

    ids: Collection[str]
    words: Mapping[str, int]
    weight: float


class Nearness:
    """Compares words with `names`: names in the singular, with the ids of their terms.

    Inside a longer name an acronym stands for the words that `expansions` has for it: `vp of cs`.
    """

    def __init__(self, names: Mapping[str, Collection[str]], expansions: Mapping[str, str]) -> None:
        self._expansions = expansions
        self._expanded: dict[str, set[str]] = defaultdict(set)
        self._joined: dict[str, set[str]] = defaultdict(set)
        self._lengths: dict[str, set[int]] = defaultdict(set)  # of joined names, in words
        bearers: dict[str, set[str]] = defaultdict(set)
        for text, ids in names.items():
            words = text.split()
            self._expanded[self._expand(words)].update(ids)
            self._joined["".join(words)].update(ids)
            self._lengths["".join(words)].add(len(words))
            for word in words:
                bearers[word].update(ids)
        # A word tells the more, the fewer terms it stands in; one that none has tells the most.
        terms = len({id_ for ids in names.values() for id_ in ids})
        self._rarest = math.log1p(terms)
        self._weights = {
            word: LIGHT_WEIGHT if word in LIGHT else math.log1p(terms / len(ids)) for word, ids in bearers.items()
        }
        self._beginning: dict[str, list[str]] = defaultdict(list)
        for word in self._weights:
            self._beginning[word[:SHORTEST]].append(word)
        self._bearing: dict[str, list[_Name]] = defaultdict(list)
        for text, ids in names.items():
            counts = Counter(text.split())
            name = _Name(ids, counts, sum(self._weights[word] * count for word, count in counts.items()))
            for word in counts:
                self._bearing[word].append(name)
        self._alike_known: dict[str, dict[str, float]] = {}

    def _expand(self, words: Iterable[str]) -> str:
        return " ".join(self._expansions.get(word, word) for word in words)

    def one_letter_off(self, wanted: str) -> dict[str, float]:
        """The terms with a name one edit away from a short word."""
        if len(wanted) < SHORTEST:
            return {}
        near = _near(wanted, self._joined.keys(), 1 - 1 / len(wanted) - 1e-6)
        return _best((id_, 100 * right) for name, right in near for id_ in self._joined[name])

    def scores(self, words: Sequence[str], telling: Collection[str]) -> dict[str, float]:
        """Each term's best nearness over its names, 0 to 99, where it is worth a suggestion.

        `words` are in the singular; those that are not `telling` are the question around the term.
        """
        scored = [*self._by_words(words, telling), *self._by_letters(words)]
        scored += ((id_, CEILING) for id_ in self._expanded.get(self._expand(words), ()))
        return _best((id_, min(score, CEILING)) for id_, score in scored if score >= SUGGEST)

    def _by_words(self, words: Sequence[str], telling: Collection[str]) -> Iterator[tuple[str, float]]:
        """Twice the weight of the words that query and name share, by that of all of both (a soft Dice coefficient).

        So a word that only one of them says tells against the name, the more so the rarer it is.
        """
        alike = {word: self._alike(word) for word in words}
        unsaid = {
            word: LIGHT_WEIGHT if word in LIGHT or word not in telling else self._weights.get(word, self._rarest)
            for word in alike
        }
        shared: dict[_Name, float] = defaultdict(float)
        for others in alike.values():
            for other, likeness in others.items():
                for name in self._bearing[other]:
                    shared[name] += likeness * self._weights[other]
        least = sum(min([unsaid[word], *map(self._weights.__getitem__, alike[word])]) for word in alike)
        for name, most in shared.items():
            if 200 * most < SUGGEST * (name.weight + least):  # even with every word matched
                continue
            both, whole, weakest = 0.0, name.weight, 1.0
            left, waiting = dict(name.words), dict(unsaid)
            pairs = [(others[other], word, other) for word, others in alike.items() for other in others.keys() & left]
            for likeness, word, other in sorted(pairs, reverse=True):
                if word in waiting and left[other]:
                    left[other] -= 1
                    del waiting[word]
                    both += 2 * likeness * self._weights[other]
                    whole += self._weights[other]
                    weakest = min(weakest, likeness)
            score = 100 * both / (whole + sum(waiting.values()))
            for id_ in name.ids:
                yield id_, score if weakest >= SURE else min(score, IDEA)

    def _by_letters(self, words: Sequence[str]) -> Iterator[tuple[str, float]]:
        """Names that are the same but for spaces, or nearly the same where spaces differ and a word is unknown."""
        joined = "".join(words)
        near = [(joined, 1.0)] if joined in self._joined else []
        edits = min(MOST_EDITS, len(joined) // LETTERS_AN_EDIT)
        if edits and not self._weights.keys() >= set(words):
            found = _near(joined, self._joined.keys(), 1 - edits / len(joined))
            near += ((name, right) for name, right in found if len(words) not in self._lengths[name])
        for name, right in near:
            for id_ in self._joined[name]:
                yield id_, 100 * _likeness(joined, name, right)

    def _alike(self, word: str) -> dict[str, float]:
        """The words of names that a word may stand for, and how alike they are."""
        if word not in self._weights:
            return self._resembling(word)
        if word not in self._alike_known:
            # A word that names have is hardly another one misspelled.
            others = {other: min(likeness, INFLECTED) for other, likeness in self._resembling(word).items()}
            self._alike_known[word] = others | {word: 1.0}
        return self._alike_known[word]

    def _resembling(self, word: str) -> dict[str, float]:
        if len(word) < SHORTEST or word in LIGHT or word in LOOKALIKES:
            return {}
        alike = {
            other: _likeness(word, other, right)
            for other, right in _near(word, self._weights.keys(), RIGHT)
            if len(other) >= SHORTEST and other not in LIGHT
        }
        for other in self._beginning.get(word[:SHORTEST], ()):
            stem = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
            if stem == len(word) < len(other):
                alike[other] = ABBREVIATED
            elif SHORTEST < stem < len(word) and stem >= STEM * max(len(word), len(other)):
                alike[other] = max(INFLECTED, alike.get(other, 0.0))
        if _CONTRACTION.fullmatch(word):
            letters = re.compile(".*".join(word))
            alike.update((other, ABBREVIATED) for other in self._weights if letters.match(other))
        return alike


def _near(wanted: str, names: Iterable[str], right: float) -> list[tuple[str, float]]:
    """Names of which at least the share `right` of the letters is right; swapped neighbours are one mistake."""
    found = extract(wanted, names, scorer=OSA.normalized_similarity, score_cutoff=right, limit=None)
    return [(name, share) for name, share, _ in found]


def _likeness(word: str, other: str, right: float) -> float:
    likeness = 1 - TYPO * (1 - right)
    if word[0] != other[0]:  # seldom a slip: `coverage` is not `overage`
        return min(likeness, INFLECTED)
    if word != other and word.startswith(other):  # nor is this: `personal` is not `persona`
        return min(likeness, ABBREVIATED)
    return likeness


def _best(scored: Iterable[tuple[str, float]]) -> dict[str, float]:
    best: dict[str, float] = {}
    for id_, score in scored:
        best[id_] = max(score, best.get(id_, 0.0))
    return best
