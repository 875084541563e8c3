"""Shapes, measures and formulas -> one query. Formulas come from the glossary; nothing about a metric stands here."""
