"""Shared fixtures: the real command, run as users run it."""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.forking import Forks

ROOT = Path(__file__).parent.parent

# A shell that starts the tests in the background lets them ignore Ctrl-C, and what they start would, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The tests leave nothing in the cache of whoever runs them, and are not helped by what stands there.
_CACHE = tempfile.TemporaryDirectory(prefix="cstool-tests-")
os.environ["XDG_CACHE_HOME"] = _CACHE.name

# Of a test with more cases, the quick run tries this many, evenly spread; `-m slow` tries the others.
_QUICK_CASES = 2
_WHOLE_SUITE = 1000  # tests: whoever runs less has chosen what to run

# What would change the command's answers, should whoever runs the tests have set it.
_OUTSIDE = ["CSTOOL_GLOSSARY", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "PY_COLORS", "COLUMNS"]
_OUTSIDE += ["PYTHONIOENCODING", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in _OUTSIDE}
ENVIRONMENT["CSTOOL_PROJECT"] = ""  # none, whatever stands above the folder that the tests run in

# The smallest entry there can be.
TERM = """\
- id: zebra-call
  term: Zebra Call
  category: own
  definition: talk that a team holds on Mondays to look at odd accounts
  sources: [own]
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks most cases of long tables as slow where the whole suite is run."""
    if len(items) < _WHOLE_SUITE:
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for own in cases.values():
        quick = {round(i * (len(own) - 1) / (_QUICK_CASES - 1)) for i in range(_QUICK_CASES)}
        for i, item in enumerate(own):
            if len(own) > _QUICK_CASES and i not in quick:
                item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Ran:
    """What a run of the command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@functools.cache
def _forks() -> Forks:
    forks = Forks(ENVIRONMENT)
    atexit.register(forks.close)
    return forks


def run_cstool(
    *args: str, stdin: str | bytes = b"", cwd: Path | None = None, env: Mapping[str, str | None] | None = None
) -> Ran:
    """Runs `python -m cstool` with its streams in pipes; started afresh where it gets an environment of its own.

    A variable that `env` gives as None is not set.
    """
    text = stdin.encode() if isinstance(stdin, str) else stdin
    if env is None and hasattr(os, "fork"):
        code, out, err = _forks().run(args, text, cwd, timeout=120)
        return Ran(code, out.decode("utf-8"), err.decode("utf-8"))
    done = subprocess.run(
        [sys.executable, "-m", "cstool", *args],
        input=text,
        capture_output=True,
        cwd=cwd,
        env={name: value for name, value in {**ENVIRONMENT, **(env or {})}.items() if value is not None},
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


@pytest.fixture
def cstool() -> Run:
    return run_cstool


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes a file into a temporary folder and gives its path back."""

    def write_(name: str, text: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write_
