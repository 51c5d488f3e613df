"""Numbers in the marks of five languages."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from everycount.language.language import LANGUAGES, language

SPACE, NARROW, OPEN, CLOSE = "\u00a0", "\u202f", "\u2066", "\u2069"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", "−1,234,567.9"),
        ("fr", f"−1{NARROW}234{NARROW}567,9"),
        ("es", "−1.234.567,9"),
        ("vi", "−1.234.567,9"),
        ("ar", f"{OPEN}−1,234,567.9{CLOSE}"),
    ],
)
def test_number_has_the_marks_of_the_language(code, expected):
    assert language(code).number(-1234567.891) == expected


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("value", [0.04, 7.0, 999.9, 1234.56, 98765.43, 1e9])
def test_number_is_as_babel_writes_it(code, value):
    peer = format_decimal(value, "#,##0.0", locale=code, numbering_system="latn")
    assert language(code).number(value) == peer


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (26.65, 1, "26.7"),  # 26.649999999999998579 in the computer
        (-26.65, 1, "−26.7"),
        (0.25, 1, "0.3"),
        (2.5, 0, "3"),
        (1.005, 2, "1.01"),
        (26.6499, 1, "26.6"),
        (5e-05, 4, "0.0001"),
        (2.5e-05, 5, "0.00003"),
        (1e22, 0, "10,000,000,000,000,000,000,000"),
        (999.96, 1, "1,000.0"),
        (7, 0, "7"),
        (1234, 1, "1,234.0"),
        (-1234, 0, "−1,234"),
        (2**63 + 1, 0, "9,223,372,036,854,775,809"),
        (np.float64(26.65), 1, "26.7"),
        (np.float32(0.5), 0, "1"),
        (np.int64(1234), 0, "1,234"),
    ],
)
def test_number_is_rounded_as_it_is_written(value, decimals, expected):
    assert language("en").number(value, decimals) == expected


@pytest.mark.parametrize("value", [-0.0, -0.04, -1e-300, 0, -0])
def test_what_rounds_to_zero_has_no_sign(value):
    assert {language(code).number(value) for code in LANGUAGES} == {"0.0", "0,0"}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_number_that_is_missing_is_refused(value):
    with pytest.raises(ValueError, match="a number to print must be finite"):
        language("en").number(value)


def test_percent_has_a_space_that_does_not_break():
    assert language("en").percent(26.7) == f"26.7{SPACE}%"
    assert language("vi").percent(100, 0) == f"100{SPACE}%"


def test_numbers_with_signs_in_arabic_stay_in_one_piece_and_in_their_place():
    """Isolated, the signs keep their sides and two numbers do not become one run of text."""
    arabic = language("ar")
    assert arabic.percent(26.7) == f"{OPEN}26.7{SPACE}%{CLOSE}"
    assert arabic.percent(-5) == f"{OPEN}−5.0{SPACE}%{CLOSE}"
    assert arabic.significant(-0.50) == f"{OPEN}−0.5{CLOSE}"
    assert arabic.significant(0.50) == "0.5"
    assert arabic.number(1234.5) == "1,234.5"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (0.0045678, "0.00457"),
        (72.0, "72"),
        (99.96, "100"),
        (9.999, "10"),
        (1234.5, "1,235"),
        (-3e-7, "−0.0000003"),
        (1e-12, "0"),
        (100, "100"),
    ],
)
def test_significant_keeps_whole_digits_and_drops_empty_ones(value, expected):
    assert language("en").significant(value) == expected


def test_significant_in_other_marks():
    assert language("fr").significant(1234.56, 6) == f"1{NARROW}234,56"


def read(text: str, code: str) -> Decimal:
    """Return the number that a reader of the language reads."""
    numerals = language(code).numerals
    plain = text.strip(OPEN + CLOSE).replace(numerals.group, "")
    return Decimal(plain.replace(numerals.decimal, ".").replace("−", "-"))


@given(
    value=st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
    decimals=st.integers(0, 5),
    code=st.sampled_from(sorted(LANGUAGES)),
)
def test_number_can_be_read_back(value, decimals, code):
    text = language(code).number(value, decimals)
    step = Decimal(1).scaleb(-decimals)
    assert read(text, code) == Decimal(repr(value)).quantize(step, ROUND_HALF_UP)
    assert "-" not in text
    assert not (read(text, code) == 0 and "−" in text)


@given(value=st.integers(), code=st.sampled_from(sorted(LANGUAGES)))
def test_count_can_be_read_back(value, code):
    text = language(code).number(value, 0)
    assert int(read(text, code)) == value
    groups = text.strip(OPEN + CLOSE + "−").split(language(code).numerals.group)
    assert 1 <= len(groups[0]) <= 3
    assert all(len(group) == 3 for group in groups[1:])


@given(value=st.floats(min_value=1e-4, max_value=1e12), digits=st.integers(1, 6))
def test_significant_is_near_and_short(value, digits):
    text = language("en").significant(value, digits)
    wrong = abs(float(text.replace(",", "")) - value)
    largest = 0.5 if value >= 10 ** (digits - 1) else 0.5 * 10 ** (1 - digits) * value
    assert wrong <= largest * (1 + 1e-9)
    assert not ("." in text and text.endswith("0"))
