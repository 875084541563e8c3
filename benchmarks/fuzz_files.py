"""Feeds spoiled workbooks and Parquet files to the reader: each is read, or refused in plain words.

python benchmarks/fuzz_files.py [--inputs 10000] [--seed 1] [--keep FOLDER]
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
from fuzzing import fuzz, spoiled

from cstool.backends.duck import DuckDB
from cstool.ingest.read import cells
from cstool.ingest.source.table import open_table
from cstool.model.reading import Column, Reading

COLUMNS = (
    Column("account", "account", "id"),
    Column("starting_mrr", "starting_mrr", "amount"),
    Column("ending_mrr", "ending_mrr", "amount"),
    Column("seen", "seen", "date", optional=True),
)
KNOWN = {"account", "startingmrr", "endingmrr", "seen"}
HEADER = ("account", "starting_mrr", "ending_mrr", "seen")
ROWS = (("A", 100, 90.5, 45322.75), ("B & C", 20, 0, 45323), ("D", 1e3, 7, 45324.999999))

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PIECES = (
    *tuple(
        piece.encode()
        for piece in (
            *(
                '<c r="XFD1048576"><v>1</v></c>',
                '<c r="A0"><v>1</v></c>',
                '<c r="ZZZZZZZ9"><v>1</v></c>',
                "<c><v>1</v></c>",
            ),
            *('<row r="0">', '<row r="99999999999">', "</row>", "</c>", "<v>", "</v>", '<c r="B2" t="s"><v>9</v></c>'),
            *(
                't="b"',
                't="e"',
                't="d"',
                't="str"',
                's="1"',
                's="4294967295"',
                "1e309",
                "-1",
                "NaN",
                "#REF!",
                "_x000D_",
            ),
            *(
                "&#0;",
                "&amp;",
                "&nope;",
                "<![CDATA[",
                "<!--",
                "<!DOCTYPE a [<!ENTITY b 'c'>]>",
                "\r\n",
                "\t",
                ",",
                '"',
                "'",
            ),
            *(
                '<mergeCell ref="A1:XFD1048576"/>',
                '<dimension ref="A1:XFD1048576"/>',
                "2958466",
                "0.9999999999",
                "9" * 40,
            ),
        )
    ),
    b"\x00",
    b"\xff\xfe",
    b"\xf0\x9f\x98\x80",
)
BYTES = (
    *tuple(bytes([byte]) * times for byte in (0, 1, 127, 128, 255) for times in (1, 2, 4, 8)),
    b"PAR1",
    b"PK\x03\x04",
)


def _cell(address: str, value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("&", "&amp;")
        return f'<c r="{address}" t="inlineStr"><is><t>{escaped}</t></is></c>'
    style = ' s="1"' if address.startswith("D") else ""
    return f'<c r="{address}"{style}><v>{value}</v></c>'


def parts() -> dict[str, str]:
    """The members of a small xlsx by their paths."""
    rows = "".join(
        f'<row r="{i}">{"".join(_cell(f"{letter}{i}", value) for letter, value in zip("ABCD", row, strict=True))}</row>'
        for i, row in enumerate((HEADER, *ROWS), 1)
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
        f'"{types}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type='
        f'"{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type='
        f'"{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><dimension ref="A1:D4"/><sheetData>{rows}</sheetData>'
        "</worksheet>",
    }


def workbook(chance: random.Random, *, whole: bool = False) -> bytes:
    members = {name: text.encode() for name, text in parts().items()}
    if not whole:
        name = chance.choice((*["xl/worksheets/sheet1.xml"] * 6, *members))
        members[name] = spoiled(chance, members[name], PIECES)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as book:
        for member, data in members.items():
            book.writestr(member, data)
    return out.getvalue()


def parquet() -> list[bytes]:
    """Small Parquet files of several types and ways to pack them."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/a.parquet"
        for kinds in (("varchar", "decimal(18, 2)", "double", "timestamp_ns"), ("blob", "hugeint", "float", "date")):
            for more in ("", ", codec 'zstd'", ", codec 'uncompressed', parquet_version 'v2'"):
                values = ", ".join(
                    f"cast({value} as {kind}) as {name}"
                    for name, kind, value in zip(
                        HEADER, kinds, ("'A' || i", "i", "i", "timestamp '2026-01-31'"), strict=True
                    )
                )
                duckdb.sql(f"copy (select {values} from range(20) t(i)) to '{path}' (format parquet{more})")
                found.append(Path(path).read_bytes())
    return found


def main() -> int:
    tables = parquet()
    engine = DuckDB()
    engine.run("set threads = 1")
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))

    def attempt(chance: random.Random) -> tuple[bytes, Callable[[], str]]:
        kind = chance.choice(("sheet", "sheet", "zip", "parquet", "parquet"))
        if kind == "parquet":
            data = spoiled(chance, chance.choice(tables), BYTES)
        else:
            data = workbook(chance, whole=kind == "zip")
            data = spoiled(chance, data, BYTES) if kind == "zip" else data
        path = folder / ("a.parquet" if kind == "parquet" else "a.xlsx")
        path.write_bytes(data)

        def run() -> str:
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                cells.read(engine, [open_table(str(path), KNOWN, Path(scratch), Reading())], COLUMNS, [], Reading())
            return f"read {kind}"

        return data, run

    return fuzz(__doc__ or "", ".bin", attempt)


if __name__ == "__main__":
    sys.exit(main())
