"""What is told with a query that is printed: what it computes, what it expects of a table, and what nobody checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cstool.compute.described import UNSUPPORTED, Described, mentioned, needs
from cstool.compute.formulas.resolve import needed
from cstool.compute.plan import Plan
from cstool.compute.relation.steps import Steps


def comment(plan: Plan[Described], source: Described, steps: Steps, refusals: Iterable[str]) -> str:
    """The lines above a query; `refusals` are the cases in which it gives nothing."""
    lines = []
    for one in plan.asked:
        if one.table:
            lines.append(f"{one.name} ({one.term.term})")
        for formula in one.formulas:
            if formula.expression.text == formula.key:
                continue
            name = f"{one.name} ({one.term.term})" if formula.metric else formula.key
            lines.append(f"{name} = {' '.join(formula.expression.text.split())}")
    lines += [f"{name} is {value}" for name, value in {**plan.parameters, **plan.given}.items()]
    lines.append(f"From {source.shown}: {source.shape.about}. Columns:")
    lines += [f"  {line}" for line in source.expected(_read(source, steps))]
    lines += steps.told
    what = "No rows" if plan.asked[0].table else "NULL"
    lines += [f"{what} in any case of this: {text}" for text in refusals]
    return "".join(f"-- {_seen(line)}\n" for line in lines)


def notes(plan: Plan[Described], source: Described, steps: Steps) -> list[str]:
    """What the table is taken for, which other table would do, and what the query takes on trust."""
    request, roles = plan.request, _read(source, steps)
    columns = ", ".join(role if source.roles[role] == role else f"{role} = {source.roles[role]}" for role in roles)
    told = [f"{source.shown}: taken as {source.shape.shape} with {columns}"]
    others = [one.shape for one in source.others if one is not source.shape and one.shape not in UNSUPPORTED]
    if others and not request.shape and not request.files:
        told[0] += f"; --shape chooses another: {', '.join(others)}"
    if spare := [role for role in roles if _spare(plan, source, role) and not request.files]:
        told.append(f"a table without {' or '.join(spare)}: --map {spare[0]}=null")
    return [*told, f"not checked by the query: {', '.join(_unchecked(source, roles))}"]


def _read(source: Described, steps: Steps) -> list[str]:
    """The roles whose columns the first step reads."""
    return mentioned(list(source.roles), " ".join(sql for _, sql in steps.before[:1]))


def _unchecked(source: Described, roles: Sequence[str]) -> list[str]:
    """What a file of this shape is checked for before anything is computed, and a table is not."""
    told = [f"a row each {' and '.join(source.shape.unique)}"] if source.shape.unique else []
    if source.shape.months == "dates":
        told += ["no end before its start"] if "end_date" in roles else []
        told += ["no MRR of 0 in place of that before an end"] if {"end_date", "mrr"} <= set(roles) else []
        told += [f"each account in one {' and '.join(source.groups.values())}"] if source.groups else []
    if any(source.kind(role) == "period" for role in roles):
        told.append("periods all months, all quarters or all years, none blank")
        if source.sums_periods and source.request.every:
            told.append(f"a row for every part of each {source.request.every} (others are left out)")
    return [*told, "one currency", "no blank or negative amounts"]


def _spare(plan: Plan[Described], source: Described, role: str) -> bool:
    """Whether what is asked can be had from a table without the role."""
    shape, request = source.shape, plan.request
    if role not in (*shape.any_of, *shape.optional):
        return False
    has = set(source.roles) - {role}
    if shape.any_of and not has & set(shape.any_of):
        return False
    if (request.every or request.as_of) and role in (shape.dated, "period"):
        return False
    used = needed(plan.formulas, plan.measures, plan.given)
    told = [need for one in plan.asked for need in needs(one)]
    told += [need for one in shape.measures if one.measure in used for need in one.needs]
    return all(set(need.split("|")) & has for need in told if set(need.split("|")) & {role, *has})


def _seen(line: str) -> str:
    """A line of a comment, which nothing in it can end: a space for each character that is not seen."""
    return "".join(one if one.isprintable() else " " for one in line).rstrip()
