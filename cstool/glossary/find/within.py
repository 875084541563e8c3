"""Terms that are named among other words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cstool.glossary.find.asking import LIGHT, Words, asks_of_first, is_around, is_of_business, is_people
from cstool.glossary.find.lookalikes import ACRONYMS, ORDINARY
from cstool.glossary.find.names import Names
from cstool.model.naming import singular

if TYPE_CHECKING:
    from cstool.glossary.find.spelling import Spelling

LONGEST = 8  # words of a name
SHORT_WORD = 3
OF = frozenset(["of"])  # `breach of contract` is no contract
BY = frozenset(["by"])  # `cac by channel` asks for cac

Span = tuple[int, int]  # the first word, and the one after the last


def named(words: Words, names: Names, spelling: Spelling, more: int) -> Words:
    """The words that name a term among others which say little else; none where no term or several are named so.

    At most `more` words that no name has may stand with it, after it or as in `do csms carry a quota`; one with an
    acronym. Of two terms it may be the first: `qbr with an exec sponsor`.
    """
    longest = [(s, e) for s, e in _longest(words, names) if not all(map(is_around, words[s:e]))]
    certain = [(s, e) for s, e in longest if _is_certain(words[s:e], names)]
    telling = [(s, e) for s, e in longest if (s, e) in certain or _is_telling(words[s], words)]
    for some in (certain, telling):
        if span := _only(words, some):
            start, end = span[0]
            last = span[1][0] - 1 if len(span) > 1 else len(words)
            if _says_little(words, (start, end), last, spelling, more):
                return words[start:end]
    return ()


def one_name(words: Words, names: Names) -> Words:
    """The one name that is certain wherever it stands, and that the words beside it do not narrow; else none.

    `interest coverage ratio` and `gross margin retention` are neither coverage ratio nor gross margin.
    """
    spans = _only(words, [(s, e) for s, e in _longest(words, names) if _is_certain(words[s:e], names)])
    if not spans:
        return ()
    start, end = spans[0]
    narrowed = start and not (is_around(words[start - 1]) or is_people(words[start - 1]))
    after = words[end : end + 1]
    return () if narrowed or list(after) == ["of"] or names.named(after) else words[start:end]


def _longest(words: Words, names: Names) -> Sequence[Span]:
    """Where words are a name, of names within each other the longest."""
    spans = [
        (start, end)
        for start in range(len(words))
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1)
        if names.named(words[start:end])
    ]
    return [(s, e) for s, e in spans if not any((s, e) != (a, b) and a <= s and e <= b for a, b in spans)]


def _only(words: Words, spans: Sequence[Span]) -> Sequence[Span]:
    """The one span, or several of which the first is asked for."""
    if len(spans) > 1:
        spans = [(s, e) for s, e in spans if not all(map(is_people, words[s:e]))]
    return spans if len(spans) == 1 or (spans and asks_of_first(words[spans[0][1] : spans[1][0]])) else ()


def _says_little(words: Words, span: Span, last: int, spelling: Spelling, more: int) -> bool:
    """Whether the words around a name, up to `last`, name nothing else."""
    start, end = span
    others = [i for i in (*range(start), *range(end, last)) if not (is_around(words[i]) or is_people(words[i]))]
    if not others:
        return True
    if len(others) > min(more, end - start) or (others[0] < start and words[start - 1] not in LIGHT - OF):
        return False
    if others[-1] > end and LIGHT.intersection(words[end : others[-1]]) - BY:
        return False
    return all(_says_else(words[i], spelling) for i in others)


def _says_else(word: str, spelling: Spelling) -> bool:
    """Whether a word is neither one of a name nor a short one, which may be a slip."""
    return len(word) > SHORT_WORD and not spelling.knows(singular(word))


def _is_certain(words: Words, names: Names) -> bool:
    """Whether a name stands for the term wherever it stands: it has several words, or is an acronym of the field."""
    return len(words) > 1 or any(
        how == "acronym" and len(words[0]) >= SHORT_WORD and words[0] not in ACRONYMS for _, how in names.named(words)
    )


def _is_telling(word: str, words: Words) -> bool:
    """Whether a name of one word is meant as one: it is no ordinary word, or stands in a question of the field."""
    if word in ACRONYMS or is_people(word) or len(word) < SHORT_WORD:
        return False
    return singular(word) not in ORDINARY or any(map(is_of_business, words))
