"""Lists of customers without dates, and deals as other CRMs export them."""

from __future__ import annotations

from typing import Any

import pytest

from cstool.errors import CstoolError, InputError
from tests.metrics.computing import answer, calc

FLAGS = "Customer,Plan,MRR,Churned,Churn Month\nA,Pro,100,No,\nB,Pro,200,Yes,2026-03\nC,Basic,50,Yes,2026-02\n"
KNOWN = "Customer,MRR,Customer At Start,Churned\nA,100,Yes,No\nB,200,Yes,Yes\nC,300,Yes,No\nD,400,No,No\n"
CLOSE = """id,lead_name,status_label,status_type,value,value_period,date_created,date_won,date_lost
1,A,Signed it,won,1000,one_time,2026-01-01,2026-02-10,
2,B,No budget,lost,2000,one_time,2026-01-05,,2026-02-20
3,C,Signed it,won,3000,one_time,2026-01-10,2026-03-11,
4,D,In talks,active,4000,one_time,2026-02-01,,
"""
COPPER = """Opportunity Id,Name,Company,Status,Value,Close Date,Created At
1,Big one,A,Won,1000,2026-02-10,2026-01-01
2,Small one,B,Lost,2000,2026-02-20,2026-01-05
3,Old one,C,Open,4000,2026-04-30,2026-02-01
4,Odd one,D,Abandoned,500,2026-03-15,2026-02-01
"""


@pytest.mark.parametrize("options", [{}, {"mapping": {"month": "Churn Month"}}, {"shape": "churn-flags"}])
def test_flags_without_a_start_are_refused_with_what_is_missing(options: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        calc(FLAGS, "logo-churn", **options)
    assert "nothing says since when each was a customer" in refused.value.hint
    assert "cstool sample churn-flags" in refused.value.hint
    assert "--map month" not in refused.value.hint


def test_the_columns_that_the_hint_asks_for_lead_to_a_number() -> None:
    assert calc(KNOWN, "logo-churn").rows[0]["logo_churn"] == pytest.approx(1 / 3)


def test_amounts_beside_flags_are_not_said_to_be_missing() -> None:
    with pytest.raises(InputError, match="churn-flags") as refused:
        calc(KNOWN, "mrr")
    assert "Start Date" in refused.value.hint


def test_a_list_with_amounts_and_no_dates_leads_to_their_sum() -> None:
    text = "Account Name,Owner,ARR\nA,Ana,1200\nB,Bo,2400\n"
    with pytest.raises(InputError) as refused:
        calc(text, "arr")
    assert "calc book-of-business" in refused.value.hint
    assert {row["csm"]: row["arr"] for row in calc(text, "book-of-business").rows} == {"Ana": 1200, "Bo": 2400}


def test_deals_with_a_day_won_and_a_day_lost_are_read() -> None:
    row = answer(CLOSE, "win-rate", "sales-cycle", "pipeline")
    assert row["win_rate"] == pytest.approx(2 / 3)
    assert row["sales_cycle"] == 50
    assert row["pipeline"] == 4000


def test_amounts_of_months_and_years_are_not_added_up_in_silence() -> None:
    assert not any("value_period" in note for note in calc(CLOSE, "pipeline").notes)
    mixed = CLOSE.replace("4000,one_time", "4000,monthly")
    assert any("value_period differs (monthly, one_time)" in note for note in calc(mixed, "pipeline").notes)


def test_an_abandoned_deal_is_not_open_and_the_company_is_the_account() -> None:
    result = calc(COPPER, "win-rate", "pipeline")
    assert result.rows[0]["win_rate"] == pytest.approx(1 / 3)
    assert result.rows[0]["pipeline"] == 4000
    assert any("account = Company" in note for note in result.notes)


@pytest.mark.parametrize("header", ["Satisfaction", "Satisfaction (1-5)", "Niveau de satisfaction", "Zufriedenheit"])
def test_satisfaction_is_the_answer_where_it_is_asked_for(header: str) -> None:
    text = f"Account,Answered,{header}\nA,2026-03-01,5\nB,2026-03-02,2\n"
    assert calc(text, "csat", as_of="2026-03").rows[0]["csat"] == 0.5


@pytest.mark.parametrize("header", ["Jahreswert", "Annual fee agreed", "Valor anual", "Montant annuel"])
def test_a_year_in_the_name_of_a_column_that_is_mapped_is_not_a_month(header: str) -> None:
    text = f"Customer,Contract Start,Contract End,{header}\nA,2025-01-01,2025-12-31,12000\n"
    result = calc(text, "mrr", mapping={"mrr": header}, as_of="2025-06")
    assert result.rows[0]["mrr"] == 1000
    assert any("divided by 12" in note for note in result.notes)


def test_a_flag_that_is_mapped_is_refused_as_well() -> None:
    text = FLAGS.replace("Churned,", "Gone Away,")
    with pytest.raises(CstoolError):
        calc(text, "mrr", mapping={"churn_flag": "Gone Away"})


def test_a_list_without_amounts_leads_to_when_each_left() -> None:
    text = "Company,Status,Since,Gone\nA,Active,2024-01-05,\nB,Churned,2024-02-05,2025-06-10\n"
    with pytest.raises(InputError) as refused:
        calc(text.replace("Gone", "Note"), "logo-churn")
    assert "--map end_date=COLUMN" in refused.value.hint
    assert calc(text, "logo-churn", mapping={"end_date": "Gone"}).rows[0]["logo_churn"] == 0.5


def test_accounts_with_a_status_and_no_dates_lead_to_what_they_pay_now() -> None:
    with pytest.raises(InputError) as refused:
        calc("Account,Segment,ARR,Status\nAcme,Ent,12,Active\nBeta,SMB,6,Churned\n", "arr")
    assert "calc book-of-business --map csm=COLUMN" in refused.value.hint
