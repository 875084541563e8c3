"""What entries must be beyond their form: references that resolve, unique names, definitions that define."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from cstool.glossary.check import unique_names
from cstool.glossary.check.prose import check_prose
from cstool.glossary.check.unique_names import KEYS, enumerated, own_names, shown
from cstool.glossary.loading import Documents
from cstool.glossary.yaml_entries import Located, Problem
from cstool.model.entries import MOST_RELATED, Difference, Metric, Source, Term
from cstool.model.inputs import Relation, Shape
from cstool.model.naming import normalise, singular

SHORTEST, LONGEST = 6, 45  # words of a definition
LONGEST_TITLE = 40  # characters of a source as cards print it
_EMPTY_WORDS = re.compile(r"\brefers? to\b|\bis a term\b|\bwhereby\b|\bis when\b")
_TERM_REFERENCES = ("related", "broader", "retired")


def check(documents: Documents, *, beside: Documents | None = None) -> list[Problem]:
    """Every problem of the glossary's files, by file and line.

    `beside` is what a partial glossary is laid over: its entries may be referred to, its own problems are not told.
    """
    whole = _joined(documents, beside) if beside else documents
    known = _Known(whole)
    problems = [*documents.problems]
    for term in documents.terms:
        problems += _check_term(term, known)
    for difference in documents.differences:
        problems += _check_difference(difference, known)
    for shape in documents.shapes:
        problems += _check_shape(shape, known)
    for role in documents.roles:
        if role.entry.like not in ("", *known.roles):
            problems.append(role.problem(f"{role.entry.role}: like '{role.entry.like}' is in no file of roles", "like"))
    for relation in documents.measures:
        problems += _references(
            relation, "measures", ((f"{i}.term", m.term) for i, m in enumerate(relation.entry.measures)), known
        )
    problems += unique_names.unique(documents, whole)
    problems += unique_names.names(documents, whole)
    problems += unique_names.asked(documents, whole)
    for source in documents.sources:
        problems += _traceable(source)
    if beside is None:  # a team's few entries stand in the order the team likes
        problems += _sorted(documents)
    problems += check_prose(documents, whole, complete=beside is None)
    return sorted(set(problems), key=lambda problem: (str(problem.file), problem.line, problem.text))


class _Known:
    """What may be referred to."""

    def __init__(self, documents: Documents) -> None:
        self.terms = {located.entry.id for located in documents.terms}
        self.names = {located.entry.id: own_names(located.entry) for located in documents.terms}
        self.sources = {located.entry.id for located in documents.sources}
        self.roles = {located.entry.role for located in documents.roles}
        self.relations = {located.entry.relation for located in documents.measures}


def _joined(documents: Documents, beside: Documents) -> Documents:
    """Both glossaries' entries; where both have one of the same id, that of `documents`."""
    own = {located.entry.id for located in documents.terms}
    under = tuple(located for located in beside.terms if located.entry.id not in own)
    return replace(documents.over(beside), terms=(*under, *documents.terms), problems=documents.problems)


def _check_term(located: Located[Term], known: _Known) -> Iterator[Problem]:
    term = located.entry
    yield from _definition(located)
    yield from _other_terms(located, known)
    yield from _cited(located, term.id, known)
    for i, variant in enumerate(term.variants):
        yield from _cited(located, term.id, known, f"variants.{i}.", variant.sources)
    if located.file.parent.name == "terms" and term.category != located.file.stem:
        yield located.problem(f"{term.id}: category '{term.category}' stands in {located.file.name}", "category")
    if term.metric:
        yield from _metric(located, term.metric, known)


def _other_terms(located: Located[Term], known: _Known) -> Iterator[Problem]:
    term = located.entry
    for field in _TERM_REFERENCES:
        value = getattr(term, field)
        for at, id_ in [(field, value)] if isinstance(value, str) else enumerated(field, value):
            if id_ and id_ not in known.terms:
                yield located.problem(f"{term.id}: {field} '{id_}' is no entry", at)
            if id_ == term.id:
                yield located.problem(f"{term.id}: {field} names the entry itself", at)
    if (count := len(term.related)) > MOST_RELATED:
        yield located.problem(f"{term.id}: {count} related entries; keep the {MOST_RELATED} most useful", "related")
    for at, id_ in enumerated("related", term.related):
        if id_ == term.broader:
            yield located.problem(f"{term.id}: {id_} is its broader term, so leave it out of related", at)


def _metric(located: Located[Term], metric: Metric, known: _Known) -> Iterator[Problem]:
    id_ = located.entry.id
    if metric.of not in known.relations:
        yield located.problem(f"{id_}: no measures are known for relation '{metric.of}'", "metric.of")
    for i, benchmark in enumerate(metric.benchmarks):
        if benchmark.source not in known.sources:
            at = f"metric.benchmarks.{i}.source"
            yield located.problem(f"{id_}: source '{benchmark.source}' is not in sources.yaml", at)
    if "value" not in metric.example:
        yield located.problem(f"{id_}: the metric's example has no 'value'", "metric.example")


