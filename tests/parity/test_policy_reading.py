"""Whole acts as they were published, read in full: no article lost, no note in the text.

The texts are those of data/policies (fetched in November 2026; addresses in its README.md).
"""

import re
from collections import Counter

import pytest

from everycount.errors import InputError
from everycount.io.documents import read_document

pytestmark = pytest.mark.shared

SRI_LANKA = "lka_women_empowerment_act_2024"
GAZETTE = "rwa_gender_monitoring_office_law_51_2007_trilingual_gazette.pdf"
VIOLENCE = "rwa_gbv_law_59_2008.txt"
COUNCIL = "rwa_national_womens_council_law_02_2011.txt"
MARRIAGE = "ind_prohibition_child_marriage_act_2006.txt"
STRATEGY_2010 = "vnm_strategy_women_2002_2010_PARTIAL.txt"
STRATEGY_2030 = "vnm_nsge_2021_2030_PARTIAL.txt"


@pytest.fixture(scope="module")
def read(shared):
    """Read a policy by its name."""
    return lambda name, **given: read_document(shared / "data" / "policies" / name, **given)


def articles(document):
    return [each.number for each in document.passages if each.kind == "article"]


def counted(first, last):
    return [str(number) for number in range(first, last + 1)]


def codes(document, number):
    """Numbers of what an article holds, without its own."""
    return [each.number.removeprefix(f"{number}.") for each in document.within(number)]


def all_words(document, number):
    """Every word of an article and of what it holds."""
    parts = [document.passage(number), *document.within(number)]
    return Counter(re.findall(r"\w+", " ".join(f"{p.label} {p.text}" for p in parts).lower()))


@pytest.mark.parametrize(
    ("name", "language", "first", "last"),
    [
        (f"{SRI_LANKA}.pdf", None, 1, 46),
        (f"{SRI_LANKA}.txt", None, 1, 46),
        (GAZETTE, "en", 1, 36),
        (GAZETTE, "fr", 1, 36),
        (VIOLENCE, None, 1, 41),
        (COUNCIL, None, 1, 16),
        # The file leaves out section 1.
        (MARRIAGE, None, 2, 21),
    ],
)
def test_every_article_is_found_in_order(read, name, language, first, last):
    document = read(name, language=language)

    assert articles(document) == counted(first, last)
    assert document.language == (language or "en")


@pytest.mark.parametrize(
    ("name", "language", "headings"),
    [
        (
            f"{SRI_LANKA}.pdf",
            None,
            {
                "1": "Short title",
                "2": "Objects of the Act",
                "3": "Protection and advancement of women’s rights",
                "4": "Establishment of the National Commission on Women",
                "17": "Procedure upon reference in terms of Article 126",
            },
        ),
        (
            GAZETTE,
            "en",
            {
                "2": "Definitions of terms",
                "5": "General responsibilities of the Office",
                "36": "Commencement",
            },
        ),
        (
            GAZETTE,
            "fr",
            {
                "5": "Missions générales de l’Observatoire",
                "chapter-2": "DES MISSIONS ET DE LA COMPETENCE DE L’OBSERVATOIRE",
                "chapter-2.section-1": "Des Missions",
            },
        ),
        (
            VIOLENCE,
            None,
            {
                "1": "Purpose of the Law",
                "5": "Conjugal rape",
                "8": "Maternity leave",
                "chapter-2": "Prevention and protection against gender-based violence",
            },
        ),
        (COUNCIL, None, {"5": "Responsibilities of the National Women’s Council"}),
        (MARRIAGE, None, {"2": "Definitions", "9": "Punishment for male adult marrying a child"}),
    ],
)
def test_headings_are_those_of_the_act(read, name, language, headings):
    document = read(name, language=language)

    assert {number: document.passage(number).heading for number in headings} == headings


