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
        pytest.param(ARR, "mrr", 150, "ARR is not 12 times MRR in 1 row", id="ARR that contradicts MRR is named"),
    ],
)
def test_a_question_is_answered_at_once(data: str, metric: str, wanted: float, note: str) -> None:
    result = calc(data, metric)
    found = rows(result, metric.replace("-", "_"))[-1][0]
    assert float(str(found)) == pytest.approx(wanted, abs=1e-9)
    assert any(note in one for one in result.notes), result.notes


@pytest.mark.parametrize(
    ("data", "metric", "hint"),
    [
        pytest.param(
            PADDLE.replace("billing_cycle_frequency", "recurrence_length"), "mrr", '--map interval_count="recurrence_length"',
            id="a count of intervals under an unknown name",
        ),
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
