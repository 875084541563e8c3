"""Names that were read as they stand, but may not be what was meant."""

from __future__ import annotations

from cstool.data.header import excerpt
from cstool.data.options import Column
from cstool.engines.duck import identifier
from cstool.engines.engine import Engine

_MOST_ROWS = 1_000_000  # looking for twins among more takes as long as the reading
_SHOWN = 3


def doubtful_names(engine: Engine, table: str, column: Column) -> list[str]:
    """What to tell of names that Excel has made numbers of, and of names that differ only in case or spaces."""
    name = identifier(column.name)
    notes = []
    power = f"{name} like '%E+%' and regexp_full_match({name}, '[0-9][.,]?[0-9]*E[+][0-9]+')"
    rows, rounded = engine.row(f"select count(*), min({name}) filter (where {power}) from {table}")
    if rounded is not None:
        notes.append(f"{column.header}: {excerpt(rounded)} looks like a long number that Excel has rounded")
    if rows <= _MOST_ROWS:
        alike = f"lower(regexp_replace({name}, '\\s+', ' ', 'g'))"
        twins = engine.run(
            f"select list_sort(list(distinct {name})) from {table} group by {alike}"
            f" having count(distinct {name}) > 1 order by 1 limit {_SHOWN}"
        )
        notes += [f"{column.header}: {_listed(names)} are counted as different" for (names,) in twins]
    return notes


def _listed(names: list[str]) -> str:
    return " and ".join(map(excerpt, names[:_SHOWN]))
