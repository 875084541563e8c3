-- How long accounts stay in each stage, in the order in which stages are entered, and who is still in it.
select {groups}stage,
  round(percentile_cont(0.5) within group (order by stay), 9) as median_days,
  sum(stay) / count(stay) as mean_days,
  round(percentile_cont(0.9) within group (order by stay), 9) as p90_days,
  count(stay) as moved_on,
  count(wait) as waiting,
  max(wait) as longest_wait
from ({relation})
where picked
group by {groups}stage
order by {order}min(entered_at), stage
