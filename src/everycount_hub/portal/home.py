"""The first page."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from everycount.language.language import Language, language, prefers
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.data.dcat import catalogue_ld
from everycount_hub.portal.front.counted import Counted, counted
from everycount_hub.portal.front.finding import Shown, finding_of
from everycount_hub.portal.front.newest import Newest, newest_of
from everycount_hub.portal.front.promise import Step, promise_of

KEPT = 12
"""First pages at hand: one a language of the edition that is shown, and of the one before."""


@require_safe
@vary_on_headers("Accept-Language")
def entry(request: HttpRequest) -> HttpResponse:
    """Send a reader to the first page in the language of the browser."""
    wanted = prefers(request.headers.get("Accept-Language", ""))
    with translation.override(wanted):
        return HttpResponseRedirect(reverse("portal:home"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """Everything on the first page."""

    newest: Newest | None
    promise: tuple[Step, ...]
    counted: Counted | None
    finding: Shown | None
    tasks: tuple[tuple[str, str], ...]
    """Address and words of what one can do."""


@portal_page
def home(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """Show what there is: search, the newest release, a promise, what is counted, a finding."""
    front = _front(edition.digest, words.code, timezone.localdate().year)
    shown = {"front": front, "catalogue_ld": catalogue_ld(edition)}
    return show(request, "portal/home.html", shown, edition=edition, words=words)


@lru_cache(KEPT)
def _front(digest: str, code: str, year: int) -> Front:
    edition, words, today = open_edition(digest), language(code), date(year, 1, 1)
    return Front(
        newest=newest_of(edition, words),
        promise=promise_of(edition, words, today),
        counted=counted(edition, words),
        finding=finding_of(edition, words, today),
        tasks=_tasks(),
    )


def _tasks() -> tuple[tuple[str, str], ...]:
    """Return what one can do here. A part that this hub does not have is not offered."""
    wanted = (
        ("portal:indicators", _("Find an indicator and its newest figures")),
        ("portal:areas", _("See how a country or province stands")),
        ("portal:compare", _("Compare indicators and areas")),
        ("portal:policies", _("Read what a law promises, and what shows whether it is kept")),
        ("portal:surveys", _("See who a survey shows furthest behind")),
        ("portal:indices", _("Take an index apart, and see how firm its ranks are")),
        ("portal:data", _("Download figures and cite them")),
        ("portal:learn", _("Learn to read these figures")),
        ("portal:api", _("Use the figures in a program")),
    )
    found = []
    for name, words in wanted:
        try:
            found.append((reverse(name), words))
        except NoReverseMatch:
            continue
    return tuple(found)
