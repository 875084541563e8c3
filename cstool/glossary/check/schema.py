"""The entry classes as JSON Schema, for editors: one schema a kind of file, written beside the files.

`python -m cstool.glossary.check.schema` writes them anew.
"""

from __future__ import annotations

import json
import typing
from decimal import Decimal
from typing import Any, Literal

from cstool.glossary.loading import LAYOUT
from cstool.glossary.places import shipped
from cstool.glossary.play_rules import Play, PlaysEntry
from cstool.glossary.project import ProjectEntry
from cstool.glossary.target_rules import Goal, TargetsEntry
from cstool.glossary.yaml_entries import NUMBER, TEAM_DEFAULTS, MappingType, pattern_of, trait, without_none
from cstool.model.entries import Term, is_entry

FORMS = (
    "Amounts are $1,200, $50,000 or $1.2 million, or plain numbers with commas; percentages 3.5%. "
    "Days are March 10, or 2026-03-10 for what a file holds; months March, March 2026 or 2026-03."
)


def schemas() -> dict[str, dict[str, Any]]:
    """One JSON Schema (draft 2020-12) a file kind: `terms`, `differences`, ... , `project`, `plays`, `targets`."""
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"cstool glossary: {name}",
            "description": FORMS,
            "type": "array",
            "items": _schema(kind),
        }
        for name, kind in LAYOUT.items()
    } | {
        "project": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "cstool.yaml",
            "description": "The exports a team works with. Paths are relative to the file.",
            **_schema(ProjectEntry),
        },
        "plays": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "cstool plays",
            "description": "Rules that make tasks for accounts: a list of plays, or `plays` beside `holidays`.",
            "anyOf": [{"type": "array", "items": {"anyOf": [_schema(Play), _beside_plays()]}}, _schema(PlaysEntry)],
        },
        "targets": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "cstool targets",
            "description": "Goals with their metrics and targets: a list of goals, or `goals`.",
            "anyOf": [{"type": "array", "items": _schema(Goal)}, _schema(TargetsEntry)],
        },
    }


def _beside_plays() -> dict[str, Any]:
    """An item of a list of plays that holds what else a file of plays has."""
    known = _schema(PlaysEntry)["properties"]
    others = {name: field for name, field in known.items() if name != "plays"}
    return {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": others}


def _schema(kind: Any) -> dict[str, Any]:
    origin = typing.get_origin(kind)
    if is_entry(kind):
        hints = typing.get_type_hints(kind, include_extras=True)
        fields = {name: _schema(without_none(hints[name])) for name in kind._fields}
        for name in trait(kind, "lone_items") or ():
            fields[name] = {"anyOf": [fields[name], fields[name]["items"]]}
        if trait(kind, "hyphenated"):
            fields = {spelt: field for name, field in fields.items() for spelt in (name.replace("_", "-"), name)}
        entry = {
            "type": "object",
            "additionalProperties": False,
            "required": [
                name
                for name in kind._fields
                if name not in kind._field_defaults and not (kind is Term and name in TEAM_DEFAULTS)
            ],
            "properties": fields,
        }
        short = trait(kind, "short_key")
        return {"anyOf": [entry, fields[short]]} if short else entry
    if origin is tuple:
        return {"type": "array", "items": _schema(typing.get_args(kind)[0])}
    if origin is MappingType and is_entry(typing.get_args(kind)[1]):
        names, inner = typing.get_args(kind)
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^({pattern_of(names)})$"},
            "additionalProperties": _schema(inner),
        }
    if origin is MappingType and typing.get_args(kind)[1] is not Decimal:
        names, texts = map(pattern_of, typing.get_args(kind))
        return {"type": "object", "propertyNames": {"pattern": f"^({names})$"}, "additionalProperties": _text(texts)}
    if origin is MappingType:
        number = {"type": ["number", "string"], "pattern": f"^({NUMBER})$"}
        return {"type": "object", "additionalProperties": number}
    if origin is Literal:
        values = [value for value in typing.get_args(kind) if value]
        if "true" in values:  # editors type these two
            values += [True, False]
        return {"enum": values}
    return _text(pattern_of(kind))


def _text(pattern: str | None) -> dict[str, Any]:
    """Scalars are text to the loader; editors type an unquoted 2024 as a number, which is as good."""
    return {"type": ["string", "number", "boolean"], "pattern": f"^({pattern})$" if pattern else r"\S"}


def written(schema: dict[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, schema in schemas().items():
        (shipped() / "schema" / f"{name}.json").write_text(written(schema), encoding="utf-8")
