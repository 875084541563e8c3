"""What cannot be expressed in a dialect: refused by name, before anything is printed that would mean something else.

`refuse` looks at DuckDB's query for what other dialects read differently; `refuse_unlisted` at the rewritten query and
its text for what the file of the dialect does not list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

import sqlglot
from sqlglot import exp

from cstool.errors import Code, UsageError

if TYPE_CHECKING:
    from cstool.backends.dialects.base import Dialect

Node = exp.Expr
Found = tuple[str, str]  # what cannot be expressed, and what to write instead

# Keys of nodes that every dialect has; what else a query holds, a dialect lists as `constructs`.
COMMON = frozenset(
    """
    add alias and between boolean case cast column cte datatype datatypeparam distinct div eq from group gt gte having
    identifier if in is join like literal lt lte mod mul neg neq not null or order ordered paren select star sub
    subquery table tablealias union var where window windowspec with
    """.split()
)
_NAMES: Mapping[str, str] = {
    "bracket": "an element in brackets",
    "dpipe": "||",
    "except": "except between queries",
    "filter": "filter (where ...)",
    "ilike": "ilike",
    "intdiv": "the division of whole numbers (//)",
    "range_between": "a window frame by distance (range between)",
    "rows_between": "a window frame of rows (rows between)",
    "recursive": "a recursive query (with recursive)",
    "tuple": "several values in parentheses",
    "values": "a list of rows (values)",
    "withingroup": "a percentile of a group (within group)",
}
_FILE = "compute it from a file instead"
_CALLED = re.compile(r"\(*\w+\(")
_WORD = re.compile(r"\w+")
# Words before a parenthesis that are no functions.
_CLAUSES = frozenset(
    """
    AND AS BY DISTINCT ELSE EXISTS FILTER FROM GROUP IN JOIN NOT ON OR OVER SELECT THEN USING VALUES WHEN WHERE
    """.split()
)
_TEXTS = frozenset(("STRING", "IDENTIFIER", "NUMBER"))

# What only DuckDB has in this form.
_OWN: Mapping[type[Node], Found] = {
    exp.Bracket: ("an element in brackets", "write substr(x, 1, 1)"),
    exp.Glob: ("glob", "write like, with % for * and _ for ?"),
    exp.SimilarTo: ("similar to", "write regexp_full_match, like or in"),
    exp.TryCast: ("try_cast", "write cast"),
}
_PIECES: Mapping[type[Node], str] = {exp.Left: "left", exp.Right: "right", exp.Substring: "substr"}
_BACKSLASH = "\\"
_SAME_IN_JAVA = re.compile(r"\\[^A-Za-z0-9]|\\[dDwW]")  # an escaped sign, and the sets that Java and DuckDB share


class UnsupportedError(UsageError):
    """A query or a condition cannot be expressed in another dialect."""

    default: ClassVar[Code] = "unsupported-in-dialect"


def read(sql: str) -> Node:
    """A query or an expression of DuckDB as a tree. Raises UnsupportedError for what the parser misreads."""
    if "~" in sql and any(token.token_type.name == "TILDE" for token in sqlglot.tokenize(sql, read="duckdb")):
        raise UnsupportedError("~ cannot be translated", hint="write regexp_full_match(column, 'pattern')")
    try:
        return sqlglot.parse_one(sql, read="duckdb")
    except RecursionError as error:
        raise UnsupportedError(
            "an expression of so many levels cannot be translated", hint="write it in parts"
        ) from error


# What a dialect does not list


def refuse_unlisted(tree: Node, sql: str, dialect: Dialect) -> None:
    """Raises UnsupportedError for the first construct, function or type that the dialect's file does not list.

    `tree` is the rewritten query, `sql` what is printed of it.
    """
    for name, listed in (*_constructs(tree, dialect), *_printed_words(tree, sql, dialect)):
        if name not in listed:
            what, instead = dialect.unsupported.get(name, (_NAMES.get(name, name), _FILE))
            raise UnsupportedError(f"{what} cannot be expressed in {dialect.name}", hint=instead)


def _constructs(tree: Node, dialect: Dialect) -> Iterator[tuple[str, frozenset[str]]]:
    """The constructs of a query, each with the constructs that are allowed."""
    listed = COMMON | dialect.constructs
    seen: set[str] = set()
    for node in tree.walk():
        if isinstance(node, exp.WindowSpec):
            yield f"{str(node.args.get('kind')).lower()}_between", listed
        elif isinstance(node, exp.With) and node.args.get("recursive"):
            yield "recursive", listed
        elif node.key not in seen:
            seen.add(node.key)
            if node.key not in listed and not (isinstance(node, exp.Func) and _CALLED.match(_sql(node, dialect))):
                yield node.key, listed


def _printed_words(tree: Node, sql: str, dialect: Dialect) -> Iterator[tuple[str, frozenset[str]]]:
    """The functions that are called in a text, and the words of its types, each with those that are allowed."""
    tokens = sqlglot.tokenize(sql, read=dialect.name)
    passed = {one.name.upper() for one in tree.find_all(exp.TableAlias)} | _CLAUSES
    for before, token, after in zip([tokens[0], *tokens], tokens, tokens[1:], strict=False):
        called = after.token_type.name == "L_PAREN" and token.token_type.name not in _TEXTS
        if not called or not _WORD.fullmatch(token.text) or before.token_type.name == "ALIAS":
            continue
        if token.text.upper() not in passed and token.text not in dialect.types:
            yield token.text, dialect.functions
    for kind in set(tree.find_all(exp.DataType)):
        _, _, text = _sql(exp.Cast(this=exp.null(), to=kind.copy()), dialect).partition(" AS ")
        yield from ((word, dialect.types) for word in re.findall(r"[A-Za-z]\w*", text))


def _sql(node: Node, dialect: Dialect) -> str:
    text: str = node.sql(dialect=dialect.name)
    return text


# What dialects read differently


def refuse(tree: Node, dialect: Dialect) -> None:
    """Raises UnsupportedError for the first part of a query of DuckDB's that a dialect reads in another way."""
    for node in tree.walk():
        check = _CHECKS.get(type(node))
        found = _OWN.get(type(node)) or (check(node, dialect) if check else None)
        if found:
            what, instead = found
            raise UnsupportedError(f"{what} cannot be expressed in {dialect.name}", hint=instead)


