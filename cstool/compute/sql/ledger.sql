-- A ledger: each row is counted once in every window it closes and once in every window it opens, so that the ledger
-- is never joined to itself. An account's groups are those of its opening, or of its closing where it opened with nothing.
select closing, span, account, {groups}
       coalesce(sum(mrr) filter (where opens = 1), 0) as starting_mrr,
       coalesce(sum(mrr) filter (where opens = 0), 0) as ending_mrr,
       {customer_before} as customer_before
from {history} join {windows} using (month)
group by closing, span, account
