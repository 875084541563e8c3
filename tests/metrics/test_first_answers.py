"""The first answer to a question on a raw export, with what it names; answers were worked out by hand."""
# ruff: noqa: E501

from __future__ import annotations

import pytest

from cstool.errors import CstoolError
from tests.metrics.computing import calc, rows

CHARGEBEE_INVOICES = """\
Invoice Number,Customer Id,Invoice Date,Status,Total,Amount Paid,Amount Due,Currency Code
I1,c1,2025-11-01,Paid,60.00,60.00,0.00,USD
I2,c3,2025-11-05,Voided,300.00,0.00,0.00,USD
I3,c1,2025-12-01,Paid,75.00,65.00,0.00,USD
I4,c2,2025-12-03,Payment Due,90.00,0.00,90.00,USD
"""
DUE_AND_PAID = """\
number,customer,date,status,amount_due,amount_paid
I1,c1,2025-12-01,paid,75.00,75.00
I2,c2,2025-12-03,open,90.00,0.00
"""
PADDLE = """\
subscription_id,status,customer_id,quantity,unit_price,billing_cycle_interval,billing_cycle_frequency,started_at,canceled_at
s1,active,c1,2,30.00,month,1,2025-03-01T08:00:00Z,
s2,active,c2,1,90.00,month,3,2025-03-09T08:00:00Z,
"""
HUBSPOT = """\
Record ID,Deal Name,Deal Stage,Amount,Amount in company currency,Create Date,Close Date
1,Acme,Closed Won,12000,12000,2025-10-01 09:15,2025-11-10 10:00
2,Globex,Closed Lost,8000,8000,2025-10-04 09:15,2025-11-12 10:00
"""
ARR = "Account,Start Date,End Date,MRR,ARR\nAcme,2025-01-04,,100,1200\nGlobex,2025-02-04,,50,500\n"
PIPEDRIVE = """\
ID,Title,Value,Organization,Stage,Status,Deal created,Won time,Lost time
1,Acme,"12,000",Acme,Negotiation,Won,2025-10-01 09:00:00,2025-11-10 09:00:00,
2,Globex,"8,000",Globex,Proposal,Lost,2025-10-05 09:00:00,,2025-12-18 09:00:00
3,Hooli,"5,000",Hooli,Demo,Open,2025-12-09 09:00:00,,
"""
RENEWALS = """\
Account Name,Amount,Stage,Close Date,Contract End Date
Acme,13000,Closed Won,2025-10-30,2025-11-30
Globex,8000,Closed Lost,2025-11-12,2025-11-30
"""
CSAT = "Date,Company,CSAT score\n2026-02-01,Acme,10\n2026-02-02,Globex,0\n2026-02-03,Hooli,8\n2026-02-04,Stark,9\n"
ARR_MONTHS = "Account,ARR Jan 2026,ARR Feb 2026\nAcme,12000,18000\nGlobex,6000,0\n"
GROWTH = "Customer,Jan 26,Feb 26,Mar 26\nAcme,$500,$600,$650\nGlobex,$100,$100,$100\nMoM growth,,16.7%,7.1%\n"
CREATED = """\
Customer,Created (UTC),Plan Amount,Interval,Quantity,Status
c1,2025-01-04 10:00,50.00,month,2,active
c2,2025-02-04 10:00,600.00,year,1,active
c3,2025-02-04 10:00,50.00,month,1,trialing
"""
CENTS = "customer_id,plan_amount,plan_interval,started_at,canceled_at\nc1,5000,month,2025-01-04,\nc2,60000,year,2025-02-04,\n"
RECURLY = """\
account_code,plan_code,state,quantity,unit_amount,plan_interval_length,plan_interval_unit,activated_at,canceled_at,expires_at
a1,gold,active,2,50.00,1,months,2025-01-05 12:00:00 UTC,,
a2,gold,expired,1,50.00,1,months,2025-01-15 12:00:00 UTC,2026-02-20 12:00:00 UTC,2026-03-15 12:00:00 UTC
a3,gold,canceled,1,600.00,12,months,2025-03-15 12:00:00 UTC,2026-03-20 12:00:00 UTC,2026-04-15 12:00:00 UTC
"""
PROFITWELL = """\
Customer ID,Email,Plans,Status,MRR,Created On,Activated On,Churned On,Updated On
p1,a@x.io,pro,active,100.00,2025-01-02,2025-01-05,,2026-03-05
p2,b@x.io,pro,trialing,0.00,2026-03-02,,,2026-03-05
"""
SALESFORCE = """\
Opportunity Name,Account Name,Amount,Close Date,Stage,Probability (%),Created Date
Acme Q4,Acme,12000,11/10/2025,Closed Won,100,10/1/2025
Globex Q4,Globex,8000,11/12/2025,Closed Lost,0,10/14/2025
"""
SURVEYMONKEY = """\
Respondent ID,Collector ID,Start Date,End Date,How likely is it that you would recommend us to a friend?,What could we do better?
,,,,Response,Open-Ended Response
1,45,02/02/2026 09:00:00 AM,02/13/2026 09:02:00 AM,Extremely likely - 10,
2,45,02/02/2026 09:10:00 AM,02/13/2026 09:12:00 AM,8,
"""
LAGO = """\
Customer,Amount (cents),Interval,Status,Started at,Terminated at
Acme,5000,monthly,active,2025-01-05,
Hooli,15000,quarterly,active,2025-02-01,
"""
SCHEDULED = """\
customer_id,status,started_at,cancelled_at,mrr_cents
c1,active,2025-01-05,,10000
c2,cancelled,2025-01-05,2026-02-05,4000
c3,non_renewing,2025-03-05,2026-04-05,6000
"""
STRIPE_INVOICES = """\
id,Amount Due,Amount Paid,Billing,Customer,Date (UTC),Number,Subtotal,Tax,Status
in_1,120.00,120.00,charge_automatically,cus_1,2026-01-05 10:00,A-1,100.00,20.00,paid
in_2,60.00,0.00,send_invoice,cus_2,2026-01-15 10:00,A-2,50.00,10.00,open
"""
HUBSPOT_TICKETS = """\
Ticket ID,Ticket status,Create date,Close date,Time to first agent reply (HH:mm:ss)
1,Closed,2026-02-02 09:00,2026-02-02 13:00,0:30:00
2,Closed,2026-02-02 10:00,2026-02-03 12:00,2:00:00
"""
RETENTLY = "Date,Company,Score,Rating\n20.02.2026,Acme,10,Promoter\n21.02.2026,Globex,2,Detractor\n"
LEFT_BOOK = "Company,Owner,Phase,ARR\nAcme,Ana,Live,12000\nHooli,Ana,Churned,2400\n"
PLANHAT = "Company,MRR,Customer from,Customer to\nAcme,1000,2025-01-01,\nHooli,200,2025-01-15,2026-01-20\n"


