"""cstool columns FILE"""

from typing import Annotated

import typer

from cstool.cli.commands.file_options import READ
from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.options import with_options
from cstool.cli.projects import the_project, with_project_file
from cstool.compute.read_options import ReadOptions
from cstool.errors import UsageError


@with_options
def columns(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|@NAME|-]",
            help="A CSV file, @NAME of the project, or - for stdin; all of the project's files, if left out.",
            show_default=False,
        ),
    ] = None,
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
    from cstool.render.views.catalogue import understood_files_view, understood_view

    for name in ("--cents", "--interval", "--end-inclusive"):
        if name in options.given():
            raise UsageError(
                f"{name} has no use with columns: no amount is computed",
                hint=f"leave {name} out",
                code="option-not-applicable",
            )
    project = the_project() if file is None else None
    if file is None and project is None:
        raise UsageError(
            "columns needs a file, and there is no project",
            hint="for example: cstool columns accounts.csv; `cstool init` writes a project, whose files it then shows",
            code="missing-argument",
        )
    book = Book(glossary)
    shown = []
    for one in [file] if file is not None else [f"@{name}" for name in project.files] if project else []:
        path, how, _ = with_project_file(one, options, quiet=output.quiet)
        name, understood, notes = book.columns(path, how.map, how.reading(), how.shape, how.preset)
        output.say(*notes)
        if understood.shape is None:
            output.say(
                f"{name}: --map ROLE=COLUMN says what a column is; `cstool metrics NAME` lists the roles a metric knows"
            )
        shown.append((name, understood))
    output.show(understood_view(*shown[0]) if file is not None else understood_files_view(shown))
