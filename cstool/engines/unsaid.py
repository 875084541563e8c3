"""What a query of DuckDB must not hold where it is said in another dialect: what would silently mean something else.

That of --engine spark is a dialect too. It runs with settings of our own, so that a backslash is read as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp

from cstool.engines.dialects import ENGINE
from cstool.engines.rules_of_numbers import Node
from cstool.errors import UsageError

# What only DuckDB says so, and what to write instead.
_OWN: Mapping[type[Node], tuple[str, str]] = {
    exp.Bracket: ("a place in brackets", "write substr(x, 1, 1)"),
    exp.Glob: ("glob", "write like, with % for * and _ for ?"),
    exp.SimilarTo: ("similar to", "write regexp_full_match, like or in"),
    exp.TryCast: ("try_cast", "write cast"),
}
_PIECES: Mapping[type[Node], str] = {exp.Left: "left", exp.Right: "right", exp.Substring: "substr"}
_BACKSLASH = "\\"
_ALIKE = re.compile(r"\\[^A-Za-z0-9]|\\[dDwW]")  # a sign itself, and the sets that Java and DuckDB name alike


class UnsaidError(UsageError):
    """A query or a condition cannot be said in another dialect."""


def read(sql: str) -> Node:
    """A query or an expression of DuckDB as a tree. Raises UnsaidError for what the parser takes for something else."""
    if "~" in sql and any(token.token_type.name == "TILDE" for token in sqlglot.tokenize(sql, read="duckdb")):
        raise UnsaidError("~ cannot be translated", hint="write regexp_full_match(column, 'pattern')")
    return sqlglot.parse_one(sql, read="duckdb")


def refuse(tree: Node, dialect: str) -> None:
    """Raises UnsaidError for the first thing in a query that its dialect understands in another way, by name."""
    if dialect == "duckdb":
        return
    for node in tree.walk():
        found = _OWN.get(type(node)) or (_CHECKS[type(node)](node, dialect) if type(node) in _CHECKS else None)
        if found:
            what, instead = found
            raise UnsaidError(f"{what} cannot be said in {dialect}", hint=instead)


def refuse_casts(condition: Node, dialect: str) -> None:
    """Raises UnsaidError where a condition casts to a whole number, which some dialects round and others cut off."""
    casts = [one for one in condition.find_all(exp.Cast) if type(one) is exp.Cast]
    if dialect != "duckdb" and any(one.is_type(*exp.DataType.INTEGER_TYPES) for one in casts):
        raise UnsaidError(f"a cast to a whole number cannot be said in {dialect}", hint="write round(x) or floor(x)")


def _pattern(node: Node, dialect: str) -> tuple[str, str] | None:
    """Patterns hold what all dialects read alike: letters, sets, and how often and where they stand."""
    name = "regexp_matches" if isinstance(node, exp.RegexpLike) else "regexp_full_match"
    if node.args.get("flag") or node.args.get("options"):
        return f"{name} with options", "compare lower(column)"
    text = node.expression
    if not text.is_string:
        return f"{name} with a pattern that is not in quotes", "write the pattern out"
    pattern = _ALIKE.sub("", text.name) if dialect == ENGINE else text.name
    for mark in (_BACKSLASH, "(?", "[[:", "&&", "{,"):
        if mark in pattern:
            return f"{name} with {mark} in its pattern", "write sets of letters: [0-9], [a-z], [.]"
    return None


def _like(node: Node, dialect: str) -> tuple[str, str] | None:
    """A backslash is a letter in DuckDB, and marks the next letter elsewhere."""
    escaped = isinstance(node, exp.Escape)
    pattern = node.this.expression if escaped else node.expression
    if not pattern.is_string:
        return "like with a pattern that is not in quotes", "write the pattern out, or use contains"
    if dialect == ENGINE and (escaped or isinstance(node.parent, exp.Escape)):
        return None
    if _BACKSLASH in pattern.name or (escaped and node.expression.name == _BACKSLASH):
        return "like with a backslash", "use contains, starts_with or ends_with"
    if escaped and dialect in ("bigquery", "clickhouse"):
        return "like with escape", "use contains, starts_with or ends_with"
    return None


def _piece(node: Node, _: str) -> tuple[str, str] | None:
    """Places count from 1 and lengths from 0; what is below them, dialects understand differently."""
    name = _PIECES[type(node)]
    start, length = node.args.get("start"), node.args.get("length") or node.args.get("expression")
    for number, least in ((start, 1), (length, 0)):
        if number is not None and not (number.is_int and int(number.to_py()) >= least):
            return f"{name} with a number that is below {least} or not written out", f"for example {name}(x, 2)"
    return None


_CHECKS: Mapping[type[Node], Callable[[Node, str], tuple[str, str] | None]] = {
    exp.Escape: _like,
    exp.ILike: _like,
    exp.Left: _piece,
    exp.Like: _like,
    exp.RegexpFullMatch: _pattern,
    exp.RegexpLike: _pattern,
    exp.Right: _piece,
    exp.Substring: _piece,
}
