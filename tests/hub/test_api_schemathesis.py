"""Every operation of the API under requests made up from its own description."""

import polars as pl
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from everycount.model.observation import OBSERVATION

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
EXAMPLES = 15
"""Requests an operation: some 300 in all, within a minute."""


@pytest.fixture
def schema(publish_demonstration):
    from django.core import signals
    from django.db import close_old_connections

    from everycount_hub.api.rest.openapi import description
    from everycount_hub.wsgi import application

    made = schemathesis.openapi.from_dict(description())
    made.app = application
    # The data of a test are in a transaction, which ends with its connection.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield made
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def publish_demonstration(settings, tmp_path, workspace, make_member):
    """Publish figures whose codes requests may hit."""
    from everycount_hub import store
    from everycount_hub.actions import datasets, releases
    from everycount_hub.actions.editions import ask_for_edition
    from everycount_hub.api.throttle import THROTTLE
    from everycount_hub.jobs.worker import work_once
    from everycount_hub.models import Dataset, DatasetVersion, Job, Review, Workspace

    settings.STORE_FOLDER, settings.PORTAL_FOLDER = tmp_path / "store", tmp_path / "portal"
    settings.API_ALLOWANCE = (1e6, 10**6)
    settings.ALLOWED_HOSTS = ["*"]
    THROTTLE.clear()
    Workspace.objects.update(is_public=True)
    producer = make_member(workspace, "producer")
    approver = make_member(workspace, "approver", "methodologist")
    about = datasets.Description(
        slug="seats", titles={"en": "Seats"}, kind=Dataset.Kind.OWN,
        framework="sdg-gender-index@2019",
    )  # fmt: skip
    dataset = datasets.create(workspace=workspace, description=about, by=producer)
    source = store.put_source([b"x"], name="x.csv")
    sent = datasets.Sent(
        digest=source.digest, size=1, name="x.csv", origin=DatasetVersion.Origin.UPLOAD
    )
    version = datasets.submit(dataset=dataset, sent=sent, by=producer, reason="")
    Job.objects.all().delete()
    usual = {each.id: each.default or None for each in OBSERVATION.components}
    rows = [
        {**usual, "INDICATOR": "5d", "REF_AREA": area, "SEX": sex, "TIME_PERIOD": period,
         "OBS_VALUE": value}
        for area, sex, period, value in (("704", "F", "2015", 1.0), ("004", "M", "2020-Q1", None))
    ]  # fmt: skip
    figures = store.put_rows([pl.DataFrame(rows, schema=dict(OBSERVATION.schema))])
    checked = datasets.Checked(figures=figures, metadata={}, findings=[], errors=0, warnings=0)
    datasets.record_check(version=version, checked=checked)
    datasets.review(version=version, outcome=Review.Outcome.FIT, by=approver)
    datasets.approve(version=version, by=approver)
    releases.make(workspace=workspace, versions=[version], title="June", by=approver)
    ask_for_edition()
    work_once()


def test_every_operation_keeps_to_its_description(schema):
    count = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            deadline=None,
            derandomize=True,
        )
        def check(case):
            # Its client of WSGI unpacks nothing.
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        strategy = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        given(case=strategy)(check)()
        count += 1
    assert count == len(schema.raw_schema["paths"])
