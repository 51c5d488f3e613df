from contextlib import suppress
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.arrays.linearise import Stage, covariance, mean_scores
from everycount.arrays.opportunity import opportunity
from everycount.arrays.tree import grow
from everycount.arrays.tree_choice import Size
from everycount.arrays.tree_nodes import escap_growth
from everycount.errors import MethodError, Problem
from everycount.model.design import Characteristic, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.sampling import ReplicateWeights, Sampling
from everycount.survey import furthest_rows
from everycount.survey.furthest import furthest, furthest_in
from everycount.survey.furthest_groups import _grown, _halves, _stability
from everycount.survey.furthest_rows import FurthestOptions, reduce_rows
from everycount.survey.opportunities import MEAN
from everycount.survey.plan import resolve
from everycount.survey.resampled import Resampling, resample
from everycount.survey.sample import load
from everycount.survey.simulate import simulate

QUICK = FurthestOptions(replicates=8, draws=4)
CHARACTERISTICS = (
    Characteristic(name="region"),
    Characteristic(name="education", ordered=True, label="Schooling"),
    Characteristic(name="ethnicity", dimension="ETHNICITY"),
)
USUAL = SurveyDesign(
    sampling=Sampling(strata=("stratum",), psu="cluster", weight="weight"),
    characteristics=CHARACTERISTICS,
    circumstances=("region", "education"),
    outcomes=(
        Outcome(name="internet", yes=(1,), missing=(9,)),
        Outcome(name="unmet_need", yes=(1,), missing=(9,), direction="barrier"),
        Outcome(name="members", statistic="mean"),
        Outcome(name="age", statistic="total"),
    ),
)


class Source:
    """Rows in memory that look like a file."""

    name = "women"

    def __init__(self, table):
        self.table = table

    @property
    def rows(self):
        return len(self.table)

    @property
    def columns(self):
        return {name: Column(name=name, kind="number") for name in self.table.columns}

    def batches(self, columns, *, rows=250_000):
        yield self.table.select(columns)


@pytest.fixture(scope="module")
def women():
    return simulate(clusters=40, seed=5)


def sample_of(table, design=USUAL, **changes):
    return load(resolve(replace(design, **changes), Source(table)))


@pytest.fixture(scope="module")
def sample(women):
    return sample_of(women)


@pytest.fixture(scope="module")
def found(sample):
    return furthest_in(sample, "internet", QUICK)


def faults(sample, outcome="internet", **options):
    with pytest.raises(MethodError) as error:
        furthest_in(sample, outcome, replace(QUICK, **options))
    return str(error.value)


# ------------------------------------------------------------------------------------- estimates


def test_both_trees_are_grown_on_the_same_rows(found):
    escap, chosen = found.grown
    assert (escap.method, chosen.method) == ("escap", "chosen")
    assert escap.tree.nodes[0].n == chosen.tree.nodes[0].n == found.reduced.rows
    assert escap.choice is None
    assert len(chosen.choice.sizes) == 7


def test_every_node_is_a_domain_with_its_linearised_error(women, found):
    grown = found.grown[0]
    y = (women["internet"] == 1).to_numpy().astype(float)
    known = (women["internet"] != 9).to_numpy()
    weight = women["weight"].to_numpy()
    stage = Stage(units=women["cluster"].to_numpy() - 1, strata=women["stratum"].to_numpy() - 1)
    codes = found.reduced.codes
    for at, node in enumerate(grown.tree.nodes):
        domain = known.copy()
        for column, levels in grown.definitions[at]:
            domain &= np.isin(codes[:, column], levels)
        mean, scores = mean_scores(y, weight, domain)
        error = np.sqrt(covariance(scores, [stage])[0, 0])
        assert grown.figures.estimate[at] == pytest.approx(mean[0], rel=1e-12)
        assert node.mean == pytest.approx(mean[0], rel=1e-12)
        assert grown.figures.std_error[at] == pytest.approx(error, rel=1e-11)
        assert grown.figures.n[at] == domain.sum() == node.n
        assert grown.figures.yes[at] == y[domain].sum()


