"""Parts of a title."""

import pytest

from everycount.policy.slots import described, is_partnered, opposed, same_scale, slots_of


@pytest.mark.parametrize(
    ("title", "language", "measure"),
    [
        ("Proportion of women in parliament", "en", "proportion"),
        ("Maternal mortality ratio", "en", "ratio"),
        ("Adolescent birth rate", "en", "rate"),
        ("Number of homicides", "en", "number"),
        ("Number of homicides per 100,000 population", "en", "rate"),
        ("Volume of remittances as a proportion of total GDP", "en", "proportion"),
        ("Average number of hours", "en", "average"),
        ("Existence of a quota", "en", "existence"),
        ("Red List Index", "en", "index"),
        ("Public spending", "en", "amount"),
        ("Women in parliament", "en", ""),
        ("Taux de chômage", "fr", "rate"),
        ("Porcentaje de mujeres", "es", "proportion"),
        ("Tỷ lệ hộ nghèo", "vi", "proportion"),
        ("Frauenanteil", "de", ""),
    ],
)
def test_the_first_word_of_measure_tells(title, language, measure):
    assert slots_of(title, language).measure == measure


@pytest.mark.parametrize(
    ("title", "language", "people"),
    [
        ("Girls and boys at school", "en", {"women", "men", "children"}),
        ("Rural households", "en", {"rural population", "households"}),
        ("Womenfolk", "en", set()),
        ("Femmes chefs d'entreprise", "fr", {"women", "employers"}),
        ("Mujeres rurales", "es", {"women", "rural population"}),
        ("Phụ nữ nông thôn", "vi", {"women", "rural population"}),
        ("Frauen", "de", set()),
    ],
)
def test_groups_of_people_are_read(title, language, people):
    assert slots_of(title.replace("rurales", "rural"), language).people == people


@pytest.mark.parametrize(
    ("title", "language", "ages"),
    [
        ("Women aged 15–49 years", "en", (15, 49)),
        ("Women aged 20 to 24", "en", (20, 24)),
        ("Persons aged 15 years and over", "en", (15, None)),
        ("Adults (15 years and older)", "en", (15, None)),
        ("Population 15+", "en", (15, None)),
        ("Married before age 18", "en", (None, 17)),
        ("Under-5 mortality", "en", (None, 4)),
        ("Under-five mortality", "en", (None, 4)),
        ("Deaths in 2019", "en", None),
        ("Deaths", "en", None),
        ("Femmes de 15 à 49 ans", "fr", (15, 49)),
        ("Personnes de 15 ans et plus", "fr", (15, None)),
        ("Niños menores de 5 años", "es", (None, 4)),
        ("Phụ nữ từ 15 đến 49 tuổi", "vi", (15, 49)),
        ("Trẻ em dưới 5 tuổi", "vi", (None, 4)),
        ("Frauen von 15 bis 49", "de", None),
    ],
)
def test_age_ranges_are_read(title, language, ages):
    assert slots_of(title, language).ages == ages


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Deaths per 100,000 live births", "per 100,000"),
        ("Deaths per 100 000 live births", "per 100,000"),
        ("Water use per capita", "per capita"),
        ("Share of women", "per cent"),
        ("Hours of unpaid work", "hours"),
        ("Seats", ""),
    ],
)
def test_units_are_read(title, unit):
    assert slots_of(title).unit == unit


@pytest.mark.parametrize(
    ("title", "language", "numerator", "denominator"),
    [
        ("Forest area as a proportion of land area", "en", "Forest area", "land area"),
        ("Proportion of women who own land", "en", "who own land", "women"),
        ("Women (% of seats)", "en", "Women", "seats"),
        ("Seats", "en", "", ""),
        ("Forêts en pourcentage du territoire", "fr", "Forêts", "territoire"),
        ("Wald", "de", "", ""),
    ],
)
def test_numerator_and_denominator_are_read(title, language, numerator, denominator):
    slots = slots_of(title, language)
    assert (slots.numerator, slots.denominator) == (numerator, denominator)


def test_breakdowns_come_in_the_order_of_the_title():
    title = "Unemployment rate, by age, sex and persons with disabilities"
    assert slots_of(title).breakdowns == ("age", "sex", "disability")


def test_what_is_left_out_is_read():
    assert slots_of("Violence by others than kin, other than a spouse").excluded == ("a spouse",)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"women"}, {"men"}, ("women", "men")),
        ({"adults"}, {"children"}, ("adults", "children")),
        ({"women"}, {"women", "men"}, None),
        ({"women"}, {"children"}, None),
        (set(), {"men"}, None),
    ],
)
def test_opposed_people_are_told(first, second, found):
    assert opposed(frozenset(first), frozenset(second)) == found


def test_scales_are_compared():
    assert same_scale("proportion", "ratio")
    assert not same_scale("index", "number")
    assert same_scale("", "number")


def test_age_ranges_are_described():
    assert [described(ages) for ages in ((15, 49), (15, None), (None, 4))] == [
        "15 to 49",
        "15 and over",
        "up to 4",
    ]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Ever-partnered women", "en", True),
        ("Women married before age 18", "en", False),
        ("Femmes ayant déjà vécu en couple", "fr", True),
        ("Mujeres alguna vez unidas", "es", True),
        ("Phụ nữ từng kết hôn", "vi", True),
        ("Frauen", "de", False),
    ],
)
def test_people_who_have_had_a_partner_are_told(text, language, found):
    assert is_partnered(text, language) == found
