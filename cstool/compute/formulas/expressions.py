"""Formulas as the engine parses them: which measures they use, and what they divide by."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from cstool.backends.duck import EngineError, quoted
from cstool.backends.engine import Engine
from cstool.compute.formulas.sizes import LARGEST, largest_text

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

# The SQL of the glossary's measures, checks and derived columns: also dates, aggregates and windows over rows.
_DATES = "date_diff year quarter month day isodow //"
_AGGREGATES = "any_value avg count count_star max max_by median min min_by quantile_cont sum"
ROW_FUNCTIONS = CONDITION_FUNCTIONS | frozenset(f"{_DATES} {_AGGREGATES} row".split())
_ROW_CLASSES = _CLASSES | {"WINDOW"}

DEEPEST = 50  # levels of nesting; what people write has a dozen, and parsers overflow at some hundreds
LONGEST = 10_000  # characters


class ExpressionError(ValueError):
    """The text is not an expression that may run here. `hint` says what to write instead, where that is known."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Expression(NamedTuple):
    """A parsed formula: the measures it names, those it divides by, and those that it takes for numbers.

    `compared` are the sets of names that are compared with each other only, `ordered` names that are less or more than
    a quoted text, with that text.
    """

    text: str
    names: frozenset[str]
    divisors: frozenset[str]
    numbers: frozenset[str]
    compared: frozenset[frozenset[str]] = frozenset()
    ordered: frozenset[tuple[str, str]] = frozenset()


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
        _refuse_unsupported(condition, engine.dialect)
    return condition


def _refuse_unsupported(condition: Expression, dialect: str) -> None:
    from cstool.backends.dialects import load
    from cstool.backends.unsupported import UnsupportedError, read  # only here: it knows sqlglot, an extra

    transpilable(condition, dialect)
    try:
        load(dialect).refuse(read(f"({condition.text}\n)"))
    except UnsupportedError as error:
        raise ExpressionError(str(error), error.hint) from error


def transpilable(condition: Expression, dialect: str, called: Callable[[str], str] = str) -> str:
    """A condition as it can be transpiled; `called` gives the SQL of a column by its name in the condition.

    Raises ExpressionError for what the translator reads in another way than DuckDB.
    """
    from cstool.backends import transpile
    from cstool.backends.unsupported import UnsupportedError

    try:
        text, names = transpile.condition(condition.text, dialect, called)
    except UnsupportedError as error:
        raise ExpressionError(str(error), error.hint) from error
    if {name.lower() for name in names} != {name.lower() for name in condition.names}:
        raise ExpressionError("it cannot be told which columns it names")
    return text


def conditions_in(engine: Engine, condition: Expression) -> list[Expression]:
    """The conditions of which a row has to fulfil each: `a = 1 and (b or c)` is two."""
    statement = engine.parse(f"select ({condition.text}\n)")["statements"][0]
    root = statement["node"]["select_list"][0]
    if root["type"] != "CONJUNCTION_AND":
        return [condition]
    found = []
    for part in root["children"]:
        one = {**statement, "node": {**statement["node"], "select_list": [{**part, "alias": ""}]}}
        tree = quoted(json.dumps({"error": False, "statements": [one]}))
        text = str(engine.row(f"select json_deserialize_sql({tree})")[0])
        found.append(parse_condition(engine, text.removeprefix("SELECT ")))
    return found


def parse_row_sql(engine: Engine, text: str) -> Expression:
    """The SQL of a measure, check or derived column: one expression over a row's columns, or an aggregate of them.

    Raises ExpressionError saying what it is not.
    """
    return _parsed(engine, text, ROW_FUNCTIONS, "the SQL of a glossary", _ROW_CLASSES)


def _parsed(
    engine: Engine, text: str, functions: frozenset[str], what: str, classes: frozenset[str] = _CLASSES
) -> Expression:
    root = _only_expression(engine, text)
    for part in _nodes(root):
        if part["class"] not in classes:
            raise ExpressionError(f"{part['class'].lower().replace('_', ' ')} is not allowed in {what}")
        if part["class"] == "FUNCTION" and part["function_name"].lower() not in functions:
            raise ExpressionError(f"the function {part['function_name']} is not allowed in {what}")
        if part["class"] == "FUNCTION" and part["function_name"] in ("/", "%") and len(_arguments(part)) != 2:
            raise ExpressionError(f"{part['function_name']} needs a number on either side")
    if largest_text(root) > LARGEST:
        raise ExpressionError(f"it may make texts of more than {LARGEST:,} characters")
    divisors = {
        name
        for part in _nodes(root)
        if part["class"] == "FUNCTION" and part["function_name"] in ("/", "%")
        for name in _names(_arguments(part)[1])
    }
    numbers, compared = _compared(root)
    return Expression(text, frozenset(_names(root)), frozenset(divisors), numbers, compared, _ordered(root, numbers))


