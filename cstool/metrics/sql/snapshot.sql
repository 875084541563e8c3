-- A snapshot: each row holds an account's opening and closing already.
select {period} as closing, 0 as span, account, {groups}
       starting_mrr, ending_mrr, false as customer_before
from {cells}
