import io
import os
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET

import pypdf
import pytest
from PIL import Image

from everycount.charts.fonts import BoxesWarning
from everycount.charts.picture import CARDS, Caption, picture
from everycount.charts.ranking import ranking
from everycount.charts.render import svg
from everycount.charts.theme import MISSING, STEPS

CHART = ranking([("Đắk Lắk", 93.9), ("النساء", 70.0)], description="Đắk Lắk scores 93.9.")
ENGLISH = Caption(
    title="One province leads, 2020",
    subtitle="Score, 0 to 100",
    source="Own figures",
    licence="CC BY 4.0",
    notes=("Boundaries: none.",),
    legend=((STEPS[0], "under 10"), (MISSING, "no figure")),
)
ARABIC = Caption(title="تشغل النساء 26.7 % من المقاعد", source="أرقام خاصة", language="ar")


def size_of(png):
    return struct.unpack(">LL", png[16:24])


def text_of(pdf):
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", CARDS)
def test_card_has_the_size_that_was_asked_for(name):
    assert size_of(picture(CHART, ENGLISH, size=CARDS[name])) == CARDS[name]


def test_picture_of_the_charts_own_size_has_two_pixels_for_one():
    drawn = picture(CHART, ENGLISH)
    width = ET.fromstring(svg(CHART)).get("width")
    assert size_of(drawn)[0] == 2 * (int(width) + 48)


def test_pdf_is_one_tagged_page_with_all_words():
    pdf = picture(CHART, ENGLISH, format="pdf", size=CARDS["landscape"])
    opened = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(opened.pages) == 1
    assert b"pdfuaid" in opened.trailer["/Root"]["/Metadata"].get_data()
    assert opened.metadata.title == ENGLISH.title
    found = text_of(pdf)
    words = (ENGLISH.title, ENGLISH.subtitle, ENGLISH.source, ENGLISH.licence, "Boundaries: none.",
             "under 10", "no figure", "Đắk Lắk")  # fmt: skip
    assert [one for one in words if one not in found] == []


def test_svg_needs_no_font():
    root = ET.fromstring(picture(CHART, ENGLISH, format="svg"))
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert "text" not in tags
    assert "path" in tags


def test_arabic_is_set_in_its_own_face_from_right_to_left():
    pdf = picture(CHART, ARABIC, format="pdf")
    opened = pypdf.PdfReader(io.BytesIO(pdf))
    page = opened.pages[0]
    faces = {font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()}
    assert any("EverycountArabic-Bold" in face for face in faces)
    assert opened.trailer["/Root"]["/Lang"] == "ar"


def test_arabic_title_starts_at_the_right():
    pixels = Image.open(io.BytesIO(picture(CHART, ARABIC))).convert("L")
    title = pixels.crop((0, 40, pixels.width, 110)).point(lambda light: 255 if light < 100 else 0)
    left, _, right, _ = title.getbbox()
    assert pixels.width - right < 60 < left


def test_picture_has_the_same_bytes_in_another_process():
    program = (
        "import sys; from everycount.charts.picture import Caption, picture;"
        "from everycount.charts.ranking import ranking;"
        "chart = ranking([('Đắk Lắk', 93.9), ('النساء', 70.0)], description='D');"
        "caption = Caption(title='T', source='S');"
        "sys.stdout.buffer.write(picture(chart, caption) + picture(chart, caption, format='pdf'))"
    )
    environment = {**os.environ, "TZ": "Asia/Ho_Chi_Minh", "PYTHONHASHSEED": "7"}
    environment |= {"XDG_DATA_HOME": "/nowhere", "FONTCONFIG_FILE": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )
    caption = Caption(title="T", source="S")
    chart = ranking([("Đắk Lắk", 93.9), ("النساء", 70.0)], description="D")
    here = picture(chart, caption) + picture(chart, caption, format="pdf")
    assert done.stdout == here


def test_picture_with_letters_no_font_has_says_so_and_claims_nothing():
    caption = Caption(title="中国 leads", source="S")
    with pytest.warns(BoxesWarning, match="中国 leads: no font has 中 国, so they print as"):
        pdf = picture(CHART, caption, format="pdf")
    metadata = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data()
    assert b"pdfuaid" not in metadata


def test_long_words_are_set_smaller_before_the_chart_is_left_out():
    long = Caption(title="Women hold a quarter of all seats in parliaments " * 4, source="S" * 90)
    assert size_of(picture(CHART, long, size=CARDS["landscape"])) == CARDS["landscape"]


def test_words_that_leave_no_room_are_refused():
    endless = Caption(title="Women hold a quarter of all seats in parliaments " * 40, source="S")
    with pytest.raises(ValueError, match="1200 by 630: its words leave no room for the chart"):
        picture(CHART, endless, size=CARDS["landscape"])


def test_mistake_in_the_layout_is_not_taken_for_a_lack_of_room(monkeypatch):
    monkeypatch.setattr("everycount.charts.picture.MARGIN", "none")
    with pytest.raises((RuntimeError, TypeError)):
        picture(CHART, ENGLISH, size=CARDS["landscape"])


@pytest.mark.parametrize("words", [{"title": " ", "source": "S"}, {"title": "T", "source": ""}])
def test_caption_without_title_or_source_is_refused(words):
    with pytest.raises(ValueError, match="a picture needs a title and a source"):
        Caption(**words)
