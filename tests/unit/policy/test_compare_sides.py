"""What two definitions deny or leave out, side by side."""

import pytest

from everycount.policy.compare_sides import opposites, restriction
from everycount.policy.negation import sides_of


def pair(first, second):
    return sides_of(first), sides_of(second)


def test_the_side_that_denies_is_named():
    found = opposites({"numerator": pair("in employment", "not in employment")})
    assert found == {"numerator": "the second says ‘not in employment’, the first the opposite"}


def test_what_is_left_out_is_named():
    found = opposites({"numerator": pair("Work other than farming", "Farming work")})
    assert found == {"numerator": "the first leaves out ‘farming’, which the second is about"}


def test_the_population_is_looked_at_only_where_no_other_part_is_opposite():
    words = pair("literate women", "illiterate women")
    assert list(opposites({"denominator": words, "population": words})) == ["denominator"]
    alike = pair("women", "women")
    assert list(opposites({"denominator": alike, "population": words})) == ["population"]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("Women without a bank account", "Women without an account", None),
        ("Work", "Work", None),
        ("Work other than farming", "Work", "narrower"),
        ("Work", "Work other than farming", "broader"),
        ("Women not in employment", "Women", "narrower"),
        ("Hours of unpaid work", "Poverty", "related"),
        ("Formal and non-formal education", "Formal education", "related"),
        ("Work other than farming", "Work other than fishing", "related"),
    ],
)
def test_what_one_side_denies_restricts_it(first, second, found):
    assert restriction(*pair(first, second)) == found
