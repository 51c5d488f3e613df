"""The page of a survey from estimates: what is said, drawn, marked and left out."""

from dataclasses import replace
from itertools import combinations, product
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from everycount.errors import NotFound
from everycount.model import rules
from everycount.model.design import Characteristic, Level, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.rules import Confidentiality, Reliability, ReliabilityRule
from everycount.model.sampling import FurtherStage, ReplicateWeights, Sampling
from everycount.reports.index_page import File
from everycount.reports.survey_page import survey_page
from everycount.reports.survey_report import Shown, SurveyWords, Told, survey_report
from everycount.reports.survey_rule_words import rule_words, words_of_test
from everycount.survey.coding import Coding
from everycount.survey.confidential import Concealed
from everycount.survey.disaggregate import Disaggregation
from everycount.survey.findings import Excluded
from everycount.survey.group_figures import OutcomeWords
from everycount.survey.merging import Joined
from everycount.survey.plan import SurveyPlan

READS = Outcome(name="reads", label="Women who can read")
WORKS = Outcome(name="works", label="Women who work")
SIZES = {"place": 2, "wealth": 3, "HIV status": 2}
BASE = {"place": (0.0, 0.1), "wealth": (-0.3, 0.0, 0.25), "HIV status": (0.0, 0.05)}
WORDS = SurveyWords(
    outcomes={"reads": Told(people="women", words=OutcomeWords(present="can read", past="read"))},
    notice="Made up.",
)
DHS = Reliability(
    id="dhs",
    title="Few cases",
    source="A guide.",
    rules=(
        ReliabilityRule(verdict="unreliable", tests=(rules.Test(measure="n", below=25),)),
        ReliabilityRule(verdict="caution", tests=(rules.Test(measure="n", below=50),)),
    ),
)


def coding(name, size, **more):
    levels = tuple(
        Level(code=f"{name[0]}{k}", label=f"{name.capitalize()} {k}", values=(k,))
        for k in range(size)
    )
    label = name if name[:2].isupper() else name.capitalize()
    return Coding(
        characteristic=Characteristic(name=name, label=label, levels=levels, **more),
        column=Column(name=name, kind="number"),
        levels=levels,
    )


