-- Each feature's users of all users who were active in the period, the most used first.
with rows as ({relation}),
firsts as (
  select *, case when row_number() over (partition by {groups} period_end, "user" order by "timestamp") = 1
    then 1 else 0 end as first_of_user
  from rows
),
counted as (
  select *, sum(first_of_user) over (partition by {groups} period_end) as active_users from firsts
),
used as (
  select {groups} period_start, period_end, feature, count(distinct "user") as feature_users,
    min(active_users) as active_users
  from counted where feature is not null and picked group by {groups} period_start, period_end, feature
)
select {groups}
  case when date_diff('day', period_start, period_end) > 100 then strftime(period_end, '%Y')
    when date_diff('day', period_start, period_end) > 40
    then strftime(period_end, '%Y') || '-Q' || cast(quarter(period_end) as varchar)
    else strftime(period_end, '%Y-%m') end as period,
  feature, feature_users, cast(active_users as bigint) as active_users,
  feature_users / active_users as feature_adoption
from used order by {order} period_end, feature_users desc, feature
