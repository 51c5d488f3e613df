"""Characters that nobody sees are taken out of documents of every kind; offsets stay right."""

import io
import unicodedata

import docx
import pytest
import typst

from everycount.io.documents import parse_document

SEEN = (
    "Article 1. Equal pay",
    "Every employer shall pay women and men the same wages for work of equal value.",
    "Article 2. Leave",
    "Fathers and mothers have the right to ten days of leave for a child who is ill.",
)
HIDDEN = (
    "Art\u200bicle 1. Equal\u200b pay",
    "Every em\u00adployer shall\u2060 pay wo\u200cmen and men the same wages for work of equal "
    "value.",
    "\ufeffArti\u00adcle 2. Lea\u200dve",
    "Fathers and mothers have the right to ten days of leave for a chi\ufeffld who is ill.\u200b",
)


def as_text(lines):
    return "\n".join(lines).encode(), "law.txt"


def as_markdown(lines):
    marked = [f"## {line}" if at % 2 == 0 else f"{line}\n" for at, line in enumerate(lines)]
    return "\n\n".join(marked).encode(), "law.md"


def as_html(lines):
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<!doctype html><meta charset=utf-8><body>{paragraphs}</body>"
    return page.encode(), "law.html"


def as_word(lines):
    document, stream = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue(), "law.docx"


def as_pdf(lines):
    return typst.compile("\n\n".join(lines).encode()), "law.pdf"


@pytest.mark.parametrize("made", [as_text, as_markdown, as_html, as_word, as_pdf])
def test_hidden_characters_change_nothing(made):
    plain, read = (parse_document(*made(lines), language="en") for lines in (SEEN, HIDDEN))

    assert [(each.number, each.heading, each.text) for each in read.passages] == [
        (each.number, each.heading, each.text) for each in plain.passages
    ]
    assert [each.number for each in read.passages] == ["1", "2"]
    assert read.title == plain.title


def test_offsets_point_into_the_untouched_source():
    content, name = as_text(HIDDEN)

    read = parse_document(content, name, language="en")

    assert read.pages == ("\n".join(HIDDEN),)
    assert [len(each.spans) for each in read.passages] == [1, 1]
    assert read.source(read.passages[0]) == "\n".join(HIDDEN[:2])
    assert read.source(read.passages[1]) == "\n".join(HIDDEN[2:]).strip("\ufeff\u200b")


def test_hidden_characters_between_a_letter_and_its_marks_keep_offsets():
    source = unicodedata.normalize(
        "NFD", "Điều 1. Bình đẳng\nPhụ nữ có quyền.\nĐiều 2. Lao động\nNam nữ như nhau."
    ).replace("e\u0302\u0300", "e\u0302\u200b\u0300", 1)

    read = parse_document(source.encode(), "luat.txt", language="vi")

    headings = [("1", "Bình đẳng"), ("2", "Lao động")]
    assert [(each.number, each.heading) for each in read.passages] == headings
    assert read.source(read.passages[0]) == source[: source.index("\n", source.index("\n") + 1)]


def test_a_line_of_nothing_seen_parts_paragraphs():
    words = "The State shall protect all women.\n\u200b\ufeff\nThe council reports to the State."

    read = parse_document(words.encode(), "note.txt", language="en")

    assert [each.text for each in read.passages] == words.split("\n\u200b\ufeff\n")


def test_a_soft_hyphen_at_the_end_of_a_line_joins_the_word():
    words = "The State shall protect all wo\u00ad\u200b\nmen and girls of the country."

    read = parse_document(words.encode(), "note.txt", language="en")

    assert read.passages[0].text == "The State shall protect all women and girls of the country."


def test_table_cells_lose_hidden_characters():
    page = (
        "<body><p>The targets of the plan are as follows for all women.</p><table><tr><th>Target"
        "</th><th>By</th></tr><tr><td>40 % wo\u200bmen\u00ad</td><td>\u200b</td></tr>"
        "</table></body>"
    )

    read = parse_document(page.encode(), "plan.html", language="en")

    assert "wo\u200bmen" in read.pages[0]
    assert any("40 % women" in each.text for each in read.passages if each.kind == "row")
