"""The relation that measures are summed over: rows with a closing month or period, a window and their groups."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.engines.duck import quoted
from cstool.errors import InputError, UsageError, and_more
from cstool.metrics import windows
from cstool.metrics.compose import template
from cstool.metrics.source import Source

LOSSES = ("contraction_mrr", "churned_mrr")


def ledger_relation(source: Source, spans: Sequence[windows.Span], *, history: bool) -> str:
    """One row an account and window; with `history` it is known who had been a customer before."""
    listed = "".join(
        f"coalesce(min({name}) filter (where opens = 1 and mrr > 0), min({name}) filter (where opens = 0),"
        f" min({name})) as {name}, "
        for name in source.groups
    )
    paid = "min(month) filter (where mrr > 0) over (partition by account)"
    return template("ledger").format(
        groups=listed,
        windows=", ".join(str(emission) for emission in windows.emissions(spans)),
        history=f"(select *, {paid} as first_paid from {source.cells})" if history else source.cells,
        customer_before="coalesce(min(first_paid) < closing - span, false)" if history else "false",
    )


def find_periods(source: Source) -> None:
    """The periods of a shape whose rows each have their own window."""
    if "period" not in source.roles:
        if source.request.as_of or source.request.every:
            raise UsageError(f"{source.name}: --as-of and --every need a column of months or periods")
        return
    source.periods = [row[0] for row in source.engine.run(f"select distinct period from {source.cells} order by 1")]
    if len({len(period) for period in source.periods}) > 1:
        raise InputError(f"{source.name}: {source.roles['period']} mixes months, quarters and years")


def rows_relation(source: Source) -> str:
    """The relation of a shape whose rows each have their own window."""
    chosen = _chosen(source)
    cells = source.cells
    if chosen:
        cells = f"(select * from {cells} where period in ({', '.join(map(quoted, chosen))}))"
    if source.shape.shape == "movements":
        cells = _movements(source, cells)
    listed = "".join(f"{group}, " for group in source.groups)
    return template(source.shape.shape).format(period="period" if chosen else "null", groups=listed, cells=cells)


def _chosen(source: Source) -> list[str]:
    """The periods that are asked for: one, or with --every all of them."""
    if not source.periods:
        return []
    asked = source.request.as_of
    if asked and asked not in source.periods:
        known = ", ".join(and_more(source.periods, 12))
        raise InputError(f"{source.name}: no rows for --as-of {asked}", hint=f"periods: {known}")
    if source.request.every:
        step = windows.last_month(source.periods[0])[1]
        if step != source.request.every:
            raise UsageError(f"{source.name}: its periods are {step}s; ask for --every {step}")
        return [period for period in source.periods if not asked or period <= asked]
    if len(source.periods) > 1 and not asked:
        source.notes.append(
            f"{source.name}: {source.periods[-1]} is the last of {len(source.periods)} periods; --as-of names another"
        )
    return [asked or source.periods[-1]]


def _movements(source: Source, cells: str) -> str:
    """Movements with nothing where no column gives them; losses may be written with a minus, but all in one way."""
    for role in LOSSES:
        signs = f"select min({role}) < 0 and max({role}) > 0 from {source.cells}"
        if role in source.roles and source.engine.row(signs)[0]:
            raise InputError(f"{source.name}: {source.roles[role]} has losses with and without a minus")
    filled = ", ".join(
        f"coalesce({f'abs({name})' if name in LOSSES else name}, 0) as {name}"
        for name in source.shape.optional
        if name not in ("period", "currency")
    )
    return f"(select * replace ({filled}) from {cells})"
