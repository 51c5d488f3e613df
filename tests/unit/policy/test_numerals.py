import pytest

from everycount.policy.numerals import arabic, is_roman, lettered, number_of, roman


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", (12, "")),
        ("12bis", (12, "BIS")),
        ("1.3", (3, "")),
        ("iv", (4, "")),
        ("Second", (2, "")),
        ("cinquième", (5, "")),
        ("B", (2, "")),
        ("iiii", (9, "")),
    ],
)
def test_number_of_what_laws_write(text, number):
    assert number_of(text) == number


def test_roman_and_arabic_agree_up_to_399():
    assert [arabic(roman(number)) for number in range(1, 400)] == list(range(1, 400))
    assert all(is_roman(roman(number)) for number in range(1, 400))


def test_lettered_goes_on_beyond_z():
    assert [lettered(number) for number in (1, 26, 27, 53)] == ["a", "z", "aa", "aaa"]
