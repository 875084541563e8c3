"""cstool glossary check | new | sources | path | export"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output, QuietOption, RawOption, tell
from cstool.cli.completion import source_names
from cstool.cli.group import PLAIN
from cstool.cli.options import with_options
from cstool.cli.sections import Sections

app = typer.Typer(help="The YAML files behind the answers.", no_args_is_help=True, **PLAIN)


@app.command("check", cls=Sections)
def check(
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="A glossary file or folder; the shipped one if left out.")
    ] = None,
    glossary: GlossaryOption = None,
    quiet: QuietOption = False,
) -> None:
    """Report every problem of a glossary, a line each.

    With file and line; exit code 1 if there is any.

    \b
    cstool glossary check
    cstool glossary check "$(cstool glossary path)"
    """
    from cstool.compute.formulas.checking import check_glossary
    from cstool.render.escapes import visible

    problems, entries = check_glossary(path or glossary)
    for problem in problems:
        typer.echo(visible(problem))
    if not quiet:
        tell(f"{_counted(entries, 'entry', 'entries')}, {_counted(len(problems), 'problem', 'problems')}")
    if problems:
        raise typer.Exit(1)


def _counted(number: int, one: str, several: str) -> str:
    return f"{number or 'no'} {one if number == 1 else several}"


@app.command("new", cls=Sections)
def new(
    words: Annotated[list[str], typer.Argument(metavar="TERM...", help="The name of the term.", show_default=False)],
    glossary: GlossaryOption = None,
    quiet: QuietOption = False,
) -> None:
    """Print an entry to fill in, as a start for your own glossary.

    It passes `glossary check` as it is. Where the name is taken, the entry takes the place of that one.

    \b
    cstool glossary new Zebra Call > ours.yaml
    cstool lookup zebra call --glossary ours.yaml
    """
    from cstool.api import Book
    from cstool.glossary.check.drafts import draft

    name = " ".join(words)
    matches = Book(glossary).find(name, exact=True).matches
    known = matches[0].term if matches else None
    typer.echo(draft(name, known), nl=False)
    if known and not quiet:
        tell(f"'{known.term}' is in the glossary; this entry has its id and takes its place")


@app.command("sources", cls=Sections)
@with_options
def sources(
    id_: Annotated[
        str | None,
        typer.Argument(
            metavar="ID", help="One source; all of them if left out.", autocompletion=source_names, show_default=False
        ),
    ] = None,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """List where definitions and benchmarks come from, to be read and quoted.

    Exit code 1 when there is no such source.

    \b
    cstool glossary sources
    cstool glossary sources benchmarkit-2025
    """
    from cstool.api import Book
    from cstool.render.views.sources import sources_view

    known = Book(glossary).glossary.sources
    wanted = [source for source in known.values() if id_ in (None, source.id, source.short, source.title)]
    if wanted or output.form == "json":
        output.show(sources_view(wanted))
    if not wanted:
        output.say(f"no source is called '{id_}'; `cstool glossary sources` lists them all")
        raise typer.Exit(1)


@app.command("path", cls=Sections)
def path_(glossary: GlossaryOption = None) -> None:
    """Print where the entries come from.

    \b
    cstool glossary path
    ls "$(cstool glossary path)"
    """
    from cstool.glossary.places import existing, shipped, stands_alone

    if glossary is not None:
        existing(glossary)
    if glossary is None or not stands_alone(glossary):
        typer.echo(shipped())
    if glossary is not None:
        typer.echo(glossary)


@app.command("export", cls=Sections)
def export(
    to: Annotated[
        Literal["json", "jsonl", "csv", "tsv", "md", "metricflow", "skos", "html", "vale", "anki"],
        typer.Option("--to", help="The format to print all entries in."),
    ],
    target: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write to a file; for vale, into a folder.")
    ] = None,
    glossary: GlossaryOption = None,
    raw: RawOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print every entry whole, by id, for other programs or a wiki.

    metricflow: the metrics as a dbt semantic layer, in YAML. skos: concepts for a catalog, in Turtle. html: a page with
    search. anki: flash cards to import. vale: a folder with a style and a vocabulary for the linter of prose.

    \b
    cstool glossary export --to csv > glossary.csv
    cstool glossary export --to metricflow > metrics.yml
    cstool glossary export --to html -o glossary.html
    cstool glossary export --to vale -o prose
    """
    from cstool.api import Book
    from cstool.cli.exports import file_of, folder_of, write_folder, write_text

    book = Book(glossary)
    if to == "vale":
        write_folder(folder_of(book), target, quiet=quiet)
        return
    text, left_out = file_of(book, to, raw=raw)
    if not quiet:
        tell(*left_out)
    write_text(text, target, quiet=quiet)
