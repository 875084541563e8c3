"""What an engine may use."""

from __future__ import annotations

from typing import NamedTuple

MEMORY = "600MB"  # more than most files need, and little enough to be let run beside anything


class Limits(NamedTuple):
    """How much memory and how many threads an engine may use; None leaves it to the engine."""

    memory: str = MEMORY
    threads: int | None = None