def refuse_casts(condition: Node, dialect: Dialect) -> None:
    """Raises UnsupportedError where a condition casts to a whole number, which some dialects round, others cut off."""
    casts = [one for one in condition.find_all(exp.Cast) if type(one) is exp.Cast]
    if any(one.is_type(*exp.DataType.INTEGER_TYPES) for one in casts):
        what = f"a cast to a whole number cannot be expressed in {dialect.name}"
        raise UnsupportedError(what, hint="write round(x) or floor(x)")


def _pattern(node: Node, dialect: Dialect) -> Found | None:
    """Patterns hold what all dialects read alike: letters, sets, and how often and where they stand."""
    name = "regexp_matches" if isinstance(node, exp.RegexpLike) else "regexp_full_match"
    if node.args.get("flag") or node.args.get("options"):
        return f"{name} with options", "compare lower(column)"
    text = node.expression
    if not text.is_string:
        return f"{name} with a pattern that is not in quotes", "write the pattern out"
    pattern = _SAME_IN_JAVA.sub("", text.name) if dialect.plain_backslash else text.name
    for mark in (_BACKSLASH, "(?", "[[:", "&&", "{,"):
        if mark in pattern:
            return f"{name} with {mark} in its pattern", "write sets of letters: [0-9], [a-z], [.]"
    return None


def _like(node: Node, dialect: Dialect) -> Found | None:
    """A backslash is a letter in DuckDB, and escapes the next letter elsewhere."""
    escaped = isinstance(node, exp.Escape)
    pattern = node.this.expression if escaped else node.expression
    if not pattern.is_string:
        return "like with a pattern that is not in quotes", "write the pattern out, or use contains"
    if dialect.plain_backslash and (escaped or isinstance(node.parent, exp.Escape)):
        return None
    if _BACKSLASH in pattern.name or (escaped and node.expression.name == _BACKSLASH):
        return "like with a backslash", "use contains, starts_with or ends_with"
    if escaped and "escape" not in dialect.constructs:
        return "like with escape", "use contains, starts_with or ends_with"
    return None


def _piece(node: Node, _: Dialect) -> Found | None:
    """Positions count from 1 and lengths from 0; what is below them, dialects understand differently."""
    name = _PIECES[type(node)]
    start, length = node.args.get("start"), node.args.get("length") or node.args.get("expression")
    for number, least in ((start, 1), (length, 0)):
        if number is not None and not (number.is_int and int(number.to_py()) >= least):
            return f"{name} with a number that is below {least} or not written out", f"for example {name}(x, 2)"
    return None


_CHECKS: Mapping[type[Node], Callable[[Node, Dialect], Found | None]] = {
    exp.Escape: _like,
    exp.ILike: _like,
    exp.Left: _piece,
    exp.Like: _like,
    exp.RegexpFullMatch: _pattern,
    exp.RegexpLike: _pattern,
    exp.Right: _piece,
    exp.Substring: _piece,
}
