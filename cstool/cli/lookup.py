"""cstool lookup WORDS..."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cstool.cli.common import Form, FormOption, GlossaryOption, NoColorOption, Output, QuietOption, RawOption
from cstool.errors import UsageError


def lookup(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="A term, quotes not needed; - reads one a line from stdin.")
    ],
    exact: Annotated[bool, typer.Option("--exact", help="Only names, synonyms and acronyms as they are.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many entries a query.")] = 5,
    form: FormOption = Form.table,
    glossary: GlossaryOption = None,
    raw: RawOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show the entry of a term; misspellings and questions are understood.

    Exit code 1 when nothing was found, also when there are only suggestions.
    """
    from cstool.api import Book, did_you_mean
    from cstool.render.terms import Answer, answers_view

    output = Output(form, no_color, quiet, raw)
    batch = words == ["-"]
    queries = [line.strip() for line in sys.stdin] if batch else [" ".join(words).strip()]
    if not any(queries):
        raise UsageError("lookup needs a term", hint="for example: cstool lookup net revenue retention")
    book = Book(glossary)
    answers = []
    for query in filter(None, queries):
        found = book.find(query, exact=exact, limit=limit)
        answers.append(Answer(found, book.difference(found.between) if found.between else None))
        if found.matches and found.matches[0].how == "fuzzy":
            output.say(f"showing {found.matches[0].term.term} for '{query}'")
        elif not found.matches:
            output.say(f"nothing found for '{query}'" + (f"; {did_you_mean(found)}" if found.suggestions else ""))
    # Data that a program reads keeps its shape when nothing was found; what a person reads stays empty.
    if form in (Form.json, Form.jsonl) or any(answer.found.matches for answer in answers):
        output.show(answers_view(answers, book.terms, book.comparable, batch=batch))
    if not all(answer.found.matches for answer in answers):
        raise typer.Exit(1)
