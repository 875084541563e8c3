"""Exports of more tools, by the headers that their documentation gives, with answers worked out by hand."""
# ruff: noqa: E501

from __future__ import annotations

import pytest

from cstool.errors import CstoolError
from tests.metrics.computing import calc, rows

CHARGEBEE = """\
Subscription Id,Customer Id,Subscription Status,MRR,Subscription Created At,Subscription Activated At,Canceled On
s1,c1,Active,100,03-Jan-2025 09:10,03-Jan-2025 09:10,
s2,c2,Cancelled,50,03-Jan-2025 09:10,03-Jan-2025 09:10,20-Mar-2025 12:00
s3,c3,In Trial,0,21-Mar-2025 09:10,,
"""
PADDLE = """\
id,status,customer_id,billed_at,billing_period_starts_at,billing_period_ends_at,currency_code,subtotal,tax,grand_total
t1,completed,c1,2025-01-01T08:00:00Z,2025-01-01T08:00:00Z,2025-02-01T08:00:00Z,USD,31.00,6.20,37.20
t2,completed,c1,2025-02-01T08:00:00Z,2025-02-01T08:00:00Z,2025-03-01T08:00:00Z,USD,28.00,5.60,33.60
t3,draft,c1,,,,USD,500.00,100.00,600.00
t4,canceled,c1,2025-02-10T08:00:00Z,2025-02-10T08:00:00Z,2025-03-10T08:00:00Z,USD,500.00,100.00,600.00
"""
MAXIO = """\
id,state,product_price_in_cents,product_interval,product_interval_unit,customer_id,activated_at,canceled_at
1,active,9900,1,month,7,2025-01-01 07:00:00 -0500,
2,active,30000,3,month,8,2025-01-01 07:00:00 -0500,
3,trialing,9900,1,month,9,,
4,awaiting_signup,9900,1,month,10,,
"""
ZOHO = """\
Subscription#,Customer Name,Amount,Interval,Interval Unit,Status,Activated On,Cancelled On
1,Acme,300.00,3,months,LIVE,2025-01-04,
2,Globex,1200.00,1,years,LIVE,2025-01-04,
3,Initech,40.00,1,months,CANCELLED_FROM_DUNNING,2025-01-04,2025-03-05
"""
RECHARGE = """\
subscription_id,customer_id,status,quantity,price,charge_interval_frequency,order_interval_frequency,order_interval_unit,created_at,cancelled_at
1,7,active,2,45.00,3,3,month,2025-01-04T10:00:00,
2,8,active,1,20.00,1,1,month,2025-02-04T10:00:00,
"""
GOCARDLESS = """\
id,charge_date,amount,currency,status,amount_refunded,customers.id
PM1,2025-11-05,20.00,GBP,paid_out,0.00,CU1
PM2,2025-11-05,30.00,GBP,paid_out,0.00,CU2
PM3,2025-12-05,20.00,GBP,paid_out,0.00,CU1
PM4,2025-12-05,30.00,GBP,customer_approval_denied,0.00,CU2
"""
XERO = """\
ContactName,InvoiceNumber,InvoiceDate,DueDate,Quantity,UnitAmount,LineAmount,AccountCode,Currency,Status
Acme,I1,01/11/2025,15/11/2025,2,10.00,20.00,200,GBP,Paid
Globex,I2,01/11/2025,15/11/2025,1,30.00,30.00,200,GBP,Paid
Acme,I3,01/12/2025,15/12/2025,3,10.00,30.00,200,GBP,Awaiting Payment
Globex,I4,01/12/2025,15/12/2025,1,30.00,30.00,200,GBP,Voided
"""
ZUORA = """\
Account: Name,Subscription: Name,Subscription: Status,Subscription: Term Start Date,Subscription: Cancelled Date,Account: Currency,Rate Plan Charge: MRR
Acme,A-1,Active,01/15/2025,,USD,100.00
Globex,A-2,Cancelled,01/15/2025,03/20/2025,USD,50.00
Initech,A-3,Draft,,,USD,70.00
"""
HUBSPOT = """\
Record ID,Company name,Lifecycle Stage,Became a Customer Date,Churn date
1,Acme,Customer,2025-01-04,
2,Globex,Former customer,2025-01-04,2025-03-05
"""
CONTRACTS = """\
Account Name,Contract Start Date,Contract End Date,Annual Contract Value
Acme,1/1/2025,12/31/2026,"USD 12,000.00"
Globex,3/1/2025,2/28/2026,"USD 24,000.00"
"""
YEARS = "Account,ARR Beginning of Year,ARR End of Year\nAcme,12000,12000\nGlobex,12000,3000\n"
PIPEDRIVE = """\
Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Won time,Deal - Lost time,Deal - Deal closed on
1,One,"1,200",Negotiations,Won,2025-01-01 10:00:00,2025-01-11 10:00:00,,2025-01-11 10:00:00
2,Two,"4,800",Negotiations,Lost,2025-01-01 10:00:00,,2025-01-21 10:00:00,2025-01-21 10:00:00
3,Three,"9,000",Demo,Open,2025-01-01 10:00:00,,,
"""
CRM = "Deal Name,Deal Stage,Deal Status,Amount\nOne,Demo,won,10\nTwo,Contract,lost,20\nThree,Demo,open,30\n"
INTERCOM = """\
Conversation ID,Conversation started at (UTC),First response time (seconds),Time to close (seconds),Conversation rating
1,2025-11-03 08:00:00,90,600,5
2,2025-11-03 09:00:00,150,1800,4
3,2025-11-03 10:00:00,,,
4,2025-11-03 11:00:00,1200,6000,1
"""
FRESHDESK = """\
Ticket ID,Status,Created time,Due by Time,Resolved time,Closed time,Initial response time,First response time (in hrs)
1,Closed,2025-10-01 09:00:00,2025-10-04 09:00:00,2025-10-01 11:00:00,2025-10-03 11:00:00,2025-10-01 09:30:00,00:15:00
2,Open,2025-10-02 09:00:00,2025-10-05 09:00:00,,,2025-10-02 10:00:00,00:30:00
"""
HELPSCOUT = "Date,Conversation #,Customer,Rating,User\n" + "".join(
    f'"Nov {i}, 2025 3:00 pm",{i},c{i},{word},Lee\n' for i, word in enumerate(["Great", "Okay", "Not Good", "Great"], 1)
)
LICENSES = (
    "Customer,Total licenses,Assigned licenses,Available licenses\nAcme,100,50,50\nGlobex,100,80,20\nTotal,200,130,70\n"
)
BURN = 'Month,Cash In,Cash Out\n2025-11,"$91,000","$120,900"\n2025-12,"$92,000","$121,500"\n'
SIGNUPS = "User ID,Signed Up,Upgraded to Paid\n1,09/13/2025,09/20/2025\n2,09/14/2025,\n"
CUSTOMERS = """\
Name,Email,Company,Status,Customer Since,MRR
Acme,a@x.com,Acme,Active,2025-01-04,50
Globex,b@x.com,Globex,Active,2025-02-04,70
Initech,c@x.com,Initech,New Lead,,0
"""


