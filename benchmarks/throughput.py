"""How long `calc nrr` takes on ledgers of growing length, against a hand-written DuckDB query over the same file.

    python benchmarks/throughput.py [--rows 1e5 1e6 1e7] [--folder DIR]

The data is seeded and made once (20 months an account). Each line is a whole process: wall seconds, CPU seconds, peak
MB. cstool reads every cell as text, casts it exactly, and checks every account and month for duplicates; the query
does neither.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MONTHS = 20
MAKE = """
copy (
  select 'acct_' || lpad(a::varchar, 7, '0') as account,
         strftime(date '2024-01-01' + to_months(m::int), '%Y-%m') as month,
         case when hash(a) % 10 = 0 and m < 8 then 0
              when hash(a + 1) % 12 = 0 and m > 13 then 0
              else ((hash(a) % 100000 + (hash(a, m // 5) % 4000)) / 100)::decimal(18, 2) end as mrr
  from range({accounts}) t(a), range({months}) u(m) order by m, a
) to '{path}' (header, delimiter ',')
"""
BY_HAND = """
import duckdb
rows = duckdb.sql('''
  with ledger as (
    select account, strptime(month, '%Y-%m')::date as month, mrr
    from read_csv('{path}', header = true,
                  columns = {{'account': 'VARCHAR', 'month': 'VARCHAR', 'mrr': 'DECIMAL(18,2)'}})
  ),
  pairs as (
    select account, month, mrr, 0 as opens from ledger
    union all select account, (month + interval 12 month)::date, mrr, 1 from ledger
  ),
  accounts as (
    select month, account, sum(mrr) filter (opens = 1) as starting, sum(mrr) filter (opens = 0) as ending
    from pairs group by all
  )
  select month, sum(ending) filter (starting > 0) / sum(starting) as nrr
  from accounts group by month having sum(starting) > 0 and max(ending) is not null order by month
''').fetchall()
print(len(rows))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="+", type=float, default=[1e5, 1e6, 1e7])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cstool-benchmarks")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    print(f"{'rows':>12} {'what':<12} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'to hand':>8}")
    for rows in map(int, args.rows):
        path = _ledger(args.folder, rows)
        by_hand = _timed([sys.executable, "-c", BY_HAND.format(path=path)])
        own = _timed([sys.executable, "-m", "cstool", "calc", "nrr", str(path), "--every", "month", "-f", "json"])
        for what, (wall, cpu, peak) in (("by hand", by_hand), ("cstool", own)):
            print(f"{rows:>12,} {what:<12} {wall:>8.2f} {cpu:>8.2f} {peak:>8.0f} {wall / by_hand[0]:>8.2f}")


def _ledger(folder: Path, rows: int) -> Path:
    path = folder / f"ledger-{rows}.csv"
    if not path.exists():
        import duckdb

        duckdb.sql(MAKE.format(accounts=rows // MONTHS, months=MONTHS, path=path))
    return path


def _timed(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of a process; the best of three runs."""
    best = (float("inf"), 0.0, 0.0)
    for _ in range(3):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status:
            raise SystemExit(f"failed: {' '.join(command[:4])}")
        best = min(best, (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return best


if __name__ == "__main__":
    main()
