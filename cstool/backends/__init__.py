"""Engines that run a query (`duck`, `spark`), and SQL in other dialects (`transpile`, `dialects`)."""
