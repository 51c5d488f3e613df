"""Small-area report: a model, its checks and its limits in words, for who reads the figures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from everycount.arrays.benchmark import Benchmarked
from everycount.arrays.small_area import FayHerriot
from everycount.arrays.small_area_checks import Check
from everycount.survey.small_area_input import AreaInput

Array = NDArray[np.float64]

METHODS = {
    "reml": "restricted maximum likelihood",
    "ml": "maximum likelihood",
    "fh": "Fay and Herriot's moment equation",
    "reml_yoshimori_lahiri": "Yoshimori and Lahiri's adjusted restricted maximum likelihood",
    "ml_yoshimori_lahiri": "Yoshimori and Lahiri's adjusted maximum likelihood",
    "reml_li_lahiri": "Li and Lahiri's adjusted restricted maximum likelihood",
    "ml_li_lahiri": "Li and Lahiri's adjusted maximum likelihood",
}
SCALES = {
    "none": "as they are",
    "arcsine": "as arcsines of their square roots",
    "logit": "as logits",
    "log": "as logarithms",
}
MOVES = {
    "ratio": "one factor",
    "difference": "one amount added to all",
    "mse_difference": "amounts in proportion to mean squared errors",
    "logit": "one amount added to all logits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One coefficient of the linking model, with a normal test of 0."""

    name: str
    value: float
    std_error: float
    z: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FayHerriotReport:
    """What modelled figures rest on."""

    outcome: str
    statistic: str
    transformation: str
    method: str
    """That gave the model variance; another than was asked for where that came out as 0."""
    model_variance: float
    """On the scale of the model."""
    model_variance_error: float
    coefficients: tuple[Coefficient, ...]
    areas_direct: int
    areas_synthetic: int
    smoothed: tuple[str, ...]
    """Areas whose sampling error was smoothed."""
    is_converged: bool
    aic: float
    bic: float
    checks: tuple[Check, ...]
    words: tuple[str, ...]
    """A sentence each: what was modelled, how, what was found, and what it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Story:
    """What there is to tell."""

    given: AreaInput
    model: FayHerriot
    transformation: str
    replicates: int
    smoothed: tuple[str, ...]
    moved: Benchmarked | None
    estimate: Array
    checks: tuple[Check, ...]


def report(story: Story) -> FayHerriotReport:
    """Return the report of a fitted model."""
    model, given = story.model, story.given
    direct = int(model.is_direct.sum())
    named = tuple(check_words(check, given.labels) for check in story.checks)
    return FayHerriotReport(
        outcome=given.outcome,
        statistic=given.statistic,
        transformation=story.transformation,
        method=model.method_used,
        model_variance=model.model_variance,
        model_variance_error=model.model_variance_error,
        coefficients=_coefficients(model, given.names),
        areas_direct=direct,
        areas_synthetic=len(given.labels) - direct,
        smoothed=story.smoothed,
        is_converged=model.is_converged,
        aic=model.aic,
        bic=model.bic,
        checks=story.checks,
        words=(
            *_about(story, direct),
            *_strength(model),
            *_errors(story),
            *named,
            "Sampling variances and covariates are taken as known, and area effects as normal.",
        ),
    )


def check_words(check: Check, labels: tuple[str, ...]) -> str:
    """Return the sentence of a check with the names of the areas it is about."""
    if not check.areas:
        return check.statement
    return f"{check.statement.rstrip('.')}: {', '.join(labels[i] for i in check.areas)}."


def _coefficients(model: FayHerriot, names: tuple[str, ...]) -> tuple[Coefficient, ...]:
    errors = np.sqrt(np.diagonal(model.coefficient_covariance))
    scores = model.coefficients / errors
    return tuple(
        Coefficient(
            name=name,
            value=float(value),
            std_error=float(error),
            z=float(z),
            p_value=float(2 * ndtr(-abs(z))),
        )
        for name, value, error, z in zip(names, model.coefficients, errors, scores, strict=True)
    )


def _about(story: Story, direct: int) -> list[str]:
    given, model = story.given, story.model
    others = len(given.labels) - direct
    on = ", ".join(given.names[1:]) or "no covariate"
    words = [
        f"Modelled figures: a Fay-Herriot model of the {given.statistic} of {given.outcome} over "
        f"{direct} areas with a direct estimate, taken {SCALES[story.transformation]}, "
        f"on {on}; model variance by {METHODS[model.method_used]}."
    ]
    if model.method_used != model.method:
        words.append(
            f"By {METHODS[model.method]} the model variance was 0, as if covariates explained all; "
            "the adjusted method, which is never 0, was used."
        )
    if others:
        subject = "1 area has" if others == 1 else f"{others} areas have"
        words.append(
            f"{subject} no direct estimate; what is shown there rests on covariates alone."
        )
    if story.smoothed:
        what = "design effect" if story.transformation == "arcsine" else "sampling variance"
        words.append(
            f"The {what} was smoothed in {len(story.smoothed)} of {direct} areas: "
            f"{', '.join(story.smoothed)}."
        )
    return words


def _strength(model: FayHerriot) -> list[str]:
    own = model.gamma[model.is_direct]
    return [
        f"True values differ from what covariates say by a standard deviation of "
        f"{np.sqrt(model.model_variance):.3g} (model variance {model.model_variance:.3g}, standard "
        f"error {model.model_variance_error:.3g}, on the scale of the model).",
        f"The share of an area's own direct estimate in its figure is {np.median(own):.0%} in the "
        f"middle, from {own.min():.0%} to {own.max():.0%}.",
    ]


def _errors(story: Story) -> list[str]:
    words = ["Standard errors are roots of mean squared errors, right to second order."]
    if story.transformation != "none":
        words = [
            f"Standard errors are roots of mean squared errors of {story.replicates} parametric "
            "bootstrap replicates; intervals are normal on the scale of the model."
        ]
    if story.moved is not None:
        moved = story.moved
        words.append(
            f"Figures were benchmarked from {moved.before:.6g} to {moved.target:.6g} by "
            f"{MOVES[moved.kind]}; their errors are not adjusted for it."
        )
    outside = int(((story.estimate < 0) | (story.estimate > 1)).sum())
    if story.given.statistic == "proportion" and outside:
        cure = "the arcsine" if story.transformation == "none" else "benchmarking by logits"
        words.append(
            f"{outside} of {len(story.estimate)} shares lie outside 0 and 1; {cure} keeps them in."
        )
    return words
