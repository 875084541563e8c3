"""Prose, messages and comments are spelled as a dictionary of common misspellings has them."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

# Acronyms, names of people and currencies, words of other languages in headers, and misspellings that are understood.
RIGHT = """
LAER COO SOM SME ZAR Feld Somme Ines som laer feld ans ende offen beginn juni juli januar februar oktober dezember
intervall tage cliente nd mis openend ource cancell cancelation retension frist whats recommand recomend diffrence
differnce diference opps thats doesnt didnt cant wont isnt arent dont ment inh ue anual
"""


def test_words_are_spelled_right() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", "--ignore-words-list", ",".join(RIGHT.lower().split()),
         "glossary", "docs", "cstool", "README.md", "CHANGELOG.md"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("", 0)
