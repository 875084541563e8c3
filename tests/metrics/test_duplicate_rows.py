"""Rows of one key: --where chooses before they are looked for, and options add up only what can be added."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cstool.errors import CstoolError
from tests.metrics.computing import calc

TICKETS = """id,created_at,state,active_row
1,2020-10-28 23:59:37,open,false
1,2020-10-28 23:59:37,closed,true
2,2020-10-29 23:59:37,closed,true
"""
ITEMS = """subscription_id,customer_id,start_date,unit_amount,quantity,interval
s1,c1,2026-01-05,10,3,month
s1,c1,2026-01-05,240,2,year
"""


def refused(text: str, metric: str, **options: object) -> CstoolError:
    with pytest.raises(CstoolError) as error:
        calc(text, metric, **options)  # type: ignore[arg-type]
    return error.value


def test_where_chooses_before_duplicates_are_looked_for() -> None:
    rows = calc(TICKETS, "ticket-volume", where="active_row = 'true'").rows
    assert rows[-1]["ticket_volume"] == 2


def test_duplicates_among_the_chosen_rows_are_refused() -> None:
    error = refused(TICKETS, "ticket-volume", where="id <> '3'")
    assert "duplicate" in error.message
    assert "sum" not in error.hint


def test_rows_of_tickets_are_not_added_up() -> None:
    assert "sum" not in refused(TICKETS, "ticket-volume").hint
    assert "not added up" in refused(TICKETS, "ticket-volume", duplicates="sum").message


def test_items_of_a_subscription_count_each_with_their_quantity_and_interval() -> None:
    rows = calc(ITEMS, "mrr", duplicates="sum", as_of="2026-01").rows
    assert rows[-1]["mrr"] == Decimal(30 + 40)


def test_sums_are_of_the_rows_that_where_chooses() -> None:
    text = "account,segment,starting_mrr,ending_mrr\na,x,10,10\na,x,10,5\na,y,100,0\n"
    assert calc(text, "nrr", duplicates="sum", where="segment = 'x'").rows[0]["nrr"] == Decimal("0.75")


@pytest.mark.parametrize("where", ["segment > 5", "segment = ", "starting_mrr = 'abc'", "segment and 1"])
def test_a_condition_that_does_not_fit_is_refused_without_words_of_the_engine(where: str) -> None:
    text = "account,segment,starting_mrr,ending_mrr\na,x,10,10\nb,x,10,5\n"
    error = refused(text, "nrr", where=where)
    for word in ("Error", "VARCHAR", "DECIMAL", "cast", "LINE", "syntax"):
        assert word not in " ".join(error.lines())
