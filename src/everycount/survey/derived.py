"""Derived columns: what a recipe asks of microdata, what it makes of them, and in which words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.errors import InputError, Problem
from everycount.model.conditions import Code, Condition, code_text
from everycount.model.design import Outcome
from everycount.model.microdata import Column
from everycount.model.strict import STRICT, Faults
from everycount.survey.cells import as_codes, as_numbers, is_missing, look_up, universe
from everycount.survey.findings import UNCLEAR, Excluded, Findings

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
SHOWN = 5
"""Unknown codes of one column that a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Which codes mean yes, no and not known. Empty cells always mean not known.

    Examples
    --------
    >>> Answers(yes=(1, 2), no=(0, 3), missing=(9,)).no
    (0, 3)
    """

    __pydantic_config__ = STRICT

    yes: tuple[Code, ...] = (1,)
    """Codes that count as yes."""
    no: tuple[Code, ...] = (0,)
    """Codes that count as no."""
    missing: tuple[Code, ...] = ()
    """Codes for not known, refused or not applicable."""

    def __post_init__(self) -> None:
        """Refuse a code that means two things, and questions that can have one answer only."""
        faults = [
            ((name,), "no codes", "a code or more")
            for name in ("yes", "no")
            if not getattr(self, name)
        ]
        faults += code_faults({name: getattr(self, name) for name in ("yes", "no", "missing")})
        if faults:
            raise Faults(faults)


def code_faults(codes: Mapping[str, Iterable[Code]]) -> Iterator[tuple[tuple[str], str, str]]:
    """Yield a fault for each code that means two things.

    Examples
    --------
    >>> list(code_faults({"yes": (1,), "no": (1.0, 2)}))
    [(('no',), 'code 1, in yes as well', 'each code once')]
    """
    seen: dict[str, str] = {}
    for name, own in codes.items():
        for code in map(code_text, own):
            if seen.setdefault(code, name) != name:
                yield (name,), f"code {code}, in {seen[code]} as well", "each code once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a recipe asks of the microdata; it is said in the field of the same name."""

    name: str
    meaning: str
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Derived:
    """What a recipe made: columns with null outside their universe, and how to estimate them."""

    columns: pl.DataFrame
    """One row for each row of the microdata, in the same order."""
    outcomes: tuple[Outcome, ...]
    """How each column is estimated, for a survey design."""
    words: str
    """How the columns were made, in a few sentences; counts are of all batches so far."""
    excluded: tuple[Excluded, ...]
    """Rows left out of a column though they may belong to its universe, by reason."""
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """What a reader may want to check, such as the severities of items."""


@dataclass(slots=True)
class Tally:
    """What one recipe counts over all batches of a file: faults, rows left out, rows told of."""

    findings: Findings = field(default_factory=Findings)
    rows: Counter[str] = field(default_factory=Counter)
    """Rows that the words tell of, by what they are."""


