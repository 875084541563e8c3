"""Goals of a customer success team, which run on the sample project."""

TARGETS = """\
# Goals and what they have to reach; they run on the sample project, whose targets.yaml this is:
#   cstool sample project -o acme && cd acme
#   cstool targets

# A target is in the metric's unit: 90%, 4 h, 14 days, 1,000,000. Without >= or <= it takes the metric's better side.
- name: onboarding
  goal: New customers get started
  every: quarter                    # week, month (if not given), quarter or year; the last complete one is taken
  kpis:
    - {metric: onboarding-completion, target: ">= 80%"}

- name: adoption
  goal: Customers use what they pay for
  kpis:
    - {metric: utilization, target: ">= 70%"}
    - {metric: stickiness, target: ">= 20%"}

- name: renewal
  goal: Renew on time and at full price
  where: segment <> 'SMB'           # a condition on the columns of the files and of the list of accounts
  every: quarter
  kpis:
    - {metric: renewal-rate, target: ">= 90%"}
    - {metric: grr, target: ">= 90%"}
  plays: [renewal at risk, renewal near]    # whose open tasks are listed

- name: risk
  goal: Hear of trouble before a customer leaves
  every: quarter
  kpis:
    - {metric: logo-churn, target: "<= 3%"}
    - {metric: first-response-time, target: "<= 4 h"}
    - {metric: csat, target: ">= 90%"}
  plays: save

- name: expansion
  goal: Customers grow with us
  every: quarter
  kpis:
    - {metric: nrr, target: ">= 100%"}
    - {metric: expansion-rate, target: ">= 3%"}
"""
