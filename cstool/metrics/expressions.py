"""Formulas as the engine parses them: which measures they use, and what they divide by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from cstool.engines.duck import EngineError
from cstool.engines.engine import Engine

_ARITHMETIC = "+ - * / % ** ^ abs ceil coalesce exp floor greatest least ln log nullif pow power round sign sqrt"
_TEXT = (
    "lower upper trim ltrim rtrim length contains starts_with prefix suffix ends_with left right substr substring"
    " replace"
)
_LIKE = "~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape regexp_matches regexp_full_match"

# Plain arithmetic and what makes a case of it is all that a formula over measures needs; a condition compares text too.
FUNCTIONS = frozenset(_ARITHMETIC.split())
CONDITION_FUNCTIONS = FUNCTIONS | frozenset(f"{_TEXT} {_LIKE} || concat".split())
_CLASSES = frozenset(("FUNCTION COLUMN_REF CONSTANT CASE COMPARISON CONJUNCTION OPERATOR CAST BETWEEN TYPE").split())


class ExpressionError(ValueError):
    """The text is not an expression that may run here. `hint` says what to write instead, where that is known."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Expression(NamedTuple):
    """A parsed formula: the measures it names, those it divides by, and those it compares with numbers."""

    text: str
    names: frozenset[str]
    divisors: frozenset[str]
    numbers: frozenset[str]


def parse(engine: Engine, text: str) -> Expression:
    """The formula, if it is one expression of arithmetic over names. Raises ExpressionError saying what it is not."""
    if "--" in text or "/*" in text:
        raise ExpressionError("comments are not allowed in a formula")
    return _parsed(engine, text, FUNCTIONS, "a formula")


def parse_condition(engine: Engine, text: str) -> Expression:
    """A condition on a row's columns: comparisons and text functions, nothing that reads elsewhere.

    Raises ExpressionError, also for what the engine would understand in another way than DuckDB.
    """
    condition = _parsed(engine, text, CONDITION_FUNCTIONS, "a condition")
    if engine.dialect != "duckdb":
        _refuse_unsaid(condition, engine.dialect)
    return condition


def _refuse_unsaid(condition: Expression, dialect: str) -> None:
    from cstool.engines.unsaid import UnsaidError, read, refuse  # only here: it knows sqlglot, an extra

    said_in(condition, dialect)
    try:
        refuse(read(f"({condition.text}\n)"), dialect)
    except UnsaidError as error:
        raise ExpressionError(str(error), error.hint) from error


def said_in(condition: Expression, dialect: str, called: Callable[[str], str] = str) -> str:
    """A condition as it will be said in a dialect; `called` gives the SQL of a column by its name in the condition.

    Raises ExpressionError for what the translator reads in another way than DuckDB.
    """
    from cstool.engines import translating
    from cstool.engines.unsaid import UnsaidError

    try:
        text, names = translating.condition(condition.text, dialect, called)
    except UnsaidError as error:
        raise ExpressionError(str(error), error.hint) from error
    if {name.lower() for name in names} != {name.lower() for name in condition.names}:
        raise ExpressionError("it cannot be told which columns it names")
    return text


def _parsed(engine: Engine, text: str, functions: frozenset[str], what: str) -> Expression:
    try:
        tree = engine.parse(f"select ({text}\n)")
    except EngineError as error:
        raise ExpressionError(f"not an SQL expression: {error}") from error
    statements = tree["statements"]
    node = statements[0]["node"]
    if len(statements) != 1 or node.get("type") != "SELECT_NODE" or len(node["select_list"]) != 1:
        raise ExpressionError("more than one expression")
    if node["from_table"]["type"] != "EMPTY" or node.get("where_clause"):
        raise ExpressionError("more than an expression")
    root = node["select_list"][0]
    for part in _nodes(root):
        if part["class"] not in _CLASSES:
            raise ExpressionError(f"{part['class'].lower().replace('_', ' ')} is not allowed in {what}")
        if part["class"] == "FUNCTION" and part["function_name"].lower() not in functions:
            raise ExpressionError(f"the function {part['function_name']} is not allowed in {what}")
    divisors = {
        name
        for part in _nodes(root)
        if part["class"] == "FUNCTION" and part["function_name"] in ("/", "%")
        for name in _names(_arguments(part)[1])
    }
    return Expression(text, frozenset(_names(root)), frozenset(divisors), frozenset(_compared_with_numbers(root)))


def _compared_with_numbers(root: Any) -> Iterator[str]:
    for part in _nodes(root):
        if part["class"] in ("COMPARISON", "BETWEEN") or part["type"] in ("COMPARE_IN", "COMPARE_NOT_IN"):
            sides = [part[key] for key in ("left", "right", "input", "lower", "upper") if key in part]
            sides += part.get("children", [])
            if any(side.get("literal", {}).get("kind") in ("INTEGER", "NUMERIC") for side in sides):
                yield from (name for side in sides if side["class"] == "COLUMN_REF" for name in _names(side))


def _arguments(part: dict[str, Any]) -> list[dict[str, Any]]:
    return [argument["expression"] for argument in part["arguments"]]


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every expression below a value of the tree."""
    if isinstance(value, dict):
        if "class" in value and "type" in value:
            yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _names(value: Any) -> Iterator[str]:
    for part in _nodes(value):
        if part["class"] == "COLUMN_REF":
            yield ".".join(part["column_names"])
