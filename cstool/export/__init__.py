"""Formulas for other systems: SQL of warehouses and MetricFlow."""
