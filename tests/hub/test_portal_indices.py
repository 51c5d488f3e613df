"""Pages of indices: what they show is what the library computes, and nothing that was not asked."""

import io
import json
import math
import re
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest
from django.utils import timezone, translation

from everycount.index.build import build
from everycount.index.steps import Aggregate, Impute, Normalise, Screen, Treat, Weigh
from everycount.io.index_run import build_index
from everycount.io.methods import read_method
from everycount.io.sample import sample_path
from everycount.language.language import LANGUAGES, language
from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.contents import index as index_content
from everycount_hub.contents.archive import pack
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace
from everycount_hub.portal.indices.combining_words import combining_words
from everycount_hub.portal.indices.method_words import WORDS, method_words
from everycount_hub.portal.indices.opened import addresses, open_index
from everycount_hub.portal.indices.own_weights import reweighed, weighable
from everycount_hub.portal.indices.spoken import Spoken
from everycount_hub.queries.editions import current_edition

pytestmark = pytest.mark.django_db
SHIPPED = "sdg-gender-index-2019-open"
DRAWS = 'draws = 200\nsensitivity_draws = 0\n[[audit.assumptions]]\nvary = "step"\nname = "Scale"'


REMEMBERED = {}
"""Bundles by what they are made of: the same files give the same, and an audit takes seconds."""


@pytest.fixture(autouse=True)
def folders(settings, tmp_path, monkeypatch):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"
    make = index_content.make

    def remembered(place, name):
        content = place.read_bytes()
        if content not in REMEMBERED:
            REMEMBERED[content] = make(place, name)
        return REMEMBERED[content]

    monkeypatch.setattr(index_content, "make", remembered)


def quick(content):
    """Return the shipped method with an audit of few builds."""
    text = content.decode()
    first = '[[audit.assumptions]]\nvary = "step"\nname = "Scale"'
    assert first in text
    return text.replace(first, f"[audit]\n{DRAWS}", 1).encode()


def index_files(**changed):
    names = ("observations.csv", "units.csv", "sources.csv")
    files = {name: sample_path(name).read_bytes() for name in names}
    files["method.toml"] = quick(read_method(SHIPPED).content)
    return {**files, **changed}


SMALL = {
    "method.toml": b"""id = "small"
title = "Small index"
[[groups]]
code = "top"
[[groups]]
code = "a"
parent = "top"
name = "Part <A>"
[[groups]]
code = "b"
parent = "top"
weight = 2
[[indicators]]
code = "x"
parent = "a"
worst = 0
best = 100
[[indicators]]
code = "y"
parent = "b"
worst = 0
best = 100
[[steps]]
do = "select"
periods = [2019, 2020]
take = "exact"
[[steps]]
do = "normalise"
method = "goalposts"
[[steps]]
do = "aggregate"
method = "geometric"
missing = "propagate"
[audit]
draws = 100
sensitivity_draws = 0
[[audit.assumptions]]
vary = "weights"
name = "Weights"
how = "noise"
spread = 0.25
""",
    "observations.csv": b"""REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE
P1,x,2019,50
P1,y,2019,40
P1,x,2020,60
P1,y,2020,40
P2,x,2019,30
P2,y,2019,80
P2,x,2020,30
P2,y,2020,80
P3,x,2020,10
P3,y,2020,20
P4,x,2020,10
""",
    "units.csv": b"unit,name\nP1,North & East\nP2,South\nP3,West\nP4,Centre\n",
}