@pytest.mark.parametrize(
    ("data", "metric", "wanted"),
    [
        pytest.param(CHARGEBEE, "mrr", 100, id="Chargebee: MRR of what was activated and not canceled"),
        pytest.param(CHARGEBEE, "logo-churn", 0.5, id="Chargebee: one of two canceled in March"),
        pytest.param(PADDLE, "mrr", 28, id="Paddle: subtotals; a draft and a canceled transaction left out"),
        pytest.param(MAXIO, "mrr", 199, id="Maxio: cents, intervals; rows that never ran need no start"),
        pytest.param(ZOHO, "mrr", 200, id="Zoho: a numeric interval beside its unit is their count"),
        pytest.param(ZOHO, "logo-churn", 1 / 3, id="Zoho: canceled from dunning is over"),
        pytest.param(RECHARGE, "mrr", 50, id="Recharge: two equal columns of an interval count are no tie"),
        pytest.param(GOCARDLESS, "logo-churn", 0.5, id="GoCardless: the customer's id, not the payment's"),
        pytest.param(XERO, "mrr", 30, id="Xero: the due date shows the order of the invoice date"),
        pytest.param(ZUORA, "logo-churn", 0.5, id="Zuora: fields behind the name of their object"),
        pytest.param(HUBSPOT, "logo-churn", 0.5, id="HubSpot: the date of becoming a customer"),
        pytest.param(CONTRACTS, "arr", 36000, id="contracts: an annual contract value is a year's"),
        pytest.param(YEARS, "nrr", 0.625, id="snapshot: ARR at the beginning and the end of the year"),
        pytest.param(PIPEDRIVE, "win-rate", 0.5, id="Pipedrive: won and lost by the status"),
        pytest.param(PIPEDRIVE, "sales-cycle", 10, id="Pipedrive: from created to closed"),
        pytest.param(CRM, "win-rate", 0.5, id="deals: of stage and status the one that says won and lost"),
        pytest.param(INTERCOM, "first-response-time", 2.5, id="Intercom: seconds are told in minutes"),
        pytest.param(INTERCOM, "time-to-resolution", 30, id="Intercom: seconds to the close"),
        pytest.param(INTERCOM, "csat", 2 / 3, id="Intercom: the rating of a conversation"),
        pytest.param(FRESHDESK, "first-response-time", 45, id="Freshdesk: calendar time to the first response"),
        pytest.param(FRESHDESK, "time-to-resolution", 120, id="Freshdesk: resolved, not closed"),
        pytest.param(HELPSCOUT, "csat", 0.5, id="Help Scout: great, okay, not good"),
        pytest.param(LICENSES, "utilization", 0.65, id="licenses assigned of all; the totals row left out"),
        pytest.param(BURN, "burn-rate", 29500, id="a currency before a number makes it money"),
        pytest.param(SIGNUPS, "freemium-conversion", 0.5, id="users upgraded to paid"),
        pytest.param(CUSTOMERS, "mrr", 120, id="ChartMogul: name, address and company name the same customers"),
    ],
)
def test_an_export_is_read_at_once(data: str, metric: str, wanted: float) -> None:
    found = rows(calc(data, metric), metric.replace("-", "_"))[-1][0]
    assert float(str(found)) == pytest.approx(wanted, abs=1e-12)


