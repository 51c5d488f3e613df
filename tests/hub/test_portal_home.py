"""The first page: what it picks is chosen by rule, from what is published."""

import json

import pytest
from lxml import html

from everycount.io.sample import sample_path
from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace
from everycount_hub.portal.data.dcat import catalogue_ld
from everycount_hub.portal.front.counted import counted
from everycount_hub.queries.editions import current_edition

pytestmark = pytest.mark.django_db
HEAD = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n"
SET = "sdg-gender-index@2019"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


@pytest.fixture
def publish(workspace, make_user):
    """Release a file as a dataset."""
    Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
    workspace.refresh_from_db()
    author, chief = make_user(), make_user()

    def make(sent_file, *, slug="seats", name="figures.csv", release=True, **said):
        described = {"titles": {"en": slug.title()}, "kind": Dataset.Kind.OWN, **said}
        dataset = datasets.create(
            workspace=workspace,
            description=datasets.Description(slug=slug, **described),
            by=author,
        )
        stored = store.put_source([sent_file], name=name)
        sent = datasets.Sent(
            digest=stored.digest, size=stored.size, name=name, origin=DatasetVersion.Origin.UPLOAD
        )
        version = datasets.submit(dataset=dataset, sent=sent, by=author, reason="new")
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        if release:
            datasets.review(version=version, outcome=Review.Outcome.FIT, by=chief)
            version = datasets.approve(version=version, by=chief)
            releases.make(workspace=workspace, versions=[version], title=f"On {slug}", by=chief)
            work_once()
        return version

    return make


def figures(*rows):
    return (HEAD + "".join(f"{row}\n" for row in rows)).encode()


def review():
    """The shipped review of Viet Nam: its one confirmed target is 98 % of women reading by 2020."""
    return sample_path("policy/viet-nam.review.json").read_bytes()


