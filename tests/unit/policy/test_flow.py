import unicodedata

import pytest

from everycount.model.document import Span
from everycount.policy.flow import flow_of, words_of
from everycount.policy.lines import Line, Table


def lines_of(*texts, page=1, source=""):
    found, at = [], 0
    for text in texts:
        start = source.index(text, at)
        at = start + len(text)
        found.append(Line(text=text, page=page, start=start, end=at))
    return found


def test_flow_spans_join_lines_with_nothing_but_white_space_between():
    source = "The aim of\r\n  this law\r\n5 is clear"

    flow = flow_of(lines_of("The aim of", "this law", "is clear", source=source), [source])

    assert flow.text == "The aim of\nthis law\nis clear"
    assert flow.spans(4, 28) == (Span(page=1, start=4, end=22), Span(page=1, start=26, end=34))


def test_flow_spans_part_where_a_page_ends_or_the_order_changes():
    first, second = "left right", "next"
    lines = [
        *lines_of("right", source=first),
        *lines_of("left", source=first),
        *lines_of("next", page=2, source=second),
    ]

    flow = flow_of(lines, [first, second])

    assert flow.spans(0, len(flow.text)) == (
        Span(page=1, start=5, end=10),
        Span(page=1, start=0, end=4),
        Span(page=2, start=0, end=4),
    )


def test_flow_spans_of_a_line_break_are_none():
    flow = flow_of(lines_of("one", "two", source="one two"), ["one two"])

    assert flow.spans(3, 4) == ()


def test_flow_spans_of_an_empty_text_are_none():
    flow = flow_of([], [""])

    assert (flow.text, flow.spans(0, 0)) == ("", ())


def test_flow_composes_letters_and_points_at_all_their_parts():
    source = unicodedata.normalize("NFD", "Điều 1. Bình đẳng")

    flow = flow_of(lines_of(source, source=source), [source])

    assert flow.text == unicodedata.normalize("NFC", source)
    (span,) = flow.spans(0, 4)
    assert source[span.start : span.end] == unicodedata.normalize("NFD", "Điều")
    assert flow.spans(len(flow.text) - 1, len(flow.text))[0].end == len(source)


def test_flow_leaves_out_what_nobody_sees_and_lines_of_nothing_else():
    source = "wo\u200bmen\n\u200b\n\u2060and"

    flow = flow_of(lines_of("wo\u200bmen", "\u200b", "\u2060and", source=source), [source])

    assert flow.text == "women\nand"
    assert flow.spans(0, 5) == (Span(page=1, start=0, end=6),)
    # What stands between the lines is white to a reader.
    assert flow.spans(0, 9) == (Span(page=1, start=0, end=len(source)),)


def test_flow_keeps_notes_headings_and_tables_with_their_positions():
    note = Line(text="one", page=1, start=0, end=3, note="Aim\nof law")
    title = Line(text="two", page=1, start=4, end=7, level=2)
    first, second = Table(page=1, rows=()), Table(page=1, rows=((),))

    flow = flow_of([note, first, second, title], ["one two"])

    assert flow.text == "one\ntwo"
    assert flow.notes_within(0, 3) == "Aim of law"
    assert flow.notes_within(1, 3) == ""
    assert dict(flow.levels) == {4: 2}
    assert [number for number, _ in flow.tables_within(0, 8)] == [1, 2]


def test_flow_table_before_all_text_belongs_to_the_beginning():
    flow = flow_of([Table(page=1, rows=()), *lines_of("one", source="one")], ["one"])

    assert [number for number, _ in flow.tables_within(0, 0)] == [1]
    assert list(flow.tables_within(1, 3)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wo-\nmen", "women"),
        ("wo-\n  men", "women"),
        ("phổ bi-\nến", "phổ biến"),
        ("non-\nEuropean", "non-European"),
        ("2011-\n2020", "2011-2020"),
        ("as follows: -\nto see", "as follows: - to see"),
        ("ci\ufffeaprès wo\u00ad\nmen", "ciaprès women"),
        ("  one \n\n two\t", "one two"),
        ("e\u0301galite\u0301", "égalité"),
    ],
)
def test_words_of_lines(text, words):
    assert words_of(text) == words
