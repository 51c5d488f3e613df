import pytest

from everycount.errors import InputError
from everycount.policy.languages import choose_language, columns_of, language_of
from everycount.policy.lines import Column, Line, Table

ENGLISH = "The Minister shall report to Parliament on the state of the rights of women each year."
FRENCH = "Le ministre présente au Parlement un rapport sur les droits des femmes dans le pays."
SPANISH = "El Ministerio presenta al Congreso un informe de los derechos de las mujeres en el país."
VIETNAMESE = (
    "Bộ trưởng báo cáo với Quốc hội về tình hình bình đẳng giới của các cơ quan trong nước."
)
GERMAN = "Die Ministerin berichtet dem Parlament über die Rechte der Frauen und das wird geprüft."
KINYARWANDA = (
    "Minisitiri ageza ku Nteko raporo ku burenganzira bw'abagore mu gihugu cyangwa mu karere."
)


def line(text, *, before="\n\n", page=1):
    return Line(text=text, page=page, start=0, end=len(text), before=before)


def column(text, language, *, page=1, left=0.0):
    return Column(page=page, elements=(line(text),), language=language, left=left)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (FRENCH, "fr"),
        (SPANISH, "es"),
        (VIETNAMESE, "vi"),
        (GERMAN, "de"),
        (KINYARWANDA, "rw"),
        ("", ""),
        ("2021 35 %", ""),
    ],
)
def test_language_of_a_sentence_in_each_language(text, language):
    assert language_of(text) == language


def test_language_of_vietnamese_in_decomposed_letters():
    import unicodedata

    assert language_of(unicodedata.normalize("NFD", VIETNAMESE)) == "vi"


def test_columns_of_paragraphs_part_where_the_language_changes():
    lines = [line("Law"), line(ENGLISH), line("Art. 2"), line(FRENCH), line("Fin")]

    columns = columns_of(lines)

    assert [(each.language, len(each.elements)) for each in columns] == [("en", 3), ("fr", 2)]


def test_columns_of_a_paragraph_of_several_lines_stays_together():
    lines = [line(ENGLISH), line(FRENCH, before="\n")]

    assert len(columns_of(lines)) == 1


def test_columns_of_a_table_in_two_languages_are_one_after_another():
    row = ((line(ENGLISH), line("(a) one")), (line(FRENCH),))
    table = Table(page=1, rows=(row, ((line(ENGLISH),),)))

    english, french = columns_of([table])

    assert [each.text for each in english.elements] == [ENGLISH, "(a) one", ENGLISH]
    assert [each.before for each in english.elements] == ["\n\n", "\n", "\n\n"]
    assert (english.language, french.language) == ("en", "fr")


def test_columns_of_a_table_of_figures_keep_it():
    table = Table(page=1, rows=(((line("Target"),), ()), ((line("Seats"),), (line("30 %"),))))

    assert columns_of([line(ENGLISH), table])[0].elements[1] == table


def test_choose_language_takes_all_columns_of_a_document_in_one():
    columns = [column(ENGLISH, "en"), column("Annex", ""), column(ENGLISH * 9, "en")]

    assert choose_language(columns, None, "law.pdf") == (tuple(columns), "en")


def test_choose_language_keeps_a_quotation_in_another_language():
    columns = [column(ENGLISH * 20, "en"), column(FRENCH, "fr")]

    own, chosen = choose_language(columns, None, "law.pdf")

    assert (len(own), chosen) == (2, "en")


def test_choose_language_of_several_asks_for_one():
    columns = [column(FRENCH * 3, "fr"), column(ENGLISH * 2, "en"), column(KINYARWANDA, "rw")]

    with pytest.raises(InputError) as caught:
        choose_language(columns, None, "gazette.pdf")

    assert str(caught.value) == (
        "gazette.pdf has 1 problem:\n  language: found French, English and Kinyarwanda, expected "
        "one of them chosen with --language: en or fr"
    )


def test_choose_language_of_which_one_can_be_read_takes_that():
    columns = [column(ENGLISH, "en"), column(KINYARWANDA, "rw")]

    own, chosen = choose_language(columns, None, "law.pdf")

    assert (own, chosen) == ((columns[0],), "en")


def test_choose_language_gives_what_is_too_short_to_the_column_it_stands_under():
    columns = [
        column(ENGLISH, "en", left=50),
        column(FRENCH, "fr", left=300),
        column("7", "", page=2, left=52),
        column("8", "", page=2, left=298),
        column("9", "", page=9, left=300),
    ]

    own, _ = choose_language(columns, "fr", "law.pdf")

    assert [each.elements[0].text for each in own] == [FRENCH, "8", "9"]


@pytest.mark.parametrize(("text", "name"), [(GERMAN, "German"), (KINYARWANDA, "Kinyarwanda")])
def test_choose_language_that_cannot_be_read_is_an_error(text, name):
    with pytest.raises(InputError, match=f"language: found {name}, expected English \\(en\\), "):
        choose_language([column(text, language_of(text))], None, "law.txt")


def test_choose_language_of_a_text_in_none_known_is_an_error():
    with pytest.raises(InputError, match="language: found none that is known by its words"):
        choose_language([column("lorem ipsum dolor", "")], None, "law.txt")


def test_choose_language_of_a_text_too_short_to_tell_believes_the_user():
    columns = [column("Annex", "")]

    assert choose_language(columns, "es", "law.txt") == (tuple(columns), "es")


def test_choose_language_that_is_not_there_is_an_error():
    message = "found English, expected text in Spanish, as --language es asks"
    with pytest.raises(InputError, match=message):
        choose_language([column(ENGLISH, "en")], "es", "law.txt")


def test_choose_language_without_support_names_those_with():
    message = (
        "--language: found 'de', expected English \\(en\\), French \\(fr\\), Spanish \\(es\\) or "
        "Vietnamese \\(vi\\)"
    )
    with pytest.raises(InputError, match=message):
        choose_language([column(ENGLISH, "en")], "de", "law.txt")
