"""How the cost of `calc` grows with rows, with accounts against months, and with what is asked at once.

    python benchmarks/growth.py [--rows 1e6] [--folder DIR]

The data is a seeded ledger. Each line is a whole process: wall seconds, CPU seconds, peak MB. `docs/scale.md` holds the
table of a run, and what follows from it.
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
         strftime(date '2000-01-01' + to_months(m::int), '%Y-%m') as month,
         ((hash(a) % 100000 + hash(a, m // 5) % 4000) / 100)::decimal(18, 2) as mrr
  from range({rows} // {months}) t(a), range({months}) u(m) order by m, a
) to '{path}' (header, delimiter ',')
"""
ALL = (
    "nrr,grr,logo-churn,quick-ratio,mrr,arpa,new-mrr,expansion-revenue,contraction,churned-mrr,net-new-mrr"
    ",retention-rate"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cstool-benchmarks")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    rows = int(args.rows)
    print(f"{'what':<44} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}")
    for factor in (0.1, 0.3, 1, 3, 10):
        _line(f"{int(factor * rows):,} rows, 20 months", args.folder, int(factor * rows), 20, "nrr")
    for months in (2, 6, 20, 60, 200):
        _line(f"{rows // months:,} accounts in {months} months", args.folder, rows, months, "nrr")
    for metrics in ("nrr", "nrr,grr,logo-churn", ALL):
        _line(f"{len(metrics.split(','))} metrics of 1 window", args.folder, rows, 20, metrics, "--window", "1m")
    _line("3 metrics, 2 windows", args.folder, rows, 20, "nrr,grr,logo-churn")
    _line("12 metrics, each month", args.folder, rows, 20, ALL, "--every", "month", "--window", "1m")
    _line("12 metrics, each month by segment", args.folder, rows, 20, ALL, "--every", "month", "--by", "segment")
    _line("mrr-movements, each month", args.folder, rows, 20, "mrr-movements", "--every", "month")
    _line("cohort-retention", args.folder, rows, 20, "cohort-retention")


def _line(what: str, folder: Path, rows: int, months: int, metrics: str, *options: str) -> None:
    path = made(folder / f"grown-{rows}-{months}.csv", LEDGER, rows, months)
    window = ["--window", "1m"] if months < 13 and not options else []
    calc = [sys.executable, "-m", "cstool", "calc", metrics, str(path), "-f", "json", *options, *window]
    wall, cpu, peak = timed(calc, 1)
    print(f"{what:<44} {wall:>8.2f} {cpu:>8.2f} {peak:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
