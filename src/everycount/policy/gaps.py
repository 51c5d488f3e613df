"""The reports of a review: what the policy asks that no figure shows, and the other way round."""

from everycount.model.gap import GapTable
from everycount.model.review import Review
from everycount.model.supply import Catalogue
from everycount.policy.gap_advice import advice
from everycount.policy.gap_breakdowns import breakdown_demand
from everycount.policy.gap_comparison import comparison
from everycount.policy.gap_links import lack_of_demand, potential_demand, unmet_demand
from everycount.policy.gap_mismatch import mismatch
from everycount.policy.gap_stages import stage_mix
from everycount.policy.gap_stale import with_stale_note
from everycount.policy.gap_supply import production
from everycount.policy.gap_words import concepts_missed, groups_missed, open_targets
from everycount.policy.landscape import landscape, refuse_unknown

REPORTS = (
    unmet_demand,
    lack_of_demand,
    groups_missed,
    concepts_missed,
    breakdown_demand,
    mismatch,
    potential_demand,
    stage_mix,
    open_targets,
    comparison,
)


def gaps(review: Review, catalogue: Catalogue) -> tuple[GapTable, ...]:
    """Return the reports of a review, computed from what people accepted.

    Proposals that nobody has decided on count for nothing, and neither do links of issues that
    were not accepted.

    Parameters
    ----------
    review : Review
        The review as it is now.
    catalogue : Catalogue
        Frameworks at hand, and what is known of figures besides what the review carries. A
        framework that the review names and that is not here is shown as not loaded, never as a
        gap.

    Returns
    -------
    tuple of GapTable
        issues-without-indicators, indicators-without-demand, groups-missed, concepts-missed,
        breakdown-demand, mismatch, potential-demand, stage-mix, open-targets, comparison,
        advice, and production.

    Raises
    ------
    InputError
        If a link was accepted to an indicator that its framework does not have.

    References
    ----------
    ESCAP, Every Policy Is Connected (EPIC); PARIS21, ADAPT manual 1.1, for `mismatch`.
    """
    refuse_unknown(review, catalogue.frameworks)
    land = landscape(review, catalogue)
    tables = tuple(report(land) for report in REPORTS)
    made = (*tables, advice(land, tables), production(land))
    return tuple(with_stale_note(table, land) for table in made)
