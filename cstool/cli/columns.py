"""cstool columns FILE"""

from typing import Annotated

import typer

from cstool.cli.common import Form, FormOption, GlossaryOption, NoColorOption, Output, QuietOption, RawOption, pairs
from cstool.cli.reading import FILE, FileOptions, with_options
from cstool.errors import UsageError


@with_options
def columns(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A CSV file, or - for stdin.")],
    options: FileOptions = FILE,
    form: FormOption = Form.table,
    glossary: GlossaryOption = None,
    raw: RawOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show what is understood of a file and what it can give.

    Which column plays which role, which metrics can be computed, and what is missing for the others.

    \b
    cstool sample tickets > tickets.csv
    cstool columns tickets.csv
    """
    from cstool.api import Book
    from cstool.render.catalogue import understood_view

    unused = {
        "--cents": options.cents is not None,
        "--interval": options.interval,
        "--end-inclusive": options.end_inclusive,
    }
    for option, given in unused.items():
        if given:
            raise UsageError(f"{option} has no use with columns: no amount is computed", hint=f"leave {option} out")
    output = Output(form, no_color, quiet, raw)
    name, understood, notes = Book(glossary).columns(
        file,
        pairs("--map", options.map_, "ROLE=COLUMN"),
        options.reading(),
        options.shape,
        options.preset,
    )
    output.say(*notes)
    if understood.shape is None:
        output.say("--map ROLE=COLUMN says what a column is; `cstool metrics NAME` lists the roles a metric knows")
    output.show(understood_view(name, understood))
