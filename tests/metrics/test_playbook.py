"""The bridge of a public company of 121 subscriptions, month by month, as a public dbt package makes it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from tests.conftest import Run
from tests.metrics.computing import calc

DATA = Path(__file__).parent / "data"
SUBSCRIPTIONS = DATA / "playbook_subscriptions.csv"

# Our column -> theirs, and the sign of theirs.
COLUMNS = {
    "opening": ("opening_mrr", 1),
    "new": ("new_mrr", 1),
    "reactivation": ("reactivation_mrr", 1),
    "expansion": ("upgrade_mrr", 1),
    "contraction": ("downgrade_mrr", -1),
    "churned": ("churn_mrr", -1),
    "closing": ("closing_mrr", 1),
    "customers": ("active_customers", 1),
}


def published() -> Iterator[dict[str, str]]:
    with (DATA / "playbook_bridge.csv").open(newline="") as lines:
        yield from csv.DictReader(lines)


def test_every_month_of_the_bridge_agrees_to_the_cent(cstool: Run) -> None:
    ran = cstool("calc", "mrr-movements", str(SUBSCRIPTIONS), "--every", "month", "--as-of", "2020-02", "-f", "json")
    assert ran.code == 0, ran.err
    bridge = {row["period"]: {name: Decimal(str(row[name])) for name in COLUMNS} for row in ran.json}
    expected = {
        row["date_month"][:7]: {ours: Decimal(row[theirs]) * sign for ours, (theirs, sign) in COLUMNS.items()}
        for row in published()
    }
    assert len(expected) == 26
    assert {month: bridge.get(month) for month in expected} == expected


def test_the_customers_lost_in_every_month_agree() -> None:
    result = calc(SUBSCRIPTIONS.read_text(), "logo-churn", every="month", as_of="2020-02", explain=True)
    lost = {row["period"]: row["customers_lost"] for row in result.rows}
    # In the first month that is told nobody could be lost, so it has no rate and no row.
    expected = {row["date_month"][:7]: int(row["n_churn"]) for row in published()}
    assert expected.pop("2018-01") == 0
    assert {month: lost.get(month) for month in expected} == expected


def test_the_bridge_of_the_quarter_counts_each_customer_at_its_two_ends_only() -> None:
    [row] = [
        row
        for row in calc(SUBSCRIPTIONS.read_text(), "mrr-movements", every="quarter").rows
        if row["period"] == "2019-Q4"
    ]
    opening, closing = (row["opening"], row["closing"])
    assert (opening, closing) == (1455, 1255)  # the closing MRR of 2019-09 and 2019-12
