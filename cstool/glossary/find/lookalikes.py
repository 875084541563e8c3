"""Ordinary words that are a letter or two from a word of a name, or from an acronym: no misspellings of it."""

LOOKALIKES = frozenset(
    "aboard across actor advocated ahead alive ample bailed baker baking ballet beads bender bending blake bland"
    " blast blocked booing booming border brace braid bright brisk broom bully bunch camped cancer candle caused chase"
    " claws colder collar concussion confession construction contra contraception contradiction cooking cooled couch"
    " cover coverage cracking cramped crate cricket crown cunning dating dearly decency deduction deeds deport"
    " depreciation detain detained detention dining dinner discover discovers doing dover downgraded draining drown"
    " duality dumber dwell eased easter eating eight election emigration emotion enter entered equality evaluation"
    " faction faking famed faster feeds fellow fender fermentation fight filling flake flaws flick floss folder foods"
    " fooled forth fours fridge fright frown gender gland gloss gmail grade grand grate grating groom grown hailed"
    " hangover hating haunch heading headline healthy height hoard hollow hooking hosting hover influenced"
    " insurrection jailed killing killings laying learned lender lending letter licensed light lining locker looking"
    " losing lotion lover loving lower lumber mailed martial masked massive measured mellow might milling mingle"
    " mobilize mobilized modes moods mortal mount mover nagging nailed nearly nerve nesting night nodes noting notion"
    " older olive outrage ozone padded pallet patio payer pending person personal persons picket player plead pleading"
    " pleads polling potion pouch pours preference preview probation promote promoted promotes punch racking raging"
    " railing raining rapping reading reads referenced referred reflection render repaid resale resent resident"
    " resting revenge reverence ridge river roach router rover royalty runaway running sailed sanity saying scare"
    " scared sealed season seduction seeds sender sending sentient serviced shook sight sinner slayer sliced slick"
    " south spaced spices spiked steam straining subset succession surrey swell sword tagging tailed taker taking"
    " tales tapping tasked telling tended tending terror thief thigh ticker tight tinder tiring tower trace trading"
    " tramp treason troll trolling tunnel upgraded vending verification viability vitality votes vouch waking warming"
    " warned wealth weeds weighing wicket wickets willing winner woods worth yearly yearning yelling yours"
    " youth".split()
)
# Ordinary words that are acronyms too: among other words they seldom stand for the term.
ACRONYMS = frozenset("art bob cab chi chs cli cob dear ent gas heart map mom rag sam sow spiff tam".split())
# Ordinary words that are names too: alone they stand for the term only where the question is of the field.
ORDINARY = frozenset(
    "360 academy account activation addon admin adoption advocacy advocate attrition availability backlog benchmark"
    " benchmarking beta billing blocker booking bowtie breadth bug burndown cancel cancelation cancellation"
    " certification champion changelog churn client coach cockpit cohort commit community concession consumption"
    " contract contraction copilot credit dashboard deal deflection delinquency deprecation depth discount discounting"
    " discovery downgrade drawdown education engagement enterprise escalation escalator evangelist evergreen expansion"
    " faq feedback firefighting flywheel forecast funnel gatekeeper ghosting goal growth handoff handover health"
    " hotspot implementation incident influencer integration invoice journey kickoff lagging lakehouse launch lead"
    " leading leakage license lifecycle logo loyalty measure median metric milestone mobilizer negotiation nurture"
    " objective offboarding onboarding opportunity outage outcome overage packaging partner passive pause percentile"
    " persona pilot pipeline play playbook pod portfolio priority proactive procurement promoter proration prospect"
    " pulse purchasing questionnaire quota raid ramp reactivation reactive receivable reference referral refund"
    " renewal reseller resurrection retention retirement retro retrospective revenue risk roadmap runway saboteur sale"
    " satisfaction scaled scorecard seat segment segmentation sentiment service severity shrinkage spiced spiff"
    " sponsor stakeholder subscription sunset sunsetting superuser support survey swarming sync telemetry tender"
    " tenure testimonial ticket tiering timeline tooltip touchpoint training trial upgrade uplift uptime usage user"
    " utilization velocity verbatim walkthrough webinar weighting whitespace".split()
)
