from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.arrays.sampling_variance import smooth_variance
from everycount.arrays.small_area import fay_herriot, interval
from everycount.arrays.small_area_transformed import transformed_fay_herriot
from everycount.errors import InputError, MethodError
from everycount.survey.small_area import (
    AreaBenchmark,
    SmallAreaOptions,
    beside,
    model_areas,
)

NAN = np.nan
AREAS = ["province", "group"]


def rng():
    return np.random.default_rng(9)


def survey(*, statistic="proportion", seed=1, last=20):
    """Twenty areas with a sample and four without, and their covariates."""
    random = np.random.default_rng(seed)
    lights = random.normal(size=24)
    n = random.integers(20, 90, 24)
    deff = random.uniform(1.0, 2.0, 24)
    share = np.clip(0.4 + 0.12 * lights + random.normal(size=24) * 0.1, 0.05, 0.95)
    y = np.clip(
        share + random.normal(size=24) * np.sqrt(share * (1 - share) * deff / n), 0.02, 0.98
    )
    keys = {
        "province": [f"P{i // 4}" for i in range(24)],
        "group": [f"g{i % 4}" for i in range(24)],
    }
    direct = pl.DataFrame(
        {
            "outcome": "reads",
            "statistic": statistic,
            **keys,
            "estimate": y,
            "std_error": np.sqrt(y * (1 - y) * deff / n),
            "n": n,
            "deff": deff,
            "df": 30,
        }
    )[:last]
    people = random.integers(500, 5000, 24)
    return direct, pl.DataFrame({**keys, "lights": lights, "people": people})


def model(direct, known, **options):
    options = {"covariates": ("lights",), "replicates": 20, **options}
    return model_areas(direct, known, AREAS, options=SmallAreaOptions(**options), rng=rng())


def spoiled(direct, row, **values):
    """The same table with other figures in one row."""
    at = pl.int_range(pl.len()) == row
    changes = [pl.when(at).then(pl.lit(v)).otherwise(pl.col(c)).alias(c) for c, v in values.items()]
    return direct.with_columns(changes)


def faults(*args, **options):
    with pytest.raises(MethodError) as caught:
        model(*args, **options)
    return [str(p) for p in caught.value.problems]


# -------------------------------------------------------------- figures


def test_table_holds_what_the_arrays_give():
    direct, covariates = survey()
    found = model(direct, covariates)
    y = np.concatenate([direct["estimate"].to_numpy(), [NAN] * 4])
    psi = np.concatenate([direct["std_error"].to_numpy() ** 2, [NAN] * 4])
    x = np.column_stack([np.ones(24), covariates["lights"].to_numpy()])
    plain = fay_herriot(y, psi, x)
    low, high = interval(plain)
    table = found.table
    assert table.columns == [
        "outcome", "statistic", "province", "group", "estimate", "std_error", "ci_low", "ci_high",
        "cv", "n", "gamma", "direct_estimate", "direct_std_error", "nature",
    ]  # fmt: skip
    np.testing.assert_array_equal(table["estimate"], plain.estimate)
    np.testing.assert_array_equal(table["std_error"], np.sqrt(plain.mse))
    np.testing.assert_array_equal(table["ci_low"], low)
    np.testing.assert_array_equal(table["ci_high"], high)
    np.testing.assert_allclose(table["cv"], np.sqrt(plain.mse) / plain.estimate)
    np.testing.assert_array_equal(table["gamma"], plain.gamma)
    assert table["direct_estimate"][:20].to_list() == direct["estimate"].to_list()
    np.testing.assert_allclose(table["direct_std_error"][:20], direct["std_error"])
    assert table["n"].to_list() == [*direct["n"].to_list(), None, None, None, None]
    assert table["n"].dtype == direct["n"].dtype
    assert table["direct_estimate"][20:].null_count() == 4
    assert table["nature"].unique().to_list() == ["M"]
    assert table.select(AREAS).equals(covariates.select(AREAS))
    assert table["outcome"].unique().to_list() == ["reads"]


def test_order_of_the_direct_table_does_not_matter():
    direct, covariates = survey()
    mixed = model(direct.sample(fraction=1, shuffle=True, seed=3), covariates).table
    assert mixed.equals(model(direct, covariates).table)


