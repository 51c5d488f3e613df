from everycount.io.code_lists import shipped_code_lists
from everycount.model.observation import BREAKDOWNS, OBSERVATION
from everycount.model.sdg import DIMENSIONS, MANDATORY, SDG

ORDER = (
    "FREQ REPORTING_TYPE SERIES REF_AREA SEX AGE URBANISATION INCOME_WEALTH_QUANTILE "
    "EDUCATION_LEV OCCUPATION CUST_BREAKDOWN COMPOSITE_BREAKDOWN DISABILITY_STATUS ACTIVITY "
    "PRODUCT TIME_PERIOD"
)


def test_global_structure_has_its_sixteen_dimensions_in_order():
    assert SDG.key == tuple(ORDER.split())
    assert (*DIMENSIONS, "TIME_PERIOD") == SDG.key


def test_observations_keep_the_global_dimensions_in_order():
    own = [name for name in OBSERVATION.key if OBSERVATION.by_id[name].is_global]
    assert own == ORDER.replace("SERIES", "INDICATOR").split()


def test_observations_say_which_components_the_global_structure_lacks():
    lacking = {c.id for c in OBSERVATION.components if c.id not in SDG.by_id}
    marked = {c.id for c in OBSERVATION.components if not c.is_global}
    assert lacking - {"INDICATOR"} == marked


def test_usual_code_of_each_dimension_is_in_its_list():
    lists = shipped_code_lists()
    for component in OBSERVATION.components:
        if component.default:
            assert component.default in lists[component.codes], component.id


def test_breakdowns_are_the_dimensions_with_a_total():
    assert BREAKDOWNS[0] == "SEX"
    assert "FREQ" not in BREAKDOWNS
    assert "MARITAL_STATUS" in BREAKDOWNS


def test_mandatory_attributes_are_attributes():
    assert set(MANDATORY) <= set(SDG.attributes)
