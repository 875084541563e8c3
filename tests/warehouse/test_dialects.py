"""Every metric in every dialect: a query that the dialect's parser takes, or a refusal that names what is missing."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
import sqlglot
from sqlglot import exp

from cstool.backends import dialects
from cstool.backends import transpile as transpiling
from cstool.backends.dialects import DIALECTS, load
from cstool.backends.transpile import transpile
from cstool.compute.described import UNSUPPORTED
from cstool.compute.relation.statements import mentions
from cstool.errors import CstoolError, UsageError
from cstool.export import warehouse
from cstool.export.warehouse import REFUSED
from cstool.model.request import CalcRequest
from tests.metrics.computing import book

PERCENTILES = "an exact percentile of a group (percentile_cont)"
BY_DISTANCE = "a window frame by distance (range between)"
BESIDE_GREATEST = "the value in the row of another's greatest (max_by)"
# What single dialects cannot express.
UNSUPPORTED_IN: Mapping[tuple[str, str], str] = {
    **{
        (name, dialect): PERCENTILES
        for name in ("first-response-time", "time-to-resolution", "time-to-first-value", "sales-cycle", "velocity")
        for dialect in ("bigquery", "trino")
    },
    ("magic-number", "redshift"): BY_DISTANCE,
    ("rule-of-40", "redshift"): BY_DISTANCE,
    ("cs-cost-ratio", "redshift"): BESIDE_GREATEST,
    ("runway", "redshift"): BESIDE_GREATEST,
}
PRINTED = [name for name in sorted(book().glossary.metrics) if name not in REFUSED]
# One of each kind: recurring revenue, percentiles, frames by distance, the row of the greatest, tables.
QUICK = ["nrr", "first-response-time", "rule-of-40", "runway", "concentration"]
CALLED = re.compile(r"\b([A-Za-z_]\w*)\(")


def request(name: str, **options: object) -> CalcRequest:
    one = book().metric(name)
    given = {measure: Decimal("0.8") for measure in one.given} if not one.table else {}
    where = "invited >= 3" if name == "product-qualified-leads" else None
    return CalcRequest(metrics=(name,), given=given, where=where, **options)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_metric_of_each_kind_is_printed_or_refused_by_name() -> None:
    for name in QUICK:
        check(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", PRINTED)
def test_every_metric_is_printed_or_refused_by_name(name: str) -> None:
    check(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", PRINTED)
def test_every_input_type_is_printed_with_listed_functions_or_refused_by_name(name: str) -> None:
    for shape in [one.shape for one in book().metric(name).shapes if one.shape not in UNSUPPORTED][1:]:
        for dialect in DIALECTS:
            sql, refusal = printed(request(name, shape=shape), dialect)
            assert unlisted(sql, dialect) == set()
            assert sql or f"cannot be expressed in {dialect}" in refusal or refusal.startswith("there is no sample of")


def printed(asked: CalcRequest, dialect: str) -> tuple[str, str]:
    """The query, or why it is refused."""
    try:
        return book().query(asked, dialect, "db.t").sql, ""
    except UsageError as refused:
        return "", refused.message


def check(name: str) -> None:
    for dialect in DIALECTS:
        if (name, dialect) in UNSUPPORTED_IN:
            with pytest.raises(UsageError) as refused:
                book().query(request(name), dialect, "db.t")
            assert refused.value.message == f"{UNSUPPORTED_IN[name, dialect]} cannot be expressed in {dialect}"
            continue
        sql = book().query(request(name), dialect, "db.t").sql
        assert sql.endswith(";\n")
        statements = sqlglot.parse(sql, read=dialect)
        assert len(statements) == 1
        assert isinstance(statements[0], exp.Query)
        assert name.replace("-", "_") in sql or book().metric(name).table
        assert unlisted(sql, dialect) == set()


def unlisted(sql: str, dialect: str) -> set[str]:
    """The words before an opening parenthesis that the file of the dialect does not list."""
    code = re.sub(
        r"'(?:[^'\\]|\\.|'')*'", "''", "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    )
    aliases = set(re.findall(r"\bAS (\w+)\(", code))
    listed = load(dialect)
    return set(CALLED.findall(code)) - listed.functions - listed.types - aliases - {"FILTER", "USING", "AS", "IN"}


# What a dialect's file does not list


@pytest.mark.parametrize("name", QUICK)
def test_a_dialect_that_is_no_more_than_a_word_refuses_everything(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (dialects, warehouse, transpiling):
        monkeypatch.setattr(module, "DIALECTS", (*DIALECTS, "mysql"))
    with pytest.raises(UsageError, match="cannot be expressed in mysql"):
        book().query(request(name), "mysql", "db.t")


def test_the_dialect_of_the_documentation_prints_what_it_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
    (code,) = (one for one in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "class MySQL" in one)
    module = ModuleType(f"{dialects.__name__}.mysql")
    exec(code, module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for listing in (dialects, warehouse, transpiling):
        monkeypatch.setattr(listing, "DIALECTS", (*DIALECTS, "mysql"))
    sql = book().query(request("nrr"), "mysql", "db.t").sql
    assert "FILTER" not in sql
    assert unlisted(sql, "mysql") == set()
    assert "SUM(CASE WHEN y THEN x END)" in transpile("select sum(x) filter (where y) from t", "mysql")
    for refused, named in (("select isodow(d) from t", "WEEKDAY"), ("select md5(x) from t", "MD5")):
        with pytest.raises(UsageError, match=f"{named} cannot be expressed in mysql"):
            transpile(refused, "mysql")
    with pytest.raises(UsageError, match="an exact percentile of a group"):
        book().query(request("first-response-time"), "mysql", "db.t")


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select foo(a) from t", "FOO"),
        (
            "select sum(a) filter (where b) over (order by c range between 2 preceding and current row) from t",
            "range between",
        ),
        ("select a from t qualify row_number() over (order by a) = 1", "qualify"),
        ("select cast(a as uuid) from t", "UUID"),
        ("with recursive r as (select 1 as n union all select n + 1 from r) select n from r", "recursive"),
        ("select a -> 'x' from t", "json"),
        ("select t.a from t, lateral (select 1) as u", "lateral"),
        ("select a from t order by a limit 3", "limit"),
    ],
)
def test_what_a_dialect_does_not_list_is_refused(sql: str, named: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be expressed in redshift|not supported") as refused:
        transpile(sql, "redshift")
    assert named.lower() in refused.value.message.lower()
    assert refused.value.hint


def test_a_list_decides_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for lists, sql, named in (
        ("functions", "select sum(a) from t", "SUM"),
        ("types", "select cast(a as double) from t", "FLOAT64"),
        ("constructs", "select a || b from t", "||"),
    ):
        assert transpile(sql, "bigquery")
        with monkeypatch.context() as without:
            without.setattr(type(load("bigquery")), lists, frozenset({"CAST"}))
            with pytest.raises(UsageError) as refused:
                transpile(sql, "bigquery")
            assert refused.value.message == f"{named} cannot be expressed in bigquery"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_has_a_file_of_its_own(dialect: str) -> None:
    assert load(dialect).name == dialect
    assert load(dialect).functions


def test_no_other_module_compares_names_of_dialects() -> None:
    names = "|".join(one for one in DIALECTS if one != "duckdb")  # an engine may be DuckDB
    compared = re.compile(rf"""dialect\w* *(?:==|!=|in|not in) *\(?["'](?:{names})["']""")
    package = Path(dialects.__file__).parents[2]
    found = [path.name for path in package.rglob("*.py") if compared.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_said_is_refused_by_name(name: str) -> None:
    with pytest.raises(CstoolError, match=f"--sql cannot say {name}: "):
        book().query(CalcRequest(metrics=(name,)), "postgres", "db.t")


@pytest.mark.parametrize("where", ["prefix(segment)", "suffix(segment, 'a', 'b')"])
def test_a_function_with_too_few_or_too_many_arguments_is_refused(where: str) -> None:
    with pytest.raises(UsageError, match="takes two texts"):
        book().query(CalcRequest(metrics=("nrr",), shape="ledger", where=where), "postgres", "db.t")


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["ledger", "subscriptions", "mrr-changes", "movements"])
def test_every_table_of_revenue_is_printed_in_every_dialect(shape: str) -> None:
    for dialect in DIALECTS:
        options = {"every": "quarter"} if shape != "movements" else {}
        sql = book().query(request("nrr", shape=shape, by=("segment",), total=True, **options), dialect, "db.t").sql
        sqlglot.parse_one(sql, read=dialect)


@pytest.mark.parametrize("shape", ["wide", "invoices"])
def test_tables_that_a_query_cannot_take_are_refused_by_name(shape: str) -> None:
    with pytest.raises(CstoolError, match=f"{shape} cannot be used: "):
        book().query(request("nrr", shape=shape), "postgres", "db.t")
    assert shape in UNSUPPORTED


@pytest.mark.parametrize(
    ("sql", "dialect", "written"),
    [
        (
            "select a / b as c from t",
            "postgres",
            "CAST(a AS DOUBLE PRECISION) / NULLIF(CAST(b AS DOUBLE PRECISION), 0)",
        ),
        ("select a / 60 as c from t", "snowflake", "CAST(a AS DOUBLE) / 60"),
        ("select greatest(a, b) from t", "bigquery", "COALESCE(GREATEST(a, b), a, b)"),
        ("select greatest(a, 0) from t", "trino", "COALESCE(GREATEST(a, 0), 0)"),
        ("select greatest(a, b) from t", "snowflake", "GREATEST_IGNORE_NULLS(a, b)"),
        ("select greatest(a, b) from t", "postgres", "GREATEST(a, b)"),
        ("select sum(a) filter (where b) from t", "redshift", "SUM(CASE WHEN b THEN a END)"),
        ("select count(*) filter (where b) from t", "bigquery", "COUNT(CASE WHEN b THEN 1 END)"),
        ("select any_value(a) from t", "postgres", "MAX(a)"),
        ("select any_value(a > 1) from t", "postgres", "MAX(CASE WHEN a > 1 THEN 1 ELSE 0 END) = 1"),
        ("select cast(a as hugeint) from t", "snowflake", "CAST(a AS DECIMAL(38, 0))"),
        ("select m // 12 from t", "postgres", "DIV(m, 12)"),
        ("select m // 12 from t", "clickhouse", "intDiv(m, 12)"),
        ("select regexp_matches(a, '^x') from t", "snowflake", "REGEXP_INSTR(a, '^x') > 0"),
        ("select contains(a, 'x') from t", "bigquery", "INSTR(a, 'x') > 0"),
        ("select quarter(d) from t", "postgres", "EXTRACT(QUARTER FROM d)"),
        ("select a from t where a is not distinct from b", "redshift", "a IS NULL AND b IS NULL"),
        ("select log(a) from t", "snowflake", "LOG(10, CAST(a AS DOUBLE))"),
        ("select log(a) from t", "redshift", "DLOG10(CAST(a AS DOUBLE PRECISION))"),
        ("select log(a) from t", "postgres", "LOG(CAST(a AS DOUBLE PRECISION))"),
        ("select log(a) from t", "bigquery", "LOG10(CAST(a AS FLOAT64))"),
        ("select log(a) from t", "trino", "LOG10(CAST(a AS DOUBLE))"),
        ("select log(a) from t", "databricks", "LOG10(CAST(a AS DOUBLE))"),
        ("select log(a) from t", "spark", "LOG10(CAST(a AS DOUBLE))"),
        ("select log(a) from t", "clickhouse", "log10(CAST("),
        ("select log(a) from t", "duckdb", "LOG(a)"),
        (
            "select log(2, 8) from t",
            "trino",
            "CAST(LOG10(CAST(8 AS DOUBLE)) AS DOUBLE) / NULLIF(LOG10(CAST(2 AS DOUBLE)), 0)",
        ),
        ("select log10(8) from t", "bigquery", "LOG10(CAST(8 AS FLOAT64))"),
        ("select sum(a) from t", "clickhouse", "aggregate_functions_null_for_empty = 1"),
        ("select a from t order by a desc", "postgres", "NULLS LAST"),
        ("select isodow(d) from t", "spark", "WEEKDAY(d) + 1"),
        ("select date_diff('month', a, b) from t", "databricks", "YEAR(b) * 12 + MONTH(b)"),
        ("select median(a) from t", "clickhouse", "quantileExactInclusive(0.5)(a)"),
        ("select regexp_full_match(a, 'x|y') from t", "spark", "RLIKE '^(?:x|y)(?!.|[^.])'"),
    ],
)
def test_what_dialects_write_differently(sql: str, dialect: str, written: str) -> None:
    assert written in " ".join(transpile(sql, dialect).split())


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("regexp_matches(a, 'x', 'i')", "regexp_matches with options"),
        ("regexp_full_match(a, 'x', 'i')", "regexp_full_match with options"),
        (r"regexp_matches(a, '\d')", r"regexp_matches with \ in its pattern"),
        ("regexp_matches(a, '(?i)x')", "regexp_matches with (? in its pattern"),
        ("regexp_matches(a, '[[:alpha:]]')", "regexp_matches with [[: in its pattern"),
        ("regexp_matches(a, b)", "regexp_matches with a pattern that is not in quotes"),
        ("a similar to 'x|y'", "similar to"),
        ("a glob 'x*'", "glob"),
        (r"a like 'x\_'", "like with a backslash"),
        (r"a not ilike 'x\%'", "like with a backslash"),
        (r"a like 'x\_' escape '\'", "like with a backslash"),
        ("a like b", "like with a pattern that is not in quotes"),
        ("left(a, -1) = 'x'", "left with a number that is below 0 or not written out"),
        ("right(a, length(a) - 1) = 'x'", "right with a number that is below 0 or not written out"),
        ("substr(a, -3) = 'x'", "substr with a number that is below 1 or not written out"),
        ("substr(a, 0, 2) = 'x'", "substr with a number that is below 1 or not written out"),
        ("substr(a, 2, -1) = 'x'", "substr with a number that is below 0 or not written out"),
        ("regexp_matches(a, '[a-z&&[o]]')", "regexp_matches with && in its pattern"),
        ("try_cast(a as integer) = 1", "try_cast"),
        ("a[1] = 'x'", "an element in brackets"),
    ],
)
def test_what_dialects_understand_differently_is_refused_by_name(condition: str, named: str) -> None:
    for dialect in DIALECTS:
        asked = CalcRequest(metrics=("nrr",), where=condition)
        if dialect == "duckdb":
            assert book().query(asked, dialect, "t").sql
            continue
        with pytest.raises(UsageError) as refused:
            book().query(asked, dialect, "t")
        assert refused.value.message == f"{named} cannot be expressed in {dialect}"


