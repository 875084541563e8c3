"""From the rows of any input type to the relation that measures are summed over."""