def estimates(outcome, codings, *, depth, base):
    """Return a row for each cell: 0.5 and what its levels add."""
    rows = []
    for count in range(depth + 1):
        for names in combinations(range(len(codings)), count):
            for levels in product(*(range(len(codings[at].levels)) for at in names)):
                own = dict(zip(names, levels, strict=True))
                added = sum(base[codings[at].name][level] for at, level in own.items())
                estimate = 0.5 + added
                codes = {
                    each.name: each.levels[own[at]].code if at in own else "_T"
                    for at, each in enumerate(codings)
                }
                figures = {"estimate": estimate, "std_error": 0.02, "ci_low": estimate - 0.04,
                           "ci_high": estimate + 0.04, "df": 90, "deff": 1.5,
                           "n": 1000 // 4**count, "cv": 0.04, "flag": ""}  # fmt: skip
                head = {"outcome": outcome.name, "statistic": outcome.statistic}
                rows.append(head | codes | figures)
    return rows


def survey(
    *outcomes,
    sizes=None,
    base=None,
    depth=2,
    sampling=None,
    excluded=(),
    lonely=(),
    ordered="wealth",
    **design,
):
    """Return a survey of a few groups whose figures are told by `base`."""
    outcomes = outcomes or (READS, WORKS)
    codings = tuple(
        coding(name, size, ordered=name == ordered)
        for name, size in (SIZES if sizes is None else sizes).items()
    )
    base = BASE if base is None else base
    rows = [row for each in outcomes for row in estimates(each, codings, depth=depth, base=base)]
    plan = SurveyPlan(
        design=SurveyDesign(
            characteristics=tuple(each.characteristic for each in codings),
            outcomes=outcomes,
            sampling=sampling or Sampling(),
            **{"title": "A survey", "period": "2024"} | design,
        ),
        source=SimpleNamespace(name="women.csv", rows=1200),
        codings=codings,
        replicates=("rw1", "rw2") if sampling and sampling.replicates else (),
    )
    tables = [t for k in range(depth + 1) for t in combinations(range(len(codings)), k)]
    return Disaggregation(
        plan=plan,
        table=pl.DataFrame(rows, infer_schema_length=None),
        cells=np.zeros((0, 0), dtype=np.int64),
        weighted=np.zeros(0),
        yes=np.zeros(0),
        excluded=tuple(excluded),
        rows=1200,
        units=60,
        strata=6,
        lonely=tuple(lonely),
        moments=SimpleNamespace(tables=tuple(tables)),
    )


def change(found, where, **values):
    """Return the survey with other values in the rows where columns have these values."""
    rows = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
    columns = [
        pl.when(rows).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in values.items()
    ]
    return replace(found, table=found.table.with_columns(columns))


def cell(outcome="reads", **levels):
    return {"outcome": outcome, "place": "_T", "wealth": "_T", "HIV status": "_T"} | levels


def finding(page):
    """Return the finding; its figures keep their units by spaces at which no line ends."""
    words = f"{page.finding.before} {page.finding.number}{page.finding.after}"
    return words.replace("\u00a0", " ")


def row_of(table, name, group=""):
    return next(row for row in table.rows if (row.group, row.name) == (group, name))


@pytest.fixture(scope="module")
def found():
    return survey()


@pytest.fixture(scope="module")
def page(found):
    return survey_report(found, words=WORDS, reliability=DHS)


# ------------------------------------------------------------------ finding


def test_finding_tells_everybody_in_people_and_percent_with_the_interval(page):
    assert page.title == "Women who can read"
    assert page.survey == "A survey, 2024"
    assert finding(page) == (
        "In 2024, 50 of 100 women can read: 50.0 % (95 % interval 46.0 to 54.0)."
    )
    assert page.finding.number == "50.0\u00a0%"
    assert page.notice == "Made up."


def test_finding_without_words_opens_with_the_label(found):
    page = survey_report(found, shown=Shown(outcome="works"))
    assert finding(page) == (
        "Women who work, 2024: 50.0 % (95 % interval 46.0 to 54.0)."
    )  # fmt: skip


def test_finding_of_years_that_are_no_year_and_of_an_outcome_without_label():
    design = survey(Outcome(name="reads"), period="2023-24")
    told = {"reads": Told(words=OutcomeWords(present="can read", past="could read"))}
    page = survey_report(design, words=SurveyWords(outcomes=told))
    assert finding(page).startswith("50 of 100 people can read")
    assert page.title == "reads"
    assert "2023-24" in page.survey
    bare = survey_report(survey(Outcome(name="reads"), period="", title=""))
    assert finding(bare).startswith("reads: 50.0")
    assert bare.survey == "women.csv"


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"flag": "not_shown"}, "is not shown"), ({"estimate": None}, "is not known")],
)
def test_finding_says_that_the_figure_for_everybody_is_untold(found, changes, said):
    page = survey_report(change(found, cell(), **changes), words=WORDS)
    assert finding(page) == f"Women who can read: the figure for all women {said}."
    assert "all women" not in page.groups.chart.alt


def test_finding_without_an_interval_says_none(found):
    page = survey_report(change(found, cell("works"), ci_low=None), shown=Shown(outcome="works"))
    assert finding(page) == "Women who work, 2024: 50.0 %."


def test_finding_of_a_mean_whose_words_round_otherwise_has_no_bold_number():
    mean = Outcome(name="years", statistic="mean", unit="years")
    words = OutcomeWords(present="have on average", past="had", kind="mean", unit="years")
    told = SurveyWords(outcomes={"years": Told(people="women", words=words)})
    page = survey_report(survey(mean), words=told)
    assert page.finding.number == ""
    assert "women have on average 0.5 years" in page.finding.before


def difference(value, low, high, p=0.001, *, outcome="reads", name="wealth", one="w2", other="w0"):
    """Return a row of the table of differences: the first group less the second."""
    total = dict.fromkeys(SIZES, "_T")
    against = {f"against_{each}": "_T" for each in SIZES}
    groups = total | {name: one} | against | {f"against_{name}": other}
    figures = {"difference": value, "ci_low": low, "ci_high": high, "p_adjusted": p}
    return {"outcome": outcome} | groups | figures


def table(*rows):
    return pl.DataFrame(rows, infer_schema_length=None)


