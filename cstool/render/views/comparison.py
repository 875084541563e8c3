"""A written difference with both metrics on the user's own file."""

from __future__ import annotations

from typing import Any

from cstool.compute.tables.comparison import Comparison
from cstool.render.blocks import Card, Grid, View
from cstool.render.cells import plain_number
from cstool.render.units import shown
from cstool.render.views.results import result_view


def comparison_view(difference: View, comparison: Comparison) -> View:
    """The difference as it is written, then the numbers, then what makes them differ."""
    numbers = result_view(comparison.result, explain=True)
    only: dict[str, Any] = {
        measure: {"metric": metric, "value": value} for measure, (metric, value) in comparison.only.items()
    }
    document = {
        **difference.document,
        "data": {"rows": numbers.document, "only_in_one": only, "accounts": [dict(row) for row in comparison.accounts]},
    }
    facts = [(measure, f"only in {metric}: {_text(value)}") for measure, (metric, value) in comparison.only.items()]
    blocks = [*difference.blocks, *numbers.blocks]
    if facts:
        blocks.append(Card("What makes them differ here", facts=facts))
    if comparison.accounts:
        blocks.append(
            Grid(
                ("account", "starting_mrr", "ending_mrr", "change", "movement"),
                [
                    (
                        str(row["account"]),
                        *(shown(row[key], "currency") for key in ("starting_mrr", "ending_mrr", "change")),
                        str(row["movement"]),
                    )
                    for row in comparison.accounts
                ],
                (1, 2, 3),
            )
        )
    return View(document, [document], numbers.header, numbers.rows, blocks, numbers.values)


def _text(value: Any) -> str:
    return "undefined" if value is None else plain_number(value)
