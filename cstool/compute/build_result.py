"""A Result out of the rows of a query: units, notes, and why a value is undefined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cstool.compute.compose import Output
from cstool.compute.formulas.resolve import Formula
from cstool.errors import UndefinedError
from cstool.model import windows
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result, Value


def result_of(
    formulas: Sequence[Formula],
    outputs: Sequence[Output],
    rows: Sequence[tuple[Any, ...]],
    *,
    groups: Sequence[str],
    periods: Mapping[int, str] | None,
    abouts: Mapping[str, str],
    request: CalcRequest,
) -> Result:
    """Rows by column key, and why what is undefined is so.

    `rows` have a closing month or period first, then their groups and values; `groups` are the headers of those,
    `periods` the names of the first by its value, or None where rows have no period. `abouts` says in words what the
    measures are that come from rows. Raises UndefinedError where nothing is defined.
    """
    heads = [Column(header) for header in groups]
    columns = value_columns(formulas, outputs)
    values = columns[: len(formulas)]
    keyed: list[dict[str, Value]] = []
    reasons: dict[tuple[int, str], str] = {}
    for closing, *cells in rows:
        record: dict[str, Value] = dict(zip((column.key for column in heads), cells, strict=False))
        if periods is not None:
            record["period"] = periods.get(closing, closing)
        record.update(zip((column.key for column in columns), cells[len(heads) :], strict=True))
        if request.every and request.every != "week" and all(record[column.key] is None for column in columns):
            continue  # before the first whole window there is nothing to tell
        for formula, column in zip(formulas, values, strict=True):
            if record[column.key] is None and (why := _reason(formula, column, columns, record, abouts)):
                reasons[len(keyed), column.key] = why
        keyed.append(record)
    _refuse_nothing_defined(keyed, reasons, [column for column in values if column.kind == "value"])
    if periods is not None:
        heads.append(Column("period"))
    return Result([*heads, *(columns if request.explain else values)], keyed, reasons=reasons)


def telling_alike(result: Result, groups: Sequence[str]) -> Result:
    """With a note of groups that differ only in case or spaces: probably one, they are not joined, but said.

    `groups` are the headers of theirs.
    """
    notes = []
    for header in groups:
        alike: dict[str, set[str]] = {}
        for name in {str(row[header]) for row in result.rows if row.get(header) is not None}:
            alike.setdefault(" ".join(name.lower().split()), set()).add(name)
        for _, names in sorted(alike.items()):
            if len(names) > 1:
                listed = " and ".join(f"'{name}'" for name in sorted(names))
                notes.append(f"{header}: {listed} are counted as different groups")
    return result._replace(notes=(*notes, *result.notes)) if notes else result


def value_columns(formulas: Sequence[Formula], outputs: Sequence[Output]) -> list[Column]:
    """The columns of formulas, then of the measures beside them; a measure over several windows has one for each."""
    several = len({output.window for output in outputs}) > 1
    columns = []
    for formula, output in zip(formulas, outputs, strict=False):
        text = formula.expression.text
        kind: Literal["value", "beside"] = "beside" if formula.beside else "value"
        columns.append(Column(output.name, kind, formula.unit, output.window, text, "", formula.metric))
    for output in outputs[len(formulas) :]:
        suffix = f"_{output.window}m" if several and output.window else ""
        columns.append(Column(output.name + suffix, "measure", None, output.window, "", output.name))
    return columns


def _reason(
    formula: Formula,
    column: Column,
    columns: Sequence[Column],
    record: Mapping[str, Value],
    abouts: Mapping[str, str],
) -> str:
    """Why a value is undefined; nothing where its window is not in the file, which the notes say.

    `abouts` says in words what the measures are that come from rows.
    """
    own = {one.measure: record[one.key] for one in columns if one.measure and one.window == column.window}
    if own and all(value is None for value in own.values()):
        return ""
    nothing = [name for name in sorted(formula.expression.divisors) if not _above_zero(own.get(name))]
    if not nothing:
        return "its formula has no value here"
    told = [f"{name} ({abouts[name]})" if name in abouts else name for name in nothing]
    how = "zero" if all(own.get(name) == 0 for name in nothing) else "not above zero"
    return f"{' and '.join(told)} {'are' if len(told) > 1 else 'is'} {how}"


def _refuse_nothing_defined(
    rows: Sequence[Mapping[str, Value]], reasons: Mapping[tuple[int, str], str], values: Sequence[Column]
) -> None:
    """Raises UndefinedError, with the reasons, where no value of any row is defined."""
    if not rows or any(row[column.key] is not None for row in rows for column in values):
        return
    why = {key: reason for (_, key), reason in reasons.items()}
    told = [f"{column.key} is undefined: {why.get(column.key, 'its window is not in the file')}" for column in values]
    raise UndefinedError(told[0], problems=told[1:], code="undefined-result")


def _above_zero(value: Value) -> bool:
    return value is not None and not isinstance(value, str) and value > 0


def months_told(length: int) -> str:
    return f"{length} month{'' if length == 1 else 's'}"


def window_notes(
    names: str, length: int, closing: Sequence[int], reachable: Sequence[windows.Span], months: Sequence[int]
) -> list[str]:
    """What a reader must know to say what the numbers compare; `months` are those that the file holds."""
    if not length:
        return []
    last = windows.month_name(closing[-1])
    if not reachable:
        if missing := _missing(length, closing[-1], months):
            return [f"{names}: undefined, the file has no rows for {missing}"]
        begun = windows.month_name(months[0])
        return [f"{names}: undefined, {months_told(length)} before {last} the file had not begun ({begun})"]
    if len(closing) == 1:
        span = reachable[0]
        return [f"{names}: {windows.month_name(span.last)} against {windows.month_name(span.first)}"]
    if len(reachable) < len(closing):
        begin = windows.month_name(reachable[0].last)
        return [f"{names}: from {begin} on; before that the window of {months_told(length)} is not in the file"]
    return []


def out_of_reach(name: str, length: int, closing: int, months: Sequence[int]) -> UndefinedError:
    """What to say where no window lies in the file, which holds `months`."""
    if missing := _missing(length, closing, months):
        return UndefinedError(
            f"{name}: the window is cut short: the file has no rows for {missing}", code="period-not-covered"
        )
    return UndefinedError(
        f"{name}: nothing to compare with: the file starts at {windows.month_name(months[0])}, after the window of"
        f" {months_told(length)} that ends with {windows.month_name(closing)} opens",
        hint="--window sets a shorter one, for example --window 1m",
        code="period-not-covered",
    )


def _missing(length: int, closing: int, months: Sequence[int]) -> str:
    """The end of a window that is a gap between the months of a file; nothing where there is none."""
    return next((windows.month_name(m) for m in (closing, closing - length) if months[0] <= m not in months), "")
