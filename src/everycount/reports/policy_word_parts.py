"""Write parts of a Word file: headings, paragraphs, tables, links; the same parts, same bytes."""

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from lxml.etree import SubElement

from everycount.reports.policy_page import Grid, Piece, Text

DAY: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day that a ZIP entry can bear; no time is written, so that bytes do not change."""
LONG, SHORT, SIDE, TOP = 297, 210, 19, 20
"""A4 and its margins, in millimetres."""
TWIPS: Final = 1440 / 25.4
"""Twentieths of a point in a millimetre, the unit of Word."""
INK: Final = RGBColor(0x16, 0x20, 0x2C)
LINK: Final = "00595F"
MARK: Final = "F4E4B4"
"""Colours of the style sheet's light theme."""


class WordFile:
    """A Word file being written from its beginning.

    Parameters
    ----------
    title : str
        Title of the document.
    language : str
        Language of the words that are quoted; all others are English.
    """

    def __init__(self, title: str, language: str) -> None:
        self.document = Document()
        self.language = language
        self.width = SHORT - 2 * SIDE
        self.marks = 0
        self.end = self.document.element.body.sectPr
        _prepare(self.document, title)

    def heading(self, words: str, level: int, *, name: str = "") -> None:
        """Add a heading.

        Parameters
        ----------
        words : str
            The heading.
        level : int
            From 1; 0 is the title of the document.
        name : str, optional
            What links to it name.
        """
        style = f"Heading{level}" if level else "Title"
        self.paragraph((Piece(words=words),), style=style, name=name)

    def paragraph(
        self, text: Text, *, style: str = "Normal", label: str = "", name: str = "", lang: str = ""
    ) -> None:
        """Add a paragraph.

        Parameters
        ----------
        text : Text
            What stands in it; marked words are shaded, and links lead to what they name.
        style : str, optional
            Id of a style of the file.
        label : str, optional
            A label in bold before it.
        name : str, optional
            What links to it name.
        lang : str, optional
            Language of the words, where it is not English.
        """
        self.end.addprevious(self._paragraph(text, style=style, label=label, name=name, lang=lang))

    def table(self, grid: Grid) -> None:
        """Add a table whose head is printed again on each page; a wide one turns the page.

        Parameters
        ----------
        grid : Grid
            The table, with its title as caption.
        """
        wide = grid.is_wide
        if wide:
            self._turn(sideways=False)
            self.width = LONG - 2 * SIDE
        self.paragraph((Piece(words=grid.title),), style="Caption")
        table = _element("w:tbl", None)
        widths = self._widths(grid)
        _properties(table, grid.title, widths)
        bold = [(Piece(words=head.label),) for head in grid.columns]
        self._row(table, bold, grid, widths=widths, name="", is_head=True)
        for row in grid.rows:
            self._row(table, row.cells, grid, widths=widths, name=row.id, is_head=False)
        self.end.addprevious(table)
        if wide:
            self._turn(sideways=True)
            self.width = SHORT - 2 * SIDE
        else:
            self.end.addprevious(_element("w:p", None))  # Word joins tables that touch

    def content(self) -> bytes:
        """Return the file.

        Returns
        -------
        bytes
            The same parts give the same bytes: no time is in them.
        """
        written = io.BytesIO()
        self.document.save(written)
        dated = io.BytesIO()
        with (
            zipfile.ZipFile(written) as source,
            zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for entry in source.namelist():
                info = zipfile.ZipInfo(entry, DAY.timetuple()[:6])
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, source.read(entry))
        return dated.getvalue()

    def _widths(self, grid: Grid) -> list[int]:
        """Return the widths of the columns in twips."""
        whole = sum(head.share for head in grid.columns)
        return [int(self.width * TWIPS * head.share / whole) for head in grid.columns]

    def _row(
        self,
        table: Any,
        cells: Sequence[Text],
        grid: Grid,
        *,
        widths: list[int],
        name: str,
        is_head: bool,
    ) -> None:
        """Add a row to a table."""
        row = _element("w:tr", table)
        told = _element("w:trPr", row)
        _element("w:cantSplit", told)
        if is_head:
            _element("w:tblHeader", told)
        for position, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            box = _element("w:tc", row)
            _element("w:tcW", _element("w:tcPr", box), w=str(width), type="dxa")
            side = "right" if grid.columns[position].kind == "number" else ""
            place = "" if position else name
            box.append(self._paragraph(cell, style="Cell", name=place, side=side, is_bold=is_head))

    def _paragraph(
        self,
        text: Text,
        *,
        style: str,
        label: str = "",
        name: str = "",
        lang: str = "",
        side: str = "",
        is_bold: bool = False,
    ) -> Any:
        """Return a paragraph."""
        paragraph = _element("w:p", None)
        told = _element("w:pPr", paragraph)
        _element("w:pStyle", told, val=style)
        is_rtl = runs_right_to_left("".join(piece.words for piece in text))
        if is_rtl:
            _element("w:bidi", told)
        if side:
            _element("w:jc", told, val=side)
        if name:
            self._mark(paragraph, name)
        if label:
            _run(paragraph, f"{label}: ", is_bold=True)
        for piece in text:
            holder = paragraph
            if piece.to:
                holder = _element("w:hyperlink", paragraph, anchor=bookmark(piece.to))
            _run(holder, piece.words, piece=piece, is_bold=is_bold, lang=lang, is_rtl=is_rtl)
        return paragraph

    def _mark(self, paragraph: Any, name: str) -> None:
        """Set a bookmark at the beginning of a paragraph."""
        self.marks += 1
        _element("w:bookmarkStart", paragraph, id=str(self.marks), name=bookmark(name))
        _element("w:bookmarkEnd", paragraph, id=str(self.marks))

    def _turn(self, *, sideways: bool) -> None:
        """End a section: what stands before it since the last one is upright, or sideways."""
        section = deepcopy(self.end)
        if sideways:
            size = section.find(qn("w:pgSz"))
            size.set(qn("w:w"), str(round(LONG * TWIPS)))
            size.set(qn("w:h"), str(round(SHORT * TWIPS)))
            size.set(qn("w:orient"), "landscape")
        paragraph = _element("w:p", None)
        _element("w:pPr", paragraph).append(section)
        self.end.addprevious(paragraph)


