-- How much of the MRR hangs on how few accounts. Squares are summed as whole numbers, so no row order shows in the digits:
-- of units so small that all of them together are a number of up to 18 digits.
with accounts as (
  select {groups} {mrr} as mrr, row_number() over ({partition} order by {mrr} desc, account) as place,
         sum({mrr}) over ({partition}) as total
  from {relation} where {mrr} > 0
),
shares as (
  select *, case
         when total < 1 then cast(cast(mrr as decimal(19, 18)) * cast(1000000000000000000 as decimal(19, 0)) as hugeint)
         when total < 1000 then cast(cast(mrr as decimal(19, 15)) * cast(1000000000000000 as decimal(16, 0)) as hugeint)
         when total < 1000000 then cast(cast(mrr as decimal(19, 12)) * cast(1000000000000 as decimal(13, 0)) as hugeint)
         when total < 1000000000 then cast(cast(mrr as decimal(19, 9)) * cast(1000000000 as decimal(10, 0)) as hugeint)
         when total < 1000000000000 then cast(cast(mrr as decimal(19, 6)) * cast(1000000 as decimal(7, 0)) as hugeint)
         when total < 1000000000000000 then cast(cast(mrr as decimal(19, 3)) * cast(1000 as decimal(4, 0)) as hugeint)
         when total < 1000000000000000000 then cast(mrr as hugeint)
         when total < 1000000000000000000000000000 then cast(mrr as hugeint) // 1000000000
         else cast(mrr as hugeint) // 1000000000000000000
         end as units
  from accounts
)
select {groups} count(*), sum(mrr),
       coalesce(sum(mrr) filter (where place = 1), 0) / sum(mrr),
       coalesce(sum(mrr) filter (where place <= 10), 0) / sum(mrr),
       cast(sum(units * units) as double) / (cast(sum(units) as double) * cast(sum(units) as double))
from shares {group_by} having count(*) > 0
{order_by}
