"""What every command shares: its common options, and the two streams."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from cstool.render import View


class Form(StrEnum):
    """Output formats; asked for, never guessed."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    tsv = "tsv"
    md = "md"
    value = "value"


FormOption = Annotated[Form, typer.Option("--format", "-f", help="How to print the answer.", show_default="table")]
GlossaryOption = Annotated[
    Path | None,
    typer.Option("--glossary", envvar="CSTOOL_GLOSSARY", help="A YAML file or folder laid over the shipped glossary."),
]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colour on a terminal (also NO_COLOR).")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Nothing on stderr but errors.")]
RawOption = Annotated[bool, typer.Option("--raw", help="csv and tsv: leave cells that begin with = + - @ as they are.")]


@dataclass(frozen=True, slots=True)
class Output:
    """Where an answer goes: data to stdout, narration to stderr."""

    form: Form
    no_color: bool = False
    quiet: bool = False
    raw: bool = False

    def show(self, view: View) -> None:
        from cstool.render import rendered

        form: Literal["table", "json", "jsonl", "csv", "tsv", "md", "value"] = self.form.value
        terminal = sys.stdout.isatty()
        color = terminal and not self.no_color and not os.environ.get("NO_COLOR")
        sys.stdout.write(rendered(view, form, terminal=terminal, color=color, raw=self.raw))

    def say(self, *lines: str) -> None:
        """Narration: what was guessed, skipped or left open."""
        if not self.quiet:
            tell(*lines)


def tell(*lines: str) -> None:
    """Lines on stderr in which nothing from the data can act on the terminal."""
    from cstool.render.cells import visible

    for line in lines:
        sys.stderr.write(visible(line) + "\n")
