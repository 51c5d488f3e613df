"""The pages and files of releases."""

import polars as pl
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedRelease
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.citing import TYPES, cited, plain, release_work
from everycount_hub.portal.releases.bulk import bulk_file, citation_file
from everycount_hub.portal.releases.feeds import atom, calendar
from everycount_hub.portal.releases.pages import page_of, rows_of, table_of
from everycount_hub.portal.tables import About, Table, file_of


@portal_page
def releases(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the releases."""
    shown = {"rows": rows_of(edition, words)}
    return show(request, "portal/releases/list.html", shown, edition=edition, words=words)


@portal_page
def release(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, number: str
) -> HttpResponse:
    """Show a release."""
    shown = page_of(edition, _release(edition, workspace, number), words)
    response = show(request, "portal/releases/release.html", shown, edition=edition, words=words)
    if shown["is_waiting"]:
        # The comparison comes later than the edition: until then the page is not the last.
        response["Cache-Control"] = "no-cache"
    return response


@portal_page
def release_data(
    request: HttpRequest,
    edition: Edition,
    words: Language,
    workspace: str,
    number: str,
    ending: str,
) -> HttpResponse:
    """Give the lines of a release as a file."""
    found = _release(edition, workspace, number)
    work = release_work(edition, found, words.code)
    rows = pl.DataFrame(table_of(edition, found), infer_schema_length=None)
    about = About(
        title=work.title,
        address=work.address,
        release=f"{_('Release')} {found.number}, {found.digest}",
        licence=_("See each dataset"),
        citation=plain(work),
    )
    table = Table(id="lines", title=_("What it holds"), rows=rows)
    return file_of([table], about, ending=ending, name=work.key)


@portal_page
def cite(
    request: HttpRequest,
    edition: Edition,
    words: Language,
    workspace: str,
    number: str,
    ending: str,
) -> HttpResponse:
    """Give how to cite a release."""
    work = release_work(edition, _release(edition, workspace, number), words.code)
    text = citation_file(work) if ending == "cff" else cited(work, ending)
    response = HttpResponse(text, content_type=TYPES.get(ending, "application/yaml"))
    response["Content-Disposition"] = f'attachment; filename="{work.key}.{ending}"'
    return response


@portal_page
def bulk(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, number: str
) -> HttpResponse | FileResponse:
    """Give everything of a release in one file."""
    found = _release(edition, workspace, number)
    place = bulk_file(edition, found)
    name = f"{release_work(edition, found).key}.zip"
    return FileResponse(
        place.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
    )


@portal_page
def feed(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """Give the feed of releases and corrections."""
    return HttpResponse(atom(edition, words), content_type="application/atom+xml; charset=utf-8")


@portal_page
def ics(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """Give the releases as a calendar."""
    response = HttpResponse(calendar(edition, words), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="everycount-releases.ics"'
    return response


def _release(edition: Edition, workspace: str, number: str) -> PublishedRelease:
    for each in edition.releases:
        if (each.workspace, str(each.number)) == (workspace, number):
            return each
    raise NotFound(f"there is no release {number} of {workspace}")
