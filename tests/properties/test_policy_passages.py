"""What holds for every document that is read: no word is lost, changed, or counted twice."""

import re
import unicodedata

from hypothesis import assume, given
from hypothesis import strategies as st

from everycount.io.plain_text import read_text
from everycount.model.document import Document
from everycount.policy.flow import flow_of
from everycount.policy.passages import find_passages

WORDS = st.sampled_from(
    [
        *("the", "of", "and", "shall", "women", "rights", "Commission", "report", "to", "in", "a"),
        *("by", "for", "be", "on", "as", "is", "égalité", "wo-\nmen", "self-\nemployed", "e\u0301"),
        *(
            "(a)",
            "(b)",
            "(1)",
            "(2)",
            "1.",
            "2.",
            ";",
            ".",
            ":",
            "Article",
            "Target",
            "30%",
            "2025",
        ),
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
HEADS = st.sampled_from(
    [
        "Article 1: Aim",
        "Article 2",
        "Chapter I",
        "Part 2",
        "3. On",
        "Objective 1: Work",
        "Target 1:",
        "",
    ]
)
TEXTS = st.lists(st.tuples(HEADS, SENTENCES, st.sampled_from(["\n", "\n\n", "\r\n", " \n"])))


def text_of(parts):
    return "".join(f"{head}\n{sentence}{end}" for head, sentence, end in parts)


def condensed(text):
    """Letters and figures only: without hyphens, line breaks, white space and marks around."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text))


def read(text):
    texts, columns = read_text(text.encode(), "law.txt")
    elements = [each for column in columns for each in column.elements]
    passages = find_passages(flow_of(elements, texts))
    return Document(name="", digest="", language="en", pages=texts, passages=passages)


@given(TEXTS)
def test_text_of_a_passage_is_its_source_without_hyphens_and_breaks(parts):
    document = read(text_of(parts))

    for passage in document.passages:
        source = condensed(document.source(passage))
        words = condensed(passage.label + passage.heading + passage.text)
        if passage.kind == "paragraph":
            words = condensed(passage.text)
        assert source == words
        assert passage.text == unicodedata.normalize("NFC", passage.text)
        assert "\n" not in passage.text


@given(TEXTS)
def test_every_word_of_a_document_is_in_one_passage(parts):
    # A first section that comes again may stand in a table of contents, which is left out.
    assume(len(re.findall(r"(?m)^1\. ", text_of(parts))) < 2)
    document = read(text_of(parts))
    page = document.pages[0]
    owners = [0] * len(page)
    for passage in document.passages:
        for span in passage.spans:
            for at in range(span.start, span.end):
                owners[at] += 1

    assert all(times == 1 or page[at].isspace() for at, times in enumerate(owners))
    assert max(owners, default=0) <= 1


@given(TEXTS)
def test_numbers_are_unique_and_parents_come_before(parts):
    numbers = set()
    for passage in read(text_of(parts)).passages:
        assert passage.number not in numbers
        assert not passage.parent or passage.parent in numbers
        numbers.add(passage.number)
