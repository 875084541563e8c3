"""Lists of changes without the MRR after each: an account's MRR is the sum of its changes so far."""

from __future__ import annotations

from cstool.backends.duck import quoted
from cstool.compute.source import Source
from cstool.errors import InputError

_LOSSES = ("churn", "churned", "cancellation", "cancelled", "canceled", "contraction", "downgrade", "lost", "loss")


def add_up_changes(source: Source) -> None:
    """Leaves the cells as periods from one change of an account to its next, with the MRR in between.

    Raises InputError where that would fall below zero, as it does where changes are missing.
    """
    change = _signed(source)
    groups = "".join(f"{name}, " for name in source.groups)
    minima = "".join(f"min({name}) as {name}, " for name in source.groups)
    source.replace(
        f"select account, {groups}start_date, sum(change) over (partition by account order by start_date) as mrr,"
        " lead(start_date) over (partition by account order by start_date) as end_date"
        f" from (select account, {minima}cast(change_date as date) as start_date, sum({change}) as change"
        f" from {source.cells} group by account, cast(change_date as date))",
        "periods",
    )
    odd = source.engine.run(f"select account, start_date, mrr from {source.cells} where mrr < 0 order by 2, 1 limit 1")
    if odd:
        account, day, mrr = odd[0]
        raise InputError(
            f"{source.name}: the changes of {account} add up to an MRR of {mrr.normalize():f} on {day}",
            hint="the list has to hold every change from the first on; name a column of the MRR after each: --map mrr=",
            code="contradicting-cells",
        )
    source.notes.append(f"{source.name}: each account's MRR is the sum of its changes so far")


def _signed(source: Source) -> str:
    """A row's change, as SQL: below zero where its type says so, if the list writes no minus."""
    header = source.roles["mrr_movement"]
    if source.engine.row(f"select coalesce(min(mrr_movement), 0) < 0 from {source.cells}")[0]:
        return "mrr_movement"
    if "movement_type" not in source.roles:
        source.notes.append(f"{source.name}: no {header} is below zero, so nobody left and nothing shrank")
        return "mrr_movement"
    lost = f"regexp_matches(lower(movement_type), {quoted('|'.join(_LOSSES))})"
    return f"case when {lost} then -mrr_movement else mrr_movement end"
