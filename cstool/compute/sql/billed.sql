-- Invoices with an interval -> periods: each runs from its date to the end of its interval. One that is dated within a
-- month after the end of the account's previous one of that interval continues it, so that nothing is lost in between.
with scaled as (
  select *, {scaled_amount} * {scaled_quantity} * times as units, per * coalesce(interval_count, 1) as parts
  from {cells}
  {lengths}
),
lines as (
  select account, {groups}
         case when times = parts then amount
              else cast((cast(units as hugeint) // parts) * cast({unit} as hugeint)
                        + (cast(units as hugeint) % parts * cast({unit} as hugeint)) // parts
                        as decimal(38, 0)) * cast(0.000000000000000001 as decimal(18, 18))
         end as mrr, date, months, days, coalesce(interval_count, 1) as counted,
         case when months > 0 then year(date) * 12 + month(date) - 1 + months * coalesce(interval_count, 1)
              else year(date + cast(days * coalesce(interval_count, 1) as integer)) * 12
                   + month(date + cast(days * coalesce(interval_count, 1) as integer)) - 1 end as end_month,
         day(case when months > 0 then date else date + cast(days * coalesce(interval_count, 1) as integer) end) as end_day
  from scaled
),
dates as (
  select account, months, days, counted, date,
         lead(date) over (partition by account, months, days, counted order by date) as next_date
  from (select distinct account, months, days, counted, date from lines) as invoiced
),
followed as (
  select lines.*, coalesce(year(next_date) * 12 + month(next_date) - 1 = end_month + 1 and day(next_date) <= end_day,
                           false) as continued
  from lines join dates
    on lines.account = dates.account and lines.months = dates.months and lines.days = dates.days
       and lines.counted = dates.counted and lines.date = dates.date
)
select account, {groups} mrr, continued, date as start_date,
       make_date((end_month + case when continued then 1 else 0 end) // 12,
                 (end_month + case when continued then 1 else 0 end) % 12 + 1, 1) as end_date
from followed
