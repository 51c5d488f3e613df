"""Areas through time: which exist on a day, and what became of one."""

from collections.abc import Collection
from datetime import date

from everycount.errors import NotFound
from everycount.model.area import Area, Areas


def areas_at(areas: Areas, at: date) -> tuple[Area, ...]:
    """Return the areas that exist on a day.

    Parameters
    ----------
    areas : Areas
        Of one country.
    at : date
        The day.

    Returns
    -------
    tuple of Area

    Examples
    --------
    >>> old = Area(code="A", names={}, valid_to=date(2025, 6, 30))
    >>> [area.code for area in areas_at(Areas(id="X", areas=(old,)), date(2025, 7, 1))]
    []
    """
    return tuple(area for area in areas.areas if area.exists(at))


def became(areas: Areas, code: str, at: date) -> tuple[Area, ...]:
    """Return what became of an area: those that have its land on a day.

    Parameters
    ----------
    areas : Areas
        Of one country.
    code : str
        The area.
    at : date
        The day. Before the area began, those are returned that had its land then.

    Returns
    -------
    tuple of Area
        The area itself if it exists then; several if it was divided; none if nothing is known
        to follow it.

    Raises
    ------
    NotFound
        If there is no such area.

    Examples
    --------
    >>> old = Area(code="A", names={}, valid_to=date(2025, 6, 30), successors=("B",))
    >>> new = Area(code="B", names={}, valid_from=date(2025, 7, 1), predecessors=("A",))
    >>> [area.code for area in became(Areas(id="X", areas=(old, new)), "A", date(2026, 1, 1))]
    ['B']
    """
    area = areas.by_code.get(code)
    if area is None:
        raise NotFound(f"there is no area {code!r} in {areas.id}")
    if area.exists(at):
        return (area,)
    is_before = area.valid_from is not None and at < area.valid_from
    following = area.predecessors if is_before else area.successors
    found = [each for other in following for each in became(areas, other, at)]
    return tuple({each.code: each for each in found}.values())


def cover(areas: Areas, code: str, present: Collection[str]) -> frozenset[str]:
    """Return those of some areas that together have the land of an area.

    Parameters
    ----------
    areas : Areas
        Of one country.
    code : str
        The area.
    present : collection of str
        Areas that may be taken.

    Returns
    -------
    frozenset of str
        The area itself if it is among them, else those before it; empty if land is missing.

    Examples
    --------
    >>> old = [Area(code=code, names={}) for code in ("A", "B")]
    >>> new = Area(code="C", names={}, predecessors=("A", "B"))
    >>> areas = Areas(id="X", areas=(*old, new))
    >>> sorted(cover(areas, "C", ["A", "B"])), sorted(cover(areas, "C", ["A"]))
    (['A', 'B'], [])
    """
    if code in present:
        return frozenset([code])
    parts = [cover(areas, before, present) for before in areas.by_code[code].predecessors]
    return frozenset().union(*parts) if all(parts) else frozenset()
