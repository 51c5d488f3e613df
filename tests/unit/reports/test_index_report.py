import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.index.build import build
from everycount.index.figures import numeric_columns, text_columns
from everycount.index.methodology import Average, Band, Methodology, Ranking, Source
from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.steps import Aggregate, Impute, Normalise, Screen, Select
from everycount.io.files import read_bytes
from everycount.io.index_run import build_index
from everycount.io.methods import read_method, shipped_methods
from everycount.io.sample import sample_path
from everycount.model.observations import COLUMNS, Observations
from everycount.model.units import Units
from everycount.reports import edition as editions
from everycount.reports import index_areas, index_charts, index_rows, index_sources
from everycount.reports.edition import newest
from everycount.reports.index_page import File
from everycount.reports.index_report import Words, index_report
from everycount.reports.index_rows import span
from everycount.reports.index_summary import finding_of, levels_note, stats_of, trace_of

HUNDRED = Normalise(do="normalise", method="goalposts", scale=(0, 100))
MEAN = Aggregate(do="aggregate", missing="renormalise")
INDICATORS = (
    ScoredIndicator(code="a", parent="g", name="Seats", worst=0, best=100, source="IPU"),
    ScoredIndicator(code="b", parent="g", name="Laws", worst=0, best=100, source="IPU"),
    ScoredIndicator(code="c", parent="h", worst=0, best=100),
)
GROUPS = (
    Group(code="top", name="The index"),
    Group(code="g", parent="top", name="Voice"),
    Group(code="h", parent="top"),
)
FIGURES = {"NOR": (90, 80, 100), "KEN": (40, 30, None), "VNM": (50, 60, 20), "NRU": ()}
ABOUT = Units(
    codes=("NOR", "KEN", "VNM", "NRU"),
    names={"NOR": "Norway", "KEN": "Kenya", "VNM": "Viet Nam"},
    groups={"world_region": ("Europe", "Africa", "Asia", "")},
    figures={"population": np.array([5.0, 50.0, 95.0, np.nan])},
)


def methodology(*steps, **changes):
    own = {
        "id": "m", "title": "A test", "groups": GROUPS, "indicators": INDICATORS,
        "steps": steps or (HUNDRED, MEAN),
    }  # fmt: skip
    return Methodology(**own | changes)


def observations(figures, *, codes=("a", "b", "c"), periods=(2020,), source="s"):
    rows = [
        {"unit": unit, "period": period, "variable": code, "value": value, "source": source}
        for unit, values in figures.items()
        for period in periods
        for code, value in zip(codes, values, strict=False)
        if value is not None
    ]
    table = pl.DataFrame([{"text": None} | row for row in rows], schema_overrides=COLUMNS)
    return Observations(
        table=table.select(list(COLUMNS)),
        units=tuple(figures),
        periods=tuple(period for period in periods if period is not None),
        variables=tuple(codes),
    )


def result_of(method=None, figures=FIGURES, about=ABOUT, **rest):
    return build(method or methodology(), observations(figures, **rest), about)


def edition_of(*arguments, about=ABOUT, **rest):
    return newest(result_of(*arguments, about=about, **rest), about)


