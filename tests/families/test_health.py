"""Health scores, risk scores and warnings on small tables whose answers are worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cstool.errors import InputError, UndefinedError, UsageError
from cstool.samples import sample_csv
from tests.conftest import Run
from tests.metrics.computing import calc, rows, table

Write = Callable[..., str]

CONFIG = """\
components:
  - {column: logins, weight: 3, low: 0, high: 100}
  - {column: tickets, weight: 1, low: 0, high: 10, better: lower}
bands: {red: 0, yellow: 50, green: 75}
"""


@pytest.fixture
def health(write: Write) -> Callable[..., Any]:
    """What `calc` makes of a table's text with a configuration's text."""

    def health_(data: str, config: str = CONFIG, metric: str = "health-score", **options: Any) -> Any:
        return calc(data, metric, config=write("health.yaml", config), **options)

    return health_


Health = Callable[..., Any]


def test_a_score_is_the_weighted_mean_of_its_rescaled_components_worst_first(health: Health) -> None:
    found = health(table("account,logins,tickets", [["a", 80, 0], ["b", 40, 5], ["c", 20, 10]]))
    assert rows(found, "account", "health_score", "band", "logins", "tickets") == [
        ("c", 15, "red", 20, 0),
        ("b", 42.5, "red", 40, 50),
        ("a", 85, "green", 80, 100),
    ]


def test_values_beyond_the_range_score_0_or_100(health: Health) -> None:
    found = health(table("account,logins,tickets", [["a", 300, -2], ["b", -5, 40]]))
    assert rows(found, "account", "logins", "tickets") == [("b", 0, 0), ("a", 100, 100)]


def test_a_missing_component_drops_with_its_weight_and_is_said(health: Health) -> None:
    found = health(table("account,logins,tickets", [["a", 80, 0], ["b", 80, None]]))
    assert rows(found, "account", "health_score", "missing") == [("b", 80, "tickets"), ("a", 85, None)]
    assert any("tickets: missing in 1 account" in note for note in found.notes)


def test_an_account_without_any_component_has_no_score_and_stands_last(health: Health) -> None:
    found = health(table("account,logins,tickets", [["a", None, None], ["b", 80, 0]]))
    assert rows(found, "account", "health_score", "band", "missing") == [
        ("b", 85, "green", None),
        ("a", None, None, "logins, tickets"),
    ]
    with pytest.raises(UndefinedError):
        health(table("account,logins,tickets", [["a", None, None]]))


@pytest.mark.parametrize(
    ("scores", "weights", "expected"), [((80, 71, 79, 54), (2, 3, 3, 2), 72), ((83, 71, 78), (7, 5, 8), 78)]
)
def test_published_scores(health: Health, scores: tuple[int, ...], weights: tuple[int, ...], expected: int) -> None:
    parts = "".join(f"- {{column: c{i}, weight: {w}, low: 0, high: 100}}\n" for i, w in enumerate(weights))
    data = table(",".join(["account", *(f"c{i}" for i in range(len(scores)))]), [["a", *scores]])
    (row,) = health(data, f"components:\n{parts}").rows
    assert round(row["health_score"]) == expected


def test_only_the_proportions_of_weights_matter(health: Health) -> None:
    data = table("account,logins,tickets", [["a", 80, 3]])
    halved = CONFIG.replace("weight: 3", "weight: 1.5").replace("weight: 1,", "weight: 0.5,")
    assert health(data).rows == health(data, halved).rows


def test_a_score_on_the_edge_belongs_to_the_band_that_begins_there(health: Health) -> None:
    # 2 of 3 counted twice and 11 of 12 make 75 exactly, which binary fractions just miss.
    config = """\
components:
  - {column: x, weight: 2, low: 0, high: 3}
  - {column: y, weight: 1, low: 0, high: 12}
