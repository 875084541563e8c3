"""What a project adds to a command on small files; the goal is at most 30 ms.

    python benchmarks/project.py [--runs 25]

Whole processes, the same command with --no-project and with a project, in turns so that a busy moment hits both; the
median of the differences. It ends with 1 where one is above the goal.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 30  # ms
CSTOOL = shutil.which("cstool", path=str(Path(sys.executable).parent)) or "cstool"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("CSTOOL_")}
# What is timed, its words, and the files that it is given where there is no project.
COMMANDS: tuple[tuple[str, list[str], list[str]], ...] = (
    ("lookup nrr", ["lookup", "nrr"], []),
    ("calc nrr, the file given", ["calc", "nrr", "exports/ledger.csv"], []),
    ("calc nrr, of the project", ["calc", "nrr"], ["exports/ledger.csv"]),
    ("calc csat, of the project", ["calc", "csat"], ["exports/csat.csv", "--scale", "5"]),
    ("calc ticket-volume, no feeds", ["calc", "ticket-volume"], ["exports/tickets.csv"]),
    ("columns, the file given", ["columns", "exports/tickets.csv"], []),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=25)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        subprocess.run([CSTOOL, "sample", "project", "-o", "acme", "-q"], env=ENVIRONMENT, check=True)
        os.chdir("acme")
        print(f"{'what':<30} {'without ms':>11} {'with ms':>8} {'added':>6} {'goal':>5}")
        added = [_line(what, words, files, runs) for what, words, files in COMMANDS]
        os.chdir("/")
    sys.exit(max(added) > GOAL)


def _line(what: str, words: list[str], files: list[str], runs: int) -> float:
    """Prints a line of the table and gives what the project adds, in milliseconds."""
    without, with_project = [], []
    for i in range(runs + 1):
        times = _milliseconds([*words, *files, "--no-project"]), _milliseconds([*words])
        if i:  # the first reads from disk
            without.append(times[0])
            with_project.append(times[1])
    added = statistics.median(b - a for a, b in zip(without, with_project, strict=True))
    medians = statistics.median(without), statistics.median(with_project)
    print(f"{what:<30} {medians[0]:>11.0f} {medians[1]:>8.0f} {added:>6.0f} {GOAL:>5}")
    return added


def _milliseconds(words: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([CSTOOL, *words, "-f", "json", "-q"], stdout=subprocess.DEVNULL, env=ENVIRONMENT, check=True)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
