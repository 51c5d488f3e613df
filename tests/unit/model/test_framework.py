import pytest

from everycount.errors import NotFound
from everycount.model.framework import Framework, Group, Source
from everycount.model.indicator import Indicator
from everycount.model.strict import Faults


def group(code, parent="", **title):
    return Group(code=code, title=title or {"en": f"Goal {code}"}, parent=parent)


def indicator(key, group="", **given):
    return Indicator(**{"key": key, "code": key, "title": {"en": key}, "group": group, **given})


def framework(**given):
    heading = {
        "id": "core",
        "version": "2024",
        "title": {"en": "Core"},
        "publisher": "NSO",
        "level": "national",
        "valid_from": "2024",
        "source": Source(citation="Decision 5"),
    }
    return Framework(**{**heading, **given})


TREE = framework(
    groups=(group("1"), group("1.1", parent="1"), group("2", vi="Mục tiêu 2")),
    indicators=(indicator("a", "1.1"), indicator("b", "1"), indicator("c", "2", repeats="a")),
)


def test_framework_is_a_tree():
    assert TREE.reference == "core@2024"
    assert [each.code for each in TREE.children()] == ["1", "2"]
    assert [each.code for each in TREE.children("1")] == ["1.1"]
    assert [each.key for each in TREE.members("1")] == ["b"]
    assert [each.key for each in TREE.within("1")] == ["b", "a"]


def test_framework_counts_a_repeated_indicator_once():
    assert [each.key for each in TREE.unique] == ["a", "b"]


def test_framework_speaks_the_languages_of_its_titles():
    assert TREE.languages == ("en", "vi")


def test_printed_code_may_stand_twice():
    made = framework(indicators=(indicator("8d"), indicator("8e", code="8d")))
    assert [made.indicator(key).code for key in ("8d", "8e")] == ["8d", "8d"]


def test_indicator_not_found_names_the_nearest():
    with pytest.raises(NotFound, match=r"core@2024 has no indicator 'aa'; near: a$"):
        TREE.indicator("aa")
    with pytest.raises(NotFound, match=r"has no indicator 'zzz'$"):
        TREE.indicator("zzz")


@pytest.mark.parametrize("valid_from", ["2024", "2024-12", "2024-12-31"])
def test_valid_from_is_as_exact_as_one_knows(valid_from):
    assert framework(valid_from=valid_from).valid_from == valid_from


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"id": "Core Set"}, "id: found 'Core Set', expected lower case letters"),
        ({"version": "2024@1"}, "version: found '2024@1'"),
        ({"valid_from": "2024-13"}, "valid_from: found '2024-13', expected a date"),
        ({"title": {}}, "title: found nothing"),
        (
            {"groups": (group("1"), group("2"), group("1"))},
            "groups.2.code: found '1' again, first in entry 1, expected each code once",
        ),
        (
            {"groups": (group("1", parent="9"),)},
            "groups.0.parent: found '9', expected the code of another group",
        ),
        (
            {"groups": (group("1", parent="2"), group("2", parent="1"))},
            "groups.1.parent: found '1', a circle",
        ),
        ({"groups": (group("1", parent="1"),)}, "groups.0.parent: found '1', a circle"),
        (
            {"indicators": (indicator("a"), indicator("a"))},
            "indicators.1.key: found 'a' again, first in entry 1, expected each key once",
        ),
        (
            {"indicators": (indicator("a", "9"),)},
            "indicators.0.group: found '9', expected the code of a group in this file",
        ),
        (
            {"indicators": (indicator("a", repeats="z"),)},
            "indicators.0.repeats: found 'z', expected the key of an indicator that itself",
        ),
        (
            {
                "indicators": (
                    indicator("a"),
                    indicator("b", repeats="a"),
                    indicator("c", repeats="b"),
                )
            },
            "indicators.2.repeats: found 'b'",
        ),
    ],
)
def test_framework_refuses(given, fault):
    with pytest.raises(Faults) as error:
        framework(**given)
    assert fault in str(error.value)


def test_framework_names_every_fault():
    with pytest.raises(Faults) as error:
        framework(id="", groups=(group("1", "8"),), indicators=(indicator("a", "9"),))
    assert len(error.value.faults) == 3


def test_group_refuses_no_code_and_no_title():
    with pytest.raises(Faults) as error:
        Group(code="", title={})
    assert [path for path, *_ in error.value.faults] == [("code",), ("title",)]
