"""`--accounts`: what a number is made of, for every metric that comes from rows."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.compute.formulas.catalog import Available
from cstool.errors import UsageError
from cstool.model.results import Result
from cstool.samples import sample_csv
from tests.conftest import Run
from tests.metrics.computing import answer, book, calc, rows, table

Write = Callable[..., str]

CATALOGUE = {one.name: one for one in book().catalogue()}
WITHOUT_ACCOUNTS = ("economics",)
COMPUTED = [name for name, one in CATALOGUE.items() if one.metric and one.sample]


@cache
def sample(shape: str) -> str:
    return "".join(sample_csv(shape, 40, 3))


def options(one: Available) -> dict[str, Any]:
    """What the sample of a metric asks for."""
    words = shlex.split(one.metric.sample) if one.metric else []
    return {"where": words[1]} if words[:1] == ["--where"] else {}


@pytest.mark.parametrize("name", [name for name, one in CATALOGUE.items() if not one.metric])
def test_a_table_is_refused_by_name_before_a_file_is_read(name: str) -> None:
    if name == "mrr-movements":
        return  # of recurring revenue, which accounts make up
    with pytest.raises(UsageError, match=name):
        calc("no table at all", name, accounts=True)


@pytest.mark.parametrize("name", COMPUTED)
def test_the_parts_of_the_listed_rows_add_up_to_the_measures(name: str) -> None:
    one = CATALOGUE[name]
    assert one.sample
    if one.of in WITHOUT_ACCOUNTS:
        with pytest.raises(UsageError, match=name):
            calc(sample(one.sample), name, shape=one.sample, accounts=True)
        return
    listed = calc(sample(one.sample), name, shape=one.sample, accounts=True, **options(one))
    if one.of == "revenue":
        assert {"account", "ending_mrr"} <= listed.rows[0].keys()
        return
    whole = calc(sample(one.sample), name, shape=one.sample, explain=True, **options(one))
    sums = {measure.measure for measure in one.measures if measure.sql.startswith(("count(", "sum("))}
    parts = sums & {column.key for column in listed.columns} & {column.key for column in whole.columns}
    assert parts or len(listed.columns) > 1
    for key in parts:
        assert total(listed, key) == pytest.approx(total(whole, key), rel=1e-12), key


def total(result: Result, key: str) -> float:
    return sum(float(row[key] or 0) for row in result.rows)


@pytest.mark.parametrize("name", ["nrr", "mrr"])
def test_what_accounts_pay_adds_up(name: str) -> None:
    listed = calc(sample("ledger"), name, accounts=True)
    whole = answer(sample("ledger"), "mrr", "nrr", explain=True)
    assert total(listed, "ending_mrr") == float(str(whole["mrr"]))
    assert total(listed, "starting_mrr") == float(str(whole["starting_12m"])) if name == "nrr" else "no start"


contract = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from(["2026-01-10", "2026-01-20", "2026-02-05"]),
    st.integers(1, 50),
    st.sampled_from(["Renewed", "Lost", "Open"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(contract, min_size=1, max_size=8))
def test_a_customer_with_several_contracts_is_listed_with_each_and_counted_once(
    contracts: list[tuple[str, str, int, str]],
) -> None:
    text = table("account,due_date,amount,status", contracts)
    listed = calc(text, "renewal-rate", accounts=True)
    whole = answer(text, "renewal-rate", explain=True)
    assert len(listed.rows) == len(contracts)
    assert total(listed, "due") == whole["due"]
    assert total(listed, "renewed") == whole["renewed"]


def test_the_customers_at_the_start_come_first_in_nrr_and_the_losses_in_grr() -> None:
    text = table("account,starting_mrr,ending_mrr", [("new", 0, 90), ("up", 10, 60), ("down", 50, 20), ("same", 5, 5)])
    assert [name for (name,) in rows(calc(text, "nrr", accounts=True), "account")] == ["up", "down", "same", "new"]
    assert [name for (name,) in rows(calc(text, "grr", accounts=True), "account")] == ["down", "up", "same", "new"]


def test_the_emptiest_accounts_come_first_in_utilization() -> None:
    text = table("account,seats_purchased,seats_used", [("A", 10, 9), ("B", 10, 1), ("C", 0, 0), ("D", 4, 2)])
    listed = rows(calc(text, "utilization", accounts=True), "account", "seats_used", "utilization")
    assert listed == [("B", 1, 0.1), ("D", 2, 0.5), ("A", 9, 0.9), ("C", 0, None)]


def test_a_ticket_is_listed_with_its_account_beside_it() -> None:
    text = table(
        "ticket_id,account,created_at,first_response_at",
        [(1, "A", "2026-01-01 10:00", "2026-01-01 10:30"), (2, "B", "2026-01-01 10:00", None)],
    )
    assert rows(calc(text, "first-response-time", accounts=True), "account", "ticket", "first_response_time") == [
        ("A", "1", 30)
    ]


def test_a_metric_of_one_moment_lists_what_each_account_pays() -> None:
    text = table("account,month,mrr", [("A", "2026-01", 5), ("A", "2026-02", 7), ("B", "2026-02", 9)])
    assert rows(calc(text, "mrr", accounts=True)) == [("B", 9), ("A", 7)]


@pytest.mark.parametrize(
    ("name", "shape"),
    [("cac", "spend"), ("nrr", "movements"), ("concentration", "ledger")],
)
def test_what_has_no_accounts_is_refused_by_name(cstool: Run, write: Write, name: str, shape: str) -> None:
    ran = cstool("calc", name, write("a.csv", sample(shape)), "--shape", shape, "--accounts")
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err


FORMATS = {"csv": -1, "tsv": -1, "jsonl": 0, "table": -1, "md": -2}


@pytest.mark.parametrize("form", FORMATS)
def test_top_cuts_every_format_and_is_noted(cstool: Run, write: Write, form: str) -> None:
    ran = cstool("calc", "utilization", write("a.csv", sample("seats")), "--accounts", "--top", "3", "-f", form)
    assert len(ran.out.splitlines()) + FORMATS[form] == 3
    assert "the first 3 of 34 rows" in ran.err


def test_without_top_a_table_has_twenty_rows_and_a_program_gets_all(cstool: Run, write: Write) -> None:
    file = write("a.csv", sample("seats"))
    shown = cstool("calc", "utilization", file, "--accounts")
    assert len(shown.out.splitlines()) == 21
    assert "14 more" in shown.err
    everything = cstool("calc", "utilization", file, "--accounts", "-f", "json")
    assert len(json.loads(everything.out)) == 34
    assert "more" not in everything.err


@pytest.mark.parametrize("option", ["--explain", "--total", "--every=month"])
def test_an_option_without_a_meaning_for_accounts_is_refused(cstool: Run, write: Write, option: str) -> None:
    ran = cstool("calc", "nrr", write("a.csv", sample("ledger")), "--accounts", option)
    assert (ran.code, ran.out) == (2, "")
    assert option.partition("=")[0] in ran.err


def test_top_is_refused_without_accounts(cstool: Run, write: Write) -> None:
    assert cstool("calc", "nrr", write("a.csv", sample("ledger")), "--top", "3").code == 2
