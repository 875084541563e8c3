"""What sets terms apart, as written or side by side; the columns are in the order asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cstool.model.entries import Difference, Term
from cstool.model.naming import normalise
from cstool.render.blocks import Block, Card, Grid, View
from cstool.render.words import cited_titles, name_of, plain_prose, unit_words


def difference_view(
    terms: Sequence[Term],
    difference: Difference | None,
    all_terms: Mapping[str, Term],
    titles: Mapping[str, str],
    asked: Sequence[str] = (),
) -> View:
    """A written difference, or the terms side by side where none is written.

    `terms` are in the order asked for; of two names of one term `asked` tells which came first. `titles` are the short
    titles of sources, by id.
    """
    return _written(terms, difference, titles, asked) if difference else _side_by_side(terms, all_terms, titles)


def _written(terms: Sequence[Term], difference: Difference, titles: Mapping[str, str], asked: Sequence[str]) -> View:
    columns = _columns(terms, difference, asked)
    table = [(aspect.aspect, {id_: aspect.values.get(id_, "") for id_ in columns}) for aspect in difference.aspects]
    document = {
        "terms": [term.id for term in terms],
        "written": True,
        "summary": difference.summary,
        "aspects": [{"aspect": aspect, "values": values} for aspect, values in table],
        "use": difference.use,
        "mistake": difference.mistake,
        "sources": list(difference.sources),
    }
    facts = [("Use", plain_prose(difference.use, titles))]
    if difference.mistake:
        facts.append(("Mistake", plain_prose(difference.mistake, titles)))
    facts.append(("Sources", cited_titles(difference.sources, titles)))
    same = len(set(difference.between)) == 1
    title = f"{terms[0].term}: its names" if same else " / ".join(columns.values())
    rows = [[aspect, *values.values()] for aspect, values in table]
    blocks: list[Block] = [Card(title, "difference", plain_prose(difference.summary, titles))]
    blocks += [Grid(["", *columns.values()], _plain(rows, titles)), Card("Which one", facts=facts)]
    return View(document, [document], ["aspect", *columns], rows, blocks, values=[difference.summary])


def _columns(terms: Sequence[Term], difference: Difference, asked: Sequence[str]) -> dict[str, str]:
    """The headings of a written difference, by what its rows are keyed by, in the order asked for."""
    if len({term.id for term in terms}) > 1:
        return {term.id: term.term for term in terms}
    wanted = [normalise(name) for name in asked]
    keys = {normalise(key): key for key in difference.columns}
    ordered = sorted(keys, key=lambda name: wanted.index(name) if name in wanted else len(wanted))
    names = (*terms[0].hidden, *terms[0].all_acronyms, terms[0].term, *terms[0].synonyms)
    spelled = {normalise(name): name for name in names}
    return {keys[name]: spelled.get(name, keys[name]) for name in ordered}


def _plain(rows: Sequence[Sequence[str]], titles: Mapping[str, str]) -> list[list[str]]:
    return [[plain_prose(cell, titles) for cell in row] for row in rows]


def _side_by_side(terms: Sequence[Term], all_terms: Mapping[str, Term], titles: Mapping[str, str]) -> View:
    names = [term.term for term in terms]
    same = len({term.id for term in terms}) == 1
    summary = (
        f"These are names of one entry, {names[0]}: {terms[0].definition}."
        if same
        else f"No difference is written for {', '.join(names[:-1])} and {names[-1]}; "
        "here are their entries side by side."
    )
    columns = {term.id: term for term in terms}
    table = [
        (label, {id_: read(term, all_terms) for id_, term in columns.items()})
        for label, read in _ASPECTS.items()
        if any(read(term, all_terms) for term in columns.values())
    ]
    document = {
        "terms": [term.id for term in terms],
        "written": False,
        "same": same,
        "summary": summary,
        "aspects": [{"aspect": label, "values": values} for label, values in table],
    }
    rows = [[label, *values.values()] for label, values in table]
    title = names[0] if same else " / ".join(names)
    blocks: list[Block] = [Card(title, "one entry" if same else "side by side", summary)]
    if not same:
        blocks.append(Grid(["", *(term.term for term in columns.values())], _plain(rows, titles)))
    return View(document, [document], ["aspect", *columns], rows, blocks, values=[summary])


_ASPECTS: dict[str, Callable[[Term, Mapping[str, Term]], str]] = {
    "what it is": lambda term, _: term.definition,
    "formula": lambda term, _: term.metric.formula if term.metric else "",
    "unit": lambda term, _: unit_words(term.metric) if term.metric else "",
    "example": lambda term, _: term.example,
    "note": lambda term, _: term.note,
    "related": lambda term, terms: ", ".join(name_of(id_, terms) for id_ in term.related),
}
