import io
import zipfile

import pytest

from everycount.errors import InputError
from everycount.io.document_kind import file_kind


def archive(*names):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7 and more", "law.pdf", "pdf"),
        (b"\n\n%PDF-1.7 and more", "law.txt", "pdf"),
        (archive("word/document.xml"), "law.doc", "word"),
        (b"<!DOCTYPE html><p>x", "law.pdf", "html"),
        (b"<p>x", "law.htm", "html"),
        (b"# Law", "law.md", "markdown"),
        (b"# Law", "law.txt", "text"),
        (b"Law", "standard input", "text"),
    ],
)
def test_file_kind_goes_by_what_the_file_holds(content, name, kind):
    ending = name[name.rfind(".") :] if "." in name else ""

    assert file_kind(content, ending, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "law.pdf", "file: found nothing in it, expected PDF, Word"),
        (b" \n", "law.txt", "file: found nothing in it"),
        (
            b"\xd0\xcf\x11\xe0 old",
            "law.doc",
            "an old Word file .*open it in Word and save it as .docx",
        ),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "law.docx",
            "a Word document with a password, expected one without",
        ),
        (archive("mimetype", "content.xml"), "law.odt", "an OpenDocument file .*save it as .docx"),
        (archive("xl/workbook.xml"), "law.docx", "an Excel workbook"),
        (archive("ppt/presentation.xml"), "law.docx", "a PowerPoint presentation"),
        (archive("law.pdf"), "law.zip", "found a zip archive, expected"),
        (b"PK\x03\x04 broken", "law.docx", "found a damaged archive, expected a Word document"),
        (b"{\\rtf1 x}", "law.rtf", "a file in Rich Text Format"),
        (b"\x89PNG\r\n", "law.png", "a picture .*a picture of a page as PDF"),
        (b"just words", "law.pdf", "no PDF in it, or one without its beginning"),
        (b"just words", "law.docx", "no DOCX in it, or one without its beginning"),
    ],
)
def test_file_kind_of_what_is_not_read(content, name, message):
    with pytest.raises(InputError, match=message):
        file_kind(content, name[name.rfind(".") :], name)
