"""The pages and files of the data catalogue."""

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from everycount.errors import NotFound
from everycount.io.exporters.dcat import PREFIXES
from everycount.io.exporters.triples import json_ld, turtle
from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset, PublishedVersion
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.citing import TYPES, cited, dataset_work, plain
from everycount_hub.portal.data.dcat import catalogue_node
from everycount_hub.portal.data.files import file_answer, version_with
from everycount_hub.portal.data.listing import listing_of, rows_of
from everycount_hub.portal.data.page import indicators_of, page_of, versions_of
from everycount_hub.portal.tables import About, Table, file_of


@portal_page
def data(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the datasets."""
    shown = {"listing": listing_of(request.GET, edition, words)}
    return show(request, "portal/data/list.html", shown, edition=edition, words=words)


@portal_page
def data_file(request: HttpRequest, edition: Edition, words: Language, ending: str) -> HttpResponse:
    """Give the list of datasets as a file."""
    rows = [
        {
            "workspace": row.dataset.workspace,
            "dataset": row.dataset.slug,
            "title": str(row.title),
            "content": row.dataset.content,
            "producer": row.producer,
            "licence": row.licence,
            "version": row.dataset.number,
            "digest": row.dataset.digest or None,
            "released_at": row.dataset.released_at,
            "observations": row.dataset.rows,
            "withdrawn_at": row.dataset.withdrawn_at or None,
            "address": f"{settings.PUBLIC_URL}{row.address}",
        }
        for row in rows_of(edition, words)
    ]
    table = Table(
        id="datasets", title=_("Datasets"), rows=pl.DataFrame(rows, infer_schema_length=None)
    )
    about = About(
        title=_("Data catalogue"),
        address=f"{settings.PUBLIC_URL}{reverse('portal:data')}",
        release=f"Edition {edition.digest}",
        licence=_("See each dataset"),
        citation=_("Everycount, edition {edition}. {address}").format(
            edition=edition.digest[:12], address=settings.PUBLIC_URL
        ),
    )
    return file_of([table], about, ending=ending, name="everycount-datasets")


@portal_page
def catalogue(request: HttpRequest, edition: Edition, words: Language, ending: str) -> HttpResponse:
    """Give the catalogue in DCAT-AP 3."""
    node = catalogue_node(edition, words.code)
    if ending == "ttl":
        return HttpResponse(turtle(node, PREFIXES), content_type="text/turtle; charset=utf-8")
    return HttpResponse(json_ld(node, PREFIXES) + "\n", content_type="application/ld+json")


@portal_page
def dataset(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str
) -> HttpResponse:
    """Show a dataset."""
    found = _dataset(edition, workspace, slug)
    return show(
        request, "portal/data/dataset.html", page_of(edition, found, words),
        edition=edition, words=words,
    )  # fmt: skip


@portal_page
def dataset_data(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str, ending: str
) -> HttpResponse:
    """Give the tables of the page of a dataset as a file: its versions and its indicators."""
    found = _dataset(edition, workspace, slug)
    versions = [
        {
            "version": row.version.number,
            "released_at": row.version.released_at,
            "reason": row.version.reason,
            "withdrawn": row.version.is_withdrawn,
            "digest": row.version.digest or None,
        }
        for row in versions_of(edition, found, words)
    ]
    indicators = [
        {
            "code": row.entry.code,
            "title": str(row.title),
            "first": row.entry.first,
            "last": row.entry.last,
            "label": row.label or None,
        }
        for row in indicators_of(edition, found, words)
    ]
    named = {
        "code": pl.String,
        "title": pl.String,
        "first": pl.String,
        "last": pl.String,
        "label": pl.String,
    }
    tables = [
        Table(
            id="versions",
            title=_("Versions"),
            rows=pl.DataFrame(versions, infer_schema_length=None),
        ),
        Table(id="indicators", title=_("Indicators"), rows=pl.DataFrame(indicators, schema=named)),
    ]
    work = dataset_work(edition, found, version=_shown(found), language=words.code)
    about = About(
        title=work.title,
        address=work.address,
        release=f"Edition {edition.digest}",
        licence=found.licence,
        citation=plain(work),
    )
    return file_of(tables, about, ending=ending, name=f"everycount-{found.slug}")


@portal_page
def cite(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str, ending: str
) -> HttpResponse:
    """Give how to cite a dataset."""
    found = _dataset(edition, workspace, slug)
    work = dataset_work(edition, found, version=_shown(found), language=words.code)
    response = HttpResponse(cited(work, ending), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{work.key}.{ending}"'
    return response


@portal_page
def file(
    request: HttpRequest,
    edition: Edition,
    words: Language,
    workspace: str,
    slug: str,
    digest: str,
    ending: str,
) -> HttpResponse:
    """Give a version of a dataset in a format."""
    found = _dataset(edition, workspace, slug)
    version = version_with(found, digest)
    if version.is_withdrawn:
        shown = {"dataset": found, "version": version}
        response = show(request, "portal/data/gone.html", shown, edition=edition, words=words)
        response.status_code = 410
        return response
    return file_answer(request, edition, found, version=version, ending=ending)


def _dataset(edition: Edition, workspace: str, slug: str) -> PublishedDataset:
    found = edition.datasets.get(f"{workspace}/{slug}")
    if found is None:
        raise NotFound(f"there is no dataset {workspace}/{slug}")
    return found


def _shown(dataset: PublishedDataset) -> PublishedVersion:
    return next(each for each in dataset.versions if each.number == dataset.number)
