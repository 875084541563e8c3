"""Folding names: what counts as the same name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstool.model.naming import normalise, singular


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Net Revenue Retention", "net revenue retention"),
        ("  net\trevenue \n retention ", "net revenue retention"),
        ("net-revenue_retention", "net revenue retention"),
        ("N.R.R.", "n r r"),
        ("Up-sell", "up sell"),
        ("DAU/MAU", "dau mau"),
        ("LTV:CAC", "ltv cac"),
        ("Land & Expand", "land and expand"),
        ("the customer's journey", "the customers journey"),
        ("the customer’s journey", "the customers journey"),
        ("the customer´s journey", "the customers journey"),
        ("ＮＲＲ", "nrr"),
        ("Straße", "strasse"),
        ("rule of 40%?", "rule of 40"),
        ("café", "café"),
        ("?!…", ""),
        ("", ""),
    ],
)
def test_case_spaces_and_punctuation_do_not_tell_names_apart(typed: str, folded: str) -> None:
    assert normalise(typed) == folded


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert normalise("cafe\u0301") == normalise("caf\u00e9")


@given(st.text())
def test_a_folded_name_is_folded_already(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("churn rates", "churn rate"),
        ("customer journeys", "customer journey"),
        ("categories", "category"),
        ("batches", "batch"),
        ("boxes", "box"),
        ("businesses", "business"),
        ("cohort analyses", "cohort analysis"),
        ("cohort analysis", "cohort analysis"),
        ("customer success", "customer success"),
        ("kpis", "kpi"),
        ("gas", "gas"),
    ],
)
def test_plurals_fold_to_the_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("value realisation", "value realization"),
        ("annualised", "annualized"),
        ("propensity modelling", "propensity modeling"),
        ("cancelled mrr", "canceled mrr"),
        ("behavioural data", "behavioral data"),
        ("licences", "licenses"),
        ("referral programmes", "referral programs"),
        ("best practises", "best practices"),
    ],
)
def test_british_and_american_spellings_are_the_same(british: str, american: str) -> None:
    assert singular(british) == singular(american)
