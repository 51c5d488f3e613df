"""What leads nowhere says so in words: pages in the frame, JSON to programs; words and dates."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from everycount.errors import InputError
from everycount_hub import context, faults, languages
from everycount_hub.actions import addresses, datasets, workspaces
from everycount_hub.commands.serve import run_server
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Dataset, Workspace
from everycount_hub.workbench import forms

pytestmark = pytest.mark.django_db
FRAME = '<header class="site-head">'


# ---------------------------------------------------------------- requests that go nowhere


def test_a_form_without_a_token_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert FRAME in page
    assert "The form was not accepted" in page
    assert 'href="/accounts/login/">Back to the form' in page


def test_a_host_that_is_not_the_hubs_is_told_where_it_is(settings):
    settings.ALLOWED_HOSTS = ["hub.example.org"]
    settings.PUBLIC_URL = "https://hub.example.org"
    answer = Client().get("/workbench/", headers={"Host": "evil.example", "Accept-Language": "ar"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert FRAME in page
    assert '<html lang="en" dir="ltr">' in page
    assert "It is at https://hub.example.org. Whoever runs the hub adds other names" in page
    assert "evil.example" not in page
    told = Client().get("/api/v1/limits", headers={"Host": "evil.example"})
    assert (told.status_code, told["Content-Type"]) == (400, "application/json")
    assert "it is at https://hub.example.org" in told.json()["error"]


def test_a_request_that_cannot_be_read_is_told_so():
    request = HttpRequest()
    request.path = "/workbench/"
    page = faults.bad_request(request, ValueError("x")).content.decode()
    assert "Something in it is broken" in page
    request.path = "/api/v1/"
    assert b"The request cannot be read." in faults.bad_request(request, ValueError("x")).content


@pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/nothing", "/api/docs/nothing"])
def test_the_api_says_in_json_that_there_is_nothing(path):
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert f"There is nothing at {path}" in answer.json()["error"]
    assert FRAME in Client().get("/workbench/nothing/").content.decode()


def test_the_api_says_in_json_which_methods_it_takes():
    at = "/api/datasets/viet-nam/seats/versions"
    answer = Client(enforce_csrf_checks=True).put(at)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer.json() == {"error": "The method PUT does nothing here: use POST."}
    answer = Client(enforce_csrf_checks=True).post(f"{at}/1")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "use GET / HEAD" in answer.json()["error"]


# ---------------------------------------------------------------- short names


def siblings(name: str, place: str) -> set[str]:
    """Return the words that stand where a short name stands in an address."""
    found = set()
    for pattern in get_resolver().reverse_dict.getlist(name):
        start = pattern[0][0][0].partition(place)[0]
        for key in get_resolver().reverse_dict:
            for other in get_resolver().reverse_dict.getlist(key):
                path = other[0][0][0]
                if path.startswith(start):
                    found.add(path.removeprefix(start).partition("/")[0])
    return {each for each in found if each and "%" not in each}


def test_every_word_at_the_place_of_a_short_name_is_taken():
    assert siblings("dataset", "%(name)s") == {"new"}
    assert siblings("dataset", "%(name)s") <= addresses.TAKEN
    assert siblings("workspace", "%(slug)s") <= addresses.TAKEN


@pytest.mark.parametrize("slug", ["new", "New", "members", "releases", "api"])
def test_words_of_addresses_are_no_short_names(slug, make_user, workspace):
    described = datasets.Description(slug=slug, titles={"en": "x"}, kind=Dataset.Kind.OWN)
    with pytest.raises(ActionRefused, match="is a word of the hub's own addresses"):
        datasets.create(workspace=workspace, description=described, by=make_user())
    with pytest.raises(ActionRefused, match=f"such as “{slug}-data”"):
        workspaces.create(slug=slug, kind=Workspace.Kind.NETWORK, names={"en": "x"}, by=None)


def test_the_form_refuses_a_dataset_called_new(make_member, workspace, client):
    client.force_login(make_member(workspace, "producer"))
    address = reverse("dataset_create", args=[workspace.slug])
    answer = client.post(address, {"slug": "new", "kind": "own", "name_en": "New"})
    assert answer.status_code == 422
    assert "choose another short name" in answer.content.decode()


# ---------------------------------------------------------------- languages


def test_a_language_is_offered_once_its_catalogue_is_done(monkeypatch):
    languages.offered.cache_clear()
    shares = {"vi": 0.95, "fr": 0.9, "es": 1.0}
    monkeypatch.setattr(languages, "translated", lambda code: shares.get(code, 0.0))
    assert languages.offered() == ("en", "vi", "es")
    languages.offered.cache_clear()


def test_share_of_counts_what_is_translated_for_certain():
    head = 'msgid ""\nmsgstr ""\n"Language: vi\\n"\n'
    one = 'msgid "a"\nmsgstr "b"\n'
    long = 'msgid ""\n"a long "\n"one"\nmsgstr ""\n"in two "\n"parts"\n'
    fuzzy = '#, fuzzy, python-format\nmsgid "c"\nmsgstr "d"\n'
    plural = 'msgid "e"\nmsgid_plural "f"\nmsgstr[0] "g"\nmsgstr[1] ""\n'
    gone = '#~ msgid "h"\n#~ msgstr ""\n'
    assert languages.share_of("\n".join([head, one, long, fuzzy, plural, gone])) == 0.5
    assert languages.share_of(head) == 0.0
    assert languages.translated("tlh") == 0.0


def test_pages_speak_no_language_that_is_not_done(client, make_user, monkeypatch):
    for module in (languages, context, forms):
        monkeypatch.setattr(module, "offered", lambda: ("en", "fr"))
    asks = {"Accept-Language": "ar"}
    page = client.get("/accounts/login/", headers=asks)
    assert '<html lang="en" dir="ltr">' in page.text
    assert 'value="fr"' in page.text
    assert 'value="ar"' not in page.text
    user = make_user()
    user.language = "vi"
    user.save()
    client.force_login(user)
    page = client.get("/workbench/profile/", headers=asks)
    assert '<html lang="en" dir="ltr">' in page.text
    assert page["Content-Language"] == "en"
    client.post("/language/", {"language": "fr", "next": "/workbench/"})
    assert '<html lang="fr" dir="ltr">' in client.get("/workbench/profile/").text
    assert client.post("/workbench/profile/", {"name": "x", "language": "ar"}).status_code == 422
    portal = client.get("/ar/")
    assert '<html lang="ar" dir="rtl">' in portal.text


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("filtered", "expected"),
    [
        ("when|moment", "23 November 2026, 01:06 UTC"),
        ("when|day", "23 November 2026"),
        ("day|day", "1 March 2025"),
        ("none|day", ""),
        ("none|moment", ""),
        ("none|day_short|default:'–'", "–"),
        ("none|moment_short", ""),
    ],
)
def test_dates_are_written_one_way(filtered, expected):
    when = datetime(2026, 11, 23, 8, 6, tzinfo=timezone(timedelta(hours=7)))
    given = {"when": when, "day": date(2025, 3, 1), "none": None}
    with translation.override("en"):
        text = Template("{% load dates %}{{ " + filtered + " }}").render(Context(given))
    assert text == expected


def test_dates_in_tables_sort_and_name_the_zone():
    given = {"when": datetime(2026, 11, 23, 1, 6, tzinfo=UTC), "day": date(2025, 3, 1)}
    text = Template("{% load dates %}{{ when|moment_short }} {{ day|day_short }}")
    shown = text.render(Context(given))
    assert ">2026-11-23 01:06 UTC</time>" in shown
    assert ">2025-03-01</time>" in shown
    assert 'datetime="2026-11-23T01:06:00+00:00"' in shown
    assert ">2026-11-23</time>" in Template("{% load dates %}{{ when|day_short }}").render(
        Context(given)
    )


def test_dates_are_in_the_words_of_the_language():
    when = datetime(2026, 11, 23, 1, 6, tzinfo=UTC)
    with translation.override("fr"):
        text = Template("{% load dates %}{{ when|moment }}").render(Context({"when": when}))
    assert text == "23 novembre 2026, 01:06 UTC"


# ---------------------------------------------------------------- commands


class Server:
    """What stands in for the web server: it tells its port and ends at once."""

    effective_port = 8611

    def run(self):
        """End."""


@pytest.mark.parametrize(
    ("given", "is_local", "expected"),
    [
        ("", True, "http://127.0.0.1:8611"),
        ("https://elsewhere.example.org", True, "https://as-it-was.example.org"),
        ("", False, "https://as-it-was.example.org"),
    ],
)
def test_links_lead_to_where_the_hub_is_served(given, is_local, expected, settings, monkeypatch):
    import waitress

    settings.PUBLIC_URL, settings.IS_LOCAL = "https://as-it-was.example.org", is_local
    monkeypatch.setenv("EVERYCOUNT_URL", given)
    monkeypatch.setattr(waitress, "create_server", lambda *_given, **_named: Server())
    run_server(host="127.0.0.1", port=0, worker=False)
    assert expected == settings.PUBLIC_URL


def test_a_backup_is_not_written_over_unasked(tmp_path, monkeypatch):
    from everycount_hub.commands import archives

    monkeypatch.chdir(tmp_path)
    file = tmp_path / "hub.zip"
    file.write_bytes(b"kept")
    with pytest.raises(InputError, match="is there already, expected a name that is free, or --re"):
        archives.backup.main([str(file)], standalone_mode=False)
    assert file.read_bytes() == b"kept"
    archives.backup.main([str(file), "--replace"], standalone_mode=False)
    assert file.read_bytes()[:2] == b"PK"


# ---------------------------------------------------------------- whom to ask


def test_the_first_administrator_is_told_how_to_begin(client, make_member, make_workspace):
    client.force_login(make_member(None, "administrator"))
    page = client.get("/workbench/").text
    assert "This hub is empty. To begin:" in page
    assert f'href="{reverse("workspace_create")}"' in page
    assert "You hold no role" not in page
    make_workspace()
    assert "This hub is empty" not in client.get("/workbench/").text


def test_a_workspace_without_power_over_organisations_is_told_whom_to_ask(
    client, make_member, workspace
):
    client.force_login(make_member(workspace, "secretariat"))
    page = client.get(reverse("organisations")).text
    assert "Those who run the whole hub add it" in page
    make_member(None, "secretariat", name="Mai Trần")
    assert "<bdi>Mai Trần</bdi>" in client.get(reverse("organisations")).text


def test_members_lead_to_the_accounts_those_who_may_see_them(client, make_member, workspace):
    client.force_login(make_member(None, "administrator"))
    address = f'href="{reverse("accounts")}"'
    assert address in client.get(reverse("members", args=[workspace.slug])).text
    client.force_login(make_member(workspace, "administrator"))
    assert address not in client.get(reverse("members", args=[workspace.slug])).text