class Office:
    """A public workspace that publishes indices."""

    def __init__(self, workspace, make_user):
        self.workspace = workspace
        Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
        workspace.refresh_from_db()
        self.author, self.chief = make_user(), make_user()

    def publish(self, files, slug="gender-index", *, is_released=True, **said):
        dataset = Dataset.objects.filter(workspace=self.workspace, slug=slug).first()
        if dataset is None:
            described = {"titles": {"en": "Gender index"}, **said}
            dataset = datasets.create(
                workspace=self.workspace,
                description=datasets.Description(
                    slug=slug, kind=Dataset.Kind.OWN, content=Dataset.Content.INDEX, **described
                ),
                by=self.author,
            )
        stored = store.put_source([pack(files)], name="index.zip")
        sent = datasets.Sent(
            digest=stored.digest,
            size=stored.size,
            name="index.zip",
            origin=DatasetVersion.Origin.UPLOAD,
        )
        reason = "better figures" if dataset.versions.exists() else ""
        version = datasets.submit(dataset=dataset, sent=sent, by=self.author, reason=reason)
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=self.chief)
        version = datasets.approve(version=version, by=self.chief)
        if is_released:
            releases.make(
                workspace=self.workspace, versions=[version], title="Index", by=self.chief
            )
            work_once()
        return version


@pytest.fixture
def office(workspace, make_user):
    return Office(workspace, make_user)


@pytest.fixture
def get(client):
    def get(path, status=200, language="en"):
        answer = client.get(f"/{language}/indices/{path}")
        assert answer.status_code == status, answer.content.decode()[:400]
        return answer

    return get


