"""Full text: the entries in which every word of a query occurs, best first.

A query is answered by one pass over the folded words of all passages; for one query an index would cost that pass too.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal, TypeAlias

from cstool.glossary.find.snippets import WIDTH, snippet
from cstool.model.entries import Glossary, Term
from cstool.model.naming import normalise, singular

Field = Literal["term", "synonym", "acronym", "definition", "variant", "note", "example", "computed", "difference"]
Needle: TypeAlias = tuple[str, ...]  # the folded words of a word or phrase that must occur

# What an occurrence is worth by where it stands, and which passage is shown when several would do: the first.
WEIGHTS: dict[Field, float] = {
    "term": 6.0,
    "synonym": 3.0,
    "acronym": 3.0,
    "definition": 2.5,
    "variant": 1.0,
    "note": 1.0,
    "example": 0.7,
    "computed": 0.7,
    "difference": 0.5,
}
NAMES = ("term", "synonym", "acronym")
SATURATION = 1.2  # BM25's k1: how soon repeating a word stops to count
LENGTH = 0.5  # BM25's b: how much a word counts for less in a long passage
BEGINNING = 0.4  # worth of `churned` for `churn`, against the word itself
SHORTEST_BEGINNING = 4  # letters
TOGETHER, ADJACENT = 1.3, 1.6  # all words in one passage, and there side by side
NAMED = 2.0  # the words are a whole name of the entry

_WORD = re.compile(r"&|[^\W_]+(?:['’`´][^\W_]+)*")
_QUOTED = re.compile(r'"([^"]*)"?')


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that holds every word: where it says them best, and that place in about 100 characters."""

    term: Term
    score: float
    field: Field
    snippet: str


@dataclass(frozen=True, slots=True)
class _Passage:
    field: Field
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """An occurrence: the number of its first word in the passage, and its worth."""

    at: int
    worth: float


