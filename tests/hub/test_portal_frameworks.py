"""Pages of indicator sets: what has figures, what stands for what, what differs by version."""

import json

import pytest

from everycount.io.frameworks import find_framework, shipped_crosswalk
from everycount.policy.versions import framework_changes
from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace

pytestmark = pytest.mark.django_db
SET = "sdg-gender-index@2019"
PAGE = f"/en/frameworks/{SET}/"
FIGURES = b"""INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE
5d,VNM,2020,F,26.72,PT
5d,THA,2020,F,16.2,PT
3a,THA,2017,F,37,RATE
"""


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


@pytest.fixture(autouse=True)
def figures(workspace, make_user):
    """Publish three figures of the SDG Gender Index's set."""
    Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
    workspace.refresh_from_db()
    author, chief = make_user(), make_user()
    described = datasets.Description(
        slug="seats", titles={"en": "Seats"}, kind=Dataset.Kind.OWN, framework=SET
    )
    dataset = datasets.create(workspace=workspace, description=described, by=author)
    stored = store.put_source([FIGURES], name="figures.csv")
    sent = datasets.Sent(
        digest=stored.digest,
        size=stored.size,
        name="figures.csv",
        origin=DatasetVersion.Origin.UPLOAD,
    )
    version = datasets.submit(dataset=dataset, sent=sent, by=author)
    work_once()
    version.refresh_from_db()
    assert version.state == "checked", version.findings
    datasets.review(version=version, outcome=Review.Outcome.FIT, by=chief)
    datasets.approve(version=version, by=chief)
    releases.make(workspace=workspace, versions=[version], title="Seats", by=chief)
    work_once()


def rows_of(client, address, table="indicators"):
    content = json.loads(client.get(address).content)
    return next(each["rows"] for each in content["tables"] if each["id"] == table)


def test_set_in_use(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "2 of 51 indicators have published figures." in page.text
    assert 'class="unit"' in page.text
    assert 'class="unit unit-none"' in page.text
    rows = {each["key"]: each["figures"] for each in rows_of(client, f"{PAGE}data.json")}
    assert len(rows) == 51
    assert [key for key, state in rows.items() if state == "own"] == ["3a", "5d"]
    assert set(rows.values()) == {"own", "none"}


def test_set_for_one_area(client):
    page = client.get(f"{PAGE}?area=vnm").text
    assert "Viet Nam: 1 of 51 indicators have a published figure." in page
    states = {each["key"]: each["figures"] for each in rows_of(client, f"{PAGE}data.json?area=VNM")}
    assert (states["5d"], states["3a"], states["1a"]) == ("own", "elsewhere", "none")


@pytest.mark.parametrize("area", ["<script>alert(1)</script>", "zz", "%00", "x" * 3000, "'"])
def test_unknown_area_shows_all(client, area):
    page = client.get(PAGE, {"area": area})
    assert page.status_code == 200
    assert "2 of 51 indicators have published figures." in page.text
    assert "<script>alert" not in page.text


def test_set_not_in_use_shows_what_stands_for_it(client):
    page = client.get("/en/frameworks/sdg-global@2023/").text
    assert "Not in use here" in page
    assert "0 of 232 indicators have published figures." in page
    rows = {
        each["key"]: each for each in rows_of(client, "/en/frameworks/sdg-global@2023/data.json")
    }
    assert (rows["5.5.1"]["figures"], rows["5.5.1"]["figure_of"]) == ("substitute", "5d")
    assert rows["5.5.1"]["figure_is"] == "covers less"
    assert len(page.encode()) < 150_000


def test_name_without_version_is_the_newest(client):
    assert "sdg-global@2023" in client.get("/en/frameworks/sdg-global/").text
    assert SET in client.get("/en/frameworks/sdg-gender-index/").text


def test_crosswalk_has_the_links_of_the_library(client):
    links = [
        each
        for each in shipped_crosswalk().seen_from(SET)
        if each.to_framework == "sdg-global@2019"
    ]
    address = f"{PAGE}links/sdg-global@2019/"
    assert client.get(address).status_code == 200
    rows = rows_of(client, f"{address}data.json", "links")
    assert [(each["key"], each["relation"], each["other_key"]) for each in rows] == [
        (each.from_key, each.relation, each.to_key) for each in links
    ]


def test_versions_differ_as_the_library_says(client):
    older, newer = find_framework("sdg-global@2019"), find_framework("sdg-global@2023")
    expected = [each for each in framework_changes(older, newer) if each.kind != "same"]
    for name, other in (("2019", "2023"), ("2023", "2019")):
        address = f"/en/frameworks/sdg-global@{name}/versions/{other}/"
        assert f"{len(expected)} differences" in client.get(address).text
        rows = rows_of(client, f"{address}data.json", "changes")
        assert [each["before"] or "" for each in rows] == [each.before for each in expected]


@pytest.mark.parametrize(
    "path",
    [
        "none/", "none@1/", f"{SET}/links/none@1/", f"{SET}/links/un-minimum-set@2021/",
        f"{SET}/versions/1999/", f"{SET}/versions/2019/", f"{SET}/data.pdf", "..%2f..%2fx/",
    ],
)  # fmt: skip
def test_unknown_is_not_found(client, path):
    assert client.get(f"/en/frameworks/{path}").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "es", "vi", "ar"])
def test_every_language(client, language):
    for path in ("", f"{SET}/", f"{SET}/?area=vnm", "sdg-global@2023/versions/2019/"):
        assert client.get(f"/{language}/frameworks/{path}").status_code == 200


def test_list_and_its_file(client):
    page = client.get("/en/frameworks/").text
    assert page.index("In use here") < page.index("SDG Gender Index 2019")
    assert page.index("Linked to other sets") < page.index("UN Minimum Set")
    rows = rows_of(client, "/en/frameworks/data.json", "frameworks")
    used = [each["framework"] for each in rows if each["in_use"]]
    assert used == [SET]
    assert next(each for each in rows if each["in_use"])["with_figures"] == 2
