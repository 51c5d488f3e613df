import pytest

from everycount.model.scorecard import Mark, Scorecard
from everycount.model.strict import Faults


def test_marks_outside_of_the_scale_and_unknown_criteria_are_refused_together():
    with pytest.raises(Faults) as caught:
        Mark(key="", criterion="beauty", mark=4, by="An")
    assert [path for path, _, _ in caught.value.faults] == [("key",), ("criterion",), ("mark",)]
    assert "found 4, expected a number from 0 to 3" in str(caught.value)


def test_marks_on_the_scale_are_taken():
    assert [Mark(key="1", criterion="relevance", mark=mark, by="An").mark for mark in (0, 3)] == [
        0,
        3,
    ]
    with pytest.raises(Faults, match="criterion: found 'beauty', expected one of relevance"):
        Mark(key="1", criterion="beauty", mark=1, by="An")


def test_a_candidate_without_selection_is_undecided():
    assert Scorecard(framework="a@1").selection("1").status == "proposed"