def _definition(located: Located[Term]) -> Iterator[Problem]:
    term = located.entry
    words = term.definition.split()
    if not SHORTEST <= len(words) <= LONGEST:
        yield located.problem(
            f"{term.id}: the definition has {len(words)} words; {SHORTEST} to {LONGEST} are allowed", "definition"
        )
    if term.definition.endswith("."):
        yield located.problem(f"{term.id}: the definition is a phrase and ends without a full stop", "definition")
    if empty := _EMPTY_WORDS.search(term.definition):
        yield located.problem(f"{term.id}: '{empty[0]}' says nothing; begin with what it is", "definition")
    said = f" {singular(normalise(term.definition))} "
    for name in (term.term, *term.all_acronyms):
        if f" {singular(normalise(name))} " in said:
            yield located.problem(f"{term.id}: circular, '{name}' stands in its own definition", "definition")


def _check_difference(located: Located[Difference], known: _Known) -> Iterator[Problem]:
    difference = located.entry
    label = " / ".join(difference.between)
    if len(difference.between) not in (2, 3):
        yield located.problem(f"{label}: a difference is between two or three terms", "between")
    if list(difference.between) != sorted(difference.between):
        yield located.problem(f"{label}: the ids of 'between' are not sorted", "between")
    for at, id_ in enumerated("between", difference.between):
        if id_ not in known.terms:
            yield located.problem(f"{label}: '{id_}' is no entry", at)
    if len(set(difference.between)) == 1:
        for name in difference.columns:
            if normalise(name) not in known.names.get(difference.between[0], ()):
                yield located.problem(f"{label}: '{name}' is no name of the term", f"aspects.0.values.{name}")
    for i, aspect in enumerate(difference.aspects):
        yield from _row(located, f"{label}: aspect '{aspect.aspect}'", aspect.values, f"aspects.{i}")
    yield from _cited(located, label, known)


def _row(located: Located[Difference], label: str, values: Mapping[str, str], at: str) -> Iterator[Problem]:
    """A row says something of each term, and not the same of all."""
    columns = located.entry.columns
    for id_ in values:
        if id_ not in columns:
            yield located.problem(f"{label}: '{id_}' is none of {', '.join(columns)}", f"{at}.values.{id_}")
    for id_ in columns:
        if id_ not in values:
            yield located.problem(f"{label} has no value for {id_}", at)
    if len(values) > 1 and len({" ".join(text.casefold().split()) for text in values.values()}) == 1:
        yield located.problem(f"{label} has the same value for each term; leave the row out", at)


def _check_shape(located: Located[Shape], known: _Known) -> Iterator[Problem]:
    shape = located.entry
    for field in ("required", "one_of", "without", "any_of", "optional", "unique", "ahead"):
        for at, role in enumerated(field, getattr(shape, field)):
            if role not in known.roles:
                yield located.problem(f"{shape.shape}: role '{role}' is in no file of roles", at)
    own = {*shape.required, *shape.could_have}
    for i, one in enumerate(shape.happenings):
        for role in (one.on, *re.findall(r"\{(\w+)\}", one.what)):
            if role not in own:
                yield located.problem(f"{shape.shape}: '{role}' is no role of it", f"happenings.{i}")


def _cited(
    located: Located[Any], label: str, known: _Known, prefix: str = "", sources: Sequence[str] | None = None
) -> Iterator[Problem]:
    for at, id_ in enumerated(f"{prefix}sources", located.entry.sources if sources is None else sources):
        if id_ not in known.sources:
            yield located.problem(f"{label}: source '{id_}' is not in sources.yaml", at)
    if sources is None and not located.entry.sources:
        yield located.problem(f"{label}: no source; `own` marks what was written for this glossary", "sources")


def _references(
    located: Located[Relation], field: str, references: Iterable[tuple[str, str]], known: _Known
) -> Iterator[Problem]:
    for at, id_ in references:
        if id_ and id_ not in known.terms:
            yield located.problem(f"{located.entry.relation}: '{id_}' is no entry", f"{field}.{at}")


def _traceable(located: Located[Source]) -> Iterator[Problem]:
    """A reader can find every source but the glossary's `own` words."""
    source = located.entry
    if source.kind != "own":
        for field in ("publisher", "year", "address"):
            if not getattr(source, field):
                yield located.problem(f"{source.id}: a source needs its {field}")
    if len(source.short or source.title) > LONGEST_TITLE:
        text = f"{source.id}: its title is longer than {LONGEST_TITLE} characters; add a `short` one for cards"
        yield located.problem(text, "short" if source.short else "title")


def _sorted(documents: Documents) -> Iterator[Problem]:
    for kind in ("terms", "differences", "sources", "roles"):
        files: dict[Path, list[Located[Any]]] = defaultdict(list)
        for located in getattr(documents, kind):
            files[located.file].append(located)
        for entries in files.values():
            for before, after in pairwise(entries):
                if KEYS[kind](after.entry) < KEYS[kind](before.entry):
                    yield after.problem(f"'{shown(KEYS[kind](after.entry))}' is not in sorted order")
