"""Rows of one key: added up or refused, with the options that fit them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cstool.compute.joins.aliases import OWN
from cstool.errors import InputError
from cstool.ingest.checks import duplicates
from cstool.model.reading import Column

if TYPE_CHECKING:
    from cstool.compute.source import Source


def add_up_or_refuse(source: Source, columns: Sequence[Column]) -> None:
    """Rows of one key among those that --where chose."""
    reading = source.request.reading
    aliased = any(one.name == OWN for one in columns)
    unique = [OWN if one == "account" and aliased else one for one in source.shape.unique]
    key = duplicates.keys(columns, unique, reading)
    if not key:
        return
    if reading.duplicates == "sum":
        source.notes += duplicates.add_up(source.engine, source.cells, columns, key, "place")
        return
    try:
        duplicates.refuse_twice(source.engine, source.cells, key, source.name)
    except duplicates.DuplicateRowsError as error:
        raise InputError(error.message, hint=options_for(source, error), code=error.code) from error


def options_for(source: Source, error: duplicates.DuplicateRowsError) -> str:
    """The options that fit rows of one key."""
    options = ["--duplicates drop leaves rows out that repeat another"] if error.alike else []
    if source.adds_up:
        options.append("--duplicates sum adds their amounts up, where each is a part of the whole")
    if not options:
        options.append("--where chooses one row of each, --duplicates unchecked counts all")
    return "; ".join(options)