bands: {red: 0, yellow: 50, green: 75}
"""
    found = health(table("account,x,y", [["a", 2, 11], ["b", 2, 10.99]]), config)
    assert rows(found, "account", "band") == [("b", "yellow"), ("a", "green")]


def test_a_component_can_be_given_a_name_and_groups_stand_beside_the_account(health: Health) -> None:
    config = "components:\n  - {column: NPS answer, weight: 1, low: 0, high: 10, name: nps}\n"
    found = health(table("account,segment,NPS answer", [["a", "SMB", 9]]), config, by="segment")
    assert found.rows == [{"account": "a", "segment": "SMB", "health_score": 90, "nps": 90, "missing": None}]


def test_risk_is_what_is_missing_to_100(health: Health) -> None:
    data = table("account,logins,tickets", [["a", 80, 0], ["b", 40, 5]])
    assert rows(health(data, metric="risk-score"), "account", "risk_score", "band") == [
        ("b", 57.5, "red"),
        ("a", 15, "green"),
    ]


def test_a_risk_score_of_the_files_own_is_taken_and_said() -> None:
    found = calc(table("account,Churn risk score", [["a", 10], ["b", 70]]), "risk-score")
    assert rows(found) == [("b", Decimal(70)), ("a", Decimal(10))]
    assert any("its own Churn risk score is taken" in note for note in found.notes)


# The configuration


def test_without_a_configuration_it_is_asked_for() -> None:
    with pytest.raises(UsageError, match="--config FILE") as told:
        calc(table("account,logins", [["a", 1]]), "health-score")
    assert "cstool sample health-config" in told.value.hint


@pytest.mark.parametrize(
    ("config", "line", "why"),
    [
        ("components:\n  - {column: a, weight: 0, low: 0, high: 1}\n", 2, "a weight is above zero"),
        ("components:\n  - {column: a, weight: x, low: 0, high: 1}\n", 2, "must be a number"),
        ("components:\n  - {column: a, weight: 1, low: 5, high: 1}\n", 2, "is not below high"),
        ("components:\n  - {column: a, weight: 1, low: 0}\n", 2, "'high' is missing"),
        ("components:\n  - {column: a, weight: 1, low: 0, high: 1, better: up}\n", 2, "must be one of higher, lower"),
        ("components:\n  - {column: band, weight: 1, low: 0, high: 1}\n", 2, "cannot be called 'band'"),
        ("bands: {red: 10, green: 50}\n", 1, "bands begin at 0"),
        ("bands: {red: 0, yellow: 80, green: 75}\n", 1, "bands begin at 0"),
        ("weigths: {}\n", 1, "unknown key 'weigths'"),
        ("rules:\n  - {rule: a, when: x > 1}\n  - {rule: a, when: x > 2}\n", 3, "stands twice"),
        ("components: [\n", 2, "not YAML"),
        ("", 1, "the file is empty"),
    ],
)
def test_what_is_wrong_with_a_configuration_is_told_by_line(health: Health, config: str, line: int, why: str) -> None:
    with pytest.raises(InputError) as told:
        health(table("account,a", [["x", 1]]), config)
    assert any(f"health.yaml:{line}: " in problem and why in problem for problem in told.value.problems)


def test_a_component_that_is_no_column_is_an_error(health: Health) -> None:
    with pytest.raises(InputError, match="there is no column 'tickets'"):
        health(table("account,logins", [["a", 1]]))


def test_a_component_that_is_no_number_is_refused_naming_its_line(health: Health) -> None:
    with pytest.raises(InputError, match=r"data\.csv:3 .*'many'"):
        health(table("account,logins,tickets", [["a", 1, 1], ["b", "many", 1]]))


def test_an_account_in_two_rows_is_refused(health: Health) -> None:
    with pytest.raises(InputError, match="duplicate"):
        health(table("account,logins,tickets", [["a", 1, 1], ["a", 2, 1]]))


# Warnings

RULES = """\
rules:
  - {rule: usage fell by half, when: logins <= logins_before * 0.5}
  - {rule: on Basic with tickets, when: plan = 'Basic' and tickets > 2}
