"""Which component a producer's concept is: names and codes that differ with the same meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from everycount.io.areas import AreaCode
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import AREA, INDICATOR, OBSERVATION, PERIOD, VALUE

CUSTOM = "CUST_BREAKDOWN"
ALIASES: Mapping[str, tuple[str, ...]] = {
    INDICATOR: ("SERIES", "IND", "INDIC", "VAR", "VARIABLE", "SUBJECT", "MEASURE", "INDICATOR_ID"),
    AREA: (
        "GEO",
        "GEO_PICT",
        "COUNTRY",
        "LOCATION",
        "COU",
        "REPORTER",
        "GEOGRAPHIC_AREA",
        "REFERENCE_AREA",
        "AREA",
    ),
    PERIOD: ("TIME", "YEAR", "YEA"),
    VALUE: ("VALUE", "OBSVALUE"),
    "FREQ": ("FREQUENCY",),
    "SEX": ("GENDER", "SEXE"),
    "AGE": ("AGE_GROUP", "AGEGROUP"),
    "URBANISATION": ("RESIDENCE", "URBANIZATION", "AREA_TYPE"),
    "INCOME_WEALTH_QUANTILE": ("WEALTH_QUINTILE", "QUANTILE", "QUANTILE_INC", "WEALTH"),
    "EDUCATION_LEV": ("EDUCATION", "EDUCATION_LEVEL", "ISCED11", "EDU_LEVEL"),
    "OCCUPATION": ("OCCUP", "ISCO08", "OCU"),
    "COMPOSITE_BREAKDOWN": ("COMP_BREAKDOWN",),
    "DISABILITY_STATUS": ("DISABILITY",),
    "ACTIVITY": ("ECONOMIC_ACTIVITY", "NACE_R2", "ECO", "INDUSTRY"),
    "PRODUCT": ("PRODUCTCODE", "COMMODITY"),
    "ETHNICITY": ("ETHNIC_GROUP", "ETHNIC"),
    "MIGRATION_STATUS": ("MIGRATION",),
    "MARITAL_STATUS": ("MARSTA", "MARITAL", "CIVIL_STATUS"),
    "UNIT_MEASURE": ("UNIT", "UNITS"),
    "UNIT_MULT": ("UNIT_MULTIPLIER", "UNITMULT", "POWERCODE"),
    "OBS_STATUS": ("OBS_FLAG", "STATUS"),
    "CONF_STATUS": ("OBS_CONF",),
    "STD_ERROR": ("STD_ERR", "STANDARD_ERROR"),
    "SAMPLE_SIZE": ("WGTD_SAMPL_SIZE", "OBS_SAMPLE_SIZE"),
    "LOWER_BOUND": ("OBS_LOWER", "CI_LOWER"),
    "UPPER_BOUND": ("OBS_UPPER", "CI_UPPER"),
    "BASE_PER": ("BASE_PERIOD",),
    "TIME_COVERAGE": ("COVERAGE_TIME",),
    "SOURCE_DETAIL": ("DATA_SOURCE", "SOURCE", "SOURCE_LINK"),
    "COMMENT_OBS": ("OBS_COMMENT", "OBS_FOOTNOTE", "COMMENT"),
    "COMMENT_TS": ("SERIES_FOOTNOTE", "SERIES_COMMENT"),
    "DATA_LAST_UPDATE": ("LAST_UPDATE", "LAST UPDATE"),
}
"""Names of concepts in other data structures, the likeliest first.

