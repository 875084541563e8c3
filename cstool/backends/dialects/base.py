"""The rules that dialects share: DuckDB's SQL rewritten so that digits and NULL stay what they are in DuckDB.

Sums stay exact decimals, and a ratio is one division of two doubles. A rule here is written so that any warehouse can
run it; a dialect that can do without it names the node as `native`, or has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from sqlglot import exp

from cstool.backends.unsupported import Node, UnsupportedError, refuse, refuse_casts

ONE = exp.Literal.number(1)
ZERO = exp.Literal.number(0)


class Dialect:
    """One SQL dialect: what may be printed in it, and how it differs from the shared rules.

    `visit_KEY` methods rewrite the nodes of that sqlglot key, inner ones first; they return the node that replaces it.
    """

    functions: frozenset[str] = frozenset()  # that may be printed, as they are spelled
    types: frozenset[str] = frozenset()  # the words of types that may be printed
    constructs: frozenset[str] = (
        frozenset()
    )  # beyond `unsupported.COMMON`: keys of nodes, `range_between`, `rows_between`
    native: frozenset[type[Node]] = frozenset()  # nodes that need no shared rule here
    renamed: Mapping[type[Node], str] = {}  # nodes that are a function of another name here
    unsupported: Mapping[str, tuple[str, str]] = {}  # functions and constructs: what it is, what to do instead
    settings: Sequence[str] = ()  # printed behind a query
    log10 = "LOG10"  # the logarithm of base 10
    upper_names = False  # whether names without quotes are upper case
    quotes_whole_tables = False  # whether one pair of backticks may hold a table's whole name
    rounds_times = False  # whether a cast of a time to a day or a shorter time rounds: one of a text never does
    plain_backslash = False  # whether a backslash in a pattern is read as it is written

    def __init__(self, name: str) -> None:
        self.name = name

    def rewrite(self, tree: Node) -> None:
        """A query of DuckDB's, in place, as this dialect's. Raises UnsupportedError."""
        for node in reversed(list(tree.bfs())):
            kind = type(node)
            if kind in self.native:
                continue
            if kind in self.renamed:
                given = [one.copy() for one in node.iter_expressions()]
                node.replace(exp.Anonymous(this=self.renamed[kind], expressions=given))
            elif rule := getattr(self, f"visit_{node.key}", None):
                changed = rule(node)
                if changed is not node:
                    node.replace(changed)

    def refuse(self, tree: Node) -> None:
        """Raises UnsupportedError for what this dialect would understand in another way than DuckDB."""
        refuse(tree, self)

    def refuse_casts(self, condition: Node) -> None:
        """Raises UnsupportedError for casts to whole numbers, which some dialects round and others cut off."""
        refuse_casts(condition, self)

    # Numbers

    def double(self, node: Node) -> Node:
        """The double nearest to a number."""
        return node.copy() if isinstance(node, exp.Cast) and node.is_type("double") else exp.cast(node.copy(), "double")

    def visit_div(self, node: Node) -> Node:
        """Two doubles, whatever the types; NULL where the divisor is zero."""
        divisor: Node = node.expression.copy()
        if not (divisor.is_number and float(divisor.name)):
            divisor = exp.func("nullif", self.double(divisor), ZERO.copy())
        return exp.Div(this=self.double(node.this), expression=divisor, typed=False, safe=False)

    def visit_intdiv(self, node: Node) -> Node:
        """How many times a whole number goes into another, both above zero."""
        a, b = wrapped(node.this), wrapped(node.expression)
        rest = exp.Sub(this=a, expression=exp.Mod(this=a.copy(), expression=b))
        quotient = exp.Div(this=exp.Paren(this=rest), expression=b.copy(), typed=True, safe=False)
        return exp.cast(quotient, "decimal(38, 0)")

    def visit_log(self, node: Node) -> Node:
        """Of base 10 where none is named; of another base, one of base 10 divided by that of the base."""
        if not node.expression or node.this.name == "10":
            return self.log_of_ten(node.expression or node.this)
        base = exp.func("nullif", self.log_of_ten(node.this), ZERO.copy())
        quotient = exp.Div(this=self.log_of_ten(node.expression), expression=base, typed=False, safe=False)
        return exp.Paren(this=quotient)

    def log_of_ten(self, value: Node) -> Node:
        return exp.Anonymous(this=self.log10, expressions=[self.double(value)])

    def visit_cast(self, node: Node) -> Node:
        # Not exp.cast(), which leaves a decimal of any digits as it is.
        whole = exp.DataType.build("decimal(38, 0)")
        return exp.Cast(this=node.this.copy(), to=whole) if node.is_type("int128") else node

    def visit_greatest(self, node: Node) -> Node:
        """The greatest or least of the values that are not NULL."""
        kind = type(node)

        def of_two(a: Node, b: Node) -> Node:
            both: Node = kind(this=a.copy(), expressions=[b.copy()])
            if a.is_number or b.is_number:
                return exp.func("coalesce", both, (a if a.is_number else b).copy())
            return exp.func("coalesce", both, a.copy(), b.copy())

        values: list[Node] = [node.this, *node.expressions]
        return reduce(of_two, values)

    visit_least = visit_greatest

    # Aggregates

    def visit_filter(self, node: Node) -> Node:
        """`sum(x) filter (where y)` as the sum of a case, over the rows of a window and where there is no filter."""
        if "filter" in self.constructs and not isinstance(node.parent, exp.Window):
            return node
        aggregate: Node = node.this.copy()
        condition = node.expression.this

        def chosen(value: Node) -> Node:
            return exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])

        inner = aggregate.expression.expressions[0] if isinstance(aggregate, exp.WithinGroup) else aggregate
        if isinstance(inner.this, exp.Distinct):
            inner.this.set("expressions", [chosen(one) for one in inner.this.expressions])
        elif isinstance(inner.this, exp.Star):
            inner.set("this", chosen(ONE))
        else:
            inner.set("this", chosen(inner.this))
        return aggregate

    def visit_ignorenulls(self, node: Node) -> Node:
        """Any value is the greatest one, which does not depend on the order of rows."""
        if not isinstance(node.this, exp.AnyValue):
            return node
        value = node.this.this.copy()
        if isinstance(value.unnest(), exp.Predicate | exp.Connector | exp.Not | exp.Boolean):
            found = exp.Case(ifs=[exp.If(this=value, true=ONE.copy())], default=ZERO.copy())
            return exp.Paren(this=exp.EQ(this=exp.Max(this=found), expression=ONE.copy()))
        return exp.Max(this=value)

    def visit_argmax(self, node: Node) -> Node:
        """The value in the row of another's greatest or least, of the rows that have both."""
        value, order = node.this, node.expression
        known = exp.Case(ifs=[exp.If(this=value.copy().is_(exp.null()).not_(), true=order.copy())])
        return type(node)(this=value.copy(), expression=known)

    def visit_argmin(self, node: Node) -> Node:
        return self.visit_argmax(node)

    def visit_distinct(self, node: Node) -> Node:
        """A count of different pairs."""
        parts = node.expressions
        pair = len(parts) == 1 and isinstance(parts[0], exp.Tuple)
        return exp.Distinct(expressions=[self.row(parts[0].expressions)]) if pair else node

    def row(self, parts: Sequence[Node]) -> Node:
        """Several values as one, different wherever one of them is."""

        def part_text(part: Node) -> Node:
            text = exp.cast(part.copy(), "text")
            size = exp.cast(exp.Length(this=text.copy()), "text")
            return exp.func("coalesce", joined([size, exp.Literal.string(" "), text]), exp.Literal.string(""))

        return joined([part_text(part) for part in parts])

    # Days

    def visit_datediff(self, node: Node) -> Node:
        """The days between two days; a time counts as its day."""
        if str(node.args.get("unit")).upper() != "DAY":
            return node
        days = {"this": as_day(node.this), "expression": as_day(node.expression), "unit": exp.var("DAY")}
        return exp.DateDiff(**days, date_part_boundary=True)

    def visit_datefromparts(self, node: Node) -> Node:
        """A day as the text of its parts."""
        parts: list[Node] = []
        for name, size in (("year", 4), ("month", 2), ("day", 2)):
            text = exp.cast(exp.cast(node.args[name].copy(), "int"), "varchar")
            parts += [
                exp.func("lpad", text, exp.Literal.number(size), exp.Literal.string("0")),
                exp.Literal.string("-"),
            ]
        return exp.cast(joined(parts[:-1]), "date")

    # Texts and comparisons

    def visit_regexpreplace(self, node: Node) -> Node:
        """All matches of a pattern: most dialects replace all of them, and take no option for it."""
        node.set("modifiers", None)
        return node

    def visit_regexpfullmatch(self, node: Node) -> Node:
        pattern = exp.Literal.string(f"^({node.expression.name})$")
        return self.visit_regexplike(exp.RegexpLike(this=node.this.copy(), expression=pattern))

    def visit_regexplike(self, node: Node) -> Node:
        """Whether a pattern matches anywhere in a text."""
        return node

    def visit_contains(self, node: Node) -> Node:
        return exp.Paren(this=exp.StrPosition(this=node.this.copy(), substr=node.expression.copy()) > 0)

    def visit_concat(self, node: Node) -> Node:
        """Texts one after the other, of which those that are NULL are empty."""
        empty = exp.Literal.string("")
        texts = [exp.func("coalesce", exp.cast(one.copy(), "text"), empty.copy()) for one in node.expressions]
        return exp.Paren(this=joined(texts))

    def visit_startswith(self, node: Node) -> Node:
        size = exp.Length(this=node.expression.copy())
        return exp.Paren(this=exp.Left(this=node.this.copy(), expression=size).eq(node.expression.copy()))

    def visit_endswith(self, node: Node) -> Node:
        size = exp.Length(this=node.expression.copy())
        return exp.Paren(this=exp.Right(this=node.this.copy(), expression=size).eq(node.expression.copy()))

    def visit_anonymous(self, node: Node) -> Node:
        """Functions that sqlglot does not know."""
        name, given = node.name.lower(), node.expressions
        if name == "row":
            return self.row(given)
        if name in ("prefix", "suffix"):
            if len(given) != 2:
                raise UnsupportedError(f"{name} takes two texts")
            found = exp.StartsWith(this=given[0].copy(), expression=given[1].copy())
            return self.visit_startswith(found) if name == "prefix" else self.visit_endswith(found)
        return node

    def visit_nullsafeeq(self, node: Node) -> Node:
        """`a is not distinct from b`: two NULLs are the same."""
        a, b = node.this, node.expression
        nothing = exp.and_(a.copy().is_(exp.null()), b.copy().is_(exp.null()))
        equal = exp.func("coalesce", exp.Paren(this=a.copy().eq(b.copy())), exp.false())
        return exp.Paren(this=exp.or_(equal, nothing))

    def visit_nullsafeneq(self, node: Node) -> Node:
        return exp.not_(self.visit_nullsafeeq(node))

    def visit_explode(self, node: Node) -> Node:
        """Numbers of a range as rows."""
        if isinstance(node.this, exp.GenerateSeries):
            raise UnsupportedError(f"a row for each number of a range cannot be expressed in {self.name}")
        return node


def wrapped(node: Node) -> Node:
    """An operand in parentheses where it is an operation itself."""
    return exp.Paren(this=node.copy()) if isinstance(node, exp.Binary) else node.copy()


def joined(texts: Sequence[Node]) -> Node:
    """Texts one after the other, NULL where one of them is."""

    def behind(a: Node, b: Node) -> Node:
        return exp.DPipe(this=a, expression=b, safe=False)

    return reduce(behind, texts)


def as_day(node: Node) -> Node:
    return node.copy() if isinstance(node, exp.Cast) and node.is_type("date") else exp.cast(node.copy(), "date")


def extracted(node: Node, part: str = "") -> Node:
    """The year, month, quarter or another part of a day as a whole number."""
    return exp.cast(exp.Extract(this=exp.var(part or type(node).__name__.upper()), expression=node.this.copy()), "int")


def words(*lists: str) -> frozenset[str]:
    """The words of lists, by spaces."""
    return frozenset(" ".join(lists).split())
