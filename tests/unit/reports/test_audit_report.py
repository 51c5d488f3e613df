"""The report of small audits: every figure it shows is one of the audit's tables."""

import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.audit import audit as audits
from everycount.audit.audit import audit
from everycount.io.units import parse_units
from everycount.reports import audit_correlations, audit_rank_rows
from everycount.reports.audit_cells import decimal, fine_share, interval, p_value, rank, share
from everycount.reports.audit_page import audit_page, audit_pdf
from everycount.reports.audit_report import audit_report
from everycount.reports.index_page import File

FORBIDDEN = re.compile("probab|likel|confiden|significan", re.IGNORECASE)
EVIL = '<script>alert("1")</script> #eval("1") $x$ *b* @y ]] {{ page }}'
CODES = "abcdef"
HEAD = """
id = "small"
title = "Small index"
version = "3"
notice = "Made up."
source = { citation = "Nobody (2024)", licence = "CC0" }
groups = [
  { code = "index", name = "The index" },
  { code = "g", name = "Work", parent = "index", model = "formative" },
  { code = "h", name = "Health", parent = "index", model = "reflective" },
]
indicators = [
  { code = "a", name = "Pay", parent = "g", worst = "min", best = "max" },
  { code = "b", name = "Jobs", parent = "g", worst = "min", best = "max" },
  { code = "c", name = "Hours", parent = "g", worst = "min", best = "max" },
  { code = "d", name = "Care", parent = "h", worst = "min", best = "max" },
  { code = "e", name = "Births", parent = "h", worst = "min", best = "max" },
  { code = "f", parent = "h", worst = "max", best = "min" },
]
"""
STEPS = """
steps = [
  { do = "normalise", method = "min_max", scale = [1, 100] },
  { do = "aggregate", missing = "renormalise" },
]
"""
PLAN = """
[audit]
draws = 60
sensitivity_draws = 25
percentiles = [10, 90]
pairs = [["U01", "U02"]]
nodes = NODES
checklist = [
  { question = "purpose", answer = "yes", note = "Section 1.", by = "A. B.", date = "2026-03-08" },
  { question = "concept", answer = "partly" },
  { question = "users", answer = "no" },
]
[audit.thresholds]
redundant = 0.97
places = 2
[[audit.assumptions]]
vary = "weights"
name = "Weights"
how = "noise"
spread = 0.5
[[audit.assumptions]]
vary = "groups"
name = "Mean"
options = [{ name = "arithmetic" }, { name = "geometric", aggregate = "geometric" }]
[[audit.assumptions]]
vary = "leave_one_out"
name = "Indicators"
"""


def figures(units=24, seed=5, names=None):
    """Return figures as CSV; `b` says the same as `a`, `c` works against both."""
    rng = np.random.default_rng(seed)
    x = rng.normal(50, 10, (units, 6))
    x[:, 1] = x[:, 0] + rng.normal(0, 0.2, units)
    x[:, 2] = 100 - x[:, 0] + rng.normal(0, 2, units)
    lines = ["unit," + ",".join(CODES)]
    codes = names or [f"U{k:02d}" for k in range(1, units + 1)]
    for code, row in zip(codes, x, strict=True):
        lines.append(f"{code}," + ",".join(f"{each:.4f}" for each in row))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def audit_of(method_of, observations_of):
    """Audit a method (TOML) over figures (CSV), with names of units (CSV)."""

    def make(text=None, data=None, units=None, **options):
        method = method_of(text or HEAD + STEPS + PLAN.replace("NODES", "[]"))
        about = None if units is None else parse_units(units.encode(), name="units.csv")
        return audit(method, observations_of(data or figures(), method), about, **options)

    return make


@pytest.fixture(scope="session")
def found(audit_of):
    sizes = "".join(f"U{k:02d},Name {k},{10 * k}\n" for k in range(1, 25))
    rows = {"unit": [f"U{k:02d}" for k in range(1, 25)], "Other": [float(k) for k in range(24)]}
    return audit_of(units="unit,name,population\n" + sizes, external=pl.DataFrame(rows))


@pytest.fixture(scope="session")
def page(found):
    trace = {"everycount": "1.2.3",
             "inputs": [{"role": "data", "name": "data.csv", "sha256": "ab12"}]}  # fmt: skip
    return audit_report(found, trace=trace, files=[File(name="ranks.csv", href="r", what="Ranks")])


