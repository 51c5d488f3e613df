"""Figures fetched from a service: the guard, the job, the file of answers, and the page."""

import json
import re
from datetime import timedelta

import httpx2
import pytest
from django.test import Client
from django.utils import timezone

from everycount.errors import InputError, NotFound
from everycount.io.fetching.query import Query
from everycount_hub import answers, environment, outgoing, queue, store
from everycount_hub.actions import datasets, memberships
from everycount_hub.jobs import fetching
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Job

pytestmark = pytest.mark.django_db
PLACE = "/workspaces/viet-nam/"
FETCH = f"{PLACE}datasets/seats/fetch/"
ASKED = {"service": "world-bank", "codes": "SG.GEN.PARL.ZS", "areas": "VNM"}


def world_bank(page: int, pages: int = 2, value: float = 26.7) -> bytes:
    about = {"page": page, "pages": pages, "per_page": 1, "total": pages, "sourceid": "2"}
    row = {
        "indicator": {"id": "SG.GEN.PARL.ZS", "value": "Seats held by women"},
        "country": {"id": "VN", "value": "Viet Nam"},
        "countryiso3code": "VNM",
        "date": str(2015 + page),
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }
    return json.dumps([about, [row]]).encode()


class Service:
    """A service that answers by a function, and counts."""

    def __init__(self):
        self.asked = []
        self.answer = lambda request: httpx2.Response(
            200, content=world_bank(int(request.url.params.get("page", "1")))
        )

    def __call__(self, request):
        self.asked.append(request)
        return self.answer(request)


@pytest.fixture
def service(monkeypatch):
    """A fake of the network behind the guard, which is the real one."""
    service = Service()

    def carrier():
        return outgoing.Guard(
            httpx2.MockTransport(service), resolve=lambda _host: ["93.184.216.34"]
        )

    monkeypatch.setattr(outgoing, "carrier", carrier)
    monkeypatch.setattr(fetching, "_sleeping", lambda _say: lambda _seconds: None)
    return service


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.FETCH_FOLDER = tmp_path / "fetching"
    settings.FETCH_HOSTS = frozenset({"sdmx.example.org"})


@pytest.fixture
def producer(workspace, make_member):
    return make_member(workspace, "producer")


@pytest.fixture
def client(producer):
    client = Client()
    client.force_login(producer)
    return client


@pytest.fixture
def dataset(workspace, producer):
    about = datasets.Description(slug="seats", titles={"en": "Seats"}, kind=Dataset.Kind.OWN)
    return datasets.create(workspace=workspace, description=about, by=producer)


def text_of(answer) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'").replace("&quot;", '"'))


# ---------------------------------------------------------------- from the page to the figures


def test_fetch_becomes_a_version_that_was_checked(client, dataset, service):
    answer = client.post(FETCH, ASKED)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    work_once()
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"version": 1, "answers": 2}), job.error
    version = DatasetVersion.objects.get()
    assert (version.origin, version.state, version.row_count) == ("fetch", "checked", 2)
    assert version.source_name == "world-bank-SG.GEN.PARL.ZS.answers.zip"
    table = store.scan(version.digest).collect()
    assert table.select("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE").rows() == [
        ("SG.GEN.PARL.ZS", "704", "2016", 26.7),
        ("SG.GEN.PARL.ZS", "704", "2017", 26.7),
    ]
    assert version.metadata["origins"][0]["producer"] == "World Bank"
    assert len(service.asked) == 2
    assert service.asked[0].url.host == "93.184.216.34"
    assert service.asked[0].headers["host"] == "api.worldbank.org"
    assert service.asked[0].extensions["sni_hostname"] == "api.worldbank.org"


def test_fetched_figures_are_checked_again_without_the_service(client, dataset, service):
    client.post(FETCH, ASKED)
    work_once()
    version = DatasetVersion.objects.get()
    DatasetVersion.objects.update(state="faulty")
    service.answer = lambda _request: httpx2.Response(500)
    client.post(f"{PLACE}datasets/seats/1/check/")
    work_once()
    again = DatasetVersion.objects.get()
    assert (again.state, again.digest) == ("checked", version.digest)
    assert len(service.asked) == 2


def test_fetch_that_stops_is_tried_later_and_goes_on(client, dataset, service):
    usual = service.answer

    def busy(request):
        if request.url.params["page"] == "2":
            return httpx2.Response(503)
        return usual(request)

    service.answer = busy
    client.post(FETCH, ASKED)
    work_once()
    job = Job.objects.get()
    assert job.state == "queued"
    assert "503" in job.error
    assert job.run_at > timezone.now()
    service.answer = usual
    service.asked.clear()
    Job.objects.update(run_at=timezone.now())
    work_once()
    assert DatasetVersion.objects.get().row_count == 2
    assert [request.url.params["page"] for request in service.asked] == ["2"]


def test_fetch_asked_again_asks_the_service_again(client, dataset, service):
    client.post(FETCH, ASKED)
    work_once()
    answer = client.post(FETCH, ASKED)
    assert answer.status_code == 422
    assert "Why there is a new version" in text_of(answer)
    client.post(FETCH, {**ASKED, "reason": "Monthly update"})
    work_once()
    assert len(service.asked) == 4
    assert DatasetVersion.objects.get(number=2).reason == "Monthly update"


