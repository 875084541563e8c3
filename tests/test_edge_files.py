"""Odd files, one of each kind: the right value, or a refusal of a line or two."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import openpyxl
import pytest

from tests.conftest import Run

TABLE = "account,segment,starting_mrr,ending_mrr\n" + "".join(f"a{i},s{i % 3},{100 + i},{90 + i}\n" for i in range(200))
ENDS = "account,start_date,end_date,mrr\na,2024-01-10,{},10\nb,2024-01-05,2025-03-15,7\nc,2024-02-01,,5\n"
OWN = """\
- id: net-revenue-retention
  term: Net Revenue Retention
  category: retention
  definition: percentage of the recurring revenue at the start of a period that our board counts as retained
  sources: [own]
  metric:
    name: nrr
    of: revenue
    formula: (starting - churned) / starting
    unit: percent
    better: higher
    window: {window}
    example: {{starting: {starting}, churned: 500, value: 0.5}}
"""


def own(window: str = "12 months", starting: str = "1000") -> bytes:
    return OWN.format(window=window, starting=starting).encode()


ENDLESS = own() + (
    b"    checks:\n      - sql: (select sum(a.range) from range(10000000) a, range(10000000) b)\n"
    b"        on: all\n        text: 'got {}'\n"
)


def damaged(packed: bytes) -> bytes:
    return packed[:-30] + bytes([packed[-30] ^ 4]) + packed[-29:]


def parquet(sql: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        duckdb.connect().execute(f"copy ({sql}) to '{path}' (format parquet)")

    return write


MONTH_ENDS = (
    "select 'a' as account, timestamp_ns '2023-12-31 23:59:59.999999999' as month, 5 as mrr"
    " union all select 'a', timestamp_ns '2024-01-31 23:59:59.999999999', 10"
)
SNAPSHOT = (
    "select * from (values ('a', 'X', 100, 50), ('b', 'Y', 100, 100)) t(account, segment, starting_mrr, ending_mrr)"
)


def workbook(more: str, row: str = "") -> bytes:
    """A snapshot with further XML behind its rows, or in the last one."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for line in (["account", "starting_mrr", "ending_mrr", "notes"], ["a", 100, 50, "LAST"], ["b", 100, 100, None]):
        book.active.append(line)
    book.save(out)
    spoiled = io.BytesIO()
    with zipfile.ZipFile(out) as plain, zipfile.ZipFile(spoiled, "w") as packed:
        for name in plain.namelist():
            text = plain.read(name)
            if name.startswith("xl/worksheets/"):
                text = text.replace(b"</sheetData>", more.encode() + b"</sheetData>")
            packed.writestr(name, text.replace(b"LAST", row.encode() or b"x"))
    return spoiled.getvalue()


def far(row: int, cell: str, value: str = "<v>1</v>") -> bytes:
    return workbook(f'<row r="{row}"><c r="{cell}">{value}</c></row>')


class Case(NamedTuple):
    """A file, how it is asked about (FILE is its path), and the output, or for code 1 to 3 a part of the error."""

    content: str | bytes | Callable[[Path], None]
    command: str
    says: str
    code: int = 0


