"""The printed query gives in PostgreSQL the digits that the file gives here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from cstool.model.request import CalcRequest
from tests.metrics.computing import answer, book, calc, table
from tests.warehouse.comparing import CHOSEN, compare, number, shapes, sql_table, written
from tests.warehouse.conftest import Postgres

pytestmark = pytest.mark.slow

LEDGERS = ("ledger", "mrr-changes", "movements")


@pytest.mark.parametrize("name", CHOSEN)
def test_every_metric_has_the_same_digits(postgres: Postgres, name: str) -> None:
    compare(postgres, name, shapes(name)[0], explain=not sql_table(name))


@pytest.mark.parametrize(
    "name", [name for name in CHOSEN if shapes(name)[0] not in ("snapshot", "seats", "goals", "book")]
)
def test_every_metric_has_the_same_series(postgres: Postgres, name: str) -> None:
    every = "quarter" if name == "magic-number" else "month"
    compare(postgres, name, shapes(name)[0], every=every)


@pytest.mark.parametrize(
    ("name", "shape", "options"),
    [
        ("book-of-business", "book", {"by": ("segment",)}),
        ("concentration", "ledger", {"by": ("segment",)}),
        ("concentration", "mrr-changes", {"as_of": "2026-03"}),
        ("feature-adoption", "events", {"every": "month"}),
        ("velocity", "stage-history", {"as_of": "2026-05"}),
    ],
)
def test_tables_of_their_own(postgres: Postgres, name: str, shape: str, options: Mapping[str, Any]) -> None:
    compare(postgres, name, shape, **options)


@pytest.mark.parametrize("shape", LEDGERS)
@pytest.mark.parametrize("name", ["nrr", "logo-churn", "mrr", "net-new-mrr", "mrr-movements", "quick-ratio"])
def test_revenue_from_other_tables(postgres: Postgres, name: str, shape: str) -> None:
    for options in ({}, {"every": "quarter"}, {"as_of": "2026-08"}, {"every": "month", "as_of": "2026-03"}):
        compare(postgres, name, shape, **options)


@pytest.mark.parametrize("options", [{}, {"window": 1}, {"window": 6, "as_of": "2026-06"}, {"every": "year"}])
def test_windows(postgres: Postgres, options: Mapping[str, Any]) -> None:
    compare(postgres, "nrr", "ledger", **options)
    compare(postgres, "cmgr", "ledger", **options)


@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize(
    ("name", "shape", "by"),
    [
        ("nrr", "snapshot", ["segment"]),
        ("grr", "ledger", ["segment", "region"]),
        ("nps", "responses", ["Segment"]),
        ("first-response-time", "tickets", ["Group"]),
        ("renewal-rate", "renewals", ["segment"]),
    ],
)
def test_groups_and_a_total(postgres: Postgres, name: str, shape: str, by: Sequence[str], total: bool) -> None:
    compare(postgres, name, shape, by=tuple(by), total=total)


@pytest.mark.parametrize(
    "where",
    [
        "segment = 'SMB'",
        "segment in ('SMB', 'Enterprise') and not region = 'APAC'",
        "starts_with(lower(segment), 'mid') or contains(region, 'ME')",
        "region like 'E%' and length(segment) > 3",
        "starting_mrr between 100 and 2000.5",
        "regexp_matches(segment, '^E')",
    ],
)
def test_conditions(postgres: Postgres, where: str) -> None:
    compare(postgres, "nrr", "snapshot", where=where)


PLACES = [
    ("A", "North", "EMEA", 100, 90),
    ("B", "north-west", None, 80, 100),
    ("C", "South", "A_X", 60, 0),
    ("D", "Süd", "AMX", 40, 44),
    ("E", None, "10%", 20, 30),
]


@pytest.mark.parametrize(
    ("where", "accounts"),
    [
        ("concat(region, area) = 'north-west'", "B"),
        ("concat(region, '-', area) = '-10%'", "E"),
        ("region || area = 'NorthEMEA'", "A"),
        ("area like 'A_X'", "CD"),
        ("area like 'A!_X' escape '!'", "C"),
        ("area like '10!%' escape '!' or region ilike 'NORTH%'", "ABE"),
        ("region not like '%o%'", "D"),
        ("regexp_matches(region, '^[Nn]orth')", "AB"),
        ("regexp_full_match(region, '(No|Sou)[rt]*h')", "AC"),
        ("regexp_matches(lower(region), 'west|süd')", "BD"),
        ("left(region, 1) = 'S' and right(region, 1) = 'h'", "C"),
        ("substr(region, 2, 2) = 'or' or substring(region, 2) = 'üd'", "ABD"),
        ("length(region) = 3", "D"),
        ("left(region, 0) = '' and substr(area, 9) = ''", "ACD"),
        ("trim(area, 'AX') = 'M' or replace(area, '_', '') = 'AX'", "CD"),
        ("starts_with(region, 'N') or suffix(region, 'd')", "AD"),
        ("log(starting_mrr) >= 1.7 and log(10, starting_mrr) < 2", "BC"),
        ("log(2, starting_mrr / 10) = 3", "B"),
        ("starting_mrr / 3 > 33.3 and starting_mrr / 3 < 34", "A"),
        ("starting_mrr % 40 = 0 and starting_mrr ** 2 <= 1600", "D"),
        ("region is not distinct from 'Süd' or area is null", "BD"),
    ],
)
def test_a_condition_chooses_the_same_rows(postgres: Postgres, where: str, accounts: str) -> None:
    text = table("account,region,area,starting_mrr,ending_mrr", PLACES)
    if "places" not in postgres.loaded:
        cells = (", ".join("null" if one is None else f"'{one}'" for one in row) for row in PLACES)
        postgres.run(
            "create table places (account text, region text, area text, starting_mrr numeric, ending_mrr numeric);"
            f" insert into places values ({'), ('.join(cells)});"
        )
        postgres.loaded["places"] = "places"
    rows = calc(text, "nrr", where=where, by="account").rows
    assert "".join(str(row["account"]) for row in rows) == accounts
    request = CalcRequest(metrics=("nrr",), shape="snapshot", by=("account",), where=where)
    found = postgres.run(book().query(request, "postgres", "places").sql)
    assert [(row["account"], written(row["nrr"], 0)) for row in found] == [
        (row["account"], number(row["nrr"])) for row in rows
    ]


def test_a_month_in_a_condition_is_the_text_that_calc_compares(postgres: Postgres) -> None:
    """The table's column is a date, of which the text of a day is another one than that of its month."""
    for where in ("month <= '2026-06'", "month = '2026-06' or month >= '2026-09'", "month like '%-06'"):
        compare(postgres, "mrr", "ledger", where=where, every="month")