@pytest.fixture(scope="session")
def plain(audit_of):
    """An audit of a method that declares nothing, of units without names."""
    return audit_of(HEAD + STEPS, draws=40)


def table_of(section, title):
    return next(each for each in section.tables if each.title.startswith(title))


def section_of(page, title):
    return next(each for each in page.coherence if each.title == title)


def cells(table, k):
    return [row[k] for row in table.rows]


def everything(page):
    return re.sub(r"<style>.*?</style>", "", audit_page(page).decode(), flags=re.DOTALL)


# ---------------------------------------------------------------- the top of the page


def test_report_says_what_the_verdict_says_once(found, page):
    verdict = found.verdict
    assert (page.headline, page.places) == (verdict.headline, verdict.places)
    assert page.may == verdict.may
    of_places = [each for each in verdict.may_not if each not in page.may_not]
    assert all(each.startswith("Differences of fewer than") for each in of_places)
    assert page.limits == verdict.caveats
    assert page.title == "Audit of Small index"
    assert page.method == "Small index, version 3"
    assert page.edition == "24 ranked units, 6 indicators"
    assert page.notice == "Made up."


def test_report_is_the_same_for_the_same_audit(found, page):
    again = audit_report(found)
    assert audit_page(again) == audit_page(audit_report(found))
    assert replace(again, provenance=(), files=()).ranks.charts == page.ranks.charts


def test_every_part_has_a_reading_with_its_gravest_light(found, page):
    readings = {each.question: each for each in page.readings}
    data = readings["Are the figures there, and fit to be compared?"]
    assert (data.light, data.result) == ("good", "No check finds anything amiss.")
    parts = readings["Do the parts go together?"]
    assert parts.light == "problem"
    assert parts.result.startswith("1 part working against the own group; ")
    assert re.search(r"; \d more\.$", parts.result)
    first = found.uncertainty.standings[0]
    assert readings["Do the ranks stand when choices change?"].result == (
        f"Ranks move by {first.mean_shift:.1f} places on average; "
        f"{share(first.told_apart / first.pairs)} of the pairs of units are told apart."
    )
    own = found.sensitivity.table.filter(pl.col("target") == "mean_shift")
    most = own.sort("total", descending=True).row(0, named=True)
    assert readings["Which choice matters most?"].result == (
        f"{most['assumption']}: it has a part in {share(min(1.0, most['total']))} of the "
        "variation between builds."
    )
    concept = readings["Has a person answered the questions no computer can?"]
    assert concept.result == "3 of 13 questions answered, 1 with no, 1 with partly."
    assert concept.light == "problem"


def test_report_says_what_was_built_and_from_what(page):
    said = dict(page.tested)
    assert said["Builds with a result"] == "60 of 60"
    assert said["Draws"] == "at random from seed 1; all options of a choice equally often"
    assert said["Interval"] == "10 to 90 % of the builds"
    assert said["Ranks of"] == "The index (index)"
    assert said["For sensitivities"] == "125 builds, two samples of 25 and their mixtures"
    assert page.provenance == (
        ("Method", "small, version 3"),
        ("Published", "Nobody (2024)"),
        ("Licence of the method", "CC0"),
        ("Data file", "data.csv, SHA-256 ab12"),
        ("Everycount", "1.2.3"),
    )
    assert [each.name for each in page.assumptions] == ["Weights", "Mean", "Indicators"]


def test_thresholds_are_listed_with_their_sources(page):
    limits = {each.name: each for each in page.thresholds}
    assert len(limits) == 20
    redundant = limits["Two indicators say the same from this correlation on"]
    assert (redundant.value, redundant.source) == ("0.97", "set by the method; usual 0.95")
    adverse = limits["Parts of an index work against one another below this correlation"]
    assert adverse.value == "−0.3"
    assert adverse.source.startswith("JRC, Your 10-Step Pocket Guide")


def test_checklist_shows_who_answered_and_what_nobody_has(page):
    first, second, third, *others = page.checklist
    assert (first.answer, first.note, first.by) == ("Yes", "Section 1.", "A. B., 2026-03-08")
    assert (second.answer, third.answer) == ("Partly", "No")
    assert {each.answer for each in others} == {"Not answered yet"}


