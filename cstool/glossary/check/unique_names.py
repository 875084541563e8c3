"""Names that several entries claim: ids, names of terms, what people ask, metrics and measures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cstool.glossary.loading import Documents
from cstool.glossary.yaml_entries import Located, Problem
from cstool.model.entries import Term
from cstool.model.naming import normalise


def enumerated(field: str, values: Sequence[str]) -> list[tuple[str, str]]:
    """Each item of a list with the path its line is known by."""
    return [(f"{field}.{i}", value) for i, value in enumerate(values)]


KEYS: dict[str, Callable[[Any], Any]] = {
    "terms": lambda entry: entry.id,
    "differences": lambda entry: tuple(sorted(entry.between)),
    "sources": lambda entry: entry.id,
    "roles": lambda entry: entry.role,
    "shapes": lambda entry: entry.shape,
    "measures": lambda entry: entry.relation,
    "presets": lambda entry: entry.preset,
}


def unique(documents: Documents, whole: Documents) -> Iterator[Problem]:
    """No id, no metric's name and no measure of a relation stands twice."""
    for kind, key in KEYS.items():
        entries: tuple[Located[Any], ...] = getattr(documents, kind)
        yield from _twice(entries, key, lambda name: f"'{shown(name)}' stands twice")
    metrics = [located for located in whole.terms if located.entry.metric or located.entry.table]
    own = {located.file for located in documents.terms}
    for problem in _twice(metrics, _metric_name, lambda name: f"metric '{name}' stands twice"):
        if problem.file in own:
            yield problem
    for relation in documents.measures:
        names = [measure.measure for measure in relation.entry.measures]
        for i, name in enumerate(names):
            if name in names[:i]:
                yield relation.problem(f"{relation.entry.relation}: measure '{name}' stands twice", f"measures.{i}")


def _metric_name(term: Term) -> str:
    kind = term.metric or term.table
    return kind.name if kind else ""


def shown(key: str | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else " / ".join(key)


def _twice(
    entries: Sequence[Located[Any]], key: Callable[[Any], Any], words: Callable[[Any], str]
) -> Iterator[Problem]:
    seen: set[Any] = set()
    for located in entries:
        name = key(located.entry)
        if name in seen:
            yield located.problem(words(name))
        seen.add(name)


def own_names(term: Term) -> list[str]:
    return [normalise(name) for name in (term.term, *term.all_acronyms, *term.synonyms, *term.hidden)]


def names(documents: Documents, whole: Documents) -> Iterator[Problem]:
    """A name belongs to one term; an acronym to several only where each declares it shared."""
    bearers: dict[str, set[str]] = defaultdict(set)
    shared: dict[str, set[str]] = defaultdict(set)
    for located in whole.terms:
        term = located.entry
        for name in (term.term, *term.acronyms, *term.synonyms, *term.hidden):
            bearers[normalise(name)].add(term.id)
        for name in term.shared_acronyms:
            shared[normalise(name)].add(term.id)
    for located in documents.terms:
        term = located.entry
        for field in ("acronyms", "synonyms", "hidden", "term"):
            value = getattr(term, field)
            for at, name in [(field, value)] if isinstance(value, str) else enumerated(field, value):
                key = normalise(name)
                others = sorted((bearers[key] | shared[key]) - {term.id})
                if others:
                    yield located.problem(f"{term.id}: '{name}' is also a name of {', '.join(others)}", at)
        for at, name in enumerated("shared_acronyms", term.shared_acronyms):
            if len(shared[normalise(name)]) < 2:
                yield located.problem(f"{term.id}: no other entry declares '{name}' as shared", at)
        for name, count in Counter(own_names(term)).items():
            if count > 1:
                yield located.problem(f"{term.id}: '{name}' stands {count} times among its own names")


def asked(documents: Documents, whole: Documents) -> Iterator[Problem]:
    """What people ask leads to one term."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for term in (located.entry for located in whole.terms):
        for text in term.asked:
            bearers[normalise(text)].add(term.id)
    for located in documents.terms:
        for at, text in enumerated("asked", located.entry.asked):
            if others := sorted(bearers[normalise(text)] - {located.entry.id}):
                yield located.problem(f"{located.entry.id}: '{text}' is also asked for {', '.join(others)}", at)