def words_of(page):
    """Return a page as text without markup, one space between words."""
    html = re.sub(r"<style>.*?</style>", "", page.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# ------------------------------------------------------------------ every shipped method


def made_up(method):
    """Return figures that any method can work on, and units with every grouping it asks for."""
    draw = np.random.default_rng(7)
    units = ("NOR", "KEN", "VNM", "MLT", "BRA", "FJI")
    names = numeric_columns(method)
    figures = {u: tuple(draw.uniform(1, 99, len(names)).tolist()) for u in units}
    figures["XXX"] = (1.0,)
    columns = {each.by for each in method.averages} | (set(text_columns(method)) - set(names))
    groups = dict.fromkeys(columns, ("A", "A", "B", "B", "B", ""))
    # The shipped methods take figures of 2018, whatever else they take.
    return observations(figures, codes=names, periods=(2018,)), Units(codes=units, groups=groups)


@pytest.mark.parametrize("name", shipped_methods())
def test_report_works_on_every_shipped_method(name):
    method = read_method(name).methodology
    figures, about = made_up(method)
    result = build(method, figures, about)
    page = index_report(result, about, trace={"everycount": "0.1.0"})
    said = words_of(page)
    assert method.title in said
    assert said.count("NaN") == said.count("nan ") == 0
    assert "None" not in said
    top = newest(result, about)
    for k in top.order:
        assert f"{top.ranks[k]:.0f} {top.names[k]}" in said
    assert index_report(result, about, trace={"everycount": "0.1.0"}) == page


def test_report_of_the_shipped_figures_holds_what_the_result_holds():
    figures, units = sample_path("observations.csv"), sample_path("units.csv")
    run = build_index("sdg-gender-index-2019-open", figures, units=units)
    about = run.result.state.about
    page = index_report(
        run.result,
        about,
        sources=pl.read_csv(read_bytes(sample_path("sources.csv")), infer_schema=False),
        trace=run.trace,
        files=[File(name="scores.csv", href="scores.csv", what="Scores")],
        original=read_method("sdg-gender-index-2019").methodology,
        words=Words(part="goal", notes={"region": "As read here"}, absent="no open figures"),
    )
    said = words_of(page)
    assert "Norway leads; the mean score of the ranked areas is 73.5 of 100 ." in said
    assert "1 Norway Europe and Northern America 92.0 Excellent 29 /34" in said
    assert "Goals with a score 5 of 14" in said
    assert "2 Zero hunger No score: 3 of 3 indicators needed, 1 here 1 /3 0 – – –" in said
    assert "8a Wage equality between men and women for similar work (score) Not in this build: "\
        "no open figures" in said  # fmt: skip
    assert "5d Proportion of seats held by women in national parliaments percent 0 and 100 47–53"\
        in said  # fmt: skip
    assert "Sub-Saharan Africa 23 /52 57.0 58.3 52 %" in said
    assert "All areas 104 /232 73.5 70.5 61 %" in said
    assert "CC BY-SA 3.0 IGO" in said
    assert "By region As read here" in said
    assert "under 60 60–70 70–80 80–90 90 and over No score" in said
    assert "2018 2018–2018" not in said


# ------------------------------------------------------------------ finding, numbers, trace


def test_finding_names_the_first_and_one_number():
    finding = finding_of(edition_of())
    assert finding.before == "Norway leads; the mean score of the ranked areas is"
    assert (finding.number, finding.after) == ("55.0 of 100", ".")
    assert finding_of(edition_of(methodology(ranking=Ranking(best="low")))).number == "55.0"


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        (2, "A0 and A1 share the first place"),
        (3, "A0, A1 and A2 share the first place"),
        (5, "A0 and 4 others share the first place"),
    ],
)
def test_finding_when_several_are_first(areas, words):
    figures = {f"A{k}": (50, 50, 50) for k in range(areas)}
    assert finding_of(edition_of(None, figures)).before.startswith(words)


def test_finding_when_lower_is_better_or_nobody_is_ranked():
    low = edition_of(methodology(ranking=Ranking(best="low")))
    assert finding_of(low).before.startswith("Kenya leads with the lowest score;")
    strict = (replace(GROUPS[0], of="indicators", needs=3), *GROUPS[1:])
    none = edition_of(methodology(groups=strict), {"NRU": (1, 2)})
    assert finding_of(none).before.startswith("No area can be ranked")
    page = index_report(none.result, ABOUT)
    assert b"No area has enough figures to be ranked." in page


def test_stats_count_what_is_shown():
    filled = methodology(Impute(do="impute", method="mean", nodes=("c",)), HUNDRED, MEAN)
    stats = {each.label: each for each in stats_of(edition_of(filled), 2, None, "domain")}
    assert stats["Figures"].value == "8"
    assert stats["Figures"].note == "2 gaps filled in"
    assert stats["Areas ranked"].note == "all of them"
    assert stats["Domains with a score"].note == "of 2"
    flat = methodology(
        groups=GROUPS[:1],
        indicators=tuple(replace(each, parent="top") for each in INDICATORS),
    )
    labels = [each.label for each in stats_of(edition_of(flat), 0, methodology(), "domain")]
    assert labels == ["Areas ranked", "Indicators", "Figures"]


