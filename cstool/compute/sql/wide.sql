-- One column a month -> one row a month.
select account, {groups} unnest([{months}]) as month, unnest([{amounts}]) as mrr
from {cells}
