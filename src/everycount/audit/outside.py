"""Scores against what lies outside the index: other indices, and the size of units."""

import numpy as np
import polars as pl

from everycount.arrays.correlate import pearson, spearman
from everycount.audit.scored import Scored, numbers
from everycount.errors import InputError, MethodError, Problem
from everycount.index.state import Floats

EXTERNAL = pl.Schema(
    {
        "index": pl.String,
        "node": pl.String,
        "pearson": pl.Float64,
        "p_pearson": pl.Float64,
        "spearman": pl.Float64,
        "p_spearman": pl.Float64,
        "units": pl.Int64,
    }
)
SIZE = pl.Schema(
    {
        "column": pl.String,
        "node": pl.String,
        "pearson": pl.Float64,
        "p_pearson": pl.Float64,
        "spearman": pl.Float64,
        "p_spearman": pl.Float64,
        "pearson_log": pl.Float64,
        "greatest": pl.Float64,
        "units": pl.Int64,
    }
)


def against_external(own: Scored, external: pl.DataFrame | None) -> pl.DataFrame:
    """Return the correlations of the groups with other indices, the top first.

    Raises
    ------
    InputError
        If there is no column `unit`, a unit twice, no unit that is ranked, or a column that is
        not numbers.
    """
    if external is None:
        return pl.DataFrame(schema=EXTERNAL)
    _refuse_unreadable(external)
    row = {unit: at for at, unit in enumerate(external["unit"].to_list())}
    place = [row.get(own.state.units[u], -1) for u in own.state.row_units[own.rows]]
    if max(place, default=0) < 0:
        some = ", ".join(external["unit"].head(3).to_list())
        problem = Problem("unit", f"{some} …, none of which is ranked", "the codes of the data")
        raise InputError("external indices", [problem])
    names = [name for name in external.columns if name != "unit"]
    table = np.full((external.height + 1, len(names)), np.nan)  # the last for units not there
    for j, name in enumerate(names):
        table[:-1, j] = external[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return _against(own, table[place], names, _groups(own)).rename({"column": "index"})


def _refuse_unreadable(external: pl.DataFrame) -> None:
    problems = []
    if "unit" not in external.columns:
        found = ", ".join(external.columns) or "nothing"
        problems.append(Problem("columns", found, "a column unit, and one for each index"))
    else:
        units = external["unit"]
        twice = units.filter(units.is_duplicated()).unique(maintain_order=True).to_list()
        problems += [Problem("unit", f"{u!r} more than once", "each unit once") for u in twice]
    problems += [
        Problem(f"column {name}", f"text ({external[name].dtype})", "numbers")
        for name in external.columns
        if name != "unit" and not external[name].dtype.is_numeric()
    ]
    problems += [
        Problem(f"column {name}", "infinity", "finite numbers")
        for name in external.columns
        if external[name].dtype.is_float() and external[name].is_infinite().any()
    ]
    if problems:
        raise InputError("external indices", problems)


def against_size(own: Scored, wanted: tuple[str, ...]) -> pl.DataFrame:
    """Return the correlations of all nodes with the size of units, the top first.

    Parameters
    ----------
    own : Scored
        Scores.
    wanted : tuple of str
        Columns of sizes; none for all figures of units and all denominators.

    Raises
    ------
    MethodError
        If neither the units nor the data have a column.
    """
    state = own.state
    named = [each.denominator for each in state.methodology.indicators]
    there = [name for name in named if name is not None and name in state.columns]
    columns = wanted or tuple(dict.fromkeys([*state.about.figures, *there]))
    problems = [
        Problem("audit.size", repr(name), f"a column of figures (there are: {_there(own)})")
        for name in columns
        if name not in state.about.figures and name not in state.columns
    ]
    if problems:
        raise MethodError(state.subject, problems)
    if not columns:
        return pl.DataFrame(schema=SIZE)
    sizes = np.column_stack([_size(own, name) for name in columns])
    nodes = [*_groups(own), *own.at_level(1)]
    table = _against(own, sizes, list(columns), nodes)
    logs = np.full(sizes.shape, np.nan)
    above = ~(sizes <= 0).any(axis=0)
    logs[:, above] = np.log10(sizes[:, above])
    found = pearson(logs, own.scores[:, nodes]).r
    table = table.with_columns(numbers(found.ravel()).alias("pearson_log"))
    return table.with_columns(_greatest("pearson", "pearson_log", "spearman")).select(SIZE.keys())


def _greatest(*names: str) -> pl.Expr:
    """Return the one of some columns that is farthest from 0, with its sign."""
    most = pl.max_horizontal(pl.col(name).abs() for name in names)
    nearest = (pl.when(pl.col(name).abs() == most).then(pl.col(name)) for name in names)
    return pl.coalesce(*nearest).alias("greatest")


def _there(own: Scored) -> str:
    extras = own.state.columns[len(own.state.tree.codes) :]
    return ", ".join(sorted({*own.state.about.figures, *extras})) or "none"


def _size(own: Scored, name: str) -> Floats:
    """Return a column of the units, or of the data where the units have none of that name."""
    state = own.state
    if name in state.about.figures:
        return state.about.figure_of(name, state.units)[state.row_units[own.rows]]
    return state.figures_of(name)[own.rows]


def _groups(own: Scored) -> list[int]:
    """Return the groups, the top first."""
    top = own.state.tree.top
    return [top, *(k for k in own.groups() if k != top)]


def _against(own: Scored, other: Floats, names: list[str], nodes: list[int]) -> pl.DataFrame:
    """Return a row for each column of `other` and each node."""
    line, order = (kind(other, own.scores[:, nodes]) for kind in (pearson, spearman))
    return pl.DataFrame(
        {
            "column": [name for name in names for _ in nodes],
            "node": [own.code(j) for j in nodes] * len(names),
            "pearson": numbers(line.r.ravel()),
            "p_pearson": numbers(line.p_value.ravel()),
            "spearman": numbers(order.r.ravel()),
            "p_spearman": numbers(order.p_value.ravel()),
            "units": pl.Series(line.pairs.ravel(), dtype=pl.Int64),
        },
        schema_overrides={"column": pl.String, "node": pl.String},
    )
