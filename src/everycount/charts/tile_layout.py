"""Where the squares of a tile map stand: given, or found from the middles of the areas."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from everycount.charts.geometry import Floats
from everycount.charts.map_projection import middle_longitude

SPREADS: Final = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0)
"""Sizes of a square that are tried, beside the distance between neighbours."""
NEAR: Final = 4
"""Neighbours of an area whose places count when layouts are compared."""
LONGEST: Final = 4
"""How often the side of a full square goes into the longer side of a layout, at most."""
FREE: Final = 3
"""Squares free around the areas that these may move into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileLayout:
    """Column and row of each area, from the top left; no two on the same square."""

    places: Mapping[str, tuple[int, int]]

    def __post_init__(self) -> None:
        """Refuse two areas on one square."""
        ordered = sorted(self.places, key=lambda code: (self.places[code], code))
        for place_, codes in groupby(ordered, key=lambda code: self.places[code]):
            shared = list(codes)
            if len(shared) > 1:
                column, row = place_
                raise ValueError(
                    f"column {column}, row {row}: found {', '.join(shared)}, expected one area"
                )

    def cropped(self, codes: Collection[str]) -> "TileLayout":
        """Return the squares of some areas, without the columns and rows that become empty.

        Examples
        --------
        >>> whole = TileLayout(places={"A": (4, 7), "B": (9, 7), "C": (0, 0)})
        >>> whole.cropped({"A", "B"}).places
        {'A': (0, 0), 'B': (1, 0)}
        """
        kept = {code: spot for code, spot in self.places.items() if code in codes}
        columns = {old: new for new, old in enumerate(sorted({x for x, _ in kept.values()}))}
        rows = {old: new for new, old in enumerate(sorted({y for _, y in kept.values()}))}
        return TileLayout(places={code: (columns[x], rows[y]) for code, (x, y) in kept.items()})

    def renamed(self, codes: Mapping[str, str]) -> "TileLayout":
        """Return the same squares under other codes; those without another keep theirs."""
        return TileLayout(places={codes.get(code, code): at for code, at in self.places.items()})

    @property
    def size(self) -> tuple[int, int]:
        """How many columns and rows there are."""
        xs, ys = zip(*self.places.values(), strict=True)
        return max(xs) + 1, max(ys) + 1


def compute_layout(centres: Mapping[str, tuple[float, float]]) -> TileLayout:
    """Return squares for areas near where they lie: each alone, neighbours beside one another.

    Several sizes of square are tried. For each, areas are given to squares so that all of them
    together move the least; the layout that keeps most neighbours touching, and on their side,
    is taken. The same middles give the same layout on every computer.

    Parameters
    ----------
    centres : mapping of str to tuple
        Code to latitude and longitude in degrees, as `Geometry.centres` gives.

    Returns
    -------
    TileLayout
        A square for each code.

    Raises
    ------
    ValueError
        If there are no areas.

    References
    ----------
    The assignment problem as solved by scipy.optimize.linear_sum_assignment.

    Examples
    --------
    >>> compute_layout({"north": (22, 105), "middle": (16, 107), "south": (10, 106)}).places
    {'middle': (0, 1), 'north': (0, 0), 'south': (0, 2)}
    """
    if not centres:
        raise ValueError("a tile map needs areas")
    codes = sorted(centres)
    if len(codes) == 1:
        return TileLayout(places={codes[0]: (0, 0)})
    spots = _flat(np.array([centres[code] for code in codes]))
    apart = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    pairs = _neighbours(apart)
    # Islands far off must not make the grid so wide that it cannot be filled.
    widest = float(np.ptp(spots, axis=0).max()) / (LONGEST * np.sqrt(len(codes)))
    step = max(float(np.median(apart.min(axis=1))), widest, 1e-9)
    tried = [_assigned(spots / (step * spread)) for spread in SPREADS]
    best = max(tried, key=lambda squares: round(_kept(spots, squares, pairs), 6))
    best = best - best.min(axis=0)
    return TileLayout(
        places={code: (int(x), int(y)) for code, (x, y) in zip(codes, best, strict=True)}
    ).cropped(codes)


def _flat(centres: Floats) -> Floats:
    """Return places on paper, north above south everywhere: degrees, longitudes drawn together."""
    latitudes, longitudes = centres.T
    around = (longitudes - middle_longitude(longitudes) + 180) % 360 - 180
    return np.column_stack([around * np.cos(np.radians(np.median(latitudes))), -latitudes])


def _neighbours(apart: Floats) -> NDArray[np.int64]:
    """Return pairs of areas, each with those nearest to it."""
    count = min(NEAR, len(apart) - 1)
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :count]
    return np.column_stack([np.repeat(np.arange(len(apart)), count), nearest.ravel()])


def _assigned(spots: Floats) -> NDArray[np.int64]:
    """Return a square for each spot, all together as near as they can be."""
    low = np.floor(spots.min(axis=0)).astype(np.int64) - FREE
    high = np.ceil(spots.max(axis=0)).astype(np.int64) + FREE
    # Never fewer squares than areas, however close these stand together.
    short = int(np.ceil(np.sqrt(len(spots))))
    high = np.maximum(high, low + short)
    columns, rows = np.meshgrid(np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1))
    squares = np.column_stack([columns.ravel(), rows.ravel()]).astype(np.int64)
    cost = ((spots[:, None] - squares[None]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(np.round(cost, 6))
    return np.asarray(squares[chosen], dtype=np.int64)


def _kept(spots: Floats, squares: NDArray[np.int64], pairs: NDArray[np.int64]) -> float:
    """Return how well neighbours stand: shares that touch, and that are on the same side."""
    first, second = pairs.T
    steps = squares[second] - squares[first]
    touch = np.abs(steps).max(axis=1) == 1
    true = spots[second] - spots[first]
    cosine = (steps * true).sum(axis=1) / (
        np.linalg.norm(steps, axis=1) * np.maximum(np.linalg.norm(true, axis=1), 1e-12)
    )
    return float(touch.mean() + (cosine > np.cos(np.pi / 4)).mean())
