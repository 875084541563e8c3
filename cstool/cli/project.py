"""cstool project"""

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.options import with_options
from cstool.errors import UsageError


@with_options
def project(
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """List the files of the project and what is wrong with them.

    For each its input type, account column, rows, accounts found in the accounts file, and newest date. Exit code 1
    where there is a problem.

    \b
    cstool sample ledger > ledger.csv
    cstool init ledger.csv
    cstool project
    """
    from cstool.api import Book
    from cstool.cli.projects import name_once, the_project
    from cstool.render.project import project_view

    opened = the_project()
    if opened is None:
        raise UsageError("there is no project", hint="`cstool init` writes a cstool.yaml here", code="bad-project")
    name_once(output.quiet)
    book = Book(glossary)
    files = book.project_files(opened)
    lost = opened.missing_paths()
    output.show(project_view(files))
    problems = [*(f"{one.name}: {text}" for one in files for text in one.problems), *lost]
    output.say(*problems)
    if any("accounts are not in" in text for text in problems) and opened.accounts:
        output.say("accounts that are written otherwise in the accounts file are joined by `aliases` of the project")
    if problems:
        raise typer.Exit(1)
