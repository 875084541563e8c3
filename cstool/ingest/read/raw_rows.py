"""The table `raw` of records as text, and what is made of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from cstool.backends.duck import DuckDB, identifier
from cstool.ingest.checks import totals
from cstool.ingest.checks.problems import SHOWN, Problems, percent
from cstool.ingest.formats import alike, numbers
from cstool.ingest.formats.kinds import Cell
from cstool.ingest.read import rows
from cstool.ingest.read.rows_in_doubt import Apart
from cstool.ingest.source.table import Table
from cstool.model.reading import Column, Reading, shown_name


class LeftOut(NamedTuple):
    """What rows that are left out hold of an amount: its share, and the same in words."""

    share: Decimal
    text: str


def listed(shares: Sequence[LeftOut]) -> str:
    """The shares in words; of many columns those that lose most."""
    if len(shares) <= SHOWN:
        return "; ".join(part.text for part in shares)
    most = sorted(shares, key=lambda part: part.share, reverse=True)[:SHOWN]
    return f"{'; '.join(part.text for part in most)}; and of {len(shares) - SHOWN} more columns no more than that"


class RawRows:
    """The rows of the table `raw`, how their cells are valued, and the table `into` that they become.

    `apart` are rows of a scan in doubt, where only these are in `raw`. `notes` are for the user.
    """

    def __init__(
        self,
        engine: DuckDB,
        tables: Sequence[Table],
        columns: Sequence[Column],
        reading: Reading,
        into: str,
        apart: Apart | None = None,
    ) -> None:
        self.engine = engine
        self.tables = tables
        self.columns = columns
        self.reading = reading
        self.into = into
        self.apart = apart
        self.problems = Problems(engine, tables, columns, reading.rejects)
        self.cells: list[Cell] = []
        self.notes: list[str] = []

    def fetch(self, places: Sequence[int]) -> None:
        """Sees to it that `raw` has the rows at some places."""
        if self.apart:
            own = {place for (place,) in self.engine.run("select place from raw")}
            rows.add(self.engine, self.tables, self.columns, self.apart.fetched(set(places) - own))

    def value(self, index: int, text: str) -> str:
        """The value of a column's text, after what the options say of blanks and negatives."""
        cell = self.cells[index]
        value = cell.value(text)
        if cell.column.kind in ("amount", "count") and self.reading.negative == "zero":
            value = f"case when ({value}) < 0 then 0 else {value} end"
        if cell.blank_means(self.reading) == "zero":
            value = f"case when {numbers.is_missing_sql(text)} then 0 else {value} end"
        return value

    def values(self, where: str) -> str:
        """A query of all columns, by their names, and the places of the rows of `raw` that fit a condition."""
        every = range(len(self.columns))
        names = ", ".join(f"v{i} as {identifier(self.columns[i].name)}" for i in every)
        values = alike.with_values(every, self.value, f"raw where {where}", "place")
        return f"select {names}, place from ({values})"

    def blank_rows(self, column: Column | None = None) -> str:
        """Whether a row is left out because a cell is blank, of some column or of the one given."""
        return alike.any_of(
            {
                i: cell.absent
                for i, cell in enumerate(self.cells)
                if cell.blank_means(self.reading) == "skip" and column in (None, cell.column)
            }
        )

    @property
    def kept(self) -> str:
        """The rows of `raw` that are counted, as what a query selects from."""
        return "raw where code = '' and place not in (select place from problems)"

    def left_out(self, lost: str) -> list[LeftOut]:
        """How much of each amount the rows hold that are left out; without those that lose nothing."""
        amounts = [i for i, one in enumerate(self.columns) if one.kind in ("amount", "count") and not one.unused]
        sums = totals.sums(self.engine, [identifier(self.columns[i].name) for i in amounts], f"from {self.into}")
        kept = dict(zip(amounts, sums, strict=True))
        found: dict[int, LeftOut] = {}
        for same in alike.grouped(amounts, self.value):
            cells = alike.as_rows(same, f"{lost} as lost", "raw")
            for i, out, unknown in self.engine.run(
                f"select col, coalesce(sum(v) filter (lost), 0) as out, count(*) filter (lost and v is null) as unknown"
                f" from (select col, lost, {self.value(same[0], 't')} as v from ({cells})) group by col"
                " having out <> 0 or unknown <> 0"
            ):
                share = Decimal(out) / Decimal(out + kept[i]) if out + kept[i] else Decimal(0)
                rest = f" and {unknown} amount{'s' if unknown > 1 else ''} unknown" if unknown else ""
                found[i] = LeftOut(share, f"{percent(share)} of {shown_name(self.columns[i])}{rest}")
        return [found[i] for i in amounts if i in found]