@pytest.mark.parametrize(
    ("data", "metric", "wanted", "note"),
    [
        pytest.param(CHARGEBEE_INVOICES, "mrr", 165, "Total is used", id="Chargebee: what was billed, paid or not"),
        pytest.param(
            DUE_AND_PAID, "mrr", 165, "amount_paid could be the amount", id="what is due before anything was paid"
        ),
        pytest.param(PADDLE, "mrr", 90, "billing_cycle_frequency", id="Paddle: every three months"),
        pytest.param(HUBSPOT, "win-rate", 0.5, "HubSpot", id="HubSpot: amounts in company currency are no currencies"),
        pytest.param(
            PIPEDRIVE, "win-rate", 0.5, "stage = Status", id="Pipedrive: won and lost by the status, not the stage"
        ),
        pytest.param(RENEWALS, "renewal-rate", 0.5, "due_date = Contract End Date", id="due when the contract ends"),
        pytest.param(ARR_MONTHS, "mrr", 1500, "divided by 12", id="months of ARR"),
        pytest.param(ARR_MONTHS, "arr", 18000, "divided by 12", id="months of ARR give their ARR"),
        pytest.param(
            GROWTH, "mrr", 750, "a row of percentages (line 4: 'MoM growth')", id="a row of growth is no customer"
        ),
        pytest.param(CREATED, "mrr", 150, "as subscriptions", id="statuses of subscriptions tell them from invoices"),
        pytest.param(
            CENTS, "mrr", 10000, "plan_amount taken as whole units; --cents", id="whole numbers that may be cents"
        ),
        pytest.param(RECURLY, "mrr", 150, "Recurly", id="Recurly: what is canceled runs until it expires"),
        pytest.param(PROFITWELL, "mrr", 100, "ProfitWell", id="ProfitWell: customers with their MRR"),
        pytest.param(SALESFORCE, "win-rate", 0.5, "Salesforce", id="Salesforce: a report of opportunities"),
        pytest.param(SURVEYMONKEY, "nps", 50, "SurveyMonkey", id="SurveyMonkey: the question that is asked"),
        pytest.param(LAGO, "mrr", 100, "Amount (cents) taken as cents", id="Lago: cents in the header"),
        pytest.param(SCHEDULED, "mrr", 160, "up to 2026-02", id="an end of a row that still runs has not happened"),
        pytest.param(STRIPE_INVOICES, "mrr", 180, "with Tax in it", id="Stripe: taxes in the amount due are named"),
        pytest.param(
            HUBSPOT_TICKETS, "first-response-time", 75, "as tickets", id="HubSpot: times in hours, minutes, seconds"
        ),
        pytest.param(RETENTLY, "nps", 0, "answered_at = Date", id="Retently: the score, not what it is called"),
        pytest.param(PLANHAT, "mrr", 1000, "Customer from", id="Planhat: customers from and to"),
        pytest.param(ARR, "mrr", 150, "ARR is not 12 times MRR in 1 row", id="ARR that contradicts MRR is named"),
    ],
)
def test_a_question_is_answered_at_once(data: str, metric: str, wanted: float, note: str) -> None:
    result = calc(data, metric)
    found = rows(result, metric.replace("-", "_"))[-1][0]
    assert float(str(found)) == pytest.approx(wanted, abs=1e-9)
    assert any(note in one for one in result.notes), result.notes


