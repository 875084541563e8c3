"""What a window compares: its defaults, series, periods, and what is said where the file does not reach."""

from __future__ import annotations

import pytest

from cstool.errors import InputError, UndefinedError, UsageError
from cstool.model.windows import window_months
from tests.conftest import Run
from tests.metrics.companies import BASE, month_text
from tests.metrics.computing import answer, calc, rows, table, value

LEDGER = "account,month,mrr"


def growing(months: int, first: int = BASE) -> str:
    """One account whose MRR is 100 in its first month and one more in each that follows; another leaves in the last."""
    told: list[tuple[str, str, int]] = []
    for i in range(months):
        told.append(("A", month_text(first + i), 100 + i))
        if i < months - 1:
            told.append(("B", month_text(first + i), 50))
    return table(LEDGER, told)


def test_retention_looks_back_twelve_months_and_churn_one() -> None:
    row = answer(growing(14), "nrr", "logo-churn", "mrr", "growth", explain=True)
    assert row["period"] == "2026-02"
    assert row["starting_12m"] == 151
    assert row["starting_1m"] == 162
    assert row["ending"] == 113
    assert row["nrr"] == pytest.approx(113 / 151)
    assert row["logo_churn"] == 0.5


@pytest.mark.parametrize(("metric", "months"), [("mom", 1), ("qoq", 3), ("yoy", 12), ("growth", 1), ("grr", 12)])
def test_each_metric_has_its_own_window(metric: str, months: int) -> None:
    result = calc(growing(14), metric)
    assert f"{metric}: 2026-02 against {month_text(BASE + 13 - months)}" in result.notes


def test_window_sets_another_one_for_all_that_is_asked() -> None:
    row = answer(growing(14), "nrr", "logo-churn", window=3, explain=True)
    assert row["starting"] == 110 + 50
    assert row["logo_churn"] == 0.5


@pytest.mark.parametrize(("text", "months"), [("3m", 3), ("3 months", 3), ("1q", 3), ("2Q", 6), ("1y", 12), ("3", 3)])
def test_a_window_is_written_in_months_quarters_or_years(text: str, months: int) -> None:
    assert window_months(text) == months


@pytest.mark.parametrize("text", ["0m", "soon", "-3m", "1.5y", "12w", ""])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no window"):
        window_months(text)


def test_the_compound_growth_counts_intervals_from_the_first_month_to_the_last() -> None:
    text = table(LEDGER, [("A", "2026-01", 100), ("A", "2026-02", 50), ("A", "2026-03", 121)])
    assert value(text, "cmgr") == pytest.approx(0.1, abs=1e-15)


def test_window_on_the_command_line(cstool: Run) -> None:
    ran = cstool("calc", "growth", "-", "--window", "1q", "-f", "value", stdin=growing(14))
    assert float(ran.out) == (113 - 160) / 160
    assert cstool("calc", "growth", "-", "--window", "soon", stdin=growing(14)).code == 2


@pytest.mark.parametrize(("name", "months"), [("yoy", "12 months"), ("mom", "1 month"), ("ltv", "1 month")])
def test_what_has_its_window_by_name_or_by_its_rates_takes_no_other(name: str, months: str, cstool: Run) -> None:
    ran = cstool("calc", name, "-", "--window", "5m", stdin=growing(14))
    assert (ran.code, ran.out) == (2, "")
    assert f"{name} is over {months}" in ran.err


def test_a_lifetime_in_months_is_that_also_in_a_series_of_quarters() -> None:
    text = table(LEDGER, [(f"A{i}", f"2026-{m:02d}", 10) for i in range(10) for m in range(1, 7) if i + m < 14])
    by_month = {row["period"]: row["customer_lifetime"] for row in calc(text, "customer-lifetime", every="month").rows}
    by_quarter = calc(text, "customer-lifetime", every="quarter").rows[-1]
    assert by_quarter["customer_lifetime"] == by_month["2026-06"]


def test_a_rate_of_an_unknown_window_is_not_brought_to_a_year() -> None:
    with pytest.raises(UsageError, match="how long its window is"):
        calc("account,starting_mrr,ending_mrr\nA,5,0\nB,5,5\n", "logo-churn", annualise=True)


