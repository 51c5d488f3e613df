"""The streaming kernel against the slow path: every cell by itself, from rows in memory.

A design, its rows, the order of the rows and the way they are read are drawn at random. The slow
path knows no cells, moments, batches or slots: for each cell it makes scores with NumPy and asks
`everycount.arrays.linearise` for their variance, the domain by its indicator.
"""

from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from everycount.arrays.linearise import (
    Stage,
    covariance,
    design_effect,
    domain_df,
    lonely_strata,
    ratio_scores,
    total_scores,
)
from everycount.arrays.replicate import replicate_covariance, replicate_df, standard_scale
from everycount.errors import MethodError
from everycount.model.conditions import Condition
from everycount.model.design import Characteristic, Crossings, Level, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.sampling import FurtherStage, ReplicateWeights, Sampling
from everycount.survey import totals
from everycount.survey.disaggregate import disaggregate
from everycount.survey.plan import resolve

EXACT = 1e-10
"""Relative; measured differences are about 1e-13."""
NOISE = 1e-14
"""Share of the squared terms of a variance that rounding may leave where they cancel."""
MEMORY = totals.MEMORY
NAMES = ("place", "ward", "group", "band")


@dataclass(frozen=True)
class Source:
    """Microdata in memory, read a few rows at a time."""

    frame: pl.DataFrame
    size: int
    name: str = "survey"

    @property
    def rows(self):
        return len(self.frame)

    @property
    def columns(self):
        kind = {True: "number", False: "text"}
        return {
            name: Column(name=name, kind=kind[self.frame[name].dtype.is_numeric()])
            for name in self.frame.columns
        }

    def batches(self, columns, *, rows=0):
        for start in range(0, len(self.frame), self.size):
            yield self.frame[start : start + self.size].select(columns)


# ---------------------------------------------------------------- surveys at random


@dataclass(frozen=True)
class Case:
    """A design and its rows."""

    design: SurveyDesign
    frame: pl.DataFrame
    batch: int
    memory: int


