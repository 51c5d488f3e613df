import pytest

from everycount.model.conditions import Condition, code_text, repeated
from everycount.model.strict import Faults


def test_a_condition_must_test_something():
    with pytest.raises(Faults, match="a condition without a test"):
        Condition(column="age")
    with pytest.raises(Faults, match="at_least 5 above at_most 4"):
        Condition(column="age", at_least=5, at_most=4)
    assert Condition(column="age", at_least=4, at_most=4).at_most == 4


@pytest.mark.parametrize(("code", "text"), [(1, "1"), (1.0, "1"), (1.5, "1.5"), ("01", "01")])
def test_codes_as_text(code, text):
    assert code_text(code) == text


def test_names_that_stand_twice():
    assert list(repeated(["a", "b", "a"], ("levels",), "code")) == [
        (("levels", 2), "'a' for the second time", "each code once")
    ]
