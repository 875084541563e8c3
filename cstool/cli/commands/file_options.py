"""The options that commands which read files have in common. Commands that read none need not wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cstool.compute.read_options import ReadOptions
from cstool.options import Options, option

COMPUTED = "What is computed"


@dataclass(frozen=True, kw_only=True)
class ScaleOptions(Options):
    """What answers and starts are measured by."""

    scale: int | None = option(None, "Surveys: the highest answer there is.", "N", heading=COMPUTED)
    within: int | None = option(
        None,
        "Users: days they have to get there; health-backtest: days to leave in (90).",
        "N",
        min=0,
        heading=COMPUTED,
    )
    reverse: bool = option(False, "Surveys: a low answer is a good one.", heading=COMPUTED)

    def values(self) -> dict[str, Decimal]:
        """As values of `CalcRequest.given`."""
        given = {"scale": self.scale, "within": self.within, "reverse": 1 if self.reverse else None}
        return {name: Decimal(value) for name, value in given.items() if value is not None}


# What a command takes where none of a group is given.
READ = ReadOptions()
SCALES = ScaleOptions()