def words(answer):
    """Return the text of a page, without tags and marks of direction."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


def rows_of(answer):
    """Return the cells of each row in the body of the ranking."""
    body = answer.content.decode().partition('id="ranking"')[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr>.*?</tr>", body)[1:]
    ]


@pytest.fixture
def shipped(office):
    """Publish the shipped index; the audit has few builds."""
    office.publish(index_files())
    edition = current_edition()
    return open_index(edition, addresses(edition)["gender-index"])


def test_no_index_is_published(office, get):
    office.publish(SMALL, is_released=False)
    get("", status=404)
    get("gender-index/", status=404)


def test_ranks_and_scores_are_those_of_the_library(shipped, get, tmp_path):
    for name in ("observations.csv", "units.csv"):
        (tmp_path / name).write_bytes(sample_path(name).read_bytes())
    own = build_index(SHIPPED, tmp_path / "observations.csv", units=tmp_path / "units.csv")
    top = own.result.scores().filter(node="index").drop_nulls("rank").sort("rank")
    answer = get("gender-index/")
    shown = rows_of(answer)
    assert [(int(row[0]), row[2]) for row in shown] == [
        (rank, f"{score:.1f}") for rank, score in top.select("rank", "score").iter_rows()
    ]
    ranks = pl.read_csv(io.BytesIO(shipped.files["audit/ranks.csv"]))
    low, high = ranks.filter(unit="VNM").select("q05", "q95").row(0)
    (row,) = [row for row in shown if row[1] == "Viet Nam"]
    assert row[3] == f"{low:g}–{high:g}"
    assert row[5] == "29/34"
    mean = top["score"].mean()
    assert f"mean score of {len(top)} ranked areas is {mean:.1f} of 100" in words(answer)
    assert len(answer.content) < 600_000


def test_everything_on_a_page_of_an_index(shipped, get):
    answer = get("gender-index/")
    text = words(answer)
    assert "These are not the scores Equal Measures 2030 published" in text
    assert "areas are not ranked" in text
    assert "28 indicators have a figure, 29 needed" in text
    assert "express no opinion on the legal status" in text
    assert "weighted by population" in text
    assert "Each indicator is scored from 1 at its worst to 100 at its best." in text
    assert answer.content.decode().count("chart-w") == answer.content.decode().count("chart-n") == 3
    for part in ("goals/", "method/", "audit/", "compare/", "weights/", "files/method.toml"):
        assert f'href="{part}"' in answer.content.decode()
        get(f"gender-index/{part}")
    assert answer["Cache-Control"] == "public, max-age=60"


def test_ranking_of_one_region(shipped, get):
    one = rows_of(get("gender-index/?group=Sub-Saharan+Africa"))
    own = shipped.newest.groups("region")
    ranked = [k for k in shipped.newest.order if own[k] == "Sub-Saharan Africa"]
    assert len(one) == len(ranked) > 5
    assert one[0][0] != "1", "ranks stay those of the whole"
    assert len(rows_of(get("gender-index/?group=%3Cscript%3E"))) == len(shipped.newest.order)


def test_tables_of_an_index_as_files(shipped, get):
    table = pl.read_csv(io.BytesIO(get("gender-index/data.csv").content), infer_schema_length=None)
    row = table.filter(unit="VNM").row(0, named=True)
    k = shipped.place["VNM"]
    assert (row["rank"], row["score"]) == (shipped.newest.ranks[k], shipped.newest.top[k])
    assert table["not_ranked_because"].drop_nulls().len() == table["rank"].null_count()
    told = json.loads(get("gender-index/data.json").content)
    assert [each["id"] for each in told["tables"]] == ["ranking", "groups", "averages"]
    assert "SHA-256" in told["citation"]
    assert get("gender-index/data.xlsx").content[:2] == b"PK"
    get("gender-index/data.pdf", status=404)
    for name in ("method.toml", "scores.csv", "audit/pairs.csv"):
        answer = get(f"gender-index/files/{name}")
        assert answer.content == shipped.files[name]
        assert answer["Content-Disposition"].startswith("attachment")
    get("gender-index/files/../secret.key", status=404)
    get("gender-index/files/nothing.csv", status=404)
    for part in ("goals", "audit", "vnm", "compare", "weights"):
        get(f"gender-index/{part}/data.csv")
    get("data.json")


def test_unit_shows_figures_and_what_pulls_it(shipped, get):
    text = words(get("gender-index/vnm/"))
    k = shipped.place["VNM"]
    assert f"Rank {shipped.newest.ranks[k]:.0f} of {len(shipped.newest.order)}" in text
    pulls = shipped.pull("VNM")
    score = float(shipped.newest.top[k])
    leaves = shipped.result.state.tree.codes[: shipped.result.state.leaf_count]
    total = sum(pulls.nodes[code] for code in leaves if code in pulls.nodes)
    assert pulls.baseline + total == pytest.approx(score)
    goal = [j for j, each in enumerate(leaves) if each.startswith("5") and each in pulls.nodes]
    assert pulls.nodes["goal-5"] == pytest.approx(sum(pulls.nodes[leaves[j]] for j in goal))
    figures = shipped.result.figures().filter(unit="VNM", indicator="5d").row(0, named=True)
    assert f"({figures['year']})" in text
    missing = shipped.result.figures().filter(pl.col("value").is_null(), unit="VNM")
    assert f"{len(missing)} indicators have no figure here" in text


def test_unit_that_is_not_ranked(shipped, get):
    text = words(get("gender-index/AFG/"))
    assert "Not ranked: 28 indicators have a figure, 29 needed." in text
    assert "What pulls it up" not in text


@pytest.mark.parametrize(
    "path", ["zzz/", "compare/?a=zzz", "weights/?unit=zzz", "editions/?with=9"]
)
def test_unknown_unit_or_edition(shipped, get, path):
    get(f"gender-index/{path}", status=404)
    get(f"other/{path}", status=404)


def test_two_units_with_the_share_of_builds_in_which_one_leads(shipped, get):
    pairs = pl.read_csv(io.BytesIO(shipped.files["audit/pairs.csv"]))
    either = pl.col("unit").is_in(["VNM", "THA"]) & pl.col("other").is_in(["VNM", "THA"])
    row = pairs.filter(either).row(0, named=True)
    behind = 1 - row["leads"] - row["ties"]
    text = words(get("gender-index/compare/?a=VNM&b=THA"))
    ahead = {row["unit"]: row["leads"], row["other"]: behind}
    leader = max(ahead, key=ahead.get)
    name = {"VNM": "Viet Nam", "THA": "Thailand"}[leader]
    share = f"{100 * ahead[leader]:.1f}".removesuffix(".0")
    assert f"{name} leads in {share} %" in text.replace("\u00a0", " ")
    turned = shipped.lead("THA", "VNM")
    assert turned.first == pytest.approx(shipped.lead("VNM", "THA").second)
    assert "These are the same area" in words(get("gender-index/compare/?a=VNM&b=VNM"))
    assert "No rank: Afghanistan" in words(get("gender-index/compare/?a=VNM&b=AFG"))


def test_pair_that_the_audit_did_not_compare(shipped, get):
    del shipped.__dict__["_leads"]
    shipped.__dict__["_leads"] = {}
    try:
        text = words(get("gender-index/compare/?a=NOR&b=AFG"))
        assert "No rank" in text
        text = words(get("gender-index/compare/?a=NOR&b=SLE"))
        assert "did not compare this pair" in text
        assert "do not overlap, which is a weaker sign" in text
    finally:
        del shipped.__dict__["_leads"]


def hand_made(index, factors):
    """Return ranks of the shipped index with weights by hand: each goal's indicators, times."""
    method = index.inputs.methodology
    parents = {each.code: each.parent for each in method.indicators}
    indicators = tuple(
        replace(each, weight=each.weight * factors.get(parents[each.code], 1.0))
        for each in method.indicators
    )
    made = build(
        replace(method, indicators=indicators), index.inputs.observations, index.inputs.about
    )
    return dict(made.scores().filter(node="index").select("unit", "rank").iter_rows())


