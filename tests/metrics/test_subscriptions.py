"""Subscriptions: what runs at the end of each month, and whose it is."""

from __future__ import annotations

import pytest

from cstool.errors import InputError, UsageError
from tests.metrics.computing import answer, calc, mrr_by_month, rows, table, value

SUBS = "customer_id,start_date,end_date,mrr"


def test_an_end_date_is_the_first_day_without_service() -> None:
    text = table(SUBS, [("A", "2026-01-01", "2026-03-01", 100), ("B", "2026-01-01", "", 10)])
    assert mrr_by_month(text, as_of="2026-04") == {"2026-01": 110, "2026-02": 110, "2026-03": 10, "2026-04": 10}


def test_end_inclusive_takes_the_end_date_as_the_last_day_with_service() -> None:
    text = table(SUBS, [("A", "2026-01-01", "2026-02-28", 100), ("B", "2026-01-01", "", 10)])
    exclusive = {"2026-01": 110, "2026-02": 10, "2026-03": 10}
    assert mrr_by_month(text, as_of="2026-03") == exclusive
    assert mrr_by_month(text, as_of="2026-03", end_inclusive=True) == {**exclusive, "2026-02": 110}


WHOLE_YEAR = ("A", "2025-01-01", "2025-12-31", 10)


@pytest.mark.parametrize(
    "subscriptions",
    [
        [WHOLE_YEAR, ("B", "2025-01-01", "", 12)],
        [WHOLE_YEAR, ("A", "2026-01-01", "", 12), ("B", "2025-01-01", "2025-06-30", 5), ("B", "2025-06-30", "", 6)],
    ],
)
def test_ends_that_may_be_the_last_day_with_service_are_named(subscriptions: list[tuple[object, ...]]) -> None:
    text = table(SUBS, subscriptions)
    (note,) = [note for note in calc(text, "mrr").notes if "--end-inclusive" in note]
    assert "taken as the first day without service" in note
    assert not any("--end-inclusive" in note for note in calc(text, "mrr", end_inclusive=True).notes)


@pytest.mark.parametrize(
    "subscriptions",
    [
        [("A", "2025-01-01", "2026-01-01", 10), ("A", "2026-01-01", "", 12)],
        [WHOLE_YEAR, ("B", "2025-01-01", "2025-06-11", 12), ("C", "2025-01-01", "2025-07-02", 9)],
    ],
)
def test_nothing_is_said_of_other_ends(subscriptions: list[tuple[object, ...]]) -> None:
    assert not any("with service" in note for note in calc(table(SUBS, subscriptions), "mrr").notes)


def test_contracts_that_end_on_the_day_before_the_next_begins_run_without_a_gap() -> None:
    renewed = [WHOLE_YEAR, ("A", "2026-01-01", "2026-12-31", 12), ("B", "2025-01-01", "2025-12-31", 5)]
    text = table(SUBS, [*renewed, ("C", "2025-03-01", "", 1)])
    found = calc(text, "nrr", as_of="2026-06", window=6)
    assert found.rows[-1]["nrr"] == pytest.approx(13 / 16)
    assert any("taken as the last day with service: 1 of 1 next starts" in note for note in found.notes)
    inclusive = mrr_by_month(text, as_of="2026-06", end_inclusive=True)
    assert mrr_by_month(text, as_of="2026-06") == inclusive
    assert (inclusive["2025-12"], inclusive["2026-01"]) == (16, 13)


def test_end_inclusive_without_an_end_date_is_refused() -> None:
    with pytest.raises(UsageError, match="no end date"):
        calc(table("account,start_date,mrr", [("A", "2026-01-01", 5)]), "mrr", end_inclusive=True)


def test_a_months_mrr_is_what_runs_at_its_end() -> None:
    text = table(
        SUBS,
        [
            ("late", "2026-01-31", "2026-03-31", 1),
            ("mid", "2026-01-15", "2026-03-15", 20),
            ("within", "2026-02-03", "2026-02-20", 300),
            ("always", "2026-01-01", "", 5000),
        ],
    )
    assert mrr_by_month(text, as_of="2026-03") == {"2026-01": 5021, "2026-02": 5021, "2026-03": 5000}


def test_a_subscription_that_ends_on_the_day_it_starts_never_ran() -> None:
    text = table(SUBS, [("A", "2026-01-01", "2026-01-01", 100), ("B", "2026-01-01", "", 10)])
    assert mrr_by_month(text, as_of="2026-01") == {"2026-01": 10}


def test_losing_one_of_two_subscriptions_is_contraction_and_the_last_one_churn() -> None:
    text = table(
        SUBS,
        [
            ("A", "2026-01-01", "2026-02-01", 60),
            ("A", "2026-01-01", "2026-03-01", 40),
            ("B", "2026-01-01", "", 10),
        ],
    )
    asked = ("contraction", "churned-mrr", "logo-churn")
    first, second = (answer(text, *asked, as_of=month) for month in ("2026-02", "2026-03"))
    assert (first["contraction"], first["churned_mrr"], first["logo_churn"]) == (60, 0, 0)
    assert (second["contraction"], second["churned_mrr"], second["logo_churn"]) == (0, 40, 0.5)


