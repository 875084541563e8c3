"""What holds for every company: the bridge closes, groups recombine, order does not matter, a second engine agrees."""

from __future__ import annotations

import gzip
import io
import math
import random
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cstool.errors import UndefinedError
from cstool.model.request import CalcRequest
from cstool.model.results import Value
from tests.conftest import Run
from tests.metrics import reference
from tests.metrics.companies import (
    ACCOUNTS,
    SNAPSHOTS,
    Question,
    Snapshot,
    ledger_csv,
    month_text,
    questions,
    segments_of,
    snapshot_csv,
)
from tests.metrics.computing import answer, book, calc, rows, table

MOVEMENTS = ("new", "reactivation", "expansion", "contraction", "churned")
few = settings(max_examples=6, deadline=None)
some = settings(max_examples=12, deadline=None)


def number(cell: Value) -> Decimal:
    assert isinstance(cell, Decimal)
    return cell


def ratio(cell: Value) -> float:
    assert isinstance(cell, float)
    return cell


def closes(row: dict[str, Value]) -> bool:
    up = sum(number(row[name]) for name in ("starting", "new", "reactivation", "expansion"))
    return up - number(row["contraction"]) - number(row["churned"]) == number(row["ending"])


@some
@given(questions())
def test_opening_and_movements_of_a_ledger_add_up_to_its_ending_exactly(question: Question) -> None:
    asked = ("net-new-mrr", "growth", "mrr")
    try:
        result = calc(
            ledger_csv(question.ledger), *asked, explain=True, as_of=question.as_of, window=question.length, by=()
        )
    except UndefinedError:
        assume(False)
    row = dict(result.rows[0])
    row |= {name: row[f"{name}_{question.length}m"] for name in (*MOVEMENTS, "starting", "ending")}
    assert closes(row)


@some
@given(SNAPSHOTS)
def test_opening_and_movements_of_a_snapshot_add_up_to_its_ending_exactly(snapshot: Snapshot) -> None:
    row = answer(snapshot_csv(snapshot), "net-new-mrr", "growth", explain=True)
    assert closes(row)
    assert number(row["ending"]) == sum(end for _, _, end in snapshot)


@few
@given(questions())
def test_every_row_of_the_bridge_opens_with_what_the_one_before_closed_with(question: Question) -> None:
    made = rows(calc(ledger_csv(question.ledger), "mrr-movements"), "opening", *MOVEMENTS, "closing")
    for opening, *moved, closing in (tuple(map(number, row)) for row in made):
        new, back, up, down, gone = moved
        assert opening + new + back + up - down - gone == closing
    assert [row[0] for row in made[1:]] == [row[-1] for row in made[:-1]]


@some
@given(SNAPSHOTS)
def test_gross_retention_exceeds_neither_one_nor_net_retention_and_is_the_rest_of_churn(snapshot: Snapshot) -> None:
    assume(any(start for _, start, _ in snapshot))
    row = answer(snapshot_csv(snapshot), "nrr", "grr", "revenue-churn", "logo-churn", "retention-rate")
    grr, nrr = ratio(row["grr"]), ratio(row["nrr"])
    assert 0 <= grr <= 1
    assert grr <= nrr
    assert math.isclose(ratio(row["revenue_churn"]), 1 - grr, abs_tol=1e-15)
    assert math.isclose(ratio(row["logo_churn"]) + ratio(row["retention_rate"]), 1, abs_tol=1e-15)


@few
@given(questions(), st.randoms(use_true_random=False), st.data())
def test_the_order_of_rows_does_not_show_in_any_digit(
    question: Question, chance: random.Random, data: st.DataObject
) -> None:
    segments = data.draw(segments_of(ACCOUNTS))
    shuffled = list(question.ledger.items())
    chance.shuffle(shuffled)
    asked = ("nrr", "grr", "mrr", "arpa", "new-mrr", "reactivation-mrr")
    results = [
        calc(ledger_csv(ledger, segments), *asked, window=question.length, every="month", by="segment")
        for ledger in (question.ledger, dict(shuffled))
    ]
    assert rows(results[0]) == rows(results[1])


@few
@given(questions(), st.data())
def test_the_sums_of_groups_are_the_sums_of_the_whole(question: Question, data: st.DataObject) -> None:
    text = ledger_csv(question.ledger, data.draw(segments_of(ACCOUNTS)))
    asked = ("mrr", "new-mrr", "reactivation-mrr", "expansion-revenue", "contraction", "churned-mrr", "net-new-mrr")
    keys = [name.replace("-", "_") for name in asked]
    whole = answer(text, *asked, window=question.length, as_of=question.as_of)
    groups = calc(text, *asked, window=question.length, as_of=question.as_of, by="segment").rows
    assert {key: sum(number(group[key]) for group in groups) for key in keys} == {key: whole[key] for key in keys}