TWICE = "Client,Start,MRR\nAcme,2025-01-03,100\nGlobex,2025-02-03,50\nTotal,,150\nClient,Start,MRR\nAcme,2025-01-03,100\nTotal,,100\n"
BOOK = "Company Name,CSM,ARR\nAcme,Ana,120000\nGlobex,Bo,24000\n"


@pytest.mark.parametrize(
    ("data", "metric", "hint"),
    [
        pytest.param(
            PADDLE.replace("billing_cycle_frequency", "recurrence_length"), "mrr", '--map interval_count="recurrence_length"',
            id="a count of intervals under an unknown name",
        ),
        pytest.param(TWICE, "mrr", "--duplicates drop", id="a second table that repeats a row of the first"),
        pytest.param(BOOK, "arr", "calc book-of-business", id="what accounts pay now, without a date"),
    ],
)  # fmt: skip
def test_what_could_change_the_number_is_refused_with_an_option(data: str, metric: str, hint: str) -> None:
    with pytest.raises(CstoolError) as refused:
        calc(data, metric)
    assert hint in refused.value.hint


def test_deals_are_closed_when_they_are_won_or_lost() -> None:
    assert rows(calc(PIPEDRIVE, "win-rate", every="month"), "win_rate") == [(1,), (0,)]


@pytest.mark.parametrize(
    ("answers", "hint"),
    [
        ([10, 0, 8], "--scale 10"),
        ([7, 4, 3], "--scale 7 or --scale 10"),
        ([5, 4, 0], '--where "CSAT >= 1"'),
        ([85, 40, 10], "--map score=COLUMN"),
        ([4.5, 3.5, 5], "--map score=COLUMN"),
    ],
)
def test_answers_beyond_a_scale_are_refused_with_the_scale(answers: list[float], hint: str) -> None:
    with pytest.raises(CstoolError) as refused:
        calc("CSAT\n" + "".join(f"{one}\n" for one in answers), "csat")
    assert hint in refused.value.hint


def test_a_0_is_the_lowest_answer_of_a_scale_to_10() -> None:
    result = calc(CSAT, "csat", given={"scale": 10})
    assert rows(result, "csat") == [(0.5,)]
    assert any("answers of 0" in note for note in result.notes)


def test_each_way_to_take_a_second_table_gives_a_result() -> None:
    assert rows(calc(TWICE, "mrr", duplicates="drop"), "mrr") == [(150,)]
    assert rows(calc(TWICE, "mrr", duplicates="sum"), "mrr") == [(250,)]


def test_a_second_table_of_other_months_is_read() -> None:
    months = "account,month,mrr\nAcme,2026-01,100\nTotal,,100\naccount,month,mrr\nAcme,2026-02,90\nTotal,,90\n"
    assert rows(calc(months, "mrr"), "mrr") == [(90,)]


def test_accounts_of_a_book_that_have_left_are_named_with_the_way_to_leave_them_out() -> None:
    result = calc(LEFT_BOOK, "book-of-business")
    (note,) = [one for one in result.notes if "Phase is 'Churned'" in one]
    condition = note.split('--where "')[1].split('"')[0]
    assert rows(calc(LEFT_BOOK, "book-of-business", where=condition), "accounts") == [(1,)]


def test_what_jira_exports_for_times_is_no_time_taken() -> None:
    data = "Issue key,Created,Resolved,Time to first response\nSUP-1,2026-02-02,2026-02-03,3h 30m\n"
    with pytest.raises(CstoolError) as refused:
        calc(data, "first-response-time")
    assert "left of a target" in refused.value.hint