def bookmark(name: str) -> str:
    """Return the name of a bookmark: Word takes letters, digits and underscores.

    Examples
    --------
    >>> bookmark("gap-groups-missed")
    'gap_groups_missed'
    """
    return name.replace("-", "_")


def runs_right_to_left(words: str) -> bool:
    """Tell whether the first letter of a text belongs to a script written from the right.

    Examples
    --------
    >>> runs_right_to_left("1. المرأة"), runs_right_to_left("Phụ nữ"), runs_right_to_left("12")
    (True, False, False)
    """
    for letter in words:
        direction = unicodedata.bidirectional(letter)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _element(tag: str, parent: Any, **attributes: str) -> Any:
    """Return a new element of WordprocessingML, the last in its parent."""
    names = {_name(f"w:{name}"): value for name, value in attributes.items()}
    if parent is None:
        return OxmlElement(tag, names)
    return SubElement(parent, _name(tag), names)


_name: Final = cache(qn)


def _run(
    parent: Any,
    words: str,
    *,
    piece: Piece | None = None,
    is_bold: bool = False,
    lang: str = "",
    is_rtl: bool = False,
) -> None:
    """Add words in one form; line breaks and tabs in them become spaces."""
    run = _element("w:r", parent)
    told = _element("w:rPr", run)
    is_link, is_cause = bool(piece and piece.to), bool(piece and piece.is_cause)
    if is_bold:
        _element("w:b", told)
    if is_link:
        _element("w:color", told, val=LINK)
    if is_link or is_cause:
        _element("w:u", told, val="single")
    if is_cause:
        _element("w:shd", told, val="clear", color="auto", fill=MARK)
    if is_rtl:
        _element("w:rtl", told)
    if lang:
        _element("w:lang", told, **{"bidi" if is_rtl else "val": lang})
    text = _element("w:t", run)
    text.set(qn("xml:space"), "preserve")
    text.text = words.translate(_SPACES)


_SPACES: Final = {ord(sign): " " for sign in "\t\r\n"}


def _properties(table: Any, title: str, widths: list[int]) -> None:
    """Say how a table looks, what it is, and how wide its columns are."""
    told = _element("w:tblPr", table)
    _element("w:tblStyle", told, val="TableGrid")
    _element("w:tblW", told, w=str(sum(widths)), type="dxa")
    _element("w:tblLayout", told, type="fixed")
    _element("w:tblLook", told, val="0020", firstRow="1")
    _element("w:tblCaption", told, val=title)
    columns = _element("w:tblGrid", table)
    for width in widths:
        _element("w:gridCol", columns, w=str(width))


def _prepare(document: Any, title: str) -> None:
    """Set title, language, paper and type; write no time and no name of a person."""
    core = document.core_properties
    core.title, core.language = title, "en"
    core.author = core.last_modified_by = "Everycount"
    core.comments, core.revision = "", 1
    core.created = core.modified = DAY
    section = document.sections[0]
    section.page_width, section.page_height = Mm(SHORT), Mm(LONG)
    section.left_margin = section.right_margin = Mm(SIDE)
    section.top_margin = section.bottom_margin = Mm(TOP)
    styles = document.styles
    for lang in styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "en-GB")
    styles["Normal"].font.size = Pt(10)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    cell = styles.add_style("Cell", 1)
    cell.base_style, cell.font.size = styles["Normal"], Pt(8.5)
    cell.paragraph_format.space_after = Pt(0)
    for name in ("Title", "Caption", *(f"Heading {level}" for level in range(1, 5))):
        styles[name].font.color.rgb = INK
        styles[name].paragraph_format.keep_with_next = True
    footer = section.footer.paragraphs[0]
    footer.add_run("Everycount, page ")
    _element("w:fldSimple", footer._p, instr="PAGE")
