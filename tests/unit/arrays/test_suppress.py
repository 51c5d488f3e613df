"""Cells chosen to be hidden: they protect, they are few, and it is said why."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays import attack as attacks
from everycount.arrays import suppress
from everycount.arrays.attack import Verdict, attack
from everycount.arrays.disclose import (
    Demand,
    MinimumAnswers,
    MinimumRespondents,
    PPercent,
    Reason,
    Rules,
    judge_counts,
    judge_totals,
)
from everycount.arrays.lattice import Lattice, cross, margins
from everycount.arrays.suppress import Protection, State, default_cost, protect

FIVE = Rules(respondents=MinimumRespondents(least=5, width=1))
TWO = cross((2, 2))


def survey(levels, mean, seed, layers=1, order=3):
    """Return a lattice and a table with rare combinations of levels."""
    rng = np.random.default_rng(seed)
    lattice = cross(levels, order=order)
    share = np.ones(1)
    for n in levels:
        share = np.multiply.outer(share, np.sort(rng.dirichlet(np.full(n, 2.0)))[::-1])
    means = mean * lattice.joint * share.ravel() * rng.gamma(3, 1 / 3, lattice.joint)
    answers = rng.dirichlet(np.full(layers, 2.0), lattice.joint).T
    return lattice, rng.poisson(means * answers)


def protected(lattice, tables, rules=FIVE, **more):
    return protect(lattice, tables, judge_counts(margins(lattice, tables), rules), **more)


def test_the_rectangle_that_costs_least_is_hidden():
    lattice = cross((2, 3))
    found = protected(lattice, [[2, 20, 30, 40, 50, 60]])
    assert_array_equal(np.flatnonzero(found.hidden), [6, 7, 9, 10])
    assert_array_equal(found.state[6:], [1, 2, 0, 2, 2, 0])
    assert found.cost == pytest.approx(default_cost([20, 40, 50]).sum())
    assert_array_equal(found.reason[6:], [Reason.FEW_RESPONDENTS, 0, 0, 0, 0, 0])
    # a group furthest behind may be dearer than its size
    cost = default_cost(margins(lattice, [2, 20, 30, 40, 50, 60]))
    cost[0], cost[10] = np.inf, 100
    found = protected(lattice, [[2, 20, 30, 40, 50, 60]], cost=cost)
    assert_array_equal(np.flatnonzero(found.hidden), [6, 8, 9, 11])


def test_what_is_lost_is_counted_by_crossing_and_level():
    lattice = cross((2, 3))
    found = protected(lattice, [[2, 20, 30, 40, 50, 60]], withheld=np.arange(12) == 11)
    shown = [[1, 0, 0, 0], [2, 0, 0, 0], [3, 0, 0, 0]]
    assert_array_equal(found.hidden_by_crossing, [*shown, [2, 1, 2, 1]])
    assert_array_equal(found.hidden_by_level[0], [[2, 1, 1, 0], [2, 0, 1, 1]])
    assert_array_equal(found.hidden_by_level[1].sum(axis=1), [3, 3, 3])
    assert_array_equal(found.hidden_by_level[1][:, State.COMPLEMENTARY], [1, 0, 1])


def test_nothing_is_hidden_where_nothing_is_confidential():
    found = protected(TWO, [[20, 20, 30, 40]])
    assert not found.hidden.any()
    assert found.is_safe
    assert found.cost == 0


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("proof", ["fractions", "mixed", "respondents"])
@pytest.mark.parametrize(
    ("levels", "mean", "order"), [((4, 3, 2), 6, 3), ((3, 2, 4, 2), 3, 2), ((3, 3, 2, 2), 9, 3)]
)
def test_every_cell_is_proven_safe_and_was_not_before(levels, mean, order, proof, layers):
    lattice, tables = survey(levels, mean, 11, layers, order)
    rules = Rules(respondents=FIVE.respondents, answers=MinimumAnswers(least=1))
    demand = judge_counts(margins(lattice, tables), rules)
    assert (demand.reason > 0).any()
    found = protect(lattice, tables, demand, proof=proof)
    assert found.is_safe
    assert_array_equal(found.state == State.PRIMARY, demand.reason > 0)
    # the proof does not rest on what the search remembers
    again = attack(lattice, tables, found.hidden, demand=demand)
    assert (again.verdict[demand.reason > 0] == Verdict.RESPONDENTS).all()
    bare = attack(lattice, tables, demand.reason > 0, demand=demand)
    assert (bare.verdict >= Verdict.LEAK_SUMS).any()


def test_the_same_input_gives_the_same_cells():
    lattice, tables = survey((4, 3, 2), 6, 12)
    first, second = protected(lattice, tables), protected(lattice, tables)
    assert_array_equal(first.state, second.state)
    assert_array_equal(first.audit.verdict, second.audit.verdict)


def test_trimming_only_takes_away():
    lattice, tables = survey((4, 3, 3, 2), 3, 13)
    rules = Rules(respondents=MinimumRespondents(least=8))
    rough = protected(lattice, tables, rules, trims=0)
    fine = protected(lattice, tables, rules, trims=10_000)
    assert set(np.flatnonzero(fine.hidden)) < set(np.flatnonzero(rough.hidden))
    assert fine.cost < rough.cost
    assert fine.is_safe
    assert rough.is_safe


def test_cells_withheld_for_other_reasons_serve_and_stay():
    lattice = cross((2, 3))
    others = np.isin(np.arange(12), [8, 11])
    found = protected(lattice, [[2, 20, 30, 40, 50, 60]], withheld=others)
    assert_array_equal(np.flatnonzero(found.hidden), [6, 8, 9, 11])
    assert_array_equal(found.state[[6, 8, 9, 11]], [1, 3, 2, 3])


def test_a_known_number_of_respondents_leaves_the_answers_to_hide():
    tables = [[0, 9, 9, 9], [9, 9, 9, 9]]
    rules = Rules(answers=MinimumAnswers(least=1))
    found = protected(TWO, tables, rules, known=np.ones(9, bool))
    assert_array_equal(np.flatnonzero(found.hidden), [5, 6, 7, 8])
    assert found.is_safe
    assert found.audit.high[2, 5] == 9


def test_few_in_all_tables_around_hide_whole_rows():
    # both levels of the first characteristic are rare in one of its two-way tables
    lattice, tables = survey((2, 2, 3), 4, 14)
    rules = Rules(respondents=MinimumRespondents(least=12))
    found = protected(lattice, tables, rules)
    assert found.is_safe
    assert found.hidden_by_crossing[1:4, State.COMPLEMENTARY].sum() > 0


def test_cells_that_hold_the_target_are_hidden_where_nothing_else_helps():
    # nobody else is in the row or in the column of the cell
    table = [[2, 0, 0, 0, 30, 40, 0, 50, 60]]
    lattice = cross((3, 3))
    found = protected(lattice, table)
    assert found.is_safe
    assert found.hidden[[1, 4, 7]].all()


def test_what_cannot_be_protected_is_said_to_leak():
    found = protected(TWO, [[2, 20, 30, 40]], cost=np.full(9, np.inf))
    assert not found.is_safe
    assert found.audit.verdict[5] == Verdict.LEAK_SUMS
    cost = np.full(9, np.inf)
    cost[5:] = 1
    short = protected(TWO, [[2, 1, 30, 40]], cost=cost)
    # at most 3 respondents are in the row
    assert short.audit.verdict[5] == Verdict.LEAK_SUMS
    assert_array_equal(short.audit.shown_high[0, 5:7], [3, 3])


def test_a_survey_of_too_few_hides_everything():
    found = protected(TWO, [[1, 1, 1, 1]])
    assert found.hidden.all()
    assert found.is_safe


def test_leaks_that_the_audit_finds_are_repaired(monkeypatch):
    lattice, tables = survey((4, 3, 2), 6, 15)
    monkeypatch.setattr(suppress, "choose", lambda trial, standard: [])
    found = protected(lattice, tables)
    assert found.is_safe
    assert (found.state == State.COMPLEMENTARY).any()
    monkeypatch.setattr(suppress, "REPAIRS", 0)
    assert not protected(lattice, tables).is_safe


def test_sparse_tables_are_safe_from_linear_programming(monkeypatch):
    monkeypatch.setattr(attacks, "JOINT", 0)
    lattice = Lattice(levels=(4, 4, 300), crossings=((), (0,), (1,), (2,), (0, 1)))
    tables = np.random.default_rng(3).poisson(0.03, (1, lattice.joint))
    demand = judge_counts(margins(lattice, tables), Rules(respondents=MinimumRespondents(least=10)))
    pairs = np.arange(lattice.cells) >= lattice.starts[4]
    demand = replace(
        demand, reason=demand.reason * pairs, up=demand.up * pairs, width=demand.width * pairs
    )
    counts, hidden = {}, []
    for proof in ("fractions", "mixed", "respondents"):
        found = protect(lattice, tables, demand, proof=proof)
        assert found.is_safe
        counts[proof] = np.bincount(found.audit.verdict, minlength=8)
        hidden.append(found.hidden.sum())
    assert counts["fractions"][Verdict.FRACTIONS] > counts["mixed"][Verdict.FRACTIONS]
    assert counts["respondents"][Verdict.RESPONDENTS] > counts["mixed"][Verdict.RESPONDENTS]
    assert hidden == sorted(set(hidden))


def amounts(seed=17, unit=1.0):
    rng = np.random.default_rng(seed)
    lattice = cross((3, 3, 2))
    joint = rng.integers(0, 18, 60)
    amount = np.exp(rng.normal(3, 1.5, 60)) * unit
    table = np.bincount(joint, amount, minlength=18)[None]
    largest = np.zeros((lattice.cells, 2))
    above = np.array([margins(lattice, np.eye(18)[j]) for j in joint], bool)
    for cell in range(lattice.cells):
        own = np.sort(amount[above[:, cell]])[::-1][:2]
        largest[cell, : own.size] = own
    rules = Rules(p_percent=PPercent(percent=15))
    demand = judge_totals(margins(lattice, table)[0], largest, rules, respondents=above.sum(axis=0))
    return lattice, table, demand


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
def test_totals_are_protected_in_any_unit(unit):
    lattice, table, demand = amounts(unit=unit)
    found = protect(lattice, table, demand, base=5)
    own = np.flatnonzero(demand.reason)
    assert own.size
    assert found.is_safe
    value = margins(lattice, table)[0, own]
    slack = 1e-9 * table.sum()
    assert (found.audit.shown_high[0, own] >= value + demand.up[0, own] - slack).all()
    assert (found.audit.shown_low[0, own] <= value - demand.down[0, own] + slack).all()
    assert_array_equal(found.hidden, protect(lattice, *amounts()[1:]).hidden)


def test_leaks_of_totals_are_repaired(monkeypatch):
    monkeypatch.setattr(suppress, "choose", lambda trial, standard: [])
    lattice, table, demand = amounts()
    assert protect(lattice, table, demand).is_safe


def test_the_cost_is_above_nothing():
    assert_array_equal(default_cost([[0, 9]]), [[0.1, 3.1]])
    for cost in (np.zeros(9), np.ones(8), np.full(9, np.nan)):
        with pytest.raises(ValueError, match="more than 0"):
            protected(TWO, [[2, 20, 30, 40]], cost=cost)


def test_a_lattice_without_a_total_has_none_to_show():
    lattice = Lattice(levels=(2, 2), crossings=((0,), (0, 1)))
    found = protected(lattice, [[2, 20, 30, 40]])
    assert_array_equal(np.flatnonzero(found.hidden), [2, 3])
    assert found.is_safe


def test_the_result_says_what_is_hidden():
    none = np.zeros((1, 3))
    audit = attacks.Audit(
        verdict=np.array([0, Verdict.FRACTIONS, 0]),
        low=none,
        high=none,
        shown_low=none,
        shown_high=none,
        whole_low=none,
        whole_high=none,
        joint_cells=0,
    )
    found = Protection(
        state=np.array([0, 1, 2]),
        reason=np.array([0, 1, 0]),
        audit=audit,
        hidden_by_crossing=np.zeros((1, 4), int),
        hidden_by_level=(),
        cost=1.0,
    )
    assert_array_equal(found.hidden, [False, True, True])
    assert found.is_safe


def test_demands_of_one_figure_may_differ():
    up, down, width = (np.zeros((1, 9)) for _ in range(3))
    up[0, 5], down[0, 5], width[0, 5] = 1, 3, 6
    demand = Demand(reason=(np.arange(9) == 5).astype(int), up=up, down=down, width=width)
    found = protect(TWO, [[4, 20, 30, 40]], demand)
    assert found.is_safe
    audit = found.audit
    assert audit.shown_high[0, 5] >= 5
    assert audit.shown_low[0, 5] <= 1
    assert audit.shown_high[0, 5] - audit.shown_low[0, 5] >= 6
