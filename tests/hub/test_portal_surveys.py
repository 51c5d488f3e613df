"""Pages of surveys: what the table publishes, and never a hidden cell, whatever is asked."""

import io
import json
import zipfile

import pytest

from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace
from everycount_hub.portal.surveys.asking import telling_of
from everycount_hub.portal.surveys.opened import survey_of
from everycount_hub.queries.editions import current_edition

pytestmark = pytest.mark.django_db
PAGE = "/en/surveys/viet-nam/sent/"
SECRET = "0.123987"
DESIGN = b"""
title = "Survey of homes <b>"
area = "VNM"
period = "2024"
source = "An office"
[sampling]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
label = "Residence"
levels = [
  { code = "R", label = "Rural", values = [1] },
  { code = "U", label = "Urban", values = [2] },
]
[[characteristics]]
name = "wealth"
label = "Wealth"
column = "score"
cut = { groups = 5 }
[[outcomes]]
name = "internet"
label = "Women who used the internet"
yes = [1]
no = [2]
[[outcomes]]
name = "violence"
label = "Women who suffered violence"
direction = "barrier"
yes = [1]
no = [2]
[[outcomes]]
name = "years"
statistic = "mean"
label = "Years of schooling"
unit = "years"
"""
HEAD = "outcome,statistic,urban,wealth,estimate,std_error,ci_low,ci_high,n,flag,other\n"
ESTIMATES = (
    HEAD
    + f"""internet,proportion,_T,_T,0.5312,0.01,0.51,0.55,900,,
internet,proportion,R,_T,0.40,0.01,0.38,0.42,500,,
internet,proportion,U,_T,0.66,0.01,0.64,0.68,400,,
internet,proportion,_T,Q1,0.2,0.01,0.18,0.22,200,,
internet,proportion,_T,Q5,0.8,0.01,0.78,0.82,100,,
internet,proportion,R,Q1,0.15,0.01,0.13,0.17,150,,
internet,proportion,R,Q5,0.7,0.05,0.6,0.8,30,caution,
internet,proportion,U,Q1,{SECRET},0.01,0.11,0.13,9,not_shown,{SECRET}
internet,proportion,U,Q5,0.9,0.01,0.88,0.92,90,,
violence,proportion,_T,_T,0.21,0.01,0.19,0.23,900,,
violence,proportion,R,_T,0.3,0.01,0.28,0.32,500,,
violence,proportion,U,_T,0.1,0.01,0.08,0.12,400,,
years,mean,_T,_T,8,,,,900,,
years,mean,R,_T,7,,,,500,,
years,mean,U,_T,9,,,,400,,
"""
).encode()
COLUMNS = "outcome,statistic,urban,wealth,against_urban,against_wealth,difference,ci_low,ci_high"
DIFFERENCES = f"""{COLUMNS},p_adjusted
internet,proportion,U,_T,R,_T,0.26,0.23,0.29,0.0001
internet,proportion,U,Q1,R,Q1,{SECRET},0.1,0.2,0.5
violence,proportion,U,_T,R,_T,-0.2,-0.23,-0.17,0.2
""".encode()
TRACE = {
    "title": "Survey of homes <b>",
    "rows": 1000,
    "sampling": {"units": 60, "strata": 12, "variance": "linearisation"},
    "rules": {"reliability": {"title": "DHS", "source": "Guide"}},
    "excluded": [{"subject": "internet", "reason": "not known", "rows": 7}],
    "joined": [{"characteristic": "wealth", "levels": ["Q1", "Q2"]}],
}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


def zipped(**changed):
    files = {
        "survey.toml": DESIGN,
        "estimates.csv": ESTIMATES,
        "estimates.trace.json": json.dumps(TRACE).encode(),
        "differences.csv": DIFFERENCES,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in {**files, **changed}.items():
            if content is not None:
                made.writestr(name, content)
    return packed.getvalue()


@pytest.fixture
def publish(workspace, make_user):
    """Publish a survey of the workspace Viet Nam."""
    Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
    workspace.refresh_from_db()
    author, chief = make_user(), make_user()

    def publish(**changed):
        described = datasets.Description(
            slug="sent",
            titles={"en": "Survey of homes"},
            kind=Dataset.Kind.OWN,
            content=Dataset.Content.SURVEY,
        )
        dataset = datasets.create(workspace=workspace, description=described, by=author)
        stored = store.put_source([zipped(**changed)], name="survey.zip")
        sent = datasets.Sent(
            digest=stored.digest,
            size=stored.size,
            name="survey.zip",
            origin=DatasetVersion.Origin.UPLOAD,
        )
        version = datasets.submit(dataset=dataset, sent=sent, by=author)
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=chief)
        datasets.approve(version=version, by=chief)
        releases.make(workspace=workspace, versions=[version], title="Survey", by=chief)
        work_once()
        return version

    return publish


def test_page_tells_figure_interval_and_design(client, publish):
    publish()
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Women who used the internet: 53.1\xa0% (95\xa0% interval 51.0 to 55.0)." in page.text
    assert "Lowest: Poorest fifth, 20.0\xa0%. Highest: Richest fifth, 80.0\xa0%." in page.text
    for words in ("Sampled units", "60", "Strata", "Rows left out", "not known", "DHS. Guide"):
        assert words in page.text
    assert "Simulated" not in page.text
    assert "Survey of homes <b>" not in page.text
    assert 'class="chart chart-w"' in page.text
    assert 'class="chart chart-n"' in page.text


def test_crossing_hides_and_brackets(client, publish):
    publish()
    page = client.get(f"{PAGE}?outcome=internet&by=urban&and=wealth")
    assert "(70.0)" in page.text
    assert "not shown" in page.text
    assert "1 cell is not shown" in page.text
    assert "Richest fifth" in page.text


