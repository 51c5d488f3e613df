from dataclasses import replace

from everycount.policy.columns import best_cuts, cuts_of, parted, usual_cuts
from everycount.policy.layout import in_reading_order, read_columns, without_heads
from everycount.policy.lines import Column, Line, Page, Table, text_of
from everycount.policy.margins import with_notes

WIDTH, HEIGHT = 600.0, 800.0


def line(text, left, top, *, width=None, size=10.0, page=1):
    return Line(
        text=text,
        page=page,
        start=int(10_000 - top * 10 + left),
        end=int(10_000 - top * 10 + left) + len(text),
        left=left,
        right=left + (5 * len(text) if width is None else width),
        bottom=top - size,
        top=top,
    )


def page(*lines, number=1, tables=()):
    return Page(number=number, width=WIDTH, height=HEIGHT, lines=lines, tables=tables)


def column(words, left, *, top=600, step=12, **given):
    return [line(text, left, top - step * at, **given) for at, text in enumerate(words)]


def texts(columns):
    return [[each.text for each in one.elements] for one in columns]


def test_read_columns_of_two_columns_one_after_another():
    lines = [*column(["b1", "b2", "b3"], 320), *column(["a1", "a2", "a3"], 50)]

    left, right = read_columns([page(*lines)])

    assert texts([left, right]) == [["a1", "a2", "a3"], ["b1", "b2", "b3"]]
    assert (left.left, right.left) == (50, 320)


def test_read_columns_tell_paragraphs_and_words_on_one_height():
    lines = [
        line("one", 50, 600),
        line("two", 50, 588),
        line("far", 90, 588),
        line("three", 50, 576),
        line("four", 50, 540),
    ]

    (found,) = read_columns([page(*lines)])

    assert [(each.text, each.before) for each in found.elements] == [
        ("one", "\n\n"),
        ("two", "\n"),
        ("far", " "),
        ("three", "\n"),
        ("four", "\n\n"),
    ]


def test_read_columns_leave_out_numbers_of_lines_and_what_lies_outside():
    lines = [
        *column(["a", "b", "c", "d"], 50),
        line("5", 500, 588),
        line("10", 495, 564),
        line("slug", 700, 500),
    ]

    assert texts(read_columns([page(*lines)])) == [["a", "b", "c", "d"]]


def test_read_columns_keep_a_number_that_counts_no_lines():
    lines = [*column(["a", "b", "c"], 50), line("5", 50, 500), line("7", 50, 488)]

    assert texts(read_columns([page(*lines)])) == [["a", "b", "c", "5", "7"]]


def test_read_columns_put_small_print_beside_its_line():
    text = column(["1. This Act is called", "the Act.", "2. It applies."], 50, width=300)
    notes = [
        line("Short", 400, 600, size=8),
        line("title", 400, 591, size=8),
        line("Reach", 400, 573, size=8),
    ]

    (found,) = read_columns([page(*text, *notes)])

    assert [each.note for each in found.elements] == ["Short\ntitle", "", "Reach"]


def test_read_columns_keep_narrow_text_of_the_same_size():
    text = [*column(["one", "two", "three"], 50, width=300), *column(["i", "ii", "iii"], 400)]

    assert len(read_columns([page(*text)])) == 2


def test_read_columns_of_pages_without_text():
    assert read_columns([page()]) == ()


def test_read_columns_part_a_page_whose_title_hides_the_white():
    pages = []
    for number, name in enumerate(["one", "two", "three"], 1):
        left, right = ([f"{side} {x} {name}" for x in "abcdefghi"] for side in ("left", "right"))
        lines = [*column(left, 50, top=500), *column(right, 320, top=500)]
        pages.append(page(*lines, number=number))
    title = line("A title over both columns", 100, 540, width=400)
    pages[1] = page(title, *pages[1].lines, number=2)

    found = read_columns(pages)

    assert [len(one.elements) for one in found] == [9, 9, 10, 9, 9, 9]


