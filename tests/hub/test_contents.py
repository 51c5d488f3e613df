"""What is published besides figures: read, built, refused with every fault, kept as a bundle."""

import io
import json
import zipfile

import pytest

from everycount.errors import InputError
from everycount.io.sample import sample_path
from everycount_hub import store
from everycount_hub.actions import datasets
from everycount_hub.contents import MAKERS, Expected, archive, maker
from everycount_hub.contents import index as index_content
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


def zipped(files, folder=""):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in files.items():
            made.writestr(f"{folder}{name}", content)
    return packed.getvalue()


def index_files():
    from everycount.io.methods import read_method

    files = {
        name: sample_path(name).read_bytes()
        for name in ("observations.csv", "units.csv", "sources.csv")
    }
    return {**files, "method.toml": read_method("sdg-gender-index-2019-open").content}


@pytest.fixture
def send(workspace, make_user):
    """Send a file as the first version of a dataset with a content, and have it checked."""

    def send(content, sent, name):
        author = make_user()
        dataset = datasets.create(
            workspace=workspace,
            description=datasets.Description(
                slug="sent",
                titles={"en": "Sent"},
                kind=Dataset.Kind.OWN,
                content=Dataset.Content(content),
            ),
            by=author,
        )
        stored = store.put_source([sent], name=name)
        version = datasets.submit(
            dataset=dataset,
            sent=datasets.Sent(
                digest=stored.digest,
                size=stored.size,
                name=name,
                origin=DatasetVersion.Origin.UPLOAD,
            ),
            by=author,
        )
        assert work_once() == 1
        version.refresh_from_db()
        return version

    return send


def faults(version):
    return [
        (each["where"], each["found"])
        for finding in version.findings
        for each in finding["examples"]
    ]


def files_of(version):
    return archive.unpack(store.bundle_path(version.digest))


def test_every_content_but_figures_has_a_maker():
    assert set(MAKERS) == set(Dataset.Content) - {Dataset.Content.FIGURES}
    assert all(callable(maker(name)) for name in MAKERS)


def test_framework(send):
    from everycount.io.frameworks import SHIPPED

    sent = (SHIPPED / "un-minimum-set-2021.toml").read_bytes()
    version = send("framework", sent, "set.toml")
    assert version.state == "checked"
    assert version.metadata["reference"] == "un-minimum-set@2021"
    assert files_of(version) == {"framework.toml": sent}


def test_framework_with_faults(send):
    version = send("framework", b'id = "No Good"\nversion = "1"\n', "set.toml")
    assert version.state == "faulty"
    assert version.digest == ""
    assert ("title", "nothing") in [(where.partition(",")[0], f) for where, f in faults(version)]


def test_handbook_without_what_names_persons(send):
    handbook = {
        "format": "everycount-handbook/1",
        "id": "book",
        "version": "1",
        "title": {"en": "Book"},
        "framework": "un-minimum-set@2021",
        "entries": [
            {
                "indicator": "I.1",
                "fields": {
                    "concept": {"en": {"text": "What it is."}},
                    "contact_name": {"": {"text": "Nguyễn Thị An"}},
                },
            }
        ],
    }
    version = send("handbook", json.dumps(handbook).encode(), "book.json")
    assert version.state == "checked", faults(version)
    kept = files_of(version)["handbook.json"].decode()
    assert "What it is." in kept
    assert "Nguyễn" not in kept
    assert version.metadata["entries"] == 1


def test_policy(send):
    sent = sample_path("policy/viet-nam.review.json").read_bytes()
    version = send("policy", sent, "review.json")
    assert version.state == "checked"
    assert version.metadata["issues"] > 10
    assert list(files_of(version)) == ["review.json"]


def test_index_is_built_and_audited_here(send):
    version = send("index", zipped(index_files(), folder="my index/"), "index.zip")
    assert version.state == "checked", faults(version)
    files = files_of(version)
    assert {"scores.csv", "result.json", "method.toml", "audit/verdict.json"} <= set(files)
    run = index_content.rebuild(files)
    assert run.result.scores().filter(node="index", unit="VNM")["rank"].item() == 52
    assert version.metadata["files"] == sorted(files)
    assert version.row_count is None


