"""Survey metrics on small tables whose answers are worked out by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from cstool.errors import InputError, UsageError
from cstool.samples import sample_csv
from tests.families.understanding import understood
from tests.metrics.computing import answer, calc, rows, table, value


def scores(*answers: float) -> str:
    return table("score", [[one] for one in answers])


# Promoters and detractors


def test_nps_counts_9_and_10_against_0_to_6_over_all_answers() -> None:
    assert value(scores(10, 9, 8, 7, 6, 0, 9, 10), "nps") == 25  # 4 promoters, 2 detractors, 8 answers


def test_nps_of_a_published_survey() -> None:
    data = scores(*[10] * 100, *[7] * 90, *[3] * 60)
    assert value(data, "nps") == 16


def test_the_nps_interval_narrows_with_more_answers_of_the_same_kind() -> None:
    data = [10] * 50 + [8] * 30 + [2] * 20  # NPS 30, variance 0.7 - 0.3^2 = 0.61
    found = answer(scores(*data), "nps")
    assert found["nps"] == 30
    assert found["nps_low"] == pytest.approx(30 - 196 * 0.61**0.5 / 10)
    four_times = answer(scores(*data * 4), "nps")
    assert four_times["nps_high"] == pytest.approx(30 + 196 * 0.61**0.5 / 20)


@pytest.mark.parametrize("score", [10, 8, 0])
def test_answers_of_one_kind_tell_no_interval(score: int) -> None:
    found = answer(table("score", [[score], [score]]), "nps", shape="responses")
    assert (found["nps_low"], found["nps_high"]) == (None, None)


@pytest.mark.parametrize(
    ("metric", "stray", "line", "options"),
    [
        ("nps", 11, 3, {}),
        ("nps", -1, 3, {}),
        ("nps", 7.5, 3, {}),
        ("csat", 6, 3, {}),
        ("csat", 0, 3, {}),
        ("ces", 8, 3, {}),
        ("ces", 0, 3, {}),
        ("ces", 6, 3, {"given": {"scale": 5}}),
        ("happiness-index", 6, 3, {}),
    ],
)
def test_an_answer_outside_the_scale_is_refused_naming_its_line(
    metric: str, stray: float, line: int, options: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match=rf"data\.csv:{line} .*score is '{stray}'"):
        calc(scores(4, stray, 5), metric, **options)


def test_nps_refuses_a_column_that_looks_like_1_to_5_until_the_scale_is_said() -> None:
    with pytest.raises(InputError, match="from 1 to 5"):
        calc(scores(1, 5, 4), "nps")
    assert value(scores(1, 5, 4), "nps", given={"scale": 10}) == -100


# Satisfaction


@pytest.mark.parametrize(
    ("scale", "answers", "share"),
    [
        (5, (5, 4, 3, 2, 1), 0.4),
        (3, (3, 2, 1, 3), 0.5),
        (4, (4, 3, 2, 1), 0.5),
        (7, (7, 6, 5, 4, 3, 2, 1, 1), 0.375),
        (10, (10, 9, 8, 1), 0.5),
    ],
)
def test_csat_counts_the_top_boxes_of_each_scale(scale: int, answers: tuple[int, ...], share: float) -> None:
    assert value(scores(*answers), "csat", given={"scale": scale}) == share


def test_csat_as_a_scaled_mean_is_published_as_84_point_37() -> None:
    data = scores(*[5] * 10, *[4] * 4, *[2] * 2)
    assert value(data, "csat", variants=("scaled-mean",)) == 0.84375


def test_csat_refuses_a_scale_whose_top_boxes_nobody_has_agreed_on() -> None:
    with pytest.raises(InputError, match="scales of 3, 4, 5, 6, 7 and 10"):
        calc(scores(1, 2), "csat", given={"scale": 8})


# Effort


def test_ces_is_the_mean_with_the_share_of_5_to_7_beside_it() -> None:
    found = answer(scores(7, 7, 6, 6, 6, 5, 5, 4, 3, 1), "ces")
    assert (found["ces"], found["ces_easy"], found["responses"]) == (5, 0.7, 10)


def test_ces_of_a_published_thousand_answers() -> None:
    counts = {1: 80, 2: 210, 3: 140, 4: 110, 5: 160, 6: 180, 7: 120}
    found = answer(scores(*Counter(counts).elements()), "ces")
    assert found["ces"] == 4.08
    assert found["ces_easy"] == 0.46  # 160 + 180 + 120 of 1,000


def test_ces_is_turned_round_only_where_low_is_said_to_be_easy() -> None:
    data = scores(1, 2, 2, 3)
    assert value(data, "ces") == 2
    turned = answer(data, "ces", given={"reverse": 1})
    assert (turned["ces"], turned["ces_easy"]) == (6, 1)


def test_ces_on_1_to_5_counts_4_and_5_as_easy() -> None:
    found = answer(scores(5, 4, 3, 2), "ces", given={"scale": 5})
    assert (found["ces"], found["ces_easy"]) == (3.5, 0.5)


def test_ten_ces_answers_with_none_above_5_are_refused_until_the_scale_is_said() -> None:
    data = scores(*[5, 4, 3, 2, 1] * 2)
    with pytest.raises(InputError, match="--scale 5, or --scale 7"):
        calc(data, "ces")
    assert value(data, "ces", given={"scale": 5}) == 3
    assert value(data, "ces", given={"scale": 7}) == 3


# Loyalty


FORMS = [("ann", "recommend", 6), ("ann", "again", 7), ("ann", "other", 8)]


def test_a_form_of_6_7_and_8_has_a_loyalty_index_of_7() -> None:
    assert value(table("respondent,question,score", FORMS), "cli") == 7


def test_the_loyalty_index_leaves_unfinished_forms_out_and_counts_them() -> None:
    bob = [("bob", "recommend", 9), ("bob", "again", 9), ("bob", "other", 3)]
    found = answer(table("respondent,question,score", [*FORMS, *bob, ("cy", "recommend", 10)]), "cli")
    assert (found["cli"], found["respondents"], found["incomplete"]) == (7, 2, 1)


def test_a_second_round_is_another_form() -> None:
    first = [(*form, "2026-01-10") for form in FORMS]
    second = [("ann", question, 10, "2026-04-10") for _, question, _ in FORMS]
    found = answer(table("respondent,question,score,date", [*first, *second]), "cli")
    assert (found["cli"], found["respondents"]) == (8.5, 2)


def test_one_question_answered_three_times_is_no_form() -> None:
    data = table("respondent,question,score", [*FORMS, *[("bob", "recommend", 10)] * 3])
    found = answer(data, "cli")
    assert (found["cli"], found["respondents"], found["incomplete"]) == (7, 1, 1)


def test_the_loyalty_index_refuses_more_than_three_questions_and_rows_of_nobody() -> None:
    with pytest.raises(InputError, match="three questions"):
        calc(table("respondent,question,score", [*FORMS, ("ann", "price", 2)]), "cli")
    with pytest.raises(InputError, match="respondent and the question"):
        calc(table("respondent,question,score", [*FORMS, (None, "again", 2)]), "cli")


def test_the_loyalty_index_needs_to_know_who_answered_what() -> None:
    with pytest.raises(InputError, match="cli needs a column for question"):
        calc(table("respondent,score", [("ann", 6)]), "cli")


# Blends, rescaling and series


def test_the_experience_score_is_the_mean_of_three_scores_brought_to_0_to_100() -> None:
    given = {"nps": 40, "csat": "0.8", "ces": "5.5"}
    assert value(None, "x-score", given=given) == 75
    assert value(None, "x-score", given=given | {"nps_weight": 2}) == (2 * 70 + 80 + 75) / 4
    assert value(None, "x-score", given=given | {"ces": 4, "ces_scale": 5}) == 75


@pytest.mark.parametrize("stray", [{"csat": 80}, {"nps": 140}, {"ces": 8}])
def test_the_experience_score_of_a_score_outside_its_scale_is_no_number(stray: dict[str, int]) -> None:
    from cstool.errors import UndefinedError, UsageError

    with pytest.raises((UndefinedError, UsageError)):
        value(None, "x-score", given={"nps": 40, "csat": "0.8", "ces": 5} | stray)


def test_the_worst_answer_has_a_happiness_index_of_0_not_20() -> None:
    assert value(scores(1, 1), "happiness-index") == 0
    assert value(scores(*[4] * 9, 3), "happiness-index") == 72.5  # mean 3.9
    assert value(scores(1, 7), "happiness-index", given={"scale": 7}) == 50


def test_the_pulse_goes_by_month_unless_another_step_is_asked_for() -> None:
    data = table("score,date", [(4, "2026-01-05"), (2, "2026-01-20"), (5, "2026-02-01"), (1, "2026-04-01")])
    assert rows(calc(data, "pulse-trend"), "period", "pulse_trend") == [
        ("2026-01", 3),
        ("2026-02", 5),
        ("2026-04", 1),
    ]
    quarters = rows(calc(data, "pulse-trend", every="quarter"), "period", "pulse_trend")
    assert quarters == [("2026-Q1", pytest.approx(11 / 3)), ("2026-Q2", 1)]


def test_the_pulse_needs_dates_and_finds_a_stray_answer_once_the_scale_is_said() -> None:
    with pytest.raises(InputError, match="answered_at"):
        calc(scores(4, 5), "pulse-trend")
    data = table("score,date", [(4, "2026-01-05"), (55, "2026-01-06")])
    with pytest.raises(InputError, match=r"data\.csv:3 .*score is '55'"):
        calc(data, "pulse-trend", given={"scale": 5})


# Invitations


INVITED = table(
    "Email,Segment,Sent at,Answered at",
    [
        ("a@x.example", "SMB", "2026-01-05", "2026-01-07"),
        ("b@x.example", "SMB", "2026-01-05", None),
        ("c@x.example", "ENT", "2026-02-05", "2026-02-05"),
        ("d@x.example", "ENT", "2026-02-05", "2026-03-01"),
        ("e@x.example", "ENT", "2026-02-05", None),
    ],
)


def test_the_response_rate_divides_the_answered_invitations_by_all() -> None:
    assert answer(INVITED, "response-rate") == {"response_rate": 0.6, "invited": 5}
    assert rows(calc(INVITED, "response-rate", by="Segment"), "Segment", "response_rate") == [
        ("ENT", pytest.approx(2 / 3)),
        ("SMB", 0.5),
    ]
    assert value(None, "response-rate", given={"responses": 120, "invited": 500}) == 0.24


def test_an_answer_before_the_invitation_is_refused_naming_its_line() -> None:
    with pytest.raises(InputError, match=r"data\.csv:3 .*before the invitation"):
        calc(
            table("invited_at,answered_at", [("2026-01-05", "2026-01-06"), ("2026-01-05", "2026-01-04")]),
            "response-rate",
        )


def test_invitations_say_nothing_of_responses_without_a_column_of_answers() -> None:
    with pytest.raises(InputError, match="answered_at"):
        calc(table("invited_at", [("2026-01-05",)]), "response-rate")


# Files of several questions


@pytest.mark.parametrize("metric", ["nps", "csat", "ces", "happiness-index"])
def test_answers_to_several_questions_are_not_mixed(metric: str) -> None:
    data = table("question,score", [("how easy", 5), ("how glad", 4)])
    with pytest.raises(InputError, match="several questions"):
        calc(data, metric)
    given = {"scale": 10} if metric == "nps" else {}
    assert len(calc(data, metric, by="question", given=given).rows) == 2
    assert answer(data, metric, where="question = 'how easy'", given=given)["responses"] == 1


def test_metrics_of_different_scales_are_asked_for_one_by_one() -> None:
    with pytest.raises(UsageError, match="scale"):
        calc(scores(5, 4), "csat", "ces")


def test_a_survey_export_with_its_own_headers() -> None:
    data = table("score,comment,created_at", [(9, "good", "2026-01-05 10:00:00"), (3, "", "2026-02-05 10:00:00")])
    assert rows(calc(data, "nps", every="month"), "period", "nps") == [("2026-01", 100), ("2026-02", -100)]


# Samples


@pytest.mark.parametrize(
    ("shape", "metric", "options"),
    [
        ("responses", "nps", {"where": "question = 'nps'"}),
        ("responses", "csat", {"where": "question = 'csat'"}),
        ("responses", "ces", {"where": "question = 'ces'"}),
        ("responses", "cli", {"where": "question like 'loyalty%'"}),
        ("responses", "happiness-index", {"where": "question = 'csat'"}),
        ("responses", "pulse-trend", {"where": "question = 'nps'"}),
        ("invitations", "response-rate", {}),
    ],
)
def test_each_metric_computes_from_the_sample_of_its_shape(shape: str, metric: str, options: dict[str, Any]) -> None:
    data = "".join(sample_csv(shape))
    assert calc(data, metric, **options).rows
    assert understood(data).shape == shape
