"""Tell what a file of a policy document is, by what it holds rather than by its name."""

import io
import re
import zipfile
from typing import Final, Literal

from everycount.errors import InputError, Problem

FileKind = Literal["pdf", "word", "html", "markdown", "text"]
WANTED: Final = "PDF, Word (.docx), HTML, Markdown or text"
HTML: Final = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
MARKDOWN: Final = (".md", ".markdown")
PAGES: Final = (".html", ".htm", ".xhtml")
HEAD: Final = 2048
"""Bytes in which a file says what it is; a PDF in the first 1024. ISO 32000-2, annex I."""
FOREIGN: Final = (
    (b"{\\rtf", "a file in Rich Text Format (.rtf)"),
    (b"\x89PNG", "a picture (.png)"),
    (b"\xff\xd8\xff", "a picture (.jpg)"),
    (b"II*\x00", "a picture (.tif)"),
    (b"MM\x00*", "a picture (.tif)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)
"""How files begin that are given in place of a document. Library of Congress, Sustainability of
Digital Formats."""
OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
"""Microsoft, [MS-CFB] Compound File Binary Format, section 2.2."""
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream in which Office keeps a document with a password. [MS-OFFCRYPTO], 2.3.4.4."""
INSIDE: Final = (
    ("word/document.xml", ""),
    ("xl/workbook.xml", "an Excel workbook"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("content.xml", "an OpenDocument file such as .odt"),
    ("META-INF/container.xml", "an e-book (.epub)"),
)
"""Parts by which archives tell what they are."""


def file_kind(content: bytes, ending: str, subject: str) -> FileKind:
    """Return what a file is.

    Parameters
    ----------
    content : bytes
        The file.
    ending : str
        Of its name, such as ``.md``. Believed only where the content may be several things.
    subject : str
        What messages call it.

    Returns
    -------
    {"pdf", "word", "html", "markdown", "text"}

    Raises
    ------
    InputError
        If it is empty or something else; the message says what, and what to do about it.

    Examples
    --------
    >>> file_kind(b"<!DOCTYPE html><p>Law", ".pdf", "law.pdf")
    'html'
    """
    problem = _foreign(content)
    if problem:
        raise InputError(subject, [problem])
    head = content[:HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if content.startswith(b"PK"):
        return "word"
    lower = ending.lower()
    if lower in PAGES or HTML.search(head):
        return "html"
    if lower in (".pdf", ".docx"):
        found, expected = f"no {lower[1:].upper()} in it, or one without its beginning", WANTED
        raise InputError(subject, [Problem("file", found, expected)])
    return "markdown" if lower in MARKDOWN else "text"


def _foreign(content: bytes) -> Problem | None:
    """Return a problem if a file is something that is not read."""
    if not content.strip():
        return Problem("file", "nothing in it", WANTED)
    if content.startswith(OLD_OFFICE):
        if LOCKED in content:
            return Problem("file", "a Word document with a password", "one without")
        found = "an old Word file (.doc) or another old Office file"
        return Problem("file", found, f"{WANTED}: open it in Word and save it as .docx")
    for beginning, found in FOREIGN:
        if content.startswith(beginning):
            return Problem("file", found, f"{WANTED}; a picture of a page as PDF")
    return _other_archive(content) if content.startswith(b"PK") else None


def _other_archive(content: bytes) -> Problem | None:
    """Return a problem if a zip archive is no Word document."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return Problem("file", "a damaged archive", "a Word document (.docx) that Word opens")
    found = next((words for name, words in INSIDE if name in names), "a zip archive")
    return Problem("file", found, f"{WANTED}: open it and save it as .docx") if found else None
