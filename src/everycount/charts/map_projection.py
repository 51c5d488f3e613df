"""Put areas on paper, each as large as it is: Equal Earth for the globe, Lambert for a part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from everycount.charts.geometry import Floats, ring_area
from everycount.charts.theme import Spec

WIDEST: Final = 75.0
"""Degrees from the middle within which areas must lie, else the globe is drawn: further away the
projection pulls them long."""
GREENWICH: Final = 11.0
"""Longitude in the middle of the globe: it is then cut through the Bering Strait, so that Russia
is whole and the states of the Pacific stand together."""
Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """How degrees become pixels: rotation, scale and shift, as Vega takes them."""

    kind: Literal["equalEarth", "azimuthalEqualArea"]
    longitude: float
    latitude: float
    scale: float
    shift: tuple[float, float]
    width: int
    height: int
    is_cut: bool
    """Whether areas reach beyond the drawing and are cut at its edge."""

    @property
    def projection(self) -> Spec:
        """The projection of a specification."""
        cut: Spec = {"clipExtent": [[0, 0], [self.width, self.height]]} if self.is_cut else {}
        placed: Spec = {
            "type": self.kind,
            "rotate": [0.0 - self.longitude, 0.0 - self.latitude, 0],
            "scale": self.scale,
            "translate": list(self.shift),
        }
        return placed | cut

    def pixels(self, degrees: Floats) -> Floats:
        """Return the pixels of longitudes and latitudes, a row a point."""
        x, y = _FLAT[self.kind](degrees, self.longitude, self.latitude).T
        return np.column_stack([x * self.scale + self.shift[0], self.shift[1] - y * self.scale])

    def shows(self, latitude: float, longitude: float) -> bool:
        """Tell whether a place lies inside the drawing."""
        ((x, y),) = self.pixels(np.array([[longitude, latitude]]))
        return bool(0 <= x <= self.width and 0 <= y <= self.height)

    def size(self, rings: Sequence[Floats]) -> float:
        """Return how many square pixels closed rings take."""
        return float(sum(ring_area(self.pixels(ring)) for ring in rings))


def place(
    outlines: Mapping[str, Sequence[Floats]],
    points: Mapping[str, tuple[float, float]],
    *,
    width: int,
    most_height: int,
    edge: int,
    window: Box | None = None,
) -> Placing:
    """Return how areas fill a drawing: as a part of the globe, or the globe if they lie far apart.

    Parameters
    ----------
    outlines : mapping of str to sequence
        Closed rings of longitude and latitude in degrees.
    points : mapping of str to tuple
        Latitude and longitude of areas without a shape.
    width, most_height : int
        Of the drawing, in CSS pixels; it is as high as it needs to be, up to so many.
    edge : int
        Pixels to leave free on each side.
    window : tuple of float, optional
        West, south, east and north of what to show, in degrees; all areas if left out.

    Returns
    -------
    Placing
        Numbers that do not depend on the computer that draws.
    """
    rows = [ring for rings in outlines.values() for ring in rings]
    rows += [np.array([[longitude, latitude]]) for latitude, longitude in points.values()]
    degrees = np.concatenate(rows) if window is None else _rim(window)
    longitude, latitude = _middle(degrees)
    kind: Literal["equalEarth", "azimuthalEqualArea"] = "azimuthalEqualArea"
    if _distance(degrees, longitude, latitude).max() > WIDEST:
        kind, longitude, latitude = "equalEarth", GREENWICH, 0.0
    flat = _FLAT[kind](degrees, longitude, latitude)
    low, high = flat.min(axis=0), flat.max(axis=0)
    across, down = (float(side) for side in np.maximum(high - low, 1e-6))
    inner = width - 2 * edge
    scale = min(inner / across, (most_height - 2 * edge) / down)
    x, y = (float(side) for side in (low + high) / 2)
    height = round(down * scale + 2 * edge)
    return Placing(
        kind=kind,
        longitude=round(longitude, 4),
        latitude=round(latitude, 4),
        scale=round(scale, 4),
        shift=(round(width / 2 - x * scale, 2), round(height / 2 + y * scale, 2)),
        width=width,
        height=height,
        is_cut=window is not None,
    )


def _rim(window: Box) -> Floats:
    """Return places along the rim of a window."""
    west, south, east, north = window
    across, down = np.linspace(west, east, 25), np.linspace(south, north, 25)
    rows = [np.column_stack([across, np.full(25, side)]) for side in (south, north)]
    rows += [np.column_stack([np.full(25, side), down]) for side in (west, east)]
    return np.concatenate(rows)


def _middle(degrees: Floats) -> tuple[float, float]:
    """Return longitude and latitude of the middle of the box around points."""
    latitude = (degrees[:, 1].min() + degrees[:, 1].max()) / 2
    return middle_longitude(degrees[:, 0]), float(latitude)


def middle_longitude(longitudes: Floats) -> float:
    """Return the middle of longitudes, on either side of 180 degrees.

    Their span starts behind the widest gap between them, so that Fiji and Samoa lie in one.

    Examples
    --------
    >>> middle_longitude(np.array([178.0, -172.0])), middle_longitude(np.array([10.0, 20.0]))
    (-177.0, 15.0)
    """
    around = np.unique(longitudes % 360)
    gaps = np.diff(np.append(around, around[0] + 360))
    west = around[(int(gaps.argmax()) + 1) % len(around)]
    return float((west + (360 - gaps.max()) / 2 + 180) % 360 - 180)


def _distance(degrees: Floats, longitude: float, latitude: float) -> Floats:
    """Return the degrees between points and the middle, along the globe."""
    x, y = np.radians(degrees[:, 0] - longitude), np.radians(degrees[:, 1])
    middle = np.radians(latitude)
    cosine = np.sin(middle) * np.sin(y) + np.cos(middle) * np.cos(y) * np.cos(x)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))), dtype=np.float64)


def _lambert(degrees: Floats, longitude: float, latitude: float) -> Floats:
    """Return points on the plane that touches the globe in the middle; Snyder (1987), page 185."""
    x, y = np.radians(degrees[:, 0] - longitude), np.radians(degrees[:, 1])
    middle = np.radians(latitude)
    cosine = np.sin(middle) * np.sin(y) + np.cos(middle) * np.cos(y) * np.cos(x)
    stretch = np.sqrt(2 / np.maximum(1 + cosine, 1e-9))
    up = np.cos(middle) * np.sin(y) - np.sin(middle) * np.cos(y) * np.cos(x)
    return np.column_stack([stretch * np.cos(y) * np.sin(x), stretch * up])


def _equal_earth(degrees: Floats, longitude: float, latitude: float) -> Floats:
    """Return points in Equal Earth: Šavrič, Patterson and Jenny (2019), equations 2 and 3."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    x = np.radians((degrees[:, 0] - longitude + 180) % 360 - 180)
    slant = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(degrees[:, 1] - latitude)))
    two = slant**2
    six = two**3
    stretch = np.sqrt(3) / 2 * (a1 + 3 * a2 * two + six * (7 * a3 + 9 * a4 * two))
    up = slant * (a1 + a2 * two + six * (a3 + a4 * two))
    return np.column_stack([x * np.cos(slant) / stretch, up])


_FLAT: Final = {"equalEarth": _equal_earth, "azimuthalEqualArea": _lambert}