@dataclass(slots=True)
class Rows:
    """Microdata a recipe reads, and the faults found on the way."""

    frame: pl.DataFrame
    columns: Mapping[str, Column]
    """What the file says of its columns, where it says something."""
    recipe: str
    tally: Tally = field(default_factory=Tally)
    """Counts of the batches before this one, if there were any, and now of this one."""
    numbers: dict[tuple[str, int, int], FloatArray] = field(default_factory=dict)
    """Columns read already, so that no fault counts twice."""

    @property
    def findings(self) -> Findings:
        """Faults, and rows left out, so far."""
        return self.tally.findings

    def count(self, what: str, rows: int | BoolArray) -> int:
        """Add rows to what the words tell of, and return their number so far."""
        self.tally.rows[what] += int(np.sum(rows))
        return self.tally.rows[what]

    def require(self, names: Iterable[str | None]) -> None:
        """Refuse microdata that lack columns, with all their names."""
        known = self.frame.columns
        absent = [each for each in dict.fromkeys(names) if each is not None and each not in known]
        problems = []
        for name in absent:
            near = get_close_matches(name, known, n=3)
            hint = f"a column; near: {', '.join(near)}" if near else "a column of the microdata"
            problems.append(Problem(name, "no column of this name", hint))
        if problems:
            raise InputError(f"the microdata for the recipe {self.recipe}", problems)

    def answers(self, name: str, answers: Answers) -> FloatArray:
        """Return 1 for yes, 0 for no and NaN where it is not known."""
        places = {code_text(code): 1 for code in answers.yes}
        places |= {code_text(code): 0 for code in answers.no}
        found = self.codes(name, places, missing=answers.missing).astype(np.float64)
        return np.where(found < 0, np.nan, found)

    def codes(
        self, name: str, places: Mapping[str, int], *, missing: Iterable[Code] = ()
    ) -> npt.NDArray[np.int64]:
        """Return the place of each code, -1 where it is not known; other codes are faults."""
        series = self.frame[name]
        unknown = is_missing(series, self._column(name), missing)
        found = look_up(as_codes(series), places, other=-2)
        found[unknown] = -1
        strange = found == -2
        if strange.any():
            codes = as_codes(series).cast(pl.String).filter(pl.Series(strange))
            counts = codes.value_counts(name="rows").sort(
                "rows", codes.name, descending=[True, False]
            )
            wanted = f"one of {', '.join([*places, *map(code_text, missing)])} or an empty cell"
            for code, rows in counts.head(SHOWN).iter_rows():
                self.findings.fault(name, f"code {code}", wanted, rows=rows)
            if more := int(counts["rows"][SHOWN:].sum()):
                self.findings.fault(name, "other codes", wanted, rows=more)
        return found

    def whole(
        self, name: str, *, least: int, most: int, missing: Iterable[Code] = ()
    ) -> FloatArray:
        """Return whole numbers, NaN where one is not known; others are faults."""
        if (name, least, most) in self.numbers:
            return self.numbers[name, least, most]
        series = self.frame[name]
        unknown = is_missing(series, self._column(name), missing)
        numbers, strange = as_numbers(series)
        with np.errstate(invalid="ignore"):
            beyond = (numbers < least) | (numbers > most) | (numbers != np.floor(numbers))
        wrong = ~unknown & (strange | (beyond & ~np.isnan(numbers)))
        self._numbers_at_fault(name, wrong, f"a whole number from {least} to {most}")
        found = np.where(unknown | wrong, np.nan, numbers)
        self.numbers[name, least, most] = found
        return found

    def weights(self, name: str | None) -> FloatArray:
        """Return weights, NaN where a row has none; all 1 without a column."""
        if name is None:
            return np.ones(len(self.frame))
        numbers, strange = as_numbers(self.frame[name])
        with np.errstate(invalid="ignore"):
            wrong = strange | (numbers < 0)
        self._numbers_at_fault(name, wrong, "a weight of 0 or more")
        return np.where(wrong, np.nan, numbers)

    def universe(self, conditions: Iterable[Condition]) -> BoolArray:
        """Tell which rows meet all conditions; those of which nobody can say are left out."""
        belongs, unclear = universe(self.frame, conditions, self._column)
        self.findings.leave_out(self.recipe, UNCLEAR, int(unclear.sum()))
        return belongs

    def finish(self) -> tuple[Excluded, ...]:
        """Raise all faults of codes and numbers so far, or return the rows left out."""
        self.findings.raise_faults(f"the microdata for the recipe {self.recipe}")
        return self.findings.left_out

    def _column(self, name: str) -> Column:
        return self.columns.get(name) or Column(name=name, kind="other")

    def _numbers_at_fault(self, name: str, wrong: BoolArray, wanted: str) -> None:
        if wrong.any():
            values = self.frame[name].filter(pl.Series(wrong))
            shown = ", ".join(map(str, values.unique(maintain_order=True).head(SHOWN).to_list()))
            self.findings.fault(name, shown, wanted, rows=int(wrong.sum()))


def as_column(values: npt.ArrayLike) -> pl.Series:
    """Return numbers as a column, null where they are NaN.

    Examples
    --------
    >>> as_column([1.0, float("nan")]).to_list()
    [1.0, None]
    """
    return pl.Series(np.asarray(values, np.float64)).fill_nan(None)
