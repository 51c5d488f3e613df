import unicodedata

import pytest

from everycount.policy.flow import flow_of
from everycount.policy.lines import Line, Table
from everycount.policy.passages import find_passages


def elements_of(text, *, levels=(), notes=()):
    """Lines of a text; an empty line parts paragraphs."""
    found, at, before = [], 0, "\n\n"
    for words in text.split("\n"):
        if words:
            found.append(
                Line(
                    text=words,
                    page=1,
                    start=at,
                    end=at + len(words),
                    before=before,
                    level=dict(levels).get(words, 0),
                    note=dict(notes).get(words, ""),
                )
            )
        before = "\n" if words else "\n\n"
        at += len(words) + 1
    return found


def passages(text, **given):
    return find_passages(flow_of(elements_of(text, **given), [text]))


def numbers(text, **given):
    return [each.number for each in passages(text, **given)]


def test_find_passages_of_a_law():
    text = (
        "The Parliament adopts:\n\nChapter I\nGENERAL\nPROVISIONS\n\nArticle 1: Aim of\nthis law\n"
        "It is to see: (a) wide; (b) far.\n\nArticle 2\nUse\nFor all.\n\nChapter II: Means\n\n"
        "Article 3\nThe State pays."
    )

    found = passages(text)

    assert [(p.number, p.kind, p.heading, p.text, p.parent) for p in found] == [
        ("0.1", "paragraph", "", "The Parliament adopts:", ""),
        ("chapter-1", "chapter", "GENERAL PROVISIONS", "", ""),
        ("1", "article", "Aim of this law", "It is to see:", "chapter-1"),
        ("1.a", "clause", "", "wide;", "1"),
        ("1.b", "clause", "", "far.", "1"),
        ("2", "article", "Use", "For all.", "chapter-1"),
        ("chapter-2", "chapter", "Means", "", ""),
        ("3", "article", "", "The State pays.", "chapter-2"),
    ]


def test_find_passages_points_within_clauses():
    found = passages("1. It is: (1) to see: (a) wide; (b) far; (2) to hear.\n2. Nothing else.")

    assert [(p.number, p.kind) for p in found] == [
        ("1", "article"),
        ("1.1", "clause"),
        ("1.1.a", "point"),
        ("1.1.b", "point"),
        ("1.2", "clause"),
        ("2", "article"),
    ]


def test_find_passages_headings_in_the_margin():
    text = "1. This Act may be cited\nas the Act.\n2. It applies."

    found = passages(text, notes=[("1. This Act may be cited", "Short title")])

    assert [(p.heading, p.text) for p in found] == [
        ("Short title", "This Act may be cited as the Act."),
        ("", "It applies."),
    ]


def test_find_passages_heading_of_several_lines_up_to_an_empty_one():
    found = passages(
        "Article 1: Duties of the\nOffice\n\nThe Office sees.\n\nArticle 2: Use\n\nAll."
    )

    assert [(p.heading, p.text) for p in found] == [
        ("Duties of the Office", "The Office sees."),
        ("Use", "All."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Article 1: To ratify the strategy with all of the following major contents:\nWork",
        f"Article 1: {'It is long. ' * 20}\nWork",
    ],
)
def test_find_passages_sentence_behind_the_number_is_no_heading(text):
    assert passages(text)[0].heading == ""


def test_find_passages_decree_of_one_article_with_a_strategy():
    text = (
        "Article 1.- To ratify it:\n1. Aims:\na/ General\nb/ Special\n- Objective 1: Work\n"
        "+ Target 1: 40 %\n+ Target 2: 50 %\n- Objective 2: School\nAll learn.\n+ Target 1: 95 %"
    )

    found = passages(text)

    assert [(p.number, p.kind) for p in found][4:] == [
        ("1.objective-1", "clause"),
        ("1.objective-1.target-1", "row"),
        ("1.objective-1.target-2", "row"),
        ("1.objective-2", "clause"),
        ("1.objective-2.target-1", "row"),
    ]
    assert (found[5].text, found[4].heading) == ("40 %", "Work")
    assert (found[7].heading, found[7].text) == ("School", "All learn.")


def test_find_passages_strategy_without_articles():
    text = "Objective 1: Work\nTarget 1.1: 40 %\nObjective 2: School\nTarget 2.1: 95 %"

    assert [(p.number, p.kind) for p in passages(text)] == [
        ("objective-1", "article"),
        ("objective-1.target-1.1", "row"),
        ("objective-2", "article"),
        ("objective-2.target-2.1", "row"),
    ]


def test_find_passages_outline_with_roman_sections():
    text = (
        "I. AIMS\n1. General\n2. Special:\na) Objective 1: Work\nCriteria: 60 %\n"
        "II. MEANS\n1. Money"
    )

    assert numbers(text) == [
        "I",
        "I.1",
        "I.2",
        "I.2.objective-1",
        "I.2.objective-1.target-1",
        "II",
        "II.1",
    ]


def test_find_passages_repeated_numbers_are_told_apart():
    words = " has text: (a) as it should; (b) and more.\n"
    heads = ["Article 1: Aim", "Article 2: Use", "Article 1: Form", "Article 2: Fees"]
    text = "".join(head + words for head in heads)

    assert numbers(text) == [
        *("1", "1.a", "1.b", "2", "2.a", "2.b"),
        *("1~2", "1~2.a", "1~2.b", "2~2", "2~2.a", "2~2.b"),
    ]
    assert [p.parent for p in passages(text)][7] == "1~2"


