"""What a file does not say is refused: the message names the place, the column, the value and what settles it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from cstool.errors import InputError
from cstool.model.reading import Column
from tests.reading.reader import ENDING, HEADER, ROWS, SNAPSHOT, column, csv_of, one_column, read

PLAIN = csv_of()
LEDGER = (Column("account", "account", "id"), Column("month", "month", "month"), Column("mrr", "mrr", "amount"))


def with_row(*cells: str) -> str:
    return PLAIN + ",".join(cells) + "\n"


def grouped(subtotals: Sequence[Sequence[str]], *, above: bool = False) -> str:
    """The rows of the north and of the south, each with a subtotal."""
    parts = [[*ROWS[:2]], [*ROWS[2:4]]]
    return csv_of(
        [row for part, own in zip(parts, subtotals, strict=True) for row in ([own, *part] if above else [*part, own])]
    )


def with_closing(value: str) -> str:
    """The table with another closing MRR of K3, on line 4."""
    return PLAIN.replace("610.00", value)


# By what is wrong: the file, and what the message must hold.
CELLS: dict[str, tuple[str, Sequence[str]]] = {
    "a blank": (with_closing(""), [":4 (row 3): closing_mrr (ending_mrr) is blank", "--blank zero", "--blank skip"]),
    "white space": (with_closing("   "), [":4 (row 3)", "is blank", "--blank zero"]),
    "a no-break space": (with_closing("\u00a0"), [":4 (row 3)", "is blank"]),
    "N/A": (with_closing("N/A"), [":4 (row 3)", "is 'N/A', not an amount", "--blank zero", "--blank skip"]),
    "n.a.": (with_closing("n.a."), [":4 (row 3)", "'n.a.'", "--blank"]),
    "None": (with_closing("None"), [":4 (row 3)", "'None'", "--blank"]),
    "#N/A": (with_closing("#N/A"), [":4 (row 3)", "'#N/A'", "--blank"]),
    "#DIV/0!": (with_closing("#DIV/0!"), [":4 (row 3)", "'#DIV/0!'", "--blank"]),
    "an accountant's dash": (with_closing(" $ -   "), [":4 (row 3)", "'$ -'", "--blank"]),
    "inf": (with_closing("inf"), [":4 (row 3)", "'inf', not an amount"]),
    "4k": (with_closing("4k"), [":4 (row 3)", "'4k'", "write all digits"]),
    "1.5M": (with_closing("1.5M"), [":4 (row 3)", "'1.5M'", "write all digits"]),
    "5 MIO": (with_closing("5 MIO"), [":4 (row 3)", "'5 MIO'"]),
    "a percentage": (with_closing("61%"), [":4 (row 3)", "'61%', a percentage"]),
    "a formula": (with_closing("=D3*2"), [":4 (row 3)", "'=D3*2'"]),
    "hexadecimal": (with_closing("0x1F"), [":4 (row 3)", "'0x1F'"]),
    "underscores": (with_closing("6_100"), [":4 (row 3)", "'6_100'"]),
    "two points": (with_closing("6.1.0"), [":4 (row 3)", "'6.1.0'"]),
    "letters for digits": (with_closing("61O.00"), [":4 (row 3)", "'61O.00'"]),
    "a date": (with_closing("2026-01-31"), [":4 (row 3)", "'2026-01-31'"]),
    "other digits": (with_closing("٦١٠"), [":4 (row 3)", "'٦١٠'"]),
    "more decimals than are kept": (with_closing("1." + "3" * 25), [":4 (row 3)"]),
    "more digits than are kept": (with_closing("9" * 45), [":4 (row 3)"]),
    "a power of ten beyond bounds": (with_closing("1E80"), [":4 (row 3)", "'1E80'"]),
    "a power of ten that would be rounded": (with_closing("1E-30"), [":4 (row 3)", "'1E-30'"]),
    "a minus": (with_closing("-610"), [":4 (row 3)", "'-610'", "negative", "--negative keep"]),
    "a trailing minus": (with_closing("610.00-"), [":4 (row 3)", "'610.00-'", "negative"]),
    "a typographic minus": (with_closing("−610"), [":4 (row 3)", "negative"]),
    "parentheses": (with_closing("(610.00)"), [":4 (row 3)", "'(610.00)'", "negative"]),
    "parentheses and a currency": (with_closing("$(610.00)"), [":4 (row 3)", "negative"]),
    "no name": (
        PLAIN.replace("K3", ""),
        [":4 (row 3): account is blank", "--blank skip leaves their rows out"],
    ),
    "another currency": (
        PLAIN.replace("610.00", "€610.00").replace("940.00", "$940.00"),
        [":4 (row 3)", "$ and €", "split the file by currency"],
    ),
    "another currency in one column": (
        with_closing("610.00 EUR").replace("1200.00\n", "1200.00 USD\n"),
        ["EUR and USD", "split the file by currency"],
    ),
    "decimal commas and points": (
        csv_of([*ROWS, ["K6", "West", '"1.250,50"', "3.00"], ["K7", "West", "1250.75", "3.00"]]),
        ["written in two ways", ":7 (row 6)", "'1.250,50'"],
    ),
}

ROWS_OF_ALL_KINDS: dict[str, tuple[str, Sequence[str]]] = {
    "a field too few": (with_row("K6", "West", "5"), [":7 (row 6): has 3 fields where the header has 4: 'K6,West,5'"]),
    "a field too many": (with_row("K6", "West", "5", "6", "7"), [":7 (row 6): has 5 fields where the header has 4"]),
    "a comma that is not quoted": (
        PLAIN.replace("K3", "K3, Ltd"),
        [":4 (row 3): has 5 fields", "quote fields that hold the delimiter"],
    ),
    "decimal commas that are not quoted": (
        PLAIN.replace(".", ","),
        [":2 (row 1): has 6 fields where the header has 4"],
    ),
    "a second table": (PLAIN + "\nmonth,logos\n2026-01,3\n", [":8 (row 6): has 2 fields", "(2 such rows)"]),
    "a group's total in German": (with_row("North Ergebnis", "", "1.00", "1.00"), [":7 (row 6): 'North Ergebnis'"]),
    "subtotals by name alone": (
        grouped([["North", "", "8200.00", "9450.00"], ["South", "", "975.00", "610.00"]]),
        [":4 (row 3): the amounts of 'North' are the sums of other rows", "(2 such rows)"],
    ),
    "subtotals above their rows": (
        grouped([["North", "", "8200.00", "9450.00"], ["South", "", "975.00", "610.00"]], above=True),
        [":2 (row 1): the amounts of 'North' are the sums of other rows", "(2 such rows)"],
    ),
    "subtotals and a grand total": (
        grouped([["North", "", "8200.00", "9450.00"], ["South", "", "975.00", "610.00"]]) + "We,,9175.00,10060.00\n",
        [":4 (row 3): the amounts of 'North' are the sums of other rows", "(3 such rows)"],
    ),
    "sums with another label": (
        with_row("North America", "", "9175.00", "10540.00"),
        [":7 (row 6): the amounts of 'North America' are the sums of other rows", "move it between other rows"],
    ),
    "sums in the first row": (
        PLAIN.replace("K1", "North America,,9175.00,10540.00\nK1"),
        [":2 (row 1): the amounts of 'North America' are the sums of other rows"],
    ),
    "a customer twice": (
        with_row("K2", "North", "5", "6"),
        ["duplicate account: 1", "'K2' at", ":3 (row 2)", ":7 (row 6)", "differ", "--duplicates sum"],
    ),
    "a customer twice, with a joiner that is not seen": (with_row("K2\u200d", "N", "5", "6"), ["duplicate account"]),
    "a customer twice, with spaces": (with_row(" K2 ", "North", "5", "6"), ["duplicate account", "'K2' at"]),
    "a row twice": (
        with_row(*ROWS[1]),
        ["duplicate account", ":3 (row 2)", ":7 (row 6)", "alike", "--duplicates drop"],
    ),
    "a cell beside the table": (
        csv_of([*[[*row, ""] for row in ROWS[:4]], [*ROWS[4], "00"]], [*HEADER, ""]),
        [":6 (row 5): '00' stands in a column without a name"],
    ),
    "amounts broken by their commas, in columns left over": (
        csv_of([[*row[:2], *row[2].split("."), *row[3].split(".")] for row in ROWS], [*HEADER, "", ""]),
        [":2 (row 1): ", "stands in a column without a name"],
    ),
    "two currencies in a column of their own": (
        csv_of([[*row, "EUR" if row[0] == "K4" else "USD"] for row in ROWS], [*HEADER, "Currency"]),
        [":5 (row 4): the currency is 'EUR', and 'USD' above", '--by "Currency"'],
    ),
    "two currencies in a column of another name": (
        csv_of([[*row, "EUR" if row[0] == "K4" else "USD"] for row in ROWS], [*HEADER, "Billing Currency"]),
        [":5 (row 4): the currency is 'EUR', and 'USD' above", '--by "Billing Currency"'],
    ),
    "two columns of currencies that differ": (
        csv_of(
            [[*row, "USD", "EUR" if row[0] == "K4" else "USD"] for row in ROWS],
            [*HEADER, "opening currency", "closing currency"],
        ),
        [":5 (row 4): the currency is 'EUR and USD', and 'USD' above"],
    ),
    "a quote mark left open": (PLAIN.replace("K3", '"K3'), [":4: a quote mark opens in this row and is not closed"]),
    "text behind a closing quote": (PLAIN.replace("K3", '"K"3'), [":4: text stands right behind a closing quote"]),
    "quotes escaped with a backslash": (PLAIN.replace("K3", '"the \\"K3\\""'), [":4: text stands right behind"]),
    "two quote marks that swallow rows": (
        PLAIN.replace("K2,", 'K2,"').replace("K5,West", 'K5,West"'),
        [":3 (row 2): a quoted field runs over what look like several rows"],
    ),
}

FILES: dict[str, tuple[bytes, Sequence[str]]] = {
    "nothing": (b"", ["the file is empty"]),
    "only a byte order mark": (b"\xef\xbb\xbf", ["the file is empty"]),
    "only line ends": (b"\n\r\n\n", ["the file is empty"]),
    "only NULs": (b"\x00" * 5000, ["the file is empty"]),
    "a header alone": (b"account,segment,opening_mrr,closing_mrr\n", ["no rows of data under the header on line 1"]),
    "lines in quotes as a whole": (
        "".join(f'"{line}"\n' for line in PLAIN.splitlines()).encode(),
        [":1: the header is a single field, 'account,segment,", "remove the quote marks around whole lines"],
    ),
    "no header": ("".join(PLAIN.splitlines(keepends=True)[1:]).encode(), [":1: no header line", "'K1,North,7000.00"]),
    "one line of data": (b"K1,North,7000.00,8250.00", [":1: no header line", "--header-line"]),
    "a NUL": (PLAIN.replace("K3", "K\x003").encode(), [":4: a NUL byte"]),
    "NULs at the end": (PLAIN.encode() + b"\x00" * 512, [":7: a NUL byte", "damaged"]),
    "half a character at the end": (PLAIN.encode("utf-16")[:-1], ["utf-16"]),
    "bytes of no encoding": (PLAIN.replace("K3", "K\x81").encode("latin-1"), [":4: bytes that are neither UTF-8 nor"]),
    "a web page": (b"\n<!DOCTYPE html><html><body>Log in</body></html>", ["is a web page (HTML), not CSV"]),
    "a comment of a web page": (b"<!-- made by portal -->\n<table>", ["is a web page (HTML)"]),
    "a part of a web page": (b'<div class="report"><table>', ["is a web page (HTML)"]),
    "a table of a web page": (b"<table><tr><td>account</td></tr></table>", ["is a web page (HTML)"]),
    "JSON": (b'[\n  {"account": "K1", "opening_mrr": 7}\n]', ["is JSON, not CSV"]),
    "JSON lines": (b'{"account": "K1"}\n{"account": "K2"}\n', ["is JSON, not CSV"]),
    "XML": (b'<?xml version="1.0"?><rows/>', ["is XML, not CSV"]),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", ["is a PDF, not CSV"]),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ["is an old Excel workbook (xls)"]),
    "a database": (b"SQLite format 3\x00" + b"\x10" * 100, ["is a SQLite database"]),
    "broken zstd": (b"\x28\xb5\x2f\xfd\x24", ["the packed file is damaged"]),
    "a gzip cut short": (gzip.compress(PLAIN.encode() * 200)[:-30], ["the packed file is damaged"]),
    "a zip cut short": (b"PK\x03\x04" + b"\x00" * 40, ["the packed file is damaged"]),
    "a Parquet file cut short": (b"PAR1" + b"\x00" * 40, ["the Parquet file cannot be read"]),
    "a line without an end": (b"account," + b"x" * (2 << 20), [":1: the line is longer than 1 MB; this is no table"]),
    "more columns than any table has": (
        b"account," + b",".join(b"%d" % i for i in range(20_000)) + b"\nK1\n",
        [":1: 20,001 columns"],
    ),
}


def refusal(file: str, **options: object) -> str:
    with pytest.raises(InputError) as error:
        read(file, **options)  # type: ignore[arg-type]
    return "\n".join(error.value.lines())


@pytest.mark.parametrize("kind", [*CELLS, *ROWS_OF_ALL_KINDS])
def test_a_spoiled_table_is_refused_by_place(kind: str, write: Callable[..., str]) -> None:
    text, wanted = {**CELLS, **ROWS_OF_ALL_KINDS}[kind]
    message = refusal(write("accounts.csv", text))
    for words in wanted:
        assert words in message


@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_table_is_said(kind: str, write: Callable[..., str]) -> None:
    data, wanted = FILES[kind]
    message = refusal(write("accounts.csv", data))
    for words in wanted:
        assert words in message


@pytest.mark.parametrize(
    "values",
    [["4.000", "600"], ["4,000", "600"], ["1.234", "5.678"], ["12.345", "600.000"], ["4.000", "12.50", "7.25"]],
)
def test_amounts_that_could_be_thousands_are_refused_until_the_decimal_mark_is_given(
    values: list[str], write: Callable[..., str]
) -> None:
    file = write("accounts.csv", one_column(values))
    columns, known = [Column("account", "account", "id"), column("amount")], frozenset({"account", "value"})
    message = refusal(file, columns=columns, known=known)
    assert f":2 (row 1): value is '{values[0]}'" in message
    assert "--decimal . or --decimal ," in message
    as_fraction = read(file, columns, known=known, decimal="," if "," in values[0] else ".")
    assert as_fraction.total(1) == sum(map(_decimal, values))


def _decimal(text: str) -> Decimal:

    return Decimal(text.replace(",", "."))


def test_a_column_beside_it_decides_the_decimal_mark(write: Callable[..., str]) -> None:
    rows = [["K1", "N", '"7,000"', '"8,250.50"'], ["K2", "N", '"1,200"', '"1,200.00"']]
    assert read(write("accounts.csv", csv_of(rows))).total(1) == 8200


def test_one_cause_is_one_line_with_a_count_and_its_first_place(write: Callable[..., str]) -> None:
    rows = [[f"K{i}", "N", "5.00", "n/a" if i % 2 else "7.00"] for i in range(40)]
    message = refusal(write("accounts.csv", csv_of(rows))).splitlines()
    assert message[0].endswith(
        "accounts.csv:3 (row 2): closing_mrr (ending_mrr) is 'n/a', not an amount (20 blank cells)"
    )
    assert message[1:] == ["--blank zero counts blank cells as 0, --blank skip leaves their rows out"]


def test_blanks_of_many_columns_are_one_cause(write: Callable[..., str]) -> None:
    rows = [[f"K{i}", "N", "" if i % 3 else "5.00", "" if i % 2 else "7.00"] for i in range(30)]
    message = refusal(write("accounts.csv", csv_of(rows))).splitlines()
    assert message[0].endswith(":3 (row 2): opening_mrr (starting_mrr) is blank (35 blank cells in 2 columns)")
    assert len(message) == 2


def test_a_refusal_takes_at_most_eight_lines(write: Callable[..., str]) -> None:
    spoilt = ["", "4k", "61%", "-5", "0x1F", "n/a", "1e80"]
    rows = [
        *ROWS,
        *([f"L{i}", "N", one, "7.00"] for i, one in enumerate(spoilt)),
        ["Some Total", "N", "5", "5"],
        ["", "N", "5", "5"],
    ]
    text = csv_of(rows) + "M1,N,5\nM2,N,5,5,5\n"
    assert len(refusal(write("accounts.csv", text)).splitlines()) <= 8


def test_lines_are_counted_as_an_editor_does(write: Callable[..., str]) -> None:
    text = 'Report\n\n"x\ny",,,\n' + PLAIN.replace("North", '"North\r\nand\neast"', 1).replace("35.00", "n/a")
    assert "accounts.csv:11 (row 4): opening_mrr (starting_mrr) is 'n/a'" in refusal(write("accounts.csv", text))


def test_lines_are_right_where_blank_ones_stand_between(write: Callable[..., str]) -> None:
    text = PLAIN.replace("\n", "\n\n").replace("35.00", "n/a")
    assert "accounts.csv:9 (row 4): opening_mrr (starting_mrr) is 'n/a'" in refusal(write("accounts.csv", text))


def test_a_long_value_is_shortened(write: Callable[..., str]) -> None:
    message = refusal(write("accounts.csv", with_closing("x" * 5000)))
    assert "'" + "x" * 59 + "…'" in message


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    assert "no such file" in refusal(str(tmp_path / "accounts.csv"))
    assert "is a folder" in refusal(str(tmp_path))


def test_files_of_different_columns_are_refused(write: Callable[..., str]) -> None:
    first, second = write("a.csv", PLAIN), write("b.csv", PLAIN.replace("closing_mrr", "mrr"))
    with pytest.raises(InputError, match=r"b\.csv lacks closing_mrr; .*a\.csv lacks mrr"):
        read([first, second])


def test_a_customer_in_two_files_is_refused_naming_both(write: Callable[..., str]) -> None:
    second = write("b.csv", csv_of([ROWS[1], ["L1", "N", "1", "1"]]))
    with pytest.raises(InputError) as error:
        read([write("a.csv", PLAIN), second])
    assert "a.csv:3 (row 2)" in error.value.problems[0]
    assert "b.csv:2 (row 1)" in error.value.problems[0]


def test_a_ledger_with_a_month_twice_is_refused(write: Callable[..., str]) -> None:
    rows = [["K1", "2026-01", "5"], ["K1", "2026-02", "5"], ["K2", "2026-01", "7"], ["K1", "2026-02", "6"]]
    with pytest.raises(InputError) as error:
        read(write("l.csv", csv_of(rows, ["account", "month", "mrr"])), LEDGER, ("account", "month"))
    assert "'K1', '2026-02' at" in error.value.problems[0]


def test_a_column_that_stands_twice_is_refused(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="not just one column 'closing_mrr'"):
        read(write("a.csv", csv_of([[*row, "1"] for row in ROWS], [*HEADER, "closing_mrr"])), SNAPSHOT)


def test_only_needed_columns_are_judged(write: Callable[..., str]) -> None:
    assert read(write("a.csv", with_closing("N/A")), SNAPSHOT[:2]).total(1) == 9175
    assert ENDING not in SNAPSHOT[:2]


def test_a_message_is_of_plain_lines_whatever_the_file_holds(write: Callable[..., str]) -> None:
    for text in ('K1,"a\nb",7000.00,8250.00\n', PLAIN.replace("610.00", '"6\n10"'), PLAIN.replace("K3", '"K\n3"') * 2):
        assert not any("\n" in line for line in _lines(write("accounts.csv", text)))


def _lines(file: str) -> list[str]:
    with pytest.raises(InputError) as error:
        read(file)
    return error.value.lines()
