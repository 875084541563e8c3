"""The journey through stages as of a day, on small tables whose answers are worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.errors import InputError, UndefinedError, UsageError
from cstool.render.views.pictures import funnel
from tests.metrics.computing import calc, rows, table

HISTORY = table(
    "account,stage,entered_at,exited_at,lost_at",
    [
        ["a", "Onboarding", "2026-01-01", "2026-02-01", None],
        ["a", "Adoption", "2026-02-01", None, None],
        ["b", "Onboarding", "2026-01-10", "2026-02-01", None],  # left, and entered no other
        ["c", "Onboarding", "2026-01-01", None, "2026-03-01"],  # lost while in it
        ["d", "Adoption", "2026-03-01", None, None],
        ["d", "Onboarding", "2026-01-01", None, None],  # ends where the next one begins
    ],
)


def test_each_stay_goes_on_moved_on_or_was_lost() -> None:
    found = calc(HISTORY, "journey")
    assert rows(found) == [
        ("Onboarding", 4, 0, 2, 2, 45.0, None, None),
        ("Adoption", 2, 2, 0, 0, None, 28, "a"),
    ]
    assert [column.key for column in found.columns] == [
        "stage", "entered", "in_now", "moved_on", "lost", "median_days", "longest_days", "longest_account",
    ]  # fmt: skip


def test_what_comes_after_the_day_has_not_happened() -> None:
    found = calc(HISTORY, "journey", as_of="2026-02-15")
    assert rows(found) == [
        ("Onboarding", 4, 2, 1, 1, 26.5, 45, "c"),
        ("Adoption", 1, 1, 0, 0, None, 14, "a"),
    ]
    assert calc(HISTORY, "journey", as_of="2026-02").rows == calc(HISTORY, "journey", as_of="2026-02-28").rows


def test_an_account_that_came_back_was_lost_only_once() -> None:
    data = table(
        "account,stage,entered_at,lost_at",
        [
            ["a", "Live", "2025-01-01", "2025-06-01"],
            ["a", "Live", "2026-01-01", None],
            ["b", "Live", "2026-02-01", None],
        ],
    )
    assert rows(calc(data, "journey"), "entered", "in_now", "lost", "longest_account") == [(3, 2, 1, "a")]
    assert any("each counts" in note for note in calc(data, "journey").notes)


def test_an_account_is_stuck_after_twice_the_usual_time() -> None:
    rest = table("account,stage,entered_at", [["e", "Onboarding", "2026-01-01"]]).partition("\n")[2]
    notes = calc(HISTORY + rest.replace("\n", ",,\n"), "journey", as_of="2026-06-30").notes
    assert [note for note in notes if "stuck" in note] == [
        "stuck, in a stage for more than 2 times the median time to move on: e (Onboarding, 180 days)"
    ]


def test_a_stage_or_a_group_is_chosen_and_an_odd_stay_refused() -> None:
    assert rows(calc(HISTORY, "journey", where="stage = 'Adoption'"), "stage", "entered") == [("Adoption", 2)]
    with pytest.raises(UsageError, match="no use for --every"):
        calc(HISTORY, "journey", every="month")
    with pytest.raises(UndefinedError):
        calc(HISTORY, "journey", as_of="2025-01-01")
    with pytest.raises(InputError, match="left before it was entered"):
        calc(HISTORY + "z,Adoption,2026-02-01,2026-01-01,\n", "journey")


def test_the_parts_of_a_bar_add_up_to_its_length() -> None:
    _, first, second = funnel(calc(HISTORY, "journey")).lines
    assert [text for text, _ in first[1:]] == ["█" * 23, "", "░" * 23]
    assert [text for text, _ in second[1:]] == ["", "▒" * 23, ""]


# Against a second computation, an account at a time

STAGES = ("Setup", "Live", "Renewal")
DAY = date(2026, 2, 1)
STAY = st.tuples(
    st.integers(0, 40), st.sampled_from(STAGES), st.none() | st.integers(0, 15), st.none() | st.integers(0, 60)
)


def outcomes(stays: list[tuple[int, str, int | None, int | None]], day: int) -> list[tuple[str, str, int]]:
    """The stage, state and length of each stay of an account up to a day, as the entry of `journey` defines them."""
    seen = sorted((stay for stay in stays if stay[0] <= day), key=lambda stay: stay[0])
    losses = [stay[3] for stay in seen if stay[3] is not None]
    found = []
    for i, (entered, stage, length, lost) in enumerate(seen):
        later = seen[i + 1][0] if i + 1 < len(seen) else None
        left = entered + length if length is not None and entered + length <= day else None
        loss = max(losses, default=None) if later is None else lost
        if loss is not None and not entered <= loss <= (day if later is None else later - 1):
            loss = None
        ends = [end for end in (left, loss, later) if end is not None]
        state = "in" if not ends else "lost" if loss is not None or later is None else "moved"
        found.append((stage, state, (ends[0] if ends else day) - entered))
    return found


@pytest.mark.slow
@given(st.lists(st.lists(STAY, min_size=1, max_size=4, unique_by=lambda stay: stay[0]), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_journey_is_that_of_its_accounts(accounts: list[list[tuple[int, str, int | None, int | None]]]) -> None:
    start = date(2026, 1, 1)
    data = [
        [f"a{i}", stage, *(None if day is None else start + timedelta(days=day) for day in days)]
        for i, stays in enumerate(accounts)
        for entered, stage, length, lost in stays
        for days in [(entered, None if length is None else entered + length, lost)]
    ]
    day = (DAY - start).days
    found = [one for stays in accounts for one in outcomes(stays, day)]
    text = table("account,stage,entered_at,exited_at,lost_at", data)
    if not found:
        return
    counted = {
        stage: tuple(sum(one[:2] == (stage, state) for one in found) for state in ("in", "moved", "lost"))
        for stage in {one[0] for one in found}
    }
    result = calc(text, "journey", as_of=DAY.isoformat())
    assert {row["stage"]: (row["in_now"], row["moved_on"], row["lost"]) for row in result.rows} == counted
    for row in result.rows:
        ended = sorted(length for stage, state, length in found if stage == row["stage"] and state != "in")
        waits = [length for stage, state, length in found if stage == row["stage"] and state == "in"]
        assert row["median_days"] == (median(ended) if ended else None)
        assert row["longest_days"] == max(waits, default=None)
