"""One Spark for all tests of this folder, and a question asked of both engines.

`python -m pytest tests/spark` runs them, the whole suite does not. They are skipped where Spark or Java is missing,
unless CSTOOL_NEEDS_SPARK=1 says that they must run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cstool.backends.spark.session import missing
from cstool.errors import CstoolError
from cstool.model.reading import Reading
from cstool.model.request import CalcRequest
from tests.metrics.computing import book

# What is quickest for a few rows: little compiling, no looking back at a plan, few tasks.
QUICK = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
ELSEWHERE = "read on this machine, not by Spark"


@dataclass(frozen=True)
class Outcome:
    """What came of a question: rows, also as text to the last digit, or the lines of an error; and what was said."""

    rows: Sequence[dict[str, Any]] = ()
    text: str = ""
    error: Sequence[str] = ()
    notes: Sequence[str] = field(default=(), compare=False)

    @property
    def here(self) -> bool:
        """Whether Spark left the reading to DuckDB."""
        return any(ELSEWHERE in note for note in self.notes)


Ask = Callable[..., Outcome]


def asked(engine: str, files: str | Path | Sequence[str | Path], *metrics: str, **options: Any) -> Outcome:
    """What `calc` answers. Options of `CalcRequest` and `Reading` by name."""
    reading = Reading(**{name: options.pop(name) for name in list(options) if name in Reading.__slots__})
    names = [files] if isinstance(files, str | Path) else files
    request = CalcRequest(metrics, tuple(map(str, names)), reading=reading, engine=engine, **options)  # type: ignore[arg-type]
    try:
        result = book().calc(request)
    except CstoolError as error:
        return Outcome(error=error.lines())
    rows = [dict(row) for row in result.rows]
    return Outcome(rows, json.dumps(rows, default=str), notes=result.notes)


@pytest.fixture(scope="session", autouse=True)
def spark() -> Iterator[None]:
    if lacking := missing():
        if os.environ.get("CSTOOL_NEEDS_SPARK") == "1":
            pytest.fail(lacking)
        pytest.skip(lacking)
    from pyspark import SparkConf

    from cstool.backends.spark.session import started

    context = started("local[2]", SparkConf().setAll(list(QUICK.items())))
    yield
    context.stop()


@pytest.fixture
def on_spark() -> Ask:
    """Asks Spark."""
    return lambda files, *metrics, **options: asked("spark", files, *metrics, **options)


@pytest.fixture
def both(on_spark: Ask) -> Ask:
    """Asks both engines, sees to it that they agree to the last digit and letter, and gives what Spark said."""

    def ask(files: str | Path | Sequence[str | Path], *metrics: str, **options: Any) -> Outcome:
        expected = asked("duckdb", files, *metrics, **options)
        found = on_spark(files, *metrics, **options)
        assert found == expected
        assert [note for note in found.notes if ELSEWHERE not in note] == list(expected.notes)
        return found

    return ask
