import io

import pypdf
import pypdfium2 as pdfium
import pytest
import typst

from everycount.errors import InputError
from everycount.io.documents import parse_document
from everycount.io.pdf_text import MOST, read_pdf
from everycount.policy.layout import read_columns


def pdf(body, *, page="width: 400pt, height: 300pt"):
    return typst.compile(f"#set page({page})\n{body}".encode())


def blank(count):
    document = pdfium.PdfDocument.new()
    for _ in range(count):
        document.new_page(100, 100)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def test_read_pdf_lines_are_pieces_of_the_text_of_their_page():
    texts, pages = read_pdf(pdf("One line\n\nAnother\n#pagebreak()\nThird"), "law.pdf")

    assert [[line.text for line in page.lines] for page in pages] == [
        ["One line", "Another"],
        ["Third"],
    ]
    for page in pages:
        for line in page.lines:
            assert texts[page.number - 1][line.start : line.end] == line.text
            assert 0 < line.left < line.right < page.width == 400
            assert 0 < line.bottom < line.top < page.height == 300


def test_read_pdf_parts_a_line_where_much_white_is():
    _, pages = read_pdf(pdf("left #h(120pt) right side"), "law.pdf")

    assert [line.text for line in pages[0].lines] == ["left", "right side"]


def test_read_pdf_places_hold_behind_characters_beyond_the_basic_plane():
    texts, pages = read_pdf(pdf("𝐀𝐁𝐂𝐃𝐄𝐅 #h(120pt) end"), "law.pdf")

    first, last = pages[0].lines
    assert (last.text, texts[0][last.start : last.end]) == ("end", "end")
    assert first.right < last.left


def test_read_pdf_of_two_columns_with_notes_and_numbers_of_lines():
    body = """
#place(dx: 300pt, dy: 0pt, text(8pt)[Short title])
#place(dx: 300pt, dy: 60pt, text(8pt)[Reach])
#for n in range(1, 4) { place(dx: 350pt, dy: n * 50pt, text(11pt)[#(n * 5)]) }
#block(width: 250pt)[1. This Act may be cited as the Act on the rights of women in the land.

#v(20pt)
2. It applies to the whole country and to all who live in it, women and men. #lorem(30)]
"""

    document = parse_document(pdf(body), "act.pdf", language="en")

    assert [(each.number, each.heading) for each in document.passages] == [
        ("1", "Short title"),
        ("2", "Reach"),
    ]
    assert document.passages[0].text.endswith("the rights of women in the land.")


def test_read_pdf_of_columns_in_the_order_of_reading():
    body = "#columns(2)[First #lorem(60) \n\n Middle #lorem(60) last.]"
    _, pages = read_pdf(pdf(body), "law.pdf")

    left, right = read_columns(pages)

    assert left.elements[0].text.startswith("First")
    assert right.elements[-1].text.endswith("last.")


def test_read_pdf_with_a_password():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank(1)))
    writer.encrypt("secret", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)

    message = "law.pdf has 1 problem:\n  file: found a PDF that asks for a password, expected one "
    with pytest.raises(InputError, match=message):
        read_pdf(held.getvalue(), "law.pdf")


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00junk" * 500])
def test_read_pdf_that_is_damaged(content):
    with pytest.raises(InputError, match="file: found a damaged PDF, or none, expected a PDF that"):
        read_pdf(content, "law.pdf")


def test_read_pdf_with_a_damaged_page(monkeypatch):
    def fail(document, at):
        raise pdfium.PdfiumError("Failed to load page.")

    monkeypatch.setattr(pdfium.PdfDocument, "__getitem__", fail)

    with pytest.raises(InputError, match="page 1: found a damaged page, expected one that can be"):
        read_pdf(blank(1), "law.pdf")


def test_read_pdf_of_three_thousand_pages_is_refused():
    message = f"pages: found 3,000, expected at most {MOST:,}: split the document"
    with pytest.raises(InputError, match=message):
        read_pdf(blank(3000), "law.pdf")


def test_read_pdf_ruled_tables_become_rows():
    body = """#set text(10pt)
The strategy has these targets for the rights of women in the whole of the land.
#table(columns: (1fr, 1fr, 60pt), table.header(repeat: false)[Target][Baseline 2020][2025],
  table.cell(colspan: 3)[Objective 1: Voice],
  [Share of seats in parliament that are held by women],[12 %],[20 %],
  table.cell(rowspan: 2)[Judges],[5 %],[6 %],[7 %],[8 %],
  ..range(9).map(n => ([Line #n], [#n %], [#(n + 1) %])).flatten())
The text goes on after the table.
"""

    document = parse_document(pdf(body, page="width: 400pt, height: 260pt"), "plan.pdf")

    rows = [each for each in document.passages if each.kind == "row"]
    assert [each.text for each in rows][:4] == [
        "Objective 1: Voice",
        "Target: Share of seats in parliament that are held by women; Baseline 2020: 12 %; "
        "2025: 20 %",
        "Target: Judges; Baseline 2020: 5 %; 2025: 6 %",
        "Target: Judges; Baseline 2020: 7 %; 2025: 8 %",
    ]
    assert rows[1].heading == "Objective 1: Voice"
    # The table goes on over the page, where its header is not repeated.
    assert rows[-1].page == 2
    assert rows[-1].text == "Target: Line 8; Baseline 2020: 8 %; 2025: 9 %"
    assert document.source(rows[-1]) == "Line 8\n8 %\n9 %"
    assert document.passages[-1].text == "The text goes on after the table."
