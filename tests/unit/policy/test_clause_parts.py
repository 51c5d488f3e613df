"""Clauses that were split or merged."""

from everycount.policy.clause_parts import find_parts

FIRST = "Fathers have ten days of leave after the birth of a child."
SECOND = "Mothers have one hundred days of leave and keep their wages."
THIRD = "Shops stay open until eight in the evening on all days."


def test_parts_hold_the_words_of_the_whole():
    old = {"5": f"{FIRST} {SECOND}", "6": THIRD}
    assert find_parts(old, {"7": SECOND, "5": FIRST, "8": THIRD}, {}) == {"5": ("7", "5")}


def test_one_part_is_no_split():
    assert find_parts({"5": f"{FIRST} {SECOND}"}, {"5": FIRST}, {}) == {}


def test_parts_that_leave_most_out_are_none():
    old = {"5": " ".join([FIRST, SECOND, THIRD, "The council of each town writes a report."])}
    assert (
        find_parts(old, {"1": "ten days of leave after", "2": "stay open until eight in"}, {}) == {}
    )


def test_the_same_words_twice_are_two_parts_only_if_the_whole_has_them_twice():
    assert find_parts({"5": f"{FIRST} {SECOND}"}, {"1": FIRST, "2": FIRST}, {}) == {}
    assert find_parts({"5": f"{FIRST} {FIRST}"}, {"1": FIRST, "2": FIRST}, {}) == {"5": ("1", "2")}


def test_a_part_that_is_another_clause_changed_stays_that():
    old = {"5": f"{FIRST} {SECOND}", "6": f"{SECOND} At once."}
    new = {"5": FIRST, "6": SECOND}
    assert find_parts(old, new, {"5": "5", "6": "6"}) == {}


def test_short_texts_and_none_are_no_parts():
    assert find_parts({"5": f"{FIRST} Women. Men."}, {"1": FIRST, "2": "Women.", "3": ""}, {}) == {}
