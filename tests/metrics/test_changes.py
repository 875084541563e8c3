"""Changes of MRR, each holding until the next."""

from __future__ import annotations

import pytest

from cstool.errors import InputError
from tests.metrics.computing import calc, mrr_by_month, table

CHANGES = "customer_id,change_date,mrr_movement,mrr"


def test_mrr_after_a_change_holds_until_the_next_one() -> None:
    text = table(
        CHANGES,
        [
            ("A", "2026-01-10", 100, 100),
            ("A", "2026-02-03", 50, 150),
            ("A", "2026-02-20", -30, 120),
            ("A", "2026-04-30", -120, 0),
            ("B", "2026-02-01", 10, 10),
        ],
    )
    assert mrr_by_month(text) == {"2026-01": 100, "2026-02": 130, "2026-03": 130, "2026-04": 10}


def test_two_changes_of_a_customer_at_one_time_are_refused() -> None:
    text = table(CHANGES, [("A", "2026-01-10", 100, 100), ("A", "2026-01-10", 50, 150)])
    with pytest.raises(InputError, match="duplicate"):
        calc(text, "mrr")
