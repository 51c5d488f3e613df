"""The pages of indicators: what they show of published figures, and of nothing else."""

import csv
import io
import json
import re
import zipfile
from html import unescape
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.edition.write import write_edition
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Edition, Review, Workspace
from everycount_hub.queries.editions import current_edition
from everycount_hub.queries.published import edition_inputs

pytestmark = pytest.mark.django_db
SET = "sdg-gender-index@2019"
HEAD = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,AGE,OBS_VALUE,UNIT_MEASURE,SAMPLE_SIZE,STD_ERROR\n"
SEATS = {
    "VNM": (26.0, 26.7), "THA": (10.0, 15.7), "LAO": (27.5, 27.5), "KHM": (20.0, 19.8),
    "FRA": (18.5, 39.5), "RWA": (56.3, 61.3), "FJI": (8.0, 19.6),
}  # fmt: skip
"""Share of women in parliament in 2010 and 2020."""


def row(code, area, period, value, *, sex="_T", age="_T", unit="PT", size="", error=""):
    return f"{code},{area},{period},{sex},{age},{value},{unit},{size},{error}\n"


def seats():
    return "".join(
        row("5d", area, year, value, sex="F")
        for area, pair in SEATS.items()
        for year, value in zip((2010, 2020), pair, strict=True)
    )


def accounts():
    """Return bank accounts of women and men, by age with errors, and a cell that is hidden."""
    rows = [
        row("8e", "VNM", 2017, 30.0),
        row("8e", "THA", 2017, 80.0),
        row("8e", "FRA", 2017, 94.0),
    ]
    rows += [
        row("8e", area, 2017, value, sex=sex)
        for area, pair in {"VNM": (29.5, 32.1), "THA": (78.0, 84.0)}.items()
        for sex, value in zip("FM", pair, strict=True)
    ]
    rows += [
        row("8e", "VNM", 2017, 25.0, age="Y15T24", size=400, error=2.0),
        row("8e", "VNM", 2017, 35.0, age="Y25T49", size=40, error=5.0),
        row("8e", "VNM", 2017, 71.5, age="Y_GE50", size=12, error=9.0),
    ]
    return "".join(rows)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


class Office:
    """A public workspace whose people take each step."""

    def __init__(self, workspace, make_user):
        self.workspace = workspace
        Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
        workspace.refresh_from_db()
        self.author, self.chief = make_user(), make_user()

    def approved(self, slug, sent, *, name="figures.csv", **said):
        described = {"titles": {"en": slug.title()}, "kind": Dataset.Kind.OWN, **said}
        dataset = Dataset.objects.filter(workspace=self.workspace, slug=slug).first()
        dataset = dataset or datasets.create(
            workspace=self.workspace,
            description=datasets.Description(slug=slug, **described),
            by=self.author,
        )
        stored = store.put_source([sent.encode()], name=name)
        file = datasets.Sent(
            digest=stored.digest, size=stored.size, name=name, origin=DatasetVersion.Origin.UPLOAD
        )
        version = datasets.submit(dataset=dataset, sent=file, by=self.author, reason="new")
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=self.chief)
        return datasets.approve(version=version, by=self.chief)

    def release(self, *versions):
        releases.make(workspace=self.workspace, versions=versions, title="Figures", by=self.chief)
        work_once()


@pytest.fixture
def office(workspace, make_user):
    return Office(workspace, make_user)


@pytest.fixture
def published(office):
    """Publish seats in parliament and bank accounts."""
    about = {"framework": SET, "licence": "CC-BY-4.0"}
    office.release(office.approved("own", HEAD + seats() + accounts(), **about))
    return office


def text_of(answer):
    """Return the words of a page."""
    body = re.sub(r"<(style|script).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    plain = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\xa0", " ")
    return re.sub(r"\s+", " ", plain)


def part_of(answer, id):
    """Return the words of a section."""
    body = answer.content.decode()
    start = body.index(f'id="{id}"')
    return text_of(
        type("Part", (), {"content": body[start : body.index("</section>", start)].encode()})
    )


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_list_groups_indicators_of_a_set(client, published):
    answer = client.get("/en/indicators/")
    text = text_of(answer)
    assert answer.status_code == 200
    assert "51 of 51 are shown" in text
    assert text.index("No poverty") < text.index("Gender equality") < text.index("Partnerships")
    assert "5d Proportion of seats held by women in national parliaments 7 2020 Figures" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=PARLIAMENTS", 1),
        ("q=parliaments+seats", 1),
        ("q=zzz", 0),
        ("state=figures", 2),
        ("sex=yes", 1),
        ("state=figures&year=older", 2),
        ("group=sdg-gender-index%402019+5", 5),
        ("set=nothing", 0),
    ],
)
def test_list_is_narrowed_by_words_and_facets(client, published, query, count):
    assert f" {count} of 51 " in text_of(client.get(f"/en/indicators/?{query}"))


