-- Invoices with an interval -> periods: each runs from its date to the end of its interval. One that is dated within a
-- month after the end of the account's previous one of that interval continues it, so that nothing is lost in between.
with lines as (
  select account, {groups} {mrr} as mrr, date,
         case when months > 0 then year(date) * 12 + month(date) - 1 + months * coalesce(interval_count, 1)
              else year(date + cast(days * coalesce(interval_count, 1) as integer)) * 12
                   + month(date + cast(days * coalesce(interval_count, 1) as integer)) - 1 end as end_month,
         day(case when months > 0 then date else date + cast(days * coalesce(interval_count, 1) as integer) end) as end_day,
         lead(date) over (partition by account, months, days, interval_count order by date) as next_date
  from {cells}
  {lengths}
),
followed as (
  select *, coalesce(year(next_date) * 12 + month(next_date) - 1 = end_month + 1 and day(next_date) <= end_day, false)
            as continued
  from lines
)
select account, {groups} mrr, continued, date as start_date,
       make_date((end_month + case when continued then 1 else 0 end) // 12,
                 (end_month + case when continued then 1 else 0 end) % 12 + 1, 1) as end_date
from followed
