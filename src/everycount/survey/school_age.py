"""Age at the start of the school year, from what a survey tells of birth, age and interview."""

from dataclasses import dataclass

import numpy as np

from everycount.model.conditions import Code
from everycount.model.strict import STRICT, Faults
from everycount.survey.derived import FloatArray, Rows
from everycount.survey.findings import counted

OLDEST = 130
EARLIEST, LATEST = 1850, 2200  # years that are years; others are a code or another calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolAge:
    """Where the age at the start of the school year comes from; the first way that tells it.

    1. `at_start`, where the file has it (MICS: schage).
    2. `birth_year` and `birth_month` against the month in which the school year began.
    3. `completed` age at the interview, less a year if half a year or more has gone by since: of
       children asked six months into the year, half had a birthday in between, later on most.
    """

    __pydantic_config__ = STRICT

    at_start: str | None = None
    """Column: age in years at the start of the school year."""
    birth_year: str | None = None
    """Column: year of birth, with four digits."""
    birth_month: str | None = None
    """Column: month of birth, 1 to 12."""
    completed: str | None = None
    """Column: age in completed years at the interview."""
    start_month: int | None = None
    """Month in which the school year begins, 1 to 12."""
    start_year: int | None = None
    """Year in which the school year of the questions began. Left out: the one that began last
    before the interview, or in its month."""
    interview_year: str | None = None
    """Column: year of the interview, with four digits."""
    interview_month: str | None = None
    """Column: month of the interview, 1 to 12."""
    missing: tuple[Code, ...] = (98, 99, 9998, 9999)
    """Codes of all these columns for not known."""

    def __post_init__(self) -> None:
        """Refuse what tells no age."""
        faults: list[tuple[tuple[str, ...], str, str]] = []
        for first, second in (("birth_year", "birth_month"), ("interview_year", "interview_month")):
            if (getattr(self, first) is None) != (getattr(self, second) is None):
                faults.append(((first,), f"{first} or {second} alone", "both or neither"))
        if self.start_month is not None and not 1 <= self.start_month <= 12:
            faults.append((("start_month",), str(self.start_month), "a month from 1 to 12"))
        relative = self.birth_year is not None or self.completed is not None
        if self.at_start is None and not relative:
            wanted = "at_start, or birth_year and birth_month, or completed"
            faults.append(((), "nothing that tells an age", wanted))
        if relative and self.start_month is None:
            faults.append((("start_month",), "nothing", "the month the school year begins"))
        if relative and self.start_year is None and self.interview_year is None:
            wanted = "start_year, or interview_year and interview_month"
            faults.append((("start_year",), "nothing", wanted))
        if self.completed is not None and self.interview_year is None:
            wanted = "a column, for an age at the interview"
            faults.append((("interview_year",), "nothing", wanted))
        if faults:
            raise Faults(faults)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the columns that are read."""
        names = (
            *(self.at_start, self.birth_year, self.birth_month, self.completed),
            *(self.interview_year, self.interview_month),
        )
        return tuple(name for name in names if name is not None)

    def read(self, rows: Rows) -> tuple[FloatArray, str]:
        """Return the age of each row, NaN where nothing tells it, and a sentence on it."""
        age = np.full(len(rows.frame), np.nan)
        said = []
        ways = (
            (self._given, "as the file has it"),
            (self._from_birth, "from month and year of birth"),
            (self._from_completed, "from completed age, less a year for each half year gone by"),
        )
        for way, words in ways:
            found = way(rows)
            new = np.isnan(age) & ~np.isnan(found)
            age = np.where(new, found, age)
            if told := rows.count(words, new):
                said.append(f"{words} in {counted(told)}")
        return age, f"Age at the start of the school year is {', '.join(said) or 'not known'}."

    def _given(self, rows: Rows) -> FloatArray:
        return self._whole(rows, self.at_start, least=-1, most=OLDEST)

    def _from_birth(self, rows: Rows) -> FloatArray:
        year = self._whole(rows, self.birth_year, least=EARLIEST, most=LATEST)
        month = self._whole(rows, self.birth_month, least=1, most=12)
        if self.birth_year is None:
            return year
        return np.floor((self._start(rows) - (12 * year + month)) / 12)

    def _from_completed(self, rows: Rows) -> FloatArray:
        completed = self._whole(rows, self.completed, least=0, most=OLDEST)
        if self.completed is None:
            return completed
        gone_by = self._interview(rows) - self._start(rows)
        early = gone_by < 0
        if early.any():
            wanted = "an interview after the school year began"
            found = f"{self.interview_year}, {self.interview_month} before the school year"
            rows.findings.fault("interview", found, wanted, rows=int(early.sum()))
        return np.asarray(completed - np.floor((gone_by + 6) / 12))

    def _interview(self, rows: Rows) -> FloatArray:
        """Return the month of the interview, counted from year 0."""
        year = self._whole(rows, self.interview_year, least=EARLIEST, most=LATEST)
        return 12 * year + self._whole(rows, self.interview_month, least=1, most=12)

    def _start(self, rows: Rows) -> FloatArray:
        """Return the month in which the school year began, counted from year 0."""
        month = float(self.start_month or 0)
        if self.start_year is not None:
            return np.full(len(rows.frame), 12 * self.start_year + month)
        interview = self._interview(rows)
        return np.asarray(interview - np.mod(interview - month, 12))

    def _whole(self, rows: Rows, name: str | None, *, least: int, most: int) -> FloatArray:
        if name is None:
            return np.full(len(rows.frame), np.nan)
        return rows.whole(name, least=least, most=most, missing=self.missing)
