"""Spoiled exports that say beyond doubt what they mean are read to the exact number, without any option."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable

import pytest

from cstool.errors import InputError
from tests.reading.reader import CLOSING, HEADER, OPENING, ROWS, SNAPSHOT, amounts, csv_of, read

PLAIN = csv_of()
QUOTED = csv_of([[f'"{cell}"' for cell in row] for row in ROWS])


def zipped(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/accounts.csv", text)
        archive.writestr("__MACOSX/._accounts.csv", "")
    return packed.getvalue()


def written(thousands: str, decimal: str, before: str = "", after: str = "", *, quoted: bool = False) -> dict[str, str]:
    """The amounts of the table in another way of writing."""
    form = {}
    for cell in {cell for row in ROWS for cell in row[2:]}:
        number = f"{float(cell):,.2f}".translate({ord(","): thousands, ord("."): decimal})
        form[cell] = f'"{before}{number}{after}"' if quoted else f"{before}{number}{after}"
    return form


BYTES = {
    "plain": PLAIN.encode(),
    "a UTF-8 mark": codecs.BOM_UTF8 + PLAIN.encode(),
    "UTF-16 little end first": codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
    "UTF-16 big end first": codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "UTF-16 big end first without a mark": PLAIN.encode("utf-16-be"),
    "UTF-32": PLAIN.encode("utf-32"),
    "UTF-16 with tabs, as Excel's Unicode text": csv_of(delimiter="\t").encode("utf-16"),
    "Latin-1": PLAIN.replace("North", "Nord-Süd").encode("latin-1"),
    "UTF-8 and Windows-1252 in one file": csv_of([["Café", *ROWS[0][1:]]]).encode()
    + "".join(",".join(row) + "\n" for row in [["Zoë–1", *ROWS[1][1:]], *ROWS[2:]]).encode("cp1252"),
    "CR alone": csv_of(end="\r").encode(),
    "CRLF": csv_of(end="\r\n").encode(),
    "CR CR LF": csv_of(end="\r\r\n").encode(),
    "LF, then CRLF": PLAIN.replace("\n", "\r\n").replace("\r\n", "\n", 2).encode(),
    "no line end at the end": PLAIN.rstrip().encode(),
    "gzip": gzip.compress(PLAIN.encode()),
    "gzip of UTF-16": gzip.compress(PLAIN.encode("utf-16")),
    "bzip2": bz2.compress(PLAIN.encode()),
    "xz": lzma.compress(PLAIN.encode()),
    "zip": zipped(PLAIN),
    "gzip in gzip": gzip.compress(gzip.compress(PLAIN.encode())),
}

TEXTS = {
    "tabs": csv_of(delimiter="\t"),
    "semicolons": csv_of(delimiter=";"),
    "pipes": csv_of(delimiter="|"),
    "carets": csv_of(delimiter="^"),
    "control characters": csv_of(delimiter="\x01"),
    "a mark of UTF-8 that was read as Windows-1252": "ï»¿" + PLAIN,
    "sep=;": "sep=;\n" + csv_of(delimiter=";"),
    "sep= in quotes": '"sep=,"\n' + PLAIN,
    "sep=; with CRLF": "sep=;\r\n" + csv_of(delimiter=";", end="\r\n"),
    "all quoted": QUOTED,
    "spaces behind delimiters and quotes": QUOTED.replace(",", ", "),
    "a delimiter in quotes": PLAIN.replace("North", '"North, upper"'),
    "a line break in quotes": PLAIN.replace("North", '"North\nand east"'),
    "lines of text in quotes": PLAIN.replace("North", '"one\n\ntwo, three\nfour"', 1),
    "doubled quotes": PLAIN.replace("K1", '"K ""One"""'),
    "an inch mark": PLAIN.replace("K1", '24" Monitors'),
    "typographic quotes": PLAIN.replace("K1", "“K1”"),
    "spaces around cells": csv_of([[f"  {cell} " for cell in row] for row in ROWS]),
    "no-break spaces around cells": csv_of([[f"\u00a0{cell}\u00a0" for cell in row] for row in ROWS]),
    "marks of direction around cells": csv_of([[f"\u202d{cell}\u202c" for cell in row] for row in ROWS]),
    "isolates around cells": csv_of([[f"\u2066{cell}\u2069" for cell in row] for row in ROWS]),
    "tabs around cells": csv_of([[f"\t{cell}\t" for cell in row] for row in ROWS]),
    "a delimiter at the end of every line": PLAIN.replace("\n", ",\n"),
    "a delimiter at the end of data lines": PLAIN.replace("\n", ",,\n").replace(",,\n", "\n", 1),
    "a delimiter at the end of some lines": PLAIN.replace("8250.00\n", "8250.00,\n"),
    "rows of delimiters": PLAIN + ",,,\n,,,\n",
    "blank lines": PLAIN.replace("\n", "\n\n"),
    "lines of spaces": PLAIN.replace("K3", "   \n\t\nK3"),
    "a title above": "Accounts 2026\n\n" + PLAIN,
    "a padded title above": "Accounts 2026,,,\n,,,\n" + PLAIN,
    "groups of headers above": ",,MRR,\n" + PLAIN,
    "a comment above": "# made by billing\n" + PLAIN,
    "headers in capitals": PLAIN.replace(",".join(HEADER), ",".join(HEADER).upper()),
    "headers with spaces and breaks": PLAIN.replace("opening_mrr", '"Opening\nMRR"'),
    "a column without a name in front": "".join(
        f"{i if i else ''},{line}\n" for i, line in enumerate(PLAIN.splitlines())
    ),
    "a mark of UTF-8 in the middle": PLAIN.replace("K3", "\ufeffK3"),
    "an unneeded column with anything in it": PLAIN.replace("North", "#REF!"),
    "a row that lacks unneeded cells": csv_of(
        [[*row, "", "note"] for row in ROWS[:4]] + [ROWS[4]], [*HEADER, "owner", "remark"]
    ),
    "one currency in a column of its own": csv_of([[*row, "EUR"] for row in ROWS], [*HEADER, "currency"]),
    "one currency in two columns": csv_of(
        [[*row, "EUR", "eur"] for row in ROWS], [*HEADER, "from currency", "to currency"]
    ),
    "ids with zeros in front": PLAIN.replace("K", "00"),
    "ids that look like dates": PLAIN.replace("K1", "2026-01"),
    "a customer called Total Wine": PLAIN.replace("K2", "Total Wine"),
    "a hostile name": PLAIN.replace("K2", "=cmd|'/c calc'!A1").replace("K3", "\x1b[2J"),
}

