"""cstool sample SHAPE"""

import sys
from typing import Annotated

import typer

from cstool.cli.completion import sample_names
from cstool.errors import UsageError


def sample(
    shape: Annotated[
        str | None,
        typer.Argument(
            metavar="SHAPE",
            help="ledger, snapshot, wide, subscriptions, ...; left out, they are listed.",
            autocompletion=sample_names,
        ),
    ] = None,
    accounts: Annotated[
        int, typer.Option("--accounts", metavar="N", min=1, max=100_000, help="How many accounts.")
    ] = 40,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed gives another company.")] = 1,
) -> None:
    """Print a realistic sample of a kind of file, as CSV.

    All shapes of one seed tell of the same company, so their metrics agree.

    \b
    cstool sample ledger > ledger.csv
    cstool sample tickets | cstool calc first-response-time -
    """
    from cstool.metrics.samples import SAMPLES, TEXTS, sample_csv

    if shape is None:
        raise UsageError(
            "sample needs a kind of file",
            hint=f"one of {', '.join((*SAMPLES, *TEXTS))}: cstool sample ledger",
            code="missing-argument",
        )
    sys.stdout.writelines(sample_csv(shape, accounts, seed))
