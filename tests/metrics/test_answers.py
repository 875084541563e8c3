"""What comes back: measures and formulas, variants, accounts, undefined values, values set beside a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cstool.compute.formulas.given_values import given_number
from cstool.errors import UndefinedError, UsageError
from tests.conftest import Run
from tests.metrics.computing import answer, calc, rows, table, value

Write = Callable[..., str]

SNAPSHOT = table(
    "account,segment,starting_mrr,ending_mrr",
    [("A", "SMB", 1000, 1200), ("B", "SMB", 500, 400), ("C", "SMB", 200, 0), ("D", "Enterprise", 0, 300)],
)
# A came before, left, and is back; B shrinks; C is new; D leaves.
RETURNING = table(
    "account,month,mrr",
    [
        ("A", "2026-01", 40),
        ("B", "2026-01", 100),
        ("B", "2026-02", 100),
        ("B", "2026-03", 80),
        ("C", "2026-03", 30),
        ("D", "2026-02", 60),
        ("A", "2026-03", 50),
    ],
)


# Explain


def test_explain_adds_the_measures_as_further_keys(cstool: Run, write: Write) -> None:
    ran = cstool("calc", "nrr", write("s.csv", SNAPSHOT), "--explain", "-f", "json")
    assert ran.json == [
        {
            "nrr": pytest.approx(1600 / 1700),
            "starting": 1700,
            "expansion": 200,
            "contraction": 100,
            "churned": 200,
        }
    ]


def test_explain_shows_the_formula_and_the_numbers_it_ran_on(cstool: Run, write: Write) -> None:
    out = cstool("calc", "nrr", write("s.csv", SNAPSHOT), "--explain").out
    assert "(starting + expansion - contraction - churned) / starting" in out
    assert "= (1700 + 200 - 100 - 200) / 1700 = 94.1%" in out


def test_explain_shows_the_months_of_each_window(cstool: Run, write: Write) -> None:
    out = cstool("calc", "logo-churn,mrr", write("l.csv", RETURNING), "--explain").out
    assert "customers_lost / customers_start, over 1 month" in out
    assert "= 1 / 2 = 50.0%" in out


def test_without_explain_no_measure_is_told() -> None:
    assert list(answer(SNAPSHOT, "nrr", "grr")) == ["nrr", "grr"]


def test_the_same_metric_asked_for_twice_is_told_once() -> None:
    assert list(answer(SNAPSHOT, "nrr", "NRR", "net revenue retention")) == ["nrr"]


# Variants


def test_with_reactivation_counts_customers_who_came_back() -> None:
    plain, with_them = (value(RETURNING, "nrr", window=1, variants=names) for names in ((), ("with-reactivation",)))
    assert plain == 80 / 160
    assert with_them == (80 + 50) / 160


def test_the_option_with_reactivation_is_the_variant(cstool: Run, write: Write) -> None:
    ran = cstool("calc", "nrr", write("l.csv", RETURNING), "--window", "1m", "--with-reactivation", "-f", "value")
    assert ran.out == "0.8125\n"


def test_cancelled_only_leaves_contraction_out_of_revenue_churn() -> None:
    assert value(RETURNING, "revenue-churn") == 80 / 160
    assert value(RETURNING, "revenue-churn", variants=("cancelled-only",)) == 60 / 160


def test_a_variant_that_no_metric_asked_for_has_is_refused_naming_those_there_are() -> None:
    with pytest.raises(UsageError, match="no metric asked for has it") as refused:
        calc(RETURNING, "nrr", variants=("cancelled-only",))
    assert "with-reactivation" in refused.value.hint


# Accounts


def test_accounts_lists_customers_at_the_start_first_the_largest_loss_on_top() -> None:
    result = calc(RETURNING, "nrr", window=1, accounts=True)
    assert rows(result, "account", "starting_mrr", "ending_mrr", "change", "movement") == [
        ("D", 60, 0, -60, "churned"),
        ("B", 100, 80, -20, "contraction"),
        ("A", 0, 50, 50, "reactivation"),
        ("C", 0, 30, 30, "new"),
    ]


def test_the_accounts_of_several_periods_tell_which(cstool: Run, write: Write) -> None:
    out = cstool("calc", "mrr-movements", write("a.csv", RETURNING), "--accounts", "-f", "csv").out
    header, *movements = csv.reader(out.splitlines())
    assert header[:2] == ["period", "account"]
    assert len({row[0] for row in movements}) > 1
    assert len({tuple(row[:2]) for row in movements}) == len(movements)


def test_the_accounts_of_a_metric_that_asks_for_no_history_still_say_who_came_back() -> None:
    result = calc(RETURNING, "grr", window=1, accounts=True)
    assert ("A", "reactivation") in rows(result, "account", "movement")


def test_the_changes_of_accounts_sum_to_the_net_new_mrr() -> None:
    changes = [change for (change,) in rows(calc(RETURNING, "nrr", window=1, accounts=True), "change")]
    assert sum(change for change in changes if not isinstance(change, str | None)) == value(RETURNING, "net-new-mrr")


def test_accounts_need_accounts_and_one_window() -> None:
    with pytest.raises(UsageError, match="has no accounts"):
        calc(table("starting_mrr,churned_mrr", [(100, 10)]), "grr", accounts=True)
    with pytest.raises(UsageError, match="no use for --every"):
        calc(RETURNING, "nrr", window=1, accounts=True, every="month")


# Annualise


def test_a_monthly_churn_is_compounded_and_not_multiplied() -> None:
    assert value(RETURNING, "logo-churn", annualise=True) == pytest.approx(1 - 0.5**12)
    text = table(
        "account,month,mrr", [("A", "2026-01", 5), ("A", "2026-03", 5), ("B", "2026-01", 5), ("C", "2026-02", 1)]
    )
    assert value(text, "logo-churn", window=2, annualise=True) == pytest.approx(1 - 0.5**6)


def test_a_yearly_rate_stays_as_it_is() -> None:
    text = table("account,month,mrr", [("A", "2025-01", 100), ("A", "2026-01", 80), ("B", "2025-06", 1)])
    assert value(text, "grr", annualise=True) == 0.8


def test_what_does_not_compound_is_refused() -> None:
    with pytest.raises(UsageError, match="--annualise"):
        calc(RETURNING, "mrr", annualise=True)


# Benchmarks


def test_benchmark_shows_figures_with_their_year_and_source_and_no_verdict(cstool: Run, write: Write) -> None:
    months = [(account, f"2025-{month:02d}", 100) for month in range(1, 13) for account in "AB"]
    path = write("l.csv", table("account,month,mrr", [*months, ("A", "2026-01", 90), ("B", "2026-01", 100)]))
    out = cstool("calc", "nrr", path, "--benchmark").out
    assert "101%" in out
    assert "2024" in out
    assert "benchmarkit" in out.lower()
    assert cstool("calc", "nrr", path, "--benchmark", "-f", "value").out == "0.95\n"


# Undefined

ALL_NEW = table("account,segment,starting_mrr,ending_mrr", [("A", "SMB", 0, 100), ("B", "Mid", 100, 90)])


def test_undefined_is_null_in_json_and_the_others_are_told(cstool: Run, write: Write) -> None:
    ran = cstool("calc", "nrr,mrr", write("s.csv", ALL_NEW), "--by", "segment", "-f", "json")
    assert ran.code == 0
    assert ran.json == [{"segment": "Mid", "nrr": 0.9, "mrr": 90}, {"segment": "SMB", "nrr": None, "mrr": 100}]


def test_undefined_is_an_empty_cell(cstool: Run, write: Write) -> None:
    out = cstool("calc", "nrr,mrr", write("s.csv", ALL_NEW), "--by", "segment", "-f", "csv").out
    assert out.splitlines() == ["segment,nrr,mrr", "Mid,0.9,90", "SMB,,100"]


def test_undefined_is_na_for_people_and_the_reason_is_on_stderr(cstool: Run, write: Write) -> None:
    ran = cstool("calc", "nrr,mrr", write("s.csv", ALL_NEW), "--by", "segment")
    assert "n/a" in ran.out
    assert "nrr is undefined in SMB: starting" in ran.err
    assert "starting (MRR of all customers at the start of the period, sum(starting_mrr)) is zero" in ran.err
    assert "undefined" not in ran.out


def test_nothing_defined_is_exit_3_and_nothing_on_stdout(cstool: Run, write: Write) -> None:
    ran = cstool("calc", "nrr", write("s.csv", ALL_NEW), "--where", "segment = 'SMB'", "-f", "json")
    assert (ran.code, ran.out) == (3, "")
    assert "nrr is undefined" in ran.err


def test_no_losses_leave_the_quick_ratio_undefined() -> None:
    with pytest.raises(UndefinedError, match="quick_ratio is undefined"):
        calc(table("account,starting_mrr,ending_mrr", [("A", 100, 150)]), "quick-ratio")


def test_growth_from_nothing_is_undefined() -> None:
    text = table("account,starting_mrr,ending_mrr", [("A", 0, 150)])
    with pytest.raises(UndefinedError):
        calc(text, "growth")


def test_no_churn_leaves_the_lifetime_undefined() -> None:
    with pytest.raises(UndefinedError, match="customer_lifetime"):
        calc(table("account,starting_mrr,ending_mrr", [("A", 100, 150)]), "customer-lifetime")


# Values set


def test_a_value_no_file_gives_is_set_beside_it() -> None:
    [(ltv,)] = rows(calc(RETURNING, "ltv", given={"gross_margin": "0.8"}), "ltv")
    assert ltv == pytest.approx((160 / 3) * 0.8 / 0.5)


def test_a_margin_that_was_not_set_is_taken_as_one_and_said() -> None:
    result = calc(RETURNING, "ltv")
    assert result.rows[0]["ltv"] == pytest.approx((160 / 3) / 0.5)
    assert any("gross_margin" in note and "--set" in note for note in result.notes)


def test_a_value_that_the_file_gives_is_not_set() -> None:
    with pytest.raises(UsageError, match="the file gives it"):
        calc(SNAPSHOT, "nrr", given={"starting": 5})


def test_a_value_nothing_uses_is_not_set() -> None:
    with pytest.raises(UsageError, match="nothing asked for uses it") as refused:
        calc(SNAPSHOT, "nrr", given={"marbles": 5})
    assert "measures used: churned, contraction, expansion, starting" in refused.value.hint


def test_values_alone_give_the_metric(cstool: Run) -> None:
    given = ("starting=100000", "expansion=15000", "contraction=5000", "churned=8000")
    ran = cstool("calc", "nrr", *(part for one in given for part in ("--set", one)), "-f", "value")
    assert (ran.code, ran.out, ran.err) == (0, "1.02\n", "")


@pytest.mark.parametrize("text", ["2%", "0.02", " 2 % ", "2e-2", "+.02"])
def test_a_percentage_is_given_as_percent_or_fraction(text: str) -> None:
    assert given_number("churn", text) == Decimal("0.02")


@pytest.mark.parametrize("text", ["12k", "1_000", "nan", "inf", "1,000", "%", "ten"])
def test_what_is_no_number_is_not_set(text: str) -> None:
    with pytest.raises(UsageError, match="is not a number"):
        given_number("starting", text)


@pytest.mark.parametrize("pair", ["starting=12k", "starting=", "starting"])
def test_a_wrong_set_is_a_wrong_command_line(cstool: Run, pair: str) -> None:
    ran = cstool("calc", "nrr", "--set", pair)
    assert (ran.code, ran.out) == (2, "")
    assert "--set" in ran.err


def test_a_missing_value_lists_what_is_needed() -> None:
    with pytest.raises(UsageError, match="nrr needs churned, contraction") as refused:
        calc(None, "nrr", given={"starting": 100, "expansion": 5})
    assert "--set starting=VALUE" in refused.value.hint


def test_what_is_assumed_is_said_in_one_note() -> None:
    given = {"nps": 20, "csat": 0.8, "ces": 5}
    assert calc(None, "x-score", given=given).notes == (
        "x-score: nps_weight is taken as 1, csat_weight is taken as 1, ces_weight is taken as 1,"
        " ces_scale is taken as 7; --set nps_weight=VALUE says otherwise",
    )


def test_what_is_assumed_is_not_called_needed() -> None:
    with pytest.raises(UsageError, match="x-score needs ces, csat, nps") as refused:
        calc(None, "x-score")
    assert refused.value.hint.endswith("cstool calc x-score --set ces=VALUE --set csat=VALUE --set nps=VALUE")


def test_reactivation_may_be_left_out_of_values() -> None:
    given = {"new": 30, "expansion": 10, "contraction": 5, "churned": 5}
    assert value(None, "quick-ratio", given=given) == 4
    assert value(None, "quick-ratio", given={**given, "reactivation": 10}) == 5


def test_a_zero_divisor_among_values_is_undefined() -> None:
    with pytest.raises(UndefinedError, match=r"nrr is undefined: starting .*is zero"):
        calc(None, "nrr", given={"starting": 0, "expansion": 1, "contraction": 0, "churned": 0})


@pytest.mark.parametrize(
    "options", [{"by": "segment"}, {"where": "true"}, {"every": "month"}, {"as_of": "2026-01"}, {"accounts": True}]
)
def test_what_needs_a_file_says_so(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="need a file"):
        calc(None, "mrr", given={"ending": 5}, **options)


# Names


@pytest.mark.parametrize("name", ["nrr", "NRR", "Net Revenue Retention", "net dollar retention", "NDR"])
def test_a_metric_answers_to_all_its_names(name: str) -> None:
    assert value(SNAPSHOT, "nrr") == answer(SNAPSHOT, name)["nrr"]


def test_a_near_miss_is_only_a_suggestion(cstool: Run, write: Write) -> None:
    ran = cstool("calc", "logo-chrun", write("s.csv", SNAPSHOT))
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean: logo-churn" in ran.err


def test_a_table_is_asked_for_alone() -> None:
    with pytest.raises(UsageError, match="table of its own"):
        calc(RETURNING, "mrr-movements", "nrr")


def test_metrics_of_different_files_are_asked_for_one_by_one() -> None:
    with pytest.raises(UsageError, match="need different files"):
        calc(SNAPSHOT, "nrr", "nps")
