"""Write a metadata handbook as a Word file, with headings and a table of contents."""

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from everycount.reports.handbook_page import HandbookPage, IndicatorPage
from everycount.reports.policy_page import Piece
from everycount.reports.policy_places import plain
from everycount.reports.policy_word_parts import WordFile

CONTENTS = 'TOC \\o "1-2" \\h \\z \\u'
"""Field of Word that gathers headings of two levels as links. ECMA-376 part 1, 17.16.5.68."""


def handbook_word(page: HandbookPage) -> bytes:
    """Return a handbook as a Word file.

    Headings are real ones. The table of contents lists all indicators as links, and Word fills
    in the numbers of pages when it is told to update the field.

    Parameters
    ----------
    page : HandbookPage
        What to show, from `everycount.reports.handbook_report.handbook_report`.

    Returns
    -------
    bytes
        The file (.docx). The same page gives the same bytes.

    Examples
    --------
    >>> from everycount.io.handbook_words import page_words
    >>> page = HandbookPage(title="Handbook", language="en", kicker=(), finding="", notices=(),
    ...     words=page_words("en"), groups=(), facts=())
    >>> handbook_word(page)[:2]
    b'PK'
    """
    file = WordFile(page.title, page.language)
    file.document.core_properties.language = page.language
    file.heading(page.title, 0)
    if page.kicker:
        file.paragraph(plain(" · ".join(page.kicker)))
    file.paragraph(plain(page.finding), style="IntenseQuote", lang=page.language)
    for words in page.notices:
        file.paragraph(plain(words), lang=page.language)
    for name, words in page.facts:
        file.paragraph(plain(words), label=name, lang=page.language)
    file.heading(page.words["contents"], 1)
    _contents(file, page)
    for group in page.groups:
        file.heading(group.title, 1, name=group.id)
        for each in group.indicators:
            _indicator(file, page, each)
    return file.content()


def _contents(file: WordFile, page: HandbookPage) -> None:
    """Write the field of contents with links, so that it says something before it is updated."""
    _field(file, "begin", CONTENTS)
    _field(file, "separate")
    for group in page.groups:
        file.paragraph((Piece(words=group.title, to=group.id),))
        for each in group.indicators:
            words = f"{each.code} {each.title} ({each.score})"
            file.paragraph((Piece(words=words, to=each.id),), style="ListBullet")
    _field(file, "end")


def _field(file: WordFile, kind: str, instruction: str = "") -> None:
    """Write the beginning, the middle or the end of a field in a paragraph of its own."""
    paragraph = OxmlElement("w:p")
    run = OxmlElement("w:r")
    paragraph.append(run)
    run.append(OxmlElement("w:fldChar", {qn("w:fldCharType"): kind}))
    if instruction:
        told = OxmlElement("w:r")
        text = OxmlElement("w:instrText", {qn("xml:space"): "preserve"})
        text.text = instruction
        told.append(text)
        paragraph.append(told)
    file.end.addprevious(paragraph)


def _indicator(file: WordFile, page: HandbookPage, each: IndicatorPage) -> None:
    """Write the page of an indicator."""
    file.heading(f"{each.code} {each.title}", 2, name=each.id)
    file.paragraph(plain(each.score), label=page.words["complete"], lang=page.language)
    if each.missing:
        file.paragraph(plain(each.missing), label=page.words["missing"], lang=page.language)
    for section in each.sections:
        if section.title:
            file.heading(f"{section.number} {section.title}".strip(), 3)
        for text in section.texts:
            title = f"{text.number} {text.title}".strip()
            file.heading(title, 4 if section.title else 3)
            if text.tags:
                told = " · ".join(words for _, words in text.tags)
                file.paragraph(plain(f"[{told}]"), lang=page.language)
            for paragraph in text.paragraphs:
                for line in paragraph.split("\n"):
                    file.paragraph(plain(line), lang=text.language)
