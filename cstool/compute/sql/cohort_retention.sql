-- Cohorts by first payment: how many of those who joined in a period still paid n periods later, and how much.
-- Ages that have not been reached yet are not there. The cohort `all` weighs each cohort by its size.
with paid as (
  select account, {groups} month, mrr from {ledger} where mrr > 0 and month <= {last}
),
joined as (
  select account, {minima} min(month) as first_month, arg_min(mrr, month) as first_mrr from paid group by account
),
cohorts as (
  select {groups} first_month // {step} as cohort, count(*) as size, sum(first_mrr) as base
  from joined group by {groups} cohort
),
kept as (
  select {joined_groups} joined.first_month // {step} as cohort, paid.month // {step} - joined.first_month // {step} as age,
         count(*) as customers, sum(paid.mrr) as mrr
  from paid join joined using (account)
  where (paid.month + 1) % {step} = 0
  group by all
),
ages as (
  select *, unnest(range(0, ({last} + 1) // {step} - cohort)) as age from cohorts
),
cells as (
  select {groups} cohort, age, max(size) as size, max(base) as base,
         coalesce(max(customers), 0) as customers, coalesce(max(mrr), 0) as mrr
  from (select {groups} cohort, age, size, base, null as customers, null as mrr from ages
        union all select {groups} cohort, age, null, null, customers, mrr from kept)
  group by {groups} cohort, age
)
select {groups} cohort, age, size, customers, customers / size, mrr, mrr / base from cells
union all
select {groups} null, age, sum(size), sum(customers), sum(customers) / sum(size), sum(mrr), sum(mrr) / sum(base)
from cells group by {groups} age
order by {order} cohort nulls last, age
