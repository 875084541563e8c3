"""cstool sample SHAPE"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cstool.cli.common import QuietOption, tell
from cstool.cli.completion import sample_names
from cstool.errors import UsageError

PROJECT = "project"  # a sample of several files


def sample(
    shape: Annotated[
        str | None,
        typer.Argument(
            metavar="SHAPE",
            help="ledger, snapshot, wide, subscriptions, ...; left out, they are listed.",
            autocompletion=sample_names,
        ),
    ] = None,
    accounts: Annotated[
        int, typer.Option("--accounts", metavar="N", min=1, max=100_000, help="How many accounts.")
    ] = 40,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed gives another company.")] = 1,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="A file to write to; for project, its folder."),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Print a realistic sample of a kind of file, as CSV.

    The files of one seed tell of the same company under the same keys and names, so their metrics agree and they can be
    joined. `project` writes a folder of its exports with a cstool.yaml.

    \b
    cstool sample ledger > ledger.csv
    cstool sample tickets | cstool calc first-response-time -
    cstool sample project -o acme
    """
    from cstool.samples import SAMPLES, TEXTS, sample_csv

    if shape is None:
        raise UsageError(
            "sample needs a kind of file",
            hint=f"one of {', '.join((*SAMPLES, *TEXTS, PROJECT))}: cstool sample ledger",
            code="missing-argument",
        )
    if shape == PROJECT:
        _write_project(output, accounts, seed, quiet=quiet)
    elif output is None:
        sys.stdout.writelines(sample_csv(shape, accounts, seed))
    else:
        output.write_text("".join(sample_csv(shape, accounts, seed)), encoding="utf-8")


def _write_project(folder: Path | None, accounts: int, seed: int, *, quiet: bool) -> None:
    """Raises UsageError without a folder, or for one that has a project."""
    from cstool.glossary.places import PROJECT as FILE
    from cstool.samples import project_texts

    if folder is None:
        raise UsageError(
            "sample project writes several files",
            hint="name a folder: cstool sample project -o acme",
            code="missing-argument",
        )
    if (folder / FILE).exists():
        raise UsageError(
            f"there is a project in {folder} already", hint="name another folder, or remove it", code="name-taken"
        )
    written = []
    for path, lines in project_texts(accounts, seed):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("".join(lines), encoding="utf-8")
        written.append(path)
    if not quiet:
        tell(f"wrote {len(written)} files to {folder}", f"next: cd {folder} && cstool project && cstool calc nrr,csat")