# ---------------------------------------------------------------- figures equal the tables


def test_ranks_are_those_of_the_table(found, page):
    table = page.ranks.tables[0]
    ranks = found.uncertainty.ranks
    assert cells(table, 0) == [f"Name {int(unit[1:])} ({unit})" for unit in ranks["unit"]]
    for k, name in enumerate(["median", "q10", "q90", "best", "worst"], start=3):
        assert cells(table, k) == [rank(value) for value in ranks[name]]
    assert [each.rstrip("*") for each in cells(table, 1)] == [rank(r) for r in ranks["nominal"]]
    assert [each[-1] == "*" for each in cells(table, 1)] == ranks["outside"].to_list()
    assert cells(table, 2) == [f"{score:.2f}" for score in ranks["score"]]
    assert cells(table, 8) == [f"{shift:.1f}" for shift in ranks["mean_shift"]]
    assert cells(table, 9) == [share(moved) for moved in ranks["moved"]]
    assert table.columns[9].label == "Moves over 2"
    assert table.file == "ranks.csv"


def test_least_certain_ranks_are_the_ten_widest(found, page):
    ranks = found.uncertainty.ranks
    wide = sorted((ranks["q90"] - ranks["q10"]).to_list(), reverse=True)[:10]
    assert cells(page.least_certain, 4) == [rank(each) for each in wide]
    assert page.least_certain.title == "The least certain ranks: 10 of 24"


def test_neighbours_are_those_next_to_each_other_that_are_not_told_apart(found, page):
    pairs = found.uncertainty.pairs
    beside = pairs.filter(pl.col("apart") == 1)
    alike = beside.filter(~pl.col("told_apart"))
    table = page.neighbours.tables[0]
    assert len(table.rows) == len(alike) > 0
    assert cells(table, 3) == [share(each) for each in alike["leads"]]
    assert cells(table, 4) == [share(each) for each in alike["ties"]]
    behind = (1 - alike["leads"] - alike["ties"]).clip(0)
    assert cells(table, 5) == [share(each) for each in behind]
    assert table.rows[0][2] == "1 and 2"
    first = found.uncertainty.standings[0]
    assert f"{first.told_apart:,} of 276 pairs compared are" in page.neighbours.text[0]


def test_choices_are_those_of_the_table(found, page):
    table = page.choices.tables[0]
    assert cells(table, 0) == [
        f"{row['assumption']}: {row['option']}" for row in found.choices.to_dicts()
    ]
    assert cells(table, 1) == [f"{value:.1f}" for value in found.choices["mean_shift"]]
    assert cells(table, 2) == [share(value) for value in found.choices["moved"]]
    assert cells(table, 3) == [rank(value) for value in found.choices["largest"]]
    assert cells(table, 5) == [f"{value:,}" for value in found.choices["builds"]]
    assert table.rows[1][4] == "–"  # as declared: nobody moves


def test_sensitivities_are_those_of_the_table_with_their_intervals(found, page):
    own = found.sensitivity.table.filter(pl.col("target") == "mean_shift")
    own = own.sort("total", descending=True)
    table = table_of(page.sensitivity, "What each choice brings to the mean shift")
    assert cells(table, 0) == own["assumption"].to_list()
    assert cells(table, 1) == [decimal(value, 2) for value in own["first"]]
    ends = zip(own["first_low"], own["first_high"], strict=True)
    assert cells(table, 2) == [interval(*each) for each in ends]
    assert cells(table, 3) == [decimal(value, 2) for value in own["total"]]
    gap = table_of(page.sensitivity, "What each choice brings to the places between")
    assert {row[0] for row in gap.rows} == {"Name 1 and Name 2"}
    of_unit = found.sensitivity.table.filter(pl.col("target") == "rank")
    by_unit = table_of(page.sensitivity, "The choice that the rank of each unit")
    for unit, row in zip(found.uncertainty.ranks["unit"], by_unit.rows, strict=True):
        most = of_unit.filter(unit=unit).sort("total", descending=True).row(0, named=True)
        if most["total"] is not None:
            assert row[2] == most["assumption"]
            assert row[5] == decimal(most["total"], 2)


