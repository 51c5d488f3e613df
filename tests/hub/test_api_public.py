"""The public API: what is published and nothing else, within limits, cacheable, from any site."""

import gzip
import io
import json
from datetime import UTC, datetime, timedelta

import openpyxl
import polars as pl
import pytest
from django.test import Client
from django.utils import timezone

from everycount.model.appraisal import Appraisal as Answers
from everycount.model.observation import OBSERVATION
from everycount_hub import store
from everycount_hub.actions import appraisals, datasets, releases
from everycount_hub.actions.editions import ask_for_edition
from everycount_hub.api import limits, written
from everycount_hub.api.rest import observations as rest
from everycount_hub.api.throttle import THROTTLE, Throttle
from everycount_hub.edition import read
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Appraisal, Dataset, DatasetVersion, Job, Review

pytestmark = pytest.mark.django_db
API = "/api/v1"
ROWS = [
    ("5a", "704", "F", "2015", 10.0),
    ("5a", "704", "M", "2015", 20.0),
    ("5a", "704", "F", "2020-Q1", 30.5),
    ("5a", "764", "F", "2020", 40.0),
    ("5b", "VN01", "_T", "2019/2021", None),
]


def table(rows=ROWS, **columns):
    usual = {each.id: each.default or None for each in OBSERVATION.components}
    made = [
        {**usual, "INDICATOR": i, "REF_AREA": a, "SEX": s, "TIME_PERIOD": p, "OBS_VALUE": v,
         "UNIT_MEASURE": "PT", **columns}
        for i, a, s, p, v in rows
    ]  # fmt: skip
    return pl.DataFrame(made, schema=dict(OBSERVATION.schema))


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER, settings.PORTAL_FOLDER = tmp_path / "store", tmp_path / "portal"
    THROTTLE.clear()


@pytest.fixture
def publish(make_workspace, make_member):
    """Take a dataset through its life up to a point, and make the edition that shows it."""
    people = {}

    def publish(
        slug="seats", frame=None, *, place="viet-nam", until="release", third_party="",
        is_public=True, metadata=None, **said,
    ):  # fmt: skip
        if place not in people:
            workspace = make_workspace(place, names={"en": "Viet Nam"}, is_public=is_public)
            people[place] = (
                workspace,
                make_member(workspace, "producer"),
                make_member(workspace, "approver", "methodologist", "appraiser"),
            )
        workspace, producer, approver = people[place]
        dataset = Dataset.objects.filter(workspace=workspace, slug=slug).first()
        kind = Dataset.Kind.THIRD_PARTY if third_party else Dataset.Kind.OWN
        if dataset is None:
            about = datasets.Description(
                slug=slug, titles={"en": f"The {slug}"}, kind=kind, licence="CC BY 4.0", **said
            )
            dataset = datasets.create(workspace=workspace, description=about, by=producer)
        source = store.put_source([b"x"], name="x.csv")
        upload = DatasetVersion.Origin.UPLOAD
        sent = datasets.Sent(digest=source.digest, size=1, name="x.csv", origin=upload)
        version = datasets.submit(dataset=dataset, sent=sent, by=producer, reason="better")
        Job.objects.all().delete()
        checked = datasets.Checked(
            figures=store.put_rows([table() if frame is None else frame]),
            metadata=metadata or {}, findings=[], errors=0, warnings=0,
        )  # fmt: skip
        datasets.record_check(version=version, checked=checked)
        if third_party:
            finding = appraisals.Finding(
                outcome=Appraisal.Outcome(third_party), reason="fits",
                expires_on=datetime(2040, 12, 31, tzinfo=UTC).date(),
            )  # fmt: skip
            answers = Answers(
                id=slug, title=slug, producer="", kind="other", risk="low", profile="low"
            )
            appraisals.appraise(version=version, answers=answers, finding=finding, by=approver)
        if until in {"approve", "release", "embargo"}:
            datasets.review(version=version, outcome=Review.Outcome.FIT, by=approver)
            datasets.approve(version=version, by=approver)
        if until in {"release", "embargo"}:
            later = timezone.now() + timedelta(days=1) if until == "embargo" else None
            releases.make(
                workspace=workspace, versions=[version], title="June", by=approver,
                **({"embargoed_until": later} if later else {}),
            )  # fmt: skip
        ask_for_edition()
        work_once()
        version.refresh_from_db()
        return version

    return publish