# Series


def test_a_series_by_month_has_a_row_for_every_month_whose_window_is_in_the_file() -> None:
    result = calc(growing(14), "nrr", every="month")
    assert [row["period"] for row in result.rows] == ["2026-01", "2026-02"]
    assert any("from 2026-01 on; before that the window of 12 months is not in the file" in n for n in result.notes)


def test_a_series_by_quarter_counts_what_happened_in_the_whole_quarter() -> None:
    result = calc(growing(9), "growth", "churned-mrr", every="quarter", explain=True)
    assert [row["period"] for row in result.rows] == ["2025-Q2", "2025-Q3"]
    assert [(row["starting"], row["ending"]) for row in result.rows] == [(152, 155), (155, 108)]
    assert [row["churned_mrr"] for row in result.rows] == [0, 50]


def test_a_series_by_year_is_named_by_its_years() -> None:
    result = calc(growing(36), "nrr", "mrr", every="year")
    assert rows(result, "period", "mrr") == [("2025", 161), ("2026", 173), ("2027", 135)]
    assert result.rows[0]["nrr"] is None


def test_a_quarter_that_has_not_ended_is_left_out() -> None:
    assert [row["period"] for row in calc(growing(8), "mrr", every="quarter").rows] == ["2025-Q1", "2025-Q2"]


def test_a_file_in_which_no_quarter_ends_is_refused() -> None:
    with pytest.raises(InputError, match="no whole quarter") as refused:
        calc(growing(2), "mrr", every="quarter")
    assert "--every month" in refused.value.hint


# As of


@pytest.mark.parametrize(
    ("as_of", "mrr"), [("2025-12", 161), ("2025-11", 160), ("2025-Q4", 161), ("2025-q2", 155), ("2025", 161)]
)
def test_as_of_is_a_month_a_quarter_or_a_year(as_of: str, mrr: int) -> None:
    row = answer(growing(14), "mrr", as_of=as_of)
    assert row == {"period": as_of.upper(), "mrr": mrr}


def test_as_of_ends_a_series() -> None:
    result = calc(growing(14), "mrr", every="quarter", as_of="2025-Q3")
    assert [row["period"] for row in result.rows] == ["2025-Q1", "2025-Q2", "2025-Q3"]


@pytest.mark.parametrize("as_of", ["2024-12", "2026-03", "2026-Q1", "2027"])
def test_as_of_outside_the_file_is_refused_naming_what_it_holds(as_of: str) -> None:
    with pytest.raises(InputError, match="the file holds 2025-01 to 2026-02"):
        calc(growing(14), "mrr", as_of=as_of)


@pytest.mark.parametrize("as_of", ["2026-13", "26-01", "9999-12", "0000-01", "last month", "2026-Q5"])
def test_what_is_no_period_is_refused(as_of: str) -> None:
    with pytest.raises(UsageError, match="is no period"):
        calc(growing(14), "mrr", as_of=as_of)


@pytest.mark.parametrize("as_of", ["Feb 2026", "02/2026", "2026M02", "202602", "2026-02-15", "2026-W06", "15.02.2026"])
def test_a_period_is_understood_as_people_write_it(as_of: str) -> None:
    assert rows(calc(growing(14), "mrr", as_of=as_of)) == rows(calc(growing(14), "mrr", as_of="2026-02"))


@pytest.mark.parametrize("as_of", ["2025-Q4", "2025q4", "Q4 2025", "2025 Q4", "4Q25", "q4/2025", "Q4-2025", "Q4'25"])
def test_a_quarter_is_understood_as_people_write_it(as_of: str) -> None:
    assert rows(calc(growing(14), "new-mrr", as_of=as_of)) == rows(calc(growing(14), "new-mrr", as_of="2025-Q4"))


def test_a_day_whose_month_is_not_certain_is_refused() -> None:
    with pytest.raises(UsageError, match="the day or the month first"):
        calc(growing(14), "mrr", as_of="1/2/2026")


def test_a_window_before_the_file_is_undefined_and_says_so() -> None:
    with pytest.raises(UndefinedError, match="the file starts at 2025-01") as refused:
        calc(growing(5), "nrr")
    assert "--window" in refused.value.hint


