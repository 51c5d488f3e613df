"""See a disaggregated survey as its page does: one outcome, groups in words, figures as printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isnan, nan
from typing import Final

import polars as pl

from everycount.charts.estimates import SHARE, Measure
from everycount.errors import NotFound
from everycount.model.design import Outcome
from everycount.reports.survey_page import CellRow
from everycount.survey.coding import Coding
from everycount.survey.confidential import NOT_SHOWN, Concealed
from everycount.survey.disaggregate import TOTAL, Disaggregation
from everycount.survey.group_figures import Flag, GroupFigure, OutcomeWords

FLAGS: Final[Mapping[str, Flag]] = {
    "": "",
    "caution": "few",
    "unreliable": "few",
    "review": "few",
    NOT_SHOWN: "hidden",
}
"""How charts mark a figure by the flag of the table: all that is uncertain alike, and what is
hidden alike whatever the reason."""
MARKS: Final[Mapping[str, str]] = {
    "caution": "with care",
    "unreliable": "unreliable",
    "review": "for review",
}
"""The verdict of a rule in a word or two."""
UNTOLD: Final = "not shown"
NO_BREAK: Final = "\u00a0"
"""A space at which no line ends."""
NEARLY: Final = 1e-9
"""A share that is 0 or 1 but for rounding is 0 or 1; an estimate is not exact to more."""
NO_FIGURE: Final = "no figure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An outcome in words, which a design does not have."""

    people: str = ""
    """Who is asked, in the plural: "women aged 15–49"."""
    words: OutcomeWords | None = None
    """What is measured, to follow a group of people: "cannot read"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of one outcome."""

    levels: tuple[str, ...]
    """Levels in words, in the order asked for."""
    estimate: float = nan
    """NaN where there is no figure, and where it is hidden; so are the others."""
    low: float = nan
    high: float = nan
    n: int | None = None
    deff: float = nan
    df: int | None = None
    flag: str = ""
    """As in the table."""

    @property
    def is_certain(self) -> bool:
        """Whether there is a figure that no rule flags."""
        return not isnan(self.estimate) and not self.flag


