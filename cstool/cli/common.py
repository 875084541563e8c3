"""What every command shares: its common options, and the two streams."""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_args

import typer

from cstool.cli.projects import glossary_of
from cstool.errors import UsageError
from cstool.options import Options, option
from cstool.render.blocks import Format

if TYPE_CHECKING:
    from cstool.render.blocks import View


GlossaryOption = Annotated[
    Path | None,
    typer.Option(
        "--glossary",
        metavar="PATH",
        envvar="CSTOOL_GLOSSARY",
        callback=glossary_of,
        help="A YAML file or folder laid over the shipped glossary.",
    ),
]
# Eager: what the other options say on stderr depends on it.
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", is_eager=True, help="Nothing on stderr but errors.")]
RawOption = Annotated[bool, typer.Option("--raw", help="csv and tsv: leave cells that begin with = + - @ as they are.")]


_form_given = False


def note_form(ctx: typer.Context, form: str) -> str:
    """The callback of --format: notes whether it was given, be it as what it is anyway."""
    global _form_given
    source = ctx.get_parameter_source("form")
    _form_given = source is not None and source.name == "COMMANDLINE"
    return form


@dataclass(frozen=True, kw_only=True)
class Output(Options):
    """How an answer is written: data to stdout, notes to stderr."""

    form: Format = option(
        "table",
        f"table (if not said), {', '.join(get_args(Format)[1:])}.",
        "FORMAT",
        names=("--format", "-f"),
        show_default=False,
        callback=note_form,
    )
    target: Path | None = option(
        None, "Write to a file; its extension says the format where -f does not.", "FILE", names=("--output", "-o")
    )
    raw: bool = option(False, "csv and tsv: leave cells that begin with = + - @ as they are.")
    no_color: bool = option(False, "No colour on a terminal (also NO_COLOR).")
    quiet: bool = option(False, "Nothing on stderr but errors.", names=("--quiet", "-q"), is_eager=True)

    further_formats: ClassVar[Mapping[str, str]] = {}  # by extension, beside those of every command

    def __post_init__(self) -> None:
        """Raises UsageError for a file whose name says no format, where none is given."""
        if self.target is not None and not _form_given:
            from cstool.cli.writing import format_of

            object.__setattr__(self, "form", format_of(self.target, self.further_formats))

    def show(self, view: "View", *, plot: bool = True) -> None:
        """Writes the answer; with `plot`, a terminal gets pictures where there are any."""
        from cstool.render.formats import rendered

        terminal = self.target is None and sys.stdout.isatty()
        color = terminal and not self.no_color and not os.environ.get("NO_COLOR")
        if self.form not in ("table", "md") and self.target is None:
            _in_utf_8()
        text = rendered(view, self.form, terminal=terminal, color=color, raw=self.raw, plot=plot)
        if terminal:
            from cstool.cli.pager import paged

            if paged(text):
                return
        self._write(text)

    def text(self, text: str) -> None:
        """Writes the file of another program as it is: UTF-8, with its own line ends."""
        if self.target is not None:
            self._write(text)
            return
        _in_utf_8()
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(newline="")
        sys.stdout.write(text)

    def document(self, document: Mapping[str, Any]) -> None:
        """Writes what is JSON already."""
        from cstool.render.json import json_text

        if self.target is None:
            _in_utf_8()
        self._write(json_text(document))

    def _write(self, text: str) -> None:
        if self.target is None:
            sys.stdout.write(text)
            return
        from cstool.cli.writing import write_in_one_step

        write_in_one_step(self.target, text)
        self.say(f"wrote {self.target}")

    def say(self, *lines: str) -> None:
        """Notes on stderr: what was guessed, skipped or left open."""
        if not self.quiet:
            tell(*lines)


OUTPUT = Output()


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
            raise UsageError(f"{option} takes {shape}, not '{pair}'", code="bad-value")
        if name.strip() in given:
            raise UsageError(f"{option} {name.strip()} stands twice", code="bad-value")
        given[name.strip()] = value.strip()
    return given
