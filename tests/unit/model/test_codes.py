import pytest

from everycount.model.code_list_about import CodeListAbout
from everycount.model.code_rule import CodeRule
from everycount.model.codes import GENERIC, Code, CodeList
from everycount.model.strict import Faults

YEARS = CodeRule(pattern=r"Y(\d+)T(\d+)", name={"en": "{0} to {1} years", "fr": "{0} à {1} ans"})
SEX = CodeList(
    id="CL_SEX",
    codes=(Code(id="F", name={"en": "Female", "vi": "Nữ"}), Code(id="X", name={"vi": "Khác"})),
    agency="IAEG-SDGs",
    version="1.1",
    pattern="_Z",
    rules=(YEARS,),
)


def test_code_is_known_by_list_pattern_or_rule():
    assert "F" in SEX
    assert "_Z" in SEX
    assert "Y15T24" in SEX
    assert "M" not in SEX
    assert "_Zx" not in SEX
    assert "F" not in CodeList(id="CL_EMPTY", codes=())


def test_label_is_in_the_language_else_english_else_the_code():
    assert SEX.label("F", "vi") == "Nữ"
    assert SEX.label("F", "fr") == "Female"
    assert SEX.label("X") == "X"
    assert SEX.label("unheard") == "unheard"


def test_label_of_a_rule_is_read_from_the_code():
    assert SEX.label("Y05T09") == "5 to 9 years"
    assert SEX.label("Y0T4", "fr") == "0 à 4 ans"
    assert SEX.label("Y0T4", "vi") == "0 to 4 years"


def test_label_of_a_generic_code_is_the_same_in_every_list():
    assert SEX.label("_T") == "Total"
    assert SEX.label("_U", "es") == "Desconocido"
    assert SEX.label("_U", "de") == "Unknown"
    assert all(set(names) == {"en", "fr", "es", "vi", "ar"} for names in GENERIC.values())


def test_urn_names_agency_list_and_version():
    assert SEX.urn == "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=IAEG-SDGs:CL_SEX(1.1)"


def test_extended_keeps_what_it_has():
    more = SEX.extended([Code(id="F", name={"en": "Other"}), Code(id="M", name={"en": "Male"})])
    assert [code.id for code in more.codes] == ["F", "X", "M"]
    assert more.label("F") == "Female"
    assert SEX.extended([Code(id="F", name={})]) is SEX


def test_repeated_code_is_our_mistake():
    code = Code(id="F", name={})
    with pytest.raises(ValueError, match="CL_SEX: the code 'F' stands twice"):
        CodeList(id="CL_SEX", codes=(code, code))


def test_text_that_is_no_code_is_our_mistake():
    with pytest.raises(ValueError, match="CL_SEX: 'both sexes' is no code of SDMX"):
        CodeList(id="CL_SEX", codes=(Code(id="both sexes", name={}),))


def test_indicator_with_dots_is_a_code_of_a_list():
    name = {"en": "Population"}
    assert "SP.POP.TOTL" in CodeList(id="CL_X", codes=(Code(id="SP.POP.TOTL", name=name),))


def test_rule_needs_a_pattern_and_an_english_name():
    with pytest.raises(Faults) as caught:
        CodeRule(pattern="Y(", name={"fr": "ans"})
    assert [path for path, *_ in caught.value.faults] == [("pattern",), ("name",)]
    assert "a regular expression" in str(caught.value)


def test_rule_leaves_other_codes():
    assert YEARS.read("M0T11", "en") is None


def test_about_has_usual_values():
    about = CodeListAbout(id="CL_X", source="here")
    assert (about.agency, about.version, about.is_open, about.rules) == (
        "EVERYCOUNT",
        "1.0",
        False,
        (),
    )
