-- Rows as they are, each in the period its date falls in, with the columns that its shape derives and the parameters.
select r.*, period_start, period_end, period_weekdays
from (
  select {closing} as closing, 0 as span, *
  from (select *, {derived} from (select *, {parameters} from {cells}))
  {where}
) as r
left join (values {periods}) as periods(period_closing, period_start, period_end, period_weekdays)
  on closing is not distinct from period_closing
