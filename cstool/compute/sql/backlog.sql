-- Tickets opened and solved in each period, and those still open at its end, quiet periods included.
with moves as (
  select {groups} cast(opened_at as date) as day, 1 as opened, 0 as solved from {cells} where opened_at is not null
  union all
  select {groups} cast(resolved_at as date), 0, 1 from {cells} where opened_at is not null and resolved_at is not null
),
periods as (select * from (values {periods}) as periods(number, period, first_day, last_day)),
counted as (
  select {groups} number, period,
    count(*) filter (where opened = 1 and day >= first_day) as opened,
    count(*) filter (where solved = 1 and day >= first_day) as solved,
    sum(opened) - sum(solved) as open
  from periods join moves on day <= last_day
  group by {groups} number, period
)
select {groups} period, opened, solved, open from counted order by {order} number
