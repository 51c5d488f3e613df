"""Review an indicator set: scorecards of its candidates, and what the set as a whole lacks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from everycount.model.crosswalk import Crosswalk
from everycount.model.framework import Framework
from everycount.model.gap import GapTable
from everycount.model.indicator import Indicator, Stage, wording
from everycount.model.review import Review
from everycount.model.scorecard import CRITERIA, Scorecard
from everycount.model.supply import STATES, Catalogue, Supply
from everycount.policy.assessment_coverage import coverage
from everycount.policy.gap_stages import STAGES
from everycount.policy.landscape import count
from everycount.policy.stages import stage_read

DISPUTED = 2
"""Marks of one criterion, on a scale from 0 to 3, this far apart are shown as disputed."""
FACTS = (
    *("unit", "stage", "disaggregations", "definition source", "numerator", "denominator"),
    *("population", "age", "frequency", "sources", "state"),
)
"""What a metadata sheet needs at least for a figure to be made again by somebody else."""


def assess_set(
    framework: Framework,
    scorecard: Scorecard,
    reviews: Sequence[Review],
    *,
    catalogue: Catalogue,
    crosswalk: Crosswalk,
) -> tuple[GapTable, ...]:
    """Return the reports on an indicator set, such as a draft that is to be decided on.

    Parameters
    ----------
    framework : Framework
        The set; each of its unique indicators is a candidate.
    scorecard : Scorecard
        Marks on the six criteria, and selections.
    reviews : sequence of Review
        Reviews of policies that the set is to serve.
    catalogue : Catalogue
        International frameworks to hold it against, and what is known of figures.
    crosswalk : Crosswalk
        Links between the set and those frameworks. A framework without any link to the set is
        named as not compared; its indicators are not called lacking.

    Returns
    -------
    tuple of GapTable
        scorecard, policy-coverage, beyond-data, stage-balance, metadata, international.
    """
    supplies = _supplies(framework, reviews, catalogue)
    asked = _asked(framework, reviews)
    return (
        _scores(framework, scorecard, supplies=supplies, asked=asked, crosswalk=crosswalk),
        coverage(framework, reviews),
        _beyond(framework, supplies),
        _stages(framework, supplies),
        _metadata(framework, supplies),
        _international(framework, catalogue, crosswalk),
    )


def _supplies(
    framework: Framework, reviews: Sequence[Review], catalogue: Catalogue
) -> dict[str, Supply]:
    """Return what is known of the figures of the candidates, by key."""
    known = [*(each for review in reviews for each in review.supplies), *catalogue.supplies]
    return {each.key: each for each in known if each.framework == framework.reference}


def _asked(framework: Framework, reviews: Sequence[Review]) -> Counter[str]:
    """Return how many accepted issues, over all policies, ask for each candidate."""
    links = (link for review in reviews for link in review.accepted_links)
    return Counter(link.key for link in links if link.framework == framework.reference)


def _scores(
    framework: Framework,
    scorecard: Scorecard,
    *,
    supplies: dict[str, Supply],
    asked: Counter[str],
    crosswalk: Crosswalk,
) -> GapTable:
    """Return a line for each candidate: mean marks, facts beside them, and the selection."""
    rows = []
    selected = undecided = 0
    for indicator in framework.unique:
        marks = {
            name: [
                each.mark
                for each in scorecard.marks
                if each.key == indicator.key and each.criterion == name
            ]
            for name in CRITERIA
        }
        decision = scorecard.selection(indicator.key)
        selected += decision.is_accepted
        undecided += decision.status == "proposed"
        supply = supplies.get(indicator.key)
        aligned = crosswalk.seen_from(framework.reference, indicator.key)
        rows.append(
            (
                indicator.code,
                wording(indicator.title),
                *(f"{fmean(given):.1f}" if given else "" for given in marks.values()),
                _total(list(marks.values())),
                ", ".join(name for name, given in marks.items() if is_disputed(given)),
                str(asked[indicator.key]),
                (supply.state if supply else None) or "not known",
                ", ".join(f"{link.to_framework} {link.to_key}" for link in aligned),
                {"accepted": "selected", "rejected": "not selected"}.get(decision.status, ""),
                "; ".join(filter(None, (decision.by, decision.on, decision.why))),
            )
        )
    return GapTable(
        id="scorecard",
        title="Scorecard of the candidates",
        finding=f"{selected} of {count(len(rows), 'candidate')} "
        f"{'is' if selected == 1 else 'are'} selected; {undecided} not yet decided."
        if rows
        else "The set has no candidates.",
        columns=(
            *("code", "title", *CRITERIA, "mean", "disputed", "issues asking", "figures"),
            *("same or close in", "selection", "by, on, why"),
        ),
        rows=tuple(rows),
        count=undecided if rows else None,
        of=len(rows) or None,
        notes=(
            *_repeats(framework),
            "Marks are people's, 0 to 3; issues, figures and links are what the files say, for "
            "those who mark. The mean is of the criteria that were marked, each counting once.",
        ),
    )


def _repeats(framework: Framework) -> Iterator[str]:
    """Yield why there are fewer candidates than the set prints indicators."""
    codes = {each.key: each.code for each in framework.indicators}
    found = [
        f"{each.code} in {each.group or 'no group'} is {codes[each.repeats]}"
        for each in framework.indicators
        if each.repeats
    ]
    if found:
        yield (
            f"The set prints {count(len(framework.indicators), 'indicator')}; {len(found)} of them "
            f"{'is another' if len(found) == 1 else 'are others'} again under a second group and "
            f"counted once: {'; '.join(found)}."
        )


def _total(marks: Sequence[Sequence[int]]) -> str:
    """Return the mean over criteria of their mean marks."""
    means = [fmean(given) for given in marks if given]
    return f"{fmean(means):.2f}" if means else ""


def is_disputed(given: Sequence[int]) -> bool:
    """Tell whether marks on one criterion are far apart.

    Examples
    --------
    >>> is_disputed([3, 1]), is_disputed([3, 2]), is_disputed([])
    (True, False, False)
    """
    return bool(given) and max(given) - min(given) >= DISPUTED


def _beyond(framework: Framework, supplies: dict[str, Supply]) -> GapTable:
    """Return whether the set goes beyond the figures that exist today."""
    states: dict[str, list[Indicator]] = {name: [] for name in (*STATES, "not known")}
    for indicator in framework.unique:
        supply = supplies.get(indicator.key)
        states[(supply.state if supply else None) or "not known"].append(indicator)
    beyond = sum(len(states[name]) for name in ("reprocessing", "new module", "no method"))
    known = len(framework.unique) - len(states["not known"])
    return GapTable(
        id="beyond-data",
        title="Beyond the data that exist today",
        finding=f"{beyond} of the {count(known, 'candidate')} whose figures are known about "
        f"{'goes' if beyond == 1 else 'go'} beyond what is produced today; "
        f"of {len(states['not known'])} nobody has said."
        if known
        else "Nothing is known about the figures of any candidate.",
        columns=("figures", "indicators", "which"),
        rows=tuple(
            (name, str(len(own)), ", ".join(indicator.code for indicator in own))
            for name, own in states.items()
        ),
        count=beyond if known else None,
        of=known or None,
    )


def _stages(framework: Framework, supplies: dict[str, Supply]) -> GapTable:
    """Return the balance of input, process, output and outcome, domain by domain."""
    groups = [(group.code, wording(group.title)) for group in framework.groups]
    rows = []
    without = 0
    for code, title in [*groups, ("", "in no group")]:
        own = [each for each in framework.unique if each.group == code]
        if not own:
            continue
        stages = Counter(_stage(each, supplies.get(each.key)) for each in own)
        without += not stages["outcome"] and not stages[None]
        rows.append((code, title, *(str(stages[name]) for name in (*STAGES, None))))
    return GapTable(
        id="stage-balance",
        title="Balance of the results chain",
        finding=f"{without} of {count(len(rows), 'domain')} "
        f"{'has' if without == 1 else 'have'} no outcome indicator."
        if rows
        else "No domain has a candidate.",
        columns=("domain", "title", *STAGES, "not classed"),
        rows=tuple(rows),
        count=without if rows else None,
        of=len(rows) or None,
        notes=("Where nobody has stated the stage it is read from the title, to be confirmed.",),
    )


def _stage(indicator: Indicator, supply: Supply | None) -> Stage | None:
    """Return the stage of a candidate: as stated, else as its title reads."""
    stated = indicator.stage or (supply.stage if supply else None)
    language, title = next(iter(indicator.title.items()))
    return stated or stage_read(title, language)


def _metadata(framework: Framework, supplies: dict[str, Supply]) -> GapTable:
    """Return how complete what is known of each candidate is."""
    rows = []
    shares = []
    for indicator in framework.unique:
        supply = supplies.get(indicator.key) or Supply(framework="-", key="-")
        present = {
            "unit": indicator.unit or indicator.kind == "qualitative",
            "stage": indicator.stage or supply.stage,
            "disaggregations": indicator.disaggregations or indicator.combined,
            "definition source": indicator.source,
            **{name: getattr(supply, name) for name in FACTS[4:]},
        }
        lacking = [name for name in FACTS if not present[name]]
        shares.append(1 - len(lacking) / len(FACTS))
        share = f"{len(FACTS) - len(lacking)} of {len(FACTS)}"
        rows.append((indicator.code, wording(indicator.title), share, ", ".join(lacking)))
    return GapTable(
        id="metadata",
        title="Completeness of metadata",
        finding=f"On average {100 * fmean(shares):.0f} % of {len(FACTS)} facts are there for a "
        "candidate."
        if shares
        else "The set has no candidates.",
        columns=("code", "title", "facts", "lacking"),
        rows=tuple(rows),
        count=sum(share < 1 for share in shares) if shares else None,
        of=len(rows) or None,
    )


def _international(framework: Framework, catalogue: Catalogue, crosswalk: Crosswalk) -> GapTable:
    """Return what international sets have that the set lacks."""
    linked = {(link.to_framework, link.to_key) for link in crosswalk.seen_from(framework.reference)}
    compared = {reference for reference, _ in linked}
    others = [each for each in catalogue.frameworks if each.level != "national"]
    rows = [
        (other.reference, indicator.code, wording(indicator.title))
        for other in others
        if other.reference in compared
        for indicator in other.unique
        if (other.reference, indicator.key) not in linked
    ]
    total = sum(len(each.unique) for each in others if each.reference in compared)
    return GapTable(
        id="international",
        title="What international sets have that the set lacks",
        finding=f"{len(rows)} of {count(total, 'international indicator')} compared "
        f"{'has' if len(rows) == 1 else 'have'} no counterpart in the set."
        if total
        else "The set was compared with no international set, so what it lacks is not known.",
        columns=("framework", "indicator", "title"),
        rows=tuple(rows),
        count=len(rows) if total else None,
        of=total or None,
        notes=tuple(
            f"{each.reference} was not compared: there is no link between it and the set. "
            "`policy match` proposes links."
            for each in others
            if each.reference not in compared
        ),
    )
