-- Subscriptions -> periods: the amount of an interval, times the quantity, as MRR of 18 places, never through a float:
-- whole numbers of so many places each, whole parts divided before the rest. 12 intervals of a month, 4 of a quarter,
-- 1 of a year and 52 of a week make a year. A trial ends before the period begins.
with scaled as (
  select *, {scaled_amount} * {scaled_quantity} * times as units, per * coalesce(interval_count, 1) as parts
  from {cells}
  {lengths}
)
select account, {groups}
       case when times = parts and coalesce(quantity, 1) = 1 then amount
            else cast((cast(units as hugeint) // parts) * cast({unit} as hugeint)
                      + (cast(units as hugeint) % parts * cast({unit} as hugeint)) // parts
                      as decimal(38, 0)) * cast(0.000000000000000001 as decimal(18, 18))
       end as mrr,
       greatest(start_date, trial_end) as start_date, end_date, status
from scaled
