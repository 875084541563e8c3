"""At most eight lines stand before an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstool.cli.notes import shortened
from tests.conftest import Run

ALL = "--explain lists all"


def test_up_to_eight_notes_are_shown_as_they_are() -> None:
    notes = [f"cause {i} of its own in this file" for i in range(8)]
    assert shortened([*notes, notes[0]], ALL) == notes


def test_notes_of_one_cause_are_one_line_where_there_would_be_more_than_eight() -> None:
    alike = [f"a.csv: {i + 2} blank cells of C{i} counted as 0" for i in range(9)]
    assert shortened([*alike, "another"], ALL) == [f"{alike[0]} (and 8 more like this; {ALL})", "another"]


def test_past_seven_causes_a_line_says_how_many_more_there_are() -> None:
    notes = [f"note{i} " + " ".join(f"word{i}{j}" for j in range(9)) for i in range(12)]
    assert shortened(notes, ALL) == [*notes[:7], "... and 5 more notes; --explain lists all"]


GROUPS = "account,segment,plan,region,starting_mrr,ending_mrr\n" + "".join(
    f"{i}{case},{segment}{i},{plan}{i},{region}{i},10,10\n"
    for i in range(5)
    for case, segment, plan, region in (("a", "Seg", "Plan", "North"), ("b", "seg", "plan", "north"))
)


@pytest.mark.parametrize(("options", "most"), [([], 8), (["--explain"], 99)])
def test_the_command_shows_eight_lines_and_all_with_explain(
    options: list[str], most: int, cstool: Run, tmp_path: Path
) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(GROUPS)
    done = cstool("calc", "nrr", str(path), "--by", "segment", "--by", "plan", "--by", "region", *options, "-f", "json")
    lines = done.err.splitlines()
    assert done.code == 0
    assert len(lines) <= most
    assert any("counted as different groups" in line for line in lines)
    assert bool(options) == (len(lines) > 8)


@pytest.mark.parametrize("option", [["--cents"], ["--interval", "year"], ["--end-inclusive"]])
def test_columns_refuses_options_about_amounts_and_ends(option: list[str], cstool: Run, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(GROUPS)
    done = cstool("columns", str(path), *option)
    assert done.code == 2
    assert f"{option[0]} has no use with columns" in done.err
