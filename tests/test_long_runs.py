"""Computations that take long: bounded, shown, stopped, and leaving nothing behind."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cstool.cli import progress
from tests.conftest import ENVIRONMENT, Run

MANY = 300_000


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "ledger.csv"
    rows = (f"acct_{i // 12:07d},2026-{i % 12 + 1:02d},{i % 9973}.{i % 90 + 10}\n" for i in range(MANY))
    path.write_text("account,month,mrr\n" + "".join(rows), encoding="utf-8")
    return path


def test_with_less_memory_it_spills_to_the_same_digits_and_cleans_up(ledger: Path, tmp_path: Path, cstool: Run) -> None:
    words = ("calc", "nrr,arpa", str(ledger), "--window", "11m", "-f", "json")
    free = cstool(*words)
    assert free.code == 0, free.err
    spilled = tmp_path / "temporary"
    spilled.mkdir()
    bounded = cstool(*words, "--memory-limit", "90MB", "--threads", "1", env={**ENVIRONMENT, "TMPDIR": str(spilled)})
    assert (bounded.code, bounded.out) == (0, free.out)
    assert list(spilled.iterdir()) == []


def test_too_little_memory_is_told(ledger: Path, cstool: Run) -> None:
    ran = cstool("calc", "nrr", str(ledger), "--memory-limit", "5MB")
    assert ran.code == 3
    assert "needs more memory than 5MB" in ran.err
    assert "--memory-limit 4GB" in ran.err


@pytest.mark.parametrize("size", ["5", "much", "5XB", "-1MB", "1GB'; drop"])
def test_a_size_that_is_none_is_a_wrong_command_line(size: str, ledger: Path, cstool: Run) -> None:
    ran = cstool("calc", "nrr", str(ledger), f"--memory-limit={size}")
    assert ran.code == 2
    assert "is a size like 600MB or 4GB" in ran.err


@pytest.mark.parametrize("limit", [["--threads", "99999999999999999999"], ["--memory-limit", "99999999999TB"]])
def test_more_than_there_can_be_is_a_wrong_command_line(limit: list[str], ledger: Path, cstool: Run) -> None:
    ran = cstool("calc", "nrr", str(ledger), *limit)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("cstool: ")
    assert limit[0] in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing(sent: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cstool", "calc", "nrr", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**ENVIRONMENT, "TMPDIR": str(tmp_path)},
    ) as running:
        until = time.monotonic() + 30
        while not list(tmp_path.glob("cstool-*/*")) and time.monotonic() < until:
            time.sleep(0.01)  # it has begun to keep what comes in
        os.kill(running.pid, sent)
        _, told = running.communicate(timeout=30)
    assert running.returncode == 130, told
    assert b"Traceback" not in told
    assert list(tmp_path.iterdir()) == []


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_after_a_while_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Half:
        def progress(self) -> float:
            return 50.0

    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "_STEP", 0.01)
    monkeypatch.setattr("cstool.backends.duck.running", Half)
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    with progress.progress(quiet=False):
        until = time.monotonic() + 10
        while "50%" not in screen.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    assert f"[{'#' * 15}{'.' * 15}]  50%" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K")


def test_that_spark_starts_is_said_at_once_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_STEP", 0.01)
    monkeypatch.setattr("cstool.backends.spark.session.starting", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    begun = time.monotonic()
    with progress.progress(quiet=False, spark=True):
        while "starting Spark ..." not in screen.getvalue() and time.monotonic() < begun + 10:
            time.sleep(0.01)
    assert screen.getvalue().startswith("\rstarting Spark ...")
    assert screen.getvalue().endswith("\r\x1b[K")
    assert time.monotonic() < begun + progress.PATIENCE


@pytest.mark.parametrize(("terminal", "quiet"), [(True, True), (False, False)])
def test_no_bar_where_nobody_looks(terminal: bool, quiet: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", screen := Screen() if terminal else io.StringIO())
    with progress.progress(quiet=quiet):
        time.sleep(0.05)
    assert screen.getvalue() == ""