class Searcher:
    """Searches the texts of one glossary."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary

    def search(self, words: Sequence[str]) -> list[Hit]:
        """The entries in which all `words` occur; one of several words, or between double quotes, is a phrase.

        Words such as `the` need not occur unless there are no others. A word of four letters or more is also found at
        the beginning of another (`churn` in `churned`), and counts for less there.
        """
        needles = needles_of(words)
        if not needles:
            return []
        forms = {needle[0]: self._forms(needle[0]) for needle in needles if len(needle) == 1}
        found: dict[str, list[dict[Needle, list[_Place]]]] = {}
        holders: dict[Needle, int] = defaultdict(int)
        for id_, passages in self._passages.items():
            occurring = [_occurring(needles, forms, passage.words) for passage in passages]
            held = {needle for places in occurring for needle in places}
            for needle in held:
                holders[needle] += 1
            if len(held) == len(needles):
                found[id_] = occurring
        rarity = {needle: math.log(1 + len(self._passages) / holders[needle]) for needle in needles if holders[needle]}
        hits = [self._hit(id_, occurring, rarity) for id_, occurring in found.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.term.term.casefold(), hit.term.id))

    @cached_property
    def _passages(self) -> dict[str, list[_Passage]]:
        """By id, what an entry says."""
        summaries: dict[str, list[str]] = defaultdict(list)
        for between, difference in self.glossary.differences.items():
            for id_ in sorted(set(between)):
                summaries[id_].append(difference.summary)
        return {
            term.id: [
                _Passage(field, text, tuple(_folded(word) for word in _WORD.findall(text)))
                for field, text in _texts(term, summaries[term.id])
            ]
            for term in self.glossary.terms.values()
            if not term.retired
        }

    @cached_property
    def _vocabulary(self) -> list[str]:
        words = {word for passages in self._passages.values() for passage in passages for word in passage.words}
        return sorted(words)

    @cached_property
    def _usual_length(self) -> dict[str, float]:
        """Mean number of words by field."""
        lengths: dict[str, list[int]] = defaultdict(list)
        for passages in self._passages.values():
            for passage in passages:
                lengths[passage.field].append(len(passage.words))
        return {field: sum(counts) / len(counts) for field, counts in lengths.items()}

    def _forms(self, wanted: str) -> dict[str, float]:
        """The words that a searched word stands for, and what each is worth."""
        forms = {wanted: 1.0}
        if len(wanted) >= SHORTEST_BEGINNING:
            for word in self._vocabulary:
                if word.startswith(wanted):
                    forms.setdefault(word, BEGINNING)
        return forms

    def _hit(self, id_: str, occurring: Sequence[dict[Needle, list[_Place]]], rarity: dict[Needle, float]) -> Hit:
        passages = self._passages[id_]
        weight: dict[Needle, float] = defaultdict(float)
        for passage, places in zip(passages, occurring, strict=True):
            relative = 1 - LENGTH + LENGTH * len(passage.words) / self._usual_length[passage.field]
            for needle, at in places.items():
                weight[needle] += WEIGHTS[passage.field] * sum(place.worth for place in at) / relative
        score = sum(rarity[needle] * weight[needle] / (weight[needle] + SATURATION) for needle in weight)
        # Of the passages with the most words the one that says them as they were asked for, then the foremost.
        best = max(
            range(len(passages)),
            key=lambda i: (len(occurring[i]), _worth(occurring[i]), WEIGHTS[passages[i].field], -i),
        )
        if len(rarity) > 1 and len(occurring[best]) == len(rarity):
            score *= max(_closeness(places) for places in occurring if len(places) == len(rarity))
        asked = tuple(word for needle in rarity for word in needle)
        if any(passage.words == asked for passage in passages if passage.field in NAMES):
            score *= NAMED
        term = self.glossary.terms[id_]
        return Hit(term, round(score, 3), passages[best].field, _shown(term, passages[best], occurring[best]))


def needles_of(words: Sequence[str]) -> list[Needle]:
    """What must occur, each once: words, and phrases where several stand in one argument or in double quotes."""
    needles: list[Needle] = []
    for argument in words:
        if '"' in argument:
            needles += [_needle(quoted) for quoted in _QUOTED.findall(argument)]
            needles += [_needle(word) for word in _QUOTED.sub(" ", argument).split()]
        else:
            needles.append(_needle(argument))
    distinct = list(dict.fromkeys(needle for needle in needles if needle))
    return [needle for needle in distinct if len(needle) > 1 or needle[0] not in _IDLE] or distinct


def _needle(text: str) -> Needle:
    return tuple(word for word in map(_folded, _WORD.findall(text)) if word)


@cache
def _folded(word: str) -> str:
    return singular(normalise(word)).replace(" ", "")


# Words that say nothing by themselves.
_IDLE_TEXT = """
a about an and are as at be by can do does for from how i if in is it me my of on or our so than that the their this to
vs was we what when where which who why with you your
"""
_IDLE = frozenset(_folded(word) for word in _WORD.findall(_IDLE_TEXT))


def _texts(term: Term, summaries: Sequence[str]) -> Iterator[tuple[Field, str]]:
    yield "term", term.term
    for name in term.synonyms:
        yield "synonym", name
    for name in term.all_acronyms:
        yield "acronym", name
    yield "definition", term.definition
    for variant in term.variants:
        yield "variant", f"{variant.label}: {variant.text}"
    if term.note:
        yield "note", term.note
    if term.example:
        yield "example", term.example
    if term.computed:
        yield "computed", term.computed
    for summary in summaries:
        yield "difference", summary


def _occurring(
    needles: Sequence[Needle], forms: dict[str, dict[str, float]], words: tuple[str, ...]
) -> dict[Needle, list[_Place]]:
    """The places of each needle that occurs among the words of a passage."""
    occurring: dict[Needle, list[_Place]] = {}
    for needle in needles:
        if len(needle) == 1:
            worth = forms[needle[0]]
            places = [_Place(i, worth[word]) for i, word in enumerate(words) if word in worth]
        else:
            starts = (i for i, word in enumerate(words) if word == needle[0])
            places = [_Place(i, 1.0) for i in starts if words[i : i + len(needle)] == needle]
        if places:
            occurring[needle] = places
    return occurring


def _worth(places: dict[Needle, list[_Place]]) -> float:
    """How nearly a passage says the words as they were asked for."""
    return sum(max(place.worth for place in at) for at in places.values())


def _closeness(places: dict[Needle, list[_Place]]) -> float:
    """How much more a passage tells that holds all needles."""
    first, last = _window(places, limit=None)
    words = sum(len(needle) for needle in places)
    return ADJACENT if last - first <= words else TOGETHER


def _window(places: dict[Needle, list[_Place]], limit: int | None) -> tuple[int, int]:
    """First word and end of the shortest run of words that holds the most needles within `limit` words."""
    spans = sorted((place.at, place.at + len(needle), needle) for needle, at in places.items() for place in at)
    best: tuple[int, int, int, int] | None = None
    for i, (first, _, _) in enumerate(spans):
        held: dict[Needle, int] = {}
        for at, end, needle in spans[i:]:
            if limit is None or end - first <= limit or at == first:
                held.setdefault(needle, end)
        last = max(held.values())
        rank = (-len(held), last - first, first, last)
        if best is None or rank < best:
            best = rank
    assert best is not None
    return best[2], best[3]


def _shown(term: Term, passage: _Passage, places: dict[Needle, list[_Place]]) -> str:
    """The passage around the words found; a name is shown with what it means, the term's own name left out."""
    if passage.field == "term":
        return snippet(term.definition, 0, 0)
    if passage.field in ("synonym", "acronym"):
        return snippet(f"{passage.text}: {term.definition}", 0, 0)
    first, last = _window(places, limit=WIDTH // 7)
    spans = [found.span() for found in _WORD.finditer(passage.text)]
    return snippet(passage.text, spans[first][0], spans[last - 1][1])