def test_an_id_beside_a_customers_name_is_that_of_the_row() -> None:
    """As the tutorial's exports have them: Ended At and Start Date of a subscription, the organization of a ticket."""
    subscriptions = (
        "id,Customer Description,Interval,Amount,Status,Start Date (UTC),Ended At (UTC)\n"
        "sub_1,Acme,month,10,active,2025-01-03,\nsub_2,Acme,month,5,canceled,2025-01-03,2025-03-04\n"
        "sub_3,Globex,month,7,active,2025-03-02,\n"
    )
    assert rows(calc(subscriptions, "logo_churn", as_of="2025-03"), "logo_churn") == [(0,)]
    tickets = "Ticket ID,Ticket created - Timestamp,Ticket organization name\n1,2025-01-03,Acme\n2,2025-01-04,Acme\n"
    (listed,) = {row[0] for row in rows(calc(tickets, "ticket-volume", accounts=True), "account")}
    assert listed == "Acme"


FIGURES = "Account,Oct 2025,Nov 2025,Dec 2025\n"
PAYMENTS = (
    "id,charge_date,amount,status\n1,2025-11-05,20,paid_out\n2,2025-11-06,30,paid_out\n3,2025-12-05,20,paid_out\n"
)
TWO_COUNTS = RECHARGE.replace(",1,1,month", ",3,1,month")
SHORT = "Month,S&M Spend,New Customers\n2025-11,40000,20\n2025-12,42000,21\n"
FLAGS = "customerID,MonthlyCharges,Churn\n1,29.85,No\n2,56.95,Yes\n"


@pytest.mark.parametrize(
    ("data", "metric", "message", "hint"),
    [
        pytest.param(
            FIGURES + "Income,1,2,3\nCost of goods sold,1,1,1\nNew customers,1,2,3\n", "nrr", "figures such as", "round",
            id="a statement with a column for each month is no list of customers",
        ),
        pytest.param(
            FIGURES + "New MRR,1,2,3\nChurned MRR,1,1,1\nPlan changes,1,2,3\n", "logo-churn", "figures such as", "round",
            id="nor is a report of MRR movements with its rows and columns turned round",
        ),
        pytest.param(
            PAYMENTS, "logo-churn", "no column for account", "--map account=", id="the id of each payment is no customer"
        ),
        pytest.param(
            TWO_COUNTS, "mrr", "columns could be interval_count", "--map interval_count", id="counts that differ are a tie"
        ),
        pytest.param(SHORT, "cac", "no column gives", "--map acquisition_cost=COLUMN", id="a measure that a column may give"),
        pytest.param(FLAGS, "revenue-churn", "needs amounts", "--map mrr=", id="flags alone give no revenue churn"),
        pytest.param(
            CHARGEBEE.replace("09:10,03-Jan-2025 09:10,\n", "09:10,,\n"), "mrr", "is blank", "--blank skip",
            id="a row that ran needs its start",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_way_out(data: str, metric: str, message: str, hint: str) -> None:
    with pytest.raises(CstoolError) as refusal:
        calc(data, metric)
    assert message in refusal.value.message
    assert hint in refusal.value.hint


def test_the_order_of_day_and_month_taken_from_another_column_is_named_with_the_option_for_the_other() -> None:
    notes = calc(XERO, "mrr").notes
    assert any("dates of InvoiceDate have the day first, as those of DueDate show" in one for one in notes)
    assert any("--date-order mdy for the other" in one for one in notes)


def test_columns_that_show_both_orders_decide_nothing() -> None:
    both = XERO.replace("DueDate", "Sent On").replace("Currency", "Paid On").replace("GBP", "12/31/2025")
    with pytest.raises(CstoolError, match="day or the month comes first"):
        calc(both, "mrr")


@pytest.mark.parametrize("metric", ["mrr", "logo-churn"])
@pytest.mark.parametrize("amount", ["amount", "mrr"])
def test_an_id_of_each_row_is_no_customer(metric: str, amount: str) -> None:
    payments = f"id,date,{amount}\nch_1,2026-01-05,100\nch_2,2026-02-05,100\nch_3,2026-03-05,100\n"
    with pytest.raises(CstoolError, match="no column for account") as refused:
        calc(payments, metric)
    assert "--map account=COLUMN" in refused.value.hint
