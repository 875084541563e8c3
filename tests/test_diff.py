"""Telling terms apart: what is written, in whatever order it is asked, and both entries where nothing is."""

from __future__ import annotations

import csv
import io
import re
from itertools import permutations

import pytest

from cstool.api import Book
from cstool.errors import UsageError
from tests.conftest import Run

BOOK = Book()
WRITTEN = sorted(BOOK.glossary.differences)


@pytest.mark.parametrize("between", WRITTEN, ids="/".join)
def test_each_written_difference_answers_in_every_order(between: tuple[str, ...]) -> None:
    for order in permutations(between):
        difference = BOOK.difference([BOOK.resolve(id_) for id_ in order])
        assert difference is not None
        assert difference.between == between
        assert all(aspect.values.keys() == set(difference.columns) for aspect in difference.aspects)


def test_the_order_of_the_question_changes_the_order_of_the_columns_and_nothing_else(cstool: Run) -> None:
    record = cstool("diff", "grr", "nrr", "-f", "json").json
    other = cstool("diff", "nrr", "grr", "-f", "json").json
    assert record["terms"] == ["gross-revenue-retention", "net-revenue-retention"]
    assert other["terms"] == record["terms"][::-1]
    assert [list(aspect["values"]) for aspect in record["aspects"]] == [record["terms"]] * len(record["aspects"])
    assert [list(aspect["values"]) for aspect in other["aspects"]] == [other["terms"]] * len(record["aspects"])
    assert {**other, "terms": record["terms"]} == record
    assert record["written"] is True
    assert record["aspects"][0].keys() == {"aspect", "values"}
    assert all(record[key] for key in ("summary", "use", "mistake", "sources"))


@pytest.mark.parametrize("name", ["NRR", "net revenue retention", "Net Dollar Retention", "net-revenue-retention"])
def test_any_name_of_a_term_will_do(cstool: Run, name: str) -> None:
    ran = cstool("diff", name, "Gross Revenue Retention", "-f", "json")
    assert (ran.code, ran.err, ran.json["written"]) == (0, "", True)


def test_a_misspelt_name_is_taken_and_that_is_said(cstool: Run) -> None:
    ran = cstool("diff", "net revenu retension", "grr", "-f", "json")
    assert (ran.code, ran.json["written"]) == (0, True)
    assert ran.err == "taking Net Revenue Retention for 'net revenu retension'\n"
    assert cstool("diff", "net revenu retension", "grr", "-f", "json", "--quiet").err == ""


def test_three_terms_are_told_apart_in_any_order(cstool: Run) -> None:
    for order in permutations(["bookings", "billings", "revenue"]):
        record = cstool("diff", *order, "-f", "json").json
        assert record["written"] is True
        assert record["terms"] == list(record["aspects"][0]["values"]) == list(order)


# Pairs in which a swapped column would be believed: what must stand under the first of each.
UNDER = {
    ("customer-success", "customer-support"): "a plan or a signal in the data",
    ("upsell", "cross-sell"): "more or better of the same",
    ("magic-number", "quick-ratio"): "growth with spend",
    ("customer-loyalty", "advocacy"): "renewals, more purchases",
    ("customer-education", "customer-training"): "a lasting program",
    ("net-new-mrr", "new-mrr"): "counted, up and down",
}


@pytest.mark.parametrize("pair", UNDER, ids="/".join)
def test_each_value_stands_under_the_term_it_is_about(cstool: Run, pair: tuple[str, str]) -> None:
    for order in (pair, pair[::-1]):
        header, *rows = csv.reader(io.StringIO(cstool("diff", *order, "-f", "csv").out))
        assert header == ["aspect", *order]
        assert UNDER[pair] in [row[header.index(pair[0])] for row in rows]


def test_a_question_has_its_columns_in_the_order_of_the_question(cstool: Run) -> None:
    record = cstool("lookup", "difference between nrr and grr", "-f", "json").json["difference"]
    assert list(record["aspects"][0]["values"]) == ["net-revenue-retention", "gross-revenue-retention"]