def test_facets_keep_what_was_chosen_and_take_it_back(client, published):
    body = client.get("/en/indicators/?state=figures&q=women").content.decode()
    assert 'href="?q=women"' in body
    assert 'name="state" value="figures"' in body


def test_finding_is_the_median_when_no_area_is_asked_for(client, published):
    expected = median(last for _first, last in SEATS.values())
    answer = client.get("/en/indicators/5d/")
    assert f"half of the areas with a figure had {expected:.1f} % or more (2020)" in text_of(answer)
    assert f"<b>{expected:.1f}\xa0%</b>" in answer.content.decode()
    assert "Shown: Viet Nam, whose offices publish here" in text_of(answer)


def test_finding_names_the_area_in_focus_in_the_past(client, published):
    text = text_of(client.get("/en/indicators/5d/?area=RWA&area=THA"))
    assert "Rwanda – Proportion of seats" in text
    assert "the figure for 2020 was 61.3 %" in text
    assert "the target was 8.3 points away (2020)" in text
    assert "Shown: Rwanda and Thailand." in text


def test_distance_and_ranks_equal_those_computed_by_hand(client, published):
    answer = client.get("/en/indicators/5d/?area=VNM&area=RWA")
    target = part_of(answer, "target")
    assert "Viet Nam Target of the indicator set Target: 47.0 to 53.0 % 26.7 2020 20.3" in target
    assert "61.3 2020 8.3" in target
    apart = {area: max(47 - last, last - 53, 0) for area, (_first, last) in SEATS.items()}
    place = sorted(apart.values()).index(apart["VNM"]) + 1
    assert f"Viet Nam {place} of {len(SEATS)} 26.7 2020" in part_of(answer, "areas")


def test_table_holds_the_chosen_areas_and_years(client, published):
    body = client.get("/en/indicators/5d/?area=VNM&area=THA&from=2015&to=2030").content.decode()
    table = body[body.index('<div class="view view-3">') :]
    table = table[: table.index("</table>")]
    assert "26.7" in table
    assert "15.7" in table
    assert "26.0" not in table


def test_areas_are_found_by_code_and_name_in_any_language(client, published):
    for asked in ("vnm", "VNM", "704", "Viet Nam", "Việt Nam", "viet nam", "فييت نام"):
        text = text_of(client.get("/en/indicators/5d/", {"area": asked}))
        assert "Shown: Viet Nam." in text, asked


