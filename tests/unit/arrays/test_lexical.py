"""Comparison of texts given as term numbers."""

import numpy as np
import pytest

from everycount.arrays.lexical import (
    best_of_owner,
    dampen,
    ngrams,
    products,
    rarity,
    scale,
    stack,
    unit_rows,
)


def texts(*bags, width=4):
    return stack([(bag, [1.0] * len(bag)) for bag in bags], width)


def test_stack_of_no_texts_has_no_rows():
    assert stack([], 3).shape == (0, 3)


def test_rarity_of_no_texts_counts_every_term_as_in_one():
    assert rarity(stack([], 2)) == pytest.approx(np.log(2))


def test_a_term_in_every_text_weighs_least():
    weights = rarity(texts((0, 1), (0, 2), (0,)))
    assert weights[0] == weights.min() == pytest.approx(np.log(2))


def test_dampen_leaves_weights_below_one_alone():
    assert dampen(stack([((0,), (0.4,))], 1)).toarray() == pytest.approx(0.4)


def test_scale_changes_no_argument():
    table = texts((0, 1))
    scale(table, np.array([3.0, 3.0, 3.0, 3.0]))
    assert table.sum() == 2


def test_cosine_of_a_text_with_itself_is_one():
    rows = unit_rows(texts((0, 1, 2), (3,)))
    assert np.diag(products(rows, rows)) == pytest.approx(1)


def test_a_long_clause_keeps_more_of_its_title_than_its_length_would_leave():
    title, clause = texts((0,), width=100), texts(tuple(range(100)), width=100)
    plain = products(unit_rows(clause), unit_rows(title))
    kept = products(unit_rows(clause, longest=2.0), unit_rows(title))
    assert plain == pytest.approx(0.1)
    assert kept == pytest.approx(1 / np.sqrt(20))


def test_best_of_owner_without_texts_is_zero():
    assert best_of_owner(np.zeros((2, 0)), [], 3).tolist() == [[0.0] * 3] * 2


def test_best_of_owner_never_goes_below_zero():
    assert best_of_owner(np.array([[-0.5]]), [0], 1).tolist() == [[0.0]]


def test_ngrams_of_a_short_word_are_those_that_fit():
    assert ngrams("a", (3, 4)) == [" a "]
