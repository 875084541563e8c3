"""Reading people's files: bytes -> header -> text columns -> exact casts, with every bad cell named. Knows no metric."""
