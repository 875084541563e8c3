"""cstool lookup WORDS..."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.completion import category_names, name_words
from cstool.cli.options import with_options
from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.api import Book
    from cstool.glossary.find.finding import Found
    from cstool.render.views.terms import Extent


@with_options
def lookup(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS...",
            help="A term, quotes not needed; - reads one a line from stdin.",
            autocompletion=name_words,
        ),
    ] = None,
    exact: Annotated[bool, typer.Option("--exact", help="Only names, synonyms and acronyms as they are.")] = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many entries a query.")] = 5,
    full: Annotated[
        bool, typer.Option("--full", help="All of the entry: other definitions, names, related terms, sources.")
    ] = False,
    random: Annotated[bool, typer.Option("--random", help="Show any entry, to learn something.")] = False,
    category: Annotated[
        str | None,
        typer.Option(
            "--category",
            metavar="NAME",
            help="With --random: an entry of this category.",
            autocompletion=category_names,
        ),
    ] = None,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """Show a term's entry; typos are understood.

    So are questions: `what is nrr`, `nrr vs grr`. Exit code 1 when nothing was found, also when there are only
    suggestions.

    \b
    cstool lookup nrr
    cstool lookup time to value --full
    cstool lookup "what is churn?"
    cstool lookup --random
    """
    from cstool.api import Book

    batch = words == ["-"]
    queries = _queries(words or [], random=random, category=category)
    book = Book(glossary)
    if output.form == "json" and queries and not batch and (answer := book.exact_answer(queries[0], limit)):
        output.document(answer)
        return
    from cstool.cli.commands.cards import context_of
    from cstool.glossary.find.finding import Found
    from cstool.render.views.terms import Answer, answers_view

    extent: Extent = "page" if output.form == "md" else "all" if full else "screen"
    if random:
        answer_at_random = Answer(book.any_of(category))
        output.show(answers_view([answer_at_random], context_of(book, [answer_at_random]), extent=extent))
        return
    answers = []
    for query in queries:
        if not query:
            if output.form == "jsonl":  # an object a line, in order
                answers.append(Answer(Found(query)))
            continue
        found = book.find(query, exact=exact, limit=limit)
        if found.between:
            found = found._replace(between=tuple(book.nearest_written(found.between)))
        answers.append(Answer(found, book.difference(found.between) if found.between else None))
        if found.matches and found.matches[0].how == "fuzzy":
            output.say(f"showing {found.matches[0].term.term} for '{query}'")
        elif not found.matches:
            output.say(
                f"nothing found for '{query}'" + ("" if batch and not found.suggestions else _advice(book, found))
            )
    # Data that a program reads keeps its shape when nothing was found; what a person reads stays empty.
    if output.form in ("json", "jsonl") or any(answer.found.matches for answer in answers):
        drawn = answers if output.form in ("table", "md") else []
        output.show(answers_view(answers, context_of(book, drawn), batch=batch, extent=extent))
    if not all(answer.found.matches for answer in answers if answer.found.query):
        raise typer.Exit(1)


def _advice(book: "Book", found: "Found") -> str:
    """What to try where nothing was found."""
    import shlex

    if found.suggestions:
        return f"; {found.did_you_mean}"
    words = found.query.split()
    count = len(book.search(words)) if any(character.isalnum() for character in found.query) else 0
    if count:
        typed = " ".join(map(shlex.quote, words))
        return f"; `cstool search {typed}` finds {_mentions(count)}"
    return ""


def _mentions(count: int) -> str:
    return "1 entry that mentions it" if count == 1 else f"{count} entries that mention it"


def _queries(words: list[str], *, random: bool, category: str | None) -> list[str]:
    """What to look up; nothing for --random, which goes without words as --category goes only with it."""
    if random and words:
        raise UsageError(
            "--random takes no words", hint="leave the words or --random out", code="option-not-applicable"
        )
    if random:
        return []
    if category is not None:
        raise UsageError(
            "--category goes with --random",
            hint="`cstool terms --category NAME` lists a category",
            code="option-needs-another",
        )
    queries = [line.strip() for line in sys.stdin] if words == ["-"] else [" ".join(words).strip()]
    if not any(queries):
        raise UsageError(
            "lookup needs a term", hint="for example: cstool lookup net revenue retention", code="missing-argument"
        )
    return queries
