"""What could not be read, told by place: the message people get, and the file of all rejected rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from cstool.data.header import excerpt
from cstool.data.kinds import NOUNS, NUMBERS
from cstool.data.options import Column
from cstool.data.table import Table
from cstool.engines.duck import DuckDB, EngineError, quoted, quoted_path
from cstool.errors import InputError, Place

SHOWN = 5  # places named per kind of problem
FILE_BITS = 40  # a place is file << 40 | row, and orders rows of all files

_SKIP = "--skip-bad leaves such rows out"
# By code: why (a cell's value stands before it), and what to do. {noun}: what the column holds.
WHY: Mapping[str, tuple[str, str]] = {
    "misfit": (
        "{value}",
        "remove the line if it is a footnote or another table; quote fields that hold the delimiter, as 4000,00 does",
    ),
    "swallowed": ("a quoted field runs over what look like several rows: {value}", "close the quote mark"),
    "header": ("the header stands again: {value}", "remove the line"),
    "total": (
        "{value} looks like a totals row, no row of its own",
        "remove the line, or rename it if it is a customer",
    ),
    "sum": (
        "the amounts of {value} are the sums of other rows, as in a totals row",
        "remove the line; if it is a customer, move it between other rows",
    ),
    "footnote": ("only {value} stands in the row, like a title or a footnote", "remove the line"),
    "unnamed": ("{value} stands in a column without a name", "name the column, or see whether the row is shifted"),
    "blank": ("is blank", ""),
    "missing": ("is {value}, not {noun}", "use --blank zero or --blank skip if it means nothing"),
    "negative": ("is {value}, and amounts cannot be negative", "--negative keep or --negative zero says what it means"),
    "fraction": ("is {value}, not a whole number", ""),
    "over-one": ("is {value}, which could be a fraction or percent", "write 0.8 or 80%"),
    "percent": ("is {value}, a percentage and not {noun}", ""),
    "short": ("is {value}, not {noun} in full", "write all digits: 4000, not 4k"),
    "serial": ("is {value}, not {noun}", "--date-order serial if these are Excel's day numbers"),
    "unread": ("is {value}, not {noun}", ""),
}
_REASONS = {
    "misfit": "does not fit the header",
    "header": "the header stands again",
    "footnote": "a title or a footnote",
}
ROW_CODES = ("misfit", "swallowed", "header", "total", "sum", "footnote", "unnamed")
_BLANK = {
    True: "--blank zero counts it as 0, --blank skip leaves the row out",
    False: "fill it in, or remove the line if it is a total",
}


def shown_name(column: Column) -> str:
    """A column as the user knows it: its header, and the role it plays where that has another name."""
    if column.kind == "text" or re.fullmatch(r"[a-z]\d+", column.name) or not column.header:
        return column.header or column.name
    return column.name if column.header == column.name else f"{column.header} ({column.name})"


class Problems:
    """The table `problems` (place, line, col, value, code): col is the index of a column, -1 for a whole row."""

    def __init__(self, engine: DuckDB, tables: Sequence[Table], columns: Sequence[Column], rejects: str | None) -> None:
        self.engine = engine
        self.tables = tables
        self.columns = columns
        self.rejects = rejects
        fields = "place bigint, line bigint, col integer, value varchar, code varchar"
        self.engine.run(f"create or replace temp table problems ({fields})")

    def add(self, query: str) -> None:
        """Adds the rows of a query of place, line, col, value, code."""
        self.engine.run(f"insert into problems {query}")

    @property
    def names(self) -> str:
        """What the files are called."""
        return ", ".join(table.name for table in self.tables)

    def rows(self) -> int:
        return int(self.engine.row("select count(distinct place) from problems")[0])

    def where(self, place: int, line: int) -> str:
        return f"{self.tables[place >> FILE_BITS].name}:{line} (row {place % (1 << FILE_BITS)})"

    def error(self) -> InputError:
        """The first places of each kind, and how many there are."""
        groups = self.engine.run(
            "select col, code, count(*), min(place) from problems group by 1, 2 order by col >= 0, 4, 1, 2"
        )
        lines: list[str] = []
        places: list[Place | None] = []
        for col, code, count, _ in groups[: 2 * SHOWN]:
            rows = self.engine.run(
                f"select place, line, value from problems where col = {col} and code = {quoted(code)}"
                f" order by place limit {SHOWN}"
            )
            for i, (place, line, value) in enumerate(rows):
                why, remedy = self._told(col, code, value)
                if col >= 0 and code == "unread" and place % (1 << FILE_BITS) == 1:
                    remedy = "remove the line if it holds units or types"
                lines.append(f"{self.where(place, line)}: {why}{f'; {remedy}' if remedy and i == 0 else ''}")
                places.append(self._place(place, line, col, None if code == "misfit" else value))
            if count > len(rows):
                name = f" in {shown_name(self.columns[col])}" if col >= 0 else ""
                lines.append(f"... and {count - len(rows)} more like this{name}")
                places.append(None)
        if len(groups) > 2 * SHOWN:
            lines.append(f"... and {len(groups) - 2 * SHOWN} more kinds of problems")
        hint = _SKIP if not self.rejects else f"{_SKIP}; all of them are in {self.rejects}"
        return InputError(lines[0], problems=lines[1:], hint=hint, places=places)

    def _place(self, place: int, line: int, col: int, value: str | None) -> Place:
        header = self.columns[col].header if col >= 0 else None
        return Place(self.tables[place >> FILE_BITS].name, line, place % (1 << FILE_BITS), header, value)

    def _told(self, col: int, code: str, value: str) -> tuple[str, str]:
        """What to say of a problem, and what to do about it."""
        why, remedy = WHY[code]
        shown = value if code == "misfit" else excerpt(value)
        if col < 0:
            return why.format(value=shown), remedy
        column = self.columns[col]
        if code == "blank":
            remedy = _BLANK[column.kind in NUMBERS]
        return f"{shown_name(column)} {why.format(value=shown, noun=NOUNS[column.kind])}", remedy

    def write_rejects(self) -> None:
        """Writes every problem to the file of rejects as CSV. Raises InputError where that cannot be written."""
        if not self.rejects:
            return
        target = Path(self.rejects)
        if any(target.exists() and Path(table.name).exists() and target.samefile(table.name) for table in self.tables):
            raise InputError(f"--rejects {self.rejects}: is the file that is read", hint="name another file")
        files = " ".join(f"when {i} then {quoted(table.name)}" for i, table in enumerate(self.tables))
        kinds = self.engine.run("select distinct col, code from problems")
        told = ", ".join(f"({col}, {quoted(code)}, {self._name_and_reason(col, code)})" for col, code in kinds)
        # What a spreadsheet would run as a formula gets the mark that makes it text.
        value = "if(regexp_matches(value, '^[=+@\\t\\r-]'), '''' || value, value)"
        try:
            self.engine.run(
                f"copy (select case place >> {FILE_BITS} {files} end as file, line, place % {1 << FILE_BITS} as row,"
                f' name as "column", {value} as value, reason from problems'
                f" join (values {told}) as told(col, code, name, reason) using (col, code)"
                f" order by place, col) to {quoted_path(target)} (format csv, header)"
            )
        except EngineError as error:
            raise InputError(f"--rejects {self.rejects}: cannot be written: {error}") from error

    def _name_and_reason(self, col: int, code: str) -> str:
        """A column's name, and why its value is rejected, as two SQL literals."""
        column = self.columns[col] if col >= 0 else None
        reason = _REASONS.get(code) or WHY[code][0].removeprefix("is {value}, ")
        reason = reason.format(value="the row", noun=NOUNS[column.kind] if column else "")
        return f"{quoted(shown_name(column) if column else '')}, {quoted(reason)}"