def page(client, path="/en/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def words(node):
    return " ".join(" ".join(node.itertext()).split())


def test_promise_is_the_one_with_a_confirmed_target(client, publish):
    publish(figures("4d,VNM,2019,F,95.0,PT", "5d,VNM,2021,F,30.3,PT"), framework=SET)
    publish(review(), slug="law", name="review.json", content="policy")
    steps = [words(each) for each in page(client).cssselect("ol.chain-wide > li")]
    assert len(steps) == 5
    assert steps[2].startswith("Indicator Literacy rate")
    assert steps[3].startswith("Figure Viet Nam, 2019: 95.0 %")
    assert steps[4] == "Kept? Not on target: 3.0 points away Target: 98.0 % by 2020"


def test_promise_that_is_kept(client, publish):
    publish(figures("4d,VNM,2019,F,98.4,PT"), framework=SET)
    publish(review(), slug="law", name="review.json", content="policy")
    last = page(client).cssselect("ol.chain-wide > li")[-1]
    assert words(last).startswith("Kept? On target")
    assert last.get("aria-current") == "true"


def test_promise_without_a_target_says_so(client, publish):
    publish(figures("5d,VNM,2021,F,30.3,PT"), framework=SET)
    publish(review(), slug="law", name="review.json", content="policy")
    last = words(page(client).cssselect("ol.chain-wide > li")[-1])
    assert last.startswith("Where it stands Not on target")
    assert "no target that this figure could be held against" in last


def test_promise_needs_a_figure_of_its_own_country(client, publish):
    publish(figures("4d,FJI,2019,F,95.0,PT"), framework=SET)
    publish(review(), slug="law", name="review.json", content="policy")
    assert not page(client).cssselect("ol.chain-wide")


def test_squares_tell_figures_restricted_and_none(client, publish):
    publish(figures("5d,VNM,2021,F,30.3,PT"), framework=SET, licence="CC-BY-4.0")
    publish(figures("5e,VNM,2021,F,10,PT"), slug="posts", framework=SET, licence="CC BY-NC 4.0")
    shown = page(client)
    said = {each.get("href"): each for each in shown.cssselect("a.unit")}
    assert len(said) == 51
    assert said["/en/indicators/5d/"].get("class") == "unit"
    assert said["/en/indicators/5e/"].get("class") == "unit unit-lim"
    assert said["/en/indicators/1a/"].get("class") == "unit unit-none"
    assert "no figures" in said["/en/indicators/1a/"].get("aria-label")
    assert "2 of 51 indicators have figures here" in words(shown)


def test_set_with_the_most_figures_is_counted(publish):
    from everycount.language.language import language

    publish(figures("X1,VNM,2021,F,30.3,PT"))
    assert counted(current_edition(), language("en")) is None
    publish(figures("5d,VNM,2021,F,30.3,PT"), slug="seats-2", framework=SET)
    found = counted(current_edition(), language("vi"))
    assert (found.all, found.having, found.others) == (51, 1, 0)


def test_finding_is_the_widest_gap_between_women_and_men(client, publish):
    areas = ("VNM", "FJI", "KEN", "PER", "FRA", "JPN")
    rows = [
        f"{code},{area},2024,{sex},{value + (gap if sex == 'M' else 0)},PT"
        for code, gap in (("9c", 4), ("8e", 20))
        for value, area in enumerate(areas, start=30)
        for sex in ("F", "M")
    ]
    publish(figures(*rows), framework=SET)
    shown = page(client)
    heading = shown.cssselect(".cols-main h2 a[href*='/indicators/']")[0]
    assert heading.get("href") == "/en/indicators/8e/"
    assert shown.cssselect("figure svg.chart-w")
    assert shown.cssselect("figure svg.chart-n")
    assert "widest gap between women and men" in words(shown)


def test_finding_without_both_sexes_is_the_furthest_from_the_target(client, publish):
    areas = ("VNM", "FJI", "KEN", "PER", "FRA", "JPN")
    rows = [
        f"{code},{area},2024,F,{value + at},PT"
        for code, value in (("4d", 90), ("5d", 12))
        for at, area in enumerate(areas)
    ]
    publish(figures(*rows), framework=SET)
    shown = page(client)
    heading = shown.cssselect(".cols-main h2 a[href*='/indicators/']")[0]
    assert heading.get("href") == "/en/indicators/5d/"
    assert "furthest from its target" in words(shown)


def test_one_area_tells_no_finding(client, publish):
    publish(figures("5d,VNM,2021,F,30.3,PT", "5d,VNM,2021,M,69.7,PT"), framework=SET)
    assert not page(client).cssselect("figure")


def test_panel_has_the_newest_release_in_numbers(client, publish):
    publish(figures("5d,VNM,2020,F,30.3,PT", "5d,FJI,2021,F,30.3,PT"), framework=SET)
    publish(figures("5e,VNM,2021,F,30.3,PT"), slug="posts", framework=SET)
    panel = words(page(client).cssselect("section.panel")[0])
    assert "On posts" in panel
    for said in ("Observations 3", "Indicators with figures 2", "Areas 2", "2020–2021"):
        assert said in panel


def test_drafts_are_nowhere_on_the_page(client, publish):
    publish(figures("5d,VNM,2020,F,30.3,PT"), framework=SET)
    publish(figures("5e,VNM,2021,F,77.7,PT"), slug="secret", framework=SET, release=False)
    text = client.get("/en/").content.decode()
    assert "Secret" not in text
    assert 'class="unit" href="/en/indicators/5e/"' not in text


@pytest.mark.parametrize("code", ["en", "vi", "ar", "fr", "es"])
def test_page_in_each_language_without_inline_code(client, publish, code):
    publish(figures("5d,VNM,2020,F,30.3,PT"), framework=SET)
    shown = page(client, f"/{code}/")
    assert shown.get("lang") == code
    assert not shown.xpath("//*[@style]")
    scripts = shown.xpath("//script[not(@src)]")
    assert [each.get("type") for each in scripts] == ["application/ld+json"]
    assert len(shown.xpath("//h1")) == 1


def test_schema_org_names_the_datasets_and_cannot_end_its_script(client, publish):
    publish(figures("5d,VNM,2020,F,30.3,PT"), titles={"en": "Seats </script><b>"}, framework=SET)
    found = json.loads(page(client).xpath("//script[@type='application/ld+json']")[0].text)
    assert found["@type"] == "DataCatalog"
    assert [each["name"] for each in found["dataset"]] == ["Seats </script><b>"]
    assert "</script" not in catalogue_ld(current_edition())