@pytest.mark.parametrize("query", ["", "?by=urban&and=wealth", "?by=wealth&and=urban"])
@pytest.mark.parametrize("name", ["", "data.csv", "data.json", "data.xlsx"])
def test_hidden_cells_are_in_no_page_and_no_file(client, publish, query, name):
    publish()
    answer = client.get(f"{PAGE}{name}{query}")
    assert answer.status_code == 200
    content = answer.content
    if name == "data.xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(each) for each in book.namelist())
    for secret in (SECRET, "12.4", "0.11,0.13"):
        assert secret.encode() not in content
    if name == "data.json":
        tables = {each["id"]: each["rows"] for each in json.loads(content)["tables"]}
        (hidden,) = [row for row in tables["estimates"] if row["flag"] == "not_shown"]
        assert {key for key, value in hidden.items() if value is not None} == {
            "outcome", "statistic", "urban", "wealth", "flag",
        }  # fmt: skip
        assert len(tables["differences"]) == 1


def test_twin_has_the_cells_of_the_view(client, publish):
    publish()
    answer = client.get(f"{PAGE}data.csv?outcome=violence&by=urban")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["R", "U"]
    assert lines[1].startswith("violence,proportion,R,_T,0.3,")


def test_barrier_has_its_high_end_behind(client, publish):
    publish()
    page = client.get(f"{PAGE}?outcome=violence").text
    row = page[page.index("Groups furthest apart") :]
    assert row.index("Rural") < row.index("Urban")
    assert "−20</span>" in row
    assert "Furthest behind of all groups by one or two circumstances: Rural, 30\xa0%." in page


def test_no_more_digits_than_the_table_publishes(client, publish):
    publish()
    assert "Women who suffered violence: 21\xa0%" in client.get(f"{PAGE}?outcome=violence").text
    assert "Years of schooling: 8\xa0years." in client.get(f"{PAGE}?outcome=years").text


def test_no_differences_no_furthest(client, publish):
    publish(**{"differences.csv": None})
    page = client.get(PAGE).text
    assert 'id="behind"' not in page


@pytest.mark.parametrize(
    "query",
    [
        "?outcome=%3Cscript%3Ealert(1)%3C/script%3E",
        "?outcome=internet&by=estimate&and=flag",
        "?by=urban&and=urban",
        "?by=%00&and=../../..",
        "?by=_T&and=" + "x" * 5000,
        "?outcome=&by=&and=&outcome=1",
    ],
)
def test_hostile_query_shows_what_there_is(client, publish, query):
    publish()
    page = client.get(PAGE + query)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "Women who used the internet" in page.text


@pytest.mark.parametrize(
    "path", ["viet-nam/none/", "none/sent/", "viet-nam/sent/data.pdf", "viet-nam/sent/files/"]
)
def test_unknown_is_not_found(client, publish, path):
    publish()
    assert client.get(f"/en/surveys/{path}").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "es", "vi", "ar"])
def test_every_language(client, publish, language):
    publish()
    page = client.get(f"/{language}/surveys/viet-nam/sent/?by=urban&and=wealth")
    assert page.status_code == 200
    assert (
        "66,0" if language in ("fr", "es", "vi") else "(70.0)"
    ) in page.text or "70,0" in page.text
    assert client.get(f"/{language}/surveys/").status_code == 200


def test_list_and_its_files(client, publish):
    publish()
    assert "53.1" in client.get("/en/surveys/").text
    rows = json.loads(client.get("/en/surveys/data.json").content)["tables"][0]["rows"]
    assert [(each["survey"], each["outcomes"], each["period"]) for each in rows] == [
        ("sent", 3, "2024")
    ]


@pytest.mark.parametrize(
    "said", [b'area = "XXX"', b'area = "VNM"\nreliability = "none"\nsource2 = ""']
)
def test_made_up_data_say_so(client, publish, said):
    if b"source2" in said:
        design = DESIGN.replace(b"An office", b"An office, simulated")
    else:
        design = DESIGN.replace(b'area = "VNM"', said)
    publish(**{"survey.toml": design})
    assert "Simulated data: no real country, no real people." in client.get(PAGE).text


def test_faulty_shares_are_not_drawn(client, publish):
    publish(**{"estimates.csv": ESTIMATES.replace(b"0.66", b"1.66")})
    page = client.get(f"{PAGE}?by=urban")
    assert page.status_code == 200
    assert 'class="chart ' not in page.text


def test_no_estimates_at_all(client, publish):
    publish(**{"estimates.csv": HEAD.encode()})
    assert client.get(PAGE).status_code == 404
    assert "No estimates" in client.get("/en/surveys/").text


def test_withdrawn_is_gone(client, publish, make_user):
    version = publish()
    datasets.withdraw(version=version, reason="Wrong weights", by=make_user(), keep_file=True)
    work_once()
    page = client.get(PAGE)
    assert page.status_code == 410
    assert "Wrong weights" in page.text
    assert "53.1" not in page.text
    assert client.get(f"{PAGE}data.csv").status_code == 404
    assert "Withdrawn" in client.get("/en/surveys/").text


def test_levels_and_crossings_of_the_table(publish):
    from everycount.language.language import language

    publish()
    edition = current_edition()
    dataset = edition.datasets["viet-nam/sent"]
    survey = survey_of(dataset)
    assert survey.crossings == {("urban", "wealth")}
    assert list(survey.levels("wealth")) == ["Q1", "Q5"]
    telling = telling_of(
        edition, dataset, language("en"), outcome="internet", by="wealth", also="urban"
    )
    assert telling.names == ("wealth", "urban")
    hidden = [each for each in telling.cells if each.is_hidden]
    assert [each.levels for each in hidden] == [("Q1", "U")]
    assert hidden[0].n is None
