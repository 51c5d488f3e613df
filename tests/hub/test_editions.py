"""Editions of the portal: made from what is published, never from anything else."""

import json
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from everycount.errors import NotFound
from everycount_hub import queue, store
from everycount_hub.actions import datasets, editions, releases, workspaces
from everycount_hub.edition import catalogue
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.edition.write import folder_of, write_edition
from everycount_hub.jobs import editions as edition_jobs
from everycount_hub.jobs.editions import draw_edition, make_edition
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Job, Review, Workspace
from everycount_hub.models import Edition as EditionRow
from everycount_hub.portal.answer import portal_page
from everycount_hub.queries.editions import current_edition
from everycount_hub.queries.published import edition_inputs

pytestmark = pytest.mark.django_db
HEAD = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n"
SET = "sdg-gender-index@2019"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


class Office:
    """A public country's workspace whose people take each step."""

    def __init__(self, workspace, make_user):
        self.workspace = workspace
        Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
        workspace.refresh_from_db()
        self.author, self.chief = make_user(), make_user()

    def dataset(self, slug="seats", **said):
        described = {"titles": {"en": slug.title()}, "kind": Dataset.Kind.OWN, **said}
        return datasets.create(
            workspace=self.workspace,
            description=datasets.Description(slug=slug, **described),
            by=self.author,
        )

    def approved(self, dataset, rows, *, head=HEAD, name="figures.csv"):
        stored = store.put_source([(head + rows).encode()], name=name)
        sent = datasets.Sent(
            digest=stored.digest,
            size=stored.size,
            name=name,
            origin=DatasetVersion.Origin.UPLOAD,
        )
        version = datasets.submit(dataset=dataset, sent=sent, by=self.author, reason="new")
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=self.chief)
        return datasets.approve(version=version, by=self.chief)

    def release(self, *versions, **given):
        made = releases.make(
            workspace=self.workspace,
            versions=versions,
            title="Figures",
            by=self.chief,
            **given,
        )
        work_once()
        return made


@pytest.fixture
def office(workspace, make_user):
    return Office(workspace, make_user)


def values(edition, slug="5d", **given):
    return edition.figures(edition.indicators[slug], **given)["OBS_VALUE"].to_list()


def test_nothing_is_published_yet(client):
    with pytest.raises(NotFound, match="nothing is published yet"):
        current_edition()
    answer = client.get("/vi/")
    assert answer.status_code == 404
    assert 'lang="vi"' in answer.content.decode()


def test_released_figures_are_in_the_edition(office):
    dataset = office.dataset(framework=SET, licence="CC-BY-4.0")
    office.release(office.approved(dataset, "5d,VNM,2020,F,26.7,PT\n5d,FJI,2020,F,19.6,PT\n"))
    edition = current_edition()
    entry = edition.indicators["5d"]
    assert entry.framework == SET
    assert entry.names["en"].startswith("Proportion of seats")
    assert (entry.rows, entry.areas, entry.first, entry.last) == (2, ("242", "704"), "2020", "2020")
    assert (entry.units, entry.breakdowns, entry.datasets) == (
        ("PT",),
        ("SEX",),
        ("viet-nam/seats",),
    )
    assert not edition.indicators["5e"].has_figures
    assert values(edition, areas=["704"]) == [26.7]
    assert values(edition, where={"SEX": "M"}) == []
    assert edition.figures(edition.indicators["5e"]).height == 0
    area = edition.areas["vnm"]
    assert (area.code, area.iso3, area.is_country, area.parents) == (
        "704",
        "VNM",
        True,
        ("035", "142", "001"),
    )
    assert edition.area_by_code["704"] is area
    assert edition.indicator_by_key[SET, "5d"] is entry
    assert edition.datasets["viet-nam/seats"].released_at
    assert [each.title for each in edition.releases] == ["Figures"]
    assert edition.workspaces["viet-nam"].area == "VNM"
    assert edition.of_content("figures") == (edition.datasets["viet-nam/seats"],)