def test_where_nothing_is_written_both_entries_stand_side_by_side_and_that_is_said(cstool: Run) -> None:
    ran = cstool("diff", "nrr", "seat", "-f", "json")
    record = ran.json
    assert ran.code == 0
    assert (record["terms"], record["written"], record["same"]) == (["net-revenue-retention", "seat"], False, False)
    assert record["summary"].startswith("No difference is written for Net Revenue Retention and Seat")
    aspects = {aspect["aspect"]: aspect["values"] for aspect in record["aspects"]}
    assert aspects["what it is"] == {id_: BOOK.terms[id_].definition for id_ in record["terms"]}
    assert list(aspects["formula"].values()) == ["(starting + expansion - contraction - churned) / starting", ""]
    table = cstool("diff", "nrr", "seat").out
    assert "No difference is written" in table
    assert all(BOOK.terms[id_].definition in table for id_ in record["terms"])


def test_three_terms_without_a_written_difference_stand_side_by_side(cstool: Run) -> None:
    record = cstool("diff", "nrr", "seat", "churn", "-f", "json").json
    assert record["written"] is False
    assert [len(aspect["values"]) for aspect in record["aspects"]] == [3] * len(record["aspects"])


def test_two_names_of_one_entry_are_said_to_be_that(cstool: Run) -> None:
    record = cstool("diff", "recurring revenue", "recurring revenue", "-f", "json").json
    assert (record["written"], record["same"], len(record["terms"])) == (False, True, 2)
    assert record["summary"].startswith("These are names of one entry, Recurring Revenue: ")
    assert all(len(aspect["values"]) == 1 for aspect in record["aspects"])
    assert "These are names of one entry" in cstool("diff", "recurring revenue", "recurring revenue").out


def test_two_names_of_one_entry_may_have_a_written_difference(cstool: Run) -> None:
    record = cstool("diff", "ndr", "nrr", "-f", "json").json
    assert (record["written"], record["terms"]) == (True, ["net-revenue-retention"] * 2)
    assert [list(aspect["values"]) for aspect in record["aspects"]] == [["ndr", "nrr"]] * len(record["aspects"])
    out = cstool("diff", "nrr", "ndr").out
    assert "Net Revenue Retention: its names" in out
    assert re.search(r"^ +NRR +NDR$", out, re.MULTILINE)


# What people type first, and the terms whose written difference they get.
TYPED = {
    "churn retention": "churn customer-retention",
    "churn|churn rate": "churn logo-churn",
    "arr revenue": "annual-recurring-revenue revenue",
    "renewal expansion": "renewal expansion",
    "persona icp": "buyer-persona ideal-customer-profile",
    "csm support": "customer-success-manager customer-support",
    "customer success|sales": "customer-success sales",
    "success plan|account plan": "customer-success-plan account-plan",
    "severity priority": "severity-level ticket-priority",
    "referral reference": "referral-program customer-reference",
    "loyalty satisfaction": "customer-loyalty customer-satisfaction",
    "acv arr": "annual-contract-value annual-recurring-revenue",
    "tam cse": "technical-account-manager customer-success-engineer",
    "clg plg": "customer-led-growth product-led-growth",
    "csm am support": "customer-success-manager account-manager customer-support",
}


