"""Reading appraisals: what stands, whether it has expired, and the label that goes with figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import polars as pl
from django.utils import timezone
from django.utils.translation import get_language

from everycount.model.appraisal_scheme import Scheme
from everycount.model.observation import INDICATOR
from everycount.repository.appraise import CODES
from everycount_hub import store
from everycount_hub.models import Appraisal, Dataset, DatasetVersion
from everycount_hub.models.wording import wording

Table = TypeVar("Table", pl.DataFrame, pl.LazyFrame)
LABEL = "APPRAISAL"
"""The component of an observation that holds the label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question of an appraisal and what was answered, as a page shows it."""

    title: str
    answer: str
    evidence: str


def indicators_of(appraisal: Appraisal) -> frozenset[str]:
    """Return the indicators an appraisal is about; none means all of the data."""
    return frozenset(appraisal.form.get("indicators", ()))


def standing(version: DatasetVersion, appraisals: Sequence[Appraisal]) -> list[Appraisal]:
    """Return those of a version's appraisals that stand for some indicator, the newest first.

    For each indicator the newest appraisal about it stands.
    """
    found, seen = [], frozenset[str]()
    for each in reversed(appraisals):
        about = indicators_of(each)
        if about - seen:
            found.append(each)
            seen |= about
        elif not about:
            # The data are asked only where newer decisions may cover all of them.
            if not seen or indicators_in(version) - seen:
                found.append(each)
            break
    return found


def indicators_in(version: DatasetVersion) -> frozenset[str]:
    """Return the codes of the indicators of which a version holds figures."""
    if not version.digest or version.is_file_removed:
        return frozenset()
    codes = store.scan(version.digest).select(pl.col(INDICATOR).unique()).collect()
    return frozenset(codes[INDICATOR].drop_nulls())


def not_accepted(version: DatasetVersion) -> frozenset[str]:
    """Return the indicators of a version that no appraisal lets in."""
    held = standing(version, list(version.appraisals.all()))
    codes = indicators_in(version)
    return frozenset(code for code in codes if _code_for(code, held) is None)


def _code_for(indicator: str, held: Sequence[Appraisal]) -> str | None:
    for each in held:
        about = indicators_of(each)
        if not about or indicator in about:
            return CODES.get(each.outcome)
    return None


def has_expired(appraisal: Appraisal, *, today: date | None = None) -> bool:
    """Tell whether the last day of an appraisal is over."""
    last = appraisal.expires_on
    return last is not None and last < (today or timezone.localdate())


def expired_among(versions: Iterable[DatasetVersion], *, today: date | None = None) -> set[int]:
    """Return the numbers of the versions with an appraisal that stands and has expired.

    It takes one query at most.
    """
    appraised = {
        each.pk: each for each in versions if each.dataset.kind == Dataset.Kind.THIRD_PARTY
    }
    held = defaultdict(list)
    for each in Appraisal.objects.filter(version__in=appraised):
        held[each.version_id].append(each)
    return {
        key
        for key, listed in held.items()
        if any(has_expired(each, today=today) for each in standing(appraised[key], listed))
    }


def labelled(table: Table, version: DatasetVersion) -> Table:
    """Return figures with the label of their appraisal, whoever they go to.

    The file of a version never changes, so the label is not in it: an appeal may change the label
    before the review, and the digest stays that of what the producer sent.
    """
    schema = table.collect_schema()
    if version.dataset.kind != Dataset.Kind.THIRD_PARTY or LABEL not in schema:
        return table
    held = standing(version, list(version.appraisals.all()))
    if not held:
        return table
    # What no appraisal lets in has no label, whatever the file of the producer claims.
    label = pl.lit(None, dtype=schema[LABEL])
    for each in reversed(held):
        code = pl.lit(CODES.get(each.outcome), dtype=schema[LABEL])
        about = indicators_of(each)
        if about:
            label = pl.when(pl.col(INDICATOR).is_in(sorted(about))).then(code).otherwise(label)
        else:
            label = code
    return table.with_columns(label.alias(LABEL))


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
