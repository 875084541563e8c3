"""Help: arguments, then options under headings that say what they are about."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

# Options by name, in the order of the headings; what is not named here stands under Options, which comes last.
SECTIONS = {
    "What is computed": (
        "by where every window as_of total accounts top set variant with_reactivation annualise ahead config scale"
        " within reverse"
    ),
    "What the file is": "map shape preset cents interval end_inclusive sheet",
    "What the file leaves open": (
        "blank duplicates negative decimal date_order encoding delimiter header_line skip_bad skip_limit rejects"
        " unpack_limit"
    ),
    "Where it runs": "sql table engine spark_master memory_limit threads",
}
_SECTION_OF = {name: section for section, names in SECTIONS.items() for name in names.split()}
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
                section = section_of(param.name or "") if headed else OPTIONS
                records["Arguments" if param.param_type_name == "argument" else section].append(record)
        for name, own in records.items():
            if own:
                with formatter.section(name):
                    formatter.write_dl(own)

    def collect_usage_pieces(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """What is required stands without braces."""
        pieces = super().collect_usage_pieces(ctx)
        return [piece[1:-1] if piece.startswith("{") and piece.endswith("}") else piece for piece in pieces]


def section_of(name: str) -> str:
    """The heading of an option by its name."""
    return _SECTION_OF.get(name.rstrip("_"), OPTIONS)
