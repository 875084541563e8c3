"""How long a command takes from nothing to its answer, by what it cannot do without.

    python benchmarks/startup.py [--runs 15]

Whole processes, run in turns so that a busy moment hits all alike; the median. Run it where cstool is installed from
its wheel: a checkout in a folder that Python may not write to is compiled anew at each start.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TYPER = "import typer"
BARE = """
import duckdb
print(duckdb.sql('''
  select sum(ending_mrr) filter (where starting_mrr > 0) / sum(starting_mrr) as nrr
  from read_csv('accounts.csv', header = true, columns = {'account': 'VARCHAR', 'starting_mrr': 'DECIMAL(18,2)',
                'ending_mrr': 'DECIMAL(18,2)'})''').fetchall())
"""
# What is timed, its words, what it is compared with, and the goal.
COMMANDS: tuple[tuple[str, list[str], str, float], ...] = (
    ("an exact name, json", ["lookup", "nrr", "-f", "json"], TYPER, 1.6),
    ("a misspelt name, json", ["lookup", "net", "revenue", "retension", "-f", "json"], TYPER, 2.0),
    ("a card", ["lookup", "nrr"], TYPER, 2.2),
    ("--help", ["--help"], TYPER, 1.4),
    ("completion of a name", ["lookup", "net"], TYPER, 1.4),
    ("nrr of 1,000 accounts", ["calc", "nrr", "accounts.csv", "-f", "json"], BARE, 1.7),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        chance = random.Random(1)
        rows = (f"a{i},{chance.randrange(90000) / 100:.2f},{chance.randrange(90000) / 100:.2f}\n" for i in range(1000))
        Path("accounts.csv").write_text("account,starting_mrr,ending_mrr\n" + "".join(rows), encoding="utf-8")
        print(f"{'what':<24} {'ms':>6} {'without':>8} {'ratio':>6} {'goal':>6}")
        for what, words, without, goal in COMMANDS:
            own, other = _medians(words, [sys.executable, "-c", without], runs, completes=what.startswith("completion"))
            print(f"{what:<24} {own:>6.0f} {other:>8.0f} {own / other:>6.2f} {goal:>6.1f}")


def _medians(words: list[str], other: list[str], runs: int, *, completes: bool) -> tuple[float, float]:
    """Milliseconds of both, in turns."""
    command = shutil.which("cstool", path=str(Path(sys.executable).parent)) or "cstool"
    environment = dict(os.environ)
    if completes:
        environment |= {"_CSTOOL_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(["cstool", *words])}
        environment |= {"COMP_CWORD": str(len(words))}
        words = []
    taken: tuple[list[float], list[float]] = ([], [])
    for i in range(runs + 1):
        for times, run in zip(taken, ([command, *words], other), strict=True):
            start = time.perf_counter()
            subprocess.run(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=False)
            if i:  # the first reads from disk
                times.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken[0]), statistics.median(taken[1])


if __name__ == "__main__":
    main()