texts: [plan]
"""
SIGNS = "account,logins,logins_before,plan,tickets"


def test_each_rule_that_holds_is_named_with_what_it_saw(health: Health) -> None:
    data = table(SIGNS, [["a", 9, 10, "Basic", 3], ["b", 5, 10, "Basic", 3], ["c", 9, 10, "Pro", 3]])
    assert rows(health(data, RULES, "early-warning")) == [
        ("b", "usage fell by half", "logins = 5, logins_before = 10"),
        ("b", "on Basic with tickets", "plan = Basic, tickets = 3"),
        ("a", "on Basic with tickets", "plan = Basic, tickets = 3"),
    ]


def test_columns_of_rules_are_compared_as_numbers(health: Health) -> None:
    data = table(SIGNS, [["a", 9, 100, "Pro", 0]])  # as text 9 would be more than 50
    assert rows(health(data, RULES, "early-warning"), "account") == [("a",)]


def test_a_rule_that_a_blank_leaves_open_is_said_not_taken_as_well(health: Health) -> None:
    found = health(table(SIGNS, [["a", None, 100, "Pro", 0], ["b", 1, 100, "Pro", 0]]), RULES, "early-warning")
    assert rows(found, "account") == [("b",)]
    assert any("'usage fell by half' cannot be judged in 1 account" in note for note in found.notes)


def test_no_warning_is_an_answer(health: Health) -> None:
    found = health(table(SIGNS, [["a", 9, 10, "Pro", 0]]), RULES, "early-warning")
    assert found.rows == []
    assert any("no rule holds for any of 1 account" in note for note in found.notes)


def test_rules_may_look_at_the_score_and_at_a_day(health: Health) -> None:
    config = CONFIG + "rules:\n  - {rule: near, when: renewal - as_of between 0 and 30 and health_score < 75}\n"
    config += "dates: [renewal]\n"
    data = table(
        "account,logins,tickets,renewal",
        [["a", 10, 5, "2026-11-30"], ["b", 100, 0, "2026-11-30"], ["c", 10, 5, "2026-12-01"]],
    )
    found = health(data, config, "early-warning", as_of="2026-10")
    assert rows(found, "account", "seen") == [("a", "health_score = 20, renewal = 2026-11-30")]
    with pytest.raises(UsageError, match="looks at as_of"):
        health(data, config, "early-warning")


@pytest.mark.parametrize(
    "when", ["(select 1) = 1", "logins > (select max(logins) from cells)", "read_text('x') = 'y'", "logins >"]
)
def test_a_rule_is_a_condition_and_nothing_more(health: Health, when: str) -> None:
    with pytest.raises(InputError, match="rule 'bad'"):
        health(table("account,logins", [["a", 1]]), f'rules:\n  - {{rule: bad, when: "{when}"}}\n', "early-warning")


def test_health_takes_no_options_that_would_do_nothing(health: Health) -> None:
    data = table("account,logins,tickets", [["a", 1, 1]])
    for options in ({"every": "month"}, {"as_of": "2026-10"}, {"given": {"churn": 1}}):
        with pytest.raises(UsageError):
            health(data, **options)
    with pytest.raises(UsageError, match="nps has no use for it"):
        calc(table("score", [[9]]), "nps", config="health.yaml")


# The command


def test_the_sample_configuration_fits_the_sample_signals(cstool: Run, write: Write) -> None:
    config = write("health.yaml", cstool("sample", "health-config").out)
    signals = write("signals.csv", "".join(sample_csv("signals")))
    for metric in ("health-score", "risk-score"):
        done = cstool("calc", metric, signals, "--config", config, "-f", "json")
        assert done.code == 0
        assert len(done.json) == 30  # customers that are left
    warned = cstool("calc", "early-warning", signals, "--config", config, "--as-of", "2026-10", "-f", "json")
    assert warned.code == 0
    assert {row["rule"] for row in warned.json} >= {"usage fell by half", "several escalations"}