def test_what_is_defined_is_told_beside_what_is_not() -> None:
    result = calc(growing(5), "nrr", "logo-churn")
    assert result.rows[0]["nrr"] is None
    assert result.rows[0]["logo_churn"] == 0.5
    assert any("nrr: undefined" in note and "2025-01" in note for note in result.notes)


# Snapshots have the window of their rows

SNAPSHOT = table("account,starting_mrr,ending_mrr", [("A", 1000, 1200), ("B", 500, 400), ("C", 200, 0), ("D", 0, 300)])


def test_a_snapshot_has_no_period_and_takes_no_window() -> None:
    assert answer(SNAPSHOT, "nrr", "logo-churn") == {"nrr": 1600 / 1700, "logo_churn": 1 / 3}
    with pytest.raises(UsageError, match="each row has its own window"):
        calc(SNAPSHOT, "nrr", window=3)


@pytest.mark.parametrize("options", [{"every": "month"}, {"as_of": "2026-01"}])
def test_a_snapshot_without_periods_has_no_series(options: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="need a column of months or periods"):
        calc(SNAPSHOT, "nrr", **options)


PERIODS = table(
    "account,quarter,starting_mrr,ending_mrr",
    [("A", "2026-Q1", 100, 150), ("B", "2026-Q1", 50, 0), ("A", "2026-Q2", 150, 120), ("C", "2026-Q2", 0, 10)],
)


def test_a_snapshot_of_several_periods_gives_the_last_one_and_says_so() -> None:
    result = calc(PERIODS, "nrr", "mrr")
    assert rows(result) == [("2026-Q2", 0.8, 130)]
    assert any("2026-Q2 is the last of 2 periods" in note for note in result.notes)


def test_a_snapshot_of_several_periods_gives_each_by_name_or_all_as_a_series() -> None:
    assert answer(PERIODS, "nrr", as_of="2026-Q1") == {"period": "2026-Q1", "nrr": 1}
    assert rows(calc(PERIODS, "nrr", every="quarter")) == [("2026-Q1", 1), ("2026-Q2", 0.8)]


def test_a_snapshots_periods_are_of_one_kind_and_asked_for_as_they_are() -> None:
    with pytest.raises(UsageError, match="ask for --every quarter"):
        calc(PERIODS, "nrr", every="month")
    with pytest.raises(InputError, match="no rows for --as-of 2026-Q3"):
        calc(PERIODS, "nrr", as_of="2026-Q3")
    with pytest.raises(InputError, match="mixes months, quarters and years"):
        calc(PERIODS.replace("2026-Q2", "2026-04"), "nrr")


def test_a_snapshot_with_a_blank_period_is_refused() -> None:
    with pytest.raises(InputError, match="quarter is blank"):
        calc(PERIODS + "D,,5,5\n", "nrr")


def test_a_quarter_that_is_asked_for_is_counted_whole(cstool: Run) -> None:
    """Lost in the first month of the quarter: the last month alone would not show it."""
    rows = [f"2026-{month:02d},a,10" for month in range(1, 7)] + [f"2026-{month:02d},b,10" for month in range(1, 5)]
    ledger = "month,account,mrr\n" + "\n".join(rows[:6] + rows[6:9] + ["2026-04,b,0", "2026-05,b,0", "2026-06,b,0"])
    ran = cstool("calc", "logo-churn", "-", "--as-of", "2026-Q2", "-f", "json", stdin=ledger)
    assert ran.json == [{"period": "2026-Q2", "logo_churn": 0.5}]


def test_a_window_that_a_missing_month_cuts_is_undefined_for_that_reason() -> None:
    ledger = table("account,month,mrr", [("A", "2025-01", 10), ("A", "2025-02", 10), ("A", "2025-04", 10)])
    assert "logo_churn: undefined, the file has no rows for 2025-03" in calc(ledger, "mrr", "logo-churn").notes
    with pytest.raises(UndefinedError, match="the file has no rows for 2025-03"):
        calc(ledger, "mrr", as_of="2025-03")