def test_coherence_figures_are_those_of_the_tables(found, page):
    own = found.coherence
    indicators = table_of(section_of(page, "The figures"), "Each indicator")
    assert cells(indicators, 0)[:2] == ["Pay (a)", "Jobs (b)"]
    assert cells(indicators, 0)[-1] == "f"
    assert cells(indicators, 1) == [share(value) for value in own.indicators["available"]]
    assert cells(indicators, 7) == [decimal(value, 2) for value in own.indicators["skewness"]]
    parents = own.parents.filter(pl.col("is_parent"))
    parts = table_of(section_of(page, "Correlations"), "Each part")
    assert cells(parts, 2) == [decimal(value, 2) for value in parents["pearson"]]
    assert cells(parts, 3) == [p_value(value) for value in parents["p_pearson"]]
    closest = own.parents.filter(~pl.col("is_own"), pl.col("node") == "a")["pearson"].max()
    assert parts.rows[0][5:] == ("Health (h)", decimal(closest, 2))
    assert parts.rows[-1][5:] == ("–", "–")  # a group under the top has no other
    groups = table_of(section_of(page, "Groups"), "Each group")
    assert cells(groups, 3) == [decimal(value, 2) for value in own.groups["alpha"]]
    assert cells(groups, 7) == ["nothing", "formative", "reflective"]
    assert cells(groups, 8) == ["information", "information", "a test"]
    weights = table_of(section_of(page, "Importance and weight"), "Weight and importance")
    assert cells(weights, 2) == [fine_share(value) for value in own.importance["weight"]]
    assert cells(weights, 3) == [fine_share(value) for value in own.importance["share"]]
    assert "The index, all indicators" in cells(weights, 1)


def test_size_and_other_indices_are_shown_where_there_are_any(found, page, plain):
    size = table_of(section_of(page, "Size of units"), "Correlation of scores")
    groups = found.coherence.size.filter(pl.col("node").is_in(["index", "g", "h"]))
    assert cells(size, 2)[:3] == [decimal(value, 2) for value in groups["pearson"]]
    other = table_of(section_of(page, "Other indices"), "Correlation of scores")
    assert cells(other, 4) == [decimal(value, 2) for value in found.coherence.external["spearman"]]
    titles = [each.title for each in audit_report(plain).coherence]
    assert titles == ["The figures", "Correlations", "Groups", "Importance and weight",
                      "One left out"]  # fmt: skip


def test_what_is_left_out_is_listed_by_what_it_does(found, page):
    table = table_of(section_of(page, "One left out"), "Each indicator and group")
    by_effect = found.left_out.sort("mean_shift", descending=True)
    assert cells(table, 1) == [f"{value:.1f}" for value in by_effect["mean_shift"]]


# ---------------------------------------------------------------- findings


def test_every_finding_stands_in_one_section(found, page):
    sections = [page.ranks, page.choices, page.sensitivity, page.neighbours, *page.coherence]
    shown = [each.words for section in sections for each in section.findings]
    told = [each for each in found.verdict.findings if each.part != "concept"]
    told = [each for each in told if each.check != "formative"]  # the section says it
    assert len(shown) == len(told) == len(set(shown))
    assert all(any(each.words[:25] == head[:25] for head in shown) for each in told)


def test_redundant_and_adverse_indicators_are_named_with_the_limit(page):
    findings = section_of(page, "Correlations").findings
    redundant = next(each for each in findings if each.words.startswith("Indicators that say"))
    assert "Pay (a) and Jobs (b)" in " ".join((redundant.words, *redundant.about))
    assert redundant.limit == (
        "Two indicators say the same from this correlation on: 0.97 (set by the method; usual 0.95)"
    )
    assert any("Hours (c)" in " ".join((each.words, *each.about)) and each.light == "problem"
               for each in findings)  # fmt: skip


def test_heat_map_marks_what_the_checks_catch(page):
    chart = section_of(page, "Correlations").charts[0]
    assert chart.title == "How 6 indicators and 3 groups correlate"
    assert "a Pay with b Jobs (redundant)" in chart.alt
    assert "says the same twice" in chart.svg
    assert ">a<" in chart.narrow
    assert ">a Pay<" in chart.svg


def test_heat_map_gives_way_to_words_where_there_are_too_many(found, monkeypatch):
    monkeypatch.setattr(audit_correlations, "MOST", 5)
    section = section_of(audit_report(found), "Correlations")
    assert section.charts == ()
    assert "There are 9 indicators and groups, too many to draw" in section.text[-1]


