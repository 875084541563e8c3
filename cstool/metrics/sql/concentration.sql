-- How much of the MRR hangs on how few accounts. Squares are summed as whole numbers, so no row order shows in the digits.
with accounts as (
  select {groups} {mrr} as mrr, row_number() over ({partition} order by {mrr} desc, account) as place
  from {relation} where {mrr} > 0
)
select {groups} count(*), sum(mrr),
       coalesce(sum(mrr) filter (where place = 1), 0) / sum(mrr),
       coalesce(sum(mrr) filter (where place <= 10), 0) / sum(mrr),
       cast(sum(cast(mrr * 10000 as hugeint) * cast(mrr * 10000 as hugeint)) as double)
         / (cast(cast(sum(mrr) * 10000 as hugeint) as double) * cast(cast(sum(mrr) * 10000 as hugeint) as double))
from accounts {group_by}
{order_by}
