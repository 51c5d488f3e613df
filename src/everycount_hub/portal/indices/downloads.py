"""What the pages of indices show as files, and the files of an index themselves."""

import mimetypes

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page
from everycount_hub.portal.indices import goals as goal_rows
from everycount_hub.portal.indices import tables
from everycount_hub.portal.indices.opened import addresses
from everycount_hub.portal.indices.sources import about_of
from everycount_hub.portal.indices.spoken import Spoken
from everycount_hub.portal.indices.units import profile_of, unit_tables
from everycount_hub.portal.indices.views import found, page_title
from everycount_hub.portal.tables import About, Table, file_of


def answer(
    spoken: Spoken, shown: list[Table], request: HttpRequest, *, ending: str, part: str
) -> HttpResponse:
    """Return tables of a page as a file."""
    path = request.get_full_path().replace(f"data.{ending}", "", 1)
    title = page_title(spoken, part) if part else spoken.title.text
    name = "-".join(filter(None, [spoken.slug, part.lower().replace(" ", "-")]))
    safe = "".join(letter if letter.isascii() and letter not in '"\\/' else "-" for letter in name)
    return file_of(shown, about_of(spoken, title, path), ending=ending, name=safe)


@portal_page
def list_data(request: HttpRequest, edition: Edition, words: Language, ending: str) -> HttpResponse:
    """Return the list of indices."""
    known = addresses(edition)
    rows = pl.DataFrame(
        {
            "address": list(known),
            "workspace": [each.workspace for each in known.values()],
            "title": [each.titles.get("en", each.slug) for each in known.values()],
            "version": [each.number for each in known.values()],
            "digest": [each.digest for each in known.values()],
        }
    )
    about = About(title=_("Indices"), address=request.path, release="", licence="", citation="")
    return file_of([Table(id="indices", title=_("Indices"), rows=rows)], about, ending=ending,
                   name="indices")  # fmt: skip


@portal_page
def index_data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Return the ranking, the groups and the averages."""
    spoken = found(edition, slug, words)
    levels = pl.DataFrame(
        [(a.code, a.name.text, a.points) for a in goal_rows.goals_of(spoken)],
        schema={"group": pl.String, "name": pl.String, "mean": pl.Float64},
        orient="row",
    )
    shown = [
        Table(id="ranking", title=_("Ranking"), rows=tables.ranking_table(spoken)),
        Table(id="groups", title=_("Groups of indicators"), rows=levels),
        Table(id="averages", title=_("Groups of areas"), rows=goal_rows.means_of(spoken)),
    ]
    return answer(spoken, shown, request, ending=ending, part="")


@portal_page
def goals_data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Return the scores in all groups."""
    spoken = found(edition, slug, words)
    shown = [Table(id="groups", title=_("Groups"), rows=tables.matrix_table(spoken))]
    return answer(spoken, shown, request, ending=ending, part="goals")


@portal_page
def audit_data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, ending: str
) -> HttpResponse:
    """Return intervals and pairs."""
    spoken = found(edition, slug, words)
    numbers = [
        name
        for name in spoken.index.audit_table("ranks").columns
        if name not in ("unit", "period", "node", "outside")
    ]
    shown = [
        Table(id="ranks", title=_("Intervals of ranks"),
              rows=spoken.index.audit_table("ranks", *numbers)),
        Table(id="pairs", title=_("Pairs"), rows=spoken.index.pairs),
        Table(id="choices", title=_("Choices"),
              rows=spoken.index.audit_table("choices", "mean_shift")),
    ]  # fmt: skip
    return answer(spoken, shown, request, ending=ending, part="audit")


@portal_page
def unit_data(
    request: HttpRequest, edition: Edition, words: Language, slug: str, unit: str, ending: str
) -> HttpResponse:
    """Return the figures and groups of one unit."""
    spoken = found(edition, slug, words)
    code = spoken.index.unit(unit)
    figures, groups = unit_tables(profile_of(spoken, code))
    shown = [
        Table(id="figures", title=_("Figures"), rows=figures),
        Table(id="groups", title=_("Groups"), rows=groups),
    ]
    return answer(spoken, shown, request, ending=ending, part=spoken.index.slugs[code])


@portal_page
def file(
    request: HttpRequest, edition: Edition, words: Language, slug: str, name: str
) -> HttpResponse:
    """Return a file of the published bundle as it is."""
    spoken = found(edition, slug, words)
    content = spoken.index.files.get(name)
    if content is None:
        raise NotFound(f"this index has no file {name[:60]!r}")
    kind = {".toml": "application/toml"}.get(name[-5:]) or mimetypes.guess_type(name)[0]
    answer = HttpResponse(content, content_type=kind or "application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name.replace("/", "-")}"'
    return answer
