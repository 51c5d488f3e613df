import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from everycount.io.word_numbering import Numbering

LEVELS = """
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>
<w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="2"/><w:numFmt w:val="lowerLetter"/>
<w:lvlText w:val="(%3)"/></w:lvl>
<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>
<w:lvl w:ilvl="4"><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%5)"/></w:lvl>
<w:lvl w:ilvl="5"><w:numFmt w:val="decimalZero"/><w:lvlText w:val="%6"/></w:lvl>
<w:lvl w:ilvl="6"><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%7"/></w:lvl>
"""


@pytest.fixture
def numbering():
    return Numbering(
        parse_xml(
            f"""<w:numbering {nsdecls("w")}>
            <w:abstractNum w:abstractNumId="7">{LEVELS}</w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="7"/>
              <w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>
              <w:lvlOverride w:ilvl="1"/></w:num>
            <w:num w:numId="3"><w:abstractNumId w:val="99"/></w:num>
            </w:numbering>"""
        )
    )


def test_label_counts_each_level_and_begins_the_deeper_ones_anew(numbering):
    depths = [0, 1, 1, 0, 1, 2, 2]

    assert [numbering.label("1", depth) for depth in depths] == [
        *("I.", "I.1", "I.2", "II.", "II.1", "(b)", "(c)")
    ]


def test_label_of_each_kind_of_number(numbering):
    assert [numbering.label("1", depth) for depth in (3, 4, 5, 6)] == ["", "i)", "01", "A"]


def test_label_of_a_level_whose_outer_one_was_never_used_takes_its_start(numbering):
    assert numbering.label("1", 1) == "I.1"


def test_label_of_a_list_that_starts_elsewhere(numbering):
    assert [numbering.label("2", 0) for _ in range(2)] == ["V.", "VI."]


def test_label_of_lists_that_the_file_does_not_describe(numbering):
    assert [numbering.label(name, 0) for name in ("3", "9")] == ["", ""]
    assert numbering.label("1", 8) == ""
    assert Numbering(None).label("1", 0) == ""
