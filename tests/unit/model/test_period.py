import pytest

from everycount.model.period import is_period, read_period


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2019", "2019"),
        ("2019-12", "2019-12"),
        ("9999", "9999"),
        ("2020-02-29", "2020-02-29"),
        ("2019-W53", "2019-W53"),
        ("2019-D366", "2019-D366"),
        ("2003-01-01/P3Y", "2003/2005"),
        ("2003/P3Y", "2003/2005"),
        ("2019/2019", "2019"),
        ("2019-01/2019-12", "2019"),
        ("2019-05-01/P4M", "2019-05/2019-08"),
        ("2019-07/2020", "2019-07/2020-12"),
        ("2019-07-01/P1Y", "2019-07/2020-06"),
        ("2020-02-01/2020-02-29", "2020-02"),
        ("2019-01-31/P1M", "2019-01-31/2019-02-27"),
        ("2019-12-30/P3D", "2019-12-30/2020-01-01"),
        ("2019-05-01/P1D", "2019-05-01"),
    ],
)
def test_equal_periods_have_one_form(text, kept):
    assert read_period(text) == kept
    assert read_period(kept) == kept
    assert is_period(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0000", "there is no year 0000"),
        ("0000-Q1", "there is no year 0000"),
        ("2019-13", "there is no month 2019-13"),
        ("2019-02-31", "there is no day 2019-02-31"),
        ("2019-D999", "2019 has no D999"),
        ("2019-D000", "2019 has no D000"),
        ("2019-W54", "2019 has no W54"),
        ("2019-M00", "2019 has no M00"),
        ("2020/2019", "end is not before its start"),
        ("2019/P0Y", "end is not before its start"),
        ("2019-02-30/P1D", "there is no day 2019-02-30"),
        ("2019/P9999Y", "a period of four-digit years"),
        ("2019/P99999999999D", "a period of four-digit years"),
        ("2019/0000", "there is no year 0000"),
        ("May 2019", "a period such as 2019"),
        ("2019-Q5", "a period such as 2019"),
    ],
)
def test_impossible_periods_are_refused(text, expected):
    with pytest.raises(ValueError, match=expected):
        read_period(text)
    assert not is_period(text)
