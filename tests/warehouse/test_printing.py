"""calc --sql on the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable

import pytest
import sqlglot
import typer.main
from sqlglot import exp

from cstool.cli import app
from cstool.errors import UsageError
from cstool.model.request import CalcRequest
from tests.conftest import ENVIRONMENT, Run
from tests.metrics.computing import book

NRR = ("calc", "nrr", "--sql", "snowflake", "--table", "db.schema.t")


def test_stdout_is_the_query_and_stderr_what_there_is_to_say(cstool: Run) -> None:
    ran = cstool(*NRR)
    assert ran.code == 0
    comment = [line for line in ran.out.splitlines() if line.startswith("--")]
    assert comment[0] == ("-- nrr (Net Revenue Retention) = (starting + expansion - contraction - churned) / starting")
    assert comment[1].startswith("-- From db.schema.t: one row per account with its MRR")
    assert [line.split()[1] for line in comment[2:]] == ["account", "starting_mrr", "ending_mrr"]
    assert ran.out.endswith(";\n")
    assert ran.out.count(";") == 1 + sum(line.count(";") for line in comment)
    assert "taken as snapshot with account, starting_mrr, ending_mrr" in ran.err
    assert "--shape chooses another: ledger" in ran.err
    assert "not checked by the query: a row each account and period" in ran.err
    assert cstool(*NRR, "--quiet").err == ""


def test_columns_are_those_that_map_or_a_header_name(cstool: Run, write: Callable[..., str]) -> None:
    assert "CAST(mrr_now AS DECIMAL(38, 18)) AS ending_mrr" in cstool(*NRR, "--map", "ending_mrr=mrr_now").out
    file = write("a.csv", "Customer,MRR start,mrr_end\nA,1,2\n")
    out = cstool("calc", "nrr", file, "--sql", "postgres", "--table", "t", "--by", "customer").out
    assert 'CAST("Customer" AS TEXT) AS account' in out
    assert 'CAST("MRR start" AS DECIMAL(38, 18)) AS starting_mrr' in out
    assert "CAST(mrr_end AS DECIMAL(38, 18)) AS ending_mrr" in out


UNSUITED = """\
--format=json --accounts --preset=stripe --cents --no-cents --blank=zero --duplicates=sum --negative=keep --decimal=,
--date-order=dmy --skip-bad --rejects=x.csv --benchmark --fail-under=90% --config=x.yaml --interval=month
--end-inclusive --engine=spark --ahead=3 --no-plot --raw"""


@pytest.mark.parametrize("option", UNSUITED.split())
def test_options_that_read_or_show_are_refused_by_name(option: str) -> None:
    command = typer.main.get_command(app)
    with pytest.raises(UsageError, match=option.partition("=")[0].replace("--no-cents", "--cents")):
        command.main([*NRR, option], standalone_mode=False)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--sql", "oracle", "--table", "t"], "dialects: snowflake, bigquery"),
        (["--sql", "postgres"], "--table db.schema.t"),
        (["--table", "t"], "--sql DIALECT"),
        (["--sql", "postgres", "--table", "a.b.c.d"], "is no table's name"),
        (["--sql", "postgres", "--table", 't" x'], "is no table's name"),
        (["--sql", "postgres", "--table", "t\n; select 1"], "cannot be seen"),
        (["--sql", "postgres", "--table", "t", "--map", "acount=x"], "is no role"),
        (["--sql", "postgres", "--table", "t", "--shape", "tickets"], "--shape tickets"),
        (["--sql", "postgres", "--table", "t", "--where", "x in (select 1)"], "not allowed in a condition"),
        (["--sql", "postgres", "--table", "t", "--where", "true) union (select 1"], "--where"),
        (["--sql", "postgres", "--table", "t", "--as-of", "soon"], "'soon' is no period"),
        (["--sql", "postgres", "--table", "t", "--shape", "snapshot", "--window", "3m"], "each row has its own window"),
    ],
)
def test_a_wrong_command_line_is_refused_in_a_line_or_two(cstool: Run, args: list[str], said: str) -> None:
    ran = cstool("calc", "nrr", *args)
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert said in ran.err
    assert len(ran.err.splitlines()) <= 2


@pytest.mark.parametrize("name", ['a"b', "x; drop table y", "x'); --", "a`b"])
@pytest.mark.parametrize("dialect", ["postgres", "bigquery", "snowflake", "clickhouse", "databricks"])
def test_names_are_names_whatever_stands_in_them(name: str, dialect: str) -> None:
    request = CalcRequest(metrics=("nrr",), mapping={"account": name}, by=(name,))
    (statement,) = sqlglot.parse(book().query(request, dialect, "t").sql, read=dialect)
    assert statement is not None
    assert name in {one.name for one in statement.find_all(exp.Identifier)}


def test_without_its_package_it_says_what_to_install() -> None:
    program = "import sys; sys.modules['sqlglot'] = None; from cstool.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *NRR], capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "cstool: --sql needs sqlglot\n" in done.stderr
    assert re.search(r"-m pip install 'sqlglot[<>=,\d.]+'\n$", done.stderr), done.stderr
