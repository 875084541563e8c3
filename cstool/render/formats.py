"""One answer in one format."""

from __future__ import annotations

from cstool.render.blocks import Format, View


def rendered(
    view: View, form: Format, *, terminal: bool = False, color: bool = False, raw: bool = False, plot: bool = True
) -> str:
    """The answer in one format, ending in a line break. Only `table` looks at `terminal`, `color` and `plot`."""
    if form == "table":
        from cstool.render.table import as_table

        blocks = view.pictured if terminal and plot and view.pictured else view.blocks
        return as_table(blocks, terminal=terminal, color=color)
    if form == "md":
        from cstool.render.markdown import as_markdown

        return as_markdown(view.blocks)
    from cstool.render import machine

    if form == "json":
        return machine.as_json(view)
    if form == "jsonl":
        return machine.as_jsonl(view)
    if form == "value":
        return machine.as_values(view)
    return machine.as_tsv(view, raw=raw) if form == "tsv" else machine.as_csv(view, raw=raw)
