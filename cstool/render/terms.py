"""Entries, differences and lists of terms as views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cstool.glossary.entries import MOST_RELATED, Difference, Term
from cstool.glossary.finding import Found, Match
from cstool.glossary.names import match_record
from cstool.glossary.records import entry_record
from cstool.render.blocks import Block, Card, View
from cstool.render.differences import difference_view
from cstool.render.words import compute_hint, name_of, typed, unit_words, variant_words, worked_example

_FOUND_HEADER = ("query", "id", "term", "match", "score", "definition")


class Answer(NamedTuple):
    """What one query found, and the written difference where it asked for one."""

    found: Found
    difference: Difference | None = None


def answers_view(
    answers: Sequence[Answer],
    terms: Mapping[str, Term],
    comparable: Mapping[str, Sequence[str]],
    shapes: Mapping[str, str],
    *,
    batch: bool = False,
) -> View:
    """What queries found; `json` is one object, or for a batch a list of them.

    By id, `comparable` names the terms that a written difference exists to, and `shapes` a kind of file that a metric
    can be computed from.
    """
    records = [_answer_record(answer, terms) for answer in answers]
    matches = [(answer.found, match) for answer in answers for match in answer.found.matches]
    return View(
        document=records if batch else records[0],
        records=records,
        header=_FOUND_HEADER,
        rows=[
            (found.query, match.term.id, match.term.term, match.how, match.score, match.term.definition)
            for found, match in matches
        ],
        blocks=[block for answer in answers for block in _answer_blocks(answer, terms, comparable, shapes)],
        values=[match.term.definition for _, match in matches],
    )


def _answer_blocks(
    answer: Answer,
    terms: Mapping[str, Term],
    comparable: Mapping[str, Sequence[str]],
    shapes: Mapping[str, str],
) -> Sequence[Block]:
    if answer.found.between:
        return difference_view(answer.found.between, answer.difference, terms, answer.found.query.split()).blocks
    return [
        term_card(match.term, terms, comparable.get(match.term.id, ()), shapes.get(match.term.id))
        for match in answer.found.matches
    ]


def _answer_record(answer: Answer, terms: Mapping[str, Term]) -> dict[str, Any]:
    found = answer.found
    record: dict[str, Any] = {"query": found.query, "matches": [_match_record(match) for match in found.matches]}
    if found.between:
        record["difference"] = difference_view(found.between, answer.difference, terms, found.query.split()).document
    if found.suggestions:
        record["suggestions"] = [
            {"id": match.term.id, "term": match.term.term, "score": match.score} for match in found.suggestions
        ]
    return record


def entries_view(terms: Mapping[str, Term], comparable: Mapping[str, Sequence[str]], shapes: Mapping[str, str]) -> View:
    """Every entry whole, by id."""
    ordered = [terms[id_] for id_ in sorted(terms)]
    records = [entry_record(term) for term in ordered]
    header = ("id", "term", "acronyms", "synonyms", "category", "definition", "note", "example", "sources")
    return View(
        document=records,
        records=records,
        header=header,
        rows=[
            [", ".join(value) if isinstance(value := record[name], list) else value for name in header]
            for record in records
        ],
        blocks=[term_card(term, terms, comparable.get(term.id, ()), shapes.get(term.id)) for term in ordered],
    )


def _match_record(match: Match) -> dict[str, Any]:
    return match_record(match.how, match.score, entry_record(match.term))


def term_card(term: Term, terms: Mapping[str, Term], comparable: Sequence[str] = (), shape: str | None = None) -> Card:
    acronyms = f" ({', '.join(term.all_acronyms)})" if term.all_acronyms else ""
    return Card(f"{term.term}{acronyms}", term.category, term.definition, list(_facts(term, terms, comparable, shape)))


def _facts(
    term: Term, terms: Mapping[str, Term], comparable: Sequence[str], shape: str | None
) -> Iterator[tuple[str, str]]:
    metric = term.metric
    if metric:
        yield "Formula", metric.formula
        yield "Unit", unit_words(metric)
        yield "Worked", worked_example(metric)
    if term.example:
        yield "Example", term.example
    if term.note:
        yield "Note", term.note
    for i, variant in enumerate(term.variants):
        yield "Readings" if i == 0 else "", variant_words(variant)
    for i, benchmark in enumerate(metric.benchmarks if metric else ()):
        words = (benchmark.what, benchmark.population, benchmark.year, benchmark.source)
        yield "Published" if i == 0 else "", f"{benchmark.value}: {', '.join(words)}"
    if term.synonyms:
        yield "Also", ", ".join(term.synonyms)
    if term.broader in terms:
        yield "Broader", terms[term.broader].term
    if related := [name_of(id_, terms) for id_ in term.related if id_ != term.broader][:MOST_RELATED]:
        yield "Related", ", ".join(related)
    if comparable:
        yield "Compare", "; ".join(f"cstool diff {typed(term)} {typed(terms[id_])}" for id_ in comparable[:3])
    if metric or term.table:
        yield "Compute", compute_hint(term, shape)
    if term.computed:
        yield "In cstool", term.computed
    yield "Sources", ", ".join(term.sources)
