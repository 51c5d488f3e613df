"""Pages of policies: what people accepted, what shows it, the library's gaps; nobody by name."""

import io
import json
import zipfile
from dataclasses import replace

import pytest

from everycount.io.frameworks import shipped_frameworks
from everycount.io.review_file import parse_review, review_bytes
from everycount.io.sample import sample_path
from everycount.model.issue import Cause, Decision
from everycount.model.review import Clause
from everycount.model.supply import Catalogue
from everycount.policy.gaps import gaps
from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace
from everycount_hub.portal.matches import entry_of, matches
from everycount_hub.portal.policies.promises import marked
from everycount_hub.queries.editions import current_edition

pytestmark = pytest.mark.django_db
PAGE = "/en/policies/viet-nam/law/"
PERSON = "Nguyen Nobody-Must-See"
SET = "sdg-gender-index@2019"
FIGURES = b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n5d,VNM,2020,F,26.72,PT\n"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"


def sample():
    """Return the shipped review, decided by a person who is named nowhere else."""
    review = parse_review(sample_path("policy/viet-nam.review.json").read_bytes(), subject="sample")

    def by_person(thing):
        decided = thing.decision
        if decided.status == "proposed":
            return thing
        return replace(thing, decision=replace(decided, by=PERSON))

    return replace(
        review,
        issues=tuple(map(by_person, review.issues)),
        links=tuple(map(by_person, review.links)),
        log=tuple(replace(each, by=PERSON) for each in review.log),
        sign_offs=tuple(replace(each, by=PERSON, of="") for each in review.sign_offs),
    )


@pytest.fixture
def publish(workspace, make_user):
    """Publish files of the workspace Viet Nam, each as the next version of its dataset."""
    Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
    workspace.refresh_from_db()
    author, chief = make_user(), make_user()

    def publish(slug, content, name, kind="policy", **said):
        dataset = Dataset.objects.filter(slug=slug).first()
        if dataset is None:
            described = datasets.Description(
                slug=slug,
                titles={"en": slug.title()},
                kind=Dataset.Kind.OWN,
                content=Dataset.Content(kind),
                **said,
            )
            dataset = datasets.create(workspace=workspace, description=described, by=author)
        stored = store.put_source([content], name=name)
        sent = datasets.Sent(
            digest=stored.digest,
            size=stored.size,
            name=name,
            origin=DatasetVersion.Origin.UPLOAD,
        )
        version = datasets.submit(dataset=dataset, sent=sent, by=author, reason="new")
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=chief)
        datasets.approve(version=version, by=chief)
        releases.make(workspace=workspace, versions=[version], title="Published", by=chief)
        work_once()
        return version

    return publish


@pytest.fixture
def law(publish):
    """Publish the sample, and a figure that one of its indicators needs."""
    publish("seats", FIGURES, "figures.csv", kind="figures", framework=SET)
    return publish("law", review_bytes(sample()), "review.json")


def test_page_counts_promises_and_shows_the_figure(client, law):
    page = client.get(PAGE)
    assert page.status_code == 200
    review = sample()
    assert f"Viet Nam: {len(review.accepted)} promises were found." in page.text
    assert "26.7" in page.text
    assert "2020" in page.text
    assert "/en/indicators/5d/?area=vnm" in page.text
    assert "Figure of 5d: covers less." in page.text
    assert "not at hand" in page.text


