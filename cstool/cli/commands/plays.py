"""cstool plays [FILE...]"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import typer

from cstool.cli.common import GlossaryOption, Output, note_form
from cstool.cli.options import with_options
from cstool.errors import UsageError
from cstool.options import option

if TYPE_CHECKING:
    from pathlib import Path

    from cstool.plays.account_list import AccountList
    from cstool.plays.planning import Planned, PlaysRequest

TaskFormat = Literal["table", "json", "jsonl", "csv", "tsv", "md", "value", "todo", "ics", "taskwarrior"]
START = "`cstool sample plays` prints some to start from"


@dataclass(frozen=True, kw_only=True)
class TaskOutput(Output):
    """How tasks are written: also as files of programs for tasks and calendars."""

    further_formats: ClassVar[Mapping[str, str]] = {".ics": "ics", ".txt": "todo"}
    form: TaskFormat = option(  # type: ignore[assignment]
        "table",
        "table (if not said), json, jsonl, csv, tsv, md, todo (todo.txt), ics (calendar), taskwarrior.",
        "FORMAT",
        names=("--format", "-f"),
        show_default=False,
        callback=note_form,
    )


TASKS = TaskOutput()


@with_options
def plays(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE...|@NAME]",
            help="Files, or a list of accounts (`cstool accounts -f csv`); the project's files, if left out.",
        ),
    ] = None,
    rules: Annotated[
        str | None, typer.Option("--plays", metavar="FILE", help="The plays; those of the project, if left out.")
    ] = None,
    tasks: Annotated[
        list[str] | None,
        typer.Option(
            "--tasks",
            metavar="FILE",
            help="An earlier result (todo.txt, json, csv), also several: what was finished there is left out.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="FILE",
            help="An earlier list of accounts: only those for which a rule holds now and did not then.",
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DAY", help="The day that is looked at; today, if left out.")
    ] = None,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="The health file; that of the project, if left out.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Say what is wrong with the plays instead; exit code 1 where something is.")
    ] = False,
    glossary: GlossaryOption = None,
    output: TaskOutput = TASKS,
) -> None:
    """Turn rules about accounts into tasks.

    A file of plays says for which accounts (a condition on their columns) which tasks are due, when and for whom. A
    task keeps its id from run to run.

    \b
    cstool sample project -o acme && cd acme
    cstool plays --as-of 2026-10-31 -f todo > todo.txt
    """
    from cstool.api import Book

    request = plays_request(files or [], as_of, glossary, output, rules=rules, config=config)
    request = replace(request, tasks=tuple(tasks or ()), since=since)
    if check:
        _check(request, output)
        return
    _refuse_loss(request, output)
    made = Book(glossary).plays(request)
    output.say(*made.notes)
    _write(made, request.day, output)


def _refuse_loss(request: "PlaysRequest", output: TaskOutput) -> None:
    """Raises UsageError where the file to write is an earlier one with more in it than open tasks."""
    if output.target is None or str(output.target) not in request.tasks:
        return
    from cstool.plays.earlier import read_earlier

    found = read_earlier(str(output.target), request.day)
    if found.done or found.others:
        raise UsageError(
            f"{output.target} also has finished tasks or lines of its own, and would lose them",
            hint="move them to another file and name both: --tasks todo.txt --tasks done.txt",
            code="name-taken",
        )


def plays_request(
    files: list[str],
    as_of: str | None,
    glossary: "Path | None",
    output: Output,
    *,
    rules: str | None = None,
    config: str | None = None,
) -> "PlaysRequest":
    """The plays and the health file, those of the project where none are named, and the accounts that they are for.

    The day is said. Raises UsageError where there are no plays or no files.
    """
    from cstool.plays.planning import PlaysRequest

    found = rules or of_project("plays", output) or _lacking()
    health = config or of_project("health", output)
    accounts, day = _accounts(files, as_of, glossary, output, (found, health))
    return PlaysRequest(accounts=accounts, plays=found, day=day, config=health)


def _accounts(
    files: list[str], as_of: str | None, glossary: "Path | None", output: Output, rules: tuple[str, str | None]
) -> "tuple[str | AccountList, date]":
    """A list of accounts, or what files tell of them, and the day looked at, which is said."""
    from cstool.api import Book
    from cstool.cli.commands.accounts import account_request
    from cstool.cli.notes import shortened
    from cstool.cli.progress import progress
    from cstool.cli.projects import day_named
    from cstool.compute.read_options import ReadOptions
    from cstool.plays.account_list import listed_accounts

    book = Book(glossary)
    if len(files) == 1 and (files[0] == "-" or book.is_account_list(files[0], *rules)):
        day = day_named(as_of) if as_of is not None else date.today()
        output.say(f"as of {day}{'' if as_of is not None else ' (today)'}")
        return files[0], day
    request = account_request(files, as_of, ReadOptions(), output)
    with progress(quiet=output.quiet):
        table = book.accounts(request)
    output.say(*shortened(table.notes, "`cstool accounts` lists all"))
    return listed_accounts(table), table.day


def _lacking() -> str:
    raise UsageError("no plays are given: --plays FILE, or `plays` in cstool.yaml", hint=START, code="file-required")


def of_project(key: Literal["plays", "health"], output: Output) -> str | None:
    """The file that the project names under a key."""
    from cstool.cli.projects import name_once, the_project

    project = the_project()
    path = getattr(project.entry, key) if project else ""
    if not project or not path:
        return None
    name_once(output.quiet)
    return str(project.path(path))


def _check(request: "PlaysRequest", output: TaskOutput) -> None:
    """Exits with 1 where anything was found."""
    from cstool.plays.checking import checked
    from cstool.render.views.tasks import findings_view

    if output.form in ("todo", "ics", "taskwarrior"):
        raise UsageError(f"--check has no tasks to write as {output.form}", code="option-not-applicable")
    found = checked(request)
    if found or output.form not in ("table", "md"):
        output.show(findings_view(found))
    output.say(f"{request.plays}: {len(found) or 'no'} problem{'s' if len(found) != 1 else ''}")
    if found:
        raise typer.Exit(1)


def _write(made: "Planned", day: date, output: TaskOutput) -> None:
    from cstool.render.views.tasks import tasks_view

    if output.form == "todo":
        from cstool.render.todo import as_todo

        output.text(as_todo(made.tasks))
    elif output.form == "taskwarrior":
        from cstool.render.taskwarrior import as_taskwarrior

        output.text(as_taskwarrior(made.tasks))
    elif output.form == "ics":
        from cstool.render.calendar import as_calendar

        undated = sum(not task.due for task in made.tasks)
        if undated:
            output.say(f"{undated} task{'s' if undated > 1 else ''} without a due day left out of the calendar")
        output.text(as_calendar(made.tasks))
    elif made.tasks or output.form not in ("table", "md"):
        output.show(tasks_view(made.tasks, day))
    if not made.tasks:
        output.say("no tasks: no rule holds for an account")