def test_a_cast_that_some_round_and_others_cut_off_is_refused() -> None:
    asked = CalcRequest(metrics=("nrr",), where="cast(a / 7 as integer) = 2")
    assert book().query(asked, "duckdb", "t").sql
    with pytest.raises(UsageError, match="a cast to a whole number cannot be expressed in spark"):
        book().query(asked, "spark", "t")
    assert book().query(CalcRequest(metrics=("nrr",), where="cast(a as varchar) = '2'"), "spark", "t").sql


def test_a_sign_that_the_parser_takes_for_another_is_refused() -> None:
    """In DuckDB `~` is of the whole text, and is parsed as of a part of it."""
    for condition in ("a ~ 'x'", "a !~ 'x'"):
        with pytest.raises(UsageError, match="~ cannot be translated"):
            book().query(CalcRequest(metrics=("nrr",), where=condition), "duckdb", "t")
    assert book().query(CalcRequest(metrics=("nrr",), where="a = '~'"), "duckdb", "t").sql


def test_a_text_that_is_not_there_is_empty_where_texts_are_joined() -> None:
    for dialect in ("redshift", "snowflake", "bigquery", "trino", "clickhouse"):
        sql = " ".join(transpile("select concat(a, 'x') as c from t", dialect).split())
        assert re.search(r"COALESCE\(CAST\(a AS [^,]+\), ''\)", sql), sql


