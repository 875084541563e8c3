"""cstool glossary check | path"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cstool.cli.common import GlossaryOption, QuietOption, tell

app = typer.Typer(help="The YAML files behind the answers.", no_args_is_help=True, rich_markup_mode=None)


@app.command("check")
def check(
    path: Annotated[Path | None, typer.Argument(help="A glossary file or folder; the shipped one if left out.")] = None,
    glossary: GlossaryOption = None,
    quiet: QuietOption = False,
) -> None:
    """Report every problem of a glossary, one line each with file and line; exit code 1 if there is any."""
    from cstool.api import check_glossary

    problems, entries = check_glossary(path or glossary)
    for problem in problems:
        typer.echo(problem)
    if problems:
        if not quiet:
            tell(f"{len(problems)} problems in {entries} entries")
        raise typer.Exit(1)
    if not quiet:
        tell(f"{entries} entries, no problems")


@app.command("path")
def path_(glossary: GlossaryOption = None) -> None:
    """Print where the entries come from."""
    from cstool.glossary.loading import shipped, stands_alone

    if glossary is None or not stands_alone(glossary):
        typer.echo(shipped())
    if glossary is not None:
        typer.echo(glossary)
