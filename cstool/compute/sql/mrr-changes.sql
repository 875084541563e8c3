-- Changes of MRR -> periods: each holds until the next change of its series, an account or one of its aliases.
select account, {groups} mrr, cast(change_date as date) as start_date,
       cast(lead(change_date) over (partition by {series} order by change_date) as date) as end_date
from {cells}
