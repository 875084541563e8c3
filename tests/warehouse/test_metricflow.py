"""glossary export --to metricflow: a semantic layer that dbt's own validator takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cstool.api import Book
from tests.conftest import run_cstool
from tests.metrics.computing import book

interfaces = pytest.importorskip("dbt_semantic_interfaces", reason="the extra 'test' brings dbt's validator")


@pytest.fixture(scope="module")
def layer() -> dict[str, Any]:
    text, _ = book().semantic_layer()
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def measures(layer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for model in layer["semantic_models"] for one in model["measures"]}


def metrics(layer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in layer["metrics"]}


@pytest.mark.slow
def test_dbts_own_validator_takes_it(layer: dict[str, Any]) -> None:
    from dbt_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest
    from dbt_semantic_interfaces.parsing.dir_to_model import parse_yaml_files_to_semantic_manifest
    from dbt_semantic_interfaces.parsing.objects import YamlConfigFile
    from dbt_semantic_interfaces.validations.semantic_manifest_validator import SemanticManifestValidator

    spine = {"location": "s.days", "column_name": "day", "grain": "day"}
    documents: list[Any] = [{"project_configuration": {"time_spine_table_configurations": [spine]}}]
    for model in layer["semantic_models"]:
        made_by = re.fullmatch(r"ref\('(\w+)'\)", model["model"])
        assert made_by
        rest = {key: value for key, value in model.items() if key != "model"}
        documents.append({"semantic_model": {**rest, "node_relation": {"alias": made_by[1], "schema_name": "s"}}})
    documents += [{"metric": metric} for metric in layer["metrics"]]
    text = "---\n".join(yaml.safe_dump(one, sort_keys=False) for one in documents)
    parsed = parse_yaml_files_to_semantic_manifest([YamlConfigFile(filepath="layer.yaml", contents=text)])
    assert not parsed.issues.all_issues
    assert len(parsed.semantic_manifest.metrics) == len(layer["metrics"])
    found = SemanticManifestValidator[PydanticSemanticManifest]().validate_semantic_manifest(parsed.semantic_manifest)
    assert [issue.message for issue in found.all_issues] == []


def test_every_metric_is_there_or_named_as_left_out(layer: dict[str, Any]) -> None:
    _, left_out = book().semantic_layer()
    named = {line.split(" is left out: ")[0] for line in left_out}
    there = {metric["name"].replace("_", "-") for metric in layer["metrics"]}
    assert set(book().glossary.metrics) == named | (there & set(book().glossary.metrics))
    assert not named & there
    assert "cmgr is left out: its window runs from the first month to the last" in left_out


def test_a_ratio_of_two_measures_is_a_ratio(layer: dict[str, Any]) -> None:
    churn = metrics(layer)["logo_churn"]
    assert churn["type"] == "ratio"
    assert churn["type_params"] == {
        "numerator": {"name": "retention_1m_customers_lost"},
        "denominator": {"name": "retention_1m_customers_start"},
    }
    assert churn["label"] == "Logo Churn"
    assert churn["description"] == book().terms["logo-churn"].definition
    assert churn["config"]["meta"]["term"] == "logo-churn"
    assert churn["config"]["meta"]["unit"] == "percent"
    lost = measures(layer)["retention_1m_customers_lost"]
    assert (lost["agg"], lost["expr"]) == ("sum", "CASE WHEN starting_mrr > 0 AND ending_mrr <= 0 THEN 1 ELSE 0 END")


def test_a_formula_is_derived_and_never_divides_whole_numbers_or_by_zero(layer: dict[str, Any]) -> None:
    nrr = metrics(layer)["nrr"]
    assert nrr["type"] == "derived"
    assert nrr["type_params"]["expr"] == (
        "1.0 * (retention_12m_starting + retention_12m_expansion - retention_12m_contraction - retention_12m_churned)"
        " / NULLIF(retention_12m_starting, 0)"
    )
    for metric in layer["metrics"]:
        expression = metric["type_params"].get("expr", "")
        for divisor in re.findall(r"/ (\S+)", expression):
            assert divisor.startswith("NULLIF(") or divisor.strip("()").isdigit(), metric["name"]


WIDER = """\
- id: wider-csat
  term: Wider CSAT
  category: own
  definition: share of answers on a scale to ten that are satisfied
  sources: [own]
  metric:
    name: wider-csat
    of: OF
    formula: satisfied / responses
    unit: percent
    better: higher
    parameters: {scale: 10}
    example: {satisfied: 1, responses: 4, value: 0.25}
"""


@pytest.mark.slow
def test_a_measure_with_other_parameters_is_another_one(layer: dict[str, Any], tmp_path: Path) -> None:
    relation = book().metric("csat").term.metric
    assert relation
    own = tmp_path / "own.yaml"
    own.write_text(WIDER.replace("OF", relation.of), encoding="utf-8")
    teams = yaml.safe_load(Book(own).semantic_layer()[0])
    parts = [metrics(teams)[name]["type_params"] for name in ("csat", "wider_csat")]
    names = [one["numerator"]["name"] for one in parts]
    assert names == ["responses_satisfied", "responses_satisfied_of_wider_csat"]
    assert {one["denominator"]["name"] for one in parts} == {"responses_responses"}
    usual, wider = (measures(teams)[name] for name in names)
    assert usual == measures(layer)["responses_satisfied"]
    assert usual["expr"] != wider["expr"]


def test_mrr_is_that_of_the_last_month_however_many_are_asked_for(layer: dict[str, Any]) -> None:
    assert metrics(layer)["mrr"]["type_params"] == {"measure": {"name": "retention_1m_ending", "fill_nulls_with": 0}}
    assert measures(layer)["retention_1m_ending"]["non_additive_dimension"] == {
        "name": "closing_month",
        "window_choice": "max",
    }


def test_expressions_of_measures_are_plain_sql(layer: dict[str, Any]) -> None:
    """Also run: each stands in a query over a table of its model's columns."""
    import duckdb

    for model in layer["semantic_models"]:
        for measure in model["measures"]:
            assert not re.search(r"(?i)\b(filter|over|unnest|regexp|date_?diff)\b", str(measure["expr"]))
            duckdb.sql(f"select json_serialize_sql('select {measure['expr'].replace(chr(39), chr(39) * 2)} from t')")


def test_the_command_prints_yaml_and_tells_what_is_left_out() -> None:
    ran = run_cstool("glossary", "export", "--to", "metricflow")
    assert ran.code == 0
    assert set(yaml.safe_load(ran.out)) == {"semantic_models", "metrics"}
    assert "win-rate is left out: warehouses differ in " in ran.err
