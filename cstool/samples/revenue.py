"""A subscription company in every revenue shape: all shapes of one seed tell of the same company."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cstool.model.windows import month_name, month_number

FIRST, LAST = month_number(2024, 11), month_number(2026, 10)
_PLANS = {"SMB": (40, 400), "Mid-Market": (500, 2500), "Enterprise": (3000, 12000)}
_REGIONS = ("EMEA", "AMER", "APAC")
_WORDS = (
    "Acorn Aspen Basalt Birch Cedar Clover Cobalt Coral Cypress Delta Ember Fathom Fjord Garnet Harbor"
    " Hazel Heron Indigo Juniper Kestrel Larch Linden Lumen Maple Marlin Merlin Mesa Nimbus Onyx Opal"
    " Orchid Osprey Pebble Pine Quarry Raven Ridge Sable Saffron Sequoia"
).split()
_KINDS = ("Ltd", "Inc", "GmbH", "Labs", "Group", "Health", "Foods", "Works")

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Period:
    """An account's MRR from one month up to, not including, another; None while it runs on."""

    account: str
    segment: str
    region: str
    start: int
    end: int | None
    mrr: int


def company(accounts: int, chance: random.Random) -> Iterator[Period]:
    """A subscription company: most customers stay, some grow, some shrink, some leave and a few come back."""
    for number in range(accounts):
        name = f"{_WORDS[number % len(_WORDS)]} {_KINDS[number // len(_WORDS) % len(_KINDS)]}"
        if number >= len(_WORDS) * len(_KINDS):
            name += f" {number}"
        segment = chance.choices(list(_PLANS), [6, 4, 2])[0]
        region = chance.choice(_REGIONS)
        mrr = round(chance.uniform(*_PLANS[segment]), -1)
        month = FIRST if chance.random() < 0.6 else chance.randint(FIRST + 1, LAST - 1)
        leaving = {"SMB": 0.02, "Mid-Market": 0.01, "Enterprise": 0.004}[segment]
        start = month
        while month <= LAST:
            month += 1
            fate = chance.random()
            if fate < leaving:
                yield Period(name, segment, region, start, month, int(mrr))
                if chance.random() > 0.2:
                    break
                month += chance.randint(1, 4)
                start = month
            elif fate < leaving + 0.06:
                yield Period(name, segment, region, start, month, int(mrr))
                start, mrr = month, max(10, round(mrr * chance.choice((0.7, 0.85, 1.1, 1.15, 1.25, 1.4)), -1))
        else:
            if start <= LAST:
                yield Period(name, segment, region, start, None, int(mrr))


def _day(month: int) -> str:
    return f"{month_name(month)}-01"


def _ends(period: Period) -> int:
    """The month after the last one the sample tells of."""
    return min(period.end if period.end is not None else LAST + 1, LAST + 1)


def _by_month(company: Sequence[Period]) -> dict[tuple[str, str, str], dict[int, int]]:
    """MRR by account and month."""
    ledger: dict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    for period in company:
        for month in range(period.start, _ends(period)):
            ledger[period.account, period.segment, period.region][month] = period.mrr
    return ledger


def ledger_rows(company: Sequence[Period]) -> Iterator[Row]:
    yield "month", "account", "segment", "region", "mrr"
    ledger = _by_month(company)
    for month in range(FIRST, LAST + 1):
        for (account, segment, region), months in ledger.items():
            if month in months:
                yield month_name(month), account, segment, region, months[month]


def _wide(company: Sequence[Period]) -> Iterator[Row]:
    span = range(FIRST, LAST + 1)
    yield ["account", "segment", "region", *map(month_name, span)]
    for (account, segment, region), months in _by_month(company).items():
        yield [account, segment, region, *(months.get(month, 0) for month in span)]


def _snapshot(company: Sequence[Period]) -> Iterator[Row]:
    yield "account", "segment", "region", "starting_mrr", "ending_mrr"
    for (account, segment, region), months in _by_month(company).items():
        start, end = months.get(LAST - 12, 0), months.get(LAST, 0)
        if start or end:
            yield account, segment, region, start, end