def test_fetch_is_cancelled_between_pages(client, dataset, service):
    usual = service.answer

    def cancelling(request):
        queue.cancel(Job.objects.get())
        return usual(request)

    service.answer = cancelling
    client.post(FETCH, ASKED)
    work_once()
    assert Job.objects.get().state == "cancelled"
    assert len(service.asked) == 1
    assert not DatasetVersion.objects.exists()


def test_fetch_of_what_the_service_does_not_have(client, dataset, service, producer):
    words = [{"message": [{"id": "120", "value": "Invalid indicator"}]}]
    service.answer = lambda _request: httpx2.Response(200, json=words)
    client.post(FETCH, ASKED)
    work_once()
    job = Job.objects.get()
    assert job.state == "failed"
    assert "Invalid indicator" in job.error
    assert producer.notifications.filter(verb="job.failed").exists()


def test_fetch_by_somebody_who_may_no_longer_send(client, dataset, service, producer):
    client.post(FETCH, ASKED)
    memberships.end(membership=producer.memberships.get(), by=None)
    work_once()
    assert "may no longer send figures" in Job.objects.get().error
    assert not DatasetVersion.objects.exists()


def test_fetch_one_at_a_time(client, dataset):
    client.post(FETCH, ASKED)
    answer = client.post(FETCH, ASKED)
    assert answer.status_code == 422
    assert "are being fetched already" in text_of(answer)


def test_sdmx_service_of_the_older_standard_is_read_again_from_its_file(client, dataset, service):
    text = b"DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\nA:B(1.0),5a,VNM,2020,3\n"

    def older(request):
        is_newer = "/data/dataflow/" in request.url.path
        return httpx2.Response(404) if is_newer else httpx2.Response(200, content=text)

    service.answer = older
    address = "https://sdmx.example.org/rest"
    given = {"service": "sdmx", "codes": "A,B,1.0", "address": address, "key": "A..F"}
    client.post(FETCH, given)
    work_once()
    version = DatasetVersion.objects.get()
    assert version.row_count == 1, version.findings
    assert version.metadata["origins"][0]["url"] == address


# ---------------------------------------------------------------- the guard


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://sdmx.example.org/rest", "an address that begins with https://"),
        ("file:///etc/passwd", "an address that begins with https://"),
        ("https://other.example.org/", "found the host 'other.example.org', expected one that an"),
        ("https://127.0.0.1/", "found the host '127.0.0.1'"),
        ("https://sdmx.example.org:8443/", "found port 8443, expected port 443"),
        ("https://u:p@sdmx.example.org/", "an address with a user or password"),
        ("https://sdmx.example.org@evil.example/", "an address with a user"),
        ("https://[::1/", "an address such as"),
    ],
)
def test_address_that_may_not_be_asked_is_refused_on_the_page(client, dataset, address, words):
    given = {"service": "sdmx", "codes": "A,B,1.0", "address": address}
    answer = client.post(FETCH, given)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Job.objects.exists()


def test_redirect_into_the_own_network_is_not_followed(client, dataset, service):
    place = "http://169.254.169.254/latest/meta-data"
    service.answer = lambda _request: httpx2.Response(302, headers={"Location": place})
    client.post(FETCH, ASKED)
    work_once()
    job = Job.objects.get()
    assert job.state == "failed"
    assert "expected an address that begins with https://" in job.error
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "addresses", [["10.1.2.3"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["fe80::1%eth0"], []]
)
def test_host_that_leads_into_a_private_network_is_refused(addresses):
    reached = []
    guard = outgoing.Guard(httpx2.MockTransport(reached.append), resolve=lambda _host: addresses)
    with pytest.raises(InputError, match="expected a host in the public internet"):
        guard.handle_request(httpx2.Request("GET", "https://sdmx.example.org/rest"))
    assert not reached


def test_host_without_an_address_may_be_tried_later():
    def unknown(_host):
        raise OSError("no such name")

    guard = outgoing.Guard(httpx2.MockTransport(lambda _request: None), resolve=unknown)
    with pytest.raises(httpx2.ConnectError, match="has no address"):
        guard.handle_request(httpx2.Request("GET", "https://sdmx.example.org/rest"))


def test_what_carries_requests_in_earnest_is_guarded(settings):
    settings.FETCH_HOSTS = frozenset({"127.0.0.1"})
    assert outgoing.resolve("127.0.0.1") == ["127.0.0.1"]
    words = r"'127\.0\.0\.1', which is 127\.0\.0\.1"
    with (
        httpx2.Client(transport=outgoing.carrier()) as asking,
        pytest.raises(InputError, match=words),
    ):
        asking.get("https://127.0.0.1/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
        ("localhost", False),
    ],
)
def test_addresses_of_the_internet_and_others(address, public):
    assert outgoing.is_public(address) is public


def test_hosts_of_the_known_services_are_those_of_the_library():
    from everycount.io.fetching.fetch import services

    named = {httpx2.URL(each.ADDRESS).host for each in services() if each.ADDRESS}
    assert named == outgoing.SERVICE_HOSTS


