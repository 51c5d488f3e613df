"""Read the shapes of areas that an office uploads, make them light, and match them to data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Final, Literal

from everycount.charts.geometry import Geometry
from everycount.charts.map_arcs import BUDGET, light_topology
from everycount.charts.world_map import BOUNDARY_NOTE
from everycount.errors import InputError, Problem
from everycount.io.areas import m49_codes
from everycount.io.files import read_bytes
from everycount.io.geometry_document import read_document
from everycount.io.geometry_shapes import read_shapes

BOUNDARY_NOTES: Final = {
    "en": BOUNDARY_NOTE,
    "fr": "Frontières : Natural Earth, édition visionscarto. Elles n’expriment aucune opinion sur "
    "le statut juridique d’un territoire. Les petits États sont représentés par des points.",
    "es": "Fronteras: Natural Earth, edición visionscarto. No expresan ninguna opinión sobre la "
    "condición jurídica de ningún territorio. Los Estados pequeños se muestran como puntos.",
    "vi": "Ranh giới: Natural Earth, bản visionscarto. Ranh giới không thể hiện quan điểm nào về "
    "tình trạng pháp lý của bất kỳ khu vực nào. Các quốc gia nhỏ được vẽ bằng dấu chấm.",
    "ar": "الحدود: Natural Earth، إصدار visionscarto. لا تعبّر عن أي رأي بشأن الوضع القانوني لأي "
    "منطقة. تظهر الدول الصغيرة على شكل نقاط.",
}
"""What stands beside the shipped world map."""
DRAWN_BY_OTHERS: Final = {
    "en": "Boundaries as in the file that was supplied. They express no opinion on the legal "
    "status of any area.",
    "fr": "Frontières telles que fournies dans le fichier. Elles n’expriment aucune opinion sur le "
    "statut juridique d’un territoire.",
    "es": "Fronteras según el archivo facilitado. No expresan ninguna opinión sobre la condición "
    "jurídica de ningún territorio.",
    "vi": "Ranh giới theo tệp được cung cấp. Ranh giới không thể hiện quan điểm nào về tình trạng "
    "pháp lý của bất kỳ khu vực nào.",
    "ar": "الحدود كما وردت في الملف المقدَّم. لا تعبّر عن أي رأي بشأن الوضع القانوني لأي منطقة.",
}
"""What stands beside a map of an office's own shapes, unless the office gives a note."""
_ASSETS: Final = resources("everycount") / "assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMatch:
    """Which areas of a map and of data are the same."""

    both: tuple[str, ...]
    without_figures: tuple[str, ...]
    """Codes on the map that the data do not have."""
    without_shape: tuple[str, ...]
    """Codes of the data that the map does not have: nobody would see their figures."""


def read_geometry(
    path: Path | str,
    *,
    code: str | None = None,
    name: str | None = None,
    layer: str | None = None,
    notes: Mapping[str, str] = DRAWN_BY_OTHERS,
    budget: int = BUDGET,
) -> Geometry:
    """Return the shapes in a GeoJSON or TopoJSON file; ``-`` is standard input.

    The arguments are those of `parse_geometry`.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.
    """
    return parse_geometry(
        read_bytes(path),
        subject=str(path),
        code=code,
        name=name,
        layer=layer,
        notes=notes,
        budget=budget,
    )


def parse_geometry(
    source: bytes,
    *,
    subject: str,
    code: str | None = None,
    name: str | None = None,
    layer: str | None = None,
    notes: Mapping[str, str] = DRAWN_BY_OTHERS,
    budget: int = BUDGET,
) -> Geometry:
    """Return the shapes in GeoJSON or TopoJSON, made light for pages.

    Shapes are turned the way that drawing on a globe asks for, put on a grid, and thinned until
    they fit the budget; borders of neighbours stay together.

    Parameters
    ----------
    source : bytes
        The file.
    subject : str
        What messages call it.
    code : str, optional
        Property that holds each area's code; the shape's own `id` if left out. A code stays as
        it is written: "04" stays "04".
    name : str, optional
        Property that holds each area's name.
    layer : str, optional
        Object of a TopoJSON that has several.
    notes : mapping of str to str
        What to say of the boundaries, by language.
    budget : int
        Bytes of the result.

    Returns
    -------
    Geometry
        A shape for each code.

    Raises
    ------
    InputError
        With every fault: no JSON, another kind of file, no code, one code twice, shapes that are
        no polygons, rings that are not closed, coordinates outside the globe or in metres.

    References
    ----------
    RFC 7946, The GeoJSON Format; The TopoJSON Format Specification 1.0.

    Examples
    --------
    >>> square = [[[105, 21], [106, 21], [106, 22], [105, 21]]]
    >>> feature = {"type": "Feature", "id": "VN01", "properties": {},
    ...            "geometry": {"type": "Polygon", "coordinates": square}}
    >>> import json
    >>> sorted(parse_geometry(json.dumps(feature).encode(), subject="vn.json").codes)
    ['VN01']
    """
    document = read_document(source, subject=subject, layer=layer)
    shapes = read_shapes(document, subject=subject, code=code, name=name)
    return Geometry(
        topology=light_topology(shapes.areas, budget=budget), names=shapes.names, notes=notes
    )


@cache
def world_geometry(kind: Literal["iso3", "m49"] = "m49") -> Geometry:
    """Return the shipped world: shapes of countries, and points of small states.

    Parameters
    ----------
    kind : {"iso3", "m49"}
        How its areas are to be called; data are kept under M49.

    Examples
    --------
    >>> "704" in world_geometry().codes, "VNM" in world_geometry("iso3").codes
    (True, True)
    """
    import json  # noqa: PLC0415

    rows = (_ASSETS / "points.csv").read_text(encoding="utf-8").split("\n")[1:-1]
    cells = (row.split(",") for row in rows)
    world = Geometry(
        topology=json.loads((_ASSETS / "world.topojson").read_bytes()),
        points={unit: (float(latitude), float(longitude)) for unit, latitude, longitude in cells},
        notes=BOUNDARY_NOTES,
        is_world=True,
    )
    return world if kind == "iso3" else world.renamed(m49_codes("iso3"))


def match_areas(geometry: Geometry, codes: Collection[str]) -> AreaMatch:
    """Return which areas of a map and of data are the same, and which are in one alone.

    Parameters
    ----------
    geometry : Geometry
        The map.
    codes : collection of str
        Areas of the data.

    Returns
    -------
    AreaMatch
        All codes, sorted.

    Raises
    ------
    InputError
        If none is the same: the map and the data write their codes in different ways.

    Examples
    --------
    >>> match_areas(world_geometry("iso3"), {"VNM", "XYZ"}).without_shape
    ('XYZ',)
    """
    mine, theirs = geometry.codes, frozenset(codes)
    if not mine & theirs:
        found = f"areas such as {_some(theirs)}"
        problem = Problem("areas of the data", found, f"some of the map, such as {_some(mine)}")
        raise InputError("the map", [problem])
    return AreaMatch(
        both=tuple(sorted(mine & theirs)),
        without_figures=tuple(sorted(mine - theirs)),
        without_shape=tuple(sorted(theirs - mine)),
    )


def _some(codes: Collection[str]) -> str:
    """Return the first few codes in words."""
    return ", ".join(repr(code) for code in sorted(codes)[:3]) or "none"
