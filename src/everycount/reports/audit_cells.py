"""Write the figures of an audit as cells of a table: ranks, shares, correlations, p-values."""

from typing import Final

from everycount.reports.audit_page import Column

NONE: Final = "–"
"""Stands where a figure could not be computed."""


def text(label: str) -> Column:
    """Return a column of short texts."""
    return Column(label=label)


def number(label: str) -> Column:
    """Return a column of figures."""
    return Column(label=label, kind="number")


def words(label: str) -> Column:
    """Return a column of texts that may take several lines."""
    return Column(label=label, kind="words")


def rank(value: float | None) -> str:
    """Return a rank: whole where it is whole, otherwise with a decimal.

    Examples
    --------
    >>> rank(12.0), rank(12.25), rank(None)
    ('12', '12.2', '–')
    """
    if value is None:
        return NONE
    return decimal(value, 1).removesuffix(".0")


def decimal(value: float | None, decimals: int) -> str:
    """Return a figure with so many decimals, thousands apart and never as minus zero.

    Examples
    --------
    >>> decimal(-0.126, 2), decimal(-0.001, 2), decimal(1234.5, 1), decimal(None, 2)
    ('−0.13', '0.00', '1,234.5', '–')
    """
    if value is None:
        return NONE
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", "−")


def share(value: float | None) -> str:
    """Return a share from 0 to 1 in percent; small parts of a percent are not rounded away.

    Examples
    --------
    >>> share(0.871), share(0.004), share(0.00001), share(0.9999), share(1.0), share(None)
    ('87 %', '0.4 %', '< 0.1 %', '> 99.9 %', '100 %', '–')
    """
    if value is None:
        return NONE
    percent = 100 * value
    if 0 < percent < 0.05:
        return "< 0.1 %"
    if 99.95 <= percent < 100:
        return "> 99.9 %"
    return f"{percent:.{0 if percent in (0, 100) or 1 <= percent <= 99 else 1}f} %"


def fine_share(value: float | None) -> str:
    """Return a share in percent with a decimal: weights of many parts are small.

    Examples
    --------
    >>> fine_share(0.0294), fine_share(-0.002), fine_share(None)
    ('2.9 %', '−0.2 %', '–')
    """
    return NONE if value is None else f"{decimal(100 * value, 1)} %"


def p_value(value: float | None) -> str:
    """Return a p-value.

    Examples
    --------
    >>> p_value(0.0414), p_value(4.8e-9), p_value(None)
    ('0.041', '< 0.001', '–')
    """
    return "< 0.001" if value is not None and value < 0.0005 else decimal(value, 3)


def interval(low: float | None, high: float | None) -> str:
    """Return the ends of an interval of a sensitivity index.

    Examples
    --------
    >>> interval(-0.021, 0.3), interval(None, None)
    ('−0.02 to 0.30', '–')
    """
    if low is None or high is None:
        return NONE
    return f"{decimal(low, 2)} to {decimal(high, 2)}"
