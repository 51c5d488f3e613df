"""Draw in a cell of a table: a line with its last dot, a bar with its target; no Vega."""

from collections.abc import Sequence
from math import isfinite
from typing import Final

WIDTH: Final = 96
"""Of a line in a cell, in CSS pixels."""
HEIGHT: Final = 22
EDGE: Final = 3.0
"""Pixels kept around it, so that dots are whole."""


def sparkline(values: Sequence[float | None], *, colour: str = "--c-1") -> str:
    """Return a line over equal steps for a cell of a table, with a dot at its last figure.

    It is broken where a figure is missing, and its scale is its own: numbers stand beside it, and
    readers of pages are told them, not the picture.

    Parameters
    ----------
    values : sequence of float or None
        In order, a step each; None and NaN where there is no figure.
    colour : str
        Token of the page.

    Returns
    -------
    str
        One ``<svg>`` element, hidden from screen readers; empty without a figure.

    Examples
    --------
    >>> sparkline([1, 2, None, 2])[-82:]
    '<path d="M3,19 33,3"/></g><circle cx="93" cy="3" r="2.5" fill="var(--c-1)"/></svg>'
    >>> sparkline([None])
    ''
    """
    known = [v for v in values if v is not None and isfinite(v)]
    if not known:
        return ""
    low, high = min(known), max(known)
    across = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    span = high / 2 - low / 2  # halves, since the whole may be more than a float holds
    runs: list[list[str]] = [[]]
    last = ""
    for number, value in enumerate(values):
        if value is None or not isfinite(value):
            runs.append([])
            continue
        part = (value / 2 - low / 2) / span if span else 0.5
        y = HEIGHT - EDGE - part * (HEIGHT - 2 * EDGE)
        x = EDGE + across * number
        runs[-1].append(f"{x:.4g},{y:.3g}")
        last = f'cx="{x:.4g}" cy="{y:.3g}"'
    lines = "".join(f'<path d="M{" ".join(run)}"/>' for run in runs if len(run) > 1)
    alone = "".join(
        '<circle cx="{}" cy="{}" r="1.5" fill="var({})"/>'.format(*run[0].split(","), colour)
        for run in runs
        if len(run) == 1 and last != 'cx="{}" cy="{}"'.format(*run[0].split(","))
    )
    group = f'<g fill="none" stroke="var({colour})" stroke-width="1.5">{lines}</g>' if lines else ""
    return (
        f'<svg class="spark" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'aria-hidden="true" focusable="false">{group}{alone}'
        f'<circle {last} r="2.5" fill="var({colour})"/></svg>'
    )


def cell_bar(
    value: float | None,
    *,
    scale: tuple[float, float] = (0.0, 100.0),
    target: float | None = None,
    colour: str = "--c-1",
) -> str:
    """Return a bar from zero for a cell of a table, as wide as the cell, with a tick at the target.

    Parameters
    ----------
    value : float, optional
        The figure; None and NaN give a hatched cell. Beyond the scale a bar ends at its end.
    scale : tuple of float
        What the cell holds from side to side; it holds zero.
    target : float, optional
        A thin line leads from the bar to it.
    colour : str
        Token of the page.

    Returns
    -------
    str
        One ``<svg>`` element of class ``bar``, hidden from screen readers: the number stands beside
        it.

    Raises
    ------
    ValueError
        If the scale does not hold zero, or has no length.

    Examples
    --------
    >>> "".join(cell_bar(25).partition("<rect")[1:])
    '<rect width="25%" y="3" height="12" fill="var(--c-1)"/></svg>'
    """
    low, high = scale
    if not low <= 0 <= high or not low < high:
        raise ValueError(f"a bar in a cell from {low} to {high}: expected ends about zero")
    start = '<svg class="bar" aria-hidden="true" focusable="false">'
    if value is None or not isfinite(value):
        return f'{start}<rect width="100%" y="3" height="12" fill="url(#hatch)"/></svg>'
    zero, end = _part(0, low, high), _part(value, low, high)
    inside = ""
    if target is not None:
        tick = _part(target, low, high)
        far = max(end, zero) if value >= 0 else min(end, zero)
        inside += (
            f'<line x1="{far:.4g}%" x2="{tick:.4g}%" y1="9" y2="9" '
            'stroke="var(--c-track)" stroke-width="2"/>'
        )
    left = f' x="{min(zero, end):.4g}%"' if min(zero, end) > 0 else ""
    inside += f'<rect{left} width="{abs(end - zero):.4g}%" y="3" height="12" fill="var({colour})"/>'
    if target is not None:
        inside += (
            f'<line x1="{tick:.4g}%" x2="{tick:.4g}%" y1="1" y2="17" '
            'stroke="var(--ink)" stroke-width="2"/>'
        )
    return f"{start}{inside}</svg>"


def _part(value: float, low: float, high: float) -> float:
    """Return where a figure stands in a cell, in per cent of its width."""
    return 100 * (min(max(value, low), high) - low) / (high - low)
