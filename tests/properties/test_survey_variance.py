"""What holds for every sample, however it was drawn and whoever is asked about."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.arrays.linearise import (
    Stage,
    covariance,
    design_effect,
    domain_df,
    mean_scores,
    ratio_scores,
    total_scores,
)
from everycount.arrays.replicate import analysis_weights, replicate_covariance
from everycount.arrays.resample import jackknife_stratified

EITHER = st.booleans()
RULES = ("remove", "certainty", "adjust", "average")
CLOSE = {"rtol": 1e-11, "atol": 1e-11}


@dataclass
class Sample:
    """People in households in clusters in strata; some strata have one cluster."""

    y: np.ndarray
    x: np.ndarray
    weight: np.ndarray
    group: np.ndarray
    stages: list[Stage]

    def taken(self, order):
        stages = [
            Stage(
                units=stage.units[order],
                strata=stage.strata[order],
                population=None if stage.population is None else stage.population[order],
            )
            for stage in self.stages
        ]
        columns = (each[order] for each in (self.y, self.x, self.weight, self.group))
        return Sample(*columns, stages)

    def domains(self):
        return self.group[:, None] == np.arange(4)


@st.composite
def samples(draw, lonely=EITHER, known=EITHER):
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    least = 1 if draw(lonely) else 2
    sizes = numbers.integers(least, 5, draw(st.integers(2, 5)))
    sizes[0] += 1  # one stratum at least is not lonely
    stratum_of_cluster = np.repeat(np.arange(len(sizes)), sizes)
    cluster = np.repeat(np.arange(len(stratum_of_cluster)), numbers.integers(2, 7, sizes.sum()))
    clusters, people = stratum_of_cluster[cluster], len(cluster)
    there = sizes + numbers.integers(1, 5, len(sizes))
    here = np.bincount(cluster) + numbers.integers(0, 5, len(stratum_of_cluster))
    first, second = (there[clusters].astype(float), here[cluster].astype(float))
    stages = [Stage(units=cluster, strata=clusters, population=first if draw(known) else None)]
    stages.append(Stage(units=np.arange(people), strata=cluster, population=second))
    return Sample(
        y=numbers.normal(10, 3, people),
        x=numbers.uniform(1, 3, people),
        weight=numbers.uniform(0.5, 4, people),
        group=numbers.integers(0, 4, people),
        stages=stages,
    )


@given(sample=samples(), factor=st.floats(1e-6, 1e9), rule=st.sampled_from(RULES))
def test_scaling_weights_leaves_means_and_their_errors(sample, factor, rule):
    domains = sample.domains()
    words = {"lonely": rule, "lonely_domains": "adjust", "members": domains}
    found = {}
    for name, weight in (("own", sample.weight), ("scaled", sample.weight * factor)):
        means, scores = mean_scores(sample.y, weight, domains)
        shares, residuals = ratio_scores(sample.y, sample.x, weight, domains)
        totals, parts = total_scores(sample.y, weight, domains)
        size = 1 if name == "own" else factor
        found[name] = [
            means,
            covariance(scores, sample.stages, **words),
            shares,
            covariance(residuals, sample.stages, **words),
            totals / size,
            covariance(parts / size, sample.stages, **words),
            design_effect(np.ones(4), scores, weight, domains, reference="with"),
        ]
    for one, other in zip(found["own"], found["scaled"], strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-9)


@given(sample=samples(), seed=st.integers(0, 2**32 - 1), rule=st.sampled_from(RULES))
def test_order_of_rows_is_irrelevant(sample, seed, rule):
    order = np.random.default_rng(seed).permutation(len(sample.y))
    found = []
    for each in (sample, sample.taken(order)):
        means, scores = mean_scores(each.y, each.weight, each.domains())
        cov = covariance(scores, each.stages, lonely=rule, members=each.domains())
        found.append((means, cov, domain_df(each.stages[0], each.group == 1)))
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-12)


@given(sample=samples(), seed=st.integers(0, 2**32 - 1))
def test_names_of_units_and_strata_are_irrelevant(sample, seed):
    """Codes may be any numbers, with gaps."""
    numbers = np.random.default_rng(seed)
    _, scores = total_scores(sample.y, sample.weight)
    renamed = []
    for stage in sample.stages:
        units = numbers.permutation(3 * (stage.units.max() + 1))[stage.units]
        strata = numbers.permutation(3 * (stage.strata.max() + 1))[stage.strata]
        renamed.append(Stage(units=units, strata=strata, population=stage.population))
    for rule in RULES:
        wanted = covariance(scores, sample.stages, lonely=rule)
        np.testing.assert_allclose(covariance(scores, renamed, lonely=rule), wanted, **CLOSE)


@given(sample=samples(), rule=st.sampled_from(["remove", "adjust", "average"]))
def test_totals_of_a_partition_add_up_with_their_covariances(sample, rule):
    parts, scores = total_scores(sample.y, sample.weight, sample.domains())
    whole, score = total_scores(sample.y, sample.weight)
    np.testing.assert_allclose(parts.sum(), whole.item(), rtol=1e-12)
    cov = covariance(scores, sample.stages, lonely=rule)
    wanted = covariance(score, sample.stages, lonely=rule)
    np.testing.assert_allclose(cov.sum(), wanted.item(), rtol=1e-9)


@given(sample=samples(lonely=st.just(False)))
def test_difference_of_groups_has_the_variance_of_its_scores(sample):
    means, scores = mean_scores(sample.y, sample.weight, sample.domains())
    if np.isnan(means[:2]).any():
        return
    cov = covariance(scores, sample.stages)
    alone = covariance(scores[:, 0] - scores[:, 1], sample.stages)
    together = cov[0, 0] + cov[1, 1] - 2 * cov[0, 1]
    np.testing.assert_allclose(together, alone.item(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("lonely_domains", ["centre", "adjust"])
@given(sample=samples(), rule=st.sampled_from(RULES))
def test_covariances_are_symmetric_and_never_negative(lonely_domains, sample, rule):
    _, scores = total_scores(sample.y, sample.weight, sample.domains())
    words = {"lonely": rule, "lonely_domains": lonely_domains, "members": sample.domains()}
    cov = covariance(scores, sample.stages, **words)
    np.testing.assert_array_equal(cov, cov.T)
    known = ~np.isnan(np.diag(cov))
    values = np.linalg.eigvalsh(cov[np.ix_(known, known)])
    assert (values >= -1e-9 * max(values.max(initial=0), 1)).all()


@given(sample=samples(lonely=st.just(False)), share=st.floats(1.5, 50))
def test_a_larger_population_has_a_larger_error(sample, share):
    _, scores = mean_scores(sample.y, sample.weight)
    clusters = sample.stages[0]
    drawn = np.array(
        [len(np.unique(clusters.units[clusters.strata == each])) for each in clusters.strata]
    )
    found = []
    for population in (drawn.astype(float), drawn * share, np.full(len(drawn), np.inf)):
        stage = Stage(units=clusters.units, strata=clusters.strata, population=population)
        found.append(covariance(scores, [stage]).item())
    assert found[0] == 0
    np.testing.assert_allclose(found[1], found[2] * (1 - 1 / share), rtol=1e-9)


@given(sample=samples(lonely=st.just(False)))
def test_jackknife_of_domain_totals_is_linearisation(sample):
    stage, domains = sample.stages[0], sample.domains()
    strata = stage.strata[np.unique(stage.units, return_index=True)[1]]
    population = None
    if stage.population is not None:
        population = stage.population[np.unique(stage.units, return_index=True)[1]]
    made = jackknife_stratified(strata, population=population)
    replicates = analysis_weights(made, stage.units, sample.weight)
    full, scores = total_scores(sample.y, sample.weight, domains)
    each = replicates.weights.T @ (sample.y[:, None] * domains)
    found = replicate_covariance(
        each, full, scale=made.scale, rscales=made.rscales, centre=made.centre
    )
    np.testing.assert_allclose(found, covariance(scores, [stage]), rtol=1e-9, atol=1e-8)
