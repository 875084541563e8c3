"""Values beside those of an earlier period: `--compare previous|year-ago`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest

from cstool.errors import InputError, UndatedError, UndefinedError, UsageError
from cstool.model.periods import CALENDAR, Against, FiscalYear, earlier
from cstool.model.results import Value
from cstool.samples import sample_csv
from tests.conftest import Run
from tests.metrics.companies import month_text
from tests.metrics.computing import calc, table

FIRST = 2024 * 12
AGAINST: tuple[Against, ...] = ("previous", "year-ago")
MONTHS = 26  # up to 2026-02
LEDGER = table(
    "account,segment,month,mrr",
    [
        (account, segment, month_text(FIRST + i), 100 + 7 * number + (i * (number + 3)) % 40)
        for i in range(MONTHS)
        for number, (account, segment) in enumerate([("A", "big"), ("B", "big"), ("C", "small"), ("D", "small")])
        if not (account == "B" and i > 20) and not (account == "D" and i < 5)
    ],
)


@pytest.mark.parametrize(
    ("period", "previous", "year_ago"),
    [
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026", "2025", "2025"),
        ("2024-02-29", "2024-01-31", "2023-02-28"),
        ("2024-03-30", "2024-02-29", "2023-03-30"),
        ("2026-10-15", "2026-09-15", "2025-10-15"),
    ],
)
def test_the_earlier_period_is_one_or_twelve_months_back(period: str, previous: str, year_ago: str) -> None:
    assert earlier(period, "previous") == previous
    assert earlier(period, "year-ago") == year_ago


@pytest.mark.parametrize(
    "as_of", [pytest.param("2026-01", marks=pytest.mark.slow), "2025-Q4", pytest.param("2025", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("against", ["previous", "year-ago"])
def test_before_is_what_the_period_gives_alone(as_of: str, against: Literal["previous", "year-ago"]) -> None:
    options: dict[str, Any]
    names, options = ("logo-churn", "mrr", "quick-ratio"), {"by": "segment", "total": True}
    now = calc(LEDGER, *names, as_of=as_of, compare=against, **options)
    try:
        alone = {row["segment"]: row for row in calc(LEDGER, *names, as_of=earlier(as_of, against), **options).rows}
    except UndefinedError:
        alone = {}
    for row in now.rows:
        for key in ("logo_churn", "mrr", "quick_ratio"):
            before = alone.get(row["segment"], {}).get(key)
            assert row[f"{key}_before"] == before
            assert row[f"{key}_change"] == (
                None if None in (before, row[key]) else pytest.approx(float(row[key] or 0) - float(before or 0))
            )


def test_a_series_has_the_rows_before_beside() -> None:
    rows = calc(LEDGER, "mrr", every="month", compare="year-ago").rows
    assert [row["mrr_before"] for row in rows] == [None] * 12 + [row["mrr"] for row in rows[:-12]]


def test_what_the_file_does_not_reach_is_named_in_one_line() -> None:
    result = calc(LEDGER, "nrr", "mrr", compare="year-ago", as_of="2025-06")
    assert (result.rows[0]["nrr_before"], result.rows[0]["mrr_before"] is None) == (None, False)
    assert [note for note in result.notes if "nothing to compare" in note] == [
        "nrr: nothing to compare with in 2024-06: 12 months before 2024-06 the file had not begun (2024-01)"
    ]


def test_a_group_that_is_gone_keeps_its_row() -> None:
    text = table("opened_at,team", [("2026-01-05", "a"), ("2026-01-06", "b"), ("2026-02-03", "a")])
    rows = calc(text, "ticket-volume", by="team", compare="previous", shape="tickets", total=True).rows
    assert [(row["team"], row["ticket_volume"], row["ticket_volume_before"]) for row in rows] == [
        ("a", 1, 1),
        ("b", None, 1),
        ("total", 1, 2),
    ]


def test_each_of_several_families_has_its_earlier_values(cstool: Run, tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text(LEDGER)
    goals = "objective,key_result,start,target,current,date,account\nGrow,users,0,10,5,2026-02-01,A\n"
    (tmp_path / "goals.csv").write_text(goals)
    files = [str(tmp_path / name) for name in ("ledger.csv", "goals.csv")]
    row = cstool("calc", "mrr,okr-progress", *files, "--as-of", "2026-02", "--compare", "previous", "-f", "json").json[
        0
    ]
    assert list(row)[1:] == [f"{key}{end}" for key in ("mrr", "okr_progress") for end in ("", "_before", "_change")]
    assert (row["mrr_before"] is None, row["okr_progress_before"]) == (False, None)


def test_a_file_without_dates_is_refused_among_others(cstool: Run, tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text(LEDGER)
    (tmp_path / "seats.csv").write_text("account,seats_purchased,seats_used\nA,10,5\n")
    files = [str(tmp_path / name) for name in ("ledger.csv", "seats.csv")]
    ran = cstool("calc", "mrr,utilization", *files, "--compare", "previous")
    assert (ran.code, "seats.csv: --compare needs a column of months" in ran.err) == (2, True)


def test_periods_of_which_the_file_holds_a_part_are_named() -> None:
    text = table("ticket,opened_at", [(i, f"2026-{i:02d}-05") for i in range(2, 9)])
    notes = calc(text, "ticket-volume", as_of="2026-Q2", compare="previous").notes
    assert "2026-Q1 is in the file from 2026-02 on" in " ".join(notes)
    assert "2026-08 is in the file up to 2026-08-05" in " ".join(calc(text, "ticket-volume", compare="previous").notes)


@pytest.mark.parametrize("options", [{"accounts": True}, {"metric": "mrr-movements"}, {"given": {"starting": 1}}])
def test_tables_accounts_and_given_values_have_no_earlier_period(options: dict[str, Any]) -> None:
    metric = options.pop("metric", "nrr")
    with pytest.raises(UsageError, match="--compare"):
        calc(None if "given" in options else LEDGER, metric, compare="previous", **options)


def test_a_file_without_dates_is_refused() -> None:
    with pytest.raises(UndatedError, match="--compare needs a column"):
        calc(table("account,starting_mrr,ending_mrr", [("A", 1, 2)]), "nrr", compare="previous")


def test_points_in_tables_and_fractions_in_json_from_a_pipe(cstool: Run) -> None:
    shown = cstool("calc", "logo-churn,mrr", "-", "--as-of", "2025-10", "--compare", "previous", stdin=LEDGER)
    assert "+25.0 pts" in shown.out
    asked = ("calc", "logo-churn", "-", "--as-of", "2025-10", "--compare", "previous", "-f", "json")
    assert json.loads(cstool(*asked, stdin=LEDGER).out)[0]["logo_churn_change"] == 0.25


# What each sample gives, against the same question asked of the earlier period alone.
QUESTIONS = [
    ("ledger", "nrr,grr,logo-churn,mrr,arpa,quick-ratio,new-mrr", "segment"),
    ("subscriptions", "nrr,revenue-churn,mrr", "segment"),
    ("movements", "net-new-mrr,quick-ratio", ""),
    ("tickets", "ticket-volume,first-response-time,fcr", "Group"),
    ("renewals", "renewal-rate,on-time-renewal-rate", "segment"),
    ("events", "wau,product-consumption", ""),
    ("users", "activation-rate,time-to-first-value", "channel"),
    ("deals", "win-rate,sales-cycle", "segment"),
    ("spend", "cac,burn-rate", ""),
]
CALENDARS = [(CALENDAR, ["2026-09", "2026-Q3", "2026", "2026-09-17", "2026-W36"])]
CALENDARS += [(FiscalYear(2), ["FY2027-Q1", "FY2026"]), (FiscalYear(7, "start"), ["FY2026-Q1", "FY2025"])]


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "names", "group"), QUESTIONS)
@pytest.mark.parametrize(("year", "periods"), CALENDARS)
def test_every_before_is_what_calc_gives_for_that_period_alone(
    shape: str, names: str, group: str, year: FiscalYear, periods: list[str]
) -> None:
    text = "".join(sample_csv(shape))
    header = text.partition("\n")[0].split(",")
    for as_of, against in product(periods, AGAINST):
        for by in ((), (group,)) if group in header else ((),):
            given = {"features_offered": 12} if "consumption" in names else {}
            options: dict[str, Any] = {"year": year, "shape": shape, "by": by, "total": bool(by), "given": given}
            try:
                now = calc(text, *names.split(","), as_of=as_of, compare=against, **options)
            except InputError:
                continue
            for row in now.rows:
                _holds(row, [row[key] for key in by], _alone(text, names, earlier(as_of, against), options))


def _alone(text: str, names: str, as_of: str, options: dict[str, Any]) -> dict[tuple[Value, ...], Mapping[str, Value]]:
    try:
        rows = calc(text, *names.split(","), as_of=as_of, **options).rows
    except InputError:
        return {}
    return {tuple(row[key] for key in options["by"]): row for row in rows}


def _holds(row: Mapping[str, Value], group: list[Value], alone: dict[tuple[Value, ...], Mapping[str, Value]]) -> None:
    for key in [key.removesuffix("_before") for key in row if key.endswith("_before")]:
        before = alone.get(tuple(group), {}).get(key)
        assert row[f"{key}_before"] == before
        change = row[f"{key}_change"]
        if None in (row[key], before):
            assert change is None
        else:
            assert float(str(change)) == pytest.approx(float(str(row[key])) - float(str(before)))