def test_the_gap_has_the_covariance_of_the_two_groups(women, found):
    grown = found.grown[0]
    y = (women["internet"] == 1).to_numpy().astype(float)
    known, weight = (women["internet"] != 9).to_numpy(), women["weight"].to_numpy()
    domains = []
    for at in (grown.behind, grown.ahead):
        domain = known.copy()
        for column, levels in grown.definitions[at]:
            domain &= np.isin(found.reduced.codes[:, column], levels)
        domains.append(domain)
    mean, scores = mean_scores(y, weight, np.column_stack(domains))
    stage = Stage(units=women["cluster"].to_numpy() - 1, strata=women["stratum"].to_numpy() - 1)
    variance = covariance(scores[:, 1] - scores[:, 0], [stage])[0, 0]
    assert grown.gap.value == pytest.approx(mean[1] - mean[0], rel=1e-12)
    assert grown.gap.std_error == pytest.approx(np.sqrt(variance), rel=1e-11)
    assert grown.gap.value > 0
    assert grown.gap.low < grown.gap.value < grown.gap.high
    assert grown.gap.p_value < 0.05


def test_a_barrier_has_those_furthest_behind_at_the_top(sample):
    grown = furthest_in(sample, "unmet_need", QUICK).grown[0]
    assert grown.ends.behind.mean == max(leaf.mean for leaf in grown.tree.leaves)
    assert grown.gap.value < 0


def test_those_held_back_have_no_part_in_the_choice(found):
    halves = found.grown[0].halves
    (chosen, yes), (held, held_yes) = halves.behind.counts
    assert chosen == halves.behind.held.node.n
    assert held == halves.behind.held.n
    assert 0 <= yes <= chosen
    assert 0 <= held_yes <= held
    assert halves.gap.value == halves.ahead.held.mean - halves.behind.held.mean


def test_the_same_seed_gives_the_same_result_whatever_methods_are_asked(sample, found):
    alone = furthest_in(sample, "internet", replace(QUICK, methods=("chosen",)))
    assert len(alone.grown) == 1
    mine, theirs = alone.grown[0], found.grown[1]
    assert mine.halves.behind.held == theirs.halves.behind.held
    assert mine.stability.overlap.tolist() == theirs.stability.overlap.tolist()
    assert alone.opportunities[0] == found.opportunities[0]


def test_another_seed_gives_other_halves(sample, found):
    other = furthest_in(sample, "internet", replace(QUICK, seed=2))
    assert other.grown[0].halves.gap != found.grown[0].halves.gap
    assert other.grown[0].figures.estimate.tolist() == found.grown[0].figures.estimate.tolist()


def test_from_a_file_it_is_the_same_as_from_its_rows(women, found):
    again = furthest(resolve(USUAL, Source(women)), "internet", QUICK)
    assert again.grown[0].tree == found.grown[0].tree


def test_options_left_out_are_those_of_the_design(sample, monkeypatch):
    monkeypatch.setattr(furthest_rows, "REPLICATES", (3, 3))
    monkeypatch.setattr(furthest_rows, "DRAWS", (3, 3))
    again = furthest_in(sample, "internet")
    assert [coding.name for coding in again.reduced.codings] == ["region", "education"]
    assert len(again.grown[0].stability.overlap) == 3


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"circumstances": ("ethnicity", "region")}, 19),
        ({"identity": ("region",)}, 19),
        ({}, 11),
    ],
)
def test_groups_may_be_smaller_where_circumstances_say_who_people_are(sample, options, parts):
    options = replace(QUICK, methods=("escap",), **options)
    found = furthest_in(sample, "internet", options)
    assert found.reduced.has_identity == (parts == 19)
    smallest = min(leaf.n for leaf in found.grown[0].tree.leaves)
    assert smallest >= int(max(49, found.reduced.rows / parts))


def test_a_mean_has_no_share_of_people_with_it(sample):
    found = furthest_in(sample, "members", QUICK)
    assert set(found.grown[0].figures.yes.tolist()) == {-1}
    assert found.grown[0].halves.behind.counts[0][1] == -1
    rows = {row.over: row for row in found.opportunities}
    assert {row.reason for row in rows.values()} == {MEAN}
    assert {part.reason for part in found.contributions} == {MEAN}
    assert found.inequalities[0].counts[0, 1] == -1


# ---------------------------------------------------------------------------- opportunity


