"""Runs of the command in a process of their own that needs no start-up: a server with everything imported forks them.

A run is what `python -m cstool` is: its argv, its streams, its folder, its exit code. What a start imports, what the
environment changes and what signals do is tried on real starts.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

_LONGEST_REQUEST = 1 << 20
_HEAVY = "spark"  # in the names of modules that Java stands behind


class Forks:
    """The server, started with an environment at its first run."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._server = subprocess.Popen(
                [sys.executable, __file__, str(other.fileno())], pass_fds=[other.fileno()], env=environment
            )

    def run(self, args: Sequence[str], stdin: bytes, cwd: Path | None, timeout: float) -> tuple[int, bytes, bytes]:
        """Exit code (negative for a signal), stdout and stderr. Raises TimeoutError."""
        pipes = [os.pipe() for _ in range(3)]
        theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
        request = json.dumps({"args": list(args), "cwd": str(cwd or Path.cwd())}).encode()
        socket.send_fds(self._socket, [request], theirs)
        for fd in theirs:
            os.close(fd)
        read: dict[int, bytes] = {}
        threads = [threading.Thread(target=_drain, args=(pipes[i][0], i, read)) for i in (1, 2)]
        threads.append(threading.Thread(target=_feed, args=(pipes[0][1], stdin)))
        for thread in threads:
            thread.start()
        self._socket.settimeout(timeout)
        answer = self._socket.recv(100)
        for thread in threads:
            thread.join(timeout)
        if not answer:
            raise RuntimeError("the server of forks is gone")
        return int(answer), read[1], read[2]

    def close(self) -> None:
        self._socket.close()
        self._server.wait(10)


def _drain(fd: int, i: int, into: dict[int, bytes]) -> None:
    with open(fd, "rb") as stream:
        into[i] = stream.read()


def _feed(fd: int, text: bytes) -> None:
    with contextlib.suppress(BrokenPipeError), open(fd, "wb") as stream:
        stream.write(text)


def _serve(requests: socket.socket) -> None:
    _import_all()
    gc.freeze()  # a collection in a fork need not look at, and so copy, what was imported before
    while True:
        request, fds, _, _ = socket.recv_fds(requests, _LONGEST_REQUEST, 3)
        if not request:
            return
        child = os.fork()
        if not child:
            _become(requests, json.loads(request), fds)
        for fd in fds:
            os.close(fd)
        _, status = os.waitpid(child, 0)
        requests.send(str(os.waitstatus_to_exitcode(status)).encode())


def _import_all() -> None:
    import cstool

    for module in pkgutil.walk_packages(cstool.__path__, "cstool."):
        if _HEAVY not in module.name and module.name != "cstool.__main__":
            with contextlib.suppress(ImportError):  # of an extra
                importlib.import_module(module.name)
    import duckdb  # noqa: F401


def _become(requests: socket.socket, request: dict[str, Any], fds: Sequence[int]) -> NoReturn:
    """Runs the command in place of the server, and ends as Python does."""
    requests.close()
    for target, fd in enumerate(fds):
        os.dup2(fd, target)
        os.close(fd)
    sys.stdin, sys.stdout, sys.stderr = _reopened(sys.stdin, 0), _reopened(sys.stdout, 1), _reopened(sys.stderr, 2)
    os.chdir(request["cwd"])
    sys.argv = ["cstool", *request["args"]]
    code: object = 0
    try:
        runpy.run_module("cstool", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    # As Python ends, but for taking all modules of the server apart, which takes longer than most commands.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else bool(code))


def _reopened(stream: TextIO, fd: int) -> TextIO:
    """A standard stream as Python opens it at a start."""
    return open(
        fd, "w" if fd else "r", encoding=stream.encoding, errors=stream.errors, buffering=1 if fd == 2 else -1,
        closefd=False,
    )  # fmt: skip


if __name__ == "__main__":
    if sys.path[0] == str(Path(__file__).parent):
        sys.path.pop(0)  # the tests are no part of what is tested
    with socket.socket(fileno=int(sys.argv[1])) as own:
        _serve(own)
