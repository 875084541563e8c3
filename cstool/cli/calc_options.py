"""The options of calc, in groups: what is asked, where it runs, and what is done with the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from cstool.cli.commands.file_options import COMPUTED
from cstool.cli.common import Output, pairs
from cstool.cli.completion import dialect_names, variant_names
from cstool.errors import UsageError
from cstool.options import Options, option

if TYPE_CHECKING:
    from cstool.render.blocks import Format

RUNS = "Where it runs"
ACCOUNTS = "What other files say of the accounts"
LISTED = 20  # rows of --accounts in a table


@dataclass(frozen=True, kw_only=True)
class Question(Options):
    """What calc is asked for, besides the metrics."""

    by: list[str] | None = option(None, "A row per value of the column.", "COLUMN", heading=COMPUTED)
    where: str | None = option(None, "Only rows for which this holds.", "SQL", heading=COMPUTED)
    every: Literal["week", "month", "quarter", "year"] | None = option(
        None, "A series: a row per month, quarter or year, or ISO week.", heading=COMPUTED
    )
    fiscal_year_starts: str | None = option(
        None, "The fiscal year's first month; quarters and years are its own: FY2027-Q1.", "MONTH", heading=COMPUTED
    )
    window: str | None = option(None, "What is compared: 12m, 4q, 1y, 4w.", "LENGTH", heading=COMPUTED)
    as_of: str | None = option(None, "The period the window ends with: 2026-10, 2026-Q4.", "PERIOD", heading=COMPUTED)
    compare: Literal["previous", "year-ago"] | None = option(
        None, "What each value was before, and its change.", heading=COMPUTED
    )
    total: bool = option(False, "With --by: a last row for all groups together.", heading=COMPUTED)
    accounts: bool = option(False, "Each account's part, or each row of the file that was counted.", heading=COMPUTED)
    top: int | None = option(
        None, "With --accounts: only the first N.", "N", min=1, show_default="20 in a table, else all", heading=COMPUTED
    )
    set_: list[str] | None = option(None, "A measure's value, instead of a file.", "MEASURE=VALUE", heading=COMPUTED)
    variant: list[str] | None = option(
        None, "Another definition that the entry gives.", "NAME", autocompletion=variant_names, heading=COMPUTED
    )
    with_reactivation: bool = option(False, "nrr: customers who came back count (a variant).", heading=COMPUTED)
    annualise: bool = option(
        False, "Bring a rate to a year, compounded.", names=("--annualise", "--annualize"), heading=COMPUTED
    )
    ahead: int = option(6, "Months a forecast looks ahead.", "N", min=1, max=120, heading=COMPUTED)
    config: str | None = option(None, "Health: the YAML file of weights, bands and rules.", "FILE", heading=COMPUTED)
    since: str | None = option(
        None, "health-score: an earlier `accounts -f csv`, scored and compared.", "FILE", heading=COMPUTED
    )

    def values(self) -> dict[str, Decimal]:
        """The values of --set by measure. Raises UsageError for what is no number."""
        from cstool.compute.formulas.given_values import given_number

        given = pairs("--set", self.set_, "MEASURE=VALUE")
        return {name.replace("-", "_"): given_number(f"--set {name}", value) for name, value in given.items()}

    def request_fields(self, form: Format) -> dict[str, Any]:
        """These options but --set as fields of `CalcRequest`; `form` is what the result is printed in.

        Raises UsageError for options that do not go together.
        """
        from cstool.model.periods import CALENDAR, FiscalYear, fiscal_month
        from cstool.model.weeks import window_fields

        if self.where is not None and not self.where.strip():
            raise UsageError("--where is empty", hint="write a condition, or leave it out", code="bad-value")
        if self.top and not self.accounts:
            raise UsageError(
                "--top goes with --accounts", hint="add --accounts, or leave --top out", code="option-needs-another"
            )
        return {
            "by": tuple(self.by or ()),
            "where": self.where,
            "every": self.every,
            **window_fields(self.window),
            "as_of": self.as_of,
            "compare": self.compare,
            "year": FiscalYear(fiscal_month(self.fiscal_year_starts))
            if self.fiscal_year_starts is not None
            else CALENDAR,
            "total": self.total,
            "accounts": self.accounts,
            "top": self.top or (LISTED if self.accounts and form == "table" else None),
            "variants": (*(self.variant or ()), *(["with-reactivation"] if self.with_reactivation else [])),
            "annualise": self.annualise,
            "ahead": self.ahead,
            "config": self.config,
            "since": self.since,
        }


@dataclass(frozen=True, kw_only=True)
class AccountOptions(Options):
    """What other files say of the accounts."""

    join: str | None = option(
        None, "Columns of another file by account, for --by and --where.", "FILE", heading=ACCOUNTS
    )
    on: str | None = option(
        None, "With --join: the columns that match, if others than the accounts.", "LEFT=RIGHT", heading=ACCOUNTS
    )
    aliases: str | None = option(
        None, "Other names of accounts: a file with alias,account (see match).", "FILE", heading=ACCOUNTS
    )

    def request_fields(self) -> dict[str, Any]:
        """These options as fields of `CalcRequest`. Raises UsageError where one lacks another."""
        from cstool.model.request import JoinedFile

        for name, value in (("--join", self.join), ("--aliases", self.aliases)):
            if value is not None and not value.strip():
                raise UsageError(f"{name}: a file's name is empty", code="missing-argument")
        if self.on is not None and self.join is None:
            raise UsageError("--on goes with --join", hint="add --join FILE", code="option-needs-another")
        joined = None
        if self.join is not None:
            left, right = (
                next(iter(pairs("--on", [self.on], "LEFT=RIGHT").items())) if self.on is not None else ("", "")
            )
            joined = JoinedFile(self.join, left, right)
        return {"joined": joined, "aliases": self.aliases}


@dataclass(frozen=True, kw_only=True)
class EngineOptions(Options):
    """Where calc runs."""

    engine: Literal["duckdb", "spark"] = option(
        "duckdb", "Where it runs: here, or on Spark (needs pyspark and Java).", heading=RUNS
    )
    spark_master: str | None = option(None, "Spark's master; local[*] if not said.", "URL", heading=RUNS)
    memory_limit: str | None = option(
        None,
        "Memory limit; larger intermediates are written to the temporary folder (TMPDIR).",
        "SIZE",
        show_default="600MB, 280MB with --duplicates unchecked",
        heading=RUNS,
    )
    threads: int | None = option(None, "All processors if not said.", "N", min=1, max=256, heading=RUNS)

    def request_fields(self, *, lean: bool) -> dict[str, Any]:
        """These options as fields of `CalcRequest`; `lean` where no account has to be remembered."""
        from cstool.backends.duck import limits_of

        return {
            "engine": self.engine,
            "spark_master": self.spark_master,
            "limits": limits_of(self.memory_limit, self.threads, lean=lean),
        }


@dataclass(frozen=True, kw_only=True)
class PrintOptions(Options):
    """Whether the query is printed instead of run."""

    sql: str | None = option(
        None,
        "Print the query for a warehouse: snowflake, bigquery, ...",
        "DIALECT",
        autocompletion=dialect_names,
        heading=RUNS,
    )
    table: str | None = option(None, "With --sql: the table it reads, db.schema.t.", "NAME", heading=RUNS)


@dataclass(frozen=True, kw_only=True)
class ResultOptions(Options):
    """What is shown with the result, and what it is compared with."""

    explain: bool = option(False, "Show the measures and the formula with its numbers.")
    benchmark: bool = option(False, "Show published benchmarks, with year and source.")
    fail_under: str | None = option(None, "Exit code 1 if any value is below: 0.9 or 90%.", "VALUE")
    fail_over: str | None = option(None, "Exit code 1 if any value is above.", "VALUE")
    no_plot: bool = option(False, "No pictures on a terminal, only tables.")


@dataclass(frozen=True, kw_only=True)
class CalcOutput(Output):
    """How a result is written, or a query of --sql."""

    further_formats: ClassVar[Mapping[str, str]] = {".sql": "table"}


# What calc takes where none of a group is given.
QUESTION = Question()
ACCOUNT = AccountOptions()
ENGINE = EngineOptions()
PRINT = PrintOptions()
RESULT = ResultOptions()
OUTPUT = CalcOutput()
