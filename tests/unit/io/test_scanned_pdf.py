import io

import pypdfium2 as pdfium
import pytest
import typst
from PIL import Image

from everycount.errors import InputError, Unavailable
from everycount.io import scanned_pdf
from everycount.io.scanned_pdf import read_any_pdf
from everycount.policy.lines import Line, Page

TEXT = typst.compile(b"#set page(width: 300pt, height: 200pt)\nThe law on equality is in force.")
EMPTY = typst.compile(b"#set page(width: 300pt, height: 200pt)\n#v(1pt)")


def picture():
    held = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(held, "PDF")
    return held.getvalue()


def joined(*parts):
    document = pdfium.PdfDocument.new()
    for part in parts:
        document.import_pages(pdfium.PdfDocument(part))
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


@pytest.fixture
def without_ocr(monkeypatch):
    def refuse(*given, **named):
        raise Unavailable("install everycount[ocr]")

    monkeypatch.setattr(scanned_pdf, "recognise", refuse)


@pytest.fixture
def with_ocr(monkeypatch):
    def recognise(document, numbers, *, language):
        line = Line(text=f"Seen in {language}", page=numbers[0], start=0, end=10)
        page = Page(number=numbers[0], width=300, height=200, lines=(line,))
        return {numbers[0]: (line.text, page)}

    monkeypatch.setattr(scanned_pdf, "recognise", recognise)


def test_read_any_pdf_with_text_recognises_nothing(without_ocr):
    texts, pages, recognised = read_any_pdf(TEXT, "law.pdf")

    assert ("equality" in texts[0], len(pages), recognised) == (True, 1, ())


def test_read_any_pdf_with_an_empty_page_recognises_nothing(without_ocr):
    texts, _, recognised = read_any_pdf(joined(TEXT, EMPTY), "law.pdf")

    assert (texts[1].strip(), recognised) == ("", ())


def test_read_any_pdf_recognises_pages_that_are_pictures(with_ocr):
    texts, pages, recognised = read_any_pdf(joined(TEXT, picture()), "law.pdf", language="fr")

    assert "equality" in texts[0]
    assert texts[1] == pages[1].lines[0].text == "Seen in fr"
    assert recognised == (2,)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((picture(),), "page 1: found a picture without text, as a scanned document has, expected"),
        ((picture(),) * 3, "pages 1-3: found pictures without text, as a scanned document has, "),
        (
            (TEXT, picture(), picture(), TEXT, picture()),
            "pages 2-3, 5: found pictures without text, expected text; install everycount",
        ),
        ((picture(), TEXT, TEXT), "page 1: found a picture without text, expected text; install"),
    ],
)
def test_read_any_pdf_names_pictures_that_it_cannot_recognise(without_ocr, parts, message):
    with pytest.raises(InputError, match=message):
        read_any_pdf(joined(*parts), "law.pdf")


def test_read_any_pdf_takes_covers_as_they_are(without_ocr):
    texts, _, recognised = read_any_pdf(joined(picture(), *[TEXT] * 4, picture()), "law.pdf")

    assert (texts[0].strip(), recognised) == ("", ())


def test_read_any_pdf_takes_a_logo_for_no_page(tmp_path, without_ocr):
    Image.new("RGB", (30, 20), "red").save(tmp_path / "logo.png")
    body = '#set page(width: 300pt, height: 200pt)\n#image("logo.png", width: 20pt)'
    (tmp_path / "logo.typ").write_text(body)

    assert read_any_pdf(typst.compile(tmp_path / "logo.typ"), "law.pdf")[2] == ()
