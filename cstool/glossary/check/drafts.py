"""An entry to fill in: the least that a team's own term needs, with what it may have as comments."""

from __future__ import annotations

import json

from cstool.errors import UsageError
from cstool.model.entries import Term
from cstool.model.naming import made_id

_DRAFT = """\
- {known}term: {term}
  definition: what it is, in one phrase of at least six words and without a full stop
  # synonyms: [another name]
  # acronyms: [AN]
  # note: One or two sentences about the trap or the use.
  # example: One with numbers.
  # related: [churn, renewal]
"""


def draft(name: str, known: Term | None) -> str:
    """An entry in YAML; with the id of `known`, whose place it takes. Raises UsageError where no id can be made."""
    made = known.id if known else made_id(name)
    if not made:
        raise UsageError(
            f"no id can be made of '{name}'", hint="name the term with letters from a to z or digits", code="bad-value"
        )
    return _DRAFT.format(known=f"id: {made}\n  " if known else "", term=json.dumps(name, ensure_ascii=False))
