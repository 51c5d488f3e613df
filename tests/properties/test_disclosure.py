"""Hidden cells, against every table that an attacker cannot tell from the truth.

On lattices small enough, all tables of whole respondents that agree with everything published are
written down one by one; what they have in common is what can be deduced, by any means.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from everycount.arrays.attack import Verdict, attack
from everycount.arrays.bounds import Knowledge, figures_of, learn, tighten
from everycount.arrays.details import withheld_details
from everycount.arrays.disclose import MinimumAnswers, MinimumRespondents, Rules, judge_counts
from everycount.arrays.lattice import cross, incidence, margins
from everycount.arrays.suppress import protect

MANY = 20_000
"""Steps of writing tables down; an example that needs more is left out."""
LEAKS = (Verdict.LEAK_SUMS, Verdict.LEAK_TABLES, Verdict.LEAK_JOINT)
SHAPES = [((2, 2), 2), ((3, 3), 2), ((2, 4), 2), ((2, 2, 2), 2), ((2, 2, 2), 3)]
SHAPES += [((2, 2, 3), 2), ((3, 3), 1), ((2, 2, 3), 1), ((2, 3, 3), 3), ((2, 2, 2, 2), 3)]
LATTICES = st.sampled_from(SHAPES)
SEEDS = st.integers(0, 2**32 - 1)
LEFT_OUT = [HealthCheck.filter_too_much, HealthCheck.too_slow]


class TooManyError(Exception):
    """More tables than can be written down."""


def tables_like(lattice, joint, hidden):
    """Return all tables of whole respondents with the same published cells, (tables, joint)."""
    matrix = incidence(lattice, np.arange(lattice.joint)).toarray()
    shown = np.flatnonzero(~hidden)
    left = dict(zip(shown.tolist(), margins(lattice, joint)[shown].tolist(), strict=True))
    above = [[c for c in left if matrix[c, j]] for j in range(lattice.joint)]
    last = {c: int(np.flatnonzero(matrix[c])[-1]) for c in left}
    found, table, steps = [], [0] * lattice.joint, iter(range(MANY))

    def fill(j):
        if next(steps, None) is None:
            raise TooManyError
        if j == lattice.joint:
            found.append(tuple(table))
            return
        if not above[j]:
            raise TooManyError  # no end of it
        most = min(left[c] for c in above[j])
        ends = {left[c] for c in above[j] if last[c] == j}
        for value in range(most + 1) if not ends else ends & {most} if len(ends) == 1 else ():
            table[j] = value
            for c in above[j]:
                left[c] -= value
            fill(j + 1)
            for c in above[j]:
                left[c] += value
        table[j] = 0

    fill(0)
    return np.array(found)


def ranges(lattice, layers, hidden):
    """Return what is common to all tables like these: smallest and largest, (figures, cells)."""
    low, high = [], []
    for joint in layers:
        try:
            cells = margins(lattice, tables_like(lattice, joint, hidden))
        except TooManyError:
            assume(False)
        low.append(cells.min(axis=0))
        high.append(cells.max(axis=0))
    # layers are independent of each other: their ends are reached together
    return figures_of(np.array(low)), figures_of(np.array(high))


def survey(shape, seed, layers=1):
    levels, order = shape
    rng = np.random.default_rng(seed)
    lattice = cross(levels, order=order)
    mean = rng.choice([0.5, 1.0, 2.0])
    return lattice, rng.poisson(mean * rng.gamma(1, 1, (layers, lattice.joint))), rng


def is_met(demand, cell, figures, low, high):
    up, down = demand.up[:, cell], demand.down[:, cell]
    value = figures[:, cell]
    wide = high[:, cell] - low[:, cell] >= demand.width[:, cell]
    return bool(
        (high[:, cell] >= value + up).all() and (low[:, cell] <= value - down).all() and wide.all()
    )


@settings(max_examples=40, deadline=None, suppress_health_check=LEFT_OUT)
@given(shape=LATTICES, seed=SEEDS, share=st.sampled_from([0.0, 0.3, 0.6]))
def test_what_an_attack_finds_is_what_all_tables_have_in_common(shape, seed, share):
    lattice, tables, rng = survey(shape, seed)
    rules = Rules(respondents=MinimumRespondents(least=int(rng.integers(2, 5)), width=1))
    demand = judge_counts(margins(lattice, tables), rules)
    hidden = (demand.reason > 0) | (rng.random(lattice.cells) < share)
    hidden[0] = demand.reason[0] > 0
    low, high = ranges(lattice, tables, hidden)
    found = attack(lattice, tables, hidden, demand=demand)
    assert (found.low <= low).all()
    assert (found.high >= high).all()
    assert (found.whole_low >= low).all()
    assert (found.whole_high <= high).all()
    figures = figures_of(margins(lattice, tables))
    for cell in np.flatnonzero(demand.reason):
        verdict = found.verdict[cell]
        assert verdict in (Verdict.RESPONDENTS, *LEAKS)
        assert (verdict in LEAKS) != is_met(demand, cell, figures, low, high)
        if verdict == Verdict.LEAK_JOINT:
            assert (found.low[0, cell], found.high[0, cell]) == (low[0, cell], high[0, cell])


@settings(max_examples=40, deadline=None, suppress_health_check=LEFT_OUT)
@given(shape=LATTICES, seed=SEEDS, layers=st.sampled_from([1, 2]))
def test_no_protected_cell_is_deduced_by_any_means(shape, seed, layers):
    lattice, tables, rng = survey(shape, seed, layers)
    rules = Rules(
        respondents=MinimumRespondents(least=int(rng.integers(2, 5))),
        answers=MinimumAnswers(least=1),
    )
    demand = judge_counts(margins(lattice, tables), rules)
    assume(not demand.reason[0])
    found = protect(lattice, tables, demand)
    assert found.is_safe
    low, high = ranges(lattice, tables, found.hidden)
    figures = figures_of(margins(lattice, tables))
    for cell in np.flatnonzero(demand.reason):
        assert is_met(demand, cell, figures, low, high)
    # nothing is hidden in vain: every hidden cell could be another
    assert (high > low).any(axis=0)[found.hidden].all()


@settings(max_examples=25, deadline=None, suppress_health_check=LEFT_OUT)
@given(shape=LATTICES, seed=SEEDS)
def test_the_attack_succeeds_without_complementary_cells(shape, seed):
    lattice, tables, _ = survey(shape, seed)
    demand = judge_counts(margins(lattice, tables), Rules(respondents=MinimumRespondents(least=3)))
    own = demand.reason > 0
    assume(own.any() and not own[0])
    low, high = ranges(lattice, tables, own)
    bare = attack(lattice, tables, own, demand=demand)
    figures = figures_of(margins(lattice, tables))
    open_cells = [
        cell for cell in np.flatnonzero(own) if not is_met(demand, cell, figures, low, high)
    ]
    assert np.isin(bare.verdict[open_cells], LEAKS).all()
    safe = protect(lattice, tables, demand)
    after = attack(lattice, tables, safe.hidden, demand=demand)
    assert (after.verdict[own] == Verdict.RESPONDENTS).all()


@settings(max_examples=25, deadline=None, suppress_health_check=LEFT_OUT)
@given(seed=SEEDS)
def test_known_numbers_of_respondents_tie_yes_to_no(seed):
    rng = np.random.default_rng(seed)
    lattice = cross((2, 2))
    tables = rng.poisson(1.5, (2, 4))
    hidden = rng.random(9) < 0.6
    known = rng.random(9) < 0.5
    hidden[0] = False
    demand = judge_counts(margins(lattice, tables), Rules(answers=MinimumAnswers(least=1)))
    hidden |= demand.reason > 0
    assume(not hidden[0])
    yes, no = (tables_like(lattice, joint, hidden) for joint in tables)
    pairs = np.array([[one, two] for one in yes for two in no])
    cells = margins(lattice, pairs)
    told = known & hidden
    agree = (cells.sum(axis=1)[:, told] == margins(lattice, tables).sum(axis=0)[told]).all(axis=1)
    low, high = (
        np.array([figures_of(each) for each in cells[agree]]).min(axis=0),
        np.array([figures_of(each) for each in cells[agree]]).max(axis=0),
    )
    found = attack(lattice, tables, hidden, demand=demand, known=known)
    assert (found.low <= low).all()
    assert (found.high >= high).all()
    figures = figures_of(margins(lattice, tables))
    for cell in np.flatnonzero(demand.reason):
        assert (found.verdict[cell] in LEAKS) != is_met(demand, cell, figures, low, high)


@settings(max_examples=25, deadline=None, suppress_health_check=LEFT_OUT)
@given(seed=SEEDS, base=st.sampled_from([2, 3, 5]))
def test_rounded_counts_leave_what_all_tables_that_round_alike_have_in_common(seed, base):
    rng = np.random.default_rng(seed)
    lattice = cross((2, 2))
    table = rng.integers(0, 5, (1, 4))
    hidden = rng.random(9) < 0.4
    demand = judge_counts(margins(lattice, table), Rules(respondents=MinimumRespondents(least=3)))
    hidden |= demand.reason > 0
    hidden[0] = False
    assume(not demand.reason[0])
    grid = np.stack(np.meshgrid(*[np.arange(13)] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    cells = margins(lattice, grid)
    known = learn(margins(lattice, table), hidden, np.zeros(9, bool), base=base, most=1.0)
    agree = cells[((cells >= known.low[0]) & (cells <= known.high[0])).all(axis=1)]
    assume(agree[:, 5:].max() < 12)
    low, high = agree.min(axis=0)[None], agree.max(axis=0)[None]
    found = attack(lattice, table, hidden, demand=demand, base=base)
    assert (found.low <= low).all()
    assert (found.high >= high).all()
    for cell in np.flatnonzero(demand.reason):
        met = is_met(demand, cell, margins(lattice, table), low, high)
        assert (found.verdict[cell] in LEAKS) != met


@pytest.mark.parametrize("seed", range(5))
def test_errors_of_published_cells_do_not_give_hidden_ones_away(seed):
    # where all characteristics are strata, variances of totals add up over every line
    rng = np.random.default_rng(seed)
    lattice = cross((4, 3, 2))
    tables = rng.poisson(rng.gamma(1.0, 6.0, (1, lattice.joint)))
    demand = judge_counts(margins(lattice, tables), Rules(respondents=MinimumRespondents(least=4)))
    found = protect(lattice, tables, demand)
    variance = margins(lattice, tables[0] * rng.uniform(0.5, 2, lattice.joint))

    def deduced(shown):
        endless = 100 * variance.max()
        known = Knowledge(
            low=np.where(shown, variance, 0.0)[None],
            high=np.where(shown, variance, endless)[None],
            endless=endless,
        )
        after = tighten(lattice, known)
        width = (after.high - after.low)[0]
        return width[demand.reason > 0] < 0.1 * variance[demand.reason > 0] + 1e-9

    assert deduced(demand.reason == 0).any()
    assert not deduced(~withheld_details(found.hidden, lattice)).any()