@pytest.mark.parametrize(
    ("name", "language", "number", "expected"),
    [
        (f"{SRI_LANKA}.pdf", None, "2", [*"abcdefghij"]),
        (f"{SRI_LANKA}.pdf", None, "6", [*"abcdefghijklmno", "o.i", "o.ii", *"pqrstuvw"]),
        (f"{SRI_LANKA}.pdf", None, "17", ["1", "2", "3"]),
        (f"{SRI_LANKA}.pdf", None, "24", ["1", "2", "3", "4", "4.a", "4.b", "4.c"]),
        (VIOLENCE, None, "2", counted(1, 12)),
        (COUNCIL, None, "5", counted(1, 6)),
        (MARRIAGE, None, "2", [*"abcdef"]),
        (MARRIAGE, None, "3", ["1", "2", "3", "4"]),
        (GAZETTE, "en", "5", ["1", "2", "3"]),
        (GAZETTE, "fr", "5", ["1", "2", "3"]),
    ],
)
def test_clauses_are_numbered_as_in_the_act(read, name, language, number, expected):
    found = codes(read(name, language=language), number)

    assert found[: len(expected)] == expected


def test_both_languages_of_a_gazette_number_the_same_clauses(read):
    english, french = read(GAZETTE, language="en"), read(GAZETTE, language="fr")

    same = [
        number for number in articles(english) if codes(english, number) == codes(french, number)
    ]

    # Where they differ, one version numbers differently or the page is garbled.
    assert len(same) >= 33


def test_a_gazette_in_three_languages_asks_for_one(read):
    message = "found French, English and Kinyarwanda, expected one of them chosen with --language: "
    with pytest.raises(InputError, match=message):
        read(GAZETTE)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_contents_of_a_gazette_are_left_out(read, language):
    paragraphs = [each for each in read(GAZETTE, language=language).passages if not each.parent]
    texts = [each.text for each in paragraphs if each.kind == "paragraph"]

    assert any("KAGAME" in text for text in texts)
    assert not [text for text in texts if re.match(r"(?i)(?:article|chap|section|table) ", text)]


def test_margin_notes_and_numbers_of_lines_are_not_in_the_text(read):
    document = read(f"{SRI_LANKA}.pdf")
    headings = {each.heading for each in document.passages if each.kind == "article"} - {""}
    texts = [each.text for each in document.passages]

    assert len(headings) >= 44
    assert not [text for text in texts for note in headings if note in text and len(note) > 40]
    assert not [text for text in texts if re.search(r"\b(?:5|10|15|20|25|30)$", text)]
    assert not [text for text in texts if "Women Empowerment Act, No. 37 of 2024 " in text]


def test_pages_are_those_on_which_articles_begin(read):
    document = read(f"{SRI_LANKA}.pdf")

    for each in document.passages:
        if each.kind == "article":
            page = document.pages[each.page - 1]
            assert page[each.spans[0].start :].startswith(f"{each.number}.")
    assert [document.passage(number).page for number in ("3", "4", "17")] == [4, 4, 14]


def test_text_and_pdf_of_an_act_hold_the_same_articles(read):
    paged, plain = read(f"{SRI_LANKA}.pdf"), read(f"{SRI_LANKA}.txt")

    assert articles(paged) == articles(plain)
    missing, added, notes = Counter(), Counter(), Counter()
    for number in articles(paged):
        own, other = all_words(paged, number), all_words(plain, number)
        notes += Counter(re.findall(r"\w+", paged.passage(number).heading.lower()))
        missing += own - other
        added += other - own
    assert missing == Counter()
    # In the text, notes in the margin stand between the paragraphs, not always of their article.
    # What is left are running heads on two pages on which they do not stand at the edge.
    left = added - notes
    assert set(left) <= {"women", "empowerment", "act", "no", "37", "of", "2024", "19"}
    assert left.total() <= 11


def test_a_strategy_is_read_as_objectives_and_targets(read):
    document = read(STRATEGY_2010)

    rows = [each for each in document.passages if each.kind == "row"]
    assert [each.number for each in rows] == [
        *(f"1.objective-1.target-{number}" for number in range(1, 5)),
        "1.objective-2.target-1",
    ]
    assert "40% by 2005 and 50% by 2010" in rows[0].text
    assert document.passage("1.objective-2").heading.endswith("equality in education")


def test_a_strategy_with_an_outline_is_read_by_its_numbers(read):
    document = read(STRATEGY_2030)

    assert [each.number for each in document.passages if each.kind != "paragraph"] == [
        *("I", "I.1", "I.2", "I.2.objective-1", "I.2.objective-1.target-1", "I.2.objective-2")
    ]
    assert document.passage("I.2.objective-1.target-1").text.startswith("At least 60%")
