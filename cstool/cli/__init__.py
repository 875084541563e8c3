"""argv in, exit code out. The only room that knows Typer; one module a command."""

import atexit
import io
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
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

INTERRUPTED = 130

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
    try:
        code = _ended()
        _ignore_signals()  # the rest is Python's own end, which a signal would fill with a traceback
    except KeyboardInterrupt:
        code = _interrupted()
    if code == INTERRUPTED:
        # Python itself would end by SIGINT where the signal came while some text was evaluated.
        atexit._run_exitfuncs()
        os._exit(code)
    sys.exit(code)


def _ended() -> int:
    """The exit code of a run whose output is written."""
    try:
        _settle_streams()
        code = _run()
        sys.stdout.flush()
    except OSError as error:
        code = _os_error(error)
    return code


def _settle_streams() -> None:
    """Any stream may be closed, leave early or hold any bytes, and none of that is an error of ours."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, _leave)
    for number in _stopping():
        if signal.getsignal(number) is not signal.SIG_IGN:  # what is started with nohup ignores them
            signal.signal(number, _stop)
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="backslashreplace")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stopping() -> list[signal.Signals]:
    """The signals that end a run: Ctrl-C, a polite kill, and a terminal that closes."""
    return [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _leave(*_: object) -> None:
    """Ends where the reader of our output left. Of any other pipe or socket, as of Spark's, its writer is told."""
    import select

    output = select.poll()
    for stream in (1, 2):
        output.register(stream, 0)
    if any(state & (select.POLLERR | select.POLLHUP) for _, state in output.poll(0)):
        os._exit(141)


_stopped = False  # whether a signal has asked the run to end


def _stop(*_: object) -> None:
    """Ends the run, which removes temporary files; a second signal would only disturb that."""
    global _stopped
    _stopped = True
    _answer_signals(_nothing)
    raise KeyboardInterrupt


def _nothing(*_: object) -> None:
    pass


def _ignore_signals() -> None:
    """From here on no signal does anything. One that came just before is spent first, or Python would print of it."""
    _answer_signals(_nothing)
    _answer_signals(signal.SIG_IGN)


def _answer_signals(answer: Callable[..., None] | signal.Handlers) -> None:
    for number in _stopping():
        signal.signal(number, answer)


def _interrupted() -> int:
    """Leaves nothing behind, and waits for no reader of the output."""
    _ignore_signals()
    _forget_output()
    if "cstool.scratch" in sys.modules:
        from cstool.scratch import remove_all

        remove_all()
    return INTERRUPTED


def _run() -> int:
    words = sys.argv[1:]
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    try:
        _refuse_a_shell(words)
        code = _command(words)
    except typer.Abort:
        return _interrupted()
    except typer.TyperException as error:
        return _misused(error)
    except UsageError as error:
        return _failed(error, 2)
    except InputError as error:
        return _failed(error, 3)
    except (KeyboardInterrupt, SystemExit):
        raise
    except OSError as error:
        return _os_error(error)
    except BaseException as error:  # a panic of a compiled library is no Exception
        return _unexpected(error)
    return code if isinstance(code, int) else 0


def _command(words: Sequence[str]) -> object:
    """Runs the command. What a signal interrupts, as an import, may raise an error of its own; Typer gives a code."""
    try:
        code: object = typer.main.get_command(app).main(words, prog_name="cstool", standalone_mode=False)
    except BaseException:
        if _stopped:
            raise KeyboardInterrupt from None
        raise
    if _stopped:
        raise KeyboardInterrupt
    return code


def _refuse_a_shell(words: Sequence[str]) -> None:
    """Raises UsageError where completion is asked for a shell by name: Typer ignores it where it detects the shell."""
    detects = "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION" not in os.environ
    if detects and len(words) > 1 and words[0] in ("--install-completion", "--show-completion"):
        raise UsageError(
            f"{words[0]} takes no name; it is for the shell that runs it",
            hint=f"run `cstool {words[0]}` in that shell",
            code="wrong-command-line",
        )


def _misused(error: Exception) -> int:
    """A wrong command line in a line or two; no command at all gets the help."""
    message = str(getattr(error, "format_message", lambda: str(error))())
    if type(error).__name__ == "NoArgsIsHelpError":
        tell(message, escaped=False)
        return 2
    message = " ".join(message.split())
    path = getattr(getattr(error, "ctx", None), "command_path", "cstool")
    hint = f"`{path} --help` lists what there is"
    unknown = re.fullmatch("No such command '(.+)'\\.", message)
    if unknown and path == "cstool":
        import shlex

        hint = f"if it is a term: cstool lookup {shlex.quote(unknown[1])}; {hint}"
    return _failed(UsageError(message, hint, code="wrong-command-line"), 2)


def _failed(error: CstoolError, code: int) -> int:
    if _asked_for_json(sys.argv[1:]):
        from cstool.render.json import json_line

        tell(json_line(error.document()).rstrip("\n"), escaped=False)
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


def _os_error(error: OSError) -> int:
    """A file, the output or the disk failed in a way that nothing else has explained."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is not None:
        return _failed(InputError(f"{os.fsdecode(error.filename)}: {reason}", code="file-unreadable"), 3)
    _forget_output()
    return _failed(InputError(f"cannot write: {reason}", code="cannot-write"), 3)


def _unexpected(error: BaseException) -> int:
    """A fault of the program itself: one line that says where, so that it can be reported, and no traceback."""
    trace, where = error.__traceback__, "?"
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if f"{os.sep}cstool{os.sep}" in file:
            where = f"{file.rpartition(f'{os.sep}cstool{os.sep}')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    found = f"{type(error).__name__} in {where}"
    report = InputError(
        f"unexpected error: {found}",
        hint=f"this is a fault of cstool {__version__}: please report this line, the command and, if you can, the file",
        code="unexpected-error",
    )
    return _failed(report, 3)


def _forget_output() -> None:
    """What Python would still write on stdout goes nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
