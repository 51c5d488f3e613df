"""Say in words how a survey was drawn, how errors were made, and which rules flag a figure."""

from collections.abc import Mapping
from typing import Final

from everycount.model.rules import Reliability, ReliabilityRule, Test
from everycount.model.sampling import Lonely, Sampling
from everycount.reports.wording import both, figure, percent, plural

INTERVALS: Final[Mapping[str, str]] = {
    "logit": "on the scale of log odds, so that both ends stay between 0 and 100 %",
    "xlogit": "on the scale of log odds, so that both ends stay between 0 and 100 %",
    "wilson": "Wilson's score interval for the effective number of cases",
    "beta": "Clopper and Pearson's exact interval for the effective number of cases",
    "korn-graubard": "Clopper and Pearson's exact interval for the effective number of cases, at "
    "most as many as there are",
    "arcsine": "on the scale of the arcsine of the square root",
    "likelihood": "Rao and Scott's scaled likelihood",
    "t": "as far on either side, by Student's distribution",
    "normal": "as far on either side, by the normal distribution",
}
"""The methods of intervals by their exact names; everycount.arrays.interval has their formulas."""
LONELY: Final[Mapping[Lonely, str]] = {
    "fail": "refused, had there been any",
    "remove": "they add nothing to errors",
    "certainty": "they add nothing to errors, as if all their units had been drawn",
    "adjust": "their distance from the mean of all units is counted",
    "average": "they count with the average of the other strata",
}
"""What the rules for strata with one unit do."""
_MEASURES: Final[Mapping[str, str]] = {
    "n": "number of cases",
    "n_effective": "number of cases over the design effect",
    "df": "degrees of freedom",
    "cv": "coefficient of variation",
    "width": "width of the Korn-Graubard interval",
    "relative_width": "width of the Korn-Graubard interval over the estimate",
    "estimate": "estimate",
}
_COUNTS: Final = frozenset({"n", "n_effective", "df"})
VERDICTS: Final[Mapping[str, str]] = {
    "caution": "With care",
    "unreliable": "Unreliable",
    "review": "For review",
}
"""What the verdicts are called at the head of a row."""


def words_of_test(test: Test) -> str:
    """Return a test in words.

    Examples
    --------
    >>> words_of_test(Test(measure="n", below=25)), words_of_test(Test(measure="cv", above=0.333))
    ('number of cases below 25', 'coefficient of variation above 33.3 %')
    """
    measure = (
        f"share of cells of the table with at most {test.rows} cases"
        if test.measure == "small_cells"
        else _MEASURES[test.measure]
    )
    write = figure if test.measure in _COUNTS else percent
    bounds = [
        f"{words} {write(bound)}"
        for words, bound in (
            ("below", test.below),
            ("at most", test.at_most),
            ("above", test.above),
            ("at least", test.at_least),
        )
        if bound is not None
    ]
    return f"{measure} {both(bounds)}"


def rule_words(rule: ReliabilityRule) -> str:
    """Return the tests of a rule in words, and what it is for."""
    only = f" (of a {both(rule.statistics)} only)" if rule.statistics else ""
    return both([words_of_test(test) for test in rule.tests]) + only


def verdict_words(rules: Reliability) -> dict[str, str]:
    """Return for each verdict when it is given, in the order in which rules are tried."""
    found: dict[str, list[str]] = {}
    for rule in rules.rules:
        found.setdefault(rule.verdict, []).append(rule_words(rule))
    return {verdict: "; or ".join(words) for verdict, words in found.items()}


def error_words(sampling: Sampling, replicates: int) -> str:
    """Return how standard errors were made.

    Parameters
    ----------
    sampling : Sampling
        How the sample was drawn.
    replicates : int
        Number of replicate weights.
    """
    if sampling.replicates is not None:
        centre = {"mean": "around their mean", "full": "around the full sample"}
        given = sampling.replicates.centre
        around = f", {centre[given]}" if given is not None else ""
        return f"From {plural(replicates, 'replicate weight')} ({sampling.replicates.kind}{around})"
    stages = sampling.stages_of_variance
    counted = "the first stage of sampling counts"
    if stages > 1:
        counted = f"{stages} stages of sampling count"
    return f"Taylor linearisation; a group is taken as a part of the whole sample; {counted}"


def correction_words(sampling: Sampling) -> str:
    """Return whether a finite population correction was made."""
    if sampling.replicates is not None:
        return "As the replicate weights have it"
    if sampling.population is None:
        return "None: units count as drawn with replacement"
    return f"By the column “{sampling.population}”"
