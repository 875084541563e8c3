"""Retention over files of growing length, by cstool and by what people would use instead.

    python benchmarks/throughput.py [--rows 1e5 1e6 1e7] [--python PATH] [--folder DIR] [--runs 3]

Two questions: NRR and GRR by segment of `accounts`, a row each with opening and closing MRR; and NRR of every month of
a `ledger` of 20 months. The data is seeded and made once (1e8 rows take 4 GB). Each line of the tables is a whole
process, the best of some runs: wall seconds, CPU seconds, peak MB, and the wall seconds by those of the best of the
others. The last table says how each grows from the smallest to the largest file. `--python` names an interpreter that
has polars and pandas; what is not installed is left out, and what would take minutes too.

cstool reads every cell as text, casts it exactly, looks for totals rows and for accounts that stand twice; the others
take the file's word for it, but for `duckdb, checked`: a query by hand that reads text, casts only what is written
plainly, and counts accounts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

MONTHS = 20
MAKE_ACCOUNTS = """
copy (
  select 'acct_' || lpad(i::varchar, 9, '0') as account, 'segment ' || (hash(i) % 7) as segment,
         ((hash(i + 1) % 500000) / 100)::decimal(18, 2) as starting_mrr,
         ((hash(i + 2) % 500000) / 100)::decimal(18, 2) as ending_mrr
  from range({rows}) t(i)
) to '{path}' (header, delimiter ',')
"""
MAKE_LEDGER = """
copy (
  select 'acct_' || lpad(a::varchar, 7, '0') as account,
         strftime(date '2024-01-01' + to_months(m::int), '%Y-%m') as month,
         case when hash(a) % 10 = 0 and m < 8 then 0
              when hash(a + 1) % 12 = 0 and m > 13 then 0
              else ((hash(a) % 100000 + (hash(a, m // 5) % 4000)) / 100)::decimal(18, 2) end as mrr
  from range({rows} // {months}) t(a), range({months}) u(m) order by m, a
) to '{path}' (header, delimiter ',')
"""
LEDGER = """
import duckdb
print(duckdb.sql('''
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
  from accounts group by month having sum(starting) > 0 and max(ending) is not null order by month''').fetchall())
"""
PLAIN = "case when regexp_full_match({0}, '-?[0-9]{{1,16}}([.][0-9]{{1,2}})?') then {0}::decimal(18, 2) end as {0}"
CHECKED = """
import duckdb
duckdb.sql('''
  create temp table cells as
  select trim(account) as account, trim(segment) as segment, {starting}, {ending}
  from read_csv('{path}', header = true, all_varchar = true)''')
unread, twice = duckdb.sql('''
  select count(*) filter (starting_mrr is null or ending_mrr is null or account is null),
         count(*) - count(distinct account) from cells''').fetchall()[0]
assert not unread and not twice
print(duckdb.sql('''
  select segment, sum(ending_mrr) filter (where starting_mrr > 0) / sum(starting_mrr) as nrr,
         sum(least(starting_mrr, ending_mrr)) / sum(starting_mrr) as grr
  from cells group by segment order by segment''').fetchall())
"""
DUCKDB = """
import duckdb
print(duckdb.sql('''
  select segment, sum(ending_mrr) filter (where starting_mrr > 0) / sum(starting_mrr) as nrr,
         sum(least(starting_mrr, ending_mrr)) / sum(starting_mrr) as grr
  from read_csv('{path}', header = true, columns = {{'account': 'VARCHAR', 'segment': 'VARCHAR',
                'starting_mrr': 'DECIMAL(18,2)', 'ending_mrr': 'DECIMAL(18,2)'}})
  group by segment order by segment''').fetchall())
"""
POLARS = """
import polars as pl
kept = pl.min_horizontal("starting_mrr", "ending_mrr")
print(pl.scan_csv("{path}").group_by("segment").agg(
    (pl.col("ending_mrr").filter(pl.col("starting_mrr") > 0).sum() / pl.col("starting_mrr").sum()).alias("nrr"),
    (kept.sum() / pl.col("starting_mrr").sum()).alias("grr"),
).sort("segment").collect(engine="streaming"))
"""
PANDAS = """
import pandas as pd
table = pd.read_csv("{path}", usecols=["segment", "starting_mrr", "ending_mrr"])
table["kept"] = table[["starting_mrr", "ending_mrr"]].min(axis=1)
table["stayed"] = table["ending_mrr"].where(table["starting_mrr"] > 0, 0)
sums = table.groupby("segment")[["starting_mrr", "stayed", "kept"]].sum()
print(sums["stayed"] / sums["starting_mrr"], sums["kept"] / sums["starting_mrr"])
"""
MILLER = """
$kept = min($starting_mrr, $ending_mrr); $stayed = $starting_mrr > 0 ? $ending_mrr : 0
"""
SQL = """
select segment, sum(case when starting_mrr + 0 > 0 then ending_mrr else 0 end) / sum(starting_mrr),
       sum(min(starting_mrr + 0, ending_mrr + 0)) / sum(starting_mrr) from t group by segment
"""


@dataclass(frozen=True)
class Tool:
    """A way to compute it; `longest` is the length beyond which it would take minutes."""

    name: str
    command: list[str]
    longest: float = float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="+", type=float, default=[1e5, 1e6, 1e7])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cstool-benchmarks")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for what, make, tools in (("accounts", MAKE_ACCOUNTS, _of_accounts), ("ledger", MAKE_LEDGER, _of_ledger)):
        measured: dict[str, dict[int, tuple[float, float, float]]] = {}
        print(f"{what:>12} {'':<26} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'to best':>8}")
        for rows in map(int, args.rows):
            path = made(args.folder / f"{what}-{rows}.csv", make, rows)
            asked = [tool for tool in tools(path, args.python) if rows <= tool.longest and _there(tool.command)]
            times = {tool.name: timed(tool.command, args.runs) for tool in asked}
            best = min(wall for name, (wall, _, _) in times.items() if not name.startswith("cstool"))
            for name, (wall, cpu, peak) in times.items():
                measured.setdefault(name, {})[rows] = (wall, cpu, peak)
                print(f"{rows:>12,} {name:<26} {wall:>8.2f} {cpu:>8.2f} {peak:>8.0f} {wall / best:>8.2f}", flush=True)
        print(f"\n{'growth':>12} {'':<26} {'wall':>8} {'CPU':>8} {'peak':>8}")
        for name, by_rows in measured.items():
            first, last = min(by_rows), max(by_rows)
            if last > first:
                grown = (after / before for before, after in zip(by_rows[first], by_rows[last], strict=True))
                print(f"{f'{last / first:,.0f}x':>12} {name:<26} {' '.join(f'{value:>7.1f}x' for value in grown)}")
        print()


def _of_accounts(path: Path, python: str) -> list[Tool]:
    calc = [sys.executable, "-m", "cstool", "calc", "nrr,grr", str(path), "--by", "segment", "-f", "json"]
    sums = ["stats1", "-a", "sum", "-f", "starting_mrr,stayed,kept", "-g", "segment"]
    ratios = "$nrr = $stayed_sum / $starting_mrr_sum; $grr = $kept_sum / $starting_mrr_sum"
    amounts = {name: PLAIN.format(f"{name}_mrr") for name in ("starting", "ending")}
    return [
        Tool("duckdb", [sys.executable, "-c", DUCKDB.format(path=path)]),
        Tool("duckdb, checked", [sys.executable, "-c", CHECKED.format(path=path, **amounts)]),
        Tool("polars", [python, "-c", POLARS.format(path=path)]),
        Tool("pandas", [python, "-c", PANDAS.format(path=path)]),
        Tool("mlr", ["mlr", "--icsv", "--ojson", "put", MILLER, "then", *sums, "then", "put", ratios, str(path)]),
        Tool("sqlite3", ["sqlite3", ":memory:", "-cmd", f".import --csv {path} t", SQL]),
        Tool("csvsql", [str(Path(python).parent / "csvsql"), "--tables", "t", "--query", SQL, str(path)], longest=1e5),
        *_own(calc),
    ]


def _of_ledger(path: Path, _: str) -> list[Tool]:
    calc = [sys.executable, "-m", "cstool", "calc", "nrr", str(path), "--every", "month", "-f", "json"]
    return [Tool("duckdb", [sys.executable, "-c", LEDGER.format(path=path)]), *_own(calc)]


def _own(calc: list[str]) -> list[Tool]:
    return [Tool("cstool", calc), Tool("cstool, unchecked", [*calc, "--duplicates", "unchecked"])]


def _there(command: list[str]) -> bool:
    if not shutil.which(command[0]):
        return False
    if command[1] != "-c":
        return True  # not a Python with a package
    package = next(word for word in ("duckdb", "polars", "pandas") if f"import {word}" in command[2])
    return subprocess.run([command[0], "-c", f"import {package}"], capture_output=True, check=False).returncode == 0


def made(path: Path, make: str, rows: int, months: int = MONTHS) -> Path:
    if not path.exists():  # in a process of its own, so that its memory does not count for those that follow
        sql = make.format(rows=rows, months=months, path=path)
        subprocess.run([sys.executable, "-c", f"import duckdb; duckdb.execute({sql!r})"], check=True)
    return path


def timed(command: list[str], runs: int) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of a process; the best of some runs."""
    best = (float("inf"), 0.0, 0.0)
    for _ in range(runs):
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
