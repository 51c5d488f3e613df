"""What is said of an area over many indicators, of its score, and of the choice of a series."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from everycount.figures import sentences
from everycount.figures.profile import Profile
from everycount.figures.series import Headline
from everycount.figures.wording import Statement, Words, caveats, is_recent
from everycount.language.language import Language


def area_statement(profile: Profile, words: Words) -> Statement:
    """Return what the figures of an area say: how many targets it has reached or is near.

    Parameters
    ----------
    profile : Profile
    words : Words
        Its title is not used.

    Returns
    -------
    Statement

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.profile import overview, profile
    >>> from everycount.figures.summary import summarise
    >>> from everycount.language.language import language
    >>> from everycount.model.indicator import Indicator
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "TIME_PERIOD": "2020", "UNIT_MEASURE": "RO"}
    >>> values = {"704": 3.0, "250": 9.0}
    >>> rows = [row | {"REF_AREA": area, "OBS_VALUE": value} for area, value in values.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> seats = Indicator(key="5d", code="5d", title={"en": "Seats"}, worst=0, best=10)
    >>> found = summarise(table, today=date(2021, 1, 1), indicator=seats)
    >>> words = Words(language=language("en"), title="")
    >>> area_statement(profile(overview([found]), "250"), words).text
    'France: 1 of 1 target is reached or near (2020).'
    """
    language = words.language
    held = profile.figures.filter(pl.col("verdict").is_not_null())
    if not held.height:
        return Statement(finding=words.say(sentences.NO_TARGETS, profile.area))
    near = int(held["verdict"].is_in(["on target", "near"]).sum())
    years = held["year"].to_list()
    first, last = min(years), max(years)
    message = language.ngettext(
        "{area}: {near} of {count} target is reached or near ({period}).",
        "{area}: {near} of {count} targets are reached or near ({period}).",
        held.height,
    )
    few = bool((held["state"] == "few").any())
    return Statement(
        finding=message.format(
            area=language.isolate(language.area(profile.area, words.names)),
            near=language.number(near, 0),
            count=language.number(held.height, 0),
            period=language.period(str(last) if first == last else f"{first}/{last}"),
        ),
        caveats=caveats(language, few=few, modelled=bool(held["is_modelled"].any())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score of an index, with how sure its rank is."""

    area: str
    period: str
    score: float
    rank: int
    count: int
    """Areas that are ranked."""
    low: int | None = None
    """Best rank of the interval; None where none was made."""
    high: int | None = None
    """Worst rank of the interval."""
    share: float = 0.9
    """Share of the builds tested that the interval holds."""
    most: float = 100.0
    """Best score of the scale."""
    age: int = 0
    """Years since the period."""


def score_statement(score: Score, words: Words) -> Statement:
    r"""Return what an index says of an area: never a rank without its interval.

    Parameters
    ----------
    score : Score
    words : Words
        Its title is not used.

    Returns
    -------
    Statement

    Examples
    --------
    >>> from everycount.language.language import language
    >>> words = Words(language=language("en"), title="")
    >>> found = Score(area="704", period="2020", score=72.7, rank=50, count=104, low=45, high=57)
    >>> score_statement(found, words).finding.replace("\xa0", " ").split(";")[1]
    ' the rank is 50 of 104, and from 45 to 57 in 90 % of the builds tested.'
    """
    language = words.language
    parts = {
        "period": language.period(score.period),
        "score": language.number(score.score),
        "most": language.number(score.most, 0),
    }
    recent = is_recent(score.age)
    if score.low is None or score.high is None:
        return Statement(finding=words.say(sentences.SCORE_ALONE[recent], score.area, **parts))
    places = {"rank": score.rank, "count": score.count, "low": score.low, "high": score.high}
    parts |= {name: language.number(place, 0) for name, place in places.items()}
    parts["share"] = language.percent(score.share * 100, 0)
    return Statement(finding=words.say(sentences.SCORE[recent], score.area, **parts))


def headline_statement(
    headline: Headline, language: Language, *, name: Callable[[str], str]
) -> Statement:
    """Return why a series is shown first.

    Parameters
    ----------
    headline : Headline
    language : Language
    name : callable
        Gives the name of a dimension in the language, such as sex for SEX.

    Returns
    -------
    Statement

    Examples
    --------
    >>> from everycount.figures.series import Series
    >>> from everycount.language.language import language
    >>> found = Headline(series=Series(indicator="5d", codes=()), rule="total", always=(), areas=3,
    ...     of=3, alternatives=0)
    >>> headline_statement(found, language("en"), name=str.lower).text
    'This series is shown first: it is not broken down.'
    """
    always = language.listed(name(each) for each in headline.always)
    message = language.gettext(sentences.HEADLINE[headline.rule])
    return Statement(finding=message.format(always=always))
