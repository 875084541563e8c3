"""Groups of options that commands take as one argument: see `with_options`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from typing import Annotated, Any, get_type_hints

import typer

from cstool.cli.common import pairs
from cstool.cli.completion import preset_names, shape_names
from cstool.options import Options, default_of, written

_COMPLETED: Mapping[str, Callable[..., list[str]]] = {"shape": shape_names, "preset": preset_names}


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the fields of each class of options that it takes as options of its own.

    Its module must not postpone the evaluation of annotations.
    """
    own = inspect.signature(command).parameters.values()
    groups = {one.name: one.annotation for one in own if _is_group(one.annotation)}
    parameters = []
    for one in own:
        group = groups.get(one.name)
        hints = get_type_hints(group) if group else {}
        parameters += [_parameter(each, hints[each.name]) for each in fields(group)] if group else [one]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{one.name: _value(one, given.pop(one.name)) for one in fields(group)})
        command(**given)

    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Options)


def _parameter(one: Field[Any], annotation: Any) -> inspect.Parameter:
    """A field as Typer takes it; a mapping is written NAME=VALUE, once for each name."""
    more = dict(one.metadata)
    names = more.pop("names") or (written(one.name),)
    if one.name in _COMPLETED:
        more["autocompletion"] = _COMPLETED[one.name]
    default = default_of(one)
    if isinstance(default, Mapping):
        annotation, default = list[str] | None, None
    made = typer.Option(*names, rich_help_panel=more.pop("heading") or None, **more)
    return inspect.Parameter(
        one.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[annotation, made]
    )


def _value(one: Field[Any], given: Any) -> Any:
    if isinstance(default_of(one), Mapping):
        return pairs(written(one.name), given, one.metadata["metavar"])
    return given
