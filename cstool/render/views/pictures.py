"""Results as pictures for a terminal: bridges as waterfalls, cohorts as triangles, stages as funnels, series lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cstool.model.results import Column, Result, Value
from cstool.render.blocks import Picture
from cstool.render.units import shown, shown_alike

BAR = 46  # columns of the widest bar: with its label and number it fits 80
LABEL = 20  # characters of a stage's name
_BLOCKS = " ▏▎▍▌▋▊▉█"
_STAYS = {"moved_on": ("█", "gain"), "in_now": ("▒", ""), "lost": ("░", "loss")}
_SPARKS = "▁▂▃▄▅▆▇█"

Run = tuple[str, str]


def waterfall(result: Result) -> Picture:
    """From the first row's opening to the last row's closing, through the sums of the movements between."""
    rows = result.rows
    first, last = rows[0], rows[-1]
    moves = {key: sum(_number(row[key]) for row in rows) for key in ("new", "reactivation", "expansion")}
    moves |= {key: -sum(_number(row[key]) for row in rows) for key in ("contraction", "churned")}
    level = _number(first["opening"])
    highest = max(level, _number(last["closing"]), *_levels(level, list(moves.values())), 1.0)
    span = f"{first.get('period', '')} to {last.get('period', '')}" if len(rows) > 1 else str(first.get("period", ""))
    lines: list[Sequence[Run]] = [[(f"MRR {span}".strip(), "head")], _bar("opening", level, 0.0, level, highest, "")]
    for name, change in moves.items():
        lines.append(
            _bar(name, change, min(level, level + change), abs(change), highest, "gain" if change >= 0 else "loss")
        )
        level += change
    lines.append(_bar("closing", level, 0.0, level, highest, ""))
    return Picture(lines)


def _levels(level: float, moves: Sequence[float]) -> list[float]:
    levels = []
    for move in moves:
        level += move
        levels.append(level)
    return levels


def _bar(name: str, value: float, start: float, length: float, highest: float, style: str) -> list[Run]:
    """A labelled bar of `length` that begins at `start`, both in the unit of `highest`."""
    before = round(start / highest * BAR)
    eighths = max(round(length / highest * BAR * 8), 1 if length else 0)
    bar = "█" * (eighths // 8) + (_BLOCKS[eighths % 8] if eighths % 8 else "")
    sign = "+" if style == "gain" and value else ""
    return [
        (f"  {name:<13}", ""),
        (f"{sign + shown(round(value, 2), 'currency'):>14}  ", style),
        (" " * before + bar, style or "dim"),
    ]


def funnel(result: Result) -> Picture:
    """A bar a stage, as long as it was entered often: those who moved on, then those in it now, then those lost."""
    highest = max(_number(row["entered"]) for row in result.rows)
    width = min(max(len(str(row["stage"])) for row in result.rows), LABEL)
    legend = [(f"{mark} {key.replace('_', ' ')}  ", style) for key, (mark, style) in _STAYS.items()]
    lines: list[Sequence[Run]] = [legend]
    for row in result.rows:
        name = str(row["stage"])
        name = name if len(name) <= width else f"{name[: width - 1]}…"
        lengths = _parts([int(_number(row[key])) for key in _STAYS], highest)
        bars = [(mark * length, style) for length, (mark, style) in zip(lengths, _STAYS.values(), strict=True)]
        lines.append([(f"  {name:<{width}}{shown(row['entered'], 'count'):>8}  ", ""), *bars])
    return Picture(lines)


def _parts(counts: Sequence[int], highest: float) -> list[int]:
    """The columns of a bar's parts, which add up to its length; what is there has one at least."""
    ends = [round(sum(counts[: i + 1]) / highest * BAR) for i in range(len(counts))]
    lengths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    return [max(length, 1) if count else 0 for length, count in zip(lengths, counts, strict=True)]


def triangle(result: Result) -> Picture:
    """A line a cohort, a column an age, the share of revenue kept in each, darker where less is left."""
    cohorts: dict[str, dict[int, Value]] = {}
    sizes: dict[str, Value] = {}
    for row in result.rows:
        name = " ".join(str(row[column.key]) for column in result.groups)
        cohorts.setdefault(name, {})[int(_number(row["age"]))] = row["revenue_retention"]
        sizes.setdefault(name, row["size"])
    ages = sorted({age for kept in cohorts.values() for age in kept})
    width = max(len(name) for name in cohorts) + 2
    head: list[Run] = [(f"{'cohort':<{width}}{'size':>6} ", "head"), *((f"{age:>5}", "head") for age in ages)]
    named = {str(row["cohort"])[4:6] for row in result.rows}
    period = "quarter" if "-Q" in named else "month" if any(part.startswith("-") for part in named) else "year"
    lines: list[Sequence[Run]] = [[(f"revenue kept, in % of the first {period}", "dim")], head]
    for name, kept in cohorts.items():
        line: list[Run] = [(f"{name:<{width}}{sizes[name]!s:>6} ", "")]
        for age in ages:
            share = kept.get(age)
            text = "" if share is None else f"{_number(share) * 100:.0f}"
            line.append((f"{text:>5}", "" if share is None else _heat(_number(share))))
        lines.append(line)
    return Picture(lines)


def _heat(share: float) -> str:
    """The style of a share: from nothing kept to all kept, and one of its own for growth."""
    return "heat10" if round(share, 2) > 1 else f"heat{min(max(int(share * 9), 0), 9)}"


def sparklines(result: Result) -> Picture | None:
    """A line a value: its course as a sparkline, with its first and last."""
    width = max((len(column.key) for column in result.values), default=0)
    lines = [line for column in result.values if (line := _sparkline(result, column, width))]
    return Picture(lines) if lines else None


def _sparkline(result: Result, column: Column, width: int) -> list[Run] | None:
    course = [row[column.key] for row in result.rows]
    known = [_number(value) for value in course if value is not None]
    if len(known) < 2:
        return None
    low, high = min(0.0, *known), max(0.0, *known)  # from 0, so that a small fall does not look like a collapse
    marks = "".join(
        " " if value is None else _SPARKS[round((_number(value) - low) / (high - low) * 7) if high > low else 3]
        for value in course
    )
    present = [value for value in course if value is not None]
    first, last = shown_alike([present[0], present[-1]], column.unit)
    ends = f"  {first} to {last}"
    return [(f"{column.key:<{width}}  ", "head"), (marks, "gain"), (ends, "dim")]


def _number(value: Value) -> float:
    return float(value) if isinstance(value, (int, float, Decimal)) else 0.0
