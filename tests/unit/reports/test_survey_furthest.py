"""Who is furthest behind on the page of a survey, and what the table beside it forbids to tell."""

from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from everycount.charts.leaves import Leaf
from everycount.model.design import Characteristic, Crossings, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.rules import Confidentiality
from everycount.model.sampling import Sampling
from everycount.reports.survey_furthest import furthest_section
from everycount.reports.survey_page import survey_page
from everycount.reports.survey_report import Shown, SurveyWords, Told, survey_report
from everycount.reports.survey_view import view_of
from everycount.survey.confidential import Concealed
from everycount.survey.disaggregate import disaggregate
from everycount.survey.furthest import furthest
from everycount.survey.furthest_rows import FurthestOptions
from everycount.survey.furthest_secret import Secret
from everycount.survey.group_figures import OutcomeWords
from everycount.survey.plan import resolve
from everycount.survey.simulate import simulate

TREE = (
    Leaf(path=("rich",), share=0.4, estimate=0.9, low=0.8, high=0.95),
    Leaf(path=("poor", "far away"), share=0.1, estimate=0.1, flag="few"),
    Leaf(path=("poor", "near"), flag="hidden"),
    Leaf(
        path=("poor", "nowhere"),
    ),
)


@pytest.fixture(scope="module")
def plan():
    frame = simulate(clusters=60)
    source = SimpleNamespace(
        name="frame",
        rows=len(frame),
        columns={name: Column(name=name, kind="number") for name in frame.columns},
        batches=lambda wanted, *, rows=0: iter([frame.select(wanted)]),
    )
    design = SurveyDesign(
        sampling=Sampling(strata=("stratum",), psu="cluster", weight="weight"),
        characteristics=(
            Characteristic(name="urban"),
            Characteristic(name="education", ordered=True),
            Characteristic(name="age", bands=(15, 20, 25, 30, 35, 40, 50)),
        ),
        outcomes=(
            Outcome(name="internet", label="Uses it", yes=(1,), no=(2,), missing=(9,)),
            Outcome(name="works", yes=(1,), no=(2,), missing=(9,)),
        ),
        crossings=Crossings(depth=2),
        circumstances=("education", "age"),
        period="2025",
    )
    return resolve(design, source)


@pytest.fixture(scope="module")
def real(plan):
    """A real disaggregation; the tree beside it parts women by schooling, then by age."""
    return disaggregate(plan)


@pytest.fixture(scope="module")
def behind(plan):
    options = FurthestOptions(methods=("escap",), replicates=2, draws=2)
    return furthest(plan, "internet", options)


ONLINE = SurveyWords(
    outcomes={"internet": Told(people="women", words=OutcomeWords(present="go online", past=""))}
)
OLD = "Education: 2, age: 35-39 or 40-49"


def change(found, where, **values):
    """Return the survey with other values in the rows where columns have these values."""
    rows = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
    columns = [
        pl.when(rows).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    ]
    return replace(found, table=found.table.with_columns(columns))


def row_of(table, name, group=""):
    return next(row for row in table.rows if (row.group, row.name) == (group, name))


def group(levels=None, outcome="internet"):
    """Return the columns of a cell of the real survey."""
    return {"outcome": outcome, "urban": "_T", "education": "_T", "age": "_T"} | (levels or {})


def leaf_rows(page):
    return {row[0]: row[1:] for row in page.furthest.table.rows}


def test_furthest_behind_is_a_chart_and_a_table_from_the_furthest(real):
    view = view_of(real, told=ONLINE.outcomes)
    part = furthest_section(view, TREE, text=["Found."], caveats=["Lean."])
    assert (part.text, part.caveats) == (("Found.",), ("Lean.",))
    assert part.chart.title == "Furthest behind of the groups shown: Poor, far away"
    assert part.table.rows == (
        ("Poor, far away", "10.0 %", "(10.0)", "–"),
        ("Rich", "40.0 %", "90.0", "80.0 to 95.0"),
        ("Poor, near", "–", "not shown", "–"),
        ("Poor, nowhere", "–", "no figure", "–"),
    )
    assert part.table.columns[1].label == "Part of women"
    assert ">10.0 % of women<" in part.chart.svg
    assert ">all women: 53.5 %<" in part.chart.svg
    assert part.chart.alt.endswith("In brackets, uncertain: 1.")
    assert "few cases" not in part.chart.alt


