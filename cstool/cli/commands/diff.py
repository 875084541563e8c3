"""cstool diff A B [C]"""

from itertools import combinations
from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.commands.file_options import READ, SCALES, ScaleOptions
from cstool.cli.common import OUTPUT, GlossaryOption, Output
from cstool.cli.completion import comparable_names
from cstool.cli.options import with_options
from cstool.cli.projects import with_accounts, with_project_file
from cstool.compute.read_options import ReadOptions
from cstool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cstool.model.entries import Term

QUOTING = 'quote names of several words: cstool diff "logo churn" "revenue churn"'


@with_options
def diff(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="A B [C]",
            help="Two or three terms; quote several words, or put vs between.",
            autocompletion=comparable_names,
        ),
    ],
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="FILE", help="Compute both on a file and say what makes them differ."),
    ] = None,
    window: Annotated[
        str | None, typer.Option("--window", metavar="LENGTH", help="With --data: what is compared, 12m, 4q, 1y.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="PERIOD", help="With --data: the last period.")
    ] = None,
    aliases: Annotated[
        str | None,
        typer.Option("--aliases", metavar="FILE", help="With --data: other names of accounts, alias,account."),
    ] = None,
    scales: ScaleOptions = SCALES,
    options: ReadOptions = READ,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """Tell two or three terms apart.

    A difference of narrower terms answers for their broader ones. Where none is written, both entries are shown side by
    side; stderr notes either.

    \b
    cstool diff grr nrr
    cstool diff logo churn vs revenue churn
    cstool sample ledger | cstool diff grr nrr --data -
    """
    from cstool.api import Book
    from cstool.render.views.differences import difference_view

    names = _parted(names)
    if len(names) not in (2, 3):
        raise UsageError(f"diff takes two or three terms, not {len(names)}", hint=QUOTING, code="missing-argument")
    if data is None:
        own = [name for name, value in (("--window", window), ("--as-of", as_of), ("--aliases", aliases)) if value]
        _refuse_without_data([*options.given(), *scales.given(), *own])
    book = Book(glossary)
    found = [book.find(name) for name in names]
    missing = [one for one in found if not one.matches]
    if missing:
        for one in missing:
            output.say(f"nothing found for '{one.query}'; {one.did_you_mean}")
        if len(names) == 3:
            output.say(QUOTING)
        raise typer.Exit(1)
    terms = book.told_apart([[match.term for match in one.matches] for one in found])
    for one, term in zip(found, terms, strict=True):
        if one.matches[0].how == "fuzzy":
            output.say(f"taking {term.term} for '{one.query}'")
    asked, terms = terms, book.nearest_written(terms)
    if terms != asked:
        output.say(_answered_by(asked, terms))
    difference = book.difference(terms)
    view = difference_view(terms, difference, book.terms, book.source_titles, names)
    written = [] if difference else [pair for pair in combinations(terms, 2) if book.difference(pair)]
    if len(asked) == 3 and written:
        commands = "; ".join(f"cstool diff {one.id} {other.id}" for one, other in written)
        output.say(f"differences between two of them are written: {commands}")
    if data is not None:
        from cstool.cli.notes import shortened
        from cstool.model.request import CalcRequest
        from cstool.model.windows import window_months
        from cstool.render.views.comparison import comparison_view

        file, options, others = with_project_file(data, options, quiet=output.quiet)
        request = CalcRequest(
            metrics=(),
            files=(file, *others),
            window=window_months(window) if window else None,
            as_of=as_of,
            aliases=aliases,
            given=scales.values(),
            **options.request_fields(),
        )
        request = with_accounts(request, quiet=output.quiet)
        comparison = book.compare(terms if len(terms) == len(asked) else asked, request)
        output.say(*shortened(comparison.result.notes, "cstool calc METRIC FILE --explain lists all"))
        view = comparison_view(view, comparison)
    output.show(view)


def _answered_by(asked: "Sequence[Term]", terms: "Sequence[Term]") -> str:
    """Whose written difference is shown for terms without one."""
    names = ", ".join(term.term for term in asked)
    shown = ", ".join(term.term for term in terms)
    return f"no difference is written for just {names}; showing {shown}"


def _refuse_without_data(given: "Sequence[str]") -> None:
    """Raises UsageError for the first option that only --data has a use for."""
    if name := next(iter(given), ""):
        raise UsageError(
            f"{name} goes with --data FILE", hint=f"add --data FILE, or leave {name} out", code="option-needs-another"
        )


def _parted(words: list[str]) -> list[str]:
    """The names; a `vs` between them makes quotes needless."""
    names: list[list[str]] = [[]]
    for word in words:
        if word.casefold() in ("vs", "vs.", "versus"):
            names.append([])
        else:
            names[-1].append(word)
    return [" ".join(name) for name in names if name] if len(names) > 1 else words
