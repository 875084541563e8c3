"""What words are about: the forms of a word, and other words for the same, are one concept. Knows words, no terms."""

from __future__ import annotations

from functools import cache

from cstool.model.naming import singular

# Words of questions and descriptions that say nothing by themselves.
IDLE = frozenset(
    """
    a about above actually after again agenda all already also always am an and another any anybody anymore
    anyone anyway approach are around as ask asked asking assign assigned at average avg b2b based basically be
    because been before being benchmark best between boost both business but by calculate calculated calculating
    calculation call called can collect come company concept considered could count counts currently define
    definition describe did do does doing done during each either else ever every everybody everyone everything
    exact exactly example excel explain far for formula from gather general generally get gets getting give
    given gives go goes going good got great had handle handled handling happen happens has have having he her
    here hers him his hours how however i ideal if important improve improving in include included includes
    industry inside instead into investor investors is it its just keeps kind know known least let lets like
    look looking looks lot made make makes making many matter may maybe me mean meaning means meant measure
    measured measuring metric might mine more most much must my name need needed needs nor normal of off ok on
    once only onto or organization other others our ours out over own part per perhaps please present properly
    put question quite rather reach really run s saas said same say seem seems several should show shows since
    sit sits so software some somebody someone something sometimes sort specific specifically spreadsheet still
    stuff such sure take taken takes taking tell tells template term than that thats the their them themselves
    then there these they thing things this those though through to too toward tracked try trying turn turns
    type typical under until up update updated upon us using usual usually various very via want wanted wants
    was way we well went were what whats when where whether which while who whole whom whose will wish with
    within word work working works would yes yet you your yours
    """.split()
)

# The first word of a line stands for all of it. A word is looked up as it stands in the singular, then by its stem.
_SAME = """
customer client account consumer subscriber acct
churn leave left leaving lose lost losing loss quit cancel canceled cancellation canceling attrition gone departure
keep kept retain retention retaining stay stayed staying remain remaining
renew renewal renewing
person people individual
buy bought buying purchase purchased
win won acquire acquired acquisition
pay paid paying payment
charge charged fee
accounting
succession
not no none never nobody without dont doesnt didnt cannot cant wont isnt arent
compensation comp
successful
money revenue rev dollar income usd
share percentage percent pct rate ratio proportion portion fraction
month monthly
year annual annually yearly
quarter quarterly
day daily
week weekly
ticket request
solve solved resolve resolved resolution fix fixed repair
answer reply respond response
fast quick quickly speed soon faster
frequency frequent frequently often
number count amount volume quantity
seat license
grow growth grew expand expanded expansion increase increased bigger
shrink shrank contraction decrease decline drop dropped fall fell reduction reduce reduced
meeting meet call session
recommend recommendation refer referral
big large biggest largest bigger
small smaller smallest tiny
use usage used utilization
predict prediction predictive predicting forecast forecasting expect expected anticipate
risk danger likely likelihood probability propensity
happy happiness satisfied satisfaction satisfy
unhappy dissatisfied angry upset frustrated complaining
start begin beginning opening began started
end ending finish ended expire expires expired expiring expiry due
sell sale sales sold selling
handoff handover hand transfer transition pass passed passing
automatic automated automatically auto automation automate itself
help support assist assistance
product app application tool platform system
feature function functionality
segment segmentation group grouping bucket
easy ease effort easily hard difficult difficulty
healthy health
signal warning warn indicator
idle unused inactive dormant
executive exec leadership leader
manager head
manage managing managed management
message email mail letter
train training teach education educate learn course
value benefit worth
task todo
contract agreement deal
vendor supplier provider
feedback opinion comment
invoice bill billed billing
commit committed commitment promise promised
staff headcount employee worker
cheap cheaper
late overdue delay delayed slip slippage
goal objective target aim
problem issue trouble fault
reason why cause
time duration long length
csm csms
success cs
first initial
survey questionnaire
early earlier
life lifetime
earn earned earning earnings
send sent sending
feel feeling sentiment mood emotion
log login logged logging logins logs
move moving switch switching change changing changed
opportunity opp opps
own owner owned owns responsible responsibility
stage phase step
save rescue
cost spend spending spent expense
chart graph diagram
rating score scoring scored
interaction touchpoint
hire hiring recruit
complaint complain
return returned returning back
bad wrong poor
talk speak
praise compliment
sign signature signed signing
stop stopped stopping prevent preventing avoid avoiding
decide decides decided deciding decision
approve approval approves approved
retry retries retried retrying
remind reminder reminders
introduce introduction intro introducing
specialist expert consultant
review assess assessment evaluate evaluation audit
competitor competition competing rival
prove proof demonstrate
shared joint mutual
collaborate collaboration
expensive costly
price pricing priced
permission permissions access

"""


def concept(word: str) -> str:
    """What a normalised word is about."""
    return _concept(word)


def concepts(words: list[str]) -> dict[str, None]:
    """What words are about, each once and in their order; those that say nothing are left out."""
    return dict.fromkeys(_concept(word) for word in words if word not in IDLE and not word.isdecimal())


@cache
def _concept(word: str) -> str:
    one = singular(word)
    same = _known()
    return same.get(word) or same.get(one) or same.get(_stem(one)) or _stem(one)


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in _SAME.strip().splitlines():
        first, *others = line.split()
        for word in (first, *others):
            known.setdefault(word, first)
            known.setdefault(singular(word), first)
    for word, first in list(known.items()):
        known.setdefault(_stem(word), first)
    return known


_ENDINGS = tuple("ization ations ation ments ment ness ings ing ied ed ers er al ly ion e y".split())
_STEM = 4  # letters of a stem


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > _STEM and word[-1] == word[-2] and word[-1] not in "ls" else word
