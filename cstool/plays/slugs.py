"""Names as one word, for the projects and contexts of task lists."""

from __future__ import annotations

import re


def slug(name: str) -> str:
    """A name in letters, digits and hyphens: `renewal-at-risk`, `Ines-Okafor`; empty where it has none of them."""
    return re.sub(r"[\W_]+", "-", name).strip("-")
