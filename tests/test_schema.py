"""The JSON Schemas that editors use: they are those of the entry classes, and agree with the loader."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from cstool.glossary.check.schema import schemas, written
from cstool.glossary.loading import LAYOUT, read_all
from cstool.glossary.places import files, shipped
from cstool.samples.plays import PLAYS

Write = Callable[..., str]

SCHEMAS = schemas()
REMEDY = "write the schemas anew: python -m cstool.glossary.check.schema"


def read(file: Path) -> Any:
    """A file as the loader reads it: every scalar text."""
    return yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)


class Editor(yaml.SafeLoader):
    """Types scalars as editors do, which read YAML 1.2: `2024` is a number, `yes` is text."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), list("tf"))


KINDS = dict(files(shipped()))  # by file


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schema_beside_the_files_is_that_of_the_entry_classes(kind: str) -> None:
    file = shipped() / "schema" / f"{kind}.json"
    assert file.is_file(), REMEDY
    assert file.read_text(encoding="utf-8") == written(SCHEMAS[kind]), REMEDY


def test_there_is_no_schema_of_a_kind_that_is_gone() -> None:
    assert {file.stem for file in (shipped() / "schema").iterdir()} == set(SCHEMAS)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_each_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize("file", KINDS, ids=lambda file: str(file.relative_to(shipped())))
def test_the_shipped_files_fit_their_schema_read_as_text_and_as_editors_do(file: Path) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS[KINDS[file]])
    validator.validate(read(file))
    validator.validate(yaml.load(file.read_text(encoding="utf-8"), Editor))


@pytest.mark.parametrize("file", KINDS, ids=lambda file: str(file.relative_to(shipped())))
def test_each_shipped_file_tells_editors_its_schema(file: Path) -> None:
    marker, _, address = file.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")
    assert marker == "# yaml-language-server: "
    assert (file.parent / address).resolve() == (shipped() / "schema" / f"{KINDS[file]}.json").resolve()


TEXTS = ["own", "12 months", "2024", "https://example.org", "1"]


def example(schema: dict[str, Any]) -> Any:
    """An entry that fits a schema and has every key."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "array":
        return [example(schema["items"])]
    if schema["type"] == "object":
        return {name: example(inner) for name, inner in schema.get("properties", {}).items()} or {"value": "1"}
    return next(text for text in TEXTS if re.search(schema["pattern"], text))


# What may stand in the place of any value.
STRANGERS: list[Any] = [
    "  ",
    "own ",
    "Not an id!",
    "zebra\nid: other",
    "yes",
    "1_000",
    "1e5",
    "2024-1",
    "12 months",
    "http://example.org",
    "a_",
    [],
    [""],
    [["own"]],
    {},
    {"own": "1"},
]


def mutations(value: Any) -> Iterator[Any]:
    """The value with one thing in it, at whatever depth, missing, renamed, added or replaced."""
    yield from STRANGERS
    if isinstance(value, dict):
        yield {**value, "unknown": "x"}
        for name, inner in value.items():
            rest = {other: kept for other, kept in value.items() if other != name}
            yield rest
            yield {**rest, name.upper(): inner}
            yield from ({**rest, name: changed} for changed in mutations(inner))
    elif isinstance(value, list):
        yield [*value, *value]
        yield from ([*value[:i], changed, *value[i + 1 :]] for i, own in enumerate(value) for changed in mutations(own))


@pytest.mark.parametrize("kind", LAYOUT)
@pytest.mark.slow
def test_schema_and_loader_accept_and_refuse_the_same(write: Write, kind: str) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS[kind]["items"])
    entry = example(SCHEMAS[kind]["items"])
    entries = [entry, *mutations(entry)]
    # JSON is YAML with nothing left open, and an entry a line tells which one a problem is about.
    lines = "".join(f"- {json.dumps(one, ensure_ascii=False)}\n" for one in entries)
    refused = {problem.line for problem in read_all(Path(write(f"{kind}.yaml", lines)), alone=True).problems}
    assert 1 not in refused
    assert len(refused) > len(STRANGERS)
    for line, one in enumerate(entries, 1):
        assert (line in refused) is not validator.is_valid(one), json.dumps(one)


def test_an_editor_takes_the_sample_plays_and_marks_what_the_loader_refuses() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS["plays"])
    plays = yaml.load(PLAYS, Editor)
    assert validator.is_valid([one for one in plays if "play" in one])
    assert validator.is_valid({"plays": plays[:1], "holidays": ["2026-12-25"]})
    assert validator.is_valid(plays)  # holidays may stand among the plays
    for key, value in (("unless", "x"), ("tasks", [{"do": "x", "due": "in 2 days"}]), ("owner", {"named": "Ana"})):
        assert not validator.is_valid([{**plays[0], key: value}])