def test_what_is_not_released_is_in_no_edition(office, make_workspace, make_user):
    hidden = Office(make_workspace("hidden"), make_user)
    hidden.release(hidden.approved(hidden.dataset("secret"), "6a,VNM,2020,_T,1,PT\n"))
    workspaces.edit(
        workspace=hidden.workspace,
        by=hidden.chief,
        names={"en": "Hidden"},
        area="VNM",
        languages=["en"],
        is_public=False,
    )
    office.approved(office.dataset("draft"), "7a,VNM,2020,_T,2,PT\n")
    later = timezone.now() + timedelta(days=1)
    office.release(
        office.approved(office.dataset("embargoed"), "8b,VNM,2020,_T,3,PT\n"),
        embargoed_until=later,
    )
    office.release(office.approved(office.dataset("open"), "5d,VNM,2020,F,4,PT\n"))
    edition = current_edition()
    assert set(edition.indicators) == {"5d"}
    text = json.dumps(edition_inputs(), ensure_ascii=False)
    for word in ("secret", "draft", "embargoed", "Hidden", "hidden"):
        assert word not in text


def test_end_of_an_embargo_makes_an_edition(office):
    later = timezone.now() + timedelta(days=1)
    release = office.release(
        office.approved(office.dataset(), "5d,VNM,2020,F,4,PT\n"), embargoed_until=later
    )
    releases.publish_due(release=release, now=later + timedelta(seconds=1))
    work_once()
    assert values(current_edition()) == [4.0]


def test_correction_and_withdrawal_make_editions(office):
    dataset = office.dataset()
    office.release(office.approved(dataset, "5d,VNM,2020,F,26,PT\n"))
    first = current_edition()
    version = office.approved(dataset, "5d,VNM,2020,F,27,PT\n")
    office.release(version)
    second = current_edition()
    assert (values(first), values(second)) == ([26.0], [27.0])
    assert [each.number for each in second.datasets["viet-nam/seats"].versions] == [1, 2]
    datasets.withdraw(version=version, reason="Wrong again", by=office.chief, keep_file=True)
    work_once()
    third = current_edition()
    tombstone = third.datasets["viet-nam/seats"]
    assert tombstone.withdrawn_reason == "Wrong again"
    assert (tombstone.digest, tombstone.has_figures, third.indicators) == ("", False, {})
    assert third.releases[0].lines[0].is_withdrawn


def test_edition_is_made_once_for_one_state(office):
    office.release(office.approved(office.dataset(), "5d,VNM,2020,F,26,PT\n"))
    digest = current_edition().digest
    editions.ask_for_edition()
    assert not queue.active(kind=editions.MAKE, key=f"edition {digest[:32]}").exists()
    assert write_edition(edition_inputs(), lambda *_: None) == digest
    record = make_edition(lambda *_: None)
    assert record()["shown"]
    assert EditionRow.objects.count() == 1


def test_edition_that_was_overtaken_is_not_shown(office):
    office.release(office.approved(office.dataset(), "5d,VNM,2020,F,26,PT\n"))
    record = make_edition(lambda *_: None)
    office.approved(office.dataset("more"), "5e,VNM,2020,F,26,PT\n")
    releases.make(
        workspace=office.workspace,
        versions=list(DatasetVersion.objects.filter(dataset__slug="more")),
        title="More",
        by=office.chief,
    )
    assert record()["shown"] is False
    assert Job.objects.filter(kind=editions.MAKE, state="queued").count() == 1
    work_once()
    assert set(current_edition().indicators) == {"5d", "5e"}


def test_edition_that_fails_leaves_nothing(office):
    version = office.approved(office.dataset(), "5d,VNM,2020,F,26,PT\n")
    releases.make(workspace=office.workspace, versions=[version], title="x", by=office.chief)
    store.version_path(version.digest).unlink()
    with pytest.raises(NotFound, match="the store has no file"):
        write_edition(edition_inputs(), lambda *_: None)
    assert not list(folder_of("0").parent.iterdir())
    with pytest.raises(NotFound, match="there is no edition"):
        Edition("0" * 64)


