"""Formats: numbers in units for people and in full for programs, and no text from data that does anything."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import Any, get_args

import pytest

from cstool.render.blocks import Card, Format, Grid, Picture, View
from cstool.render.formats import rendered
from cstool.render.table import as_table
from cstool.render.units import shown, shown_alike

FORMATS = get_args(Format)
DELIMITERS: dict[Format, str] = {"csv": ",", "tsv": "\t"}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("0.92448"), "percent", "92.4%"),
        (Decimal("0.92450"), "percent", "92.5%"),
        (Decimal("-0.92450"), "percent", "-92.5%"),
        (Decimal("-0.0004"), "percent", "0.0%"),
        (1.02, "percent", "102.0%"),
        (0.285, "ratio", "0.29"),
        (Decimal("0.125"), "ratio", "0.13"),
        (Decimal("2.5"), "count", "3"),
        (Decimal("-2.5"), "count", "-3"),
        (1234567, "count", "1,234,567"),
        (Decimal("1234.5"), "currency", "1,234.50"),
        (Decimal("1234.00"), "currency", "1,234"),
        (Decimal("0.005"), "currency", "0.01"),
        (36.25, "score", "36.3"),
        (Decimal("11.95"), "months", "12.0 months"),
        (3, "days", "3.0 days"),
        (Decimal("7.25"), "minutes", "7.3 min"),
        (None, "percent", "n/a"),
        (None, None, "n/a"),
        ("2026-10", None, "2026-10"),
        ("ent", "percent", "ent"),
        (7, None, "7"),
    ],
)
def test_people_read_units_rounded_half_up(value: Any, unit: str | None, text: str) -> None:
    assert shown(value, unit) == text


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([Decimal("10"), Decimal("2.5"), None], ["10.00", "2.50", "n/a"]),
        ([Decimal("10"), Decimal("2.00"), None], ["10", "2", "n/a"]),
        ([26100.000000000004, 37070], ["26,100", "37,070"]),
    ],
)
def test_the_amounts_of_a_column_have_cents_all_or_none(values: list[Any], texts: list[str]) -> None:
    assert shown_alike(values, "currency") == texts


def test_a_number_of_any_size_can_be_shown() -> None:
    assert shown(1e30, "currency") == "1" + ",000" * 10
    assert shown(1.5e300, "percent").startswith("150,000,")
    assert shown(5e-324, "ratio") == "0.00"
    assert shown(Decimal("9" * 38), "count").replace(",", "") == "9" * 38


def table(value: Any, name: str = "value") -> View:
    """A view with one value in every place."""
    text = "" if value is None else str(value)
    grid = Grid([name, "other"], [[text, "x"]])
    card = Card(text, text, text, [(text, text)])
    record = {name: value, "other": "x"}
    return View([record], [record], [name, "other"], [[value, "x"]], [card, grid], [value])


@pytest.mark.parametrize(
    ("value", "cell", "number"),
    [
        (Decimal("0.9448275862068966"), "0.9448275862068966", 0.9448275862068966),
        (Decimal("0.80"), "0.8", 0.8),
        (Decimal("1E+3"), "1000", 1000),
        (Decimal("-0.00"), "0", 0),
        (1e22, "10000000000000000000000", 1e22),
        (1e-7, "0.0000001", 1e-7),
        (0.1 + 0.2, "0.30000000000000004", 0.1 + 0.2),
        (-5, "-5", -5),
        (None, "", None),
    ],
)
def test_programs_read_all_digits_and_no_exponent(value: Any, cell: str, number: float | None) -> None:
    view = table(value)
    assert rendered(view, "value") == f"{cell}\n"
    assert rendered(view, "csv") == f"value,other\n{cell},x\n"
    assert rendered(view, "tsv") == f"value\tother\n{cell}\tx\n"
    assert json.loads(rendered(view, "json")) == [{"value": number, "other": "x"}]
    assert json.loads(rendered(view, "jsonl")) == {"value": number, "other": "x"}


def test_json_is_readable_and_jsonl_is_one_line_a_record() -> None:
    view = View([{"a": "é"}, {"a": 2}], [{"a": "é"}, {"a": 2}], ["a"], [["é"], [2]], [])
    assert rendered(view, "json") == '[\n  {\n    "a": "é"\n  },\n  {\n    "a": 2\n  }\n]\n'
    assert rendered(view, "jsonl") == '{"a": "é"}\n{"a": 2}\n'


def cells(text: str, form: Format) -> list[list[str]]:
    """The rows of csv as its readers take them; of tsv, where a tab, a line break and a backslash are escaped."""
    if form != "tsv":
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[form]))
    marks = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
    return [
        [re.sub(r"\\[tnr\\]", lambda found: marks[found[0]], cell) for cell in line.split("\t")]
        for line in text.removesuffix("\n").split("\n")
    ]


@pytest.mark.parametrize("text", ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
@pytest.mark.parametrize("form", DELIMITERS)
def test_text_that_a_spreadsheet_would_run_is_quoted_unless_raw(text: str, form: Format) -> None:
    for view in (table(text), table("x", name=text)):
        defused = cells(rendered(view, form), form)
        assert any(cell.startswith("'") for row in defused for cell in row)
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in defused for cell in row)
        raw = cells(rendered(view, form, raw=True), form)
        assert any(cell == text for row in raw for cell in row)


def test_numbers_and_harmless_text_are_not_quoted() -> None:
    view = View([], [], ["a", "b", "c"], [[Decimal(-3), -0.5, "a=b"], [None, True, "'x"]], [])
    assert rendered(view, "csv") == "a,b,c\n-3,-0.5,a=b\n,true,'x\n"


def test_a_cell_with_the_delimiter_a_quote_or_a_line_break_stays_one_cell() -> None:
    for text in ('a,"b"', "a\tb", "a\nb", "a\\tb"):
        for form in DELIMITERS:
            assert cells(rendered(table(text), form), form)[1] == [text, "x"]


ACTING = {
    "escape": "\x1b[31m",
    "control sequence": "\x9b31m",
    "return": "\r",
    "backspace": "\b",
    "bell": "\a",
    "null": "\0",
    "delete": "\x7f",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "letter mark": "\u061c",
    "line separator": "\u2028",
}


@pytest.mark.parametrize("text", ACTING.values(), ids=ACTING)
@pytest.mark.parametrize("form", FORMATS)
def test_a_character_that_acts_on_a_terminal_is_written_out(text: str, form: Format) -> None:
    code = ord(text[0])
    written = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for terminal in (False, True):
        out = rendered(table(f"a{text}b"), form, terminal=terminal)
        assert text[0] not in out
        if form in ("json", "jsonl"):
            assert json.loads(out.strip("[] \n"))["value"] == f"a{text}b"
        else:
            assert (written.replace("\\", "\\\\") if form == "md" else written) in out


@pytest.mark.parametrize("form", ["table", "md"])
def test_a_line_break_in_data_stays_in_its_line(form: Format) -> None:
    view = View([], [], [], [], [Grid(["a"], [["one\ntwo"], ["three"]])])
    lines = rendered(view, form).splitlines()
    assert len(lines) == {"table": 3, "md": 4}[form]


@pytest.mark.parametrize("text", ["[bold]x[/b]", "[/]", ":smile:", "[link=http://x]y[/link]", "{x}", "\\[a]", "100%"])
def test_markup_is_text_in_tables(text: str) -> None:
    for terminal, color in ((False, False), (True, False), (True, True)):
        assert text in rendered(View([], [], [], [], [Grid(["a"], [[text]])]), "table", terminal=terminal, color=color)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("<b>x</b>", r"\<b\>x\</b\>"),
        ("*x* _y_ `z` ~a~", r"\*x\* \_y\_ \`z\` \~a\~"),
        ("[x](http://y)", r"\[x\](http://y)"),
        ("back\\slash", r"back\\slash"),
        ("&lt; &#60; R&D", r"\&lt; \&#60; R&D"),
    ],
)
def test_markdown_and_html_in_data_are_text(text: str, escaped: str) -> None:
    out = rendered(table(text), "md")
    assert out.startswith(f"## {escaped} ({escaped})\n\n{escaped}\n\n- **{escaped}:** {escaped}\n")
    assert f"| {escaped} | x |\n" in out


@pytest.mark.parametrize(
    ("lead", "escaped"),
    [("# x", r"\# x"), ("- x", r"\- x"), ("1. x", r"1\. x"), ("12) x", r"12\) x"), ("1.5 x", r"1\.5 x")],
)
def test_a_paragraph_of_data_is_no_heading_and_no_list(lead: str, escaped: str) -> None:
    assert f"\n{escaped}\n" in rendered(View([], [], [], [], [Card("t", lead=lead)]), "md")


def test_what_goes_on_with_a_fact_is_a_list_below_it_in_markdown() -> None:
    view = View(None, [], [], [], [Card("t", facts=[("Readings", "one"), ("", "- two")])])
    assert rendered(view, "md").splitlines()[2:] == ["- **Readings:** one", "  - \\- two"]


def test_a_markdown_table_sets_numbers_flush_right() -> None:
    view = View([], [], [], [], [Grid(["segment", "nrr"], [["ent", "80.0%"]], right=[1])])
    assert rendered(view, "md") == "| segment | nrr |\n| --- | ---: |\n| ent | 80.0% |\n"


def test_off_a_terminal_nothing_is_cut_or_wrapped_and_no_line_ends_in_blanks() -> None:
    long = "word " * 400 + "end"
    view = View(
        [], [], [], [], [Card("t", lead=long, facts=[("label", long)]), Grid(["a", "b"], [[long, long], ["x", "y"]])]
    )
    out = rendered(view, "table")
    assert out.count(long) == 4
    assert all(line == line.rstrip() for line in out.splitlines())


def test_a_terminal_wraps_to_its_width_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    long = "word " * 100 + "end"
    view = View([], [], [], [], [Card("title", "tag", long, [("label", long)]), Grid(["a", "b"], [[long, "y"]])])
    wrapped = rendered(view, "table", terminal=True)
    assert max(len(line) for line in wrapped.splitlines()) <= 60
    assert sorted(wrapped.split()) == sorted(rendered(view, "table").split())


def test_colour_changes_no_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    view = table("some text")
    plain, colored = (rendered(view, "table", terminal=True, color=color) for color in (False, True))
    assert "\x1b" in colored
    assert "\x1b" not in plain
    bare = "".join(part.partition("m")[2] if i else part for i, part in enumerate(colored.split("\x1b[")))
    assert bare.split() == plain.split()


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_number_is_cut_however_narrow_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    names = ["segment", "period", *(f"rate_of_something_{i}" for i in range(8))]
    grid = Grid(names, [["Enterprise", "2025-Q4", *["1,234,567.8%"] * 8]], right=range(2, 10))
    drawn = as_table([grid], terminal=True, color=False)
    assert drawn.splitlines()[-1].split() == grid.rows[0]
    assert "segment" in drawn


def test_headings_of_numbers_are_folded_only_as_far_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    header = ("period", "time_to_first_value_mean", "reactivation", "customers")
    grid = Grid(header, [("2026-10", "10.0 days", "0", "30")], (1, 2, 3))
    folded = {}
    for width in (80, 50, 40, 36):  # in 36 a heading would have to break within a word, and runs over instead
        monkeypatch.setenv("COLUMNS", str(width))
        lines = as_table([grid], terminal=True, color=False).splitlines()
        assert max(map(len, lines)) <= max(width, 40)
        folded[width] = [" ".join(line.split()) for line in lines if line][:-1]
    assert folded == {
        80: ["period time_to_first_value_mean reactivation customers"],
        50: ["time_to", "first", "value", "period mean reactivation customers"],
        40: ["time_to", "first", "value", "period mean reactivation customers"],
        36: ["time_to", "first", "value", "period mean reactivation customers"],
    }


def test_a_name_is_not_broken_where_words_beside_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    grid = Grid(("name", "text"), [("recurring-revenue-forecast", "some words that go on " * 4)])
    assert "recurring-revenue-forecast" in as_table([grid], terminal=True, color=False)


def test_a_drawing_shows_whole_runs_and_says_that_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    drawn = as_table([Picture([[(f"{i:>8}", "") for i in range(100, 120)]])], terminal=True, color=False)
    assert drawn.splitlines()[0].split() == ["100", "101", "102", "103", "104", "105"]
    assert "--no-plot" in drawn
