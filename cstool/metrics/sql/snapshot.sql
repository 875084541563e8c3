-- A snapshot: each row already holds an account's opening and closing.
select {period} as closing, 0 as span, account, {groups}
       starting_mrr, ending_mrr, false as customer_before
from cells
{only}
