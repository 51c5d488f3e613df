"""The observation: the structure that all data of the repository share."""

from everycount.model.codes import TOTAL
from everycount.model.structure import Component, DataStructure, Kind

VALUE, PERIOD, AREA, INDICATOR = "OBS_VALUE", "TIME_PERIOD", "REF_AREA", "INDICATOR"


def _dimension(
    id: str, name: str, codes: str, default: str = TOTAL, *, is_global: bool = True
) -> Component:
    return Component(
        id=id,
        role="dimension",
        kind="code",
        name=name,
        codes=codes,
        default=default,
        is_global=is_global,
    )


def _attribute(
    id: str, name: str, kind: Kind = "text", *, codes: str = "", is_global: bool = True
) -> Component:
    return Component(
        id=id, role="attribute", kind=kind, name=name, codes=codes, is_global=is_global
    )


OBSERVATION = DataStructure(
    id="OBSERVATION",
    agency="EVERYCOUNT",
    version="1.0.0",
    name="Gender data observations",
    source="IAEG-SDGs:SDG, the global SDG data structure (order as of version 1.8), with "
    "ETHNICITY, MIGRATION_STATUS and MARITAL_STATUS, uncertainty and appraisal added; "
    "its SERIES is INDICATOR here",
    components=(
        _dimension("FREQ", "Frequency", "CL_FREQ", "A"),
        _dimension("REPORTING_TYPE", "Reporting type", "CL_REPORTING_TYPE", "N"),
        _dimension("INDICATOR", "Indicator", "CL_INDICATOR", ""),
        _dimension("REF_AREA", "Area", "CL_AREA", ""),
        _dimension("SEX", "Sex", "CL_SEX"),
        _dimension("AGE", "Age", "CL_AGE"),
        _dimension("URBANISATION", "Urban or rural", "CL_URBANISATION"),
        _dimension("INCOME_WEALTH_QUANTILE", "Income or wealth quantile", "CL_QUANTILE"),
        _dimension("EDUCATION_LEV", "Education", "CL_EDUCATION_LEV"),
        _dimension("OCCUPATION", "Occupation", "CL_OCCUPATION"),
        _dimension("CUST_BREAKDOWN", "Breakdown of the source", "CL_CUST_BREAKDOWN"),
        _dimension("COMPOSITE_BREAKDOWN", "Composite breakdown", "CL_COMP_BREAKDOWN"),
        _dimension("DISABILITY_STATUS", "Disability", "CL_DISABILITY"),
        _dimension("ACTIVITY", "Economic activity", "CL_ACTIVITY"),
        _dimension("PRODUCT", "Product", "CL_PRODUCT"),
        _dimension("ETHNICITY", "Ethnicity", "CL_ETHNICITY", is_global=False),
        _dimension("MIGRATION_STATUS", "Migration", "CL_MIGRATION_STATUS", is_global=False),
        _dimension("MARITAL_STATUS", "Marital status", "CL_MARITAL_STATUS", is_global=False),
        Component(id=PERIOD, role="time", kind="text", name="Period"),
        Component(id=VALUE, role="measure", kind="number", name="Value"),
        _attribute("VALUE_TEXT", "Value in words", is_global=False),
        _attribute("UNIT_MEASURE", "Unit", "code", codes="CL_UNIT_MEASURE"),
        _attribute("UNIT_MULT", "Unit multiplier", "integer"),
        _attribute("OBS_STATUS", "Observation status", "code", codes="CL_OBS_STATUS"),
        _attribute(
            "CONF_STATUS", "Confidentiality", "code", codes="CL_CONF_STATUS", is_global=False
        ),
        _attribute("NATURE", "Nature", "code", codes="CL_NATURE"),
        _attribute("LOWER_BOUND", "Lower bound", "number"),
        _attribute("UPPER_BOUND", "Upper bound", "number"),
        _attribute("STD_ERROR", "Standard error", "number", is_global=False),
        _attribute("SAMPLE_SIZE", "Sample size", "number", is_global=False),
        _attribute("BASE_PER", "Base period"),
        _attribute("TIME_DETAIL", "Time detail"),
        _attribute("TIME_COVERAGE", "Time coverage"),
        _attribute("SOURCE_DETAIL", "Source"),
        _attribute("COMMENT_OBS", "Comment on the observation"),
        _attribute("COMMENT_TS", "Comment on the series"),
        _attribute("GEO_INFO_URL", "Map address"),
        _attribute("DATA_LAST_UPDATE", "Last update"),
        _attribute("APPRAISAL", "Appraisal", "code", codes="CL_APPRAISAL", is_global=False),
    ),
)
"""A figure that is not a number, such as ``<2.5``, stands in VALUE_TEXT and OBS_VALUE is empty."""

BREAKDOWNS = tuple(
    component.id
    for component in OBSERVATION.components
    if component.role == "dimension" and component.default == TOTAL
)
"""The dimensions whose usual code is the total."""
