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

MOLLIE = table(
    "id,customerId,status,amount.value,amount.currency,interval,startDate",
    [
        ("1", "a", "active", "25.00", "EUR", "1 month", "2026-03-01"),
        ("2", "b", "active", "240.00", "EUR", "12 months", "2026-06-01"),
    ],
)
GROSS = table(
    "Subscription ID,Account ID,State,Subtotal,Tax,Total,Interval Unit,Interval Length,Begin,End",
    [
        ("1", "a", "active", "100.00", "25.00", "125.00", "month", 1, "2026-02-10", ""),
        ("2", "b", "active", "1200.00", "240.00", "1440.00", "year", 1, "2026-03-10", ""),
    ],
)
WOO = table(
    "subscription_id,subscription_status,customer_id,start_date,trial_end_date,end_date,billing_period,billing_interval,order_total",
    [
        ("1", "wc-active", "a", "2025-02-01", "0", "0", "year", 1, "240.00"),
        ("2", "wc-pending", "b", "2025-02-05", "0", "0", "month", 1, "70.00"),
    ],
)
UNNAMED = (
    "Sales by Customer Summary,,\n,Sep 2026,Oct 2026\nBlue Bird,300.00,350.00\nCool Cars,200.00,\nTOTAL,500.00,350.00\n"
)
LICENCES = table(
    "Account Name,Annual Recurring Revenue,First Purchase Date,Date of Churn,Total Licenses,Free Licenses",
    [("a", "24000", "2025-02-01", "", 40, 1), ("b", "12000", "2025-03-01", "2026-09-15", 20, 0)],
)


@pytest.mark.parametrize(
    ("data", "metric", "right"),
    [
        (MOLLIE, "mrr", 45),
        (GROSS, "mrr", 200),
        (UNNAMED, "mrr", 350),
        (WOO, "mrr", 20),
        (LICENCES, "arr", 24000),
        (WAITING, "mrr", 120),
        (WAITING_TO_END, "mrr", 420),
        (DEALS, "pipeline", 7),
        (CONTRACTS, "arr", 19800),
        (TAXED, "mrr", 400),
        (IN_CENTS, "mrr", 198),
    ],
    ids=[
        "amount.value",
        "net subscription",
        "names without a header",
        "a word and a count of intervals",
        "licences beside ARR",
        "waits for approval",
        "waits for its end",
        "deleted deal",
        "MRR beside the amount",
        "tax",
        "price in cents",
    ],
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
        (DEALS, "win-rate", "deleted, archived, duplicate or unqualified by their stage: 1"),
        (WAITING_TO_END, "mrr", "'pending_cancel': counted until an end date"),
    ],
)
def test_what_decides_the_number_is_named(data: str, metric: str, said: str) -> None:
    assert any(said in note for note in calc(data, metric).notes)


def test_amounts_in_thousands_are_named_and_a_year_is_one() -> None:
    text = "Customer;Vertrag ab;Vertrag bis;ARR (k€)\nA;15.01.2025;;12,6\nB;15.04.2025;31.03.2026;24,0\n"
    result = calc(text, "arr", "nrr", as_of="2026-09")
    assert result.rows[0]["arr"] == Decimal("12.6")
    assert any("ARR (k€) is in thousands" in note for note in result.notes)


def test_a_flag_of_refunds_is_used_or_refused() -> None:
    text = "Customer,Invoice Date,Amount,Status,Refunded\na,2026-10-01,40.00,paid,No\nb,2026-10-02,20.00,refunded,Yes\n"
    assert value(text, "mrr") == 40
    text = text.replace(",refunded,", ",paid,")
    with pytest.raises(CstoolError, match="Refunded says 'Yes'") as refused:
        calc(text, "mrr")
    assert "--where" in refused.value.hint
    assert value(text, "mrr", where="Refunded is distinct from 'Yes'", mapping={"refunded": "none"}) == 40


def test_what_a_note_leaves_out_is_left_out() -> None:
    assert value(SEATS, "utilization", where="Status is distinct from 'Churn'") == pytest.approx(0.8)
    assert calc(BOOK, "book-of-business", where='"Churned At" is null').rows[0]["arr"] == 1200
    assert calc(QUALTRICS, "nps", where="Status is distinct from 'Survey Preview'").rows[0]["nps"] == 0


def test_dates_in_the_rows_are_not_taken_for_a_header_of_months() -> None:
    with pytest.raises(CstoolError, match="Visitor ID, Account ID"):
        calc(DATES_IN_ROWS, "mau")


def test_quarters_across_stand_for_their_last_months_unless_months_are_there() -> None:
    text = "Customer,Q4 2025,Q1 2026,Q2 2026,Q3 2026,Q4 2026\na,120,120,150,150,150\nb,60,60,60,40,40\nc,24,24,,,\n"
    result = calc(text, "nrr", "logo-churn", window=12)
    assert result.rows[0]["period"] == "2026-12"
    assert result.rows[0]["nrr"] == pytest.approx(190 / 204)
    assert any("Q4 2026 stands for its last month" in note for note in result.notes)
    assert value("Customer,Jan 2026,Feb 2026,Mar 2026,Q1 2026\na,10,10,12,32\n", "mrr") == 12


def test_a_snowball_with_quarters_across_is_no_table_of_customers() -> None:
    text = "Snowball,,\n,Q1 2026,Q2 2026\nBeginning ARR,1000,1120\nNew,150,100\nChurn,(30),(20)\nEnding ARR,1120,1200\n"
    with pytest.raises(CstoolError, match="figures such as 'Beginning ARR'"):
        calc(text, "nrr")


def test_fiscal_quarters_across_are_refused_with_what_to_write() -> None:
    with pytest.raises(CstoolError, match="of a fiscal year") as refused:
        calc("Customer,Q4 FY25,Q1 FY26\na,10,12\n", "nrr")
    assert "in the place of Q4 FY25" in refused.value.hint


def test_a_table_of_active_users_leads_to_set() -> None:
    with pytest.raises(CstoolError) as refused:
        calc("Date,Daily Active Users,Monthly Active Users\n2026-11-01,120,600\n", "stickiness")
    assert "--set daily_active=" in refused.value.hint


def test_customers_are_counted_whatever_interval_their_amounts_have() -> None:
    text = "Account,Price,Start Date,End Date\na,9,2025-01-05,\nb,9,2025-02-05,2026-11-14\nc,9,2026-11-02,\n"
    assert value(text, "logo-churn") == 0.5
    with pytest.raises(CstoolError, match="an amount per what"):
        calc(text, "mrr")
