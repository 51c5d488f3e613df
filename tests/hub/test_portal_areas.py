"""The pages of areas: what figures, indices and policies say of one country or province."""

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace

pytestmark = pytest.mark.django_db
SET = "sdg-gender-index@2019"
HEAD = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE,SAMPLE_SIZE\n"
FIGURES = (
    "5d,VNM,2010,F,26.0,PT,\n5d,VNM,2020,F,26.7,PT,\n5d,THA,2020,F,15.7,PT,\n"
    "8e,VNM,2011,F,19.0,PT,\n8e,VNM,2017,F,29.5,PT,\n8e,VNM,2017,M,32.1,PT,\n"
    "8e,VNM,2017,_T,30.8,PT,\n8e,VNM,2011,_T,21.4,PT,\n"
    "7a,VNM,2017,_T,100,PT,\n7a,THA,2017,_T,99.9,PT,\n6a,VNM,2017,_T,77.7,PT,10\n"
    "6a,THA,2017,_T,90,PT,\n"
)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


@pytest.fixture
def send(workspace, make_user):
    """Approve a dataset of the workspace."""
    Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
    author, chief = make_user(), make_user()

    def approved(slug, rows, *, is_released=True):
        dataset = datasets.create(
            workspace=workspace,
            description=datasets.Description(
                slug=slug, titles={"en": slug.title()}, kind=Dataset.Kind.OWN, framework=SET,
                licence="CC-BY-4.0",
            ),
            by=author,
        )  # fmt: skip
        stored = store.put_source([(HEAD + rows).encode()], name="figures.csv")
        file = datasets.Sent(
            digest=stored.digest, size=stored.size, name="figures.csv",
            origin=DatasetVersion.Origin.UPLOAD,
        )  # fmt: skip
        version = datasets.submit(dataset=dataset, sent=file, by=author, reason="new")
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=chief)
        version = datasets.approve(version=version, by=chief)
        if is_released:
            releases.make(workspace=workspace, versions=[version], title="Figures", by=chief)
            work_once()

    return approved


@pytest.fixture
def published(send):
    send("own", FIGURES)
    return send


def text_of(answer):
    """Return the words of a page."""
    body = re.sub(r"<svg.*?</svg>", "", answer.content.decode(), flags=re.DOTALL)
    plain = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ")
    return re.sub(r"\s+", " ", plain)


def test_list_goes_by_region(client, published):
    answer = client.get("/en/areas/")
    text = text_of(answer)
    assert "2 of 2 are shown" in text
    assert text.index("Asia") < text.index("Thailand") < text.index("Viet Nam")


@pytest.mark.parametrize(
    ("asked", "count"), [("viet", 1), ("VIỆT", 1), ("tha", 1), ("764", 1), ("zzz", 0), ("", 2)]
)
def test_list_is_searched_by_name_and_code(client, published, asked, count):
    assert f"{count} of 2 " in text_of(client.get("/en/areas/", {"q": asked}))


def test_profile_tells_what_is_known_and_what_is_not(client, published):
    text = text_of(client.get("/en/areas/vnm/"))
    assert "3 of 51 indicators have a figure" in text
    assert "2 of these are by sex or about one sex" in text
    assert "47 indicators without a figure" in text
    assert "1 indicator with a figure, but not by sex" in text
    assert "77.7" not in text
    assert "Not shown" in text


def test_profile_holds_changes_and_gaps_computed_by_hand(client, published):
    text = text_of(client.get("/en/areas/vnm/"))
    assert "21.4 2011 30.8 2017 +9.4 points" in text
    assert "29.5 32.1 2.6 points Men 2017" in text


def test_profile_links_each_indicator_with_the_area_in_focus(client, published):
    body = client.get("/en/areas/vnm/").content.decode()
    assert "/en/indicators/5d/?area=vnm" in body
    assert client.get("/en/indicators/5d/?area=vnm").status_code == 200


def test_files_hold_the_newest_figure_of_each_indicator(client, published):
    answer = client.get("/en/areas/vnm/data.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {(each["INDICATOR"], each["TIME_PERIOD"], each["value"]) for each in rows} == {
        ("5d", "2020", "26.7"), ("8e", "2017", "30.8"), ("7a", "2017", "100.0"),
    }  # fmt: skip
    found = client.get("/en/areas/vnm/data.json").json()
    assert [each["id"] for each in found["tables"]] == [
        "figures", "changes", "women-and-men", "missing",
    ]  # fmt: skip
    missing = {each["INDICATOR"]: each["what"] for each in found["tables"][3]["rows"]}
    assert missing["6a"] == "not shown"
    assert missing["1a"] == "no figure"
    assert b"77.7" not in client.get("/en/areas/vnm/data.json").content
    assert client.get("/en/areas/vnm/data.xlsx").content[:2] == b"PK"


def test_drafts_are_nowhere(client, published):
    published("draft", "5e,VNM,2024,F,99.9,PT,\n", is_released=False)
    for address in ("/en/areas/vnm/", "/en/areas/vnm/data.json", "/en/areas/"):
        content = client.get(address).content
        assert b"99.9" not in content.replace(b"Thailand 99.9", b"")
        assert b"Draft" not in content


def test_unknown_area_is_404_with_suggestions(client, published):
    answer = client.get("/en/areas/vnx/")
    assert answer.status_code == 404
    assert "/en/areas/vnm/" in answer.content.decode()
    assert client.get("/en/areas/vnx/data.csv").status_code == 404


@pytest.mark.parametrize("query", ["set=%00", "set=" + "x" * 5000, "set=none&q=%3Cb%3E", "set[]=1"])
def test_hostile_queries_are_passed_over(client, published, query):
    answer = client.get(f"/en/areas/vnm/?{query}")
    assert answer.status_code == 200
    assert "3 of 51" in text_of(answer)
    assert client.get(f"/en/areas/?q=%3Cscript%3E&{query}").status_code == 200


def test_provinces_stand_within_their_country_and_tell_what_followed(client, send):
    send("provinces", "5d,704,2020,F,26.7,PT,\n5d,VN_24,2020,F,20.5,PT,\n5d,VN_01,2020,F,30,PT,\n")
    text = text_of(client.get("/en/areas/vn_24/"))
    assert "Bac Giang" in text
    assert "Followed by" in text
    assert "30 June 2025" in text
    assert "Bac Giang" in text_of(client.get("/en/areas/vnm/"))


def test_profile_asks_the_database_once(client, published):
    client.get("/en/areas/vnm/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/areas/vnm/")
    assert len(queries) == 1


def test_profile_stands_in_every_language(client, published):
    for code in ("en", "fr", "es", "vi", "ar"):
        body = client.get(f"/{code}/areas/vnm/").content.decode()
        assert f'lang="{code}"' in body
        assert " style=" not in body
