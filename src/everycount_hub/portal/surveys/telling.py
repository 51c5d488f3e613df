"""A survey in the language of its reader: one outcome, by one or two characteristics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.language.language import Language
from everycount.model.design import AGAINST, Outcome
from everycount_hub.edition.nouns import IndicatorEntry, PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.portal.surveys.opened import TOTAL, Cell, OpenSurvey

MOST_DECIMALS = 1
"""Decimals that a page prints of a share in per cent, if the table publishes as many."""
TOLD_APART = 0.05
"""Adjusted p-value from which a difference counts as told apart, with intervals of 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A cell as a table shows it."""

    names: tuple[str, ...]
    figure: str
    span: str
    cases: str
    is_hidden: bool
    mark: str
    share: float | None
    """For a bar, 0 to 100; None without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The two ends of one characteristic, with the tested difference between them."""

    characteristic: str
    group: str
    figure: str
    other: str
    other_figure: str
    difference: str
    span: str
    is_told_apart: bool | None
    """None where the difference was not tested."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Telling:
    """What a page of a survey shows: one outcome, as it was asked for."""

    edition: Edition
    dataset: PublishedDataset
    survey: OpenSurvey
    words: Language
    outcome: Outcome
    names: tuple[str, ...]
    """The characteristics asked for: none, one or two."""

    @property
    def address(self) -> str:
        """Where its page is."""
        return reverse("portal:survey", args=[self.dataset.workspace, self.dataset.slug])

    @property
    def label(self) -> str:
        """The outcome in words."""
        return self.outcome.label or self.outcome.name

    @property
    def title(self) -> str:
        """The survey in words."""
        return self.survey.design.title or self.dataset.slug

    @property
    def is_share(self) -> bool:
        """Whether figures are shares, told in per cent."""
        return self.outcome.statistic == "proportion"

    @property
    def factor(self) -> int:
        """What figures are multiplied by before they are told."""
        return 100 if self.is_share else 1

    @cached_property
    def decimals(self) -> int:
        """Decimals of figures: never more than the table publishes."""
        published = self.survey.digits.get(self.outcome.name, 0)
        if self.is_share:
            return max(0, min(MOST_DECIMALS, published - 2))
        total = self.survey.total(self.outcome).estimate
        size = 0.0 if isnan(total) else abs(total)
        return min(published, next((k for k, least in enumerate((100, 10, 1)) if size >= least), 3))

    @property
    def unit(self) -> str:
        """What figures are in, in short."""
        return "%" if self.is_share else self.outcome.unit

    @property
    def level(self) -> str:
        """The level of intervals in per cent."""
        percent = 100 * self.survey.design.level
        return self.words.percent(percent, 0 if percent == round(percent) else 1)

    @property
    def interval(self) -> str:
        """What intervals are called."""
        return _("{level} interval").format(level=self.level)

    @cached_property
    def total(self) -> Cell:
        """The figure of everybody."""
        return self.survey.total(self.outcome)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that were asked for."""
        return tuple(self.survey.cells(self.outcome, self.names))

    @property
    def indicator(self) -> IndicatorEntry | None:
        """The indicator of the portal that the outcome is a figure of, where it is known."""
        return next(
            (
                each
                for each in self.edition.indicators.values()
                if self.outcome.indicator and each.code == self.outcome.indicator
            ),
            None,
        )

    def number(self, value: float) -> str:
        """Return a figure without its unit; a share that is not quite none, or all, says so."""
        shown = self.factor * value
        least = 10.0**-self.decimals
        if self.is_share and 0 < shown < least / 2:
            return f"<{self.words.number(least, self.decimals)}"
        if self.is_share and 100 - least / 2 < shown < 100:
            return f">{self.words.number(100 - least, self.decimals)}"
        return self.words.number(shown, self.decimals)

    def told(self, cell: Cell) -> str:
        """Return a cell: its figure, in brackets where it is unsure, or words for none."""
        if cell.is_hidden:
            return _("not shown")
        if not cell.is_shown:
            return _("no figure")
        text = self.number(cell.estimate)
        return f"({text})" if cell.is_unsure else text

    def with_unit(self, text: str) -> str:
        """Return a figure with its unit, in order beside words of either direction."""
        told = f"{text}\N{NO-BREAK SPACE}{self.unit}" if self.unit else text
        return self.words.isolate(told)

    def span(self, cell: Cell) -> str:
        """Return the interval of a cell; empty where there is none."""
        if isnan(cell.low) or not cell.is_shown:
            return ""
        return _("{low} to {high}").format(low=self.number(cell.low), high=self.number(cell.high))

    def level_words(self, name: str, code: str) -> str:
        """Return a level in words."""
        return self.survey.level(name, code)

    def row(self, cell: Cell, names: Sequence[str]) -> Row:
        """Return a cell as a table shows it."""
        levels = tuple(map(self.level_words, names, cell.levels))
        share = 100 * cell.estimate if self.is_share and cell.is_shown else None
        return Row(
            names=levels,
            figure=self.told(cell),
            span=self.span(cell),
            cases="" if cell.n is None else self.words.number(cell.n, 0),
            is_hidden=cell.is_hidden,
            mark=_("with care") if cell.is_unsure else "",
            share=share,
        )

    @property
    def rows(self) -> list[Row]:
        """The cells asked for as rows."""
        return [self.row(each, self.names) for each in self.cells]

    @cached_property
    def finding(self) -> str:
        """What is found for everybody, in a sentence."""
        label = self.words.isolate(self.label)
        if not self.total.is_shown:
            return _("{outcome}: no figure of everybody is shown.").format(outcome=label)
        span = self.span(self.total)
        figure = self.with_unit(self.number(self.total.estimate))
        sentence = (
            _("{outcome}: {figure} ({interval} {span}).") if span else _("{outcome}: {figure}.")
        )
        return sentence.format(outcome=label, figure=figure, interval=self.interval, span=span)

    @cached_property
    def finding_more(self) -> str:
        """Between which groups the figures asked for lie; empty without two certain ones."""
        known = [each for each in self.cells if each.is_certain]
        if len(known) < 2:
            return ""
        low, high = (pick(known, key=lambda each: each.estimate) for pick in (min, max))
        return _("Lowest: {low}, {low_figure}. Highest: {high}, {high_figure}.").format(
            low=self.who(low),
            low_figure=self.with_unit(self.number(low.estimate)),
            high=self.who(high),
            high_figure=self.with_unit(self.number(high.estimate)),
        )

    def who(self, cell: Cell, names: Sequence[str] | None = None) -> str:
        """Return which group a cell is, its levels side by side."""
        told = map(self.level_words, self.names if names is None else names, cell.levels)
        return self.words.isolate(" · ".join(told))

    def by(self, names: Sequence[str]) -> str:
        """Return characteristics side by side."""
        return " × ".join(self.survey.label(each) for each in names)

    @property
    def heads(self) -> tuple[str, ...]:
        """The characteristics asked for, in words."""
        return tuple(map(self.survey.label, self.names))

    @property
    def chart_title(self) -> str:
        """By what the figures are shown."""
        return self.by(self.names)

    @property
    def row_label(self) -> str:
        """What stands in the rows of a crossing."""
        return self.heads[0]

    @property
    def column_label(self) -> str:
        """What stands in its columns."""
        return self.heads[-1]

    @property
    def hidden_words(self) -> str:
        """How many of the cells asked for are not shown; empty if none."""
        count = sum(each.is_hidden for each in self.cells)
        if not count:
            return ""
        sentence = ngettext(
            "{count} cell is not shown: too few were asked, or it could tell who somebody is.",
            "{count} cells are not shown: too few were asked, or they could tell who somebody is.",
            count,
        )
        return sentence.format(count=self.words.number(count, 0))

    @property
    def is_barrier(self) -> bool:
        """Whether a higher figure is worse."""
        return self.outcome.direction == "barrier"

    @cached_property
    def behind(self) -> tuple[Behind, ...]:
        """The ends of each characteristic, those furthest apart first."""
        if self.survey.differences is None:
            return ()
        made = [(name, self._ends(name)) for name in self.survey.names]
        known = [(name, ends) for name, ends in made if ends is not None]
        known.sort(key=lambda each: -abs(each[1][0].estimate - each[1][1].estimate))
        return tuple(self._behind(name, *ends) for name, ends in known)

    @cached_property
    def furthest(self) -> tuple[str, Cell] | None:
        """The group furthest behind of one or two circumstances, of cells that no rule flags."""
        names = [
            each
            for each in self.survey.names
            if not self.survey.design.circumstances or each in self.survey.design.circumstances
        ]
        pairs = [pair for pair in sorted(self.survey.crossings) if set(pair) <= set(names)]
        tables: list[tuple[str, ...]] = [*((each,) for each in names), *pairs]
        found = [
            (cell, table)
            for table in tables
            for cell in self.survey.cells(self.outcome, table)
            if cell.is_certain
        ]
        if not found:
            return None
        pick = max if self.is_barrier else min
        cell, table = pick(found, key=lambda each: each[0].estimate)
        return self.who(cell, table), cell

    @property
    def furthest_words(self) -> str:
        """Who is furthest behind, in a sentence; empty where nobody can be told."""
        if self.survey.differences is None or self.furthest is None:
            return ""
        who, cell = self.furthest
        sentence = _("Furthest behind of all groups by one or two circumstances: {who}, {figure}.")
        return sentence.format(who=who, figure=self.with_unit(self.number(cell.estimate)))

    def _ends(self, name: str) -> tuple[Cell, Cell] | None:
        known = [each for each in self.survey.cells(self.outcome, [name]) if each.is_certain]
        if len(known) < 2:
            return None
        low, high = (pick(known, key=lambda each: each.estimate) for pick in (min, max))
        return (high, low) if self.is_barrier else (low, high)

    def _behind(self, name: str, cell: Cell, other: Cell) -> Behind:
        found = self._difference(name, cell.levels[0], other.levels[0])
        value, low, high, p = found or (None, None, None, None)
        return Behind(
            characteristic=self.survey.label(name),
            group=self.level_words(name, cell.levels[0]),
            figure=self.told(cell),
            other=self.level_words(name, other.levels[0]),
            other_figure=self.told(other),
            difference="" if value is None else self._points(value),
            span=""
            if low is None or high is None
            else _("{low} to {high}").format(low=self._points(low), high=self._points(high)),
            is_told_apart=None if p is None else p < TOLD_APART,
        )

    def _points(self, value: float) -> str:
        return self.words.number(self.factor * value, self.decimals)

    def _difference(
        self, name: str, one: str, other: str
    ) -> tuple[float | None, float | None, float | None, float | None] | None:
        """Return the other group less the one, interval and adjusted p; None if untested."""
        table = self.survey.differences
        assert table is not None
        others = [each for each in self.survey.names if each != name]
        alone = [pl.col(each) == TOTAL for each in others]
        alone += [pl.col(AGAINST + each) == TOTAL for each in others]
        own = table.filter(pl.col("outcome") == self.outcome.name, *alone)
        for group, against, sign in ((other, one, 1), (one, other, -1)):
            rows = own.filter(pl.col(name) == group, pl.col(AGAINST + name) == against)
            if rows.height:
                row = rows.row(0, named=True)
                ends = [row.get(each) for each in ("difference", "ci_low", "ci_high")]
                if any(each is None for each in ends):
                    return None
                value, low, high = (sign * each for each in ends)
                return value, min(low, high), max(low, high), row.get("p_adjusted")
        return None

    def choices(self) -> Iterator[tuple[str, str, bool]]:
        """Yield the outcomes: name, words, whether it is the one shown."""
        for each in self.survey.outcomes:
            yield each.name, each.label or each.name, each is self.outcome

    def by_choices(self) -> Iterator[tuple[str, str, bool]]:
        """Yield the characteristics: name, words, whether it is the first asked for."""
        for each in self.survey.names:
            yield each, self.survey.label(each), each == self.names[0]

    def and_choices(self) -> Iterator[tuple[str, str, bool]]:
        """Yield the characteristics that the first can be crossed with."""
        for each in self.survey.names:
            if self.names and self.survey.has_crossing(self.names[0], each):
                yield each, self.survey.label(each), each in self.names[1:]
