"""From names of metrics to parsed formulas and their measures, and the checks of them."""
