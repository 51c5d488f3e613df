import pytest

from everycount.model.crosswalk import Crosswalk, Link
from everycount.model.strict import Faults


def link(**given):
    ends = {"from_framework": "a@1", "from_key": "x", "to_framework": "b@1", "to_key": "y"}
    return Link(**{**ends, "relation": "narrower", "by": "NSO", **given})


def test_link_turned_round_says_the_opposite():
    turned = link().turned()
    assert turned.ends == ("b@1", "y", "a@1", "x")
    assert turned.relation == "broader"
    assert turned.turned() == link()
    assert link(relation="close").turned().relation == "close"


def test_crosswalk_is_told_from_either_side():
    crosswalk = Crosswalk(links=(link(), link(from_key="z", relation="exact")))
    assert [each.relation for each in crosswalk.seen_from("b@1", "y")] == ["broader", "exact"]
    assert [each.to_key for each in crosswalk.seen_from("a@1", "z")] == ["y"]
    assert crosswalk.seen_from("c@1") == ()


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"from_framework": "a"}, "from_framework: found 'a', expected a framework version as"),
        ({"to_framework": "@1"}, "to_framework: found '@1'"),
        ({"to_key": ""}, "to_key: found ''"),
        ({"by": ""}, "by: found ''"),
        ({"relation": "same"}, "relation: found 'same', expected one of exact, close, broader"),
        ({"to_framework": "a@1", "to_key": "x"}, "to_key: found the indicator itself"),
    ],
)
def test_link_refuses(given, fault):
    with pytest.raises(Faults) as error:
        link(**given)
    assert fault in str(error.value)


def test_crosswalk_refuses_a_pair_twice():
    with pytest.raises(Faults, match=r"links.1: found a@1 x b@1 y again, expected each pair"):
        Crosswalk(links=(link(), link(relation="exact")))
