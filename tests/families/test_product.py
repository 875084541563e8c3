"""Onboarding and product metrics on small tables whose answers are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from cstool.errors import InputError, UndefinedError, UsageError
from cstool.samples import sample_csv
from tests.families.understanding import understood
from tests.metrics.computing import answer, calc, rows, table, value

# Users

USERS = table(
    "user_id,channel,signed_up_at,activated_at,first_value_at,converted_at",
    [
        ("a", "web", "2026-01-01", "2026-01-03", "2026-01-04", "2026-02-20"),
        ("b", "web", "2026-01-05", "2026-01-19", "2026-01-10", None),
        ("c", "ads", "2026-01-10", "2026-01-25", None, None),
        ("d", "ads", "2026-02-10", None, "2026-02-18", None),
        ("e", "ads", "2026-02-20", "2026-02-21", "2026-04-01", "2026-02-25"),
        ("f", "web", "2026-03-25", "2026-03-26", None, None),
    ],
)  # the last day told of is 2026-04-01, seven days after f signed up


def test_activation_counts_users_who_got_there_in_14_days_among_those_who_had_them() -> None:
    found = answer(USERS, "activation-rate")
    assert found == {"activation_rate": 0.6, "signed_up": 5, "too_young": 1}  # a, b and e; c took 15 days


@pytest.mark.parametrize(("within", "share", "counted", "young"), [(15, 0.8, 5, 1), (7, 0.5, 6, 0), (0, 5 / 6, 6, 0)])
def test_the_days_allowed_for_activation_can_be_set(within: int, share: float, counted: int, young: int) -> None:
    found = answer(USERS, "activation-rate", given={"within": within})
    assert found["activation_rate"] == pytest.approx(share)
    assert (found["signed_up"], found["too_young"]) == (counted, young)


def test_activation_says_how_many_days_it_allows() -> None:
    assert any("within 14 days" in note for note in calc(USERS, "activation-rate").notes)


def test_a_young_user_is_left_out_even_if_already_activated() -> None:
    data = table("user_id,signed_up_at,activated_at", [("a", "2026-01-01", None), ("b", "2026-01-20", "2026-01-20")])
    assert answer(data, "activation-rate") == {"activation_rate": 0, "signed_up": 1, "too_young": 1}


def test_activation_as_of_a_month_knows_nothing_of_later_days() -> None:
    found = answer(USERS, "activation-rate", as_of="2026-02")  # d had 18 days, e only 8
    assert (found["activation_rate"], found["signed_up"], found["too_young"]) == (0, 1, 1)


def test_activation_by_group_is_of_the_groups_own_users() -> None:
    assert rows(calc(USERS, "activation-rate", by="channel"), "channel", "activation_rate") == [
        ("ads", pytest.approx(1 / 3)),
        ("web", 1),
    ]


def test_activation_before_signup_is_refused_but_not_on_the_same_day() -> None:
    data = table("user_id,signed_up_at,activated_at", [("a", "2026-01-02", "2026-01-01")])
    with pytest.raises(InputError, match=r"data\.csv:2 .*activated_at is '2026-01-01'"):
        calc(data, "activation-rate")
    same_day = table("user_id,signed_up_at,activated_at", [("a", "2026-01-02 15:00:00", "2026-01-02 00:00:00")])
    assert value(same_day, "activation-rate", given={"within": 0}) == 1


def test_a_user_twice_is_refused() -> None:
    with pytest.raises(InputError, match="duplicate"):
        calc(table("user_id,signed_up_at,activated_at", [("a", "2026-01-02", None)] * 2), "activation-rate")


def test_time_to_first_value_is_the_median_of_those_who_got_there_with_their_share_beside_it() -> None:
    data = table(
        "user_id,signed_up_at,first_value_at",
        [
            ("a", "2026-01-01", "2026-01-04"),
            ("b", "2026-01-01", "2026-01-06"),
            ("c", "2026-01-01", "2026-01-09"),
            ("d", "2026-01-01", "2026-02-10"),
            ("e", "2026-01-01", None),
        ],
    )
    found = answer(data, "time-to-first-value")
    assert found["time_to_first_value"] == 6.5
    assert found["time_to_first_value_mean"] == 14
    assert found["time_to_first_value_p90"] == pytest.approx(8 + 0.7 * (40 - 8))
    assert (found["reached"], found["reached_rate"]) == (4, 0.8)
    assert found["activation_rate"] is None  # no column tells


def test_time_to_first_value_prints_the_activation_rate() -> None:
    assert answer(USERS, "time-to-first-value")["activation_rate"] == 0.6


def test_freemium_conversion_follows_the_signup_group() -> None:
    assert answer(USERS, "freemium-conversion")["freemium_conversion"] == pytest.approx(2 / 6)
    by_month = rows(calc(USERS, "freemium-conversion", every="month"), "period", "freemium_conversion")
    assert by_month == [("2026-01", pytest.approx(1 / 3)), ("2026-02", 0.5), ("2026-03", 0)]


def test_freemium_conversion_can_be_compared_at_equal_age() -> None:
    found = answer(USERS, "freemium-conversion", given={"within": 40})  # a paid on day 50; e on day 5
    assert found == {"freemium_conversion": 0.2, "signed_up": 5, "too_young": 1}


def test_a_conversion_after_the_period_looked_at_does_not_count() -> None:
    assert value(USERS, "freemium-conversion", as_of="2026-01") == 0


def test_trials_still_running_are_left_out_and_counted() -> None:
    assert answer(USERS, "trial-conversion") == {"trial_conversion": 0.4, "trials_ended": 5, "trials_running": 1}
    assert answer(USERS, "trial-conversion", given={"trial_days": 45})["trials_ended"] == 4


def test_a_trial_ends_on_the_day_the_file_says_even_one_ahead() -> None:
    data = table(
        "user_id,trial_started_at,trial_end,converted_at",
        [
            ("a", "2026-01-01", "2026-01-31", "2026-01-31"),
            ("b", "2026-01-02", "2026-01-09", None),
            ("c", "2026-01-25", "2026-02-25", None),
        ],
    )
    assert answer(data, "trial-conversion") == {"trial_conversion": 0.5, "trials_ended": 2, "trials_running": 1}


def test_qualified_leads_are_the_users_who_pass_the_rule_and_there_must_be_one() -> None:
    data = table(
        "user_id,signed_up_at,invited", [("a", "2026-01-01", 10), ("b", "2026-01-01", 9), ("c", "2026-01-02", 2)]
    )
    assert value(data, "product-qualified-leads", where="invited >= 9") == 2
    with pytest.raises(InputError, match="--where"):
        calc(data, "product-qualified-leads")


@pytest.mark.parametrize(
    ("metric", "given", "expected"),
    [
        ("activation-rate", {"activated": 500, "signed_up": 2000}, 0.25),
        ("freemium-conversion", {"converted": 1100, "signed_up": 50000}, 0.022),
        ("onboarding-completion", {"completed": 45, "started": 60}, 0.75),
        ("stickiness", {"daily_active": 15000, "monthly_active": 50000}, 0.3),
        ("feature-adoption", {"feature_users": 90, "active_users": 600}, 0.15),
        ("adoption-rate", {"active_users": 180, "eligible_users": 500}, 0.36),
        ("utilization", {"seats_used": 150, "seats_purchased": 250}, 0.6),
        ("product-consumption", {"features_used": 3, "features_offered": 12}, 0.25),
    ],
)
def test_each_rate_computes_from_given_values(metric: str, given: dict[str, int], expected: float) -> None:
    assert value(None, metric, given=given) == expected


def test_a_missing_column_is_named_for_every_metric_of_users() -> None:
    data = table("user_id,signed_up_at", [("a", "2026-01-01")])
    for metric, column in {
        "activation-rate": "activated_at",
        "time-to-first-value": "first_value_at",
        "freemium-conversion": "converted_at",
        "trial-conversion": "converted_at",
    }.items():
        with pytest.raises(InputError, match=f"needs a column for {column}"):
            calc(data, metric)


# Onboardings

ONBOARDINGS = table(
    "account,started_at,completed_at",
    [
        ("A", "2026-01-01", "2026-02-01"),
        ("B", "2026-01-10", "2026-04-30"),
        ("C", "2026-02-01", None),
        ("D", "2026-04-20", "2026-04-25"),
    ],
)


def test_onboarding_completion_divides_the_finished_by_all_begun() -> None:
    assert answer(ONBOARDINGS, "onboarding-completion")["onboarding_completion"] == 0.75


def test_onboarding_completion_gives_everyone_the_same_days() -> None:
    found = answer(ONBOARDINGS, "onboarding-completion", given={"within": 60})  # A; B took 110 days, D is 10 days old
    assert found == {"onboarding_completion": pytest.approx(1 / 3), "started": 3, "too_young": 1}


def test_an_onboarding_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InputError, match=r"data\.csv:2"):
        calc(table("account,started_at,completed_at", [("A", "2026-02-01", "2026-01-01")]), "onboarding-completion")


# Events

EVENTS = table(
    "user_id,account,feature,timestamp",
    [
        ("ann", "X", "export", "2026-03-02 09:00:00"),
        ("ann", "X", "export", "2026-03-02 17:00:00"),
        ("ann", "X", "alerts", "2026-03-03 09:00:00"),
        ("bo", "X", "alerts", "2026-03-02 09:00:00"),
        ("bo", "X", None, "2026-04-01 09:00:00"),
        ("cy", "Y", "alerts", "2026-04-01 23:59:59"),
        ("cy", "Y", "alerts", "2026-04-04 10:00:00"),  # a Saturday
        ("di", "Y", "export", "2026-04-30 10:00:00"),
    ],
)


def test_stickiness_is_the_mean_of_daily_actives_over_the_calendar_month_by_the_months_actives() -> None:
    # April: 2 users on the 1st, 1 on the 4th, 1 on the 30th, in all 3; 30 days.
    found = answer(EVENTS, "stickiness")
    assert found["period"] == "2026-04"
    assert found["stickiness"] == pytest.approx(4 / 30 / 3)
    # March: 2 on the 2nd, 1 on the 3rd, in all 2; 31 days, though the file is silent after the 3rd.
    assert value(EVENTS, "stickiness", as_of="2026-03") == pytest.approx(3 / 31 / 2)


def test_stickiness_on_weekdays_leaves_weekends_out_of_both_counts() -> None:
    found = answer(EVENTS, "stickiness", given={"weekdays": 1})  # 22 weekdays in April 2026
    assert found["daily_active"] == pytest.approx(3 / 22)
    assert found["monthly_active"] == 3
    assert answer(EVENTS, "stickiness", given={"weekdays": 1}, where="user_id = 'cy'")["daily_active"] == pytest.approx(
        1 / 22
    )


def test_stickiness_of_rolling_30_days_crosses_the_month() -> None:
    found = answer(EVENTS, "stickiness", given={"rolling": 31})  # from March 31 to April 30
    assert found["stickiness"] == pytest.approx(4 / 31 / 3)
    found = answer(EVENTS, "stickiness", given={"rolling": 60})  # from March 2 on
    assert found["stickiness"] == pytest.approx(7 / 60 / 4)
    with pytest.raises(UsageError, match="--every"):
        calc(EVENTS, "stickiness", given={"rolling": 30}, every="month")


def test_a_month_that_the_file_covers_in_part_is_said() -> None:
    notes = calc(EVENTS, "stickiness", as_of="2026-03").notes
    assert any("the last action is of 2026-03-03" in note for note in notes)
    assert not any("the last action" in note for note in calc(EVENTS, "stickiness").notes)


def test_stickiness_and_monthly_users_are_not_counted_by_the_quarter() -> None:
    for metric in ("stickiness", "mau"):
        with pytest.raises(InputError, match="--every month"):
            calc(EVENTS, metric, every="quarter")


def test_active_users_are_people_each_counted_once() -> None:
    assert rows(calc(EVENTS, "mau", every="month"), "period", "mau") == [("2026-03", 2), ("2026-04", 3)]
    assert value(EVENTS, "dau", as_of="2026-03") == pytest.approx(3 / 31)


def test_weekly_users_are_those_of_the_last_seven_days_that_the_file_tells_of() -> None:
    assert value(EVENTS, "wau") == 1  # April 24 to 30
    early = table("user_id,timestamp", [("a", "2026-05-02"), ("b", "2026-05-03"), ("c", "2026-05-09")])
    assert value(early, "wau") == 2  # May 3 to 9


def test_the_adoption_rate_needs_to_be_told_who_could_have_been_active() -> None:
    assert value(EVENTS, "adoption-rate", given={"eligible_users": 12}) == 0.25
    with pytest.raises(UsageError, match="eligible_users"):
        calc(EVENTS, "adoption-rate")
    notes = calc(EVENTS, "adoption-rate", given={"eligible_users": 12}, by="account").notes
    assert any("eligible_users is taken as 12 in every row" in note for note in notes)


def test_feature_adoption_lists_each_feature_over_all_active_users() -> None:
    result = calc(EVENTS, "feature-adoption")
    assert rows(result, "period", "feature", "feature_users", "active_users") == [
        ("2026-04", "alerts", 1, 3),
        ("2026-04", "export", 1, 3),
    ]
    assert [row["feature_adoption"] for row in result.rows] == [pytest.approx(1 / 3)] * 2
    assert rows(calc(EVENTS, "feature-adoption", every="quarter"), "period", "feature", "feature_users") == [
        ("2026-Q1", "alerts", 2),
        ("2026-Q1", "export", 1),
        ("2026-Q2", "alerts", 1),
        ("2026-Q2", "export", 1),
    ]


def test_choosing_a_feature_leaves_the_denominator_whole() -> None:
    found = rows(calc(EVENTS, "feature-adoption", where="feature = 'export'", as_of="2026-03"))
    assert found == [("2026-03", "export", 1, 2, 0.5)]
    with pytest.raises(UsageError, match="rows of the table"):
        calc(EVENTS, "feature-adoption", where="feature = 'export' and account = 'X'")
    with pytest.raises(UndefinedError, match="no row satisfies"):
        calc(EVENTS, "feature-adoption", where="feature = 'nothing'")


def test_feature_adoption_by_group_is_of_the_groups_own_users_and_not_by_the_feature() -> None:
    found = rows(calc(EVENTS, "feature-adoption", by="account"), "account", "feature", "feature_adoption")
    assert found == [("Y", "alerts", 0.5), ("Y", "export", 0.5)]
    assert rows(calc(EVENTS, "feature-adoption", where="account = 'X'", as_of="2026-03"), "active_users") == [
        (2,),
        (2,),
    ]
    with pytest.raises(UsageError, match="--by feature"):
        calc(EVENTS, "feature-adoption", by="feature")


def test_a_blank_group_keeps_its_rows() -> None:
    data = table(
        "user,plan,feature,timestamp", [("a", None, "export", "2026-03-02"), ("b", "pro", "export", "2026-03-02")]
    )
    assert rows(calc(data, "feature-adoption", by="plan"), "plan", "feature_users") == [("pro", 1), (None, 1)]


def test_product_consumption_divides_the_features_used_by_those_offered() -> None:
    found = rows(
        calc(EVENTS, "product-consumption", by="account", given={"features_offered": 4}, as_of="2026-03"),
        "account",
        "product_consumption",
    )
    assert found == [("X", 0.5)]


def test_the_engagement_score_weighs_four_parts() -> None:
    data = table(
        "user,feature,timestamp",
        [
            ("a", "x", "2026-04-30"),
            ("a", "y", "2026-04-30"),
            ("a", "x", "2026-04-28"),
            ("b", "x", "2026-04-01"),
        ],
    )
    # Actions 3 and 1, so the 90th percentile is 2.8. a: 2 of 2 features, 2 of 30 days, seen on the last day.
    # b: 1 of 2 features, 1 / 2.8 of the actions, 1 of 30 days, last seen 29 days before.
    parts = rows(calc(data, "engagement-score"), "user", "breadth", "depth", "frequency", "recency", "engagement_score")
    assert [part[0] for part in parts] == ["a", "b"]
    assert parts[0][1:] == pytest.approx((100, 100, 100 / 15, 100, (300 + 100 / 15) / 4))
    b = (50, 100 / 2.8, 100 / 30, 100 / 30)
    assert parts[1][1:] == pytest.approx((*b, sum(b) / 4))
    weights = {"breadth_weight": 100, "depth_weight": 0, "frequency_weight": 0, "recency_weight": 0}
    assert rows(calc(data, "engagement-score", given=weights), "engagement_score") == [(100,), (50,)]


def test_the_engagement_score_of_given_parts() -> None:
    given = {"breadth": 60, "depth": 40, "frequency": 80, "recency": 100}
    assert value(None, "engagement-score", given=given) == 70
    assert value(None, "engagement-score", given=given | {"recency_weight": 75}) == pytest.approx(80)


# Seats


def test_utilization_is_a_ratio_of_sums_with_overuse_counted_beside_it() -> None:
    data = table("account,seats_purchased,seats_used", [("A", 10, 12), ("B", 90, 8), ("C", 100, 80)])
    assert answer(data, "utilization") == {
        "utilization": 0.5,
        "seats_used": 100,
        "seats_purchased": 200,
        "accounts_over": 1,
    }


def test_utilization_of_several_snapshots_is_that_of_the_last_month() -> None:
    data = table(
        "account,as_of,seats_purchased,seats_used",
        [("A", "2026-01-31", 10, 1), ("A", "2026-02-28", 10, 9)],
    )
    assert answer(data, "utilization")["utilization"] == 0.9
    assert rows(calc(data, "utilization", every="month"), "utilization") == [(0.1,), (0.9,)]


# Samples


@pytest.mark.parametrize(
    ("shape", "metric", "options"),
    [
        ("users", "activation-rate", {}),
        ("users", "time-to-first-value", {}),
        ("users", "freemium-conversion", {}),
        ("users", "trial-conversion", {}),
        ("users", "product-qualified-leads", {"where": "invited >= 3"}),
        ("onboardings", "onboarding-completion", {}),
        ("events", "dau", {}),
        ("events", "wau", {}),
        ("events", "mau", {}),
        ("events", "stickiness", {}),
        ("events", "adoption-rate", {"given": {"eligible_users": 60}}),
        ("events", "feature-adoption", {}),
        ("events", "product-consumption", {"given": {"features_offered": 8}}),
        ("events", "engagement-score", {}),
        ("seats", "utilization", {}),
    ],
)
def test_each_metric_computes_from_the_sample_of_its_shape(shape: str, metric: str, options: dict[str, Any]) -> None:
    data = "".join(sample_csv(shape))
    assert calc(data, metric, **options).rows
    assert understood(data).shape == shape
