"""Lengths of time in columns of tickets: with units, as a clock writes them, or refused with what settles them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cstool.errors import CstoolError
from tests.metrics.computing import calc, rows

HEAD = "Ticket ID,Created,"


def asked(header: str, cells: list[str], **options: Any) -> float:
    """The median minutes of a column of first response times."""
    lines = "".join(f'{i},2026-02-0{i % 9 + 1} 09:00:00,"{cell}"\n' for i, cell in enumerate(cells))
    return float(
        str(rows(calc(f"{HEAD}{header}\n{lines}", "first-response-time", **options), "first_response_time")[0][0])
    )


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("2h 15m", 135),
        ("1 day 3 hrs", 27 * 60),
        ("1 day, 2 hours and 5 minutes", 26 * 60 + 5),
        ("45 min", 45),
        ("90 secs", 1.5),
        ("2d 4h", 52 * 60),
        ("1.5 hrs", 90),
        ("26:10:30", 26 * 60 + 10.5),
        ("00:30:00", 30),
        ("1 day, 02:00:00", 26 * 60),
        ("1.02:00:00", 26 * 60),
        ("-", None),
    ],
)
@pytest.mark.parametrize("header", ["First Response Time", "Time to first reply"])
def test_a_length_of_time_is_read_with_its_units(header: str, cell: str, minutes: float | None) -> None:
    assert asked(header, ["3h", "3h", cell] if minutes is None else [cell]) == (180 if minutes is None else minutes)


@pytest.mark.parametrize(
    ("header", "cells", "minutes"),
    [
        ("First response time (in hrs)", ["0.5", "2"], 75),
        ("First response time (in hrs)", ["00:30:00", "02:00:00"], 75),
        ("First response time (in hrs)", ["0:30", "2:00"], 75),
        ("First reply time in minutes", ["2:30", "3:30"], 3),
        ("Time to first response (seconds)", ["120", "180"], 2.5),
        ("First Response Time", ["2:30", "1:02:30"], 32.5),
    ],
)
def test_a_header_or_the_column_says_the_unit(header: str, cells: list[str], minutes: float) -> None:
    assert asked(header, cells) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        pytest.param(["12", "30"], {"minutes": 21, "hours": 21 * 60, "in_seconds": 0.35}, id="numbers without a unit"),
        pytest.param(["2:30", "3:30"], {"hours": 180, "minutes": 3}, id="hours and minutes, or minutes and seconds"),
    ],
)
def test_what_is_open_is_refused_and_each_option_settles_it(cells: list[str], found: dict[str, float]) -> None:
    with pytest.raises(CstoolError) as refused:
        asked("First Response Time", cells)
    units = re.findall(r"first_response_(\w+)", refused.value.hint)
    assert {
        unit: asked("First Response Time", cells, mapping={f"first_response_{unit}": "First Response Time"})
        for unit in units
    } == pytest.approx(found)


def test_what_is_left_until_a_target_is_no_time_taken() -> None:
    with pytest.raises(CstoolError) as refused:
        asked("First Response Time", ["3h 30m", "-1h 15m", "2h"])
    assert "less than no time" in refused.value.message
    assert "--skip-bad" not in refused.value.hint


def test_a_moment_under_the_same_header_is_one() -> None:
    assert asked("First Response Time", ["2026-02-01 09:30:00"]) == 30
