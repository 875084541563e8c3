"""What the YAML files may hold, said once: the loader and the JSON Schema both read these classes.

Field names follow SKOS where it has one: term = prefLabel, acronyms and synonyms = altLabel, hidden = hiddenLabel,
note = scopeNote, broader and related as they are, sources = dcterms:source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

# A text that must match a pattern as a whole.
Id = Annotated[str, r"[a-z0-9]+(-[a-z0-9]+)*"]
Name = Annotated[str, r"[a-z][a-z0-9]*(_[a-z0-9]+)*"]
Year = Annotated[str, r"\d{4}(-\d{2,4})?"]
Date = Annotated[str, r"\d{4}(-\d{2}(-\d{2})?)?"]
Address = Annotated[str, r"https://\S+"]
Window = Annotated[str, r"[1-9]\d* months?"]

Unit = Literal["percent", "currency", "ratio", "count", "score", "months", "days", "minutes"]
Better = Literal["higher", "lower", "depends"]
Kind = Literal["id", "text", "amount", "number", "count", "share", "month", "period", "date", "time", "flag"]


@dataclass(frozen=True, slots=True)
class Variant:
    """Another reading of the term: what differs, and who says so."""

    label: str
    text: str
    sources: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published orientation value: never a verdict, always with its year and source."""

    value: str
    population: str
    source: Id
    what: str = ""
    year: Year = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """How a term is computed. `formula` is an SQL expression over the measures of the relation `of`."""

    name: Id
    of: Id
    formula: str
    unit: Unit
    better: Better
    example: Mapping[str, Decimal]
    window: Window = ""
    optional: tuple[Name, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()

    @property
    def key(self) -> str:
        """The metric's name as a column: `logo_churn`."""
        return self.name.replace("-", "_")

    @property
    def months(self) -> int:
        """Length of the default window in months; 0 where the metric looks at one moment."""
        return int(self.window.split()[0]) if self.window else 0


@dataclass(frozen=True, slots=True)
class Term:
    """One concept of the field with all its names."""

    id: Id
    term: str
    category: Id
    definition: str
    sources: tuple[Id, ...]
    acronyms: tuple[str, ...] = ()
    shared_acronyms: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    note: str = ""
    example: str = ""
    variants: tuple[Variant, ...] = ()
    broader: Id = ""
    related: tuple[Id, ...] = ()
    metric: Metric | None = None
    retired: Id = ""

    @property
    def all_acronyms(self) -> tuple[str, ...]:
        return (*self.acronyms, *self.shared_acronyms)


@dataclass(frozen=True, slots=True)
class Aspect:
    """One row of a comparison: `values` stand in the order of the difference's `between`."""

    aspect: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What sets two or three terms apart. An id paired with itself tells two names of one term apart."""

    between: tuple[Id, ...]
    summary: str
    aspects: tuple[Aspect, ...]
    use: str
    sources: tuple[Id, ...]
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from."""

    id: Id
    title: str
    kind: Literal["glossary", "article", "book", "talk", "benchmark", "vendor", "code", "review", "own"]
    author: str = ""
    date: Date = ""
    address: Address = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A part that a column plays in a shape, and the header spellings that fill it."""

    role: Name
    kind: Kind
    about: str
    headers: tuple[str, ...]
    fallback: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of table people have, and the relation it becomes. `unique` roles name a row only once, together."""

    shape: Id
    becomes: Id
    about: str
    required: tuple[Name, ...]
    unique: tuple[Name, ...]
    optional: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A sum or count over the rows of a relation; what formulas are made of."""

    measure: Name
    about: str
    sql: str = ""
    term: Id = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """The measures that formulas `of` this relation may use."""

    relation: Id
    about: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Everything the YAML files say, by id."""

    terms: Mapping[str, Term]
    differences: Mapping[tuple[str, ...], Difference]
    sources: Mapping[str, Source]
    roles: Mapping[str, Role]
    shapes: Mapping[str, Shape]
    relations: Mapping[str, Relation]

    @property
    def metrics(self) -> dict[str, Term]:
        """The terms that can be computed, by their metric's name."""
        return {term.metric.name: term for term in self.terms.values() if term.metric}
