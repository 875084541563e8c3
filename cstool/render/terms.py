"""Entries, differences and lists of terms as views."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cstool.glossary.entries import MOST_RELATED, Difference, Metric, Term, Variant
from cstool.glossary.finding import Found, Match
from cstool.glossary.names import match_record
from cstool.glossary.records import entry_record
from cstool.render.blocks import Block, Card, Grid, View
from cstool.render.cells import plain_number
from cstool.render.units import shown

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
        return difference_view(answer.found.between, answer.difference, terms).blocks
    return [
        term_card(match.term, terms, comparable.get(match.term.id, ()), shapes.get(match.term.id))
        for match in answer.found.matches
    ]


def _answer_record(answer: Answer, terms: Mapping[str, Term]) -> dict[str, Any]:
    found = answer.found
    record: dict[str, Any] = {"query": found.query, "matches": [_match_record(match) for match in found.matches]}
    if found.between:
        record["difference"] = difference_view(found.between, answer.difference, terms).document
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
        yield "Readings" if i == 0 else "", _variant_words(variant)
    for i, benchmark in enumerate(metric.benchmarks if metric else ()):
        words = (benchmark.what, benchmark.population, benchmark.year, benchmark.source)
        yield "Published" if i == 0 else "", f"{benchmark.value}: {', '.join(words)}"
    if term.synonyms:
        yield "Also", ", ".join(term.synonyms)
    if term.broader in terms:
        yield "Broader", terms[term.broader].term
    if related := [_name(id_, terms) for id_ in term.related if id_ != term.broader][:MOST_RELATED]:
        yield "Related", ", ".join(related)
    if comparable:
        yield "Compare", "; ".join(f"cstool diff {_typed(term)} {_typed(terms[id_])}" for id_ in comparable[:3])
    if metric or term.table:
        yield "Compute", compute_hint(term, shape)
    if term.computed:
        yield "In cstool", term.computed
    yield "Sources", ", ".join(term.sources)


def compute_hint(term: Term, shape: str | None) -> str:
    """A command that computes the metric as it stands: from a sample of a kind of file, else from its own example."""
    kind = term.metric or term.table
    assert kind is not None
    if shape or not term.metric:
        return f"cstool sample {shape} | cstool calc {kind.name} - {kind.sample}".rstrip()
    values = (f"--set {name}={plain_number(value)}" for name, value in term.metric.example.items() if name != "value")
    return f"cstool calc {kind.name} {' '.join(values)}"


def _typed(term: Term) -> str:
    """How one would type the term on a command line: its acronym, or its id."""
    return term.acronyms[0].lower() if term.acronyms else term.id


def unit_words(metric: Metric) -> str:
    better = {"higher": "higher is better", "lower": "lower is better", "depends": "neither high nor low is better"}
    window = f", over {metric.window} by default" if metric.window else ""
    return f"{metric.unit}, {better[metric.better]}{window}"


def worked_example(metric: Metric) -> str:
    given = [f"{name} {plain_number(value)}" for name, value in metric.example.items() if name != "value"]
    return f"{', '.join(given)} gives {shown(metric.example.get('value', Decimal(0)), metric.unit)}"


def _variant_words(variant: Variant) -> str:
    cited = f" [{', '.join(variant.sources)}]" if variant.sources else ""
    return f"{variant.label}: {variant.text}{cited}"


def _name(id_: str, terms: Mapping[str, Term]) -> str:
    return terms[id_].term if id_ in terms else id_


def difference_view(terms: Sequence[Term], difference: Difference | None, all_terms: Mapping[str, Term]) -> View:
    """A written difference, or the terms side by side where none is written."""
    return _written(terms, difference) if difference else _side_by_side(terms, all_terms)


def _written(terms: Sequence[Term], difference: Difference) -> View:
    by_id = {term.id: term for term in terms}
    ordered = [by_id[id_] for id_ in difference.between]
    names = [term.term for term in ordered]
    aspects = [{"aspect": aspect.aspect, "values": list(aspect.values)} for aspect in difference.aspects]
    document = {
        "terms": list(difference.between),
        "written": True,
        "summary": difference.summary,
        "aspects": aspects,
        "use": difference.use,
        "mistake": difference.mistake,
        "sources": list(difference.sources),
    }
    facts = [("Use", difference.use)]
    if difference.mistake:
        facts.append(("Mistake", difference.mistake))
    facts.append(("Sources", ", ".join(difference.sources)))
    same = len(set(difference.between)) == 1
    header = ["", *(["name", "other name"] if same else names)]
    rows = [[aspect.aspect, *aspect.values] for aspect in difference.aspects]
    title = f"{names[0]}: its names" if same else " / ".join(names)
    blocks: list[Block] = [Card(title, "difference", difference.summary)]
    blocks += [Grid(header, rows), Card("Which one", facts=facts)]
    return View(document, [document], ["aspect", *difference.between], rows, blocks, values=[difference.summary])


def _side_by_side(terms: Sequence[Term], all_terms: Mapping[str, Term]) -> View:
    names = [term.term for term in terms]
    same = len({term.id for term in terms}) == 1
    summary = (
        f"These are names of one entry, {names[0]}: {terms[0].definition}."
        if same
        else f"No difference is written for {', '.join(names[:-1])} and {names[-1]}; "
        "here are their entries side by side."
    )
    shown_terms = terms[:1] if same else terms
    aspects = [
        (label, [read(term, all_terms) for term in shown_terms])
        for label, read in _ASPECTS.items()
        if any(read(term, all_terms) for term in shown_terms)
    ]
    document = {
        "terms": [term.id for term in terms],
        "written": False,
        "same": same,
        "summary": summary,
        "aspects": [{"aspect": label, "values": values} for label, values in aspects],
    }
    rows = [[label, *values] for label, values in aspects]
    title = names[0] if same else " / ".join(names)
    blocks: list[Block] = [Card(title, "one entry" if same else "side by side", summary)]
    if not same:
        blocks.append(Grid(["", *names], rows))
    return View(document, [document], ["aspect", *(term.id for term in shown_terms)], rows, blocks, values=[summary])


_ASPECTS: dict[str, Callable[[Term, Mapping[str, Term]], str]] = {
    "what it is": lambda term, _: term.definition,
    "formula": lambda term, _: term.metric.formula if term.metric else "",
    "unit": lambda term, _: unit_words(term.metric) if term.metric else "",
    "example": lambda term, _: term.example,
    "note": lambda term, _: term.note,
    "related": lambda term, terms: ", ".join(_name(id_, terms) for id_ in term.related),
}
