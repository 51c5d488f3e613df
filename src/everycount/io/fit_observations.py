"""Fit batches of text to the structure of observations. Every importer of data ends here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.expected import expect_area, expect_period, expect_value, spelt
from everycount.io.fit import EXPLAINED, FIRST_ROW, ROW, Locate, name_cell
from everycount.io.numbers import Marks, read_numbers
from everycount.io.words import one_of, quote
from everycount.model.codes import CODE, CodeList
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import AREA, VALUE
from everycount.model.period import is_period, read_period
from everycount.model.structure import Component, DataStructure

KEPT = 1000
"""Problems that are kept; beyond them only counted: a wrong file of millions may have millions."""
NAMED = 5
"""Rows with the same fault in the same column that are named each; more of them are counted."""
TEXT = "VALUE_TEXT"


@dataclass(slots=True)
class _Fault:
    """One text that does not fit a column, and where it stands."""

    expected: str
    rows: list[int] = field(default_factory=list)
    count: int = 0


class Fitter:
    r"""Fits one batch of text after another, and tells at the end everything that is wrong.

    Parameters
    ----------
    structure : DataStructure
        What the observations must have.
    codes : mapping of str to CodeList
        The code list of each component that has one; a live mapping may grow while reading.
    subject : str
        What messages call the file.
    mapping : ColumnMapping, optional
        How values are written: marks of numbers, texts for missing, texts that are kept.
    locate : callable, optional
        Gives words for the number of a row and a component.

    Examples
    --------
    >>> from everycount.model.observation import OBSERVATION
    >>> fitter = Fitter(OBSERVATION, {}, subject="figures.csv")
    >>> table = fitter.fit(pl.DataFrame({
    ...     "INDICATOR": ["5a"], "REF_AREA": ["NA"], "TIME_PERIOD": ["2019"], "OBS_VALUE": ["<2.5"]
    ... }))
    >>> table.select("REF_AREA", "SEX", "OBS_VALUE", "VALUE_TEXT").rows()
    [('NA', '_T', None, '<2.5')]
    >>> fitter.finish()
    """

    def __init__(
        self,
        structure: DataStructure,
        codes: Mapping[str, CodeList],
        *,
        subject: str,
        mapping: ColumnMapping | None = None,
        locate: Locate = name_cell,
    ) -> None:
        self.structure, self.codes, self.subject = structure, codes, subject
        self.mapping = mapping or ColumnMapping()
        self.marks = Marks(decimal=self.mapping.decimal, thousands=self.mapping.thousands)
        self.locate = locate
        self._faults: dict[tuple[str, str | None], _Fault] = {}
        self.count = 0
        self._rows: list[np.ndarray] = []
        self._keys: list[np.ndarray] = []
        self._judged: dict[str, dict[str, bool]] = {}
        self._periods: dict[str, str | None] = {}

    def fit(self, batch: pl.DataFrame, *, first_row: int = FIRST_ROW) -> pl.DataFrame:
        """Return a batch with the columns and types of the structure.

        Parameters
        ----------
        batch : DataFrame
            Text, by component. A dimension that is absent or empty takes its usual code. The
            numbers of rows may stand in the column `ROW`.
        first_row : int
            Number of the batch's first row in the file, where there is no such column.

        Returns
        -------
        DataFrame
            Rows without any cell are dropped. Numbers that cannot be read are null.
        """
        absent = [c for c in self.structure.components if c.id not in batch.columns]
        if ROW not in batch.columns:
            batch = batch.with_row_index(ROW, offset=first_row)
        numbers = batch[ROW].cast(pl.Int64)
        columns = [c.id for c in self.structure.components if c.id in batch.columns]
        stripped = pl.col(columns).str.strip_chars()
        cells = batch.select(pl.when(stripped != "").then(stripped)).with_columns(
            pl.lit(None, pl.String).alias(c.id) for c in absent
        )
        is_row = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        if not is_row.all():
            cells, numbers = cells.filter(is_row), numbers.filter(is_row)
        cells = self._read_value(cells)
        self._read_periods(cells)
        typed = cells.select(self._type(component) for component in self.structure.components)
        for component in self.structure.components:
            self._judge(component, cells[component.id], typed[component.id], numbers)
        self._remember(typed, numbers)
        return typed

    def finish(self) -> None:
        """Raise an error with everything that was wrong, or return.

        Raises
        ------
        InputError
            With every cell that is not what its component allows, and every observation that
            stands twice.
        """
        listed = list(self._list())
        repeats = self._find_repeats()
        problems = [*(problem for _, problem in listed), *repeats]
        more = self.count - sum(count for count, _ in listed) - len(repeats)
        if more:
            problems.append(Problem("further cells", f"{more:,} more that do not fit", "none"))
        if problems:
            raise InputError(self.subject, problems)

    def _read_value(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Return the cells with values that are words moved to where words stand."""
        value = pl.col(VALUE)
        if self.mapping.missing:
            value = pl.when(~value.is_in(list(self.mapping.missing))).then(value)
        cells = cells.with_columns(value)
        if TEXT not in cells.columns:
            return cells
        is_text = pl.col(VALUE).str.contains(f"^(?:{self.mapping.texts})$")
        return cells.with_columns(
            pl.when(is_text).then(pl.col(VALUE)).otherwise(pl.col(TEXT)).alias(TEXT),
            pl.when(~is_text).then(pl.col(VALUE)).alias(VALUE),
        )

    def _read_periods(self, cells: pl.DataFrame) -> None:
        """Learn how each distinct period is kept; None for a text that is none."""
        for component in self.structure.components:
            if component.role == "time":
                for text in cells[component.id].unique().drop_nulls():
                    if text not in self._periods:
                        self._periods[text] = read_period(text) if is_period(text) else None

    def _type(self, component: Component) -> pl.Expr:
        """Return the cells of a component in its type."""
        cells = pl.col(component.id)
        if component.kind == "number":
            return read_numbers(cells, float, self.marks)
        if component.kind == "integer":
            return read_numbers(cells, int, self.marks)
        if component.role == "time":
            return cells.replace_strict(self._periods, default=None, return_dtype=pl.String)
        return cells.fill_null(component.default) if component.default else cells

    def _judge(
        self, component: Component, cells: pl.Series, typed: pl.Series, numbers: pl.Series
    ) -> None:
        """Note every cell that a component does not allow."""
        is_wrong, expected = self._find_wrong(component, cells, typed)
        if not is_wrong.any():
            return
        wrong = pl.DataFrame({"found": cells.filter(is_wrong), "row": numbers.filter(is_wrong)})
        alike = wrong.group_by("found", maintain_order=True).agg(
            pl.col("row").head(NAMED), pl.len().alias("count")
        )
        self.count += wrong.height
        for found, rows, count in alike.iter_rows():
            key = (component.id, found)
            if key not in self._faults and len(self._faults) >= KEPT:
                continue
            fault = self._faults.setdefault(key, _Fault(expected(found)))
            fault.rows += rows[: NAMED - len(fault.rows)]
            fault.count += count

    def _list(self) -> Iterator[tuple[int, Problem]]:
        """Yield the faults of cells with their rows; many that are alike stand in one."""
        for (component, found), fault in self._faults.items():
            if fault.count > NAMED:
                where = self.locate(fault.rows[0], component)
                others = f"{where} (and {fault.count - 1:,} more rows)"
                yield fault.count, Problem(others, quote(found), fault.expected)
                continue
            for row in fault.rows:
                yield 1, Problem(self.locate(row, component), quote(found), fault.expected)

    def _find_wrong(
        self, component: Component, cells: pl.Series, typed: pl.Series
    ) -> tuple[pl.Series, Callable[[str | None], str]]:
        """Return which cells are wrong, and what says what was expected of one."""
        if component.kind in {"number", "integer"}:
            kind = float if component.kind == "number" else int
            wrong = typed.is_null() & cells.is_not_null()
            return wrong, lambda found: expect_value(str(found), kind, self.marks)
        if component.role == "time":
            return typed.is_null(), expect_period
        if component.kind == "code":
            distinct = typed.unique().drop_nulls()
            bad = [code for code in distinct.to_list() if not self._allows(component, code)]
            wrong = typed.is_in(bad).fill_null(component.role == "dimension")
            return wrong, lambda found: self._expect_code(component, found)
        return pl.repeat(value=False, n=len(cells), eager=True), str

    def _allows(self, component: Component, code: str) -> bool:
        """Tell whether a component may have a code."""
        known = self._judged.setdefault(component.id, {})
        if code not in known:
            codes = self.codes.get(component.id)
            fits = CODE.fullmatch(code) is not None or component.id == "INDICATOR"
            is_open = codes is None or (codes.is_open and not self._are_names(component))
            known[code] = fits and (is_open or code in (codes or ()))
        return known[code]

    def _are_names(self, component: Component) -> bool:
        """Tell whether a component's cells are names of areas, of which each must be known."""
        return component.id == AREA and self.mapping.areas == "name"

    def _expect_code(self, component: Component, found: str | None) -> str:
        """Return what should stand in place of a code."""
        codes = self.codes.get(component.id)
        if found is None:
            is_area = component.id == AREA
            cure = f' (a mapping fills empty cells: [defaults] {AREA} = "826")' if is_area else ""
            return f"a code{cure}"
        if self._are_names(component):
            return expect_area(found)
        if codes is None or codes.is_open:
            return (
                f"a code of letters, digits, - and _ (a mapping's values.{component.id} names it)"
            )
        near = found if self.count < EXPLAINED else None
        choices = one_of(sorted(codes.by_id), found=near)
        code = spelt(found, component.id, codes)
        hint = f"; {found!r} is {code} (a mapping says so in [values.{component.id}])"
        return f"{choices}{hint}" if code else choices

    def _remember(self, typed: pl.DataFrame, numbers: pl.Series) -> None:
        """Keep two digests of each observation's key: enough to find it again, 24 bytes a row."""
        is_whole = typed.select(
            pl.all_horizontal(pl.col(self.structure.key).is_not_null())
        ).to_series()
        if not is_whole.all():  # a row without area is already noted; it is not the same as others
            typed, numbers = typed.filter(is_whole), numbers.filter(is_whole)
        key = typed.select(pl.struct(self.structure.key)).to_series()
        digests = np.stack([key.hash(seed).to_numpy() for seed in (1, 2)], axis=1)
        self._keys.append(digests)
        self._rows.append(numbers.to_numpy())

    def _find_repeats(self) -> list[Problem]:
        """Return a problem for every row that has the key of an earlier row."""
        if not self._keys:
            return []
        keys, rows = np.concatenate(self._keys), np.concatenate(self._rows)
        # Sorting one digest is quick and nearly always enough to know that nothing stands twice.
        firsts = np.sort(keys[:, 0])
        alike = np.unique(firsts[1:][firsts[1:] == firsts[:-1]])
        if not len(alike):
            return []
        is_alike = np.isin(keys[:, 0], alike)
        keys, rows = keys[is_alike], rows[is_alike]
        order = np.lexsort((rows, keys[:, 1], keys[:, 0]))
        same = (keys[order[1:]] == keys[order[:-1]]).all(axis=1)
        is_first = np.concatenate(([True], ~same))
        first = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
        repeated = np.flatnonzero(~is_first)
        in_order = repeated[np.argsort(rows[order[repeated]], kind="stable")]
        self.count += len(repeated)
        return [
            Problem(
                self._name(rows[order[position]]),
                f"the same observation as in {self._name(rows[order[first[position]]])}",
                "each indicator, area, period and breakdown once",
            )
            for position in in_order[:KEPT]
        ]

    def _name(self, row: int) -> str:
        """Return what a row is called."""
        return self.locate(int(row), "").rstrip(", ")
