"""cstool terms"""

from typing import Annotated

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.completion import category_names, source_names
from cstool.cli.options import with_options


@with_options
def terms(
    category: Annotated[
        str | None,
        typer.Option(
            "--category", metavar="NAME", help="Only entries of this category.", autocompletion=category_names
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="NAME", help="Only entries that cite this source.", autocompletion=source_names
        ),
    ] = None,
    letter: Annotated[
        str | None, typer.Option("--letter", metavar="LETTER", help="Only names that begin so; # for digits and signs.")
    ] = None,
    metrics: Annotated[
        bool, typer.Option("--metrics", help="Only what can be computed, with the metric's name.")
    ] = False,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """List the terms, one a line.

    Exit code 1 when no entry fits.

    \b
    cstool terms --category retention
    cstool terms --metrics
    """
    from cstool.api import Book
    from cstool.render.views.lists import terms_view

    book = Book(glossary)
    found = book.listed(category=category, source=source, letter=letter, computable=metrics)
    if found or output.form == "json":
        output.show(terms_view(found, book.metric_names, metrics=metrics))
    if not found:
        output.say("no entry fits; `cstool terms` lists them all")
        raise typer.Exit(1)
