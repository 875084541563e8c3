"""Names of the temporary folders of this process, so that an interrupted run can remove every one of them."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path

PREFIX = f"cstool-{uuid.uuid4().hex[:12]}-"


def new_folder_name() -> str:
    """A name that no other folder has."""
    return f"{PREFIX}{uuid.uuid4().hex[:12]}"


def remove_all() -> None:
    """Removes what an interrupt left: a signal can arrive before the code that would remove a folder."""
    try:
        left = list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    except OSError:
        return
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
