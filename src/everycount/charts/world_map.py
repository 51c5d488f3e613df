"""Map scores of countries on the shipped world."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from everycount.charts.area_map import area_map
from everycount.charts.geometry import Geometry
from everycount.charts.theme import Spec

BOUNDARY_NOTE: Final = (
    "Boundaries: Natural Earth, visionscarto edition. They express no opinion on the legal status "
    "of any area. Small states are drawn as dots."
)


def world_map(
    scores: Mapping[str, float],
    *,
    breaks: Sequence[float],
    topology: bytes,
    points: Mapping[str, tuple[float, float]],
    description: str,
    missing: Collection[str] = (),
    width: int = 720,
) -> Spec:
    """Return a world map of scores in classes.

    Parameters
    ----------
    scores : mapping of str to float
        Unit (ISO3) to score, in the unit of `breaks`.
    breaks : sequence of float
        One to four lower bounds of classes, ascending, at round numbers.
    topology : bytes
        ``assets/world.topojson``.
    points : mapping of str to tuple
        Unit to latitude and longitude in degrees, for units without a shape.
    description : str
        The map in a sentence.
    missing : collection of str
        Units to show as missing although they may have no shape: a hatched dot. Every shape
        without a score is hatched anyway.
    width : int
        CSS pixels.

    Returns
    -------
    dict
        A Vega-Lite specification. Units with neither shape nor point are left out.

    Raises
    ------
    ValueError
        If there are no breaks, more than four, or they do not ascend.

    Examples
    --------
    >>> spec = world_map({"MLT": 81.0}, breaks=[80], topology=b'{"type": "Topology"}',
    ...                  points={"MLT": (35.9, 14.4)}, description="Malta scores 81.")
    >>> spec["layer"][1]["data"]["values"]
    [{'unit': 'MLT', 'lat': 35.9, 'lon': 14.4, 'class': 1}]
    """
    world = Geometry(topology=json.loads(topology), points=points, is_world=True)
    return area_map(
        scores, breaks=breaks, geometry=world, description=description, missing=missing, width=width
    )
