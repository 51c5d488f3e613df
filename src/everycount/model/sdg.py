"""The global SDG structure, in which countries report to the United Nations."""

from everycount.model.observation import AREA, OBSERVATION, PERIOD, VALUE
from everycount.model.structure import Component, DataStructure

SERIES, CUSTOM, COMPOSITE = "SERIES", "CUST_BREAKDOWN", "COMPOSITE_BREAKDOWN"
LABEL = "CUST_BREAKDOWN_LB"
"""Attribute that holds what a custom breakdown means."""
DIMENSIONS = (
    "FREQ",
    "REPORTING_TYPE",
    SERIES,
    AREA,
    "SEX",
    "AGE",
    "URBANISATION",
    "INCOME_WEALTH_QUANTILE",
    "EDUCATION_LEV",
    "OCCUPATION",
    CUSTOM,
    COMPOSITE,
    "DISABILITY_STATUS",
    "ACTIVITY",
    "PRODUCT",
)
ATTRIBUTES = (
    "OBS_STATUS",
    "UNIT_MULT",
    "UNIT_MEASURE",
    "BASE_PER",
    "NATURE",
    "TIME_DETAIL",
    "COMMENT_OBS",
    "TIME_COVERAGE",
    "UPPER_BOUND",
    "LOWER_BOUND",
    "SOURCE_DETAIL",
    "COMMENT_TS",
    "GEO_INFO_URL",
    "GEO_INFO_TYPE",
    LABEL,
    "DATA_LAST_UPDATE",
)
MANDATORY = ("OBS_STATUS", "UNIT_MULT", "UNIT_MEASURE")
"""Attributes that every observation must have there."""
OWN = {
    SERIES: Component(id=SERIES, role="dimension", kind="code", name="Series", codes="CL_SERIES"),
    "GEO_INFO_TYPE": Component(
        id="GEO_INFO_TYPE", role="attribute", kind="text", name="Type of map address"
    ),
    LABEL: Component(id=LABEL, role="attribute", kind="text", name="Label of custom breakdown"),
}
"""What the global structure has and observations do not."""

SDG = DataStructure(
    id="SDG",
    agency="IAEG-SDGs",
    version="1.14",
    name="SDG Series",
    source="IAEG-SDGs:SDG(1.14), SDMX Global Registry, 20 August 2023 (copy in open-sdg/sdg-build, "
    "tests/assets/data/sdmx/dsd.xml): order of dimensions and attributes, mandatory attributes",
    components=tuple(
        OWN.get(name) or OBSERVATION.by_id[name]
        for name in (*DIMENSIONS, PERIOD, VALUE, *ATTRIBUTES)
    ),
)
CUSTOM_CODES = r"C\d{2,4}"
"""Codes of the global list of custom breakdowns, IAEG-SDGs CL_CUST_BREAKDOWN 1.14."""
LAST_CUSTOM = 5000
"""Number of the last of them. Same source."""
