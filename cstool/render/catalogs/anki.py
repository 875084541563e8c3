"""The glossary as flash cards: a text file that Anki imports."""

from __future__ import annotations

import csv
import io

from cstool.model.entries import Term
from cstool.render.catalogs.contents import TITLE, Contents, other_names
from cstool.render.escapes import visible_but_layout

# Under an id that stays, a second import updates the cards of the first.
_HEAD = (
    "#separator:tab",
    "#html:false",
    "#notetype:Basic",
    f"#deck:{TITLE}",
    "#columns:Id\tFront\tBack\tTags",
    "#guid column:1",
    "#tags column:4",
)


def anki_text(contents: Contents) -> str:
    """A card each term: its names in front, its definition, formula and example behind."""
    out = io.StringIO()
    out.write("".join(f"{line}\n" for line in _HEAD))
    cards = csv.writer(out, delimiter="\t", lineterminator="\n")
    for term in contents.by_id:
        if not term.retired:
            cards.writerow([visible_but_layout(cell) for cell in _card(term, contents)])
    return out.getvalue()


def _card(term: Term, contents: Contents) -> tuple[str, str, str, str]:
    acronyms = f" ({', '.join(term.all_acronyms)})" if term.all_acronyms else ""
    formula, acronym_free = (
        contents.formula(term),
        [name for name in other_names(term) if name not in term.all_acronyms],
    )
    behind = [contents.prose(term.definition)]
    behind += [f"Formula: {formula}"] if formula else []
    behind += [f"Example: {contents.prose(term.example)}"] if term.example else []
    behind += [f"Also: {', '.join(acronym_free)}"] if acronym_free else []
    return f"cstool-{term.id}", f"{term.term}{acronyms}", "\n".join(behind), term.category