def test_hosts_in_the_environment_are_names():
    given = {"EVERYCOUNT_FETCH_HOSTS": "Data.example.org, , sdmx.example.org"}
    assert environment.fetch_hosts(given) == {"data.example.org", "sdmx.example.org"}
    with pytest.raises(InputError, match=r"found '10\.0\.0\.1', expected names of hosts"):
        environment.fetch_hosts({"EVERYCOUNT_FETCH_HOSTS": "10.0.0.1,a.org,https://b.org"})


def test_file_in_the_environment_is_there(tmp_path):
    scheme = tmp_path / "own.toml"
    assert environment.file({}, "X") is None
    with pytest.raises(InputError, match="expected a file"):
        environment.file({"X": str(scheme)}, "X")
    scheme.touch()
    assert environment.file({"X": str(scheme)}, "X") == scheme


# ---------------------------------------------------------------- the file of answers


@pytest.fixture
def packed(service, tmp_path):
    """A file of answers, and what it was packed from."""
    from everycount.io.fetching.client import Client as Asking
    from everycount.io.fetching.fetch import fetch_pages, find_service

    def pack(name="a.zip"):
        told = []
        recorder = answers.Recorder(tmp_path / "kept", lambda *given: told.append(given))
        query = Query(codes=("SG.GEN.PARL.ZS",))
        asking = Asking(recorder, transport=outgoing.carrier())
        list(fetch_pages(find_service("world-bank"), query, client=asking))
        recorder.pack(tmp_path / name, service="world-bank", query=query)
        return tmp_path / name, told

    return pack


def test_answers_are_the_same_bytes_and_figures_each_time(packed):
    place, told = packed()
    assert [count for count, _size in told] == [1, 2]
    again, _told = packed("b.zip")
    assert place.read_bytes() == again.read_bytes()
    dataset = answers.read_answers(place)
    assert dataset.table["TIME_PERIOD"].to_list() == ["2016", "2017"]
    assert dataset.origins[0].accessed == timezone.now().date()


def test_answers_that_were_changed_are_refused(packed, tmp_path):
    import zipfile

    place, _told = packed()
    forged = tmp_path / "forged.zip"
    with zipfile.ZipFile(place) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"26.7", b"62.7"))
    with pytest.raises(InputError, match="found other bytes, expected those that the service sent"):
        answers.read_answers(forged)


@pytest.mark.parametrize("content", [b"no zip", None])
def test_answers_that_are_none(content, tmp_path):
    import zipfile

    place = tmp_path / "x.zip"
    place.write_bytes(content or b"")
    if content is None:
        with zipfile.ZipFile(place, "w") as archive:
            archive.writestr("answers.json", '{"format": "other/1"}')
    with pytest.raises(InputError, match="everycount-answers/1"):
        answers.read_answers(place)


def test_answers_that_lack_a_page(packed, tmp_path):
    import zipfile

    place, _told = packed()
    short = tmp_path / "short.zip"
    with zipfile.ZipFile(place) as old, zipfile.ZipFile(short, "w") as new:
        about = json.loads(old.read("answers.json"))
        about["answers"] = about["answers"][:1]
        new.writestr("00001", old.read("00001"))
        new.writestr("answers.json", json.dumps(about))
    with pytest.raises(NotFound, match="not among the answers"):
        answers.read_answers(short)


def test_answers_that_are_too_many_bytes(packed, settings):
    settings.LARGEST_FILE = 100
    with pytest.raises(InputError, match="ask for fewer series"):
        packed()


def test_old_answers_are_removed(settings):
    folder = fetching.folder_of(1, {"codes": ["x"]})
    assert fetching.remove_old_answers() == 0
    late = (timezone.now() + timedelta(days=2)).timestamp()
    assert fetching.remove_old_answers(now=late) == 1
    assert not folder.exists()


def test_sleep_says_that_it_waits_and_ends_when_cancelled(monkeypatch):
    monkeypatch.setattr(fetching, "NAP", 0.01)
    said = []
    fetching._sleeping(lambda *given: said.append(given))(0.03)
    assert "Waiting" in said[0][1]

    def cancelled(*_given):
        raise queue.Cancelled("x")

    with pytest.raises(queue.Cancelled):
        fetching._sleeping(cancelled)(60)


# ---------------------------------------------------------------- the form


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"codes": "../../admin"}, "“../../admin” is no code"),
        ({"codes": "A?x=1"}, "is no code"),
        ({"areas": "VNM&x"}, "“VNM&amp;x” is no code"),
        ({"codes": " "}, "This field is required"),
        ({"service": "sdmx"}, "Give the address of the service"),
        ({"address": "https://sdmx.example.org"}, "this service has an address of its own"),
        ({"key": "A..F"}, "this service has an address of its own"),
        ({"first": "2020", "last": "2010"}, "It is before the first year"),
        ({"service": "ftp"}, "not one of the available choices"),
    ],
)
def test_form_refuses_in_words(client, dataset, changed, words):
    answer = client.post(FETCH, {**ASKED, **changed})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Job.objects.exists()
