"""--where on rows that are read: its columns found in the file, and the rows it chooses kept or marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from cstool.backends.duck import EngineError, identifier, quoted
from cstool.compute.formulas.expressions import ExpressionError, conditions_in, parse_condition
from cstool.compute.joins.joining import quoted_names
from cstool.compute.relation.months import month_text
from cstool.errors import InputError, UndefinedError, UsageError
from cstool.ingest.formats.kinds import NUMBERS, TEXTS
from cstool.model.entries import Relational
from cstool.model.reading import Column, Kind

if TYPE_CHECKING:
    from cstool.compute.source import Source


def condition_of(source: Source, read: Mapping[str, str]) -> tuple[str, list[Column]]:
    """--where, and the further columns it names; `read` are the headers of those that are read anyway.

    Raises UsageError where it is no condition on the file's columns.
    """
    where = source.request.where
    if not where:
        return "", []
    if source.joined:
        where = quoted_names(where)
    try:
        condition = parse_condition(source.engine, where)
    except ExpressionError as error:
        raise UsageError(
            f"--where: {error}",
            hint=error.hint or "write a condition on the columns: --where \"segment = 'SMB'\"",
            code="bad-condition",
        ) from error
    headers = {source.column_named(name, "--where") for name in sorted(condition.names)}
    numbers = {source.column_named(name, "--where") for name in condition.numbers}
    more = sorted(headers - set(read.values()))
    kinds: dict[str, Kind] = {header: "number" if header in numbers else "text" for header in more}
    return where, [Column(f"w{i}", header, kind, optional=True) for i, (header, kind) in enumerate(kinds.items())]


def pick(source: Source, condition: str, columns: Sequence[Column], table: Relational) -> str:
    """Marks the rows that --where chooses by the table's subject; gives back the condition still to hold."""
    subject = source.roles[table.subject]
    if subject in source.groups.values():
        raise UsageError(
            f"{table.name} has a row for each {subject} already; leave --by {subject} out", code="option-not-applicable"
        )
    named = {source.column_named(name, "--where") for name in _names_in(source, condition)}
    if subject not in named:
        source.replace(f"select *, true as picked from {source.cells}", "marked")
        return condition
    if named != {subject}:
        raise UsageError(
            f"--where: {subject} chooses rows of the table, other columns rows of the file",
            hint=f"name {subject} alone in --where, or leave it out",
            code="bad-condition",
        )
    keep(source, condition, columns, mark=True)
    return ""


def keep(source: Source, condition: str, columns: Sequence[Column], *, mark: bool = False) -> None:
    """Only the rows for which --where holds; in it columns bear the names they have in the file.

    With `mark` all rows stay, and `picked` says for which it holds. Raises UndefinedError where it holds for none.
    """
    rows, names = _rows_named_as_in_the_file(source, condition, columns)
    try:
        if mark:
            source.replace(f"select {names}, coalesce(({condition}\n), false) as picked from {rows}", "marked")
        else:
            source.replace(f"select {names} from {rows} where ({condition}\n)", "filtered")
    except EngineError as error:
        raise InputError(f"--where: {why(error)}", hint=COMPARE, code="bad-condition") from error
    if not source.engine.run(f"select 1 from {source.cells} where {'picked' if mark else 'true'} limit 1"):
        raise UndefinedError(f"{source.name}: no row satisfies --where {source.request.where}", code="no-rows")


def kept_by(source: Source, condition: str, others: Collection[str], columns: Sequence[Column]) -> str:
    """SQL of the rows for which those parts of --where hold that name none of the columns `others`.

    `others` are names as `column_named` gives them back.
    """
    if not condition:
        return source.cells
    parts = conditions_in(source.engine, parse_condition(source.engine, condition))
    own = [one.text for one in parts if not {source.column_named(name, "--where") for name in one.names} & set(others)]
    if not own:
        return source.cells
    rows, names = _rows_named_as_in_the_file(source, condition, columns)
    holds = " and ".join(f"({one}\n)" for one in own)
    return f"(select {names} from {rows} where {holds})"


def _rows_named_as_in_the_file(source: Source, condition: str, columns: Sequence[Column]) -> tuple[str, str]:
    """SQL of the rows with the columns that a condition names, and of the list that gives all their names back."""
    played = {column.header: column for column in reversed(columns)}
    named = {name.lower(): played[source.column_named(name, "--where")] for name in _names_in(source, condition)}
    kept = [*(column.name for column in columns), "place", *(["picked"] if source.cells == "marked" else [])]
    # No name of ours may stand in the way of one in the file.
    hidden = [f"{identifier(name)} as {identifier('kept ' + name)}" for name in kept]
    _refuse_order_of_digits(source, condition, named)
    numbers = _compared_as_numbers(source, condition, named)
    shown = [
        f"{_compared(column, as_number=column.name in numbers)} as {identifier(name)}"
        for name, column in sorted(named.items())
    ]
    names = ", ".join(f"{identifier('kept ' + name)} as {identifier(name)}" for name in kept)
    return f"(select {', '.join([*hidden, *shown])} from {source.cells})", names


COMPARE = "compare a column with a text in quotes, a number or a date: segment = 'SMB', seats > 10"


