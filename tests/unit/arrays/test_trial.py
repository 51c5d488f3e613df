"""What is shown of hidden cells, and what is not believed."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays.disclose import MinimumRespondents, Rules, judge_counts
from everycount.arrays.lattice import cross, margins
from everycount.arrays.shift import Target, Witness
from everycount.arrays.trial import (
    Trial,
    asked_figures,
    is_met,
    needs_of,
    open_trial,
    prove,
    publish,
    record,
    show,
)

TWO = cross((2, 2))


@pytest.fixture
def trial() -> Trial:
    table = np.array([[2, 20, 30, 40]])
    rules = Rules(respondents=MinimumRespondents(least=5, width=6))
    return open_trial(
        TWO,
        table,
        judge_counts(margins(TWO, table), rules),
        hidden=np.arange(9) > 4,
        known=None,
        cost=np.ones(9),
        base=1,
    )


def test_a_witness_is_taken_in_for_every_cell_it_moves(trial):
    aim = Target(cell=5, layer=-1, direction=1)
    proof = prove(trial.whole, aim, 2.5, buy="nothing")
    assert proof.witness.gain == 3  # whole respondents
    record(trial, proof.witness)
    for low, high in (trial.shown, trial.shown_whole):
        assert_array_equal(low[0, 5:], [2, 17, 27, 40])
        assert_array_equal(high[0, 5:], [5, 20, 30, 43])
    record(trial, prove(trial.fractions, aim, 4.5, buy="nothing").witness)
    assert (trial.shown[1][0, 5], trial.shown_whole[1][0, 5]) == (6.5, 5)


def test_a_false_witness_is_not_believed(trial):
    false = Witness(
        joint=np.array([0, 1]), layer=np.zeros(2, int), change=np.array([5, -5]), gain=5.0
    )
    record(trial, false)
    assert_array_equal(trial.shown[1], trial.figures)


def test_what_is_hidden_decides_what_is_believed(trial):
    aim = Target(cell=5, layer=-1, direction=1)
    witness = prove(trial.whole, aim, 3, buy="nothing").witness
    trial.hidden[8] = False
    publish(trial)
    record(trial, witness)
    assert_array_equal(trial.shown[1], trial.figures)


def test_demands_are_met_on_either_side(trial):
    assert needs_of(trial, 5, 0) == (3, 0, 6)
    assert (asked_figures(trial, 5), asked_figures(trial, 6)) == ([0], [])
    low, high = trial.figures.copy(), trial.figures.copy()
    for down, up, met in ((0, 6, True), (2, 4, True), (2, 3, False), (6, 2, False), (0, 3, False)):
        low[0, 5], high[0, 5] = 2 - down, 2 + up
        assert is_met(trial, 5, low, high) == met
    assert is_met(trial, 6, low, high)


def test_width_is_taken_downwards_first_and_bought_upwards(trial):
    aim = Target(cell=5, layer=-1, direction=1)
    proofs, reach = show(trial.whole, aim, (3, 0, 6), buy="nothing")
    assert reach == (4, 2)
    assert [proof.target.direction for proof in proofs] == [1, -1, 1]
    again, same = show(trial.whole, aim, (3, 0, 6), buy="nothing", so_far=reach)
    assert (again, same) == ([], reach)
    trial.hidden[6:] = False
    bought, reach = show(trial.whole, aim, (0, 0, 6), buy="around")
    assert reach == (6, 0)
    assert len(bought) == 1
    assert trial.hidden[5:].all()
