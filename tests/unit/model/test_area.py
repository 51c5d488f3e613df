from datetime import date

from everycount.model.area import Area, Areas

OLD = Area(code="A", names={"en": "Old"}, valid_to=date(2025, 6, 30), parent="704")
NEW = Area(code="B", names={"vi": "Mới"}, valid_from=date(2025, 7, 1), predecessors=("A",))


def test_area_exists_from_its_first_to_its_last_day():
    assert OLD.exists(date(1900, 1, 1))
    assert OLD.exists(date(2025, 6, 30))
    assert not OLD.exists(date(2025, 7, 1))
    assert not NEW.exists(date(2025, 6, 30))
    assert NEW.exists(date(2100, 1, 1))


def test_name_is_in_the_language_else_english_else_the_code():
    assert (OLD.name("vi"), NEW.name("vi"), NEW.name()) == ("Old", "Mới", "B")


def test_areas_are_codes_too():
    areas = Areas(id="X", areas=(OLD, NEW))
    assert areas.by_code["B"] is NEW
    assert [(code.id, code.parent) for code in areas.codes()] == [("A", "704"), ("B", "")]