def _only_expression(engine: Engine, text: str) -> Any:
    """The syntax tree of a text that is one expression and nothing else: no clause, no alias, no second statement."""
    if len(text) > LONGEST:
        raise ExpressionError(f"longer than {LONGEST:,} characters")
    if "\0" in text:
        raise ExpressionError("not an SQL expression: it holds a NUL character")
    too_deep = f"nested more than {DEEPEST} levels deep"
    if _brackets(text) > DEEPEST:
        raise ExpressionError(too_deep)
    try:
        statements = engine.parse(f"select ({text}\n)")["statements"]
    except EngineError as error:
        if "depth" in str(error) or "deeply" in str(error):
            raise ExpressionError(too_deep) from error
        near = re.search(r'at or near "([^"]*)"', str(error))
        word = near[1].partition("\n")[0] if near else ""  # a comment that is not closed goes on to our own bracket
        at = f" near '{word}'" if word not in ("", ")") else ""
        raise ExpressionError(f"it is not one complete expression{at}") from error
    node = statements[0]["node"]
    if len(statements) != 1 or len(node.get("select_list", ())) != 1:
        raise ExpressionError("more than one expression")
    root = node["select_list"][0]
    plain = engine.parse("select (null)")["statements"][0]["node"]
    if {**node, "select_list": plain["select_list"]} != plain or root.get("alias"):
        raise ExpressionError("more than an expression")
    if _depth(root) > DEEPEST:
        raise ExpressionError(too_deep)
    return root


def _brackets(text: str) -> int:
    """How many brackets stand within each other, those of quoted texts left aside: the tree does not have them all."""
    deepest = depth = 0
    for sign in re.sub("'[^']*'|\"[^\"]*\"", "", text):
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _depth(root: Any) -> int:
    """How many expressions stand within each other, counted without recursion."""
    deepest, waiting = 0, [(root, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict):
            depth += "class" in value and "type" in value
            deepest = max(deepest, depth)
            waiting += [(inner, depth) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth) for inner in value]
    return deepest


# What gives back one of its arguments, and the arithmetic whose arguments are numbers.
_ONE_OF = frozenset(("coalesce", "greatest", "ifnull", "least", "nullif"))
_CALCULATES = frozenset(_ARITHMETIC.split()) - _ONE_OF
_ORDERS = frozenset(
    "COMPARE_LESSTHAN COMPARE_GREATERTHAN COMPARE_LESSTHANOREQUALTO COMPARE_GREATERTHANOREQUALTO COMPARE_BETWEEN"
    " COMPARE_NOT_BETWEEN".split()
)


def _compared(root: Any) -> tuple[frozenset[str], frozenset[frozenset[str]]]:
    """The names that are compared with numbers or calculated with, and the sets of names compared with each other."""
    numbers: set[str] = set()
    compared: set[frozenset[str]] = set()
    for part in _nodes(root):
        if part["class"] == "FUNCTION" and part["function_name"].lower() in _CALCULATES:
            numbers.update(name for one in _arguments(part) for name in _alternatives(one)[0])
            continue
        sides: list[dict[str, Any]] = []
        if part["class"] in ("COMPARISON", "BETWEEN") or part["type"] in ("COMPARE_IN", "COMPARE_NOT_IN"):
            sides = [part[key] for key in ("left", "right", "input", "lower", "upper") if key in part]
            sides += part.get("children", [])
        elif part["class"] == "FUNCTION" and part["function_name"].lower() in _ONE_OF:
            sides = _arguments(part)
        elif part["type"] == "OPERATOR_COALESCE" or part["type"] == "OPERATOR_NULLIF":
            sides = part.get("children", [])
        names: set[str] = set()
        among_numbers = False
        for side in sides:
            own, number = _alternatives(side)
            names |= own
            among_numbers = among_numbers or number
        if among_numbers:
            numbers |= names
        elif len(names) > 1:
            compared.add(frozenset(names))
    return frozenset(numbers), frozenset(compared)


def _ordered(root: Any, numbers: frozenset[str]) -> frozenset[tuple[str, str]]:
    """The names, but for numbers, whose order with a quoted text decides something, each with that text."""
    found: set[tuple[str, str]] = set()
    for part in _nodes(root):
        sides: list[dict[str, Any]] = []
        if part["type"] in _ORDERS:
            sides = [part[key] for key in ("left", "right", "input", "lower", "upper") if key in part]
        elif part["class"] == "FUNCTION" and part["function_name"].lower() in ("greatest", "least"):
            sides = _arguments(part)
        literals = [one["literal"] for one in sides if one["class"] == "CONSTANT" and "literal" in one]
        texts = [str(literal["text"]) for literal in literals if literal.get("kind") == "STRING"]
        names = {name for side in sides for name in _alternatives(side)[0]} - numbers
        found |= {(name, text) for name in names for text in texts}
    return frozenset(found)


def _alternatives(part: dict[str, Any]) -> tuple[set[str], bool]:
    """The columns whose value an expression may be as it is, and whether it is, or may be, a number."""
    name = str(part.get("function_name", "")).lower()
    if part["class"] == "COLUMN_REF":
        return set(_names(part)), False
    if part["class"] == "CONSTANT":
        return set(), part.get("literal", {}).get("kind") in ("INTEGER", "NUMERIC")
    if part["class"] == "FUNCTION" and name in _CALCULATES | {"length"}:
        return set(), True
    inner: list[dict[str, Any]] = []
    if part["class"] == "FUNCTION" and name in _ONE_OF:
        inner = _arguments(part)
    elif part["type"] in ("OPERATOR_COALESCE", "OPERATOR_NULLIF"):
        inner = part.get("children", [])
    elif part["class"] == "CASE":
        inner = [*(check["then_expr"] for check in part["case_checks"]), part["else_expr"]]
    found = [_alternatives(one) for one in inner]
    return {name for names, _ in found for name in names}, any(number for _, number in found)


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
