"""cstool search WORDS..."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.options import with_options
from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.api import Book


@with_options
def search(
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="All must occur; several in quotes are a phrase.")
    ],
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many entries.")] = 10,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """Search the texts of all entries, best match first.

    Names, definitions, notes, examples, variants and differences are searched. Exit code 1 when nothing was found.

    \b
    cstool search existing customers
    cstool search "existing customers" churn
    """
    from cstool.api import Book
    from cstool.render.views.lists import hits_view

    if not any(character.isalnum() for word in words for character in word):
        raise UsageError(
            "search needs a word", hint='for example: cstool search "existing customers"', code="missing-argument"
        )
    book = Book(glossary)
    hits = book.search(words)
    if hits or output.form == "json":
        output.show(hits_view(hits[:limit]))
    if not hits:
        output.say(f"nothing found for '{' '.join(words)}'; {_advice(book, words)}")
        raise typer.Exit(1)
    if len(hits) > limit:
        output.say(f"{limit} of {len(hits)} entries; --limit {len(hits)} shows all")


def _advice(book: "Book", words: Sequence[str]) -> str:
    single = [word for argument in words for word in argument.replace('"', " ").split()]
    apart = len(book.search(single)) if single != list(words) else 0
    if apart:
        return f"without the quotes: {apart} {'entry' if apart == 1 else 'entries'}"
    from shlex import quote

    return f"`cstool lookup {' '.join(map(quote, single))}` understands misspellings"