def test_a_total_is_refused_only_where_a_row_hangs_on_its_group() -> None:
    for metrics, refused in (("rule-of-40", True), ("burn-rate", False)):
        for by in ((), ("region",)):
            asked = CalcRequest(metrics=(metrics,), by=by, total=bool(by))
            if refused and by:
                with pytest.raises(UsageError, match="--total: a row's value hangs on its group here"):
                    book().query(asked, "postgres", "t")
            else:
                assert book().query(asked, "postgres", "t").sql


def test_names_are_quoted_everywhere_or_nowhere() -> None:
    sql = 'with own as (select "User" as "user", Segment as s from db.facts) select "user", own.s from own group by all'
    said = " ".join(transpile(sql, "snowflake").split())
    assert 'SELECT "User" AS "user", Segment AS s FROM db.facts' in said
    assert 'SELECT "user", own.s FROM own' in said


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(CstoolError, match="no such dialect"):
        transpile("select 1", "oracle")


@pytest.mark.parametrize(
    ("where", "named"),
    [("month > '2026-01'", True), ("\"Month\" > '2026-01'", True), ("note = 'month'", False), ("months > 1", False)],
)
def test_a_condition_names_a_column_in_any_case_and_not_in_a_text(where: str, named: bool) -> None:
    assert mentions(where, "month") is named
