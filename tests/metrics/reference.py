"""The revenue metrics once more, as slowly and plainly as they can be written: dicts, loops and exact numbers.

A ledger here is a dict from (account, month) to MRR; months are counted from year 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Ledger: TypeAlias = Mapping[tuple[str, int], Decimal]


@dataclass
class Moved:
    """What happened between the two ends of a window."""

    starting: Decimal = Decimal(0)
    new: Decimal = Decimal(0)
    reactivation: Decimal = Decimal(0)
    expansion: Decimal = Decimal(0)
    contraction: Decimal = Decimal(0)
    churned: Decimal = Decimal(0)
    ending: Decimal = Decimal(0)
    customers_start: int = 0
    customers_new: int = 0
    customers_lost: int = 0
    customers_retained: int = 0
    customers_end: int = 0


def moved(ledger: Ledger, last: int, length: int) -> Moved:
    """The movements of all accounts between the month `length` before `last`, and `last`."""
    first = last - length
    total = Moved()
    for account in sorted({account for account, _ in ledger}):
        start = ledger.get((account, first), Decimal(0))
        end = ledger.get((account, last), Decimal(0))
        total.starting += start
        total.ending += end
        if end > 0:
            total.customers_end += 1
        if start > 0:
            total.customers_start += 1
            if end == 0:
                total.customers_lost += 1
                total.churned += start
            else:
                total.customers_retained += 1
            if end > start:
                total.expansion += end - start
            if 0 < end < start:
                total.contraction += start - end
        elif end > 0:
            total.customers_new += 1
            paid_before = any(
                who == account and month < first and amount > 0 for (who, month), amount in ledger.items()
            )
            if paid_before:
                total.reactivation += end
            else:
                total.new += end
    return total


SUMS = {
    "mrr": "ending",
    "new-mrr": "new",
    "reactivation-mrr": "reactivation",
    "expansion-revenue": "expansion",
    "contraction": "contraction",
    "churned-mrr": "churned",
}


def sums(ledger: Ledger, last: int, length: int) -> dict[str, Decimal]:
    """The metrics that are plain sums."""
    m = moved(ledger, last, length)
    exact = {name: getattr(m, measure) for name, measure in SUMS.items()}
    exact["arr"] = m.ending * 12
    exact["net-new-mrr"] = m.new + m.reactivation + m.expansion - m.contraction - m.churned
    return exact


def ratios(ledger: Ledger, last: int, length: int) -> dict[str, Fraction | None]:
    """The metrics that divide; None where the divisor is zero."""
    m = moved(ledger, last, length)

    def over(part: Decimal | int, whole: Decimal | int) -> Fraction | None:
        return Fraction(part) / Fraction(whole) if whole else None

    return {
        "nrr": over(m.starting + m.expansion - m.contraction - m.churned, m.starting),
        "grr": over(m.starting - m.contraction - m.churned, m.starting),
        "revenue-churn": over(m.contraction + m.churned, m.starting),
        "net-revenue-churn": over(m.contraction + m.churned - m.expansion, m.starting),
        "expansion-rate": over(m.expansion, m.starting),
        "contraction-rate": over(m.contraction, m.starting),
        "account-growth": over(m.expansion - m.contraction, m.starting),
        "growth": over(m.ending - m.starting, m.starting),
        "logo-churn": over(m.customers_lost, m.customers_start),
        "retention-rate": over(m.customers_retained, m.customers_start),
        "arpa": over(m.ending, m.customers_end),
        "quick-ratio": over(m.new + m.reactivation + m.expansion, m.contraction + m.churned),
    }