@few
@given(SNAPSHOTS, st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_account_that_opened_with_nothing_never_changes_retention(snapshot: Snapshot, ending: Decimal) -> None:
    assume(any(start for _, start, _ in snapshot))
    asked = ("nrr", "grr", "revenue-churn", "logo-churn")
    before = answer(snapshot_csv(snapshot), *asked)
    assert answer(snapshot_csv([*snapshot, ("won", Decimal(0), ending)]), *asked) == before


@few
@given(questions())
def test_ten_times_the_money_gives_the_same_ratios_and_ten_times_the_sums(question: Question) -> None:
    tenfold = {cell: mrr * 10 for cell, mrr in question.ledger.items()}
    asked = ("mrr", "nrr", "grr", "logo-churn", "net-revenue-churn")
    try:
        one, ten = (
            answer(ledger_csv(ledger), *asked, window=question.length, as_of=question.as_of)
            for ledger in (question.ledger, tenfold)
        )
    except UndefinedError:
        assume(False)
    assert number(ten.pop("mrr")) == number(one.pop("mrr")) * 10
    for name, value in one.items():
        if isinstance(value, float):
            assert math.isclose(ratio(ten[name]), value, rel_tol=1e-15, abs_tol=1e-15)
        else:
            assert ten[name] == value


@few
@given(questions())
def test_a_series_says_of_each_month_what_asking_for_that_month_says(question: Question) -> None:
    text = ledger_csv(question.ledger)
    asked = ("mrr", "new-mrr", "reactivation-mrr", "churned-mrr", "logo-churn")
    result = calc(text, *asked, every="month", window=question.length)
    [row] = [row for row in rows(result) if row[0] == question.as_of]
    assert rows(calc(text, *asked, window=question.length, as_of=question.as_of)) == [row]


@settings(max_examples=30, deadline=None)
@given(questions())
@pytest.mark.slow
def test_a_plain_second_implementation_agrees_on_every_sum_and_ratio(question: Question) -> None:
    where = (question.ledger, question.last, question.length)
    sums, ratios = reference.sums(*where), reference.ratios(*where)
    row = answer(ledger_csv(question.ledger), *sums, *ratios, as_of=question.as_of, window=question.length)
    assert row.pop("period") == question.as_of
    for name, exact in sums.items():
        assert number(row[name.replace("-", "_")]) == exact, name
    for name, fraction in ratios.items():
        agree(name, row[name.replace("-", "_")], fraction)


def agree(name: str, value: Value, expected: Fraction | None) -> None:
    if expected is None:
        assert value is None, name
    else:
        assert math.isclose(ratio(value), float(expected), rel_tol=1e-15, abs_tol=1e-15), name


@few
@given(questions(longest=8))
def test_a_month_nobody_has_a_row_for_leaves_its_windows_undefined(question: Question) -> None:
    gap = question.last - question.length
    held = {cell: mrr for cell, mrr in question.ledger.items() if cell[1] != gap}
    assume(min(month for _, month in held) < gap)
    with pytest.raises(UndefinedError, match="window"):
        calc(ledger_csv(held), "nrr", "churned-mrr", window=question.length, as_of=question.as_of)


@settings(max_examples=4, deadline=None)
@given(questions())
def test_a_file_says_the_same_packed_and_from_stdin(question: Question) -> None:
    text = ledger_csv(question.ledger)
    asked = ("mrr", "logo-churn", "new-mrr")
    options: dict[str, Any] = {"every": "month", "window": question.length}
    plain = calc(text, *asked, **options)
    assert rows(calc(gzip.compress(text.encode()), *asked, name="ledger.csv.gz", **options)) == rows(plain)
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()))
    try:
        piped = book().calc(CalcRequest(metrics=asked, files=("-",), every="month", window=question.length))
    finally:
        sys.stdin = before
    assert rows(piped) == rows(plain)


def test_the_command_prints_the_same_bytes_for_a_file_stdin_and_gzip(cstool: Run, tmp_path: Path) -> None:
    text = table("account,month,mrr", [("A", month_text(2025 * 12 + i), 100 + i) for i in range(14)])
    plain, packed = tmp_path / "ledger.csv", tmp_path / "ledger.csv.gz"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))
    asked = ("calc", "nrr,mrr", "--every", "month", "-f", "csv")
    answers = {
        cstool(*asked, str(plain)).out,
        cstool(*asked, str(packed)).out,
        cstool(*asked, "-", stdin=packed.read_bytes()).out,
    }
    assert len(answers) == 1
    assert answers.pop().startswith("period,nrr,mrr\n")
