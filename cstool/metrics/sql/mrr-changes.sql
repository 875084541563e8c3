-- Changes of MRR -> periods: each holds until the account's next change.
select account, {groups} mrr, cast(change_date as date) as start_date,
       cast(lead(change_date) over (partition by account order by change_date) as date) as end_date
from {cells}
