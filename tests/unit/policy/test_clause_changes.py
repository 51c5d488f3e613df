"""Two readings of a policy text, compared clause by clause."""

from hypothesis import given
from hypothesis import strategies as st

from everycount.model.review import Clause, PolicyText
from everycount.policy.clause_changes import KINDS, clause_changes, differences
from everycount.policy.follow_clauses import similarity

QUOTA = "At least 30 % of the members of every council shall be women."
WAGES = "Employers shall pay equal wages for work of equal value."
LEAVE = "Fathers have the right to ten days of leave."


def law(clauses, headings=()):
    """A text from words by number; 5.a is in 5."""
    named = dict(headings)
    return PolicyText(
        name="law.txt",
        digest="",
        language="en",
        clauses=tuple(
            Clause(
                number=number,
                kind="clause",
                label=number,
                text=text,
                heading=named.get(number, ""),
                parent=number.rpartition(".")[0],
            )
            for number, text in clauses.items()
        ),
    )


def told(before, after):
    return [
        (
            each.kind,
            each.before.number if each.before else "",
            each.after.number if each.after else "",
        )
        for each in clause_changes(before, after)
    ]


def test_the_same_text_has_no_change_whatever_its_line_breaks():
    found = clause_changes(law({"1": QUOTA}), law({"1": QUOTA.replace(" of", "  of").upper()}))
    assert [(each.kind, each.similarity, each.differences) for each in found] == [("same", 1.0, ())]


def test_characters_that_nobody_sees_are_no_change():
    (found,) = clause_changes(law({"1": QUOTA.replace("wo", "wo\u200b")}), law({"1": QUOTA}))
    assert found.kind == "same"


def test_a_number_that_changed_is_no_small_change():
    (found,) = clause_changes(law({"1": QUOTA}), law({"1": QUOTA.replace("30 %", "40 %")}))
    assert (found.kind, found.differences) == ("reworded", (("30", "40"),))
    assert 0.8 < found.similarity < 0.9
    (found,) = clause_changes(law({"1": QUOTA}), law({"1": QUOTA.replace("30 %", "30")}))
    assert (found.kind, found.differences) == ("reworded", (("%", ""),))


def test_an_article_that_moves_takes_its_points_along():
    before = law({"1": WAGES, "2": "", "2.a": QUOTA, "2.b": LEAVE}, [("2", "Councils and leave")])
    after = law(
        {"1": WAGES, "2": "Schools are free of charge.", "3": "", "3.a": QUOTA, "3.b": LEAVE},
        [("3", "Councils and leave")],
    )
    assert told(before, after) == [
        ("same", "1", "1"),
        ("renumbered", "2", "3"),
        ("renumbered", "2.a", "3.a"),
        ("renumbered", "2.b", "3.b"),
        ("new", "", "2"),
    ]
    assert [each.is_along for each in clause_changes(before, after)][:4] == [
        *(False, False, True, True),
    ]


def test_points_that_change_places_do_not_go_along():
    before = law({"1": "", "1.a": QUOTA, "1.b": LEAVE}, [("1", "Both")])
    after = law({"1": "", "1.a": LEAVE, "1.b": QUOTA}, [("1", "Both")])
    assert told(before, after)[1:] == [("renumbered", "1.a", "1.b"), ("renumbered", "1.b", "1.a")]
    assert not any(each.is_along for each in clause_changes(before, after))


def test_other_words_at_the_same_place_are_a_change_with_how_much_is_alike():
    other = "Every council publishes how many of its members are women."
    found = clause_changes(law({"1": QUOTA, "2": WAGES}), law({"1": other, "2": WAGES}))
    assert [each.kind for each in found] == ["changed", "same"]
    assert found[0].similarity == similarity(QUOTA, other) < 0.5
    assert found[0].before.text == QUOTA
    assert found[0].after.text == other


def test_the_same_number_in_an_article_that_is_another_is_no_place():
    before = law({"5": "", "5.a": QUOTA, "5.b": WAGES}, [("5", "Councils and wages")])
    after = law(
        {"5": "", "5.a": LEAVE, "6": "", "6.b": WAGES},
        [("5", "Fathers at home"), ("6", "Councils and wages")],
    )
    assert told(before, after) == [
        ("renumbered", "5", "6"),
        ("dropped", "5.a", ""),
        ("renumbered", "5.b", "6.b"),
        ("new", "", "5"),
        ("new", "", "5.a"),
    ]


def test_clauses_that_went_and_came():
    before, after = law({"1": QUOTA, "2": WAGES}), law({"1": WAGES, "3": LEAVE})
    assert told(before, after) == [("dropped", "1", ""), ("renumbered", "2", "1"), ("new", "", "3")]
    dropped, _, new = clause_changes(before, after)
    assert (dropped.similarity, new.similarity) == (None, None)


def test_a_heading_that_changed_over_the_same_words_is_told():
    (found,) = clause_changes(
        law({"1": LEAVE}, [("1", "Men")]), law({"1": LEAVE}, [("1", "Fathers")])
    )
    assert (found.kind, found.differences) == ("reworded", (("Men:", "Fathers:"),))


