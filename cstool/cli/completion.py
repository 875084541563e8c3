"""What a shell offers for the word before the cursor.

Each function takes what Typer knows so far and the beginning of a word, and gives whole words that begin with it. A
glossary that cannot be read offers nothing: a message would land in the middle of the line being typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cstool.cli.projects import the_project
from cstool.errors import CstoolError

if TYPE_CHECKING:
    from cstool.api import Book

# Shells insert what is offered as it is, so nothing is offered that a shell would read as more than a word.
_PLAIN = re.compile(r"[\w./-]+")


def name_words(ctx: typer.Context, incomplete: str) -> list[str]:
    """The next word of the names that begin with the words typed so far; inside quotes the rest of the name."""
    before = " ".join(ctx.params.get("words") or ()).split()
    quoted = " " in incomplete

    def offers(book: Book) -> Iterator[str]:
        for names in book.names.values():
            for words in map(_typed, names):
                if len(words) > len(before) and _folded(words[: len(before)]) == _folded(before):
                    yield " ".join(words[len(before) :]) if quoted else words[len(before)]

    return _beginning(incomplete, _offered(ctx, offers), before)


def comparable_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of one word and ids; inside quotes any names.

    After a term and before any letter only those that a difference to what is typed is written for, if there are any.
    """
    before: list[str] = list(ctx.params.get("names") or ())

    def offers(book: Book) -> Iterator[str]:
        written = set() if incomplete else _differing(book, before)
        for id_, names in book.names.items():
            if not written or id_ in written:
                yield id_
                yield from (" ".join(_typed(name)) for name in names)

    spaced = " " in incomplete
    return [name for name in _beginning(incomplete, _offered(ctx, offers)) if spaced or " " not in name]


def _differing(book: Book, names: list[str]) -> set[str]:
    """The ids in written differences of one term more than `names`, these among them."""
    given = {id_ for name in names for id_ in book.bearers(name)}
    between = (ids for ids in book.told_apart_ids if given and given < ids and len(ids) == len(names) + 1)
    return {id_ for ids in between for id_ in ids - given}


def metric_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of metrics; after a comma one more, of those not yet named."""
    *before, last = incomplete.split(",")
    names = (name for name in _offered(ctx, lambda book: book.computed) if name not in before)
    return [",".join((*before, name)) for name in _beginning(last, names)]


def category_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _beginning(incomplete, _offered(ctx, lambda book: book.categories))


def source_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _beginning(incomplete, _offered(ctx, lambda book: book.source_ids))


def variant_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Other readings of the metrics that are typed already."""
    typed = ctx.params.get("metrics") or next(iter(ctx.args), "")  # an option without its value yet leaves it there
    metrics = str(typed).split(",")
    return _beginning(incomplete, _offered(ctx, lambda book: book.variants(metrics)))


def preset_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _beginning(incomplete, _offered(ctx, lambda book: book.presets))


def shape_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _beginning(incomplete, _offered(ctx, lambda book: book.shapes))


def dialect_names(incomplete: str) -> list[str]:
    from cstool.backends.dialects import DIALECTS

    return _beginning(incomplete, DIALECTS)


def sample_names(incomplete: str) -> list[str]:
    from cstool.samples import SAMPLES, TEXTS

    return _beginning(incomplete, (*SAMPLES, *TEXTS, "project"))


def _offered(ctx: typer.Context, offers: Callable[[Book], Iterable[str]]) -> list[str]:
    """What the glossary of the command line offers; nothing if it cannot be read."""
    from cstool.api import Book

    path = ctx.params.get("glossary")
    try:
        project = None if path else the_project()
        own = project.glossary if project else None
        return list(offers(Book(Path(path) if path else own)))
    except (CstoolError, OSError):
        return []


def _typed(name: str) -> list[str]:
    """The words one types for a name, without signs that mean something to a shell."""
    from cstool.model.naming import normalise

    words = name.split()
    return words if all(_PLAIN.fullmatch(word) for word in words) else normalise(name).split()


def _folded(words: Iterable[str]) -> list[str]:
    return [word.casefold() for word in words]


def _beginning(typed: str, names: Iterable[str], before: Iterable[str] = ()) -> list[str]:
    """The names that begin with what is typed, in the typed letters: shells drop what begins otherwise.

    Capitals are offered only to those who type them, here or in the words before.
    """
    capitals = any(word != word.lower() for word in (typed, *before))
    fitting = (name for name in names if name.lower().startswith(typed.lower()))
    return sorted({typed + (name if capitals else name.lower())[len(typed) :] for name in fitting})
