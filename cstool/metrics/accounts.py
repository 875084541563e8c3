"""Each account's part in a revenue metric: what it opened and closed with, and what that movement is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cstool.engines.duck import identifier
from cstool.engines.engine import Engine
from cstool.errors import UsageError
from cstool.metrics.request import CalcRequest
from cstool.metrics.results import Column, Result, Value
from cstool.metrics.source import Source

MOVEMENT = """case when starting_mrr = 0 and ending_mrr = 0 then 'none'
     when starting_mrr = 0 then case when customer_before then 'reactivation' else 'new' end
     when ending_mrr = 0 then 'churned' when ending_mrr > starting_mrr then 'expansion'
     when ending_mrr < starting_mrr then 'contraction' else 'unchanged' end"""


def accounts_result(
    engine: Engine,
    source: Source,
    request: CalcRequest,
    relation: str,
    names: Mapping[int, str],
    notes: Sequence[str],
) -> Result:
    """A row an account, and a period where there are several, the largest movement first.

    `names` are those of the periods by their closing month. Raises UsageError for shapes without accounts and for
    series.
    """
    if "account" not in source.roles:
        raise UsageError(f"--accounts: {source.shape.shape} has no accounts")
    if request.every:
        raise UsageError("--accounts looks at one window; leave --every out")
    groups = source.group_names
    listed = "".join(f"{identifier(group)}, " for group in groups)
    rows = engine.run(
        f"select span, closing, account, {listed} starting_mrr, ending_mrr, ending_mrr - starting_mrr, {MOVEMENT}"
        f" from ({relation}) where starting_mrr <> 0 or ending_mrr <> 0"
        f" order by span desc, abs(ending_mrr - starting_mrr) desc, starting_mrr desc, account, closing"
    )
    if source.has_months:
        rows = [row for row in rows if row[0]]
        if not rows:
            raise UsageError(
                f"--accounts compares the ends of a window, and {' and '.join(request.metrics)} looks at one moment",
                hint="ask for a metric that has a window, as nrr",
            )
    spans = sorted({row[0] for row in rows})
    several, dated = len(spans) > 1, len({row[1] for row in rows}) > 1
    columns = [
        *([Column("window")] if several else []),
        *([Column("period")] if dated else []),
        Column("account"),
        *(Column(header) for header in source.groups.values()),
        Column("starting_mrr", "value", "currency"),
        Column("ending_mrr", "value", "currency"),
        Column("change", "value", "currency"),
        Column("movement"),
    ]
    keys = [column.key for column in columns]
    records: list[dict[str, Value]] = []
    for span, closing, *cells in rows:
        head = [*([f"{span}m"] if several else []), *([names.get(closing, closing)] if dated else [])]
        records.append(dict(zip(keys, [*head, *cells], strict=True)))
    return Result(columns, records, tuple(dict.fromkeys(notes)))
