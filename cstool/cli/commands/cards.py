"""What cards show beside the entry, taken from the opened glossary."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cstool.api import Book
    from cstool.render.views.terms import Answer, Context


def context_of(book: "Book", drawn: Iterable["Answer"]) -> "Context":
    """For the cards of the answers that are drawn; the kinds of file their metrics come from are found out."""
    from cstool.render.views.terms import Context

    shapes = book.sampled(match.term for answer in drawn for match in answer.found.matches)
    return Context(book.terms, book.comparable, shapes, book.formulas, book.source_titles)
