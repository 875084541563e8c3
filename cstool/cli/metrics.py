"""cstool metrics [NAME]"""

from typing import Annotated

import typer

from cstool.cli.common import Form, FormOption, GlossaryOption, NoColorOption, Output, QuietOption, RawOption
from cstool.cli.completion import metric_names


def metrics(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A metric, by any of its names; all of them if left out.", autocompletion=metric_names
        ),
    ] = None,
    form: FormOption = Form.table,
    glossary: GlossaryOption = None,
    raw: RawOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """List what can be computed, or show one metric in full.

    For one metric: its formula, measures, shapes, and the header spellings that are understood.

    \b
    cstool metrics
    cstool metrics nrr
    """
    from cstool.api import Book
    from cstool.render.catalogue import catalogue_view, metric_view

    output = Output(form, no_color, quiet, raw)
    book = Book(glossary)
    if name is None:
        output.show(catalogue_view(book.catalogue()))
    else:
        one = book.metric(name)
        output.show(metric_view(one, book.glossary.roles, book.formulas.get(one.term.id, ""), book.source_titles))
