"""Subscriptions with two columns of ends: the end that happened, or a refusal whose options settle it."""

from __future__ import annotations

import re

import pytest

from cstool.errors import InputError
from tests.metrics.computing import calc, rows

TURNS = """\
Customer Name,MRR,Status,Activated On,Cancelled On,Expires On
Acme,10,Cancelled,2025-01-04,2025-03-04,
Globex,20,Expired,2025-01-04,,2025-02-04
Initech,30,Live,2025-01-04,,
"""
AGREED = TURNS.replace("Live,2025-01-04,,", "Live,2025-01-04,,2025-02-20")
WITHOUT_STATUS = """\
Customer,MRR,Start Date,Canceled At,Contract End Date
Acme,10,2025-01-04,2025-03-04,2026-01-04
Globex,20,2025-01-04,,2026-02-04
Initech,30,2025-01-04,,2026-01-04
"""
PASSED = WITHOUT_STATUS.replace(",,2026-02-04", ",,2025-02-04")
LATER = """\
customer,mrr,started_at,canceled_at,expires_at
Acme,10,2025-01-04,2025-02-20,2025-03-04
Globex,20,2025-01-04,,
Initech,30,2025-03-09,,
"""
AHEAD = LATER.replace("2025-03-04", "2025-05-04")
BLANK = LATER.replace("2025-03-04", "")


@pytest.mark.parametrize(
    ("data", "mrr", "churn", "note"),
    [
        pytest.param(TURNS, 30, 0.5, "where that is blank and Status says", id="ends that take turns"),
        pytest.param(AGREED, 30, 0.5, "where that is blank and Status says", id="a live one was renewed at its end"),
        pytest.param(WITHOUT_STATUS, 50, 1 / 3, "was only agreed", id="an agreed end that lies ahead"),
        pytest.param(LATER, 50, 0.5, "expires_at is taken as the end", id="the end of what was canceled before"),
        pytest.param(BLANK, 50, 0, "up to 2025-03", id="a column without a cell is none"),
    ],
)
def test_the_end_that_happened_counts(data: str, mrr: float, churn: float, note: str) -> None:
    result = calc(data, "mrr", "logo-churn")
    assert [float(str(one)) for one in rows(result)[-1][1:]] == pytest.approx([mrr, churn])
    assert any(note in one for one in result.notes)


@pytest.mark.parametrize(
    ("data", "first", "second"), [pytest.param(PASSED, 0.5, 1 / 3, id="passed"), pytest.param(AHEAD, 0, 0, id="ahead")]
)
def test_each_option_of_a_refusal_gives_a_result(data: str, first: float, second: float) -> None:
    with pytest.raises(InputError, match="hold ends") as refused:
        calc(data, "logo-churn")
    ways = [dict(re.findall(r'--map (\w+)="([^"]+)"', way)) for way in refused.value.hint.split(";")]
    found = [rows(calc(data, "logo-churn", mapping=way))[-1][1] for way in ways]
    assert [float(str(one)) for one in found] == pytest.approx([first, second])


def test_a_row_that_is_over_without_its_end_names_the_other_column() -> None:
    with pytest.raises(InputError) as refused:
        calc(TURNS, "mrr", mapping={"end_date": "Cancelled On"})
    assert '--map agreed_end="Expires On"' in refused.value.hint
    mapping = {"end_date": "Cancelled On", "agreed_end": "Expires On"}
    assert rows(calc(TURNS, "mrr", mapping=mapping)) == [("2025-03", 30)]