VALUE = "calc nrr FILE -f value"
HALF = "top_1_share\n0.5\n"
CASES = {
    "a time in the last moment of a month.csv": Case(
        "account,month,mrr\na,2023-12-31 23:59:59.9999999,5\na,2024-01-31 23:59:59.9999999,10\n",
        "calc mrr FILE --every month -f csv",
        "period,mrr\n2023-12,5\n2024-01,10\n",
    ),
    "nanoseconds.parquet": Case(
        parquet(MONTH_ENDS), "calc mrr FILE --every month -f csv", "period,mrr\n2023-12,5\n2024-01,10\n"
    ),
    "columns compared.csv": Case(
        "account,starting_mrr,ending_mrr,used,bought\na,100,50,9,10\nb,100,100,20,10\nc,100,70,100,20\n",
        "calc nrr FILE --by account --where used>bought -f csv",
        "account,nrr\nb,1\nc,0.7\n",
    ),
    "damaged second stream.csv.bz2": Case(
        bz2.compress(TABLE[:900].encode()) + damaged(bz2.compress(TABLE[900:].encode())), VALUE, "damaged", 3
    ),
    "damaged second stream.csv.xz": Case(
        lzma.compress(TABLE[:900].encode()) + damaged(lzma.compress(TABLE[900:].encode())), VALUE, "damaged", 3
    ),
    "padded.csv.xz": Case(lzma.compress(TABLE.encode()) + bytes(4), VALUE, "0.949874686716792\n"),
    "quantity.csv": Case(
        "account,start_date,end_date,amount,interval,quantity\na,2025-01-01,,1000000,month,0.0005\n"
        "b,2025-01-01,,100,month,0.3333\n",
        "calc mrr FILE -f value",
        "533.33\n",
    ),
    "unit price.csv": Case(
        "account,start_date,end_date,amount,interval,quantity\na,2025-01-01,,0.0000004,month,1000000\n",
        "calc mrr FILE -f value",
        "0.4\n",
    ),
    "rupiah.csv": Case(
        "account,start_date,end_date,amount,interval\na,2025-01-01,,120000000000,year\n",
        "calc mrr FILE -f value",
        "10000000000\n",
    ),
    "segment=SMB/a.parquet": Case(parquet(SNAPSHOT), "calc nrr FILE --by segment -f csv", "segment,nrr\nX,0.5\nY,1\n"),
    "starting_mrr=7/a.parquet": Case(parquet(SNAPSHOT), VALUE, "0.75\n"),
    **{
        f"ends {end}.csv": Case(
            ENDS.format(end), "calc nrr,mrr FILE -f csv", "period,nrr,mrr\n2025-03,0.6818181818181818,15\n"
        )
        for end in ("9999-12-31", "infinity", "2999-12-31 00:00:00", "never")
    },
    "ends by their last day.csv": Case(ENDS.format("9999-12-31"), "calc mrr FILE --end-inclusive -f value", "15\n"),
    "never completed.csv": Case(
        "account,started_at,completed_at\na,2024-01-01,9999-12-31\n", "calc onboarding-completion FILE -f value", "0\n"
    ),
    "an event that never was.csv": Case(
        "user,timestamp\na,2024-01-01\nb,9999-12-31\n", "calc mau FILE", "not a date or time", 3
    ),
    "an answer that never was.csv": Case(
        "score,answered_at\n9,2024-01-31\n5,9999-12-31\n", "calc nps FILE --every month", "not a date or time", 3
    ),
    "an infinite answer.csv": Case(
        "score,answered_at\n9,2024-01-31 10:00\n5,infinity\n", "calc nps FILE", "not a date or time", 3
    ),
    "negative amounts.csv": Case(
        "account,month,mrr\na,2025-01,10\na,2025-02,-5\nb,2025-01,10\nb,2025-02,10\n",
        "calc nrr FILE --negative keep --window 1m -f value",
        "0.25\n",
    ),
    "one place, two columns.csv": Case(
        "account,starting_mrr,starting_mrr,ending_mrr\na,1,100,50\n",
        "calc nrr FILE OTHER --map starting_mrr=#3",
        "different columns",
        3,
    ),
    "chances.csv": Case(
        "account,due_date,amount,status,probability\na,2026-01-31,1000000000,open,0.333333333333\n"
        "b,2026-01-31,1000000000,open,66.6666666666%\n",
        "calc renewal-forecast FILE -f value",
        "999999999.999\n",
    ),
    "small amounts.csv": Case(
        "account,month,mrr\na,2025-01,0.00006\nb,2025-01,0.00006\n", "calc concentration FILE -f csv", ",0.5,1,0.5\n"
    ),
    "large amounts.csv": Case(
        "account,month,mrr\na,2025-01,1000000000000\nb,2025-01,1000000000000\n",
        "calc concentration FILE -f csv",
        ",0.5,1,0.5\n",
    ),
    "a far value.xlsx": Case(far(1048576, "XFD1048576"), VALUE, "XFD1048576 stands far from the others", 3),
    "a far row.xlsx": Case(far(1048576, "Z1048576"), VALUE, "Z1048576 stands far from the others", 3),
    "an impossible address.xlsx": Case(far(4294967295, "ZZZZZZZ4294967295"), VALUE, "stands far from the others", 3),
    "an endless address.xlsx": Case(far(4, "B" + "9" * 45), VALUE, "stands far from the others", 3),
    "a small letter.xlsx": Case(far(4, "xfd1048576"), VALUE, "stands far from the others", 3),
    "a far column.xlsx": Case(far(10, "XFD10"), VALUE, "a column without a name", 3),
    "a far format.xlsx": Case(far(1048576, "XFD1048576", ""), VALUE, "0.75\n"),
    "a carriage return.xlsx": Case(workbook("", "x_x000D_y"), VALUE, "0.75\n"),
    "blank lines.csv.gz": Case(
        gzip.compress(b"account,starting_mrr,ending_mrr\na,100,50\n" + b"\n" * (60 << 20)), VALUE, "--unpack-limit", 3
    ),
    "a total of groups.csv": Case(
        "account,segment,starting_mrr,ending_mrr\na1,total,100,50\na2,x,100,100\n",
        "calc nrr FILE --by segment --total",
        "a group 'total' of its own",
        2,
    ),
    "in arrears.csv": Case(
        "account,date,amount,service_start,service_end\na,2024-01-31,310,2023-12-01,2024-01-01\n"
        "b,2024-01-31,310,2024-01-01,2024-02-01\n",
        "calc mrr FILE --as-of 2023-12 -f value",
        "310\n",
    ),
    "own.yaml": Case(own(), "calc nrr OTHER --glossary FILE -f value", "1\n"),
    "1e9999.yaml": Case(own(starting="1e9999"), "glossary check FILE", "has too many digits", 1),
    "a long window.yaml": Case(own(window="9" * 5000 + " months"), "glossary check FILE", "must look like 3 months", 1),
    "a query.yaml": Case(ENDLESS, "glossary check FILE", "subquery is not allowed", 1),
    "a weight without end.yaml": Case(
        "components:\n  - {column: x, weight: 1e400, low: 0, high: 5}\nbands: {red: 0, green: 50}\n",
        "calc health-score SIGNALS --config FILE",
        "too many digits",
        3,
    ),
    "more than a rule.yaml": Case(
        'rules:\n  - rule: r\n    when: "true) qualify (row_number() over ()=1"\n',
        "calc early-warning SIGNALS --config FILE",
        "more than an expression",
        3,
    ),
    **{
        f"more than a condition {i}.csv": Case(TABLE, f"calc nrr FILE --where {more}", "--where", 2)
        for i, more in enumerate(
            [
                "true)\u2007limit\u2007(1",
                "true)\u2007using\u2007sample\u2007(50",
                "(select\u2007true)",
                "true\u2007union\u2007select\u20071",
            ]
        )
    },
    **{
        f"too many digits {i}.csv": Case(
            f"account,starting_mrr,ending_mrr\na,{cell},1\n", VALUE, "which has too many digits to compute with", 3
        )
        for i, cell in enumerate(["9" * 38, f"${'9' * 60}", "1e40", f"0.{'0' * 40}1", f'"{"9" * 38},5"'])
    },
    "months long past.csv": Case(
        "account,1898-11,1898-12,1899-01\na,1,2,3\n", "calc mrr FILE", "no months of the years 1900 to 2199", 3
    ),
    "months from long past.csv": Case(
        "account,1899-11,1899-12,1900-01,1900-02,1900-03\na,1,2,3,4,5\n",
        "calc mrr FILE",
        "1899-11, 1899-12 are no months of the years 1900 to 2199",
        3,
    ),
    "a flag alone.csv": Case(
        "account,churned\na,no\nb,yes\n", "calc logo-churn FILE", "--map customer_at_start=COLUMN", 2
    ),
    "years ahead.csv": Case(
        "score,answered_at\n9,2024-01-31\n", "calc nps FILE --as-of 9999-12", "no period that a file", 2
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_odd_file_gives_the_right_value_or_a_plain_refusal(name: str, tmp_path: Path, cstool: Run) -> None:
    case, path = CASES[name], tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if callable(case.content):
        case.content(path)
    else:
        path.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    other, signals = tmp_path / "other.csv", tmp_path / "signals.csv"
    other.write_text("account,starting_mrr,ending_mrr,mrr\nb,100,120,7\n")
    signals.write_text("account,x\na,99\nb,-5\n")
    paths = {"FILE": str(path), "OTHER": str(other), "SIGNALS": str(signals)}
    ran = cstool(*(paths.get(word, word.replace("\u2007", " ")) for word in case.command.split(" ")))
    assert ran.code == case.code, ran.err
    if case.code == 0:
        assert ran.out.endswith(case.says)
    else:
        said = f"{ran.out}{ran.err}"
        assert case.says in said
        assert "Traceback" not in said
        assert len(said.splitlines()) <= 3


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full"])
def test_a_device_without_end_is_refused(device: str, cstool: Run) -> None:
    if not Path(device).exists():
        pytest.skip("no such device here")
    ran = cstool("calc", "nrr", device)
    assert (ran.code, ran.err) == (3, f"cstool: {device}: is a device, not a file\n")
    ran = cstool("calc", "nrr", "a.csv", "--project", device)
    assert (ran.code, "larger than 16 MB" in ran.err) == (3, True)


@pytest.mark.parametrize("words", [["calc", "x" * 20_000, "a.csv"], ["lookup", "nrr", "-f", "y" * 9_000]])
def test_a_very_long_argument_is_not_repeated_in_full(words: list[str], cstool: Run) -> None:
    ran = cstool(*words)
    assert (ran.code, len(ran.err) < 1000) == (2, True)


def test_a_header_line_beyond_every_file_is_a_wrong_command_line(cstool: Run, write: Callable[..., str]) -> None:
    ran = cstool("calc", "nrr", write("a.csv", TABLE), "--header-line", "9" * 50)
    assert (ran.code, ran.err) == (2, "cstool: --header-line is a number from 1 to 1,000,000\n")


def test_a_file_that_gives_nothing_is_never_left_out_in_silence(cstool: Run, write: Callable[..., str]) -> None:
    one = write("one.csv", "account,old,starting_mrr,ending_mrr\nb,1,100,120\n")
    other = write("other.csv", "account,starting_mrr,ending_mrr\na,100,50\n")
    score = write("score.csv", "score\n9\n")
    for mapping in ([], ["--map", "starting_mrr=#3"]):
        ran = cstool("calc", "nrr", one, other, *mapping, "-f", "value")
        assert (ran.out, ran.code in (2, 3)) == ("", True)
    ran = cstool("calc", "nrr,nps", one, score, write("dates.csv", "account,date\na,2024-01-01\n"))
    assert (ran.code, ran.out, "dates.csv: gives none of nrr, nps" in ran.err) == (3, "", True)


def test_a_condition_that_the_translator_cannot_take_back_is_refused(cstool: Run, write: Callable[..., str]) -> None:
    odd = ["--where", "substr(segment, 9 is null)", "--sql", "postgres", "--table", "t"]
    ran = cstool("calc", "nrr", write("a.csv", TABLE), *odd)
    assert (ran.code, "cannot be expressed" in ran.err, "unexpected" in ran.err) == (2, True, False)
