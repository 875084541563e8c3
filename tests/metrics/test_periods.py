"""Which period a file is taken to be about: the one that facts reach, whatever ends lie ahead of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cstool.errors import InputError, UsageError
from tests.metrics.computing import answer, calc, mrr_by_month, rows, table, value

SUBS = "account,start_date,end_date,mrr"
NEVER = ["", "9999-12-31", "2099-12-31", "9999-12-31 23:59:59", "0000-00-00", "0000-00-00 00:00:00", "infinity"]
NEVER += ["active", "Current", "present", "never", "Ongoing", "open", "None", "n/a", "-", "no end date", "still active"]


@pytest.mark.parametrize("end", NEVER)
def test_words_and_days_for_never_are_no_end(end: str) -> None:
    text = table(SUBS, [("A", "2024-01-10", end, 10), ("B", "2024-01-05", "2025-03-15", 7), ("C", "2024-02-01", "", 5)])
    assert answer(text, "nrr", "mrr") == {"period": "2025-03", "nrr": pytest.approx(15 / 22), "mrr": 15}


def test_a_day_that_stands_for_never_may_be_written_in_another_way_than_the_ends() -> None:
    text = table(SUBS, [("A", "20.01.2024", "9999-12-31", 10), ("B", "05.01.2024", "15.03.2025", 7)])
    assert answer(text, "mrr", as_of="2025-03")["mrr"] == 10


@pytest.mark.parametrize("end", ["epoch", "-infinity", "soon", "1850-01-01", "2026-02-30"])
def test_what_is_no_end_and_does_not_mean_never_is_refused(end: str) -> None:
    with pytest.raises(InputError, match="not a date"):
        calc(table(SUBS, [("A", "2024-01-10", end, 10), ("B", "2024-01-05", "2025-03-15", 7)]), "mrr")


@pytest.mark.parametrize(
    ("header", "row", "metric", "expected"),
    [
        ("account,started_at,completed_at", ["A", "2024-01-01"], "onboarding-completion", 0),
        ("user,signed_up_at,activated_at", ["A", "2024-01-01"], "activation-rate", 0),
        ("account,due_date,amount,renewed_at", ["A", "2024-01-01", 10], "renewal-rate", 0),
        ("milestone,due,done_at", ["A", "2024-01-01"], "milestone-completion", 0),
    ],
)
@pytest.mark.parametrize("never", ["9999-12-31", "not yet", "pending", "infinity"])
def test_an_event_that_never_comes_has_not_happened(
    header: str, row: list[object], metric: str, expected: int, never: str
) -> None:
    given = {"within": 0} if metric == "activation-rate" else {}
    options = {"as_of": "2024-01"} if metric == "renewal-rate" else {}
    assert value(table(header, [[*row, never]]), metric, given=given, **options) == expected


def test_a_ticket_resolved_never_is_open() -> None:
    header = "ticket,opened_at,resolved_at"
    text = table(header, [(1, "2024-01-01 10:00", "2024-01-01 12:00"), (2, "2024-01-01 10:00", "9999-12-31 00:00")])
    assert value(text, "time-to-resolution") == 120


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("user,timestamp\na,2024-01-01\nb,9999-12-31\n", "mau"),
        ("score,answered_at\n9,2024-01-31\n5,9999-12-31\n", "nps"),
        ("score,answered_at\n9,2024-01-31 10:00\n5,infinity\n", "nps"),
        ("account,month,mrr\na,epoch,5\n", "mrr"),
        ("account,month,mrr\na,9999-12,5\n", "mrr"),
        ("account,start_date,end_date,mrr\na,9999-12-31,,5\n", "mrr"),
    ],
)
def test_a_row_cannot_be_dated_never(text: str, metric: str) -> None:
    with pytest.raises(InputError, match=r"not a (date|month)"):
        calc(text, metric, every="month")


AGREED = [("A", "2025-03-01", "2027-02-28", 100), ("B", "2025-06-01", "2026-12-31", 200), ("C", "2026-02-01", "", 400)]


@pytest.mark.parametrize("header", ["Contract End Date", "Term End", "Renewal date", "Valid until", "Expires at"])
def test_an_end_that_was_agreed_does_not_say_how_far_a_file_goes(header: str) -> None:
    result = calc(table(f"account,start_date,{header},mrr", AGREED), "mrr", mapping={"end_date": header})
    assert rows(result) == [("2026-02", 700)]
    assert any("3 of 3 subscriptions run on past it" in note for note in result.notes)


@pytest.mark.parametrize("header", ["Ended At", "Canceled At", "churn_date"])
def test_an_end_whose_header_says_that_it_came_does(header: str) -> None:
    ended = [("A", "2025-03-01", "2026-05-28", 100), ("B", "2025-06-01", "2026-04-30", 200)]
    text = table(f"account,start_date,{header},mrr", ended)
    assert rows(calc(text, "mrr", mapping={"end_date": header})) == [("2026-05", 0)]


def test_ends_in_every_row_are_agreed_ones() -> None:
    assert rows(calc(table(SUBS, AGREED[:2]), "mrr")) == [("2025-06", 300)]


def test_an_end_is_a_fact_where_rows_that_run_have_none() -> None:
    ends = [("A", "2025-03-01", "2026-05-28", 100), ("B", "2025-06-01", "", 200)]
    assert rows(calc(table(SUBS, ends), "mrr")) == [("2026-05", 200)]


def test_an_end_is_a_fact_where_the_status_says_that_it_came() -> None:
    header = "account,start_date,contract end date,mrr,status"
    ends = [("A", "2025-03-01", "2026-05-28", 100, "canceled"), ("B", "2025-06-01", "2027-06-01", 200, "active")]
    assert rows(calc(table(header, ends), "mrr")) == [("2026-05", 200)]


def test_the_end_of_a_row_that_runs_by_its_status_lies_ahead() -> None:
    header = "account,start_date,end_date,mrr,status"
    ends = [("A", "2025-03-01", "2027-05-28", 100, "active"), ("B", "2025-06-01", "", 200, "active")]
    assert rows(calc(table(header, ends), "mrr")) == [("2025-06", 300)]


def test_as_of_may_lie_after_the_newest_fact_where_rows_run_on() -> None:
    text = table("account,start_date,contract end,mrr", AGREED)
    assert rows(calc(text, "mrr", as_of="2027-01")) == [("2027-01", 500)]
    assert rows(calc(text, "mrr", as_of="2027-Q1")) == [("2027-Q1", 400)]


def test_as_of_after_the_newest_invoice_of_a_single_month_is_refused() -> None:
    lines = [("A", "2026-01-05", 10), ("A", "2026-02-05", 10)]
    with pytest.raises(InputError, match="after the newest invoice"):
        calc(table("account,invoice date,amount", lines), "mrr", as_of="2026-03")
    paid = [("A", "2026-01-01", 120, "2026-01-01", "2027-01-01")]
    found = value(table("account,date,amount,service_start,service_end", paid), "mrr", as_of="2026-07")
    assert str(found).startswith("10.1")


def test_the_months_that_invoices_in_arrears_pay_for_can_be_asked_for() -> None:
    lines = [("a", "2024-01-31", 310, "2023-12-01", "2024-01-01"), ("b", "2024-01-31", 310, "2024-01-01", "2024-02-01")]
    text = table("account,date,amount,service_start,service_end", lines)
    assert mrr_by_month(text) == {"2023-12": 310, "2024-01": 310}
    assert value(text, "mrr", as_of="2023-12") == 310


def test_on_a_day_later_starts_are_left_out_and_later_ends_have_not_come() -> None:
    starts = [("A", "2026-01-01", "2026-03-20", 1), ("B", "2026-01-05", "2026-03-10", 10), ("C", "2026-03-16", "", 100)]
    text = table(SUBS, starts)
    days = {"2026-03-09": 11, "2026-03-10": 1, "2026-03-16": 101, "2026-03-20": 100, "2026-03": 100}
    assert {day: value(text, "mrr", as_of=day) for day in days} == days
    assert any("1 row after 2026-03-09 left out" in note for note in calc(text, "mrr", as_of="2026-03-09").notes)


def test_rows_dated_after_the_day_are_left_out_of_its_month() -> None:
    text = table("score,answered_at", [(9, "2026-01-31"), (10, "2026-02-10"), (0, "2026-02-20")])
    assert answer(text, "nps", as_of="2026-02-15")["nps"] == 100
    assert answer(text, "nps", as_of="2026-02")["nps"] == 0


@pytest.mark.parametrize("as_of", ["9999-12", "9999", "0000-01", "10000", "9999-12-31", "9999-Q4", "9999-W01"])
@pytest.mark.parametrize("metric", ["nps", "mrr"])
def test_a_year_out_of_reach_is_refused(metric: str, as_of: str) -> None:
    text = "score,answered_at\n9,2024-01-31\n" if metric == "nps" else "account,month,mrr\nA,2024-01,5\n"
    with pytest.raises(UsageError, match="is no period"):
        calc(text, metric, as_of=as_of)


MOVEMENTS = ("opening", "new", "reactivation", "expansion", "contraction", "churned", "closing")
KEPT = [("a", "2025-01", 10), ("a", "2025-02", -5), ("b", "2025-01", 10), ("b", "2025-02", 10)]


def test_movements_add_up_where_negatives_are_kept() -> None:
    later = [("a", "2025-03", 10), ("b", "2025-03", 0), ("c", "2025-03", -2), ("a", "2025-04", 0), ("c", "2025-04", -3)]
    text = table("account,month,mrr", [*KEPT, *later])
    assert answer(table("account,month,mrr", KEPT), "nrr", "logo-churn", window=1, negative="keep")["nrr"] == 0.25
    for row in calc(text, "mrr-movements", negative="keep").rows:
        opening, new, back_again, grown, shrunk, lost, closing = (Decimal(str(row[key])) for key in MOVEMENTS)
        assert opening + new + back_again + grown - shrunk - lost == closing


def test_a_negative_amount_that_ends_is_no_growth() -> None:
    ended = [*KEPT, ("d", "2025-01", -4), ("d", "2025-02", 0)]
    found = answer(table("account,month,mrr", ended), "nrr", "net-new-mrr", window=1, negative="keep")
    assert found["nrr"] == 5 / 16
    assert found["net_new_mrr"] == -11  # from 16 to 5
    text = table("account,month,mrr", [*ended, ("d", "2025-03", 0), ("a", "2025-03", 0)])
    for row in calc(text, "mrr-movements", negative="keep").rows:
        opening, new, back_again, grown, shrunk, lost, closing = (Decimal(str(row[key])) for key in MOVEMENTS)
        assert opening + new + back_again + grown - shrunk - lost == closing
