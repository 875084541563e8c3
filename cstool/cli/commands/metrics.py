"""cstool metrics [NAME]"""

from typing import Annotated

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.completion import metric_names
from cstool.cli.options import with_options


@with_options
def metrics(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A metric, by any of its names; all of them if left out.", autocompletion=metric_names
        ),
    ] = None,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """List what can be computed, or show one metric in full.

    For one metric: its formula, measures, shapes, and the header spellings that are understood.

    \b
    cstool metrics
    cstool metrics nrr
    """
    from cstool.api import Book
    from cstool.render.views.catalogue import catalogue_view, metric_view

    book = Book(glossary)
    if name is None:
        output.show(catalogue_view(book.catalogue()))
    else:
        one = book.metric(name)
        output.show(metric_view(one, book.glossary.roles, book.formulas.get(one.term.id, ""), book.source_titles))
