"""What every command shares: its common options, and the two streams."""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.render.blocks import View


class Form(StrEnum):
    """Output formats; asked for, never guessed."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    tsv = "tsv"
    md = "md"
    value = "value"


FormOption = Annotated[
    Form,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="table (if not said), json, jsonl, csv, tsv, md, value.",
        show_default=False,
    ),
]
GlossaryOption = Annotated[
    Path | None,
    typer.Option(
        "--glossary",
        metavar="PATH",
        envvar="CSTOOL_GLOSSARY",
        help="A YAML file or folder laid over the shipped glossary.",
    ),
]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colour on a terminal (also NO_COLOR).")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Nothing on stderr but errors.")]
RawOption = Annotated[bool, typer.Option("--raw", help="csv and tsv: leave cells that begin with = + - @ as they are.")]


class Output(NamedTuple):
    """Where an answer goes: data to stdout, narration to stderr."""

    form: Form
    no_color: bool = False
    quiet: bool = False
    raw: bool = False
    plot: bool = True

    def show(self, view: "View") -> None:
        from cstool.render.formats import rendered

        form: Literal["table", "json", "jsonl", "csv", "tsv", "md", "value"] = self.form.value
        terminal = sys.stdout.isatty()
        color = terminal and not self.no_color and not os.environ.get("NO_COLOR")
        if form not in ("table", "md"):
            _in_utf_8()
        text = rendered(view, form, terminal=terminal, color=color, raw=self.raw, plot=self.plot)
        if terminal:
            from cstool.cli.pager import paged

            if paged(text):
                return
        sys.stdout.write(text)

    def document(self, document: Mapping[str, Any]) -> None:
        """What is JSON already."""
        from cstool.render.json import json_text

        _in_utf_8()
        sys.stdout.write(json_text(document))

    def say(self, *lines: str) -> None:
        """Narration: what was guessed, skipped or left open."""
        if not self.quiet:
            tell(*lines)


def _in_utf_8() -> None:
    """What programs read is UTF-8, whatever the locale; bytes of an argument that are not stay visible."""
    if not sys.stdout.isatty() and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def tell(*lines: str, escaped: bool = True) -> None:
    """Lines on stderr in which nothing from the data can act on the terminal; there they are broken between words.

    With `escaped` off the lines are safe already. Where stderr cannot be written, the answer and the exit code count.
    """
    from cstool.render.escapes import visible

    width = _terminal_width() if sys.stderr.isatty() else 0
    for line in map(visible, lines) if escaped else lines:
        _on_stderr((_wrapped(line, width) if escaped and 0 < width < len(line) else line) + "\n")


def _wrapped(line: str, width: int) -> str:
    """A line broken between words; a command that fits a line of its own is left in one piece, to be copied."""
    import re
    import textwrap

    joined = re.sub(
        r"`[^`]+`|\bcstool [^`;]+?(?=;|: | \(|$)",
        lambda found: found[0].replace(" ", "\0") if len(found[0]) < width - 2 else found[0],
        line,
    )
    filled = textwrap.fill(joined, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return filled.replace("\0", " ")


def _on_stderr(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:  # a full disk, or a closed log: nothing more can be written there, not even at the end
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _terminal_width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        return 0


def pairs(option: str, texts: list[str] | None, shape: str) -> dict[str, str]:
    """NAME=VALUE options by name, each name once."""
    given: dict[str, str] = {}
    for pair in texts or ():
        name, separator, value = pair.partition("=")
        if not separator or not name.strip() or not value.strip():
            raise UsageError(f"{option} takes {shape}, not '{pair}'")
        if name.strip() in given:
            raise UsageError(f"{option} {name.strip()} stands twice")
        given[name.strip()] = value.strip()
    return given