def test_finding_is_the_largest_difference_that_is_told_from_none(found):
    differences = table(
        difference(0.7, -0.1, 0.9, name="place", one="p1", other="p0"),
        difference(0.5, 0.4, 0.6),
        difference(0.3, 0.2, 0.4, one="w1"),
        difference(0.9, 0.8, 0.99, outcome="works"),
        difference(0.9, 0.8, 0.99) | {"place": "p0", "against_place": "p0"},
    )
    page = survey_report(found, words=WORDS, differences=differences)
    assert finding(page) == (
        "In 2024, 20 of 100 women whose wealth is “Wealth 0” can read, against 75 of 100 women "
        "whose wealth is “Wealth 2”: 50.0 points more (95 % interval 40.0 to 60.0)."
    )
    assert page.finding.number == "50.0\u00a0points"
    assert page.lead[0].replace("\u00a0", " ") == (
        "In 2024, 50 of 100 women can read: 50.0 % (95 % interval 46.0 to 54.0). The difference "
        "above is the largest of 3 tested between groups of one characteristic; the test allows "
        "for all comparisons that were made."
    )


def test_finding_of_a_barrier_is_about_those_with_the_higher_figure():
    barrier = Outcome(name="reads", label="Women who go hungry", direction="barrier")
    page = survey_report(survey(barrier), differences=table(difference(0.5, 0.4, 0.6)))
    assert finding(page) == (
        "Women who go hungry: 75.0 % for those whose wealth is “Wealth 2” against 20.0 % for those "
        "whose wealth is “Wealth 0”: 50.0 points less (95 % interval 40.0 to 60.0)."
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (difference(0.5, 0.4, 0.6), ": 50.0 points more (95 % interval 40.0 to 60.0)."),
        (difference(0.5, 0.4, 0.6, None), ": 50.0 points more (95 % interval 40.0 to 60.0)."),
        (
            difference(0.1, -0.05, 0.25, 0.2),
            ": 10.0 points more (95 % interval −5.0 to 25.0), which is not distinguishable from "
            "none.",
        ),
        (
            difference(0.0, -0.05, 0.05, 1.0),
            ": 0.0 points (95 % interval −5.0 to 5.0), which is not distinguishable from none.",
        ),
    ],
)
def test_finding_of_a_difference_without_words_for_the_outcome(found, row, said):
    assert finding(survey_report(found, differences=table(row))) == (
        "Women who can read: 20.0 % for those whose wealth is “Wealth 0” against 75.0 % for those "
        f"whose wealth is “Wealth 2”{said}"
    )


@pytest.mark.parametrize(
    "values",
    [{"flag": "not_shown"}, {"flag": "caution"}, {"estimate": None}],
    ids=["hidden", "uncertain", "none"],
)
def test_a_difference_from_a_figure_that_is_not_certain_is_not_the_finding(found, values):
    page = survey_report(
        change(found, cell(wealth="w2"), **values), differences=table(difference(0.5, 0.4, 0.6))
    )
    assert finding(page) == "Women who can read, 2024: 50.0 % (95 % interval 46.0 to 54.0)."
    assert page.lead[0].startswith("Lowest")


@pytest.mark.parametrize("gone", ["difference", "ci_low"])
def test_a_difference_without_an_interval_is_not_the_finding(found, gone):
    rows = table(difference(0.5, 0.4, 0.6) | {gone: None}, difference(0.3, 0.2, 0.4, one="w1"))
    page = survey_report(found, differences=rows)
    assert page.finding.number == "30.0\u00a0points"


def test_lead_tells_lowest_and_highest_and_that_they_were_looked_for(page):
    assert page.lead[0].replace("\u00a0", " ") == (
        "Lowest: 20.0 % (16.0 to 24.0) where wealth is “Wealth 0”. Highest: 85.0 % (81.0 to 89.0) "
        "where place is “Place 1” and wealth is “Wealth 2”. These two were looked for among 23 "
        "groups of one and two characteristics, so their figures lean to the extremes; the "
        "difference between them was not tested."
    )


def test_lead_passes_over_flagged_figures_and_needs_two(found):
    flagged = change(found, cell(place="p1", wealth="w2"), flag="caution")
    assert "Highest: 80.0" in survey_report(flagged).lead[0]
    alone = survey(sizes={"place": 1}, base={"place": (0.1,)})
    assert survey_report(alone).lead == ()


# ------------------------------------------------------------------ what is drawn


def test_charts_are_of_the_characteristics_whose_groups_are_furthest_apart(page):
    assert page.groups.title == "Place and wealth together"
    assert page.groups.chart.title.replace("\u00a0", " ") == (
        "From 20.0 % (Place 0, Wealth 0) to 85.0 % (Place 1, Wealth 2)"
    )
    assert page.groups.chart.unit == "% of women"
    assert page.crossing.title == "Wealth and HIV status together"
    assert "Rows: Wealth. Columns: HIV status" in page.crossing.chart.unit


