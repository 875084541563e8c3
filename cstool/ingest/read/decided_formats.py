"""How whole columns are written, decided by all cells of the table `raw`; what they leave open is refused by place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstool.backends.duck import quoted
from cstool.errors import InputError
from cstool.ingest.checks.problems import FILE_BITS, Problems
from cstool.ingest.formats import alike, dates, never, numbers
from cstool.ingest.formats.answers import MOST_TEXTS
from cstool.ingest.formats.dates import Largest
from cstool.ingest.formats.formats import Seen, UndecidedColumnError, decided
from cstool.ingest.formats.kinds import DATES, NUMBERS, Cell
from cstool.ingest.read.scan import currency_columns
from cstool.ingest.source.header import excerpt
from cstool.model.reading import Column, Reading, shown_name

_MOST_MASKS = 20_000
_ROWS = "raw where code = ''"


def decided_by_all(problems: Problems, reading: Reading) -> list[Cell]:
    """The formats of the columns. Raises InputError with the cells by which one cannot be decided."""
    columns = problems.columns
    seen = _seen_numbers(problems)
    try:
        return decided(
            columns, [seen[i] if i in seen else _seen(problems, i, column) for i, column in enumerate(columns)], reading
        )
    except UndecidedColumnError as undecided:
        raise _told(problems, undecided) from undecided


def refuse_two_currencies(problems: Problems) -> None:
    """Raises InputError where amounts are read, and a column of currencies that is not holds two of them."""
    found = problems.engine.run(
        "select currency, min(place), arg_min(line, place) from raw where code = '' and currency <> ''"
        " group by 1 order by 2 limit 3"
    )
    mixed = [row for row in found if " and " in row[0]] or found[1:]
    if not mixed:
        return
    name, place, line = mixed[0]
    above = "" if mixed[0] == found[0] else f", and {excerpt(found[0][0])} above"
    table = problems.tables[place >> FILE_BITS]
    header = table.columns[currency_columns(table, problems.columns)[0]]
    raise InputError(
        f"{problems.where(place, line)}: the currency is {excerpt(name)}{above};"
        " amounts of two currencies do not add up",
        hint=f'--by "{header}", or --where with one currency',
        code="mixed-currencies",
    )


def _seen_numbers(problems: Problems) -> dict[int, Seen]:
    """The masks of the columns of numbers, by index."""
    numeric = [i for i, one in enumerate(problems.columns) if one.kind in NUMBERS and not one.answers]
    found: dict[int, dict[str, Largest]] = {i: {} for i in numeric}
    for same in alike.grouped(numeric, lambda i, text: _number_mask(problems.columns[i], text)):
        rows = problems.engine.run(
            f"select col, {_number_mask(problems.columns[same[0]], 't')} as mask, count(*)"
            f" from ({alike.as_rows(same, 'place', _ROWS)}) where not {numbers.is_missing_sql('t')} group by 1, 2"
            f" qualify row_number() over (partition by col order by mask) <= {_MOST_MASKS} order by 1, 2"
        )
        for i, mask, count in rows:
            found[i][str(mask)] = Largest(count, 0)
    for i, masks in found.items():
        if len(masks) == _MOST_MASKS and not problems.columns[i].unused:
            raise InputError(
                f"{problems.names}: {shown_name(problems.columns[i])} holds text, not numbers", code="bad-cells"
            )
    return dict(found)


def _seen(problems: Problems, index: int, column: Column) -> Seen:
    text = f"t{index}"
    present = f"code = '' and not {numbers.is_missing_sql(text)}"
    if column.answers:
        texts = problems.engine.run(
            f"select {text}, count(*) from raw where {present} group by 1 order by min(place) limit {MOST_TEXTS}"
        )
        if len(texts) == MOST_TEXTS:
            raise InputError(
                f"{problems.names}: {shown_name(column)} holds more than {MOST_TEXTS:,} different answers",
                code="bad-cells",
            )
        return {str(answer): Largest(count, 0) for answer, count in texts}
    if column.open:
        present += f" and not {never.is_never_sql(text)}"
    if column.kind not in DATES:
        return {}
    found = problems.engine.run(
        f"select {_digits_masked(text)}, max(try_cast(regexp_extract({text}, '^([0-9]+)', 1) as bigint)),"
        f" max(try_cast(regexp_extract({text}, '^[0-9]+[^0-9]+([0-9]+)', 1) as bigint)),"
        f" bool_and(regexp_full_match({text}, '1[0-8][0-9]{{8}}([0-9]{{3}})?'))"
        f" from raw where {present} group by 1 order by 1 limit {_MOST_MASKS}"
    )
    return _largest(found)


def _largest(found: Sequence[tuple[str, int | None, int | None, bool | None]]) -> Seen:
    """By a date's mask, the largest numbers that its cells begin with."""
    seen: dict[str, Largest] = {}
    for text_mask, first, second, unix in found:
        own = Largest(first or 0, second or 0, bool(unix))
        before = seen.get(dates.mask(text_mask), own)
        seen[dates.mask(text_mask)] = Largest(
            max(before.first, own.first), max(before.second, own.second), before.unix and own.unix
        )
    return seen


def _told(problems: Problems, undecided: UndecidedColumnError) -> InputError:
    """The column's cells that show why it cannot be decided, by their places."""
    column, text, reason = problems.columns[undecided.index], f"t{undecided.index}", undecided.reason
    examples = sorted(filter(None, (_example(problems, column, text, mask) for mask in reason.masks[:2])))
    told = [
        f"{problems.where(place, line)}: {shown_name(column)} is {excerpt(value)}" for place, line, value in examples
    ]
    first = f"{told[0]}, {reason.why}" if told else f"{problems.names}: {shown_name(column)}: {reason.why}"
    return InputError(first, problems=told[1:], hint=reason.remedy, code="ambiguous-format")


def _example(problems: Problems, column: Column, text: str, mask: str) -> tuple[int, int, str] | None:
    """The first cell with a mask."""
    if column.answers:
        same = f"{text} = {quoted(mask)}"
    elif column.kind in NUMBERS:
        same = f"{_number_mask(column, text)} = {quoted(mask)}"
    else:
        letters = f"regexp_replace({_digits_masked(text)}, '[^0-9\\W_]{{3,}}', 'a', 'g')"
        same = f"{letters} = {quoted(_folded(mask))}"
    rows = problems.engine.run(f"select place, line, {text} from raw where code = '' and {same} order by place limit 1")
    return rows[0] if rows else None


def _number_mask(column: Column, text: str) -> str:
    """SQL of a number's mask; a share is masked without its sign."""
    return numbers.mask_sql(f"rtrim(rtrim({text}, '%'))" if column.kind == "share" else text)


def _digits_masked(text: str) -> str:
    return f"translate({text}, '012345678', '999999999')"


def _folded(mask: str) -> str:
    """A date's mask with each word as one a, as SQL can make it."""
    return re.sub("a{3,}|UTC|GMT", "a", mask)
