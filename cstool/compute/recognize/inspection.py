"""What is understood of a file, and what can be computed from it: by the decision that `calc` makes for each metric."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cstool.compute.formulas.catalog import Available, catalogue
from cstool.compute.joins.account_lists import ACCOUNTS, listed_accounts
from cstool.compute.recognize.header_matching import Columns
from cstool.compute.recognize.recognition import Recognised, Wish, overall, preset_of, recognise
from cstool.compute.recognize.shapes import Fit, becomes, chosen_columns, fit
from cstool.errors import CstoolError, InputError, UsageError
from cstool.ingest.source.table import Table
from cstool.model.entries import Glossary
from cstool.model.inputs import Shape
from cstool.model.missing import Missing, MissingMeasure, MissingRole, Undecided, missing_roles


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a file: its shape, the header of each role, headers left over, and what it is good for.

    `missing` gives by metric what the file lacks for it. `configured` are
    those of `metrics` that also ask for a file of weights and rules. `notes` say what was decided, and what keeps a
    file that nearly fits from being read.
    """

    shape: str | None
    roles: Mapping[str, str]
    months: Sequence[str]
    unused: Sequence[str]
    unclear: Mapping[str, Sequence[str]]
    metrics: Sequence[str]
    missing: Mapping[str, Sequence[Missing]]
    configured: Sequence[str]
    notes: Sequence[str] = ()

    def lacking(self, metric: str) -> list[str]:
        """What the file lacks for a metric, in words: roles of columns, or measures that no file gives."""
        return [str(one) for one in self.missing.get(metric, ())]


def understood(
    glossary: Glossary, table: Table, mapping: Mapping[str, str], shape: str | None = None, preset: str | None = None
) -> Understood:
    """What a file is, what can be computed from it and what is missing for the rest.

    Raises UsageError for a mapping, shape or preset that does not exist.
    """
    if shape and shape not in glossary.shapes:
        raise UsageError(
            f"there is no shape '{shape}'", hint=f"shapes: {', '.join(glossary.shapes)}", code="unknown-name"
        )
    chosen = chosen_columns(glossary, table, mapping, preset_of(glossary, preset) if preset else None)
    columns = Columns(glossary.roles, table)
    usable: list[str] = []
    missing: dict[str, Sequence[Missing]] = {}
    decided: list[Recognised] = []
    refused: list[CstoolError] = []
    for one in catalogue(glossary):
        if one.given and not one.table:
            missing[one.name] = [MissingMeasure(name) for name in one.given]
            continue
        try:
            found = recognise(glossary, table, one.of, Wish(mapping, shape, preset, [one.name]), columns)
        except (InputError, UsageError) as refusal:
            if one.of != "health":  # any file could hold signs of health
                refused.append(refusal)
            missing[one.name] = _lacking(glossary, columns, one, chosen, refusal)
            continue
        decided.append(found)
        if lacking := unmet(one, found):
            missing[one.name] = lacking
        else:
            usable.append(one.name)
    best = max(decided, key=_rank, default=None)
    fits = overall(glossary, columns, chosen)
    closest = next(iter(fits), None)
    accounts = None if best and best.preset else listed_accounts(columns, fits)
    if shape:
        accounts = next((one for one in fits if one.fits and one.shape.shape == shape == ACCOUNTS), None)
    roles = accounts.roles if accounts else best.roles if best else closest.roles if closest else {}
    months = list(best.months.values()) if best and not accounts else []
    named = accounts.shape if accounts else best.shape if best else None
    taken = {*roles.values(), *months}
    health = [one.name for one in catalogue(glossary) if one.of == "health"] if "risk_score" not in roles else []
    return Understood(
        named.shape if named else None,
        roles,
        months,
        [column for column in table.columns if column and column not in taken],
        closest.unclear if closest and not best else {},
        usable,
        missing,
        [name for name in usable if name in health],
        [*(best.notes if best else ()), *_doubts(refused, closest)] if not accounts else [],
    )