def test_chart_and_its_table_have_the_same_figures_in_the_same_order(page):
    texts = [row.figure for row in page.groups.cells.rows]
    drawn = page.groups.chart.svg
    places = [drawn.index(f">{text}<") for text in texts]
    assert places == sorted(places)
    assert [(row.group, row.name) for row in page.groups.cells.rows[:4]] == [
        ("Place: Place 0", "Wealth 0"),
        ("Place: Place 0", "Wealth 1"),
        ("Place: Place 0", "Wealth 2"),
        ("Place: Place 1", "Wealth 0"),
    ]
    assert page.groups.cells.name == "Place and wealth"
    assert ">all women: 50.0 %<" in drawn


def test_charts_may_be_asked_for(found):
    page = survey_report(found, shown=Shown(by=("wealth",), crossed=("HIV status", "place")))
    assert page.groups.title == "Wealth"
    assert page.groups.cells.rows[0].group == ""
    assert page.crossing.title == "HIV status and place together"
    assert page.groups.chart.unit == "%"
    assert ">everybody: 50.0 %<" in page.groups.chart.svg


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (Shown(by=("sex",)), "no characteristic 'sex'; there are place, wealth, HIV status"),
        (Shown(by=("place", "wealth", "HIV status")), "by place and wealth and HIV status was"),
        (Shown(by=("place", "place")), "no table of Women who can read by place and place"),
        (Shown(crossed=("place",)), "found 1 characteristics to cross, expected two"),
        (Shown(outcome="drinks"), "no outcome 'drinks'; there are reads, works"),
    ],
)
def test_what_is_asked_for_must_be_there(found, shown, said):
    with pytest.raises(NotFound, match=said):
        survey_report(found, shown=shown)


def test_without_characteristics_there_are_no_charts_and_none_to_name():
    alone = survey(sizes={}, depth=0)
    page = survey_report(alone)
    assert (page.groups, page.crossing, page.outcomes) == (None, None, None)
    assert [row.name for row in page.cells[0].rows] == ["Everybody"]
    assert page.short_note == "No characteristic is crossed."
    with pytest.raises(NotFound, match="there are none"):
        survey_report(alone, shown=Shown(by=("sex",)))
    assert survey_page(page).startswith(b"<!doctype html>")


def test_one_characteristic_or_one_table_is_drawn_where_no_crossing_was_made(found):
    page = survey_report(survey(depth=1))
    assert page.groups.title == "Wealth"
    assert page.crossing is None
    assert page.short_note.startswith("One characteristic at once")
    two = survey(sizes={"place": 2, "wealth": 3})
    page = survey_report(two)
    assert page.crossing.title == "Wealth and place together"
    assert page.groups.title == "Place and wealth together"


def test_too_many_groups_are_a_table_and_no_chart():
    base = {"place": tuple(k / 1000 for k in range(200)), "wealth": (0.0, 0.2)}
    page = survey_report(survey(sizes={"place": 200, "wealth": 2}, base=base))
    assert page.groups.title == "Wealth"
    assert page.crossing is None
    only = survey_report(survey(sizes={"place": 200}, base=base))
    assert only.groups is None
    assert only.outcomes is None
    assert len(only.cells[0].rows) == 201


def test_only_circumstances_are_chosen_for_charts(found):
    page = survey_report(survey(circumstances=("place", "HIV status")))
    assert page.groups.title == "Place and HIV status together"


def test_uncertain_figures_are_hollow_and_in_brackets_and_hidden_ones_untold(found):
    marked = change(found, cell(place="p0", wealth="w0"), flag="caution")
    marked = change(marked, cell(place="p0", wealth="w1"), flag="unreliable")
    marked = change(marked, cell(place="p1", wealth="w1"), flag="review")
    marked = change(marked, cell(place="p1", wealth="w2"), flag="not_shown")
    page = survey_report(marked, shown=Shown(crossed=("place", "wealth")))
    rows = [(row.figure, row.mark, row.untold) for row in page.groups.cells.rows]
    assert rows == [
        ("(20.0)", "with care", ""),
        ("(50.0)", "unreliable", ""),
        ("75.0", "", ""),
        ("30.0", "", ""),
        ("(60.0)", "for review", ""),
        ("", "", "not shown"),
    ]
    for chart in (page.groups.chart, page.crossing.chart):
        assert "uncertain, see the table" in chart.svg
        assert "(20.0)" in chart.svg
        assert "not shown" in chart.svg.replace("\u2068", "").replace("\u2069", "")
        assert "85.0" not in chart.svg
        assert chart.alt.endswith("In brackets, uncertain: 3.")
    assert b"85.0" not in survey_page(page)


