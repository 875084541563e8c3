"""The glossary as one HTML page that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Any

from cstool.model.entries import Source, Term
from cstool.render.catalogs.contents import TITLE, Contents, other_names
from cstool.render.catalogs.page_parts import HEAD, SCRIPT
from cstool.render.escapes import visible, visible_in_json


def html_page(contents: Contents) -> str:
    """All terms by letter, with a search box, an anchor by id each, and JSON-LD for machines."""
    letters = [(letter, list(terms)) for letter, terms in groupby(contents.by_name, _letter)]
    index = " ".join(f'<a href="#_{_attribute(letter)}">{_said(letter)}</a>' for letter, _ in letters)
    return "\n".join(
        [
            HEAD.format(title=TITLE),
            f'<script type="application/ld+json">{_in_script(_linked_data(contents))}</script>',
            f"</head>\n<body>\n<header>\n<h1>{TITLE}</h1>",
            '<div id="_search" hidden><label for="_words">Search</label> <input id="_words" type="search"'
            ' autocomplete="off"> <span id="_count" role="status"></span></div>',
            f'<nav aria-label="Letters">{index}</nav>\n</header>\n<main>',
            *(_section(letter, terms, contents) for letter, terms in letters),
            f"</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        ]
    )


def _letter(term: Term) -> str:
    """What the term stands under: its first letter, or # for digits and signs."""
    first = term.term[:1].upper()
    return first if "A" <= first <= "Z" else "#"


def _section(letter: str, terms: Iterable[Term], contents: Contents) -> str:
    articles = "\n".join(_article(term, contents) for term in terms)
    anchor = f"_{_attribute(letter)}"
    return f'<section aria-labelledby="{anchor}">\n<h2 id="{anchor}">{letter}</h2>\n{articles}\n</section>'


def _article(term: Term, contents: Contents) -> str:
    names = _said(" ".join((term.term, *other_names(term), *term.hidden)).lower(), in_attribute=True)
    acronyms = f" ({_said(', '.join(term.all_acronyms))})" if term.all_acronyms else ""
    facts = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in _facts(term, contents))
    anchor = _attribute(term.id)
    return (
        f'<article id="{anchor}" data-names="{names}"><h3><a href="#{anchor}">{_said(term.term)}</a>{acronyms}</h3>'
        f"<p>{_said(contents.prose(term.definition))}</p>{f'<dl>{facts}</dl>' if facts else ''}</article>"
    )


def _facts(term: Term, contents: Contents) -> Iterator[tuple[str, str]]:
    """Name and HTML."""
    for name, text in (
        ("Formula", contents.formula(term)),
        ("Example", contents.prose(term.example)),
        ("Note", contents.prose(term.note)),
        ("Also", ", ".join(name for name in other_names(term) if name not in term.all_acronyms)),
    ):
        if text:
            yield name, _said(text)
    for name, ids in (("Replaced by", [term.retired]), ("Broader", [term.broader]), ("Related", term.related)):
        if links := ", ".join(_link(contents.terms[id_]) for id_ in ids if id_ in contents.terms):
            yield name, links
    if cited := ", ".join(_cited(source) for source in contents.cited(term)):
        yield "Sources", cited


def _link(term: Term) -> str:
    return f'<a href="#{_attribute(term.id)}">{_said(term.term)}</a>'


def _cited(source: Source) -> str:
    title = _said(source.short or source.title)
    if not source.address.startswith("https://"):
        return title
    return f'<a href="{_said(source.address, in_attribute=True)}" rel="noopener noreferrer">{title}</a>'


def _linked_data(contents: Contents) -> dict[str, Any]:
    """A schema.org DefinedTermSet."""
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTermSet",
        "name": TITLE,
        "hasDefinedTerm": [
            {
                "@type": "DefinedTerm",
                "@id": f"#{term.id}",
                "termCode": term.id,
                "name": term.term,
                "alternateName": other_names(term),
                "description": contents.prose(term.definition),
            }
            for term in contents.by_name
        ],
    }


def _in_script(document: dict[str, Any]) -> str:
    """JSON in which nothing ends or opens an element."""
    text = visible_in_json(json.dumps(document, ensure_ascii=False))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _said(text: str, *, in_attribute: bool = False) -> str:
    return escape(visible(text), quote=in_attribute)


def _attribute(text: str) -> str:
    return _said(text, in_attribute=True)
