"""Names of files: what is asked for is what is read, whatever stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstool.engines.duck import DuckDB, quoted
from tests.conftest import Run

NAMES = ["a1", "a[1]", "a?", "a*", "a{1,2}", "a[!1]", "a[[1]", "b\\c", "x%20y z", "it's"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_name_that_would_be_a_pattern_of_its_neighbours_is_a_name(kind: str, tmp_path: Path, cstool: Run) -> None:
    engine = DuckDB()
    for number, name in enumerate(NAMES):
        path = tmp_path / f"{name}.{kind}"
        path.write_text(f"account,starting_mrr,ending_mrr\nA,10,{number}\n")
        if kind == "parquet":
            path.rename(tmp_path / "rows")
            engine.run(f"copy (from read_csv('{tmp_path}/rows')) to {quoted(str(path))} (format parquet)")
    engine.close()
    for number, name in enumerate(NAMES):
        ran = cstool("calc", "mrr", str(tmp_path / f"{name}.{kind}"), "-f", "value")
        assert (ran.code, ran.out) == (0, f"{number}\n"), f"{name}: {ran.err}"