def get(path, **headers):
    return Client().get(f"{API}{path}", headers=headers)


def told(path, status=200):
    answer = get(path)
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def rows_of(path):
    return pl.read_csv(b"".join(get(path).streaming_content), infer_schema=False)


# ---------------------------------------------------------------- figures


def test_observations_come_with_dataset_source_and_licence(publish):
    publish()
    answer = told("/observations?indicator=5a&area=VNM&sex=F&period=2015..2020")
    first, second = answer["observations"]
    assert (first["TIME_PERIOD"], first["OBS_VALUE"], first["DATASET"]) == (
        "2015", 10.0, "viet-nam/seats",
    )  # fmt: skip
    assert second["TIME_PERIOD"] == "2020-Q1"
    assert first["LICENCE"] == "CC BY 4.0"
    assert first["PRODUCER"] == "Viet Nam"
    about = answer["about"]
    assert about["licences"] == ["CC BY 4.0"]
    assert "The seats. Version 1, released" in about["citation"]
    assert len(about["edition"]) == 64
    assert answer["datasets"][0]["dataset"] == "viet-nam/seats"


@pytest.mark.parametrize("area", ["VNM", "704", "vnm"])
def test_areas_go_by_iso_or_m49_or_own_code(publish, area):
    publish()
    assert {e["REF_AREA"] for e in told(f"/observations?area={area}")["observations"]} == {"704"}
    assert told("/observations?area=VN01")["observations"][0]["OBS_VALUE"] is None
    assert told(f"/areas/{area}")["area"]["iso3"] == "VNM"


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("2015", ["2015", "2015"]),
        ("2020", ["2020", "2020-Q1"]),
        ("2020-Q2..", []),
        ("..2015", ["2015", "2015"]),
        ("2016..2019", ["2019/2021"]),
        ("2020-Q1..2020-Q1", ["2020", "2020-Q1"]),
    ],
)
def test_periods_are_chosen_by_when_they_begin(publish, period, found):
    publish()
    given = told(f"/observations?period={period}")["observations"]
    assert sorted(each["TIME_PERIOD"] for each in given) == found


def test_the_nearest_period_of_each_series_is_found(publish):
    publish(frame=table([
        ("5a", "704", "F", "2012", 1.0), ("5a", "704", "F", "2016", 2.0),
        ("5a", "704", "M", "2013", 3.0), ("5a", "704", "M", "2015", 4.0),
        ("5a", "764", "F", "2001", 5.0),
    ]))  # fmt: skip
    found = told("/observations?period=2014&tolerance=3")["observations"]
    # The earlier of two that are as near.
    assert [(e["SEX"], e["TIME_PERIOD"]) for e in found] == [("F", "2012"), ("M", "2013")]
    assert "one year" in told("/observations?period=2014..2015&tolerance=3", 400)["error"]
    assert told("/observations?period=1900&tolerance=1")["observations"] == []


def test_fields_and_names_are_as_asked_for(publish):
    publish(metadata={"codes": {"REF_AREA": {"VN01": {"en": "Ha Noi", "vi": "Hà Nội"}}}})
    fields = "ISO3,REF_AREA_NAME,OBS_VALUE"
    answer = told(f"/observations?indicator=5b&lang=vi&fields={fields}")
    assert answer["observations"] == [{"ISO3": "", "REF_AREA_NAME": "Hà Nội", "OBS_VALUE": None}]
    wrong = told("/observations?fields=VALUE,SEX", 400)
    assert wrong["problems"][0]["found"] == "'VALUE'"
    assert "OBS_VALUE" in wrong["problems"][0]["expected"]


@pytest.mark.parametrize("format", ["json", "csv"])
def test_pages_are_followed_to_the_end(publish, format):
    publish()
    found, path = [], f"{API}/observations?limit=2&format={format}"
    while path:
        answer = Client().get(path)
        rows = (
            json.loads(answer.content)["observations"]
            if format == "json"
            else pl.read_csv(answer.content).to_dicts()
        )
        found += rows
        link = answer.get("Link", "")
        path = link.partition("<")[2].partition(">")[0]
    assert len(found) == len(ROWS)
    assert len({(e["INDICATOR"], e["REF_AREA"], e["SEX"], e["TIME_PERIOD"]) for e in found}) == 5


