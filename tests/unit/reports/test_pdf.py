import io
import os
import subprocess
import sys

import pypdf
import pytest

from everycount.charts import ranking, render
from everycount.charts.fonts import BoxesWarning
from everycount.charts.paper import print_svg
from everycount.reports.pdf import pdf_bytes

HOSTILE = (
    "#eval(\"1\") $x$ *bold* _under_ `code` <label> @cite \\ // not a comment /* nor this */",
    "= no heading", "- no item", "+ no item", "/ term: no term", "1. no item", "#", "$", "[a]{b}",
    "https://example.org/a?b=c&d=e", "~ -- --- ... 'quoted' \"quoted\"",
    "#import \"@preview/x:1.0.0\"",
    "<script>alert(1)</script>", "{{ page }} {% raw %}",
)  # fmt: skip
LISTED = '#for text in json("data.json") { par(text) }'
STRIPS = (
    ranking.Strip(name="Đồng bằng", scores=(10.0, 93.9), mean=60.0),
    ranking.Strip(name="Âu", scores=(5.0,)),
)
CHART = render.svg(ranking.strips(STRIPS, description="Two regions."))
DRAWN = '#image("chart.svg", alt: "Two regions")'


def opened(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in opened(pdf).pages)


def roles(element, found):
    """Collect the roles of a structure tree."""
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            roles(child, found)
    elif isinstance(element, dict):
        found.append(element.get("/S"))
        if "/K" in element:
            roles(element["/K"], found)
    return found


def test_pdf_is_tagged_and_says_what_it_is():
    pdf = opened(pdf_bytes("= Kết quả\nMột.", None, title="Báo cáo *1*", lang="vi"))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Báo cáo *1*"
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    assert {"/H1", "/P"} <= set(roles(root["/StructTreeRoot"], []))


def test_pdf_tags_tables_and_pictures():
    template = f"{DRAWN}\n#table(columns: 2, table.header[a][b], [1], [2])"
    pdf = pdf_bytes(template, None, title="T", files={"chart.svg": print_svg(CHART)})
    found = roles(opened(pdf).trailer["/Root"]["/StructTreeRoot"], [])
    assert found.count("/TH") == 2
    assert {"/Table", "/THead", "/TD", "/Figure"} <= set(found)


def test_pdf_needs_alternative_text_for_a_picture():
    with pytest.raises(RuntimeError, match="missing alt text"):
        pdf_bytes('#image("c.svg")', None, title="T", files={"c.svg": print_svg(CHART)})


def test_pdf_prints_what_looks_like_markup_as_it_is():
    assert text_of(pdf_bytes(LISTED, HOSTILE, title="#eval(1)")).splitlines() == list(HOSTILE)


@pytest.mark.parametrize(
    "words",
    [
        "Thành phố Hồ Chí Minh, Đắk Lắk, Thừa Thiên Huế, Bà Rịa–Vũng Tàu, Ưu tiên, Ỹ ẵ ộ ợ ữ",
        "Côte d’Ivoire, São Tomé, Curaçao, œuvre, Ålesund, Türkiye, Łódź",
        "Ελλάδα, Россия, Україна",
        "≥ 5 %, −0.3, 5–95, ± 2, ● ▲ ■ ◆ ○ ✓",
    ],
)
def test_pdf_prints_letters_of_many_languages(words):
    pdf = pdf_bytes(LISTED, [words], title="T")
    assert text_of(pdf) == words
    assert b"pdfuaid" in opened(pdf).trailer["/Root"]["/Metadata"].get_data()


def test_pdf_with_letters_no_font_has_keeps_them_and_claims_nothing():
    with pytest.warns(BoxesWarning, match="the PDF '中国': no font has 中 国, so they print as"):
        pdf = pdf_bytes(LISTED, ["中国 and China"], title="中国")
    root = opened(pdf).trailer["/Root"]
    assert "China" in text_of(pdf)
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" not in root["/Metadata"].get_data()
    assert opened(pdf).metadata.title == "中国"


@pytest.mark.parametrize(
    "text", ["a\u0000b", "a\u0007b", "a\u202eb", "a\ufeffb", "a\U0001f600b", "\u0301"]
)
@pytest.mark.filterwarnings("ignore::everycount.charts.fonts.BoxesWarning")
def test_pdf_survives_odd_characters(text):
    assert pdf_bytes(LISTED, [text], title="T").startswith(b"%PDF-")


def test_pdf_has_the_same_bytes_in_another_process_and_place(tmp_path):
    program = (
        "import sys; from everycount.charts.paper import print_svg;"
        "from everycount.reports.pdf import pdf_bytes;"
        f"chart = print_svg({CHART!r});"
        f"pdf = pdf_bytes({DRAWN!r}, {{'b': 1, 'a': 2}}, title='T', files={{'chart.svg': chart}});"
        "sys.stdout.buffer.write(pdf)"
    )
    (tmp_path / "data.json").write_text("{}", encoding="utf-8")
    environment = {**os.environ, "TZ": "Asia/Ho_Chi_Minh", "PYTHONHASHSEED": "7"}
    environment |= {"SOURCE_DATE_EPOCH": "1000000000"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
    )
    files = {"chart.svg": print_svg(CHART)}
    first = pdf_bytes(DRAWN, {"a": 2, "b": 1}, title="T", files=files)
    assert first == pdf_bytes(DRAWN, {"a": 2, "b": 1}, title="T", files=files)
    assert done.stdout == first
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]


def test_pdf_of_a_faulty_template_is_our_mistake():
    with pytest.raises(
        RuntimeError, match=r"the template does not compile: .*unknown variable: foo"
    ):
        pdf_bytes("#foo", None, title="T")


def test_pdf_needs_a_title_and_finite_numbers():
    with pytest.raises(ValueError, match="a PDF needs a title"):
        pdf_bytes("x", None, title=" ")
    with pytest.raises(ValueError, match="not JSON compliant"):
        pdf_bytes("x", float("nan"), title="T")


def test_chart_prints_with_its_words():
    pdf = pdf_bytes(DRAWN, None, title="T", files={"chart.svg": print_svg(CHART)})
    assert "Đồng bằng" in text_of(pdf)


def test_arabic_has_a_face_of_its_own():
    pdf = opened(pdf_bytes(LISTED, ["النساء في فييت نام 26.7 %"], title="T", lang="ar"))
    faces = {
        font.get_object()["/BaseFont"] for font in pdf.pages[0]["/Resources"]["/Font"].values()
    }
    assert any("EverycountArabic" in face for face in faces)
    assert not any("DejaVu" in face for face in faces)


def test_library_starts_without_typst():
    program = "import sys, everycount, everycount.cli.main; print('typst' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert done.stdout == "False\n"