def test_formative_groups_are_said_to_be_for_information(page, audit_of):
    said = section_of(page, "Groups").text[-1]
    assert said.startswith("2 of the 3 groups are formative, or not declared")
    text = HEAD.replace('model = "formative"', 'model = "reflective"')
    text = text.replace('name = "The index"', 'name = "The index", model = "reflective"')
    all_reflective = audit_report(audit_of(text + STEPS, draws=10))
    assert len(section_of(all_reflective, "Groups").text) == 1
    none = audit_report(audit_of(text.replace('"reflective"', '"formative"') + STEPS, draws=10))
    assert section_of(none, "Groups").text[-1].startswith("All of the 3 groups are formative")


# ---------------------------------------------------------------- other audits


def test_words_of_chance_do_not_appear(page, plain):
    for each in (page, audit_report(plain)):
        assert not FORBIDDEN.search(everything(each))


def test_hostile_names_stay_text(audit_of):
    name = EVIL.replace('"', '""')
    text = (HEAD + STEPS).replace('name = "Pay"', f"name = '{EVIL}'")
    found = audit_of(text, units=f'unit,name\nU01,"{name}; x: y"\nU02,"{name}"\n', draws=20)
    html = everything(audit_report(found))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert audit_pdf(audit_report(found))[:5] == b"%PDF-"


def test_panel_shows_the_newest_period_and_says_so(audit_of):
    text = HEAD + '[[steps]]\ndo = "select"\nperiods = [2020, 2022]\nwindow = 1\n' + (
        '[[steps]]\ndo = "normalise"\nmethod = "min_max"\nscale = [1, 100]\n'
        '[[steps]]\ndo = "aggregate"\nmissing = "renormalise"\n'
        '[data]\nperiod = "year"\n'
    )  # fmt: skip
    rows = []
    for year in (2020, 2022):
        first, *lines = figures(units=12, seed=year).strip().split("\n")
        rows += [f"{line.split(',', 1)[0]},{year},{line.split(',', 1)[1]}" for line in lines]
    head, _, tail = first.partition(",")
    data = "\n".join([f"{head},year,{tail}", *rows]) + "\n"
    found = audit_of(text, data, draws=30)
    page = audit_report(found)
    assert page.edition == "2022, the newest of 2 periods; 12 ranked units, 6 indicators"
    newest = found.uncertainty.ranks.filter(period=2022)
    assert len(page.ranks.tables[0].rows) == len(newest) == 12
    assert cells(page.ranks.tables[0], 3) == [rank(value) for value in newest["median"]]
    assert any("2022, the newest" in each for each in page.limits)


def test_several_nodes_show_the_first_and_name_the_others(audit_of):
    found = audit_of(HEAD + STEPS + PLAN.replace("NODES", '["g", "index"]'))
    page = audit_report(found)
    assert page.ranks.text[-1] == (
        "Shown are the ranks of Work (g). Those of The index (index) were tested as well: they are "
        "in the table of ranks."
    )
    first = found.uncertainty.ranks.filter(node="g")
    assert cells(page.ranks.tables[0], 3) == [rank(value) for value in first["median"]]
    with_file = audit_report(found, files=[File(name="ranks.csv", href="ranks.csv", what="")])
    assert "they are in ranks.csv." in with_file.ranks.text[-1]


def test_replayed_draws_are_said_to_be_given(audit_of):
    text = HEAD + STEPS + PLAN[: PLAN.index("[[audit.assumptions]]")].replace("NODES", "[]") + (
        '[[audit.assumptions]]\nvary = "groups"\nname = "Mean"\n'
        'options = [{ name = "arithmetic" }, { name = "geometric", aggregate = "geometric" }]\n'
    )  # fmt: skip
    page = audit_report(audit_of(text, replay=pl.DataFrame({"Mean": ["geometric", "arithmetic"]})))
    said = dict(page.tested)
    assert said["Draws"] == "given, not drawn here"
    assert said["Builds with a result"] == "2 of 2"
    assert "For sensitivities" not in said
    assert page.sensitivity.text[0].startswith(
        "Which choices matter most together was not computed: the draws that were given"
    )
    assert page.sensitivity.tables == page.sensitivity.charts == ()
    alone = next(each for each in page.readings if each.question == "Which choice matters most?")
    assert alone.result.startswith("Mean (geometric): alone it moves ranks by ")


