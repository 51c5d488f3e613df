import pytest

from everycount.policy.heads import find_named, in_sequence, without_contents


def codes(heads):
    return [(head.level, head.code) for head in heads]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Chapter One: General\nArticle 1: A\nArticle 2: B",
            [("chapter", "1"), ("article", "1"), ("article", "2")],
        ),
        (
            "CHAPITRE PREMIER\nArticle premier: A\nArticle 2: B",
            [("chapter", "1"), ("article", "1"), ("article", "2")],
        ),
        (
            "Título I\nArtículo 1.º A\nArtículo 2. B",
            [("part", "1"), ("article", "1"), ("article", "2")],
        ),
        (
            "Chương I\nMục 1\nĐiều 1. A\nĐiều 2. B",
            [("chapter", "1"), ("section", "1"), ("article", "1"), ("article", "2")],
        ),
        (
            "Part I\n1. One is said\n2. Two is said",
            [("part", "1"), ("article", "1"), ("article", "2")],
        ),
        ("s1 | 1 Title.\ntext\ns2 | 2 Other.\ntext", [("article", "1"), ("article", "2")]),
        ("Section 1. A\nSection 2. B", [("article", "1"), ("article", "2")]),
        ("Article 1.- The strategy", [("article", "1")]),
        ("1. One is said", [("article", "1")]),
        ("Section 1. A", [("section", "1")]),
        ("no heads", []),
    ],
)
def test_find_named_heads(text, expected):
    assert codes(find_named(text)) == expected


def test_find_named_label_is_as_written():
    head, _ = find_named("  Article  12A : Aims\nArticle 13")

    assert (head.label, head.code, head.suffix, head.rest) == ("Article 12A", "12A", "A", " : Aims")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Article 1\nArticle 2\nArticle 9 of the law says\nArticle 3", ["1", "2", "3"]),
        ("Article 1\nArticle 5\nArticle 42: Penalties", ["1", "5", "42"]),
        ("Article 1\nArticle 2\nArticle 2A\nArticle 2 of that\nArticle 3", ["1", "2", "2A", "3"]),
        ("Article 1\nArticle 2\nArticle 1\nArticle 2", ["1", "2", "1", "2"]),
        ("1. One\n2. Two\n40. Forty", ["1", "2"]),
    ],
)
def test_in_sequence_leaves_out_references(text, expected):
    assert [head.code for head in in_sequence(find_named(text))] == expected


def test_in_sequence_begins_sections_anew_in_each_chapter():
    text = "Chapter 1\nSection 1\nArticle 1\nSection 2\nArticle 2\nChapter 2\nSection 1\nArticle 3"

    assert len(in_sequence(find_named(text))) == 8


def test_in_sequence_needs_a_chapter_to_begin_with_the_first():
    assert codes(in_sequence(find_named("Chapter 7 says\nArticle 1\nArticle 2")))[0][0] == "article"


def test_without_contents_leaves_out_a_table_of_contents():
    text = "Chapter 1\nArticle 1: A\nArticle 2: B\nChapter 1\nArticle 1: A\nlong text\nArticle 2: B"

    found = without_contents(find_named(text))

    assert codes(found) == [("chapter", "1"), ("article", "1"), ("article", "2")]
    assert found[0].start == text.rindex("Chapter 1")


def test_without_contents_keeps_an_annex_that_begins_anew():
    words = "\n" + "Each of these has a text of its own, as an article has.\n"
    text = words.join(["Article 1: A", "Article 2: B", "Article 1: A", "Article 2: B"])

    assert len(without_contents(find_named(text))) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A heading that stands behind a later one.
        ("Article 2. B\nIt is.\nArticle 4. D\nIt is.\nArticle 3. C\nIt is.", ["2", "4", "3"]),
        ("Article 2\nB\nIt is.\nArticle 4\nD\nIt is.\nArticle 3\nC\nIt is.", ["2", "4", "3"]),
        ("Article 1. A\nIt is.\nArticle 4. D\nIt is\n\nArticle 3. C\nArticle 5. E", [*"1435"]),
        ("Article 1. A\nIt.\nArticle 4. D\nIt.\nChapter 1: Of C\nArticle 3. C", ["1", "4", "3"]),
        # Sentences that mention an article where a line breaks.
        ("Article 2. B\nIt is.\nArticle 4. D\nThey are bound by\nArticle 3.", ["2", "4"]),
        (
            "Article 2. B\nIt is.\nArticle 4. D\nThey obey the said\nArticle 3. And so on.",
            ["2", "4"],
        ),
        ("Article 2. B\nIt is.\nArticle 4. D\nIt is.\nArticle 3 (2) says it.", ["2", "4"]),
        ("Article 2. B\nIt is.\nArticle 4. D\nIt is.\nArticle 3. as said", ["2", "4"]),
        # A number that stood before: the words of another law, a heading over and over, a slip.
        ("Article 2. B\nIt is.\nArticle 3. C\nIs now:\n\nArticle 2. X\nIt is.", ["2", "3"]),
        ("Article 2. B\nIt is.\nArticle 3. C\nIt is.\nArticle 2. B\nIt is.", ["2", "3"]),
        ("Article 2. B\nIt is.\nArticle 3. C\nIt is.\nArticle 3. X\nIt is.", ["2", "3", "3"]),
        ("Article 1. A\nIt.\nArticle 3. C\nIt.\nArticle 2. B\nIt.\nArticle 3. C\nIt.", [*"132"]),
        ("2. Two\n4. Four\n3. Three", ["2", "4"]),
        # Two forms, neither of them usual.
        ("Article 2. B\nIt is.\nArticle 4: D\nIt is.\nArticle 3. C", ["2", "4"]),
    ],
)
def test_in_sequence_of_articles_out_of_order(text, expected):
    found = in_sequence(find_named(text))

    assert [head.code for head in found if head.level == "article"] == expected
