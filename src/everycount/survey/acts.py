"""Any of several acts: whether someone experienced at least one of those asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from everycount.model.conditions import Condition, repeated
from everycount.model.design import Outcome
from everycount.model.microdata import Column
from everycount.model.strict import STRICT, Faults
from everycount.survey.derived import Answers, Derived, Input, Rows, Tally, as_column

_ANSWERS = Answers(yes=(1,), no=(2, 0), missing=(8, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyAct:
    """Tell whether someone experienced any of several acts, as surveys of violence ask.

    Violence is asked by acts ("slapped you", "kicked you"), never by the word; whoever affirms one
    of a form has experienced the form.
    """

    __pydantic_config__ = STRICT
    INPUTS: ClassVar[tuple[Input, ...]] = (
        Input(name="acts", meaning="whether each act happened, in the reference period"),
    )

    recipe: Literal["any-act"]
    """Name of the recipe."""
    name: str
    """Name of the column made, such as physical_violence."""
    acts: tuple[str, ...]
    """Columns of the acts of one form, or of all forms together."""
    answers: Answers = _ANSWERS
    """Codes of the acts. Where codes tell how often, those outside the reference period are no."""
    unanswered: Literal["unknown", "no"] = "unknown"
    """What a row is that affirms no act and leaves one unanswered: not known, or no as some
    published tables have it."""
    universe: tuple[Condition, ...] = ()
    """Whom the outcome is about, such as ever-partnered women interviewed in private."""
    weight: str | None = None
    """Column with the weight of the module: one person of a household is asked. Left out: that
    of the survey design, which is wrong for such a module."""
    indicator: str = ""
    """Code of the indicator, such as 5.2.1."""
    label: str = ""
    """The outcome in words. Left out: its name."""

    def __post_init__(self) -> None:
        """Refuse a name that is none, and acts that are none or stand twice."""
        faults = list(repeated(self.acts, ("acts",), "column"))
        if not self.name.isidentifier():
            faults.append((("name",), repr(self.name), "a plain word, such as any_violence"))
        if not self.acts:
            faults.append((("acts",), "none", "a column for each act"))
        if faults:
            raise Faults(faults)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the columns of the microdata that are read."""
        return tuple(dict.fromkeys((*self.acts, *(each.column for each in self.universe))))


def derive_any_act(
    recipe: AnyAct, frame: pl.DataFrame, *, columns: Mapping[str, Column], tally: Tally
) -> Derived:
    """Return 1 where an act is affirmed, 0 where all are denied, and null where it is not known.

    References
    ----------
    .. [1] United Nations (2014), Guidelines for Producing Statistics on Violence against Women:
       Statistical Surveys: questions on acts.
    """
    rows = Rows(frame=frame, columns=columns, recipe=recipe.recipe, tally=tally)
    rows.require(recipe.sources)
    belongs = rows.universe(recipe.universe)
    answers = np.column_stack([rows.answers(act, recipe.answers) for act in recipe.acts])
    affirmed = (answers == 1).any(axis=1)
    blank = np.isnan(answers)
    open_ended = ~affirmed & blank.any(axis=1)
    if recipe.unanswered == "no":
        open_ended = blank.all(axis=1)
    unknown = int((belongs & open_ended).sum())
    rows.findings.leave_out(recipe.name, "an act not answered and none affirmed", unknown)
    excluded = rows.finish()
    values = np.where(belongs & ~open_ended, affirmed, np.nan)
    people = rows.count("people", belongs)
    open_ends = rows.count("unknown", unknown)
    asked = f"any of {len(recipe.acts)} acts" if len(recipe.acts) > 1 else recipe.acts[0]
    rest = "no" if recipe.unanswered == "no" else "not known"
    return Derived(
        columns=pl.DataFrame({recipe.name: as_column(values)}),
        outcomes=(
            Outcome(
                name=recipe.name,
                label=recipe.label or recipe.name.replace("_", " ").capitalize(),
                weight=recipe.weight,
                direction="barrier",
                indicator=recipe.indicator,
            ),
        ),
        words=(
            f"{recipe.name} is yes where {asked} is affirmed; who affirms "
            f"none and leaves one unanswered is {rest}, {open_ends:,} of "
            f"{people:,} rows of the universe are not known."
        ),
        excluded=excluded,
    )
