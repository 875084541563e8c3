"""cstool diff A B [C]"""

from __future__ import annotations

from typing import Annotated

import typer

from cstool.cli.common import Form, FormOption, GlossaryOption, NoColorOption, Output, QuietOption, RawOption
from cstool.errors import UsageError


def diff(
    names: Annotated[list[str], typer.Argument(metavar="A B [C]", help="Two or three terms; quote several words.")],
    form: FormOption = Form.table,
    glossary: GlossaryOption = None,
    raw: RawOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Tell two or three terms apart.

    Where no difference is written, both entries are shown side by side, and that is said.
    """
    from cstool.api import Book
    from cstool.render.terms import difference_view

    if len(names) not in (2, 3):
        raise UsageError(
            f"diff takes two or three terms, not {len(names)}",
            hint='quote names of several words: cstool diff "logo churn" "revenue churn"',
        )
    output = Output(form, no_color, quiet, raw)
    book = Book(glossary)
    found = [book.find(name, limit=1) for name in names]
    missing = [one for one in found if not one.matches]
    if missing:
        from cstool.api import did_you_mean

        for one in missing:
            output.say(f"nothing found for '{one.query}'; {did_you_mean(one)}")
        raise typer.Exit(1)
    terms = [one.matches[0].term for one in found]
    for one, term in zip(found, terms, strict=True):
        if one.matches[0].how == "fuzzy":
            output.say(f"taking {term.term} for '{one.query}'")
    output.show(difference_view(terms, book.difference(terms), book.terms))