def test_estimate_of_zero_has_no_coefficient_of_variation():
    direct, covariates = survey()
    direct = direct.with_columns(pl.lit(0.0).alias("estimate"))
    found = model_areas(
        direct, covariates.select(AREAS), AREAS, options=SmallAreaOptions(when_zero="keep")
    )
    assert found.table["cv"].null_count() == 24
    assert found.table["estimate"].to_list() == [0.0] * 24


def test_arcsine_uses_effective_sizes_and_bounds():
    direct, covariates = survey()
    found = model(direct, covariates, transformation="arcsine", level=0.9)
    y = np.concatenate([direct["estimate"].to_numpy(), [NAN] * 4])
    sizes = np.concatenate([(direct["n"] / direct["deff"]).to_numpy(), [NAN] * 4])
    x = np.column_stack([np.ones(24), covariates["lights"].to_numpy()])
    plain = transformed_fay_herriot(y, sizes, x, transformation="arcsine", replicates=20, rng=rng())
    np.testing.assert_array_equal(found.table["estimate"], plain.estimate)
    np.testing.assert_array_equal(found.table["std_error"], np.sqrt(plain.mse))
    assert (found.table["ci_low"] >= 0).all()
    assert (found.table["ci_high"] <= 1).all()
    naive = model(direct, covariates, transformation="arcsine", back="naive")
    assert not naive.table.equals(found.table)


@pytest.mark.parametrize("transformation", ["logit", "log"])
def test_other_transformations_use_variances(transformation):
    direct, covariates = survey()
    found = model(direct, covariates, transformation=transformation)
    assert (found.table["ci_low"] > 0).all()
    assert found.report.transformation == transformation


# -------------------------------------------------------------- cells without variance


def test_zero_variance_is_refused_with_the_names_of_areas():
    direct, covariates = survey()
    direct = spoiled(spoiled(direct, 2, std_error=0.0), 7, std_error=None)
    assert faults(direct, covariates) == [
        "P1 / g3: found an estimate without a standard error, expected one with",
        'P0 / g2: found a standard error of 0, expected one above 0, or smooth="zero"',
    ]
    assert faults(direct, covariates, smooth="zero") == [
        "P1 / g3: found an estimate without a standard error, expected one with"
    ]


def test_zero_variance_is_smoothed_if_asked_and_said():
    direct, covariates = survey()
    direct = spoiled(direct, 2, std_error=0.0)
    found = model(direct, covariates, smooth="zero")
    variance = np.concatenate([direct["std_error"].to_numpy() ** 2, [NAN] * 4])
    sizes = np.concatenate([direct["n"].to_numpy(), [NAN] * 4])
    psi = smooth_variance(variance, sizes, replace="zero").variance
    gamma = found.report.model_variance / (found.report.model_variance + psi)
    np.testing.assert_allclose(found.table["gamma"][:20], gamma[:20])
    assert found.report.smoothed == ("P0 / g2",)
    assert "The sampling variance was smoothed in 1 of 20 areas: P0 / g2." in found.report.words
    assert found.table["direct_std_error"][2] == 0
    assert len(model(direct, covariates, smooth="all").report.smoothed) == 20


def test_smoothing_without_a_sample_size_names_the_area():
    direct, covariates = survey()
    direct = spoiled(direct, 2, std_error=0.0, n=0)
    assert faults(direct, covariates, smooth="zero") == [
        "P0 / g2: found sample size 0, expected one above 0 to smooth its variance"
    ]


def test_design_effects_are_smoothed_for_the_arcsine():
    direct, covariates = survey()
    direct = spoiled(spoiled(direct, 2, estimate=1.0, std_error=0.0, deff=None), 5, deff=0.0)
    assert faults(direct, covariates, transformation="arcsine") == [
        'P0 / g2: found design effect nan, expected one above 0, or smooth="zero"',
        'P1 / g1: found design effect 0, expected one above 0, or smooth="zero"',
    ]
    found = model(direct, covariates, transformation="arcsine", smooth="zero")
    known = direct["deff"].to_numpy()
    middle = np.median(np.delete(known, [2, 5]))
    sizes = direct["n"].to_numpy() / np.where(np.isin(range(20), [2, 5]), middle, known)
    a = found.report.model_variance
    np.testing.assert_allclose(found.table["gamma"][:20], a / (a + 1 / (4 * sizes)))
    assert found.report.smoothed == ("P0 / g2", "P1 / g1")
    words = "The design effect was smoothed in 2 of 20 areas: P0 / g2, P1 / g1."
    assert words in found.report.words
    whole = model(direct, covariates, transformation="arcsine", smooth="all")
    a = whole.report.model_variance
    sizes = direct["n"].to_numpy() / middle
    np.testing.assert_allclose(whole.table["gamma"][:20], a / (a + 1 / (4 * sizes)))
    assert len(whole.report.smoothed) == 20


