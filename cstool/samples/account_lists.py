"""The accounts of a subscription company, as a CRM lists them: who they are, who looks after them, and since when."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cstool.model.windows import first_day
from cstool.samples.revenue import LAST, Period, company

Row = Sequence[object]

CSMS = ("Ines Okafor", "Jonas Weber", "Mei Tanaka", "Sam Rivera", "Tess Moreau")
PLANS = {"SMB": "Basic", "Mid-Market": "Pro", "Enterprise": "Enterprise"}


@dataclass(frozen=True, slots=True)
class Account:
    """A customer of the company, with its MRR over time."""

    key: str
    name: str
    segment: str
    csm: str
    periods: Sequence[Period]

    @property
    def since(self) -> int:
        """The month in which it became a customer."""
        return self.periods[0].start

    @property
    def left(self) -> int | None:
        """The first month without service; None where it is a customer in the last month told of."""
        end = self.periods[-1].end
        return end if end is not None and end <= LAST else None

    @property
    def mrr(self) -> int:
        """What it pays a month now."""
        return 0 if self.left is not None else self.periods[-1].mrr

    @property
    def renewal(self) -> int:
        """The month in which its yearly contract is next due, or was when it left."""
        last = LAST if self.left is None else self.left - 1
        return last + 12 - (last - self.since) % 12


def customers(accounts: int, chance: random.Random) -> list[Account]:
    """The accounts of the company that the samples of revenue tell of, in its order."""
    periods: dict[str, list[Period]] = {}
    for period in company(accounts, chance):
        periods.setdefault(period.account, []).append(period)
    made = [(name, own, CSMS[number % len(CSMS)]) for number, (name, own) in enumerate(periods.items())]
    return [
        Account(f"A-{number:03d}", name, own[0].segment, csm, own) for number, (name, own, csm) in enumerate(made, 1)
    ]


def account_rows(company: Sequence[Account], _: random.Random) -> Iterator[Row]:
    """The list of accounts, header first."""
    yield "account_id", "account", "segment", "csm", "plan", "customer_since", "renewal_date", "arr", "status"
    for one in company:
        running = one.left is None
        yield (
            one.key,
            one.name,
            one.segment,
            one.csm,
            PLANS[one.segment],
            first_day(one.since),
            first_day(one.renewal) if running else "",
            one.mrr * 12,
            "active" if running else "churned",
        )


def _accounts(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield from account_rows(customers(accounts, chance), chance)


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {"accounts": _accounts}
