"""glossary export: the entries as a file, or as the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cstool.cli.commands.cards import context_of
from cstool.cli.common import OUTPUT, tell
from cstool.cli.writing import write_in_one_step
from cstool.errors import InputError, UsageError

if TYPE_CHECKING:
    from cstool.api import Book
    from cstool.render.blocks import Format
    from cstool.render.catalogs.contents import Contents

# What a reader may have filled with settings of its own: written where there is none.
_KEPT = ".vale.ini"


def file_of(book: Book, to: str, *, raw: bool) -> tuple[str, list[str]]:
    """The text of a format that is one file, and notes on what it leaves out."""
    if to == "metricflow":
        return book.semantic_layer()
    if to == "skos":
        from cstool.render.catalogs.skos import turtle

        return turtle(_contents(book)), []
    if to == "html":
        from cstool.render.catalogs.page import html_page

        return html_page(_contents(book)), []
    if to == "anki":
        from cstool.render.catalogs.anki import anki_text

        return anki_text(_contents(book)), []
    from cstool.render.formats import rendered
    from cstool.render.views.terms import entries_view

    return rendered(entries_view(context_of(book, ())), cast("Format", to), raw=raw), []


def folder_of(book: Book) -> Mapping[str, str]:
    """The texts of a style of Vale by their path in the folder."""
    from cstool.render.catalogs.vale import vale_files

    return vale_files(_contents(book))


def _contents(book: Book) -> Contents:
    from cstool.render.catalogs.contents import Contents

    context = context_of(book, ())
    return Contents(context.terms, book.glossary.sources, context.formulas, context.titles)


def write_text(text: str, target: Path | None, *, quiet: bool) -> None:
    """To a file in one step, or to stdout. Raises InputError where the file cannot be written."""
    if target is None:
        OUTPUT.text(text)
        return
    write_in_one_step(target, text)
    if not quiet:
        tell(f"wrote {target}")


def write_folder(texts: Mapping[str, str], target: Path | None, *, quiet: bool) -> None:
    """Each text under its path; the settings of a folder that has some are left as they are, and that is said.

    Raises UsageError without a folder, InputError where one cannot be made or written.
    """
    if target is None:
        raise UsageError("--to vale writes a folder", hint="name it: -o prose", code="bad-value")
    kept = (target / _KEPT).exists()
    for path, text in texts.items():
        if path == _KEPT and kept:
            continue
        try:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{target}: cannot be made: {error.strerror}", hint="name another folder", code="cannot-write"
            ) from error
        write_in_one_step(target / path, text)
    if not quiet:
        tell(f"wrote {target}", *([f"{target / _KEPT} is left as it was"] if kept else []))