def test_indices_are_those_of_the_cells(found):
    cells = found.reduced.table.cells
    expected = opportunity(cells.weight, cells.mean)
    rows = {row.over: row for row in found.opportunities}
    assert list(rows) == ["cells", "logit", "leaves escap", "leaves chosen"]
    assert rows["cells"].dissimilarity.value == expected.dissimilarity
    assert rows["cells"].opportunity.value == expected.opportunity
    assert rows["cells"].groups == len(cells.n)
    assert rows["logit"].groups is None
    assert rows["leaves escap"].groups == len(found.grown[0].tree.leaves)
    for row in rows.values():
        index = row.dissimilarity
        assert 0 <= index.low < index.value < index.high <= 1
        assert row.lost == 0
    assert rows["cells"].chance.reported == pytest.approx(expected.dissimilarity)
    assert rows["logit"].chance is None


def test_contributions_add_up_to_the_index(found):
    for over in ("cells", "logit"):
        parts = [each for each in found.contributions if each.over == over]
        whole = next(row for row in found.opportunities if row.over == over)
        assert sum(each.contribution for each in parts) == pytest.approx(whole.dissimilarity.value)
        assert sum(each.share for each in parts) == pytest.approx(1)


def test_an_outcome_that_nobody_has_is_shared_out_evenly(women):
    table = women.with_columns(internet=pl.lit(2))
    answers = Outcome(name="internet", yes=(1,), no=(2,))
    found = furthest_in(sample_of(table, outcomes=(answers,)), "internet", QUICK)
    row = found.opportunities[0]
    assert row.dissimilarity.value == 0
    assert np.isnan(found.contributions[0].share)
    assert len(found.grown[0].tree.nodes) == 1


def test_a_logit_that_cannot_be_fitted_leaves_its_reason(sample, monkeypatch):
    def refuse(*given):
        raise MethodError("the logit", [Problem("fit", "no end", "one")])

    monkeypatch.setattr("everycount.survey.opportunities.main_effects", refuse)
    monkeypatch.setattr("everycount.arrays.opportunity_parts.main_effects", refuse)
    found = furthest_in(sample, "internet", QUICK)
    assert found.opportunities[0].reason == ""
    assert found.opportunities[1].reason == "fit: found no end, expected one"
    assert found.contributions[-1].reason == "fit: found no end, expected one"


def test_too_many_circumstances_have_no_contributions(sample, monkeypatch):
    monkeypatch.setattr("everycount.survey.opportunities.LARGEST", 1)
    found = furthest_in(sample, "internet", QUICK)
    assert "2 circumstances" in found.contributions[0].reason


def test_too_many_cells_have_no_contributions_by_logit(sample, monkeypatch):
    monkeypatch.setattr("everycount.survey.opportunities.MOST_FITTED", 10)
    found = furthest_in(sample, "internet", QUICK)
    assert found.contributions[0].reason == ""
    assert "30 cells in all sets" in found.contributions[-1].reason


def test_replicates_whose_fit_fails_are_counted(sample, monkeypatch):
    def refuse(codes, chance):
        def fit(weight, mean):
            if fit.first:
                fit.first = False
                return chance
            raise MethodError("the logit", [])

        fit.first = True
        return fit

    monkeypatch.setattr("everycount.survey.opportunities.refit", refuse)
    found = furthest_in(sample, "internet", QUICK)
    row = found.opportunities[1]
    assert row.lost == 8
    assert np.isnan(row.dissimilarity.std_error)
    assert np.isnan(row.dissimilarity.low)


# ---------------------------------------------------------------------------- inequality


def test_inequality_by_an_ordered_characteristic_has_an_order(found):
    region, education = found.inequalities
    assert [each.coding.name for each in found.inequalities] == ["region", "education"]
    by_name = {each.name: each for each in education.measures}
    assert by_name["aci"].value > 0
    assert by_name["aci"].how == "delta"
    assert by_name["mdru"].reason == "no reference group was named"
    assert {each.name: each for each in region.measures}["aci"].reason is not None


