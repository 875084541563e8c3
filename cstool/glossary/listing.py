"""Entries by where they belong: category, source, first letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from cstool.errors import UsageError
from cstool.model.entries import Glossary, Term

OTHER_LETTERS = "#"  # entries that begin with a digit or a sign


def categories(glossary: Glossary) -> list[str]:
    return sorted({term.category for term in glossary.terms.values() if not term.retired})


def metric_names(glossary: Glossary) -> dict[str, str]:
    """By a term's id, the name `calc` knows it by."""
    return {id_: name for name, id_ in glossary.computed.items()}


def listed(
    glossary: Glossary,
    *,
    category: str | None = None,
    source: str | None = None,
    letter: str | None = None,
    computable: bool = False,
) -> list[Term]:
    """The entries that fit everything asked for, by name; `computable` leaves those that have a metric.

    Raises UsageError for a category or source that does not exist, naming those that do.
    """
    if category is not None:
        category = _known(category, categories(glossary), "category", "categories")
    if source is not None:
        source = _known(source, sorted(glossary.sources), "source", "sources")
    if letter is not None and not (letter == OTHER_LETTERS or (len(letter) == 1 and letter.isalpha())):
        raise UsageError(
            f"--letter takes one letter, or {OTHER_LETTERS} for the rest, not '{letter}'", code="bad-value"
        )
    computed = metric_names(glossary)
    fitting = (
        term
        for term in glossary.terms.values()
        if not term.retired
        and (category is None or term.category == category)
        and (source is None or source in _cited(term))
        and (letter is None or _initial(term.term) == _initial(letter))
        and (not computable or term.id in computed)
    )
    return sorted(fitting, key=lambda term: (term.term.casefold(), term.id))


def _known(name: str, names: list[str], what: str, several: str) -> str:
    if name.casefold() in names:
        return name.casefold()
    raise UsageError(f"there is no {what} '{name}'", hint=f"{several}: {', '.join(names)}", code="unknown-name")


def _cited(term: Term) -> Iterator[str]:
    """Every source an entry names, also for one reading or one figure."""
    yield from term.sources
    for variant in term.variants:
        yield from variant.sources
    for benchmark in term.metric.benchmarks if term.metric else ():
        yield benchmark.source


def _initial(name: str) -> str:
    """The letter a name is filed under, accents aside."""
    first = unicodedata.normalize("NFKD", name)[:1].casefold()
    return first if first.isalpha() else OTHER_LETTERS
