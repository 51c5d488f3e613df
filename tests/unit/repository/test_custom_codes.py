import polars as pl

from everycount.repository.custom_codes import custom_code, custom_codes, part_code


def test_words_that_differ_never_share_a_code():
    words = ["Tày", "Tay", "Tây", "京", "K'Ho", "KHo", "a" * 61, "a" * 62, "", "_T"]
    assert len({part_code(word) for word in words}) == len(words)


def test_capitals_and_spaces_do_not_count():
    assert part_code(" ba  na ") == part_code("Ba Na") == "BA_NA"


def test_order_of_characteristics_does_not_count():
    assert custom_code({"B": "x", "A": "y"}) == custom_code({"A": "y", "B": "x"}) == "A--Y---B--X"


def test_empty_cells_and_totals_are_the_total():
    rows = pl.DataFrame({"A": [None, " ", "_T", "All", " x "], "B": ["All", "", None, "_T", None]})
    column, codes = custom_codes(rows, ["A", "B"], totals=["All"])
    assert column.to_list() == ["_T", "_T", "_T", "_T", "A--X"]
    assert [(code.id, code.name) for code in codes] == [("A--X", {"en": "A: x"})]


def test_labels_may_say_other_words():
    rows = pl.DataFrame({"A": ["x", "y"]})
    words = {"A": {"": "Cause", "x": "Illness"}}
    _, codes = custom_codes(rows, ["A"], words=words)
    assert [code.name["en"] for code in codes] == ["Cause: Illness", "Cause: y"]
