"""What `columns` makes of a text, as the tests of this folder ask it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cstool.compute.recognize.inspection import Understood
from cstool.model.reading import Reading
from tests.metrics.computing import book


def understood(data: str) -> Understood:
    """The shape and roles found in the text of a file, and what can be computed from it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_text(data, encoding="utf-8")
        return book().columns(str(path), {}, Reading())[1]
