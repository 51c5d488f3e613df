import pytest

from everycount.model.document import KINDS, Document, Passage, Span

START = Span(page=1, start=0, end=1)


def passage(number, *, parent="", spans=(START,)):
    return Passage(
        number=number, kind="article", label="", heading="", text="", spans=spans, parent=parent
    )


def document(*passages, pages=("text",)):
    return Document(name="law", digest="0", language="en", pages=pages, passages=passages)


def test_kinds_are_in_the_order_of_nesting():
    assert KINDS[0] == "part"
    assert KINDS[-1] == "row"


def test_passage_by_its_number():
    second = passage("2")

    assert document(passage("1"), second).passage("2") is second


def test_passage_that_is_not_there():
    with pytest.raises(KeyError, match="3"):
        document(passage("1")).passage("3")


def test_within_goes_to_any_depth():
    own = document(
        passage("1"),
        passage("1.a", parent="1"),
        passage("1.a.i", parent="1.a"),
        passage("2"),
        passage("2.a", parent="2"),
    )

    assert [each.number for each in own.within("1")] == ["1.a", "1.a.i"]


def test_source_joins_the_pieces_of_pages():
    spans = (Span(page=1, start=4, end=8), Span(page=2, start=0, end=3))
    own = document(passage("1", spans=spans), pages=("the left", "end."))

    assert own.source(own.passages[0]) == "left\nend"
    assert own.passages[0].page == 1