def test_groups_with_nobody_have_no_row_and_a_blank_in_the_heat_map(found):
    gone = (pl.col("place") == "p0") & (pl.col("wealth") == "w0")
    page = survey_report(
        replace(found, table=found.table.filter(~gone)), shown=Shown(crossed=("place", "wealth"))
    )
    assert len(page.crossing.cells.rows) == 5
    assert "blank: nobody in the sample" in page.crossing.chart.svg


def test_a_picture_of_one_certain_figure_has_its_heading_for_a_title(found):
    flagged = found.table.with_columns(flag=pl.lit("caution"))
    page = survey_report(replace(found, table=flagged))
    assert page.groups.chart.title == "Place and wealth together"
    assert page.lead == ()


def test_levels_of_one_name_are_told_apart_by_their_codes(found):
    codings = list(found.plan.codings)
    same = tuple(replace(level, label="Other") for level in codings[0].levels)
    codings[0] = replace(codings[0], levels=same)
    page = survey_report(replace(found, plan=replace(found.plan, codings=tuple(codings))))
    assert {row.group for row in page.groups.cells.rows} == {
        "Place: Other (p0)",
        "Place: Other (p1)",
    }


def test_a_code_that_the_design_does_not_know_stands_last_as_it_is(found):
    joined = found.table.with_columns(pl.col("wealth").replace("w0", "w0+w1"))
    page = survey_report(replace(found, table=joined))
    names = [row.name for row in page.groups.cells.rows[:3]]
    assert names == ["Wealth 1", "Wealth 2", "w0+w1"]


# ------------------------------------------------------------------ all outcomes


def test_all_outcomes_stand_beside_one_another_by_a_characteristic_that_ascends(page):
    part = page.outcomes
    assert part.chart.title == "By wealth, furthest apart: Women who can read"
    assert [column.label for column in part.table.columns] == [
        "Outcome", "All", "Wealth 0", "Wealth 1", "Wealth 2",
    ]  # fmt: skip
    assert part.table.rows[1] == ("Women who work", "50.0", "20.0", "50.0", "75.0")
    assert part.table.note == "The table of estimates has the intervals."


def test_outcomes_by_any_characteristic_where_none_ascends():
    page = survey_report(survey(ordered=None))
    assert page.outcomes.chart.title.startswith("By wealth")


def test_outcomes_that_are_hidden_or_uncertain_are_marked(found):
    marked = change(found, cell("works", wealth="w1"), flag="caution")
    marked = change(marked, cell("works", wealth="w2"), flag="not_shown")
    marked = change(marked, cell("reads", wealth="w2"), estimate=None)
    table = survey_report(marked).outcomes.table
    assert table.rows[0][-1] == "no figure"
    assert table.rows[1][-2:] == ("(50.0)", "not shown")
    assert table.note.startswith("In brackets: uncertain.")


def test_outcomes_without_two_figures_on_a_line_name_none_as_furthest_apart(found):
    hidden = found.table.with_columns(
        flag=pl.when(pl.col("wealth") == "_T").then(pl.lit("")).otherwise(pl.lit("not_shown"))
    )
    assert survey_report(replace(found, table=hidden)).outcomes.chart.title == "By wealth"


def test_outcomes_are_not_compared_where_there_is_one_share():
    total = Outcome(name="works", statistic="total", unit="women")
    assert survey_report(survey(READS, total)).outcomes is None


def test_an_outcome_that_nobody_of_a_level_answers_has_no_dot_there(found):
    gone = (pl.col("outcome") == "works") & (pl.col("wealth") == "w0")
    part = survey_report(replace(found, table=found.table.filter(~gone))).outcomes
    assert part.table.rows[1][2] == "no figure"


# ------------------------------------------------------------------ other statistics


