"""Options as fields of records: what each means and how it is written, in one place for every way to set it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any


def option(
    default: Any,
    help: str,  # noqa: A002
    metavar: str | None = None,
    *,
    names: tuple[str, ...] = (),
    heading: str = "",
    **more: Any,
) -> Any:
    """A field of a class of options.

    `names` are spellings on the command line other than the field's own, `heading` is where help lists it, `more` is
    passed to the command line's parser (`min`, `max`, `show_default`, `autocompletion`, `envvar`).
    """
    metadata = {"help": help, "metavar": metavar, "names": names, "heading": heading, **more}
    if isinstance(default, Mapping):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options that several commands share: one field an option, each with a default."""

    def given(self) -> list[str]:
        """The options that differ from their defaults, as they are written: `--date-order`."""
        return [spelling(one) for one in fields(self) if getattr(self, one.name) != default_of(one)]


def default_of(one: Field[Any]) -> Any:
    """What an option is where it is not given."""
    return one.default_factory() if one.default is MISSING and one.default_factory is not MISSING else one.default


def spelling(one: Field[Any]) -> str:
    """How an option is written first: `--cents` of `--cents/--no-cents`."""
    names = one.metadata["names"] or (written(one.name),)
    return str(names[0]).partition("/")[0]


def written(name: str) -> str:
    """A field's name as an option: `date_order` as `--date-order`."""
    return f"--{name.rstrip('_').replace('_', '-')}"
