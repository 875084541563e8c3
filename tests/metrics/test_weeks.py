"""ISO weeks of rows with days: series, windows of weeks, the turn of the year, and what has no weeks."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from cstool.errors import InputError, UsageError
from cstool.model.periods import CALENDAR, earlier
from cstool.model.weeks import monday, week_name, week_number
from tests.metrics.computing import answer, calc, rows, table


def tickets(days: list[date]) -> str:
    return table("ticket,opened_at,team", [(i, day, "ab"[i % 2]) for i, day in enumerate(days)])


def iso(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


TURN = tickets([date(2026, 12, 20), date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 4), date(2027, 1, 20)])


@pytest.mark.parametrize("year", [1969, 1970, 2004, 2015, 2020, 2021, 2024, 2026, 2032])
def test_days_around_the_turn_of_a_year_are_in_their_iso_week(year: int) -> None:
    for day in (date(year, 12, 25) + timedelta(days=n) for n in range(14)):
        assert week_name(week_number(day)) == iso(day)
        assert monday(week_number(day)) <= day < monday(week_number(day) + 1)


def test_a_series_counts_from_monday_to_sunday_and_shows_weeks_without_rows() -> None:
    assert rows(calc(TURN, "ticket-volume", every="week"), "period", "ticket_volume") == [
        ("2026-W51", 1),
        ("2026-W52", 0),
        ("2026-W53", 2),
        ("2027-W01", 1),
        ("2027-W02", 0),
        ("2027-W03", 1),
    ]


def test_every_group_has_every_week() -> None:
    result = calc(TURN, "ticket-volume", every="week", by="team")
    assert len(result.rows) == 12
    assert sum(int(str(row["ticket_volume"])) for row in result.rows) == 5


def test_a_window_of_weeks_ends_with_each_week_and_begins_within_the_file() -> None:
    series = calc(TURN, "ticket-volume", every="week", weeks=4)
    assert rows(series, "period", "ticket_volume") == [("2027-W01", 4), ("2027-W02", 3), ("2027-W03", 4)]
    assert answer(TURN, "ticket-volume", weeks=4) == {"period": "2027-W03", "ticket_volume": 4}
    with pytest.raises(InputError, match="does not hold 4 weeks up to 2026-W53"):
        calc(TURN, "ticket-volume", weeks=4, as_of="2026-W53")


def test_a_week_alone_is_its_row_of_the_series() -> None:
    for row in calc(TURN, "ticket-volume", every="week", compare="previous").rows:
        label = str(row["period"])
        if label in ("2026-W52", "2026-W53"):
            assert answer(TURN, "ticket-volume", as_of=label)["ticket_volume"] == row["ticket_volume"]
        if label == "2027-W01":
            before = answer(TURN, "ticket-volume", as_of=earlier(label, "previous"))["ticket_volume"]
            assert row["ticket_volume_before"] == before


@pytest.mark.parametrize(
    ("week", "previous", "year_ago"),
    [
        ("2026-W48", "2026-W47", "2025-W48"),
        ("2027-W01", "2026-W53", "2026-W01"),
        ("2026-W01", "2025-W52", "2025-W01"),
        ("2026-W53", "2026-W52", ""),
    ],
)
def test_the_week_before_and_that_of_the_year_before(week: str, previous: str, year_ago: str) -> None:
    assert earlier(week, "previous") == previous
    assert earlier(week, "year-ago") == year_ago


def test_a_53rd_week_has_none_to_compare_with_in_most_years() -> None:
    result = calc(TURN, "ticket-volume", as_of="2026-W53", compare="year-ago")
    assert (result.rows[0]["ticket_volume"], result.rows[0]["ticket_volume_before"]) == (2, None)
    assert "nothing to compare with: the year before has no week 53" in result.notes


def test_the_last_complete_week_ends_with_a_sunday_that_the_file_reaches() -> None:
    assert CALENDAR.last_complete(date(2027, 1, 3), "week") == "2026-W53"
    assert CALENDAR.last_complete(date(2027, 1, 2), "week") == "2026-W52"


def test_a_week_that_the_file_does_not_reach_the_end_of_is_named() -> None:
    assert any(
        "2027-W03 is in the file up to 2027-01-20" in note for note in calc(TURN, "ticket-volume", weeks=1).notes
    )


@pytest.mark.parametrize("options", [{"every": "week"}, {"weeks": 4}])
@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("account,month,mrr", ("A", "2026-01", 1)),
        ("account,start_date,end_date,mrr", ("A", "2026-01-05", "", 1)),
        ("period,starting_mrr,new_mrr", ("2026-01", 1, 2)),
    ],
)
def test_recurring_revenue_has_no_weeks(header: str, row: tuple[object, ...], options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="a month is the unit of recurring revenue"):
        calc(table(header, [row]), "new-mrr", **options)


def test_what_is_counted_by_the_month_is_refused() -> None:
    text = table("user,timestamp", [("a", "2026-01-05"), ("b", "2026-01-13")])
    with pytest.raises(InputError, match="counted by the month"):
        calc(text, "mau", every="week")
    assert rows(calc(text, "wau", every="week"), "period", "wau") == [("2026-W02", 1), ("2026-W03", 1)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("length", [1, 2, 5])
def test_any_days_fall_into_their_weeks(seed: int, length: int) -> None:
    random = Random(seed)
    first = date(random.choice([1969, 2003, 2019, 2026]), 11, 1)
    days = [first + timedelta(days=random.randrange(500)) for _ in range(60)]
    counted = Counter(week_number(day) for day in days)
    start, last = min(counted), max(counted)
    result = calc(tickets(days), "ticket-volume", every="week", weeks=length, compare="year-ago")
    expected = {
        week_name(week): sum(counted[week - n] for n in range(length)) for week in range(start + length - 1, last + 1)
    }
    assert {row["period"]: row["ticket_volume"] for row in result.rows} == expected
    for row in result.rows:
        assert row["ticket_volume_before"] == expected.get(earlier(str(row["period"]), "year-ago"))
