"""cstool calc METRIC[,METRIC...] [FILE...|-]"""

from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.calc_options import (
    ACCOUNT,
    ENGINE,
    OUTPUT,
    PRINT,
    QUESTION,
    RESULT,
    AccountOptions,
    CalcOutput,
    EngineOptions,
    PrintOptions,
    Question,
    ResultOptions,
)
from cstool.cli.commands.file_options import READ, SCALES, ScaleOptions
from cstool.cli.common import GlossaryOption
from cstool.cli.completion import metric_names
from cstool.cli.options import with_options
from cstool.cli.projects import with_project_file, with_project_files
from cstool.compute.read_options import ReadOptions
from cstool.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from cstool.model.request import CalcRequest


@with_options
def calc(
    metrics: Annotated[
        str,
        typer.Argument(
            metavar="METRIC[,METRIC...]", help="What to compute: nrr,grr,logo-churn", autocompletion=metric_names
        ),
    ],
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE...|@NAME|-]",
            help="Files (CSV, packed, Parquet, workbook), @NAME for one of the project, - for stdin.",
        ),
    ] = None,
    question: Question = QUESTION,
    accounts: AccountOptions = ACCOUNT,
    scales: ScaleOptions = SCALES,
    options: ReadOptions = READ,
    printed: PrintOptions = PRINT,
    where: EngineOptions = ENGINE,
    shown: ResultOptions = RESULT,
    glossary: GlossaryOption = None,
    output: CalcOutput = OUTPUT,
) -> None:
    """Compute metrics from files or given values.

    `cstool metrics` lists what there is, `cstool columns FILE` what a file can give. Percent metrics are fractions in
    machine formats.

    \b
    cstool sample ledger > ledger.csv
    cstool calc nrr,grr ledger.csv --by segment
    cstool calc nrr ledger.csv --every month -f csv
    cstool sample accounts > accounts.csv
    cstool calc nrr ledger.csv --join accounts.csv --by csm
    cstool calc nrr --set starting=1000 --set expansion=200 --set contraction=50 --set churned=100
    """
    from cstool.model.request import CalcRequest

    if any(not file.strip() for file in files or ()):
        raise UsageError("a file's name is empty", code="missing-argument")
    names = tuple(name.strip() for name in metrics.split(",") if name.strip())
    if not names:
        raise UsageError(
            "calc needs a metric", hint="for example: cstool calc nrr accounts.csv", code="missing-argument"
        )
    printing = printed.sql is not None or printed.table is not None
    if printing and len(files or ()) == 1:
        first, options, others = with_project_file((files or [])[0], options, quiet=output.quiet)
        files = [first, *others]
    request = CalcRequest(
        metrics=names,
        files=tuple(files or ()),
        given=question.values() | scales.values(),
        explain=shown.explain,
        **question.request_fields(output.form),
        **accounts.request_fields(),
        **options.request_fields(),
        **where.request_fields(lean=options.duplicates == "unchecked"),
    )
    if printing:
        from cstool.cli.printing import print_query

        given = [
            name for group in (question, accounts, scales, options, where, shown, output) for name in group.given()
        ]
        print_query(glossary, request, printed, output, given)
        return
    if where.spark_master is not None and where.engine != "spark":
        raise UsageError(
            "--spark-master names where --engine spark runs, and that is not asked for", code="option-needs-another"
        )
    request = with_project_files(request, files or (), options, alone=bool(question.set_), quiet=output.quiet)
    _compute(glossary, request, shown, output)


def _compute(glossary: "Path | None", request: "CalcRequest", shown: ResultOptions, output: CalcOutput) -> None:
    """Shows the result. Exits with 1 where a value misses a threshold."""
    from cstool.api import Book
    from cstool.cli.notes import shortened
    from cstool.cli.progress import progress
    from cstool.cli.watching import Watched
    from cstool.render.views.results import other_window, result_view

    watched = Watched(shown.fail_under, shown.fail_over)
    with progress(quiet=output.quiet, spark=request.engine == "spark"):
        book = Book(glossary)
        result = book.calc(request)
    missed = watched.missed(result)
    windows = filter(None, map(other_window, result.values)) if shown.benchmark else ()
    notes = [*result.notes, *result.undefined(), *windows]
    output.say(*(notes if shown.explain else shortened(notes, "--explain lists all")))
    view = result_view(result, explain=shown.explain, benchmarks=shown.benchmark, titles=book.source_titles)
    output.show(view, plot=not shown.no_plot)
    if missed:
        output.say(*missed)
        raise typer.Exit(1)
