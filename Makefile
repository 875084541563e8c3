# `make check` before a commit, `make test` before a merge; `make ci` is what the merge runs.
PYTHON ?= $(firstword $(wildcard .venv/bin/python) python3)
QUICK = tests/test_errors.py tests/test_docs.py tests/test_library.py tests/metrics/test_examples.py

.PHONY: check style env test slow spark ci readme schema

check: style  ## style, types, imports, the glossary, the quickest tests
	$(PYTHON) -m cstool glossary check
	$(PYTHON) -m pytest $(QUICK)

style:
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

env:  ## .venv with everything that the checks need
	python3 -m venv .venv
	.venv/bin/pip install -q -e '.[dev]'

test:  ## the test command of the README
	$(PYTHON) -m pytest -n auto

slow:  ## printed queries in a PostgreSQL of their own, and what takes long
	$(PYTHON) -m pytest -m slow -n auto

spark:  ## needs Java 17 or newer and the extra `spark`
	$(PYTHON) -m pytest tests/spark

ci:  ## everything, in a fresh environment
	.ci/run

readme:  ## write today's outputs into the README
	$(PYTHON) -m tests.test_readme

schema:  ## write the JSON Schemas of the glossary anew
	$(PYTHON) -m cstool.glossary.check.schema
