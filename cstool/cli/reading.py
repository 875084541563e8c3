"""The options for reading files, which calc, diff --data and columns share."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from cstool.cli.common import pairs
from cstool.cli.completion import preset_names, shape_names
from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.data.options import Reading
    from cstool.engines.duck import Limits


class Blank(StrEnum):
    zero = "zero"
    skip = "skip"
    refuse = "refuse"


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


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options that several commands take as one argument."""

    def named(self) -> str:
        """The first option that was given, as it is written; nothing where none was."""
        given = (one.name for one in fields(self) if getattr(self, one.name) not in (None, False))
        return next((f"--{name.rstrip('_').replace('_', '-')}" for name in given), "")


@dataclass(frozen=True, kw_only=True)
class FileOptions(Options):
    """What a file is, and what it leaves open, as it stands on the command line."""

    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="ROLE=COLUMN", help="Which column plays a role.")
    ] = None
    shape: Annotated[
        str | None,
        typer.Option(
            "--shape", metavar="NAME", help="Which of several things the file is.", autocompletion=shape_names
        ),
    ] = None
    preset: Annotated[
        str | None,
        typer.Option("--preset", metavar="NAME", help="An export known by name.", autocompletion=preset_names),
    ] = None
    cents: Annotated[bool | None, typer.Option("--cents/--no-cents", help="Amounts are in cents, or are not.")] = None
    interval: Annotated[
        str | None,
        typer.Option("--interval", metavar="UNIT", help="What an amount is per, if no column says: month, year, ..."),
    ] = None
    end_inclusive: Annotated[
        bool, typer.Option("--end-inclusive", help="End dates are the last day with service, not the first without.")
    ] = False
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Which sheet of a workbook to read.")] = (
        None
    )
    blank: Annotated[
        Blank | None,
        typer.Option("--blank", help="What a blank amount means: 0, a row to leave out, or an error."),
    ] = None
    duplicates: Annotated[
        Duplicates | None,
        typer.Option("--duplicates", help="Rows of one account: add them up, drop repeated rows, or do not look."),
    ] = None
    negative: Annotated[
        Negative | None, typer.Option("--negative", help="Negative amounts: keep, or take as zero; else an error.")
    ] = None
    decimal: Annotated[str | None, typer.Option("--decimal", metavar="MARK", help="The decimal mark: . or ,")] = None
    date_order: Annotated[
        DateOrder | None, typer.Option("--date-order", help="Day or month first; serial for Excel's day numbers.")
    ] = None
    encoding: Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="utf-8, cp1252, latin-1, ...")] = (
        None
    )
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="CHAR", help="What separates fields; tab for a tab.")
    ] = None
    header_line: Annotated[
        int | None, typer.Option("--header-line", metavar="N", min=1, help="The line the header stands on.")
    ] = None
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave rows out that cannot be read, and say so.")] = (
        False
    )
    skip_limit: Annotated[
        str | None,
        typer.Option("--skip-limit", metavar="SHARE", help="How much --skip-bad may leave out: 10% unless you say."),
    ] = None
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="Write every row that cannot be read to this file."),
    ] = None
    unpack_limit: Annotated[
        str | None, typer.Option("--unpack-limit", metavar="SIZE", help="How much a packed file may unpack to: 20GB.")
    ] = None

    def described(self) -> dict[str, Any]:
        """What the file is, as fields of `CalcRequest`."""
        return {
            "mapping": pairs("--map", self.map_, "ROLE=COLUMN"),
            "shape": self.shape,
            "preset": self.preset,
            "cents": self.cents,
            "interval": self.interval,
            "end_inclusive": self.end_inclusive,
            "reading": self.reading(),
        }

    def _skip_limit(self) -> Decimal:
        """Raises UsageError for what is no share, or for a limit of nothing."""
        from cstool.data.options import SKIP_LIMIT

        if self.skip_limit is None:
            return SKIP_LIMIT
        if not self.skip_bad:
            raise UsageError("--skip-limit says how much --skip-bad may leave out", hint="add --skip-bad")
        number = self.skip_limit.strip().removesuffix("%")
        try:
            share = Decimal(number) / (100 if number != self.skip_limit.strip() else 1)
        except ArithmeticError:
            share = Decimal(-1)
        if not 0 <= share <= 1:
            raise UsageError(f"--skip-limit is a share like 20% or 0.2, not '{self.skip_limit}'")
        return share

    def reading(self) -> "Reading":
        """How to read the cells. Raises UsageError for a mark or an encoding that does not exist."""
        import io

        from cstool.data.options import Reading

        if self.decimal not in (None, ".", ","):
            raise UsageError(f"--decimal is . or , and not '{self.decimal}'")
        separator = "\t" if self.delimiter in ("tab", "\\t") else self.delimiter
        if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
            raise UsageError(
                f"--delimiter is one character, not '{self.delimiter}'", hint="write a tab as --delimiter tab"
            )
        if self.rejects == "":
            raise UsageError("--rejects is the name of a file, and '' is none")
        if self.encoding is not None:
            try:
                io.TextIOWrapper(io.BytesIO(), self.encoding)  # refuses base64 and the like too, codecs of no text
            except (LookupError, ValueError) as error:  # ValueError: of a name that holds NUL or no text
                raise UsageError(f"--encoding: there is no encoding '{self.encoding}'") from error
        return Reading(
            blank=self.blank.value if self.blank else "",
            duplicates=self.duplicates.value if self.duplicates else "refuse",
            negative=self.negative.value if self.negative else "refuse",
            encoding=self.encoding,
            delimiter=separator,
            decimal=self.decimal,
            header_line=self.header_line,
            date_order=self.date_order.value if self.date_order else None,
            skip_bad=self.skip_bad,
            skip_limit=self._skip_limit(),
            rejects=self.rejects,
            sheet=self.sheet,
            unpack_limit=_bytes(self.unpack_limit),
        )


