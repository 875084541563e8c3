"""A customer that left under one name and came under nearly the same is named, on every kind of revenue file."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.metrics.computing import calc, table

ALIKE = [
    ("Sizo GmbH", "Sizo"),
    ("Acme Inc", "Acme Inc."),
    ("ACME, Inc.", "Acme"),
    ("Bolt S.A.", "Bolt SA"),
    ("Nord A/S", "nord"),
    ("Eis GmbH & Co. KG", "Eis"),
]
LEDGER = "account,month,mrr"


@pytest.mark.parametrize(("lost", "won"), ALIKE)
def test_names_that_differ_in_punctuation_case_or_legal_form_are_named_in_one_line(lost: str, won: str) -> None:
    text = table(LEDGER, [(lost, "2026-01", 5), (won, "2026-02", 5), ("Other", "2026-01", 1), ("Other", "2026-02", 1)])
    [note] = [note for note in calc(text, "logo-churn").notes if "legal form" in note]
    assert f"'{lost}' left and '{won}' came" in note


FILES: dict[str, tuple[str, list[Sequence[object]]]] = {
    "snapshot": ("account,starting_mrr,ending_mrr", [("Sizo GmbH", 5, 0), ("Sizo", 0, 5)]),
    "months": ("account,2026-01,2026-02", [("Sizo GmbH", 5, 0), ("Sizo", 0, 5)]),
    "subscriptions": (
        "account,start_date,end_date,mrr",
        [("Sizo GmbH", "2025-01-01", "2026-02-01", 5), ("Sizo", "2026-02-01", None, 5)],
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_revenue_file_is_looked_at(kind: str) -> None:
    notes = calc(table(*FILES[kind]), "revenue-churn").notes
    assert any("'Sizo GmbH' left and 'Sizo' came" in note for note in notes)


def test_different_names_and_accounts_that_stay_are_not_named() -> None:
    text = table(LEDGER, [("Sizo GmbH", "2026-01", 5), ("Sizo", "2026-01", 5), ("Sizo", "2026-02", 5)])
    assert not any("legal form" in note for note in calc(text, "logo-churn").notes)
    text = table(LEDGER, [("Alpha Inc", "2026-01", 5), ("Alphabet Inc", "2026-02", 5)])
    assert not any("legal form" in note for note in calc(text, "logo-churn").notes)
