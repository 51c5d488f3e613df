"""Area tables: which rows of a table of estimates are direct figures of areas, and which hide."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from everycount.errors import InputError, Problem
from everycount.survey.confidential import NOT_SHOWN
from everycount.survey.disaggregate import FIGURES
from everycount.survey.small_area import DIRECT
from everycount.survey.small_area_input import TOTAL

KEYS = ("outcome", "statistic")
NEEDED = (*KEYS, "estimate", "std_error", "n")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaTable:
    """Direct estimates of one outcome in areas, from a table of all crossings."""

    table: pl.DataFrame
    """`outcome`, `statistic`, the columns of areas as text, and the figures; hidden rows have
    none."""
    areas: tuple[str, ...]
    total: float | None
    """Direct estimate over all areas together, if the table has it and does not hide it."""
    hidden: tuple[str, ...]
    """Areas whose figure is not shown."""
    without_error: tuple[str, ...]
    """Areas with a figure whose standard error is withheld or has no value."""

    without_effect: tuple[str, ...]
    """Areas with a share and its error whose design effect is withheld."""

    @property
    def usable(self) -> pl.DataFrame:
        """Return the table as a model takes it.

        There is no estimate where there is no error. The design effect of a share that is
        withheld, as it is beside hidden rows, is worked out from the error: the squared standard
        error over that of a simple random sample of as many respondents.
        """
        known = pl.col("std_error").is_not_null()
        table = self.table.with_columns(pl.when(known).then(pl.col("estimate")))
        own = pl.col("deff") if "deff" in table.columns else pl.lit(None)
        effect = pl.when(_lacks_effect(table)).then(_effect()).otherwise(own)
        return table.with_columns(effect.alias("deff"))


def area_table(
    table: pl.DataFrame, areas: Sequence[str], *, outcome: str | None = None, subject: str
) -> AreaTable:
    """Return the direct estimates of areas: rows crossed by exactly the named characteristics.

    Parameters
    ----------
    table : DataFrame
        Estimates with the columns of `everycount.survey.disaggregate.Disaggregation`: the
        characteristics stand between `statistic` and `estimate`, ``_T`` where not crossed.
    areas : sequence of str
        Characteristics that together name an area.
    outcome : str, optional
        Name of the outcome. Left out: the only one there is.
    subject : str
        What messages call the table.

    Returns
    -------
    AreaTable

    Raises
    ------
    InputError
        With every fault: columns or characteristics that lack, an outcome that is not there,
        figures that are not direct, or no row that is crossed by exactly these.

    Examples
    --------
    >>> table = pl.DataFrame({
    ...     "outcome": "reads", "statistic": "proportion", "region": ["_T", "1", "2", "1"],
    ...     "sex": ["_T", "_T", "_T", "F"], "estimate": [0.5, 0.6, None, 0.7],
    ...     "std_error": [0.1, 0.1, None, 0.1], "n": [90, 50, None, 25],
    ...     "flag": ["", "", "not_shown", ""],
    ... })
    >>> found = area_table(table, ["region"], subject="estimates.csv")
    >>> found.table["region"].to_list(), found.total, found.hidden
    (['1', '2'], 0.5, ('2',))
    """
    lacking = [
        Problem("columns", f"no column {name}", f"a table of `survey disaggregate`, with {name}")
        for name in NEEDED
        if name not in table.columns
    ]
    if lacking:
        raise InputError(subject, lacking)
    known = characteristics(table)
    problems = [*_of_areas(areas, known), *_of_outcome(table, outcome), *_not_direct(table)]
    if problems:
        raise InputError(subject, problems)
    own = table if outcome is None else table.filter(pl.col("outcome") == outcome)
    crossed = pl.all_horizontal(
        *(pl.col(name).eq(TOTAL).eq(name not in areas) for name in known),
    )
    found = own.filter(crossed)
    if found.is_empty():
        raise InputError(subject, [_not_crossed(own, areas, known)])
    every = own.filter(pl.all_horizontal(pl.col(name) == TOTAL for name in known))
    figures = [name for name in FIGURES if name in table.columns]
    emptied = _emptied(found.select(*KEYS, *areas, *figures))
    is_hidden = emptied["estimate"].is_null()
    no_error = emptied["std_error"].is_null() & ~is_hidden
    return AreaTable(
        table=emptied,
        areas=tuple(areas),
        total=None if every.is_empty() else _emptied(every)["estimate"][0],
        hidden=_labels(emptied.filter(is_hidden), areas),
        without_error=_labels(emptied.filter(no_error), areas),
        without_effect=_labels(emptied.filter(_lacks_effect(emptied)), areas),
    )


def characteristics(table: pl.DataFrame) -> tuple[str, ...]:
    """Return the characteristics of a table of estimates.

    Examples
    --------
    >>> names = ["outcome", "statistic", "region", "estimate", "std_error", "nature"]
    >>> characteristics(pl.DataFrame(schema=names))
    ('region',)
    """
    start = table.columns.index("statistic") + 1
    return tuple(table.columns[start : table.columns.index("estimate")])


def _of_areas(areas: Sequence[str], known: Sequence[str]) -> list[Problem]:
    expected = f"one of {', '.join(known)}" if known else "a table with characteristics"
    problems = [
        Problem("areas", f"{name!r}, which is no characteristic", expected)
        for name in dict.fromkeys(areas)
        if name not in known
    ]
    twice = [name for name in dict.fromkeys(areas) if list(areas).count(name) > 1]
    problems += [Problem("areas", f"{name!r} more than once", "each once") for name in twice]
    if not areas:
        problems.append(Problem("areas", "none", expected))
    return problems


def _of_outcome(table: pl.DataFrame, outcome: str | None) -> list[Problem]:
    names = [str(name) for name in table["outcome"].unique(maintain_order=True)]
    if outcome is None and len(names) != 1:
        return [Problem("outcome", ", ".join(names) or "none", "one, by its name")]
    if outcome is not None and outcome not in names:
        expected = f"one of {', '.join(names)}" if names else "a table with rows"
        return [Problem("outcome", repr(outcome), expected)]
    return []


def _not_direct(table: pl.DataFrame) -> list[Problem]:
    """Return a problem if figures say that they are modelled."""
    if "nature" not in table.columns:
        return []
    others = table.filter(pl.col("nature").ne_missing(DIRECT))["nature"].unique().to_list()
    if not others:
        return []
    shown = ", ".join(sorted("nothing" if each is None else each for each in others))
    wanted = f"nothing but {DIRECT}: a model of modelled figures would count them twice"
    return [Problem("column nature", shown, wanted)]


def _not_crossed(own: pl.DataFrame, areas: Sequence[str], known: Sequence[str]) -> Problem:
    """Return the problem of a table without such a crossing, with those it has."""
    tables = own.select(pl.col(name) != TOTAL for name in known).unique(maintain_order=True)
    made = [
        " x ".join(name for name, crossed in zip(known, row, strict=True) if crossed) or "all"
        for row in tables.iter_rows()
    ]
    shown = ", ".join(made[:10]) + (f" and {len(made) - 10:,} more" if len(made) > 10 else "")
    return Problem(
        "tables",
        shown,
        f"one by exactly {' x '.join(areas)}; `survey disaggregate --depth {len(areas)}` or more "
        "makes it",
    )


def _emptied(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table without the figures of hidden rows, whatever stands there."""
    if "flag" not in table.columns:
        return table.with_columns(pl.lit("").alias("flag"))
    flag = pl.col("flag").fill_null("")
    figures = [name for name in FIGURES if name in table.columns and name != "flag"]
    shown = pl.when(flag != NOT_SHOWN)
    return table.with_columns(flag, *(shown.then(pl.col(name)).alias(name) for name in figures))


def _lacks_effect(table: pl.DataFrame) -> pl.Expr:
    """Tell of which shares the design effect is not there, but follows from the error."""
    share = (pl.col("statistic") == "proportion") & (_effect() > 0)
    lacks = pl.col("deff").is_null() if "deff" in table.columns else pl.lit(value=True)
    return (share & lacks).fill_null(value=False)


def _effect() -> pl.Expr:
    """Return the design effect of a share; none where all answer alike."""
    p = pl.col("estimate")
    chance = pl.when((p > 0) & (p < 1)).then(p * (1 - p))
    return pl.col("std_error") ** 2 * pl.col("n") / chance


def _labels(table: pl.DataFrame, areas: Sequence[str]) -> tuple[str, ...]:
    return tuple(" / ".join(map(str, row)) for row in table.select(areas).iter_rows())
