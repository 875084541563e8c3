"""Rows that --where chooses are told of until the file's last day, not until their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.computing import calc, rows, table

USERS = table(
    "user,segment,signed_up_at,activated_at",
    [("a", "x", "2026-01-01", "2026-01-02"), ("b", "x", "2026-01-08", None), ("c", "y", "2026-03-01", None)],
)
NOTICES = table(
    "account,segment,notice_date,withdrawn_on,churn_date",
    [
        ("a", "x", "2026-01-01", "2026-01-05", None),
        ("b", "x", "2026-01-02", None, "2026-02-01"),
        ("c", "y", "2026-06-01", None, None),
    ],
)
DEPARTURES = table(
    "account,segment,churn_date,returned_at",
    [("a", "x", "2026-01-01", "2026-01-20"), ("b", "x", "2026-01-31", None), ("c", "y", "2026-06-01", None)],
)
EVENTS = table(
    "user,segment,timestamp",
    [("a", "x", "2026-01-31"), ("b", "x", "2026-02-20"), ("c", "y", "2026-02-28"), ("d", "x", "2026-02-25")],
)


@pytest.mark.parametrize(
    ("data", "metric", "given"),
    [
        (USERS, "activation-rate", {}),
        (NOTICES, "save-rate", {}),
        (DEPARTURES, "win-back-rate", {"days": 30}),
        (EVENTS, "wau", {}),
        (EVENTS, "mau", {"rolling": 7}),
    ],
)
def test_a_group_has_the_same_value_chosen_as_in_its_row(data: str, metric: str, given: dict[str, Any]) -> None:
    key = metric.replace("-", "_")
    chosen = rows(calc(data, metric, where="segment = 'x'", given=given), key)
    assert chosen == [row[1:] for row in rows(calc(data, metric, by="segment", given=given), "segment", key)][:1]


def test_a_condition_on_days_says_how_far_the_file_is_to_go() -> None:
    found = calc(EVENTS, "mau", where="timestamp < '2026-02-21'", given={"rolling": 21})
    assert rows(found, "mau") == [(2,)]