def test_a_cursor_of_an_older_edition_or_of_nothing_is_refused(publish):
    publish()
    cursor = told("/observations?limit=2")["next"]
    assert "the text that `next`" in told(f"/observations?sex=F&cursor={cursor}", 400)["error"]
    for wrong in ("x", "%00", "é", "W10", "bnVsbA"):
        assert told(f"/observations?cursor={wrong}", 400)
    publish(slug="births")
    assert "begin again" in told(f"/observations?limit=2&cursor={cursor}", 410)["error"]


@pytest.mark.parametrize("format", [name for name in rest.FORMATS if name != "csv"])
def test_every_format_holds_the_figures(publish, format):
    publish()
    answer = get(f"/observations?format={format}")
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) == len(content)
    if format == "parquet":
        assert pl.read_parquet(io.BytesIO(content)).height == len(ROWS)
    elif format == "excel":
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        assert book["Data"].max_row == len(ROWS) + 1
    else:
        assert b"30.5" in content


def test_files_of_several_datasets_tell_which_is_which(publish):
    publish()
    publish(slug="births")
    answer = get("/observations?format=sdmx-csv")
    found = pl.read_csv(b"".join(answer.streaming_content), infer_schema=False)
    assert set(found["DATASET"]) == {"seats@viet-nam", "births@viet-nam"}
    assert rows_of("/observations?format=csv&dataset=viet-nam/births").height == len(ROWS)


# ---------------------------------------------------------------- what is asked wrongly


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("indicator=zz", 404, "there is no indicator 'zz'"),
        ("area=ZZZ", 404, "no figures of an area 'ZZZ'"),
        ("dataset=a/b", 404, "there is no dataset 'a/b'"),
        ("sex=female", 400, "expected one of F, M"),
        ("indikator=5a", 400, "expected some of activity"),
        ("period=20x0", 400, "such as 2000..2020"),
        ("period=2020..2010", 400, "a first that is not after the last"),
        ("period=9999..", 200, None),
        ("format=doc", 400, "expected one of json, csv"),
        ("format=parquet&limit=2", 400, "json or csv"),
        ("lang=xx", 400, "one of en"),
        ("limit=0", 400, "limit"),
        ("limit=99999999999999999999", 400, "limit"),
        ("tolerance=-1&period=2015", 400, "tolerance"),
        ("area=" + "x," * 1001, 413, "Ask for fewer"),
        ("q=1", 400, "parameter"),
        ("indicator=5a';DROP TABLE x;--", 404, "there is no indicator"),
        ("sex=%F0%9F%98%80", 400, "sex"),
        ("sex=%ff%fe", 400, "sex"),
        ("indicator=%00", 404, "there is no indicator"),
        ("area=../../etc/passwd", 404, "no figures"),
        ("indicator=" + "a" * 5000, 404, "there is no indicator"),
    ],
)
def test_what_is_wrong_is_said_with_its_status(publish, query, status, words):
    publish()
    answer = told(f"/observations?{query}", status)
    if words:
        assert words in answer["error"]
        assert len(answer["error"]) < 2_000


def test_two_things_wrong_are_both_said(publish):
    publish()
    problems = told("/observations?sex=female&period=soon&age=old", 400)["problems"]
    assert {each["where"] for each in problems} == {"sex", "period", "age"}


def test_a_code_that_two_sets_have_must_be_told_apart(publish):
    publish(framework="sdg-gender-index@2019")
    publish(slug="births")
    listed = told("/indicators?q=5a")["entries"]
    slugs = [each["id"] for each in listed if each["code"] == "5a" and each["figures"]]
    assert len(slugs) == 2
    if "5a" not in slugs:
        assert "which several sets have" in told("/observations?indicator=5a", 400)["error"]
    for slug in slugs:
        assert told(f"/observations?indicator={slug}")["count"] == 4


# ---------------------------------------------------------------- nothing but what is published


@pytest.mark.parametrize("until", ["check", "approve", "embargo"])
def test_what_is_not_released_is_nowhere(publish, until):
    publish()
    publish(slug="secret", frame=table([("9z", "840", "F", "2020", 123456.0)]), until=until)
    _demand_absent(b"123456", b"secret", b"9z")


