"""argv in, exit code out. The only room that knows Typer; one module a command."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from cstool import __version__
from cstool.cli import calc, columns, diff, glossary, lookup, metrics, sample, search, terms
from cstool.cli.common import tell
from cstool.errors import CstoolError, InputError, UsageError

EXIT_CODES = """\
Exit codes: 0 done; 1 nothing found, or problems found by a check; 2 wrong command line; 3 the input cannot carry the
answer; 130 interrupted; 141 the reader of the pipe left."""

app = typer.Typer(
    name="cstool",
    help="Customer-success terms and metrics: look one up, tell two apart, compute it from your own files.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110},
)
app.command("lookup")(lookup.lookup)
app.command("diff")(diff.diff)
app.command("search")(search.search)
app.command("terms")(terms.terms)
app.command("calc")(calc.calc)
app.command("metrics")(metrics.metrics)
app.command("columns")(columns.columns)
app.command("sample")(sample.sample)
app.add_typer(glossary.app, name="glossary")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"cstool {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> NoReturn:
    """The `cstool` command: runs, and turns every failure into plain lines and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _reader_left()
    sys.exit(code)


def _run() -> int:
    try:
        code = typer.main.get_command(app).main(prog_name="cstool", standalone_mode=False)
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        tell(f"cstool: {_usage_message(error)}", "`cstool --help` and `cstool COMMAND --help` list what there is")
        return 2
    except UsageError as error:
        return _failed(error, 2)
    except InputError as error:
        return _failed(error, 3)
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0


def _usage_message(error: Exception) -> str:
    message = getattr(error, "format_message", lambda: str(error))()
    return " ".join(str(message).split())


def _failed(error: CstoolError, code: int) -> int:
    first, *rest = error.lines()
    tell(f"cstool: {first}", *rest)
    return code


def _reader_left() -> int:
    """The reader of the pipe has what it wanted; whatever Python still flushes must go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141
