"""The file that says what a health score is made of and which signs are warnings; read as strictly as the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from cstool.errors import InputError, and_more
from cstool.glossary.yaml_entries import Located, Problem, read_one
from cstool.model.entries import NO_NUMBERS

# Columns of the results, which a component cannot be called.
RESERVED = ("account", "health_score", "risk_score", "band", "missing")


class Component(NamedTuple):
    """A column that counts in the score: values up to `low` score 0, from `high` on 100, between them in proportion.

    The other way round where lower is better. `name` is what the result calls it, the column's header otherwise.
    """

    column: str
    weight: Decimal
    low: Decimal
    high: Decimal
    better: Literal["higher", "lower"] = "higher"
    name: str = ""

    @property
    def key(self) -> str:
        return self.name or self.column


class Rule(NamedTuple):
    """A warning: `when` is an SQL condition over an account's columns, its `health_score` and `as_of`."""

    rule: str
    when: str


class HealthConfig(NamedTuple):
    """What a score is made of. `bands` begin at the score that is given for each; `texts` and `dates` are the columns
    of rules that hold no numbers.
    """

    components: tuple[Component, ...] = ()
    bands: Mapping[str, Decimal] = NO_NUMBERS
    rules: tuple[Rule, ...] = ()
    texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


def read_health_config(path: str) -> HealthConfig:
    """The configuration in a YAML file. Raises InputError naming every problem by file and line."""
    file = Path(path)
    if not file.exists() or file.is_dir():
        what = "is a folder" if file.is_dir() else "no such file"
        raise InputError(
            f"--config {path}: {what}",
            hint="`cstool sample health-config` prints one to start from",
            code="bad-configuration",
        )
    located, problems = read_one(file, HealthConfig)
    if located:
        problems = list(_problems(located))
    if problems or not located:
        raise InputError(
            "the configuration cannot be used:",
            problems=and_more([str(one) for one in problems]),
            code="bad-configuration",
        )
    return located.entry


def _problems(located: Located[HealthConfig]) -> Iterator[Problem]:
    config = located.entry
    keys = [component.key for component in config.components]
    for i, component in enumerate(config.components):
        at = f"components.{i}"
        if component.weight <= 0:
            yield located.problem(f"{component.key}: a weight is above zero", f"{at}.weight")
        if component.low >= component.high:
            text = f"{component.key}: low ({component.low}) is not below high ({component.high});"
            yield located.problem(f"{text} `better: lower` turns the score round", f"{at}.low")
        if keys.index(component.key) < i:
            yield located.problem(f"component '{component.key}' stands twice", at)
        if component.key in RESERVED:
            yield located.problem(f"a component cannot be called '{component.key}'; give it a `name`", at)
    begins = list(config.bands.values())
    if begins and (begins[0] != 0 or any(after <= before for before, after in pairwise(begins))):
        yield located.problem("bands begin at 0 and go up, as in {red: 0, yellow: 50, green: 75}", "bands")
    names = [rule.rule for rule in config.rules]
    for i, name in enumerate(names):
        if name in names[:i]:
            yield located.problem(f"rule '{name}' stands twice", f"rules.{i}")
    for name in sorted(set(config.texts) & set(config.dates)):
        yield located.problem(f"'{name}' is both a text and a date", "texts")
