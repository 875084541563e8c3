"""What one file tells of each account on a day: the columns that its input type declares, in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cstool.accounts.happenings import PLANS, happenings, movements, plan
from cstool.backends.duck import DuckDB, identifier, quoted
from cstool.compute.compose import mentioned
from cstool.compute.recognize import questions
from cstool.compute.recognize.shapes import becomes
from cstool.compute.relation.dated import levels
from cstool.compute.relation.ledgers import to_ledger
from cstool.compute.relation.months import first_day_of, last_month_of
from cstool.compute.relation.steps import make_views
from cstool.compute.source import SURVEY, Source
from cstool.errors import InputError, UndefinedError
from cstool.model import windows
from cstool.model.entries import Glossary
from cstool.model.inputs import AccountColumn, Shape
from cstool.model.reading import Answers
from cstool.model.request import CalcRequest

STATE = "account_state"  # the rows of a file as they stood on the day
TEXTS = "account_texts"  # by `text`, how the list of accounts calls the account that is meant
LEDGER = "ledger"
NEVER = -1  # the month before all others
_STARTS = ("start_date", "change_date", "date")  # the days from which rows of recurring revenue count


@dataclass(frozen=True, slots=True)
class Details:
    """One account in a file: how many rows it has, what happened when, and its goals and milestones."""

    rows: int
    happened: Sequence[tuple[date, str]] = ()
    plan: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A row for each account of a file: what the file calls it in the list of accounts, then a value for each column.

    `types` are SQL types by column. `rows` were read and `until` is the newest day or month in them up to the day.
    `details` are those of one account, where they were asked for.
    """

    file: str
    shape: str
    columns: Sequence[AccountColumn]
    types: Mapping[str, str]
    values: Sequence[tuple[Any, ...]]
    rows: int = 0
    until: str | None = None
    notes: Sequence[str] = ()
    details: Details | None = None


def columns_of(glossary: Glossary, shape: Shape) -> tuple[Sequence[AccountColumn], Sequence[AccountColumn]]:
    """The columns that an input type adds to the list of accounts: over its own rows, and over those of its ledger."""
    if not shape.months:
        return shape.per_account, ()
    ledger = glossary.shapes.get(LEDGER)
    made = ledger.per_account if ledger else ()
    if shape.shape == LEDGER or not ledger:
        return (), made
    if set(ledger.per_account and ["mrr"]) & set(shape.lacks) or "ending" in shape.lacks:
        made = ()
    own = {one.column for one in shape.per_account}
    return shape.per_account, [one for one in made if one.column not in own]


def read_state(
    glossary: Glossary,
    request: CalcRequest,
    shape: str,
    name: str,
    texts: Sequence[tuple[str, str]],
    scratch: Path,
    metrics: Sequence[str] = (),
    of: str | None = None,
) -> State:
    """What the files of a request tell of each account on the day of its `as_of`.

    `texts` are the names of accounts with what the list of accounts calls each; `of` is one whose details are wanted.
    Raises what reading the files raises.
    """
    engine = DuckDB(limits=request.limits)
    try:
        engine.load(TEXTS, {"text": "varchar", "called": "varchar"}, texts)
        relation = becomes(glossary, glossary.shapes[shape])
        source = Source(glossary, engine, request, relation, scratch, metrics)
        return _Reading(engine, source, request, name, of).state(metrics)
    finally:
        engine.close()