def test_furthest_behind_of_a_barrier_is_the_highest_figure(real):
    outcomes = (replace(real.plan.design.outcomes[0], direction="barrier"),)
    design = replace(real.plan.design, outcomes=outcomes)
    part = furthest_section(
        view_of(replace(real, plan=replace(real.plan, design=design))), TREE[:2]
    )
    assert part.chart.title == "Furthest behind: Rich"
    assert part.table.rows[0][0] == "Rich"


@pytest.mark.parametrize(
    ("leaves", "said"),
    [
        ((Leaf(path=(), estimate=0.5),), "No circumstance parts the people"),
        ((Leaf(path=("poor",), flag="hidden"),), "No group has a figure that may be shown"),
    ],
)
def test_furthest_behind_without_a_split_or_a_figure_says_so(real, leaves, said):
    assert furthest_section(view_of(real), leaves).chart.title == said


def test_page_of_a_real_disaggregation_tells_its_figures(real):
    """The whole way from rows, so that the parts fit one another."""
    page = survey_report(real)
    total = real.table.row(0, named=True)
    assert page.finding.number == f"{100 * total['estimate']:.1f}\u00a0%"
    row = row_of(page.cells[0], "40-49", "age")
    own = real.table.filter(**group({"age": "40-49"})).row(0, named=True)
    assert row.figure == f"{100 * own['estimate']:.1f}"
    assert row.cases == f"{own['n']:,}"
    assert len(page.groups.cells.rows) == 24
    assert survey_page(survey_report(real)) == survey_page(page)


def test_furthest_behind_of_a_real_tree_tells_all_of_it(real, behind):
    page = survey_report(real, words=ONLINE, furthest=behind)
    rows = leaf_rows(page)
    assert len(rows) == 6
    own = real.table.filter(**group({"education": "1"})).row(0, named=True)
    assert page.furthest.table.rows[0][0] == "Education: 1"
    assert page.furthest.table.rows[0][2] == f"{100 * own['estimate']:.1f}"
    assert "go online, against" in page.furthest.text[0]
    assert len(page.furthest.text) == len(behind.sentences)
    assert page.furthest.caveats[:-1] == behind.caveats
    plain = survey_report(real, furthest=behind)
    assert plain.furthest.text == behind.sentences


def test_furthest_behind_in_another_outcome_is_refused(real, behind):
    with pytest.raises(ValueError, match="found 'internet' furthest behind in 'works'"):
        survey_report(real, shown=Shown(outcome="works"), furthest=behind)


def test_a_leaf_of_which_the_table_hides_a_cell_is_hidden(real, behind):
    """With the margins of the table it would give the hidden cell away."""
    marked = change(real, group({"education": "2", "age": "40-49"}), flag="not_shown")
    page = survey_report(marked, words=ONLINE, furthest=behind)
    rows = leaf_rows(page)
    assert rows[OLD] == ("–", "not shown", "–")
    assert sum(row[1] == "not shown" for row in rows.values()) == 1
    assert page.furthest.text[0].startswith("In 2025, 18 of 100 women with education: 1 go online:")
    assert "For all women it is 53.5" in page.furthest.text[0]
    assert page.furthest.text[1].startswith("In 100 % of 2 replicates")
    assert "a hidden figure could be worked out" in page.furthest.text[2]
    assert not any(told.startswith("D ") for told in page.furthest.caveats)


def test_a_leaf_beside_another_hidden_table_is_told_where_its_cells_are(real, behind):
    marked = change(real, group({"urban": "1", "age": "40-49"}), flag="not_shown")
    page = survey_report(marked, furthest=behind)
    assert not any(row[1] == "not shown" for row in leaf_rows(page).values())
    assert page.furthest.text == behind.sentences


def test_a_leaf_of_a_crossing_that_was_not_made_is_hidden_where_anything_is(real, behind):
    marked = change(real, group({"urban": "1"}), flag="not_shown")
    alone = replace(
        marked,
        table=marked.table.filter((pl.col("education") == "_T") | (pl.col("age") == "_T")),
    )
    rows = leaf_rows(survey_report(alone, furthest=behind))
    assert rows[OLD] == ("–", "not shown", "–")
    assert rows["Education: 1"][1] != "not shown"


