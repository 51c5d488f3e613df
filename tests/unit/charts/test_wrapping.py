import pytest

from everycount.charts import marks, wrapping
from everycount.charts.wrapping import block, isolated, legend, longest_word, room, wrap

LONG = "Women of the western highlands, non-migrant"


def key(words, shape="circle"):
    return marks.Key(words=words, shape=shape)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ill", "abc"), ("abc", "mum"), ("norway", "NORWAY"), ("fit", "nod"), ("abc", "統統統")],
)
def test_wider_letters_take_more_room(one, other):
    assert room(one) < room(other)


def test_accents_take_no_room_and_bold_takes_more():
    assert room("nghèo nhất") == pytest.approx(room("ngheo nhat"))
    assert room("ក្មេង", size=10) < 5 * 6.1  # marks of Khmer take none
    assert room("abc", bold=True) == pytest.approx(wrapping.BOLD * room("abc"))
    assert room("\u2067abc\u2069") == room("abc")


@pytest.mark.parametrize("width", [20, 60, 90, 140, 300])
def test_wrapping_leaves_nothing_out_and_fits(width):
    lines = wrap(LONG, width)
    assert "".join(lines).replace(" ", "") == LONG.replace(" ", "")
    assert all(room(line) <= width for line in lines)


def test_lines_are_about_as_long_as_one_another():
    assert wrap("Nhóm trung bình, người dân tộc thiểu số", 230) == [
        "Nhóm trung bình,",
        "người dân tộc thiểu số",
    ]


def test_long_word_is_broken_at_its_hyphen_first():
    assert wrap("Bosnia-Herzegovina", 90) == ["Bosnia-", "Herzegovina"]


def test_mark_stays_with_its_letter_where_a_word_is_broken():
    decomposed = "e\u0301" * 8
    assert all(line[0] == "e" for line in wrap(decomposed, 16))


def test_letter_wider_than_the_column_stands_alone():
    assert wrap("統統", 5) == ["統", "統"]


def test_text_without_words_is_one_empty_line():
    assert wrap("  ", 50) == [""]
    assert longest_word("") == 0


def test_arabic_is_set_apart_and_other_words_are_not():
    assert isolated("ريف 3") == "\u2067ريف 3\u2069"
    assert isolated("Nông thôn") == "Nông thôn"


def test_lines_of_a_block_stand_around_its_middle():
    lines = block(["a", "b", "ريف"], x=5, middle=30, size=10)
    assert [line["y"] for line in lines] == [18, 30, 42]
    assert lines[2]["text"].startswith("\u2067")


def test_key_flows_into_lines_and_wraps_long_words():
    entries = [key("one"), key("two"), key("a rather long explanation of a sign")]
    wide, narrow = legend(entries, width=400), legend(entries, width=120)
    assert wide.height < narrow.height
    assert len({top for _, _, _, top in wide.entries}) == 1
    assert len(narrow.entries[2][1]) > 1
    second = narrow.entries[1]
    assert second[2] > 0
    assert second[3] == 0
    after = legend([entries[2], key("three")], width=120).entries[1]
    assert after[3] > wrapping.height(1, size=11) + 4  # under all lines of the entry before it


def test_key_without_a_shape_is_words_alone():
    layers = legend([key("e: modelled", shape="")], width=200).layers(left=0, top=0)
    assert [layer["mark"]["type"] for layer in layers] == ["text"]


def test_no_keys_take_no_room():
    empty = legend([], width=200)
    assert empty.height == 0
    assert empty.layers(left=0, top=0) == []
