"""How each column is written, decided over all of them: one decimal mark, one currency, one type of number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from cstool.errors import InputError
from cstool.ingest.formats import dates, durations, never, numbers
from cstool.ingest.formats.answers import AnswerLabels, labels_of
from cstool.ingest.formats.dates import DateReading, Largest
from cstool.ingest.formats.durations import DurationFormat
from cstool.ingest.formats.kinds import DATES, NUMBERS, Cell, Format
from cstool.ingest.formats.numbers import PLAIN, NumberFormat, UndecidedError
from cstool.ingest.source.header import WHITE, header_key
from cstool.ingest.source.table import Table
from cstool.model.currencies import currency_of
from cstool.model.reading import Column, Reading, shown_name

SAMPLE = 100  # records looked at for a first guess
_BEHIND = {"hours": "minutes", "minutes": "seconds"}  # what follows in a length of time like 2:15
_PERCENT_HEADERS = ("percent", "percentage", "pct", "0100")

Seen = Mapping[str, Largest]  # by mask; of numbers the first is how many cells have it


class UndecidedColumnError(Exception):
    """A column, by its index, that does not say how it is written."""

    def __init__(self, index: int, reason: UndecidedError) -> None:
        super().__init__(reason.why)
        self.index = index
        self.reason = reason


def index_in(table: Table, column: Column) -> int:
    """Where a column stands in a file. Raises InputError where that is not one place."""
    index = table.column(column.header)
    if index is None:
        raise InputError(f"{table.name}: there is not just one column '{column.header}'", code="ambiguous-column")
    return index


def sampled(tables: Sequence[Table], columns: Sequence[Column], reading: Reading) -> list[Cell]:
    """The formats that the first records of each file show: a guess that every cell must fit.

    Raises UndecidedColumnError where they show none.
    """
    texts: list[Counter[str]] = [Counter() for _ in columns]
    for table in tables:
        indices = [index_in(table, column) for column in columns]
        for record in islice(table.records(), SAMPLE):
            for own, index in zip(texts, indices, strict=True):
                if index < len(record.fields):
                    own[record.fields[index].strip(WHITE)] += 1
    return decided(columns, [_seen(column, own) for column, own in zip(columns, texts, strict=True)], reading)


def _seen(column: Column, texts: Mapping[str, int]) -> Seen:
    present = {text: count for text, count in texts.items() if not numbers.is_missing(text)}
    if column.open:
        present = {text: count for text, count in present.items() if not never.is_never(text)}
    if column.answers:
        return {text: Largest(count, 0) for text, count in present.items()}
    if column.kind in DATES:
        return dates.largest(list(present))
    if column.kind not in NUMBERS:
        return {}
    masks: Counter[str] = Counter()
    for text, count in present.items():
        masks[numbers.mask(text.rstrip("% ") if column.kind == "share" else text)] += count
    return {mask: Largest(count, 0) for mask, count in masks.items()}


def decided(columns: Sequence[Column], seen: Sequence[Seen], reading: Reading) -> list[Cell]:
    """The formats that whole columns decide. Raises UndecidedColumnError."""
    labels: dict[int, AnswerLabels] = {}
    masked = list(seen)
    for i, (column, own) in enumerate(zip(columns, seen, strict=True)):
        if not column.answers:
            continue
        try:
            found = labels_of({text: one.first for text, one in own.items()}, column.answers)
        except UndecidedError as reason:
            raise UndecidedColumnError(i, reason) from reason
        if found:
            labels[i] = found
        masked[i] = {numbers.mask(text): Largest(0, 0) for text in own if not found}
    seen = masked
    marks = {
        numbers.decimal_mark(masks, reading.decimal)
        for column, masks in zip(columns, seen, strict=True)
        if column.kind in NUMBERS and column.kind != "duration" and masks
    } - {None}
    elsewhere = marks.pop() if len(marks) == 1 else None
    amounts = [own for column, own in zip(columns, seen, strict=True) if column.kind == "amount"]
    money = sum(one.first for own in amounts for one in own.values())
    formats: list[Format] = []
    undecided: set[int] = set()
    for index, (column, masks) in enumerate(zip(columns, seen, strict=True)):
        if index in labels:
            formats.append(labels[index])
            continue
        try:
            formats.append(_format(column, masks, reading, elsewhere, money))
        except UndecidedError as reason:
            if not column.unused:
                raise UndecidedColumnError(index, reason) from reason
            undecided.add(index)
            formats.append(None)
    _refuse_two_currencies(columns, formats, seen)
    by_format: dict[NumberFormat, list[str]] = {}
    for form, masks in zip(formats, seen, strict=True):
        if isinstance(form, NumberFormat):
            by_format.setdefault(form, []).extend(masks)
    shares = any(column.kind == "share" for column in columns)
    scale = numbers.widest(by_format, 2 if shares else 0)
    return [
        Cell(
            column,
            form,
            scale,
            _in_percent(column),
            numbers.even_places(form, masks) if form == PLAIN else None,
            undecided=i in undecided,
        )
        for i, (column, form, masks) in enumerate(zip(columns, formats, seen, strict=True))
    ]


def taken_for_granted(cells: Sequence[Cell]) -> list[str]:
    """A line on labels that count as numbers, and one on columns whose thousands mark only their being money tells."""
    notes = [
        f"{shown_name(cell.column)}: {cell.form.note}"
        for cell in cells
        if isinstance(cell.form, AnswerLabels) and cell.form.note
    ]
    notes += [
        f"{shown_name(cell.column)}: 2:15 counts as 2 {cell.form.short}, 15 {_BEHIND[cell.form.short]}"
        for cell in cells
        if isinstance(cell.form, DurationFormat) and cell.form.short
    ]
    found = [cell for cell in cells if isinstance(cell.form, NumberFormat) and cell.form.taken]
    if not found:
        return notes
    form = found[0].form
    assert isinstance(form, NumberFormat)
    names = f"{len(found)} columns" if len(found) > 1 else shown_name(found[0].column)
    return [
        *notes,
        f"'{form.group}' in {names} is taken as the thousands mark; --decimal {form.group} if it marks decimals",
    ]


def _format(
    column: Column, seen: Seen, reading: Reading, elsewhere: str | None, money: int
) -> NumberFormat | DateReading | DurationFormat | None:
    if column.kind == "duration":
        return durations.decide(column, list(seen))
    if column.kind in NUMBERS:
        cells = money if column.kind == "amount" else int(column.kind == "number")  # a number with a currency is money
        return numbers.decide(list(seen), reading.decimal, elsewhere, money=cells)
    if column.kind not in DATES:
        return None
    if column.kind == "time" and (mixed := dates.mixes_zones(list(seen))):
        raise UndecidedError(
            mixed, "some times of the column have a time zone and some have none", "write all with a zone"
        )
    return dates.decide(seen, "day" if column.kind in ("date", "time") else "month", reading.date_order)


def _refuse_two_currencies(columns: Sequence[Column], formats: Sequence[Format], seen: Sequence[Seen]) -> None:
    found: dict[str, tuple[int, str]] = {}
    for index, (column, form, masks) in enumerate(zip(columns, formats, seen, strict=True)):
        if column.kind == "amount" and isinstance(form, NumberFormat):
            found.update({currency_of(mask): (index, mask) for mask in masks if form.fits(mask)})
    found.pop("", None)
    if len(found) > 1:
        index, mask = list(found.values())[-1]
        names = " and ".join(sorted(found))
        reason = UndecidedError([mask], f"and amounts of the file are in {names}", "split the file by currency first")
        raise UndecidedColumnError(index, reason)


def _in_percent(column: Column) -> bool:
    """Whether a share's header says that its numbers are in percent: `Probability (%)`, `Margin pct`."""
    key = header_key(column.header)
    return column.kind == "share" and ("%" in column.header or key.endswith(_PERCENT_HEADERS))