@pytest.mark.parametrize(
    "query",
    [
        "area=%3Cscript%3Ealert(1)%3C/script%3E",
        "area=" + "x" * 5000,
        "&".join(f"area={number}" for number in range(300)),
        "from=9999999999999999999&to=-1",
        "from=%D9%A2%D9%A0%D9%A1%D9%A0",
        "by=SEX;DROP&by=%00",
        "dataset=../../etc/passwd",
        "area=%ff%fe&by=AGE%20x%20AGE",
        "tab=%3C&unknown[]=1",
    ],
)
def test_hostile_queries_are_passed_over(client, published, query):
    answer = client.get(f"/en/indicators/5d/?{query}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    for ending in ("csv", "xlsx", "json"):
        assert client.get(f"/en/indicators/5d/data.{ending}?{query}").status_code == 200


def test_unknown_area_is_named_in_a_notice(client, published):
    text = text_of(client.get("/en/indicators/5d/?area=Atlantis"))
    assert "No area with figures has this name or code: Atlantis." in text


def test_years_the_wrong_way_round_are_turned(client, published):
    one, other = (
        rows_of(client.get(f"/en/indicators/5d/data.csv?area=VNM&{query}"))
        for query in ("from=2005&to=2012", "from=2012&to=2005")
    )
    assert one == other
    assert [each["TIME_PERIOD"] for each in one] == ["2010"]


def test_women_and_men_are_compared(client, published):
    text = part_of(client.get("/en/indicators/8e/?area=VNM"), "sexes")
    assert "the figure of women was 2.6 points below that of men (2017)" in text
    assert "Viet Nam 29.5 32.1 2.6 0.919 Men 2017" in text
    assert "2 areas have figures of both" in text


def test_breakdown_is_chosen_and_tells_the_largest_gap(client, published):
    text = part_of(client.get("/en/indicators/8e/?area=VNM&by=SEX"), "breakdowns")
    assert "Total 30.0" in text
    assert "Furthest apart: Male at 32.1 and Female at 29.5, 2.6 points between." in text


def test_few_cases_stand_in_brackets_and_fewer_are_never_shown(client, published):
    answer = client.get("/en/indicators/8e/?area=VNM&by=AGE")
    text = part_of(answer, "breakdowns")
    assert "(35.0)" in text
    assert "not shown" in text
    assert "21.1 to 28.9" in text
    for address in ("", "data.csv", "data.json", "full.csv", "embed/"):
        found = client.get(f"/en/indicators/8e/{address}?area=VNM&by=AGE")
        whole = b"".join(found) if found.streaming else found.content
        assert b"71.5" not in whole, address


def test_page_says_what_is_not_broken_down(client, published):
    text = part_of(client.get("/en/indicators/5d/?area=VNM&by=AGE"), "breakdowns")
    assert "Viet Nam: these figures are not broken down." in text


def test_indicator_without_figures_says_so(client, published):
    answer = client.get("/en/indicators/1d/")
    assert answer.status_code == 200
    assert "No figures are published for this indicator." in text_of(answer)
    assert client.get("/en/indicators/1d/data.csv").status_code == 404


def test_unknown_indicator_is_404_with_suggestions(client, published):
    answer = client.get("/en/indicators/5z/")
    assert answer.status_code == 404
    assert "Nothing is published under “5z”" in text_of(answer)
    assert "/en/indicators/5d/" in answer.content.decode()
    assert client.get("/en/indicators/5z/data.csv").status_code == 404
    assert client.get("/en/indicators/5d/data.exe").status_code == 404


def test_drafts_are_nowhere(client, published):
    published.approved("draft", HEAD + row("5d", "VNM", 2024, 99.9, sex="F"), framework=SET)
    work_once()
    for address in ("", "data.csv", "data.json", "full.csv"):
        found = client.get(f"/en/indicators/5d/{address}?area=VNM")
        whole = b"".join(found) if found.streaming else found.content
        assert b"99.9" not in whole
        assert b"Draft" not in whole


def test_files_hold_the_figures_as_published(client, published):
    listed = rows_of(client.get("/en/indicators/5d/data.csv?area=VNM&area=THA"))
    assert [(each["REF_AREA"], each["TIME_PERIOD"], float(each["value"])) for each in listed] == [
        ("704", "2010", 26.0), ("704", "2020", 26.7), ("764", "2010", 10.0), ("764", "2020", 15.7),
    ]  # fmt: skip
    found = client.get("/vi/indicators/5d/data.json?area=VNM").json()
    assert found["licence"] == "CC-BY-4.0"
    assert [each["id"] for each in found["tables"]] == ["figures", "latest"]
    assert found["tables"][0]["rows"][0]["AREA_NAME"] == "Việt Nam"
    newest = {each["REF_AREA"]: each["value"] for each in found["tables"][1]["rows"]}
    assert len(newest) == len(SEATS)
    book = zipfile.ZipFile(io.BytesIO(client.get("/en/indicators/5d/data.xlsx").content))
    assert b'name="latest"' in book.read("xl/workbook.xml")


def test_full_file_holds_every_series(client, published):
    found = client.get("/en/indicators/8e/full.csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(found).decode("utf-8-sig"))))
    assert len(lines) == len(accounts().splitlines())
    assert {each["DATASET"] for each in lines} == {"viet-nam/own"}
    assert [each["state"] for each in lines].count("hidden") == 1


def test_two_datasets_are_never_mixed_in_one_series(client, published):
    other = HEAD + row("5d", "VNM", 2021, 30.3, sex="F") + row("5d", "VNM", 2022, 31.0, sex="F")
    published.release(published.approved("survey", other, framework=SET))
    text = text_of(client.get("/en/indicators/5d/?area=VNM"))
    assert "Figures of 2 datasets, each area from one only" in text
    assert "the figure for 2020 was 26.7 %" in text
    assert "Own" in text
    beside = part_of(client.get("/en/indicators/5d/?area=VNM"), "beside")
    assert "2020 26.7 Shown here" in beside
    assert "2022 31.0 Show this dataset alone" in beside
    alone = client.get("/en/indicators/5d/?area=VNM&dataset=viet-nam%2Fsurvey")
    assert "the figure for 2022" in text_of(alone)
    listed = rows_of(client.get("/en/indicators/5d/data.csv?area=VNM&dataset=viet-nam%2Fsurvey"))
    assert [each["value"] for each in listed] == ["30.3", "31.0"]


def test_label_of_an_appraisal_is_shown_with_conditions(client, published):
    inputs = edition_inputs()
    inputs["datasets"][0] |= {
        "kind": "third_party",
        "labels": [{"code": "CONTEXT", "indicators": [], "conditions": "Cities only.",
                    "expires": "2030-01-31"}],
    }  # fmt: skip
    digest = write_edition(inputs, lambda *_: None)
    Edition.objects.create(digest=digest, made_at=timezone.now())
    assert current_edition().digest == digest
    text = text_of(client.get("/en/indicators/5d/"))
    assert "Part of the figures are of a third party" in text
    assert "Cities only. Until 31 January 2030." in text


def test_metadata_comes_from_the_handbook_of_the_same_set(client, published):
    text = {"text": "Seats that women hold.", "state": "approved"}
    book = {
        "format": "everycount-handbook/1", "id": "book", "version": "1", "title": {"en": "Book"},
        "framework": SET, "entries": [{"indicator": "5d", "fields": {
            "concept": {"en": text, "vi": {"text": "Số ghế của nữ", "state": "draft"}}}}],
    }  # fmt: skip
    published.release(
        published.approved("book", json.dumps(book), name="book.json", content="handbook")
    )
    assert "Seats that women hold." in part_of(client.get("/en/indicators/5d/"), "metadata")
    own = part_of(client.get("/vi/indicators/5d/"), "metadata")
    assert "Số ghế của nữ" in own
    assert "Seats that women hold." not in own
    french = client.get("/fr/indicators/5d/").content.decode()
    assert '<span lang="en" dir="auto">Seats that women hold.</span>' in french
    assert "Seats" not in part_of(client.get("/en/indicators/5e/"), "metadata")


def test_chain_names_dataset_version_and_figure(client, published):
    body = client.get("/en/indicators/5d/?area=THA").content.decode()
    chain = body[body.index('<ol class="chain">') : body.index("</ol>", body.index("chain"))]
    text = unescape(re.sub(r"<[^>]+>", " ", chain))
    dataset = current_edition().datasets["viet-nam/own"]
    assert "Thailand, 2020: 15.7" in text
    assert "5d · 764 · 2020" in text
    assert dataset.digest[:16] in text
    assert 'class="is-gap"' in chain


def test_chain_begins_at_the_clause_of_the_areas_own_policy(client, published):
    published.release(published.approved("law", review(), name="law.json", content="policy"))
    own = client.get("/en/indicators/5d/?area=VNM").content.decode()
    assert "Women hold 35 % of seats." in own
    assert "Not kept by 2015" in own
    other = client.get("/en/indicators/5d/?area=THA").content.decode()
    assert "Women hold 35 % of seats." not in other
    assert "Not kept by 2015" not in other


def review():
    """Return a policy review with one accepted issue, target and link."""
    yes = {"status": "accepted", "by": "Group", "on": "2026-01-01"}
    words = {"passage": "1", "start": 0, "end": 25, "words": "Women hold 35 % of seats."}
    return json.dumps(
        {
            "format": "everycount-review/1",
            "title": "A review",
            "frameworks": [{"reference": SET, "title": "Set", "level": "global"}],
            "vocabulary": {"id": "own", "title": {"en": "Own"}, "source": "Own"},
            "policy": {"name": "law", "digest": "0" * 64, "language": "en", "title": "A law",
                       "clauses": [{"number": "1", "kind": "article", "label": "1",
                                    "text": "Women hold 35 % of seats."}]},
            "issues": [{"id": "i1", "passage": "1", "clause": "Women hold 35 % of seats.",
                        "action": "Women in parliament", "decision": yes,
                        "targets": [{"id": "t1", "words": words, "comparator": "at least",
                                     "value": 35, "unit": "%", "year": 2015, "decision": yes}]}],
            "links": [{"issue": "i1", "framework": SET, "key": "5d", "band": "likely",
                       "relation": "close", "decision": yes}],
        }
    )  # fmt: skip


def test_json_ld_is_a_dataset_that_cannot_end_its_block(client, published):
    body = client.get("/en/indicators/5d/").content.decode()
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)[1]
    found = json.loads(text)
    assert found["@type"] == "Dataset"
    assert found["temporalCoverage"] == "2010/2020"
    assert "<" not in text


def test_embedded_chart_may_be_framed_and_pages_may_not(client, published):
    embedded, page = (client.get(f"/en/indicators/5d/{part}") for part in ("embed/", ""))
    assert "X-Frame-Options" not in embedded.headers
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/en/indicators/", "/en/indicators/5d/?area=VNM"])
def test_pages_ask_the_database_once(client, published, path):
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) == 1


def test_page_stands_in_every_language_and_has_no_inline_style(client, published):
    for code in ("en", "fr", "es", "vi", "ar"):
        body = client.get(f"/{code}/indicators/5d/?area=VNM").content.decode()
        assert f'lang="{code}"' in body
        assert " style=" not in body
    assert "26,7" in text_of(client.get("/vi/indicators/5d/?area=VNM"))
