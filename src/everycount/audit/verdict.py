"""Verdict: what may be claimed on the strength of an index, and what may not, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from everycount.audit.claims import (
    of_ranking,
    units_in_words,
    what_may_be_said,
    what_may_not_be_said,
)
from everycount.audit.findings import ORDER, Finding, Light, judged
from everycount.audit.sensitivity import MEAN_SHIFT, Sensitivity
from everycount.audit.uncertainty import Standing, Uncertainty
from everycount.audit.words import counted, percent, places_in_words
from everycount.index.result import IndexResult

FEW_BUILDS = 100
"""With fewer builds nothing is said of ranks: one of twenty would already decide."""
INERT = 1e-9
"""Scores that differ by less are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an audit comes to."""

    headline: str
    light: Light
    places: int | None
    """Differences of fewer places are not meaningful; None where no difference of places is."""
    may: tuple[str, ...]
    may_not: tuple[str, ...]
    findings: tuple[Finding, ...]
    """The gravest first."""
    caveats: tuple[str, ...]

    @property
    def places_words(self) -> str:
        """What the number of places means, as a sentence; empty where there is nothing to say."""
        if self.places is None or self.places < 2:
            return ""
        return f"Differences of fewer than {self.places} places are not meaningful by themselves."


def judge(
    result: IndexResult,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity,
    choices: pl.DataFrame,
    *,
    findings: Sequence[Finding],
    caveats: Sequence[str],
) -> Verdict:
    """Return the verdict on the first ranking that was tested.

    Parameters
    ----------
    result : IndexResult
        The index as it is declared.
    uncertainty, sensitivity
        What the builds say.
    choices : DataFrame
        What each choice alone does, as `choices.one_at_a_time` returns it.
    findings : sequence of Finding
        Those of coherence and concept.
    caveats : sequence of str
        What the tests could not do.
    """
    first = uncertainty.standings[0]
    own = [*_of_ranks(result, uncertainty, first), *_of_choices(result, sensitivity, choices)]
    in_order = sorted([*findings, *own], key=lambda each: ORDER.index(each.light))
    headline, light = _headline(result, uncertainty, first)
    says_nothing = _nothing_to_say(uncertainty, first) is not None
    return Verdict(
        headline=headline,
        light=light,
        places=None if says_nothing else first.meaningful,
        may=() if says_nothing else tuple(what_may_be_said(result, uncertainty, first)),
        may_not=tuple(what_may_not_be_said(result, uncertainty, first)),
        findings=tuple(in_order),
        caveats=tuple(caveats),
    )


def _headline(result: IndexResult, uncertainty: Uncertainty, first: Standing) -> tuple[str, Light]:
    nothing = _nothing_to_say(uncertainty, first)
    if nothing is not None:
        return nothing
    limits = result.methodology.audit.thresholds
    lead, nearly_all = percent(limits.lead), percent(limits.apart)
    pairs = of_ranking(uncertainty.pairs, first)
    kept = float((pairs["leads"] >= limits.lead - 1e-9).mean() or 0)  # type: ignore[arg-type]  # of numbers
    order = f"keep their order in at least {lead} of the builds tested"
    if kept >= limits.apart:
        words = f"The ranking stands: {percent(kept)} of all pairs of units {order}."
        return words, "good"
    if first.meaningful is not None and first.meaningful <= first.units / 2:
        words = (
            f"Broad differences stand, neighbours do not: it takes {first.meaningful} places of "
            f"{first.units} for nearly all pairs of units ({nearly_all}) to {order}."
        )
        return words, "watch"
    words = f"The ranks do not stand: only {percent(kept)} of all pairs of units {order}."
    return words, "problem"


def _nothing_to_say(uncertainty: Uncertainty, first: Standing) -> tuple[str, Light] | None:
    """Return the headline of builds that tell nothing about the order of units."""
    if not uncertainty.builds:
        return "No build has a result, so nothing can be said of the ranks.", "problem"
    if first.units < 2:
        return "There are fewer than two ranked units, so there is nothing to compare.", "note"
    if (of_ranking(uncertainty.pairs, first)["ties"] == 1).all():
        return "All units have the same score in every build: there is no ranking.", "note"
    if uncertainty.builds < FEW_BUILDS and not is_inert(uncertainty, first):
        words = f"{counted(uncertainty.builds, 'build')} are too few for a verdict on the ranks."
        return words, "note"
    if is_inert(uncertainty, first):
        words = "Nothing was varied that changes a score, so nothing is said of how firm ranks are."
        return words, "note"
    return None


def is_inert(uncertainty: Uncertainty, first: Standing) -> bool:
    """Tell whether all builds have the same scores, so that they say nothing of the ranks."""
    table = of_ranking(uncertainty.ranks, first)
    scores = [name for name in table.columns if name.startswith("score_q")]
    low, high = (table[name] for name in scores)
    return bool(((high - low).abs().fill_null(0) < INERT).all()) and first.mean_shift == 0


def _of_ranks(result: IndexResult, uncertainty: Uncertainty, first: Standing) -> list[Finding]:
    limits = result.methodology.audit.thresholds
    found = []
    failed = sum(each.builds for each in uncertainty.failed)
    if failed:
        why = "; ".join(f"{each.builds}: {each.why}" for each in uncertainty.failed[:3])
        words = f"{counted(failed, 'build')} failed and are counted nowhere else. {why}."
        found.append(Finding(check="failed", part="uncertainty", light="watch", words=words))
    if not uncertainty.builds or not first.units:
        return found
    words = (
        f"Ranks move by {first.mean_shift:.1f} places on average over builds and units; "
        f"{percent(first.moved)} of the units move more than {places_in_words(limits.places)} in a "
        "build, on average."
    )
    found.append(
        judged(
            limits,
            "places",
            check="moved",
            part="uncertainty",
            light="note",
            words=words,
            value=first.moved,
        )
    )
    share = first.told_apart / first.pairs if first.pairs else 0.0
    next_to = of_ranking(uncertainty.pairs, first).filter(apart=1)["told_apart"]
    found.append(
        judged(
            limits,
            "lead",
            check="told_apart",
            part="uncertainty",
            light="note",
            words=f"Of {counted(first.pairs, 'pair')} of units, {percent(share)} are told apart; "
            f"of {counted(len(next_to), 'pair')} of neighbours {int(next_to.sum()):,}.",
            value=share,
        )
    )
    low, high = result.methodology.audit.percentiles
    interval = f"from {low:g} to {high:g} % of the builds"
    light: Light = "watch" if first.outside else "good"
    if first.outside:
        count = counted(len(first.outside), "unit")
        words = f"The declared rank of {count} lies outside the interval {interval}: "
        words = f"{words}{units_in_words(result, first.outside)}."
    else:
        words = f"No unit's declared rank lies outside the interval {interval}."
    found.append(Finding(check="outside", part="uncertainty", light=light, words=words))
    if first.partly:
        words = f"In some builds there is no score of {units_in_words(result, first.partly)}."
        found.append(Finding(check="partly", part="uncertainty", light="watch", words=words))
    return found


def _of_choices(
    result: IndexResult, sensitivity: Sensitivity, choices: pl.DataFrame
) -> list[Finding]:
    found = []
    if len(choices) and choices["mean_shift"].drop_nulls().len():
        most = choices.sort("mean_shift", descending=True, nulls_last=True).row(0, named=True)
        words = "No choice alone moves any rank."
        if most["largest"]:
            words = (
                f"The choice that alone moves ranks most is “{most['assumption']}” "
                f"({most['option']}): {most['mean_shift']:.1f} places on average, "
                f"{most['largest']:.0f} at most ({units_in_words(result, [most['unit']])})."
            )
        found.append(
            Finding(
                check="choices",
                part="sensitivity",
                light="note",
                words=words,
                value=most["mean_shift"],
            )
        )
    return [*found, _of_variance(sensitivity)]


def _of_variance(sensitivity: Sensitivity) -> Finding:
    """Return which assumption the variance of the mean rank shift comes from."""
    value = None
    own = sensitivity.table.filter(pl.col("target") == MEAN_SHIFT)
    own = own.head(own["assumption"].n_unique())
    if sensitivity.note:
        words = f"No sensitivity was computed: {sensitivity.note}."
    elif not own["total"].drop_nulls().len():
        words = "No choice moves the ranks, so there is no variance to explain."
    else:
        most = own.sort("total", descending=True, nulls_last=True).row(0, named=True)
        value = most["total"]
        words = (
            f"Most of the variance of the mean rank shift involves “{most['assumption']}”: total "
            f"index {most['total']:.2f} ({most['total_low']:.2f} to {most['total_high']:.2f}), "
            f"alone {most['first']:.2f} ({most['first_low']:.2f} to {most['first_high']:.2f})."
        )
    return Finding(check="sensitivity", part="sensitivity", light="note", words=words, value=value)
