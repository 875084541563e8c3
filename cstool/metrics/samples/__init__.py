"""Realistic, seeded samples of each shape."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from cstool.errors import UsageError
from cstool.metrics.samples import revenue

Row = Sequence[object]

# Each makes the rows of one shape, header first, for so many accounts (or users, answers, ...).
SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {**revenue.SAMPLES}


def sample_csv(shape: str, accounts: int = 40, seed: int = 1) -> Iterator[str]:
    """The lines of a sample. Raises UsageError for a shape there is no sample of."""
    if shape not in SAMPLES:
        raise UsageError(f"there is no sample of '{shape}'", hint=f"samples: {', '.join(SAMPLES)}")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in SAMPLES[shape](accounts, random.Random(seed)):
        writer.writerow(row)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