@dataclass(frozen=True, kw_only=True, eq=False)
class SurveyView:
    """One outcome of a disaggregated survey."""

    found: Disaggregation
    outcome: Outcome
    told: Mapping[str, Told] = field(default_factory=dict)
    """Words by the name of the outcome."""
    base: int = 1
    """What published numbers of rows are rounded to."""

    @cached_property
    def table(self) -> pl.DataFrame:
        """The estimates of the outcome."""
        return self.found.table.filter(pl.col("outcome") == self.outcome.name)

    @cached_property
    def codings(self) -> dict[str, Coding]:
        """The characteristics by name."""
        return {coding.name: coding for coding in self.found.plan.codings}

    @property
    def own(self) -> Told:
        """The words for the outcome."""
        return self.told.get(self.outcome.name, Told())

    @property
    def everybody(self) -> str:
        """Who is asked, in words."""
        return f"all {self.own.people}" if self.own.people else "everybody"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return self.outcome.label or self.outcome.name

    @property
    def level(self) -> float:
        """The level of intervals in per cent."""
        return 100 * self.found.plan.design.level

    @property
    def year(self) -> int | None:
        """The year of the survey, where it is one year."""
        period = self.found.plan.design.period
        return int(period) if period.isdecimal() and len(period) == 4 else None

    @property
    def interval(self) -> str:
        """What the intervals are called: `95 % interval`."""
        return f"{self.level:g} % interval"

    @cached_property
    def measure(self) -> Measure:
        """What the figures are: shares, or numbers with as many decimals as they need."""
        if self.outcome.statistic == "proportion":
            return SHARE
        told = self.table.filter(pl.col("flag") != NOT_SHOWN)
        largest = told["estimate"].abs().max()
        size = float(largest) if isinstance(largest, (int, float)) else 0.0
        decimals = next((k for k, least in enumerate((100, 10, 1)) if size >= least), 3)
        return Measure(kind="number", unit=self.outcome.unit, decimals=decimals)

    @property
    def head(self) -> str:
        """What stands over a column of figures."""
        return "%" if self.measure.kind == "share" else self.outcome.unit or "Figure"

    @cached_property
    def total(self) -> Cell:
        """The figure for everybody."""
        found = self.cells(())
        return found[0] if found else Cell(levels=())

    def cells(self, names: Sequence[str]) -> list[Cell]:
        """Return the cells that have members where these characteristics are crossed, and no other.

        Parameters
        ----------
        names : sequence of str
            Characteristics. Cells stand in the order of the levels of the first, then of the
            second.
        """
        crossed = [
            (pl.col(name) != TOTAL) if name in names else (pl.col(name) == TOTAL)
            for name in self.codings
        ]
        rows = self.table.filter(*crossed).to_dicts() if crossed else self.table.to_dicts()
        words = {name: self.levels(name) for name in names}
        order = {name: list(known) for name, known in words.items()}
        rows.sort(key=lambda row: [order[name].index(row[name]) for name in names])
        is_share = self.outcome.statistic == "proportion"
        return [
            _cell(row, tuple(words[name][row[name]] for name in names), is_share=is_share)
            for row in rows
        ]

    def character(self, name: str) -> str:
        """Return a characteristic in words."""
        return self.codings[name].label

    def levels(self, name: str) -> dict[str, str]:
        """Return the levels of a characteristic by code, in words of which none is said twice.

        Codes of the table that the design does not know, such as levels joined to protect people,
        stand last, as they are.
        """
        levels = self.codings[name].levels
        words = [level.label or level.code for level in levels]
        known = {
            level.code: each if words.count(each) == 1 else f"{each} ({level.code})"
            for level, each in zip(levels, words, strict=True)
        }
        found = self.table[name].unique().sort().to_list()
        return known | {code: code for code in found if code not in {*known, TOTAL}}

    def where(self, names: Sequence[str], cell: Cell) -> str:
        """Return which group a cell is: `wealth is “Poorest fifth” and schooling is “None”`."""
        return " and ".join(
            f"{lowered(self.character(name))} is “{level}”"
            for name, level in zip(names, cell.levels, strict=True)
        )

    def people_of(self, names: Sequence[str], cell: Cell) -> str:
        """Return who a cell is, in words: `women whose wealth is “Poorest fifth”`."""
        return f"{self.own.people or 'those'} whose {self.where(names, cell)}"

    def spread(self, name: str) -> float:
        """Return how far the groups of a characteristic are apart, flagged ones left aside."""
        known = [cell.estimate for cell in self.cells([name]) if cell.is_certain]
        return max(known) - min(known) if known else 0.0

    def number(self, value: float) -> str:
        """Return a figure with its unit, which no line breaks apart."""
        return f"{self.measure.number(value)}{self.measure.sign.replace(' ', NO_BREAK)}"

    def rows(self, count: int) -> str:
        """Return a number of rows of the file, rounded as those of the table are."""
        return f"{self.base * round(count / self.base):,}"

    def printed(self, cell: Cell) -> str:
        """Return the figure of a cell, in brackets where it is uncertain."""
        return self.measure.told(cell.estimate, FLAGS[cell.flag])

    def span(self, cell: Cell) -> str:
        """Return the interval of a cell; a dash where there is none."""
        return (
            "–" if isnan(cell.low) or isnan(cell.high) else self.measure.span(cell.low, cell.high)
        )

    def row(self, cell: Cell, name: str, group: str = "") -> CellRow:
        """Return a cell as a table shows it."""
        if isnan(cell.estimate):
            untold = UNTOLD if cell.flag == NOT_SHOWN else NO_FIGURE
            return CellRow(group=group, name=name, untold=untold)
        return CellRow(
            group=group,
            name=name,
            figure=self.printed(cell),
            interval=self.span(cell),
            cases="–" if cell.n is None else f"{cell.n:,}",
            mark=MARKS.get(cell.flag, ""),
        )

    def figure(self, cell: Cell, words: str) -> GroupFigure:
        """Return a cell as sentences take it."""
        return GroupFigure(
            words=words,
            estimate=cell.estimate,
            low=cell.low,
            high=cell.high,
            n=cell.n,
            flag=FLAGS[cell.flag],
        )

    def other(self, outcome: Outcome) -> "SurveyView":
        """Return the view of another outcome."""
        return replace(self, outcome=outcome)


def _cell(row: Mapping[str, object], levels: tuple[str, ...], *, is_share: bool) -> Cell:
    """Return a row of the table; of a hidden cell nothing but that it is there."""
    flag = str(row["flag"] or "")
    if flag == NOT_SHOWN:
        return Cell(levels=levels, flag=flag)
    estimate = _number(row["estimate"])
    if is_share and min(abs(estimate), abs(estimate - 1)) < NEARLY:
        estimate = float(round(estimate))
    return Cell(
        levels=levels,
        estimate=estimate,
        low=_number(row["ci_low"]),
        high=_number(row["ci_high"]),
        n=_count(row["n"]),
        deff=_number(row["deff"]),
        df=_count(row["df"]),
        flag=flag,
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else nan


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None


def lowered(words: str) -> str:
    """Return words as they stand within a sentence, abbreviations as they are.

    Examples
    --------
    >>> lowered("Poorest fifth"), lowered("HIV status"), lowered("")
    ('poorest fifth', 'HIV status', '')
    """
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def capitalised(words: str) -> str:
    """Return words as they open a line.

    Examples
    --------
    >>> capitalised("wealth and HIV status")
    'Wealth and HIV status'
    """
    return words[:1].upper() + words[1:]


def view_of(
    found: Disaggregation,
    outcome: str | None = None,
    *,
    told: Mapping[str, Told] | None = None,
    concealed: Concealed | None = None,
) -> SurveyView:
    """Return the view of an outcome, the first where none is named, as it may be published.

    Raises
    ------
    NotFound
        If the survey has no such outcome.
    """
    known = {each.name: each for each in found.plan.design.outcomes}
    name = outcome or next(iter(known))
    if name not in known:
        raise NotFound(f"no outcome {name!r}; there are {', '.join(known)}")
    base = 1
    if concealed is not None:
        found, base = replace(found, table=concealed.table), max(concealed.rules.rounding, 1)
    return SurveyView(found=found, outcome=known[name], told=told or {}, base=base)