def test_trace_says_what_changed():
    source = Source(citation="A report", licence="CC BY 4.0")
    method = methodology(Impute(do="impute", method="mean"), HUNDRED, MEAN, source=source)
    inputs = [{"role": "data", "name": "f.csv", "sha256": "ab"}]
    rows = dict(trace_of(edition_of(method), {"inputs": inputs}))
    assert rows == {
        "Method": "m, version 1",
        "Published": "A report",
        "Licence of the method": "CC BY 4.0",
        "Data file": "f.csv, SHA-256 ab",
        "Changed by the method": "4 gaps filled in",
    }
    assert dict(trace_of(edition_of(), {}))["Changed by the method"] == "no figure"


def test_levels_note_says_the_rule_that_all_groups_share():
    assert levels_note(methodology(), "goal") == ""
    ruled = (GROUPS[0], *(replace(each, least=0.5) for each in GROUPS[1:]))
    assert levels_note(methodology(groups=ruled), "goal") == (
        "An area has a score for a goal where it has figures for at least 50 % of the indicators."
    )
    part = (GROUPS[0], GROUPS[1], replace(GROUPS[2], out_of=3))
    assert levels_note(methodology(groups=part), "goal") == (
        "Indicators: those of this method, of those in the original."
    )


# ------------------------------------------------------------------ areas


def test_areas_not_ranked_say_why_and_what_they_lack():
    strict = (replace(GROUPS[0], of="indicators", needs=3), *GROUPS[1:])
    edition = edition_of(methodology(groups=strict))
    found = {each.unit: each for each in index_areas.not_ranked_of(edition)}
    assert found["KEN"].reason == "2 indicators, 3 needed"
    assert found["KEN"].lacks == ("c",)
    assert found["NRU"].reason == "No figure"
    assert found["NRU"].name == "NRU"
    assert index_areas.ranking_note(edition).startswith(
        "An area is ranked if it has figures for 3 indicators."
    )


def test_areas_not_ranked_because_groups_or_parts_are_missing():
    few = (replace(GROUPS[0], needs=2), *GROUPS[1:])
    found = index_areas.not_ranked_of(edition_of(methodology(groups=few)))
    assert found[0].reason == "1 groups, 2 needed"
    strict = methodology(HUNDRED, replace(MEAN, missing="propagate"))
    (kenya, _) = index_areas.not_ranked_of(edition_of(strict))
    assert kenya.reason == "A part that the index cannot do without is missing"


def test_areas_not_ranked_because_they_were_screened_out_or_nothing_is_scored():
    screened = methodology(Screen(do="screen", units=0.9), HUNDRED, MEAN)
    found = index_areas.not_ranked_of(edition_of(screened))
    assert found[0].reason == "Left out before scoring: 2 of 3 indicators"
    unfinished = edition_of(methodology(HUNDRED, replace(MEAN, to=2)))
    assert index_areas.not_ranked_of(unfinished)[0].reason == "The method gives it no score"
    bare = edition_of(methodology(HUNDRED))
    assert index_areas.ranking_note(bare).startswith("Small differences")
    assert index_rows.levels_of(bare)[0].note == "The method gives it no score"
    assert "No area can be ranked" in words_of(index_report(bare.result, ABOUT))


def test_areas_that_are_averages_of_others_count_nowhere():
    method = methodology(ranking=Ranking(unranked=("X*",)))
    edition = edition_of(method, FIGURES | {"XWD": (100, 100, 100), "XNO": ()})
    assert index_rows.levels_of(edition)[0].highest_area == "Norway"
    assert "XWD" not in [each.unit for each in index_areas.ranked_of(edition, "")]
    found = {each.unit: each.reason for each in index_areas.not_ranked_of(edition)}
    assert found["XWD"] == "An average of other areas; it scores 100.0"
    assert found["XNO"] == "An average of other areas; it has no score"
    assert stats_of(edition, 2, None, "goal")[0].note == "1 has too few figures"


