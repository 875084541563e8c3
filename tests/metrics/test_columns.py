"""Which column plays which role: --map, --shape, near misses, and what `columns` and `metrics` tell of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cstool.errors import InputError, UsageError
from tests.conftest import Run
from tests.metrics.computing import book, calc, rows, table, value

Write = Callable[..., str]

ODD = table("who,before,after,plan", [("A", 100, 90, "pro"), ("B", 100, 60, "basic")])
MAPPING = {"account": "who", "starting_mrr": "before", "ending_mrr": "after"}


def test_map_says_which_column_plays_a_role() -> None:
    assert value(ODD, "nrr", mapping=MAPPING) == 0.75


def test_map_on_the_command_line(cstool: Run, write: Write) -> None:
    options = [part for role, column in MAPPING.items() for part in ("--map", f"{role}={column}")]
    ran = cstool("calc", "nrr", write("odd.csv", ODD), *options, "-f", "value")
    assert ran.out == "0.75\n"


def test_what_was_taken_for_what_is_said() -> None:
    [note] = [note for note in calc(ODD, "nrr", mapping=MAPPING).notes if "read as snapshot" in note]
    assert "starting_mrr = before" in note


def test_headers_that_are_the_roles_names_need_no_word() -> None:
    result = calc(table("account,starting_mrr,ending_mrr", [("A", 100, 90)]), "nrr")
    assert result.notes == ()


def test_map_to_a_column_that_is_missing_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="--map account: there is no column 'customer'") as refused:
        calc(ODD, "nrr", mapping={**MAPPING, "account": "customer"})
    assert "who, before, after, plan" in refused.value.hint


def test_map_to_a_role_that_is_none_suggests_one() -> None:
    with pytest.raises(UsageError, match="'startingmrr' is no role") as refused:
        calc(ODD, "nrr", mapping={"startingmrr": "before"})
    assert "starting_mrr" in refused.value.hint


@pytest.mark.parametrize("pair", ["account", "=who"])
def test_map_takes_role_and_column(cstool: Run, pair: str) -> None:
    ran = cstool("calc", "nrr", "-", "--map", pair, stdin=ODD)
    assert (ran.code, ran.out) == (2, "")
    assert "ROLE=COLUMN" in ran.err


def test_a_role_mapped_twice_is_refused(cstool: Run) -> None:
    ran = cstool("calc", "nrr", "-", "--map", "account=who", "--map", "account=plan", stdin=ODD)
    assert (ran.code, ran.out) == (2, "")
    assert "stands twice" in ran.err


def test_two_columns_that_could_both_be_it_are_an_error_and_never_a_choice() -> None:
    text = table("account,starting mrr,opening mrr,ending mrr", [("A", 100, 200, 90)])
    with pytest.raises(InputError, match="2 columns could be starting_mrr: starting mrr, opening mrr") as refused:
        calc(text, "nrr")
    assert '--map starting_mrr="starting mrr"' in refused.value.hint
    assert value(text, "nrr", mapping={"starting_mrr": "opening mrr"}) == 0.45


def test_a_misspelt_header_is_suggested_and_not_taken() -> None:
    with pytest.raises(InputError, match="no column for starting_mrr") as refused:
        calc(table("account,startng_mrr,ending_mrr", [("A", 100, 90)]), "nrr")
    assert refused.value.hint == 'did you mean startng_mrr? say so with --map starting_mrr="startng_mrr"'


def test_headers_are_compared_without_case_spaces_and_punctuation() -> None:
    assert value(table("ACCOUNT ID,Starting-MRR,ending_mrr ", [("A", 100, 90)]), "nrr") == 0.9


def test_a_proper_name_goes_before_a_fallback() -> None:
    text = table("id,customer,starting_mrr,ending_mrr", [("1", "A", 100, 90), ("1", "B", 100, 90)])
    assert value(text, "nrr") == 0.9


def test_an_id_is_text() -> None:
    text = table("account,month,mrr", [("007", "2026-01", 100), ("7", "2026-02", 100)])
    result = calc(text, "mrr", "logo-churn", "new-mrr")
    assert rows(result) == [("2026-02", 100, 1, 100)]


# A table that could be two things

BOTH = table("account,month,mrr,starting_mrr,ending_mrr", [("A", "2026-01", 7, 100, 90)])


def test_shape_says_what_a_file_is() -> None:
    assert value(BOTH, "mrr", shape="ledger") == 7
    assert value(BOTH, "mrr", shape="snapshot") == 90


def test_a_shape_that_does_not_fit_says_what_it_needs() -> None:
    with pytest.raises(InputError, match="ledger needs account, month, mrr"):
        calc(table("account,starting_mrr,ending_mrr", [("A", 1, 2)]), "mrr", shape="ledger")


def test_a_shape_that_is_none_is_refused_listing_those_that_serve() -> None:
    with pytest.raises(UsageError, match="no shape 'pivot'") as refused:
        calc(BOTH, "mrr", shape="pivot")
    assert "ledger" in refused.value.hint


# columns


def test_columns_tells_roles_leftovers_and_metrics(cstool: Run, write: Write) -> None:
    path = write("a.csv", table("Customer ID,Opening MRR,Closing MRR,CSM", [("A", 100, 90, "Kim")]))
    told = cstool("columns", path, "-f", "json").json
    assert told["shape"] == "snapshot"
    assert told["roles"] == {"account": "Customer ID", "starting_mrr": "Opening MRR", "ending_mrr": "Closing MRR"}
    assert told["unused"] == ["CSM"]
    assert {"nrr", "grr", "logo-churn"} <= set(told["metrics"])
    assert told["missing"]["cohort-retention"]
    assert "cohort-retention" not in told["metrics"]


def test_what_columns_calls_computable_computes(cstool: Run, write: Write) -> None:
    text = cstool("sample", "ledger", "--accounts", "12").out
    told = cstool("columns", write("ledger.csv", text), "-f", "json").json
    assert told["metrics"]
    catalogue = {one.name: one for one in book().catalogue()}
    tables = {name for name, one in catalogue.items() if one.table and one.of != "health"}  # health asks for its rules
    asked = [name for name in told["metrics"] if not catalogue[name].table]
    assert {column.key for column in calc(text, *asked).values} == {name.replace("-", "_") for name in asked}
    for name in set(told["metrics"]) & tables:
        assert calc(text, name).rows, name
    assert not set(told["metrics"]) & set(told["missing"])


def test_columns_of_a_file_that_is_nothing_known_names_what_is_missing(cstool: Run, write: Write) -> None:
    told = cstool("columns", write("x.csv", "fruit,colour\napple,red\n"), "-f", "json").json
    assert told["shape"] is None
    assert told["unused"] == ["fruit", "colour"]
    assert told["metrics"] == []


def test_columns_takes_a_mapping(cstool: Run, write: Write) -> None:
    options = [part for role, column in MAPPING.items() for part in ("--map", f"{role}={column}")]
    told = cstool("columns", write("odd.csv", ODD), *options, "-f", "json").json
    assert told["roles"] == MAPPING


# metrics


def test_metrics_lists_every_metric_with_what_it_needs(cstool: Run) -> None:
    listed = cstool("metrics", "-f", "json").json
    assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
    for one in listed:
        assert {"name", "term", "unit", "formula", "shapes", "measures"} <= set(one)
    by_name = {one["name"]: one for one in listed}
    assert by_name["nrr"]["formula"] == "(starting + expansion - contraction - churned) / starting"
    assert by_name["nrr"]["unit"] == "percent"
    assert {"snapshot", "ledger", "wide", "subscriptions", "invoices", "movements"} <= set(by_name["nrr"]["shapes"])


def test_one_metric_tells_the_headers_that_are_understood(cstool: Run) -> None:
    [one] = cstool("metrics", "NRR", "-f", "json").json
    assert one["name"] == "nrr"
    assert "opening mrr" in one["roles"]["starting_mrr"]


def test_a_metric_that_is_none_is_a_wrong_command_line(cstool: Run) -> None:
    ran = cstool("metrics", "nrrr")
    assert (ran.code, ran.out) == (2, "")


def test_of_columns_with_one_name_one_is_chosen_by_its_place(tmp_path: Path, cstool: Run) -> None:
    (tmp_path / "a.csv").write_text("account,mrr,mrr\nK1,100,90\nK2,100,100\n", encoding="utf-8")
    unclear = cstool("calc", "nrr", "a.csv", "--map", "starting_mrr=mrr", cwd=tmp_path)
    assert unclear.code == 3
    assert "name one by its place: #2 or #3" in unclear.err
    chosen = ("--map", "starting_mrr=#2", "--map", "ending_mrr=#3")
    assert cstool("calc", "nrr", "a.csv", *chosen, "-f", "value", cwd=tmp_path).out == "0.95\n"
