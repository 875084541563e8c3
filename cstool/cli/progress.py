"""How far a long computation is, on stderr, where a person looks on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0  # seconds without a word
_STEP = 0.2
_WIDTH = 30


@contextmanager
def progress(*, quiet: bool) -> Iterator[None]:
    """Draws a bar while the block runs and takes it away at its end; nothing in a pipe, or where all is quiet."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    drawing = threading.Thread(target=_draw, args=(done,), daemon=True)
    drawing.start()
    try:
        yield
    finally:
        done.set()
        drawing.join()


def _draw(done: threading.Event) -> None:
    if done.wait(PATIENCE):
        return
    from cstool.engines.duck import running

    while not done.wait(_STEP):
        engine = running()
        share = min(max(engine.progress() / 100 if engine else 0.0, 0.0), 1.0)
        filled = round(share * _WIDTH)
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {share:4.0%}")
        sys.stderr.flush()
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()