def _subscriptions(company: Sequence[Period]) -> Iterator[Row]:
    yield "subscription_id", "account", "segment", "region", "start_date", "end_date", "amount", "interval", "status"
    for number, period in enumerate(company, 1):
        yearly = number % 3 == 0
        ended = period.end is not None and period.end <= LAST
        yield (
            f"sub_{number:04d}",
            period.account,
            period.segment,
            period.region,
            _day(period.start),
            _day(period.end) if ended and period.end is not None else "",
            period.mrr * 12 if yearly else period.mrr,
            "year" if yearly else "month",
            "canceled" if ended else "active",
        )


def _changes(company: Sequence[Period]) -> Iterator[Row]:
    yield "customer_id", "change_date", "mrr_movement", "mrr"
    for (account, _, _), months in _by_month(company).items():
        before = 0
        for month in range(FIRST, LAST + 1):
            mrr = months.get(month, 0)
            if mrr != before:
                yield account, _day(month), mrr - before, mrr
            before = mrr


def _invoices(company: Sequence[Period]) -> Iterator[Row]:
    yield "invoice_line", "account", "segment", "date", "service_start", "service_end", "amount"
    number = 0
    for period in company:
        for month in range(period.start, _ends(period)):
            number += 1
            yield (
                f"il_{number:05d}",
                period.account,
                period.segment,
                _day(month),
                _day(month),
                _day(month + 1),
                period.mrr,
            )


def _movements(company: Sequence[Period]) -> Iterator[Row]:
    moved = ("new", "reactivation", "expansion", "contraction", "churned")
    counted = ("customers_start", "customers_new", "customers_lost")
    yield "period", "starting_mrr", *moved, *counted
    ledger = _by_month(company)
    for month in range(FIRST + 1, LAST + 1):
        sums: dict[str, int] = defaultdict(int)
        for months in ledger.values():
            before, now = months.get(month - 1, 0), months.get(month, 0)
            sums["start"] += before
            sums["customers_start"] += before > 0
            sums["customers_new"] += now > 0 and not before
            sums["customers_lost"] += before > 0 and not now
            sums["expansion" if before else "reactivation" if min(months) < month else "new"] += max(now - before, 0)
            sums["contraction" if now else "churned"] += max(before - now, 0)
        yield [month_name(month), *(sums[key] for key in ("start", *moved, *counted))]


def _deltas(company: Sequence[Period]) -> Iterator[Row]:
    for account, day, movement, _ in _changes(company):
        yield account, day, movement


def _series(company: Sequence[Period]) -> Iterator[Row]:
    yield "month", "mrr"
    ledger = _by_month(company)
    for month in range(FIRST, LAST + 1):
        yield month_name(month), sum(months.get(month, 0) for months in ledger.values())


def _customers(company: Sequence[Period]) -> Iterator[Row]:
    """A row each time that a customer came, whatever it paid meanwhile."""
    yield "customer", "segment", "region", "start_date", "end_date"
    for (account, segment, region), months in _by_month(company).items():
        for start in months:
            if start - 1 not in months:
                end = next(month for month in range(start, LAST + 2) if month not in months)
                yield account, segment, region, _day(start), _day(end) if end <= LAST else ""


def _counts(company: Sequence[Period]) -> Iterator[Row]:
    counted = ("period", "customers_start", "customers_new", "customers_lost")
    header, *rows = _movements(company)
    for row in (header, *rows):
        yield [row[header.index(name)] for name in counted]


def _flags(company: Sequence[Period]) -> Iterator[Row]:
    """Customers of the last month and of a year before it."""
    yield "customer", "segment", "region", "customer_at_start", "churned"
    for (account, segment, region), months in _by_month(company).items():
        before, now = LAST - 12 in months, LAST in months
        if before or now:
            yield account, segment, region, "yes" if before else "no", "yes" if before and not now else "no"


def _sampled(shape: Callable[[Sequence[Period]], Iterator[Row]]) -> Callable[[int, random.Random], Iterator[Row]]:
    return lambda accounts, chance: shape(list(company(accounts, chance)))


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {
    "snapshot": _sampled(_snapshot),
    "ledger": _sampled(ledger_rows),
    "wide": _sampled(_wide),
    "subscriptions": _sampled(_subscriptions),
    "mrr-changes": _sampled(_changes),
    "invoices": _sampled(_invoices),
    "movements": _sampled(_movements),
    "mrr-deltas": _sampled(_deltas),
    "mrr-series": _sampled(_series),
    "customers": _sampled(_customers),
    "customer-counts": _sampled(_counts),
    "churn-flags": _sampled(_flags),
}