def test_own_weights_are_a_rebuild_with_these_weights(shipped, get):
    by_hand = hand_made(shipped, {"goal-5": 5.0, "goal-13": 0.5})
    answer = get("gender-index/weights/?w.goal-5=5&w.goal-13=0,5&unit=VNM")
    table = pl.read_csv(
        io.BytesIO(get("gender-index/weights/data.csv?w.goal-5=5&w.goal-13=0.5").content)
    )
    own = dict(table.select("unit", "own_weights_rank").iter_rows())
    assert own == {unit: rank for unit, rank in by_hand.items() if rank is not None}
    published = dict(table.select("unit", "published_rank").iter_rows())
    text = words(answer)
    assert (
        f"Viet Nam: your weights move the rank from {published['VNM']:.0f} to {own['VNM']:.0f}; "
        f"the interval of the audit is"
    ) in text
    ranks = table.select(pl.corr("published_rank", "own_weights_rank", method="spearman")).item()
    assert f"{ranks:.3f}" in text
    assert "This is not the published index" in text
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_own_weights_of_one_are_the_published_index(shipped):
    same = reweighed(shipped, dict.fromkeys(weighable(shipped), 1.0))
    assert same.scores().equals(shipped.result.scores())
    alike = reweighed(shipped, dict.fromkeys(weighable(shipped), 7.0))
    was, now = (each.scores().filter(node="index")["rank"] for each in (shipped.result, alike))
    assert now.equals(was)


def test_weight_of_nothing_leaves_a_goal_out(shipped):
    weights = {code: 1.0 if code == "goal-5" else 0.0 for code in weighable(shipped)}
    made = reweighed(shipped, weights)
    goal, index = (
        dict(each.select("unit", "score").iter_rows())
        for each in (
            shipped.result.scores().filter(node="goal-5"),
            made.scores().filter(node="index"),
        )
    )
    known = [unit for unit in index if index[unit] is not None and goal[unit] is not None]
    assert len(known) > 100
    assert all(math.isclose(index[unit], goal[unit], abs_tol=1e-5) for unit in known)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("w.goal-5=-1", "Found “-1”, expected a number from 0 to 10"),
        ("w.goal-5=nan", "Found “nan”"),
        ("w.goal-5=1e400", "Found “1e400”"),
        ("w.goal-5=inf", "Found “inf”"),
        ("w.goal-5=11", "Found “11”"),
        ("w.goal-5=%3Cscript%3E", "Found “&lt;script&gt;”"),
        ("w.goal-5=" + "9" * 5000, "Found “" + "9" * 24 + "”"),
    ],
)
def test_weights_that_are_none(shipped, get, query, said):
    answer = get(f"gender-index/weights/?{query}", status=422)
    assert said in words(answer)
    assert "Cache-Control" not in answer or "public" not in answer["Cache-Control"]
    assert get(f"gender-index/weights/data.csv?{query}", status=422)["Content-Type"].startswith(
        "text/plain"
    )


