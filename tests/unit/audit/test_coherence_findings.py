"""What coherence says in sentences."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.audit.coherence import coherence
from everycount.audit.coherence_findings import findings, listed, named
from everycount.index.thresholds import Thresholds

N = 60
UNITS = [f"U{at:02d}" for at in range(N)]
NOISE = np.random.default_rng(12).normal(size=(3, N))

CONSTRUCTED = """
groups = [
  { code = "index", name = "The index" },
  { code = "g", parent = "index", name = "Schools" },
  { code = "h", parent = "index", name = "Work" },
]
indicators = [
  { code = "girls", name = "Girls in school", parent = "g" },
  { code = "boys", parent = "g" },
  { code = "against", name = "Out of school", parent = "g" },
  { code = "books", parent = "g" },
  { code = "pay", parent = "h" },
  { code = "hours", parent = "h" },
  { code = "care", parent = "h" },
]
steps = [{ do = "aggregate", missing = "renormalise" }]
"""


def csv_of(columns):
    lines = ["unit," + ",".join(columns)]
    for unit, row in zip(UNITS, np.column_stack(list(columns.values())), strict=True):
        cells = ["" if np.isnan(each) else f"{each:.6g}" for each in row]
        lines.append(f"{unit},{','.join(cells)}")
    return "\n".join(lines) + "\n"


def constructed():
    """A redundant pair, an indicator against its group, and one that dominates."""
    rng = np.random.default_rng(11)
    shared, noise = rng.normal(size=N), rng.normal(size=(6, N))
    return {
        "girls": 50 + 10 * shared,
        "boys": 50 + 10 * shared + noise[0],
        "against": 50 - 10 * shared + 5 * noise[1],
        "books": 50 + 10 * shared + 10 * noise[2],
        "pay": 50 + 30 * noise[3],
        "hours": 50 + 3 * noise[4],
        "care": 50 + 3 * noise[5],
    }


@pytest.fixture(scope="module")
def built(index_of):
    return index_of(CONSTRUCTED, csv_of(constructed()))


@pytest.fixture(scope="module")
def said(built):
    return by_check(findings(coherence(built)))


def by_check(found):
    assert len({each.check for each in found}) == len(found)
    return {each.check: each for each in found}


# ---------------------------------------------------------------- the constructed index


def test_the_redundant_pair_is_named(said):
    own = said["redundant"]
    assert own.light == "watch"
    assert own.part == "coherence"
    assert own.words.startswith(
        "Indicators that say the same (correlation of 0.95 or more), so that it counts twice: "
        "Girls in school (girls) and boys 0.99"
    )
    assert set(own.nodes) == {"girls", "boys"}
    assert own.value > own.limit == 0.95
    assert "0.95" in own.source


def test_the_adverse_indicator_is_named(said):
    own = said["adverse"]
    assert own.light == "problem"
    assert "Out of school (against) in Schools (g) -0." in own.words
    assert own.nodes == ("against",)
    assert own.value < own.limit == -0.3
    assert "Out of school (against)" in said["negative_siblings"].words


def test_the_dominating_indicator_is_named(said):
    own = said["dominating"]
    assert own.light == "watch"
    assert "pay in Work (h) 0.9" in own.words
    assert own.nodes == ("pay",)
    assert "pay in Work (h)" in said["more_than_weight"].words
    assert said["more_than_weight"].value > 2
    assert said["less_than_weight"].part == "importance"


def test_what_is_in_order_is_said_too(said):
    own = said["few_figures"]
    assert own.light == "good"
    assert own.words == "Every indicator has figures for at least 65 % of the units."
    assert (own.nodes, own.value, own.limit) == ((), None, 0.65)
    assert said["constant"].light == "good"
    assert said["constant"].limit is None


def test_formative_groups_are_for_information_only(said):
    own = said["formative"]
    assert own.light == "note"
    assert "Schools (g) alpha" in own.words
    assert "Work (h) alpha" in own.words
    assert own.words.count(", not declared") == 3
    assert not {"alpha", "components", "first_component"} & set(said)


def test_declared_groups_are_not_called_undeclared(index_of):
    method = CONSTRUCTED.replace('name = "Work"', 'name = "Work", model = "formative"')
    own = said_of(index_of, constructed(), method=method)["formative"]
    assert own.words.count(", not declared") == 2


def test_weights_that_equalise_are_no_recommendation(said):
    assert "Work (h)" in said["equalising"].words
    assert "not a recommendation" in said["equalising"].words


# ---------------------------------------------------------------- one check at a time


def said_of(index_of, columns, *, method=CONSTRUCTED, external=None, units=None, limits=None):
    result = index_of(method, csv_of(columns), units)
    if limits is not None:
        plan = replace(result.methodology.audit, thresholds=limits)
        result = replace(result, methodology=replace(result.methodology, audit=plan))
    return by_check(findings(coherence(result, external=external)))


def test_what_is_amiss_with_figures(index_of):
    columns = constructed()
    columns["girls"][20:] = np.nan
    columns["boys"] = np.zeros(N)
    columns["books"][0] = 5000
    said = said_of(index_of, columns)
    assert "Girls in school (girls) 33.3 %" in said["few_figures"].words
    assert "boys 100 %" in said["many_zeros"].words
    assert said["few_values"].words.endswith("that many units are level: boys 1.7 %.")
    assert said["constant"].light == "problem"
    assert said["constant"].nodes == ("boys",)
    assert "books 7." in said["outliers"].words
    assert said["outliers"].light == "note"
    assert said["outliers_scored"].light == "watch"
    assert said["uncorrelated"].nodes == ("boys",)


def test_high_correlations_either_way(index_of):
    columns = constructed()
    columns["hours"] = columns["pay"] + 11 * NOISE[0]
    columns["care"] = -columns["pay"] / 10
    said = said_of(index_of, columns)
    assert "pay and hours 0.9" in said["high"].words
    assert "pay and care -1.00" in said["high_negative"].words
    assert "pay and care" not in said["redundant"].words  # they cancel out


def test_weak_and_closer_to_another_group(index_of):
    columns = constructed()
    columns["care"] = columns["girls"] / 10
    said = said_of(index_of, columns)
    assert "care in Work (h) " in said["weak"].words
    assert "care with Schools (g) 0." in said["closer"].words
    assert ", with its own Work (h) " in said["closer"].words


def test_what_chance_may_have_made(index_of):
    columns = constructed()
    for name in ("hours", "care"):
        columns[name] = columns[name] / 100
    some = said_of(index_of, columns, limits=Thresholds(weak=0.9, adverse=-1))
    assert "cannot be told from chance (p above 0.05)" in some["weak"].words
    every = said_of(index_of, columns, limits=Thresholds(weak=0.3, adverse=-0.5))
    assert "None of them is told from chance" in every["weak"].words


def test_groups_against_one_another(index_of):
    columns = constructed()
    columns["pay"] = -3 * columns["girls"]
    assert "Schools (g) and Work (h) -0." in said_of(index_of, columns)["negative_groups"].words


REFLECTIVE = CONSTRUCTED.replace('name = "Schools"', 'name = "Schools", model = "reflective"')


def test_reflective_groups_are_judged(index_of):
    columns = constructed()
    columns["books"] = NOISE[0]
    said = said_of(index_of, columns, method=REFLECTIVE)
    assert said["alpha"].light == "watch"
    assert "Schools (g) " in said["alpha"].words
    limits = Thresholds(first_component=0.95, eigenvalue=0.1)
    said = said_of(index_of, columns, method=REFLECTIVE, limits=limits)
    assert "Schools (g) " in said["first_component"].words
    assert said["components"].words.endswith("Schools (g) 3.")
    assert "set by the method" in said["components"].source
    columns["against"] = columns["girls"] + NOISE[1]
    columns["books"] = columns["girls"] + NOISE[2]
    said = said_of(index_of, columns, method=REFLECTIVE)
    assert [said[each].light for each in ("alpha", "components", "first_component")] == ["good"] * 3
    assert "Schools" not in said["formative"].words


def test_groups_of_few_parts(said):
    assert "The index (index) 2" in said["few_parts"].words


def test_size_of_units(index_of):
    columns = constructed()
    people = np.exp((columns["pay"] - 50) / 10)
    text = "unit,people\n" + "".join(f"{u},{p:.6g}\n" for u, p in zip(UNITS, people, strict=True))
    said = said_of(index_of, columns, units=text)
    assert "pay with people 1.00 (ranks)" in said["size"].words
    assert "pay" in said["size"].nodes


def test_other_indices(index_of):
    other = pl.DataFrame({"unit": UNITS, "GDI": np.arange(float(N)), "none": [1.0] * N})
    own = said_of(index_of, constructed(), external=other)["external"]
    assert own.words.startswith("Correlation of The index (index) with other indices: GDI ")
    assert own.words.endswith("none unknown, of ranks unknown (60 units).")


def test_what_the_method_left_out(index_of):
    columns = constructed()
    columns["care"][10:] = np.nan
    steps = 'steps = [{ do = "screen", indicators = 0.5 }, '
    said = said_of(index_of, columns, method=CONSTRUCTED.replace("steps = [", steps))
    assert said["left_out"].words == (
        "Left out by the method: care, dropped: 10 of 60 units have a figure."
    )
    assert said["few_figures"].light == "good"


def test_two_units_tell_nothing(index_of):
    columns = {name: each[:2] for name, each in constructed().items()}
    lines = csv_of({name: np.resize(each, N) for name, each in columns.items()}).splitlines()
    result = index_of(CONSTRUCTED, "\n".join(lines[:3]) + "\n")
    said = by_check(findings(coherence(result)))
    for check in ("redundant", "adverse", "outliers", "more_than_weight"):
        assert said[check].light == "note"
        assert said[check].words.startswith("Not told, for lack of units or of differences. ")
    assert "alpha unknown" in said["formative"].words


def test_an_index_of_one_group(index_of):
    method = 'indicators = [{ code = "girls", parent = "index" }]\n'
    said = said_of(index_of, {"girls": constructed()["girls"]}, method=method)
    assert not {"redundant", "negative_groups", "closer", "dominating", "formative"} & set(said)
    assert said["adverse"].light == "good"


def test_the_period_of_a_panel(built):
    assert "period" not in by_check(findings(replace(coherence(built), period=2020)))
    found = replace(coherence(built), period=2020, periods=3)
    assert by_check(findings(found))["period"].words == (
        "Of 3 periods only the newest, 2020, is looked at."
    )


def test_part_without_importance_has_no_figure(index_of):
    """A share of 0 cannot be divided by."""
    method = 'indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]\n'
    found = coherence(index_of(method, csv_of({"a": NOISE[0], "b": NOISE[1]})))
    table = found.importance.with_columns(share=pl.Series([1.0, 0.0]))
    own = by_check(findings(replace(found, importance=table)))["less_than_weight"]
    assert own.words.endswith("b in index 0 % for a weight of 50 %.")
    assert own.value is None


def test_long_lists_are_cut():
    assert listed([str(at) for at in range(12)]).endswith("7; and 4 more")
    assert named("a", {"a": "a"}) == "a"
