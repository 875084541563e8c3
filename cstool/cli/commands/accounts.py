"""cstool accounts [FILE...]"""

import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.commands.file_options import READ
from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.options import with_options
from cstool.cli.projects import day_named, with_project_files
from cstool.compute.read_options import ReadOptions
from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.model.request import CalcRequest

NO_FILES = "name some, or `cstool init` writes a project, whose files need not be named"


@with_options
def accounts(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE...|@NAME]", help="Files; those of the project, if left out.")
    ] = None,
    where: Annotated[
        str | None, typer.Option("--where", metavar="SQL", help="Only accounts for which this holds.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help="The day that is looked at; today, if left out.")
    ] = None,
    options: ReadOptions = READ,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """List all accounts with what every file tells of them.

    One row an account as of a day: the columns of the list of accounts, then MRR, renewal, open tickets, newest
    answer, seats, usage, late milestones and notices, each where a file has it.

    \b
    cstool sample project -o acme && cd acme
    cstool accounts
    cstool accounts --where "segment = 'Enterprise' and milestones_late > 0"
    cstool accounts -f csv > accounts-today.csv
    """
    from cstool.api import Book
    from cstool.cli.notes import shortened
    from cstool.cli.progress import progress
    from cstool.render.views.accounts import accounts_view, columns_shown

    if where is not None and not where.strip():
        raise UsageError("--where is empty", hint="write a condition, or leave it out", code="bad-value")
    request = account_request(files or [], as_of, options, output)
    with progress(quiet=output.quiet):
        table = Book(glossary).accounts(replace(request, where=where))
    output.say(*shortened(table.notes, "`cstool columns FILE` shows how a file is read"))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() and output.form == "table" else 0
    view = accounts_view(table, width)
    shown, all_ = columns_shown(table, view)
    if width and shown < all_:
        output.say(f"{shown} of {all_} columns fit; -f csv has all, `cstool account NAME` those of one account")
    output.show(view)
    if not table.rows:
        output.say(f"no account satisfies --where {where}" if where else "no file tells of an account by that day")
        raise typer.Exit(1)


def account_request(files: list[str], as_of: str | None, options: ReadOptions, output: Output) -> "CalcRequest":
    """The request for accounts on a day, which is said. Raises UsageError without files."""
    from datetime import date

    from cstool.model.request import CalcRequest

    if any(not file.strip() for file in files):
        raise UsageError("a file's name is empty", code="missing-argument")
    day = day_named(as_of) if as_of is not None else date.today()
    request = CalcRequest(metrics=(), files=tuple(files), as_of=day.isoformat(), **options.request_fields())
    request = with_project_files(request, files, options, alone=False, quiet=output.quiet)
    if not request.sets and not request.files:
        raise UsageError("there are no files to list accounts of", hint=NO_FILES, code="file-required")
    output.say(f"as of {day}{'' if as_of is not None else ' (today)'}")
    return request
