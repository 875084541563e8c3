"""cstool sample SHAPE"""

import sys
from typing import Annotated

import typer

from cstool.cli.completion import sample_names


def sample(
    shape: Annotated[
        str,
        typer.Argument(metavar="SHAPE", help="ledger, snapshot, wide, subscriptions, ...", autocompletion=sample_names),
    ],
    accounts: Annotated[int, typer.Option("--accounts", min=1, max=100_000, help="How many accounts.")] = 40,
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives another company.")] = 1,
) -> None:
    """Print a realistic sample of a kind of file, as CSV.

    All shapes of one seed tell of the same company, so their metrics agree.
    """
    from cstool.metrics.samples import sample_csv

    sys.stdout.writelines(sample_csv(shape, accounts, seed))
