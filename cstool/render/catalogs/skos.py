"""The glossary as SKOS concepts, in Turtle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from cstool.model.entries import Source, Term
from cstool.render.catalogs.contents import TITLE, Contents, other_names

_PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_SCHEME = "<urn:x-cstool:glossary>"
_SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f-\x9f\ud800-\udfff]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}

# A predicate and its value, both as Turtle writes them.
Statement = tuple[str, str]


def turtle(contents: Contents) -> str:
    """A concept each term, with names, texts and links; sources are described once, and linked to."""
    lines = [f"@prefix {prefix}: <{address}> ." for prefix, address in _PREFIXES.items()]
    lines.append(_node(_SCHEME, "skos:ConceptScheme", [("dcterms:title", _text(TITLE))]))
    lines += [_node(_concept(term.id), "skos:Concept", _about(term, contents)) for term in contents.by_id]
    cited = sorted({source.id for term in contents.by_id for source in contents.cited(term)})
    lines += [
        _node(_source(id_), "dcterms:BibliographicResource", _bibliography(contents.sources[id_])) for id_ in cited
    ]
    return "\n".join(lines) + "\n"


def _about(term: Term, contents: Contents) -> Iterator[Statement]:
    labels = other_names(term)
    yield "skos:inScheme", _SCHEME
    yield "skos:notation", _literal(term.id)
    yield "skos:prefLabel", _text(term.term)
    yield from (("skos:altLabel", _text(name)) for name in labels)
    hidden = (name for name in dict.fromkeys(term.hidden) if name not in (term.term, *labels))
    yield from (("skos:hiddenLabel", _text(name)) for name in hidden)
    yield "skos:definition", _text(contents.prose(term.definition))
    yield from _notes(term, contents)
    yield from _links(term, contents)
    yield "dcterms:subject", _literal(term.category)
    yield from (("dcterms:source", _source(source.id)) for source in contents.cited(term))


def _notes(term: Term, contents: Contents) -> Iterator[Statement]:
    if term.note:
        yield "skos:scopeNote", _text(contents.prose(term.note))
    if term.example:
        yield "skos:example", _text(contents.prose(term.example))
    if formula := contents.formula(term):
        yield "skos:note", _text(f"Formula: {formula}")


def _links(term: Term, contents: Contents) -> Iterator[Statement]:
    above = contents.ancestors(term)
    if term.broader in contents.terms and term.id not in above:
        yield "skos:broader", _concept(term.broader)
    for id_ in dict.fromkeys(term.related):
        # SKOS forbids a related concept above or below.
        if (
            id_ in contents.terms
            and id_ not in (term.id, *above)
            and term.id not in contents.ancestors(contents.terms[id_])
        ):
            yield "skos:related", _concept(id_)
    if term.retired in contents.terms:
        yield "owl:deprecated", "true"
        yield "dcterms:isReplacedBy", _concept(term.retired)


def _bibliography(source: Source) -> Iterator[Statement]:
    yield "dcterms:title", _literal(source.title)
    for predicate, text in (
        ("dcterms:creator", source.author),
        ("dcterms:publisher", source.publisher),
        ("dcterms:issued", source.year),
    ):
        if text:
            yield predicate, _literal(text)
    if source.address:
        yield "foaf:page", _iri(source.address)


def _node(subject: str, kind: str, statements: Iterable[Statement]) -> str:
    said = "".join(f" ;\n    {predicate} {value}" for predicate, value in statements)
    return f"\n{subject} a {kind}{said} ."


def _concept(id_: str) -> str:
    return f"<urn:x-cstool:term:{quote(id_, safe='')}>"


def _source(id_: str) -> str:
    return f"<urn:x-cstool:source:{quote(id_, safe='')}>"


def _iri(address: str) -> str:
    """An address in angle brackets, without the characters that Turtle forbids there."""
    allowed = quote(address, safe="%/:=&?~#+!$,;'@()*[]", errors="replace")
    return f"<{allowed}>"


def _text(text: str) -> str:
    return f"{_literal(text)}@en"


def _literal(text: str) -> str:
    """A quoted string on one line; what is no character (half of a surrogate pair) becomes U+FFFD."""
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return _ESCAPES.get(character, f"\\u{ord(character):04X}")
