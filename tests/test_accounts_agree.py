"""Each figure of `cstool accounts` is what `calc` gives for that account, whatever input type it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run

SLOW = pytest.mark.slow
DAYS = ("2026-10-31", "2026-08-15", "2025-03-01")
REVENUE = ("ledger", "wide", "subscriptions", "invoices", "mrr-changes", "mrr-deltas", "snapshot")


def _cases() -> list[object]:
    cases = [(shape, day) for shape in REVENUE for day in (DAYS[:1] if shape == "snapshot" else DAYS)]
    quick = {("ledger", DAYS[0]), ("subscriptions", DAYS[1])}
    return [pytest.param(*one, marks=() if one in quick else SLOW) for one in cases]


def _sample(cstool: Run, folder: Path, shape: str) -> str:
    file = folder / f"{shape}.csv"
    file.write_text(cstool("sample", shape, "--accounts", "25", "--seed", "7").out, encoding="utf-8")
    return file.name


@pytest.mark.parametrize(("shape", "day"), _cases())
def test_recurring_revenue_is_that_of_calc(cstool: Run, tmp_path: Path, shape: str, day: str) -> None:
    file = _sample(cstool, tmp_path, shape)
    header = (tmp_path / file).read_text(encoding="utf-8").partition("\n")[0].split(",")
    key = next(one for one in ("account", "customer_id", "account_id") if one in header)
    rows = {one["account"]: one for one in cstool("accounts", file, "--as-of", day, "-f", "json", cwd=tmp_path).json}
    asked = [] if shape == "snapshot" else ["--as-of", day]
    metrics = "mrr" if shape == "snapshot" else "mrr,net-new-mrr"
    told = cstool("calc", metrics, file, "--by", key, *asked, "-f", "json", cwd=tmp_path).json
    calc = {one[key]: one for one in told}
    assert rows
    for name, row in rows.items():
        one = calc.get(name, {"mrr": 0, "net_new_mrr": 0})
        assert row["mrr"] == one["mrr"], name
        if "net_new_mrr" in one:
            assert row["mrr_change"] == one["net_new_mrr"], name
    assert {name for name, one in calc.items() if one["mrr"]} <= rows.keys()
    name = next(name for name, row in rows.items() if row["mrr"])
    alone = cstool("calc", "mrr", file, "--where", f"{key} = '{name}'", *asked, "-f", "value", cwd=tmp_path)
    assert float(alone.out) == rows[name]["mrr"]


@SLOW
@pytest.mark.parametrize("day", DAYS[:2])
def test_usage_tickets_and_seats_are_those_of_calc(cstool: Run, tmp_path: Path, day: str) -> None:
    cstool("sample", "project", "-o", str(tmp_path / "of"), "--seed", "3")
    folder = tmp_path / "of" / "exports"
    files = ("events.csv", "tickets.csv", "seats.csv", "milestones.csv")
    rows = cstool("accounts", *files, "--as-of", day, "-f", "json", cwd=folder).json
    month = day[:7]

    def calc(metric: str, file: str, key: str, name: str, *more: str) -> dict[str, float]:
        ran = cstool("calc", metric, file, "--where", f"{key} = '{name}'", *more, "-f", "json", cwd=folder)
        return ran.json[-1] if ran.code == 0 else {}

    for row in rows:
        name = row["account"]
        tickets = calc("backlog", "tickets.csv", "Organization", name, "--as-of", month)
        if day.endswith("31") and tickets:
            assert row["open_tickets"] == tickets["open"]
        users = calc("mau", "events.csv", "account_id", name, "--as-of", day, "--set", "rolling=30")
        if users:
            assert row["active_users_30d"] == users["mau"]
        if day.endswith("31") and (seats := calc("utilization", "seats.csv", "account_id", name, "--as-of", month)):
            assert row["utilization"] == seats["utilization"]


def test_an_end_after_the_day_has_not_happened_and_a_month_after_it_does_not_count(cstool: Run, tmp_path: Path) -> None:
    (tmp_path / "subs.csv").write_text(
        "account,start date,contract end,mrr\nAsh,2026-01-15,2026-12-01,10\nElm,2026-03-01,2026-05-01,7\n",
        encoding="utf-8",
    )
    shown = ("accounts", "subs.csv", "-f", "json", "--as-of")
    ash, elm = cstool(*shown, "2026-04-20", cwd=tmp_path).json
    assert (ash["mrr"], ash["customer_since"], ash["renewal_date"], ash["days_to_renewal"]) == (
        10, "2026-01-15", "2026-12-01", 225,
    )  # fmt: skip
    assert (elm["mrr"], elm["renewal_date"]) == (7, "2026-05-01")
    ash, elm = cstool(*shown, "2026-05-20", cwd=tmp_path).json
    assert (elm["mrr"], elm["renewal_date"], elm["mrr_change"]) == (0, None, -7)
