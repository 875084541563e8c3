"""What can be asked of `calc`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from cstool.model.as_of_dates import Step, day_of, is_week, moment
from cstool.model.limits import Limits
from cstool.model.periods import CALENDAR, FiscalYear
from cstool.model.reading import Kind, Reading


@dataclass(frozen=True, slots=True)
class FileSet:
    """Files that are read alike: one name of a project, or what a command line names.

    `name` is the project's for it, `feeds` the metrics and families that it alone gives, `how` the fields of
    `CalcRequest` that say how it is read, `given` values such as the scale of its answers, and `place` where the
    project says so.
    """

    files: tuple[str, ...]
    name: str = ""
    feeds: tuple[str, ...] = ()
    how: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Decimal] = field(default_factory=dict)
    place: str = ""

    @property
    def shown(self) -> str:
        """What messages call it by."""
        return f"@{self.name} ({', '.join(self.files)})" if self.name else ", ".join(self.files)


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """A file whose columns are joined by account.

    `left` is the column of the files that are computed from, `key` and `name` those of this file that match it; each
    is found by its header where it is ''. `asked` says that no column of it being used is an error, `first` that its
    columns come before those of the same name in the files themselves.
    """

    file: str
    left: str = ""
    key: str = ""
    name: str = ""
    reading: Reading = field(default_factory=Reading)
    asked: bool = True
    first: bool = False


@dataclass(frozen=True, slots=True)
class CalcRequest:
    """One computation.

    `metrics` by any of their names; `files` paths or `-`, none for direct values; `sets` take the place of `files`
    where not all are read alike; `given` measures by name;
    `joined` a file with further columns of the accounts, `aliases` one with other names of them;
    `window` in months, or in `weeks`; `as_of` a day, week, month, quarter or year in one
    spelling;
    `year` the fiscal year that quarters and years are of; `compare` the earlier period that each value is put beside;
    `mapping` role -> column; `ahead` months that a forecast looks ahead; `config` a file of weights and rules for
    health scores and warnings, `health` that of the project, `since` an earlier list of
    accounts that is scored, too, `holds` what columns hold where that is known;
    `top` how many rows of `accounts` are listed, None for all; `engine` where the query
    runs, Spark on `spark_master`, DuckDB within `limits`.
    """

    metrics: tuple[str, ...]
    files: tuple[str, ...] = ()
    sets: tuple[FileSet, ...] = ()
    joined: JoinedFile | None = None
    aliases: str | None = None
    by: tuple[str, ...] = ()
    where: str | None = None
    every: Step | None = None
    window: int | None = None
    weeks: int | None = None
    as_of: str | None = None
    compare: Literal["previous", "year-ago"] | None = None
    year: FiscalYear = CALENDAR
    mapping: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, Decimal] = field(default_factory=dict)
    shape: str | None = None
    preset: str | None = None
    cents: bool | None = None
    interval: str | None = None
    end_inclusive: bool = False
    variants: tuple[str, ...] = ()
    annualise: bool = False
    ahead: int = 6
    config: str | None = None
    health: str | None = None
    since: str | None = None
    holds: Mapping[str, Kind] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    explain: bool = False
    accounts: bool = False
    top: int | None = None
    total: bool = False
    engine: Literal["duckdb", "spark"] = "duckdb"
    spark_master: str | None = None
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Raises UsageError for an `as_of` that names no period."""
        if self.as_of:
            object.__setattr__(self, "as_of", moment(self.as_of))

    @property
    def by_week(self) -> bool:
        """Whether rows with days are counted by weeks."""
        return self.every == "week" or bool(self.weeks) or (not self.every and is_week(self.as_of or ""))

    @property
    def day(self) -> date | None:
        """The day that `as_of` names, after which rows are left out; None where it names a period."""
        return day_of(self.as_of) if self.as_of else None

    @property
    def weights(self) -> str:
        """The file of weights and rules, '' where none is given."""
        return self.config or self.health or ""
