"""Feeds spoiled files to the reader until something other than a result or a plain refusal comes out.

python benchmarks/fuzz_reader.py [--inputs 100000] [--seed 1] [--keep FOLDER]

Every input is a small table of one of several shapes and encodings with a few random changes of its bytes. One that
ends in any exception but CstoolError, or in a message that is no plain line, is kept in FOLDER. Exit 1 if any.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from cstool.backends.duck import DuckDB
from cstool.errors import CstoolError
from cstool.ingest.read import cells
from cstool.ingest.source.table import open_table, same_header
from cstool.model.reading import Column, Reading

KNOWN = {"account", "startingmrr", "endingmrr", "month", "mrr", "date", "seats", "share", "paid"}
SNAPSHOT = (
    Column("account", "account", "id"),
    Column("starting_mrr", "starting_mrr", "amount"),
    Column("ending_mrr", "ending_mrr", "amount"),
)
LEDGER = (Column("account", "account", "id"), Column("month", "month", "month"), Column("mrr", "mrr", "amount"))
MIXED = (
    Column("account", "account", "text", optional=True),
    Column("date", "date", "date", optional=True),
    Column("seen", "date", "time", optional=True),
    Column("seats", "seats", "count", optional=True),
    Column("share", "share", "share", optional=True),
    Column("paid", "paid", "flag", optional=True),
)
SEEDS = (
    (SNAPSHOT, "account,segment,starting_mrr,ending_mrr\nA1,x,4000.00,4600.00\nA2,y,600.00,0\nA3,,1.5,20\n"),
    (SNAPSHOT, 'account;starting_mrr;ending_mrr\n"Café ""A""";4.000,00 €;4.600,50 €\nB;12,00 €;(3,00) €\n'),
    (SNAPSHOT, "Report\n\naccount\tstarting_mrr\tending_mrr\nA1\t$1,000.00\tN/A\nTotal\t$1,000.00\t$0\n"),
    (LEDGER, "account,month,mrr\nA1,2026-01,5\nA1,2026-02,6\nB2,2026-01,7.25\nB2,2026-02,\n"),
    (LEDGER, "month|account|mrr\n31/01/2026|A|1E+03\n28/02/2026|A|-5\n"),
    (MIXED, 'account,date,seats,share,paid\nA,2026-01-31T10:00:00+01:00,5,80%,yes\nB,,"1,000",0.5,no\n'),
    (MIXED, "account,date,seats,share,paid\nA,Jan 31 2026 11:05 PM,5,,1\nB,Feb 1 2026 1:00 AM,7,1,0\n"),
)
PIECES = (
    *(bytes([byte]) for byte in b"\",;\t|\n\r\x00\xff'()-%Ee.$\\#\x85"),
    *(
        b"\r\n",
        b"\xef\xbb\xbf",
        b"e+9",
        b"1e309",
        b"9" * 40,
        b"\xc2\xa0",
        b"\xe2\x80\xaf",
        b"\xe2\x82\xac",
        b"Total",
        b"N/A",
    ),
    *(b"nan", b"2026-13-45", b"99999-01", b"0000-00-00", b"sep=;\n", b"\x1b[2J", b"{}", b"[[", b"''", b"a" * 300),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")


def spoiled(random_: random.Random, data: bytes) -> bytes:
    for _ in range(random_.choice((0, 1, 1, 2, 3, 6, 20))):
        at = random_.randrange(len(data) + 1)
        to = min(len(data), at + random_.choice((0, 0, 1, 1, 3, 10)))
        change = random_.randrange(4)
        if change == 0:
            data = data[:at] + random_.choice(PIECES) + data[to:]
        elif change == 1:
            data = data[:at] + data[to:]
        elif change == 2:
            data = data[:at] + bytes([random_.randrange(256)]) + data[to:]
        else:
            other = random_.randrange(len(data) + 1)
            data = data[:at] + data[min(at, other) : max(at, other)] + data[at:]
    return data[:20_000]


def chosen(random_: random.Random) -> Reading:
    return Reading(
        blank=random_.choice(("refuse", "refuse", "zero", "skip")),
        duplicates=random_.choice(("refuse", "refuse", "sum", "drop")),
        negative=random_.choice(("refuse", "refuse", "keep", "zero")),
        encoding=random_.choice((None,) * 8 + ("utf-8", "cp1252", "utf-16")),
        delimiter=random_.choice((None,) * 8 + (",", ";")),
        decimal=random_.choice((None, None, None, ".", ",")),
        header_line=random_.choice((None,) * 8 + (1, 2)),
        date_order=random_.choice((None, None, "dmy", "mdy", "serial")),
        skip_bad=random_.random() < 0.3,
    )


def attempt(engine: DuckDB, files: list[Path], columns: tuple[Column, ...], reading: Reading) -> str:
    """`read` or `refused`; raises what must not come out."""
    unique = [column.name for column in columns if column.kind in ("id", "month")]
    with tempfile.TemporaryDirectory() as scratch:
        try:
            tables = [open_table(str(file), KNOWN, Path(scratch), reading) for file in files]
            same_header(tables)
            cells.read(engine, tables, columns, unique, reading)
        except CstoolError as error:
            if any("\n" in line for line in error.lines()) or "Error:" in error.message:
                raise AssertionError(f"no plain message: {error.lines()}") from error
            return "refused"
    found = engine.row(f"select {', '.join(f'count({column.name})' for column in columns)} from cells")
    assert len(found) == len(columns)
    return "read"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    asked = parser.parse_args()
    random_ = random.Random(asked.seed)
    engine = DuckDB()
    engine.run("set threads = 1")
    outcomes: Counter[str] = Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for i in range(asked.inputs):
            columns, seed = random_.choice(SEEDS)
            encoded = seed.encode(random_.choice(ENCODINGS), "replace")
            data = spoiled(random_, encoded)
            if random_.random() < 0.03:
                data = spoiled(random_, gzip.compress(data))
            files = [Path(folder) / "a.csv"]
            files[0].write_bytes(data)
            if random_.random() < 0.05:
                files.append(Path(folder) / "b.csv")
                files[1].write_bytes(encoded)
            try:
                outcomes[attempt(engine, files, columns, chosen(random_))] += 1
            except Exception:
                outcomes["failed"] += 1
                asked.keep.mkdir(parents=True, exist_ok=True)
                (asked.keep / f"{asked.seed}-{i}.csv").write_bytes(data)
                (asked.keep / f"{asked.seed}-{i}.txt").write_text(traceback.format_exc(), encoding="utf-8")
            if i % 5000 == 4999:
                sys.stderr.write(f"{i + 1} inputs, {dict(outcomes)}, {time.monotonic() - began:.0f} s\n")
    engine.close()
    sys.stdout.write(f"{asked.inputs} inputs: {dict(outcomes)}\n")
    return 1 if outcomes["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
