"""Every outcome in every crossing, from an Ibis table."""

from typing import Any

from everycount.model.rules import Reliability
from everycount.survey.crossings import cell_estimates
from everycount.survey.disaggregate import Disaggregation, assemble, check_outcomes
from everycount.survey.ibis_totals import ibis_moments
from everycount.survey.plan import SurveyPlan

Expr = Any
"""An Ibis table: Ibis is an optional part and has no types of its own here."""


def ibis_disaggregate(
    plan: SurveyPlan, table: Expr, *, reliability: Reliability | None = None
) -> Disaggregation:
    """Estimate every outcome in every cell of every wanted crossing, where the rows are.

    The table is that of `everycount.survey.disaggregate.disaggregate` but for the last digits, in
    which databases differ, and from one run to the next if they work in parallel.

    Parameters
    ----------
    plan : SurveyPlan
        From `everycount.survey.plan.resolve`. Rows may stand in any order.
    table : Ibis table
        The microdata.
    reliability : Reliability, optional
        Rules that flag figures too uncertain to use.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If there is nothing to estimate, or the method cannot be applied: replicate weights and
        further stages that add to the variance take the embedded engine.
    """
    check_outcomes(plan.design, plan.source.name)
    moments = ibis_moments(plan, table)
    estimates = [cell_estimates(moments, at) for at in range(len(plan.design.outcomes))]
    return assemble(moments, estimates, reliability=reliability)
