"""What texts affirm, deny and leave out."""

import pytest

from everycount.policy.negation import contrary, sides_of

OPPOSITES = [
    ("en", "Women not in employment", "Women in employment"),
    ("en", "Firms without a female owner", "Firms with a female owner"),
    ("en", "Youth not in education, employment, or training", "Youth in training"),
    ("en", "Women neither literate nor employed", "Employed women"),
    ("en", "Illiterate women", "Literacy of women"),
    ("en", "Hours of unpaid work", "Hours of paid work"),
    ("en", "Informal employment", "Formal employment"),
    ("en", "Unemployed women", "Employed women"),
    ("en", "Women who aren't employed", "Employed women"),
    ("en", "Girls out of school", "Girls in school"),
    ("en", "Non-fatal injuries", "Fatal injuries"),
    ("en", "Violence by persons other than a partner", "Violence by a partner"),
    ("fr", "Femmes qui ne sont pas en emploi", "Femmes en emploi"),
    ("fr", "Femmes qui n’utilisent pas Internet", "Femmes qui utilisent Internet"),
    ("fr", "Femmes sans compte bancaire", "Femmes avec un compte bancaire"),
    ("fr", "Travail non rémunéré", "Travail rémunéré"),
    ("fr", "Chômage des femmes", "Emploi des femmes"),
    ("fr", "Femmes analphabètes", "Femmes alphabétisées"),
    ("es", "Trabajo no remunerado", "Trabajo remunerado"),
    ("es", "Mujeres sin cuenta bancaria", "Mujeres con cuenta bancaria"),
    ("es", "Tasa de desempleo", "Tasa de empleo"),
    ("vi", "Phụ nữ không có việc làm", "Phụ nữ có việc làm"),
    ("vi", "Phụ nữ mù chữ", "Phụ nữ biết chữ"),
    ("vi", "Lao động không được trả công", "Lao động được trả công"),
    ("vi", "Việc làm phi chính thức", "Việc làm chính thức"),
]


@pytest.mark.parametrize(("language", "denies", "affirms"), OPPOSITES)
def test_opposites_are_told_from_the_side_that_denies(language, denies, affirms):
    one, other = sides_of(denies, language), sides_of(affirms, language)
    assert contrary(one, other)
    assert not contrary(other, one)


@pytest.mark.parametrize(("language", "denies", "affirms"), OPPOSITES)
def test_a_text_is_not_contrary_to_itself(language, denies, affirms):
    for text in (denies, affirms):
        assert not contrary(sides_of(text, language), sides_of(text, language))


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "Whether or not quotas are in place", "Quotas in place"),
        ("en", "Equality and non-discrimination", "Discrimination felt"),
        ("en", "Employers shall not dismiss pregnant workers", "Pregnant workers dismissed"),
        ("en", "Formal and non-formal education", "Formal education"),
        ("en", "Women with and without disability", "Women with disability"),
        ("en", "Women who are not unemployed", "Employed women"),
        ("en", "Women without access to land, credit and seeds", "Women with access to water"),
        ("en", "Unemployment rate", "Number of women by employment status"),
        ("en", "Women not at work", "Water"),
        ("en", "Hours of unpaid work", "Persons who paid a bribe"),
        ("fr", "Il ne peut pas licencier les femmes enceintes", "Femmes enceintes à licencier"),
        ("fr", "Femmes ne travaillant que le jour", "Femmes travaillant le jour"),
        ("es", "No podrá despedir a mujeres embarazadas", "Mujeres embarazadas a despedir"),
        ("vi", "Không được sa thải lao động nữ", "Lao động nữ bị sa thải"),
        ("fr", "Femmes avec ou sans handicap", "Femmes avec handicap"),
        ("es", "Mujeres con y sin tierra", "Mujeres con tierra"),
        ("vi", "Phụ nữ có hoặc không có đất", "Phụ nữ có đất"),
        ("de", "Frauen ohne Konto", "Frauen mit Konto"),
    ],
)
def test_what_only_looks_like_a_denial_is_none(language, first, second):
    one, other = sides_of(first, language), sides_of(second, language)
    assert (contrary(one, other), contrary(other, one)) == ((), ())


def test_a_list_up_to_or_is_denied_part_by_part():
    found = sides_of("Youth not in education, paid work or training, living in towns")
    assert [each.words for each in found.denials] == [
        "not in education",
        "not paid work",
        "not training",
    ]
    assert {"live", "town"} <= found.affirmed


def test_a_comma_without_a_list_ends_the_denial():
    found = sides_of("Women without land, rural areas")
    assert [sorted(each.stems) for each in found.denials] == [["land"]]
    assert "rural" in found.affirmed


def test_words_of_the_text_are_kept():
    (found,) = sides_of("Femmes qui n’utilisent pas Internet", "fr").denials
    assert found.words == "n’utilisent pas Internet"


def test_what_is_left_out_is_told_from_what_is_denied():
    found = sides_of("Violence without witnesses, other than war")
    assert [(each.words, each.is_left_out) for each in found.denials] == [
        ("without witnesses", False),
        ("war", True),
    ]


def test_a_denial_of_nothing_is_dropped():
    assert sides_of("Women who are not").denials == ()