def test_bands_have_limits_in_words():
    bands = (Band(name="Low", least=0), Band(name="High", least=60), Band(name="Top", least=90))
    method = methodology(ranking=Ranking(bands=bands))
    assert [(each.name, each.limits) for each in index_areas.bands_of(method)] == [
        ("Top", "90 and over"),
        ("High", "60 to under 90"),
        ("Low", "0 to under 60"),
    ]
    assert [each.band for each in index_areas.ranked_of(edition_of(method), "")] == [
        "Top",
        "Low",
        "Low",
    ]
    assert index_areas.bands_of(methodology()) == ()


# ------------------------------------------------------------------ tables


def test_levels_stand_below_their_groups_and_name_the_extremes():
    groups = (*GROUPS, Group(code="inner", parent="g", name="Inner", out_of=4, least=0.5))
    indicators = (replace(INDICATORS[0], parent="inner"), *INDICATORS[1:])
    levels = index_rows.levels_of(edition_of(methodology(groups=groups, indicators=indicators)))
    assert [(each.name, each.depth, each.used, each.of) for each in levels] == [
        ("Voice", 1, 2, 2),
        ("Inner", 2, 1, 4),
        ("h", 1, 1, 1),
    ]
    voice, inner, other = levels
    assert (voice.highest, voice.highest_area, voice.areas) == (80, "Norway", 3)
    assert inner.note == "No score: 2 of 4 indicators needed, 1 here"
    assert (other.lowest, other.lowest_area) == (pytest.approx(20), "Viet Nam")


def test_levels_of_whom_no_area_has_enough():
    groups = (*GROUPS[:2], replace(GROUPS[2], needs=1))
    figures = {"NOR": (90, 80), "KEN": (40, 30)}
    levels = index_rows.levels_of(edition_of(methodology(groups=groups), figures))
    assert levels[1].note == "No score: no area has enough figures"


def test_groupings_stand_best_first_with_all_areas_last():
    method = methodology(averages=(Average(by="world_region", weight="population"),))
    edition = edition_of(method)
    first = index_rows.groupings_of(edition, {"world_region": "As read"})[0]
    assert (first.title, first.note, first.weight) == ("World region", "As read", "population")
    assert [row.name for row in first.rows] == ["Europe", "Asia", "Africa", "All areas"]
    assert [row.areas for row in first.rows] == [1, 1, 1, 3]
    assert first.rows[-1].is_all
    low = edition_of(replace(method, ranking=Ranking(best="low")))
    assert index_rows.groupings_of(low, {})[0].rows[0].name == "Africa"
    assert index_rows.groupings_of(edition_of(), {}) == ()


def test_indicators_stand_by_group_with_goalposts_and_those_that_are_absent():
    indicators = (
        INDICATORS[2],
        replace(INDICATORS[0], worst="min", best="max", basis_kind="observed", model="formative"),
        replace(INDICATORS[1], best=(47, 53), worst=0),
        ScoredIndicator(code="d", parent="top", worst=0, best=1),
    )
    original = methodology(
        groups=(GROUPS[0], replace(GROUPS[1], name="Old"), GROUPS[2]),
        indicators=(*INDICATORS, ScoredIndicator(code="z", parent="g", worst=0, best=1)),
    )
    figures = {"NOR": (90, 80, 100, 1), "KEN": (40, 30), "VNM": (50, 60, 20)}
    codes = ("a", "b", "c", "d")
    edition = edition_of(methodology(indicators=indicators), figures, codes=codes)
    rows = {row.code: row for row in index_rows.indicators_of(edition, original, absent="not open")}
    assert list(rows) == ["d", "a", "b", "z", "c"]
    assert (rows["a"].worst, rows["a"].best) == ("40", "90")
    assert rows["a"].basis_kind == "From the figures"
    assert rows["a"].kind == "formative"
    assert (rows["b"].worst, rows["b"].best) == ("0 and 100", "47–53")
    assert (rows["z"].absent, rows["z"].level) == ("not open", "Voice")
    assert (rows["a"].areas, rows["a"].years, rows["c"].level) == (3, "2020", "h")
    assert index_rows.indicators_note(edition) == (
        "Worst and best are the figures that score lowest and highest."
    )


