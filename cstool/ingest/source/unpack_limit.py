"""How much a packed file may unpack to, and where it is unpacked."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from cstool.errors import InputError

_SMALL = 20 << 20  # bytes; what unpacks to no more is never refused
_RATIO = 200  # exports are packed to a tenth or so; beyond this they are nothing but repetition
_MOST = 10 << 30


class UnpackLimit(NamedTuple):
    """How many bytes a file may unpack to: as many as the user said, else what its size makes plausible."""

    name: str
    packed: int
    said: int | None = None

    def check(self, size: int) -> None:
        """Raises InputError where `size` bytes are too many."""
        if self.said is not None:
            if size > self.said:
                raise InputError(
                    f"{self.name}: unpacks to more than --unpack-limit allows ({self.said:,} bytes)",
                    hint="set a higher --unpack-limit",
                    code="file-too-large",
                )
        elif size > min(_MOST, max(_SMALL, _RATIO * self.packed)):
            share = f"{_RATIO} times its size" if size <= _MOST else f"{_MOST >> 30} GB"
            raise InputError(
                f"{self.name}: unpacks to more than {share}, as no export does",
                hint="if it is meant to, set the size it may have: --unpack-limit 20GB",
                code="file-too-large",
            )


def scratch_file(scratch: Path, suffix: str) -> Path:
    """A name in `scratch` that is not taken."""
    return scratch / f"{sum(1 for _ in scratch.iterdir())}{suffix}"
