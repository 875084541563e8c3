"""On a terminal: the characters of a pipe, in colour and wrapped to the width."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable

import pytest

from tests.conftest import ENVIRONMENT, ROOT, Run

Write = Callable[..., str]


def on_terminal(
    *args: str, columns: int = 400, env: dict[str, str] | None = None, stdout: bool = True, code: int = 0
) -> str:
    """What the command prints on a terminal so many columns wide; only what it says there with `stdout` off."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "cstool", *args],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs if stdout else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if stdout else theirs,
        env={**ENVIRONMENT, "TERM": "xterm-256color", **(env or {})},
    ) as process:
        os.close(theirs)
        printed = b"".join(iter(lambda: read(ours), b""))
        os.close(ours)
        assert process.wait(timeout=60) == code
    text = printed.decode("utf-8").replace("\r\n", "\n")
    return re.sub(r"(\r\[[#.]{30}\] +\d+%)+\r\x1b\[K", "", text)  # a progress bar, on a slow machine


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


@pytest.fixture
def accounts(write: Write) -> str:
    return write("a.csv", "account,segment,starting_mrr,ending_mrr\nA,ent,10,5\nB,a [bold] long one,10,9\n")


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {}], ids=["NO_COLOR", "--no-color"])
def test_a_table_has_the_characters_it_has_in_a_pipe(cstool: Run, accounts: str, plain: dict[str, str]) -> None:
    args = ["calc", "nrr,grr", accounts, "--by", "segment"]
    assert on_terminal(*args, *([] if plain else ["--no-color"]), env=plain) == cstool(*args).out


def test_an_entry_has_the_words_it_has_in_a_pipe_wrapped_for_reading(cstool: Run) -> None:
    for args in (["lookup", "nrr"], ["diff", "nrr", "grr"]):
        printed = on_terminal(*args, env={"NO_COLOR": "1"})
        assert "\x1b" not in printed
        assert sorted(printed.split()) == sorted(cstool(*args).out.split())
    assert max(len(line) for line in on_terminal("lookup", "nrr", "--no-color").splitlines()) <= 100


@pytest.mark.parametrize("columns", [40, 80])
def test_a_narrow_terminal_is_kept_to(columns: int) -> None:
    printed = on_terminal("lookup", "nrr", "--no-color", columns=columns)
    assert max(len(line) for line in printed.splitlines()) <= columns
    assert "…" not in printed


def test_notes_and_errors_are_broken_between_words(cstool: Run, write: Write) -> None:
    file = write("wide.csv", "first name,family name,day of birth,place of birth\na,b,c,d\n")
    said = on_terminal("calc", "nrr", file, columns=60, stdout=False, code=3)
    whole = cstool("calc", "nrr", file).err
    assert said.split() == whole.split()
    assert max(len(line) for line in said.splitlines() if file not in line) <= 60 < max(map(len, whole.splitlines()))
    command = on_terminal("calc", "nrr", columns=60, stdout=False, code=2)
    assert " ".join(command.split()) == " ".join(cstool("calc", "nrr").err.split())


def test_colour_is_all_that_a_terminal_adds(cstool: Run, accounts: str) -> None:
    args = ["calc", "nrr,grr", accounts, "--by", "segment"]
    printed = on_terminal(*args)
    assert "\x1b[" in printed
    bare = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    assert [line.rstrip() for line in bare.splitlines()] == cstool(*args).out.splitlines()


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "md", "value"])
def test_what_programs_read_is_the_same_bytes_on_a_terminal(cstool: Run, accounts: str, form: str) -> None:
    args = ["calc", "nrr,grr", accounts, "--by", "segment", "-f", form]
    assert on_terminal(*args) == cstool(*args).out


@pytest.mark.parametrize("every", ["month", "quarter", "year"])
def test_a_triangle_says_what_its_shares_are_of(every: str) -> None:
    printed = on_terminal("calc", "cohort-retention", "examples/ledger.csv", "--every", every, "--no-color")
    assert printed.splitlines()[0] == f"revenue kept, in % of the first {every}"


def test_the_numbers_beside_bars_stand_in_line() -> None:
    printed = on_terminal("calc", "mrr-movements", "examples/ledger.csv", "--no-color", columns=80)
    bars = printed.split("\n\n")[0].splitlines()[1:]
    assert {len(re.match(r"  \S+ +[-+]?[\d,]+", bar)[0]) for bar in bars} == {29}  # type: ignore[index]
