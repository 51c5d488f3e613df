from datetime import date

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.area_files import parse_areas, read_areas, shipped_areas
from everycount.repository.succession import areas_at, became

DAY = date(2025, 7, 1)


def problems(text):
    with pytest.raises(InputError) as caught:
        parse_areas(text.encode(), subject="a.csv")
    return [str(problem) for problem in caught.value.problems]


def test_viet_nam_has_63_provinces_until_june_2025_and_34_after():
    areas = shipped_areas("VN")
    before, after = areas_at(areas, date(2025, 6, 30)), areas_at(areas, DAY)
    assert (len(before), len(after)) == (63, 34)
    assert len({area.code for area in before} & {area.code for area in after}) == 11
    merged = [code for area in after for code in area.predecessors]
    assert len(merged) == len(set(merged)) == 52
    assert sum(area.kind == "city" for area in after) == 6


def test_every_province_of_viet_nam_became_one_with_a_source():
    areas = shipped_areas("VN")
    for area in areas.areas:
        assert len(became(areas, area.code, DAY)) == 1
        assert area.source
        assert area.parent == "704"
    assert areas.by_code["VN_77"].successors == ("VN_79_2025",)
    assert areas.by_code["VN_46"].name("vi") == "Huế"


def test_code_never_changes_its_meaning():
    areas = shipped_areas("VN").by_code
    assert areas["VN_24"].name() == "Bac Giang"
    assert areas["VN_24_2025"].name() == "Bac Ninh"
    assert areas["VN_24"].official_code == areas["VN_24_2025"].official_code == "24"


def test_country_without_areas_is_not_found():
    with pytest.raises(NotFound, match=r"there are no areas of 'XX'\. Areas: VN"):
        shipped_areas("XX")


def test_file_is_read_and_successors_follow(tmp_path):
    place = tmp_path / "own.csv"
    place.write_text(
        "code,name_en,name_fr,kind,valid_from,valid_to,predecessors\n"
        "A,Old,,district,,2009-12-31,\nB,Other,,,,2009-12-31,\nC,New,Neuf,,2010-01-01,,A B A\n"
    )
    areas = read_areas(place)
    assert areas.id == "own"
    assert areas.by_code["C"].predecessors == ("A", "B")
    assert areas.by_code["B"].successors == ("C",)
    assert areas.by_code["C"].names == {"en": "New", "fr": "Neuf"}


def test_every_fault_is_told_with_its_row():
    assert problems(
        "code,name_en,valid_from,valid_to,predecessors\n"
        "A A,One,,,\n\n"
        "B,Two,2020-02-30,x,\n"
        "C,Three,2020-01-01,2019-01-01,\n"
        "D,Four,2020-01-01,,E BB B C\n"
        "F,Five,,,C\n"
    ) == [
        "row 2, code: found 'A A', expected letters, digits, - and _",
        "row 4, valid_from: found '2020-02-30', expected a day such as 2025-07-01",
        "row 4, valid_to: found 'x', expected a day such as 2025-07-01",
        "row 5, valid_to: found 2019-01-01, expected a day from 2020-01-01 on",
        "row 6, predecessors: found 'E', expected a code of this file",
        "row 6, predecessors: found 'BB', expected a code of this file; nearest is B",
        "row 6, predecessors: found B, without last day, expected areas that end before 2020-01-01",
        "row 7, predecessors: found C, which lasts until 2019-01-01, expected areas that end "
        "before a valid_from here",
    ]
    assert problems("code,name_en\nA,\n") == ["row 2, name_en: found nothing, expected a value"]