NUMBERS = {
    "commas between thousands": written(",", ".", quoted=True),
    "comma for decimals, dots between thousands": written(".", ",", quoted=True),
    "comma for decimals in quotes": {k: '"' + k.replace(".", ",") + '"' for k in written("", "")},
    "spaces between thousands": written(" ", ","),
    "no-break spaces": written("\u00a0", ","),
    "narrow no-break spaces": written("\u202f", ","),
    "thin spaces": written("\u2009", "."),
    "Swiss apostrophes": written("'", "."),
    "typographic apostrophes": written("’", "."),
    "dollars": written(",", ".", before="$", quoted=True),
    "dollars and code": written(",", ".", before="$", after=" USD", quoted=True),
    "code and dollars": written(",", ".", before="USD $", quoted=True),
    "euros behind": written(".", ",", after=" €"),
    "code in front": written("", ".", before="EUR "),
    "code in small letters": written("", ".", after=" usd"),
    "Swiss francs": written("'", ".", before="CHF "),
    "rupees": written(",", ".", before="₹ ", quoted=True),
    "kroner": written(".", ",", before="kr "),
    "Canadian dollars": written(",", ".", before="CA$", quoted=True),
    "an apostrophe in front, as Excel marks text": written("", ".", before="'"),
    "a plus sign": {k: f"+{k}" for k in written("", "")},
    "scientific": {k: f"{float(k):.4E}" for k in written("", "")},
    "no decimals": {k: k.removesuffix(".00") for k in written("", "")},
    "four decimals": {k: f"{k}00" for k in written("", "")},
    "nothing behind the mark": {k: k.removesuffix("00") for k in written("", "")},
    "zero in parentheses, as accountants do": {"0.00": "(0.00)"},
    "a negative zero": {"0.00": "-0.00"},
    "a currency on some": {"7000.00": "$7000.00"},
    "floats of a program": {"35.00": "35.00000000000000", "610.00": "610.0"},
}


@pytest.mark.parametrize("kind", BYTES)
def test_bytes_are_understood(kind: str, write: Callable[..., str]) -> None:
    assert read(write("accounts.csv", BYTES[kind])).totals == (OPENING, CLOSING)


@pytest.mark.parametrize("kind", TEXTS)
def test_layouts_are_understood(kind: str, write: Callable[..., str]) -> None:
    assert read(write("accounts.csv", TEXTS[kind])).totals == (OPENING, CLOSING)


