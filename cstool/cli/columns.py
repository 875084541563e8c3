"""cstool columns FILE"""

from typing import Annotated

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.options import READ, with_options
from cstool.cli.projects import with_project_file
from cstool.errors import UsageError
from cstool.metrics.read_options import ReadOptions


@with_options
def columns(
    file: Annotated[
        str, typer.Argument(metavar="FILE|@NAME|-", help="A CSV file, @NAME of the project, or - for stdin.")
    ],
    options: ReadOptions = READ,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """Show what is understood of a file and what it can give.

    Which column plays which role, which metrics can be computed, and what is missing for the others.

    \b
    cstool sample tickets > tickets.csv
    cstool columns tickets.csv
    """
    from cstool.api import Book
    from cstool.render.catalogue import understood_view

    for name in ("--cents", "--interval", "--end-inclusive"):
        if name in options.given():
            raise UsageError(
                f"{name} has no use with columns: no amount is computed",
                hint=f"leave {name} out",
                code="option-not-applicable",
            )
    file, options, _ = with_project_file(file, options, quiet=output.quiet)
    name, understood, notes = Book(glossary).columns(
        file, options.map, options.reading(), options.shape, options.preset
    )
    output.say(*notes)
    if understood.shape is None:
        output.say("--map ROLE=COLUMN says what a column is; `cstool metrics NAME` lists the roles a metric knows")
    output.show(understood_view(name, understood))