@pytest.mark.parametrize(
    ("size", "printed"),
    [(1234.0, "1,234"), (12.34, "12.3"), (2.0, "2.00"), (0.02, "0.020"), (None, "")],
)
def test_means_have_as_many_decimals_as_they_need(size, printed):
    mean = Outcome(name="years", statistic="mean", unit="years", label="Years of schooling")
    made = survey(mean)
    made = replace(
        made,
        table=made.table.with_columns(
            pl.lit(size, dtype=pl.Float64).alias(name) for name in ("estimate", "ci_low", "ci_high")
        ),
    )
    page = survey_report(made)
    assert page.cells[0].rows[0].figure == printed
    assert page.cells[0].figure == "years"
    if size:
        assert f"{printed} years" in finding(page)
    assert survey_page(page)


def test_totals_are_neither_ranked_nor_drawn_against_everybody():
    total = Outcome(name="works", statistic="total")
    page = survey_report(survey(total))
    assert page.lead == ()
    assert page.groups.title == "Place and wealth together"
    assert page.groups.chart.unit == "Total"
    assert "everybody" not in page.groups.chart.svg
    assert page.cells[0].figure == "Figure"


def test_shares_that_are_all_but_for_rounding_are_all(found):
    above = change(found, cell(wealth="w2"), estimate=1.0000000000000002, ci_high=None)
    row = row_of(survey_report(above).cells[0], "Wealth 2", "Wealth")
    assert (row.figure, row.interval) == ("100.0", "–")


# ------------------------------------------------------------------ cells


def test_cells_are_all_of_one_and_two_characteristics(page):
    assert [table.name for table in page.cells] == [
        "One characteristic at a time",
        "Place and wealth",
        "Place and HIV status",
        "Wealth and HIV status",
    ]
    first = page.cells[0]
    assert first.rows[0].name == "All women"
    assert [group for group, _ in first.blocks] == ["", "Place", "Wealth", "HIV status"]
    row = row_of(first, "Wealth 0", "Wealth")
    assert (row.figure, row.interval, row.cases) == ("20.0", "16.0 to 24.0", "250")
    assert page.cells_note[0].startswith("24 of 24 cells of this outcome.")
    assert "are in the table of estimates." in page.cells_note[0]


def test_cells_name_the_file_that_has_all_of_them(found):
    files = [File(name="estimates.csv", href="estimates.csv", what="All")]
    page = survey_report(found, files=files)
    assert "are in the file estimates.csv." in page.cells_note[0]
    assert page.files == tuple(files)


def test_cells_beyond_what_a_page_carries_are_counted():
    sizes = {"place": 40, "wealth": 40, "HIV status": 2}
    base = {name: (0.0,) * size for name, size in sizes.items()}
    page = survey_report(survey(sizes=sizes, base=base))
    assert [table.name for table in page.cells[1:]] == ["Place and HIV status",
                                                        "Wealth and HIV status"]  # fmt: skip
    assert page.cells_note[-1] == "1 table of two characteristics would make the page too long."
    many = survey(sizes={"place": 1500}, base={"place": (0.0,) * 1500})
    assert len(survey_report(many).cells[0].rows) == 1001


def test_cells_without_a_number_of_cases_have_a_dash(found):
    page = survey_report(change(found, cell(), n=None, df=None, deff=None))
    assert page.cells[0].rows[0].cases == "–"
    assert "Degrees of freedom" not in dict(page.short)
    assert "Design effect" not in dict(page.quality.facts)
    assert dict(page.quality.facts)["Rows"] == "1,200 read"


def test_an_outcome_without_any_cell_is_not_known(found):
    none = replace(found, table=found.table.filter(pl.col("outcome") == "works"))
    page = survey_report(none)
    assert finding(page).endswith("the figure for everybody is not known.")
    assert page.cells[0].rows[0].untold == "no figure"
    assert page.groups is None


# ------------------------------------------------------------------ quality


def test_quality_tells_sample_errors_intervals_and_rules(page):
    facts = dict(page.quality.facts)
    assert facts["Rows"] == "1,200 read; 1,000 count for this outcome"
    assert facts["Sample"] == "60 sampled units in 6 strata"
    assert facts["Strata with one unit"] == "None"
    assert facts["Weight"] == "None: every row counts alike"
    assert facts["Standard errors"].startswith("Taylor linearisation")
    assert facts["Finite population correction"].startswith("None")
    assert facts["Intervals"].startswith("95 %, method “logit”: on the scale of log odds")
    assert facts["Design effect"].startswith("1.5 for all women; 1.5 in the middle")
    assert facts["Degrees of freedom"].startswith("90 for all women; 90 in the cell")
    assert facts["Rules on reliability"].startswith("Few cases. A guide. Here they mark")
    assert facts["Rules on secrecy"] == "None were applied to these figures"
    assert "about 95 would give" in dict(page.quality.terms)["Interval"]


