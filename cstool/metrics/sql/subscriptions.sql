-- Subscriptions -> periods: the amount of an interval, times the quantity, as MRR of 18 places, never through a float:
-- whole numbers of so many places each, whole parts divided before the rest. 12 intervals of a month, 4 of a quarter,
-- 1 of a year and 52 of a week make a year. A trial ends before the period begins.
with scaled as (
  select *, {scaled_amount} * {scaled_quantity} as units from {cells}
)
select account, {groups}
       case when months.times = months.per and coalesce(quantity, 1) = 1 then amount
            else cast((cast(units * months.times as hugeint) // months.per) * cast({unit} as hugeint)
                      + (cast(units * months.times as hugeint) % months.per * cast({unit} as hugeint)) // months.per
                      as decimal(38, 0)) * cast(0.000000000000000001 as decimal(18, 18))
       end as mrr,
       greatest(start_date, trial_end) as start_date, end_date, status
from scaled
join (values ('day', 365, 12), ('week', 52, 12), ('2 weeks', 26, 12), ('month', 1, 1), ('2 months', 1, 2),
             ('quarter', 1, 3), ('4 months', 1, 4), ('half-year', 1, 6), ('year', 1, 12), ('2 years', 1, 24),
             ('3 years', 1, 36), ('5 years', 1, 60)) as months(name, times, per)
  on months.name = {interval}
where not {is_trial}
