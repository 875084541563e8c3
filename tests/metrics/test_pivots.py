"""Tables out of pivot tables and queries, whose headers say what was added up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cstool.errors import InputError
from tests.conftest import Run
from tests.metrics.computing import calc, mrr_by_month, table, value


@pytest.mark.parametrize(
    "form",
    [
        "Sum of {}", "Summe von {}", "Somme de {}", "Suma de {}", "Somma di {}", "Soma de {}", "Som van {}", "SUM({})",
        "sum_{}", "{} (sum)", "{}_sum", "Total {}", "Sum of {} (USD)",
    ],
)  # fmt: skip
def test_a_header_may_say_that_it_is_a_sum(form: str) -> None:
    header = f"account,{form.format('Starting MRR')},{form.format('Ending MRR')}"
    assert value(table(header, [("A", 100, 90)]), "nrr") == 0.9


def test_a_plain_header_goes_before_a_sum() -> None:
    text = table("account,month,Total MRR,MRR", [("A", "2026-01", 500, 100), ("A", "2026-02", 500, 90)])
    assert mrr_by_month(text) == {"2026-01": 100, "2026-02": 90}


def test_two_sums_are_an_error_and_never_a_choice() -> None:
    text = table("account,month,Total MRR,Sum of MRR", [("A", "2026-01", 500, 100)])
    with pytest.raises(InputError, match="2 columns could be mrr: Total MRR, Sum of MRR"):
        calc(text, "mrr")


@pytest.mark.parametrize("other", ["Average of", "Count of", "Max of", "Mittelwert von", "avg"])
def test_other_statistics_are_no_sums(other: str) -> None:
    text = table(f"account,{other} Starting MRR,{other} Ending MRR", [("A", 100, 90)])
    with pytest.raises(InputError, match="no column for starting_mrr") as refused:
        calc(text, "nrr")
    assert f"{other} Starting MRR is no sum" in refused.value.hint


def test_an_average_is_not_taken_for_a_column_that_is_not_there() -> None:
    text = table("starting mrr,expansion mrr,Average of contraction mrr,churned mrr", [(5000, 200, 500, 500)])
    with pytest.raises(InputError, match="Average of contraction mrr is no sum of contraction_mrr"):
        calc(text, "nrr")


def test_a_survey_that_is_added_up_already_is_refused() -> None:
    text = table("score,count", [(10, 3), (9, 2), (0, 1)])
    with pytest.raises(InputError, match="a responses file has no answer_count"):
        calc(text, "nps")
    assert value(text, "nps", mapping={"score": "score"}) == pytest.approx(100 / 3)


@pytest.mark.parametrize("header", ["Sum of Price", "Sum of Score", "Total Quantity", "Sum of Start Date"])
def test_sums_of_what_does_not_add_up_are_not_taken(header: str) -> None:
    with pytest.raises(InputError, match="no column for"):
        calc(table(f"account,start date,{header}", [("A", "2026-01-01", 100)]), "mrr", shape="subscriptions")


def test_months_of_a_pivot_table() -> None:
    text = table("account,Sum of Jan 2026,Sum of Feb 2026,Grand Total", [("A", 100, 90, 190)])
    assert mrr_by_month(text) == {"2026-01": 100, "2026-02": 90}


def test_a_pivot_table_below_its_titles_on_the_command_line(write: Callable[..., str], cstool: Run) -> None:
    text = "Report,,\nAll segments,,\nCustomer,Sum of Starting MRR,Sum of Ending MRR\nA,100,90\nB,300,310\n"
    ran = cstool("calc", "nrr,grr", write("pivot.csv", text), "-f", "csv")
    assert ran.out == "nrr,grr\n1,0.975\n"
