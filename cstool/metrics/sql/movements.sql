-- Movements: each row is a period's sums already.
select {period} as closing, 0 as span, {groups} *
from {cells}