@pytest.mark.parametrize(
    ("metric", "shape", "where"),
    [
        ("activation-rate", "users", "channel = 'Partner' and signed_up_at < '2026-07-01'"),
        ("activation-rate", "users", "channel = 'Search'"),
        ("save-rate", "notices", "reason = 'price'"),
        ("win-back-rate", "departures", "reason = 'not used'"),
        ("wau", "events", "feature = 'reports'"),
    ],
)
def test_rows_that_are_chosen_are_told_of_until_the_last_day_of_all(
    postgres: Postgres, metric: str, shape: str, where: str
) -> None:
    compare(postgres, metric, shape, where=where)


@pytest.mark.parametrize("kind", ["date", "text"])
def test_a_period_in_a_condition_is_the_text_that_calc_compares(postgres: Postgres, kind: str) -> None:
    rows = [("A", "2026-09-30", 100, 90), ("A", "2026-10-31", 90, 120), ("B", "2026-10-31", 50, 0)]
    name = f"opened_{kind}"
    listed = ", ".join(f"('{account}', '{period}', {a}, {b})" for account, period, a, b in rows)
    postgres.run(
        f'create table {name} (account text, "Period" {kind}, starting_mrr numeric, ending_mrr numeric);'
        f" insert into {name} values {listed};"
    )
    text = table("account,Period,starting_mrr,ending_mrr", rows)
    mapping = {"period": '"Period"'}
    for where in ("period = '2026-10'", "Period < '2026-10'"):
        expected = answer(text, "nrr", where=where, every="month")
        quoted = where.replace("period", "Period").replace("Period", '"Period"')
        request = CalcRequest(metrics=("nrr",), mapping=mapping, where=quoted, every="month")
        (row,) = postgres.run(book().query(request, "postgres", name).sql)
        assert (row["period"], written(row["nrr"], 0)) == (expected["period"], number(expected["nrr"]))


def test_a_rate_brought_to_a_year(postgres: Postgres) -> None:
    compare(postgres, "logo-churn", "ledger", annualise=True, as_of="2026-04")


