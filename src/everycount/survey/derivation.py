"""One pass over microdata: what recipes make of a file, batch by batch, and every fault at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from everycount.errors import InputError, MethodError, Problem
from everycount.model.microdata import Microdata
from everycount.survey.cells import is_missing
from everycount.survey.derived import Derived, Rows, Tally
from everycount.survey.recipes import Recipe, derive, is_row_wise

CELLS = 4_000_000
"""Cells in memory at a time, some 100 MB."""
Keep = Callable[[pl.DataFrame], None]
"""Takes the rows of a batch with their new columns."""


def derive_rows(
    recipes: Sequence[Recipe], source: Microdata, keep: Keep, *, cells: int = CELLS
) -> tuple[Derived, ...]:
    """Apply recipes to all rows of a file, and hand out the rows with the new columns.

    Recipes for which rows need one another, such as a scale that is fitted to them, first have
    the columns they need of all rows; all others read some rows at a time.

    Parameters
    ----------
    recipes : sequence of Recipe
        Each makes columns of its own.
    source : Microdata
        The file.
    keep : callable
        Called with the rows of each batch in the order of the file. Cells with a code that the
        file declares to mean not known are empty: what is written cannot declare it. Once a fault
        is found it is called no more.
    cells : int
        Cells in memory at a time, at least one row.

    Returns
    -------
    tuple of Derived
        What each recipe made; words and counts are of the whole file, `columns` has no rows.

    Raises
    ------
    InputError
        With every column that lacks; or every unknown code, impossible number and column that
        would stand twice.
    MethodError
        If a scale does not exist on these answers, or cannot be equated.
    """
    pass_ = _Pass(recipes, source)
    pass_.require()
    pass_.run(keep, cells)
    return tuple(
        replace(pass_.made[at], columns=pass_.made[at].columns.clear())
        for at in range(len(recipes))
    )


def declares_missing(source: Microdata, name: str) -> bool:
    """Tell whether the file says which codes of a column mean not known."""
    column = source.columns[name]
    return bool(column.missing or column.missing_ranges)


class _Pass:
    """What each recipe has made so far, and every fault found."""

    def __init__(self, recipes: Sequence[Recipe], source: Microdata) -> None:
        self.recipes = recipes
        self.source = source
        self.tallies = [Tally() for _ in recipes]
        self.made: dict[int, Derived] = {}
        self.faults: dict[int, InputError | MethodError] = {}

    def require(self) -> None:
        """Refuse a file that lacks columns, with all their names."""
        header = pl.DataFrame(schema=dict.fromkeys(self.source.columns, pl.String))
        for at, recipe in enumerate(self.recipes):
            rows = Rows(frame=header, columns={}, recipe=recipe.recipe)
            try:
                rows.require([*recipe.sources, recipe.weight])
            except InputError as error:
                self.faults[at] = error
        self.finish([])

    def run(self, keep: Keep, cells: int) -> None:
        """Read all rows, and give them away with their new columns."""
        names = list(self.source.columns)
        for at, recipe in enumerate(self.recipes):
            if not is_row_wise(recipe):
                self.apply(at, pl.concat(self.source.batches(recipe.sources)))
        clashes: list[Problem] | None = None
        start = 0
        for rows in self.source.batches(names, rows=max(1, cells // len(names))):
            found = self.derive(rows, start)
            if clashes is None:
                clashes = self.clashes(found)
            if not self.faults and not clashes:
                keep(pl.concat([self.emptied(rows), *found.values()], how="horizontal"))
            start += rows.height
        self.finish(clashes or [])

    def derive(self, rows: pl.DataFrame, start: int) -> dict[int, pl.DataFrame]:
        """Return the columns that each recipe without a fault makes for some rows."""
        found = {}
        for at, recipe in enumerate(self.recipes):
            row_wise = is_row_wise(recipe)
            if row_wise:
                self.apply(at, rows)
            if at not in self.faults:
                columns = self.made[at].columns
                found[at] = columns if row_wise else columns.slice(start, rows.height)
        return found

    def apply(self, at: int, rows: pl.DataFrame) -> None:
        """Apply one recipe, and keep what it made or its fault."""
        recipe, columns = self.recipes[at], self.source.columns
        try:
            self.made[at] = derive(recipe, rows, columns=columns, tally=self.tallies[at])
        except (InputError, MethodError) as error:
            self.faults[at] = error  # it has the faults of the rows before as well

    def emptied(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with empty cells for the codes that the file says mean not known."""
        columns = self.source.columns
        return rows.with_columns(
            pl.when(pl.lit(pl.Series(~is_missing(rows[name], columns[name]))))
            .then(pl.col(name))
            .alias(name)
            for name in rows.columns
            if declares_missing(self.source, name)
        )

    def clashes(self, found: Mapping[int, pl.DataFrame]) -> list[Problem]:
        """Return new columns called as one of the file or as that of another recipe."""
        owners = dict.fromkeys(self.source.columns, self.source.name)
        problems = []
        for at, table in found.items():
            for name in table.columns:
                if name in owners:
                    what = f"a new column {name}, which {owners[name]} has already"
                    problems.append(Problem(self.called(at), what, "each name once"))
                owners.setdefault(name, self.called(at))
        return problems

    def called(self, at: int) -> str:
        """Return what messages call a recipe."""
        return f"recipe {at + 1} ({self.recipes[at].recipe})"

    def finish(self, clashes: list[Problem]) -> None:
        """Raise all faults as one error: those of the file, or else those of the method."""
        problems: dict[type[InputError | MethodError], list[Problem]] = {
            InputError: list(clashes),
            MethodError: [],
        }
        for at, error in sorted(self.faults.items()):
            problems[type(error)] += [
                replace(each, where=f"{self.called(at)}, {each.where}") for each in error.problems
            ]
        for kind, own in problems.items():
            if own:
                raise kind(self.source.name, own)
