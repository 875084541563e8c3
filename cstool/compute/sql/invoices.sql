-- Invoice lines -> what they pay for in each month: whole cents by day, counted up from the first day, so that the parts
-- of a line sum to what was billed. A line without service dates belongs to the month of its date.
with lines as (
  select account, {groups} amount, cast(amount * 100 as hugeint) as cents,
         coalesce(service_start, date) as first_day,
         case when service_end > service_start then service_end
              else coalesce(service_start, date) + 1 end as end_day
  from {cells}
),
months as (
  select *, unnest(range(year(first_day) * 12 + month(first_day) - 1,
                         year(end_day - 1) * 12 + month(end_day - 1))) as month
  from lines
),
parts as (
  select *, date_diff('day', first_day, end_day) as days,
         date_diff('day', first_day, greatest(make_date(month // 12, month % 12 + 1, 1), first_day)) as from_day,
         date_diff('day', first_day, least(make_date((month + 1) // 12, (month + 1) % 12 + 1, 1), end_day)) as to_day
  from months
)
select account, {minima} month,
       sum(case when from_day = 0 and to_day = days then amount
                else cast((case when to_day = days then cents else cents * to_day // days end
                           - cents * from_day // days) as decimal(36, 0)) * 0.01
                     + case when to_day = days then amount - cast(cents as decimal(36, 0)) * 0.01 else 0 end
           end) as mrr
from parts
group by account, month
