"""Options that say or change a survey design on the command line."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, get_args

import click

from everycount.model.conditions import Code
from everycount.model.design import (
    Characteristic,
    IntervalMethod,
    Outcome,
    Statistic,
    SurveyDesign,
)
from everycount.model.sampling import Lonely, Sampling
from everycount.model.strict import Faults

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
Command = TypeVar("Command", bound=Callable[..., Any])
SAMPLING = ("strata", "psu", "nested", "weight", "weight_divisor", "population", "lonely")
OPTIONS = (
    click.option("--strata", metavar="COLUMNS", help="Columns of the strata, with commas between."),
    click.option("--psu", metavar="COLUMN", help="Column of the primary sampling unit."),
    click.option("--nested", is_flag=True, default=None, help="PSU numbers begin anew in strata."),
    click.option("--weight", metavar="COLUMN", help="Column of the sampling weight."),
    click.option("--weight-divisor", type=float, metavar="N", help="Divide weights by N."),
    click.option("--population", metavar="COLUMN", help="Column of the population or share drawn."),
    click.option("--lonely", type=click.Choice(get_args(Lonely)), help="Rule for lonely PSUs."),
    click.option(
        "--by",
        "by",
        multiple=True,
        metavar="NAME[=COLUMN]",
        help="A characteristic, instead of those of DESIGN; may be given several times.",
    ),
    click.option(
        "--outcome",
        "outcomes",
        multiple=True,
        metavar="NAME[=COLUMN][:CODES]",
        help="An outcome, instead of those of DESIGN: one of its own, or a column whose CODES "
        "(with commas between) count as yes; may be given several times.",
    ),
    click.option(
        "--statistic",
        type=click.Choice(
            [each for each in get_args(Statistic) if each not in ("ratio", "quantile")]
        ),
        help="What is estimated of outcomes given by --outcome; a proportion if left out.",
    ),
    click.option("--level", type=float, help="Confidence level, such as 0.95."),
    click.option(
        "--interval",
        type=click.Choice(get_args(IntervalMethod)),
        help="Confidence intervals of proportions.",
    ),
)


def design_options(command: Command) -> Command:
    """Give a command the options that change a design."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def names_of(text: str | None) -> tuple[str, ...]:
    """Return names with commas between; none of nothing.

    Examples
    --------
    >>> names_of("region, wealth"), names_of(None)
    (('region', 'wealth'), ())
    """
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())


def designed(design: SurveyDesign, options: Mapping[str, Any]) -> SurveyDesign:
    """Return a design changed by options.

    Raises
    ------
    click.UsageError
        If an option contradicts the design or another one.
    """
    changes: dict[str, Any] = {
        name: options[name] for name in ("level", "interval") if options[name] is not None
    }
    try:
        changes["sampling"] = _sampling(design.sampling, options)
        if options["by"]:
            changes["characteristics"] = tuple(_by(design, each) for each in options["by"])
            changes["circumstances"] = ()
            changes["crossings"] = replace(design.crossings, only=())
        if options["outcomes"]:
            statistic: Statistic = options["statistic"] or "proportion"
            given = (_outcome(design, each, statistic) for each in options["outcomes"])
            changes["outcomes"] = tuple(given)
        return replace(design, **changes)
    except Faults as error:
        told = "; ".join(f"found {found}, expected {want}" for _, found, want in error.faults)
        raise click.UsageError(told) from error


def _sampling(sampling: Sampling, options: Mapping[str, Any]) -> Sampling:
    changes = {name: options[name] for name in SAMPLING if options[name] is not None}
    if "strata" in changes:
        changes["strata"] = tuple(each.strip() for each in changes["strata"].split(","))
    return replace(sampling, **changes)


def _by(design: SurveyDesign, text: str) -> Characteristic:
    """Return the characteristic that --by names: one of the design's, or a column."""
    name, equals, column = (each.strip() for each in text.partition("="))
    own = {each.name: each for each in design.characteristics}
    if name in own and not equals:
        return own[name]
    return Characteristic(name=name, column=column or None)


def _outcome(design: SurveyDesign, text: str, statistic: Statistic) -> Outcome:
    """Return the outcome that --outcome names: one of the design's, or a column with its codes."""
    head, colon, codes = text.partition(":")
    name, equals, column = (each.strip() for each in head.partition("="))
    own = {each.name: each for each in design.outcomes}
    if name in own and not equals and not colon:
        return own[name]
    yes = tuple(_code(each) for each in codes.split(",") if each.strip())
    return Outcome(name=name, column=column or None, statistic=statistic, yes=yes)


def _code(text: str) -> Code:
    """Return a code; text that looks like a number is the same code as the number."""
    return text.strip()
