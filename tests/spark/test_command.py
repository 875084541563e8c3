"""The command itself: data on stdout, Spark's noise nowhere, what is missing said in one line."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest

from cstool.engines import spark_session
from cstool.engines.spark import Spark
from cstool.errors import UsageError
from cstool.metrics.samples import sample_csv
from tests.conftest import ENVIRONMENT, run_cstool
from tests.spark.conftest import Ask


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


@pytest.mark.parametrize("name", ["pyspark", "sqlglot"])
def test_without_the_extra_the_way_to_install_it_is_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(spark_session, "find_spec", lambda asked: None if asked == name else there(asked))
    with pytest.raises(UsageError, match=r"pip install 'cstool\[spark\]'"):
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


def test_values_without_a_file_need_no_spark() -> None:
    found = run_cstool("calc", "nrr", "--set", "starting=1", "--engine", "spark")
    assert (found.code, found.out) == (2, "")
    assert "--engine spark reads files" in found.err