def test_a_bare_heading_in_other_words_stays_at_its_place():
    before = law({"1": "", "1.a": LEAVE}, [("1", "Leave")])
    after = law({"1": "", "1.a": LEAVE}, [("1", "Time for families")])
    assert told(before, after) == [("changed", "1", "1"), ("same", "1.a", "1.a")]


def test_a_title_in_the_margin_is_the_same_as_in_the_text():
    noted = law({"1": QUOTA, "2": WAGES}, [("1", "Seats for women"), ("2", "Equal wages")])
    plain = law({"1": f"{QUOTA} Seats for women Equal wages", "2": WAGES})
    assert [(each.kind, each.differences) for each in clause_changes(noted, plain)] == [
        *[("same", ())] * 2
    ]
    assert [each.kind for each in clause_changes(plain, noted)] == ["same", "same"]


def test_a_title_in_the_text_hides_no_other_change():
    noted = law({"1": QUOTA}, [("1", "Seats for women")])
    plain = law({"1": f"{QUOTA.replace('30', '20')} Seats for women Act No. 5"})
    (found,) = clause_changes(noted, plain)
    assert found.differences == (("30", "20"), ("", "Act No. 5"))


def test_a_title_that_was_a_word_of_the_text_before_is_a_change():
    before = law({"1": "The council gives leave to fathers."}, [("1", "Leave")])
    after = law({"1": "The council gives leave to fathers."}, [("1", "Holidays")])
    (found,) = clause_changes(before, after)
    assert (found.kind, found.differences) == ("reworded", (("Leave:", "Holidays:"),))


def test_an_article_without_text_is_found_when_its_title_went_into_another():
    noted = law({"1": "", "1.a": QUOTA, "2": WAGES}, [("1", "Seats for women")])
    plain = law({"1": "", "1.a": f"{QUOTA} Seats for women", "2": WAGES})
    assert told(noted, plain) == [("same", "1", "1"), ("same", "1.a", "1.a"), ("same", "2", "2")]


def test_a_clause_split_into_points_names_what_it_came_from():
    both = f"{QUOTA} {WAGES}"
    found = clause_changes(
        law({"5": both}, [("5", "Work")]),
        law({"5": "", "5.1": QUOTA, "5.2": WAGES}, [("5", "Work")]),
    )
    assert [(each.kind, each.before.number, each.after.number) for each in found] == [
        *(("split", "5", "5"), ("split", "5", "5.1"), ("split", "5", "5.2")),
    ]
    assert {(each.similarity, each.differences) for each in found} == {(1.0, ())}


def test_a_clause_split_into_articles_says_what_else_changed():
    both = f"{QUOTA} {WAGES}"
    before = law({"1": LEAVE, "2": both})
    after = law({"1": LEAVE, "2": QUOTA.replace("30", "35"), "3": WAGES})
    assert told(before, after) == [("same", "1", "1"), ("split", "2", "2"), ("split", "2", "3")]
    found = clause_changes(before, after)[1]
    assert (found.differences, found.weights) == ((("30", "35"),), ("figure",))


def test_clauses_merged_into_one_name_it():
    both = f"{QUOTA} {WAGES}"
    before = law({"5": "", "5.1": QUOTA, "5.2": WAGES, "6": LEAVE}, [("5", "Work")])
    after = law({"4": both, "6": LEAVE}, [("4", "Work")])
    assert told(before, after) == [
        *(("merged", "5", "4"), ("merged", "5.1", "4"), ("merged", "5.2", "4")),
        ("same", "6", "6"),
    ]


def test_an_article_with_another_name_and_number_is_no_frame():
    before = law({"5": "", "5.1": QUOTA, "5.2": WAGES}, [("5", "Work and seats")])
    found = told(before, law({"4": f"{QUOTA} {WAGES}"}, [("4", "Chances")]))
    assert found == [("dropped", "5", ""), ("merged", "5.1", "4"), ("merged", "5.2", "4")]


def test_a_reversal_is_marked():
    text = "A pregnant worker shall not be dismissed."
    (found,) = clause_changes(law({"1": text}), law({"1": text.replace(" not", "")}))
    assert (found.kind, found.weights) == ("reworded", ("negation",))


def test_differences_leave_case_and_punctuation_aside():
    assert differences("The State, shall act", "the State shall act now") == (("", "now"),)
    assert differences("a 30% share", "a 30 % share") == ()


@given(
    st.lists(st.sampled_from([QUOTA, WAGES, LEAVE, "", "Schools are free."]), max_size=6),
    st.lists(st.sampled_from([QUOTA, WAGES, LEAVE, "", "Schools are free."]), max_size=6),
)
def test_every_clause_of_both_readings_is_told_once(old, new):
    before, after = (law({str(at): text for at, text in enumerate(each, 1)}) for each in (old, new))
    found = clause_changes(before, after)
    assert list({each.before.number: 1 for each in found if each.before}) == [
        each.number for each in before.clauses
    ]
    assert sorted({each.after.number for each in found if each.after}) == [
        each.number for each in after.clauses
    ]
    single = [each for each in found if each.kind not in ("split", "merged")]
    assert len({each.before.number for each in single if each.before}) == sum(
        each.before is not None for each in single
    )
    assert {each.kind for each in found} <= set(KINDS)
