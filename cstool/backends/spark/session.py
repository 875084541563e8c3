"""Where Spark runs: the session that is active already, or one of our own whose noise stays out of stderr."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from cstool.backends.duck import EngineError
from cstool.errors import CstoolError, InputError, UsageError
from cstool.extras import to_install

LOCAL = "local[*]"
_UNHEARD = logging.NullHandler()  # py4j tells of an interrupt by a traceback where nobody listens to the root logger

# What may name settings, and with them another home of paths without a scheme.
_SET_ELSEWHERE = ("HADOOP_CONF_DIR", "YARN_CONF_DIR", "PYSPARK_SUBMIT_ARGS")

# Of the process: nothing to watch, nothing printed.
_OWN = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
# Of the queries. Overflow is an error, digits are never given up for room, a time is what it says, as in DuckDB.
_RULES = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
}


def missing() -> str:
    """What is not installed, and how to install it; nothing where all is there."""
    for name in ("pyspark", "sqlglot"):
        if find_spec(name) is None:
            return f"--engine spark needs {name}; install it: {to_install('spark')}"
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if java is None:
        return "--engine spark needs Java: install Java 17 or newer, or let JAVA_HOME name its folder"
    return ""


def paths_are_here(master: str | None) -> bool:
    """Whether a path without a scheme is surely one of this machine, as it is unless settings name another home."""
    if not (master or LOCAL).startswith("local") or any(os.environ.get(name) for name in _SET_ELSEWHERE):
        return False
    pyspark = sys.modules.get("pyspark")
    if pyspark and pyspark.SparkContext._active_spark_context:
        return False
    found = find_spec("pyspark")
    home = os.environ.get("SPARK_HOME") or str(Path(found.origin).parent if found and found.origin else "")
    settings = Path(os.environ.get("SPARK_CONF_DIR") or Path(home, "conf"))
    return not any((settings / name).exists() for name in ("spark-defaults.conf", "core-site.xml"))


def session(master: str | None) -> tuple[Any, bool]:
    """A session with rules of its own, and whether its Spark is to be stopped in the end.

    Raises UsageError where Spark or Java is missing, or where another Spark than `master` is active.
    """
    if lacking := missing():
        raise UsageError(lacking, code="missing-package")
    with _told_to_start():
        return _session(master)


_starts: list[None] = []  # one for each that is starting


def starting() -> bool:
    """Whether a Spark is starting. For another thread."""
    return bool(_starts)


@contextmanager
def _told_to_start() -> Iterator[None]:
    _starts.append(None)
    try:
        yield
    finally:
        _starts.pop()


def _session(master: str | None) -> tuple[Any, bool]:
    from pyspark import SparkConf, SparkContext
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True  # it would tell every error a second time
    active = SparkContext._active_spark_context
    if active is not None and master not in (None, active.master):
        raise UsageError(
            f"--spark-master {master}: a Spark session on {active.master} is active already", code="spark-failed"
        )
    if active is None:
        logging.getLogger().addHandler(_UNHEARD)
    context = active or started(master or LOCAL, SparkConf().setAll(list(_OWN.items())))
    with plainly(context):
        own = SparkSession(context).newSession()
        for key, value in _RULES.items():
            own.conf.set(key, value)
        if active is None and context.master.startswith("local"):
            own.conf.set("spark.sql.shuffle.partitions", str(2 * context.defaultParallelism))
    return own, active is None


def started(master: str, conf: Any) -> Any:
    """A Spark of our own, whose log goes to a file that is told from only where it does not start."""
    from pyspark import SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway

    conf.setMaster(master).setIfMissing("spark.app.name", "cstool")
    with tempfile.TemporaryFile() as log:
        try:
            quiet = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log}
            with _interrupts_put_off() as came:
                context = SparkContext(conf=conf, gateway=SparkContext._gateway or launch_gateway(conf, quiet))
        except PySparkException as error:
            raise _not_started(log, master) from error
        except Exception as error:  # py4j's own, which name Java classes
            raise UsageError(f"Spark did not start on {master}: {cause(error)}", code="spark-failed") from error
    if came:
        stop(context)
        raise KeyboardInterrupt
    return context


@contextmanager
def _interrupts_put_off() -> Iterator[list[int]]:
    """Gathers the first signal to stop: a Java left while it starts would run on. A second one is not put off.

    Afterwards Ctrl-C means what it meant before, and not what Spark makes of it.
    """
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return

    def note(number: int, _: object) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, note) for number in known}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _not_started(log: IO[bytes], master: str) -> UsageError:
    """What Spark said last before it gave up."""
    log.seek(0)
    text = log.read().decode("utf-8", "replace")
    if "UnsupportedClassVersionError" in text:
        return UsageError("--engine spark needs a newer Java: install Java 17 or newer", code="missing-package")
    said = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("\tat ")]
    failed = [line for line in said if re.search("Exception|Error", line)]
    last = next(iter(failed or said[-1:]), "it said nothing")
    return UsageError(f"Spark did not start on {master}: {last.rpartition('Exception: ')[2]}", code="spark-failed")


@contextmanager
def plainly(context: Any) -> Iterator[None]:
    """Raises errors of Spark's as EngineError by their first line, or as InputError where Spark itself is gone."""
    try:
        yield
    except (EngineError, CstoolError):
        raise
    except Exception as error:
        if _runs(context):
            raise EngineError(cause(error)) from error
        raise InputError(
            "Spark stopped while it ran",
            hint="most often its memory did not do: spark.driver.memory in its settings gives it more",
            code="spark-failed",
        ) from error


def _runs(context: Any) -> bool:
    try:
        return not context._jsc.sc().isStopped()
    except Exception:
        return False


def stop(context: Any) -> None:
    """Stops a Spark of our own. Where its Java is gone already, the next one starts with a new Java."""
    from pyspark import SparkContext

    logging.getLogger().removeHandler(_UNHEARD)
    gone = not _runs(context)
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context.stop()
    if gone:
        context.stop()  # what it is in this process; the first time ended at what is gone
        SparkContext._gateway = SparkContext._jvm = None


def cause(error: BaseException) -> str:
    """The first line of what lies under an error of Spark's, without Java's names and codes for it."""
    text = str(error).strip()
    causes = re.findall(r"^Caused by: (?:[\w.$]+: )?(.*)$", text, re.MULTILINE)
    line = causes[-1] if causes else next(iter(text.splitlines()), type(error).__name__)
    line = re.sub(r"^\[[A-Z0-9_.]+\] *| If necessary set .*", "", line.strip())
    return re.sub(r" ?SQLSTATE: \w+.*", "", line).strip()
