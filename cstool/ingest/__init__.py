"""From any file to typed cells, or an error that names the cell. Knows no metric.

`table` opens a file: `opening` (unpacked, decoded), `header`, and the records with their places. `files.read` fills a
table of the engine with the columns asked for, in one of four ways that give the same values and the same refusals:
`scan` (one query), `rows_in_doubt` (the scan, and a few rows again), `row_by_row` (every cell), `spark_reader` (where
Spark runs). `kinds`, `numbers`, `dates`, `answers` and `durations` say how a cell is read.
"""
