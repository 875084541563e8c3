"""cstool match LEFT RIGHT"""

from typing import TYPE_CHECKING, Annotated

import typer

from cstool.cli.common import OUTPUT, GlossaryOption, Output, pairs
from cstool.cli.options import with_options
from cstool.cli.projects import aliases_of_project, joined_file, with_project_file
from cstool.errors import UsageError, and_more

if TYPE_CHECKING:
    from cstool.compute.joins.matching import Matched

NAMED = 50  # accounts without a proposal that are named


@with_options
def match(
    left: Annotated[
        str, typer.Argument(metavar="LEFT", help="A file, or @NAME of the project, whose accounts are to be found.")
    ],
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="The list of accounts that they are looked for in.")],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="LEFT=RIGHT", help="The columns that match, if others than the accounts."),
    ] = None,
    aliases: Annotated[
        str | None, typer.Option("--aliases", metavar="FILE", help="Aliases that are settled, to be left out.")
    ] = None,
    glossary: GlossaryOption = None,
    output: Output = OUTPUT,
) -> None:
    """Propose aliases for accounts that another file does not have.

    For a person to review, best first; nothing is applied. Save them as CSV for `calc --aliases`.

    \b
    cstool sample accounts > accounts.csv
    cstool sample ledger | sed "s/ Ltd/ Limited/" > ledger.csv
    cstool match ledger.csv accounts.csv -f csv > aliases.csv
    cstool calc nrr ledger.csv --join accounts.csv --aliases aliases.csv --by csm
    """
    from cstool.api import Book
    from cstool.compute.read_options import ReadOptions
    from cstool.model.request import JoinedFile
    from cstool.render.views.proposals import proposals_view

    if not left.strip() or not right.strip():
        raise UsageError("a file's name is empty", code="missing-argument")
    if left == right == "-":
        raise UsageError("stdin can be read only once", hint="save one of the files", code="bad-value")
    pair = pairs("--on", [on] if on is not None else None, "LEFT=RIGHT")
    own, other = next(iter(pair.items()), ("", ""))
    file, options, _ = with_project_file(left, ReadOptions(), quiet=output.quiet)
    joined = joined_file(JoinedFile(right, own or options.map.get("account", ""), other), quiet=output.quiet)
    aliases = aliases or aliases_of_project()
    found = Book(glossary).match(file, joined, reading=options.reading(), aliases=aliases, called=(left, right))
    if found.proposals:
        output.show(proposals_view(found.proposals))
    output.say(*found.notes, *_said(found, settled=bool(aliases)))
    if not found.proposals:
        raise typer.Exit(1)


def _said(found: "Matched", *, settled: bool) -> list[str]:
    """What matches, what has no proposal, and the command that comes next."""
    proposed = found.accounts - found.matching - len(found.without)
    lines = [f"{found.left}: {found.matching} of {found.accounts} accounts stand in {found.right}, {proposed} may"]
    if found.without:
        lines.append(f"no proposal for {', '.join(and_more([*found.without], NAMED))}")
    if not found.proposals:
        return [*lines, f"next: {found.following}"]
    kept = f"add them to {found.aliases}" if settled else f"save them as {found.aliases} (-f csv)"
    return [*lines, f"review them, {kept}, then: {found.following}"]
