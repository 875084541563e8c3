"""What a file lacks is said in one way, by errors, `columns` and the library."""

from __future__ import annotations

from cstool.model.missing import ExcludedBy, MissingMonths, MissingOneOf, MissingRole, missing_roles, shortened
from tests.conftest import Run
from tests.families.understanding import understood


def test_one_role_is_missing_or_one_of_several() -> None:
    assert missing_roles(["mrr"]) == MissingRole("mrr")
    assert missing_roles(["mrr", "amount"]) == MissingOneOf(("mrr", "amount"))
    assert str(missing_roles(["mrr", "amount"])) == "mrr or amount"
    assert str(MissingMonths()) == "columns of months"
    assert str(ExcludedBy("responses", ("answer_count",))) == "a responses file has no answer_count"


def test_many_choices_are_shortened_in_a_table_only() -> None:
    many = missing_roles(["a", "b", "c", "d", "e"])
    assert shortened(many) == "a or b or c or 2 more"
    assert str(many) == "a or b or c or d or e"
    assert shortened(missing_roles(["a", "b", "c", "d"])) == "a or b or c or d"


def test_columns_and_errors_name_what_is_missing_alike(cstool: Run) -> None:
    text = "account,start_date\nA,2026-01-01\n"
    assert understood(text).lacking("mrr") == ["mrr or amount or unit_price"]
    printed = cstool("columns", "-", "-f", "json", stdin=text).json["missing"]["mrr"]
    assert printed == ["mrr or amount or unit_price"]
    refused = cstool("calc", "mrr", "-", "--shape", "subscriptions", stdin=text)
    assert "no column for mrr or amount or unit_price" in refused.err
    assert "--map mrr=COLUMN" in refused.err


def test_a_term_that_is_not_computed_says_what_is_computed_instead(cstool: Run) -> None:
    refused = cstool("calc", "segment-analysis", "a.csv")
    assert refused.code == 2
    assert refused.err.splitlines()[1].startswith("Any metric with `--by`")
