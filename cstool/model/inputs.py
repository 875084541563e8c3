"""What the YAML files say of people's files: shapes, the roles of columns, and the measures over their rows."""

from __future__ import annotations

from typing import Literal, NamedTuple

from cstool.model.entries import Id, Kind, Limit, Name


class Role(NamedTuple):
    """A part that a column plays in a shape, and the header spellings that fill it.

    A day of one that is `open` may be written as never to come: `active`, 9999-12-31.
    `like` is a role whose `headers` are also this one's; loaded, they stand among its own.
    A header with one of `words` (`expir*` stands for all words that begin so) and none of `unless` may mean it, too.
    """

    role: Name
    kind: Kind
    about: str
    headers: tuple[str, ...]
    fallback: tuple[str, ...] = ()
    open: Literal["", "yes"] = ""
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    like: str = ""


class Derived(NamedTuple):
    """A column made of a row's other columns and of parameters; `as_of` is the last day that is told of."""

    column: Name
    sql: str


class AccountColumn(NamedTuple):
    """A column that files of an input type add to the list of accounts.

    `sql` is an aggregate over an account's rows as they stood on a day, `as_of`. An account without rows has nothing in
    it, or 0 where `empty` says so. `needs` are the roles without which a file does not give it (`a|b`: one of them).
    """

    column: Name
    about: str
    sql: str
    unit: Literal["", "currency", "percent", "days", "score"] = ""
    empty: Literal["zero", "undefined"] = "undefined"
    needs: tuple[str, ...] = ()


class Happening(NamedTuple):
    """What happened on the day of a role, for the timeline of an account; `{role}` in `what` is the row's cell."""

    on: Name
    what: str


class Shape(NamedTuple):
    """A kind of table people have, and the shape or relation it becomes.

    Of `one_of` one is required too, of `any_of` one or more; a column for a role in `without` says that a file is
    something else. `unique` roles name a row only once, together. `months`
    tells whether rows, columns or dates say which month is meant. `measures` are the shape's own sums where its rows
    are sums already, or that no other shape of its relation has. `dated` is the role whose day says which period a row
    belongs to; the days of roles in `ahead` may lie in the future and do not tell how far a file goes. `derived` are
    further columns of each row. `--accounts` has a row for each value of the roles in `accounts_by`, where none are
    named for each row of the file. Measures it `lacks` cannot be made of its rows, though its relation has them.
    Unused headers with a word in `signs` speak for the shape where several fit. `per_account` are the columns that it
    adds to the list of accounts, beside those of the shape that it becomes, `happenings` what it adds to the timeline
    of one account.
    """

    shape: Id
    becomes: Id
    about: str
    required: tuple[Name, ...]
    unique: tuple[Name, ...]
    one_of: tuple[Name, ...] = ()
    any_of: tuple[Name, ...] = ()
    without: tuple[Name, ...] = ()
    optional: tuple[Name, ...] = ()
    months: Literal["rows", "columns", "dates", ""] = ""
    dated: Name = ""
    ahead: tuple[Name, ...] = ()
    accounts_by: tuple[Name, ...] = ()
    derived: tuple[Derived, ...] = ()
    measures: tuple[Measure, ...] = ()
    lacks: tuple[Name, ...] = ()
    signs: tuple[str, ...] = ()
    per_account: tuple[AccountColumn, ...] = ()
    happenings: tuple[Happening, ...] = ()

    @property
    def could_have(self) -> tuple[Name, ...]:
        """The roles that a file of this shape may lack; `has_ROLE` tells measures whether it does."""
        return (*self.one_of, *self.any_of, *self.optional)


class Preset(NamedTuple):
    """An export known by name: its shape, which header plays which role, and what its amounts are in.

    A file that has all headers of `signature` is that export, without being named.
    """

    preset: Id
    shape: Id
    about: str
    roles: tuple[Mapped, ...]
    cents: Literal["yes", "no"] = "no"
    interval: str = ""
    signature: tuple[str, ...] = ()


class Mapped(NamedTuple):
    """A role and the header that plays it."""

    role: Name
    header: str


class Measure(NamedTuple):
    """What formulas are made of: a sum or count over the rows of a relation, or made of other measures.

    `sql` runs over rows, `formula` over measures; one with neither has to be given. Of no rows it is zero, or undefined
    where it is no sum (a median). One that is `told` always stands in an explanation. `needs` are the roles without
    which a file does not give it (`a|b`: one of them), so that it may be given beside the file. One that is a share
    or a part is `at_most` 1 or another measure. `called` is its name where a formula is written in words, `movement`
    what `--accounts` calls the change of an account that it counts or adds up.
    """

    measure: Name
    about: str
    called: str = ""
    sql: str = ""
    formula: str = ""
    empty: Literal["zero", "undefined"] = "zero"
    told: Literal["", "always"] = ""
    needs: tuple[str, ...] = ()
    at_most: Limit = ""
    movement: Literal["", "new", "reactivation", "expansion", "contraction", "churned"] = ""
    term: Id = ""


class Relation(NamedTuple):
    """The measures that formulas `of` this relation may use."""

    relation: Id
    about: str
    measures: tuple[Measure, ...]