@st.composite
def cases(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    has_strata, has_units = draw(st.booleans()), draw(st.booleans())
    depth = draw(st.integers(1, 3)) if has_units else 1
    is_nested = has_strata and has_units and draw(st.booleans())
    is_tiny = draw(st.booleans())
    below = further(draw, depth)
    frame = sampled(rng, strata=has_strata, units=has_units, nested=is_nested)
    frame = frame.with_columns(
        *characteristics(rng, frame, draw(st.lists(st.sampled_from(NAMES), unique=True))),
        *outcomes(rng, len(frame), complete_first=draw(st.booleans())),
    )
    if not is_tiny:
        frame = shuffled(rng, frame, has_parts=bool(below) and not below[0].strata)
    sampling = Sampling(
        strata=("stratum",) if has_strata else (),
        psu="unit" if has_units else None,
        nested=is_nested,
        weight="w",
        population=draw(st.sampled_from(["many", "share", None])) if depth == 1 else "many",
        stages=below,
        lonely=draw(st.sampled_from(["fail", "remove", "certainty", "adjust", "average"])),
        lonely_domains=draw(st.sampled_from(["centre", "adjust"])),
        simple_random=draw(st.sampled_from(["with", "without", None])),
    )
    names = [name for name in NAMES if name in frame.columns]
    design = SurveyDesign(
        sampling=sampling,
        characteristics=tuple(Characteristic(name=name, levels=LEVELS) for name in names),
        outcomes=tuple(
            draw(st.lists(st.sampled_from(OUTCOMES), unique=True, min_size=1, max_size=4))
        ),
        crossings=Crossings(depth=draw(st.integers(1, 3))),
    )
    return Case(
        design=design,
        frame=frame,
        batch=draw(st.sampled_from([1, 2, 3, 7, 20, len(frame), len(frame) + 1])),
        memory=0 if is_tiny else MEMORY,
    )


def shuffled(rng, frame, *, has_parts):
    """The rows with the units of each stage in any order, but each in one piece."""
    paths = [["stratum", "unit"], ["part"] if has_parts else [], ["part", "second"], ["third"]]
    path, ranks = [], []
    for more in paths:
        path += [name for name in more if name not in path]
        groups = frame.select(path).unique(maintain_order=True)
        groups = groups.with_columns(rank=pl.Series(rng.permutation(len(groups))))
        ranks.append(
            frame.join(groups, on=path, maintain_order="left")["rank"].alias(f"r{len(ranks)}")
        )
    order = pl.DataFrame([*ranks, pl.Series("any", rng.random(len(frame)))])
    return frame[order.with_row_index("row").sort(order.columns)["row"]]


LEVELS = tuple(Level(code=code, values=(code,)) for code in ("a", "b", "c"))
OUTCOMES = (
    Outcome(name="reads"),
    Outcome(name="hit", column="module", universe=(Condition(column="age", at_least=3),),
            weight="own", yes=(1,), no=(2,), missing=(9,)),
    Outcome(name="income", statistic="mean"),
    Outcome(name="earned", column="income", statistic="total",
            universe=(Condition(column="age", at_most=6),)),
    Outcome(name="attends", statistic="total", column="reads"),
    Outcome(name="rate", statistic="ratio", column="income", denominator="hours"),
    Outcome(name="half", statistic="mean", column="full", weight="own", weight_divisor=2.0),
    Outcome(name="whole", statistic="mean", column="full", weight="own"),
)  # fmt: skip


def sampled(rng, *, strata, units, nested):
    """Rows with strata, PSUs, strata within them, second and third units, sizes and weights."""
    rows = []
    number = 0
    for stratum in range(int(rng.integers(1, 5)) if strata else 1):
        psus = int(rng.integers(1, 5)) if units else 1
        psus_in_population = psus + int(rng.choice([0, 1, 10]))
        for psu in range(psus):
            number += 1
            parts = int(rng.integers(1, 3))
            all_parts = parts + int(rng.choice([0, 2]))
            for part in range(parts):
                seconds = int(rng.integers(1, 4))
                all_seconds = seconds + int(rng.choice([0, 2, 9]))
                for second in range(seconds):
                    thirds = int(rng.integers(1, 3))
                    all_thirds = thirds + int(rng.choice([0, 3]))
                    for third in range(thirds):
                        rows += [
                            {
                                "stratum": f"s{stratum}",
                                "unit": psu if nested else number,
                                "part": f"p{part}",
                                "second": second,
                                "third": third,
                                "many": psus_in_population,
                                "share": psus / psus_in_population,
                                "parts": all_parts,
                                "many2": all_seconds,
                                "many3": all_thirds,
                            }
                        ] * int(rng.integers(1, 3))
    frame = pl.DataFrame(rows)
    rows = len(frame)
    if not units:  # every row is a unit
        size = frame["stratum"].replace_strict(dict(frame["stratum"].value_counts().iter_rows()))
        bigger = frame["stratum"].replace_strict(
            {name: int(rng.choice([0, 1, 10])) for name in frame["stratum"].unique().sort()}
        )
        frame = frame.with_columns(many=size + bigger, share=size / (size + bigger))
    weight = rng.choice([0.5, 1.0, 2.75, 10.125], rows) * rng.uniform(0.9, 1.1, rows)
    weight[rng.random(rows) < 0.1] = 0.0
    own = np.where(rng.random(rows) < 0.2, np.nan, weight * rng.uniform(0.5, 2, rows))
    return frame.with_columns(w=pl.Series(weight), own=pl.Series(own, nan_to_null=True))


def characteristics(rng, frame, names):
    """Levels that are the same in a stratum, in a unit, or nowhere; some not known."""
    levels = np.array(["a", "b", "c", None], dtype=object)
    by = {
        "place": frame["stratum"],
        "ward": pl.select(pl.concat_str(frame["stratum"], frame["unit"])).to_series(),
    }
    for name in names:
        chance = [0.4, 0.3, 0.2, 0.1] if rng.random() < 0.7 else [0.7, 0.3, 0.0, 0.0]
        if name in by:
            keys = by[name].unique().sort()
            drawn = dict(zip(keys, rng.choice(levels, len(keys), p=chance), strict=True))
            values = [drawn[key] for key in by[name]]
        else:
            values = list(rng.choice(levels, len(frame), p=chance))
        yield pl.Series(name, values, dtype=pl.String)


def outcomes(rng, rows, *, complete_first):
    """Answers of all kinds; without gaps in the first half, if so said."""
    late = np.arange(rows) >= rows / 2 if complete_first else np.ones(rows, bool)
    unknown = (rng.random(rows) < 0.15) & late & (rng.random() < 0.7)
    yield pl.Series("age", rng.integers(0, 10, rows))
    reads = np.where(unknown, np.nan, rng.integers(0, 2, rows))
    yield pl.Series("reads", reads, nan_to_null=True).cast(pl.Int8)
    yield pl.Series("module", rng.choice([1, 2, 9], rows, p=[0.2, 0.6, 0.2]))
    income = np.where(unknown, np.nan, rng.normal(100, 30, rows).round(2))
    yield pl.Series("income", income, nan_to_null=True)
    yield pl.Series("hours", rng.integers(0, 9, rows))
    yield pl.Series("full", rng.normal(-5, 1, rows))


def further(draw, depth):
    """Stages below the first, each with a population but perhaps the last."""
    last = draw(st.booleans())
    if draw(st.booleans()):  # the second stage has strata
        second = FurtherStage(units="second", strata=("part",), population="many2")
        third = FurtherStage(units="third", population="many3")
    else:
        second = FurtherStage(units="part", population="parts")
        third = FurtherStage(units="second", population="many2")
    stages = [second, third][: depth - 1]
    if stages and last:
        stages[-1] = replace(stages[-1], population=None)
    return tuple(stages)


# ---------------------------------------------------------------- the slow path


def codes(*columns):
    """A code from 0 for each combination of cells."""
    return pl.DataFrame(list(columns)).select(pl.struct(pl.all()).rank("dense")).to_series(
    ).to_numpy().astype(int) - 1  # fmt: skip


def stages_of(case):
    """The stages of sampling laid along the rows."""
    sampling, frame = case.design.sampling, case.frame
    rows = pl.Series("row", np.arange(len(frame)))
    strata = [frame["stratum"]] if sampling.strata else [pl.Series("all", np.zeros(len(frame)))]
    unit = frame["unit"] if sampling.psu else rows
    path = [*(strata if sampling.nested else []), unit]
    sizes = population(frame, sampling.population, strata, path)
    found = [Stage(units=codes(*path), strata=codes(*strata), population=sizes)]
    for stage in sampling.stages[: sampling.stages_of_variance - 1]:
        within = [*path, *(frame[name].rename(f"{name} {len(path)}") for name in stage.strata)]
        path = [*within, frame[stage.units].rename(f"{stage.units} {len(within)}")]
        sizes = population(frame, stage.population, within, path)
        found.append(Stage(units=codes(*path), strata=codes(*within), population=sizes))
    return found


def population(frame, name, strata, path):
    if name is None:
        return np.full(len(frame), np.inf)
    stated = frame[name].to_numpy().astype(float)
    sizes = pl.DataFrame({"stratum": codes(*strata), "unit": codes(*path)})
    size = sizes.select(pl.col("unit").n_unique().over("stratum")).to_series().to_numpy()
    return np.where(stated <= 1, size / stated, stated)


def values_of(case, outcome):
    """Weight, value and denominator of each row, who was asked and who counts."""
    frame = case.frame
    column = frame[outcome.source]
    weight = frame[outcome.weight or "w"].fill_null(np.nan).to_numpy()
    weight = weight / (outcome.weight_divisor or 1.0)
    asked = weight > 0
    for each in outcome.universe:
        low = -np.inf if each.at_least is None else each.at_least
        high = np.inf if each.at_most is None else each.at_most
        asked &= ((frame[each.column] >= low) & (frame[each.column] <= high)).to_numpy()
    counts = asked & column.is_not_null().to_numpy()
    value = column.cast(float).fill_null(0.0).to_numpy()
    if outcome.yes:
        counts &= value != 9
        value = (value == 1).astype(float)
    below = np.ones(len(frame))
    if outcome.denominator:
        below = frame[outcome.denominator].cast(float).to_numpy()
    return np.where(counts, weight, 0.0), value, below, asked, counts


def cells_of(case):
    """Every cell of every table, as codes by name, with the rows that belong to it."""
    names = [each.name for each in case.design.characteristics]
    for width in range(case.design.crossings.depth + 1):
        for crossed in combinations(names, width):
            for levels in product("abc", repeat=width):
                inside = np.ones(len(case.frame), bool)
                for name, level in zip(crossed, levels, strict=True):
                    inside &= (case.frame[name] == level).fill_null(value=False).to_numpy()
                yield dict(zip(crossed, levels, strict=True)), inside


def slow(case, outcome):
    """Yield the figures of every cell, and the size of the terms of its variance."""
    sampling, stages = case.design.sampling, stages_of(case)
    weight, value, below, asked, counts = values_of(case, outcome)
    compares = sampling.simple_random or ("without" if sampling.population else "with")
    cells, insides = zip(*cells_of(case), strict=True)
    inside = np.column_stack(insides)
    held = inside & counts[:, None]
    if outcome.statistic == "total":
        found, scores = total_scores(value, weight, held)
    else:
        found, scores = ratio_scores(value, below, weight, held)

    def variance(stages, **rules):
        every = covariance(scores, stages, lonely=sampling.lonely, members=held, **rules)
        return np.diagonal(every)

    first = variance(stages[:1], lonely_domains=sampling.lonely_domains)
    every = first + variance(stages) - variance(stages[:1])
    deff = design_effect(every, scores, weight, held, reference=compares)
    terms = (np.abs(scores).sum(axis=0) + np.abs(found)) ** 2
    for at, cell in enumerate(cells):
        yield {
            **cell,
            "n": int(held[:, at].sum()),
            "estimate": found[at],
            "variance": every[at],
            "df": domain_df(stages[0], inside[:, at] & asked),
            "deff": deff[at],
            "terms": terms[at],
        }


def refusal(case):
    """Whether lonely strata make the design be refused."""
    sampling = case.design.sampling
    first, *rest = stages_of(case)
    if sampling.lonely == "fail" and len(lonely_strata(first)):
        return True
    for stage, below in zip(sampling.stages, rest, strict=False):
        is_simple = sampling.lonely == "adjust" and not stage.strata
        has_rule = is_simple or sampling.lonely in ("remove", "certainty")
        if len(lonely_strata(below)) and not has_rule:
            return True
    return False


# ---------------------------------------------------------------- the same figures


def fast(case):
    """The table of estimates, by outcome and cell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(totals, "MEMORY", case.memory)
        try:
            result = disaggregate(resolve(case.design, Source(case.frame, case.batch)))
        except MethodError as error:
            if "found no row that counts" not in str(error):
                raise
            assert any(nobody_counts(case, outcome) for outcome in case.design.outcomes)
            reject()
    names = [each.name for each in case.design.characteristics]
    return {
        (row["outcome"], *(row[name] for name in names)): row
        for row in result.table.iter_rows(named=True)
    }


def nobody_counts(case, outcome):
    if case.design.sampling.replicates:
        return True  # the slow path below is of linearisation
    return all(cell["n"] == 0 for cell in slow(case, outcome))


def near(found, wanted, *, spare=0.0):
    if found is None or np.isnan(found):
        return bool(np.isnan(wanted))
    return bool(abs(found - wanted) <= EXACT * abs(wanted) + spare)


def compare(case):
    found = fast(case)
    names = [each.name for each in case.design.characteristics]
    shown = set()
    for outcome in case.design.outcomes:
        for cell in slow(case, outcome):
            key = (outcome.name, *(cell.get(name, "_T") for name in names))
            if key not in found:
                assert cell["n"] == 0
                continue
            row = found[key]
            shown.add(key)
            assert row["n"] == cell["n"], key
            if cell["n"] == 0:
                assert row["estimate"] is None
                continue
            assert row["df"] == cell["df"], key
            assert near(row["estimate"], cell["estimate"], spare=1e-300), (key, row, cell)
            spare = NOISE * cell["terms"]
            if row["std_error"] is None and cell["variance"] == 0:
                # No stratum has two units, so nothing says how large the error is.
                assert row["df"] == 0, (key, row, cell)
                continue
            error = np.nan if row["std_error"] is None else row["std_error"]
            assert near(error**2, cell["variance"], spare=spare), (key, row, cell)
            if cell["variance"] > 1e6 * spare and not np.isnan(cell["deff"]):
                assert near(row["deff"], cell["deff"], spare=1e-9 * cell["deff"]), (key, row, cell)
    assert shown == found.keys()


@pytest.mark.slow
@settings(max_examples=40)
@given(case=cases())
def test_every_cell_agrees_with_the_slow_path(case):
    if refusal(case):
        with pytest.raises(MethodError, match="single sampled unit"):
            fast(case)
        return
    compare(case)


@settings(max_examples=6)
@given(case=cases())
def test_the_same_rows_give_the_same_bytes(case):
    assume(not refusal(case))
    assert fast(case) == fast(case)


@settings(max_examples=12)
@given(case=cases(), factor=st.sampled_from([1e-6, 0.5, 3.0, 1e6]))
def test_scaling_the_weights_scales_totals_and_nothing_else(case, factor):
    assume(not refusal(case))
    sampling = replace(case.design.sampling, weight_divisor=1 / factor, simple_random="with")
    own = tuple(
        replace(each, weight_divisor=(each.weight_divisor or 1.0) / factor) if each.weight else each
        for each in case.design.outcomes
    )
    plain = replace(case.design, sampling=replace(sampling, weight_divisor=1.0))
    before = fast(replace(case, design=plain))
    after = fast(replace(case, design=replace(plain, sampling=sampling, outcomes=own)))
    assert before.keys() == after.keys()
    for key, row in before.items():
        times = factor if row["statistic"] == "total" else 1.0
        spare = 1e-6 * abs(row["estimate"] or 0) * times
        for name in ("estimate", "std_error"):
            assert same(after[key][name], row[name], times=times, spare=spare), (key, name)
        assert (after[key]["n"], after[key]["df"]) == (row["n"], row["df"])


@settings(max_examples=12)
@given(case=cases(), seed=st.integers(0, 1000))
def test_the_order_of_units_and_rows_is_irrelevant(case, seed):
    assume(not refusal(case))
    stages = case.design.sampling.stages
    has_parts = bool(stages) and not stages[0].strata
    other = shuffled(np.random.default_rng(seed), case.frame, has_parts=has_parts)
    before = fast(replace(case, memory=MEMORY))
    after = fast(replace(case, memory=MEMORY, frame=other))
    assert before.keys() == after.keys()
    for key, row in before.items():
        spare = 1e-6 * abs(row["estimate"] or 0)
        for name in ("estimate", "std_error", "ci_low", "ci_high"):
            assert same(after[key][name], row[name], spare=spare), (key, name)
        assert (after[key]["n"], after[key]["df"]) == (row["n"], row["df"])


@settings(max_examples=12)
@given(case=cases())
def test_totals_of_the_parts_add_up_to_the_total(case):
    """Whichever characteristic a cell is divided by, where all rows have a level of it."""
    names = [each.name for each in case.design.characteristics]
    assume(names and not refusal(case))
    sums = tuple(each for each in OUTCOMES if each.statistic == "total")
    found = fast(
        replace(
            case,
            frame=case.frame.with_columns(pl.col(name).fill_null("c") for name in names),
            design=replace(case.design, outcomes=sums),
        )
    )
    parts = {}
    for (outcome, *levels), row in found.items():
        for at, level in enumerate(levels):
            if level != "_T":
                whole = (outcome, *levels[:at], "_T", *levels[at + 1 :])
                parts.setdefault((whole, at), []).append(row)
    for (whole, _), rows in parts.items():
        assert sum(row["n"] for row in rows) == found[whole]["n"]
        assert sum(row["estimate"] or 0 for row in rows) == pytest.approx(
            found[whole]["estimate"] or 0, rel=1e-12, abs=1e-9
        )
    divided = {whole for whole, _ in parts}
    deepest = min(case.design.crossings.depth, len(names))
    for key in found:
        depth = sum(level != "_T" for level in key[1:])
        assert (key in divided) == (depth < deepest)


def same(found, wanted, *, times=1.0, spare=0.0):
    if wanted is None or found is None:
        return found == wanted
    return bool(abs(found - wanted * times) <= EXACT * abs(wanted * times) + spare)


# ---------------------------------------------------------------- replicate weights


@dataclass(frozen=True)
class Replicated:
    """A case with replicate weights, as the columns ``rw1``, ``rw2``, ..."""

    case: Case
    weights: np.ndarray
    """(rows, R): whole weights, or factors."""


@st.composite
def replicated(draw):
    case = draw(cases())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frame, rows = case.frame, len(case.frame)
    count = draw(st.sampled_from([2, 3, 8, 30]))
    kind = draw(st.sampled_from(["JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR", "other"]))
    factors = rng.choice([0.0, 0.5, 1.0, 2.0], (rows, count), p=[0.2, 0.2, 0.4, 0.2])
    if draw(st.booleans()):  # the same in a unit, as most are
        units = codes(frame["stratum"], frame["unit"])
        factors = factors[np.unique(units, return_index=True)[1]][units]
    are_factors = draw(st.booleans())
    weights = factors if are_factors else factors * frame["w"].to_numpy()[:, None]
    rscales = tuple(rng.uniform(0, 1, count).tolist())
    given = ReplicateWeights(
        kind=kind,
        columns=("rw*",),
        rho=0.3 if kind == "Fay" else None,
        scale=0.7 if kind == "other" else draw(st.sampled_from([None, 2.0])),
        rscales=rscales if kind == "JKn" else draw(st.sampled_from([(), (0.5,), rscales])),
        centre=draw(st.sampled_from(["mean", "full", None])),
        weights_are="factors" if are_factors else "analysis",
        df=draw(st.sampled_from([None, 3])),
    )
    columns = {f"rw{at + 1}": weights[:, at] for at in range(count)}
    sampling = Sampling(
        weight="w", replicates=given, simple_random=draw(st.sampled_from(["with", "without"]))
    )
    outcomes = tuple(each for each in case.design.outcomes if are_factors or not each.weight)
    assume(outcomes)
    return Replicated(
        case=replace(
            case,
            frame=frame.with_columns(**columns),
            design=replace(case.design, sampling=sampling, outcomes=outcomes),
        ),
        weights=weights,
    )


def slow_replicates(made, outcome):
    """Yield the figures of every cell, one replicate after the other."""
    case, given = made.case, made.case.design.sampling.replicates
    weight, value, below, _, counts = values_of(case, outcome)
    base = case.frame["w"].to_numpy()
    whole = made.weights * base[:, None] if given.weights_are == "factors" else made.weights
    rscales = np.broadcast_to(given.rscales or 1.0, made.weights.shape[1:])
    scale, centre = given.scale, given.centre
    if given.kind != "other":
        usual = standard_scale(
            given.kind, len(rscales), rho=given.rho, rscales=rscales if given.rscales else None
        )
        scale, centre = scale or usual[0], centre or usual[2]
    for cell, inside in cells_of(case):
        held = inside & counts

        def estimate(weights, held=held):
            above, under = (weights * each * held for each in (value, below))
            if outcome.statistic == "total":
                return above.sum()
            return above.sum() / under.sum() if under.sum() else np.nan

        own = weight if given.weights_are == "factors" else counts
        found = [estimate(each * own) for each in made.weights.T]
        full = estimate(weight)
        variance = replicate_covariance(
            found, [full], scale=scale, rscales=rscales, centre=centre or "mean"
        )[0, 0]
        df = replicate_df(whole[inside])
        scores = (total_scores if outcome.statistic == "total" else ratio_scores)(
            *([value] if outcome.statistic == "total" else [value, below]), weight, held
        )[1]
        compares = case.design.sampling.simple_random
        deff = design_effect([variance], scores, weight, held, reference=compares)[0]
        yield {
            **cell,
            "n": int(held.sum()),
            "estimate": full if held.any() else np.nan,
            "variance": variance,
            "df": df if given.df is None else min(df, given.df),
            "deff": deff,
        }


@pytest.mark.slow
@settings(max_examples=20)
@given(made=replicated())
def test_replicates_agree_with_one_after_the_other(made):
    case = made.case
    found = fast(case)
    names = [each.name for each in case.design.characteristics]
    for outcome in case.design.outcomes:
        for cell in slow_replicates(made, outcome):
            row = found.get((outcome.name, *(cell.get(name, "_T") for name in names)))
            if row is None or not cell["n"] or np.isnan(cell["estimate"]):
                assert cell["n"] == 0 or row["estimate"] is None
                continue
            assert (row["n"], row["df"]) == (cell["n"], cell["df"]), (row, cell)
            assert near(row["estimate"], cell["estimate"], spare=1e-12)
            error = np.nan if row["std_error"] is None else row["std_error"]
            spare = 1e-12 * abs(cell["estimate"])
            assert near(error, np.sqrt(cell["variance"]), spare=spare), (row, cell)
            if error > 1e3 * spare and not np.isnan(cell["deff"]):
                assert near(row["deff"], cell["deff"], spare=1e-9 * cell["deff"]), (row, cell)
