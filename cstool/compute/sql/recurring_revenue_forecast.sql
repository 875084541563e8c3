-- The months ahead, if each goes like the mean of the last ones: the share of opening MRR that is lost, the share that is
-- added by growth, and the MRR that new and returning customers bring. The range holds 8 of 10 months if the misses of the
-- last months were drawn at random: 1.2816 standard deviations, growing with the root of the months ahead.
with recursive months as (
  select closing, sum(starting_mrr) as starting, sum(ending_mrr) as ending,
         coalesce(sum(greatest(ending_mrr - starting_mrr, 0)) filter (where starting_mrr > 0), 0) as expansion,
         coalesce(sum(greatest(starting_mrr - ending_mrr, 0)), 0) as losses,
         coalesce(sum(ending_mrr) filter (where starting_mrr = 0), 0) as gained
  from ({relation}) group by closing
),
means as (
  select sum(losses) / sum(starting) as loss, sum(expansion) / sum(starting) as growth, sum(gained) / count(*) as gained,
         count(*) as months, max_by(ending, closing) as last_mrr, max(closing) as last_month
  from months
),
misses as (
  select sqrt(sum(miss * miss order by closing) / greatest(count(*) - 1, 1)) as deviation
  from (select closing, ending - (starting * (1 + means.growth - means.loss) + means.gained) as miss
        from months, means)
),
ahead as (
  select 0 as n, cast(last_mrr as double) as mrr from means
  union all
  select n + 1, mrr * (1 + means.growth - means.loss) + means.gained from ahead, means where n < {ahead}
)
select last_month + n, mrr, greatest(mrr - 1.2816 * deviation * sqrt(n), 0), mrr + 1.2816 * deviation * sqrt(n),
       means.loss, means.growth, means.gained
from ahead, means, misses where n > 0 order by n
