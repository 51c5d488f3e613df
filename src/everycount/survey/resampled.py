"""Replicate weights made here, from the units of the first stage."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from everycount.arrays.replicate import Factors
from everycount.arrays.resample import (
    balanced,
    bootstrap,
    fay,
    jackknife_one,
    jackknife_stratified,
    successive_difference,
)
from everycount.errors import MethodError, Problem
from everycount.survey.repeats import Repeats
from everycount.survey.sample import Sample
from everycount.survey.stages import Sampled

IntArray = npt.NDArray[np.int64]
Made = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "SDR"]
WHERE: Final = "replicates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How replicate weights are made."""

    kind: Made
    """JK1, JKn, BRR, Fay, bootstrap (Rao and Wu) or SDR (successive differences), for units drawn
    systematically whose numbers follow the order in which they were listed."""
    count: int = 500
    """Bootstrap: how many replicates. Our own choice."""
    rho: float = 0.3
    """Fay: the coefficient. 0.3 as in Judkins (1990), Journal of Official Statistics 6, 223-239."""
    seed: int = 1
    """Bootstrap: seed of its random numbers."""


def resample(sample: Sample, resampling: Resampling) -> Sample:
    """Return a sample whose errors come from replicate weights made of its first-stage units.

    Parameters
    ----------
    sample : Sample
        From `everycount.survey.sample.load`, without replicate weights of its own.
    resampling : Resampling
        How they are made.

    Raises
    ------
    MethodError
        If the design does not allow them, saying why.
    """
    if sample.sampled is None:
        problem = Problem(WHERE, "replicate weights in the file", "no others made")
        raise MethodError(sample.plan.source.name, [problem])
    made = factors_of(sample.sampled, resampling, subject=sample.plan.source.name)
    repeats = Repeats(
        matrix=made.factors,
        are_factors=True,
        scale=made.scale,
        rscales=made.rscales,
        centre=made.centre,
        kind=made.kind,
        place=sample.sampled.psu[sample.unit],
    )
    return replace(sample, repeats=repeats)


def factors_of(sampled: Sampled, resampling: Resampling, *, subject: str) -> Factors:
    """Return the factors of the units of the first stage, in the order of their codes.

    Finite population corrections are those of the first stage; BRR and Fay use none. With a
    correction, replicates leave out what lower stages add (the share drawn of the first stage
    times the variance within its units); linearisation has it.

    Parameters
    ----------
    sampled : Sampled
        The sampled units.
    resampling : Resampling
        How factors are made.
    subject : str
        What messages call the file.

    Raises
    ------
    MethodError
        If strata or lonely units do not allow the kind.

    References
    ----------
    .. [1] Wolter, K. M. (2007), Introduction to Variance Estimation, 2nd edition, Springer.
    """
    problems = _problems(sampled, resampling)
    if problems:
        raise MethodError(subject, problems)
    first = sampled.frames[0]
    strata: IntArray = first.stratum
    size, unsampled = first.size[strata], first.unsampled[strata]
    with np.errstate(divide="ignore"):
        population = np.where(unsampled < 1, size / (1 - unsampled), np.inf)
    match resampling.kind:
        case "JK1":
            known = float(population[0])
            return jackknife_one(len(strata), population=known if np.isfinite(known) else None)
        case "JKn":
            return jackknife_stratified(strata, population=population, single="remove")
        case "BRR":
            return balanced(strata, single="remove")
        case "Fay":
            return fay(strata, resampling.rho, single="remove")
        case "SDR":
            return successive_difference(strata, population=population, single="remove")
    rng = np.random.default_rng(resampling.seed)
    return bootstrap(strata, resampling.count, rng=rng, population=population, single="remove")


def _problems(sampled: Sampled, resampling: Resampling) -> list[Problem]:
    """Return why replicates of a kind cannot be made."""
    first, problems = sampled.frames[0], []
    kind, sizes = resampling.kind, sampled.frames[0].size
    if sampled.lonely[0] and sampled.rule in ("adjust", "average"):
        found = f"lonely units under the rule {sampled.rule}"
        problems.append(Problem(WHERE, found, "remove or certainty, or errors by linearisation"))
    if kind == "JK1" and len(sizes) > 1:
        problems.append(Problem(WHERE, f"JK1 with {len(sizes):,} strata", "JKn"))
    if kind in ("BRR", "Fay") and (sizes > 2).any():
        names = [sampled.strata[at] for at in np.flatnonzero(sizes > 2)]
        shown = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
        found = f"{kind} with more than two units in {len(names):,} strata ({shown})"
        problems.append(Problem(WHERE, found, "two units in each; or JKn or bootstrap"))
    resampled = (sizes > 1) & (first.unsampled > 0)
    if not problems and not resampled.any():
        found = "no stratum with two units or more that is not taken whole"
        problems.append(Problem(WHERE, found, "one at least"))
    if kind == "bootstrap" and resampling.count < 2:
        problems.append(Problem(WHERE, f"{resampling.count} replicates", "2 or more"))
    if kind == "Fay" and not 0 <= resampling.rho < 1:
        problems.append(Problem(WHERE, f"rho {resampling.rho:g}", "a number from 0 to below 1"))
    return problems