class Taken(NamedTuple):
    """What a file is taken for: its input type, None where none fits, and the header of each role."""

    shape: str | None
    roles: Mapping[str, str]


def taken_for(
    glossary: Glossary, table: Table, mapping: Mapping[str, str], shape: str | None = None, preset: str | None = None
) -> Taken:
    """What `understood` takes a file for, without a look at all that could be computed from it.

    Raises UsageError for a mapping, shape or preset that does not exist.
    """
    columns = Columns(glossary.roles, table)
    chosen = chosen_columns(glossary, table, mapping, preset_of(glossary, preset) if preset else None)
    fits = overall(glossary, columns, chosen)
    decided: list[Recognised] = []
    for relation in dict.fromkeys(becomes(glossary, one.shape) for one in fits if one.fits):
        if relation in (ACCOUNTS, "health"):  # any file could be one
            continue
        try:
            decided.append(recognise(glossary, table, relation, Wish(mapping, shape, preset), columns))
        except (InputError, UsageError):
            continue
    own = None if shape else listed_accounts(columns, fits)
    if own and not any(one.preset for one in decided):
        return Taken(own.shape.shape, own.roles)
    if not decided:  # what only an option settles, or the question of a survey
        found = understood(glossary, table, mapping, shape, preset)
        return Taken(found.shape, found.roles)
    best = max(decided, key=_rank)
    return Taken(best.shape.shape, best.roles)


def _rank(one: Recognised) -> tuple[bool, int, int]:
    """What is named by an export's signature, then what tells most columns apart; of several what asks for more."""
    return one.preset is not None, len(one.roles) + len(one.months), len(one.shape.required)


def _doubts(refused: Sequence[CstoolError], closest: Fit | None) -> list[str]:
    """Why what fits all the same is not computed: a line for each reason."""
    if closest is None or not closest.fits:
        return []
    lines = [f"{one.message}; {one.hint}" for one in refused if "--map" in one.hint or "--shape" in one.hint]
    return [line for line in dict.fromkeys(lines) if "no column for" not in line and "is read as" not in line][:3]


def _lacking(
    glossary: Glossary, columns: Columns, one: Available, chosen: Mapping[str, str], refusal: CstoolError
) -> Sequence[Missing]:
    """The roles, or the option, that keep a metric from being computed."""
    if not one.shapes:
        return tuple(MissingMeasure(measure.measure) for measure in one.measures)
    try:
        fits = [fit(glossary, columns, shape, chosen, [one.name]) for shape in one.shapes]
    except InputError:
        return (Undecided(refusal.message),)
    if not any(fit_.fits for fit_ in fits):
        closest = min(fits, key=lambda fit_: (len(fit_.missing), len(fit_.unclear), -len(fit_.roles)))
        return (*closest.missing, *map(MissingRole, closest.unclear))
    named = re.findall(r"--map (\w+)=|(--shape [\w-]+)", refusal.hint)
    settled = tuple(dict.fromkeys(MissingRole(role) if role else Undecided(option) for role, option in named))
    return settled or (Undecided(refusal.message),)


def unmet(one: Available, found: Recognised) -> Sequence[Missing]:
    """What a recognised file lacks for a metric; nothing where it can be computed."""
    if found.shape.shape not in {shape.shape for shape in one.shapes}:
        return tuple(MissingMeasure(measure.measure) for measure in one.measures) or (MissingMeasure(one.of),)
    needs = (need.split("|") for need in _needs(one, found.shape))
    return tuple(dict.fromkeys(missing_roles(roles) for roles in needs if not set(roles) & set(found.roles)))


def _needs(one: Available, shape: Shape) -> Sequence[str]:
    """The roles without which a file of the shape does not give it; a table may have gaps."""
    if one.table:
        return one.table.needs
    summed = {measure.measure: measure.needs for measure in shape.measures}
    used = [name for measure in one.measures for name in (measure.measure, *re.findall(r"\w+", measure.formula))]
    own = [need for name in used for need in summed.get(name, ())]
    return tuple(dict.fromkeys([*(one.metric.needs if one.metric else ()), *own]))
