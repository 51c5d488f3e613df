"""A published survey as pages read it: cells of its table, and never more than it publishes."""

import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from math import isnan, nan
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount.errors import NotFound
from everycount.io.designs import parse_design
from everycount.model.design import AGAINST, Characteristic, Outcome, SurveyDesign
from everycount_hub import store
from everycount_hub.contents.archive import unpack
from everycount_hub.contents.survey import DESIGN, DIFFERENCES, ESTIMATES, TRACE
from everycount_hub.edition.nouns import PublishedDataset

TOTAL = "_T"
HIDDEN = "not_shown"
"""The flag of a cell that is hidden, whatever the reason."""
UNSURE = frozenset({"caution", "unreliable", "review"})
"""Flags of cells that stand in brackets."""
FIGURES = (
    "estimate", "std_error", "ci_low", "ci_high", "df", "deff", "n", "cv", "gamma",
    "direct_estimate", "direct_std_error",
)  # fmt: skip
"""Columns of the table of estimates that tell something of figures."""
COMPARED = (
    "difference", "std_error", "ci_low", "ci_high", "df", "t", "p", "p_adjusted", "ratio",
    "ratio_std_error", "ratio_ci_low", "ratio_ci_high",
)  # fmt: skip
"""Columns of the table of differences that tell something of figures."""
FIFTHS = (
    gettext_lazy("Poorest fifth"),
    gettext_lazy("Second fifth"),
    gettext_lazy("Middle fifth"),
    gettext_lazy("Fourth fifth"),
    gettext_lazy("Richest fifth"),
)
NEARLY = 1e-9
"""A share that is 0 or 1 but for rounding is 0 or 1; an estimate is not exact to more."""
USER_ASSIGNED = re.compile(r"X[A-Z]{2}|AA[A-Z]|Q[M-Z][A-Z]|ZZ[A-Z]")
"""Codes that ISO 3166-1 alpha-3 leaves to users: no country has one."""
MADE_UP = re.compile(r"simulat|synthetic|fictiti|made up|model data", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: a figure, or that there is none to be told."""

    levels: tuple[str, ...]
    """Codes, in the order of the characteristics."""
    estimate: float = nan
    """NaN where there is none, and where it is hidden; so are the others."""
    low: float = nan
    high: float = nan
    n: int | None = None
    deff: float = nan
    df: int | None = None
    flag: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether the cell is not shown."""
        return self.flag == HIDDEN

    @property
    def is_unsure(self) -> bool:
        """Whether a rule flags it."""
        return self.flag in UNSURE

    @property
    def is_shown(self) -> bool:
        """Whether there is a figure."""
        return not isnan(self.estimate)

    @property
    def is_certain(self) -> bool:
        """Whether there is a figure that no rule flags."""
        return self.is_shown and not self.flag


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenSurvey:
    """The files of one published version, read."""

    digest: str
    design: SurveyDesign
    estimates: pl.DataFrame
    """Hidden cells have nothing but their flag."""
    differences: pl.DataFrame | None
    """Those of which both cells are shown."""
    trace: Mapping[str, Any]
    digits: Mapping[str, int]
    """Decimals that the table publishes, by outcome."""

    @property
    def names(self) -> tuple[str, ...]:
        """The characteristics that the table has, in the order of the design."""
        known = self.estimates.columns
        return tuple(each.name for each in self.design.characteristics if each.name in known)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that the table has."""
        known = set(self.estimates["outcome"])
        return tuple(each for each in self.design.outcomes if each.name in known)

    @property
    def is_made_up(self) -> bool:
        """Whether it says of itself that nobody was asked."""
        said = f"{self.design.title} {self.design.source}"
        return bool(USER_ASSIGNED.fullmatch(self.design.area) or MADE_UP.search(said))

    def outcome(self, name: str) -> Outcome:
        """Return an outcome by name; the first if there is none of it.

        Raises
        ------
        NotFound
            If the table has no outcome at all.
        """
        known = {each.name: each for each in self.outcomes}
        if not known:
            raise NotFound("the survey has no estimates")
        return known.get(name) or next(iter(known.values()))

    def characteristic(self, name: str) -> Characteristic:
        """Return a characteristic by name."""
        return next(each for each in self.design.characteristics if each.name == name)

    def label(self, name: str) -> str:
        """Return a characteristic in words."""
        return self.characteristic(name).label or name

    @cached_property
    def _levels(self) -> Mapping[str, Mapping[str, str]]:
        return {name: self._levels_of(name) for name in self.names}

    def levels(self, name: str) -> Mapping[str, str]:
        """Return the levels of a characteristic by code, in their order, as the design words them.

        Codes that the design does not know, such as groups joined to protect people, stand last.
        """
        return self._levels[name]

    def _levels_of(self, name: str) -> dict[str, str]:
        own = self.characteristic(name)
        known = {each.code: each.label or each.code for each in own.levels}
        if own.cut is not None:
            known = {f"Q{at}": f"Q{at}" for at in range(1, own.cut.groups + 1)}
        found = [each for each in self.estimates[name].unique() if each not in (TOTAL, None)]
        others = sorted(set(found) - set(known), key=_by_number)
        for code in others:
            parts = [known.get(part, part) for part in code.split("+")]
            known[code] = " + ".join(parts)
        said = list(known.values())
        return {
            code: words if said.count(words) == 1 else f"{words} ({code})"
            for code, words in known.items()
            if code in found
        }

    def level(self, name: str, code: str) -> str:
        """Return a level in the reader's language, as far as the words are ours."""
        cut = self.characteristic(name).cut
        if cut is not None and cut.groups == len(FIFTHS) and code in ("Q1", "Q2", "Q3", "Q4", "Q5"):
            return str(FIFTHS[int(code[1]) - 1])
        words = self.levels(name).get(code, code)
        return words.replace("-", "–") if self.characteristic(name).bands else words

    @cached_property
    def crossings(self) -> frozenset[tuple[str, ...]]:
        """The pairs of characteristics of which the table has cells, in the order of the design."""
        made = []
        for pair in combinations(self.names, 2):
            others = [each for each in self.names if each not in pair]
            crossed = [pl.col(each) != TOTAL for each in pair]
            alone = [pl.col(each) == TOTAL for each in others]
            if self.estimates.filter(*crossed, *alone).height:
                made.append(pair)
        return frozenset(made)

    def has_crossing(self, one: str, other: str) -> bool:
        """Tell whether the table crosses two characteristics."""
        return (one, other) in self.crossings or (other, one) in self.crossings

    def cells(self, outcome: Outcome, names: Sequence[str]) -> list[Cell]:
        """Return the cells where these characteristics are crossed, and no other.

        Parameters
        ----------
        outcome : Outcome
        names : sequence of str
            Cells stand in the order of the levels of the first, then of the second.
        """
        wanted = [
            (pl.col(each) != TOTAL) if each in names else (pl.col(each) == TOTAL)
            for each in self.names
        ]
        rows = self.estimates.filter(pl.col("outcome") == outcome.name, *wanted).to_dicts()
        order = {each: list(self.levels(each)) for each in names}
        rows.sort(key=lambda row: [order[each].index(row[each]) for each in names])
        is_share = outcome.statistic == "proportion"
        return [_cell(row, tuple(row[each] for each in names), is_share=is_share) for row in rows]

    def total(self, outcome: Outcome) -> Cell:
        """Return the figure of everybody."""
        found = self.cells(outcome, ())
        return found[0] if found else Cell(levels=())


def survey_of(dataset: PublishedDataset) -> OpenSurvey:
    """Return a published survey, read once."""
    return _survey(dataset.digest)


@lru_cache(16)
def _survey(digest: str) -> OpenSurvey:
    files = unpack(store.bundle_path(digest))
    text = pl.read_csv(io.BytesIO(files[ESTIMATES]), infer_schema=False)
    design = parse_design(files[DESIGN], subject=DESIGN)
    estimates = _without_hidden(text, [each.name for each in design.characteristics])
    differences = None
    if DIFFERENCES in files:
        said = pl.read_csv(io.BytesIO(files[DIFFERENCES]), infer_schema=False)
        differences = _told(said, estimates)
    return OpenSurvey(
        digest=digest,
        design=design,
        estimates=estimates,
        differences=differences,
        trace=json.loads(files[TRACE]),
        digits=_digits(text),
    )


def _without_hidden(text: pl.DataFrame, names: Collection[str]) -> pl.DataFrame:
    """Return the table with numbers, of hidden cells only which they are, whatever the file has.

    Parameters
    ----------
    text : DataFrame
    names : collection of str
        The characteristics. Columns that we do not know may tell a figure too.
    """
    kept = {"outcome", "statistic", "flag", *names}
    hidden = pl.col("flag").fill_null("") == HIDDEN
    others = [name for name in text.columns if name not in kept]
    numbers = [name for name in FIGURES if name in others]
    return text.with_columns(
        pl.when(~hidden).then(pl.col(name)).alias(name) for name in others
    ).with_columns(pl.col(numbers).cast(pl.Float64, strict=False), pl.col("flag").fill_null(""))


def _told(said: pl.DataFrame, estimates: pl.DataFrame) -> pl.DataFrame:
    """Return the differences of which both cells have a figure that may be shown."""
    names = [each for each in said.columns if AGAINST + each in said.columns]
    if not names or not {"outcome", "difference"} <= set(said.columns):
        return said.clear()
    keys = ["outcome", *(each for each in names if each in estimates.columns)]
    shown = estimates.filter(pl.col("flag") != HIDDEN, pl.col("estimate").is_not_null())
    against = shown.rename({each: AGAINST + each for each in keys[1:]})
    kept = said.join(shown.select(keys), on=keys, how="semi", maintain_order="left").join(
        against.select("outcome", *(AGAINST + each for each in keys[1:])),
        on=["outcome", *(AGAINST + each for each in keys[1:])],
        how="semi",
        maintain_order="left",
    )
    numbers = [name for name in COMPARED if name in kept.columns]
    return kept.with_columns(pl.col(numbers).cast(pl.Float64, strict=False))


def _digits(text: pl.DataFrame) -> dict[str, int]:
    """Return how many decimals estimates are published with: a page prints no more."""
    found = text.select(
        "outcome",
        pl.when(pl.col("estimate").str.contains("(?i)e"))
        .then(9)
        .otherwise(pl.col("estimate").str.extract(r"\.(\d+)$").str.len_chars().fill_null(0))
        .cast(pl.Int64)
        .alias("digits"),
    )
    return dict(found.group_by("outcome").agg(pl.col("digits").max().fill_null(0)).iter_rows())


def _cell(row: Mapping[str, Any], levels: tuple[str, ...], *, is_share: bool) -> Cell:
    flag = str(row["flag"] or "")
    if flag == HIDDEN:
        return Cell(levels=levels, flag=flag)
    estimate = _number(row.get("estimate"))
    if is_share and min(abs(estimate), abs(estimate - 1)) < NEARLY:
        estimate = float(round(estimate))
    low, high = _number(row.get("ci_low")), _number(row.get("ci_high"))
    if not low <= high:
        low = high = nan
    return Cell(
        levels=levels,
        estimate=estimate,
        low=low,
        high=high,
        n=_count(row.get("n")),
        deff=_number(row.get("deff")),
        df=_count(row.get("df")),
        flag=flag,
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else nan


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and not isnan(value) else None


def _by_number(code: str) -> tuple[int, str]:
    """Return the order of a code in which 5-9 comes before 10-14."""
    found = re.match(r"\d+", code)
    return (int(found.group()) if found else -1, code)


def nobody_asked() -> str:
    """Return the notice for data that are made up."""
    return _("Simulated data: no real country, no real people. They show what the page can do.")
