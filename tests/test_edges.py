"""At its edges the command stays quiet and tidy: signals, streams that fail, endless numbers, faults of its own."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENT, ROOT, Run

Write = Callable[..., str]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices of POSIX")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
COMMAND = [sys.executable, "-m", "cstool"]


def run(*args: str, program: str = "", **streams: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a real start; with `program` some Python before the command begins."""
    words = [sys.executable, "-c", f"{program}\nfrom cstool.cli import main\nmain()"] if program else COMMAND
    outputs = {"env": ENVIRONMENT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    done = subprocess.run([*words, *args], cwd=ROOT, text=True, timeout=60, check=False, **outputs)  # type: ignore[call-overload]
    return done.returncode, done.stdout or "", done.stderr or ""


def until_it_listens(pid: int) -> None:
    """Waits until a process catches SIGTERM: before, it is Python's own start that a signal meets."""
    bit = 1 << (signal.SIGTERM - 1)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        if int(status.partition("SigCgt:")[2].split()[0], 16) & bit:
            return
        time.sleep(0.002)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize("seed", range(6))
def test_a_signal_at_any_moment_ends_it_quietly_and_leaves_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    sent = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    with subprocess.Popen(
        [*COMMAND, "calc", "nrr,grr", "examples/ledger.csv", "--every", "month"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**ENVIRONMENT, "TMPDIR": str(tmp_path)},
    ) as running:
        until_it_listens(running.pid)
        time.sleep(chance.random() * 0.5)
        for _ in range(chance.choice([1, 2])):
            running.send_signal(sent)
            time.sleep(0.003)
        _, err = running.communicate(timeout=30)
    assert running.returncode in (0, 130), err  # 0 where it was done before
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_reader_that_waits_does_not_hold_up_an_interrupt(sent: signal.Signals) -> None:
    words = [*COMMAND, "glossary", "export", "--to", "json"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as running:
        assert running.stdout
        assert running.stderr
        os.read(running.stdout.fileno(), 1)  # it writes, and the pipe is full
        time.sleep(0.2)
        running.send_signal(sent)
        assert running.wait(timeout=30) == 130
        assert running.stderr.read() == b""


@posix
def test_what_is_started_with_nohup_outlives_its_terminal() -> None:
    program = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "import cstool.cli, os\n"
        "cstool.cli._settle_streams(); os.kill(os.getpid(), signal.SIGHUP)\n"
    )
    code, out, _ = run("lookup", "nrr", "-f", "value", program=program)
    assert (code, out != "") == (0, True)


@posix
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize(("args", "code"), [(["lookup", "nrr"], 0), (["nosuchcommand"], 2)])
def test_a_signal_while_python_ends_changes_nothing(sent: str, args: list[str], code: int) -> None:
    program = f"import atexit, os, signal; atexit.register(lambda: os.kill(os.getpid(), signal.{sent}))"
    ran = run(*args, program=program)
    assert (ran[0], "Traceback" in ran[2]) == (code, False)


def test_nothing_slow_is_imported_before_interrupts_are_handled() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import cstool.__main__; print('typing' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@FULL
@pytest.mark.parametrize(
    ("args", "code", "out"),
    [
        (["calc", "nrr", "examples/ledger.csv", "-f", "value"], 0, "0.9223922114047288\n"),
        (["calc", "nrr", "nosuch.csv"], 3, ""),
        (["nosuchcommand"], 2, ""),
        (["nosuchcommand", "-f", "json"], 2, ""),
    ],
)
def test_a_log_that_cannot_be_written_changes_neither_the_number_nor_the_exit_code(
    args: list[str], code: int, out: str
) -> None:
    with Path("/dev/full").open("w") as full:
        ran = run(*args, stderr=full)
    assert ran[:2] == (code, out)


@FULL
def test_an_output_that_cannot_be_written_is_an_error() -> None:
    with Path("/dev/full").open("w") as full:
        code, _, err = run("lookup", "nrr", stdout=full)
        assert (code, err) == (3, "cstool: cannot write: No space left on device\n")
        assert run("lookup", "nrr", stdout=full, stderr=full)[0] == 3


def test_an_error_of_the_system_names_the_file_also_as_json(cstool: Run) -> None:
    long = "x" * 300
    ran = cstool("calc", "nrr", long, "-f", "json")
    assert (ran.code, ran.out) == (3, "")
    assert long in json.loads(ran.err)["error"]


@FULL
def test_a_file_of_rejects_that_cannot_be_written_is_said_without_the_words_of_the_database(
    cstool: Run, write: Write
) -> None:
    bad = write("bad.csv", "account,starting_mrr,ending_mrr\na,x,50\nb,100,100\n")
    for target, why in (("/dev/full", "No space left on device"), ("/", "is a folder")):
        ran = cstool("calc", "nrr", bad, "--skip-bad", "--skip-limit", "60%", "--rejects", target)
        assert (ran.code, ran.err) == (3, f"cstool: --rejects {target}: cannot be written: {why}\n")


@pytest.mark.parametrize(
    "fault",
    [
        "cstool.api.Book.calc = wrong",
        "import cstool.compute.run; cstool.compute.run.wanted = wrong",
        "import cstool.ingest.source.table; cstool.ingest.source.table.open_table = wrong",
        "import cstool.backends.duck; cstool.backends.duck.DuckDB.run = wrong",
        "import cstool.render.formats; cstool.render.formats.rendered = wrong",
    ],
)
@pytest.mark.parametrize("error", ["ZeroDivisionError('x')", "RecursionError()", "BaseException('panic')"])
def test_a_fault_of_its_own_is_one_line_to_report(fault: str, error: str) -> None:
    program = f"import cstool.api, cstool.cli\ndef wrong(*args, **options): raise {error}\n{fault}"
    code, out, err = run("calc", "nrr", "examples/accounts.csv", program=program)
    first, second = err.splitlines()
    assert (code, out) == (3, "")
    assert first.startswith(f"cstool: unexpected error: {error.partition('(')[0]} in ")
    assert second.startswith("this is a fault of cstool ")
    assert "please report" in second


def test_a_signal_that_a_library_turns_into_its_own_error_is_still_an_interrupt() -> None:
    program = """
import os, signal, cstool.api, cstool.cli
def interrupted(*args, **options):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except KeyboardInterrupt:
        raise ImportError("initialisation failed")
cstool.api.Book.calc = interrupted
"""
    assert run("calc", "nrr", "examples/accounts.csv", program=program) == (130, "", "")


@posix
def test_two_signals_at_once_leave_no_folder_and_no_word(tmp_path: Path) -> None:
    program = f"""
import os, pathlib, signal, cstool.api, cstool.cli, cstool.scratch
def interrupted(*args, **options):
    (pathlib.Path({str(tmp_path)!r}) / cstool.scratch.new_folder_name()).mkdir()
    both = (signal.SIGINT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, both)
    [os.kill(os.getpid(), one) for one in both]
    signal.pthread_sigmask(signal.SIG_UNBLOCK, both)
cstool.api.Book.calc = interrupted
"""
    environment = {**ENVIRONMENT, "TMPDIR": str(tmp_path)}
    assert run("calc", "nrr", "examples/accounts.csv", program=program, env=environment) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["calc", "mrr", "--set", "ending=1e400"],
        ["calc", "mrr", "--set", "ending=1e1000000"],
        [
            "calc",
            "nrr",
            "--set",
            "starting=1e309",
            "--set",
            "expansion=0",
            "--set",
            "contraction=0",
            "--set",
            "churned=0",
        ],
        ["calc", "nrr", "examples/accounts.csv", "--fail-under", "1e999999"],
    ],
)
def test_a_number_without_end_is_a_wrong_command_line(words: list[str], cstool: Run) -> None:
    ran = cstool(*words, cwd=ROOT)
    assert (ran.code, ran.out) == (2, "")
    assert "has too many digits to compute with" in ran.err


