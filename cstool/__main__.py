"""The command `cstool`, also as `python -m cstool`. Imports nothing before an interrupt is handled."""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:  # as of `typing`, which takes milliseconds in which an interrupt would be a traceback
    from types import FrameType
    from typing import NoReturn


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    os._exit(130)


def main() -> NoReturn:
    """Runs the command; an interrupt while its modules are imported ends it at once and quietly."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _leave)
    from cstool.cli import main as run

    run()


if __name__ == "__main__":
    main()
