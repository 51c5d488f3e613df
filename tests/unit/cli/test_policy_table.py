"""Tables on the terminal."""

from everycount.cli.policy_table import show_table, table_lines
from everycount.model.gap import GapTable


def test_long_cells_stand_on_several_lines_and_numbers_at_the_right():
    rows = [("1.1", "one two three four five six", "7"), ("1.2", "short", "12")]
    assert table_lines(("code", "title", "n"), rows, width=26) == (
        "code  title              n",
        "----  ----------------  --",
        "1.1   one two three      7",
        "      four five six",
        "1.2   short             12",
    )


def test_columns_and_tables_of_nothing_are_left_out():
    assert table_lines(("a", "b"), [("", "x")], width=20) == ("b", "-", "x")
    assert table_lines(("a", "b"), [], width=20) == ()
    assert table_lines(("a",), [("",)], width=20) == ()


def test_a_cell_goes_on_for_four_lines_at_most():
    lines = table_lines(("words",), [("word " * 40,)], width=10)
    assert len(lines) == 6
    assert lines[-1].endswith("…")


def test_columns_are_never_too_narrow_to_read():
    lines = table_lines(("a" * 12, "b" * 12, "c" * 12), [("x" * 12,) * 3], width=20)
    assert lines[2] == "  ".join(["-" * 9] * 3)


def test_the_width_of_the_terminal_is_followed(monkeypatch, capsys):
    table = GapTable(
        id="x", title="X", finding="Found.", columns=("a", "b"),
        rows=(("one", "two " * 60),) * 2, notes=("note " * 40,),
    )  # fmt: skip
    for columns, most in (("70", 70), ("20", 60), ("400", 140)):
        monkeypatch.setenv("COLUMNS", columns)
        show_table(table, rows=1)
        lines = capsys.readouterr().out.splitlines()
        assert max(map(len, lines)) <= most
        assert "  … and 1 more row" in lines
