"""Checks of codes, and of what an indicator should be broken down by."""

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from everycount.model.codes import TOTAL
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, BREAKDOWNS, INDICATOR, OBSERVATION, VALUE
from everycount.repository.check_context import SCHEMA, CheckContext, grouped

DIMENSIONS: Mapping[str, str] = {
    "sex": "SEX", "gender": "SEX", "age": "AGE", "location": "URBANISATION",
    "residence": "URBANISATION", "urban/rural": "URBANISATION", "urbanisation": "URBANISATION",
    "income": "INCOME_WEALTH_QUANTILE", "wealth": "INCOME_WEALTH_QUANTILE",
    "wealth quintile": "INCOME_WEALTH_QUANTILE", "education": "EDUCATION_LEV",
    "education level": "EDUCATION_LEV", "occupation": "OCCUPATION",
    "disability": "DISABILITY_STATUS", "disability status": "DISABILITY_STATUS",
    "economic activity": "ACTIVITY", "activity": "ACTIVITY", "sector": "ACTIVITY",
    "ethnicity": "ETHNICITY", "ethnic group": "ETHNICITY", "migration": "MIGRATION_STATUS",
    "migratory status": "MIGRATION_STATUS", "migration status": "MIGRATION_STATUS",
    "marital status": "MARITAL_STATUS", "region": "REF_AREA", "province": "REF_AREA",
    "geography": "REF_AREA", "geographic location": "REF_AREA",
}  # fmt: skip
"""Dimension by the word that frameworks use for a characteristic. Others are looked for among
the generated codes of CUST_BREAKDOWN."""


def check_codes(context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield codes that nothing explains, and indicators that are not in the framework."""
    for component in OBSERVATION.components:
        if component.kind != "code" or component.id == INDICATOR:
            continue
        listed = context.codes.get(component.id)
        used = context.table[component.id].drop_nulls().unique().sort().to_list()
        unknown = [code for code in used if code != TOTAL and (not listed or code not in listed)]
        if not unknown:
            continue
        rows = context.table.filter(pl.col(component.id).is_in(unknown))
        yield grouped(
            rows,
            "codes-unknown",
            component=component.id,
            found=pl.col(component.id).unique().sort().str.join(", "),
            expected=f"codes of {component.codes}, or labels for them"
            + _looks(component.id, unknown),
        )
    if context.indicators:
        rows = context.table.filter(~pl.col(INDICATOR).is_in(list(context.indicators)))
        yield grouped(
            rows,
            "indicator-unknown",
            component=INDICATOR,
            found=pl.col(INDICATOR).first(),
            expected="an indicator of the framework",
        )


def _looks(component: str, unknown: Sequence[str]) -> str:
    """Return what translates codes of areas that have the form of ISO codes."""
    if component != AREA:
        return ""
    for kind, size in (("iso3", 3), ("iso2", 2)):
        if all(re.fullmatch(rf"[A-Z]{{{size}}}", code) for code in unknown):
            return (
                f'; if they are ISO 3166-1 alpha-{size}, a mapping with areas = "{kind}" makes '
                "them M49"
            )
    return ""


def check_coverage(context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield the breakdowns, single and combined, that an indicator asks for and does not have."""
    known = context.table.filter(pl.col(VALUE).is_not_null() | pl.col("VALUE_TEXT").is_not_null())
    present = present_breakdowns(known)
    counts = dict(known.group_by(INDICATOR).len().iter_rows())
    rows = []
    for code in sorted(set(present) & set(context.indicators)):
        for rule, wanted in _wanted(context.indicators[code]):
            if not any(set(wanted) <= names for names in present[code]):
                rows.append(
                    {
                        "rule": rule,
                        INDICATOR: code,
                        "breakdown": "",
                        "component": " x ".join(wanted),
                        "found": _have(present[code]),
                        "expected": f"figures by {' and '.join(wanted)}"
                        + (" at once" if len(wanted) > 1 else ""),
                        "count": counts[code],
                    }
                )
    yield pl.DataFrame(rows, schema=SCHEMA)


def present_breakdowns(known: pl.DataFrame) -> dict[str, set[frozenset[str]]]:
    """Return, for each indicator, the sets of dimensions that figures are given by at once.

    Examples
    --------
    >>> table = pl.DataFrame({"INDICATOR": ["5a", "5a"], **{n: ["_T", "_T"] for n in BREAKDOWNS}})
    >>> table = table.with_columns(SEX=pl.Series(["F", "_T"]), REF_AREA=pl.lit("704"))
    >>> sorted(map(sorted, present_breakdowns(table)["5a"]))
    [[], ['SEX']]
    """
    flags = known.select(
        INDICATOR, *((pl.col(name) != TOTAL).alias(name) for name in BREAKDOWNS)
    ).unique(maintain_order=True)
    present: dict[str, set[frozenset[str]]] = {}
    for code, *is_broken in flags.iter_rows():
        names = frozenset(
            name for name, is_one in zip(BREAKDOWNS, is_broken, strict=True) if is_one
        )
        present.setdefault(code, set()).add(names)
    return present


def dimension_of(characteristic: str) -> str:
    """Return the dimension for a characteristic as frameworks name it, else CUST_BREAKDOWN.

    Examples
    --------
    >>> dimension_of("Sex"), dimension_of("kind of perpetrator")
    ('SEX', 'CUST_BREAKDOWN')
    """
    return DIMENSIONS.get(characteristic.casefold().strip(), "CUST_BREAKDOWN")


def _wanted(indicator: Indicator) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the rule and the dimensions of each breakdown that an indicator asks for."""
    for name in indicator.disaggregations:
        if (dimension := dimension_of(name)) != "REF_AREA":
            yield "coverage-single", (dimension,)
    for names in indicator.combined:
        dimensions = dict.fromkeys(dimension_of(name) for name in names)
        dimensions.pop("REF_AREA", None)
        if len(dimensions) > 1:
            yield "coverage-combined", tuple(dimensions)


def _have(present: set[frozenset[str]]) -> str:
    """Return the breakdowns there are, in words."""
    words = sorted(" x ".join(sorted(names)) for names in present if names)
    return f"figures by {', '.join(words)}" if words else "figures for all only"
