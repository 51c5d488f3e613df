import pytest

from everycount.errors import InputError
from everycount.io.documents import parse_document
from everycount.io.html_text import read_html
from everycount.policy.lines import Line, Table

WORDS = "The law protects the rights of women and girls. "


def lines(html):
    texts, columns, _ = read_html(html.encode(), "law.html")
    found = [each for column in columns for each in column.elements if isinstance(each, Line)]
    assert all(texts[0][line.start : line.end] == line.text for line in found)
    return [(line.text, line.level, line.before) for line in found]


def table(html):
    _, columns, _ = read_html(html.encode(), "law.html")
    found = [each for column in columns for each in column.elements if isinstance(each, Table)]
    return [
        [[" ".join(line.text for line in cell) for cell in row] for row in each.rows]
        for each in found
    ]


def test_read_html_paragraphs_headings_and_breaks():
    html = (
        "<!DOCTYPE html><html><head><title>The  law</title><style>p{}</style></head><body>"
        "<nav>Home</nav><h2>Article&nbsp;1 <b>Aim</b></h2>after<p>It is<br>to <i>see</i>.</p>"
        "<!-- note --><script>x()</script>tail<div>end</div></body></html>"
    )

    assert lines(html) == [
        ("Article 1 Aim", 2, "\n\n"),
        ("after", 0, "\n\n"),
        ("It is", 0, "\n\n"),
        ("to see.", 0, "\n"),
        ("tail", 0, "\n\n"),
        ("end", 0, "\n\n"),
    ]
    assert read_html(html.encode(), "law.html")[2] == "The law"


def test_read_html_numbers_lists_as_browsers_do():
    html = (
        "<ol><li>one<li>two</ol><ol type=a start=3><li>c</ol><ol type=I start=x><li>i</ol>"
        "<ul><li>dot</ul>"
    )

    assert [text for text, *_ in lines(html)] == ["1. one", "2. two", "c) c", "i) i", "dot"]


def test_read_html_list_that_counts_from_a_huge_number_counts_from_one():
    html = f"<ol type=i start={'9' * 5_000}><li>one<li>two</ol>"

    assert [text for text, *_ in lines(html)] == ["i) one", "ii) two"]


def test_read_html_tables_of_data():
    html = (
        "<table><tr><th>Objective<th>Target<th>2025<tr><td rowspan=2>Voice<td>Seats<td>30 %"
        "<tr><td>Judges<td>40 %<tr><td colspan=2>All<td rowspan=2>9<tr><td colspan=x>a<td>b</table>"
    )

    assert table(html) == [
        [
            ["Objective", "Target", "2025"],
            ["Voice", "Seats", "30 %"],
            ["Voice", "Judges", "40 %"],
            ["All", "", "9"],
            ["a", "b", "9"],
        ]
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>one<td>two</table>",
        "<table><tr><td>one<tr><td>two</table>",
        "<table><tr><td>one<td><h2>two</h2><tr><td>three<td></table>",
        "<table><tr><td>one<td><table><tr><td>two</table><tr><td>three<td></table>",
    ],
)
def test_read_html_tables_that_only_lay_out_are_text(html):
    assert table(html) == []
    assert [text for text, *_ in lines(html)][:2] == ["one", "two"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<meta charset=windows-1258><p>Bình".encode("cp1258", "ignore"), "Bình"),
        ("<meta charset='iso-8859-1'><p>égalité".encode("latin-1"), "égalité"),
        ("<p>égalité".encode(), "égalité"),
        ("<p>égalité".encode("cp1252"), "égalité"),
        ("<meta charset=nonsense><p>égalité".encode(), "égalité"),
        ("<meta charset=utf-8><p>égalité".encode("cp1252"), "égalité"),
        ("\ufeff<meta charset=latin-1><p>égalité".encode(), "égalité"),
        ('<?xml version="1.0" encoding="utf-8"?><html><p>égalité</html>'.encode(), "égalité"),
    ],
)
def test_read_html_in_whatever_encoding(content, words):
    texts, *_ = read_html(content, "law.html")

    assert words[0] in texts[0]
    assert len(texts[0]) <= len(words)


@pytest.mark.parametrize(
    "content", [b"<html><body></body></html>", b"<script>only()</script>", b"<!-- -->"]
)
def test_read_html_without_words(content):
    with pytest.raises(InputError, match="found no text in it, expected the text of a document"):
        parse_document(content, "law.html")


def test_read_html_of_a_page_that_asks_to_sign_in():
    html = f"<html><p>Sign in</p><form><input type=Password></form><p>{WORDS}</p></html>"

    with pytest.raises(InputError, match="page: found one that asks to sign in, expected the doc"):
        read_html(html.encode(), "law.html")


def test_read_html_of_a_law_with_a_form_to_sign_in():
    html = f"<html><form><input type=password></form><p>{WORDS * 99}</p></html>"

    assert read_html(html.encode(), "law.html")[0][0].startswith("The law protects")


def test_read_html_with_a_bomb_of_entities_is_harmless():
    entities = "".join(
        f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' if at else '<!ENTITY e0 "haha">'
        for at in range(30)
    )
    html = f"<!DOCTYPE html [{entities}]><html><p>&e29;</p><p>{WORDS}</p></html>"

    texts, *_ = read_html(html.encode(), "law.html")

    assert WORDS.strip() in texts[0]
    assert len(texts[0]) < 5_000


def test_read_html_nested_very_deeply():
    html = "<div>" * 1_900 + WORDS + "</div>" * 1_900

    assert read_html(html.encode(), "law.html")[0] == (WORDS.strip(),)


def test_read_html_nested_too_deeply():
    html = "<div>" * 5_000 + WORDS

    with pytest.raises(InputError, match="page: found elements nested more than 2,048 deep"):
        read_html(html.encode(), "law.html")
