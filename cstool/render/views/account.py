"""One account as a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cstool.accounts.card import Block as FileBlock
from cstool.accounts.card import Card as AccountCard
from cstool.plays.tasks import Task
from cstool.render.blocks import Block, Card, Grid, View
from cstool.render.units import shown
from cstool.render.views.tasks import tasks_grid

_EVENTS = 15  # of a timeline, for people


def account_view(card: AccountCard, tasks: Sequence[Task] = ()) -> View:
    """For people a card with a block a file, and tasks; for machines one document, and as rows its figures by file."""
    document = {
        "account": card.account,
        "account_id": card.account_id,
        "about": _plain_all(card.about),
        "blocks": [_block_record(one) for one in card.blocks],
        "health": _plain_all(card.health),
        "warnings": [one._asdict() for one in card.warnings],
        "timeline": [_plain_all(one._asdict()) for one in card.timeline],
    }
    rows = [["", key, _plain(value)] for key, value in card.about.items()]
    rows += [[one.file, key, _plain(value)] for one in card.blocks for key, value in one.metrics.items()]
    rows += [["health", key, _plain(value)] for key, value in card.health.items()]
    values = [row[2] for row in rows]
    return View(document, [document], ("file", "name", "value"), rows, list(_blocks(card, tasks)), values)


def _block_record(one: FileBlock) -> dict[str, Any]:
    metrics = _plain_all(one.metrics)
    if one.plan:
        metrics["plan"] = [_plain_all(part) for part in one.plan]
    return {"file": one.file, "shape": one.shape, "until": one.until, "rows": one.rows, "metrics": metrics}


def _plain_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    return value.isoformat()[:10] if isinstance(value, date) else value


# For people


def _blocks(card: AccountCard, tasks: Sequence[Task]) -> list[Block]:
    about = [(key, _said(value, "")) for key, value in card.about.items() if value is not None]
    found: list[Block] = [Card(card.account, card.account_id or "", facts=about)]
    found += [_told(one) for one in card.blocks]
    found += [_plan(one) for one in card.blocks if one.plan]
    if card.health:
        found.append(
            Card("Health", facts=[(key, _said(one, "score")) for key, one in card.health.items() if one is not None])
        )
    if card.warnings:
        found.append(Card("Warnings", facts=[(one.rule, one.seen) for one in card.warnings]))
    if tasks:
        found += [Card("Open plays"), tasks_grid(tasks, card.day)]
    if card.timeline:
        listed = [(str(one.date), one.file, one.what) for one in card.timeline[:_EVENTS]]
        more = len(card.timeline) - len(listed)
        title = f"the {len(listed)} newest of {len(card.timeline)}" if more else ""
        found += [Card("Timeline", title), Grid(("date", "file", "what"), listed)]
    return found


def _told(one: FileBlock) -> Card:
    until = f", until {one.until}" if one.until else ""
    rows = f"{one.rows:,} row{'' if one.rows == 1 else 's'}"
    facts = [(key, _said(value, one.units.get(key, ""))) for key, value in one.metrics.items()]
    return Card(one.file, f"{one.shape}{until}, {rows}", facts=facts)


def _plan(one: FileBlock) -> Grid:
    header = list(one.plan[0])
    cells: Sequence[Sequence[str]] = [
        [_said(value, "percent" if key in ("reached", "time_passed") else "") for key, value in part.items()]
        for part in one.plan
    ]
    return Grid(header, cells, [i for i, key in enumerate(header) if key in ("reached", "time_passed")])


def _said(value: Any, unit: str) -> str:
    if value is None:
        return "n/a" if unit else ""
    if isinstance(value, (Decimal, float, int)):
        return shown(value, unit) if unit in ("currency", "percent") else f"{round(float(value), 1):,g}"
    return str(_plain(value))
