"""cstool targets [FILE.yaml] [FILE...]"""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.commands.file_options import READ, SCALES, ScaleOptions
from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.options import with_options
from cstool.cli.projects import day_named, name_once, the_project, with_project_files
from cstool.compute.read_options import ReadOptions
from cstool.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cstool.glossary.target_rules import Targets
    from cstool.plays.tasks import Task

START = "`cstool sample targets` prints some to start from"


@with_options
def targets(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE.yaml] [FILE...|@NAME]",
            help="The targets, then the files that they are measured on; those of the project, if left out.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="WHEN",
            help="Only periods that were over by then count, and every file has to reach the last of them.",
        ),
    ] = None,
    scales: ScaleOptions = SCALES,
    options: ReadOptions = READ,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """Show which goals are met.

    A file of targets lists goals with the metrics that measure them. Each is computed for the last complete period of
    its goal and the one before. Exit code 1 where a target is missed or a value is undefined.

    \b
    cstool sample project -o acme && cd acme
    cstool targets || echo "not all targets are met"
    cstool targets --as-of 2026-10-31 -f csv > targets.csv || cat targets.csv
    """
    from cstool.api import Book
    from cstool.cli.notes import shortened
    from cstool.cli.progress import progress
    from cstool.glossary.target_rules import read_targets
    from cstool.model.request import CalcRequest
    from cstool.render.views.targets import targets_view

    rules, data = _rules(files or [], output)
    goals = read_targets(rules)
    request = CalcRequest(metrics=(), files=tuple(data), given=scales.values(), as_of=as_of, **options.request_fields())
    request = with_project_files(request, data, options, alone=False, quiet=output.quiet)
    if not request.files and not request.sets:
        raise UsageError(
            "targets needs files, and there is no project",
            hint="for example: cstool targets targets.yaml ledger.csv; `cstool init` names a folder's files for good",
            code="file-required",
        )
    with progress(quiet=output.quiet):
        found = Book(glossary).targets(goals, request)
    day = day_named(as_of) if as_of else date.today()
    tasks = _open_tasks(goals, data, day, glossary, output)
    output.say(*shortened(found.notes, "`cstool calc METRIC` says all"))
    output.show(targets_view(found, tasks, day))
    output.say(*found.reasons)
    if found.missed:
        raise typer.Exit(1)


def _rules(files: "Sequence[str]", output: Output) -> "tuple[str, Sequence[str]]":
    """The file of targets and the files of data. Raises UsageError where there are no targets."""
    if files and files[0].lower().endswith((".yaml", ".yml")):
        return files[0], files[1:]
    project = the_project()
    if not project or not project.entry.targets:
        raise UsageError("no targets are given: a file, or `targets` in cstool.yaml", hint=START, code="file-required")
    name_once(output.quiet)
    return str(project.path(project.entry.targets)), files


def _open_tasks(
    goals: "Targets", files: "Sequence[str]", day: date, glossary: "Path | None", output: Output
) -> "Mapping[str, Sequence[Task]]":
    """By goal, the tasks of its plays; nothing where the goals have none, a note where the project has no plays.

    Raises InputError for a play that the file of plays does not have.
    """
    if not any(goal.plays for goal in goals.goals) or output.form not in ("table", "md"):
        return {}
    from cstool.api import Book
    from cstool.cli.commands.plays import of_project, plays_request
    from cstool.glossary.play_rules import read_plays

    rules = of_project("plays", output)
    if rules is None:
        output.say("the plays of the goals are in no file: name one under `plays` in cstool.yaml")
        return {}
    known = [play.play for play in read_plays(rules).plays]
    for i, goal in enumerate(goals.goals):
        for j, name in enumerate(goal.plays):
            if name not in known:
                raise InputError(
                    f"{goals.place(f'goals.{i}.plays.{j}')}: {rules} has no play '{name}'",
                    hint=f"it has {', '.join(known)}",
                    code="bad-configuration",
                )
    made = Book(glossary).plays(plays_request(list(files), day.isoformat(), glossary, replace(output, quiet=True)))
    return {goal.name: [task for play in goal.plays for task in made.of(play)] for goal in goals.goals}
