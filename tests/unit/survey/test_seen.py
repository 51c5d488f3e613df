from itertools import pairwise

import numpy as np

from everycount.survey.seen import Seen


def hashes(*numbers):
    return np.array(numbers, dtype=np.uint64)


def test_what_comes_again_is_not_new():
    seen = Seen()
    assert seen.new(hashes(5, 3, 5)).tolist() == [True, True, False]
    assert seen.new(hashes(3, 4)).tolist() == [False, True]
    assert seen.new(hashes(9, 4, 5)).tolist() == [True, False, False]
    assert seen.new(hashes(3)).tolist() == [False]
    assert seen.new(hashes()).tolist() == []


def test_many_batches_agree_with_a_set():
    rng = np.random.default_rng(1)
    seen, known = Seen(), set()
    for _ in range(60):
        marks = rng.integers(0, 300, rng.integers(0, 20)).astype(np.uint64)
        expected = [mark not in known and not known.add(mark) for mark in marks.tolist()]
        assert seen.new(marks).tolist() == expected
        lengths = [len(run) for run in seen.runs]
        assert all(a > b for a, b in pairwise(lengths))
    assert sum(map(len, seen.runs)) == len(known)
