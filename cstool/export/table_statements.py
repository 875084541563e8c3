"""Metrics that are tables of their own, as a query of a table that is not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cstool.backends.duck import identifier
from cstool.compute.compose import table_sql
from cstool.compute.relation.steps import Steps
from cstool.errors import UsageError
from cstool.model.entries import Relational

if TYPE_CHECKING:
    from cstool.export.warehouse import Printing


def table_query(query: Printing, table: Relational) -> tuple[Steps, str, list[str]]:
    """The steps to the rows of a table, the whole query, and the names of its columns as the table's entry has them.

    Raises UsageError for options that the table has no use for.
    """
    request, source = query.request, query.source
    refused: dict[str, object] = {"--total": request.total, "--explain": request.explain}
    if table.sql == "concentration":
        refused |= {"--every": request.every, "--window": request.window}
    for option, value in refused.items():
        if value:
            raise UsageError(
                f"{table.name} has no use for {option}", hint=f"leave {option} out", code="option-not-applicable"
            )
    if table.subject and request.where and table.subject in re.findall(r"\w+", request.where.lower()):
        raise UsageError(
            f"--where: {table.subject} chooses rows of the result",
            hint="choose them from the result",
            code="bad-condition",
        )
    if table.sql == "concentration":
        steps, relation, mrr = _one_moment(query)
    else:
        steps = query.steps([])
        relation, mrr = _fit_rows(query, steps, picked=bool(table.subject)), ""
    filled = table_sql(table.sql, source.group_names, relation=relation, mrr=mrr)
    body = re.sub(r"(?m)^--.*\n", "", filled).strip()
    listed = ",\n".join(f"{name} as (\n{sql}\n)" for name, sql in steps.before)
    whole = f"with {listed},\n{body[5:]}" if body.startswith("with ") else f"with {listed}\n{body}"
    columns = [source.group(header) for header in source.groups.values()]
    return steps, whole, [*columns, *(identifier(part.column) for part in table.columns)]


def _fit_rows(query: Printing, steps: Steps, *, picked: bool) -> str:
    """The rows, or none of them where one is not what the table can be made of; `picked` marks all as chosen."""
    marked = ", true as picked" if picked else ""
    if not query.checks:
        return f"select *{marked} from ({steps.relation})" if marked else steps.relation
    steps.before += [("fit_rows", steps.relation), ("checked", query.unfit("fit_rows"))]
    return f"select fit_rows.*{marked} from fit_rows cross join checked where unfit = 0"


def _one_moment(query: Printing) -> tuple[Steps, str, str]:
    """Each account's MRR in the last month or at the end of the window, and the column it stands in."""
    steps = query.steps([0])
    if not query.source.has_months:
        return steps, f"({steps.relation})", "ending_mrr"
    steps.before = [step for step in steps.before if step[0] not in ("spans", "window_months")]
    return steps, f"(select * from {query.source.cells} where month = (select closing from ends))", "mrr"
