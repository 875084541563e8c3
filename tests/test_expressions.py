"""What people write as SQL is one expression of allowed parts, wherever it stands: conditions, rules, glossaries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cstool.compute.formulas import row_sql
from cstool.compute.formulas.expressions import ROW_FUNCTIONS
from tests.conftest import ROOT, TERM, Run

Write = Callable[..., str]
ROWS = "account,segment,starting_mrr,ending_mrr\nA,ent,10,9\nB,smb,10,5\n"

MORE_THAN_A_CONDITION = [
    "/ 5",
    "% seats = 1",
    "true) limit (1",
    "true) using sample (50",
    "true) qualify (row_number() over () = 1",
    "true) order by (select 1",
    "true) limit (select count(*) from duckdb_settings()",
    "true) group by (1",
    "true) union (select 1",
    "true), (true",
    "true) as x, (true",
    "true); select (1",
    "exists (with recursive t as (select 1) select 1)",
    "account in (select 'A')",
    "count(*) > 0",
    "row_number() over () = 1",
    "getenv('HOME') = ''",
    "1" + "+1" * 400 + " > 0",
    "not " * 250 + "true",
    "account = 'A'" + " or account = 'B'" * 2000,
    "length(" + "replace(" * 8 + "'a'" + ", 'a', 'aaaaaaaaaaaaa')" * 8 + ") > 0",
    f"length(replace(replace('{'a' * 3000}', 'a', '{'a' * 3000}'), 'a', 'bb')) > 0",
    "replace(account, '', '') = '' or " + "replace(" * 12 + "account" + ", 'a', segment)" * 12 + " = ''",
    "length(" + "replace(" * 3 + "'a'" + ", 'a', account || segment)" * 3 + ") > 0",
]


@pytest.mark.parametrize("where", MORE_THAN_A_CONDITION, ids=lambda text: text[:40])
@pytest.mark.parametrize("sql", [(), ("--sql", "postgres", "--table", "t")], ids=["run", "printed"])
def test_a_condition_is_one_expression_and_nothing_else(
    where: str, sql: tuple[str, ...], cstool: Run, write: Write
) -> None:
    ran = cstool("calc", "nrr", write("a.csv", ROWS), "--where", where, *sql)
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert ran.err.startswith("cstool: --where")
    assert len(ran.err) < 12_000
    assert "Traceback" not in ran.err


def test_many_alternatives_are_one_condition(cstool: Run, write: Write) -> None:
    where = " or ".join(["segment = 'ent'", *(f"account = 'A{i}'" for i in range(300))])
    assert cstool("calc", "nrr", write("a.csv", ROWS), "--where", where, "-f", "value").out == "0.9\n"


@pytest.mark.parametrize(
    "where", ["segment = 'ent' /* or", "segment = 'ent", 'segment = "ent', "true\n) or (\nfalse and ("]
)
def test_a_condition_that_is_not_whole_is_refused_in_one_line(where: str, cstool: Run, write: Write) -> None:
    ran = cstool("calc", "nrr", write("a.csv", ROWS), "--where", where)
    assert (ran.code, ran.out) == (2, "")
    first, hint = ran.err.splitlines()
    assert first.startswith("cstool: --where: it is not one complete expression")
    assert "\\n" not in first
    assert hint.startswith("write a condition")


def test_texts_may_be_tidied_as_often_as_needed(cstool: Run, write: Write) -> None:
    where = "replace(" * 20 + "account || segment" + ", ' ', '')" * 20 + " = 'Aent'"
    assert cstool("calc", "nrr", write("a.csv", ROWS), "--where", where, "-f", "value").out == "0.9\n"
    money = "cast(replace(replace(account || '1.000,5', '.', ''), ',', '.') as varchar) = 'A1000.5'"
    assert cstool("calc", "nrr", write("a.csv", ROWS), "--where", money, "-f", "value").out == "0.9\n"


METRIC = f"""{TERM}  metric:
    name: zebra-call
    of: support
    formula: tickets
    unit: count
    better: higher
    example: {{tickets: 1, value: 1}}
    checks:
      - sql: SQL
        on: all
        text: "got {{}}"
"""


@pytest.mark.parametrize(
    "sql",
    [
        "(select sum(a.range) from range(10) a)",
        "1; create macro zz() as 5; select zz()",
        "max(1)) from (select 1",
        "getenv('HOME')",
        "max(zz_none)",
    ],
)
def test_sql_of_a_team_glossary_does_not_run_where_it_is_more_than_an_expression(
    sql: str, cstool: Run, write: Write
) -> None:
    glossary = write("ours.yaml", METRIC.replace("SQL", f'"{sql}"'))
    tickets = write("tickets.csv", "Id,Created at,Solved at\n1,2026-01-01 10:00,2026-01-02 10:00\n")
    ran = cstool("calc", "zebra-call", tickets, "--glossary", glossary)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("cstool: the glossary's SQL cannot run: check: ")
    checked = cstool("glossary", "check", glossary)
    assert checked.code == 1
    assert f"{glossary}:" in checked.out


def test_a_rule_of_a_health_file_is_one_condition(cstool: Run, write: Write) -> None:
    rules = "rules:\n  - {rule: low, when: 'usage < 5) qualify (row_number() over () = 1'}\n"
    ran = cstool(
        "calc", "early-warning", write("s.csv", "account,usage\nA,1\nB,9\n"), "--config", write("h.yaml", rules)
    )
    assert (ran.code, ran.out) == (3, "")
    assert "rule 'low': more than an expression" in ran.err


def test_every_name_and_function_of_glossary_sql_is_documented() -> None:
    text = (ROOT / "docs" / "expressions.md").read_text(encoding="utf-8")
    for names in (row_sql.PROVIDED, row_sql.OF_PERIODS, row_sql.REVENUE):
        for name, about in names.items():
            assert f"| `{name}` | {about} |" in text
    spelled_otherwise = {"~~", "!~~", "~~*", "!~~*", "~~~", "row"}  # like and ilike; a row is compared in tests only
    functions = {name for name in ROW_FUNCTIONS - spelled_otherwise if not name.endswith("_escape")}
    assert [name for name in sorted(functions) if f"`{name}`" not in text] == []