def test_arcsine_needs_sizes_and_some_design_effect():
    direct, covariates = survey()
    assert faults(
        spoiled(direct, 3, n=0).drop("deff"), covariates, transformation="arcsine", smooth="zero"
    ) == [
        "P0 / g3: found n 0, expected one above 0",
        "design effects: found none above 0, expected some to smooth by",
    ]


# -------------------------------------------------------------- benchmarking


@pytest.mark.parametrize("kind", ["ratio", "difference", "mse_difference", "logit"])
@pytest.mark.parametrize("transformation", ["none", "arcsine"])
def test_figures_add_up_to_the_benchmark(kind, transformation):
    direct, covariates = survey()
    target = AreaBenchmark(target=0.45, kind=kind, population="people")
    plain = model(direct, covariates, transformation=transformation)
    found = model(direct, covariates, transformation=transformation, benchmark=target)
    share = covariates["people"] / covariates["people"].sum()
    assert (share * found.table["estimate"]).sum() == pytest.approx(0.45, rel=1e-12)
    np.testing.assert_array_equal(found.table["std_error"], plain.table["std_error"])
    assert (found.table["ci_low"] < found.table["estimate"]).all()
    assert (found.table["estimate"] < found.table["ci_high"]).all()
    before = (share * plain.table["estimate"]).sum()
    words = next(w for w in found.report.words if "benchmarked" in w)
    assert words.startswith(f"Figures were benchmarked from {before:.6g} to 0.45 by ")
    assert words.endswith("; their errors are not adjusted for it.")


def test_ends_of_shares_stay_shares_where_logits_move_them():
    direct, covariates = survey()
    wide = direct.with_columns(pl.col("std_error") * 6, estimate=0.5)
    target = AreaBenchmark(target=0.45, kind="logit", population="people")
    plain = model(wide, covariates)
    found = model(wide, covariates, benchmark=target)
    assert (plain.table["ci_high"] > 1).any()
    assert found.table["ci_high"].is_between(0, 1).all()
    assert found.table["ci_low"].is_between(0, 1).all()


def test_totals_add_up_as_they_are():
    direct, covariates = survey(statistic="total")
    found = model(direct, covariates, benchmark=AreaBenchmark(target=12.0))
    assert found.table["estimate"].sum() == pytest.approx(12, rel=1e-12)


def test_benchmark_that_cannot_be_reached_is_refused():
    direct, covariates = survey()
    assert faults(direct, covariates, benchmark=AreaBenchmark(target=0.4)) == [
        "benchmark: found no population, expected one of each area, for its share"
    ]
    empty = covariates.with_columns(people=0)
    assert faults(direct, empty, benchmark=AreaBenchmark(target=0.4, population="people")) == [
        "benchmark: found a population of 0 everywhere, expected one of each area, for its share"
    ]
    target = AreaBenchmark(target=-1.0, population="people")
    assert faults(direct, covariates, benchmark=target)[0].startswith("target: found -1 for")


# -------------------------------------------------------------- words


def test_report_tells_the_model():
    direct, covariates = survey()
    report = model(direct, covariates).report
    assert report.words[0] == (
        "Modelled figures: a Fay-Herriot model of the proportion of reads over 20 areas with a "
        "direct estimate, taken as they are, on lights; model variance by restricted maximum "
        "likelihood."
    )
    assert report.words[1] == (
        "4 areas have no direct estimate; what is shown there rests on covariates alone."
    )
    assert (report.areas_direct, report.areas_synthetic) == (20, 4)
    assert [c.name for c in report.coefficients] == ["(intercept)", "lights"]
    slope = report.coefficients[1]
    assert slope.z == slope.value / slope.std_error
    assert 0 < slope.p_value < 0.001
    assert report.is_converged
    assert report.aic < report.bic
    assert {c.name for c in report.checks} >= {"agreement", "errors", "R squared"}
    assert report.words[-1] == (
        "Sampling variances and covariates are taken as known, and area effects as normal."
    )
    assert "Standard errors are roots of mean squared errors, right to second order." in (
        report.words
    )


