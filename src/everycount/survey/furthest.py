"""Who is furthest behind: groups, their errors, and how unequally an outcome is shared out."""

from dataclasses import dataclass

from everycount.model.design import Outcome
from everycount.model.rules import Confidentiality
from everycount.survey.findings import Excluded
from everycount.survey.furthest_groups import Grown, groups_of
from everycount.survey.furthest_rows import FurthestOptions, Reduced, reduce_rows
from everycount.survey.furthest_secret import Secret, secret_of
from everycount.survey.furthest_shown import DECIMALS, Exactness, exactness
from everycount.survey.furthest_words import caveats, sentences
from everycount.survey.inequalities import CharacteristicInequality, inequalities
from everycount.survey.opportunities import (
    ContributionRow,
    OpportunityRow,
    opportunities,
    parts_of_dissimilarity,
)
from everycount.survey.plan import SurveyPlan
from everycount.survey.sample import Sample, load


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FurthestBehind:
    """Who is furthest behind in one outcome of a survey.

    Figures are as estimated, but for contributions, which are of rounded D where D is shown so.
    `secret` and `exactness` say what is not shown; tables and words made of this do not show it.
    """

    reduced: Reduced
    """The rows it was made from."""
    options: FurthestOptions
    grown: tuple[Grown, ...]
    """A tree for each method."""
    opportunities: tuple[OpportunityRow, ...]
    contributions: tuple[ContributionRow, ...]
    inequalities: tuple[CharacteristicInequality, ...]
    secret: Secret

    @property
    def outcome(self) -> Outcome:
        """Return the outcome."""
        return self.reduced.outcome

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Return the rows left out, each by the first reason that holds."""
        return self.reduced.excluded

    @property
    def exactness(self) -> Exactness:
        """Return how exactly D over cells and by logit may be shown."""
        return exactness(self.reduced, self.inequalities, self.secret.rules)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what was found, in words."""
        return sentences(self)

    @property
    def caveats(self) -> tuple[str, ...]:
        """Return what cannot be read out of it, in words."""
        return caveats(self)


def furthest(
    plan: SurveyPlan,
    outcome: str,
    options: FurthestOptions | None = None,
    *,
    rules: Confidentiality | None = None,
) -> FurthestBehind:
    """Find who is furthest behind in an outcome, from a file.

    Parameters
    ----------
    plan : SurveyPlan
        From `everycount.survey.plan.resolve`.
    outcome : str
        Name of an outcome, a proportion or a mean.
    options : FurthestOptions, optional
        Methods, circumstances, seed.
    rules : Confidentiality, optional
        Rules on groups that are not shown.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If the outcome or a circumstance is not there or does not suit, or PSUs are too few.
    """
    return furthest_in(load(plan), outcome, options, rules=rules)


def furthest_in(
    sample: Sample,
    outcome: str,
    options: FurthestOptions | None = None,
    *,
    rules: Confidentiality | None = None,
) -> FurthestBehind:
    """Find who is furthest behind in an outcome, from rows in memory.

    Parameters, faults and result are those of `furthest`, with the rows in place of the file.
    """
    options = FurthestOptions() if options is None else options
    reduced = reduce_rows(sample, outcome, options)
    repetitions = reduced.repetitions(options)
    grown = tuple(
        groups_of(reduced, method, options, repetitions)
        for method in dict.fromkeys(options.methods)
    )
    measured = inequalities(reduced)
    is_rounded = exactness(reduced, measured, rules) == "rounded"
    return FurthestBehind(
        reduced=reduced,
        options=options,
        grown=grown,
        opportunities=opportunities(reduced, grown, options, repetitions),
        contributions=parts_of_dissimilarity(reduced, decimals=DECIMALS if is_rounded else None),
        inequalities=measured,
        secret=secret_of(reduced, grown, rules),
    )