def test_indicators_note_says_once_what_all_are():
    signs = tuple(replace(each, model="reflective", worst=None, best=None) for each in INDICATORS)
    edition = edition_of(methodology(MEAN, indicators=signs))
    assert index_rows.indicators_note(edition) == (
        "All indicators are reflective: each is a sign of what is measured."
    )
    assert {row.kind for row in index_rows.indicators_of(edition, None, absent="")} == {""}
    assert b"goalposts" not in index_report(edition.result, ABOUT).partition(b"<main")[2]


def test_goalposts_that_no_step_resolves_stand_as_declared():
    posts = (("min", "max"), ("p2.5", 100), ("p5", (47, 53)))
    indicators = tuple(
        replace(each, worst=worst, best=best)
        for each, (worst, best) in zip(INDICATORS, posts, strict=True)
    )
    edition = edition_of(methodology(MEAN, indicators=indicators))
    rows = index_rows.indicators_of(edition, None, absent="")
    assert [(row.worst, row.best) for row in rows] == [
        ("lowest", "highest"),
        ("2.5th percentile", "100"),
        ("5th percentile", "47–53"),
    ]


def test_goalposts_of_many_values_stand_as_declared():
    method = methodology(
        Select(do="select", periods=(2019, 2020)), replace(HUNDRED, pool="period"), MEAN,
        indicators=(replace(INDICATORS[0], worst="min", best="max"), *INDICATORS[1:]),
    )  # fmt: skip
    edition = edition_of(method, periods=(2019, 2020))
    post = edition.result.state.goalposts[0]
    spread = replace(post, worst=np.tile(np.arange(8.0), (2, 1)))
    state = replace(edition.result.state, goalposts={0: spread})
    changed = newest(replace(edition.result, state=state), ABOUT)
    assert index_rows.indicators_of(changed, None, absent="")[0].worst == "lowest"


def test_sources_are_those_of_the_figures_and_of_the_averages():
    table = pl.DataFrame(
        {
            "source": ["s", "t", "p", "r"],
            "indicators": ["a b", "c", "population m49", "m49"],
            "producer": ["IPU", "ILO", "World Bank", "UNSD"],
            "title": ["Parline", "", "WDI", ""],
            "series": ["w", "", "SP", ""],
            "licence": ["CC BY 4.0", "", "CC BY 4.0", ""],
            "note": [None, None, "Mid-year", None],
        }
    )
    averages = (Average(by="world_region", weight="population"), Average(by="continent"))
    about = replace(ABOUT, groups=ABOUT.groups | {"continent": ("E", "A", "A", "")})
    edition = edition_of(methodology(averages=averages), about=about)
    rows = index_sources.sources_of(edition, table)
    assert [(row.indicators, row.producer, row.note, row.url) for row in rows] == [
        ("a, b", "IPU", "", ""),
        ("population", "World Bank", "Mid-year", ""),
    ]
    without = edition_of(source=None)
    assert index_sources.sources_of(without, table) == ()


def test_sources_without_a_table_are_what_the_method_says():
    (row,) = index_sources.sources_of(edition_of(), None)
    assert (row.indicators, row.producer, row.licence) == ("a, b", "IPU", "not stated")


def test_span_of_one_year_is_one_year():
    assert (span([2020, 2020]), span([2012, 2020]), span([])) == ("2020", "2012–2020", "")


# ------------------------------------------------------------------ charts and scales