def test_excluded_options_are_listed(audit_of):
    text = HEAD + STEPS + PLAN.replace("NODES", "[]").replace(
        "[audit]\n", '[audit]\nexclude = [{ Mean = "geometric", Scale = "percentiles" }]\n'
    ) + (
        '[[audit.assumptions]]\nvary = "step"\nname = "Scale"\ndo = "normalise"\noptions = ['
        '{ name = "declared" }, { name = "percentiles", step = { do = "normalise", '
        'method = "percentile_rank" } }]\n'
    )  # fmt: skip
    said = dict(audit_report(audit_of(text)).tested)
    assert said["Never drawn together"] == "Mean: geometric with Scale: percentiles"


def test_method_without_assumptions_says_what_was_varied_instead(plain):
    page = audit_report(plain)
    assert [each.name for each in page.assumptions] == ["Weights", "Scale", "Aggregation",
                                                        "Indicators"]  # fmt: skip
    assert page.ranks.tables[0].rows[0][0].startswith("U")
    assert page.ranks.tables[0].file == ""
    concept = page.readings[-1]
    assert (concept.result, concept.light) == ("0 of 13 questions answered.", "note")


def test_units_without_a_rank_in_some_builds_are_told(found):
    ranks = found.uncertainty.ranks.with_columns(
        pl.when(pl.col("unit") == "U01").then(0.5).otherwise("builds").alias("builds"),
        pl.when(pl.col("unit") == "U02").then(True).otherwise("outside").alias("outside"),
    )
    ranks = ranks.with_columns(
        pl.when(pl.col("unit") == "U03").then(None).otherwise(pl.col(name)).alias(name)
        for name in ("median", "q10", "q90", "best", "worst")
    ).with_columns(pl.when(pl.col("unit") == "U03").then(0.0).otherwise("builds").alias("builds"))
    changed = replace(found, uncertainty=replace(found.uncertainty, ranks=ranks))
    page = audit_report(changed)
    rows = {row[0]: row for row in page.ranks.tables[0].rows}
    assert page.ranks.tables[0].columns[-1].label == "Builds with a rank"
    assert rows["Name 1 (U01)"][-1] == "50 %"
    assert rows["Name 2 (U02)"][1].endswith("*")
    assert rows["Name 3 (U03)"][3:] == ("–",) * 7 + ("0 %",)
    assert page.ranks.charts[0].title == "How far ranks move: 23 units"


def test_sensitivity_of_ranks_that_never_move_or_are_not_always_there(found):
    table = found.sensitivity.table.filter(pl.col("unit").is_null() | (pl.col("unit") != "U01"))
    numbers = [name for name, kind in table.schema.items() if kind == pl.Float64]
    still = (pl.col("target") == "rank") & (pl.col("unit") == "U02")
    table = table.with_columns(
        pl.when(still).then(None).otherwise(pl.col(name)).alias(name) for name in numbers
    )
    changed = replace(found, sensitivity=replace(found.sensitivity, table=table))
    by_unit = table_of(audit_report(changed).sensitivity, "The choice that the rank")
    rows = {row[0]: row[2:] for row in by_unit.rows}
    assert rows["Name 1 (U01)"] == ("not told: no rank in some builds", "–", "–", "–", "–")
    assert rows["Name 2 (U02)"][0] == "none: the rank is the same in all builds"
    only = found.sensitivity.table.filter(pl.col("target") == "mean_shift")
    changed = replace(found, sensitivity=replace(found.sensitivity, table=only))
    assert len(audit_report(changed).sensitivity.tables) == 1


def test_ranks_of_many_units_are_drawn_in_part_and_on_several_sheets(found, monkeypatch):
    monkeypatch.setattr(audit_rank_rows, "DRAWN", 20)
    monkeypatch.setattr(audit_rank_rows, "ROWS", 10)
    section = audit_report(found).ranks
    assert section.charts[0].title == "How far ranks move: the first 20 of 24 units"
    assert len(section.charts[0].on_paper) == 2
    assert section.tables[0].on_paper == 40


# ---------------------------------------------------------------- where little can be told


