"""What could not be read, told by place: the message people get, and the file of all rejected rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from cstool.backends.duck import DuckDB, EngineError, quoted, quoted_path
from cstool.errors import InputError, Place
from cstool.ingest.formats.kinds import NOUNS, NUMBERS
from cstool.ingest.source.header import excerpt
from cstool.ingest.source.table import Table
from cstool.model.reading import Column, shown_name

SHOWN = 5  # places named per kind of problem
FILE_BITS = 40  # a place is file << 40 | row, and orders rows of all files

_MOST_CAUSES = 6  # lines of an error beside the last one, which says what to do
_SKIP = "--skip-bad leaves such rows out"
# By code: why (a cell's value stands before it), and what to do. {noun}: what the column holds.
WHY: Mapping[str, tuple[str, str]] = {
    "misfit": (
        "{value}",
        "remove the line if it is a footnote or another table; quote fields that hold the delimiter, as 4000,00 does",
    ),
    "swallowed": ("a quoted field runs over what look like several rows: {value}", "close the quote mark"),
    "doubtful": (
        "{value} looks like a totals row, but its amounts are not the sums of rows above it",
        "remove the line, or rename it if it is a customer",
    ),
    "sum": (
        "the amounts of {value} are the sums of other rows, as in a totals row",
        "remove the line; if it is a customer, move it between other rows",
    ),
    "unnamed": ("{value} stands in a column without a name", "name the column, or see whether the row is shifted"),
    "blank": ("is blank", ""),
    "missing": ("is {value}, not {noun}", ""),
    "negative": ("is {value}, and amounts cannot be negative", ""),
    "negative-time": (
        "is {value}, and nothing takes less than no time",
        "the column may hold what is left until a target; name another one with --map",
    ),
    "fraction": ("is {value}, not a whole number", ""),
    "over-one": ("is {value}, which could be a fraction or percent", "write 0.8 or 80%"),
    "percent": ("is {value}, a percentage and not {noun}", ""),
    "short": ("is {value}, not {noun} in full", "write all digits: 4000, not 4k"),
    "digits": ("is {value}, which has too many digits to compute with", ""),
    "serial": ("is {value}, not {noun}", "--date-order serial if these are Excel's day numbers"),
    "unread": ("is {value}, not {noun}", ""),
}
# By code: rows that are no rows of data, one and several, and are left out.
ASIDE: Mapping[str, tuple[str, str]] = {
    "total": ("a totals row", "{count} totals rows"),
    "below": ("a row below the total", "{count} rows below the total"),
    "rate": ("a row of percentages", "{count} rows of percentages"),
    "footnote": ("a line of a title or footer", "{count} lines of titles or footers"),
    "header": ("the header, which stands again", "the header, which stands again {count} times"),
}
NEVER_SKIPPED = (
    "blank",
    "missing",
    "negative",
    "negative-time",
    "doubtful",
    "sum",
)  # what --skip-bad leaves alone: it can be read
# What the system says of a file that cannot be written; the rest of such a message is the database's own.
_CAUSES = (
    *("No such file or directory", "Not a directory", "Permission denied", "No space left on device"),
    *("File name too long", "Read-only file system", "Too many levels of symbolic links"),
)
_REASONS = {"misfit": "does not fit the header"}


def percent(share: Decimal) -> str:
    return f"{100 * share:.1f}%"


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

    def rows(self, where: str = "true") -> int:
        return int(self.engine.row(f"select count(distinct place) from problems where {where}")[0])

    def where(self, place: int, line: int) -> str:
        return f"{self.tables[place >> FILE_BITS].name}:{line} (row {place % (1 << FILE_BITS)})"

    def error(self, *, skippable: bool = True) -> InputError:
        """One line for each cause: its first place, and how often it is there. The hint names what settles them."""
        kinds = " ".join(f"when {i} then '{NOUNS[column.kind]}'" for i, column in enumerate(self.columns))
        causes = self.engine.run(
            "select if(code = 'missing', 'blank', code) as cause, count(*), count(distinct col), arg_min(col, spot),"
            " arg_min(code, spot), min(place), arg_min(line, spot), arg_min(value, spot)"
            f" from (select *, case col {kinds} else '' end as noun, (place, col) as spot from problems)"
            " group by cause, noun order by min(col) >= 0, min(place), 4, 1"
        )
        lines: list[str] = []
        places: list[Place | None] = []
        for cause, count, columns, col, code, place, line, value in causes[:_MOST_CAUSES]:
            why, remedy = self._told(col, code, value)
            what = "cells" if col >= 0 else "rows"
            among = f" in {columns} columns" if columns > 1 else ""
            more = f" ({count} {'blank ' if cause == 'blank' else 'such '}{what}{among})" if count > 1 else ""
            lines.append(f"{self.where(place, line)}: {why}{more}{f'; {remedy}' if remedy else ''}")
            places.append(self._place(place, line, col, None if code == "misfit" else value))
        if len(causes) > _MOST_CAUSES:
            lines[-1] = f"... and {len(causes) - _MOST_CAUSES + 1} more kinds of problems"
            places[-1] = None
        hint = self._hint(skippable=skippable)
        return InputError(lines[0], problems=lines[1:], hint=hint, places=places, code="bad-cells")

    def _hint(self, *, skippable: bool) -> str:
        """The options that settle what was found."""
        found = self.engine.run("select distinct col, code from problems")
        parts = []
        blank = {col for col, code in found if code in ("blank", "missing")}
        if blank:
            numeric = all(self.columns[col].kind in NUMBERS for col in blank)
            zero = "--blank zero counts blank cells as 0, " if numeric else ""
            parts.append(f"{zero}--blank skip leaves their rows out")
        if any(code == "negative" for _, code in found):
            parts.append("--negative keep or --negative zero says what amounts below 0 mean")
        if skippable and any(code not in NEVER_SKIPPED for _, code in found):
            parts.append("--skip-bad leaves rows out that cannot be read" if parts else _SKIP)
        if self.rejects:
            parts.append(f"all of them are in {self.rejects}")
        return "; ".join(parts)

    def too_many(self, what: str, share: Decimal) -> InputError:
        """What to say where --skip-bad would leave out more than it may."""
        first = self.error(skippable=False)
        limit = (100 * share).to_integral_value(ROUND_CEILING)
        return InputError(
            f"{self.names}: {what}: more than --skip-bad may leave out",
            problems=[first.message, *first.problems],
            hint=f"repair them, or --skip-limit {limit}% if the rest is enough",
            places=[None, *first.places],
            code="skip-limit-exceeded",
        )

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
        return f"{shown_name(column)} {why.format(value=shown, noun=NOUNS[column.kind])}", remedy

    def write_rejects(self) -> None:
        """Writes every problem to the file of rejects as CSV. Raises InputError where that cannot be written."""
        if not self.rejects:
            return
        target = Path(self.rejects)
        if any(target.exists() and Path(table.name).exists() and target.samefile(table.name) for table in self.tables):
            raise InputError(
                f"--rejects {self.rejects}: is the file that is read", hint="name another file", code="bad-value"
            )
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
            known = "is a folder" if target.is_dir() else next((one for one in _CAUSES if one in str(error)), "")
            raise InputError(
                f"--rejects {self.rejects}: cannot be written{f': {known}' if known else ''}", code="cannot-write"
            ) from error

    def _name_and_reason(self, col: int, code: str) -> str:
        """A column's name, and why its value is rejected, as two SQL literals."""
        column = self.columns[col] if col >= 0 else None
        reason = _REASONS.get(code) or WHY[code][0].removeprefix("is {value}, ")
        reason = reason.format(value="the row", noun=NOUNS[column.kind] if column else "")
        return f"{quoted(shown_name(column) if column else '')}, {quoted(reason)}"
