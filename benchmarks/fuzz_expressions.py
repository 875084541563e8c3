"""Feeds wild conditions and team glossaries to `calc` and `glossary check`: answered, or refused in plain words.

python benchmarks/fuzz_expressions.py [--inputs 10000] [--seed 1] [--keep FOLDER]
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from fuzzing import fuzz, refused, spoiled

from cstool.api import Book
from cstool.compute.formulas.checking import check_glossary
from cstool.compute.formulas.expressions import CONDITION_FUNCTIONS
from cstool.errors import CstoolError
from cstool.model.request import CalcRequest

ROWS = (
    "account,segment,region,starting_mrr,ending_mrr,seats,limit of seats,since\n"
    "A,SMB,EMEA,100.50,90,5,7,2024-01-31\nB,Ent,APAC,20,0,12,10,2024-02-29\n\"C, 'x'\",,EMEA,0,7,1,1,2025-12-31\n"
)
NAMES = ("account", "segment", "region", "starting_mrr", "ending_mrr", "seats", '"limit of seats"', "since", "nothing")
VALUES = (
    *("'SMB'", "'%a_'", "''", "'it''s'", "'2024-01-31'", "'12'", "'['", "'(a+)+$'", "'ß'", "'\U0001f600'", "5", "-1"),
    *("0", "1e309", "9999999999999999999999999999999999999999", "0.1", ".5", "null", "true", "date '2024-02-30'"),
    *("date '2024-01-31'", "interval 3 days", "[1, 2]", "{'a': 1}", "x -> x", "*", "?", "$1", "'\\x00'", "E'\\n'"),
)
INFIX = "= <> < > <= >= + - * / % ** || and or like ilike glob similar to is is not in ~ ^ & :: @ -> . ; ,".split()
FUNCTIONS = [*sorted(name for name in CONDITION_FUNCTIONS if name.isalpha()), "getenv", "read_csv", "count", "sum"]
TYPES = ("integer", "varchar", "date", "double", "decimal(38, 18)", "blob", "json", "int[]", "nothing")
PIECES = tuple(
    piece.encode()
    for piece in (
        "(",
        ")",
        "'",
        '"',
        "--",
        "/*",
        "*/",
        ";",
        ",",
        "\n",
        "\0",
        " or ",
        " not ",
        "select ",
        "limit 1",
        "{",
        "}",
    )
)

ENTRY = """\
- id: zz-share
  term: Zz Share
  category: retention
  definition: the part of something that is planted here so that it can be spoiled
  sources: [own]
  metric:
    name: zz-share
    of: revenue
    formula: ending / starting
    unit: percent
    better: higher
    window: 12 months
    example: {starting: 1000, ending: 900, value: 0.9}
    variants:
      - {name: other, formula: (ending - expansion) / starting}
    checks:
      - {sql: sum(starting_mrr) > 0, on: all, text: 'got {}'}
"""
YAML_PIECES = tuple(
    piece.encode()
    for piece in (
        *(
            ": ",
            "- ",
            "  ",
            "\n",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "!!python/object:os.system ",
            "|",
            ">",
            "#",
            "\t",
            "%",
        ),
        *("1e9999", "9" * 500, "null", "~", "yes", "2024-01-31", "0x1F", ".inf", ".nan", "'", '"', "\\x00", "\u2028"),
        *(
            "formula: ",
            "sql: ",
            "of: support",
            "unit: ",
            "example: {}",
            "related: [zz-share]",
            "starting / 0",
            "- id: nrr",
        ),
        *(
            "(" * 50,
            "starting_mrr",
            "sum(",
            ") over ()",
            "select 1",
            "<<: *a",
            "--- ",
            "\ufeff",
            "\U0001f600",
            "12 months",
        ),
    )
)


def expression(chance: random.Random, depth: int) -> str:
    """A random expression, often a sound one."""
    if depth <= 0 or chance.random() < 0.2:
        return chance.choice((*NAMES, *VALUES))
    inner = [expression(chance, depth - chance.choice((1, 1, 2))) for _ in range(3)]
    return chance.choice(
        (
            *[f"{inner[0]} {chance.choice(INFIX)} {inner[1]}"] * 4,
            f"({inner[0]})",
            f"not {inner[0]}",
            f"{chance.choice(FUNCTIONS)}({', '.join(inner[: chance.choice((1, 1, 2, 2, 3))])})",
            f"{inner[0]} between {inner[1]} and {inner[2]}",
            f"{inner[0]} in ({inner[1]}, {inner[2]})",
            f"case when {inner[0]} then {inner[1]} else {inner[2]} end",
            f"{chance.choice(('cast', 'try_cast'))}({inner[0]} as {chance.choice(TYPES)})",
            f"{inner[0]} is {chance.choice(('', 'not '))}null",
        )
    )


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    rows, glossary = folder / "rows.csv", folder / "ours.yaml"
    rows.write_text(ROWS, encoding="utf-8")
    shipped = Book()

    def condition(chance: random.Random) -> tuple[bytes, Callable[[], str]]:
        text = expression(chance, chance.choice((1, 2, 2, 3, 4)))
        if chance.random() < 0.2:
            text = spoiled(chance, text.encode(), PIECES).decode(errors="replace")
        dialect = chance.choice(("", "", "", "postgres", "bigquery", "snowflake"))

        def run() -> str:
            request = CalcRequest(("nrr",), (str(rows),), where=text)
            if dialect:
                shipped.query(request, dialect, "t")
                return "printed"
            shipped.calc(request)
            return "computed"

        return f"{dialect}: {text}".encode(errors="replace"), run

    def team(chance: random.Random) -> tuple[bytes, Callable[[], str]]:
        data = spoiled(chance, ENTRY.encode(), YAML_PIECES)
        glossary.write_bytes(data)

        def run() -> str:
            outcomes = []
            try:
                outcomes.append("problems" if check_glossary(glossary)[0] else "checked")
            except CstoolError as error:
                outcomes.append(refused(error))
            Book(glossary).calc(CalcRequest(("zz-share",), (str(rows),)))
            return f"{outcomes[0]} and computed"

        return data, run

    return fuzz(__doc__ or "", ".input", lambda chance: (team if chance.random() < 0.2 else condition)(chance))


if __name__ == "__main__":
    sys.exit(main())
