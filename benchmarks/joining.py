"""What joining a list of accounts costs: NRR of a ledger by a column of its own, and by one of another file.

    python benchmarks/joining.py [--rows 1e6] [--accounts 1e5] [--runs 3] [--folder DIR]

Each line is a whole process, the best of some runs: wall seconds, CPU seconds, peak MB, and the wall seconds by those
of the same question without the join. A tenth of the accounts match by their name, and one in a thousand does not.
Exits with 1 where a join takes more than 1.5 times as long.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from throughput import made, timed

LEDGER = """
copy (
  select 'acct_' || lpad(a::varchar, 9, '0') as account, 'segment ' || (hash(a) % 7) as segment,
         strftime(date '2024-01-01' + to_months(m::int), '%Y-%m') as month,
         ((hash(a) % 100000 + hash(a, m // 5) % 4000) / 100)::decimal(18, 2) as mrr
  from range({rows} // {months}) t(a), range({months}) u(m) order by m, a
) to '{path}' (header, delimiter ',')
"""
ACCOUNTS = """
copy (
  select if(a % 10 = 0, 'key_' || a, 'acct_' || lpad(a::varchar, 9, '0')) as account_id,
         if(a % 10 = 0, 'acct_' || lpad(a::varchar, 9, '0'), 'Name ' || a) as account,
         'csm ' || (hash(a) % 7) as csm
  from range({rows}) t(a) where a % 1000 <> 1 order by hash(a)
) to '{path}' (header, delimiter ',')
"""
MOST = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--accounts", type=float, default=1e5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cstool-benchmarks")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    rows, accounts = int(args.rows), int(args.accounts)
    months = max(2, rows // accounts)
    ledger = made(args.folder / f"joining-{rows}-{months}.csv", LEDGER, rows, months)
    listed = made(args.folder / f"joining-accounts-{accounts}.csv", ACCOUNTS, accounts, 1)
    calc = [sys.executable, "-m", "cstool", "calc", "nrr", str(ledger), "-f", "json", "--window", "1m"]
    join = ["--join", str(listed)]
    print(f"{'what':<40} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'to none':>8}")
    slow = False
    for plain, joined in (
        (["--by", "segment"], [*join, "--by", "csm"]),
        (["--where", "segment <> 'segment 1'"], [*join, "--where", "csm <> 'csm 1'"]),
    ):
        without = timed([*calc, *plain], args.runs)
        with_join = timed([*calc, *joined], args.runs)
        _line(f"{plain[0]} of the ledger itself", without, without)
        _line(f"{plain[0]} of {accounts:,} accounts joined", with_join, without)
        slow = slow or with_join[0] > MOST * without[0]
    sys.exit(slow)


def _line(what: str, cost: tuple[float, float, float], without: tuple[float, float, float]) -> None:
    wall, cpu, peak = cost
    print(f"{what:<40} {wall:>8.2f} {cpu:>8.2f} {peak:>8.0f} {wall / without[0]:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
