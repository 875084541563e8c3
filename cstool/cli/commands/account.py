"""cstool account NAME [FILE...]"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.commands.accounts import account_request
from cstool.cli.commands.file_options import READ
from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.options import with_options
from cstool.compute.read_options import ReadOptions
from cstool.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cstool.accounts.card import Card, NotOne
    from cstool.plays.tasks import Task


@with_options
def account(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The key, name or alias of an account.")],
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE...|@NAME]", help="Files; those of the project, if left out.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help="The day that is looked at; today, if left out.")
    ] = None,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="The health file; that of the project, if left out.")
    ] = None,
    options: ReadOptions = READ,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """Show all that the files tell of one account.

    A block a file with its newest date, goals and milestones with pace, health, warnings, open plays, and a timeline.

    \b
    cstool sample project -o acme && cd acme
    cstool account "Basalt Ltd"
    cstool account A-003 --as-of 2026-09-30 -f json
    """
    from cstool.accounts.card import NotOne
    from cstool.api import Book
    from cstool.cli.notes import shortened
    from cstool.cli.progress import progress
    from cstool.render.views.account import account_view

    if not name.strip():
        raise UsageError("an account's name is empty", code="missing-argument")
    request = account_request(files or [], as_of, options, output)
    request = replace(request, config=config) if config is not None else request
    with progress(quiet=output.quiet):
        found = Book(glossary).account(request, name)
    output.say(*shortened(found.notes, "`cstool columns FILE` shows how a file is read"))
    if isinstance(found, NotOne):
        _say_candidates(name, found, output)
        raise typer.Exit(1)
    output.show(account_view(found, _open_plays(found, request.weights, output)))


def _open_plays(card: "Card", health: str | None, output: Output) -> "Sequence[Task]":
    """The tasks that the plays of the project make for an account; a note where they cannot be used."""
    from cstool.cli.commands.plays import of_project
    from cstool.plays.account_list import listed_accounts
    from cstool.plays.planning import PlaysRequest, planned

    rules = of_project("plays", output) if output.form in ("table", "md") else None
    if not rules:
        return ()
    try:
        return planned(
            PlaysRequest(accounts=listed_accounts(card.table), plays=rules, day=card.day, config=health)
        ).tasks
    except InputError as error:
        output.say(f"{rules}: {' '.join(error.lines())}; `cstool plays --check` says more")
        return ()


def _say_candidates(name: str, found: "NotOne", output: Output) -> None:
    listed = [f"{one} ({key})" if key else one for one, key in found.candidates]
    if found.several:
        output.say(f"'{name}' is the name of {len(listed)} accounts: {', '.join(listed)}", "name one by its key")
    elif listed:
        output.say(f"no account is called '{name}'; did you mean {', '.join(listed)}?")
    else:
        output.say(f"no account is called '{name}'; `cstool accounts` lists all")
