"""Words of findings."""

from everycount.audit.words import listed, percent


def test_of_a_long_list_the_beginning_is_named():
    assert listed([]) == ""
    assert listed([str(k) for k in range(8)]) == "0, 1, 2, 3, 4, 5, 6 and 7"
    assert listed([str(k) for k in range(11)]) == "0, 1, 2, 3, 4, 5, 6, 7 and 3 more"


def test_shares_keep_a_decimal_where_a_whole_number_would_mislead():
    assert [percent(each) for each in (0, 0.004, 0.5, 0.9996, 1)] == [
        "0 %", "0.4 %", "50 %", "99.9 %", "100 %"
    ]  # fmt: skip
