"""From text to values: how the cells of a whole column are written, and what each then is."""
