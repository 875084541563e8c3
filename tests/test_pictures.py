"""Pictures do not exaggerate: lines start at 0, growth has a colour of its own."""

from __future__ import annotations

from decimal import Decimal

from cstool.model.results import Column, Result, Value
from cstool.render.table import _STYLES
from cstool.render.views.pictures import sparklines, triangle


def test_a_small_fall_does_not_look_like_a_collapse() -> None:
    result = Result(
        [Column("period"), Column("mrr", "value", "currency")],
        [{"period": "1", "mrr": Decimal(50405)}, {"period": "2", "mrr": Decimal(43218)}],
    )
    picture = sparklines(result)
    assert picture
    [[_, (marks, _), _]] = picture.lines
    assert marks == "█▇"


def test_growth_has_another_colour_than_all_kept() -> None:
    rows: list[dict[str, Value]] = [
        {"cohort": "2026-01", "age": age, "size": 4, "revenue_retention": Decimal(share)}
        for age, share in enumerate(["1", "1.44", "0.7", "0"])
    ]
    picture = triangle(Result([Column("cohort")], rows))
    styles = [style for text, style in picture.lines[-1] if style]
    assert styles == ["heat9", "heat10", "heat6", "heat0"]
    assert len({_STYLES[style] for style in styles}) == 4
