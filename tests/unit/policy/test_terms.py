"""Terms of a list in a text, the longest first."""

from everycount.io.vocabularies import shipped_vocabulary
from everycount.model.vocabulary import TargetGroup
from everycount.policy.clauses import clause_of
from everycount.policy.groups import find_groups
from everycount.policy.lexicon import lexicon_of
from everycount.policy.terms import finder

ENTRIES = (
    TargetGroup(code="women", title={"en": "W"}, terms={"en": ("women", "woman"), "vi": ("nữ",)}),
    TargetGroup(code="minority", title={"en": "M"}, terms={"en": ("ethnic minorit*",)}),
    TargetGroup(code="both", title={"en": "B"}, terms={"en": ("ethnic  minority women",)}),
    TargetGroup(code="poor", title={"en": "P"}, terms={"en": ("poor women", "the poor")}),
    TargetGroup(code="rural", title={"en": "R"}, terms={"en": ("women in rural areas",)}),
    TargetGroup(code="short", title={"en": "S"}, terms={"en": ("un", "u*")}),
)


def codes(text, language="en"):
    return [hit.code for hit in finder(ENTRIES, language)(text)]


def test_terms_the_longest_wins_and_parts_of_it_are_left_out():
    assert codes("ethnic minority women") == ["both"]
    assert codes("Ethnic minorities and WOMEN") == ["minority", "women"]


def test_terms_that_overlap_are_both_found():
    assert codes("poor women in rural areas") == ["poor", "rural"]


def test_terms_match_whole_words_unless_they_end_with_a_star():
    assert codes("womenfolk, un, ungainly") == ["short", "short"]
    assert codes("women's; women’s") == ["women", "women"]


def test_terms_of_another_language_are_not_looked_for():
    assert codes("women", "fr") == []
    assert codes("phụ nữ", "vi") == ["women"]


def found(text, language="en"):
    lexicon = lexicon_of(shipped_vocabulary(), language)
    clause = clause_of(text, language)
    return [tag.code for tag in find_groups(clause, lexicon, has_figure=False)]


def test_shipped_groups_name_the_most_specific_one():
    assert found("ethnic minority women and girls") == ["women-ethnic-minority", "girls"]
    assert found("Enterprises with many female workers") == ["enterprises-female-workers"]
    assert found("les femmes rurales et les veuves", "fr") == ["women-rural", "widows"]
    assert found("mujeres migrantes y niñas", "es") == ["women-migrant", "girls"]
    assert found("phụ nữ dân tộc thiểu số, lao động nữ", "vi") == [
        "women-ethnic-minority",
        "women-workers",
    ]


def test_shipped_groups_are_not_found_in_names_of_bodies():
    assert (
        found("The National Commission on Women and the Child Marriage Prohibition Officer") == []
    )
    assert found("Le ministère de la Promotion de la femme", "fr") == []
    assert found("El Instituto Nacional de las Mujeres", "es") == []
    assert found("Hội Liên hiệp Phụ nữ Việt Nam", "vi") == []
