"""`cstool terms`, `cstool lookup --random`, and the commands' summaries in the root help."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

GARDEN = """\
- id: apple
  term: apple
  category: fruit
  definition: round fruit of a tree
  sources: [own]
- id: zucchini
  term: Zucchini
  acronyms: [ZUC]
  category: vegetable
  definition: long green vegetable
  sources: [cook]
- id: eclair
  term: Éclair
  category: cake
  definition: pastry filled with cream
  variants:
    - label: long
      text: at least ten centimetres
      sources: [cook]
  sources: [own]
- id: four-o-clock
  term: 4 o'clock tea
  category: cake
  definition: =HYPERLINK is no tea
  sources: [own]
  metric:
    name: tea
    of: revenue
    formula: ending
    unit: count
    better: higher
    example: {ending: 3, value: 3}
- id: old-apple
  term: Apple of old
  category: relics
  definition: apple that nobody sells any more
  sources: [own]
  retired: apple
"""
SOURCES = """\
- id: cook
  title: The Cook
  kind: book
- id: own
  title: Own words
  kind: own
"""


@pytest.fixture
def garden(write: Callable[..., str]) -> str:
    """A whole glossary of a few entries, in no order."""
    write("garden/sources.yaml", SOURCES)
    return str(Path(write("garden/terms/garden.yaml", GARDEN)).parents[1])


def names(cstool: Run, *args: str) -> list[str]:
    ran = cstool("terms", "-f", "value", *args)
    assert ran.code == 0, ran.err
    return ran.out.splitlines()


def test_every_entry_in_use_is_listed_once_by_name_whatever_its_capitals(cstool: Run, garden: str) -> None:
    assert names(cstool, "--glossary", garden) == ["4 o'clock tea", "apple", "Zucchini", "Éclair"]


def test_a_person_sees_one_entry_a_line_with_acronyms_and_category(cstool: Run, garden: str) -> None:
    lines = cstool("terms", "--glossary", garden).out.splitlines()
    assert [line.split() for line in lines] == [
        ["term", "acronyms", "category"],
        ["4", "o'clock", "tea", "cake"],
        ["apple", "fruit"],
        ["Zucchini", "ZUC", "vegetable"],
        ["Éclair", "cake"],
    ]


def test_metrics_lists_what_can_be_computed_under_the_name_calc_knows(cstool: Run, garden: str) -> None:
    lines = cstool("terms", "--metrics", "--glossary", garden).out.splitlines()
    assert [line.split() for line in lines] == [
        ["term", "acronyms", "category", "metric"],
        ["4", "o'clock", "tea", "cake", "tea"],
    ]


def test_a_program_gets_every_field_and_null_where_nothing_can_be_computed(cstool: Run, garden: str) -> None:
    records = cstool("terms", "-f", "json", "--glossary", garden).json
    assert records[2] == {
        "id": "zucchini",
        "term": "Zucchini",
        "acronyms": ["ZUC"],
        "category": "vegetable",
        "metric": None,
        "definition": "long green vegetable",
    }
    assert [record["metric"] for record in records] == ["tea", None, None, None]


def test_a_spreadsheet_gets_no_formula_unless_raw_is_asked_for(cstool: Run, garden: str) -> None:
    def definitions(*args: str) -> list[str]:
        out = cstool("terms", "-f", "csv", "--glossary", garden, *args).out
        return [row["definition"] for row in csv.DictReader(io.StringIO(out))]

    assert definitions()[0] == "'=HYPERLINK is no tea"
    assert definitions("--raw")[0] == "=HYPERLINK is no tea"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--category", "cake"], ["4 o'clock tea", "Éclair"]),
        (["--category", "CAKE"], ["4 o'clock tea", "Éclair"]),
        (["--source", "cook"], ["Zucchini", "Éclair"]),
        (["--letter", "a"], ["apple"]),
        (["--letter", "Z"], ["Zucchini"]),
        (["--letter", "e"], ["Éclair"]),
        (["--letter", "é"], ["Éclair"]),
        (["--letter", "#"], ["4 o'clock tea"]),
        (["--source", "cook", "--category", "cake"], ["Éclair"]),
    ],
)
def test_only_what_fits_everything_asked_for_is_listed(
    cstool: Run, garden: str, asked: list[str], found: list[str]
) -> None:
    assert names(cstool, "--glossary", garden, *asked) == found


@pytest.mark.parametrize(
    ("asked", "there"),
    [(["--category", "nuts"], "cake, fruit, vegetable"), (["--source", "nobody"], "cook, own")],
)
def test_a_category_or_source_that_does_not_exist_is_refused_with_those_that_do(
    cstool: Run, garden: str, asked: list[str], there: str
) -> None:
    ran = cstool("terms", "--glossary", garden, *asked)
    assert (ran.code, ran.out) == (2, "")
    assert asked[1] in ran.err
    assert there in ran.err


@pytest.mark.parametrize("letter", ["ab", "", "5", "-"])
def test_a_letter_is_one_letter(cstool: Run, garden: str, letter: str) -> None:
    ran = cstool("terms", "--glossary", garden, f"--letter={letter}")
    assert (ran.code, ran.out) == (2, "")
    assert "--letter" in ran.err


def test_where_nothing_fits_stdout_is_empty_and_the_exit_code_1(cstool: Run, garden: str) -> None:
    for form, out in (("table", ""), ("csv", ""), ("value", ""), ("jsonl", ""), ("json", "[]\n")):
        ran = cstool("terms", "--letter", "q", "-f", form, "--glossary", garden)
        assert (ran.code, ran.out) == (1, out)
        assert "no entry" in ran.err


def test_the_shipped_terms_can_be_listed_by_each_category_and_together_are_all(cstool: Run) -> None:
    whole = cstool("terms", "-f", "json").json
    retention = cstool("terms", "-f", "json", "--category", "retention").json
    assert retention == [record for record in whole if record["category"] == "retention"]
    assert len({record["id"] for record in whole}) == len(whole) > 400


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_reader_that_leaves_after_one_line_is_no_error(form: str) -> None:
    command = [sys.executable, "-m", "cstool", "terms", "-f", form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read()
    assert said == b""
    assert running.returncode in (0, 141)


def test_a_random_entry_is_a_whole_entry_of_the_category(cstool: Run, garden: str) -> None:
    ran = cstool("lookup", "--random", "--category", "vegetable", "-f", "json", "--glossary", garden)
    assert ran.code == 0
    assert [match["id"] for match in ran.json["matches"]] == ["zucchini"]
    assert ran.json["matches"][0]["definition"] == "long green vegetable"


def test_random_entries_differ(cstool: Run) -> None:
    # Five draws from more than 400 entries are all the same once in 25 thousand million runs.
    drawn = {cstool("lookup", "--random", "-f", "value").out for _ in range(5)}
    assert len(drawn) > 1


@pytest.mark.parametrize("args", [["--random", "nrr"], ["--random", "-"], ["--category", "retention", "nrr"]])
def test_random_and_words_do_not_go_together(cstool: Run, args: list[str]) -> None:
    ran = cstool("lookup", *args)
    assert (ran.code, ran.out) == (2, "")
    assert "--random" in ran.err


def test_the_root_help_says_each_commands_summary_in_full(cstool: Run) -> None:
    help_ = cstool("--help", env={"COLUMNS": "80"}).out
    below = help_.split("\nGlossary:")[1].split("Exit codes")[0].splitlines()
    listed = [line for line in below if line.startswith("  ") and line.strip()]
    assert [line.split()[0] for line in listed][:4] == ["lookup", "diff", "search", "terms"]
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []
