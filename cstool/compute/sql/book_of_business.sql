-- The portfolio of each CSM, the largest first, and last the accounts that nobody looks after.
select {groups}csm,
  count(distinct account) as accounts,
  sum(yearly) as arr,
  sum(yearly) / count(distinct account) as arpa,
  sum(ending_mrr) filter (where starting_mrr > 0)
    / nullif(sum(starting_mrr) filter (where ending_mrr is not null), 0) as nrr
from ({relation})
group by {groups}csm
order by {order}csm is null, arr desc, csm