def test_framework_that_was_published_names_its_indicators(office):
    own = (
        'id = "viet-nam"\nversion = "1"\ntitle.en = "Own set"\npublisher = "Office"\n'
        'level = "national"\nvalid_from = "2025"\n[source]\ncitation = "Decision 1"\n'
        '[[indicators]]\nkey = "K1"\ncode = "K1"\ntitle.vi = "Tỷ lệ"\n'
    )
    framework = office.dataset("own-set", content=Dataset.Content.FRAMEWORK)
    figures = office.dataset("figures", framework="viet-nam@1")
    lost = office.dataset("lost", framework="gone@1")
    office.release(
        office.approved(framework, own, head="", name="set.toml"),
        office.approved(figures, "K1,VNM,2020,F,26,PT\n"),
        office.approved(lost, "K1,VNM,2020,F,27,PT\n"),
    )
    edition = current_edition()
    assert {each.slug: each.names for each in edition.indicators.values()} == {
        "viet-nam-k1": {"vi": "Tỷ lệ"},
        "gone-k1": {"en": "K1"},
    }
    assert list(edition.frameworks) == ["viet-nam@1"]
    assert b"Own set" in edition.bundle(edition.datasets["viet-nam/own-set"])["framework.toml"]


def test_figures_of_third_parties_have_their_label(office, monkeypatch):
    dataset = office.dataset()
    office.release(office.approved(dataset, "5d,VNM,2020,F,26,PT\n5e,VNM,2020,F,1,PT\n"))
    inputs = edition_inputs()
    about = inputs["datasets"][0]
    about["kind"] = "third_party"
    about["labels"] = [
        {"code": "", "indicators": ["5e"], "conditions": "", "expires": ""},
        {"code": "CONTEXT", "indicators": [], "conditions": "", "expires": "2030-01-01"},
    ]
    edition = open_edition(write_edition(inputs, lambda *_: None))
    table = edition.figures(edition.indicators["5d"])
    assert table["APPRAISAL"].to_list() == ["CONTEXT"]
    assert set(edition.indicators) == {"5d"}
    about["labels"] = []
    assert open_edition(write_edition(inputs, lambda *_: None)).indicators == {}


def test_two_sources_of_one_indicator_are_one_page(office):
    office.release(
        office.approved(office.dataset("one"), "SG_GEN_PARL,VNM,2020,F,26,PT\n"),
        office.approved(office.dataset("two"), "SG_GEN_PARL,704,2021,F,27,PT\n"),
    )
    edition = current_edition()
    entry = edition.indicators["sg_gen_parl"]
    assert entry.datasets == ("viet-nam/one", "viet-nam/two")
    assert (entry.rows, entry.first, entry.last) == (2, "2020", "2021")
    assert edition.figures(entry)["DATASET"].to_list() == ["viet-nam/one", "viet-nam/two"]
    # One wrote the country in letters, the other as the UN's number.
    assert entry.areas == ("704",)
    assert edition.figures(entry, areas=["704"])["REF_AREA"].to_list() == ["704", "704"]


def test_areas_of_the_data_keep_their_names():
    entry = catalogue.IndicatorEntry(slug="a", code="a", framework="", names={}, areas=("X 1", "Y"))
    found = catalogue.areas([entry], {"X 1": {"en": "Own place"}})
    assert [(a.slug, dict(a.names), a.iso3) for a in found] == [
        ("x-1", {"en": "Own place"}, ""),
        ("y", {"en": "Y"}, ""),
    ]


def test_codes_that_differ_in_case_alone_have_two_pages(office):
    office.release(
        office.approved(office.dataset("one"), "ab,VNM,2020,F,1,PT\nAB,VNM,2020,F,2,PT\n")
    )
    edition = current_edition()
    assert len(edition.indicators) == 2
    assert {values(edition, slug)[0] for slug in edition.indicators} == {1.0, 2.0}


