"""Runs a request: chooses the engine and what computes it, and puts the engine's failures into words."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cstool import scratch as scratch_folders
from cstool.backends.duck import DuckDB, EngineError, TooLargeError
from cstool.backends.engine import Engine
from cstool.compute.build_result import telling_alike
from cstool.compute.calculation import Calculation
from cstool.compute.formulas.resolve import wanted
from cstool.compute.reach import Reach, reach_of
from cstool.compute.source import Source
from cstool.compute.tables.accounts import refuse_accounts
from cstool.compute.tables.explained import basis
from cstool.errors import InputError, UsageError
from cstool.glossary.find.finding import Finder
from cstool.model.entries import Glossary
from cstool.model.request import CalcRequest
from cstool.model.results import Result

HEALTH = "health"  # the relation whose measures a file of weights says


def calculate(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """Compute what is asked.

    Raises UsageError for what does not exist or fit together, InputError for what the files cannot carry,
    UndefinedError where nothing asked for is defined on them.
    """
    engine: Engine = DuckDB(limits=request.limits)
    try:
        asked = wanted(glossary, finder, engine, request)
        _refuse_other_files(request)
        if request.engine == "spark":
            engine.close()
            engine = _spark(request)
        if request.config and asked[0].of != HEALTH:
            raise UsageError(
                f"--config says what health is made of; {asked[0].name} has no use for it", code="option-not-applicable"
            )
        if request.accounts:
            refuse_accounts(asked, request)
        if request.explain and asked[0].of == HEALTH:
            raise UsageError(
                f"--explain: {asked[0].name} shows its parts already",
                hint="leave --explain out",
                code="option-not-applicable",
            )
        if not request.files:
            return Calculation(glossary, engine, request, asked).direct()
        with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
            if asked[0].of == HEALTH:
                from cstool.compute.tables.health import health_result

                return health_result(glossary, engine, request, asked[0], Path(scratch))
            source = Source(glossary, engine, request, asked[0].of, Path(scratch), [one.name for one in asked])
            calculation = Calculation(glossary, engine, request, asked, source)
            result = calculation.from_files()
            if meaning := request.year.meaning(str(row.get("period", row.get("cohort"))) for row in result.rows):
                result = result._replace(notes=(meaning, *result.notes))
            if request.explain:
                result = result._replace(basis=basis(calculation, source, calculation.covered, result))
            return telling_alike(result, list(source.groups.values()))
    except EngineError as error:  # a query that is put off until its rows are asked for may fail anywhere
        raise _failure(error, request) from error
    finally:
        engine.close()


def _failure(error: EngineError, request: CalcRequest) -> InputError:
    """What to tell of a query that an engine refused: what it says itself helps only who runs a cluster."""
    if isinstance(error, TooLargeError) or "OVERFLOW" in str(error) or "OUT_OF_RANGE" in str(error):
        return InputError(
            "some numbers are too large to be computed with exactly",
            hint="give amounts in a larger unit, as in thousands",
            code="number-too-large",
        )
    if request.engine == "spark":
        return InputError(
            f"Spark could not run the query: {error}",
            hint="leave --engine spark out to run it here",
            code="spark-failed",
        )
    return InputError(
        "a formula or condition does not fit the values it is computed from",
        hint="`cstool glossary check PATH` checks your own formulas; if it is a shipped one, please report the command",
        code="values-do-not-fit",
    )


def _refuse_other_files(request: CalcRequest) -> None:
    """Raises UsageError where what other files say of the accounts has no use."""
    for option, given in (("--join", request.joined), ("--aliases", request.aliases)):
        if given and not request.files:
            raise UsageError(f"{option} needs a file to compute from", hint="name one", code="file-required")
        if given and request.engine == "spark":
            raise UsageError(
                f"{option} does not work on Spark yet",
                hint="leave --engine spark out, or join the files before",
                code="option-not-applicable",
            )
    others = [request.joined.file if request.joined else None, request.aliases]
    if [*request.files, *others].count("-") > 1:
        raise UsageError("stdin can be read only once", hint="save one of the files", code="bad-value")


def _spark(request: CalcRequest) -> Engine:
    """Spark, for files. Raises UsageError where none are named or it is not installed, InputError where one is lost."""
    if not request.files:
        raise UsageError("--engine spark reads files", hint="name one, or leave --engine out", code="file-required")
    from cstool.backends.spark.engine import Spark
    from cstool.backends.spark.session import paths_are_here
    from cstool.ingest.read.files import refuse_missing

    if paths_are_here(request.spark_master):
        refuse_missing(request.files)
    return Spark(request.spark_master, request.limits)


def reach(glossary: Glossary, finder: Finder, request: CalcRequest) -> Reach:
    """How far the files of a request go. Raises what `calculate` raises."""
    engine = DuckDB(limits=request.limits)
    try:
        asked = wanted(glossary, finder, engine, request)
        with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
            source = Source(glossary, engine, request, asked[0].of, Path(scratch), [one.name for one in asked])
            calculation = Calculation(glossary, engine, request, asked, source)
            calculation.read(source)
            return reach_of(source, calculation.counted_by())
    except EngineError as error:
        raise _failure(error, request) from error
    finally:
        engine.close()
