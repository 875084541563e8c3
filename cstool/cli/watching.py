"""--fail-under and --fail-over: one metric watched by a pipeline."""

from __future__ import annotations

from decimal import Decimal

from cstool.compute.formulas.given_values import given_number
from cstool.errors import UsageError
from cstool.model.results import Result
from cstool.render.units import shown

_LIKELY = 10  # of a share: what is above is rather meant in percent


class Watched:
    """Thresholds as they were given. Raises UsageError for what is no number."""

    def __init__(self, under: str | None, over: str | None) -> None:
        given = {"--fail-under": under, "--fail-over": over}
        self._given = {option: (text, given_number(option, text)) for option, text in given.items() if text is not None}

    def missed(self, result: Result) -> list[str]:
        """What each value that misses a threshold is; what is undefined misses none.

        Raises UsageError where there are several metrics, or where a percent is likely to have lost its sign.
        """
        if not self._given:
            return []
        if len(result.values) != 1:
            raise UsageError(
                "--fail-under and --fail-over watch one metric",
                hint="ask for one metric only",
                code="option-not-applicable",
            )
        column = result.values[0]
        said = []
        for option, (text, threshold) in self._given.items():
            if column.unit == "percent" and threshold > _LIKELY and "%" not in text:
                raise UsageError(
                    f"{option} {text} is {threshold * 100:f}%",
                    hint=f"write {option} {text}% for a share",
                    code="bad-value",
                )
            for i, row in enumerate(result.rows):
                value = row[column.key]
                number = None if value is None else Decimal(str(value))
                if number is not None and (number < threshold if option == "--fail-under" else number > threshold):
                    way = "below" if option == "--fail-under" else "above"
                    told = shown(number, column.unit)
                    said.append(f"{column.key} in {result.row_name(i)} is {told}, {way} the {text} of {option}")
        return said
