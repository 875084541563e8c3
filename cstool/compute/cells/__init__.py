"""What typed cells mean: amounts in one measure, statuses, ends, intervals, line types."""
