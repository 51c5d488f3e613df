"""Access to and satisfaction with a public service: SDG indicator 16.6.2."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import polars as pl

from everycount.model.conditions import Condition
from everycount.model.design import Outcome
from everycount.model.microdata import Column
from everycount.model.strict import STRICT, Faults
from everycount.survey.derived import Answers, Derived, FloatArray, Input, Rows, Tally, as_column

_POSITIVE = Answers(yes=(2, 3), no=(0, 1), missing=(7, 8, 9))
_ANSWERS = Answers(yes=(1,), no=(2, 0), missing=(7, 8, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicService:
    """Tell of each user of one service what was right at the last experience, and of satisfaction.

    Health care, primary education, secondary education and government services are reported
    apart: use the recipe once for each.
    """

    __pydantic_config__ = STRICT
    INPUTS: ClassVar[tuple[Input, ...]] = (
        Input(name="attributes", meaning="agreement that an attribute was as it should be"),
        Input(name="overall", meaning="satisfaction with the service overall"),
        Input(name="used", meaning="used the service in the past 12 months", required=False),
        Input(name="needed", meaning="needed the service in the past 12 months", required=False),
    )

    recipe: Literal["public-service"]
    """Name of the recipe."""
    service: str
    """Name of the service in the columns made, such as health."""
    attributes: dict[str, str]
    """Column of each attribute by its name: { access = "Q4_1", affordability = "Q4_2" }. The
    indicator has five."""
    overall: str
    """Column: overall satisfaction."""
    positive: Answers = _POSITIVE
    """Codes of attributes and of `overall`. Yes: (strongly) agree, (very) satisfied, 2 and 3 in
    the questionnaire of the indicator."""
    used: str | None = None
    """Column: used the service in the past 12 months. Left out: all rows with an answer did."""
    needed: str | None = None
    """Column: needed the service in the past 12 months; gives the share it reached."""
    answers: Answers = _ANSWERS
    """Codes of `used` and `needed`."""
    universe: tuple[Condition, ...] = ()
    """Whom the outcomes are about. Left out: every row."""
    weight: str | None = None
    """Column with the weight of the respondent. Left out: that of the survey design."""

    def __post_init__(self) -> None:
        """Refuse names that are no names, and need without use."""
        faults: list[tuple[tuple[str, ...], str, str]] = [
            (path, repr(name), "a plain word, such as access")
            for path, name in (
                (("service",), self.service),
                *((("attributes", name), name) for name in self.attributes),
            )
            if not name.isidentifier()
        ]
        if not self.attributes:
            faults.append((("attributes",), "none", "the attributes of the service, five of them"))
        if self.needed is not None and self.used is None:
            faults.append((("needed",), "needed without used", "both, to tell whom it reached"))
        if faults:
            raise Faults(faults)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the columns of the microdata that are read."""
        own = (*self.attributes.values(), self.overall, self.used, self.needed)
        more = tuple(each.column for each in self.universe)
        return tuple(dict.fromkeys(name for name in (*own, *more) if name is not None))


def derive_public_service(
    recipe: PublicService, frame: pl.DataFrame, *, columns: Mapping[str, Column], tally: Tally
) -> Derived:
    """Return a 0/1 column for each attribute, for overall satisfaction, and for access.

    Do not know, not applicable and refused leave a row out of that column only, as the metadata of
    the indicator ask; the average over attributes is then the mean of their shares.

    References
    ----------
    .. [1] UNDP, metadata of SDG indicator 16.6.2 (2021), computation and its note.
    """
    rows = Rows(frame=frame, columns=columns, recipe=recipe.recipe, tally=tally)
    rows.require(recipe.sources)
    belongs = rows.universe(recipe.universe)
    used = belongs
    made: dict[str, FloatArray] = {}
    if recipe.used is not None:
        uses = rows.answers(recipe.used, recipe.answers)
        used = belongs & (uses == 1)
        if recipe.needed is not None:
            needs = belongs & (rows.answers(recipe.needed, recipe.answers) == 1)
            made[f"{recipe.service}_reached"] = np.where(needs, uses, np.nan)
            unknown = int((needs & np.isnan(uses)).sum())
            rows.findings.leave_out(f"{recipe.service}_reached", "use not known", unknown)
    for name, source in {**recipe.attributes, "satisfied": recipe.overall}.items():
        column = f"{recipe.service}_{name}"
        values = np.where(used, rows.answers(source, recipe.positive), np.nan)
        unknown = int((used & np.isnan(values)).sum())
        rows.findings.leave_out(column, "no answer", unknown)
        made[column] = values
    excluded = rows.finish()
    return Derived(
        columns=pl.DataFrame({name: as_column(values) for name, values in made.items()}),
        outcomes=tuple(_outcome(recipe, name) for name in made),
        words=_words(recipe, rows.count("used", used), rows.count("people", belongs)),
        excluded=excluded,
    )


def _outcome(recipe: PublicService, column: str) -> Outcome:
    name = column.removeprefix(f"{recipe.service}_")
    service = recipe.service.replace("_", " ")
    labels = {
        "reached": f"Used the service among those who needed it, {service}",
        "satisfied": f"Satisfied with the last experience, {service}",
    }
    return Outcome(
        name=column,
        label=labels.get(name, f"Last experience: {name.replace('_', ' ')}, {service}"),
        weight=recipe.weight,
        indicator="16.6.2" if name == "satisfied" else "",
    )


def _words(recipe: PublicService, used: int, people: int) -> str:
    count = len(recipe.attributes)
    who = f"{used:,} of {people:,} rows" if recipe.used else f"all {people:,} rows, taken as users"
    return (
        f"Of the {recipe.service.replace('_', ' ')} service: {who}. Positive is one of the codes "
        f"{', '.join(map(str, recipe.positive.yes))}. The indicator is the plain mean of the "
        f"{count} shares of attributes, and apart from it the share satisfied; who gave no answer "
        "is left out of that share alone. Users are asked, so those who were never reached do not "
        "speak here."
    )
