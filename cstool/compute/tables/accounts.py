"""`calc --accounts`: each account's part in recurring revenue, or each row of the file that a metric counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cstool.backends.duck import identifier
from cstool.backends.engine import Engine
from cstool.compute.formulas.resolve import Wanted
from cstool.compute.source import Source
from cstool.errors import UsageError
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result, Value

MOVEMENT = """case when starting_mrr = 0 and ending_mrr = 0 then 'none'
     when starting_mrr = 0 then case when customer_before then 'reactivation' else 'new' end
     when ending_mrr = 0 then 'churned' when ending_mrr > starting_mrr then 'expansion'
     when ending_mrr < starting_mrr then 'contraction' else 'unchanged' end"""
REVENUE = "revenue"  # the relation whose rows are accounts


def refuse_accounts(asked: Sequence[Wanted], request: CalcRequest) -> None:
    """Raises UsageError, before a file is read, for what --accounts makes no sense with."""
    for option in ("every", "explain", "total"):
        if getattr(request, option):
            raise UsageError(
                f"--accounts lists the parts of one number; it has no use for --{option}",
                hint=f"leave --{option} out",
                code="option-not-applicable",
            )
    for one in asked:
        if one.table and (one.of != REVENUE or one.table.sql):
            raise UsageError(
                f"--accounts: {one.name} is a table already", hint="leave --accounts out", code="option-not-applicable"
            )


def refuse_shape(asked: Sequence[Wanted], source: Source) -> None:
    """Raises UsageError for an input type whose rows are no customers and belong to none."""
    shape = source.shape
    if "account" not in (*shape.required, *shape.could_have):
        names = ", ".join(one.name for one in asked)
        raise UsageError(
            f"--accounts: {names} is computed from a {shape.shape} file here, which has no accounts",
            code="option-not-applicable",
        )


def accounts_result(
    engine: Engine,
    source: Source,
    request: CalcRequest,
    relation: str,
    names: Mapping[int, str],
    order: Sequence[str],
    notes: Sequence[str],
) -> Result:
    """A row an account of recurring revenue, and a period where there are several, the largest movement first.

    `names` are those of the periods by their closing month; `order` are SQL expressions that come before the size of
    the movement.
    """
    groups = source.group_names
    listed = "".join(f"{identifier(group)}, " for group in groups)
    first = "".join(f"{one} nulls last, " for one in order)
    # What looks at one moment opens no window; beside a metric that has one, only the window is listed.
    moved = f"(select *, max(span) over () as longest from ({relation}) where starting_mrr <> 0 or ending_mrr <> 0)"
    rows = engine.run(
        f"select count(*) over () as listed_rows, span, closing, account, {listed} starting_mrr, ending_mrr,"
        f" ending_mrr - starting_mrr as change, {MOVEMENT} as movement from {moved} where span > 0 or longest = 0"
        f" order by span desc, {first}abs(ending_mrr - starting_mrr) desc, starting_mrr desc, account, closing"
        f"{limited(request)}"
    )
    several, dated = len({row[1] for row in rows}) > 1, len({row[2] for row in rows}) > 1
    moment = source.has_months and not any(row[1] for row in rows)
    columns = [
        *([Column("window")] if several else []),
        *([Column("period")] if dated else []),
        Column("account"),
        *(Column(header) for header in source.groups.values()),
        *([] if moment else [Column("starting_mrr", "value", "currency")]),
        Column("ending_mrr", "value", "currency"),
        *([] if moment else [Column("change", "value", "currency"), Column("movement")]),
    ]
    keys = [column.key for column in columns]
    records: list[dict[str, Value]] = []
    for _, span, closing, account, *cells in rows:
        head = [*([f"{span}m"] if several else []), *([names.get(closing, closing)] if dated else [])]
        own = [*cells[: len(groups)], cells[len(groups) + 1]] if moment else cells
        records.append(dict(zip(keys, [*head, account, *own], strict=True)))
    return Result(columns, records, tuple(dict.fromkeys([*notes, *cut(rows, "accounts")])))


def limited(request: CalcRequest) -> str:
    """The end of a query that gives as many rows as are asked for."""
    return f" limit {request.top}" if request.top else ""


def cut(rows: Sequence[Sequence[Value]], what: str) -> list[str]:
    """A note where not all rows are listed; the first cell of each says how many there are."""
    total = int(rows[0][0] or 0) if rows else 0
    more = total - len(rows)
    return [f"the first {len(rows)} of {total} {what}, {more} more: --top {total} lists them"] if more else []
