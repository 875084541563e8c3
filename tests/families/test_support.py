"""Support metrics on small tables whose answers are worked out by hand."""

from __future__ import annotations

import random
from typing import Any

import pytest

from cstool.errors import InputError, UndefinedError
from cstool.samples import sample_csv
from tests.families.understanding import understood
from tests.metrics.computing import answer, calc, rows, table, value

HEADER = "ticket_id,opened_at,first_response_at,resolved_at"


def waits(*minutes: int | None) -> str:
    """Tickets opened at midnight with their first reply so many minutes later, None for no reply."""
    return table(
        "ticket_id,opened_at,first_response_at",
        [
            (i, "2026-01-01T00:00:00", None if m is None else f"2026-01-01T{m // 60:02d}:{m % 60:02d}:00")
            for i, m in enumerate(minutes)
        ],
    )


# First contact


def test_fcr_divides_tickets_solved_at_first_contact_by_solved_tickets() -> None:
    data = table(
        "ticket_id,resolved_at,one_contact",
        [(1, "2026-01-01", "yes"), (2, "2026-01-02", "no"), (3, "2026-01-03", "yes"), (4, None, "yes")],
    )
    found = answer(data, "fcr")
    assert found["fcr"] == pytest.approx(2 / 3)
    assert found["solved_tickets"] == 3


def test_fcr_without_a_flag_takes_one_reply_and_no_reopening_for_it_and_says_so() -> None:
    data = table(
        "ticket_id,solved_at,replies,reopens",
        [(1, "2026-01-01", 1, 0), (2, "2026-01-02", 2, 0), (3, "2026-01-03", 1, 1), (4, "2026-01-04", 0, 0)],
    )
    result = calc(data, "fcr")
    assert result.rows[0]["fcr"] == 0.5
    assert any("at most one reply and no reopening" in note for note in result.notes)


def test_a_flag_goes_before_replies() -> None:
    data = table("ticket_id,solved_at,replies,reopens,one_contact", [(1, "2026-01-01", 5, 1, "yes")])
    result = calc(data, "fcr")
    assert result.rows[0]["fcr"] == 1
    assert not any("at most one reply" in note for note in result.notes)


def test_fcr_knows_solved_tickets_by_their_status_where_no_date_tells() -> None:
    data = table("ticket_id,status,one_contact", [(1, "Solved", "yes"), (2, "closed", "no"), (3, "Open", "yes")])
    assert value(data, "fcr") == 0.5


def test_fcr_says_where_nothing_tells_which_tickets_are_solved() -> None:
    result = calc(table("ticket_id,one_contact", [(1, "yes"), (2, "no")]), "fcr")
    assert result.rows[0]["fcr"] == 0.5
    assert any("all are taken to be" in note for note in result.notes)


def test_a_solved_ticket_of_unknown_contacts_is_left_out_and_counted() -> None:
    data = table("ticket_id,solved_at,replies", [(1, "2026-01-01", 1), (2, "2026-01-01", None)])
    result = calc(data, "fcr")
    assert (result.rows[0]["fcr"], result.rows[0]["solved_tickets"]) == (1, 1)
    assert any("how many contacts they took: 1" in note for note in result.notes)


def test_fcr_of_a_published_desk_and_the_column_it_needs() -> None:
    assert value(None, "fcr", given={"first_contact": 120, "tickets": 200}) == 0.6
    with pytest.raises(InputError, match="one_contact or replies"):
        calc(table("ticket_id,opened_at", [(1, "2026-01-01")]), "fcr")


# Waiting


def test_first_response_time_is_a_median_with_mean_and_p90_beside_it() -> None:
    found = answer(waits(4, 6, 9, 12, 300), "first-response-time")
    assert found["first_response_time"] == 9
    assert found["first_response_time_mean"] == 66.2
    assert found["first_response_time_p90"] == pytest.approx(12 + 0.6 * (300 - 12))  # between the 4th and the 5th
    assert found["answered"] == 5


def test_the_median_of_eleven_waits_is_the_sixth_and_the_p90_the_tenth() -> None:
    found = answer(waits(*range(10, 120, 10)), "first-response-time")
    assert (found["first_response_time"], found["first_response_time_p90"]) == (60, 100)


def test_a_published_mean_of_ten_waits_leaves_out_requests_without_a_reply() -> None:
    found = answer(waits(15, 15, 15, 15, 15, 20, 20, 20, 20, 20, None), "first-response-time")
    assert found["first_response_time_mean"] == 17.5
    assert (found["answered"], found["unanswered"]) == (10, 1)


