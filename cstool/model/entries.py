"""What the YAML files may hold, said once: the loader and the JSON Schema both read these classes.

Field names follow SKOS where it has one: term = prefLabel, acronyms and synonyms = altLabel, hidden = hiddenLabel,
note = scopeNote, broader and related as they are, sources = dcterms:source.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from cstool.model.inputs import Preset, Relation, Role, Shape

# Entries are named tuples: a dozen of dataclasses take longer to make than an answer to find.

# A text that must match a pattern as a whole.
Id = Annotated[str, r"[a-z0-9]+(-[a-z0-9]+)*"]
Name = Annotated[str, r"[a-z][a-z0-9]*(_[a-z0-9]+)*"]
Year = Annotated[str, r"\d{4}(-\d{2,4})?"]
Address = Annotated[str, r"https://\S+"]
Window = Annotated[str, r"[1-9]\d{0,2} months?|all"]
Limit = Annotated[str, r"1|[a-z][a-z0-9]*(_[a-z0-9]+)*"]
# Those of a project's file: the name of a file (`@name` on the command line), a month's name, and options of reading.
Label = Annotated[str, r"[A-Za-z0-9][A-Za-z0-9_-]*"]
Month = Annotated[
    str,
    r"[Jj]an(uary)?|[Ff]eb(ruary)?|[Mm]ar(ch)?|[Aa]pr(il)?|[Mm]ay|[Jj]une?|[Jj]uly?|[Aa]ug(ust)?|[Ss]ep(tember)?"
    r"|[Oo]ct(ober)?|[Nn]ov(ember)?|[Dd]ec(ember)?|[1-9]|1[0-2]",
]
Whole = Annotated[str, r"[0-9]{1,6}"]
Size = Annotated[str, r"[0-9.]+ ?[KMGTkmgt]i?[Bb]"]
Share = Annotated[str, r"[0-9.]+ ?%?"]
# Those of a file of plays: a day, and a day counted from the run or from a column's day.
Day = Annotated[str, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"]
Due = Annotated[
    str,
    r" *\+ *[1-9][0-9]{0,3} *(days?|workdays?|weeks?) *"
    r"| *([A-Za-z_]\w*|\"[^\"]+\")( *[+-] *[0-9]{1,4} *(days?|workdays?|weeks?|months?))? *",
]

# What such a text looks like, in words for who writes one.
LOOKS: Mapping[Any, str] = {
    Id: "this-one: small letters, digits and single hyphens",
    Name: "this_one: small letters, digits and single underscores",
    Year: "2024 or 2024-25",
    Address: "https://example.org/page",
    Limit: "1, or the name of a measure",
    Window: "3 months, or all",
    Label: "crm: letters, digits, hyphens and underscores",
    Month: "february, feb or 2",
    Whole: "5: a whole number",
    Size: "600MB or 20GB",
    Share: "20% or 0.2",
    Day: "2026-12-24",
    Due: "+1 workday, +2 weeks, or renewal_date - 60 days",
}

Unit = Literal["percent", "currency", "ratio", "count", "score", "months", "days", "minutes"]
Better = Literal["higher", "lower", "depends"]
Kind = Literal[
    "id", "text", "amount", "number", "count", "duration", "share", "month", "period", "date", "time", "flag"
]

MOST_RELATED = 8

_DIGITS = 30  # before the decimal point and after it: more than any amount has, and what all engines can take


def is_ordinary(number: Decimal) -> bool:
    """Whether a number is small and short enough to be computed with."""
    return number.is_finite() and abs(number.adjusted()) <= _DIGITS and int(number.as_tuple().exponent) >= -_DIGITS


NO_NUMBERS: Mapping[str, Decimal] = {}


class Variant(NamedTuple):
    """Another reading of the term: what differs, and who says so.

    With `name` and another `formula`, or other values of `parameters`, it can be computed.
    """

    label: str
    text: str
    sources: tuple[Id, ...] = ()
    name: Id = ""
    formula: str = ""
    parameters: Mapping[str, Decimal] = NO_NUMBERS


class Benchmark(NamedTuple):
    """A published value to compare with: what it is (median, quartile, rule of thumb), of whom, of which year."""

    value: str
    what: str
    population: str
    year: Year
    source: Id


class Part(NamedTuple):
    """A column of a table: its name and unit. `formula` over measures where the table is one row a group and period."""

    column: Name
    about: str
    unit: Literal[Unit, "text"] = "text"
    formula: str = ""


class Check(NamedTuple):
    """What rows must be for a metric to mean anything.

    A condition that each row has to meet, or an aggregate `on: all` of them that is told where it is neither null nor
    false nor zero, `{}` in the text standing for its value: as an error, or with `then: say` as a note.
    """

    sql: str
    text: str
    on: Literal["row", "all"] = "row"
    column: Name = ""
    then: Literal["refuse", "say"] = "refuse"


class Metric(NamedTuple):
    """How a term is computed. `formula` is an SQL expression over the measures of the relation `of`.

    Measures in `optional` count as zero where they are not given, those in `assumed` as the value stated there, which
    is then said. `annualised` is a formula over `value` and `months`, the window's length. `parameters` are values that
    measures may use, with their defaults; `needs` the roles without which a file cannot give it (`a|b`: one of them);
    `beside` the columns that are always shown with it; `per` the step it is counted by where none is asked for;
    `sample` the options that a sample file of its shape asks for. What is `fixed` has its window and no other, being
    made of monthly rates or bearing the window in its name. `accounts_order` are SQL expressions over a row's columns,
    with `desc` behind them or not, by which `--accounts` sorts. `in_words` is the formula in words where the names of
    its measures do not make it plain.
    """

    name: Id
    of: Id
    formula: str
    unit: Unit
    better: Better
    example: Mapping[str, Decimal]
    window: Window = ""
    fixed: Literal["", "yes"] = ""
    optional: tuple[Name, ...] = ()
    assumed: Mapping[str, Decimal] = NO_NUMBERS
    annualised: str = ""
    sample: str = ""
    parameters: Mapping[str, Decimal] = NO_NUMBERS
    needs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    beside: tuple[Part, ...] = ()
    per: Literal["", "month", "quarter", "all months"] = ""
    over_rows: str = ""
    accounts_order: tuple[str, ...] = ()
    in_words: str = ""
    benchmarks: tuple[Benchmark, ...] = ()

    @property
    def key(self) -> str:
        """The metric's name as a column: `logo_churn`."""
        return self.name.replace("-", "_")

    @property
    def months(self) -> int:
        """Length of the default window in months; 0 where the metric looks at one moment or at all there is."""
        return int(self.window.split()[0]) if self.window not in ("", "all") else 0


