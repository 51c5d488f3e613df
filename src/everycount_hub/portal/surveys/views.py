"""The pages of surveys: list, and one outcome by one or two characteristics."""

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.bundles import (
    about_of,
    citation_of,
    gone,
    published,
    publisher_of,
    released_of,
    standing,
)
from everycount_hub.portal.indicators.choice import find_area
from everycount_hub.portal.naming import area_name
from everycount_hub.portal.surveys.asking import telling_of
from everycount_hub.portal.surveys.charts import crossing, dots
from everycount_hub.portal.surveys.opened import TOTAL, nobody_asked, survey_of
from everycount_hub.portal.surveys.quality import facts_of, left_out
from everycount_hub.portal.surveys.telling import Telling
from everycount_hub.portal.tables import About, Table, file_of

CONTENT = "survey"


def _asked(
    request: HttpRequest, edition: Edition, words: Language, dataset: PublishedDataset
) -> Telling:
    asked = request.GET
    return telling_of(
        edition,
        dataset,
        words,
        outcome=asked.get("outcome", ""),
        by=asked.get("by", ""),
        also=asked.get("and", ""),
    )


def _listed(edition: Edition) -> list[PublishedDataset]:
    return [each for each in edition.datasets.values() if each.content == CONTENT]


def _has_cells(dataset: PublishedDataset) -> bool:
    return bool(dataset.digest) and bool(survey_of(dataset).outcomes)


def _first(edition: Edition, dataset: PublishedDataset, words: Language) -> Telling:
    return telling_of(edition, dataset, words, outcome="", by="", also="")


@portal_page
def surveys(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the surveys."""
    rows = [
        (each, _first(edition, each, words) if _has_cells(each) else None)
        for each in _listed(edition)
    ]
    return show(request, "portal/surveys/list.html", {"rows": rows}, edition=edition, words=words)


@portal_page
def surveys_data(
    request: HttpRequest, edition: Edition, words: Language, ending: str
) -> HttpResponse:
    """Give the list of surveys as a file."""
    known = [_first(edition, each, words) for each in _listed(edition) if _has_cells(each)]
    rows = pl.DataFrame(
        {
            "workspace": [each.dataset.workspace for each in known],
            "survey": [each.dataset.slug for each in known],
            "title": [each.title for each in known],
            "area": [each.survey.design.area for each in known],
            "period": [each.survey.design.period for each in known],
            "outcomes": [len(each.survey.outcomes) for each in known],
            "version": [each.dataset.number for each in known],
        }
    )
    address = settings.PUBLIC_URL + reverse("portal:surveys")
    about = About(title=_("Surveys"), address=address, release="", licence="", citation="")
    table = Table(id="surveys", title=_("Surveys"), rows=rows)
    return file_of([table], about, ending=ending, name="surveys")


@portal_page
def survey(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str
) -> HttpResponse:
    """Show one outcome of a survey."""
    dataset = published(edition, CONTENT, workspace, slug)
    if not dataset.digest:
        return gone(request, edition, words, dataset)
    telling = _asked(request, edition, words, dataset)
    design = telling.survey.design
    area = find_area(edition, design.area) if design.area else None
    shown = {
        "telling": telling,
        "survey": telling.survey,
        "dataset": dataset,
        "design": design,
        "area": area,
        "place": area_name(edition, area.code, words) if area else "",
        "period": words.period(design.period) if design.period else "",
        "notice": nobody_asked() if telling.survey.is_made_up else "",
        "dots": dots(telling),
        "crossing": crossing(telling),
        "facts": facts_of(telling),
        "left_out": left_out(telling),
        "released": released_of(dataset, words),
        "publisher": publisher_of(edition, dataset, words),
        "citation": citation_of(edition, dataset, words, telling.address),
    }
    return show(request, "portal/surveys/page.html", shown, edition=edition, words=words)


@portal_page
def survey_data(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str, ending: str
) -> HttpResponse:
    """Give the cells of the view, all cells of the outcome, and the differences, as a file."""
    dataset = standing(edition, CONTENT, workspace, slug)
    telling = _asked(request, edition, words, dataset)
    own = telling.survey.estimates.filter(pl.col("outcome") == telling.outcome.name)
    wanted = [
        (pl.col(each) != TOTAL) if each in telling.names else (pl.col(each) == TOTAL)
        for each in telling.survey.names
    ]
    tables = [
        Table(id="cells", title=_("Cells of this view"), rows=own.filter(*wanted)),
        Table(id="estimates", title=_("All cells of the outcome"), rows=own),
    ]
    differences = telling.survey.differences
    if differences is not None:
        rows = differences.filter(pl.col("outcome") == telling.outcome.name)
        tables.append(Table(id="differences", title=_("Tested differences"), rows=rows))
    path = request.get_full_path().replace(f"data.{ending}", "", 1)
    about = about_of(edition, dataset, words, path=path, part=telling.label)
    return file_of(tables, about, ending=ending, name=f"{dataset.workspace}-{dataset.slug}")
