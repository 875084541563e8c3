"""Proposals of aliases as a view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from cstool.compute.joins.matching import Proposal
from cstool.render.blocks import Grid, View

HEADER = ("alias", "account", "name", "score", "why")


def proposals_view(proposals: Sequence[Proposal]) -> View:
    """A row a proposal; as CSV it is a file for --aliases."""
    records = [asdict(one) for one in proposals]
    rows = [[record[name] for name in HEADER] for record in records]
    grid = Grid(HEADER, [[str(cell) for cell in row] for row in rows], right=(3,))
    return View(records, records, HEADER, rows, [grid], [one.alias for one in proposals])