@dataclass(frozen=True, kw_only=True)
class ScaleOptions(Options):
    """What answers and starts are measured by."""

    scale: Annotated[int | None, typer.Option("--scale", metavar="N", help="Surveys: the highest answer there is.")] = (
        None
    )
    within: Annotated[
        int | None, typer.Option("--within", metavar="N", min=0, help="Users: days they have to get there.")
    ] = None
    reverse: Annotated[bool, typer.Option("--reverse", help="Surveys: a low answer is a good one.")] = False

    def given(self) -> dict[str, Decimal]:
        """As values of `CalcRequest.given`."""
        given = {"scale": self.scale, "within": self.within, "reverse": 1 if self.reverse else None}
        return {name: Decimal(value) for name, value in given.items() if value is not None}


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Options)


# What a command takes where none of them is given.
FILE = FileOptions()
SCALES = ScaleOptions()


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the fields of each class of options that it takes as options of its own."""
    own = inspect.signature(command).parameters.values()
    groups: dict[str, type[Options]] = {one.name: one.annotation for one in own if _is_group(one.annotation)}
    parameters = []
    for one in own:
        if one.name not in groups:
            parameters.append(one.replace(kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        hints = get_type_hints(one.annotation, include_extras=True)
        parameters += [
            one.replace(name=field.name, annotation=hints[field.name], default=field.default)
            for field in fields(one.annotation)
        ]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    )
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _bytes(size: str | None) -> int | None:
    import re

    if size is None:
        return None
    found = re.fullmatch(r"(?i)([1-9][0-9]{0,5}(?:\.[0-9]{1,3})?) ?([KMGT])i?B", size.strip())
    if not found:
        raise UsageError(f"--unpack-limit is a size like 600MB or 20GB, not '{size}'")
    return int(float(found[1]) * 1024 ** ("KMGT".index(found[2].upper()) + 1))


def limits_of(memory: str | None, threads: int | None, duplicates: Duplicates | None) -> "Limits":
    """Raises UsageError for what is no amount of memory."""
    import re

    from cstool.engines.duck import LEAN, MEMORY, Limits

    if memory is None:
        return Limits(LEAN if duplicates is Duplicates.unchecked else MEMORY, threads)
    if not re.fullmatch(r"(?i)[1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B", memory.strip()):
        raise UsageError(f"--memory-limit is a size like 600MB or 4GB, not '{memory}'")
    return Limits(memory.strip(), threads)
