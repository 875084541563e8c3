"""Made-up companies for property tests: ledgers, snapshots and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from tests.metrics.computing import table
from tests.metrics.reference import Ledger

BASE = 2025 * 12  # January 2025
ACCOUNTS = ("Ada", "Bix", "Cor", "Dov", "Eli", "007")
SEGMENTS = ("SMB", "Mid-Market", "Enterprise")

# Cents, with the values that movements turn on (nothing, the same again) drawn often.
AMOUNTS = st.one_of(
    st.sampled_from([Decimal(0), Decimal(100), Decimal("99.99"), Decimal(250)]),
    st.decimals(min_value=0, max_value=20_000, places=2),
)


def month_text(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def first_of(month: int) -> str:
    return f"{month_text(month)}-01"


@dataclass(frozen=True)
class Question:
    """A ledger, and the window of `length` months that closes with `last`, both of whose ends it holds."""

    ledger: Mapping[tuple[str, int], Decimal]
    last: int
    length: int

    @property
    def as_of(self) -> str:
        return month_text(self.last)


@st.composite
def questions(draw: st.DrawFn, longest: int = 14) -> Question:
    """Ledgers in which rows may be missing, be zero, come late, stop and come back."""
    span = draw(st.integers(2, longest + 1))
    months = range(BASE, BASE + span)
    cells = [(account, month) for account in draw(st.sampled_from([ACCOUNTS[:2], ACCOUNTS])) for month in months]
    amounts = draw(st.lists(st.one_of(st.none(), AMOUNTS), min_size=len(cells), max_size=len(cells)))
    ledger = {cell: amount for cell, amount in zip(cells, amounts, strict=True) if amount is not None}
    length = draw(st.integers(1, span - 1))
    last = draw(st.integers(BASE + length, BASE + span - 1))
    # The two ends of the window, and the months around them, are in the file: a zero row says so.
    for month in months:
        ledger.setdefault((ACCOUNTS[0], month), Decimal(0))
    return Question(ledger, last, length)


def ledger_csv(ledger: Ledger, segments: Mapping[str, str] | None = None) -> str:
    """A row an account and month; with `segments` each account's own beside it."""
    if segments is None:
        return table("account,month,mrr", ((who, month_text(month), mrr) for (who, month), mrr in ledger.items()))
    return table(
        "account,month,mrr,segment",
        ((who, month_text(month), mrr, segments[who]) for (who, month), mrr in ledger.items()),
    )


Snapshot = list[tuple[str, Decimal, Decimal]]
SNAPSHOTS = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=12).map(
    lambda ends: [(f"A{i}", start, end) for i, (start, end) in enumerate(ends)]
)


def snapshot_csv(snapshot: Iterable[tuple[str, Decimal, Decimal]]) -> str:
    return table("account,starting_mrr,ending_mrr", snapshot)


def segments_of(accounts: Iterable[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({account: st.sampled_from(SEGMENTS) for account in accounts})