def test_the_error_of_the_difference_is_that_of_the_covariance(women, found):
    region = found.inequalities[0]
    y = (women["internet"] == 1).to_numpy().astype(float)
    known = (women["internet"] != 9).to_numpy()[:, None]
    domains = known & (women["region"].to_numpy()[:, None] == np.arange(1, 6))
    mean, scores = mean_scores(y, women["weight"].to_numpy(), domains)
    stage = Stage(units=women["cluster"].to_numpy() - 1, strata=women["stratum"].to_numpy() - 1)
    top, low = int(mean.argmax()), int(mean.argmin())
    variance = covariance(scores[:, top] - scores[:, low], [stage])[0, 0]
    difference = next(each for each in region.measures if each.name == "d")
    assert difference.value == pytest.approx(mean[top] - mean[low], rel=1e-12)
    assert difference.std_error == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_lonely_strata_follow_their_rule_in_inequality(women):
    table = women.filter((pl.col("stratum") != 1) | (pl.col("cluster") == 1))
    sampling = replace(USUAL.sampling, lonely="adjust")
    found = furthest_in(sample_of(table, sampling=sampling), "internet", QUICK)
    assert found.inequalities[0].measures[0].std_error > 0


# ---------------------------------------------------------------------------- rows and replicates


def test_rows_left_out_are_counted_by_the_first_reason(women):
    missing = pl.when(pl.int_range(pl.len()) < 10).then(None)
    table = women.with_columns(
        education=missing.otherwise(pl.col("education")),
        region=pl.when(pl.int_range(pl.len()) < 4).then(None).otherwise(pl.col("region")),
    )
    found = furthest_in(sample_of(table), "internet", QUICK)
    reasons = {each.reason: each.rows for each in found.excluded}
    unknown = int((women["internet"] == 9).sum())
    held = (women["internet"] != 9).to_numpy()
    assert reasons == {
        "not known": unknown,
        "no level of region": int(held[:4].sum()),
        "no level of education": int(held[4:10].sum()),
    }
    assert found.reduced.rows == len(women) - sum(reasons.values())
    assert found.inequalities[0].measures[0].value > 0


def test_many_psus_are_bootstrapped_in_parts(sample, found, monkeypatch):
    monkeypatch.setattr(furthest_rows, "BLOCK", 120)
    reduced = reduce_rows(sample, "internet", QUICK)
    replicates = list(reduced.replicates(QUICK))
    assert len(replicates) == 8
    total = found.reduced.table.cells.weight.sum()
    assert [cells.weight.sum() / total for cells in replicates] == pytest.approx([1] * 8, abs=0.2)


def test_replicates_that_do_not_fit_in_memory_are_made_again(sample, found, monkeypatch):
    monkeypatch.setattr(furthest_rows, "KEPT", 0)
    again = furthest_in(sample, "internet", QUICK)
    assert again.opportunities == found.opportunities


def replicated(women, **given):
    sampled = sample_of(women)
    made = resample(sampled, Resampling(kind="bootstrap", count=12, seed=3))
    factors = made.repeats.of_rows(np.arange(len(women)))
    if given.get("weights_are") != "factors":
        factors = factors * women["weight"].to_numpy()[:, None]
    table = women.with_columns(
        **{f"rw{at}": pl.Series(factors[:, at]) for at in range(factors.shape[1])}
    )
    weights = ReplicateWeights(kind="bootstrap", columns=("rw*",), **given)
    sampling = replace(USUAL.sampling, replicates=weights)
    return sample_of(table, sampling=sampling), made


@pytest.mark.parametrize("given", [{}, {"weights_are": "factors"}])
def test_replicate_weights_of_the_file_give_the_errors(women, given, monkeypatch):
    from_file, made = replicated(women, **given)
    monkeypatch.setattr(furthest_rows, "BLOCK", 5 * len(women))
    found, same = (furthest_in(each, "internet", QUICK) for each in (from_file, made))
    assert len(found.grown[0].stability.overlap) == 12
    assert found.grown[0].figures.std_error == pytest.approx(
        same.grown[0].figures.std_error, rel=1e-9
    )
    assert found.grown[0].figures.low == pytest.approx(same.grown[0].figures.low, rel=1e-9)
    assert found.opportunities[0].dissimilarity.std_error == pytest.approx(
        same.opportunities[0].dissimilarity.std_error, rel=1e-9
    )
    one, other = (each.inequalities[1].measures[2] for each in (found, same))
    assert one.how == "replicates"
    assert one.std_error == pytest.approx(other.std_error, rel=1e-9)


def test_a_mean_has_errors_from_replicate_weights_too(women):
    from_file, _ = replicated(women)
    found = furthest_in(from_file, "members", replace(QUICK, methods=("escap",)))
    assert (found.grown[0].figures.std_error > 0).all()


