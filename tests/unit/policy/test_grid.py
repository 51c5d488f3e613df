from everycount.policy.grid import Rule, continued, grids_of, with_tables
from everycount.policy.lines import Line, Page, Table

FRAME = [
    *(Rule(is_down=False, at=at, start=0, end=200) for at in (0, 50, 100)),
    *(Rule(is_down=True, at=at, start=0, end=100) for at in (0, 100, 200)),
]


def line(text, left, middle, *, width=40):
    return Line(
        text=text,
        page=1,
        start=int(left * 10 + middle),
        end=int(left * 10 + middle) + len(text),
        left=left,
        right=left + width,
        bottom=middle - 5,
        top=middle + 5,
    )


def page(*lines, tables=(), number=1):
    return Page(number=number, width=600, height=800, lines=lines, tables=tables)


def texts(table):
    return [[[each.text for each in cell] for cell in row] for row in table.rows]


def test_grids_of_rules_that_meet():
    (grid,) = grids_of(FRAME)

    assert (grid.lefts, grid.tops) == ((0, 100, 200), (100, 50, 0))


def test_grids_of_two_tables_apart():
    below = [
        Rule(is_down=rule.is_down, at=rule.at - 300, start=rule.start - 300, end=rule.end - 300)
        for rule in FRAME
    ]

    assert len(grids_of([*FRAME, *below])) == 2


def test_grids_of_doubled_rules_are_one():
    doubled = [Rule(is_down=r.is_down, at=r.at + 1, start=r.start, end=r.end) for r in FRAME]

    (grid,) = grids_of([*FRAME, *doubled])

    assert len(grid.lefts) == len(grid.tops) == 3


def test_grids_of_a_frame_or_an_underline_are_none():
    box = [rule for rule in FRAME if rule.at in (0, 200) or (rule.at == 100 and not rule.is_down)]

    assert grids_of(box) == ()
    assert grids_of(FRAME[:1]) == ()
    assert grids_of([]) == ()


def test_with_tables_puts_lines_into_cells():
    outside = line("outside", 300, 75)
    lines = [line("Target", 10, 75), line("2025", 110, 75), line("Seats", 10, 30), outside]

    found = with_tables(page(*lines, line("of all", 10, 15)), grids_of(FRAME))

    assert found.lines == (outside,)
    assert texts(found.tables[0]) == [[["Target"], ["2025"]], [["Seats", "of all"], []]]
    assert (found.tables[0].left, found.tables[0].top) == (0, 100)


def test_with_tables_leaves_a_grid_without_words():
    assert with_tables(page(), grids_of(FRAME)).tables == ()


def test_with_tables_wide_cell_is_the_first_of_those_it_covers():
    rules = [*FRAME[:4], Rule(is_down=True, at=100, start=0, end=50), FRAME[5]]

    found = with_tables(page(line("Objective 1: Voice", 80, 75, width=110)), grids_of(rules))

    assert texts(found.tables[0])[0] == [["Objective 1: Voice"], []]


def test_with_tables_high_cell_is_in_all_its_rows():
    rules = [FRAME[0], Rule(is_down=False, at=50, start=100, end=200), *FRAME[2:]]
    lines = [line("Voice", 10, 50), line("Seats", 110, 75), line("Judges", 110, 25)]

    found = with_tables(page(*lines), grids_of(rules))

    assert texts(found.tables[0]) == [[["Voice"], ["Seats"]], [["Voice"], ["Judges"]]]


def table(*words, left=0.0, right=200.0):
    rows = tuple(tuple((line(text, 0, 0),) for text in row) for row in words)
    return Table(page=1, rows=rows, left=left, right=right)


def test_continued_table_has_the_header_of_the_page_before():
    pages = [
        page(tables=(table(["Target", "2025"], ["Seats", "1 %"]),)),
        page(tables=(table(["Judges", "2 %"]), table(["a", "b"])), number=2),
        page(tables=(table(["c", "d"], right=300.0),), number=3),
    ]

    _, second, third = continued(pages)

    assert texts(second.tables[0]) == [[["Target"], ["2025"]], [["Judges"], ["2 %"]]]
    assert second.tables[1] == pages[1].tables[1]
    assert third == pages[2]


def test_continued_table_that_repeats_its_header_stays():
    pages = [page(tables=(table(["Target", "2025"]),))] * 2

    assert continued(pages) == tuple(pages)


def test_continued_of_other_columns_or_no_tables_changes_nothing():
    pages = [page(tables=(table(["a", "b"]),)), page(tables=(table(["c"]),)), page()]

    assert continued(pages) == tuple(pages)
