"""The words of a question around the terms it asks for. Knows words, no terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

Words = Sequence[str]  # of a normalised query

# Words that name nothing by themselves, wherever they stand.
LIGHT = frozenset(
    "a about an and any are as at be by do does for from how i in is me my of on or our s the their to we what whats"
    " when which who why with you your".split()
)
_BEFORE = LIGHT | frozenset(
    "build calculate can compute counts define definition describe exactly example examples explain fast find formula"
    " good happens healthy high improve increase long low lower makes mean meaning means measure much normal often"
    " percentage please reduce saas should show tell track types typical understand use used".split()
)
_AFTER = LIGHT | frozenset(
    "about benchmark calculated calculation calculator computed defined definition example examples explained"
    " formula like look matter mean meaning means measure measured percentage saas stand stands template used work"
    " works".split()
)
_DIFFERENCE = frozenset(
    "between compare compared comparing comparison diff differ difference differences different differs diference"
    " differnce diffrence distinction distinguish or same v versus vs".split()
)
_JOINING = frozenset("against and as from or than to v versus vs with".split())
_AND = frozenset(["and"])
_COMPARING = _DIFFERENCE | _JOINING
_SIDES = 3  # at most so many terms are told apart


def peeled(words: Words) -> Iterator[Words]:
    """The words, then with less and less of the question around them."""
    return _peel(words, _BEFORE, _AFTER)


def peeled_side(words: Words) -> Iterator[Words]:
    """The same for one side of a comparison."""
    return _peel(words, _BEFORE | _COMPARING, _AFTER | _COMPARING)


def _peel(words: Words, before: frozenset[str], after: frozenset[str]) -> Iterator[Words]:
    start = next((i for i, word in enumerate(words) if word not in before), len(words))
    end = next((i for i in range(len(words), 0, -1) if words[i - 1] not in after), 0)
    for dropped in range(start + len(words) - end + 1):
        for left in range(min(start, dropped) + 1):
            rest = words[left : len(words) - (dropped - left)]
            if dropped - left <= len(words) - end and rest:
                yield rest


def asks_difference(words: Words) -> bool:
    return not _DIFFERENCE.isdisjoint(words)


def sides(words: Words) -> Iterator[tuple[Words, ...]]:
    """The ways in which the words may name two or three terms to tell apart."""
    joining = _JOINING if asks_difference(words) else _AND
    joins = [i for i, word in enumerate(words) if word in joining]
    for count in range(1, _SIDES):
        for at in combinations(joins, count):
            starts, ends = (0, *(i + 1 for i in at)), (*at, len(words))
            yield tuple(words[start:end] for start, end in zip(starts, ends, strict=True))
    if not joins and asks_difference(words):
        yield from ((words[:i], words[i:]) for i in range(1, len(words)))
