import io
from types import SimpleNamespace

import pypdfium2 as pdfium
import pytest
import typst

from everycount.errors import Unavailable
from everycount.io import ocr_text
from everycount.io.documents import parse_document
from everycount.io.ocr_text import recognise

BODY = """#set page(width: 400pt, height: 300pt)
#set text(12pt)
Article 1: Aim of the law \\
This law protects the rights of women.

Article 2: Reach \\
It applies to all public bodies."""


class NotInstalled(Exception):
    pass


class FakePage:
    """A page that draws nothing; `size` in points."""

    def __init__(self, size):
        self.size = size
        self.scale = 0

    def get_size(self):
        return self.size

    def render(self, *, scale):
        self.scale = scale
        return SimpleNamespace(to_pil=lambda: "picture")


def fake(*, languages=("eng", "osd"), told=None, asked=None):
    """A module like pytesseract."""

    def image_to_data(picture, *, lang, config, output_type):
        asked.append((picture, lang, config, output_type))
        return told

    return SimpleNamespace(
        TesseractNotFoundError=NotInstalled,
        get_languages=lambda: list(languages),
        image_to_data=image_to_data,
    )


def told(*rows):
    names = ("level", "left", "top", "width", "height", "text")
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def scanned(body):
    """A PDF of pictures of pages."""
    document = pdfium.PdfDocument(typst.compile(body.encode()))
    pictures = [page.render(scale=200 / 72).to_pil() for page in document]
    held = io.BytesIO()
    pictures[0].save(held, "PDF", resolution=200, save_all=True, append_images=pictures[1:])
    return held.getvalue()


def test_recognise_gives_lines_their_places_in_points(monkeypatch):
    asked = []
    found = told(
        (4, 0, 0, 0, 0, ""),
        (5, 0, 0, 0, 0, " "),
        (4, 300, 600, 900, 50, ""),
        (5, 300, 600, 400, 50, "The"),
        (5, 750, 600, 450, 50, "law"),
        (4, 300, 700, 300, 50, ""),
        (5, 300, 700, 300, 50, "ends."),
    )
    monkeypatch.setattr(ocr_text, "_load", lambda: fake(told=found, asked=asked))

    text, page = recognise([FakePage((360, 720))], [1])[1]

    assert text == "The law\nends."
    assert [(line.text, line.start, line.end) for line in page.lines] == [
        ("The law", 0, 7),
        ("ends.", 8, 13),
    ]
    first = page.lines[0]
    assert (first.left, first.right) == (pytest.approx(72), pytest.approx(288))
    assert (first.top, first.bottom) == (pytest.approx(576), pytest.approx(564))
    assert asked == [("picture", "eng", "--dpi 300", "dict")]


def test_recognise_draws_a_large_page_coarser(monkeypatch):
    monkeypatch.setattr(ocr_text, "_load", lambda: fake(told=told(), asked=[]))
    page = FakePage((14_400, 14_400))

    assert recognise([page], [1])[1][0] == ""
    assert (page.scale * 14_400) ** 2 == pytest.approx(ocr_text.LARGEST)


def test_recognise_without_the_extra(monkeypatch):
    def refuse(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(ocr_text, "import_module", refuse)

    with pytest.raises(Unavailable, match=r"install everycount\[ocr\] and the program tesseract"):
        recognise([], [])


def test_recognise_without_the_program(monkeypatch):
    module = fake()

    def refuse():
        raise NotInstalled

    module.get_languages = refuse
    monkeypatch.setattr(ocr_text, "_load", lambda: module)

    with pytest.raises(Unavailable, match="needs the program tesseract: install it"):
        recognise([], [])


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("vi", r"no data for vie: install it \(Debian package tesseract-ocr-vie\)"),
        (None, "no data for eng or fra or spa or vie: install it"),
    ],
)
def test_recognise_without_the_data_of_a_language(monkeypatch, language, message):
    monkeypatch.setattr(ocr_text, "_load", lambda: fake(languages=["deu"]))

    with pytest.raises(Unavailable, match=message):
        recognise([], [], language=language)


@pytest.mark.ocr
def test_recognise_a_scanned_law_for_real():
    document = parse_document(scanned(BODY), "scan.pdf", language="en")

    assert [(each.number, each.heading, each.text) for each in document.passages] == [
        ("1", "Aim of the law", "This law protects the rights of women."),
        ("2", "Reach", "It applies to all public bodies."),
    ]
    assert document.recognised == (1,)
    assert document.source(document.passages[1]).startswith("Article 2")


@pytest.mark.ocr
def test_recognise_two_columns_for_real():
    body = (
        "#set page(width: 500pt, height: 300pt)\n#set text(11pt)\n#columns(2, gutter: 40pt)["
        + "Women have the right to vote and to be elected to all public bodies of the land. " * 5
        + "#colbreak()"
        + "Girls have the right to go to school and to learn what the boys of the land learn. " * 5
        + "]"
    )

    document = parse_document(scanned(body), "scan.pdf")

    words = " ".join(each.text for each in document.passages)
    assert words.index("public bodies") < words.index("Girls have the right to go to school")
    assert "Women Girls" not in words


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("language", "body", "words"),
    [
        ("fr", "L’égalité entre les femmes et les hommes est assurée par la loi.", "assurée par"),
        ("es", "La igualdad de las mujeres y los niños se garantiza en la ley.", "niños se"),
        ("vi", "Bình đẳng giới là việc nam và nữ có vị trí ngang nhau.", "Bình đẳng giới"),
    ],
)
def test_recognise_each_language_for_real(language, body, words):
    page = f"#set page(width: 500pt, height: 200pt)\n#set text(14pt)\n{body}"

    document = parse_document(scanned(page), "scan.pdf", language=language)

    assert words in document.passages[0].text
