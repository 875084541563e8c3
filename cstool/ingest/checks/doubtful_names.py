"""Names that were read as they stand, but may not be what was meant."""

from __future__ import annotations

from cstool.backends.duck import DuckDB, identifier, quoted
from cstool.backends.engine import Engine
from cstool.ingest.source.header import WHITE, excerpt
from cstool.model.reading import Column

_MOST_ROWS = 1_000_000  # looking for twins among more takes as long as the reading
_SHOWN = 3
_FOLDED = r"[^!-@\[-~]|^0|[.]0$"  # capitals, spaces, all beyond ASCII, zeros that may be left out
_UNSEEN = "".join(mark for mark in WHITE if not mark.isspace())


def doubtful_names(engine: Engine, table: str, column: Column) -> list[str]:
    """What to tell of names that Excel has made numbers of, that may be comments, or that are all but alike.

    Alike are those that differ only in case, spaces, unseen marks, leading zeros, a `.0` behind a number, or how
    accents are written.
    """
    name = identifier(column.name)
    notes = []
    # What begins with # or / stands before the digits: the quickest way to see that most do not.
    remark = f"{name} < '0' and ({name} like '#%' or {name} like '//%')"
    rows, powers, remarks = engine.row(
        f"select count(*), count(*) filter ({name} like '%E+%'), count(*) filter ({remark}) from {table}"
    )
    power = f"regexp_full_match({name}, '[0-9][.,]?[0-9]*E[+][0-9]+')"
    if powers and (rounded := _first(engine, table, name, power)) is not None:
        notes.append(f"{column.header}: {excerpt(rounded)} looks like a long number that Excel has rounded")
    if 0 < remarks < rows / 2:
        first = excerpt(_first(engine, table, name, remark) or "")
        notes.append(f"{column.header}: {first} is counted as a name, though it may be a comment")
    if rows <= _MOST_ROWS:
        notes += [
            f"{column.header}: {_listed(names)} are counted as different" for names in _twins(engine, table, name)
        ]
    return notes


def _first(engine: Engine, table: str, name: str, where: str) -> str | None:
    """The first name in the alphabet that something holds of."""
    found: str | None = engine.row(f"select min({name}) from {table} where {where}")[0]
    return found


def _twins(engine: Engine, table: str, name: str) -> list[list[str]]:
    """Names that are alike, some of all."""
    if not engine.run(f"select 1 from {table} where regexp_matches({name}, {quoted(_FOLDED)}) limit 1"):
        return []  # each is as plain as can be
    composed = f"nfc_normalize({name})" if isinstance(engine, DuckDB) else name
    seen = f"regexp_replace({composed}, {quoted(f'[{_UNSEEN}]')}, '', 'g')"
    whole = f"if(regexp_full_match({seen}, '[0-9]+[.]0'), replace({seen}, '.0', ''), {seen})"
    alike = f"lower(ltrim(regexp_replace({whole}, {quoted(f'[{WHITE}]+')}, ' ', 'g'), '0'))"
    found = engine.run(
        f"select list_sort(list({name})) from (select distinct {name} from {table})"
        f" group by {alike} having count(*) > 1 order by 1 limit {_SHOWN}"
    )
    return [names for (names,) in found]


def _listed(names: list[str]) -> str:
    return " and ".join(map(excerpt, names[:_SHOWN]))
