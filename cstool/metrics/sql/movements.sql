-- Movements: each row is a period's sums already.
select {period} as closing, 0 as span, {groups} *, true as closes,
       {ending} as closing_mrr
from {cells}