def test_index_that_cannot_be_built(send):
    files = index_files()
    files["observations.csv"] = b"REF_AREA,INDICATOR,TIME_PERIOD,SEX,OBS_VALUE\nVNM,1a,2016,_T,x\n"
    version = send("index", zipped(files), "index.zip")
    assert version.state == "faulty"
    assert any("'x'" in found or found == "x" for _where, found in faults(version))


def test_index_whose_method_cannot_be_applied(send):
    files = index_files()
    files["observations.csv"] = (
        b"REF_AREA,INDICATOR,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE,OBS_STATUS,NATURE,SOURCE,"
        b"COMMENT_OBS\n"
    )
    version = send("index", zipped(files), "index.zip")
    assert version.state == "faulty"
    assert faults(version)


def test_archive_tells_every_fault(tmp_path):
    place = tmp_path / "a.zip"
    place.write_bytes(zipped({"odd.exe": b"", "units.csv": b""}))
    with pytest.raises(InputError) as error:
        archive.read_archive(place, "a.zip", index_content.EXPECTED)
    assert [each.where for each in error.value.problems] == [
        "method.toml",
        "observations.csv",
        "odd.exe",
    ]


def test_archive_too_long_or_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST", 3)
    place = tmp_path / "a.zip"
    with zipfile.ZipFile(place, "w") as made:
        made.writestr("a", b"1234")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("a", b"5678")
    with pytest.raises(InputError) as error:
        archive.read_archive(place, "a.zip", Expected(required=("a",)))
    assert [each.where for each in error.value.problems] == ["size", "a"]


@pytest.mark.parametrize("sent", [b"", b"PK\x03\x04 broken", b"text"])
def test_archive_that_is_none(tmp_path, sent):
    place = tmp_path / "a.zip"
    place.write_bytes(sent)
    with pytest.raises(InputError, match="a zip file with method"):
        archive.read_archive(place, "a.zip", index_content.EXPECTED)


def test_pack_depends_on_the_files_alone():
    assert archive.pack({"b": b"2", "a": b"1"}) == archive.pack({"a": b"1", "b": b"2"})


SURVEY = {
    "survey.toml": sample_path("survey.toml").read_bytes(),
    "estimates.csv": b"outcome,statistic,urban,estimate,std_error,ci_low,ci_high,n,flag\n"
    b"internet,proportion,URBAN,0.5,0.01,0.48,0.52,900,\n",
}


def test_survey(send):
    import tomllib

    title = tomllib.loads(SURVEY["survey.toml"].decode())["title"]
    trace = json.dumps({"title": title, "rows": 900}).encode()
    version = send("survey", zipped({**SURVEY, "estimates.trace.json": trace}), "s.zip")
    assert version.state == "checked", faults(version)
    assert version.metadata["estimates"] == 1
    assert version.metadata["rows"] == 900


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"estimates.csv": b"outcome,estimate\nnobody,1\n"}, "estimates.csv, column statistic"),
        ({"estimates.csv": b"outcome,estimate\nnobody,1\n"}, "estimates.csv, column outcome"),
        ({"estimates.csv": b""}, "estimates.csv"),
        ({"estimates.trace.json": b"{}"}, "estimates.trace.json"),
        ({"estimates.trace.json": b"[]"}, "estimates.trace.json"),
        ({"estimates.trace.json": b"{"}, "estimates.trace.json"),
        ({"estimates.csv": b"estimate\n1\n"}, "estimates.csv, column outcome"),
    ],
)
def test_survey_with_faults(send, changed, where):
    files = {**SURVEY, "estimates.trace.json": b"{}", **changed}
    version = send("survey", zipped(files), "s.zip")
    assert version.state == "faulty"
    assert where in [place for place, _found in faults(version)]


def test_file_that_is_gone_from_the_store(send, workspace):
    from everycount.errors import NotFound
    from everycount_hub.jobs.bundles import check_bundle

    version = send("framework", b"no framework", "set.toml")
    store.source_path(version.source, version.source_name).unlink()
    DatasetVersion.objects.filter(pk=version.pk).update(state="submitted")
    with pytest.raises(NotFound, match="not in the store"):
        check_bundle(lambda *_: None, version=version.pk)
    DatasetVersion.objects.filter(pk=version.pk).update(state="faulty")
    assert check_bundle(lambda *_: None, version=version.pk)() == {"state": "faulty"}
