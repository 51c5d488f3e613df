"""Verdict: what may be claimed on the strength of an index, and what may not, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from everycount.audit.findings import ORDER, Finding, Light, judged
from everycount.audit.sensitivity import MEAN_SHIFT, Sensitivity
from everycount.audit.uncertainty import Standing, Uncertainty, quantile_name
from everycount.audit.words import counted, listed, percent, places_in_words
from everycount.index.assumptions import VarySteps
from everycount.index.result import IndexResult
from everycount.index.steps import Normalise, Step
from everycount.index.variations import place_of

ENDS = 10
"""How many units at either end of the ranking are spoken of."""
FEW = 3
"""Up to so many places, a ranking is said to stand."""
INERT = 1e-9
"""Scores that differ by less are the same."""
NARROW = 2
"""A rank is called firm where its interval is at most so many places wide."""


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
        return f"Differences of fewer than {self.places} places are not meaningful."


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
        may=() if says_nothing else tuple(_may(result, uncertainty, first)),
        may_not=tuple(_may_not(result, uncertainty, first)),
        findings=tuple(in_order),
        caveats=tuple(caveats),
    )


def _headline(result: IndexResult, uncertainty: Uncertainty, first: Standing) -> tuple[str, Light]:
    nothing = _nothing_to_say(uncertainty, first)
    if nothing is not None:
        return nothing
    lead = percent(result.methodology.audit.thresholds.lead)
    if first.meaningful is None:
        words = "The ranks do not stand: even units far apart change places when choices change."
        return words, "problem"
    if first.meaningful <= FEW:
        words = (
            f"The ranking stands: units {places_in_words(first.meaningful)} or more apart keep "
            f"their order in at least {lead} of the builds tested, almost without exception."
        )
        return words, "good"
    words = (
        f"Broad differences stand, neighbours do not: it takes {first.meaningful} places for units "
        f"to keep their order in at least {lead} of the builds tested."
    )
    return words, "watch"


def _nothing_to_say(uncertainty: Uncertainty, first: Standing) -> tuple[str, Light] | None:
    """Return the headline of builds that tell nothing about the order of units."""
    if not uncertainty.builds:
        return "No build has a result, so nothing can be said of the ranks.", "problem"
    if first.units < 2:
        return "There are fewer than two ranked units, so there is nothing to compare.", "note"
    if (_of(uncertainty.pairs, first)["ties"] == 1).all():
        return "All units have the same score in every build: there is no ranking.", "note"
    if is_inert(uncertainty, first):
        words = (
            "Nothing that was varied changes any score, so nothing can be said of how firm the "
            "ranks are."
        )
        return words, "note"
    return None


def is_inert(uncertainty: Uncertainty, first: Standing) -> bool:
    """Tell whether all builds have the same scores, so that they say nothing of the ranks."""
    table = _table(uncertainty, first)
    scores = [name for name in table.columns if name.startswith("score_q")]
    low, high = (table[name] for name in scores)
    return bool(((high - low).abs().fill_null(0) < INERT).all()) and first.mean_shift == 0


def _may(result: IndexResult, uncertainty: Uncertainty, first: Standing) -> list[str]:
    limits = result.methodology.audit.thresholds
    said = []
    if first.meaningful is not None:
        far = places_in_words(first.meaningful)
        said.append(
            f"Of two units {far} or more apart, the one ranked higher "
            f"may be said to be ahead: for at least {percent(limits.apart)} of such pairs it leads "
            f"in at least {percent(limits.lead)} of the builds."
        )
    table = _table(uncertainty, first)
    ends = (("first", 1, ENDS), ("last", first.units - ENDS + 1, first.units))
    for end, lowest, highest in ends if len(table) > 2 * ENDS else ():
        firm = _nearly_always(uncertainty, first, lowest, highest, limits.lead)
        if firm:
            share = percent(limits.lead)
            said.append(
                f"{_named(result, firm)} may be said to be among the {end} {ENDS}: they are in at "
                f"least {share} of the builds."
            )
    low, high = (quantile_name(each) for each in result.methodology.audit.percentiles)
    narrow = table.filter((pl.col(high) - pl.col(low) <= NARROW) & (pl.col("builds") == 1))
    if len(narrow):
        units = _named(result, narrow["unit"].to_list())
        wide = places_in_words(NARROW)
        said.append(f"The ranks of {units} are firm: their intervals are at most {wide} wide.")
    return said


def _nearly_always(
    uncertainty: Uncertainty, first: Standing, low: int, high: int, share: float
) -> list[str]:
    """Return the units that have a rank from `low` to `high` in nearly all builds."""
    own = _of(uncertainty.acceptability.filter(kind="rank"), first)
    place = pl.col("at").cast(pl.Int64)
    inside = own.filter(place.is_between(low, high)).group_by("unit").agg(pl.col("share").sum())
    firm = set(inside.filter(pl.col("share") >= share - 1e-9)["unit"])
    return [unit for unit in _table(uncertainty, first)["unit"] if unit in firm]


def _may_not(result: IndexResult, uncertainty: Uncertainty, first: Standing) -> list[str]:
    said = []
    if first.meaningful is None:
        said.append("That one unit is ahead of another, from their ranks alone.")
    if first.outside:
        units = _named(result, first.outside)
        said.append(
            f"The published rank of {units} is not typical of the builds: it lies outside the "
            "interval and should not be quoted without it."
        )
    if first.partly:
        units = _named(result, first.partly)
        said.append(
            f"The rank of {units} depends on whether there is a score at all: some builds give "
            "none."
        )
    if scales_differ(result):
        said.append(
            "Scores of different builds are on different scales: intervals of scores are not to "
            "be quoted, those of ranks are."
        )
    said += [
        "That two units differ, or do not, because their intervals overlap or do not: only the "
        "share of builds in which one leads tells.",
        "How sure one may be of the world: the shares are of the builds tested, under the choices "
        "listed, and of nothing else.",
    ]
    return said


def scales_differ(result: IndexResult) -> bool:
    """Tell whether builds give scores on different scales."""
    method = result.methodology
    for assumption in method.audit.assumptions:
        if isinstance(assumption, VarySteps) and assumption.do == "normalise":
            at = place_of(method.steps, assumption)
            own = None if at is None else method.steps[at]
            steps = [None if o.leave_out else o.step or own for o in assumption.options]
            if len({_scale(step) for step in (*steps, own)}) > 1:
                return True
    return False


def _scale(step: Step | None) -> tuple[object, ...]:
    """Return what tells the scale of scores that a step makes."""
    if not isinstance(step, Normalise):
        return ()
    if step.method in ("goalposts", "min_max"):
        return step.scale or (0.0, 100.0)
    return (step.method, step.scale)


def _named(result: IndexResult, units: Sequence[str]) -> str:
    """Return units as people read them."""
    return listed([result.state.about.names.get(unit) or unit for unit in units])


def _of(table: pl.DataFrame, first: Standing) -> pl.DataFrame:
    """Return the rows of a table that are of one ranking."""
    return table.filter(pl.col("node") == first.node, pl.col("period").eq_missing(first.period))


def _table(uncertainty: Uncertainty, first: Standing) -> pl.DataFrame:
    return _of(uncertainty.ranks, first)


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
    next_to = _of(uncertainty.pairs, first).filter(apart=1)["told_apart"]
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
        words = f"{words}{_named(result, first.outside)}."
    else:
        words = f"No unit's declared rank lies outside the interval {interval}."
    found.append(Finding(check="outside", part="uncertainty", light=light, words=words))
    if first.partly:
        words = f"In some builds there is no score of {_named(result, first.partly)}."
        found.append(Finding(check="partly", part="uncertainty", light="watch", words=words))
    return found


def _of_choices(
    result: IndexResult, sensitivity: Sensitivity, choices: pl.DataFrame
) -> list[Finding]:
    found = []
    if len(choices) and choices["mean_shift"].drop_nulls().len():
        most = choices.sort("mean_shift", descending=True, nulls_last=True).row(0, named=True)
        words = (
            f"The choice that alone moves ranks most is “{most['assumption']}” "
            f"({most['option']}): "
            f"{most['mean_shift']:.1f} places on average, {most['largest']:.0f} at most "
            f"({_named(result, [most['unit']])})."
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