def test_report_tells_a_transformation_and_one_area_without_a_sample():
    direct, covariates = survey(last=23)
    report = model(direct, covariates, transformation="arcsine").report
    assert "taken as arcsines of their square roots" in report.words[0]
    assert report.words[1].startswith("1 area has no direct estimate;")
    assert any("of 20 parametric bootstrap replicates" in w for w in report.words)


def test_report_tells_that_a_variance_of_zero_was_adjusted():
    direct, covariates = survey(last=24)
    flat = direct.with_columns(estimate=pl.lit(0.4) + 0.001 * pl.int_range(pl.len()))
    report = model(flat, covariates.select(*AREAS, "people"), covariates=()).report
    assert report.method == "reml_yoshimori_lahiri"
    assert "on no covariate; model variance by Yoshimori and Lahiri's" in report.words[0]
    assert report.words[1] == (
        "By restricted maximum likelihood the model variance was 0, as if covariates explained "
        "all; the adjusted method, which is never 0, was used."
    )
    assert not any("no direct estimate" in w for w in report.words)


def test_report_names_areas_far_from_the_model():
    direct, covariates = survey(seed=2)
    report = model(spoiled(direct, 6, estimate=3.0, std_error=0.02), covariates).report
    far = next(w for w in report.words if "far from the model" in w)
    assert far.startswith("1 area lies far from the model, up to ")
    assert far.endswith(" standard deviations: P1 / g2.")


def test_report_warns_of_shares_outside_0_and_1():
    direct, covariates = survey()
    wild = covariates.with_columns(
        lights=pl.col("lights") * pl.when(pl.int_range(pl.len()) == 23).then(100.0).otherwise(1.0)
    )
    words = model(direct, wild).report.words
    assert any(w == "1 of 24 shares lie outside 0 and 1; the arcsine keeps them in." for w in words)
    target = AreaBenchmark(target=0.95, population="people")
    words = model(direct, covariates, transformation="arcsine", benchmark=target).report.words
    assert any(w.endswith("outside 0 and 1; benchmarking by logits keeps them in.") for w in words)
    means = direct.with_columns(statistic=pl.lit("mean"))
    assert not any("outside 0 and 1" in w for w in model(means, wild).report.words)


# -------------------------------------------------------------- natures


def test_direct_and_modelled_figures_stand_together_only_when_marked():
    direct, covariates = survey()
    modelled = model(direct, covariates)
    both = beside(direct, modelled)
    assert both["nature"].to_list() == ["direct"] * 20 + ["M"] * 24
    assert both["deff"].null_count() == 24
    assert both["gamma"].null_count() == 20
    again = beside(both.filter(pl.col("nature") == "direct"), modelled)
    assert again["nature"].to_list() == both["nature"].to_list()
    with pytest.raises(InputError, match="column nature: found M, expected nothing but direct"):
        beside(both, modelled)
    unmarked = direct.with_columns(nature=pl.lit(None, pl.String))
    with pytest.raises(InputError, match="column nature: found None, expected nothing but direct"):
        beside(unmarked, modelled)


# -------------------------------------------------------------- faults and settings


def test_faults_of_the_model_have_the_names_of_areas():
    direct, covariates = survey()
    direct = spoiled(direct, 4, estimate=1.2)
    assert faults(direct, covariates, transformation="arcsine") == [
        "P1 / g0: found direct estimate 1.2, expected a share from 0 to 1"
    ]
    assert faults(direct[:1], covariates) == [
        "areas: found 1 with a direct estimate, for 2 covariates, expected at least 3"
    ]


def test_faults_of_the_tables_are_those_of_the_supplier():
    direct, covariates = survey()
    with pytest.raises(InputError, match="P5 / g0, which has no covariates"):
        model(survey(last=21)[0], covariates[:20])
    target = AreaBenchmark(target=1.0, population="people")
    with pytest.raises(InputError, match="column people: found no such column"):
        model(direct, covariates.drop("people"), benchmark=target)


def test_transformation_needs_a_generator():
    direct, covariates = survey()
    with pytest.raises(ValueError, match="transformation='log' needs rng"):
        model_areas(direct, covariates, AREAS, options=SmallAreaOptions(transformation="log"))


def test_options_outside_their_domain_are_refused():
    assert model_areas(*survey(), AREAS).report.method == "reml"  # all columns, all defaults
    with pytest.raises(ValueError, match="level: found 1, expected a share between 0 and 1"):
        replace(SmallAreaOptions(), level=1)
    with pytest.raises(ValueError, match="replicates: found 0, expected at least 1"):
        SmallAreaOptions(replicates=0)
