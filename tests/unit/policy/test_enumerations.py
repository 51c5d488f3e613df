import pytest

from everycount.policy.enumerations import items_of


def tree(text):
    def shape(items):
        return [(item.code, shape(item.items)) if item.items else item.code for item in items]

    return shape(items_of(text, 0, len(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(1) one; (2) two", ["1", "2"]),
        ("1° one; 2° two; and 3° three", ["1", "2", "3"]),
        ("1. One\n2. Two", ["1", "2"]),
        ("a/ one\nb/ two", ["a", "b"]),
        ("a) một;\nb) hai;\nc) ba;\nd) bốn;\nđ) năm;\ne) sáu", ["a", "b", "c", "d", "đ", "e"]),
        (
            "(1) (a) one: (i) small; (ii) large; (b) two\n(2) three",
            [("1", [("a", ["i", "ii"]), "b"]), "2"],
        ),
        (
            "(a) x\n(b) x\n(c) x\n(d) x\n(e) x\n(f) x\n(g) x\n(h) x\n(i) x\n(j) x",
            list("abcdefghij"),
        ),
        ("as paragraph (3) says", []),
        ("(2) two; (3) three", []),
        ("(1) one; as (3) says; (2) two", ["1", "2"]),
        ("nothing at all", []),
    ],
)
def test_items_of_a_text(text, expected):
    assert tree(text) == expected


def test_items_of_a_piece_keep_their_places():
    text = "(1) out (1) in; (2) in (3) out"
    first, second = items_of(text, 8, 22)

    assert text[first.begin : first.own_end].strip() == "in;"
    assert (second.start, second.own_end, second.depth, second.label) == (16, 22, 0, "(2)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a) Terms.\n(c) Female workers\n(d) Others", ["a", "c", "d"]),
        ("1. One.\n3. Three.\n4. Four.", ["1", "3", "4"]),
        ("1. One\n\n5. Five", ["1", "5"]),
        ("(1) one; and\n(3) three", ["1", "3"]),
        ("1° un ;\n3° trois", ["1", "3"]),
        ("(i) one;\n(ii) two;\n(iv) four;\n(v) five", ["i", "ii", "iv", "v"]),
        ("a) một;\nc) ba;\nd) bốn;\nđ) năm", ["a", "c", "d", "đ"]),
        ("a) một;\nb) hai;\nđ) năm;\ne) sáu;\ng) bảy", ["a", "b", "đ", "e", "g"]),
        ("a) một;\nb) hai;\nc) ba;\nd) bốn;\nđ) năm;\ng) bảy", ["a", "b", "c", "d", "đ", "g"]),
        ("a) một;\nb) hai;\nc) ba;\nd) bốn;\ne) sáu;\ng) bảy", ["a", "b", "c", "d", "e", "g"]),
        ("a) de voir ;\nc) de promouvoir", ["a", "c"]),
        ("(a) one;\n(c) three: (i) x; (ii) y;\n(f) six", ["a", ("c", ["i", "ii"]), "f"]),
        ("(1) one: (a) x;\n(3) three: (a) x; (b) y", [("1", ["a"]), ("3", ["a", "b"])]),
        ("(1) (a) x;\n(c) w\n(2) (a) x; (b) y", [("1", ["a", "c"]), ("2", ["a", "b"])]),
        ("(1) (a) x;\n(c) w\n(4) (a) x; (b) y", [("1", ["a", "c"]), ("4", ["a", "b"])]),
        ("(a) x\n(c) w, as in (a) and (b)", ["a", "c"]),
    ],
)
def test_items_behind_a_gap_begin_lines(text, expected):
    assert tree(text) == expected


@pytest.mark.parametrize("letter", ["j", "k"])
def test_an_i_behind_g_is_the_letter_if_letters_follow(letter):
    text = "".join(f"({each}) x;\n" for each in f"abcdefgi{letter}")

    found = tree(text)

    if letter == "j":
        assert found == list("abcdefgij")
    else:
        # Only the next letter tells: k may follow g, and i be the number within it.
        assert found == [*"abcdef", ("g", ["i"]), "k"]


def test_an_i_behind_g_is_the_number_if_ii_follows():
    text = "".join(f"({each}) x;\n" for each in ["a", "b", "c", "d", "e", "f", "g", "i", "ii"])

    assert tree(text) == [*"abcdef", ("g", ["i", "ii"])]


@pytest.mark.parametrize(
    "text",
    [
        "(a) one;\n(f) six",
        "(a) one; (c) three",
        "(a) one, and (c) three",
        "(a) as in paragraph\n(c) it says",
        "(a) as in paragraphs (b),\n(d) it says",
        "(a) as in paragraphs (b), or\n(d) it says",
        "(a) as in section 12\n(c) it says",
        "(a) as those who write it and\n(c) says",
        "(a) as it is said by\n(c) of this section",
        "(a) all who are meant\n(c) or (d) above",
        "a) theo quy định tại điểm\nc) này",
        "a) como dice el apartado\nc) siguiente",
        "a) ceux que vise l’alinéa\nc) suivant",
        "a) ceux que vise\nc) du présent article",
    ],
)
def test_what_is_mentioned_is_no_item_behind_a_gap(text):
    assert tree(text) == ["a"]


def test_number_in_words_and_figures_is_no_item_behind_a_gap():
    assert tree("(1) leave of three\n(3) months") == ["1"]
    assert tree("(1) leave of workers\n(3) pay of workers") == ["1", "3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a) one, as the law\n(c) says;\n(b) two", ["a", "b"]),
        ("(a) one, as the law\n(c) says; (b) two; (c) three", ["a", "b", "c"]),
        ("(1) (a) one, as the law\n(c) says; (b) two; (2) three", [("1", ["a", "b"]), "2"]),
    ],
)
def test_what_is_left_out_does_not_come_later(text, expected):
    assert tree(text) == expected


@pytest.mark.parametrize(
    "note",
    [
        *("[...]", "[…]", "* * *", "[(b) repealed by Act 5; omitted]", "[(b) repealed]"),
        *(". . . .", "[point b: abrogé]", "[inciso b derogado]", "[b) bãi bỏ];", "(omitted)"),
    ],
)
def test_items_in_running_text_behind_a_note_of_what_was_taken_out(note):
    assert tree(f"(a) one; {note} (c) three; (d) four; as (f) says") == ["a", "c", "d"]