def test_find_passages_paragraphs_stand_under_their_heading():
    text = "Before\n\nVision\n\nAll are equal.\n- at work\n- at home"

    found = passages(text, levels=[("Vision", 1)])

    assert [(p.number, p.heading, p.text) for p in found] == [
        ("0.1", "", "Before"),
        ("0.2", "", "Vision"),
        ("0.3", "Vision", "All are equal."),
        ("0.4", "Vision", "- at work"),
        ("0.5", "Vision", "- at home"),
    ]


def test_find_passages_numbered_heading_that_the_file_calls_one():
    found = passages("1. Vision\nAll.\n\n2. Means\nMoney.", levels=[("1. Vision", 1)])

    assert [(p.heading, p.text) for p in found] == [("Vision", "All."), ("", "Means Money.")]


def test_find_passages_rows_follow_what_they_stand_in():
    text = "Article 1 (1) one; (2) two\n\nArticle 2\nend"
    lines = elements_of(text)
    cell = (Line(text="end", page=1, start=39, end=42),)
    table = Table(page=1, rows=((cell, cell),))

    found = find_passages(flow_of([table, lines[0], table, *lines[1:], table], [text]))

    assert [(p.number, p.parent) for p in found] == [
        ("table-1.row-1", ""),
        ("1", ""),
        ("1.1", "1"),
        ("1.2", "1"),
        ("1.2.table-2.row-1", "1.2"),
        ("2", ""),
        ("2.table-3.row-1", "2"),
    ]


def test_find_passages_of_nothing():
    assert passages("") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\nLuật này quy định:\na) một;\nb) hai.\n"
            "Điều 2. Đối tượng\n1. Cơ quan.\n2. Công dân.",
            ["chapter-1", "1", "1.a", "1.b", "2", "2.1", "2.2"],
        ),
        (
            "TITRE PREMIER\nDISPOSITIONS\nArticle premier : Objet\nLa loi vise : 1° un ; 2° deux.\n"
            "Article 2 : Champ\nElle s’applique.",
            ["part-1", "1", "1.1", "1.2", "2"],
        ),
        (
            "TÍTULO I\nPRINCIPIOS\nArtículo 1.- Objeto\nLa ley garantiza: a) uno; y b) dos.\n"
            "Artículo 2.- Ámbito\nRige en el país.",
            ["part-1", "1", "1.a", "1.b", "2"],
        ),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_find_passages_of_a_law_in_each_language(text, expected, form):
    assert numbers(unicodedata.normalize(form, text)) == expected


def test_find_passages_headings_in_vietnamese_are_composed():
    text = unicodedata.normalize("NFD", "Điều 1. Bình đẳng\nNam nữ.\nĐiều 2. Hiệu lực\nNgay.")

    assert [each.heading for each in passages(text)] == ["Bình đẳng", "Hiệu lực"]


CONTENTS = (
    "Contents\n\nChapter I: General\nArticle 1: Aim of this\nlaw\nArticle 2: Use\nChapter II: End\n"
    "Article 3: Costs\nArticle 4: Commencement"
)
BODY = (
    "The Parliament adopts:\n\nChapter I: General\n\nArticle 1: Aim of this law\n\nTo see all.\n\n"
    "Article 2: Use\n\nIt is for all.\n\nChapter II: End\n\nArticle 3: Costs\n\nNone.\n\n"
    "Article 4: Commencement\n\nToday."
)


@pytest.mark.parametrize("title", ["Contents", "TABLE DES MATIÈRES :", "Índice", "MỤC LỤC"])
def test_find_passages_table_of_contents_is_left_out(title):
    text = f"The Act\n\n{CONTENTS.replace('Contents', title)}\n\n{BODY}"

    found = passages(text)

    assert [(p.number, p.text) for p in found if p.kind == "paragraph"] == [
        ("0.1", "The Act"),
        ("0.2", "The Parliament adopts:"),
    ]
    assert [p.number for p in found[2:]] == ["chapter-1", "1", "2", "chapter-2", "3", "4"]


def test_find_passages_table_of_contents_without_its_title():
    text = f"The Act\n\n{CONTENTS.removeprefix('Contents')}\nBefore all\n\n{BODY}"

    assert [p.text for p in passages(text) if p.kind == "paragraph"] == [
        "The Act",
        "Before all",
        "The Parliament adopts:",
    ]


def test_find_passages_text_between_contents_stays():
    words = f"The notice says: {'it is long, ' * 20}and so on."
    text = CONTENTS.replace("\nChapter II", f"\n{words}\nChapter II")

    found = [p.text for p in passages(f"{text}\n\n{BODY}") if p.kind == "paragraph"]

    assert found == [words, "The Parliament adopts:"]


def test_find_passages_articles_without_headings_are_no_contents():
    text = "Article 1\nAll see.\nArticle 2\nAll hear.\nAnnex\nArticle 1\nNone.\nArticle 2\nEnd."

    assert [p.text for p in passages(text) if p.kind == "paragraph"] == [
        "Article 1 All see. Article 2 All hear. Annex"
    ]


def test_find_passages_rows_within_the_contents_stay():
    text = f"{CONTENTS}\n\n{BODY}"
    lines = elements_of(text)
    cell = (Line(text="Contents", page=1, start=0, end=8),)
    table = Table(page=1, rows=((cell, cell),))

    found = find_passages(flow_of([*lines[:3], table, *lines[3:]], [text]))

    assert [(p.number, p.parent) for p in found][:2] == [("0.1", ""), ("table-1.row-1", "")]


def test_find_passages_title_behind_contents_in_capitals_stays():
    text = f"{CONTENTS.upper()}\n\nLAW OF 2024 ON ALL\n\n{BODY}"

    assert [p.text for p in passages(text) if p.kind == "paragraph"] == [
        "LAW OF 2024 ON ALL",
        "The Parliament adopts:",
    ]
