"""Reading appraisals: what stands, whether it has expired, and the label that goes with figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import get_language

from everycount.model.appraisal_scheme import Scheme
from everycount.repository.appraise import CODES
from everycount_hub.models import Appraisal, Dataset, DatasetVersion
from everycount_hub.models.wording import wording

LABEL = "APPRAISAL"
"""The component of an observation that holds the label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question of an appraisal and what was answered, as a page shows it."""

    title: str
    answer: str
    evidence: str


def standing(version: DatasetVersion) -> Appraisal | None:
    """Return the appraisal of a version that stands: the newest. Own data have none."""
    if version.dataset.kind != Dataset.Kind.THIRD_PARTY:
        return None
    return version.appraisals.last()


def has_expired(appraisal: Appraisal, *, today: date | None = None) -> bool:
    """Tell whether the last day of an appraisal is over."""
    last = appraisal.expires_on
    return last is not None and last < (today or timezone.localdate())


def expired_among(versions: Iterable[DatasetVersion], *, today: date | None = None) -> set[int]:
    """Return the numbers of the versions whose appraisal has expired, with one query at most."""
    appraised = [each.pk for each in versions if each.dataset.kind == Dataset.Kind.THIRD_PARTY]
    newest: dict[int, Appraisal] = {}
    for each in Appraisal.objects.filter(version__in=appraised):
        newest[each.version_id] = each
    return {key for key, each in newest.items() if has_expired(each, today=today)}


def labelled(table: pl.DataFrame, version: DatasetVersion) -> pl.DataFrame:
    """Return figures with the label of their appraisal, whoever they go to.

    The file of a version never changes, so the label is not in it: an appeal may change the label
    before the review, and the digest stays that of what the producer sent.
    """
    appraisal = standing(version)
    code = CODES.get(appraisal.outcome) if appraisal else None
    if code is None or LABEL not in table.columns:
        return table
    return table.with_columns(pl.lit(code).alias(LABEL))


def answers_of(appraisal: Appraisal, scheme: Scheme) -> list[Answered]:
    """Return what was asked and answered, in the order and words of the scheme."""
    form: Mapping[str, Any] = appraisal.form
    found = []
    for listed, given, key in (
        (scheme.gate, form.get("gate", {}), "answer"),
        (scheme.criteria, form.get("scores", {}), "level"),
    ):
        titles = {each.id: wording(each.title, get_language()) for each in listed}
        # Databases keep the keys of JSON in orders of their own; an older scheme asked otherwise.
        order = [*(name for name in titles if name in given), *sorted(given.keys() - titles.keys())]
        found += [
            Answered(
                title=titles.get(name, name),
                answer=given[name][key],
                evidence=given[name].get("evidence", ""),
            )
            for name in order
        ]
    return found
