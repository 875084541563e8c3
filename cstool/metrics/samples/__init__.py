"""Realistic, seeded samples of each shape."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cstool.errors import UsageError
from cstool.metrics.samples import (
    account_lists,
    economics,
    health,
    plays,
    portfolio,
    product,
    revenue,
    support,
    surveys,
)

Row = Sequence[object]

# Each makes the rows of one shape, header first, for so many accounts (or users, answers, ...).
SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {
    **revenue.SAMPLES,
    **account_lists.SAMPLES,
    **surveys.SAMPLES,
    **support.SAMPLES,
    **product.SAMPLES,
    **portfolio.SAMPLES,
    **economics.SAMPLES,
    **health.SAMPLES,
}
TEXTS: Mapping[str, str] = {"health-config": health.CONFIG, "plays": plays.PLAYS}


def sample_csv(shape: str, accounts: int = 40, seed: int = 1) -> Iterator[str]:
    """The lines of a sample. Raises UsageError for a shape there is no sample of."""
    if shape in TEXTS:
        yield TEXTS[shape]
        return
    if shape not in SAMPLES:
        raise UsageError(
            f"there is no sample of '{shape}'", hint=f"samples: {', '.join([*SAMPLES, *TEXTS])}", code="unknown-name"
        )
    yield from _csv(SAMPLES[shape](accounts, random.Random(seed)))


def project_texts(accounts: int = 40, seed: int = 1) -> Iterator[tuple[str, Iterable[str]]]:
    """The lines of each file of a sample project by its path, its `cstool.yaml` last."""
    from cstool.metrics.samples import story

    for path, rows in story.project_files(accounts, seed):
        yield path, _csv(rows)
    yield from ((path, [text]) for path, text in story.FILES.items())


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
