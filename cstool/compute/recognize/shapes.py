"""How far each shape fits a file: which column plays which of its roles, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from cstool.compute.recognize import headings
from cstool.compute.recognize.header_matching import SURE, TIERS, Columns, Tier, has_word
from cstool.compute.recognize.similar_columns import close, meant
from cstool.errors import InputError, UsageError
from cstool.ingest.source.header import Known, header_key
from cstool.ingest.source.table import Table, column_list
from cstool.model.entries import Glossary
from cstool.model.inputs import Preset, Shape
from cstool.model.missing import ExcludedBy, Missing, MissingMonths, MissingRole, missing_roles
from cstool.model.windows import month_name

FEWEST_MONTHS = 2  # month columns that make a file wide
NO_COLUMN = ("none", "null")  # --map end_date=none: no column plays the role
# Roles without which a number would be another one: where several columns could be one of them, nothing is computed.
_WEIGHTY = frozenset({"currency", "interval", "stage", "status", "payment_status", "ticket_status"})
_YEAR_WORDS = ("annual", "annually", "yearly", "jahres*", "jährlich*", "annuel*", "anual*", "annuo", "annua", "jaar*")
_YEARLY = ("arr",)  # in a heading such as ARR Jan 2026
_AN_INTERVAL = r".*(month|year|annual|quarter|week|dai?ly?|day|mon|jahr|quartal|mois|mes|\d).*|m|y|q|w|d"
_IN_WORDS = r"(\d+ )?(month|year|quarter|week|day|annual)(s|ly)?|monat(e|lich)?|jahre?|jährlich"
_WON_OR_LOST = "won|lost|closed (won|lost)"
_PARTS = ("due", "paid", "outstanding", "remaining", "open")  # of an invoice's amount, beside a total
_TOTALS = ("total", "subtotal", "net")
_OF_CUSTOMERS = {"logo-churn", "retention-rate"}  # whatever they pay
_SURVEYS = ("nps", "csat", "ces")


class Fit(NamedTuple):
    """How far a shape fits a file: what is missing, and which columns could all fill a role.

    `left` are roles that several columns could fill and that can be done without. `yearly` are the roles of a month's
    amount whose columns hold a year's; `how` says how surely each header means its role.
    """

    shape: Shape
    roles: Mapping[str, str]
    missing: Sequence[Missing]
    unclear: Mapping[str, Sequence[str]]
    months: Mapping[int, str] = {}
    left: Mapping[str, Sequence[str]] = {}
    yearly: frozenset[str] = frozenset()
    how: Mapping[str, Tier] = {}

    @property
    def fits(self) -> bool:
        return not self.missing and not self.unclear

    @property
    def explained(self) -> float:
        """How many columns it explains; a header that often means something else counts half."""
        unsure = sum(self.how.get(role) in ("fallback", "word") for role in self.roles)
        return len(self.roles) - 0.5 * unsure + len(self.months)


def known_headers(glossary: Glossary, more: Collection[str] = ()) -> set[str]:
    """Every header spelling that fills some role, as headers are compared."""
    spellings = [name for role in glossary.roles.values() for name in (role.role, *role.headers, *role.fallback)]
    for preset in glossary.presets.values():
        spellings += [*(mapped.header for mapped in preset.roles), *preset.signature]
    return {header_key(name) for name in (*spellings, *more)}


def findable(glossary: Glossary, more: Collection[str] = ()) -> Known:
    """What the header line of a file is found by."""
    return Known(known_headers(glossary, more), headings.months)


def shapes_of(glossary: Glossary, relation: str) -> list[Shape]:
    """The shapes that become a relation, at once or through another shape."""
    return [shape for shape in glossary.shapes.values() if becomes(glossary, shape) == relation]


def becomes(glossary: Glossary, shape: Shape) -> str:
    """The relation a shape becomes in the end."""
    while shape.becomes in glossary.shapes and shape.becomes not in glossary.relations:
        shape = glossary.shapes[shape.becomes]
    return shape.becomes


def chosen_columns(
    glossary: Glossary, table: Table, mapping: Mapping[str, str], preset: Preset | None = None
) -> dict[str, str]:
    """The columns that a preset and --map name, by role; a preset's columns may be missing.

    `none` in --map means that no column plays a role, and is '' here.
    """
    chosen = {}
    for mapped in preset.roles if preset else ():
        index = table.column(mapped.header)
        if index is not None:
            chosen[mapped.role] = table.columns[index]
    for role, name in mapping.items():
        if role not in glossary.roles:
            near = close(role, glossary.roles)
            hint = f"did you mean {near[0]}?" if near else f"roles: {', '.join(glossary.roles)}"
            raise UsageError(f"--map: '{role}' is no role", hint=hint, code="unknown-role")
        absent = name.casefold() in NO_COLUMN and table.column(name) is None
        chosen[role] = "" if absent else named_column(table, name, f"--map {role}")
    return chosen


def named_column(table: Table, name: str, asked_by: str) -> str:
    """The header of the column a user names. Raises InputError listing the columns there are."""
    index = table.column(name)
    if index is not None:
        own = table.columns[index]
        return own if table.column(own) == index else f"#{index + 1}"
    alike = [f"#{i}" for i, own in enumerate(table.columns, 1) if header_key(own) == header_key(name)]
    if len(alike) > 1:
        raise InputError(
            f"{table.name}: {asked_by}: several columns are named '{name}'",
            hint=f"name one by its place: {' or '.join(alike)}",
            code="ambiguous-column",
        )
    raise InputError(
        f"{table.name}: {asked_by}: there is no column '{name}'",
        hint=f"{meant(table, name, asked_by)}columns: {column_list(table.columns)}",
        code="unknown-column",
    )


def fit(
    glossary: Glossary, columns: Columns, shape: Shape, chosen: Mapping[str, str], prefer: Collection[str] = ()
) -> Fit:
    """How far a shape fits: columns already chosen, then the others from the surest spelling to the least sure.

    A column plays one role only. `prefer` are the metrics asked for: of columns named for several surveys, theirs.
    """
    return _Fitting(glossary, columns, shape, chosen, prefer).fit()


class _Fitting:
    """One shape on its way over a file's columns."""

    def __init__(
        self, glossary: Glossary, columns: Columns, shape: Shape, chosen: Mapping[str, str], prefer: Collection[str]
    ) -> None:
        self.glossary = glossary
        self.columns = columns
        self.shape = shape
        self.prefer = prefer
        self.names = (*shape.required, *shape.could_have)
        self.chosen = chosen
        self.roles = {name: chosen[name] for name in self.names if chosen.get(name)}
        self.how: dict[str, Tier] = {}
        self.unclear: dict[str, Sequence[str]] = {}

    def fit(self) -> Fit:
        for tier in TIERS:
            for name in self.names:
                if self._open(name, tier):
                    self._fill(name, tier)
        shape, roles = self.shape, self.roles
        self._take_durations()
        for spare in [name for name in shape.one_of if name in roles][1:]:
            del roles[spare]
        table = self.columns.table
        months = month_columns(table, roles.values()) if shape.months == "columns" else {}
        left = {name: found for name, found in self.unclear.items() if self._can_be_left(name)}
        unclear = {name: found for name, found in self.unclear.items() if name not in left}
        yearly = self._yearly() | {f"m{month}" for month, header in months.items() if has_word(header, _YEARLY)}
        missing = self._missing(unclear, months)
        return Fit(shape, roles, missing, unclear, months, left, yearly, self.how)

    def _yearly(self) -> frozenset[str]:
        """The roles of a month's amount whose columns hold a year's: by their header, or as those beside them do."""
        known = {
            name
            for name, header in self.roles.items()
            if self.how.get(name) == "yearly"
            or (name in self.chosen and (header in self.columns.of(name, "yearly") or _says_year(name, header)))
        }
        beside = {
            name
            for name, header in self.roles.items()
            if name.endswith("_mrr") and not re.search("mrr|month", header.lower())
        }
        return frozenset(known | beside if known else ())

    def _take_durations(self) -> None:
        """A column of minutes, hours or seconds whose cells have units of their own, as 2h 15m, is one of durations."""
        for name in [one for one in self.roles if re.search("_(minutes|hours|in_seconds)$", one)]:
            timed = re.sub("_(minutes|hours|in_seconds)$", "_time", name)
            header = self.roles[name]
            if timed in self.names and timed not in self.roles and self.columns.fits_kind(header, "duration"):
                self.roles[timed] = self.roles.pop(name)
                self.how[timed] = self.how.pop(name, "named")

    def _open(self, name: str, tier: Tier) -> bool:
        """Whether a role is still to be filled, and may be with so little certainty."""
        if name in self.chosen or name in self.roles or name in self.unclear:
            return False
        if tier != "named" and name in self.shape.one_of and any(other in self.roles for other in self.shape.one_of):
            return False
        # What is brought to a year must not be guessed to be per month.
        return tier not in ("fallback", "yearly") or not any(f"{name} *" in one.sql for one in self.shape.derived)

    def _fill(self, name: str, tier: Tier) -> None:
        taken = set(self.roles.values())
        found = [one for one in self.columns.of(name, tier) if one not in taken]
        if name == "score":
            found = self._asked_survey(found)
        if name == "interval" and self._has_worded_interval():
            found = [one for one in found if not self.columns.fits_kind(one, "count")]
        if name == "interval" and tier == "fallback":
            found = [one for one in found if self.columns.says(one, _AN_INTERVAL)]
        if name == "stage" and not any(self.columns.says(one, _WON_OR_LOST) for one in found):
            found = [one for one in self.columns.of(name, "fallback") if self.columns.says(one, _WON_OR_LOST)] or found
        if name == "account":
            found = [one for one in found if not self._names_rows(one)]
            found = [one for one in found if not self._is_row_id(one)] or found
        if name == "amount":
            found = self._whole_amounts(found)
        if len(found) > 1:
            found = self._telling(name, found)
        kind = self.glossary.roles[name].kind
        if (tier not in SURE and name not in self.shape.required) or kind == "duration" or name == "refunded":
            found = [one for one in found if self.columns.fits_kind(one, kind)]
        if kind == "duration" and self.columns.of_jira:
            found = []
        if len(found) == 1:
            self.roles[name], self.how[name] = found[0], tier
        elif found:
            self.unclear[name] = found

    def _has_worded_interval(self) -> bool:
        """Whether a column names intervals in words, so that one of numbers counts them: 1 beside `year`."""
        could = [one for tier in TIERS for one in self.columns.of("interval", tier)]
        return any(self.columns.says(one, _IN_WORDS) for one in could)

    def _names_rows(self, column: str) -> bool:
        """Whether an `id` is that of each row, such as a payment's: it never repeats, though invoices or months do."""
        if header_key(column) != "id" or self.columns.repeats(column):
            return False
        others = [role for role in self.shape.unique if role in ("invoice", "month", "change_date")]
        found = [one for role in others for tier in TIERS for one in self.columns.of(role, tier)]
        return "invoice" in others or any(self.columns.varies(one) for one in found)

    def _is_row_id(self, column: str) -> bool:
        """Whether an `id` could be that of a subscription, ticket or deal: beside a customer's name it is."""
        rows = [role for role in self.shape.optional if role != "account" and self.glossary.roles[role].kind == "id"]
        return header_key(column) == "id" and any(
            column in self.columns.of(role, tier) for role in rows for tier in TIERS
        )

    def _telling(self, name: str, found: list[str]) -> list[str]:
        """Of several columns the one whose cells are what the role is, or the first of those that say the same."""
        if name == "interval":  # Interval 3 beside Interval Unit months
            telling = [one for one in found if not self.columns.fits_kind(one, "count")]
        elif name == "stage":  # a stage in the pipeline beside a status that is won, lost or open
            telling = [one for one in found if self.columns.says(one, _WON_OR_LOST)]
        elif name == "start_date":  # the first start beside that of the current term
            telling = [one for one in found if not has_word(one, ("term",))]
        elif name == "due_date":  # the end of a contract beside the day on which its renewal was closed
            telling = [one for one in found if not has_word(one, ("close", "closed"))]
        elif name == "date":  # when an invoice was made out beside when it was paid
            telling = [one for one in found if not has_word(one, ("paid",))]
        elif name == "account" and self.shape.shape == "deals":  # the customer beside what the deal is called
            telling = [one for one in found if header_key(one) != "name"]
        elif name == "score":  # a number beside what it is called, as Promoter
            telling = [one for one in found if self.columns.fits_kind(one, "number")]
        elif name == "closed_at":  # when it was won or lost beside when it was won
            telling = [one for one in found if not has_word(one, ("won",))]
        else:
            telling = []
        found = telling if len(telling) == 1 else found
        return found[:1] if self.columns.same(found, self.glossary.roles[name].kind) else found

    def _whole_amounts(self, found: list[str]) -> list[str]:
        """Columns of amounts but those of a part, what was paid or is still due, where a total is beside them."""
        parts = [one for one in found if has_word(one, _PARTS)]
        if not parts or self.shape.shape != "invoices":
            return found
        whole = [one for one in found if one not in parts] or [
            one for one in self.columns.of("amount", "fallback") if has_word(one, _TOTALS)
        ]
        if whole or len(parts) < 2:
            return whole or found
        due, paid = ([one for one in parts if has_word(one, words)] for words in (("due", "outstanding"), ("paid",)))
        return due if len(due) == len(paid) == 1 and self.columns.covers(due[0], paid[0]) else found

    def _asked_survey(self, found: list[str]) -> list[str]:
        """Of columns named for surveys, those of the survey that is asked for; all where none is."""
        asked = [one for one in _SURVEYS if one in self.prefer]
        if not asked:
            return found
        own = [one for one in found if asked[0] in header_key(one)]
        return own or [one for one in found if not any(other in header_key(one) for other in _SURVEYS)]

    def _can_be_left(self, name: str) -> bool:
        """Whether a role that several columns could fill can be done without."""
        if name not in (*self.shape.optional, *self.shape.any_of) or name in _WEIGHTY:
            return False
        if name == "quantity" and "mrr" in self.roles:  # which nothing is multiplied by
            return True
        kind = self.glossary.roles[name].kind
        return kind in (("id", "text", "number", "count", "share", "flag") if self.shape.dated else ("id", "text"))

    def _missing(self, unclear: Collection[str], months: Collection[int]) -> list[Missing]:
        shape, known = self.shape, {*self.roles, *unclear}
        missing: list[Missing] = [MissingRole(name) for name in shape.required if name not in known]
        choices = [choice for choice in (shape.one_of, shape.any_of) if choice and not known & set(choice)]
        missing += [missing_roles(choice) for choice in choices]
        if shape.months == "columns" and len(months) < FEWEST_MONTHS:
            missing.append(MissingMonths())
        ids = "account" in shape.without and any(header_key(one) == "id" for one in self.columns.table.columns)
        counted = "customer_at_start" in self.roles and self.prefer and {*self.prefer} <= _OF_CUSTOMERS
        without = [role for role in shape.without if role != "mrr" or not counted]
        others = ids or any(self.columns.of(role, "named") for role in without)
        if others and not self.chosen.keys() & self.roles:
            missing.append(ExcludedBy(shape.shape, shape.without))
        return missing


def _says_year(name: str, header: str) -> bool:
    """Whether a column that was named for a month's amount is of a year by a word of its header: `Jahreswert`."""
    return (
        "mrr" in name
        and has_word(header, (*_YEAR_WORDS, *_YEARLY, "acv"))
        and not re.search("mrr|month|monat|mensu", header.lower())
    )


def month_columns(table: Table, taken: Collection[str]) -> dict[int, str]:
    """The headers that name months. Raises InputError where two name the same."""
    months: dict[int, str] = {}
    found = headings.months([header for header in table.columns if header not in taken])
    monthly = {header: month for header, month in found.items() if not has_word(header, _YEARLY)}
    for header, month in (monthly or found).items():
        if month in months or table.columns.count(header) > 1:
            raise InputError(
                f"{table.name}: {month_name(month)} stands in two columns, {months.get(month, header)} and {header}",
                hint="remove one of them",
                code="ambiguous-column",
            )
        months[month] = header
    return dict(sorted(months.items()))
