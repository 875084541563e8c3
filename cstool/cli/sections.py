"""Help: arguments, then options under headings that say what they are about."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

# The headings in their order; each option names its own, and what names none stands under Options, which comes last.
SECTIONS = (
    "What is computed",
    "What other files say of the accounts",
    "What the file is",
    "What the file leaves open",
    "Where it runs",
)
OPTIONS = "Options"
MANY = 20  # options that are read more easily under headings


class Sections(TyperCommand):
    """A command whose help tells its options, where they are many, by what they are about."""

    def format_options(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        headed = len(self.params) > MANY
        records: dict[str, list[tuple[str, str]]] = {name: [] for name in ("Arguments", *SECTIONS, OPTIONS)}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                section = (getattr(param, "rich_help_panel", None) or OPTIONS) if headed else OPTIONS
                records["Arguments" if param.param_type_name == "argument" else section].append(record)
        for name, own in records.items():
            if own:
                with formatter.section(name):
                    formatter.write_dl(own)

    def collect_usage_pieces(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """What is required stands without braces."""
        pieces = super().collect_usage_pieces(ctx)
        return [piece[1:-1] if piece.startswith("{") and piece.endswith("}") else piece for piece in pieces]
