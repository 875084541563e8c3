"""Realistic, seeded samples of each shape."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cstool.errors import UsageError
from cstool.samples import account_lists, company, economics, health, plays, portfolio, product, revenue, story, targets

Row = Sequence[object]

_OF_THE_COMPANY = {**story.MAKERS, **company.FURTHER}
_MAKERS: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {
    **revenue.SAMPLES,
    **account_lists.SAMPLES,
    **product.SAMPLES,
    **portfolio.SAMPLES,
    **economics.SAMPLES,
}
_PROJECT_ONLY = ("csat", "nps")  # whose input type has a sample of all questions
SAMPLES = tuple(dict.fromkeys((*_MAKERS, *(one for one in _OF_THE_COMPANY if one not in _PROJECT_ONLY))))
TEXTS: Mapping[str, str] = {"health-config": health.CONFIG, "plays": plays.PLAYS, "targets": targets.TARGETS}


def sample_csv(shape: str, accounts: int = 40, seed: int = 1) -> Iterator[str]:
    """The lines of a sample. Raises UsageError for a shape there is no sample of."""
    if shape in TEXTS:
        yield TEXTS[shape]
        return
    if shape not in SAMPLES:
        raise UsageError(
            f"there is no sample of '{shape}'", hint=f"samples: {', '.join([*SAMPLES, *TEXTS])}", code="unknown-name"
        )
    if shape in _MAKERS:
        yield from _csv(_MAKERS[shape](accounts, random.Random(seed)))
    else:
        yield from _csv(story.told(shape, _OF_THE_COMPANY[shape], accounts, seed))


def project_texts(accounts: int = 40, seed: int = 1) -> Iterator[tuple[str, Iterable[str]]]:
    """The lines of each file of a sample project by its path, its `cstool.yaml` last."""
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