@pytest.mark.parametrize("typed", TYPED)
def test_what_people_type_first_is_answered_by_what_is_written(cstool: Run, typed: str) -> None:
    ran = cstool("diff", *(typed.split("|") if "|" in typed else typed.split()), "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["written"], ran.json["terms"]) == (True, TYPED[typed].split())


def test_a_broader_term_is_answered_by_the_difference_of_a_narrower_one_and_that_is_said(cstool: Run) -> None:
    ran = cstool("diff", "grr", "churn", "-f", "json")
    assert (ran.code, ran.json["written"]) == (0, True)
    assert ran.json["terms"] == ["gross-revenue-retention", "revenue-churn"]
    assert ran.err == (
        "no difference is written for just Gross Revenue Retention, Churn; "
        "showing Gross Revenue Retention, Revenue Churn\n"
    )
    asked = cstool("lookup", "grr vs churn", "-f", "json").json["difference"]
    assert asked == ran.json


def test_two_of_three_terms_are_answered_by_the_difference_of_the_three(cstool: Run) -> None:
    ran = cstool("diff", "passive", "promoter", "-f", "json")
    assert (ran.json["written"], ran.json["terms"]) == (True, ["passive", "promoter", "detractor"])
    assert ran.err.endswith("showing Passive, Promoter, Detractor\n")


def test_a_kind_is_not_passed_off_as_the_whole_it_is_asked_to_be_told_from(cstool: Run) -> None:
    # revenue-churn and net-revenue-churn are written, but churn and net revenue churn is another question.
    assert cstool("diff", "churn", "net revenue churn", "-f", "json").json["written"] is False


@pytest.mark.parametrize("names", [("nrr", "photosynthesis"), ("photosynthesis", "nrr"), ("qqq", "photosynthesis")])
def test_a_term_that_is_not_found_leaves_stdout_empty_and_exits_1(cstool: Run, names: tuple[str, str]) -> None:
    ran = cstool("diff", *names, "-f", "json")
    assert (ran.code, ran.out) == (1, "")
    assert "nothing found for 'photosynthesis'" in ran.err


def test_the_library_refuses_a_name_it_does_not_know_with_a_suggestion() -> None:
    with pytest.raises(UsageError) as refused:
        BOOK.resolve("nnr")
    assert refused.value.hint == "did you mean: Net Revenue Retention?"


@pytest.mark.parametrize("names", [("nrr",), ("nrr", "grr", "churn", "seat")])
def test_fewer_than_two_or_more_than_three_terms_are_refused(cstool: Run, names: tuple[str, ...]) -> None:
    ran = cstool("diff", *names)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"cstool: diff takes two or three terms, not {len(names)}\n")


def test_each_format_tells_the_same_difference(cstool: Run) -> None:
    record = cstool("diff", "nrr", "grr", "-f", "json").json
    aspects = [[aspect["aspect"], *aspect["values"].values()] for aspect in record["aspects"]]
    assert cstool("diff", "nrr", "grr", "-f", "jsonl").json == record
    assert cstool("diff", "nrr", "grr", "-f", "value").out == f"{record['summary']}\n"
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        out = cstool("diff", "nrr", "grr", "-f", form, "--raw").out
        assert list(csv.reader(io.StringIO(out), delimiter=delimiter)) == [["aspect", *record["terms"]], *aspects]
    for form in ("table", "md"):
        out = cstool("diff", "nrr", "grr", "-f", form).out
        assert record["summary"] in out
        assert all(cell in out for row in aspects for cell in row)
        assert record["use"] in out
        assert record["mistake"] in out


@pytest.mark.parametrize("between", ["vs", "vs.", "VS", "versus"])
def test_terms_with_vs_between_them_need_no_quotes(between: str, cstool: Run) -> None:
    quoted = cstool("diff", "logo churn", "revenue churn").out
    assert cstool("diff", "logo", "churn", between, "revenue", "churn").out == quoted


def test_of_three_terms_the_differences_between_two_are_named(cstool: Run) -> None:
    ran = cstool("diff", "upsell", "cross-sell", "expansion")
    commands = re.findall(r"cstool (diff [^;\n]+)", ran.err)
    assert commands
    for command in commands:
        assert cstool(*command.split(), "-f", "json").json["written"]


def test_words_of_one_name_are_told_to_be_quoted(cstool: Run) -> None:
    ran = cstool("diff", "net", "revenue", "retention")
    assert ran.code == 1
    assert 'quote names of several words: cstool diff "logo churn" "revenue churn"' in ran.err
