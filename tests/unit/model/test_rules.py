import pytest

from everycount.model import rules
from everycount.model.rules import Confidentiality
from everycount.model.strict import Faults


def faults(kind, /, **given):
    with pytest.raises(Faults) as caught:
        kind(**given)
    return list(caught.value.faults)


@pytest.mark.parametrize("bound", ["below", "at_most", "above", "at_least"])
def test_one_bound_makes_a_test(bound):
    assert getattr(rules.Test(measure="cv", **{bound: 0}), bound) == 0


def test_a_test_of_nothing():
    assert faults(rules.Test, measure="cv") == [
        ((), "a test without a bound", "below, at_most, above or at_least")
    ]


def test_small_cells_are_of_some_size_and_nothing_else_is():
    assert rules.Test(measure="small_cells", rows=12, at_least=0.25).rows == 12
    expected = "rows with small_cells and with nothing else"
    assert faults(rules.Test, measure="small_cells", above=0.2) == [
        (("rows",), "small_cells alone", expected)
    ]
    assert faults(rules.Test, measure="n", below=25, rows=3) == [
        (("rows",), "rows for n", expected)
    ]


@pytest.mark.parametrize("name", ["largest_share", "percent"])
@pytest.mark.parametrize("share", [0, 1.5, 90])
def test_shares_that_are_none(name, share):
    given = {"id": "own", "title": "t", "source": "s", name: share}
    most = "below 1" if name == "largest_share" else "up to 1"
    assert faults(Confidentiality, **given) == [
        ((name,), f"{share:g}", f"a share above 0 and {most}")
    ]


def test_numbers_that_are_none_all_at_once():
    names = ("minimum", "minimum_yes", "contributors", "minimum_df", "rounding")
    given = dict.fromkeys(names, -1) | {"contributors": 0, "largest_share": 1, "percent": -1}
    assert faults(Confidentiality, id="own", title="t", source="s", **given) == [
        (("minimum",), "-1", "0 or more"),
        (("minimum_yes",), "-1", "0 or more"),
        (("contributors",), "0", "1 or more"),
        (("minimum_df",), "-1", "0 or more"),
        (("rounding",), "-1", "0 or more"),
        (("largest_share",), "1", "a share above 0 and below 1"),
        (("percent",), "-1", "a share above 0 and up to 1"),
    ]


def test_a_set_that_asks_for_nothing():
    assert Confidentiality(id="own", title="t", source="s", percent=1).minimum == 0
