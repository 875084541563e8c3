"""How far a long computation is, or that Spark still starts, on stderr, where a person looks on."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0  # seconds without a word
_STEP = 0.2
_WIDTH = 30
_STARTING = "starting Spark ..."
_REST = "\x1b[K"  # takes the rest of the line away


@contextmanager
def progress(*, quiet: bool, spark: bool = False) -> Iterator[None]:
    """Draws a bar while the block runs and takes it away at its end; nothing in a pipe, or where all is quiet.

    With `spark` it is said at once when one starts, which takes seconds.
    """
    if quiet or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    drawing = threading.Thread(target=_draw, args=(done, spark), daemon=True)
    drawing.start()
    try:
        yield
    finally:
        done.set()
        drawing.join()


def _draw(done: threading.Event, spark: bool) -> None:
    begun, shown = time.monotonic(), ""
    while not done.wait(_STEP):
        patient = time.monotonic() - begun < PATIENCE
        text = _STARTING if spark and _spark_starts() else "" if patient else _bar()
        if text or shown:
            sys.stderr.write(f"\r{text}{_REST if len(text) < len(shown) else ''}")
            sys.stderr.flush()
        shown = text
    if shown:
        sys.stderr.write(f"\r{_REST}")
        sys.stderr.flush()


def _spark_starts() -> bool:
    from cstool.backends.spark.session import starting

    return starting()


def _bar() -> str:
    from cstool.backends.duck import running

    engine = running()
    share = min(max(engine.progress() / 100 if engine else 0.0, 0.0), 1.0)
    filled = round(share * _WIDTH)
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}"
