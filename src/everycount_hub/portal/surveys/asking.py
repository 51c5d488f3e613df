"""What a reader asked of a survey: an outcome, a characteristic, one to cross it with."""

from functools import lru_cache

from everycount.language.language import Language, language
from everycount.model.design import Outcome
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.portal.surveys.opened import OpenSurvey, survey_of
from everycount_hub.portal.surveys.telling import Telling


def telling_of(
    edition: Edition,
    dataset: PublishedDataset,
    words: Language,
    *,
    outcome: str,
    by: str,
    also: str,
) -> Telling:
    """Return what a page shows of a survey; what is asked for and not there is left aside.

    Parameters
    ----------
    edition : Edition
    dataset : PublishedDataset
    words : Language
    outcome, by, also : str
        As a reader asked: an outcome, a characteristic, and one to cross it with.
    """
    survey = survey_of(dataset)
    chosen = survey.outcome(outcome)
    first = by if by in survey.names else _widest(survey, chosen)
    names = (first,) if first else ()
    if first and also in survey.names and survey.has_crossing(first, also):
        names = (first, also)
    return _telling(edition.digest, dataset.key, words.code, chosen.name, names)


@lru_cache(128)
def _telling(digest: str, key: str, code: str, outcome: str, names: tuple[str, ...]) -> Telling:
    edition = open_edition(digest)
    dataset = edition.datasets[key]
    survey = survey_of(dataset)
    return Telling(
        edition=edition,
        dataset=dataset,
        survey=survey,
        words=language(code),
        outcome=survey.outcome(outcome),
        names=names,
    )


def _widest(survey: OpenSurvey, outcome: Outcome) -> str:
    """Return the characteristic whose groups are furthest apart, flagged figures left aside."""
    return _widest_of(survey, outcome.name)


@lru_cache(128)
def _widest_of(survey: OpenSurvey, outcome: str) -> str:
    spreads = {}
    for name in survey.names:
        cells = survey.cells(survey.outcome(outcome), [name])
        known = [each.estimate for each in cells if each.is_certain]
        if cells:
            spreads[name] = max(known) - min(known) if known else 0.0
    return max(spreads, key=lambda name: spreads[name], default="")
