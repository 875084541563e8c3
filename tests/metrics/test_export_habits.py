"""Habits of exports that bent a number in silence, or a refusal that did not lead on; one small file each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cstool.errors import CstoolError
from tests.metrics.computing import calc, table, value

WAITING = table(
    "id,customer,status,amount,interval,start_date",
    [
        ("1", "a", "active", 120, "monthly", "2026-10-01"),
        ("2", "b", "pending_customer_approval", 300, "monthly", "2026-10-01"),
    ],
)
WAITING_TO_END = WAITING.replace("pending_customer_approval", "pending_cancel")
DEALS = table(
    "Deal,Deal Status,Amount",
    [("1", "Won", 5), ("2", "Lost", 6), ("3", "Open", 7), ("4", "Deleted", 2)],
)
CONTRACTS = table(
    "Customer Number,Transaction Type,Order Date,Start Date,End Date,Amount,Normalized MRR,Renewal Status",
    [
        ("1", "Renewal", "2025-12-05", "2026-01-01", "2026-12-31", "15000.00", "1250.00", "Open"),
        ("2", "New", "2026-06-15", "2026-07-01", "2027-06-30", "4800.00", "400.00", "Open"),
    ],
)
TAXED = table(
    "Client,Date Issued,Rate,Quantity,Line Subtotal,Tax 1 Amount,Line Total",
    [
        ("a", "2026-10-01", "80.00", 4, "320.00", "41.60", "361.60"),
        ("b", "2026-10-01", "80.00", 1, "80.00", "10.40", "90.40"),
    ],
)
LINE_PERIODS = table(
    "Customer,Number,Amount Due,Amount Paid,Date (UTC),Status,Minimum Line Item Period Start (UTC),"
    "Maximum Line Item Period End (UTC)",
    [
        ("a", "1", "1200.00", "1200.00", "2026-01-01 00:00", "paid", "2026-01-01 00:00", "2027-01-01 00:00"),
        ("b", "2", "100.00", "100.00", "2026-10-01 00:00", "paid", "2026-10-01 00:00", "2026-11-01 00:00"),
    ],
)
IN_CENTS = table(
    "id,state,product_price_in_cents,product_interval,product_interval_unit,customer_reference,activated_at",
    [("1", "active", 9900, 1, "month", "a", "2026-01-01"), ("2", "active", 118800, 12, "month", "b", "2026-01-01")],
)  # fmt: skip
QUALTRICS = """\
StartDate,Status,Q1_NPS_GROUP,Q1
Start Date,Response Type,How likely are you to recommend us? - Group,How likely are you to recommend us?
"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""QID1_NPS_GROUP""}","{""ImportId"":""QID1""}"
2026-11-01,Survey Preview,Promoter,10
2026-11-02,IP Address,Promoter,9
2026-11-02,IP Address,Detractor,5
"""
DATES_IN_ROWS = """\
Visitor ID,Account ID,Role,First Visit,Last Visit
va,a1,admin,2026-01-05,2026-11-20
vb,a1,user,2026-02-05,2026-11-21
"""


@pytest.mark.parametrize(
    ("data", "metric", "right"),
    [
        (WAITING, "mrr", 120),
        (WAITING_TO_END, "mrr", 420),
        (DEALS, "pipeline", 7),
        (CONTRACTS, "arr", 19800),
        (TAXED, "mrr", 400),
        (IN_CENTS, "mrr", 198),
    ],
    ids=["waits for approval", "waits for its end", "deleted deal", "MRR beside the amount", "tax", "price in cents"],
)
def test_the_first_answer_is_right(data: str, metric: str, right: int) -> None:
    result = calc(data, metric)
    assert result.rows[0][metric] == right


def test_service_periods_of_invoice_lines_are_read() -> None:
    assert value(LINE_PERIODS, "mrr") == Decimal("201.92")  # 100 and 31 of 365 days of 1200


SEATS = "Account,Status,Licensed Seats,Active Seats\na,Active,10,8\nb,Churn,10,0\n"
BOOK = "Account Name,CSM,MRR,Churned At\na,Ana,100,\nb,Ana,50,2026-09-30\n"
RENEWALS = "Account,Renewal Date,Amount,Status\na,2026-09-30,10,Renewed\nb,2026-12-31,10,Negotiation\n"
PRICES = "id,customer_id,price,currency_code,interval,started_at\n1,a,4900,USD,month,2026-01-01\n"


@pytest.mark.parametrize(
    ("data", "metric", "said"),
    [
        (SEATS, "utilization", "accounts whose Status is 'Churn' count, too"),
        (BOOK, "book-of-business", 'accounts with a day in Churned At count, too; --where "\\"Churned At\\" is null"'),
        (RENEWALS, "renewal-rate", "counted as not renewed: 1"),
        (PRICES, "mrr", "price taken as whole units; --cents"),
        (QUALTRICS, "nps", "answers whose Status is 'Survey Preview' count, too"),
        (DEALS, "win-rate", "deleted, archived or duplicates by their stage: 1"),
        (WAITING_TO_END, "mrr", "'pending_cancel': counted until an end date"),
    ],
)
def test_what_decides_the_number_is_named(data: str, metric: str, said: str) -> None:
    assert any(said in note for note in calc(data, metric).notes)


def test_what_a_note_leaves_out_is_left_out() -> None:
    assert value(SEATS, "utilization", where="Status is distinct from 'Churn'") == pytest.approx(0.8)
    assert calc(BOOK, "book-of-business", where='"Churned At" is null').rows[0]["arr"] == 1200
    assert calc(QUALTRICS, "nps", where="Status is distinct from 'Survey Preview'").rows[0]["nps"] == 0


def test_dates_in_the_rows_are_not_taken_for_a_header_of_months() -> None:
    with pytest.raises(CstoolError, match="Visitor ID, Account ID"):
        calc(DATES_IN_ROWS, "mau")


def test_customers_are_counted_whatever_interval_their_amounts_have() -> None:
    text = "Account,Price,Start Date,End Date\na,9,2025-01-05,\nb,9,2025-02-05,2026-11-14\nc,9,2026-11-02,\n"
    assert value(text, "logo-churn") == 0.5
    with pytest.raises(CstoolError, match="an amount per what"):
        calc(text, "mrr")
