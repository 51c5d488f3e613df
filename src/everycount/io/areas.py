"""Bring the codes and names that others write for areas to M49, which the repository keeps."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

import polars as pl

from everycount.io.code_lists import SHIPPED
from everycount.io.csv import read_table

AreaCode = Literal["iso3", "iso2", "m49", "name"]
"""How a file writes its areas: ISO 3166-1 alpha-3 or alpha-2, the numbers of the United Nations
(M49) with or without leading zeros, or names in English, French, Spanish, Arabic or Vietnamese."""
WORLD = "001"


def m49_codes(kind: AreaCode) -> Mapping[str, str]:
    """Return the M49 code of each code or name of one kind.

    Parameters
    ----------
    kind : {"iso3", "iso2", "m49", "name"}
        How areas are written. Names are in the plain form of `plain_names`.

    Returns
    -------
    mapping of str to str
        Three digits, by code. A name that two areas share, such as Micronesia (a region, and a
        state in it), is not in it.

    Raises
    ------
    ValueError
        If `kind` is none of these.

    Examples
    --------
    >>> m49_codes("iso2")["NA"], m49_codes("iso3")["XKX"], m49_codes("m49")["4"]
    ('516', '412', '004')
    """
    if kind not in get_args(AreaCode):
        raise ValueError(f"areas are written as {', '.join(get_args(AreaCode))}, not {kind!r}")
    return _codes()[kind]


def m49_of(column: pl.Series, kind: AreaCode) -> pl.Series:
    """Return the M49 codes of a column of areas; null where there is none.

    Parameters
    ----------
    column : Series
        Text.
    kind : {"iso3", "iso2", "m49", "name"}
        How areas are written there.

    Returns
    -------
    Series
        Three digits or null, under the same name.

    Examples
    --------
    >>> m49_of(pl.Series(["NAM", "XKX", "EAS", None]), "iso3").to_list()
    ['516', '412', None, None]
    """
    known = m49_codes(kind)
    distinct = column.unique().drop_nulls()
    plain = plain_names(distinct) if kind == "name" else distinct.str.strip_chars()
    codes = dict(zip(distinct, plain.replace_strict(known, default=None), strict=True))
    return column.replace_strict(codes, default=None, return_dtype=pl.String)


def translate_areas(column: pl.Series, kind: AreaCode) -> pl.Series:
    """Return a column of areas in M49; an area that M49 does not have stays as it is.

    Parameters
    ----------
    column : Series
        Text.
    kind : {"iso3", "iso2", "m49", "name"}
        How areas are written there.

    Returns
    -------
    Series
        Under the same name. A source's own groups, such as the World Bank's EAS, stay.

    Examples
    --------
    >>> translate_areas(pl.Series(["Viet Nam", "Côte d’Ivoire", "Hà Nội"]), "name").to_list()
    ['704', '384', 'Hà Nội']
    """
    return pl.select(pl.coalesce(m49_of(column, kind), column)).to_series().alias(column.name)


def plain_names(names: pl.Series) -> pl.Series:
    """Return names without capitals, accents, signs and the article, so that they compare.

    Examples
    --------
    >>> plain_names(pl.Series(["The Gambia", "Réunion", "Trinidad & Tobago"])).to_list()
    ['gambia', 'reunion', 'trinidad and tobago']
    """
    bare = names.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    words = bare.str.replace_all("đ", "d").str.replace_all("&", " and ", literal=True)
    parted = words.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.replace_all(r"\bthe\b", " ")
    return parted.str.replace_all(r"\s+", " ").str.strip_chars()


@cache
def area_table() -> pl.DataFrame:
    """Return the shipped areas as a table: code, names, parent, kind, iso3, iso2."""
    return read_table((SHIPPED / "CL_AREA.csv").read_bytes(), subject="CL_AREA.csv")


def areas_named(name: str) -> tuple[str, ...]:
    """Return the M49 codes of every area that a name may be, in order.

    Examples
    --------
    >>> areas_named("Micronesia"), areas_named("Viet Nam"), areas_named("Atlantis")
    (('057', '583'), ('704',), ())
    """
    plain = plain_names(pl.Series([name])).item()
    called = _called().filter((pl.col("kind") == "name") & (pl.col("alias") == plain))
    return tuple(called["code"].sort())


@cache
def _called() -> pl.DataFrame:
    """Return everything that areas are called: kind, alias and M49 code."""
    areas = area_table()
    source = (SHIPPED / "area_aliases.csv").read_bytes()
    aliases = read_table(source, subject="area_aliases.csv").select("kind", "alias", "code")
    names = areas.unpivot(
        [name for name in areas.columns if name.startswith("name_")],
        index="code",
        value_name="alias",
    )
    short = pl.col("code").str.strip_chars_start("0").alias("alias")
    parts = [
        *(
            areas.select(pl.lit(kind).alias("kind"), pl.col(kind).alias("alias"), "code")
            for kind in ("iso3", "iso2")
        ),
        areas.select(pl.lit("m49").alias("kind"), pl.col("code").alias("alias"), "code"),
        areas.select(pl.lit("m49").alias("kind"), short, "code"),
        names.select(pl.lit("name").alias("kind"), "alias", "code"),
        aliases,
    ]
    called = pl.concat(parts).drop_nulls()
    is_name = called["kind"] == "name"
    plain = called.with_columns(
        plain_names(called["alias"]).zip_with(is_name, called["alias"]).alias("alias")
    )
    return plain.unique(maintain_order=True)


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    """Return the M49 code of everything that areas are called, by kind."""
    alone = _called().filter(pl.len().over("kind", "alias") == 1)
    return {
        kind: dict(alone.filter(pl.col("kind") == kind).select("alias", "code").iter_rows())
        for kind in get_args(AreaCode)
    }
