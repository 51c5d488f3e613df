"""Derived columns from files: apply recipes to microdata, and write all rows with the columns."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from everycount.errors import InputError, Problem, Unavailable
from everycount.io import declare
from everycount.io.files import Content, digest, read_bytes, write_together
from everycount.io.microdata import MicrodataFile, open_microdata
from everycount.io.outcomes_toml import outcomes_toml
from everycount.io.results import json_bytes
from everycount.model.design import Outcome
from everycount.survey.derivation import declares_missing, derive_rows
from everycount.survey.derived import Derived
from everycount.survey.recipes import Recipe, RecipeFile, is_row_wise

ROW_GROUP = 250_000
"""Rows that stand together in a Parquet file."""
ENDINGS = (".parquet", ".csv")
EXACT = 2**53
"""Up to here a float holds every whole number. IEEE 754-2019, binary64."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DerivedFile:
    """Microdata with derived columns, waiting on disk to be written where they are wanted."""

    recipes: tuple[Recipe, ...]
    source: MicrodataFile
    inputs: Mapping[str, Any]
    """Version of the library, and name and digest of both files."""
    places: tuple[Path, ...]
    made: tuple[Derived, ...]
    """What each recipe made, its words and counts of the whole file; `columns` has no rows."""
    parts: tuple[Path, ...]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How the columns are estimated, for a survey design."""
        return tuple(outcome for each in self.made for outcome in each.outcomes)

    @property
    def emptied(self) -> tuple[str, ...]:
        """Columns whose codes for not known are declared by the file that was read.

        A CSV or Parquet file cannot declare them, so such cells are empty in what is written.
        """
        return tuple(name for name in self.source.columns if declares_missing(self.source, name))

    @property
    def labelled(self) -> tuple[str, ...]:
        """Columns whose codes have words in the file that was read, which are not written."""
        return tuple(each.name for each in self.source.columns.values() if each.labels)

    @property
    def trace(self) -> dict[str, Any]:
        """What was made of how many rows, as plain data."""
        return {
            **self.inputs,
            "rows": self.source.rows,
            "recipes": [
                {
                    "recipe": recipe.recipe,
                    "read": "row by row" if is_row_wise(recipe) else "all rows at once",
                    "columns": each.columns.columns,
                    "words": each.words,
                    "excluded": [asdict(gone) for gone in each.excluded],
                    "outcomes": [asdict(outcome) for outcome in each.outcomes],
                    "tables": {name: table.to_dicts() for name, table in each.tables.items()},
                }
                for recipe, each in zip(self.recipes, self.made, strict=True)
            ],
            "emptied": self.emptied,
            "without_labels": self.labelled,
        }

    def csv(self) -> Iterator[bytes]:
        """Yield all rows as CSV, piece by piece.

        Whole numbers are written without a point, as codes of CSV are texts and 1.0 is not 1.
        """
        for number, part in enumerate(self.parts):
            rows = pl.read_parquet(part, glob=False)
            codes = pl.selectors.float()
            whole = (codes % 1 == 0) & (codes.abs() < EXACT)
            texts = pl.when(whole).then(codes.cast(pl.Int64, strict=False).cast(pl.String))
            rows = rows.with_columns(texts.otherwise(codes.cast(pl.String)))
            yield rows.write_csv(include_header=number == 0).encode()

    def write(self, output: Path, outcomes: Path | None = None) -> tuple[Path, ...]:
        """Write the rows as Parquet or CSV by the ending of the name, with a trace beside them.

        Parameters
        ----------
        output : Path
            The trace of ``women.parquet`` is ``women.trace.json``.
        outcomes : Path, optional
            Where the outcomes go as TOML, in the same folder.

        Returns
        -------
        tuple of Path
            What was written, all or none.

        Raises
        ------
        InputError
            If a name has another ending, stands twice, is that of an input, or cannot be written
            to.
        """
        contents: dict[Path, Content] = {
            output: self._parquet if output.suffix == ".parquet" else self._csv,
            output.with_suffix(".trace.json"): json_bytes(self.trace),
        }
        problems = []
        if output.suffix not in ENDINGS:
            found = f"the ending {output.suffix!r}" if output.suffix else "no ending"
            problems.append(Problem(str(output), found, f"one of {', '.join(ENDINGS)}"))
        if outcomes in contents:
            problems.append(Problem(str(outcomes), "a name for two files", "a name for each"))
        if problems:
            raise InputError("the files to be written", problems)
        if outcomes is not None:
            contents[outcomes] = outcomes_toml(self.outcomes).encode()
        write_together(contents, never=self.places)
        return tuple(contents)

    def _csv(self, file: BinaryIO) -> None:
        file.writelines(self.csv())

    def _parquet(self, file: BinaryIO) -> None:
        rows = pl.scan_parquet(list(self.parts), glob=False)
        rows.sink_parquet(file, row_group_size=ROW_GROUP)


@contextmanager
def derive_file(recipes: Path | str, microdata: Path | str) -> Iterator[DerivedFile]:
    """Apply recipes to a file of microdata.

    Rows are read some at a time, and wait in a temporary folder until the block ends. A recipe
    for which rows need one another, such as a scale that is fitted to them, first has the columns
    it needs of all rows.

    Parameters
    ----------
    recipes : Path or str
        A TOML file of ``[[recipes]]``, or ``-`` for standard input.
    microdata : Path or str
        A Parquet, CSV, Stata or SPSS file.

    Yields
    ------
    DerivedFile

    Raises
    ------
    NotFound
        If a file does not exist.
    InputError
        With every fault of the recipes; or every column that lacks; or every unknown code,
        impossible number and column that would stand twice.
    MethodError
        If a scale does not exist on these answers, or cannot be equated.
    Unavailable
        If reading the format takes an extra that is not installed, or there is no room on disk.
    """
    content = read_bytes(recipes)
    name = "standard input" if str(recipes) == "-" else Path(recipes).name
    known = declare.read(content, RecipeFile, subject=name).recipes
    source = open_microdata(microdata)
    with _room() as folder:
        parts: list[Path] = []

        def keep(rows: pl.DataFrame) -> None:
            parts.append(folder / f"{len(parts):06}.parquet")
            try:
                rows.write_parquet(parts[-1], compression="lz4")
            except OSError as error:
                raise _no_room(error) from error

        made = derive_rows(known, source, keep)
        yield DerivedFile(
            recipes=known,
            source=source,
            inputs={
                "everycount": version("everycount"),
                "inputs": [
                    {"role": "recipes", "name": name, "sha256": digest(content)},
                    {"role": "microdata", "name": source.name, "sha256": source.digest},
                ],
            },
            places=(Path(recipes), Path(microdata)),
            made=made,
            parts=tuple(parts),
        )


@contextmanager
def _room() -> Iterator[Path]:
    """Give a temporary folder, which is removed however the block ends."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="everycount-")
    except OSError as error:
        raise _no_room(error) from error
    with folder as name:
        yield Path(name)


def _no_room(error: OSError) -> Unavailable:
    return Unavailable(
        "rows wait on disk until all of them are known to be in order, and the folder for "
        f"temporary files refuses ({error.strerror or error}); another can be named by the "
        "variable TMPDIR"
    )
