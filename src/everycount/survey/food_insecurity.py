"""Food insecurity by the eight questions of FAO's experience scale (FIES)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.equating import Equating, equate, share_beyond
from everycount.arrays.rasch import Rasch, fit_rasch, person_severities
from everycount.errors import ColumnError
from everycount.model.conditions import Condition
from everycount.model.design import Outcome
from everycount.model.microdata import Column
from everycount.model.strict import STRICT, Faults
from everycount.survey.derived import Answers, Derived, Input, Rows, Tally, as_column

FloatArray = npt.NDArray[np.float64]

# Severities on FAO's global reference scale, made from the surveys of 2014 to 2016: Cafiero,
# Viviani and Nord (2018), Measurement 116; to seven digits in RM.weights 2.0, equating.fun.
GLOBAL_SCALE = {
    "worried": -1.2230564,
    "healthy": -0.847121,
    "few_foods": -1.1056616,
    "skipped": 0.3509848,
    "ate_less": -0.3117999,
    "ran_out": 0.5065051,
    "hungry": 0.7546138,
    "whole_day": 1.8755353,
}
ITEMS = tuple(GLOBAL_SCALE)
# The thresholds are the severities of two items: the same paper, and metadata of SDG 2.1.2.
THRESHOLDS = {"moderate_or_severe": "ate_less", "severe": "whole_day"}
_ANSWERS = Answers(yes=(1,), no=(0,), missing=(98, 99))
_LABELS = {
    "food_raw_score": "Experiences of food insecurity, of eight",
    "food_moderate_or_severe": "Moderate or severe food insecurity",
    "food_severe": "Severe food insecurity",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoodInsecurity:
    """Count the experiences of food insecurity, and place people on FAO's global scale.

    The raw score is the number of the eight questions answered yes. Moderate or severe, and severe
    food insecurity are probabilities that depend on the raw score alone: means of these columns,
    with the weight of persons, are SDG indicator 2.1.2.
    """

    __pydantic_config__ = STRICT
    INPUTS: ClassVar[tuple[Input, ...]] = (
        Input(name="worried", meaning="worried about not having enough food to eat"),
        Input(name="healthy", meaning="unable to eat healthy and nutritious food"),
        Input(name="few_foods", meaning="ate only a few kinds of foods"),
        Input(name="skipped", meaning="had to skip a meal"),
        Input(name="ate_less", meaning="ate less than one thought one should"),
        Input(name="ran_out", meaning="the household ran out of food"),
        Input(name="hungry", meaning="hungry but did not eat"),
        Input(name="whole_day", meaning="went without eating for a whole day"),
        Input(name="weight", meaning="weight of the person or household", required=False),
    )

    recipe: Literal["food-insecurity"]
    """Name of the recipe."""
    worried: str = "WORRIED"
    """Column: worried about not having enough food to eat."""
    healthy: str = "HEALTHY"
    """Column: unable to eat healthy and nutritious food."""
    few_foods: str = "FEWFOOD"
    """Column: ate only a few kinds of foods."""
    skipped: str = "SKIPPED"
    """Column: had to skip a meal."""
    ate_less: str = "ATELESS"
    """Column: ate less than one thought one should."""
    ran_out: str = "RUNOUT"
    """Column: the household ran out of food."""
    hungry: str = "HUNGRY"
    """Column: hungry but did not eat."""
    whole_day: str = "WHLDAY"
    """Column: went without eating for a whole day."""
    answers: Answers = _ANSWERS
    """Codes of the eight questions. FAO's questionnaire has 98 for do not know and 99 for
    refused."""
    weight: str | None = None
    """Column with the weight with which the scale is fitted and the outcomes are estimated. Left
    out: all rows count alike."""
    universe: tuple[Condition, ...] = ()
    """Whom the outcomes are about. Left out: every row."""
    scale: Literal["raw_score", "global", "thresholds"] = "raw_score"
    """``raw_score`` counts only. ``global`` fits a Rasch scale, equates it to FAO's and gives
    probabilities. ``thresholds`` does so with thresholds of one's own."""
    severities: tuple[float, ...] = ()
    """Severities of the eight items in the order above, such as those of an earlier round, so
    that rounds compare. Left out: they are fitted to the answers."""
    thresholds: tuple[float, ...] = ()
    """With scale ``thresholds``: severity from which food insecurity is moderate, and severe, in
    logits of the scale fitted here, whose items have mean 0, or of `severities`."""
    tolerance: float = 0.35
    """With scale ``global``: logits up to which an item counts as common with FAO's scale."""
    least_common: int = 4
    """With scale ``global``: fewest common items. FAO asks for four."""

    def __post_init__(self) -> None:
        """Refuse contradictions."""
        faults: list[tuple[tuple[str, ...], str, str]] = []
        if self.severities and len(self.severities) != len(ITEMS):
            faults.append((("severities",), f"{len(self.severities)}", "8, one for each question"))
        if (self.scale == "thresholds") != bool(self.thresholds):
            found = f"{len(self.thresholds)} thresholds with scale {self.scale}"
            faults.append((("thresholds",), found, "two, with scale thresholds and no other"))
        elif self.thresholds and not (
            len(self.thresholds) == len(THRESHOLDS) and self.thresholds[0] < self.thresholds[1]
        ):
            found = f"{list(self.thresholds)}"
            faults.append((("thresholds",), found, "two that ascend: moderate, severe"))
        if self.severities and self.scale == "raw_score":
            faults.append((("severities",), "severities for a count", "scale global or thresholds"))
        if not 2 <= self.least_common <= len(ITEMS):
            faults.append((("least_common",), str(self.least_common), "from 2 to 8 items"))
        if self.tolerance <= 0:
            faults.append((("tolerance",), f"{self.tolerance:g}", "a number above 0"))
        if faults:
            raise Faults(faults)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the columns of the microdata that are read."""
        items = (str(getattr(self, item)) for item in ITEMS)
        more = (self.weight, *(each.column for each in self.universe))
        return tuple(dict.fromkeys((*items, *(name for name in more if name is not None))))

    @property
    def is_fitted(self) -> bool:
        """Tell whether the scale is fitted to the answers, for which all rows are needed."""
        return self.scale != "raw_score" and not self.severities


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoodScale:
    """A scale of the eight items, and the chance of each raw score to be beyond each threshold."""

    severity: FloatArray
    fitted: Rasch | None
    equating: Equating | None
    thresholds: tuple[float, float]
    """In the logits of `severity`: moderate, severe."""
    chances: FloatArray
    """Shape (2, 9)."""


def derive_food_insecurity(
    recipe: FoodInsecurity, frame: pl.DataFrame, *, columns: Mapping[str, Column], tally: Tally
) -> Derived:
    """Return the raw score of each row, and its probabilities of food insecurity if asked for.

    A row with a question unanswered has no raw score: FAO's scale is defined on complete answers.
    """
    rows = Rows(frame=frame, columns=columns, recipe=recipe.recipe, tally=tally)
    rows.require(recipe.sources)
    answers = np.column_stack(
        [rows.answers(getattr(recipe, item), recipe.answers) for item in ITEMS]
    )
    weights = rows.weights(recipe.weight)
    belongs = rows.universe(recipe.universe)
    score = np.where(belongs, answers.sum(axis=1), np.nan)
    lacking = int((belongs & np.isnan(score)).sum())
    rows.findings.leave_out("food_raw_score", "a question not answered", lacking)
    excluded = rows.finish()
    made = {"food_raw_score": score}
    sentences = [
        "The raw score is the number of the eight questions answered yes; "
        f"{rows.count('lacking', lacking):,} of {rows.count('people', belongs):,} rows leave one "
        "unanswered and have none."
    ]
    tables: dict[str, pl.DataFrame] = {}
    if recipe.scale != "raw_score":
        scale = food_scale(recipe, np.where(belongs[:, None], answers, np.nan), weights)
        at = np.where(np.isnan(score), 0, score).astype(np.int64)
        for name, chance in zip(THRESHOLDS, scale.chances, strict=True):
            made[f"food_{name}"] = np.where(np.isnan(score), np.nan, chance[at])
        sentences += _explain(scale, recipe)
        tables = {"items": _item_table(scale), "raw_scores": _score_table(scale)}
    return Derived(
        columns=pl.DataFrame({name: as_column(values) for name, values in made.items()}),
        outcomes=tuple(_outcome(name, recipe.weight) for name in made),
        words=" ".join(sentences),
        excluded=excluded,
        tables=tables,
    )


def food_scale(recipe: FoodInsecurity, answers: FloatArray, weights: FloatArray) -> FoodScale:
    """Fit a scale to answers, or take the one given, and put the thresholds on it.

    Parameters
    ----------
    recipe : FoodInsecurity
        With scale ``global`` or ``thresholds``.
    answers : ndarray, shape (n, 8)
        1 for yes, 0 for no, NaN where it is not known.
    weights : ndarray, shape (n,)
        NaN where a row has none.

    Raises
    ------
    MethodError
        Naming the items without a finite severity, or too far from FAO's scale.
    """
    names = [getattr(recipe, item) for item in ITEMS]
    try:
        fitted = None if recipe.severities else fit_rasch(answers, weights)
    except ColumnError as error:
        raise error.named(names, subject="the scale of food insecurity") from error
    severity = np.asarray(recipe.severities if fitted is None else fitted.severity, float)
    equating = None
    if recipe.scale == "global":
        standard = [GLOBAL_SCALE[item] for item in ITEMS]
        options = {"tolerance": recipe.tolerance, "least": recipe.least_common}
        try:
            equating = equate(severity, standard, **options)  # type: ignore[arg-type]
        except ColumnError as error:
            raise error.named(names, subject="equating to FAO's global scale") from error
        own = equating.from_standard([GLOBAL_SCALE[item] for item in THRESHOLDS.values()])
        limits = (float(own[0]), float(own[1]))
    else:
        limits = (recipe.thresholds[0], recipe.thresholds[1])
    where, error_of = person_severities(severity)
    return FoodScale(
        severity=severity,
        fitted=fitted,
        equating=equating,
        thresholds=limits,
        chances=np.stack([share_beyond(where, error_of, limit) for limit in limits]),
    )


def _explain(scale: FoodScale, recipe: FoodInsecurity) -> list[str]:
    """Return how probabilities were made, in sentences."""
    said = ["Severities of items were given, not fitted."]
    if scale.fitted is not None:
        low, high = scale.fitted.infit.min(), scale.fitted.infit.max()
        said = [
            "Severities of items are from a Rasch model by weighted conditional maximum "
            f"likelihood on {scale.fitted.used:,} rows that affirm some items and not all; infit "
            f"{low:.2f} to {high:.2f} (1 expected), Rasch reliability "
            f"{scale.fitted.reliability:.2f}."
        ]
    if scale.equating is not None:
        apart = [
            getattr(recipe, item)
            for item, common in zip(ITEMS, scale.equating.common, strict=True)
            if not common
        ]
        with_words = f"without {', '.join(apart)}, which stand apart" if apart else "by all items"
        said.append(
            f"The scale was equated to FAO's global reference scale of 2014-2016 {with_words}; "
            "thresholds are FAO's severities of ATELESS and WHLDAY."
        )
    said.append(
        "Probabilities depend on the raw score alone, and a raw score of 0 counts as food "
        "secure; standard errors of their means take severities and thresholds as known."
    )
    return said


def _item_table(scale: FoodScale) -> pl.DataFrame:
    """Return a row for each item: its severity, fit, and distance from FAO's."""
    fitted, equating = scale.fitted, scale.equating
    nothing = [None] * len(ITEMS)
    return pl.DataFrame(
        {
            "item": ITEMS,
            "severity": scale.severity,
            "std_error": nothing if fitted is None else fitted.std_error,
            "infit": nothing if fitted is None else fitted.infit,
            "outfit": nothing if fitted is None else fitted.outfit,
            "from_global": nothing if equating is None else equating.difference,
            "is_common": nothing if equating is None else equating.common,
        },
        schema_overrides={"is_common": pl.Boolean}
        | dict.fromkeys(("std_error", "infit", "outfit", "from_global"), pl.Float64),
    )


def _score_table(scale: FoodScale) -> pl.DataFrame:
    """Return a row for each raw score: severity, its error, and probabilities."""
    where, error = person_severities(scale.severity)
    table = {"raw_score": np.arange(len(where)), "severity": where, "std_error": error}
    return pl.DataFrame(table | dict(zip(THRESHOLDS, scale.chances, strict=True)))


def _outcome(name: str, weight: str | None) -> Outcome:
    """Return how a column is estimated; probabilities are averaged, so they are means."""
    return Outcome(
        name=name,
        statistic="mean",
        label=_LABELS[name],
        weight=weight,
        direction="barrier",
        indicator="" if name == "food_raw_score" else "2.1.2",
    )