def test_no_reply_yet_is_missing_and_not_zero() -> None:
    assert value(waits(10, 20, None, None), "first-response-time") == 15
    with pytest.raises(UndefinedError):
        calc(waits(None, None), "first-response-time")


def test_a_reply_before_the_opening_is_refused_naming_its_line() -> None:
    data = table(
        HEADER,
        [
            (1, "2026-01-01 10:00:00", "2026-01-01 11:00:00", None),
            (2, "2026-01-01 10:00:00", "2026-01-01 09:59:00", None),
        ],
    )
    with pytest.raises(InputError, match=r"data\.csv:3 \(row 2\): first_response_at is '2026-01-01 09:59:00'"):
        calc(data, "first-response-time")


def test_a_solve_before_the_opening_is_refused_naming_its_line() -> None:
    with pytest.raises(InputError, match=r"data\.csv:2 .*solved before it was opened"):
        calc(table(HEADER, [(1, "2026-01-02", None, "2026-01-01")]), "time-to-resolution")


def test_time_to_resolution_runs_from_creation_to_the_last_solve() -> None:
    data = table(
        HEADER,
        [(1, "2026-03-02 09:00:00", None, "2026-03-04 09:00:00"), (2, "2026-03-02 09:00:00", None, None)],
    )
    found = answer(data, "time-to-resolution")
    assert (found["time_to_resolution"], found["resolved"], found["unresolved"]) == (2880, 1, 1)


@pytest.mark.parametrize(
    ("header", "cells", "minutes"),
    [
        ("first reply time in minutes", ("5", "15", ""), 10),
        ("first reply time in hours", ("0.5", "1", ""), 45),
        ("first_response_minutes", ("7.5", "8.5"), 8),
    ],
)
def test_waits_come_from_columns_of_minutes_or_hours(header: str, cells: tuple[str, ...], minutes: float) -> None:
    data = table(f"ticket_id,{header}", list(enumerate(cells)))
    assert value(data, "first-response-time") == minutes


ZENDESK = table(
    "Id,Created at,Solved at,Reopens,Replies,First reply time in minutes,"
    "First reply time in minutes within business hours,Full resolution time in minutes,"
    "Full resolution time in minutes within business hours,Satisfaction Score,Priority,Group",
    [
        (1, "2026-01-05 08:00:00", "2026-01-05 10:00:00", 0, 1, 30, 20, 120, 100, "Good", "Normal", "A"),
        (2, "2026-01-06 08:00:00", "2026-01-07 08:00:00", 1, 3, 90, 60, 1440, 480, "Offered", "High", "B"),
        (3, "2026-02-06 08:00:00", None, 0, 0, None, None, None, None, "Unoffered", "High", "B"),
    ],
)


def test_a_zendesk_export_by_its_own_headers() -> None:
    assert value(ZENDESK, "fcr") == 0.5
    assert value(ZENDESK, "first-response-time") == 60
    assert value(ZENDESK, "time-to-resolution") == 780
    assert value(ZENDESK, "reopen-rate") == 0.5
    assert rows(calc(ZENDESK, "ticket-volume", by="Group"), "Group", "ticket_volume") == [("A", 1), ("B", 2)]


def test_business_hours_are_a_variant_with_everything_beside_it_in_business_hours_too() -> None:
    found = answer(ZENDESK, "first-response-time", variants=("business-hours",))
    assert (found["first_response_time"], found["first_response_time_mean"]) == (40, 40)
    assert value(ZENDESK, "time-to-resolution", variants=("business-hours",)) == 290


def test_calendar_and_business_hours_never_stand_in_for_one_another() -> None:
    business = table("ticket_id,First reply time in minutes within business hours", [(1, 20)])
    with pytest.raises(InputError, match="--variant business-hours"):
        calc(business, "first-response-time")
    assert value(business, "first-response-time", variants=("business-hours",)) == 20
    with pytest.raises(InputError, match="no column holds times within business hours"):
        calc(waits(5), "first-response-time", variants=("business-hours",))


def test_waits_in_minutes_cannot_be_negative() -> None:
    with pytest.raises(InputError, match=r"data\.csv:3"):
        calc(table("ticket_id,first_response_minutes", [(1, 20), (2, -3)]), "first-response-time", negative="keep")


def test_a_reply_without_an_opening_is_no_duration() -> None:
    with pytest.raises(InputError, match="opened_at"):
        calc(table("ticket_id,first_response_at", [(1, "2026-01-01")]), "first-response-time")


