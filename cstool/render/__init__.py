"""An answer as a `View` (`blocks`), and a `View` in each output format (`formats`). Knows no file and no engine."""
