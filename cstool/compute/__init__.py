"""From a request to a result: what the file is, its rows as the relation that a formula is made over, and one query.

`run` takes a `CalcRequest` and gives a `Result`. Formulas, measures and input types come from the glossary; what
belongs to one metric is a field of its entry.
"""
