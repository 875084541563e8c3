-- Each account's stays in stages as of a day: how long it was or has been there, and whether it moved on or was lost.
-- A stay without a day of leaving ends where the account enters the next stage, or is lost.
select *,
  date_diff('day', entered_on, left_on) as days,
  case when left_on is null then date_diff('day', entered_on, {day}) end as wait,
  case when left_on is null then 'in' when lost_on is null and next_on is not null then 'moved' else 'lost' end as state
from (
  select *, coalesce(exited_on, lost_on, next_on) as left_on
  from (
    select *,
      case when next_on is null and last_loss between entered_on and {day} then last_loss
        when lost_at >= entered_on and lost_at < next_on then lost_at end as lost_on
    from (
      select {groups}account, stage, picked, lost_at,
        cast(entered_at as date) as entered_on,
        case when cast(exited_at as date) <= {day} then cast(exited_at as date) end as exited_on,
        max(lost_at) over (partition by account) as last_loss,
        row_number() over (partition by account order by entered_at, exited_at nulls last, stage) as step,
        cast(lead(entered_at) over (partition by account order by entered_at, exited_at nulls last, stage) as date) as next_on
      from {cells}
      where cast(entered_at as date) <= {day}
    ) as entered
  ) as known
) as ended
where picked
