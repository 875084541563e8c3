-- Each stage in the order in which accounts pass them: stays begun, running, moved on from and lost, and who waits longest.
with placed as (
  select *, row_number() over (partition by {groups}stage order by wait desc nulls last, account) as place from {stays}
)
select {groups}stage,
  count(*) as entered,
  count(*) filter (where state = 'in') as in_now,
  count(*) filter (where state = 'moved') as moved_on,
  count(*) filter (where state = 'lost') as lost,
  round(percentile_cont(0.5) within group (order by cast(days as double)), 9) as median_days,
  max(wait) as longest_days,
  min(account) filter (where place = 1 and wait is not null) as longest_account
from placed
group by {groups}stage
order by {order}avg(step), min(entered_on), stage