def test_read_columns_put_a_table_where_it_stands():
    table = Table(page=1, rows=(((line("x", 60, 570),),),), left=50, right=300, bottom=550, top=575)
    lines = [line("above", 50, 600), line("below", 50, 540), line("end", 50, 528)]

    (found,) = read_columns([page(*lines, tables=(table,))])

    assert found.elements[1] == table
    assert [each.before for each in found.elements if isinstance(each, Line)][1] == "\n\n"
    assert text_of(found.elements) == "above x below end"


def test_read_columns_of_a_page_that_begins_with_a_table():
    table = Table(page=1, rows=(), left=50, right=300, bottom=600, top=700)

    (found,) = read_columns([page(line("below", 50, 540), tables=(table,))])

    assert found.elements[0] == table


def test_in_reading_order_goes_on_in_the_next_column():
    texts = ["It is to", "see all.", "and more", "There it", "is said"]
    lines = [replace(line(text, 50, 600), before="\n\n") for text in texts]
    table = Table(page=1, rows=())
    columns = [Column(page=1, elements=(each,)) for each in (*lines, table, lines[1])]

    found = in_reading_order(columns)

    assert [each.before for each in found if isinstance(each, Line)] == [
        *("\n\n", "\n", "\n\n", "\n\n", "\n", "\n\n")
    ]


def test_without_heads_leaves_out_running_heads_and_numbers_of_pages():
    pages = [
        page(
            line(f"Law No. 5 - page {number}", 50, 780),
            line(f"Article {number}", 50, 600),
            line(str(number), 300, 30),
            number=number,
        )
        for number in (1, 2, 3)
    ]

    kept = without_heads(pages)

    assert [[each.text for each in one.lines] for one in kept] == [
        ["Article 1"],
        ["Article 2"],
        ["Article 3"],
    ]


def test_without_heads_keeps_articles_that_begin_pages():
    pages = [page(line(f"Article {number}", 50, 780), number=number) for number in (1, 2, 3)]

    assert without_heads(pages) == tuple(pages)


def test_without_heads_leaves_out_a_chapter_named_on_every_page():
    pages = [
        page(line("Chapter 2", 50, 780), line(text, 50, 400), number=number)
        for number, text in enumerate(["one", "two", "three"], 1)
    ]

    assert [len(each.lines) for each in without_heads(pages)] == [1, 1, 1]


def test_cuts_of_few_lines_are_none():
    assert cuts_of([line("a", 50, 600), line("b", 320, 600)]) == ()


def test_usual_cuts_of_pages_mostly_without_columns_are_none():
    assert usual_cuts([(300.0,), (), ()]) == ()
    assert usual_cuts([]) == ()


def test_usual_cuts_lie_in_the_middle_of_those_of_most_pages():
    assert usual_cuts([(300.0,), (310.0,), (305.0,), (100.0, 300.0)]) == (305.0,)


def test_best_cuts_are_those_of_the_page_if_many_lines_cross_the_usual():
    lines = column(["a long line over the whole page"] * 4, 50, width=500)

    assert best_cuts(lines, (), (300.0,)) == ()
    assert best_cuts(lines, (280.0,), (300.0,)) == (280.0,)


def test_parted_puts_what_lies_over_several_columns_into_the_first():
    wide = Table(page=1, rows=(), left=50, right=550, bottom=400, top=500)
    lines = column(["a"], 50), column(["b"], 320)

    assert parted([*lines[0], *lines[1], wide], (300.0,)) == [[*lines[0], wide], lines[1]]


def test_parted_reads_lines_on_one_height_from_left_to_right():
    right, left = line("b", 90, 600.4), line("a", 50, 600)

    assert parted([right, left], ()) == [[left, right]]


def test_with_notes_of_no_columns():
    assert with_notes([]) == []


def test_with_notes_leaves_a_column_with_a_table():
    table = Table(page=1, rows=(), left=400, right=450, bottom=400, top=408)
    text = column(["one", "two"], 50, width=300)

    assert with_notes([text, [table]]) == [text, [table]]
