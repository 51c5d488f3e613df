import re

import pytest

from everycount.errors import InputError
from everycount.io.code_lists import (
    SHIPPED,
    code_lists,
    parse_code_list,
    shipped_code_lists,
)
from everycount.model.code_list_about import CodeListAbout
from everycount.model.codes import Code, CodeList
from everycount.model.observation import OBSERVATION
from everycount.model.structure import Component, DataStructure

ABOUT = CodeListAbout(id="CL_X", source="here", pattern="_Z", is_open=True)
LANGUAGES = {"en", "fr", "es", "vi", "ar"}
SPOKEN = ("CL_SEX", "CL_AGE", "CL_URBANISATION", "CL_QUANTILE", "CL_FREQ", "CL_MARITAL_STATUS")


def parse(text):
    return parse_code_list(text.encode(), ABOUT, subject="x.csv")


def problems(text):
    with pytest.raises(InputError) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def test_names_come_by_language_and_empty_ones_are_left_out():
    found = parse("code,name_en,name_vi,parent,description\nU,Urban,Thành thị,,\nC,City,,U,Dense\n")
    assert found.codes == (
        Code(id="U", name={"en": "Urban", "vi": "Thành thị"}),
        Code(id="C", name={"en": "City"}, parent="U", description="Dense"),
    )
    assert (found.pattern, found.is_open, found.source) == ("_Z", True, "here")


def test_missing_and_repeated_codes_are_all_told():
    assert problems("code,name_en\n,Female\nF,\nM,Male\nM,Man\n") == [
        "row 2, code: found nothing, expected a value",
        "row 3, name_en: found nothing, expected a value",
        "row 5: found 'M' again, as in row 4, expected each code once",
    ]


def test_parent_that_is_not_in_the_list_is_refused():
    assert problems("code,name_en,parent\nC,City,U\n") == [
        "code C, parent: found 'U', expected a code of this list"
    ]


def test_every_component_with_codes_has_a_shipped_list():
    lists = code_lists(OBSERVATION)
    coded = {c.id for c in OBSERVATION.components if c.codes} - {"INDICATOR"}
    assert set(lists) == coded


def test_every_file_of_codes_is_in_the_catalogue_with_source_and_name():
    files = {each.name.removesuffix(".csv") for each in SHIPPED.iterdir()}
    assert {name for name in files if name.startswith("CL_")} == set(shipped_code_lists())
    for found in shipped_code_lists().values():
        assert len(found.source) > 20
        assert set(found.name) == LANGUAGES


@pytest.mark.parametrize("name", SPOKEN)
def test_plain_words_are_there_in_every_language(name):
    for code in shipped_code_lists()[name].codes:
        assert set(code.name) == LANGUAGES, code.id


@pytest.mark.parametrize(
    "code", ["Y15T24", "Y_GE65", "Y_LT5", "Y_GT64", "Y_LE4", "M0T11", "M0", "Y0", "Y30", "_Z"]
)
def test_age_takes_the_forms_of_sdg_codes(code):
    ages = shipped_code_lists()["CL_AGE"]
    assert code in ages
    assert ages.label(code, "fr") != code


@pytest.mark.parametrize("code", ["15-24", "Y15", "y15t24", "Y15T", "15T24", "ALLAGE", "Y1524T"])
def test_age_refuses_what_has_no_such_form(code):
    assert (code in shipped_code_lists()["CL_AGE"]) == (code == "Y15")


def test_rules_of_ages_say_what_the_list_says():
    ages = shipped_code_lists()["CL_AGE"]
    bare = CodeList(id="CL_AGE", codes=(), rules=ages.rules)
    for code in ages.codes:
        if (
            re.fullmatch(r"[YM]\d+T\d+|Y_GE\d+|Y[1-9]\d*", code.id)
            and "under" not in code.name["en"]
        ):
            for language in LANGUAGES:
                said = bare.label(code.id, language)
                assert said == code.name[language], code.id


def test_areas_have_names_and_parents():
    areas = shipped_code_lists()["CL_AREA"]
    assert areas.label("516", "fr") == "Namibie"
    assert areas.label("704", "vi") == "Việt Nam"
    assert areas.by_id["704"].parent == "035"
    assert areas.by_id["412"].name["en"] == "Kosovo"


def test_own_codes_join_an_open_list_and_not_a_closed_one():
    own = {
        "REF_AREA": CodeList(id="CL_AREA", codes=(Code(id="VN_01", name={"en": "Ha Noi"}),)),
        "SEX": CodeList(id="CL_SEX", codes=(Code(id="X", name={"en": "Other"}),)),
        "INDICATOR": CodeList(id="CL_I", codes=(Code(id="5a", name={"en": "Land"}),)),
    }
    lists = code_lists(OBSERVATION, own)
    assert lists["REF_AREA"].label("VN_01") == "Ha Noi"
    assert "704" in lists["REF_AREA"]
    assert "X" not in lists["SEX"]
    assert lists["INDICATOR"].is_open
    assert lists["INDICATOR"].label("5a") == "Land"


def test_component_without_any_list_has_none():
    alone = Component(id="NOTE", role="attribute", kind="text", name="Note")
    assert (
        code_lists(DataStructure(id="S", agency="X", version="1", name="", components=(alone,)))
        == {}
    )