SERIES: IAEG-SDGs:SDG. GEO, NACE_R2, ISCED11, ISCO08, OBS_FLAG: Eurostat. LOCATION, COU, IND, VAR,
VARIABLE, SUBJECT, YEA, POWERCODE: OECD.Stat; MEASURE: OECD Data Explorer. GEO_PICT: Pacific
Community. REPORTER, PRODUCTCODE: World Bank WITS. COMP_BREAKDOWN: World Bank Data360. RESIDENCE,
WEALTH_QUINTILE, UNIT_MULTIPLIER, STD_ERR, OBS_CONF, DATA_SOURCE, OBS_FOOTNOTE, SERIES_FOOTNOTE,
WGTD_SAMPL_SIZE, COVERAGE_TIME: UNICEF. OCU, ECO: ILO. The others are spellings of the same words.
"""
ROLES: Mapping[str, str] = {
    "time": PERIOD,
    "geo": AREA,
    "frequency": "FREQ",
    "unit": "UNIT_MEASURE",
    "scalefactor": "UNIT_MULT",
    "referenceperiod": "BASE_PER",
}
"""Component by the role that SDMX-JSON gives a concept (SDMX-JSON data message 1.0, role)."""
TOTALS = {"T": "_T", "TOTAL": "_T", "TOT": "_T"}
"""The total before SDMX Code List Guidelines gave it an underscore; TOTAL: Eurostat."""
QUINTILES = {f"QU{number}": f"Q{number}" for number in range(1, 6)}
"""Quintiles as Eurostat writes them."""
EDUCATION = {
    **{f"ED{level}": f"ISCED11_{level}" for level in range(9)},
    **{f"L{level}": f"ISCED11_{level}" for level in range(9)},
}
"""Levels of ISCED 2011: ED0 to ED8 are Eurostat's, L0 to L8 those of the UNESCO institute."""
VALUES: Mapping[str, Mapping[str, str]] = {
    "SEX": {
        **TOTALS,
        "SEX_T": "_T",  # ILO
        "SEX_F": "F",
        "SEX_M": "M",
        "FEMALE": "F",  # spelt out: OECD.Stat, World Bank
        "MALE": "M",
        "WOMEN": "F",
        "MEN": "M",
        "BTSX": "_T",  # WHO, both sexes
        "MLE": "M",
        "FMLE": "F",
    },
    "AGE": {**TOTALS, "ALLAGE": "_T", "AGE_YTHADULT_YGE15": "Y_GE15"},
    "URBANISATION": {**TOTALS, "URB": "U", "RUR": "R"},
    "INCOME_WEALTH_QUANTILE": {**TOTALS, **QUINTILES},
    "EDUCATION_LEV": {**TOTALS, **EDUCATION},
    **dict.fromkeys(
        (
            "OCCUPATION",
            "COMPOSITE_BREAKDOWN",
            "DISABILITY_STATUS",
            "ACTIVITY",
            "PRODUCT",
            "ETHNICITY",
            "MIGRATION_STATUS",
            "MARITAL_STATUS",
        ),
        TOTALS,
    ),
    "OBS_STATUS": {"b": "B", "e": "E", "f": "F", "p": "P", "u": "U"},  # flags of Eurostat
}
"""Codes that mean the same as another code of the component's list."""
AREA_CODES: Mapping[str, AreaCode] = {
    "UNICEF": "iso3",
    "UNICEFDRPDAU": "iso3",
    "OECD": "iso3",
    "ILO": "iso3",
    "WB": "iso3",
    "WBG_WITS": "m49",
    "IAEG-SDGs": "m49",
    "UNSD": "m49",
    "SPC": "iso2",
    "ESTAT": "iso2",
    "BIS": "iso2",
    "ECB": "iso2",
    "IMF": "iso2",
    "UNESCO": "iso2",
    "UIS": "iso2",
}
"""How agencies write countries, by how the agency's identifier begins. Their own lists: CL_AREA
of BIS, ECB and IMF is ISO 3166-1 alpha-2, CL_AREA of the SDG structure M49."""
OWN_AREAS: Mapping[str, Mapping[str, str]] = {"ESTAT": {"EL": "GR", "UK": "GB"}}
"""Countries that an agency writes otherwise than ISO 3166-1: Greece and the United Kingdom in the
codes of Eurostat."""
WITHOUT_BREAKDOWN = ("_Z", "TOTAL")
"""Codes of any further dimension that set no part of the observations apart: not applicable and
the total."""
KNOWN_ATTRIBUTES = frozenset(
    {"TITLE", "TITLE_COMPL", "COLLECTION", "DECIMALS", "TIME_FORMAT", "AVAILABILITY", "PRE_BREAK"}
    | {"OBS_PRE_BREAK", "COMPILATION", "COVERAGE", "EMBARGO_TIME", "SOURCE_AGENCY", "UPDATED"}
    | {"TIME_PER_COLLECT", "CURRENCY_BASIS", "REF_PERIOD_DETAIL", "GEO_INFO_TYPE", "SERIES_KEY"}
    | {"OBS_KEY", "CUST_BREAKDOWN_LB", "LAST_UPDATE", "DISS_ORG", "CONTACT", "CONF_REDIST"}
)
"""Concepts that describe figures and are no characteristic of people: attributes of the SDG
structure and of cross-domain concepts (SDMX Content-Oriented Guidelines 2009, annex 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """The columns of some data, by what they are."""

    dimensions: tuple[str, ...]
    """Dimensions with the period, in order."""
    attributes: tuple[str, ...]
    """Measures and attributes."""
    roles: Mapping[str, str]
    """Roles that the file gives, by column."""


def is_attribute(concept: str) -> bool:
    """Tell whether a name is known as one that describes figures, wherever it stands.

    Examples
    --------
    >>> is_attribute("OBS_STATUS"), is_attribute("DATA_SOURCE"), is_attribute("CAUSE")
    (True, True, False)
    """
    name = concept.upper()
    component = OBSERVATION.by_id.get(_BY_ALIAS.get(name, name))
    described = component is not None and component.role in {"attribute", "measure"}
    return described or name in KNOWN_ATTRIBUTES


def map_concepts(concepts: Concepts) -> ColumnMapping:
    """Return where components stand in data of any structure.

    Parameters
    ----------
    concepts : Concepts
        The columns.

    Returns
    -------
    ColumnMapping
        A concept that has a component's own name takes it; then come other names, in the order
        of `ALIASES`, then roles. Dimensions that are none of these become breakdowns.

    Examples
    --------
    >>> found = map_concepts(Concepts(
    ...     dimensions=("GEO", "time", "CAUSE"), attributes=("OBS_VALUE",), roles={}
    ... ))
    >>> found.columns, found.breakdown
    ({'GEO': 'REF_AREA', 'time': 'TIME_PERIOD'}, ('CAUSE',))
    """
    columns = (*concepts.dimensions, *concepts.attributes)
    described = set(concepts.attributes)
    taken: dict[str, str] = {}
    for component, column in _candidates(columns, concepts.roles):
        is_free = component not in taken and column not in taken.values()
        # A characteristic of people is never read from an attribute of another name.
        is_key = component in OBSERVATION.key and column.upper() != component
        if is_free and not (is_key and column in described):
            taken[component] = column
    mapped = {column: component for component, column in taken.items()}
    further = [name for name in concepts.dimensions if name not in mapped]
    if CUSTOM in taken and further:
        # One column holds the source's own breakdowns, so they are joined.
        further.append(taken[CUSTOM])
        mapped.pop(taken[CUSTOM])
    return ColumnMapping(
        columns={name: component for name, component in mapped.items() if name != component},
        breakdown=tuple(further),
        values={name: dict(VALUES[name]) for name in taken if name in VALUES},
        totals=WITHOUT_BREAKDOWN,
        missing=(),
    )


def _candidates(columns: Sequence[str], roles: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield components with columns that may hold them, the surest first."""
    for column in columns:
        if column in OBSERVATION.by_id:
            yield column, column
    upper = {column.upper(): column for column in reversed(columns)}
    for component in OBSERVATION.ids:
        for name in (component, *ALIASES.get(component, ())):
            if name in upper:
                yield component, upper[name]
    for column, role in roles.items():
        named = ROLES.get(role.lower(), _BY_ALIAS.get(role.upper(), role.upper()))
        if named in OBSERVATION.by_id:
            yield named, column


def areas_of(agency: str) -> AreaCode | None:
    """Return how an agency writes countries, or None where that is not known.

    Examples
    --------
    >>> areas_of("OECD.SDD.NAD"), areas_of("GSO")
    ('iso3', None)
    """
    for begin, kind in AREA_CODES.items():
        if agency == begin or agency.startswith((f"{begin}.", f"{begin}_")):
            return kind
    return None


_BY_ALIAS = {alias: component for component, names in ALIASES.items() for alias in names}
