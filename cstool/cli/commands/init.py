"""cstool init [FILE...]"""

from pathlib import Path
from typing import Annotated

import typer

from cstool.cli.common import QuietOption, tell
from cstool.errors import UsageError


def init(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE...]",
            help="Files of the project; the CSV files and workbooks of this folder and those in it, if left out.",
            show_default=False,
        ),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Write a cstool.yaml that names your files.

    It stands in the current folder; commands below it then need no file and no option again. Exit code 1 where no file
    is recognized.

    \b
    cstool sample ledger > ledger.csv
    cstool init ledger.csv
    cstool calc nrr
    """
    from cstool.api import Book
    from cstool.glossary.places import PROJECT

    target = Path(PROJECT)
    if target.exists():
        raise UsageError(
            f"there is a {PROJECT} here already",
            hint="edit it, or remove it first; `cstool project` checks it",
            code="bad-project",
        )
    draft = Book().drafted_project(tuple(files or ()))
    lines = [f"@{one.name}: {one.path} ({_counted(one.files)}{one.shape})" for one in draft.files]
    lines += [f"left out: {text}" for text in draft.unknown]
    if not draft.text:
        if not quiet:
            tell(*lines)
        tell("no file was recognized, so no project was written; `cstool columns FILE` shows what a file lacks")
        raise typer.Exit(1)
    target.write_text(draft.text, encoding="utf-8")
    if quiet:
        return
    lines += [
        f"@{one} and @{other} are of one type: `feeds: [METRIC]` says which metric comes from which"
        for one, other in draft.shared
    ]
    computable = {metric for one in draft.files for metric in one.metrics}
    first = next((metric for metric in _FIRST if metric in computable), "")
    tell(*lines, f"wrote {target}", "next: cstool project" + (f"; cstool calc {first}" if first else ""))


# What is asked first of each kind of file.
_FIRST = ("nrr", "logo-churn", "csat", "nps", "first-response-time", "utilization", "renewal-rate", "win-rate")


def _counted(files: int) -> str:
    return f"{files} files, " if files > 1 else ""
