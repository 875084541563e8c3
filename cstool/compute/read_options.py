"""What a user may say about a file: every option for reading, for the command line, projects and the library.

To add one, add a field here, and to `Reading` what the reader needs of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

from cstool.errors import UsageError
from cstool.model.reading import SKIP_LIMIT, Reading
from cstool.options import Options, option

FILE = "What the file is"
OPEN = "What the file leaves open"

_LAST_HEADER = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ReadOptions(Options):
    """How to read a file, each as it is written on the command line; what is not given is decided from the file."""

    map: Mapping[str, str] = option({}, "Which column a role is read from.", "ROLE=COLUMN", heading=FILE)
    shape: str | None = option(None, "Force the input type instead of detecting it.", "NAME", heading=FILE)
    preset: str | None = option(None, "Column mapping of a known export: stripe, chartmogul, ...", "NAME", heading=FILE)
    cents: bool | None = option(None, "Amounts are in cents, or are not.", names=("--cents/--no-cents",), heading=FILE)
    interval: str | None = option(
        None, "What an amount is per, if no column says: month, year, ...", "UNIT", heading=FILE
    )
    end_inclusive: bool = option(False, "End dates are the last day with service, not the first without.", heading=FILE)
    sheet: str | None = option(None, "Which sheet of a workbook to read.", "NAME", heading=FILE)
    blank: Literal["zero", "skip", "refuse"] | None = option(
        None, "What a blank amount means: 0, a row to leave out, or an error.", heading=OPEN
    )
    duplicates: Literal["refuse", "sum", "drop", "unchecked"] = option(
        "refuse",
        "Rows of one account: an error, add them up, drop repeated rows, or do not look.",
        heading=OPEN,
    )
    negative: Literal["refuse", "keep", "zero"] = option(
        "refuse", "Negative amounts: an error, keep, or take as zero.", heading=OPEN
    )
    decimal: str | None = option(None, "The decimal mark: . or ,", "MARK", heading=OPEN)
    date_order: Literal["dmy", "mdy", "serial"] | None = option(
        None, "Day or month first; serial for Excel's day numbers.", heading=OPEN
    )
    encoding: str | None = option(None, "utf-8, cp1252, latin-1, ...", "NAME", heading=OPEN)
    delimiter: str | None = option(None, "What separates fields; tab for a tab.", "CHAR", heading=OPEN)
    header_line: int | None = option(None, "The line the header stands on.", "N", min=1, heading=OPEN)
    skip_bad: bool = option(False, "Leave rows out that cannot be read, and say so.", heading=OPEN)
    skip_limit: str | None = option(
        None, "How much --skip-bad may leave out: 10% unless you say.", "SHARE", heading=OPEN
    )
    rejects: str | None = option(None, "Write every row that cannot be read to this file.", "FILE", heading=OPEN)
    unpack_limit: str | None = option(None, "How much a packed file may unpack to: 20GB.", "SIZE", heading=OPEN)

    def request_fields(self) -> dict[str, Any]:
        """These options as fields of `CalcRequest`. Raises UsageError for a value that does not exist."""
        return {
            "mapping": self.map,
            "shape": self.shape,
            "preset": self.preset,
            "cents": self.cents,
            "interval": self.interval,
            "end_inclusive": self.end_inclusive,
            "reading": self.reading(),
        }

    def reading(self) -> Reading:
        """How to read the cells. Raises UsageError for a mark, size or encoding that does not exist."""
        if self.decimal not in (None, ".", ","):
            raise UsageError(f"--decimal is . or , and not '{self.decimal}'", code="bad-value")
        if self.rejects == "":
            raise UsageError("--rejects is the name of a file, and '' is none", code="bad-value")
        if self.header_line is not None and not 1 <= self.header_line <= _LAST_HEADER:
            raise UsageError(f"--header-line is a number from 1 to {_LAST_HEADER:,}", code="bad-value")
        _refuse_encoding(self.encoding)
        parsed = {
            "delimiter": _delimiter(self.delimiter),
            "skip_limit": self._skip_limit(),
            "unpack_limit": None if self.unpack_limit is None else _bytes(self.unpack_limit),
        }
        return Reading(**{one.name: getattr(self, one.name) for one in fields(Reading)} | parsed)

    def _skip_limit(self) -> Decimal:
        """Raises UsageError for what is no share, or for a limit of nothing."""
        if self.skip_limit is None:
            return SKIP_LIMIT
        if not self.skip_bad:
            raise UsageError(
                "--skip-limit says how much --skip-bad may leave out",
                hint="add --skip-bad",
                code="option-needs-another",
            )
        number = self.skip_limit.strip().removesuffix("%")
        try:
            share = Decimal(number) / (100 if number != self.skip_limit.strip() else 1)
        except ArithmeticError:
            share = Decimal(-1)
        if not 0 <= share <= 1:
            raise UsageError(f"--skip-limit is a share like 20% or 0.2, not '{self.skip_limit}'", code="bad-value")
        return share


def _delimiter(text: str | None) -> str | None:
    separator = "\t" if text in ("tab", "\\t") else text
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise UsageError(
            f"--delimiter is one character, not '{text}'", hint="write a tab as --delimiter tab", code="bad-value"
        )
    return separator


def _refuse_encoding(name: str | None) -> None:
    import io

    if name is None:
        return
    try:
        io.TextIOWrapper(io.BytesIO(), name)  # refuses base64 and the like too, codecs of no text
    except (LookupError, ValueError) as error:  # ValueError: of a name that holds NUL or no text
        raise UsageError(f"--encoding: there is no encoding '{name}'", code="bad-value") from error


def _bytes(size: str) -> int:
    import re

    found = re.fullmatch(r"(?i)([1-9][0-9]{0,5}(?:\.[0-9]{1,3})?) ?([KMGT])i?B", size.strip())
    if not found:
        raise UsageError(f"--unpack-limit is a size like 600MB or 20GB, not '{size}'", code="bad-value")
    return int(float(found[1]) * 1024 ** ("KMGT".index(found[2].upper()) + 1))
