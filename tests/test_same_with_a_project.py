"""A file read with the same options gives the same numbers with a project and without one."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import cstool as library
from cstool.compute.read_options import ReadOptions
from cstool.samples import sample_csv

# By sample, what is asked, the column to group by, and the options the file is read with.
CASES: dict[str, tuple[str, str, dict[str, str]]] = {
    "ledger": ("nrr,mrr,logo-churn", "segment", {"blank": "zero", "duplicates": "refuse"}),
    "tickets": ("ticket-volume,first-response-time", "Group", {"date-order": "dmy"}),
    "renewals": ("renewal-rate,logo-renewal-rate", "csm", {"shape": "renewals", "decimal": "."}),
    "subscriptions": ("nrr,mrr", "segment", {"shape": "subscriptions", "end-inclusive": "no"}),
    "wide": ("mrr,churned-mrr", "segment", {"blank": "zero"}),
    "seats": ("utilization", "segment", {"negative": "refuse"}),
    "deals": ("win-rate,acv", "stage", {"encoding": "utf-8"}),
    "onboardings": ("onboarding-completion", "account", {}),
}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
@pytest.mark.parametrize(
    "kind", [one if i < 1 else pytest.param(one, marks=pytest.mark.slow) for i, one in enumerate(CASES)]
)
def test_a_file_gives_the_same_numbers_with_a_project_and_without(kind: str, seed: int, tmp_path: Path) -> None:
    metrics, by, options = CASES[kind]
    head, *lines = sample_csv(kind, 30, seed)
    random.Random(seed).shuffle(lines)
    path = tmp_path / f"{kind}.csv"
    path.write_text("".join([head, *lines]), encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("".join(sample_csv("accounts", 30, seed)), encoding="utf-8")
    (tmp_path / "cstool.yaml").write_text(
        f"files:\n  own: {{path: {path.name}, options: {json.dumps(options)}}}\n  crm: accounts.csv\n"
        "accounts: {file: crm, key: account_id, name: account}\n",
        encoding="utf-8",
    )
    said: dict[str, Any] = {name.replace("-", "_"): value for name, value in options.items()}
    said.pop("end_inclusive", None)
    alone = library.calc(metrics, path, by=by, options=ReadOptions(**said)).rows
    for named in ("@own", path):
        assert library.calc(metrics, named, by=by, project=tmp_path).rows == alone
    joined = library.calc(metrics, path, by="plan", join=tmp_path / "accounts.csv", options=ReadOptions(**said)).rows
    assert library.calc(metrics, "@own", by="plan", project=tmp_path).rows == joined
    assert alone
    assert joined
