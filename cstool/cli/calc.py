"""cstool calc METRIC[,METRIC...] [FILE...|-]"""

from enum import StrEnum
from typing import Annotated

import typer

from cstool.cli.common import Form, FormOption, GlossaryOption, NoColorOption, Output, QuietOption, RawOption, pairs
from cstool.cli.completion import dialect_names, metric_names, variant_names
from cstool.cli.reading import FILE, SCALES, FileOptions, ScaleOptions, limits_of, with_options
from cstool.errors import UsageError

LISTED = 20  # rows of --accounts in a table


class Engine(StrEnum):
    duckdb = "duckdb"
    spark = "spark"


class Every(StrEnum):
    month = "month"
    quarter = "quarter"
    year = "year"


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
            metavar="[FILE...|-]", help="Files of one header (CSV, packed, Parquet, workbook), or - for stdin."
        ),
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="COLUMN", help="A row per value of the column.")
    ] = None,
    where: Annotated[str | None, typer.Option("--where", metavar="SQL", help="Only rows for which this holds.")] = None,
    every: Annotated[Every | None, typer.Option("--every", help="A series: a row per month, quarter or year.")] = None,
    window: Annotated[
        str | None, typer.Option("--window", metavar="LENGTH", help="What is compared: 12m, 4q, 1y.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="PERIOD", help="The period the window ends with: 2026-10, 2026-Q4.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="MEASURE=VALUE", help="A measure's value, instead of a file.")
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            "--variant", metavar="NAME", help="Another reading that the entry gives.", autocompletion=variant_names
        ),
    ] = None,
    with_reactivation: Annotated[
        bool, typer.Option("--with-reactivation", help="nrr: customers who came back count (a variant).")
    ] = False,
    annualise: Annotated[
        bool, typer.Option("--annualise", "--annualize", help="Bring a rate to a year, compounded.")
    ] = False,
    ahead: Annotated[
        int, typer.Option("--ahead", metavar="N", min=1, max=120, help="Months a forecast looks ahead.")
    ] = 6,
    accounts: Annotated[
        bool, typer.Option("--accounts", help="Each account's part, or each row of the file that was counted.")
    ] = False,
    top: Annotated[
        int | None,
        typer.Option(
            "--top",
            metavar="N",
            min=1,
            help="With --accounts: only the first N.",
            show_default="20 in a table, else all",
        ),
    ] = None,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="Health: the YAML file of weights, bands and rules.")
    ] = None,
    scales: ScaleOptions = SCALES,
    options: FileOptions = FILE,
    sql: Annotated[
        str | None,
        typer.Option(
            "--sql",
            metavar="DIALECT",
            help="Print the query for a warehouse: snowflake, bigquery, ...",
            autocompletion=dialect_names,
        ),
    ] = None,
    table: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="With --sql: the table it reads, db.schema.t.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the measures and the formula with its numbers.")
    ] = False,
    benchmark: Annotated[
        bool, typer.Option("--benchmark", help="Show published figures, with year and source.")
    ] = False,
    total: Annotated[bool, typer.Option("--total", help="With --by: a last row for all groups together.")] = False,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Where it runs: here, or on Spark (needs pyspark and Java).")
    ] = Engine.duckdb,
    spark_master: Annotated[
        str | None, typer.Option("--spark-master", metavar="URL", help="Spark's master; local[*] if not said.")
    ] = None,
    memory_limit: Annotated[
        str | None,
        typer.Option(
            "--memory-limit",
            metavar="SIZE",
            help="What is over spills to the temporary folder (TMPDIR).",
            show_default="600MB, 280MB with --duplicates unchecked",
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", metavar="N", min=1, max=256, help="All processors if not said.")
    ] = None,
    fail_under: Annotated[
        str | None, typer.Option("--fail-under", metavar="VALUE", help="Exit code 1 if any value is below: 0.9 or 90%.")
    ] = None,
    fail_over: Annotated[
        str | None, typer.Option("--fail-over", metavar="VALUE", help="Exit code 1 if any value is above.")
    ] = None,
    no_plot: Annotated[bool, typer.Option("--no-plot", help="No pictures on a terminal, only tables.")] = False,
    form: FormOption = Form.table,
    glossary: GlossaryOption = None,
    raw: RawOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Compute metrics from files or given values.

    `cstool metrics` lists what there is, `cstool columns FILE` what a file can give. Percent metrics are fractions in
    machine formats.

    \b
    cstool sample ledger > ledger.csv
    cstool calc nrr,grr ledger.csv --by segment
    cstool calc nrr ledger.csv --every month -f csv
    cstool calc nrr --set starting=1000 --set expansion=200 --set contraction=50 --set churned=100
    """
    from cstool.api import Book
    from cstool.cli.notes import shortened
    from cstool.cli.progress import progress
    from cstool.cli.watching import Watched
    from cstool.metrics.direct import given_number
    from cstool.metrics.request import CalcRequest
    from cstool.metrics.windows import window_months
    from cstool.render.results import other_window, result_view

    if where is not None and not where.strip():
        raise UsageError("--where is empty", hint="write a condition, or leave it out")
    if any(not file.strip() for file in files or ()):
        raise UsageError("a file's name is empty")
    names = tuple(name.strip() for name in metrics.split(",") if name.strip())
    if not names:
        raise UsageError("calc needs a metric", hint="for example: cstool calc nrr accounts.csv")
    given = {
        name.replace("-", "_"): given_number(f"--set {name}", value)
        for name, value in pairs("--set", set_, "MEASURE=VALUE").items()
    } | scales.given()
    request = CalcRequest(
        metrics=names,
        files=tuple(files or ()),
        by=tuple(by or ()),
        where=where,
        every=every.value if every else None,
        window=window_months(window) if window else None,
        as_of=as_of,
        given=given,
        **options.described(),
        variants=(*(variant or ()), *(["with-reactivation"] if with_reactivation else [])),
        annualise=annualise,
        ahead=ahead,
        config=config,
        explain=explain,
        accounts=accounts,
        top=top or (LISTED if accounts and form is Form.table else None),
        total=total,
        engine=engine.value,
        spark_master=spark_master,
        limits=limits_of(memory_limit, threads, options.duplicates),
    )
    if top and not accounts:
        raise UsageError("--top goes with --accounts", hint="add --accounts, or leave --top out")
    output = Output(form, no_color, quiet, raw, plot=not no_plot)
    if sql is not None or table is not None:
        from cstool.cli.printing import print_query

        unsuited = {
            "--format": form is not Form.table,
            "--preset": options.preset,
            "--cents": options.cents is not None,
            "--interval": options.interval,
            "--end-inclusive": options.end_inclusive,
            "--accounts": accounts,
            "--top": top,
            "--config": config,
            "--ahead": ahead != 6,
            "--blank": options.blank,
            "--duplicates": options.duplicates,
            "--negative": options.negative,
            "--decimal": options.decimal,
            "--date-order": options.date_order,
            "--skip-bad": options.skip_bad,
            "--rejects": options.rejects,
            "--benchmark": benchmark,
            "--fail-under": fail_under,
            "--fail-over": fail_over,
            "--no-plot": no_plot,
            "--raw": raw,
            "--engine": engine is not Engine.duckdb,
            "--spark-master": spark_master,
            "--memory-limit": memory_limit,
            "--threads": threads,
        }
        print_query(glossary, request, sql, table, output, unsuited)
        return
    if spark_master is not None and engine is not Engine.spark:
        raise UsageError("--spark-master names where --engine spark runs, and that is not asked for")
    watched = Watched(fail_under, fail_over)
    with progress(quiet=quiet, spark=engine is Engine.spark):
        book = Book(glossary)
        result = book.calc(request)
    missed = watched.missed(result)
    windows = filter(None, map(other_window, result.values)) if benchmark else ()
    notes = [*result.notes, *result.undefined(), *windows]
    output.say(*(notes if explain else shortened(notes, "--explain lists all")))
    output.show(result_view(result, explain=explain, benchmarks=benchmark, titles=book.source_titles))
    if missed:
        output.say(*missed)
        raise typer.Exit(1)
