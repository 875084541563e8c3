"""What is longer than the screen goes through the user's pager."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

import typer

_DEFAULT = "less -FRX"
_off = False


def turn_off(_: typer.Context, __: Any, asked: bool) -> None:
    """The callback of --no-pager."""
    global _off
    _off = asked


def paged(text: str) -> bool:
    """Shows the text in a pager; False where it has to be written as it is.

    That is in a pipe, where it fits the screen, without a keyboard, with --no-pager or an empty PAGER, and where the
    pager cannot be started.
    """
    if _off or not sys.stdout.isatty() or not (sys.stdin.isatty() or sys.stderr.isatty()):
        return False
    if text.count("\n") < shutil.get_terminal_size().lines:
        return False
    import shlex  # only here: most output is not paged

    words = shlex.split(os.environ.get("PAGER", _DEFAULT))
    if not words or not shutil.which(words[0]):
        return False
    sys.stdout.flush()
    with subprocess.Popen(words, stdin=subprocess.PIPE) as pager:
        try:
            assert pager.stdin
            pager.stdin.write(text.encode("utf-8", "backslashreplace"))
            pager.stdin.close()
        except BrokenPipeError:
            pass  # the reader has seen enough
        while True:
            try:
                pager.wait()
                return True
            except KeyboardInterrupt:
                continue  # the pager's own, as in less