def test_a_finite_population_makes_bootstraps_differ_less(women):
    table = women.with_columns(clusters=pl.lit(5))
    whole = replace(USUAL.sampling, population="clusters")
    found = furthest_in(sample_of(table, sampling=whole), "internet", QUICK)
    free = furthest_in(sample_of(women), "internet", QUICK)
    assert (
        found.opportunities[0].dissimilarity.std_error
        < free.opportunities[0].dissimilarity.std_error
    )


# ---------------------------------------------------------------------------- refusals


def test_unknown_names_are_refused_together(sample):
    told = faults(
        sample, "internat", circumstances=("region", "wealth"), identity=("age",), replicates=1,
        draws=1,
    )  # fmt: skip
    assert "outcome: found 'internat', expected one of internet, unmet_need, members, age" in told
    assert "circumstances: found 'wealth', expected one of region, education, ethnicity" in told
    assert "identity: found 'age', expected one of region, the circumstances" in told
    assert "replicates: found 1, expected 2 or more" in told
    assert "draws: found 1, expected 2 or more" in told


def test_a_total_is_refused(sample):
    assert "outcome age: found a total, expected a proportion or a mean" in faults(sample, "age")


def test_a_design_without_characteristics_is_refused(women):
    design = replace(USUAL, characteristics=(), circumstances=(), outcomes=())
    told = faults(sample_of(women, design))
    assert "circumstances: found none, expected at least one characteristic" in told
    assert "outcome: found 'internet', expected one of the design, which has none" in told


def test_one_psu_with_rows_is_refused(women):
    table = women.with_columns(
        internet=pl.when(pl.col("cluster") == 1).then(pl.col("internet")).otherwise(9)
    )
    told = faults(sample_of(table))
    assert "outcome internet: found 1 sampled unit with a row that is used" in told


def test_strata_taken_whole_are_refused(women):
    sizes = women.group_by("stratum").agg(clusters=pl.col("cluster").n_unique())
    table = women.join(sizes, on="stratum", maintain_order="left")
    sampling = replace(USUAL.sampling, population="clusters")
    assert "strata: found none to resample" in faults(sample_of(table, sampling=sampling))


@pytest.fixture(scope="module")
def few(women):
    """The outcome is known of two PSUs alone."""
    table = women.with_columns(
        internet=pl.when(pl.col("cluster").is_in([1, 11])).then(pl.col("internet")).otherwise(9)
    )
    return sample_of(table, sampling=replace(USUAL.sampling, strata=()))


def test_too_few_psus_to_hold_some_back_are_refused(few):
    reduced = reduce_rows(few, "internet", QUICK)
    size = Size(depth=2, leaf_share=0.1)
    works = {
        "folds": lambda options: _grown(reduced, "chosen", options),
        "halves": lambda options: _halves(reduced, size, options),
    }
    for work in works.values():
        told = set()
        for seed in range(40):
            try:
                work(replace(QUICK, seed=seed))
            except MethodError as error:
                told.add(str(error))
        assert len(told) == 1
        assert "2 sampled units with rows that are used, expected enough" in told.pop()


def test_replicates_in_which_nobody_is_left_are_counted(few):
    options = replace(QUICK, replicates=40, methods=("escap",))
    found = None
    for seed in range(20):  # some halves have neither of the two PSUs
        with suppress(MethodError):
            found = furthest_in(few, "internet", replace(options, seed=seed))
            break
    lost = found.opportunities[0].lost
    assert 0 < lost < 40
    assert len(found.grown[0].stability.overlap) == 40 - lost
    assert found.opportunities[0].dissimilarity.std_error >= 0


def test_replicates_that_leave_nobody_at_all_are_refused(few):
    reduced = reduce_rows(few, "internet", QUICK)
    cells = reduced.table.cells
    empty = replace(cells, weight=np.zeros(len(cells.weight)))
    root = grow(cells, escap_growth(100))
    with pytest.raises(MethodError, match="2 sampled units"):
        _stability(reduced, root, escap_growth(100), lambda: [empty])


@pytest.mark.parametrize(("rows", "draws"), [(1_000, 200), (400_000, 50), (9_000_000, 20)])
def test_large_files_have_fewer_draws(rows, draws):
    assert FurthestOptions().draws_for(rows) == draws


def test_many_cells_have_fewer_replicates():
    counts = [FurthestOptions().replicates_for(cells) for cells in (100, 25_000, 10**6)]
    assert counts == [200, 100, 50]
