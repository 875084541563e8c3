"""Which written difference answers for terms that none is written for: of three of them, or of narrower terms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from cstool.model.entries import Glossary, Term


def nearest_written(glossary: Glossary, terms: Sequence[Term]) -> Sequence[Term]:
    """The terms whose written difference answers for `terms`, which come first or in the same places.

    They are `terms` themselves, or these and a third, or else narrower terms in the fewest steps: churn and GRR are
    answered by revenue churn and GRR. Where nothing is written, `terms` as they are.
    """
    ids = [term.id for term in terms]
    if tuple(sorted(ids)) in glossary.differences or len(set(ids)) < len(ids):
        return terms
    wider = [between for between in sorted(glossary.differences) if set(ids) < set(between)]
    if wider:
        return [*terms, *(glossary.terms[id_] for id_ in wider[0] if id_ not in ids)]
    if any(_steps(glossary, one, other) > 0 for one, other in permutations(ids, 2)):
        return terms  # a kind and the whole: a difference between two kinds would not be the one asked for
    found = [
        (sum(steps), order)
        for between in glossary.differences
        if len(set(between)) == len(ids)
        for order in permutations(between)
        if all(steps := [_steps(glossary, id_, above) + 1 for id_, above in zip(order, ids, strict=True)])
    ]
    return [glossary.terms[id_] for id_ in min(found)[1]] if found else terms


def _steps(glossary: Glossary, id_: str, above: str) -> int:
    """How many broader terms lead from one term up to another: 0 to itself, -1 where none do."""
    steps = 0
    while id_ and id_ != above:
        id_ = glossary.terms[id_].broader
        steps += 1
    return steps if id_ else -1