def why(error: EngineError) -> str:
    """What is wrong with a condition, in words of our own."""
    text = str(error)
    if found := re.search(r"[Cc]ould not convert string '([^']*)' to ([A-Z]+)", text):
        kind = "a date" if found[2] in ("DATE", "TIMESTAMP") else "yes or no" if found[2] == "BOOLEAN" else "a number"
        return f"'{found[1]}' is not {kind}"
    if re.search("[Cc]annot compare|[Nn]o function matches|explicit type cast|DATATYPE_MISMATCH|cast", text):
        return "it compares a column with something of another kind"
    if re.search("aggregate|window", text):
        return "it looks at one row at a time, without sums or counts"
    return "it cannot be computed on these columns"


def names_days(source: Source, condition: str) -> bool:
    """Whether a condition looks at the days or months of rows: then it says, too, how far the file is to go."""
    days = {source.roles[role] for role in (*source.days, source.shape.dated, "month") if role in source.roles}
    return bool(days & {source.column_named(name, "--where") for name in _names_in(source, condition)})


def headers_in(source: Source, condition: str) -> set[str]:
    """The headers of the columns that a condition names."""
    return {source.column_named(name, "--where") for name in _names_in(source, condition)}


def _names_in(source: Source, condition: str) -> frozenset[str]:
    return parse_condition(source.engine, condition).names if condition else frozenset()


# A number as every engine casts it, with nothing that only some columns of a file would have, as thousands marks.
_PLAIN_NUMBER = "-?(0|[1-9][0-9]{0,17})([.][0-9]{1,18})?"
_LOOKS_LIKE_A_NUMBER = r"[^\pL]*[0-9][^\pL]*"
_DAY = "[0-9]{4}-[0-9]{2}(-[0-9]{2}.*)?"


def _compared_as_numbers(source: Source, condition: str, named: Mapping[str, Column]) -> set[str]:
    """The columns of texts that are numbers to a condition, which compares them with other columns.

    Raises InputError where only some of their cells are numbers, so that neither order would be right.
    """
    found: set[str] = set()
    for names in parse_condition(source.engine, condition).compared:
        columns = [named[name.lower()] for name in sorted(names)]
        texts = [column for column in columns if column.kind in TEXTS]
        with_numbers = any(column.kind in NUMBERS for column in columns)
        if not texts or (len(texts) < len(columns) and not with_numbers):
            continue
        counts = [_counted(source, column) for column in texts]
        if all(plain == cells for plain, _, cells in counts) and (with_numbers or any(cells for *_, cells in counts)):
            found |= {column.name for column in texts}
        elif with_numbers or any(like for _, like, _ in counts):
            odd = next(column for column, own in zip(texts, counts, strict=True) if own[0] < own[2])
            raise InputError(
                f"{source.name}: --where compares {' with '.join(column.header for column in columns)}, and not every"
                f" cell of {odd.header} is a plain number",
                hint=f"if it holds numbers, compare it with one, too, so that they are read: {odd.header} >= 0 and ...",
                code="bad-condition",
            )
    return found


def _refuse_order_of_digits(source: Source, condition: str, named: Mapping[str, Column]) -> None:
    """Raises InputError where numbers or days would be ordered by their first digits, as texts are: 9 after 50."""
    for name, text in sorted(parse_condition(source.engine, condition).ordered):
        column = named[name.lower()]
        is_day = re.fullmatch(_DAY, text)
        if column.kind not in TEXTS or not (is_day or re.fullmatch(r"[^a-zA-Z]*[0-9][^a-zA-Z]*", text)):
            continue
        shown, odd = identifier(column.name), ".*[0-9].*" if is_day else _LOOKS_LIKE_A_NUMBER
        cells = source.engine.run(
            f"select {shown} from {source.cells} where regexp_full_match({shown}, {quoted(odd)})"
            f" and not regexp_full_match({shown}, {quoted(_DAY)}) order by 1 limit 1"
        )
        if cells:
            is_number = re.fullmatch(_PLAIN_NUMBER, text)
            raise InputError(
                f"{source.name}: --where orders {column.header} as texts, by '{text}', and a cell is '{cells[0][0]}'",
                hint=f"a number stands without quotes: {text}" if is_number else "write days as 2024-01-31 in the file",
                code="bad-condition",
            )


def _counted(source: Source, column: Column) -> tuple[int, int, int]:
    """How many cells of a column of texts are plain numbers, look like numbers but no days, and hold anything."""
    text = identifier(column.name)
    plain, like, day = (
        f"regexp_full_match({text}, {quoted(one)})" for one in (_PLAIN_NUMBER, _LOOKS_LIKE_A_NUMBER, _DAY)
    )
    row = source.engine.row(
        f"select count(*) filter (where {plain}), count(*) filter (where {like} and not {day}), count({text})"
        f" from {source.cells}"
    )
    return int(row[0]), int(row[1]), int(row[2])


def _compared(column: Column, *, as_number: bool) -> str:
    """A column as a condition sees it: a month is `2026-10`, whose order as text is that of time."""
    name = identifier(column.name)
    if as_number:
        return f"cast({name} as decimal(38, 18))"
    return month_text(name) if column.kind == "month" else name


def where_option(header: str, *conditions: str) -> str:
    """The condition on a column of --where, quoted as it is typed in a shell."""
    name = header if re.fullmatch(r"[A-Za-z_]\w*", header) else identifier(header).replace('"', '\\"')
    return f'"{" and ".join(f"{name} {one}" for one in conditions)}"'
