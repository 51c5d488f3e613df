"""Audit: everything that tells whether one may believe a ranking."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from everycount.audit.builds import Builds, Outcome
from everycount.audit.caveats import caveats_of
from everycount.audit.checklist import checklist, checklist_findings
from everycount.audit.choices import leave_one_out, one_at_a_time
from everycount.audit.coherence import Coherence, coherence
from everycount.audit.coherence_findings import findings
from everycount.audit.compatible import refuse_incompatible
from everycount.audit.draws import Draws, joined, sample
from everycount.audit.erring import read_errors
from everycount.audit.replay import FIRST, SECOND, Replay, mixed, read_draws
from everycount.audit.sensitivity import (
    Sensitivity,
    explain_variance,
    mixed_draws,
    none_because,
)
from everycount.audit.uncertainty import Uncertainty, describe
from everycount.audit.usual import usual_plan
from everycount.audit.verdict import Verdict, judge
from everycount.errors import InputError, MethodError, Problem
from everycount.index.assumptions import VaryWeights
from everycount.index.build import build
from everycount.index.figures import audited_imputations, lay_out
from everycount.index.methodology import Methodology
from everycount.index.plan_faults import varied_nodes
from everycount.index.result import IndexResult
from everycount.index.state import State
from everycount.index.steps import Aggregate
from everycount.model.observations import Observations
from everycount.model.strict import Faults
from everycount.model.units import Units

_USUAL = "The method declares no assumptions to vary; a usual set was varied instead."
_NOTHING = "The method declares no assumptions to vary, and none of the usual ones fits it."
MEMORY = 2 * 2**30
"""Bytes that the scores and ranks of all builds may take."""
_CELL = 24  # bytes of a score, its rank, and the copies that sorting makes
_NODE = 16  # bytes of a weight, and its copy in a chunk


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audit:
    """What an audit found."""

    result: IndexResult
    """The index as it is declared. Its methodology holds the assumptions that were varied."""
    seed: int
    replayed: bool
    """Whether the draws were given."""
    draws: Draws
    outcome: Outcome
    """The scores of every build, by node."""
    samples: tuple[str, ...]
    """The sample that each draw belongs to, `A`, `B` or another; empty where there are none."""
    coherence: Coherence
    left_out: pl.DataFrame
    """What every indicator and group that is left out does to the ranks."""
    choices: pl.DataFrame
    """What each choice alone does to the ranks."""
    uncertainty: Uncertainty
    sensitivity: Sensitivity
    checklist: pl.DataFrame
    verdict: Verdict


def audit(
    methodology: Methodology,
    observations: Observations,
    about: Units | None = None,
    *,
    draws: int | None = None,
    seed: int | None = None,
    replay: pl.DataFrame | None = None,
    external: pl.DataFrame | None = None,
    replay_name: str = "draws",
) -> Audit:
    """Test an index: whether its parts cohere, and how far its ranks depend on choices.

    Parameters
    ----------
    methodology : Methodology
        The method; its `audit` says what to vary, and by which limits to judge. Without
        assumptions a usual set is varied, and the verdict says so.
    observations : Observations
        The figures.
    about : Units, optional
        Names, groups and figures of units.
    draws, seed : int, optional
        How many builds, and where random numbers start, instead of what the method says.
    replay : DataFrame, optional
        Draws to build instead, a row each, as text: a column for each assumption, named as the
        assumption.
    external : DataFrame, optional
        Other indices to correlate with: a column `unit` and a column for each.
    replay_name : str
        What messages call the draws that are given.

    Returns
    -------
    Audit
        The same inputs and seed give the same figures.

    Raises
    ------
    MethodError
        If options cannot go together, or the method cannot be applied to the figures.
    InputError
        If `replay` or `external` is faulty, or there are more draws than memory for them.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, steps 7 and 8.
    .. [2] Saisana, M., Saltelli, A. and Tarantola, S. (2005), Uncertainty and sensitivity analysis
       techniques as tools for the quality assessment of composite indicators, JRSS A 168(2).
    """
    about = about or Units()
    builds, notes = _prepared(_asked(methodology, draws, seed), observations, about)
    result, plan = builds.result, builds.methodology.audit
    given = None if replay is None else read_draws(builds.methodology, replay, name=replay_name)
    _refuse_too_many(builds, plan.draws if given is None else given.draws.count)
    # A mean may fail for a unit that has no rank, so all units are tried.
    refuse_incompatible(builds.of_rows(np.arange(len(result.state.row_units))))
    drawn = given or _sampled(result)
    outcome = builds.run(drawn.draws)
    shares = _sensitivity(builds, drawn, outcome, is_given=given is not None)
    cohere = coherence(result, external=external)
    choices, left_out = one_at_a_time(builds, seed=plan.seed), leave_one_out(builds)
    own = outcome if given is None else _some(outcome, given.independent)
    uncertainty, answers = describe(result, own), checklist(plan)
    return Audit(
        result=result,
        seed=plan.seed,
        replayed=given is not None,
        draws=drawn.draws,
        outcome=outcome,
        samples=_samples(drawn),
        coherence=cohere,
        left_out=left_out,
        choices=choices,
        uncertainty=uncertainty,
        sensitivity=shares,
        checklist=answers,
        verdict=judge(
            result,
            uncertainty,
            shares,
            choices,
            findings=[*findings(cohere), *checklist_findings(answers)],
            caveats=caveats_of(result, uncertainty, shares, notes, is_given=given is not None),
        ),
    )


def _asked(methodology: Methodology, draws: int | None, seed: int | None) -> Methodology:
    """Return the method with the number of draws and the seed that were asked for."""
    plan = methodology.audit
    draws, seed = plan.draws if draws is None else draws, plan.seed if seed is None else seed
    if (draws, seed) == (plan.draws, plan.seed):
        return methodology
    try:
        return replace(methodology, audit=replace(plan, draws=draws, seed=seed))
    except Faults as error:
        problems = [Problem(str(path[-1]), found, want) for path, found, want in error.faults]
        raise InputError("audit", problems) from error


def _prepared(
    methodology: Methodology, observations: Observations, about: Units
) -> tuple[Builds, tuple[str, ...]]:
    """Return what builds the index, and what is known already of the assumptions it varies."""
    declared = build(methodology, observations, about)
    laid_out = lay_out(methodology, observations, about)
    nodes = _nodes(declared)
    ranked = np.flatnonzero(~np.isnan(declared.ranks[:, nodes]).all(axis=1))
    _refuse_unheard(declared.state, methodology)
    _refuse_unknown_pairs(declared)
    errors = read_errors(methodology, laid_out, observations, about)

    def prepare(method: Methodology) -> Builds:
        return Builds(replace(declared, methodology=method), laid_out, nodes, errors, rows=ranked)

    if methodology.audit.assumptions:
        return prepare(methodology), ()
    method, notes = usual_plan(methodology, prepare)
    if method.audit.assumptions:
        return prepare(method), (_USUAL, *notes)
    # All builds would be the same.
    method = replace(method, audit=replace(method.audit, draws=1))
    return prepare(method), (_NOTHING, *notes)


def _nodes(result: IndexResult) -> tuple[int, ...]:
    """Return the nodes whose ranks are tested.

    Raises
    ------
    MethodError
        If nothing makes scores of them, or nobody has a rank.
    """
    method, tree = result.methodology, result.state.tree
    if not any(isinstance(step, Aggregate) for step in method.steps):
        problem = Problem("steps", "no aggregate step", "one, as there are no ranks without")
        raise MethodError(f"method {method.id}", [problem])
    nodes = tuple(tree.position(code) for code in method.audit.nodes) or (tree.top,)
    problems = [
        Problem(f"audit, node {tree.codes[j]}", "no unit with a rank", "ranks that can be tested")
        for j in nodes
        if np.isnan(result.ranks[:, j]).all()
    ]
    if problems:
        raise MethodError(f"method {method.id}", problems)
    return nodes


def _refuse_unheard(state: State, method: Methodology) -> None:
    """Refuse options that need columns which neither the data nor the units have."""
    problems = []
    for step in audited_imputations(method):
        if step.weight is not None and step.weight not in state.columns:
            found = f"no column {step.weight!r}"
            problems.append(Problem("audit, impute, weight", found, "it in the data or in --units"))
        if step.by is not None and not state.has_grouping(step.by):
            found = f"no grouping {step.by!r}"
            problems.append(Problem("audit, impute, by", found, "it in the data or in --units"))
    if problems:
        raise MethodError(f"method {method.id}", problems)


def _refuse_unknown_pairs(result: IndexResult) -> None:
    """Refuse pairs with units that the data do not have."""
    known = set(result.state.units)
    problems = [
        Problem("audit, pairs", repr(unit), "a unit of the data")
        for pair in result.methodology.audit.pairs
        for unit in pair
        if unit not in known
    ]
    if problems:
        raise InputError(f"method {result.methodology.id}", problems)


def _refuse_too_many(builds: Builds, draws: int) -> None:
    """Refuse more draws than there is memory for, before any is built."""
    method = builds.methodology
    plan, rows = method.audit, len(builds.rows)
    varied = sum(
        len(varied_nodes(each, method))
        for each in plan.assumptions
        if isinstance(each, VaryWeights) and not each.sets
    )
    each = _CELL * len(builds.nodes) * rows + _NODE * varied
    most = MEMORY // each
    # Each assumption adds a base sample, of which ranks and scores are targets once more.
    base = min(plan.sensitivity_draws, draws // 2)
    held = draws + 2 * base * len(plan.assumptions)
    if held > most:
        found = f"{draws:,}, which need {each * held / 2**30:.1f} GB"
        want = f"{max(0, most - held + draws):,} at most for {rows:,} units"
        if builds.result.state.row_periods.any():
            want = f"{want} in periods, or fewer periods"
        raise InputError("audit", [Problem("draws", found, want)])


def _sampled(result: IndexResult) -> Replay:
    """Draw the builds. The first of them are also the samples that sensitivities start from."""
    method, plan = result.methodology, result.methodology.audit
    drawn = sample(method, result.state.weights, plan.draws, seed=plan.seed, stream=0)
    base = min(plan.sensitivity_draws, plan.draws // 2)
    if not base or plan.exclude:
        return Replay(draws=drawn, sets={})
    sets = {FIRST: np.arange(base), SECOND: np.arange(base, 2 * base)}
    return Replay(draws=drawn, sets=sets)


def _sensitivity(builds: Builds, drawn: Replay, outcome: Outcome, *, is_given: bool) -> Sensitivity:
    """Return which assumptions the differences come from, or why that was not computed."""
    plan = builds.methodology.audit
    names = [each.name for each in plan.assumptions]
    if not drawn.sets:
        why = "no draws were asked for it"
        if is_given:
            why = "the draws that were given are not said to belong to its samples"
        elif plan.exclude:
            why = "what is excluded makes assumptions depend on one another"
        return none_because(why)
    first, second = (_some(outcome, drawn.sets[name]) for name in (FIRST, SECOND))
    if is_given:
        rows = np.concatenate([drawn.sets[mixed(name)] for name in names])
        third = _some(outcome, rows)
    else:
        one, other = (drawn.draws.take(drawn.sets[name]) for name in (FIRST, SECOND))
        third = builds.run(mixed_draws(names, one, other))
    return explain_variance(builds, first, second, third, seed=plan.seed)


def _some(outcome: Outcome, rows: np.ndarray) -> Outcome:
    """Return the outcome of some of the builds."""
    at = {int(row): k for k, row in enumerate(rows)}
    return Outcome(
        rows=outcome.rows,
        scores={node: scores[rows] for node, scores in outcome.scores.items()},
        failures={at[d]: why for d, why in outcome.failures.items() if d in at},
    )


def _samples(drawn: Replay) -> tuple[str, ...]:
    """Return the sample of every draw, where draws were given with samples."""
    if not drawn.sets:
        return ()
    names = np.full(drawn.draws.count, "", object)
    for name, rows in drawn.sets.items():
        names[rows] = name
    return tuple(names.tolist())


def design_of(found: Audit) -> tuple[Draws, tuple[str, ...]]:
    """Return all draws of an audit, those that its sensitivities add at the end; their samples.

    Built again, they give the same audit.
    """
    names = [each.name for each in found.result.methodology.audit.assumptions]
    base = found.sensitivity.base
    if found.replayed or not base:
        return found.draws, found.samples
    first, second = found.draws.take(slice(base)), found.draws.take(slice(base, 2 * base))
    more = tuple(mixed(name) for name in names for _ in range(base))
    return joined([found.draws, mixed_draws(names, first, second)]), (*found.samples, *more)