def test_nobody_is_named_in_any_page_or_file(client, law):
    paths = ["", "?text=whole", "clauses/11.a/", "gaps/advice/", "gaps/production/"]
    paths += ["data.csv", "data.json", "data.xlsx", "gaps/advice/data.json"]
    for path in paths:
        answer = client.get(PAGE + path)
        assert answer.status_code == 200, path
        content = answer.content
        if path.endswith("xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = b"".join(book.read(each) for each in book.namelist())
        assert PERSON.encode() not in content, path


def test_only_what_was_accepted_is_a_promise(client, publish):
    review = sample()
    dropped = review.accepted[0]
    rejected = replace(dropped, decision=Decision(status="rejected", by="x", on="2026-01-01"))
    kept = [rejected if each is dropped else each for each in review.issues]
    publish("law", review_bytes(replace(review, issues=tuple(kept))), "review.json")
    content = json.loads(client.get(f"{PAGE}data.json").content)
    tables = {each["id"]: each["rows"] for each in content["tables"]}
    names = {each["promise"] for each in tables["promises"]}
    assert names == {each.id for each in review.accepted} - {dropped.id}
    assert dropped.id not in {each["promise"] for each in tables["indicators"]}


def test_gaps_are_those_of_the_library(client, law):
    frameworks = tuple(shipped_frameworks())
    for table in gaps(sample(), Catalogue(frameworks=frameworks)):
        page = client.get(f"{PAGE}gaps/{table.id}/")
        assert page.status_code == 200, table.id
        (rows,) = json.loads(client.get(f"{PAGE}gaps/{table.id}/data.json").content)["tables"]
        assert [tuple(each.values()) for each in rows["rows"]] == list(table.rows)
        if table.count:
            assert f"{table.count}" in page.text


def test_what_cannot_be_seen_yet(client, law):
    page = client.get(PAGE).text
    unmet = next(
        each
        for each in gaps(sample(), Catalogue(frameworks=tuple(shipped_frameworks())))
        if each.id == "issues-without-indicators"
    )
    assert f"Promises that no indicator shows: {unmet.count}" in page
    assert "Breakdowns asked for that figures do not have: " in page


def test_clause_page_has_the_chain(client, law):
    page = client.get(f"{PAGE}clauses/11.c/")
    assert page.status_code == 200
    for words in ("Policy clause", "Promise", "Indicator", "Figure", "26.7"):
        assert words in page.text
    text = next(each.text for each in sample().policy.clauses if each.number == "11.c")
    (clauses,) = [
        each["rows"]
        for each in json.loads(client.get(f"{PAGE}clauses/11.c/data.json").content)["tables"]
        if each["id"] == "clauses"
    ]
    assert clauses[0]["text"] == text


def test_two_versions_are_compared(client, law, publish):
    assert client.get(f"{PAGE}changes/").status_code == 404
    review = sample()
    first = review.accepted[0]
    clauses = tuple(
        replace(each, text="Women and men shall be equal in all councils of the State.")
        if each.number == first.passage
        else each
        for each in review.policy.clauses
    )
    issues = tuple(
        replace(each, action="Be equal in councils", causes=()) if each is first else each
        for each in review.issues
    )
    changed = replace(review, policy=replace(review.policy, clauses=clauses), issues=issues)
    publish("law", review_bytes(changed), "review.json")
    page = client.get(f"{PAGE}changes/")
    assert page.status_code == 200
    assert "From version 1 to version 2: 1 changes of clauses, 1 of promises." in page.text
    assert "Be equal in councils" in page.text
    rows = json.loads(client.get(f"{PAGE}changes/data.json").content)["tables"][0]["rows"]
    assert {each["change"] for each in rows} >= {"promise changed"}
    for query in ("?from=9&to=<b>", "?from=1&to=1", "?from=2&to=1"):
        assert client.get(f"{PAGE}changes/{query}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "viet-nam/none/", "none/law/", "viet-nam/law/gaps/none/", "viet-nam/law/clauses/none/",
        "viet-nam/law/data.pdf", "viet-nam/law/clauses/../../x/", "viet-nam/seats/",
    ],
)  # fmt: skip
def test_unknown_is_not_found(client, law, path):
    assert client.get(f"/en/policies/{path}").status_code == 404


@pytest.mark.parametrize(
    "query", ["?text=<script>", "?text=whole&text=x", "?area=%00", "?x=" + "y" * 4000]
)
def test_hostile_query_changes_nothing(client, law, query):
    page = client.get(PAGE + query)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("language", ["en", "fr", "es", "vi", "ar"])
def test_every_language(client, law, language):
    page = client.get(f"/{language}/policies/viet-nam/law/")
    assert page.status_code == 200
    assert ('lang="en"' in page.text.split("<h1", 1)[1][:20]) == (language != "en")
    assert len(page.content) < 150_000
    assert client.get(f"/{language}/policies/").status_code == 200


def test_list_by_country_and_its_file(client, law):
    assert "Viet Nam" in client.get("/en/policies/").text
    (row,) = json.loads(client.get("/en/policies/data.json").content)["tables"][0]["rows"]
    assert row["promises"] == len(sample().accepted)
    assert (row["policy"], row["area"]) == ("law", "704")


def test_no_policy_yet(client, publish):
    publish("seats", FIGURES, "figures.csv", kind="figures", framework=SET)
    assert "No policy review is published yet." in client.get("/en/policies/").text
    assert client.get("/en/policies/data.csv").status_code == 200


def test_withdrawn_is_gone(client, law, make_user):
    datasets.withdraw(version=law, reason="Wrong text", by=make_user(), keep_file=True)
    work_once()
    page = client.get(PAGE)
    assert page.status_code == 410
    assert "Wrong text" in page.text
    assert client.get(f"{PAGE}data.json").status_code == 404
    assert "Withdrawn" in client.get("/en/policies/").text


def test_marks_stand_where_the_words_are():
    issue = sample().accepted[0]
    clause = Clause(number="1", kind="article", label="1", text="All <must> act & report")
    causes = (
        Cause(passage="1", start=4, end=10, words="<must>"),
        Cause(passage="1", start=0, end=3, words="not these"),
        Cause(passage="2", start=0, end=3, words="All"),
    )
    text = marked(clause, [replace(issue, causes=causes)])
    assert text == 'All <mark class="is-ok">&lt;must&gt;</mark> act &amp; report'


def test_matches_take_one_near_step_at_most(law):
    found = {
        (each.framework, each.key): each.relation for each in matches("sdg-global@2023", "5.5.1")
    }
    assert found[SET, "5d"] == "narrower"
    assert ("sdg-global@2019", "5.5.1") in found
    assert matches("none@1", "x") == ()
    edition = current_edition()
    entry, relation = entry_of(edition, "un-minimum-set@2021", "IV.2", "704")
    assert entry is not None
    assert (entry.code, relation) == ("5d", "narrower")
    assert entry_of(edition, "none@1", "x") == (None, "exact")
