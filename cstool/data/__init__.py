"""Reading people's files: bytes -> header -> text columns -> exact casts, every bad cell named. Knows no metric."""
