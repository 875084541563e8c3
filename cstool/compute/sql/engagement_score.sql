-- Each user's four parts and their weighted mean, highest first.
with rows as ({relation}),
month as (
  select date_diff('day', any_value(period_start), any_value(period_end)) + 1 as days,
    any_value(least(period_end, as_of)) as last_day, count(distinct feature) as features,
    any_value(breadth_weight) as breadth_weight, any_value(depth_weight) as depth_weight,
    any_value(frequency_weight) as frequency_weight, any_value(recency_weight) as recency_weight
  from rows
),
users as (
  select {groups} "user", count(distinct feature) as features_used, count(*) as actions,
    count(distinct cast("timestamp" as date)) as active_days, max(cast("timestamp" as date)) as last_seen
  from rows group by {groups} "user"
),
busy as (select percentile_cont(0.9) within group (order by cast(actions as double)) as actions from users),
parts as (
  select {groups} "user", 100 * features_used / features as breadth,
    least(100 * users.actions / busy.actions, 100) as depth,
    100 * active_days / days as frequency,
    100 * (days - date_diff('day', last_seen, last_day)) / days as recency,
    breadth_weight, depth_weight, frequency_weight, recency_weight
  from users cross join month cross join busy
)
select {groups} "user", breadth, depth, frequency, recency,
  (breadth_weight * breadth + depth_weight * depth + frequency_weight * frequency + recency_weight * recency)
  / (breadth_weight + depth_weight + frequency_weight + recency_weight) as engagement_score
from parts order by {order} engagement_score desc nulls last, "user"
