import pypdfium2 as pdfium
import pytest
import typst

from everycount.io import pdf_rules
from everycount.io.pdf_rules import read_rules


def rules(body):
    content = typst.compile(f"#set page(width: 400pt, height: 300pt, margin: 0pt)\n{body}".encode())
    with pdfium.PdfDocument(content) as document:
        return read_rules(document[0])


def shape(found):
    return [(r.is_down, round(r.at), round(r.start), round(r.end)) for r in found]


def test_read_rules_of_strokes_and_boxes():
    body = (
        "#place(line(start: (10pt, 20pt), end: (110pt, 20pt)))"
        "#place(line(start: (200pt, 50pt), end: (300pt, 90pt)))"
        "#place(dx: 20pt, dy: 100pt, rect(width: 50pt, height: 40pt))"
    )

    assert shape(rules(body)) == [
        (False, 160, 20, 70),
        (False, 200, 20, 70),
        (False, 280, 10, 110),
        (True, 20, 160, 200),
        (True, 70, 160, 200),
    ]


def test_read_rules_drawn_piece_by_piece_are_one():
    body = "".join(
        f"#place(line(start: ({at}pt, 20pt), end: ({at + 50}pt, 20pt)))" for at in (0, 50, 100)
    )

    assert shape(rules(body)) == [(False, 280, 0, 150)]


def test_read_rules_of_a_page_of_words():
    assert rules("Words") == ()


@pytest.mark.parametrize("limit", ["MOST", "STROKES"])
def test_read_rules_of_a_map_are_none(monkeypatch, limit):
    monkeypatch.setattr(pdf_rules, limit, 3)
    body = "".join(
        f"#place(line(start: (0pt, {at}pt), end: (50pt, {at}pt)))" for at in range(20, 100, 10)
    )

    assert rules(body) == ()
