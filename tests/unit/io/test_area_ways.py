import pytest

from everycount.io.area_ways import area_notes


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        (["VN", "NA"], 'alpha-2 (NA, VN): declare areas = "iso2"'),
        (["VNM"], 'alpha-3 (VNM): declare areas = "iso3"'),
        (["4", "8"], 'M49 numbers without their zeros (4, 8): declare areas = "m49"'),
        (["Viet Nam", "Kosovo"], 'names of areas (Kosovo, Viet Nam): declare areas = "name"'),
        (["VNM", "NAM", "AFG", "ALB", "DZA", "AND", "AGO"], "DZA and 2 more)"),
        (["VNM", "NA"], "several ways: ISO 3166-1 alpha-3 (VNM), ISO 3166-1 alpha-2 (NA); write"),
        (["VNM", "004"], "several ways: ISO 3166-1 alpha-3 (VNM), M49 numbers; write"),
        (["VN", "VNM", "704", "Kosovo"], "which stand apart: 704 as 704, VN, VNM"),
    ],
)
def test_ways_of_writing_areas_are_told(areas, said):
    (note,) = area_notes(areas)
    assert said in note


@pytest.mark.parametrize("areas", [[], ["704", "004"], ["704", "VN_01"], ["VN_01"], ["VNM", "Hue"]])
def test_nothing_is_said_of_own_codes(areas):
    assert area_notes(areas) == []


def test_many_double_areas_are_counted():
    pairs = [("AFG", "004"), ("ALB", "008"), ("DZA", "012"), ("AND", "020"), ("AGO", "024")]
    (note,) = area_notes([each for pair in [*pairs, ("VNM", "704")] for each in pair])
    assert note.endswith("; and 1 more")