def test_quality_counts_what_rules_flag_and_hide(found):
    marked = change(found, cell(wealth="w0"), flag="unreliable")
    marked = change(marked, cell(wealth="w1"), flag="not_shown")
    marked = change(marked, cell("works", wealth="w1"), flag="caution")
    secrecy = Confidentiality(id="five", title="At least five", source="A habit.", minimum=5)
    page = survey_report(
        found,
        reliability=DHS,
        concealed=Concealed(
            table=marked.table,
            hidden=(),
            rules=secrecy,
            details=3,
            uncertain=0,
            compared=(),
            lost=pl.DataFrame(),
        ),
    )
    assert page.quality.tables[0].rows == (
        ("Unreliable: number of cases below 25", "1", "1"),
        ("With care: number of cases below 50", "0", "1"),
        ("Not shown, so that nobody is found", "1", "1"),
        ("All figures", "24", "48"),
    )
    facts = dict(page.quality.facts)
    assert facts["Rules on secrecy"] == "At least five. A habit."
    assert facts["Whether hidden figures can be worked out"].endswith("none can")
    assert facts["Errors beside hidden figures"].startswith("Rounded")
    assert "Groups joined to protect people" not in facts
    short = dict(page.short)
    assert short["Not shown"] == "1"
    assert short["Unreliable"] == "1"
    assert "With care" not in short


def test_quality_says_what_was_joined_and_that_safety_is_not_proven(found):
    secrecy = Confidentiality(id="five", title="Five", source="A.", minimum=5, rounding=5)
    unsafe = SimpleNamespace(is_safe=False)
    concealed = Concealed(
        table=found.table,
        hidden=(unsafe,),
        rules=secrecy,
        details=0,
        uncertain=0,
        compared=(),
        lost=pl.DataFrame(),
    )
    codings = list(found.plan.codings)
    level = replace(codings[1].levels[0], code="w0+w1", label="Wealth 0 or Wealth 1")
    codings[1] = replace(codings[1], levels=(level, codings[1].levels[2]))
    joined = [
        Joined(characteristic=name, levels=("a", "b"), before=3, after=1)
        for name in ("wealth", "wealth", "place")
    ]
    table = found.table.filter(~pl.col("wealth").is_in(["w0", "w1"]))
    page = survey_report(
        replace(found, plan=replace(found.plan, codings=tuple(codings))),
        concealed=replace(concealed, table=table),
        joined=joined,
    )
    facts = dict(page.quality.facts)
    assert facts["Groups joined to protect people"] == "Wealth: Wealth 0 or Wealth 1"
    assert facts["Whether hidden figures can be worked out"].endswith("not proven for all of them")
    assert "Errors beside hidden figures" not in facts
    assert facts["Rows"].startswith("1,200 read")


def test_quality_rounds_rows_as_the_table_does():
    secrecy = Confidentiality(id="ten", title="Ten", source="A.", minimum=10, rounding=10)
    made = survey(excluded=[Excluded(subject="reads", reason="not known", rows=37)])
    concealed = Concealed(
        table=made.table,
        hidden=(),
        rules=secrecy,
        details=0,
        uncertain=0,
        compared=(),
        lost=pl.DataFrame(),
    )
    assert survey_report(made, concealed=concealed).quality.tables[1].rows[0][2] == "40"


def test_quality_without_rules_and_without_certain_figures(found):
    flagged = found.table.with_columns(flag=pl.lit("caution"))
    page = survey_report(replace(found, table=flagged))
    facts = dict(page.quality.facts)
    assert facts["Rules on reliability"] == "None were applied"
    assert "Design effect" not in facts
    assert "Degrees of freedom" not in facts
    assert page.quality.tables[0].rows == (("All figures", "24", "48"),)
    assert len(page.quality.tables) == 1


def test_quality_counts_rows_left_out_by_reason_this_outcome_first():
    excluded = [
        Excluded(subject="place", reason="not known", rows=3),
        Excluded(subject="reads", reason="not known", rows=1234),
        Excluded(subject="file", reason="weight of 0", rows=1),
    ]
    table = survey_report(survey(excluded=excluded)).quality.tables[1]
    assert table.rows == (
        ("Women who can read", "not known", "1,234"),
        ("Groups by Place", "not known", "3"),
        ("file", "weight of 0", "1"),
    )