class _Reading:
    """One file on its way to a row for each account."""

    def __init__(self, engine: DuckDB, source: Source, request: CalcRequest, name: str, of: str | None) -> None:
        assert request.day
        self.of = of
        self.engine = engine
        self.source = source
        self.day: date = request.day
        self.name = name
        own, made = columns_of(source.glossary, source.shape)
        self.own, self.made = self._given(own), self._given(made)

    def _given(self, columns: Sequence[AccountColumn]) -> list[AccountColumn]:
        return [one for one in columns if all(set(need.split("|")) & set(self.source.roles) for need in one.needs)]

    def state(self, metrics: Sequence[str]) -> State:
        source = self.source
        planned = PLANS.get(source.shape.shape, {}) if self.of is not None else {}
        used = " ".join([*(one.sql for one in self.own), *planned.values(), "is_newest" if planned else ""])
        source.read(answers=self._answers(metrics), uses=None if source.has_months else used)
        rows, until = source.count(), self._until()
        make_views(self.engine, self._own_rows(used))
        sums = list[str]()
        if self.own:
            self.engine.run(f"create temp table own_sums as {self._summed(STATE, self.own)}")
            sums.append("select * from own_sums")
        details = self._details() if self.of is not None else None
        if source.has_months and self.made:
            month = self._to_months()
            sums.append(self._summed(self._ledger(month), self.made))
            until = until if source.shape.months == "dates" or month == NEVER else windows.month_name(month)
            if details and self.of is not None:
                happened = [*details.happened, *movements(self.engine, self._named(self._ledger(month)), self.of)]
                details = replace(details, happened=happened)
        return replace(self._state(sums, rows, until), details=details)

    def _details(self) -> Details:
        assert self.of is not None
        rows = self._named(STATE)
        count = self.engine.row(f"select count(*) from ({rows}) where called = {quoted(self.of)}")[0]
        happened = happenings(self.engine, self.source, rows, self.of, self.day)
        return Details(count, happened, plan(self.engine, self.source, rows, self.of))

    def _state(self, sums: Sequence[str], rows: int, until: str | None) -> State:
        columns = [*self.own, *self.made] if len(sums) == 2 else self.own or (self.made if sums else [])
        if not sums or not columns:
            return State(self.name, self.source.shape.shape, [], {}, [], rows, until, self._notes())
        joined = f"({sums[0]})" if len(sums) == 1 else f"({sums[0]}) full join ({sums[1]}) using (called)"
        listed = ", ".join(identifier(one.column) for one in columns)
        query = f"select called, {listed} from {joined}"
        types = {column: str(kind) for column, kind, *_ in self.engine.run(f"describe {query}")}
        del types["called"]
        values = self.engine.run(query)
        return State(self.name, self.source.shape.shape, columns, types, values, rows, until, self._notes())

    def _notes(self) -> list[str]:
        return list(dict.fromkeys(self.source.notes))

    def _answers(self, metrics: Sequence[str]) -> Answers | None:
        source = self.source
        if source.shape.becomes != SURVEY:
            return None
        scale = int(source.request.given.get("scale", 0))
        return questions.scale_of(
            metrics[0] if metrics else "", scale, reverse=bool(source.request.given.get("reverse")), reversible=True
        )

    # Rows as they stood on the day

    def _own_rows(self, used: str) -> list[tuple[str, str]]:
        """The rows of the file: later ones left out, what came later not yet there, and with their derived columns."""
        source, shape = self.source, self.source.shape
        day = self._day()
        known = [role for role in source.days if role != shape.dated] if not shape.months else []
        later = [f"cast({identifier(role)} as date) > {day}" for role in known]
        nothing = ", ".join(
            f"case when {after} then null else {identifier(role)} end as {identifier(role)}"
            for role, after in zip(known, later, strict=True)
        )
        until = quoted(str(source.file_until)) if source.file_until else "null"
        given = {f"has_{role}": str(role in source.roles).lower() for role in shape.could_have}
        given |= {"as_of": day, "file_until": f"cast({until} as date)", "chosen_rows": "false"}
        given |= {"each_group": "row(0)", "row_month": self._month(), "later": f"coalesce({' or '.join(later)}, false)"}
        given["later"] = given["later"] if later else "false"
        listed = ", ".join(f"{sql} as {name}" for name, sql in given.items())
        replaced = f" replace ({nothing})" if nothing else ""
        steps = [("until_then", f"select *{replaced}, {listed} from {source.cells} where {self._up_to_day()}")]
        for number, level in enumerate(levels(mentioned(shape.derived, used)), 1):
            made = ", ".join(f"{one.sql} as {one.column}" for one in level)
            steps.append((f"derived_{number}", f"select *, {made} from {steps[-1][0]}"))
        return [*steps, (STATE, f"select * from {steps[-1][0]}")]

    def _placing(self) -> str:
        """The role that says when a row was; '' where none does, or where it may lie ahead."""
        shape, roles = self.source.shape, self.source.roles
        if shape.months:
            return next((role for role in _STARTS if role in roles), "")
        role = shape.dated or ("period" if "period" in self.source.roles else "")
        return role if role in self.source.roles and role not in shape.ahead else ""

    def _month(self) -> str:
        role = self._placing()
        return (
            f"({last_month_of(role, self.source.kind(role), self.source.year.ahead)})"
            if role
            else "cast(null as integer)"
        )

    def _up_to_day(self) -> str:
        role = self._placing()
        if self.source.shape.months == "rows":
            return f"month <= {self._day_month}"
        if not role:
            return "true"
        if self.source.kind(role) == "period":
            return f"coalesce({self._month()} <= {self._day_month}, true)"
        return f"coalesce(cast({identifier(role)} as date) <= {self._day()}, true)"

    @property
    def _day_month(self) -> int:
        return windows.month_number(self.day.year, self.day.month)

    def _day(self) -> str:
        return f"cast({quoted(self.day.isoformat())} as date)"

    def _until(self) -> str | None:
        """The newest day up to the day that the rows tell of."""
        roles = [role for role in self.source.days if self.source.shape.dated or role == "start_date" or role == "date"]
        told = [
            f"max(cast({role} as date)) filter (where cast({role} as date) <= {self._day()})"
            for role in map(identifier, roles)
        ]
        if not told:
            return None
        newest = self.engine.row(f"select greatest({', '.join(told)}, null) from {self.source.cells}")[0]
        return str(newest) if newest else None

    # Recurring revenue

    def _to_months(self) -> int:
        """Makes a ledger of the rows; gives back its newest month up to the day, NEVER where it has none."""
        try:
            to_ledger(self.source, counting=False)
        except (InputError, UndefinedError) as error:  # nothing began up to the day
            if error.code not in ("period-not-covered", "no-rows"):
                raise
            self.source.cells = "(select '' as account, 0 as month, cast(0 as decimal(38, 18)) as mrr where false)"
            return NEVER
        return max((month for month in self.source.months if month <= self._day_month), default=NEVER)

    def _ledger(self, month: int) -> str:
        source = self.source
        reaches = str(source.knows_before or month - 1 in source.months).lower()
        since = f"case when mrr > 0 then {first_day_of('month')} end"
        rows = f"select account, month, mrr, {since} as month_since from {source.cells} where month <= {month}"
        since, rows = "month_since", f"({rows})"
        if month != NEVER and source.shape.months == "dates" and source.shape.shape != "invoices":
            first = "select account, min(start_date) as first_day from periods where mrr > 0 group by account"
            since, rows = "first_day", f"{rows} left join ({first}) using (account)"
        given = f"{month} as closing, {reaches} as reaches_back, {since} as paid_since, {self._day()} as as_of"
        return f"(select *, {given} from {rows})"

    # Accounts

    def _summed(self, rows: str, columns: Sequence[AccountColumn]) -> str:
        values = ", ".join(f"{one.sql} as {identifier(one.column)}" for one in columns)
        return f"select called, {values} from ({self._named(rows)}) where called is not null group by called, as_of"

    def _named(self, rows: str) -> str:
        """Rows with what the list of accounts calls each one's account."""
        return (
            f"select rows_here.*, coalesce(t.called, rows_here.account) as called from {rows} as rows_here"
            f" left join {TEXTS} as t on t.text = rows_here.account"
        )
