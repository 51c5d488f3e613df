"""How a file writes its areas, where nobody has said: told, never guessed."""

from collections.abc import Iterable, Mapping
from typing import get_args

import polars as pl

from everycount.io.areas import AreaCode, area_table, m49_of

TITLES: Mapping[AreaCode, str] = {
    "iso3": "ISO 3166-1 alpha-3",
    "iso2": "ISO 3166-1 alpha-2",
    "m49": "M49 numbers without their zeros",
    "name": "names of areas",
}
SHOWN = 5


def area_notes(areas: Iterable[str]) -> list[str]:
    """Return what a reader should know of areas that are kept as they are written.

    Parameters
    ----------
    areas : iterable of str
        Every area of a file.

    Returns
    -------
    list of str
        Nothing where all are M49 numbers of three digits, or own codes.

    Examples
    --------
    >>> area_notes(["VNM", "NAM"])[0][:53]
    'REF_AREA looks like ISO 3166-1 alpha-3 (NAM, VNM): de'
    >>> area_notes(["VN", "VNM", "704"])
    ['REF_AREA writes one area in several ways, which stand apart: 704 as 704, VN, VNM']
    >>> area_notes(["704", "VN_01"])
    []
    """
    used = pl.Series(sorted(set(areas)), dtype=pl.String)
    kept = area_table()["code"].implode()
    foreign = used.filter(~used.is_in(kept))
    read = pl.DataFrame({"area": foreign}).with_columns(
        m49_of(foreign, kind).alias(kind) for kind in get_args(AreaCode)
    )
    return _several(used.filter(used.is_in(kept)), read) or _one_kind(used, read)


def _several(kept: pl.Series, read: pl.DataFrame) -> list[str]:
    """Return the areas that stand in a file under several codes."""
    pairs = pl.concat(
        [
            pl.DataFrame({"area": kept, "code": kept}),
            read.select("area", pl.coalesce(get_args(AreaCode)).alias("code")),
        ]
    ).drop_nulls()
    several = (
        pairs.group_by("code")
        .agg(pl.col("area").sort())
        .filter(pl.col("area").list.len() > 1)
        .sort("code")
    )
    if not several.height:
        return []
    words = "; ".join(f"{code} as {_list(ways)}" for code, ways in several.head(SHOWN).iter_rows())
    more = f"; and {several.height - SHOWN} more" if several.height > SHOWN else ""
    return [f"REF_AREA writes one area in several ways, which stand apart: {words}{more}"]


def _one_kind(used: pl.Series, read: pl.DataFrame) -> list[str]:
    """Return how a file seems to write its areas, if one way explains every one of them."""
    if not read.height:
        return []
    for kind, title in TITLES.items():
        if read.height == len(used) and not read[kind].null_count():
            cure = f'declare areas = "{kind}" in a mapping to have UN M49 codes'
            return [f"REF_AREA looks like {title} ({_list(used.to_list())}): {cure}"]
    ways = [
        f"{title} ({_list(read['area'].filter(read[kind].is_not_null()).to_list())})"
        for kind, title in TITLES.items()
        if read[kind].count()
    ]
    if len(ways) > 1 or (ways and read.height < len(used) and _is_m49(used)):
        return [
            f"REF_AREA is written in several ways: {', '.join(ways)}"
            f"{', M49 numbers' if _is_m49(used) else ''}; write all of them in one"
        ]
    return []


def _is_m49(used: pl.Series) -> bool:
    """Tell whether some areas are numbers of three digits."""
    return bool(used.str.contains(r"^\d{3}$").any())


def _list(codes: list[str]) -> str:
    """Return the first codes in words."""
    more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
    return f"{', '.join(codes[:SHOWN])}{more}"