def test_who_is_furthest_behind_is_not_told_where_the_table_hides_it(real, behind):
    marked = change(real, group({"education": "1"}), flag="not_shown")
    page = survey_report(marked, words=ONLINE, furthest=behind)
    assert page.furthest.text[0].startswith("Who is furthest behind is not shown, to protect")
    assert "17.7" not in " ".join(page.furthest.text)


def test_everybody_is_not_told_beside_those_furthest_behind_where_hidden(real, behind):
    marked = change(real, group({"education": "2"}), flag="not_shown")
    marked = change(marked, group({"education": "2", "age": "40-49"}), flag="not_shown")
    marked = change(marked, group(), flag="not_shown")
    text = survey_report(marked, furthest=behind).furthest.text
    assert text[0].startswith("In 2025, 18 of 100 people with education: 1 have the outcome")
    assert "it is" not in text[0]


@pytest.mark.parametrize(
    ("rounding", "more", "is_told"), [(0, 0, True), (0, 1, False), (5, 3, True), (5, 30, False)]
)
def test_a_leaf_of_other_people_than_the_cells_of_the_table_is_hidden(
    real, behind, rounding, more, is_told
):
    """Who has no level of a circumstance is in the table and not in the tree."""
    marked = change(real, group({"urban": "1"}), flag="not_shown")
    own = real.table.filter(**group({"education": "1"})).row(0, named=True)
    table = change(marked, group({"education": "1"}), n=own["n"] + more).table
    secrecy = Confidentiality(id="s", title="S", source="S.", minimum=5, rounding=rounding)
    concealed = Concealed(
        table=table,
        hidden=(),
        rules=secrecy,
        details=0,
        uncertain=0,
        compared=(),
        lost=pl.DataFrame(),
    )
    page = survey_report(real, furthest=behind, concealed=concealed)
    assert (leaf_rows(page)["Education: 1"][1] != "not shown") is is_told


def test_a_leaf_has_the_interval_of_its_cell_where_errors_were_rounded(real, behind):
    marked = change(real, group({"urban": "1"}), flag="not_shown")
    marked = change(marked, group({"education": "1"}), df=None, ci_low=0.1, ci_high=0.25)
    marked = change(marked, group({"education": "2", "age": "40-49"}), df=None)
    rows = leaf_rows(survey_report(marked, furthest=behind))
    assert rows["Education: 1"][2] == "10.0 to 25.0"
    assert rows[OLD][1:] == ("41.5", "–")
    assert not any(row[1] == "not shown" for row in rows.values())


def test_a_leaf_that_its_own_rules_hide_stays_hidden(real, behind):
    grown = behind.grown[0]
    place = grown.place(4)
    secret = Secret(rules=None, nodes={"escap": frozenset({place})})
    marked = change(real, group({"urban": "1"}), flag="not_shown")
    for found in (real, marked):
        page = survey_report(found, furthest=replace(behind, secret=secret))
        assert leaf_rows(page)["Education: 1"] == ("–", "not shown", "–")


def test_a_leaf_is_told_by_levels_that_were_joined_if_it_has_all_of_them(real, behind):
    """As when the table joins levels to protect people, and the tree does not."""
    marked = change(real, group({"urban": "1"}), flag="not_shown")
    old = pl.col("age").is_in(["35-39", "40-49"])
    joined = (
        marked.table.with_columns(age=pl.when(old).then(pl.lit("35-39+40-49")).otherwise("age"))
        .group_by("outcome", "statistic", "urban", "education", "age", maintain_order=True)
        .agg(pl.exclude("n").first(), pl.col("n").sum())
        .select(marked.table.columns)
    )
    codings = list(marked.plan.codings)
    levels = codings[2].levels
    last = replace(levels[-2], code="35-39+40-49", label="35-39 or 40-49", below=50)
    codings[2] = replace(codings[2], levels=(*levels[:-2], last))
    plan = replace(marked.plan, codings=tuple(codings))
    rows = leaf_rows(survey_report(replace(marked, table=joined, plan=plan), furthest=behind))
    assert rows[OLD][1] == "41.5"
    assert rows["Education: 3, age: 40-49"][1] == "not shown"
