"""What can be asked of `calc`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cstool.data.options import Reading
from cstool.engines.duck import Limits

Step = Literal["month", "quarter", "year"]
STEP_MONTHS: Mapping[Step, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class CalcRequest:
    """One computation.

    `metrics` by any of their names; `files` paths or `-`, none for direct values; `given` measures by name;
    `window` in months; `as_of` a period like `2026-10`, `2026-Q4` or `2026`; `mapping` role -> column; `ahead` months
    that a forecast looks ahead; `config` a file of weights and rules for health scores and warnings; `engine` where the
    query runs, Spark on `spark_master`, DuckDB within
    `limits`.
    """

    metrics: tuple[str, ...]
    files: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    where: str | None = None
    every: Step | None = None
    window: int | None = None
    as_of: str | None = None
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
    reading: Reading = field(default_factory=Reading)
    explain: bool = False
    accounts: bool = False
    total: bool = False
    engine: Literal["duckdb", "spark"] = "duckdb"
    spark_master: str | None = None
    limits: Limits = field(default_factory=Limits)