def test_declined_and_members_only_figures_are_nowhere(publish):
    publish()
    declined = table([("9z", "840", "F", "2020", 123456.0)])
    publish(slug="secret", frame=declined, until="check", third_party="declined")
    publish(slug="secret", frame=declined, place="closed", is_public=False)
    _demand_absent(b"123456", b"secret", b"9z")


def _demand_absent(*words):
    paths = [
        "/api/v1/indicators", "/api/v1/areas", "/api/v1/datasets", "/api/v1/releases",
        "/api/v1/observations", "/api/v1/observations?format=csv",
        "/api/v1/observations?format=sdmx-csv", "/sdmx/v2/structure/*?references=all",
        "/sdmx/dataflow", "/sdmx/codelist", "/sdmx/data/ALL_FIGURES",
        "/sdmx/v2/availability/dataflow/EVERYCOUNT/ALL_FIGURES/*/*",
    ]  # fmt: skip
    for path in paths:
        answer = Client().get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, (path, content)
        assert not [word for word in words if word in content], path
    for path in ("/api/v1/observations?indicator=9z", "/api/v1/indicators/9z"):
        assert Client().get(path).status_code == 404


def test_third_party_figures_carry_the_label_of_their_appraisal(publish):
    publish(third_party="context")
    answer = told("/observations")
    labels = {each["APPRAISAL"] for each in answer["observations"]}
    assert len(labels) == 1
    assert labels != {None}
    assert answer["datasets"][0]["labels"][0]["code"] in labels


def test_nothing_published_yet_is_said(client):
    assert told("/observations", 404)["error"] == "nothing is published yet"
    assert told("/limits")["limits"]
    assert told("/openapi.json")["openapi"].startswith("3.")


# ---------------------------------------------------------------- limits


def test_more_rows_than_a_file_may_have_is_refused_with_advice(publish, monkeypatch):
    publish()
    monkeypatch.setattr(written, "ROWS", 3)
    for format in ("csv", "parquet", "sdmx-csv"):
        answer = told(f"/observations?format={format}", 413)
        assert "/api/v1/datasets" in answer["error"]
    monkeypatch.setattr(rest, "ROWS_OF_SERIES", 1)
    assert told("/observations?period=2015&tolerance=1", 413)


def test_large_datasets_are_read_window_by_window(publish, monkeypatch):
    publish()
    whole = [get(f"/observations?sex=F&format={f}") for f in ("csv", "sdmx-csv", "json-stat")]
    before = [b"".join(each.streaming_content) for each in whole]
    monkeypatch.setattr(store, "ROW_GROUP", 2)
    parts = [get(f"/observations?sex=F&format={f}") for f in ("csv", "sdmx-csv", "json-stat")]
    assert [b"".join(each.streaming_content) for each in parts] == before


def test_what_a_format_cannot_hold_is_refused_with_its_words(publish, monkeypatch):
    from everycount.io.exporters import json_stat

    publish()
    monkeypatch.setattr(json_stat, "CELLS", 1)
    assert "write fewer indicators" in told("/observations?format=json-stat", 413)["error"]


