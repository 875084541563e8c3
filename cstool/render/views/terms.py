"""Entries, differences and lists of terms as views."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from cstool.glossary.find.finding import Found, Match
from cstool.glossary.find.names import match_record
from cstool.glossary.records import entry_record
from cstool.model.entries import MOST_RELATED, Difference, Term
from cstool.render.blocks import Block, Card, View
from cstool.render.views.differences import difference_view
from cstool.render.words import (
    benchmark_words,
    cited_titles,
    compute_command,
    name_of,
    plain_prose,
    typed,
    unit_words,
    variant_words,
    worked_example,
)

_FOUND_HEADER = ("query", "id", "term", "match", "score", "definition")


# A card that fits a screen, all there is to know, or a page for a wiki: all of it without commands.
Extent = Literal["screen", "all", "page"]


class Answer(NamedTuple):
    """What one query found, and the written difference where it asked for one."""

    found: Found
    difference: Difference | None = None


class Context(NamedTuple):
    """What cards show beside the entry itself, by id.

    `comparable` names the terms that a written difference exists to, `shapes` a kind of file that a metric can be
    computed from, `formulas` a metric's formula in words, `titles` the short titles of sources.
    """

    terms: Mapping[str, Term]
    comparable: Mapping[str, Sequence[str]]
    shapes: Mapping[str, str]
    formulas: Mapping[str, str]
    titles: Mapping[str, str]


def answers_view(answers: Sequence[Answer], context: Context, *, batch: bool = False, extent: Extent = "all") -> View:
    """What queries found; `json` is one object, or for a batch a list of them."""
    records = [_answer_record(answer, context) for answer in answers]
    matches = [(answer.found, match) for answer in answers for match in answer.found.matches]
    return View(
        document=records if batch else records[0],
        records=records,
        header=_FOUND_HEADER,
        rows=[
            (found.query, match.term.id, match.term.term, match.how, match.score, match.term.definition)
            for found, match in matches
        ],
        blocks=[block for answer in answers for block in _answer_blocks(answer, context, extent)],
        values=[match.term.definition for _, match in matches],
    )


def _answer_blocks(answer: Answer, context: Context, extent: Extent) -> Sequence[Block]:
    if answer.found.between:
        return _difference(answer, context).blocks
    return [term_card(match.term, context, extent) for match in answer.found.matches]


def _difference(answer: Answer, context: Context) -> View:
    found = answer.found
    return difference_view(found.between, answer.difference, context.terms, context.titles, found.query.split())


def _answer_record(answer: Answer, context: Context) -> dict[str, Any]:
    found = answer.found
    record: dict[str, Any] = {"query": found.query, "matches": [_match_record(match) for match in found.matches]}
    if found.between:
        record["difference"] = _difference(answer, context).document
    if found.suggestions:
        record["suggestions"] = [
            {"id": match.term.id, "term": match.term.term, "score": match.score} for match in found.suggestions
        ]
    return record


def entries_view(context: Context) -> View:
    """Every entry whole, by id."""
    ordered = [context.terms[id_] for id_ in sorted(context.terms)]
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
        blocks=[term_card(term, context, "page") for term in ordered],
    )


def _match_record(match: Match) -> dict[str, Any]:
    return match_record(match.how, match.score, entry_record(match.term))


def term_card(term: Term, context: Context, extent: Extent = "all") -> Card:
    acronyms = f" ({', '.join(term.all_acronyms)})" if term.all_acronyms else ""
    facts = list(_core(term, context))
    if extent == "screen":
        facts.append(("More", f"cstool lookup {shlex.quote(typed(term))} --full"))
    else:
        facts += _names_and_readings(term, context)
        facts += _commands(term, context) if extent == "all" else ()
        facts += _origin(term, context)
    lead = plain_prose(term.definition, context.titles)
    return Card(f"{term.term}{acronyms}", term.category, lead, facts)


def _core(term: Term, context: Context) -> Iterator[tuple[str, str]]:
    """What fits a screen."""
    metric = term.metric
    if metric:
        yield "Formula", context.formulas.get(term.id, metric.formula)
    if term.example:
        yield "Example", plain_prose(term.example, context.titles)
    if term.note:
        yield "Note", plain_prose(term.note, context.titles)
    for i, benchmark in enumerate(metric.benchmarks if metric else ()):
        words = benchmark_words(benchmark, context.titles)
        yield "Benchmarks" if i == 0 else "", f"{benchmark.value}: {words}"


def _names_and_readings(term: Term, context: Context) -> Iterator[tuple[str, str]]:
    for i, variant in enumerate(term.variants):
        yield "Other definitions" if i == 0 else "", variant_words(variant, context.titles)
    if term.metric:
        yield "Unit", unit_words(term.metric)
        yield "With numbers", worked_example(term.metric)
    if term.synonyms:
        yield "Also", ", ".join(term.synonyms)
    if term.broader in context.terms:
        yield "Broader", context.terms[term.broader].term
    if related := [name_of(id_, context.terms) for id_ in term.related if id_ != term.broader][:MOST_RELATED]:
        yield "Related", ", ".join(related)


def _commands(term: Term, context: Context) -> Iterator[tuple[str, str]]:
    others = context.comparable.get(term.id, ())
    if useful := sorted(others, key=lambda id_: term.related.index(id_) if id_ in term.related else len(term.related)):
        commands = (f"cstool diff {typed(term)} {typed(context.terms[id_])}" for id_ in useful[:3])
        yield "Compare", "; ".join(commands)
    if term.metric or term.table:
        yield "Compute", compute_command(term, from_file=term.id in context.shapes)


def _origin(term: Term, context: Context) -> Iterator[tuple[str, str]]:
    if term.computed:
        yield "In cstool", plain_prose(term.computed, context.titles)
    yield "Sources", cited_titles(term.sources, context.titles)
