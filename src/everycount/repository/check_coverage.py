"""Checks of codes, and of what an indicator should be broken down by."""

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from everycount.model.codes import TOTAL
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, BREAKDOWNS, INDICATOR, OBSERVATION
from everycount.repository.check_context import (
    FOUND,
    ROW,
    CheckContext,
    grouped,
    has_value,
    tallied,
)

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


def check_codes(table: pl.LazyFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield codes that nothing explains, and indicators that are not in the framework."""
    for component in OBSERVATION.components:
        name = component.id
        if component.kind != "code" or name == INDICATOR:
            continue
        rows = tallied(table.filter(pl.col(name).is_not_null()), name)
        listed = context.codes.get(name)
        used = rows[name].unique().sort().to_list()
        unknown = [code for code in used if code != TOTAL and (not listed or code not in listed)]
        if unknown:
            yield grouped(
                rows.filter(pl.col(name).is_in(unknown)),
                "codes-unknown",
                component=name,
                found=pl.col(name).unique().sort().str.join(", "),
                expected=f"codes of {component.codes}, or labels for them" + _looks(name, unknown),
            )
    if context.indicators:
        yield grouped(
            tallied(table.filter(~pl.col(INDICATOR).is_in(list(context.indicators)))),
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


def check_coverage(table: pl.LazyFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield the breakdowns, single and combined, that an indicator asks for and does not have."""
    asked = table.filter(has_value() & pl.col(INDICATOR).is_in(list(context.indicators)))
    flags = [(pl.col(name) != TOTAL).alias(name) for name in BREAKDOWNS]
    known = tallied(asked.select(INDICATOR, ROW, *flags), *BREAKDOWNS)
    present = present_breakdowns(known)
    totals = known.group_by(INDICATOR).agg(pl.col("count").sum(), pl.col(ROW).min())
    rows = []
    for code, count, row in totals.iter_rows():
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
                        "count": count,
                        ROW: row,
                    }
                )
    yield pl.DataFrame(rows, schema=FOUND)


def present_breakdowns(known: pl.DataFrame) -> dict[str, set[frozenset[str]]]:
    """Return, for each indicator, the sets of dimensions that figures are given by at once.

    Parameters
    ----------
    known : DataFrame
        For each dimension of breakdown, whether figures of an indicator are not of its total.

    Examples
    --------
    >>> table = pl.DataFrame({"INDICATOR": ["5a", "5a"], **dict.fromkeys(BREAKDOWNS, False)})
    >>> table = table.with_columns(SEX=pl.Series([True, False]))
    >>> sorted(map(sorted, present_breakdowns(table)["5a"]))
    [[], ['SEX']]
    """
    present: dict[str, set[frozenset[str]]] = {}
    for code, *is_broken in known.select(INDICATOR, *BREAKDOWNS).iter_rows():
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