def test_weights_that_are_all_nothing(shipped, get):
    query = "&".join(f"w.{code}=0" for code in weighable(shipped))
    assert "All weights are 0" in words(get(f"gender-index/weights/?{query}", status=422))


def test_unknown_weights_are_not_heard(shipped, get):
    text = words(get("gender-index/weights/?w.other=5&w=1&%00=2"))
    assert "Areas with another rank 0" in text


def test_panel_of_provinces(office, get):
    office.publish(SMALL, titles={"en": "Small", "vi": "Chỉ số nhỏ"})
    text = words(get("gender-index/"))
    assert "Scores over the years" in text
    assert "geometric mean" in text
    assert "North &amp; East" in text
    assert "Part &lt;A&gt;" in text
    unit = words(get("gender-index/p1/"))
    assert "2019 43.1" in unit
    assert "2020 45.8" in unit
    assert "A part that the index cannot do without is missing" in words(get("gender-index/p4/"))
    page = get("gender-index/", language="vi").content.decode()
    assert "<h1>Chỉ số nhỏ</h1>" in page
    assert '<bdi lang="en">Part &lt;A&gt;</bdi>' in page
    edition = current_edition()
    index = open_index(edition, addresses(edition)["gender-index"])
    # The parts are combined as they are weighed: twice b of twice the weight is four times a.
    doubled = reweighed(index, {"a": 1.0, "b": 2.0})
    score = doubled.scores().filter(node="top", unit="P1", period=2020)["score"].item()
    assert score == pytest.approx((60 * 40**4) ** (1 / 5))


def test_index_whose_parts_have_no_weights(office, get):
    method = SMALL["method.toml"].replace(
        b'code = "top"', b'code = "top"\naggregate = "formula"\nformula = "min(a, b)"'
    )
    office.publish({**SMALL, "method.toml": method})
    assert "not combined by weights" in words(get("gender-index/weights/"))
    assert 'href="weights/"' not in get("gender-index/").content.decode()
    get("gender-index/weights/data.csv", status=404)


def test_two_editions(office, get):
    office.publish(SMALL)
    assert "one published edition" in words(get("gender-index/editions/"))
    later = SMALL["observations.csv"].replace(b"P1,x,2020,60", b"P1,x,2020,90")
    office.publish({**SMALL, "observations.csv": later})
    answer = get("gender-index/editions/?unit=P1")
    text = words(answer)
    assert "1 area has another score or rank" in text
    assert "1 figure behind the scores changed." in text
    assert "60 (2020)" in text
    assert "90 (2020)" in text
    table = pl.read_csv(io.BytesIO(get("gender-index/editions/data.csv").content))
    row = table.row(0, named=True)
    assert row["unit"] == "P1"
    assert row["score_before"] == pytest.approx((60 * 40**2) ** (1 / 3))
    assert row["score_after"] == pytest.approx((90 * 40**2) ** (1 / 3))


def test_other_dataset_of_one_method_is_another_edition(office, get):
    office.publish(SMALL)
    method = SMALL["method.toml"].replace(b"weight = 2", b"weight = 3")
    office.publish({**SMALL, "method.toml": method}, slug="other-index")
    text = words(get("other-index/editions/?with=gender-index"))
    assert "Other weights: b." in text


def test_withdrawn_index_is_gone(office, get):
    version = office.publish(SMALL)
    office.publish(SMALL, slug="other")
    datasets.withdraw(
        version=version, reason="figures were wrong", by=office.chief, keep_file=False
    )
    work_once()
    text = words(get("gender-index/", status=410))
    assert "figures were wrong" in text
    get("gender-index/p1/", status=404)
    get("gender-index/data.csv", status=404)
    assert "Withdrawn" in words(get(""))