def failing(monkeypatch, keep):
    """Make all builds fail but the first `keep`; spare the trials and what is left out in turn."""
    real = audits.Builds.run

    def run(self, draws, *, without=None):
        outcome = real(self, draws, without=without)
        if without is not None or draws.count < 10:
            return outcome
        lost = dict.fromkeys(range(keep, draws.count), "a weight of zero")
        for scores in outcome.scores.values():
            scores[keep:] = np.nan
        return replace(outcome, failures=lost)

    monkeypatch.setattr(audits.Builds, "run", run)


def test_failed_builds_are_counted_with_their_reason(audit_of, monkeypatch):
    failing(monkeypatch, keep=50)
    page = audit_report(audit_of())
    said = dict(page.tested)
    assert said["Builds with a result"] == "50 of 60"
    assert said["Failed builds"] == "10: a weight of zero"
    ranks = next(each for each in page.readings if "ranks stand" in each.question)
    assert ranks.result.endswith(" 10 builds failed.")
    assert any("10 builds failed" in each.words for each in page.ranks.findings)
    assert page.choices.tables[0].columns[-1].label == "Failed builds"


def test_audit_without_a_single_build_says_so(audit_of, monkeypatch):
    failing(monkeypatch, keep=0)
    page = audit_report(audit_of())
    assert page.headline == "No build has a result, so nothing can be said of the ranks."
    assert page.ranks.charts == ()
    assert page.least_certain is None
    assert {row[3] for row in page.ranks.tables[0].rows} == {"–"}
    readings = {each.question: each.result for each in page.readings}
    assert readings["Do the ranks stand when choices change?"] == (
        "Nothing can be told. 60 builds failed."
    )
    assert readings["Which choice matters most?"] == "Nothing can be told."
    assert cells(page.neighbours.tables[0], 3)[0] == "–"
    assert audit_pdf(page)[:5] == b"%PDF-"
    assert "No build has a result" in everything(page)


def test_two_units_and_one_indicator_make_a_report_of_dashes(audit_of):
    text = 'indicators = [{ code = "a", parent = "index", worst = "min", best = "max" }]\n' + STEPS
    page = audit_report(audit_of(text, "unit,a\nX,1\nY,2\n", draws=5))
    correlations = section_of(page, "Correlations")
    assert correlations.charts == ()
    assert section_of(page, "Importance and weight").charts == ()
    assert audit_pdf(page)[:5] == b"%PDF-"


def test_one_unit_has_no_neighbours(audit_of):
    page = audit_report(audit_of(data=figures(units=1).replace("U01", "X"),
                                 text=HEAD + STEPS.replace('"min_max", scale = [1, 100]', '"borda"')
                                 .replace('{ do = "normalise", method = "borda" },', ""),
                                 draws=5))  # fmt: skip
    assert page.neighbours is None
    assert page.ranks.tables[0].rows[0][1] == "1"


def test_nothing_was_varied_where_no_assumption_fits(found):
    empty = pl.DataFrame(schema=found.choices.schema)
    page = audit_report(replace(found, choices=empty))
    assert page.choices is None


def test_section_without_anything_to_show_is_left_out(found):
    nothing = found.coherence.importance.clear()
    page = audit_report(replace(found, coherence=replace(found.coherence, importance=nothing)))
    assert "Importance and weight" not in [each.title for each in page.coherence]


def test_group_of_many_parts_has_a_chart_of_importance_of_its_own(audit_of):
    codes = [f"i{k}" for k in range(14)]
    indicators = "\n".join(
        f'  {{ code = "{code}", parent = "{"g" if k < 2 else "index"}", worst = "min", '
        'best = "max" },' for k, code in enumerate(codes)
    )  # fmt: skip
    text = (
        'groups = [{ code = "index", name = "Top" }, { code = "g", parent = "index" }]\n'
        f"indicators = [\n{indicators}\n]\n{STEPS}"
    )
    rng = np.random.default_rng(2)
    rows = [
        f"U{k}," + ",".join(f"{value:.3f}" for value in rng.normal(5, 1, 14)) for k in range(20)
    ]
    found = audit_of(text, "unit," + ",".join(codes) + "\n" + "\n".join(rows) + "\n", draws=10)
    charts = section_of(audit_report(found), "Importance and weight").charts
    assert [each.title for each in charts] == [
        "What each part matters in Top, all indicators, beside its weight",
        "What each part matters in its group, beside its weight",
    ]
