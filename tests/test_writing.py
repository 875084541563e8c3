"""-o FILE: the answer in a file, in the format that its name says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Run

CASES = [
    (["match", "l.csv", "c.csv"], "aliases.csv", "alias,account,name,score,why\n"),
    (["calc", "mrr", "l.csv"], "mrr.json", "[\n  {"),
    (["columns", "l.csv"], "columns.md", ""),
    (["lookup", "nrr"], "nrr.jsonl", '{"query": "nrr"'),
    (["calc", "nrr", "--sql", "duckdb", "--table", "t"], "nrr.sql", "-- nrr"),
]


@pytest.mark.parametrize(("args", "name", "start"), CASES, ids=[name for _, name, _ in CASES])
def test_an_answer_is_written_to_a_file_in_the_format_of_its_name(
    args: list[str], name: str, start: str, cstool: Run, tmp_path: Path
) -> None:
    (tmp_path / "l.csv").write_text("account,month,mrr\nAcme Ltd,2026-01,1\nB,2026-01,2\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text("account,tier\nAcme,gold\nB,tin\n", encoding="utf-8")
    (tmp_path / name).write_text("before", encoding="utf-8")
    ran = cstool(*args, "-o", name, cwd=tmp_path)
    assert (ran.code, ran.out) == (0, ""), ran.err
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert text.lower().startswith(start)
    assert ran.err.splitlines()[-1] == f"wrote {name}" or "next" in ran.err or "then: " in ran.err
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted({"l.csv", "c.csv", name})


def test_the_format_asked_for_counts_before_the_name(cstool: Run, tmp_path: Path) -> None:
    ran = cstool("search", "churn", "-f", "json", "--output", "terms.csv", "--quiet", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert json.loads((tmp_path / "terms.csv").read_text(encoding="utf-8"))
    table = cstool("search", "churn", "-f", "table", "-o", "t.csv", cwd=tmp_path)
    assert table.code == 0
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == cstool("search", "churn", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("terms.doc", 2, "its name says no format"), ("terms", 2, "-f csv"), ("no/terms.csv", 3, "cannot be written")],
)
def test_a_file_that_cannot_be_written_is_refused(name: str, code: int, said: str, cstool: Run, tmp_path: Path) -> None:
    ran = cstool("search", "churn", "-o", name, cwd=tmp_path)
    assert (ran.code, ran.out, said in ran.err) == (code, "", True)


@pytest.mark.skipif(os.name == "nt", reason="links and modes are of POSIX")
def test_a_link_and_the_rights_of_a_file_stay(cstool: Run, tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("before", encoding="utf-8")
    (tmp_path / "real.csv").chmod(0o640)
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert cstool("search", "churn", "-o", "link.csv", cwd=tmp_path).code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o640
    assert "churn" in (tmp_path / "real.csv").read_text(encoding="utf-8").lower()
