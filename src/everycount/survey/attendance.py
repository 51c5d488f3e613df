"""School attendance: net and gross rates, out of school, over-age."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.model.conditions import Code, Condition, code_text, repeated
from everycount.model.design import Outcome
from everycount.model.microdata import Column
from everycount.model.strict import STRICT, Faults
from everycount.survey.derived import (
    Answers,
    BoolArray,
    Derived,
    FloatArray,
    Input,
    Rows,
    Tally,
    as_column,
    code_faults,
)
from everycount.survey.school_age import SchoolAge

IntArray = npt.NDArray[np.int64]
_ANSWERS = Answers(yes=(1,), no=(2, 0), missing=(8, 9))
OVER_AGE = 2  # years above the intended age of a grade: UIS, indicator 4.1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolLevel:
    """One level of the school system, such as primary or lower secondary."""

    __pydantic_config__ = STRICT

    name: str
    """Name of the level in the columns made, such as primary."""
    codes: tuple[Code, ...]
    """Codes of the level in the microdata."""
    grades: int
    """Official number of grades, a year each."""

    def __post_init__(self) -> None:
        """Refuse a level without a name, codes or grades."""
        faults: list[tuple[tuple[str, ...], str, str]] = []
        if not self.name.isidentifier():
            faults.append((("name",), repr(self.name), "a plain word, such as lower_secondary"))
        if not self.codes:
            faults.append((("codes",), "no codes", "a code or more"))
        if not 1 <= self.grades <= 12:
            faults.append((("grades",), str(self.grades), "from 1 to 12 grades"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Tell for each child of school age whether it attends the level it should.

    Of each level come: net attendance (at the level), adjusted net attendance (at the level or
    above), out of school, whether it is attended at any age and whether the age is right for it
    (the gross attendance ratio is the one over the other), and, where grades are known, whether
    pupils are two years or more above the age of their grade.
    """

    __pydantic_config__ = STRICT
    INPUTS: ClassVar[tuple[Input, ...]] = (
        Input(name="attending", meaning="attends school in this school year, at any time"),
        Input(name="ever", meaning="has ever attended school", required=False),
        Input(name="level", meaning="level attended in this school year"),
        Input(name="grade", meaning="grade attended, counted within the level", required=False),
        Input(name="age", meaning="age at the start of the school year, or what tells it"),
    )

    recipe: Literal["attendance"]
    """Name of the recipe."""
    attending: str
    """Column: attends in this school year, at any time of it."""
    answers: Answers = _ANSWERS
    """Codes of `attending` and `ever`."""
    ever: str | None = None
    """Column: ever attended, where only those who did are asked of this year."""
    level: str
    """Column: level attended this year; empty where none is."""
    levels: tuple[SchoolLevel, ...]
    """Levels of the school system, the lowest first, without gaps."""
    early: tuple[Code, ...] = ()
    """Codes of levels below the first: early childhood and pre-primary education."""
    higher: tuple[Code, ...] = ()
    """Codes of levels above the last."""
    elsewhere: tuple[Code, ...] = ()
    """Codes of schooling outside the levels, such as a non-standard curriculum: attends, but no
    level is known."""
    missing: tuple[Code, ...] = (98, 99)
    """Codes of `level` for not known."""
    grade: str | None = None
    """Column: grade within the level, from 1."""
    grade_missing: tuple[Code, ...] = (98, 99)
    """Codes of `grade` for not known."""
    entrance_age: int
    """Official age at which the first level begins."""
    age: SchoolAge
    """What tells the age at the start of the school year."""
    early_counts_as: Literal["in_school", "out_of_school"] = "in_school"
    """What a child of school age in early childhood education is. In school: SDG 4.1.4 as UIS
    defines it now; older tables counted it out of school."""
    universe: tuple[Condition, ...] = ()
    """Which household members count, such as those who slept there last night. Left out: all."""
    weight: str | None = None
    """Column with the weight of household members. Left out: that of the survey design."""

    def __post_init__(self) -> None:
        """Refuse contradictions."""
        faults = list(repeated((each.name for each in self.levels), ("levels",), "name"))
        if not self.levels:
            faults.append((("levels",), "none", "a level or more, the lowest first"))
        if not 3 <= self.entrance_age <= 10:
            faults.append((("entrance_age",), str(self.entrance_age), "an age from 3 to 10"))
        others = {name: getattr(self, name) for name in ("early", "higher", "elsewhere", "missing")}
        levels = {each.name: each.codes for each in self.levels}
        for path, found, wanted in code_faults(levels | others):
            faults.append((("levels",) if path[0] in levels else path, found, wanted))
        if faults:
            raise Faults(faults)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the columns of the microdata that are read."""
        own = (self.attending, self.ever, self.level, self.grade, *self.age.sources)
        own += tuple(each.column for each in self.universe)
        return tuple(dict.fromkeys(name for name in own if name is not None))

    @property
    def begins(self) -> tuple[int, ...]:
        """Return the age at which each level begins, and last the age after them all."""
        grades = (each.grades for each in self.levels)
        return tuple(accumulate(grades, initial=self.entrance_age))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schooling:
    """What the microdata say of each child, once coded."""

    age: FloatArray
    """At the start of the school year; NaN where not known."""
    attends: FloatArray
    """1, 0 or NaN."""
    rank: FloatArray
    """Level attended: 0 for early education, 1 for the first level, …; -1 for none, NaN where it
    is not known."""
    grade: FloatArray
    """Within the level; NaN where not known."""
    age_words: str


def derive_attendance(
    recipe: Attendance, frame: pl.DataFrame, *, columns: Mapping[str, Column], tally: Tally
) -> Derived:
    """Return the columns of school attendance.

    Rows whose age, attendance or level attended is not known are left out of all rates, as UIS
    does; they are counted.

    References
    ----------
    .. [1] UNESCO Institute for Statistics, glossary: net attendance rate, total net attendance
       rate, gross attendance ratio, rate of out-of-school children (household survey data).
    .. [2] UNESCO Institute for Statistics, SDG 4 indicators 4.1.4, 4.1.5 and 4.2.2.
    """
    rows = Rows(frame=frame, columns=columns, recipe=recipe.recipe, tally=tally)
    rows.require(recipe.sources)
    school = _read(recipe, rows)
    belongs = rows.universe(recipe.universe)
    known = belongs & ~np.isnan(school.age) & ~np.isnan(school.rank)
    _count_unknown(recipe, school, belongs, rows)
    made: dict[str, FloatArray] = {"age_at_start": school.age}
    outcomes: list[Outcome] = []
    for at, level in enumerate(recipe.levels):
        for outcome, values in _rates(recipe, school, known, at=at, rows=rows):
            made[outcome.source] = values
            outcomes.append(outcome)
        right_age = _between(school.age, recipe.begins[at], recipe.begins[at + 1])
        made[f"{level.name}_of_age"] = np.where(known, right_age, np.nan)
    before = known & (school.age == recipe.entrance_age - 1)
    made["early_learning"] = np.where(before, (school.rank >= 0) & (school.rank <= 1), np.nan)
    label = "Attends early childhood or primary education one year before the official age"
    outcomes.append(
        Outcome(name="early_learning", label=label, weight=recipe.weight, indicator="4.2.2")
    )
    return Derived(
        columns=pl.DataFrame({name: as_column(values) for name, values in made.items()}),
        outcomes=tuple(outcomes),
        words=_words(
            recipe, school, known=rows.count("known", known), people=rows.count("rows", len(known))
        ),
        excluded=rows.finish(),
    )


def parity_index(
    women: npt.ArrayLike, men: npt.ArrayLike, *, scale: Literal["ratio", "adjusted"] = "ratio"
) -> FloatArray:
    """Return the rate of girls or women over that of boys or men; 1 is parity.

    Parameters
    ----------
    women, men : array_like, of one shape
        Rates of the same indicator. NaN is missing.
    scale : {"ratio", "adjusted"}
        The ratio; or the ratio where it is at most 1, otherwise 2 less its inverse, so that
        equal disadvantage lies equally far from 1, between 0 and 2.

    Returns
    -------
    ndarray
        NaN where a rate is missing, where both are 0, or (as a ratio) where that of men is 0.

    References
    ----------
    .. [1] UNESCO Institute for Statistics (2021), metadata of SDG indicator 4.5.1, computation
       and limitations.

    Examples
    --------
    >>> parity_index([0.9, 0.6], [0.6, 0.9]).round(3)
    array([1.5  , 0.667])
    >>> parity_index([0.9, 0.6], [0.6, 0.9], scale="adjusted").round(3)
    array([1.333, 0.667])
    """
    own, other = np.broadcast_arrays(np.asarray(women, float), np.asarray(men, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(other > 0, own / other, np.nan)
        if scale == "ratio":
            return np.asarray(ratio)
        return np.asarray(np.where(own > other, 2 - other / own, ratio))


def _read(recipe: Attendance, rows: Rows) -> Schooling:
    """Return attendance, level, grade and age of each row."""
    attends = rows.answers(recipe.attending, recipe.answers)
    if recipe.ever is not None:
        never = rows.answers(recipe.ever, recipe.answers) == 0
        attends = np.where(never & np.isnan(attends), 0.0, attends)
    top = len(recipe.levels) + 1
    places = {code_text(code): 0 for code in recipe.early}
    for at, level in enumerate(recipe.levels, 1):
        places |= {code_text(code): at for code in level.codes}
    places |= {code_text(code): top for code in recipe.higher}
    places |= {code_text(code): top + 1 for code in recipe.elsewhere}
    level_code = rows.codes(recipe.level, places, missing=recipe.missing)
    rank = np.where((level_code < 0) | (level_code > top), np.nan, level_code)
    rank = np.where(attends == 1, rank, np.where(attends == 0, -1.0, np.nan))
    grade = np.full(len(rank), np.nan)
    if recipe.grade is not None:
        most = max(level.grades for level in recipe.levels) + 8  # tertiary years count on
        grade = rows.whole(recipe.grade, least=0, most=most, missing=recipe.grade_missing)
    age, words = recipe.age.read(rows)
    return Schooling(age=age, attends=attends, rank=rank, grade=grade, age_words=words)


def _count_unknown(recipe: Attendance, school: Schooling, belongs: BoolArray, rows: Rows) -> None:
    """Note the children near school age of whom something is not known."""
    no_age = np.isnan(school.age)
    near = belongs & _between(school.age, recipe.begins[0] - 1, recipe.begins[-1])
    unasked = near & np.isnan(school.attends)
    no_level = near & (school.attends == 1) & np.isnan(school.rank)
    rows.findings.leave_out("attendance", "age not known", int((belongs & no_age).sum()))
    rows.findings.leave_out("attendance", "attendance not known", int(unasked.sum()))
    rows.findings.leave_out("attendance", "level attended not known", int(no_level.sum()))


def _rates(
    recipe: Attendance, school: Schooling, known: BoolArray, *, at: int, rows: Rows
) -> list[tuple[Outcome, FloatArray]]:
    """Return the outcomes of one level and their columns."""
    level = recipe.levels[at]
    words = level.name.replace("_", " ")
    of_age = known & _between(school.age, recipe.begins[at], recipe.begins[at + 1])
    least = 0 if recipe.early_counts_as == "in_school" else 1
    weight = recipe.weight
    found = [
        (
            Outcome(name=f"{level.name}_net", label=f"Net attendance, {words}", weight=weight),
            np.where(of_age, school.rank == at + 1, np.nan),
        ),
        (
            Outcome(
                name=f"{level.name}_adjusted_net",
                label=f"Adjusted net attendance, {words}",
                weight=weight,
            ),
            np.where(of_age, school.rank >= at + 1, np.nan),
        ),
        (
            Outcome(
                name=f"{level.name}_out_of_school",
                label=f"Out of school at the age of {words}",
                weight=weight,
                direction="barrier",
                indicator="4.1.4",
            ),
            np.where(of_age, school.rank < least, np.nan),
        ),
        (
            Outcome(
                name=f"{level.name}_gross",
                column=f"{level.name}_pupil",
                denominator=f"{level.name}_of_age",
                statistic="ratio",
                label=f"Gross attendance ratio, {words}",
                weight=weight,
            ),
            np.where(known, school.rank == at + 1, np.nan),
        ),
    ]
    if recipe.grade is not None:
        pupil = known & (school.rank == at + 1)
        graded = pupil & (school.grade >= 1) & (school.grade <= level.grades)
        ungraded = int((pupil & ~graded).sum())
        rows.findings.leave_out(f"{level.name}_over_age", "grade not of the level", ungraded)
        intended = recipe.begins[at] + school.grade - 1
        outcome = Outcome(
            name=f"{level.name}_over_age",
            label=f"Over-age for the grade, {words}",
            weight=weight,
            direction="barrier",
            indicator="4.1.5",
        )
        late = school.age >= intended + OVER_AGE
        found.append((outcome, np.where(graded, late, np.nan)))
    return found


def _between(age: FloatArray, least: int, below: int) -> BoolArray:
    """Tell which ages lie from `least` to just below `below`."""
    return np.asarray((age >= least) & (age < below))


def _words(recipe: Attendance, school: Schooling, *, known: int, people: int) -> str:
    """Return how the columns were made."""
    ages = "; ".join(
        f"{level.name.replace('_', ' ')} {low} to {high - 1}"
        for level, low, high in zip(
            recipe.levels, recipe.begins[:-1], recipe.begins[1:], strict=True
        )
    )
    early = "in school" if recipe.early_counts_as == "in_school" else "out of school"
    return (
        f"{school.age_words} Official ages: {ages}. Net attendance is at the level, adjusted net "
        "attendance at the level or above, among children of its age; the gross ratio is pupils "
        "of any age over children of its age. Children of school age in early childhood "
        f"education count as {early}. Rows without age, attendance or level attended are left "
        f"out: {known:,} of {people:,} rows count."
    )