def test_subscriptions_with_a_column_of_mrr(postgres: Postgres) -> None:
    text = (
        "subscription,account,start_date,end_date,mrr,status\n"
        "1,A,2025-01-15,2025-06-01,100,active\n2,A,2025-06-01,,150.5,active\n3,B,2025-02-01,2026-01-10,80,canceled\n"
        "4,C,2025-03-31,,10,trial\n5,D,2025-12-31,2026-03-31,33.33,active\n6,E,2025-04-01,2025-04-20,7,active\n"
    )
    file = postgres.table("running", text)
    for options in ({}, {"every": "month"}, {"as_of": "2026-02"}, {"every": "quarter", "window": 3}):
        for name in ("nrr", "mrr", "new-mrr", "logo-churn"):
            request = CalcRequest(metrics=(name,), files=(file,), **options)
            found = postgres.run(book().query(request, "postgres", "running").sql)
            result = book().calc(request)
            expected = [[number(row[column.key]) for column in result.columns] for row in result.rows]
            told = [[text if key == "period" else written(text, 0) for key, text in row.items()] for row in found]
            assert told == expected


def test_an_end_in_the_year_9999_means_that_there_is_none(postgres: Postgres) -> None:
    rows = "insert into open_ended values ('A', '2026-01-01', '9999-12-31', 5), ('B', '2026-01-01', '2026-03-01', 3)"
    postgres.run(f"create table open_ended (account text, start_date date, end_date date, mrr numeric); {rows};")
    request = CalcRequest(metrics=("mrr",), shape="subscriptions", mapping={"status": "null"})
    assert postgres.run(book().query(request, "postgres", "open_ended").sql) == [
        {"period": "2026-03", "mrr": "5.000000000000000000"}
    ]


def test_columns_are_named_by_roles_or_by_map(postgres: Postgres) -> None:
    postgres.run(
        'create table "My Rows" ("The Account" text, "order" numeric, closing numeric, "user" text);'
        """insert into "My Rows" values ('A', 100, 90, 'x'), ('B', 50, 0, 'x'), ('C', 70, 70, 'y');"""
    )
    mapping = {"account": "The Account", "starting_mrr": "order", "ending_mrr": "closing"}
    request = CalcRequest(metrics=("nrr",), mapping=mapping, by=("user",))
    assert postgres.run(book().query(request, "postgres", '"My Rows"').sql) == [
        {"user": "x", "nrr": "0.6"},
        {"user": "y", "nrr": "1"},
    ]


def test_a_month_may_be_a_date_or_a_text(postgres: Postgres) -> None:
    for kind, month in (("date", "2026-01-31"), ("text", "2026-01"), ("timestamp", "2026-01-01 10:00:00")):
        postgres.run(
            f"drop table if exists months; create table months (account text, month {kind}, mrr numeric);"
            f"insert into months values ('A', '{month}', 5);"
        )
        found = postgres.run(book().query(CalcRequest(metrics=("mrr",), shape="ledger"), "postgres", "months").sql)
        assert found == [{"period": "2026-01", "mrr": "5.000000000000000000"}]


def test_rows_that_a_metric_cannot_be_made_of_give_nothing(postgres: Postgres) -> None:
    postgres.sample("responses")
    mapping = {"score": '"Score"', "question": '"Question"'}
    sql = book().query(CalcRequest(metrics=("nps",), mapping=mapping), "postgres", "responses").sql
    assert "NULL in any case of this: answers to several questions would be mixed" in sql
    assert {row["nps"] for row in postgres.run(sql)} == {None}


def test_no_name_acts(postgres: Postgres) -> None:
    postgres.run("create table kept (n int);")
    hostile = '"x; drop table kept; --"'
    request = CalcRequest(metrics=("nrr",), mapping={"account": "a; drop table kept --", "ending_mrr": "b') --"})
    sql = book().query(request, "postgres", hostile).sql
    with pytest.raises(AssertionError, match="does not exist"):
        postgres.run(sql)
    assert postgres.run("select count(*) as n from kept") == [{"n": "0"}]


@pytest.mark.parametrize("where", ["segment = 'SMB'", "segment = 'SMB' and month <= '2026-02'"])
def test_a_segment_that_everyone_left_is_told_of_until_the_tables_last_month(postgres: Postgres, where: str) -> None:
    left = [("A", "SMB", 1), ("A", "SMB", 2), ("B", "SMB", 1), *(("C", "Ent", month) for month in (1, 2, 3, 4))]
    lines = [(account, segment, f"2026-0{month}", 100) for account, segment, month in left]
    file = postgres.table("left_early", table("account,segment,month,mrr", lines))
    request = CalcRequest(metrics=("grr", "mrr"), files=(file,), where=where, every="month", window=1)
    found = postgres.run(book().query(request, "postgres", '"left_early"').sql)
    expected = [(row["period"], row["grr"], row["mrr"]) for row in book().calc(request).rows]
    assert [(row["period"], written(row["grr"], 0), written(row["mrr"], 0)) for row in found] == [
        (period, number(grr), number(mrr)) for period, grr, mrr in expected
    ]
