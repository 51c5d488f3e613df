import pytest

from everycount.model.strict import Faults
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary


def group(code, parent="", **given):
    return TargetGroup(
        **{"code": code, "title": {"en": code}, "terms": {}, **given, "parent": parent}
    )


def concept(code, **given):
    said = {"code": code, "title": {"en": code}, "question": {"en": "?"}, "terms": {}}
    return Concept(**{**said, **given})


def vocabulary(groups=(), concepts=(), **given):
    said = {"id": "own", "title": {"en": "Own"}, "source": "us"}
    return Vocabulary(**{**said, "groups": groups, "concepts": concepts, **given})


def faults(**given):
    with pytest.raises(Faults) as error:
        vocabulary(**given)
    return [(path, found) for path, found, _ in error.value.faults]


def test_groups_and_concepts_are_found_by_code():
    words = vocabulary((group("women"), group("girls", "women")), (concept("access"),))
    assert words.group("girls").parent == "women"
    assert words.concept("access").code == "access"
    with pytest.raises(KeyError):
        words.group("boys")
    with pytest.raises(KeyError):
        words.concept("quality")


def test_wider_groups_are_told_the_nearest_first():
    words = vocabulary((group("all"), group("women", "all"), group("girls", "women")))
    assert words.above("girls") == ("women", "all")
    assert words.above("all") == words.above("unknown") == ()


def test_list_without_name_or_title_is_refused():
    found = [path for path, _ in faults(id="", source=" ", title={})]
    assert found == [("id",), ("source",), ("title",)]


@pytest.mark.parametrize("table", ["groups", "concepts"])
def test_entries_are_refused_with_all_their_faults(table):
    make = group if table == "groups" else concept
    entries = (
        make("a", terms={"en": ("women*",), "vi": ("phụ nữ",)}),
        make("a"),
        make("", title={}),
        make("b", terms={"en": ()}),
        make("c", terms={"en": ("*",)}),
    )
    assert faults(**{table: entries}) == [
        ((table, 1, "code"), "'a' again, first in entry 1"),
        ((table, 2, "code"), "''"),
        ((table, 2, "title"), "nothing"),
        ((table, 3, "terms", "en"), "[]"),
        ((table, 4, "terms", "en"), "['*']"),
    ]


def test_parents_form_a_tree():
    assert faults(groups=(group("a", "x"),)) == [(("groups", 0, "parent"), "'x'")]
    assert faults(groups=(group("a", "b"), group("b", "a"))) == [
        (("groups", 0, "parent"), "'b', a circle"),
        (("groups", 1, "parent"), "'a', a circle"),
    ]


def test_concept_implies_groups_of_the_list():
    implied = (concept("access", implies=("women", "boys")),)
    assert faults(groups=(group("women"),), concepts=implied) == [
        (("concepts", 0, "implies"), "'boys'")
    ]
    assert vocabulary((), implied).concepts == implied


def test_a_group_may_be_part_of_several():
    def group(code, parent="", also=()):
        return TargetGroup(
            code=code, title={"en": code}, terms={"en": (code,)}, parent=parent, also=also
        )

    groups = (group("people"), group("women", "people"), group("minorities", "people"))
    both = group("minority-women", "women", ("minorities",))
    made = Vocabulary(id="own", title={"en": "Own"}, source="us", groups=(*groups, both))
    assert made.above("minority-women") == ("women", "minorities", "people")
    with pytest.raises(Faults) as caught:
        Vocabulary(
            id="own",
            title={"en": "Own"},
            source="us",
            groups=(*groups, group("x", "women", ("nobody", "x"))),
        )
    assert [(path, found) for path, found, _ in caught.value.faults] == [
        (("groups", 3, "also"), "'nobody'"),
        (("groups", 3, "also"), "'x'"),
    ]
