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
    from cstool.render.views.project import project_view

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
    unmatched = [one.name for one in files if one.matched is not None and one.matched < (one.accounts or 0)]
    if unmatched and opened.accounts:
        output.say(f"`cstool match @{unmatched[0]} @{opened.accounts.file}` proposes aliases for them")
    if problems:
        raise typer.Exit(1)
