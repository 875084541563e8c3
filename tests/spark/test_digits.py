"""DuckDB's SQL in Spark's words: one expression, one answer, to the last digit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

from cstool.backends.duck import DuckDB, EngineError
from cstool.backends.spark.engine import Spark

EXPRESSIONS = """
7 // 2 | -7 // 2 | 7 % 3 | 5 / 2 | 1 / 0 | 1 % 0 | cast(-7 as hugeint) // 2
cast(cast('-2.5' as decimal(10, 2)) as hugeint) | round(cast('2.345' as decimal(10, 3)), 2) | round(100.0e0 / 3, 9)
greatest(1, null) | least(null, 2) | nullif(0, 0) | 'a' || null | any_value(1)
date_diff('day', timestamp '2026-01-01 23:00:00', timestamp '2026-01-02 01:00:00')
date_diff('month', date '2025-12-31', date '2026-01-01')
date_diff('second', timestamp '2026-01-01 00:00:00.9', timestamp '2026-01-01 00:00:01.1')
isodow(date '2026-11-22') | isodow(date '2026-11-23')
quarter(date '2026-11-22') | strftime(date '2026-03-04', '%Y-%m')
date '2026-01-31' + 1 | date '2026-01-31' - 7 | make_date(2026, 24320 % 12 + 1, 1)
timestamp '2026-01-02 00:30:00' - to_minutes(60) | timestamp '1970-01-01' + to_seconds(1767225600)
printf('%04d-%02d', 24322 // 12, 24322 % 12 + 1) | regexp_replace('2026Q3', '([0-9]+)Q([0-9])', '\\1-Q\\2')
regexp_matches('it''s', '[^a-z''’]') | regexp_full_match('ab', 'a|ab')
try_cast('1.005' as decimal(10, 2)) | try_cast('1e3' as decimal(10, 2)) | try_cast('' as bigint)
trim('  a ') | trim('xay', 'xy') | left('abc', 2) | length('é€') | replace('abc', 'b', '$1')
'a%b' like 'a\\%b' escape '\\'
"""

QUERIES = [
    "select unnest(range(3, 6)) as n, 1 as one",
    "select unnest(range(6, 3)) as n",
    "select unnest([1, 2]) as month, unnest([x, x + 1]) as mrr from (values (5), (7)) as t(x)",
    "select count(distinct (a, b)) from (values (1, null), (1, null), (2, 3)) as t(a, b)",
    "select arg_min(a, b), arg_max(a, b) from (values (null, 1), (5, 2), (6, 3), (7, null)) as t(a, b)",
    "select any_value(x), sum(x) filter (where x > 2) from (values (null), (2)) as t(x)",
    "select x from (values ('b'), (null), ('a'), ('B')) as t(x) order by x",
    "select x from (values (1), (null), (3)) as t(x) order by x desc",
    "select count(distinct x) over (partition by y) from (values (1, 1), (2, 1), (2, 1), (5, 2)) as t(x, y) order by 1",
    "select * replace (x + 1 as x) from (select 1 as x, 2 as y)",
    "select x, count(*) as n from (values (1), (1), (2)) as t(x) group by all order by all",
    "select sum(m * m order by k) from (values (1, 0.1e0), (3, 0.7e0), (2, 1e16)) as t(k, m)",
    "select list_sort(list(distinct x)) from (values ('b'), ('a'), ('b')) as t(x)",
    "select x, y + 1 as z, sum(z) over (order by x) from (values (1, 2), (2, 5)) as t(x, y) order by x",
    "select min(x) filter (where y > 1) over (partition by g) from (values (1, 1, 0), (5, 2, 0)) as t(x, y, g)",
    "with recursive w as (select 3 as s), up as (select 0 as n, cast(s as double) as v from w union all"
    " select n + 1, v * 1.1 + w.s from up, w where n < 5) select n, v from up order by n",
]

TIMES = {
    "['%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M:%S.%f']": (
        "2026-01-02 2026-1-2 2026-02-30 x 20261-01-02 2026-13-01 2026-01-02T24:00:00 2026-01-02T03:04:05"
        " 2026-01-02T03:04:05.25 2024-02-29 2026-02-29"
    ),
    "['%Y-%m']": "2026-01 2026-1 2026-00 2026-13 2026-001",
    "['%d/%m/%Y', '%d.%m.%Y']": "02/01/2026 2/1/2026 31.12.2025 31/02/2026 00/01/2026",
    "['%Y%m%d', '%Y%m']": "20260102 202601 2026010 20261301",
    "['%d-%b-%Y', '%d-%B-%Y']": "2-jan-2026 02-SEP-2026 2-September-2026 2-Sept-2026 2-Mai-2026",
}


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[DuckDB, Spark]]:
    duck, spark = DuckDB(), Spark()
    yield duck, spark
    duck.close()
    spark.close()


def test_expressions_have_one_value(engines: tuple[DuckDB, Spark]) -> None:
    duck, spark = engines
    for line in EXPRESSIONS.strip().splitlines():
        sql = "select " + ", ".join(f"({one.strip()}) as c{i}" for i, one in enumerate(line.split(" | ")))
        assert spark.run(sql) == duck.run(sql), sql


@pytest.mark.parametrize("sql", QUERIES)
def test_queries_have_the_same_rows(sql: str, engines: tuple[DuckDB, Spark]) -> None:
    duck, spark = engines
    assert repr(spark.run(sql)) == repr(duck.run(sql))


@pytest.mark.parametrize("formats", TIMES)
def test_times_are_read_alike(formats: str, engines: tuple[DuckDB, Spark]) -> None:
    duck, spark = engines
    values = ", ".join(f"('{text}')" for text in TIMES[formats].split())
    sql = f"select x, try_strptime(x, {formats}) from (values {values}) as t(x)"
    assert spark.run(sql) == duck.run(sql)


def test_sums_and_ratios_of_any_size_have_the_same_digits(engines: tuple[DuckDB, Spark]) -> None:
    duck, spark = engines
    chance = random.Random(7)
    for places, digits in ((2, 9), (2, 18), (2, 30), (18, 25), (18, 34)):
        pairs = [tuple(Decimal(chance.randrange(1, 10**digits)).scaleb(-places) for _ in range(2)) for _ in range(100)]
        listed = ", ".join(
            "(" + ", ".join(f"cast('{one:f}' as decimal(38, {places}))" for one in pair) + ")" for pair in pairs
        )
        table = f"(values {listed}) as t(x, y)"
        for sql in (
            f"select x / y, cast(x as double), x - y from {table}",
            f"select sum(x), sum(x) / sum(y) from {table}",
        ):
            assert repr(spark.run(sql)) == repr(duck.run(sql))


def test_a_percentile_lies_between_its_neighbours_to_the_last_digit(engines: tuple[DuckDB, Spark]) -> None:
    duck, spark = engines
    chance = random.Random(3)
    for size in (1, 2, 7, 100):
        listed = ", ".join(f"({chance.uniform(0, 1e5)!r}, {i % 3})" for i in range(size))
        for share in (0.5, 0.9, 0.95):
            of = f"percentile_cont({share}) within group (order by cast(x as double))"
            sql = f"select {of}, {of} filter (where y > 0) from (values {listed}) as t(x, y)"
            assert spark.run(sql) == duck.run(sql)


def test_what_does_not_fit_is_an_error_and_never_nothing(engines: tuple[DuckDB, Spark]) -> None:
    nines = "cast('99999999999999999999999999999999999999' as decimal(38, 0))"
    for engine in engines:
        for sql in (f"select {nines} + 1", f"select sum(x) from (values ({nines}), (1)) as t(x)", "select sqrt(-1e0)"):
            with pytest.raises(EngineError):
                engine.run(sql)


def test_an_error_of_spark_is_one_plain_line(engines: tuple[DuckDB, Spark]) -> None:
    with pytest.raises(EngineError) as refused:
        engines[1].run("select nothing_of_that_name from (values (1)) as t(x)")
    assert "nothing_of_that_name" in str(refused.value)
    assert not any(mark in str(refused.value) for mark in ("\n", "org.apache", "SQLSTATE"))