def test_one_short_name_in_two_workspaces(office, make_workspace, make_user, get):
    office.publish(SMALL)
    other = Office(make_workspace("fiji"), make_user)
    other.publish(SMALL, titles={"en": "Second"})
    assert "<h1>Gender index</h1>" in get("gender-index/").content.decode()
    assert "<h1>Second</h1>" in get("fiji.gender-index/").content.decode()


def test_page_in_arabic(shipped, get):
    answer = get("gender-index/vnm/", language="ar")
    page = answer.content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "<h1>فييت نام</h1>" in page
    assert '<bdi lang="en">' in page
    assert str(timezone.localdate().year)[:2] == "20"


def test_no_query_reads_the_database_twice(shipped, get, django_assert_max_num_queries):
    get("gender-index/")
    with django_assert_max_num_queries(3):
        get("gender-index/")
        get("gender-index/vnm/")
        get("gender-index/weights/?w.goal-5=5")


def method_spoken(name, code="en"):
    """Return what words of a method need: the method, and nothing that was built."""
    method = read_method(name).methodology
    state = SimpleNamespace(tree=method.tree, units=())
    return Spoken(
        index=SimpleNamespace(
            result=SimpleNamespace(methodology=method, state=state),
            inputs=SimpleNamespace(about=SimpleNamespace(names={})),
        ),
        edition=SimpleNamespace(indicator_by_key={}),
        dataset=SimpleNamespace(titles={"en": "Index"}, framework=""),
        words=language(code),
        slug="index",
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [
        "asem-sustainable-connectivity", "eige-gei-2017", "sdg-gender-index-2019",
        "sdsn-sdg-index-2021", "undp-gii", "wef-gggi-2023", "world-bank-wbl",
    ],
)  # fmt: skip
def test_every_shipped_method_in_words(name, code):
    with translation.override(code):
        said = method_words(method_spoken(name, code))
    assert len(said) > 2
    assert not [each for each in said if "{" in each or not each.strip()]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Screen(do="screen", units=0.5, nonzero=0.1, indicators=0.65, groups=0.4),
         "In groups where an area has less than 40\u00a0% of the indicators, its figures"),
        (Impute(do="impute", method="mean", by="region", weight="population"),
         "the areas of the same group (region). The mean is weighted by population."),
        (Impute(do="impute", method="median"), "the median of all areas"),
        (Impute(do="impute", method="last", limit=1), "at most 1 year."),
        (Impute(do="impute", method="em", nodes=("goal-5",)), "done for 5 Gender equality."),
        (Treat(do="treat", winsorise=5, transform="log_ct"),
         "Up to 5 outliers are brought to the next figure. A shifted logarithm is taken. This is "
         "done only where outliers remain."),
        (Treat(do="treat", transform="log", always=True), "The logarithm is taken. This is done"),
        (Treat(do="treat", transform="box_cox", box_cox_lambda=0.5, rule="either"),
         "(either way) or its kurtosis above 3.5. The Box-Cox"),
        (Normalise(do="normalise", method="z_score", scale=(50, 10)), "standard deviation of 10."),
        (Normalise(do="normalise", method="distance_to_reference", reference="NOR"),
         "to 1 at the figure of NOR."),
        (Normalise(do="normalise", method="goalposts", clip="none", level=2, pool=2019),
         "score beyond the scale."),
        (Normalise(do="normalise", method="borda", pool="period"), "Each period stands alone."),
        (Weigh(do="weigh", method="pca", level=2, parents=("index",)),
         "This is of the groups of level 2. This is within SDG Gender Index."),
    ],
)  # fmt: skip
def test_step_in_words(step, said):
    spoken = method_spoken(SHIPPED)
    assert said in WORDS[step.do](spoken, step)


def test_ways_to_combine_in_words():
    spoken = method_spoken(SHIPPED)
    step = Aggregate(do="aggregate", method=("minimum", "geometric"), missing="propagate")
    said = combining_words(spoken, step, above=1)
    assert said[0].startswith("1 No poverty, 2 Zero hunger")
    assert "the lowest part." in said[0]
    assert "SDG Gender Index: the geometric mean of the parts." in said[1]
    assert said[-1] == "What lacks a part has no score."