@pytest.mark.parametrize(
    ("key", "value"), [("starting: 1000", "starting: 1e9999"), ("12 months", f"{'9' * 5000} months")]
)
def test_a_number_without_end_in_a_glossary_is_named_by_its_line(
    key: str, value: str, cstool: Run, write: Write
) -> None:
    entry = """\
- id: zz
  term: Zz
  category: retention
  definition: a metric that is planted here for its numbers alone
  sources: [own]
  metric:
    name: zz
    of: revenue
    formula: starting
    unit: currency
    better: higher
    window: 12 months
    example: {starting: 1000, value: 1000}
"""
    glossary = write("ours.yaml", entry.replace(key, value))
    ran = cstool("lookup", "zz", "--glossary", glossary)
    assert (ran.code, ran.out) == (3, "")
    assert f"{glossary}:1{2 if 'months' in key else 3}: 'metric." in ran.err
    assert len(ran.err) < 1000


def test_an_argument_that_is_no_text_is_shown_escaped() -> None:
    code, out, _ = run("lookup", os.fsdecode(b"n\xffrr"), "-f", "json")
    assert (code, json.loads(out)["query"]) == (0, "n\udcffrr")
    assert run("calc", "nrr", "examples/accounts.csv", "--encoding", os.fsdecode(b"\xff"))[0] == 2