def test_map_has_the_bands_of_the_method_or_round_numbers():
    bands = (Band(name="Low", least=0), Band(name="High", least=60))
    banded = index_charts.map_of(edition_of(methodology(ranking=Ranking(bands=bands))))
    assert banded.legend == ("under 60", "60 and over")
    plain = index_charts.map_of(edition_of())
    assert plain.legend == ("under 40", "40–60", "60–80", "80 and over")
    assert plain.unit == "0 to 100; higher is better. Figures of 2020"
    assert "from Norway with 92.5 to Kenya with 35.0" in plain.svg


def test_map_is_left_out_where_units_are_not_countries():
    figures = {f"P{k}": (k, 50, 50) for k in range(9)}
    assert index_charts.map_of(edition_of(None, figures)) is None
    mixed = figures | {key: FIGURES[key] for key in ("NOR", "KEN", "VNM")}
    assert index_charts.map_of(edition_of(None, mixed)) is None
    assert index_charts.map_of(edition_of(None, {"NOR": (1, 2, 3), "KEN": (4, 5, 6)})) is None


def test_map_without_years_names_none():
    edition = edition_of(periods=(None,))
    assert index_charts.map_of(edition).unit == "0 to 100; higher is better"
    assert edition.period == 0


def test_strips_need_groups_to_compare():
    method = methodology(averages=(Average(by="world_region"),))
    edition = edition_of(method)
    (grouping,) = index_rows.groupings_of(edition, {})
    drawn = index_charts.strips_of(edition, grouping, "world_region")
    assert "Means: Europe 92.5; Asia 37.5; Africa 35.0." in drawn.svg
    one = replace(grouping, rows=grouping.rows[:1])
    assert index_charts.strips_of(edition, one, "world_region") is None


def test_scale_words_say_which_way_is_better():
    assert index_charts.scale_words(edition_of(methodology(MEAN))) == "Higher is better"
    low = methodology(ranking=Ranking(best="low"))
    assert index_charts.scale_words(edition_of(low)) == "Lower is better"


def test_report_of_several_periods_shows_the_newest():
    method = methodology(Select(do="select", periods=(2015, 2020)), HUNDRED, MEAN)
    edition = edition_of(method, periods=(2015, 2020))
    assert (edition.period, edition.periods, len(edition.rows)) == (2020, 2, 4)
    assert "A test, figures of 2020" in words_of(index_report(edition.result, ABOUT))


def test_scores_around_zero_are_dots_not_bars():
    z = Normalise(do="normalise", method="z_score")
    edition = edition_of(methodology(z, MEAN))
    assert edition.declared is None
    assert edition.scale[0] < 0
    assert edition.decimals == 2
    page = index_report(edition.result, ABOUT)
    assert b'<circle cx="' in page


def test_scale_is_not_the_declared_one_where_scores_leave_it():
    beyond = replace(HUNDRED, clip="none")
    edition = edition_of(methodology(beyond, MEAN), {"NOR": (150, 150, 150), "KEN": (0, 0, 0)})
    assert edition.declared is None
    assert edition.scale == (0, 200)


def test_decimals_are_those_of_the_method_first():
    assert edition_of(methodology(ranking=Ranking(decimals=3))).text(1234.5) == "1,234.500"
    assert edition_of().decimals == 1


def test_round_breaks_of_one_value_are_that_value():
    assert editions.round_breaks([7, 7]) == (7,)


@pytest.mark.parametrize("exponent", [-6, -1, 0, 3, 9])
def test_round_numbers_hold_at_any_magnitude(exponent):
    draw = np.random.default_rng(3)
    for _ in range(200):
        low, high = sorted((draw.uniform(-1, 1, 2) * 10.0**exponent).tolist())
        start, end = editions.round_scale([low, high])
        assert start <= low + 1e-9 * (high - low)
        assert end >= high - 1e-9 * (high - low)
        breaks = editions.round_breaks([low, high])
        assert 1 <= len(breaks) <= 4
        assert all(low < limit < high for limit in breaks)
        assert list(breaks) == sorted(set(breaks))
