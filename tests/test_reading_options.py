"""calc, diff --data and columns read a file with the same options."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields

import pytest

from cstool.compute.read_options import ReadOptions
from cstool.options import written
from tests.conftest import Run

OPTIONS = [written(field.name) for field in fields(ReadOptions)]


def offered(help_text: str) -> set[str]:
    return set(re.findall(r"--[a-z-]+", help_text))


@pytest.mark.parametrize("command", ["calc", "diff", "columns"])
def test_every_command_that_reads_a_file_offers_every_option_for_reading_it(cstool: Run, command: str) -> None:
    assert set(OPTIONS) <= offered(cstool(command, "--help").out)


EUROPEAN = "Kunde;Umsatz Januar;Umsatz Februar\nA;1.000,5;800\nB;500;\n"
READ = ["--delimiter", ";", "--decimal", ",", "--blank", "zero", "--map", "account=Kunde"]
READ += ["--map", "starting_mrr=Umsatz Januar", "--map", "ending_mrr=Umsatz Februar", "--shape", "snapshot"]


def test_a_difference_is_computed_on_a_file_that_only_options_make_readable(
    cstool: Run, write: Callable[..., str]
) -> None:
    file = write("a.csv", EUROPEAN)
    computed = cstool("calc", "nrr", file, *READ, "-f", "json").json[0]["nrr"]
    compared = cstool("diff", "nrr", "grr", "--data", file, *READ, "-f", "json").json["data"]["rows"][0]
    assert compared["nrr"] == computed == pytest.approx(800 / 1500.5)


def test_columns_takes_the_input_type_that_is_named(cstool: Run, write: Callable[..., str]) -> None:
    file = write("a.csv", EUROPEAN)
    assert cstool("columns", file, *READ, "-f", "json").json["shape"] == "snapshot"
    ledger = cstool("sample", "ledger").out
    named = cstool("columns", write("l.csv", ledger), "--shape", "snapshot", "-f", "json").json
    assert named["shape"] is None


def test_an_option_for_reading_is_refused_where_nothing_is_read(cstool: Run) -> None:
    ran = cstool("diff", "nrr", "grr", "--blank", "zero")
    assert (ran.code, ran.out) == (2, "")
    assert "--blank goes with --data" in ran.err


def test_rejects_without_a_name_are_refused(cstool: Run, write: Callable[..., str]) -> None:
    ran = cstool("calc", "nrr", write("a.csv", "account,starting_mrr,ending_mrr\nA,1,1\n"), "--rejects", "")
    assert (ran.code, ran.out) == (2, "")
    assert "--rejects" in ran.err
