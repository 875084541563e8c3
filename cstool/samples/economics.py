"""What a subscription company spends, earns and wins, month by month."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from cstool.model.windows import month_name, month_number

Row = Sequence[object]

FIRST, LAST = month_number(2024, 11), month_number(2026, 10)
COLUMNS = (
    "period acquisition_cost new_customers new_mrr retention_cost retained_customers revenue cost_of_revenue"
    " sales_marketing_cost cash_in cash_out cash operating_margin new_arr arr"
).split()


def _spend(accounts: int, chance: random.Random) -> Iterator[Row]:
    """A company of so many customers at first that grows by about a third a year and burns cash."""
    yield COLUMNS
    customers, mrr, cash = accounts, accounts * 900, accounts * 60_000
    for month in range(FIRST, LAST + 1):
        won = max(1, round(customers * chance.uniform(0.02, 0.05)))
        lost = round(customers * chance.uniform(0, 0.02))
        new_mrr = won * round(chance.uniform(700, 1100))
        gained = new_mrr + round(mrr * chance.uniform(0, 0.015)) - lost * 800
        before, mrr = mrr, mrr + gained
        winning = won * round(chance.uniform(6000, 9000))
        keeping = round(before * 0.09)
        costs = winning + keeping + round(before * 0.2) + round(before * 0.75)
        earned = round(before * chance.uniform(0.92, 1.05))
        cash -= costs - earned
        yield (
            month_name(month),
            winning,
            won,
            new_mrr,
            keeping,
            customers - lost,
            before,
            round(before * 0.2),
            winning + round(keeping / 3),
            earned,
            costs,
            cash,
            f"{(before - costs) / before:.1%}",
            gained * 12,
            mrr * 12,
        )
        customers += won - lost


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {"spend": _spend}