@pytest.mark.parametrize("kind", NUMBERS)
def test_ways_to_write_amounts_are_understood(kind: str, write: Callable[..., str]) -> None:
    delimiter = ";" if '"' not in "".join(NUMBERS[kind].values()) else ","
    assert read(write("accounts.csv", amounts(NUMBERS[kind], delimiter))).totals == (OPENING, CLOSING)


def test_lakh_grouping_is_understood(write: Callable[..., str]) -> None:
    table = csv_of([["K1", "North", '"4,00,000.00"', '"12,34,56,789.50"']])
    assert read(write("accounts.csv", table)).rows == [("K1", 400000, pytest.approx(123456789.5))]


def test_a_table_with_thousands_of_columns_is_read(write: Callable[..., str]) -> None:
    assert read(write("accounts.csv", PLAIN.replace("\n", "," * 5000 + "\n"))).totals == (OPENING, CLOSING)
    bad = PLAIN.replace("\n", ",x" * 5000 + "\n").replace("610.00", "n/a")
    with pytest.raises(InputError, match=r":4 \(row 3\): closing_mrr \(ending_mrr\) is 'n/a'"):
        read(write("accounts.csv", bad), SNAPSHOT)


def test_a_table_of_one_row_is_read(write: Callable[..., str]) -> None:
    assert read(write("accounts.csv", csv_of(ROWS[:1]))).rows == [("K1", 7000, 8250)]


def test_names_of_windows_1252_come_out_right(write: Callable[..., str]) -> None:
    found = read(write("accounts.csv", BYTES["UTF-8 and Windows-1252 in one file"]))
    assert [row[0] for row in found.rows[:2]] == ["Café", "Zoë–1"]
    assert found.notes == [note for note in found.notes if "accounts.csv:3: not UTF-8" in note]


def test_ids_are_text(write: Callable[..., str]) -> None:
    table = csv_of([["007", "N", "1", "1"], ["7", "N", "1", "1"], ["1E5", "N", "1", "1"], ["100000", "N", "1", "1"]])
    assert [row[0] for row in read(write("accounts.csv", table)).rows] == ["007", "7", "1E5", "100000"]


def test_names_that_may_be_one_are_told(write: Callable[..., str]) -> None:
    found = read(write("accounts.csv", PLAIN.replace("K2", "k1").replace("K3", "1.23E+11")))
    assert found.totals == (OPENING, CLOSING)
    assert found.notes == [
        "account: '1.23E+11' looks like a long number that Excel has rounded",
        "account: 'K1' and 'k1' are counted as different",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kim", "kim"), ("00120", "120"), ("Café", "Cafe\u0301"), ("Acme Inc", "Acme\u00a0Inc"), ("Acme", "Ac\u200bme")],
)
def test_names_that_look_alike_are_told(one: str, other: str, write: Callable[..., str]) -> None:
    found = read(write("accounts.csv", PLAIN.replace("K1", one).replace("K3", other)))
    assert found.totals == (OPENING, CLOSING)
    assert any("are counted as different" in note for note in found.notes)


def test_a_name_that_may_be_a_comment_is_told(write: Callable[..., str]) -> None:
    note = "account: '#K2' is counted as a name, though it may be a comment"
    assert read(write("accounts.csv", PLAIN.replace("K2", "#K2"))).notes == [note]
    assert read(write("accounts.csv", PLAIN.replace("K", "#"))).notes == []


def test_a_customer_called_max_among_others_is_read(write: Callable[..., str]) -> None:
    found = read(write("accounts.csv", PLAIN.replace("K3", "Max")))
    assert found.totals == (OPENING, CLOSING)
    assert found.notes == []


def test_a_customer_called_growth_below_all_others_is_read_and_told(write: Callable[..., str]) -> None:
    rows = "account,opening_mrr,closing_mrr\nA,100,110\nB,200,220\nGrowth,13,17\n"
    assert read(write("accounts.csv", rows)).notes == ["'Growth' is counted as a customer, not as a totals row"]
    assert read(write("accounts.csv", f"{rows}Zeta,5,5\n")).notes == []
    assert [one for one in read(write("accounts.csv", f"{rows}Total,313,347\n")).notes if "Growth" in one] == []


def test_prices_that_add_up_here_and_there_are_no_subtotals(write: Callable[..., str]) -> None:
    prices = [50, 50, 100, 100, 100, 150, 50, 100, 150, 50]
    table = csv_of([[f"K{i}", "N", f"{price}.00", f"{price}.00"] for i, price in enumerate(prices)])
    assert read(write("accounts.csv", table)).total(1) == sum(prices)
