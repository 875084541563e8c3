"""What `--explain` says of a result as a whole: the file, its columns, the window, who was there, what was left out."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.compute.build_result import months_told
from cstool.compute.plan import Plan
from cstool.compute.source import Source
from cstool.model import windows
from cstool.model.results import Result

_LEFT_OUT = ("left out", "skipped", "not counted")


def basis(
    plan: Plan[Source], source: Source, covered: Sequence[tuple[int, int]], result: Result
) -> list[tuple[str, str]]:
    """The facts by label; `covered` are the windows that lie in the file, closing month and length."""
    months = list(source.recognised.months.values())
    used = [role if role == header else f"{role} = {header}" for role, header in source.roles.items()]
    used += [f"{len(months)} months, {months[0]} to {months[-1]}"] if months else []
    facts = [("file", f"{source.name}, read as {source.shape.shape}"), ("columns", ", ".join(used))]
    if source.request.where:
        facts.append(("rows", f"those for which {source.request.where}"))
    facts += [("window", one) for one in _windows(covered)]
    if any(row.get("customers_start") is not None for row in result.rows) and len(result.rows) == 1:
        facts.append(("at the start", f"{result.rows[0]['customers_start']} customers with MRR"))
    elif any(length for _, length in covered):
        facts.append(("at the start", "the customers with MRR in the first month of the window"))
    facts += [("left out", note) for note in result.notes if any(words in note for words in _LEFT_OUT)]
    for one in plan.asked:
        if one.table and one.table.sql:
            facts += [(part.column, part.about) for part in one.table.columns]
    return facts


def _windows(covered: Sequence[tuple[int, int]]) -> list[str]:
    """Each length of window, with its first and last month where there is one of it."""
    texts = []
    for length in sorted({length for _, length in covered}):
        closing = [last for last, own in covered if own == length]
        if not length:
            texts.append(f"at the end of {windows.month_name(closing[-1])}")
        elif len(closing) == 1:
            first, last = windows.month_name(closing[0] - length), windows.month_name(closing[0])
            texts.append(f"{first} to {last}, {months_told(length)}")
        else:
            texts.append(f"{months_told(length)} up to each of {len(closing)} periods")
    return texts
