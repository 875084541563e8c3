"""Groups, conditions, series, windows, accounts: every way to ask comes to the same rows on Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cstool.model.periods import FiscalYear
from cstool.samples import sample_csv
from tests.spark.conftest import Ask

ACCOUNTS = """\
account,segment,opening_mrr,closing_mrr
K1,North,7000.00,8250.00
K2,North,1200.00,1200.00
K3,south,940.00,610.00
K4,South,35.00,0.00
K5,,0.00,480.33
"""


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS)
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text("".join(sample_csv("ledger", accounts=25)))
    return path


@pytest.mark.parametrize(
    "options",
    [
        {"by": ("segment", "region"), "total": True, "explain": True},
        {"every": "month", "window": 1, "by": ("segment",)},
        {"every": "quarter"},
        {"every": "year", "year": FiscalYear(2), "compare": "previous"},
        {"every": "year", "total": True, "by": ("region",)},
        {"as_of": "2026-03", "window": 6},
        {"annualise": True, "window": 7, "explain": True},
        {"accounts": True, "by": ("segment",), "window": 3},
        {"where": "segment <> 'SMB' and region like 'A%'", "every": "quarter"},
        {"variants": ("with-reactivation",)},
        {"mapping": {"account": "account", "mrr": "mrr"}, "shape": "ledger"},
        {"cents": True},
    ],
    ids=str,
)
def test_ways_to_ask_of_a_ledger(options: dict[str, Any], ledger: Path, both: Ask) -> None:
    found = both(ledger, "nrr", "logo-churn", **options)
    assert found.rows
    assert not found.here


CONDITIONS = [
    "segment = 'North'",
    "segment in ('North', 'South') and account <> 'K1'",
    "opening_mrr between 30 and 1300 or segment is null",
    "segment ilike '%OUT%' and not account like 'K\\_%' escape '\\'",
    "length(segment) = 5 and contains(account, 'K')",
    "regexp_matches(segment, '^[NS]o')",
    "regexp_full_match(account, 'K[1-3]')",
    "segment is not distinct from 'South'",
    "case when opening_mrr > 100 then true else false end",
    "upper(left(segment, 1)) || 'x' = 'Sx'",
    "trim(segment, 'Nh') = 'ort'",
    "round(opening_mrr / 3, 2) > 100 and opening_mrr / 0 is null",
    "opening_mrr // 1000 = 1 or opening_mrr % 7 = 0",
    "starts_with(segment, 'No') and not ends_with(account, '2')",
    "concat(segment, account) = 'NorthK1' or replace(segment, 'South', 'x') = 'x'",
    "account = 'nobody'",
    "regexp_matches(account, '\\d') and not regexp_matches(segment, '\\.')",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_choose_the_same_rows(condition: str, accounts: Path, both: Ask) -> None:
    both(accounts, "nrr", "mrr", where=condition)


def test_a_condition_that_is_none_is_refused_before_spark_sees_it(accounts: Path, both: Ask) -> None:
    for condition in ("segment =", "account in (select 1)", "read_csv('x')", "version() = 'x'"):
        assert both(accounts, "nrr", where=condition).error


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("segment ~ 'N.*'", "~ cannot be translated"),
        ("not segment ~ 'North'", "~ cannot be translated"),
        ("segment[1] = 'N'", "an element in brackets"),
        ("segment glob 'N*'", "glob"),
        ("segment similar to 'N.*'", "similar to"),
        ("try_cast(segment as date) is null", "try_cast"),
        ("cast(opening_mrr / 7 as integer) = 2", "a cast to a whole number"),
        ("regexp_matches(segment, 'north', 'i')", "regexp_matches with options"),
        ("regexp_matches(segment, account)", "regexp_matches with a pattern that is not in quotes"),
        ("regexp_matches(segment, '[[:alpha:]]')", "regexp_matches with [[:"),
        ("regexp_matches(segment, '[a-z&&[o]]')", "regexp_matches with &&"),
        ("regexp_full_match(segment, '(?i)north')", "regexp_full_match with (?"),
        (r"regexp_matches(segment, '\bN')", "regexp_matches with \\ in its pattern"),
        (r"segment like 'No\_th'", "like with a backslash"),
        ("segment like account", "like with a pattern"),
        ("left(segment, -1) = 'Nort'", "left with a number"),
        ("substr(segment, 0, 2) = 'N'", "substr with a number"),
    ],
)
def test_a_condition_that_spark_understands_otherwise_is_refused_by_name(
    condition: str, what: str, accounts: Path, on_spark: Ask
) -> None:
    assert on_spark(accounts, "nrr", where=condition).error[0].startswith(f"--where: {what}")


def test_groups_that_look_alike_are_told_and_blank_ones_kept(accounts: Path, both: Ask) -> None:
    found = both(accounts, "nrr", by=("segment",))
    assert any("counted as different groups" in note for note in found.notes)
    assert found.rows[-1]["segment"] is None


@pytest.mark.parametrize(
    ("written", "options"),
    [
        ("{2}/{1}/{0}", {}),
        ("{1}/{2}/{0}", {}),
        ("{1}/{2}/{0}", {"date_order": "mdy"}),
        ("{0}{1}{2}", {}),
        ("{0}-{1}-{2}T10:30:00Z", {}),
    ],
)
def test_dates_are_read_alike_however_they_are_written(
    written: str, options: dict[str, Any], tmp_path: Path, both: Ask
) -> None:
    path = tmp_path / "subscriptions.csv"
    lines = [
        f"S{i},A{i % 9},{written.format(2025, f'{1 + i % 12:02}', f'{1 + i * 5 % 28:02}')},{100 + i}.10,month"
        for i in range(40)
    ]
    path.write_text("\n".join(["subscription,account,start_date,amount,interval", *lines]) + "\n")
    assert both(path, "mrr", "nrr", every="quarter", window=3, **options).rows


def test_subscriptions_of_all_intervals_and_quantities_are_exact(tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "subscriptions.csv"
    intervals = ["day", "week", "fortnight", "month", "quarter", "half-year", "year", "2 years"]
    lines = [f"A{i},2025-0{1 + i}-15,{17 + i}.37,{each},{1 + i}" for i, each in enumerate(intervals)]
    path.write_text("\n".join(["account,start_date,amount,interval,quantity", *lines]) + "\n")
    assert not both(path, "mrr", "arr", every="month", explain=True).here


def test_invoices_are_spread_to_the_cent(tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "invoices.csv"
    days = [f"2025-{1 + i % 12:02}-{1 + i:02}" for i in range(1, 25)]
    ends = [f"2026-{1 + i % 9:02}-17" for i in range(1, 25)]
    lines = [
        f"I{i},A{i % 5},{day},{day},{end},{i * 333}.{i:02}" for i, (day, end) in enumerate(zip(days, ends, strict=True))
    ]
    path.write_text("\n".join(["invoice,account,date,service_start,service_end,amount", *lines]) + "\n")
    assert not both(path, "mrr", "nrr", every="month", window=1).here


def test_amounts_too_large_to_add_up_are_refused(tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "accounts.csv"
    rows = "".join(f"A{i},{'9' * 35}.99,1.00\n" for i in range(200))
    path.write_text("account,starting_mrr,ending_mrr\n" + rows)
    assert "too large" in both(path, "nrr").error[0]


def test_a_sample_of_times_is_grouped_by_month_alike(tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("".join(sample_csv("tickets")))
    assert both(path, "first-response-time", every="month", by=("Group",)).rows
    assert both(path, "backlog", every="quarter").rows
    assert both(path, "ticket-volume", "first-response-time", every="week", weeks=4, by=("Group",)).rows
