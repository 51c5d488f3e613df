from everycount.io.text_builder import TextBuilder


def test_text_builder_lines_point_into_its_text():
    builder = TextBuilder()

    builder.add_line(" One ", level=1)
    builder.add_line("  ")
    builder.add_line("two", before="\n")
    builder.add_table([["a", "b\nc"], [None, "d", None]])

    assert builder.text == "One\ntwo\na\nb\nc\nd"
    one, two, table = builder.elements
    assert (one.level, two.before) == (1, "\n")
    assert [builder.text[line.start : line.end] for line in (one, two)] == ["One", "two"]
    assert [[[line.text for line in cell] for cell in row] for row in table.rows] == [
        [["a"], ["b", "c"]],
        [["a"], ["d"], []],
    ]


def test_text_builder_cell_that_goes_on_from_no_row_is_empty():
    builder = TextBuilder()

    builder.add_table([[None]])

    assert builder.elements[0].rows == (((),),)
