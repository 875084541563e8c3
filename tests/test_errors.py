"""Errors for programs: with json asked for, one line of JSON on stderr says what is wrong and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

SPOILED = "account,starting_mrr,ending_mrr\nK1,1,2\nK2,N/A,\x1b[2J\nK3,5\n"


@pytest.mark.parametrize("form", [["-f", "json"], ["--format=jsonl"], ["-fjson"], ["-qf", "json"], ["-qfjson"]])
def test_problems_are_told_by_place(form: list[str], tmp_path: Path, cstool: Run) -> None:
    (tmp_path / "a.csv").write_text(SPOILED, encoding="utf-8")
    ran = cstool("calc", "nrr", "a.csv", *form, cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert "\x1b" not in ran.err
    told = json.loads(ran.err.splitlines()[-1])
    assert told["error"] == told["problems"][0]["message"]
    assert "--skip-bad" in told["hint"]
    assert [{key: one[key] for key in ("file", "line", "row", "column", "value")} for one in told["problems"]] == [
        {"file": "a.csv", "line": 4, "row": 3, "column": None, "value": None},
        {"file": "a.csv", "line": 3, "row": 2, "column": "starting_mrr", "value": "N/A"},
        {"file": "a.csv", "line": 3, "row": 2, "column": "ending_mrr", "value": "\x1b[2J"},
    ]


def test_one_cause_is_one_problem_with_a_count(tmp_path: Path, cstool: Run) -> None:
    rows = "".join(f"K{i},x,1\n" for i in range(9))
    (tmp_path / "a.csv").write_text(f"account,starting_mrr,ending_mrr\nK,1,1\nL,2,2\n{rows}", encoding="utf-8")
    told = json.loads(cstool("calc", "nrr", "a.csv", "-f", "json", cwd=tmp_path).err)
    assert [one.get("line") for one in told["problems"]] == [4]
    assert told["error"].endswith("starting_mrr is 'x', not an amount (9 such cells)")


@pytest.mark.parametrize(
    ("words", "code"),
    [(["calc", "nrx"], 2), (["calc", "nrr", "no-such.csv"], 3), (["calc", "nrr", "--no-such-option"], 2)],
)
def test_every_error_has_that_form(words: list[str], code: int, cstool: Run) -> None:
    ran = cstool(*words, "-f", "json")
    assert ran.code == code
    told = json.loads(ran.err)
    assert told["error"]
    assert told["problems"] == []


def test_people_get_plain_lines(cstool: Run) -> None:
    assert cstool("calc", "nrx", "-f", "csv").err.startswith("cstool: ")
