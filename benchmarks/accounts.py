"""What the list of accounts costs: five files of 20,000 accounts, against `calc` on each of them.

    python benchmarks/accounts.py [--rows 1e6] [--accounts 2e4] [--runs 3] [--folder DIR]

Each line is a whole process, the best of some runs: wall seconds, CPU seconds, peak MB, and the wall seconds by those
of `calc` on all files, one after the other. Exits with 1 where the list takes more than 3 times as long or 600 MB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from throughput import made, timed

COPY = "copy ({query}) to '{{path}}' (header, delimiter ',')"
KEY = "'A-' || lpad((hash({}) % {{months}})::varchar, 6, '0')"
DAY = "date '2025-01-01' + (hash(i, 7) % 660)::int"
FILES = {
    "accounts": COPY.format(
        query="select 'A-' || lpad(a::varchar, 6, '0') as account_id, 'Name ' || a as account,"
        " 'csm ' || (hash(a) % 7) as csm, date '2026-01-01' + (hash(a) % 700)::int as renewal_date"
        " from range({rows}) t(a)"
    ),
    "events": COPY.format(
        query=f"select {KEY.format('i')} as account_id, {KEY.format('i')} || '-u' || hash(i, 3) % 9 as user_id,"
        f" 'feature ' || hash(i, 5) % 12 as feature,"
        " strftime(timestamp '2025-01-01' + to_seconds((hash(i, 7) % 57000000)::int), '%Y-%m-%d %H:%M:%S')"
        " as timestamp"
        " from range({rows}) t(i)"
    ),
    "tickets": COPY.format(
        query=f"select i as ticket, 'Name ' || hash(i) % {{months}} as account, {DAY} as created_at,"
        f" if(hash(i) % 9 = 0, null, {DAY} + (hash(i) % 20)::int) as solved_at from range({{rows}}) t(i)"
    ),
    "invoices": COPY.format(
        query=f"select i as invoice, {KEY.format('i')} as account_id, {DAY} as invoice_date,"
        " (hash(i, 2) % 100000)::decimal(18, 2) / 100 as amount from range({rows}) t(i)"
    ),
    "seats": COPY.format(
        query="select 'A-' || lpad(a::varchar, 6, '0') as account_id, 50 as seats_purchased, hash(a) % 50 as seats_used"
        " from range({rows}) t(a)"
    ),
}
METRICS = {"events": "stickiness", "tickets": "ticket-volume", "invoices": "mrr", "seats": "utilization"}
SHARES = {"events": 0.5, "tickets": 0.2, "invoices": 0.3}
MOST, MEGABYTES = 3, 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--accounts", type=float, default=2e4)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cstool-benchmarks")
    args = parser.parse_args()
    folder = args.folder / f"accounts-{int(args.accounts)}-{int(args.rows)}"
    folder.mkdir(parents=True, exist_ok=True)
    accounts = int(args.accounts)
    files = {
        name: made(folder / f"{name}.csv", query, int(args.rows * SHARES.get(name, 0)) or accounts, accounts)
        for name, query in FILES.items()
    }
    command = [sys.executable, "-m", "cstool"]
    print(f"{'what':<40} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'to calc':>8}")
    whole = 0.0
    for name, metric in METRICS.items():
        cost = timed([*command, "calc", metric, str(files[name]), "-f", "json"], args.runs)
        whole += cost[0]
        _line(f"calc {metric}", cost)
    listed = timed([*command, "accounts", *map(str, files.values()), "--as-of", "2026-10-31", "-f", "csv"], args.runs)
    _line(f"accounts, {accounts:,} of five files", listed, whole)
    sys.exit(listed[0] > MOST * whole or listed[2] > MEGABYTES)


def _line(what: str, cost: tuple[float, float, float], whole: float = 0) -> None:
    wall, cpu, peak = cost
    print(f"{what:<40} {wall:>8.2f} {cpu:>8.2f} {peak:>8.0f} {f'{wall / whole:.2f}' if whole else '':>8}", flush=True)


if __name__ == "__main__":
    main()
