"""Figures with bounds and words in them."""

import polars as pl

from everycount.io.importers.figure_text import keep_bounds_in_words, split_intervals


def test_split_intervals_reads_the_ways_bounds_are_written():
    texts = ["12.3 [10.0-14.0]", "5 (3–8)", "<0.1 [0.0 to 0.2]", "-1 [-2--0.5]", "Yes", None]
    assert split_intervals(pl.Series(texts)).rows() == [
        ("12.3", "10.0", "14.0"),
        ("5", "3", "8"),
        ("<0.1", "0.0", "0.2"),
        ("-1", "-2", "-0.5"),
        ("Yes", None, None),
        (None, None, None),
    ]


def test_bounds_in_words_join_the_comment():
    table = pl.DataFrame(
        {
            "LOWER_BOUND": ["<1", "1e-3", "nan", None],
            "UPPER_BOUND": [">9", "2", "", None],
            "COMMENT_OBS": ["Said", "Said", None, None],
        }
    )
    assert keep_bounds_in_words(table).rows() == [
        (None, None, "Said; Lower bound: <1; Upper bound: >9"),
        ("1e-3", "2", "Said"),
        (None, None, None),
        (None, None, None),
    ]


def test_a_table_without_bounds_stays_as_it_is():
    table = pl.DataFrame({"a": ["1"]})
    assert keep_bounds_in_words(table).equals(table)