def test_the_period_ends_with_the_newest_fact_and_is_named() -> None:
    text = table(SUBS, [("A", "2026-01-01", "2026-05-01", 100), ("B", "2026-02-01", "", 10)])
    result = calc(text, "mrr")
    assert rows(result) == [("2026-05", 10)]
    assert any("2026-05, the month of the newest fact; 1 of 2" in note and "--as-of" in note for note in result.notes)


def test_as_of_sets_another_horizon_before_or_after_the_last_date() -> None:
    text = table(SUBS, [("A", "2026-01-01", "2026-05-01", 100), ("B", "2026-02-01", "", 10)])
    assert rows(calc(text, "mrr", as_of="2026-03")) == [("2026-03", 110)]
    later = calc(text, "mrr", as_of="2027-01")
    assert rows(later) == [("2027-01", 10)]
    assert not any("newest fact" in note for note in later.notes)


def test_as_of_before_the_first_date_is_refused() -> None:
    with pytest.raises(InputError, match="before the first date"):
        calc(table(SUBS, [("A", "2026-01-01", "", 100)]), "mrr", as_of="2025-12")


def test_when_everything_has_ended_mrr_is_zero_and_all_of_it_churned() -> None:
    text = table(SUBS, [("A", "2026-01-01", "2026-05-01", 100)])
    row = answer(text, "mrr", "churned-mrr", "logo-churn", as_of="2026-05")
    assert (row["period"], row["mrr"], row["churned_mrr"], row["logo_churn"]) == ("2026-05", 0, 100, 1)


def test_months_before_the_first_subscription_are_known_to_be_empty() -> None:
    text = table(SUBS, [("A", "2026-01-01", "", 100), ("B", "2026-03-01", "", 10)])
    assert value(text, "new-mrr", as_of="2026-03", window=12) == 110


def test_an_end_before_its_start_is_refused_naming_the_customer() -> None:
    text = table(SUBS, [("A", "2026-05-01", "2026-01-01", 100), ("B", "2026-02-01", "", 10)])
    with pytest.raises(InputError, match="1 row ends before it starts") as refused:
        calc(text, "mrr")
    assert refused.value.problems == ("A: starts 2026-05-01, ends 2026-01-01",)


def test_subscriptions_of_one_customer_at_one_time_are_added_up_and_that_is_said() -> None:
    text = table(SUBS, [("A", "2026-01-01", "", 60), ("A", "2026-02-01", "2026-04-01", 40)])
    result = calc(text, "mrr", as_of="2026-03")
    assert rows(result) == [("2026-03", 100)]
    assert any("1 account has several subscriptions at a time" in note for note in result.notes)
    follow = table(SUBS, [("A", "2026-01-01", "2026-02-01", 60), ("A", "2026-02-01", "2026-04-01", 40)])
    assert not any("several subscriptions" in note for note in calc(follow, "mrr").notes)


def test_a_subscription_id_that_stands_twice_is_refused() -> None:
    header = "subscription_id,customer_id,start_date,end_date,mrr"
    text = table(header, [("s1", "A", "2026-01-01", "", 60), ("s1", "A", "2026-02-01", "", 40)])
    with pytest.raises(InputError, match="duplicate subscription"):
        calc(text, "mrr")


def test_a_date_that_cannot_be_read_is_refused_although_an_end_may_be_blank() -> None:
    text = table(SUBS, [("A", "2026-01-01", "soon", 60), ("B", "2026-01-01", "", 40)])
    with pytest.raises(InputError, match="'soon'"):
        calc(text, "mrr")


def test_a_blank_start_date_is_refused() -> None:
    text = table(SUBS, [("A", "", "2026-02-01", 60), ("B", "2026-01-01", "", 40)])
    with pytest.raises(InputError, match="start_date"):
        calc(text, "mrr")


def test_an_account_in_two_groups_at_once_is_refused() -> None:
    header = f"{SUBS},plan"
    text = table(header, [("A", "2026-01-01", "", 60, "pro"), ("A", "2026-01-01", "", 40, "basic")])
    with pytest.raises(InputError, match=r"A has several values of plan: basic, pro"):
        calc(text, "mrr", by="plan")


def test_a_second_column_of_ends_is_named() -> None:
    text = "Customer,Start Date,Canceled At,End Date,MRR\nA,2025-01-05,2025-09-20,2025-10-05,5\nB,2025-01-05,,,7\n"
    found = calc(text, "mrr", every="month")
    assert [row["mrr"] for row in found.rows][-2:] == [12, 7]
    assert any('--map end_date="Canceled At" for the other' in note for note in found.notes)
