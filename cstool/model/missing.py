"""What a file lacks for a metric or an input type, and how that is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

SHOWN = 3  # of the roles of which any will do


@dataclass(frozen=True, slots=True)
class MissingRole:
    """No column plays a role."""

    role: str

    @property
    def roles(self) -> Sequence[str]:
        return (self.role,)

    def __str__(self) -> str:
        return self.role


@dataclass(frozen=True, slots=True)
class MissingOneOf:
    """No column plays any of several roles; one would do."""

    roles: Sequence[str]

    def __str__(self) -> str:
        return " or ".join(self.roles)

    def shortened(self) -> str:
        """The first roles, and how many more there are."""
        rest = len(self.roles) - SHOWN
        return f"{' or '.join(self.roles[:SHOWN])} or {rest} more" if rest > 1 else str(self)


@dataclass(frozen=True, slots=True)
class MissingMonths:
    """There are no columns of months."""

    roles: Sequence[str] = ()

    def __str__(self) -> str:
        return "columns of months"


@dataclass(frozen=True, slots=True)
class ExcludedBy:
    """A column plays a role that files of a shape do not have, so the file is something else."""

    shape: str
    excluded: Sequence[str]
    roles: Sequence[str] = ()

    def __str__(self) -> str:
        return f"a {self.shape} file has no {' or '.join(self.excluded)}"


@dataclass(frozen=True, slots=True)
class MissingMeasure:
    """A measure that no column of the file gives."""

    measure: str
    roles: Sequence[str] = ()

    def __str__(self) -> str:
        return self.measure


@dataclass(frozen=True, slots=True)
class Undecided:
    """An option that has to be given first, or why the file is refused."""

    text: str
    roles: Sequence[str] = ()

    def __str__(self) -> str:
        return self.text


Missing: TypeAlias = MissingRole | MissingOneOf | MissingMonths | ExcludedBy | MissingMeasure | Undecided


def missing_roles(roles: Sequence[str]) -> Missing:
    """What is missing where no column plays any of some roles."""
    return MissingRole(roles[0]) if len(roles) == 1 else MissingOneOf(tuple(roles))


def shortened(missing: Missing) -> str:
    """What is missing, for a table."""
    return missing.shortened() if isinstance(missing, MissingOneOf) else str(missing)
