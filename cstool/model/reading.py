"""What a user may say of a file, and what a column may hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

SKIP_LIMIT = Decimal("0.1")  # share of the rows, or of an amount, that may be left out unless more is allowed

Kind = Literal[
    "id",  # text that names something; never blank
    "text",  # any text; blank is NULL
    "amount",  # exact decimal of zero or more, with currency and thousands marks as people write them
    "number",  # exact decimal of any sign
    "count",  # whole number of zero or more
    "duration",  # a length of time in seconds, with its units or as a clock writes it
    "share",  # a fraction, written 0.8 or 80%
    "month",  # months since year 0, from a month or a date
    "period",  # '2026-10', '2026-Q4' or '2026'
    "date",  # a calendar day
    "time",  # a moment, UTC; a day counts as its start
    "flag",  # true or false, from yes/no, true/false, 1/0, y/n
]


class Answers(NamedTuple):
    """The scale that answers are given on: its ends, whether a low answer is a good one, whether it may be, and
    whether answers are only counted as good or not.
    """

    lowest: int
    highest: int
    reverse: bool = False
    reversible: bool = False
    top_boxes: bool = False


class Column(NamedTuple):
    """A column to read: the name it gets, its header in the file, what its cells are, whether they may be blank.

    In one that is `open`, words and days for "never" are blanks, too. `blank` is what a blank number means in files of
    its type where the user says nothing: 0, or a row to leave out; '' refuses it. `answers` is the scale of a column of
    answers, which may be labels. An `unused` column does not matter to the result: what cannot be read of it is left
    blank and noted. `clock` is what comes first in a length of time like 2:15; '' where nothing says it.
    """

    name: str
    header: str
    kind: Kind
    optional: bool = False
    open: bool = False
    blank: Literal["", "zero", "skip"] = ""
    unused: bool = False
    answers: Answers | None = None
    clock: Literal["", "hours", "minutes"] = ""


def shown_name(column: Column) -> str:
    """A column as the user knows it: its header, and the role it plays where that has another name."""
    if column.kind == "text" or re.fullmatch(r"[a-z]\d+", column.name) or not column.header:
        return column.header or column.name
    return column.name if column.header == column.name else f"{column.header} ({column.name})"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to take what a file leaves open; the defaults refuse.

    `blank` is None where the type of the file says what a blank means. With `skip_bad`, rows that cannot be read are
    left out, up to the share `skip_limit` of the rows and of each amount.
    `encoding`, `delimiter`, `decimal` (`.` or `,`), `header_line` (1 = first) and `date_order` (`dmy`, `mdy`, `serial`)
    are found where they are None. `rejects` is a file that every row that could not be read is written to; `sheet`
    names one of a workbook's; `unpack_limit` is how many bytes a packed file may hold.
    """

    blank: Literal["refuse", "zero", "skip"] | None = None
    duplicates: Literal["refuse", "sum", "drop", "unchecked"] = "refuse"
    negative: Literal["refuse", "keep", "zero"] = "refuse"
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header_line: int | None = None
    date_order: Literal["dmy", "mdy", "serial"] | None = None
    skip_bad: bool = False
    skip_limit: Decimal = SKIP_LIMIT
    rejects: str | None = None
    sheet: str | None = None
    unpack_limit: int | None = None
