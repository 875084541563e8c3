"""A column that the result does not need never shuts a file: what cannot be read of it is ignored and noted."""

from __future__ import annotations

import pytest

from cstool.errors import InputError
from tests.metrics.computing import calc

DEALS = """Deal,Deal Stage,Amount,Probability (%),Create Date,Close Date
a,closedwon,100,100,2026-01-05,2026-02-01
b,closedlost,50,maybe,2026-01-06,2026-02-02
c,closedwon,70,n/a?,2026-01-07,2026-02-03
"""


def test_a_bad_cell_of_a_column_without_use_is_ignored_and_noted() -> None:
    result = calc(DEALS, "win-rate")
    assert result.rows[0]["win_rate"] == pytest.approx(2 / 3)
    assert any("'maybe', 2 such cells; ignored" in note for note in result.notes)


def test_an_undecided_column_without_use_is_ignored() -> None:
    text = 'ticket,created_at,resolved_at,replies\n1,2026-01-02,2026-01-03,"1,234"\n2,2026-01-02,2026-01-05,2\n'
    assert calc(text, "time-to-resolution").rows[0]["time_to_resolution"] == 2 * 24 * 60


def test_a_bad_cell_of_a_column_that_is_used_is_refused() -> None:
    text = "ticket,created_at,resolved_at\n1,2026-01-02,2026-01-03\n2,2026-01-02,soon\n"
    with pytest.raises(InputError, match="'soon'"):
        calc(text, "time-to-resolution")


def test_a_bad_cell_that_where_looks_at_is_refused() -> None:
    with pytest.raises(InputError, match="'maybe'"):
        calc(DEALS, "win-rate", where='"Probability (%)" > 0')
