"""What a row of invoices is by its type: billed, paid back, or a payment, quote or payout that bills nothing."""

from __future__ import annotations

from collections.abc import Collection

from cstool.compute.cells.billing_words import BACK, INVOICES, NOT_BILLED, PAYMENTS
from cstool.compute.cells.statuses import is_one_of, words_in
from cstool.compute.source import Source
from cstool.errors import InputError


def settle(source: Source) -> None:
    """Takes off the amounts of rows that pay back, and leaves out those that bill nothing; both are named.

    A payment beside the invoice that it pays bills nothing; in a list of payments alone it is what counts.
    Raises InputError for a negative amount of any other row.
    """
    if "line_type" not in source.roles:
        return
    header = source.roles["line_type"]
    pays_back, billed = is_one_of("line_type", BACK), is_one_of("line_type", INVOICES)
    idle = is_one_of("line_type", NOT_BILLED)
    if source.engine.row(f"select count(*) from {source.cells} where {billed}")[0]:
        idle = is_one_of("line_type", [*NOT_BILLED, *PAYMENTS])
    left, back, amount, negative = source.engine.row(
        f"select count(*) filter (where {idle}), count(*) filter (where {pays_back}),"
        f" sum(abs(amount)) filter (where {pays_back}),"
        f" count(*) filter (where amount < 0 and not {idle} and not {pays_back}) from {source.cells}"
    )
    if negative and source.request.reading.negative == "refuse":
        raise InputError(
            f"{source.name}: {_rows(negative)} with a negative amount whose {header} is no refund or credit note",
            hint="--negative keep counts them as they are, --negative zero as 0",
            code="contradicting-cells",
        )
    if left:
        _name(source, idle, f"{_rows(left)} left out that {'bill' if left > 1 else 'bills'} nothing")
        source.replace(f"select * from {source.cells} where not {idle}", "billing")
    if back:
        _name(source, pays_back, f"{_rows(back)} taken off the amounts, {amount.normalize():f} in all")
        taken = f"case when {pays_back} and amount > 0 then -amount else amount end as amount"
        source.replace(f"select * replace ({taken}) from {source.cells}", "taken_off")


def _name(source: Source, condition: str, what: str) -> None:
    words: Collection[str] = words_in(source, "line_type", condition)
    source.notes.append(
        f"{source.name}: {what}: {source.roles['line_type']} is {', '.join(words)}; --map line_type=none counts all"
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