class Relational(NamedTuple):
    """A metric that is a table rather than a number: by its columns' formulas, or by the named query `sql`.

    `subject` is the role whose values have a row each: --where on it chooses rows of the table, not of the file.
    One that is `by_month` needs the MRR of each month, not of one window. `picture` is how a terminal draws it.
    One that is `at_day` is the state of the last day looked at, and not of the rows of a period.
    `parameters`, `needs`, `checks`, `per` and `accounts_order` are as in `Metric`. A term may have both; then files
    give the table.
    """

    name: Id
    of: Id
    columns: tuple[Part, ...]
    window: Window = ""
    every: Literal["", "month"] = ""
    sample: str = ""
    sql: Name = ""
    by_month: Literal["", "yes"] = ""
    subject: Name = ""
    picture: Literal["", "bridge"] = ""
    at_day: Literal["", "yes"] = ""
    parameters: Mapping[str, Decimal] = NO_NUMBERS
    needs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    per: Literal["", "month", "quarter", "all months"] = ""
    accounts_order: tuple[str, ...] = ()


class Term(NamedTuple):
    """One concept of the field with all its names.

    `asked` has what people type who do not know a name: `share of customers who renew`.
    `note` speaks of the concept, `computed` of what this program does about it, in one or two sentences. `related`
    names at most eight entries, the most useful first; it may be one-way and does not repeat `broader`.
    """

    id: Id
    term: str
    category: Id
    definition: str
    sources: tuple[Id, ...]
    acronyms: tuple[str, ...] = ()
    shared_acronyms: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    note: str = ""
    example: str = ""
    computed: str = ""
    variants: tuple[Variant, ...] = ()
    broader: Id = ""
    related: tuple[Id, ...] = ()
    metric: Metric | None = None
    table: Relational | None = None
    retired: Id = ""

    @property
    def all_acronyms(self) -> tuple[str, ...]:
        return (*self.acronyms, *self.shared_acronyms)


class Aspect(NamedTuple):
    """One row of a comparison: what it says of each term, by the term's id."""

    aspect: str
    values: Mapping[Id, str]


class Difference(NamedTuple):
    """What sets two or three terms apart.

    An id paired with itself tells two names of one term apart; its rows are keyed by these names: `nrr`, `ndr`.
    """

    between: tuple[Id, ...]
    summary: str
    aspects: tuple[Aspect, ...]
    use: str
    sources: tuple[Id, ...]
    mistake: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """What rows are keyed by: the terms' ids, or two names of one term."""
        one_term = len(set(self.between)) == 1
        return tuple(self.aspects[0].values) if one_term and self.aspects else self.between


class Source(NamedTuple):
    """Where facts come from. All but `own` words have a publisher, an address and a year.

    `year` is the year of publication or, for pages that are revised without a date, the year they were read. `short`
    is the title as cards print it, where the whole one is long.
    """

    id: Id
    title: str
    kind: Literal["glossary", "article", "book", "talk", "benchmark", "vendor", "code", "own"]
    publisher: str = ""
    year: Year = ""
    address: Address = ""
    short: str = ""
    author: str = ""


def is_entry(kind: object) -> bool:
    """Whether something is a class of entries."""
    return isinstance(kind, type) and hasattr(kind, "_fields")


class Glossary(NamedTuple):
    """Everything the YAML files say, by id."""

    terms: Mapping[str, Term]
    differences: Mapping[tuple[str, ...], Difference]
    sources: Mapping[str, Source]
    roles: Mapping[str, Role]
    shapes: Mapping[str, Shape]
    relations: Mapping[str, Relation]
    presets: Mapping[str, Preset]
    computed: Mapping[str, str]  # by what `calc` is asked for, the term that is computed: as a number or as a table

    @property
    def metrics(self) -> dict[str, Term]:
        """The terms that can be computed, by what `calc` is asked for."""
        return {name: self.terms[id_] for name, id_ in self.computed.items()}