def test_who_asks_too_often_is_asked_to_wait(publish, settings):
    publish()
    settings.API_ALLOWANCE = (0.5, 3)
    assert [get("/areas").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = get("/areas")
    assert 0 < int(answer["Retry-After"]) <= 2
    assert answer["Access-Control-Allow-Origin"] == "*"
    other = Client().get(f"{API}/areas", REMOTE_ADDR="10.1.2.3")
    assert other.status_code == 200


def test_a_bucket_fills_with_time_and_strangers_are_forgotten(monkeypatch):
    from everycount_hub.api import throttle

    now = [0.0]
    one = Throttle(clock=lambda: now[0])
    assert [one.wait("a", 2.0, 2) for _ in range(3)] == [0.0, 0.0, 0.5]
    now[0] = 0.5
    assert one.wait("a", 2.0, 2) == 0.0
    monkeypatch.setattr(throttle, "MOST", 2)
    one.wait("b", 2.0, 2)
    one.wait("c", 2.0, 2)  # nobody's bucket is full: the older half goes
    now[0] = 100.0
    one.wait("d", 2.0, 2)
    assert one.wait("a", 2.0, 2) == 0.0


def test_files_wait_for_their_turn(publish, monkeypatch):
    publish()
    monkeypatch.setattr(written, "PATIENCE", 0.01)
    for _ in range(limits.FILES_AT_ONCE):
        written.WRITING.acquire()
    try:
        answer = get("/observations?format=parquet")
    finally:
        for _ in range(limits.FILES_AT_ONCE):
            written.WRITING.release()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert b"".join(get("/observations?format=parquet").streaming_content)


def test_a_long_address_is_refused(publish):
    publish()
    assert get("/areas?q=" + "x" * limits.ADDRESS).status_code == 414


def test_the_limits_are_told(publish):
    known = {each["name"]: each["value"] for each in told("/limits")["limits"]}
    assert known["rows"] == limits.ROWS
    assert {"largest_page", "requests_per_second", "address"} <= set(known)


# ---------------------------------------------------------------- caches, browsers, HEAD


def test_an_answer_is_named_by_its_edition_and_not_sent_twice(publish):
    publish()
    first = get("/areas")
    assert first["Cache-Control"] == f"public, max-age={limits.MAX_AGE}"
    again = get("/areas", if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert get("/areas?q=x", if_none_match=first["ETag"]).status_code == 200
    publish(slug="births")
    assert get("/areas", if_none_match=first["ETag"]).status_code == 200


def test_answers_are_compressed_for_those_who_take_it(publish):
    publish()
    plain = get("/observations")
    packed = get("/observations", accept_encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    file = get("/observations?format=sdmx-csv", accept_encoding="gzip")
    assert b"seats" not in (content := b"".join(file.streaming_content))
    assert gzip.decompress(content).startswith(b"STRUCTURE,")
    assert "Accept-Encoding" in packed["Vary"]


@pytest.mark.parametrize("path", ["/areas", "/observations?format=parquet", "/indicators/nothing"])
def test_head_tells_what_get_would(publish, path):
    publish()
    got, head = get(path), Client().head(f"{API}{path}")
    assert got.content if not got.streaming else b"".join(got.streaming_content)
    assert head.status_code == got.status_code
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.get(name) == got.get(name)


def test_pages_of_other_sites_may_read_but_nobody_may_write(publish):
    publish()
    asked = Client().options(f"{API}/areas")
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert get("/areas")["Access-Control-Allow-Origin"] == "*"
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(Client(), method)(f"{API}/areas")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    elsewhere = Client().get("/accounts/login/")
    assert not elsewhere.has_header("Access-Control-Allow-Origin")


# ---------------------------------------------------------------- lists and single things


def test_lists_are_filtered_and_paged(publish):
    publish(framework="sdg-gender-index@2019")
    assert told("/indicators?area=THA&fields=id")["entries"] == [{"id": "5a"}]
    assert told("/indicators?framework=sdg-gender-index&limit=1")["next"]
    assert told("/indicators?framework=other")["entries"] == []
    grouped = told("/indicators?group=5&fields=group")["entries"]
    assert {each["group"] for each in grouped} == {"5"}
    assert told("/indicators?q=PARLIAMENT")["count"] == 1
    assert told("/areas?q=việt")["entries"][0]["name"] == "Viet Nam"
    assert told("/areas?lang=vi&q=viet")["entries"][0]["name"] == "Việt Nam"
    assert "some of id" in told("/areas?fields=size", 400)["error"]
    assert told("/frameworks")["entries"][0]["id"] == "sdg-gender-index@2019"
    assert told("/frameworks/sdg-gender-index@2019")["framework"]["groups"]
    assert told("/frameworks/none@1", 404)


def test_single_things_are_told_whole(publish):
    publish(framework="sdg-gender-index@2019")
    one = told("/indicators/5a")["indicator"]
    assert one["definition"]["key"] == "5a"
    assert one["sources"][0]["citation"]
    assert told("/areas/VNM")["area"]["with_figures"] == ["5a"]
    dataset = told("/datasets/viet-nam/seats")["dataset"]
    assert dataset["history"][0]["number"] == 1
    assert "format=parquet" in dataset["files"]["parquet"]
    assert told("/releases/viet-nam/1")["release"]["lines"][0]["dataset"] == "seats"
    for path in ("/datasets/viet-nam/x", "/releases/viet-nam/9", "/indices/a/b", "/policies/a/b"):
        assert "there is no" in told(path, 404)["error"]


def test_a_withdrawn_dataset_is_a_tombstone_without_figures(publish):
    version = publish()
    datasets.withdraw(version=version, reason="wrong", by=version.submitted_by, keep_file=True)
    ask_for_edition()
    work_once()
    assert told("/datasets/viet-nam/seats")["dataset"]["withdrawn"]["reason"] == "wrong"
    assert "was withdrawn: wrong" in told("/observations?dataset=viet-nam/seats", 404)["error"]
    assert told("/observations")["observations"] == []


def test_the_page_for_trying_has_no_script_in_it(client):
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert client.get("/api/docs/swagger-ui-bundle.js").status_code in {200, 301, 404}
    assert client.get("/api/docs/swagger-ui.css")["Content-Type"] == "text/css"
    assert client.get("/api/docs/secrets.js").status_code == 404


# ---------------------------------------------------------------- indices and policies

VERDICT = {"headline": "Neighbours are not told apart.", "light": "watch", "method": {"id": "m"}}
SCORES = (
    "unit,period,node,level,score,rank,coverage,status,band,missing,note\n"
    "NA,2020,index,1,50.5,1,1.0,scored,Fair,,\n"
    "004,2020,index,1,,,0.5,too_few,,,few\n"
)
RANKS = "unit,period,node,nominal,q05,q95,outside\nNA,2020,index,1.0,1.0,3.0,false\n"


@pytest.fixture
def show_index(monkeypatch):
    """Let the edition have an index whose bundle is given."""
    from everycount_hub.api.rest import indices
    from everycount_hub.edition.nouns import PublishedDataset, PublishedVersion

    version = PublishedVersion(
        number=1, digest="0" * 64, reason="", released_at="2026-01-02T00:00:00+00:00",
        is_withdrawn=False,
    )  # fmt: skip
    dataset = PublishedDataset(
        workspace="viet-nam", slug="rank", titles={"en": "Rank"}, content="index", kind="own",
        framework="", producer={}, licence="", source_url="", number=1, versions=(version,),
        digest="0" * 64, metadata={"units": 2},
    )  # fmt: skip
    files = {
        "audit/verdict.json": json.dumps(VERDICT).encode(),
        "scores.csv": SCORES.encode(),
        "audit/ranks.csv": RANKS.encode(),
    }

    def show():
        monkeypatch.setattr(
            read.Edition,
            "of_content",
            lambda self, content: (dataset,) if content == "index" else (),
        )
        monkeypatch.setattr(read.Edition, "bundle", lambda self, dataset: files)
        monkeypatch.setattr(read.Edition, "datasets", {dataset.key: dataset})
        indices.table.cache_clear()
        read.open_edition.cache_clear()

    yield show
    indices.table.cache_clear()
    read.open_edition.cache_clear()


def test_an_index_comes_with_ranks_intervals_and_verdict(publish, show_index):
    publish()
    show_index()
    assert told("/indices")["entries"][0]["headline"] == VERDICT["headline"]
    found = told("/indices/viet-nam/rank")["index"]
    assert found["verdict"] == VERDICT
    first, second = found["scores"]
    assert (first["unit"], first["score"], first["rank"]) == ("NA", 50.5, 1.0)
    assert (second["unit"], second["score"], second["note"]) == ("004", None, "few")
    assert (found["ranks"][0]["q95"], found["ranks"][0]["outside"]) == (3.0, False)
    some = told("/indices/viet-nam/rank?node=index&unit=004")["index"]
    assert [each["unit"] for each in some["scores"]] == ["004"]
    assert some["ranks"] == []


def test_a_policy_review_shows_what_people_accepted(publish, monkeypatch):
    from everycount.model.issue import Decision, Issue
    from everycount_hub.api.rest import policies
    from everycount_hub.edition.read import open_edition
    from everycount_hub.queries.editions import current_edition

    publish()
    edition = open_edition(current_edition().digest)
    agreed = Decision(status="accepted", by="An")
    issue = Issue(id="i1", passage="1", action="Count women.", decision=agreed)

    class Review:
        accepted, accepted_links = (issue,), ()

        class policy:  # noqa: N801
            language, clauses = "en", ()

    monkeypatch.setattr(policies, "parse_review", lambda content, *, subject: Review)
    monkeypatch.setattr(read.Edition, "bundle", lambda self, dataset: {policies.FILE: b""})
    (dataset,) = edition.datasets.values()
    found = policies.whole(edition, dataset, "en")
    assert found["issue_list"][0]["action"] == "Count women."
    assert "An" not in json.dumps(found)
