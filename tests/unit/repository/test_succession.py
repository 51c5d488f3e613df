from datetime import date

import pytest

from everycount.errors import NotFound
from everycount.model.area import Area, Areas
from everycount.repository.succession import became, cover


def area(code, first="", last="", *before, after=()):
    return Area(
        code=code,
        names={"en": code},
        valid_from=date.fromisoformat(first) if first else None,
        valid_to=date.fromisoformat(last) if last else None,
        predecessors=before,
        successors=tuple(after),
    )


AREAS = Areas(
    id="X",
    areas=(
        area("A1", "", "1999-12-31", after=["B"]),
        area("A2", "", "1999-12-31", after=["B"]),
        area("B", "2000-01-01", "2009-12-31", "A1", "A2", after=["C", "D"]),
        area("C", "2010-01-01", "2019-12-31", "B", after=["E"]),
        area("D", "2010-01-01", "2019-12-31", "B", after=["E"]),
        area("E", "2020-01-01", "", "C", "D"),
        area("Z", "", "2010-12-31"),
    ),
)


def codes(code, day):
    return [each.code for each in became(AREAS, code, date.fromisoformat(day))]


def test_area_that_exists_is_itself():
    assert codes("B", "2005-01-01") == ["B"]


def test_merged_and_divided_areas_are_followed_to_the_day():
    assert codes("A1", "2000-01-01") == ["B"]
    assert codes("A1", "2015-01-01") == ["C", "D"]
    assert codes("A1", "2025-01-01") == ["E"]


def test_before_an_area_began_those_are_found_that_had_its_land():
    assert codes("E", "1990-01-01") == ["A1", "A2"]


def test_area_that_nothing_follows_became_nothing():
    assert codes("Z", "2020-01-01") == []


def test_unknown_area_is_not_found():
    with pytest.raises(NotFound, match="there is no area 'Q' in X"):
        codes("Q", "2020-01-01")


def test_land_is_covered_by_the_area_or_by_those_before_it():
    assert cover(AREAS, "B", ["B", "A1"]) == {"B"}
    assert cover(AREAS, "B", ["A1", "A2"]) == {"A1", "A2"}
    assert cover(AREAS, "B", ["A1"]) == set()
    assert cover(AREAS, "E", ["B"]) == {"B"}
    assert cover(AREAS, "A1", []) == set()
