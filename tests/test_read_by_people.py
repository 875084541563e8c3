"""What a person reads of a result: windows in headings, durations, benchmarks, explanations, the pager."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal

import pytest

from cstool.render.table import _folded
from cstool.render.units import ON_DUTY, shown
from cstool.samples import sample_csv
from tests.conftest import ENVIRONMENT, Run

Write = Callable[..., str]


@pytest.fixture
def ledger(write: Write) -> str:
    return write("ledger.csv", "".join(sample_csv("ledger", 20, 3)))


@pytest.mark.parametrize("form", ["table", "md"])
def test_a_heading_carries_its_window_where_the_name_does_not_say_it(cstool: Run, ledger: str, form: str) -> None:
    head = cstool("calc", "nrr,logo-churn,mrr,yoy", ledger, "-f", form).out.splitlines()[0].replace("\\", "")
    assert "nrr (12m)" in head
    assert "logo_churn (1m)" in head
    assert "mrr (" not in head
    assert "yoy (" not in head


@pytest.mark.parametrize("form", ["json", "csv", "tsv", "jsonl"])
def test_the_keys_of_machine_formats_carry_none(cstool: Run, ledger: str, form: str) -> None:
    assert "(12m)" not in cstool("calc", "nrr", ledger, "-f", form).out


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ("0.5", "0.5 min"),
        ("9", "9 min"),
        ("45", "45 min"),
        ("59.6", "1 h"),
        ("433", "7 h 13 min"),
        ("4881", "3.4 days"),
    ],
)
def test_durations_read_as_people_say_them(minutes: str, said: str) -> None:
    assert shown(Decimal(minutes), "minutes") == said


def test_hours_on_duty_are_not_brought_to_days() -> None:
    assert shown(Decimal(4881), ON_DUTY) == "81 h 21 min"


def test_a_benchmark_stands_only_beside_a_value_over_the_same_length_of_time(
    cstool: Run, ledger: str, write: Write
) -> None:
    assert "nrr: benchmarks" in cstool("calc", "nrr", ledger, "--benchmark").out
    half = cstool("calc", "nrr", ledger, "--benchmark", "--window", "6m")
    unknown = cstool("calc", "nrr", write("s.csv", "account,starting_mrr,ending_mrr\nA,1,2\n"), "--benchmark")
    a_year = cstool("calc", "logo-churn", ledger, "--benchmark", "--annualise")
    for ran in (half, unknown, a_year):
        assert ": benchmarks" not in ran.out
        assert "no benchmark shown" in ran.err


def test_an_explanation_names_file_columns_window_and_who_was_there_at_the_start(cstool: Run, ledger: str) -> None:
    out = cstool("calc", "nrr", ledger, "--explain").out
    for fact in ("read as ledger", "account, month, mrr", "12 months", "customers with MRR"):
        assert fact in out


def test_an_explanation_of_a_table_has_no_empty_headings(cstool: Run, ledger: str) -> None:
    out = cstool("calc", "recurring-revenue-forecast", ledger, "--explain", "--ahead", "2").out
    assert "lower end of the range" in out
    assert "2026-11\n\n" not in out


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_an_explanation_names_no_column_twice(cstool: Run, ledger: str, form: str) -> None:
    header = cstool("calc", "contraction", ledger, "--explain", "-f", form).out.splitlines()[0].replace("\\", "")
    names = header.replace("\t", ",").split(",")
    assert len(names) == len(set(names))


def test_a_group_named_total_is_not_mixed_up_with_the_row_of_all_groups(cstool: Run, write: Write) -> None:
    file = write("a.csv", "account,segment,starting_mrr,ending_mrr\nA,total,1,2\nB,x,1,1\n")
    ran = cstool("calc", "nrr", file, "--by", "segment", "--total")
    assert (ran.code, ran.out) == (2, "")
    assert "'total'" in ran.err


def test_a_cell_of_tsv_has_no_quotes_and_keeps_a_row_on_its_line(cstool: Run, write: Write) -> None:
    file = write("a.csv", 'account,segment,starting_mrr,ending_mrr\nA,"say ""hi""\tor\nbye",1,2\n')
    out = cstool("calc", "nrr", file, "--by", "segment", "-f", "tsv").out
    assert out.splitlines()[1] == 'say "hi"\\tor\\nbye\t2'


def test_a_heading_breaks_between_words_only() -> None:
    assert _folded("first_response_time_mean", 7).split("\n") == ["first", "response", "time", "mean"]
    assert _folded("freemium_conversion", 7).split("\n") == ["freemium", "conversion"]


def paged(*words: str, lines: int = 10, pager: str = "sed s/^/PAGED:/") -> str:
    """What stands on a terminal of so many lines."""
    ours, theirs = pty.openpty()
    environment = {**ENVIRONMENT, "PAGER": pager, "LINES": str(lines), "COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "cstool", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        printed = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            printed += piece
        os.close(ours)
        assert process.wait(timeout=60) == 0
    return printed.decode()


def test_what_is_longer_than_the_screen_goes_through_the_pager_of_the_user() -> None:
    assert "PAGED:" in paged("lookup", "nrr")
    assert "PAGED:" not in paged("lookup", "nrr", "--no-pager")
    assert "PAGED:" not in paged("lookup", "nrr", lines=500)
    assert "Net Revenue Retention" in paged("lookup", "nrr", pager="no-such-pager")


def test_a_blank_line_of_a_list_of_queries_has_its_object_too(cstool: Run) -> None:
    ran = cstool("lookup", "-", "-f", "jsonl", stdin="nrr\n\ngrr\n")
    assert ran.code == 0
    assert [json.loads(line)["query"] for line in ran.out.splitlines()] == ["nrr", "", "grr"]
