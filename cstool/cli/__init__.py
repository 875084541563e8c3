"""argv in, exit code out. The only room that knows Typer; one module a command."""

import io
import os
import re
import signal
import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from cstool import __version__
from cstool.cli.common import tell
from cstool.cli.group import Commands
from cstool.errors import CstoolError, InputError, UsageError

HELP = """\
Customer-success terms and metrics: look one up, tell two apart, compute it from your own files.

\b
cstool lookup nrr
cstool diff grr nrr
cstool sample ledger | cstool calc nrr - --by segment
"""
EXIT_CODES = """\
Exit codes: 0 done; 1 nothing found, or problems found by a check; 2 wrong command line; 3 the input cannot carry the
answer; 130 interrupted; 141 the reader of the pipe left."""

app = typer.Typer(
    cls=Commands,
    name="cstool",
    help=HELP,
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110},
)


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
    _settle_streams()
    code = _run()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _cannot_write(error)
    sys.exit(code)


def _settle_streams() -> None:
    """Any stream may be closed, leave early or hold any bytes, and none of that is an error of ours."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, _leave)
    for name in ("SIGTERM", "SIGHUP"):  # a terminal that closes ends it too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="backslashreplace")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _leave(*_: object) -> None:
    """Ends where the reader of our output left. Of any other pipe or socket, as of Spark's, its writer is told."""
    import select

    output = select.poll()
    for stream in (1, 2):
        output.register(stream, 0)
    if any(state & (select.POLLERR | select.POLLHUP) for _, state in output.poll(0)):
        os._exit(141)


def _stop(*_: object) -> None:
    """Ends as by Ctrl-C, which takes temporary files away."""
    raise KeyboardInterrupt


def _run() -> int:
    words = sys.argv[1:]
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    try:
        code = typer.main.get_command(app).main(words, prog_name="cstool", standalone_mode=False)
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        return _misused(error)
    except UsageError as error:
        return _failed(error, 2)
    except InputError as error:
        return _failed(error, 3)
    except OSError as error:
        return _cannot_write(error)
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0


def _misused(error: Exception) -> int:
    """A wrong command line in a line or two; no command at all gets the help."""
    message = str(getattr(error, "format_message", lambda: str(error))())
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{message}\n")
        return 2
    message = " ".join(message.split())
    path = getattr(getattr(error, "ctx", None), "command_path", "cstool")
    hint = f"`{path} --help` lists what there is"
    unknown = re.fullmatch("No such command '(.+)'\\.", message)
    if unknown and path == "cstool":
        import shlex

        hint = f"if it is a term: cstool lookup {shlex.quote(unknown[1])}; {hint}"
    return _failed(UsageError(message, hint), 2)


def _failed(error: CstoolError, code: int) -> int:
    if _asked_for_json(sys.argv[1:]):
        from cstool.render.json import json_line

        sys.stderr.write(json_line(error.document()))
        return code
    first, *rest = error.lines()
    tell(f"cstool: {first}", *rest)
    return code


def _asked_for_json(words: Sequence[str]) -> bool:
    """Whether the command line asks for JSON, as far as it can be told of one that may be wrong."""
    form, before = "", ""
    for word in words:
        short = re.fullmatch("-q*f(.*)", word)
        if before == "--format" or re.fullmatch("-q*f", before):
            form = word
        elif word.startswith("--format="):
            form = word.partition("=")[2]
        elif short:
            form = short[1]
        before = word
    return form in ("json", "jsonl")


def _cannot_write(error: OSError) -> int:
    """The output cannot be written (a full disk); what Python would still flush must go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    tell(f"cstool: {error.strerror or error}")
    return 3
