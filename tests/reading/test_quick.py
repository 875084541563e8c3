"""The quick ways of the scan say what the plain ones do: numbers, trimmed texts, names that are numbers of one make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.backends.duck import DuckDB, quoted
from cstool.ingest.checks import totals
from cstool.ingest.checks.sequential_ids import all_numbered, common_start
from cstool.ingest.formats.numbers import PLAIN, Scale
from cstool.ingest.source.table import Table

KEPT = Scale(18, 4)
NUMBERS = st.one_of(
    st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{0,6})?", fullmatch=True),
    st.text("0123456789.-+eE_ ,x", max_size=22),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
)
WORDS = ("total", "Sum", "all", "grand total", "ø", "NRR", "count", "check", "min", "sub-total", "average mrr", "合計")
STARTS = st.one_of(
    st.sampled_from(("acct_", "", "K", "2024-", "#", "a b ", *WORDS)), st.text("tTsumalo -_é", max_size=6)
)


@pytest.fixture(scope="module", name="duck")
def a_duck() -> Iterator[DuckDB]:
    engine = DuckDB()
    yield engine
    engine.close()


def listed(texts: Sequence[str]) -> str:
    rows = ", ".join(f"({quoted(text)})" for text in texts)
    return f"(values {rows}) as cells(c0)"


@settings(max_examples=150, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=30), st.integers(0, 4))
def test_a_number_written_with_even_places_is_read_as_any_plain_number(
    duck: DuckDB, texts: list[str], places: int
) -> None:
    rows = duck.run(
        f"select c0, {PLAIN.even_sql('c0', KEPT, places)}, {PLAIN.plain_sql('c0', KEPT)} from {listed(texts)}"
    )
    for text, even, plain in rows:
        assert even == plain, text
        assert even is None or even == Decimal(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(" \t!a\u00a0\x01é", max_size=4), min_size=1, max_size=20))
def test_words_are_trimmed_texts_or_nothing(duck: DuckDB, texts: list[str]) -> None:
    odd_spaces = any(mark in text for text in texts for mark in "\t\u00a0")
    table = Table("t", ("c",), ",", Path("t"), 1, 2, odd_spaces, False, Path())
    for words, text in duck.run(f"select {table.words(0)}, {table.text(0)} from {listed(texts)}"):
        assert words == (text or None)


@settings(max_examples=150, deadline=None)
@given(
    STARTS,
    st.lists(st.from_regex("[0-9]{1,4}", fullmatch=True), min_size=1, max_size=12),
    st.lists(st.text("0eE+ .x_t", max_size=4), max_size=2),
)
@pytest.mark.slow
def test_names_told_apart_by_their_numbers_are_different_and_no_totals(
    duck: DuckDB, start: str, numbers: list[str], others: list[str]
) -> None:
    names = [f"{start}{end}" for end in [*numbers, *others]]
    duck.run(f"create or replace temp table names as select c0 as account from {listed(names)}")
    found = all_numbered(duck, "names", "account", once=True)
    suspects = duck.row(f"select count(*) from names where {totals.is_suspect_sql('account')}")[0]
    if found:
        assert len(set(names)) == len(names)
        assert not suspects
    assert found or others or totals.sounds_like_one(start) or len(set(map(int, numbers))) < len(numbers)


@pytest.mark.parametrize("name", ["total_1", "Total", "1 sum", "acct-total-3", "MIN", "Zwischensumme", "нетто", "all"])
def test_a_name_like_a_total_sounds_like_one(name: str) -> None:
    assert totals.sounds_like_one(name)


@pytest.mark.parametrize("start", ["acct_", "", "K", "cust-", "SF0", "2026-"])
def test_most_names_do_not(start: str) -> None:
    assert not totals.sounds_like_one(start)


@pytest.mark.parametrize(
    ("names", "start"),
    [
        (["acct_001", "acct_002"], "acct_"),
        (["acct_19", "acct_2"], "acct_"),
        (["7", "8123"], ""),
        (["2024-01", "2024-02"], "2024-"),
        (["K7"], "K"),
        (["K7", "L7"], None),
        (["K7", "K"], None),
        (["K7", None], None),
        (["K٧"], None),  # digits, but not those a cast reads
        ([], None),
    ],
)
def test_the_common_start_of_names(names: list[str | None], start: str | None) -> None:
    assert common_start(names) == start


def test_names_beyond_the_sample_are_looked_at_too(duck: DuckDB) -> None:
    duck.run("create or replace temp table names as select 'K' || i as account from range(5000) t(i)")
    assert all_numbered(duck, "names", "account", once=True)
    for odd in ("'L17'", "'K17 total'", "''", "'K-1'", "'K99999999999999999999'", "null"):
        duck.run(f"create or replace temp table more as from names union all select {odd}")
        assert not all_numbered(duck, "more", "account", once=True), odd
        assert not all_numbered(duck, "more", "account", once=False), odd
    duck.run("create or replace temp table more as from names union all select 'K17'")
    assert not all_numbered(duck, "more", "account", once=True)
    assert all_numbered(duck, "more", "account", once=False)
