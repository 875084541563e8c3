"""The command itself: data on stdout, Spark's noise nowhere, what is missing said in one line."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cstool.backends.spark import session as spark_session
from cstool.backends.spark.engine import Spark
from cstool.errors import UsageError
from cstool.model.limits import Limits
from cstool.samples import sample_csv
from tests.conftest import ENVIRONMENT, Ran, run_cstool
from tests.spark.conftest import Ask
from tests.test_contract import left_after


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    path = tmp_path / "ledger.csv"
    path.write_text("".join(sample_csv("ledger")))
    return str(path)


def test_the_command_prints_the_same_and_nothing_of_spark(ledger: str) -> None:
    question = ("calc", "nrr,cmgr", ledger, "--by", "segment", "-f", "json")
    found = run_cstool(*question, "--engine", "spark", "--spark-master", "local[2]")
    assert found == run_cstool(*question)


def test_without_java_there_is_one_line_and_exit_2(ledger: str, tmp_path: Path) -> None:
    found = run_cstool("calc", "nrr", ledger, "--engine", "spark", env={**ENVIRONMENT, "JAVA_HOME": str(tmp_path)})
    assert (found.code, found.out) == (2, "")
    assert "install Java 17" in found.err
    assert len(found.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere/*.csv"])
def test_a_file_that_is_not_there_is_told_before_java_is_looked_for(name: str, tmp_path: Path) -> None:
    found = run_cstool("calc", "nrr", name, "--engine", "spark", env={**ENVIRONMENT, "JAVA_HOME": str(tmp_path)})
    assert (found.code, found.out, found.err) == (3, "", f"cstool: {name}: no such file\n")


@pytest.mark.parametrize(
    "env", [{"HADOOP_CONF_DIR": "/etc/hadoop"}, {"SPARK_CONF_DIR": "here"}], ids=lambda env: next(iter(env))
)
def test_where_settings_may_name_another_home_of_files_spark_is_asked(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "spark-defaults.conf").write_text("spark.hadoop.fs.defaultFS hdfs://somewhere\n")
    env = {name: value.replace("here", str(tmp_path / "here")) for name, value in env.items()}
    found = run_cstool("calc", "nrr", "x.csv", "--engine", "spark", env={**ENVIRONMENT, "JAVA_HOME": "/none", **env})
    assert found.code == 2
    assert "install Java 17" in found.err


@pytest.mark.parametrize("name", ["pyspark", "sqlglot"])
def test_without_the_extra_the_way_to_install_it_is_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(spark_session, "find_spec", lambda asked: None if asked == name else there(asked))
    with pytest.raises(UsageError, match=r"-m pip install .*'pyspark[<>=,.\d]+'"):
        Spark()


def test_without_java_on_the_path_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(UsageError, match="install Java 17"):
        Spark()


def test_another_master_than_the_active_ones_is_refused() -> None:
    with pytest.raises(UsageError, match=r"a Spark session on local\[2\] is active already"):
        Spark("spark://nowhere:7077")


def test_a_master_that_is_none_is_said_in_one_line(ledger: str) -> None:
    found = run_cstool("calc", "nrr", ledger, "--engine", "spark", "--spark-master", "bogus://x")
    assert (found.code, found.out) == (2, "")
    assert len(found.err.splitlines()) == 1


def test_a_session_of_the_user_is_left_as_it_was(ledger: str, on_spark: Ask) -> None:
    from pyspark.sql import SparkSession

    theirs = SparkSession.builder.getOrCreate()
    before = theirs.conf.get("spark.sql.session.timeZone"), theirs.conf.get("spark.sql.timestampType")
    assert on_spark(ledger, "nrr").rows
    assert theirs.sql("select 1 as one").collect()[0].one == 1
    assert (theirs.conf.get("spark.sql.session.timeZone"), theirs.conf.get("spark.sql.timestampType")) == before
    assert not theirs.catalog.tableExists("cells")


# Ends Java before the first look at the rows.
DYING = """
import os, signal, sys
from cstool.backends.spark.engine import Spark
looked = Spark.view_lines
def view_lines(self, *asked):
    java = self._session.sparkContext._gateway.proc
    java.kill()
    java.wait()
    Spark.view_lines = looked
    looked(self, *asked)
Spark.view_lines = view_lines
"""


def dying(script: str, *args: str, scratch: Path) -> Ran:
    """What a script leaves in whose first question to Spark its Java dies."""
    done = subprocess.run(
        [sys.executable, "-c", DYING + script, *args],
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "TMPDIR": str(scratch), "SPARK_LOCAL_DIRS": str(scratch / "spark")},
        timeout=240,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_spark_that_dies_is_told_and_leaves_no_files(ledger: str, tmp_path: Path) -> None:
    (scratch := tmp_path / "scratch").mkdir()
    found = dying("from cstool.cli import main; main()", "calc", "nrr", ledger, "--engine", "spark", scratch=scratch)
    assert (found.code, found.out) == (3, "")
    assert found.err.startswith("cstool: Spark stopped while it ran\n")
    assert len(found.err.splitlines()) == 2
    assert list(scratch.glob("cstool-*")) == []


def test_after_a_spark_that_died_the_next_one_starts(ledger: str, tmp_path: Path) -> None:
    script = """
from cstool.api import Book
from cstool.errors import InputError
from cstool.model.request import CalcRequest
asked = CalcRequest(("nrr",), (sys.argv[1],), engine="spark")
try:
    Book().calc(asked)
except InputError as error:
    print(error)
print(len(Book().calc(asked).rows))
"""
    found = dying(script, ledger, scratch=tmp_path)
    assert (found.code, found.out) == (0, "Spark stopped while it ran\n1\n"), found.err


def test_a_reader_who_leaves_is_no_error_with_spark(ledger: str) -> None:
    assert left_after("true", "calc", "nrr", ledger, "--engine", "spark", "-q") == (141, "")


def test_what_is_left_to_this_machine_keeps_to_its_limits(tmp_path: Path, on_spark: Ask) -> None:
    spark = Spark(limits=Limits("100MB", 1))
    assert spark.local.row("select current_setting('threads'), current_setting('memory_limit')") == (1, "95.3 MiB")
    spark.close()
    path = tmp_path / "many.csv"
    path.write_text("account,month,mrr\n" + "".join(f"A{i},2026-01,{i}.25\n" for i in range(100_000)))
    found = on_spark(path, "mrr", duplicates="drop", limits=Limits("5MB", 1))
    assert found.error[0] == "this needs more memory than 5MB"


def test_values_without_a_file_need_no_spark() -> None:
    found = run_cstool("calc", "nrr", "--set", "starting=1", "--engine", "spark")
    assert (found.code, found.out) == (2, "")
    assert "--engine spark reads files" in found.err
