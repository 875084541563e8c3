"""One company, told in every shape of file, gives the same digits."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.model.results import Value
from tests.metrics import reference
from tests.metrics.companies import BASE, first_of, month_text
from tests.metrics.computing import answer, table

SUMS = ("mrr", "churned-mrr", "contraction", "expansion-revenue")
RATIOS = ("nrr", "grr", "logo-churn")


@dataclass(frozen=True)
class Subscription:
    """Whole units a month from the first of month `start` up to the first of month `end`; None while it runs."""

    account: str
    start: int
    end: int | None
    mrr: int


@dataclass(frozen=True)
class Company:
    """Subscriptions, the first of which starts in BASE, told up to the month `last`; the window opens in `first`."""

    subscriptions: tuple[Subscription, ...]
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first

    @property
    def months(self) -> range:
        return range(BASE, self.last + 1)

    @property
    def ledger(self) -> dict[tuple[str, int], Decimal]:
        """All accounts in all months, with zero where nothing runs."""
        ledger = {(one.account, month): Decimal(0) for one in self.subscriptions for month in self.months}
        for one in self.subscriptions:
            for month in self.months:
                if one.start <= month and (one.end is None or month < one.end):
                    ledger[one.account, month] += one.mrr
        return ledger

    @property
    def by_account(self) -> dict[str, dict[int, Decimal]]:
        accounts: dict[str, dict[int, Decimal]] = defaultdict(dict)
        for (account, month), mrr in self.ledger.items():
            accounts[account][month] = mrr
        return accounts


@st.composite
def companies(draw: st.DrawFn) -> Company:
    last = BASE + draw(st.integers(2, 13))
    subscriptions = []
    for account in ("Ada", "Bix", "Cor", "Dov"):
        for _ in range(draw(st.integers(1, 3))):
            start = draw(st.integers(BASE, last))
            end = draw(st.one_of(st.none(), st.integers(start + 1, last + 3)))
            subscriptions.append(Subscription(account, start, end, draw(st.integers(1, 5000))))
    subscriptions.append(Subscription("Ada", BASE, None, 50))
    return Company(tuple(subscriptions), draw(st.integers(BASE, last - 1)), last)


def as_ledger(company: Company) -> str:
    return table("account,month,mrr", ((who, month_text(m), mrr) for (who, m), mrr in company.ledger.items()))


def as_wide(company: Company) -> str:
    header = ",".join(["account", *map(month_text, company.months)])
    return table(header, ([who, *(months[m] for m in company.months)] for who, months in company.by_account.items()))


def as_snapshot(company: Company) -> str:
    ends = ((who, months[company.first], months[company.last]) for who, months in company.by_account.items())
    return table("account,starting_mrr,ending_mrr", ends)


def _day(month: int | None) -> str:
    return "" if month is None else first_of(month)


def as_subscriptions(company: Company) -> str:
    return table(
        "account,start_date,end_date,mrr",
        ((one.account, _day(one.start), _day(one.end), one.mrr) for one in company.subscriptions),
    )


def as_yearly_amounts(company: Company) -> str:
    return table(
        "account,start_date,end_date,amount,interval",
        ((one.account, _day(one.start), _day(one.end), one.mrr * 12, "year") for one in company.subscriptions),
    )


def as_quantities(company: Company) -> str:
    return table(
        "account,start_date,end_date,amount,interval,quantity",
        ((one.account, _day(one.start), _day(one.end), 1, "month", one.mrr) for one in company.subscriptions),
    )


def as_changes(company: Company) -> str:
    changes = []
    for who, months in company.by_account.items():
        before = Decimal(0)
        for month, mrr in months.items():
            if mrr != before:
                changes.append((who, first_of(month), mrr - before, mrr))
            before = mrr
    return table("account,change_date,mrr_movement,mrr", changes)


def as_invoices(company: Company) -> str:
    lines = (
        (one.account, first_of(month), first_of(month), first_of(month + 1), one.mrr)
        for one in company.subscriptions
        for month in company.months
        if one.start <= month and (one.end is None or month < one.end)
    )
    return table("account,date,service_start,service_end,amount", lines)


def as_movements(company: Company) -> str:
    m = reference.moved(company.ledger, company.last, company.length)
    header = (
        "starting_mrr,new_mrr,reactivation_mrr,expansion_mrr,contraction_mrr,churned_mrr,"
        "customers_start,customers_new,customers_lost"
    )
    row = (m.starting, m.new, m.reactivation, m.expansion, m.contraction, m.churned)
    return table(header, [(*row, m.customers_start, m.customers_new, m.customers_lost)])


DATED: Mapping[str, Callable[[Company], str]] = {
    "ledger": as_ledger,
    "wide": as_wide,
    "subscriptions": as_subscriptions,
    "yearly amounts": as_yearly_amounts,
    "quantities": as_quantities,
    "changes": as_changes,
    "invoices": as_invoices,
}
UNDATED = {"snapshot": as_snapshot, "movements": as_movements}


@settings(max_examples=4, deadline=None)
@given(companies())
@pytest.mark.slow
def test_one_company_gives_the_same_digits_in_every_shape(company: Company) -> None:
    asked = (*SUMS, *RATIOS, "new-mrr", "reactivation-mrr")
    as_of, length = month_text(company.last), company.length
    told: dict[str, dict[str, Value]] = {
        name: answer(made(company), *asked, as_of=as_of, window=length) for name, made in DATED.items()
    }
    told["movements"] = {"period": as_of, **answer(as_movements(company), *asked)}
    expected = told["ledger"]
    assert told == dict.fromkeys(told, expected)
    # A snapshot does not know who had been a customer before, so whoever comes back is new there.
    snapshot = answer(as_snapshot(company), *SUMS, *RATIOS, "new-mrr")
    won = reference.moved(company.ledger, company.last, length)
    assert snapshot.pop("new_mrr") == won.new + won.reactivation
    assert snapshot == {key: expected[key] for key in snapshot}


@settings(max_examples=4, deadline=None)
@given(companies())
def test_the_digits_of_all_shapes_are_those_of_plain_sums(company: Company) -> None:
    expected = reference.sums(company.ledger, company.last, company.length)
    ratios = reference.ratios(company.ledger, company.last, company.length)
    row = answer(as_subscriptions(company), *SUMS, "nrr", as_of=month_text(company.last), window=company.length)
    assert {name: row[name.replace("-", "_")] for name in SUMS} == {name: expected[name] for name in SUMS}
    nrr = ratios["nrr"]
    assert nrr is not None
    assert isinstance(row["nrr"], float)
    assert math.isclose(row["nrr"], float(nrr), rel_tol=1e-15)
