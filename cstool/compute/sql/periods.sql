-- Periods that start on one day and no longer run on another -> the MRR that runs at the end of each month.
-- What no longer runs on a day has its last month end before that day's month; what runs on has the horizon.
with periods as (
  select account, {groups} mrr,
         year(start_date) * 12 + month(start_date) - 1 as first_month,
         least(coalesce(year(end_date) * 12 + month(end_date) - 2, {horizon}), {horizon}) as last_month
  from {cells}
)
select account, {minima} month, sum(mrr) as mrr
from (
  select account, {groups} mrr, unnest(range(first_month, last_month + 1)) as month
  from periods where last_month >= first_month
)
group by account, month
