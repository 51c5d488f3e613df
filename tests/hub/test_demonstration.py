"""The demonstration fills a hub by the steps that people take, and leaves a filled one alone."""

import shutil

import pytest
from django.http import HttpResponse

from everycount.io.sample import sample_path
from everycount_hub.commands import demonstration
from everycount_hub.jobs import editions as edition_jobs
from everycount_hub.models import DatasetVersion, Release
from everycount_hub.queries.editions import current_edition

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    """Give the files of the demonstration that are needed; nothing is drawn ahead."""
    settings.STORE_FOLDER, settings.PORTAL_FOLDER = tmp_path / "store", tmp_path / "portal"
    monkeypatch.setattr(edition_jobs, "ask", lambda _path: HttpResponse())
    made = tmp_path / "demo"
    (made / "policy").mkdir(parents=True)
    for slug in demonstration.POLICIES:
        shutil.copy(sample_path(f"policy/{slug}.review.json"), made / "policy")
    return made


def test_demonstration_is_published_by_two_people(folder, client, capsys):
    demonstration.seed(folder)
    edition = current_edition()
    assert sum(entry.has_figures for entry in edition.indicators.values()) == 34
    assert {"demonstration/sdg-gender-index-2019", "viet-nam/policy"} <= set(edition.datasets)
    assert not edition.of_content("survey")
    versions = DatasetVersion.objects.all()
    assert all(each.state == "released" for each in versions)
    assert all(each.author_id != each.approved_by_id for each in versions)
    assert (
        "girls out of school in South Africa"
        in Release.objects.get(number=1, workspace__slug=("demonstration")).note
    )
    assert "Publishing the demonstration" in capsys.readouterr().err
    page = client.get("/en/indices/sdg-gender-index-2019/vnm/").content.decode()
    assert "52" in page
    demonstration.seed(folder)
    assert versions.count() == len(demonstration.PRODUCERS) + 3
