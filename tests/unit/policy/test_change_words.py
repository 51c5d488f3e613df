"""What of substance a change touches."""

import pytest

from everycount.policy.change_words import weights


@pytest.mark.parametrize(
    ("was", "now", "language", "expected"),
    [
        ("shall not", "shall", "en", ("negation",)),
        ("employer shall", "employer can’t", "en", ("negation", "duty")),
        ("must", "may", "en", ("duty",)),
        ("30%", "35%", "en", ("figure",)),
        ("by 2030", "by 2035", "en", ("figure",)),
        ("ten days", "ten weeks", "en", ("figure",)),
        ("thirty", "forty", "en", ("figure",)),
        ("at least", "at most", "en", ("figure",)),
        ("30 %", "30", "en", ("figure",)),
        ("the council", "the board", "en", ()),
        ("Act No. 5", "Act No. 6", "en", ("figure",)),
        ("ne peut pas", "peut", "fr", ("negation",)),
        ("doit", "peut", "fr", ("duty",)),
        ("trente jours", "quarante jours", "fr", ("figure",)),
        ("un conseil", "le conseil", "fr", ()),
        ("no podrá", "podrá", "es", ("negation",)),
        ("deberá", "podrá", "es", ("duty",)),
        ("tres meses", "tres años", "es", ("figure",)),
        ("không được", "được", "vi", ("negation",)),
        ("phải", "có thể", "vi", ("duty",)),
        ("6 tháng", "6 ngày", "vi", ("figure",)),
        ("một hội đồng", "hội đồng", "vi", ()),
        ("not", "", "km", ("negation",)),
    ],
)
def test_weights_of_a_change(was, now, language, expected):
    assert weights([(was, now)], language) == expected


def test_a_date_that_moved_is_no_change_of_figures():
    assert weights([("", "By 2030,"), ("by 2030", "")], "en") == ()
    assert weights([("30", "40"), ("40", "30")], "en") == ("figure",)


def test_a_negation_that_moved_denies_something_else():
    assert weights([("not", ""), ("", "not")], "en") == ("negation",)