def test_the_mean_does_not_hang_on_the_order_of_rows() -> None:
    chance = random.Random(7)
    cells = [(i, f"{chance.uniform(0, 500):.3f}") for i in range(300)]
    found = []
    for _ in range(4):
        chance.shuffle(cells)
        found.append(answer(table("ticket_id,first_response_minutes", cells), "first-response-time"))
    assert all(one == found[0] for one in found)


# Counts


def test_a_ticket_that_came_back_twice_is_reopened_once() -> None:
    data = table(
        "ticket_id,solved_at,reopens",
        [(1, "2026-01-01", 2), (2, "2026-01-01", 0), (3, None, 1), (4, None, 0)],
    )
    found = answer(data, "reopen-rate")
    assert found["reopen_rate"] == pytest.approx(2 / 3)  # the third is open again, the fourth was never solved
    assert found["once_solved"] == 3


def test_the_escalation_rate_leaves_out_and_counts_tickets_of_which_nothing_is_known() -> None:
    result = calc(
        table("ticket_id,escalated", [(1, "yes"), (2, "no"), (3, "no"), (4, "no"), (5, None)]), "escalation-rate"
    )
    assert (result.rows[0]["escalation_rate"], result.rows[0]["flagged"]) == (0.25, 4)
    assert any("passed on: 1" in note for note in result.notes)


def test_ticket_volume_counts_creations_by_month() -> None:
    data = table(
        "ticket_id,opened_at,resolved_at",
        [(1, "2026-01-31 23:59:59", "2026-02-02"), (2, "2026-02-01", None), (3, "2026-02-02", None)],
    )
    assert rows(calc(data, "ticket-volume", every="month"), "period", "ticket_volume") == [
        ("2026-01", 1),
        ("2026-02", 2),
    ]


def test_the_same_ticket_twice_is_refused() -> None:
    with pytest.raises(InputError, match="duplicate"):
        calc(table("ticket_id,opened_at", [(1, "2026-01-01"), (1, "2026-01-01")]), "ticket-volume")


BACKLOG = table(
    "ticket_id,group,opened_at,resolved_at",
    [
        (1, "A", "2026-01-05", "2026-01-06"),
        (2, "A", "2026-01-31", "2026-03-01"),
        (3, "B", "2026-01-20", None),
        (4, "B", "2026-03-02", "2026-03-02"),
    ],
)


def test_the_backlog_is_what_was_opened_less_what_was_solved_quiet_months_included() -> None:
    assert rows(calc(BACKLOG, "backlog")) == [
        ("2026-01", 3, 1, 2),
        ("2026-02", 0, 0, 2),
        ("2026-03", 1, 2, 1),
    ]


def test_the_backlog_of_a_quarter_of_a_group_and_at_an_earlier_time() -> None:
    assert rows(calc(BACKLOG, "backlog", every="quarter")) == [("2026-Q1", 4, 3, 1)]
    assert rows(calc(BACKLOG, "backlog", as_of="2026-01")) == [("2026-01", 3, 1, 2)]
    assert rows(calc(BACKLOG, "backlog", by="group", as_of="2026-01")) == [
        ("A", "2026-01", 2, 1, 1),
        ("B", "2026-01", 1, 0, 1),
    ]


# Samples


@pytest.mark.parametrize(
    ("shape", "metric", "options"),
    [
        ("tickets", "fcr", {}),
        ("tickets", "first-response-time", {}),
        ("tickets", "first-response-time", {"variants": ("business-hours",)}),
        ("tickets", "time-to-resolution", {}),
        ("tickets", "reopen-rate", {}),
        ("tickets", "escalation-rate", {}),
        ("tickets", "ticket-volume", {}),
        ("tickets", "backlog", {}),
    ],
)
def test_each_metric_computes_from_the_sample_of_its_shape(shape: str, metric: str, options: dict[str, Any]) -> None:
    data = "".join(sample_csv(shape))
    assert calc(data, metric, **options).rows
    assert understood(data).shape == shape


def test_columns_tells_what_a_file_of_tickets_lacks() -> None:
    found = understood(table("ticket_id,created_at,replies", [(1, "2026-01-01", 1)]))
    assert found.shape == "tickets"
    assert {"fcr", "ticket-volume"} <= set(found.metrics)
    assert found.lacking("reopen-rate") == ["reopens"]
    assert found.lacking("backlog") == ["resolved_at"]