def test_quality_names_lonely_strata_weights_and_corrections():
    sampling = Sampling(
        strata=("stratum",), psu="cluster", weight="w", population="N", lonely="certainty",
        stages=(FurtherStage(units="household", population="M"),),
    )  # fmt: skip
    lonely = [f"s{k}" for k in range(13)]
    facts = dict(survey_report(survey(sampling=sampling, lonely=lonely)).quality.facts)
    assert facts["Strata with one unit"].startswith("13 (s0, s1, ")
    assert "s9 and 3 more): they add nothing to errors, as if all" in facts["Strata with one unit"]
    assert facts["Weight"] == "Column “w”"
    assert facts["Standard errors"].endswith("2 stages of sampling count")
    assert facts["Finite population correction"] == "By the column “N”"
    own = Outcome(name="reads", weight="module_weight")
    facts = dict(survey_report(survey(own, sampling=sampling)).quality.facts)
    assert facts["Weight"] == "Column “module_weight”"


@pytest.mark.parametrize(("centre", "said"), [(None, "(JK1)"), ("full", "full sample)")])
def test_quality_of_replicate_weights(centre, said):
    given = ReplicateWeights(kind="JK1", columns=("rw*",), centre=centre)
    facts = dict(survey_report(survey(sampling=Sampling(replicates=given))).quality.facts)
    assert facts["Standard errors"].startswith("From 2 replicate weights (JK1")
    assert facts["Standard errors"].endswith(said)
    assert facts["Finite population correction"] == "As the replicate weights have it"
    assert "Sample" not in facts


@pytest.mark.parametrize(
    ("outcome", "design", "method"),
    [
        (Outcome(name="reads"), {"interval": "wilson"}, "wilson"),
        (Outcome(name="reads", interval="beta"), {}, "beta"),
        (Outcome(name="reads", statistic="mean"), {}, "t"),
        (Outcome(name="reads", statistic="mean", interval="normal"), {}, "normal"),
    ],
)
def test_quality_names_the_method_of_intervals(outcome, design, method):
    facts = dict(survey_report(survey(outcome, **design)).quality.facts)
    assert f"method “{method}”" in facts["Intervals"]


def test_short_note_says_how_many_characteristics_are_crossed():
    assert survey_report(survey(depth=3)).short_note.startswith("One, two and three char")
    base = dict.fromkeys(("place", "wealth", "age", "HIV status"), (0.0, 0.1))
    four = survey(sizes=dict.fromkeys(base, 2), base=base, depth=4)
    assert survey_report(four).short_note.startswith("One to 4 characteristics at once")


def test_level_of_intervals_is_named_wherever_they_are(found):
    page = survey_report(survey(level=0.9))
    assert page.cells[0].interval == "90 % interval"
    assert "bar: 90 % interval" in page.groups.chart.svg


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (rules.Test(measure="cv", above=0.165, at_most=0.333),
         "coefficient of variation at most 33.3 % and above 16.5 %"),
        (rules.Test(measure="small_cells", rows=12, at_least=0.25),
         "share of cells of the table with at most 12 cases at least 25 %"),
        (rules.Test(measure="estimate", at_most=0), "estimate at most 0 %"),
        (rules.Test(measure="df", below=8), "degrees of freedom below 8"),
    ],
)  # fmt: skip
def test_tests_of_rules_in_words(test, words):
    assert words_of_test(test) == words


def test_rules_in_words_join_their_tests_and_say_what_they_are_for():
    rule = ReliabilityRule(
        verdict="review",
        tests=(
            rules.Test(measure="width", above=0.05),
            rules.Test(measure="relative_width", above=1.3),
        ),
        statistics=("proportion",),
    )
    assert rule_words(rule) == (
        "width of the Korn-Graubard interval above 5 % and width of the Korn-Graubard interval "
        "over the estimate above 130 % (of a proportion only)"
    )


# ------------------------------------------------------------------ provenance


def test_provenance_names_who_made_it_the_files_and_the_version():
    trace = {"everycount": "0.1", "inputs": [{"role": "design", "name": "s.toml", "sha256": "ab"}]}
    page = survey_report(survey(source="An office"), trace=trace)
    assert page.provenance == (
        ("Survey made by", "An office"),
        ("Design file", "s.toml, SHA-256 ab"),
        ("Everycount", "0.1"),
    )
    assert survey_report(survey()).provenance == ()
