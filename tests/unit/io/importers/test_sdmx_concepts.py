from everycount.io.importers.sdmx_concepts import (
    ALIASES,
    VALUES,
    Concepts,
    areas_of,
    is_attribute,
    map_concepts,
)
from everycount.model.observation import OBSERVATION


def mapped(dimensions, attributes=(), roles=None):
    return map_concepts(
        Concepts(dimensions=tuple(dimensions), attributes=tuple(attributes), roles=roles or {})
    )


def test_names_stand_for_components_that_exist():
    assert set(ALIASES) <= set(OBSERVATION.ids)
    assert set(VALUES) <= set(OBSERVATION.ids)
    names = [name for aliases in ALIASES.values() for name in aliases]
    assert len(names) == len(set(names))


def test_own_name_comes_before_others():
    found = mapped(["SERIES", "INDICATOR", "MEASURE"])
    assert found.columns == {}
    assert found.breakdown == ("SERIES", "MEASURE")


def test_first_of_several_other_names_is_taken():
    found = mapped(["MEASURE", "SERIES"])
    assert found.columns == {"SERIES": "INDICATOR"}
    assert found.breakdown == ("MEASURE",)


def test_small_letters_are_known():
    assert mapped(["geo", "sex"]).columns == {"geo": "REF_AREA", "sex": "SEX"}


def test_role_tells_where_the_name_does_not():
    found = mapped(["Land", "Jahr", "X"], roles={"Land": "geo", "Jahr": "time", "X": "other"})
    assert found.columns == {"Land": "REF_AREA", "Jahr": "TIME_PERIOD"}
    assert found.breakdown == ("X",)


def test_attribute_is_not_taken_for_a_characteristic():
    found = mapped(["REF_AREA"], ["LOCATION", "EDUCATION", "UNIT"])
    assert found.columns == {"UNIT": "UNIT_MEASURE"}


def test_own_breakdown_joins_others():
    found = mapped(["CUST_BREAKDOWN", "CAUSE"])
    assert found.breakdown == ("CAUSE", "CUST_BREAKDOWN")
    assert mapped(["CUST_BREAKDOWN"]).breakdown == ()


def test_totals_and_quintiles_are_translated():
    values = mapped(["SEX", "WEALTH_QUINTILE"]).values
    assert values["SEX"]["T"] == "_T"
    assert values["INCOME_WEALTH_QUANTILE"]["QU1"] == "Q1"


def test_attributes_are_known_by_name():
    assert is_attribute("DECIMALS")
    assert is_attribute("unit")
    assert not is_attribute("AGE_GROUP")


def test_agency_says_how_areas_are_written():
    assert areas_of("UNICEFDRPDAU") == areas_of("ILO") == "iso3"
    assert areas_of("ECB_DISS") == "iso2"
    assert areas_of("WBX") is None
