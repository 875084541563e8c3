"""The options that settle what a file leaves open."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.data.options import Reading
    from cstool.engines.duck import Limits


class Blank(StrEnum):
    zero = "zero"
    skip = "skip"


class Duplicates(StrEnum):
    sum = "sum"
    drop = "drop"
    unchecked = "unchecked"


class Negative(StrEnum):
    keep = "keep"
    zero = "zero"


class DateOrder(StrEnum):
    dmy = "dmy"
    mdy = "mdy"
    serial = "serial"


BlankOption = Annotated[Blank | None, typer.Option("--blank", help="What a blank amount means; else it is an error.")]
DuplicatesOption = Annotated[
    Duplicates | None,
    typer.Option("--duplicates", help="Rows of one account: add them up, drop repeated rows, or do not look."),
]
NegativeOption = Annotated[
    Negative | None, typer.Option("--negative", help="Negative amounts: keep, or take as zero; else an error.")
]
EncodingOption = Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="utf-8, cp1252, latin-1, ...")]
DelimiterOption = Annotated[
    str | None, typer.Option("--delimiter", metavar="CHAR", help="What separates fields; tab for a tab.")
]
DecimalOption = Annotated[str | None, typer.Option("--decimal", metavar="MARK", help="The decimal mark: . or ,")]
HeaderLineOption = Annotated[
    int | None, typer.Option("--header-line", metavar="N", min=1, help="The line the header stands on.")
]
DateOrderOption = Annotated[
    DateOrder | None, typer.Option("--date-order", help="Day or month first; serial for Excel's day numbers.")
]
SkipBadOption = Annotated[bool, typer.Option("--skip-bad", help="Leave rows out that cannot be read, and say so.")]
RejectsOption = Annotated[
    str | None, typer.Option("--rejects", metavar="FILE", help="Write every row that cannot be read to this file.")
]
SheetOption = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Which sheet of a workbook to read.")]


def reading_of(
    *,
    blank: Blank | None = None,
    duplicates: Duplicates | None = None,
    negative: Negative | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    header_line: int | None = None,
    date_order: DateOrder | None = None,
    skip_bad: bool = False,
    rejects: str | None = None,
    sheet: str | None = None,
) -> "Reading":
    """The options as the reading room takes them. Raises UsageError for a mark or an encoding that does not exist."""
    import io

    from cstool.data.options import Reading

    if decimal not in (None, ".", ","):
        raise UsageError(f"--decimal is . or , and not '{decimal}'")
    separator = "\t" if delimiter in ("tab", "\\t") else delimiter
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise UsageError(f"--delimiter is one character, not '{delimiter}'", hint="write a tab as --delimiter tab")
    if encoding is not None:
        try:
            io.TextIOWrapper(io.BytesIO(), encoding)  # refuses base64 and the like too, which are codecs of no text
        except LookupError as error:
            raise UsageError(f"--encoding: there is no encoding '{encoding}'") from error
    return Reading(
        blank=blank.value if blank else "refuse",
        duplicates=duplicates.value if duplicates else "refuse",
        negative=negative.value if negative else "refuse",
        encoding=encoding,
        delimiter=separator,
        decimal=decimal,
        header_line=header_line,
        date_order=date_order.value if date_order else None,
        skip_bad=skip_bad,
        rejects=rejects,
        sheet=sheet,
    )


def limits_of(memory: str | None, threads: int | None, duplicates: Duplicates | None) -> "Limits":
    """Raises UsageError for what is no amount of memory."""
    import re

    from cstool.engines.duck import LEAN, MEMORY, Limits

    if memory is None:
        return Limits(LEAN if duplicates is Duplicates.unchecked else MEMORY, threads)
    if not re.fullmatch(r"(?i)[1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B", memory.strip()):
        raise UsageError(f"--memory-limit is a size like 600MB or 4GB, not '{memory}'")
    return Limits(memory.strip(), threads)
