"""Which columns could fill a role: headers looked up by spelling, from those that surely mean it to those that may."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Literal, NamedTuple

from cstool.compute.recognize import headings, questions
from cstool.ingest.formats.durations import is_duration
from cstool.ingest.formats.kinds import DATES, NUMBERS
from cstool.ingest.source.header import WHITE, header_key, without_object, without_sum
from cstool.ingest.source.table import Table
from cstool.model.currencies import without_currency
from cstool.model.inputs import Role

# `named` is a proper spelling, `currency` one with a currency behind it, `summed` one of a pivot table's sum, `yearly`
# an amount of a year where the role is one of a month, `object` one behind the name of an object, `fallback` a spelling
# that often means something else, `word` a header that holds one of the role's words.
Tier = Literal["named", "currency", "summed", "yearly", "object", "fallback", "word"]
TIERS: tuple[Tier, ...] = ("named", "currency", "summed", "yearly", "object", "fallback", "word")
SURE = frozenset(TIERS[:4])

_CENTS = re.compile(r"[\s_]*[\s_(\[](?:in[\s_]+)?cents?[)\]]?$", re.IGNORECASE)  # mrr_cents, Amount (cents)
_CLOCK = re.compile(r"\s*\(h{1,2}:mm(?::ss)?\)$", re.IGNORECASE)  # Time to close (HH:mm:ss)
_IN_UNITS = re.compile(
    r"(.+?)[\s_]*[(\[]?(?:in[\s_]+)?\b(hours|hours?|hrs?|h|minutes?|mins?|seconds?|secs?|s)[)\]]?", re.IGNORECASE
)
_UNITS = {"hours": "h", "minutes": "m", "in_seconds": "s"}  # endings of roles by the first letter of a unit of time
_NAMES = frozenset("id name email key code number user".split())  # which an object's field may be, whatever the object
# What rows of statements are called that no role is for.
_FIGURES = frozenset(
    (
        "income totalincome grossprofit expenses totalexpenses operatingexpenses netincome netprofit ebitda"
        " netoperatingincome totalcostofgoodssold activecustomers totalcustomers customers netmrr netnewmrr arpa arpu"
        " ltv churnrate grossmrrchurn netmrrchurn customerchurnrate quickratio"
    ).split()
)
_MOST_COMPARED = 200_000  # records in which columns are compared that could play one role

SAMPLE = 500  # records looked at where a header alone does not decide
_NO_SUM = "average|avg|mean|median|count|max|min|mittelwert|anzahl|moyenne|nombre|promedio|media|média|gemiddelde"
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_DATE = re.compile(
    r"\d{1,4}[-/. ]+\w{1,9}[-/., ]+\d{1,4}.*|\d{8}|\d{10}|[^\W\d]{3,9}\.? \d{1,2}(st|nd|rd|th)?,? \d{4}.*"
)
_PERIOD = re.compile(
    r"(FY)?\d{4}|(FY ?)?\d{2,4}[-/ .]?(Q\d|\d{1,2}|[^\W\d]{3,9}\.?)|[^\W\d]{1,9}\.?[-/ .']*\d{1,4}.*", re.IGNORECASE
)
_NUMBER = re.compile(r"\D{0,4}\d[\d.,' \u00a0\u202f]*\D{0,4}")
_FLAGS = frozenset("yes no true false y n t f 1 0 on off x ja nein oui non".split())
_NO_DATES = frozenset(
    "- -- n/a na none null nil active current present ongoing running open never infinity 0000-00-00".split()
)


class Spelled(NamedTuple):
    """Roles by the spelling of a header, as headers are compared."""

    proper: Mapping[str, Collection[str]]
    fallback: Mapping[str, Collection[str]]
    yearly: Mapping[str, Collection[str]]


_last: list[tuple[Mapping[str, Role], Spelled]] = []  # of the glossary looked at last


def spelled(roles: Mapping[str, Role]) -> Spelled:
    """The index of all spellings; made once for a glossary."""
    if not _last or _last[0][0] is not roles:
        _last[:] = [(roles, _spelled(roles))]
    return _last[0][1]


def _spelled(roles: Mapping[str, Role]) -> Spelled:
    proper: dict[str, dict[str, None]] = defaultdict(dict)
    fallback: dict[str, dict[str, None]] = defaultdict(dict)
    yearly: dict[str, dict[str, None]] = defaultdict(dict)
    for name, role in roles.items():
        for spelling in (name, *role.headers):
            key = header_key(spelling)
            proper[key][name] = None
            if role.kind in ("amount", "number") and "mrr" in name:
                for month, year in (("mrr", "arr"), ("monthly", "annual"), ("monthly", "yearly"), ("month", "year")):
                    if month in key:
                        yearly[key.replace(month, year)][name] = None
        for spelling in role.fallback:
            fallback[header_key(spelling)][name] = None
    for spelling in (*roles["arr"].headers, *roles["arr"].fallback) if "arr" in roles and "mrr" in roles else ():
        if re.search("arr|annual|acv|year", spelling):
            yearly[header_key(spelling)]["mrr"] = None
    return Spelled(proper, fallback, {key: names for key, names in yearly.items() if key not in ("year", "years")})


class Columns:
    """The columns of one table by the roles they could fill, and a look at their first cells."""

    def __init__(self, roles: Mapping[str, Role], table: Table) -> None:
        self.roles = roles
        self.table = table
        self._found: dict[tuple[str, Tier], list[str]] = defaultdict(list)
        index = spelled(roles)
        for column in table.columns:
            if not column:
                continue
            named = _CLOCK.sub("", column)
            whole = _CENTS.sub("", without_currency(named)[0])
            key, bare, added = (header_key(one) for one in (named, whole, without_sum(column)))
            self._note(column, "named", index.proper.get(key, ()))
            amounts = [name for name in index.proper.get(bare, ()) if roles[name].kind == "amount"]
            self._note(column, "currency", amounts if bare != key else ())
            self._note(column, "summed", index.proper.get(added, ()) if added else ())
            self._note(column, "yearly", index.yearly.get(bare, ()))
            self._note(column, "fallback", index.fallback.get(key, ()))
            for name, unit in _with_unit(named, index.fallback):
                self._note(
                    column,
                    "named",
                    [f"{name}_{unit}"] if f"{name}_{unit}" in roles and not index.proper.get(key) else (),
                )
            if (field := header_key(without_object(column))) and not index.proper.get(key):
                self._note(column, "object", index.proper.get(field, ()))
                if key not in index.fallback and field not in _NAMES:
                    self._note(column, "fallback", index.fallback.get(field, ()))

    def _note(self, column: str, tier: Tier, names: Iterable[str]) -> None:
        for name in names:
            self._found[name, tier].append(column)

    def of(self, role: str, tier: Tier) -> list[str]:
        """The columns that could fill a role with so much certainty, in the file's order."""
        return self._by_word(self.roles[role]) if tier == "word" else self._found.get((role, tier), [])

    def _by_word(self, role: Role) -> list[str]:
        if role.role == "score":
            return questions.columns_asking(self.table)
        if role.role == "account":
            return self._first_beside_months()
        if not role.words:
            return []
        found = [
            one for one in self.table.columns if one and has_word(one, role.words) and not has_word(one, role.unless)
        ]
        return [one for one in found if self.fits_kind(one, role.kind)]

    def _first_beside_months(self) -> list[str]:
        """The first column of a table of months, whose rows it names in whatever language, or without a name (`#1`)."""
        months = headings.months([column for column in self.table.columns if column])
        first = self.table.columns[0]
        return [first or "#1"] if len(months) > 1 and first not in months else []

    @cached_property
    def _sample(self) -> list[list[str]]:
        return [record.fields for record in islice(self.table.records(), SAMPLE)]

    def cells(self, column: str) -> list[str]:
        """The cells of a column among the first records that are not blank."""
        index = self.table.column(column)
        if index is None:
            return []
        found = (fields[index].strip(WHITE) for fields in self._sample if index < len(fields))
        return [cell for cell in found if cell]

    @property
    def of_jira(self) -> bool:
        """Whether the columns are those of Jira, whose times to a response are what is left of a target."""
        return any(header_key(one) == "issuekey" for one in self.table.columns)

    def is_blank(self, column: str) -> bool:
        """Whether no record of a column has a cell."""
        index = self.table.column(column)
        if index is None or self.cells(column):
            return False
        return not any(index < len(one.fields) and one.fields[index].strip(WHITE) for one in self.table.records())

    def is_figure(self, label: str) -> bool:
        """Whether a label is what amounts, counts or shares are called, as New MRR or Net income."""
        key = header_key(label)
        index = spelled(self.roles)
        names = [*index.proper.get(key, ()), *index.yearly.get(key, ())]
        return key in _FIGURES or any(self.roles[one].kind in ("amount", "number", "count", "share") for one in names)

    def repeats(self, column: str) -> bool:
        """Whether a cell stands twice among the first records."""
        cells = self.cells(column)
        return len(set(cells)) < len(cells)

    def varies(self, column: str) -> bool:
        """Whether two cells differ among the first records."""
        return len(set(self.cells(column))) > 1

    def pairs(self, column: str, other: str) -> list[tuple[str, str]]:
        """The cells of two columns among the first records, where both have one."""
        places = [self.table.column(one) for one in (column, other)]
        first, second = (-1 if one is None else one for one in places)
        rows = [one for one in self._sample if -1 < min(first, second) <= max(first, second) < len(one)]
        return [(one[first], one[second]) for one in rows if one[first].strip(WHITE) and one[second].strip(WHITE)]

    def rows_of(self, columns: Sequence[str]) -> list[list[str]]:
        """The cells of some columns in the first records, trimmed, where the first of them has one."""
        places = [-1 if (place := self.table.column(one)) is None else place for one in columns]
        rows = [[one[i].strip(WHITE) for i in places] for one in self._sample if max(places) < len(one)]
        return [one for one in rows if one[0]] if min(places) >= 0 else []

    def covers(self, column: str, part: str) -> bool:
        """Whether, where the first cells of a part are not 0, those of a column are not 0 either."""
        return all(re.search("[1-9]", whole) for whole, own in self.pairs(column, part) if re.search("[1-9]", own))

    def says(self, column: str, words: str) -> bool:
        """Whether a cell among the first records fits a regular expression as a whole, in whatever case."""
        return any(re.fullmatch(words, cell, re.IGNORECASE) for cell in self.cells(column))

    def fits_kind(self, column: str, kind: str) -> bool:
        """Whether the first cells of a column look like what a role's are; also where all are blank."""
        cells = self.cells(column)
        if kind in DATES:
            told = [cell for cell in cells if cell.casefold() not in _NO_DATES]
            months = kind in ("month", "period")
            dated = [cell for cell in told if _DATE.fullmatch(cell) or (months and _PERIOD.fullmatch(cell))]
            return len(dated) * 2 > len(told) or not told
        if kind == "duration":
            return sum(map(is_duration, cells)) * 2 > len(cells)
        if kind in NUMBERS:
            return sum(bool(_NUMBER.fullmatch(cell)) for cell in cells) * 2 > len(cells) or not cells
        if kind == "flag":
            return all(cell.casefold() in _FLAGS for cell in cells)
        return True

    def same(self, columns: Sequence[str], kind: str) -> bool:
        """Whether it does not matter which of some columns plays a role: the cells of each row are equal, or name one
        another, as a customer's name and its address do.
        """
        places = [i for one in columns if (i := self.table.column(one)) is not None]
        if len(places) < len(columns) or len(set(places)) < len(places):
            return False
        names: list[dict[str, str]] = [{} for _ in places]
        for count, record in enumerate(islice(self.table.records(), _MOST_COMPARED + 1)):
            if count == _MOST_COMPARED or len(record.fields) <= max(places):
                return False
            first, *others = (record.fields[i].strip(WHITE) for i in places)
            if kind != "id":
                if any(one != first for one in others):
                    return False
                continue
            for i, other in enumerate(others):
                if names[0].setdefault(f"{i} {first}", other) != other:
                    return False
                if names[i + 1].setdefault(other, first) != first:
                    return False
        return True

    def no_sum(self, role: str) -> str | None:
        """A column that holds another statistic of what the role is: `Average of MRR`."""
        proper = spelled(self.roles).proper
        for column in self.table.columns:
            found = re.fullmatch(rf"(?:{_NO_SUM})(?:[\s_]+(?:of|von|de|di|van))?[\s_(]+(.+?)\)?", column, re.IGNORECASE)
            if found and role in proper.get(header_key(without_currency(found[1])[0]), ()):
                return column
        return None


def _with_unit(header: str, known: Mapping[str, Collection[str]]) -> list[tuple[str, str]]:
    """The beginning of a role and a unit of time, as `First response time (in hrs)` names them."""
    found = _IN_UNITS.fullmatch(header)
    if not found:
        return []
    unit = next(name for name, letter in _UNITS.items() if found[2].casefold().startswith(letter))
    names = known.get(header_key(found[1]), ())
    return [(name.removesuffix("_time"), unit) for name in names if name.endswith("_time")]


def words_of(header: str) -> list[str]:
    """The words of a header, in lower case; `EndDate` and `end_date` are two."""
    return [word.casefold() for word in _WORD.findall(header)]


def has_word(header: str, words: Collection[str]) -> bool:
    """Whether a header has one of some words; `expir*` stands for all that begin so."""
    own = words_of(header)
    stems = tuple(word[:-1] for word in words if word.endswith("*"))
    return any(one in words or (stems and one.startswith(stems)) for one in own)
