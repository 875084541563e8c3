"""Who describes a term without its name finds it, and descriptions of other fields find none."""

from __future__ import annotations

import pytest

from cstool.glossary.find.concepts import concepts
from tests.test_finding import find, matched, shipped, suggested


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("percentage of customers who renew", "renewal-rate"),
        ("time until customer gets value", "time-to-value"),
        ("expansion from existing customers", "expansion-revenue"),
        ("revenue kept from our customers without any expansion", "gross-revenue-retention"),
        ("paid seats that nobody uses", "shelfware"),
        ("how long does a ticket take to be solved", "time-to-resolution"),
        ("clients lost because a payment failed", "involuntary-churn"),
        ("share of users who use a feature", "feature-adoption-rate"),
        ("handing new customers over from sales", "hand-off-process"),
        ("free users who become paying", "freemium-conversion"),
        ("average revenue for each account", "arpa"),
        ("retaining clients", "customer-retention"),
        ("segmenting our customers", "customer-segmentation"),
        ("the plan with goals of a customer", "customer-success-plan"),
        ("invoices not paid on time", "accounts-receivable"),
        ("retained revenue", "revenue-retention"),
        ("what is the best way to collect customer feedback", "customer-feedback"),
    ],
)
def test_a_description_finds_the_term(typed: str, term: str) -> None:
    assert matched(find(typed)) == [term]


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("red account playbook", "red-account"),
        ("churnzero playbook", "playbook"),
        ("should csms carry a quota", "quota"),
        ("what is shelfware and how do you detect it", "shelfware"),
        ("median nrr 2025", "net-revenue-retention"),
        ("playbook example customer success", "playbook"),
        ("what does a customer success manager do all day", "customer-success-manager"),
    ],
)
def test_one_term_named_among_words_of_a_question_is_the_answer(typed: str, term: str) -> None:
    assert matched(find(typed)) == [term]


@pytest.mark.parametrize(
    "typed",
    [
        "time value of money",
        "gross churn retention",
        "customer experience manager",
        "paid leave policy",
        "mean time between failures",
        "fishing quota",
        "accounting period close",
        "how to compute depreciation",
        "breach of contract",
        "customer deposits liability",
        "percentage of students who graduate",
        "time until the patient recovers",
        "renewal of wedding vows",
    ],
)
def test_what_describes_no_term_or_several_is_not_answered(typed: str) -> None:
    assert not find(typed).matches


def test_what_people_ask_finds_the_entry_that_says_so() -> None:
    asked = [(text, term.id) for term in shipped().glossary.terms.values() for text in term.asked[:1]]
    missed = [(text, id_, matched(find(text))) for text, id_ in asked if id_ not in matched(find(text))]
    assert len(missed) <= len(asked) // 50, missed


def test_an_answer_is_not_among_the_other_ideas() -> None:
    found = find("segmenting customers")
    assert not set(matched(found)) & set(suggested(found))


def test_forms_of_a_word_and_other_words_for_the_same_are_one_concept() -> None:
    assert list(concepts("clients who canceled".split())) == list(concepts("customers that left".split()))
    assert list(concepts("renewing contracts".split())) == list(concepts("the renewal of an agreement".split()))
    assert concepts("accounting".split()) != concepts("accounts".split())
