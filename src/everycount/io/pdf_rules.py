"""Read the ruled lines of a page of a PDF, straight along or down the page."""

from collections.abc import Iterator
from ctypes import byref, c_float
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from pypdfium2 import raw

from everycount.policy.grid import NEAR, Rule

SKEW: Final = 0.5
"""Points by which the ends of a rule may differ across it."""
SHORTEST: Final = 4.0
"""Points that a rule is long, at least; shorter strokes are the width of others."""
MOST: Final = 400
"""Rules of a page, at most, once those that go on each other are one; beyond this it is a map."""
STROKES: Final = 20_000
"""Strokes of a page, at most, for the same reason."""


def read_rules(page: Any) -> tuple[Rule, ...]:
    """Return the straight strokes and edges of boxes on a page.

    Parameters
    ----------
    page : PdfPage
        The page.

    Returns
    -------
    tuple of Rule
        Along first, then down; empty for a page with more of them than a table has.
    """
    found = list[Rule]()
    for at in range(raw.FPDFPage_CountObjects(page)):
        drawn = raw.FPDFPage_GetObject(page, at)
        if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_PATH:
            found += _straight(drawn)
        if len(found) > STROKES:
            return ()
    rules = tuple(_joined(found))
    return rules if len(rules) <= MOST else ()


def _joined(rules: list[Rule]) -> Iterator[Rule]:
    """Yield rules, those drawn piece by piece, cell by cell, as one."""
    last: Rule | None = None
    for rule in sorted(rules, key=lambda each: (each.is_down, round(each.at), each.start)):
        goes_on = last and last.is_down == rule.is_down and abs(last.at - rule.at) <= NEAR
        if last and goes_on and rule.start <= last.end + SKEW:
            last = replace(last, end=max(last.end, rule.end))
            continue
        if last:
            yield last
        last = rule
    if last:
        yield last


def _straight(drawn: Any) -> Iterator[Rule]:
    """Yield the straight strokes of what is drawn."""
    points = list[tuple[float, float]]()
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, matrix)
    across, up = c_float(), c_float()
    for at in range(raw.FPDFPath_CountSegments(drawn)):
        segment = raw.FPDFPath_GetPathSegment(drawn, at)
        raw.FPDFPathSegment_GetPoint(segment, byref(across), byref(up))
        point = (
            matrix.a * across.value + matrix.c * up.value + matrix.e,
            matrix.b * across.value + matrix.d * up.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield from _rules(points)
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    yield from _rules(points)


def _rules(points: list[tuple[float, float]]) -> Iterator[Rule]:
    """Yield the parts of a stroke that go along or down the page."""
    for (x1, y1), (x2, y2) in pairwise(points):
        wide, high = abs(x2 - x1), abs(y2 - y1)
        if wide <= SKEW and high >= SHORTEST:
            yield Rule(is_down=True, at=(x1 + x2) / 2, start=min(y1, y2), end=max(y1, y2))
        elif high <= SKEW and wide >= SHORTEST:
            yield Rule(is_down=False, at=(y1 + y2) / 2, start=min(x1, x2), end=max(x1, x2))
