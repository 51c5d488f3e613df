import io
import re
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from everycount.errors import InputError
from everycount.io import word_text
from everycount.io.documents import parse_document
from everycount.io.word_text import read_word
from everycount.policy.lines import Line, Table

WORDS = "The law protects the rights of women and girls."


def saved(document):
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def read(document):
    texts, columns, _ = read_word(saved(document), "law.docx")
    return texts[0], [each for column in columns for each in column.elements]


def element(xml):
    name = re.match(r"<[\w:]+", xml)[0]
    return parse_xml(xml.replace(name, f"{name} {nsdecls('w')}", 1))


def rewritten(content, part, text):
    """The same archive with one part replaced."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return held.getvalue()


def test_read_word_paragraphs_headings_and_tables_in_order():
    document = docx.Document()
    document.add_heading("Strategy", 0)
    document.add_heading("Vision", 2)
    document.add_paragraph("One\nline\twide")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Target", "2025", "Seats", "30 %"], strict=True):
        cell.text = text
    document.add_paragraph("End")

    text, elements = read(document)

    lines = [each for each in elements if isinstance(each, Line)]
    assert [(line.text, line.level, line.before) for line in lines] == [
        ("Strategy", 1, "\n\n"),
        ("Vision", 2, "\n\n"),
        ("One", 0, "\n\n"),
        ("line\twide", 0, "\n"),
        ("End", 0, "\n\n"),
    ]
    assert all(text[line.start : line.end] == line.text for line in lines)
    assert isinstance(elements[4], Table)
    assert [[cell[0].text for cell in row] for row in elements[4].rows] == [
        ["Target", "2025"],
        ["Seats", "30 %"],
    ]


def test_read_word_tables_as_rows_of_a_strategy():
    document = docx.Document()
    document.core_properties.title = "National  strategy"
    document.add_paragraph(f"Article 1. Aims\n{WORDS}")
    document.add_paragraph(f"Article 2. Targets\n{WORDS}")
    table = document.add_table(rows=3, cols=3)
    words = ["Target", "Baseline 2020", "2025", "Seats", "12 %", "20 %", "Judges", "", "40 %"]
    for cell, text in zip(table._cells, words, strict=True):
        cell.text = text

    found = parse_document(saved(document), "law.docx")

    assert found.title == "National strategy"
    assert [(each.number, each.parent, each.text) for each in found.passages][2:] == [
        ("2.table-1.row-1", "2", "Target: Seats; Baseline 2020: 12 %; 2025: 20 %"),
        ("2.table-1.row-2", "2", "Target: Judges; 2025: 40 %"),
    ]
    assert found.source(found.passages[2]).split("\n") == [
        *("Target", "Seats", "Baseline 2020", "12 %", "2025", "20 %")
    ]


def test_read_word_merged_cells():
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    words = ["Objective", "Target", "2025", "Voice", "Seats", "30 %", "", "Judges", ""]
    for cell, text in zip(table._cells, words, strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(2, 1).merge(table.cell(2, 2))

    _, (found,) = read(document)

    assert [[" ".join(line.text for line in cell) for cell in row] for row in found.rows] == [
        ["Objective", "Target", "2025"],
        ["Voice", "Seats", "30 %"],
        ["Voice", "Judges", ""],
    ]


def test_read_word_table_that_only_frames_is_text():
    document = docx.Document()
    frame = document.add_table(rows=1, cols=2)
    frame.cell(0, 0).text = "left"
    inner = frame.cell(0, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "right"

    _, elements = read(document)

    assert [each.text for each in elements] == ["left", "right"]


def test_read_word_numbers_lists():
    document = docx.Document()
    for text in ("one", "two"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("dot", style="List Bullet")
    document.add_paragraph("", style="List Number")
    own = document.add_paragraph("three", style="List Number")
    found = document.styles["List Number"].element.find(f".//{word_text.W}numId")
    number = found.get(f"{word_text.W}val")
    properties = element(f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
    own._p.get_or_add_pPr().append(properties)

    _, elements = read(document)

    assert [each.text for each in elements] == ["1. one", "2. two", "dot", "3. three"]


def test_read_word_text_as_word_shows_it():
    document = docx.Document()
    body = document.element.body
    body.insert(
        0,
        element(
            "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t>"
            "</w:r></w:del><w:ins><w:r><w:noBreakHyphen/><w:t>new</w:t></w:r></w:ins></w:p>"
        ),
    )
    body.insert(
        1,
        element(
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>held</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    body.insert(
        2,
        element(
            "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
            "<w:sdt><w:sdtContent><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:sdtContent>"
            "</w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>"
        ),
    )

    _, (first, second, table) = read(document)

    assert (first.text, second.text) == ("kept-new", "held")
    assert [cell[0].text for cell in table.rows[0]] == ["a", "b"]


def test_read_word_level_of_a_style_by_its_outline_or_what_it_is_based_on():
    document = docx.Document()
    styles = document.styles
    based = styles.add_style("Clause", 1)
    based.base_style = styles["Heading 3"]
    outlined = styles.add_style("Rule", 1)
    outlined.element.get_or_add_pPr().append(element('<w:outlineLvl w:val="1"/>'))
    body = styles.add_style("Flat", 1)
    body.element.get_or_add_pPr().append(element('<w:outlineLvl w:val="9"/>'))
    round_ = styles.add_style("Round", 1)
    round_.base_style = round_
    for name in ("Clause", "Rule", "Flat", "Round"):
        document.add_paragraph(name, style=name)

    _, elements = read(document)

    assert [each.level for each in elements] == [3, 2, 0, 0]


def test_read_word_without_lists():
    content = saved(docx.Document())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
        body = archive.read("word/document.xml").decode()
    relations = re.sub(r'<Relationship [^>]*relationships/numbering"[^>]*/>', "", relations)
    content = rewritten(content, "word/_rels/document.xml.rels", relations)
    body = re.sub(
        "<w:sectPr.*</w:sectPr>", f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>", body, flags=re.S
    )

    texts, *_ = read_word(rewritten(content, "word/document.xml", body), "law.docx")

    assert texts == (WORDS,)


def with_entities(count):
    """A Word file that defines entities, each ten times the one before, and uses the last."""
    entities = "".join(
        f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' if at else '<!ENTITY e0 "haha">'
        for at in range(count)
    )
    space = word_text.W[1:-1]
    body = (
        f'<!DOCTYPE x [{entities}]><w:document xmlns:w="{space}"><w:body><w:p><w:r>'
        f"<w:t>{WORDS}</w:t><w:t>&e{count - 1};</w:t></w:r></w:p></w:body></w:document>"
    )
    return rewritten(saved(docx.Document()), "word/document.xml", body)


def test_read_word_does_not_look_up_entities():
    assert read_word(with_entities(3), "law.docx")[0] == (WORDS,)


def test_read_word_with_a_bomb_of_entities_is_refused():
    with pytest.raises(InputError, match=r"file: found a damaged Word document .*ntity"):
        read_word(with_entities(12), "law.docx")


def test_read_word_whose_xml_is_broken():
    content = rewritten(saved(docx.Document()), "word/document.xml", "<w:document>")

    with pytest.raises(InputError, match=r"file: found a damaged Word document .*that Word opens"):
        read_word(content, "law.docx")


def test_read_word_that_is_cut_off():
    content = saved(docx.Document())

    with pytest.raises(InputError, match="file: found a damaged archive"):
        read_word(content[: len(content) // 2], "law.docx")


def test_read_word_with_a_wrong_checksum():
    content = bytearray(saved(docx.Document()))
    at = content.index(b"word/document.xml") + 40
    content[at] ^= 0xFF

    with pytest.raises(InputError, match="file: found a damaged archive"):
        read_word(bytes(content), "law.docx")


def test_read_word_that_declares_too_much_is_a_bomb():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(word_text.PART + 1))

    message = "part word/document.xml: found 50,000,001 bytes once unpacked, as a zip bomb has"
    with pytest.raises(InputError, match=message):
        read_word(held.getvalue(), "law.docx")


def test_read_word_whose_parts_add_up_is_a_bomb(monkeypatch):
    monkeypatch.setattr(word_text, "UNPACKED", 1_000)

    with pytest.raises(InputError, match=r"expected at most \d+"):
        read_word(saved(docx.Document()), "law.docx")


def test_read_word_that_declares_less_than_it_holds_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(word_text.PART + 1))
    size = (word_text.PART + 1).to_bytes(4, "little")
    lying = held.getvalue().replace(size, (100).to_bytes(4, "little"))

    with pytest.raises(InputError, match="found a damaged archive"):
        read_word(lying, "law.docx")


def test_read_word_of_too_many_parts(monkeypatch):
    monkeypatch.setattr(word_text, "ENTRIES", 3)

    with pytest.raises(InputError, match=r"file: found \d+ parts, expected at most 3"):
        read_word(saved(docx.Document()), "law.docx")