def test_pages_are_cached_by_edition_and_tell_nothing_of_readers(office, make_user):
    office.release(office.approved(office.dataset(), "5d,VNM,2020,F,26,PT\n"))
    client = Client()
    answer = client.get("/en/")
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in answer.get("Vary", "")
    assert client.get("/en/", headers={"if-none-match": answer["ETag"]}).status_code == 304
    client.force_login(make_user())
    signed_in = client.get("/en/")
    assert signed_in.content == answer.content
    assert client.post("/en/").status_code == 405


def test_first_address_leads_to_the_language_of_the_browser():
    answer = Client().get("/", headers={"accept-language": "ar;q=0.8, vi"})
    assert answer["Location"] == "/vi/"
    assert "Accept-Language" in answer["Vary"]


def test_editions_that_are_no_longer_shown_leave_no_folder(
    office, django_capture_on_commit_callbacks
):
    dataset = office.dataset()
    office.release(office.approved(dataset, "5d,VNM,2020,F,26,PT\n"))
    first = current_edition()
    with django_capture_on_commit_callbacks(execute=True):
        office.release(office.approved(dataset, "5d,VNM,2020,F,27,PT\n"))
    assert not first.folder.exists()
    assert current_edition().folder.is_dir()


def test_page_whose_edition_is_replaced_meanwhile_is_read_from_the_newer(office, rf):
    dataset = office.dataset()
    office.release(office.approved(dataset, "5d,VNM,2020,F,26,PT\n"))
    first, seen = current_edition().digest, []

    @portal_page
    def page(request, edition, words):
        seen.append(edition.digest)
        if edition.digest == first:
            if len(seen) > 1:
                office.release(office.approved(dataset, "5d,VNM,2020,F,27,PT\n"))
            raise FileNotFoundError(edition.digest)
        return HttpResponse(edition.digest)

    with pytest.raises(FileNotFoundError):
        page(rf.get("/en/"))
    answer = page(rf.get("/en/"))
    assert answer.content.decode() == seen[-1] == current_edition().digest != first


def test_rest_is_drawn_once_the_edition_is_shown(office, caplog):
    office.release(office.approved(office.dataset(), "5d,VNM,2020,F,26,PT\n5d,THA,2020,F,2,PT\n"))
    edition = current_edition()
    job = Job.objects.get(kind=editions.DRAW)
    assert job.run_at > timezone.now()
    said = []
    record = draw_edition(lambda done, words: said.append((done, words)), digest=edition.digest)
    assert record() == {"edition": edition.digest[:12]}
    assert "Drawing /en/areas/vnm/" in [words for _done, words in said]
    assert "cannot be made" not in caplog.text
    said.clear()
    draw_edition(lambda *told: said.append(told), digest="0" * 64)
    assert said == []


def test_page_that_cannot_be_drawn_holds_up_no_edition(office, monkeypatch, caplog):
    def broken(path):
        return HttpResponse(status=500 if path == "/en/indicators/5d/" else 200)

    monkeypatch.setattr(edition_jobs, "ask", broken)
    office.release(office.approved(office.dataset(), "5d,VNM,2020,F,26,PT\n"))
    assert current_edition().indicators["5d"].has_figures
    assert "/en/indicators/5d/" in caplog.text


def test_edition_without_figures_has_its_pages(office):
    own = (
        'id = "set"\nversion = "1"\ntitle.en = "Own set"\npublisher = "Office"\n'
        'level = "national"\nvalid_from = "2025"\n[source]\ncitation = "Decision 1"\n'
        '[[indicators]]\nkey = "K1"\ncode = "K1"\ntitle.en = "Share"\n'
    )
    dataset = office.dataset("set", content=Dataset.Content.FRAMEWORK)
    office.release(office.approved(dataset, own, head="", name="set.toml"))
    for page in ("", "indicators/", "areas/", "indices/", "policies/", "surveys/", "data/"):
        assert Client().get(f"/en/{page}").status_code == 200, page
