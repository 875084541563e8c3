"""Renewals, deals, portfolios, quotas, goals and stages on small tables whose answers are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from cstool.errors import InputError, UndefinedError, UsageError
from cstool.samples import sample_csv
from tests.families.understanding import understood
from tests.metrics.computing import answer, calc, rows, table, value

# Renewals

DUE = "account,due_date,amount,renewed_at"
QUARTER = [
    ["a", "2026-01-31", 100, "2026-01-10"],  # early
    ["b", "2026-02-15", 200, "2026-02-15"],  # on the day
    ["c", "2026-03-31", 300, "2026-04-02"],  # late
    ["d", "2026-03-31", 400, None],  # not at all
]


def renewals(*more: list[object], header: str = DUE) -> str:
    return table(header, [*QUARTER, *more] if header == DUE else more)


def test_renewal_rate_divides_customers_renewed_by_customers_due() -> None:
    assert answer(renewals(), "renewal-rate") == {"renewal_rate": 0.75, "due": 4, "contracts_open": 1}


def test_on_time_means_on_or_before_the_due_date() -> None:
    found = answer(renewals(), "on-time-renewal-rate")
    assert (found["on_time_renewal_rate"], found["contracts_renewed_late"]) == (0.5, 1)


def test_renewal_rate_by_amount_takes_the_price_before_renewal() -> None:
    data = table(
        "account,due_date,amount,renewed_at,renewed_amount",
        [["a", "2026-01-31", 1000, "2026-01-30", 9000], ["b", "2026-01-31", 3000, None, None]],
    )
    assert value(data, "renewal-rate", variants=("amount",)) == 0.25


def test_a_published_renewal_rate_by_amount() -> None:
    data = table(DUE, [["a", "2026-01-31", 8000, "2026-01-30"], ["b", "2026-01-31", 2000, None]])
    assert value(data, "renewal-rate", variants=("amount",)) == 0.8


def test_a_contract_due_outside_the_period_does_not_count_whenever_it_was_signed() -> None:
    # Of 100 due in the quarter 82 renew in time; 5 signed now are due next quarter, 3 were due in the last one.
    data = table(
        DUE,
        [
            ["a", "2026-04-30", 82, "2026-04-01"],
            ["b", "2026-06-30", 18, None],
            ["c", "2026-07-31", 5, "2026-06-01"],
            ["d", "2026-03-31", 3, "2026-04-10"],
        ],
    )
    for metric in ("renewal-rate", "on-time-renewal-rate"):
        assert value(data, metric, variants=("amount",), as_of="2026-Q2") == 0.82


def test_each_period_has_the_contracts_due_in_it() -> None:
    found = calc(renewals(), "renewal-rate", every="month")
    assert rows(found, "period", "renewal_rate", "due") == [
        ("2026-01", 1.0, 1),
        ("2026-02", 1.0, 1),
        ("2026-03", 0.5, 2),
    ]


def test_a_customer_with_several_contracts_due_in_a_period_counts_once_and_as_renewed_if_it_keeps_one() -> None:
    data = table(
        DUE, [["a", "2026-01-10", 1, "2026-01-01"], ["a", "2026-02-20", 1, None], ["b", "2026-01-31", 1, None]]
    )
    assert answer(data, "renewal-rate", as_of="2026-Q1")["renewal_rate"] == 0.5
    assert value(data, "renewal-rate", variants=("contracts",), as_of="2026-Q1") == pytest.approx(1 / 3)


def test_a_customer_lost_at_its_second_renewal_is_not_hidden_by_its_first() -> None:
    data = table(DUE, [["a", "2025-01-31", 1, "2025-01-30"], ["a", "2026-01-31", 1, None]])
    assert value(data, "renewal-rate") == 0.5


@pytest.mark.parametrize(
    ("status", "rate"),
    [
        *((status, 1) for status in ("Closed Won", "closedwon", "Renewed early", "6 - Closed - Won", "auto-renewed")),
        *((status, 0) for status in ("Closed Lost", "Churned", "Not renewed", "Won't renew", "Negotiation")),
    ],
)
def test_a_status_says_how_a_renewal_ended(status: str, rate: int) -> None:
    data = table("account,due_date,amount,status", [["a", "2026-01-31", 10, status]])
    assert value(data, "renewal-rate") == rate


def test_a_lost_renewal_with_a_closing_day_is_lost() -> None:
    data = table("account,due_date,amount,status,renewed_at", [["a", "2026-01-31", 10, "Lost", "2026-01-30"]])
    assert value(data, "renewal-rate") == 0


def test_open_contracts_due_after_the_last_signature_are_said() -> None:
    found = calc(renewals(["e", "2026-12-31", 10, None]), "renewal-rate")
    assert any("1 open contracts are due after the last signature" in note for note in found.notes)
    assert not any("open contracts" in note for note in calc(renewals(), "renewal-rate").notes)


def test_on_time_refuses_a_renewal_without_its_day_naming_the_line() -> None:
    data = table(
        "account,due_date,amount,status,renewed_at",
        [["a", "2026-01-31", 10, "Won", "2026-01-30"], ["b", "2026-01-31", 10, "Won", None]],
    )
    with pytest.raises(InputError, match=r"data\.csv:3 .*no day says when"):
        calc(data, "on-time-renewal-rate")
    assert value(data, "renewal-rate") == 1


def test_a_file_that_does_not_say_what_became_of_a_renewal_gives_no_rate() -> None:
    with pytest.raises(InputError, match="renewal-rate needs a column for renewed_at"):
        calc(table("account,due_date,amount", [["a", "2026-01-31", 10]]), "renewal-rate")


CHANCES = "account,due_date,amount,status,probability"


def test_the_forecast_adds_amount_times_chance_by_month_won_as_one_and_lost_as_none() -> None:
    data = table(
        CHANCES,
        [
            ["a", "2026-06-10", 20000, "Open", "90%"],
            ["b", "2026-06-20", 10000, "Renewed", "50%"],
            ["c", "2026-06-30", 30000, "Open", "50%"],
            ["d", "2026-07-01", 5000, "Lost", "80%"],
        ],
    )
    found = calc(data, "renewal-forecast")
    assert rows(found) == [("2026-06", 43000, 60000), ("2026-07", 0, 5000)]


def test_an_open_contract_without_a_chance_is_refused_not_counted_as_nothing() -> None:
    data = table(CHANCES, [["a", "2026-06-10", 20000, "Open", "90%"], ["b", "2026-06-20", 10000, "Open", None]])
    with pytest.raises(InputError, match=r"data\.csv:3 .*needs a probability"):
        calc(data, "renewal-forecast")


SALESFORCE = "AccountId,StageName,Amount,{},CloseDate"
OPPORTUNITIES = [
    ["001A", "Negotiation/Review", 50000, 60, "2026-12-01"],
    ["001B", "Closed Won", 1000, 100, "2026-12-05"],
]


def test_salesforce_opportunities_say_in_their_header_or_by_a_preset_that_chances_go_to_100() -> None:
    named = table(SALESFORCE.format("Probability (%)"), OPPORTUNITIES)
    assert value(named, "renewal-forecast") == 31000
    bare = table(SALESFORCE.format("Probability"), OPPORTUNITIES)
    with pytest.raises(InputError, match="60"):
        calc(bare, "renewal-forecast")
    assert value(bare, "renewal-forecast", preset="salesforce-renewals") == 31000


# Saves and win-backs


def test_a_save_counts_once_it_has_lasted() -> None:
    data = table(
        "account,notice_date,withdrawn_on,churn_date",
        [
            ["a", "2026-01-01", "2026-01-10", None],  # lasted
            ["b", "2026-01-01", "2026-01-10", "2026-02-20"],  # saved, lost again 41 days later
            ["c", "2026-01-01", None, "2026-03-01"],
            ["d", "2026-06-01", "2026-06-20", None],  # saved just now: not known yet
            ["e", "2026-06-01", None, None],  # still deciding
        ],
    )
    found = answer(data, "save-rate")
    assert (found["at_risk"], found["undecided"]) == (3, 2)
    assert found["save_rate"] == pytest.approx(1 / 3)
    assert value(data, "save-rate", given={"days": 30}) == pytest.approx(2 / 3)


def test_win_back_rate_takes_everyone_lost_or_only_those_who_had_the_time() -> None:
    data = table(
        "account,churn_date,returned_at",
        [
            ["a", "2026-01-01", "2026-02-01"],
            ["b", "2026-01-01", "2026-06-30"],  # after 180 days
            ["c", "2026-01-01", None],
            ["d", "2026-06-15", None],  # lost 15 days before the file ends
        ],
    )
    assert value(data, "win-back-rate") == 0.5
    found = answer(data, "win-back-rate", given={"days": 90})
    assert found["win_back_rate"] == pytest.approx(1 / 3)
    assert (found["lost_customers"], found["too_recent"]) == (3, 1)


# Deals

HUBSPOT = "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date"


def deals(*ends: tuple[str, int | None, str, str | None]) -> str:
    """Stage, amount, created, closed of each deal, as HubSpot exports them."""
    return table(
        HUBSPOT,
        [[i, f"Deal {i}", stage, amount, "Kim", end, begin] for i, (stage, amount, begin, end) in enumerate(ends)],
    )


FIVE = [
    ("Closed Won", 100, "2026-01-01", f"2026-{end}") for end in ("01-21", "01-31", "02-15", "03-02", "07-20")
]  # 20, 30, 45, 60 and 200 days


def test_the_sales_cycle_is_the_median_of_won_deals_with_mean_and_p90_beside_it() -> None:
    found = answer(
        deals(*FIVE, ("Closed Lost", 1, "2026-01-01", "2026-01-02"), ("Contract Sent", 1, "2026-01-01", "2026-01-03")),
        "sales-cycle",
    )
    assert (found["sales_cycle"], found["mean_days"], found["won"]) == (45, 71, 5)
    assert found["p90_days"] == pytest.approx(60 + 0.6 * 140)


def test_deals_without_stages_count_as_won_once_closed_which_is_said() -> None:
    data = table("created_at,closed_at", [["2026-01-01", "2026-01-11"], ["2026-01-01", None]])
    found = calc(data, "sales-cycle")
    assert found.rows[0]["sales_cycle"] == 10
    assert any("no column says how deals ended" in note for note in found.notes)


def test_a_deal_won_before_it_was_created_is_refused() -> None:
    with pytest.raises(InputError, match=r"data\.csv:2 .*won before it was created"):
        calc(deals(("Closed Won", 1, "2026-02-01", "2026-01-01")), "sales-cycle")


def test_the_win_rate_leaves_open_deals_out() -> None:
    data = deals(
        ("closedwon", 10, "2026-01-01", "2026-02-01"),
        ("Closed Lost (price)", 30, "2026-01-01", "2026-02-01"),
        ("Presentation Scheduled", 60, "2026-01-01", "2026-03-01"),
    )
    assert answer(data, "win-rate") == {"win_rate": 0.5, "closed": 2, "open": 1}
    assert value(data, "win-rate", variants=("amount",)) == 0.25


def test_stages_of_which_none_ends_a_deal_are_refused() -> None:
    with pytest.raises(InputError, match="no stage reads as won or lost"):
        calc(deals(("Gewonnen", 1, "2026-01-01", "2026-02-01")), "win-rate")


def test_the_pipeline_is_the_amount_of_open_deals_or_weighted() -> None:
    data = table(
        "stage,amount,probability",
        [["Qualified", 1000, 0.2], ["Contract sent", 500, "90%"], ["Won", 7000, 1], ["Lost", 900, 0]],
    )
    assert answer(data, "pipeline") == {"pipeline": 1500, "open": 2}
    assert value(data, "pipeline", variants=("weighted",)) == 650


def test_a_weighted_pipeline_with_a_chance_missing_is_undefined() -> None:
    data = table("stage,amount,probability", [["Qualified", 1000, 0.2], ["Contract sent", 500, None]])
    with pytest.raises(UndefinedError):
        calc(data, "pipeline", variants=("weighted",))


CONTRACTS = "amount,stage,term_years,one_time_fees"


def test_acv_spreads_each_contract_over_its_own_years_and_leaves_one_time_fees_out() -> None:
    data = table(CONTRACTS, [[36500, "Won", 3, 500], [10000, "Won", 1, None], [90000, "Lost", 1, 0]])
    assert answer(data, "acv") == {"acv": 12000 + 10000, "won": 2}
    assert value(data, "tcv") == 46500
    assert value(data, "average-contract-value") == 23250
    assert value(data, "average-contract-value", variants=("yearly",)) == 11000


def test_a_published_ramp_deal_as_values_and_as_a_file() -> None:
    given = {"tcv": 538000, "one_time_fees": 25000, "years": 3}
    assert value(None, "acv", given=given) == 171000
    assert value(table("amount,term_years,one_time_fees", [[538000, 3, 25000]]), "acv") == 171000


def test_a_term_in_months_is_one_in_years() -> None:
    assert value(table("Amount,Term months,Deal Stage", [[30000, 18, "Closed Won"]]), "acv") == 20000


@pytest.mark.parametrize(
    ("row", "why"), [([100, "Won", None, 0], "contract length"), ([100, "Won", 1, 500], "more than the amount")]
)
def test_a_contract_that_cannot_be_spread_is_refused(row: list[object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        calc(table(CONTRACTS, [[100, "Won", 1, 0], row]), "acv")


# Quotas and portfolios


def test_quota_attainment_divides_sums_and_never_averages_rates() -> None:
    data = table("csm,month,quota,attained", [["a", "2026-01", 50000, 60000], ["a", "2026-02", 100000, 60000]])
    assert value(data, "quota-attainment") == 0.8
    assert rows(calc(data, "quota-attainment", every="month"), "period", "quota_attainment") == [
        ("2026-01", 1.2),
        ("2026-02", 0.6),
    ]


@pytest.mark.parametrize(("actual", "quota", "percent"), [(235000, 250000, 94.0), (50000, 45000, 111.11)])
def test_published_quota_attainments(actual: int, quota: int, percent: float) -> None:
    found = value(table("quota,attained", [[quota, actual]]), "quota-attainment")
    assert round(float(str(found)) * 100, 2) == percent


def test_a_quota_repeated_on_every_account_is_refused_until_said_to_be_each_ones_own() -> None:
    data = table("csm,account,quota,attained", [["a", "x", 100, 30], ["a", "y", 100, 40], ["b", "z", 50, 50]])
    with pytest.raises(InputError, match="same quota"):
        calc(data, "quota-attainment")
    assert value(data, "quota-attainment", given={"quota_each": 1}) == pytest.approx(120 / 250)


BOOK: list[list[object]] = [
    ["Ann", "a", 1200, 100, 110],
    ["Ann", "b", 600, 50, 0],
    ["Bo", "c", 6000, 400, 500],
    [None, "d", 300, 20, 25],
]


def test_a_book_of_business_has_a_row_a_csm_and_one_for_accounts_without() -> None:
    found = calc(table("csm,account,arr,starting_mrr,ending_mrr", BOOK), "book-of-business")
    assert rows(found, "csm", "accounts", "arr", "arpa") == [
        ("Bo", 1, 6000, 6000),
        ("Ann", 2, 1800, 900),
        (None, 1, 300, 300),
    ]
    assert [row["nrr"] for row in found.rows] == pytest.approx([1.25, 110 / 150, 1.25])


def test_a_book_without_mrr_has_no_nrr_and_one_of_mrr_has_twelve_times_it() -> None:
    found = calc(table("csm,account,mrr", [["Ann", "a", 100]]), "book-of-business")
    assert rows(found) == [("Ann", 1, 1200, 1200, None)]


def test_accounts_without_a_csm_stay_out_of_the_ratio() -> None:
    data = table("csm,account,arr,starting_mrr,ending_mrr", BOOK)
    assert answer(data, "csm-ratio") == {"csm_ratio": 1.5, "accounts": 3, "csms": 2, "unassigned": 1}
    assert value(data, "revenue-per-csm") == 3900


def test_a_book_of_several_months_is_that_of_the_last() -> None:
    data = table("month,csm,account,arr", [["2026-01", "Ann", "a", 9], ["2026-02", "Ann", "a", 10]])
    assert rows(calc(data, "book-of-business"), "csm", "accounts", "arr") == [("Ann", 1, 10)]


def test_an_account_in_two_rows_is_refused() -> None:
    with pytest.raises(InputError, match="duplicate"):
        calc(table("csm,account,arr", [["Ann", "a", 1], ["Bo", "a", 1]]), "csm-ratio")


# Goals, milestones, stages


def test_okr_progress_works_upwards_and_downwards_and_below_zero() -> None:
    header = "objective,key_result,start,target,current"
    up: list[object] = ["keep", "GRR", 88, 92, 91]
    down: list[object] = ["keep", "churn", 3, 2, 2.4]
    worse: list[object] = ["grow", "leads", 10, 20, 9]
    assert value(table(header, [up]), "okr-progress") == 0.75
    assert value(table(header, [down]), "okr-progress") == pytest.approx(0.6)
    assert value(table(header, [worse]), "okr-progress") == pytest.approx(-0.1)
    found = calc(table(header, [up, down, worse]), "okr-progress", by="objective")
    assert rows(found, "objective", "key_results") == [("grow", 1), ("keep", 2)]
    assert [row["okr_progress"] for row in found.rows] == pytest.approx([-0.1, 0.675])


def test_a_goal_whose_target_is_its_start_is_refused() -> None:
    with pytest.raises(InputError, match=r"data\.csv:2 .*target equals the start"):
        calc(table("start,target,current", [[5, 5, 5]]), "okr-progress")


def test_milestone_completion_with_the_share_done_on_time() -> None:
    data = table(
        "milestone,due,done_at",
        [["a", "2026-01-10", "2026-01-10"], ["b", "2026-01-20", "2026-01-21"], ["c", "2026-01-30", None]] * 2,
    )
    found = answer(data, "milestone-completion")
    assert found["milestone_completion"] == pytest.approx(2 / 3)
    assert found["on_time_rate"] == pytest.approx(1 / 3)


def test_velocity_takes_the_median_of_ended_stays_and_shows_who_waits() -> None:
    stays = {"a": 12, "b": 15, "c": 18, "d": 20, "e": 90}
    data: list[list[object]] = [
        [name, "Setup", "2026-01-01", f"2026-{'01' if days < 31 else '04'}-{days % 90 + 1:02d}"]
        for name, days in stays.items()
    ]
    data += [["f", "Setup", "2026-03-23", None]]
    found = calc(table("account,stage,entered_at,exited_at", data), "velocity")
    assert rows(found, "stage", "median_days", "mean_days", "moved_on", "waiting", "longest_wait") == [
        ("Setup", 18, 31, 5, 1, 9)
    ]


def test_a_stage_without_a_day_of_leaving_ends_where_the_next_one_begins() -> None:
    data = table("account,stage,entered_at", [["a", "Setup", "2026-01-01"], ["a", "Live", "2026-01-08"]])
    assert rows(calc(data, "velocity"), "stage", "median_days", "moved_on", "waiting") == [
        ("Setup", 7, 1, 0),
        ("Live", None, 0, 1),
    ]


def test_choosing_a_stage_of_velocity_leaves_the_stays_as_long_as_the_next_stage_makes_them() -> None:
    data = table("account,stage,entered_at", [["a", "Setup", "2026-01-01"], ["a", "Live", "2026-01-08"]])
    assert rows(calc(data, "velocity", where="stage = 'Setup'"), "stage", "median_days", "moved_on", "waiting") == [
        ("Setup", 7, 1, 0)
    ]


# What there is


@pytest.mark.parametrize(
    ("shape", "metrics"),
    [
        ("renewals", "renewal-rate on-time-renewal-rate renewal-forecast"),
        ("notices", "save-rate"),
        ("departures", "win-back-rate"),
        ("deals", "sales-cycle win-rate pipeline acv tcv average-contract-value"),
        ("quotas", "quota-attainment"),
        ("book", "csm-ratio revenue-per-csm book-of-business"),
        ("goals", "okr-progress"),
        ("milestones", "milestone-completion"),
        ("stage-history", "velocity journey"),
    ],
)
def test_every_metric_can_be_computed_from_the_sample_of_its_shape(shape: str, metrics: str) -> None:
    data = "".join(sample_csv(shape))
    for metric in metrics.split():
        options: dict[str, Any] = {"as_of": "2026-Q3"} if metric == "on-time-renewal-rate" else {}
        found = calc(data, metric, **options)
        assert any(row[column.key] is not None for row in found.rows for column in found.values)


def test_the_result_does_not_depend_on_the_order_of_rows() -> None:
    head, *lines = "".join(sample_csv("deals")).splitlines()
    back = "\n".join([head, *reversed(lines)])
    for metric in ("acv", "sales-cycle", "pipeline"):
        assert calc(back, metric).rows == calc("\n".join([head, *lines]), metric).rows


def test_a_metric_without_its_column_is_not_offered_for_the_file() -> None:
    found = understood(table("stage,amount", [["Won", 1]]))
    assert {"win-rate", "pipeline", "tcv"} <= set(found.metrics)
    assert found.lacking("sales-cycle") == ["created_at", "closed_at"]


def test_segment_analysis_says_what_it_is() -> None:
    with pytest.raises(UsageError) as told:
        calc(table("a", [[1]]), "segment-analysis")
    assert "--by" in told.value.hint


def test_what_an_amount_beside_a_csm_is_per_is_not_guessed() -> None:
    paid = [["a", "Kim", 1200], ["b", "Kim", 600]]
    with pytest.raises(InputError, match="no column for arr or mrr"):
        calc(table("account,csm,amount", paid), "book-of-business")
    assert rows(calc(table("account,csm,contract value", paid), "book-of-business"), "csm", "arr") == [("Kim", 1800)]
