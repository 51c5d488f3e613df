import io
import sys
from types import SimpleNamespace

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.documents import parse_document, read_document

LAW = """The Equality Act

1. The Minister shall report to Parliament on the rights of women.
2. It applies to all public bodies: (a) offices; (b) courts.
"""


def test_read_document_of_text(tmp_path):
    path = tmp_path / "act.txt"
    path.write_text(LAW)

    document = read_document(path)

    assert (document.name, document.language, document.title) == (
        "act.txt",
        "en",
        "The Equality Act",
    )
    assert len(document.digest) == 64
    assert [each.number for each in document.passages] == ["0.1", "1", "2", "2.a", "2.b"]
    assert document.recognised == ()
    assert document.source(document.passage("2.a")) == "(a) offices;"


def test_read_document_from_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(LAW.encode())))

    assert read_document("-").name == "standard input"


def test_read_document_that_is_not_there(tmp_path):
    with pytest.raises(NotFound, match="there is no file"):
        read_document(tmp_path / "law.pdf")


def test_parse_document_of_markdown_takes_its_first_heading_as_title():
    text = f"Preface\n\n# National plan\n\n{LAW}"

    assert parse_document(text.encode(), "plan.md").title == "National plan"


def test_parse_document_of_html_takes_its_title():
    html = f"<html><title>The plan</title><pre>{LAW}</pre></html>"

    assert parse_document(html.encode(), "plan.html").title == "The plan"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Government notice\n\nAct No. 5 of\n2024\n\n" + LAW, "Act No. 5 of 2024"),
        ("The rights of women\n\n" + LAW[18:], "The rights of women"),
        ("The rights of all\n" + "are the rights of women and of girls " * 9, "The rights of all"),
    ],
)
def test_parse_document_finds_a_title_in_the_text(text, title):
    assert parse_document(text.encode(), "law.txt").title == title


def test_parse_document_of_a_table_alone_has_no_title():
    rows = "| The target | is the share of women |\n|---|---|\n| Seats in the House | 30 % |"

    document = parse_document(rows.encode(), "plan.md", language="en")

    assert document.title == ""
    assert document.passages[0].text == (
        "The target: Seats in the House; is the share of women: 30 %"
    )


def test_parse_document_in_two_languages_reads_the_one_chosen():
    french = "Article 1. Le ministre présente un rapport sur les droits des femmes dans le pays.\n"
    text = f"{LAW}\n\n{french * 3}"

    with pytest.raises(InputError, match="found French and English, expected one of them chosen"):
        parse_document(text.encode(), "law.txt")
    document = parse_document(text.encode(), "law.txt", language="fr")
    assert document.language == "fr"
    assert all("Minister" not in each.text for each in document.passages)


@pytest.mark.parametrize("content", [b"<html><p> </p></html>", "\ufeff".encode()])
def test_parse_document_without_text(content):
    with pytest.raises(InputError, match="found no text in it, expected the text of a document"):
        parse_document(content, "law")


def test_parse_document_in_german():
    text = "Die Ministerin berichtet dem Parlament über die Rechte der Frauen und das wird geprüft."

    with pytest.raises(InputError, match=r"language: found German, expected English \(en\), "):
        parse_document(text.encode(), "gesetz.txt")
