"""Errors for programs: with json asked for, one line of JSON on stderr says what is wrong and where."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from cstool.backends.unsupported import UnsupportedError
from cstool.errors import Code, InputError, UndefinedError, UsageError
from cstool.ingest.checks.duplicates import DuplicateRowsError
from tests.conftest import ROOT, Run

MADE = ("CstoolError", "InputError", "UndefinedError", "UsageError")

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
    assert list(told) == ["error", "code", "hint", "problems"]
    assert told["error"]
    assert told["problems"] == []


def test_people_get_plain_lines(cstool: Run) -> None:
    assert cstool("calc", "nrx", "-f", "csv").err.startswith("cstool: ")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["calc", "nrx"], "unknown-metric"),
        (["calc", "nrr", "no-such.csv"], "file-not-found"),
        (["calc", "nrr", "--no-such-option"], "wrong-command-line"),
        (["calc", "nrr", "spoiled.csv"], "bad-cells"),
        (["calc", "nrr", "twice.csv"], "duplicate-rows"),
        (["calc", "nps", "twice.csv"], "missing-column"),
        (["diff", "nrr"], "missing-argument"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_code_says_what_is_wrong(words: list[str], code: str, tmp_path: Path, cstool: Run) -> None:
    (tmp_path / "spoiled.csv").write_text(SPOILED, encoding="utf-8")
    (tmp_path / "twice.csv").write_text("account,starting_mrr,ending_mrr\nK,1,2\nK,1,3\n", encoding="utf-8")
    assert json.loads(cstool(*words, "-f", "json", cwd=tmp_path).err.splitlines()[-1])["code"] == code


def raised() -> list[tuple[str, str | None]]:
    """Where an error is made, and the code it gets there; None where it is another error's."""
    found: list[tuple[str, str | None]] = []
    for path in sorted((ROOT / "cstool").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE:
                code = next((keyword.value for keyword in node.keywords if keyword.arg == "code"), None)
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                if code is None:
                    found.append((where, ""))
                else:
                    texts = [one.value for one in ast.walk(code) if isinstance(one, ast.Constant)]
                    found += [(where, str(text)) for text in texts] or [(where, None)]
    return found


def test_every_error_has_a_code_of_its_own() -> None:
    assert [where for where, code in raised() if code == ""] == []


def test_the_page_lists_the_codes_that_occur() -> None:
    listed = re.findall(r"^\| `(.+?)` \|", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == sorted(listed)
    assert set(listed) == set(get_args(Code))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in listed)
    defaults = {kind.default for kind in (InputError, UsageError, UndefinedError, DuplicateRowsError, UnsupportedError)}
    assert {code for _, code in raised() if code} | defaults == set(listed)
